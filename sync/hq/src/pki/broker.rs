//! The set-up of a mosquitto broker under this PKI: three listeners on loopback, and an access list by
//! certificate for two of them.

use std::path::PathBuf;

use trust::cert::Certificate;

use super::{Pki, PkiError, file, write_text};

const CONFIGURATION: &str = include_str!("../../../../packaging/broker/mosquitto.conf");
const ACCESS: &str = include_str!("../../../../packaging/broker/acl");
const BOOTSTRAP_ACCESS: &str = include_str!("../../../../packaging/broker/acl-bootstrap");

/// Where the broker listens, on loopback.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Ports {
    /// Records, queries and receipts.
    pub control: u16,
    /// Footage.
    pub bulk: u16,
    /// Phones that enrol, and terminals whose certificate has ended.
    pub bootstrap: u16,
}

impl Ports {
    /// The three from `control` on, as the programs look for them; none when there are not so many.
    pub const fn from(control: u16) -> Option<Self> {
        match control.checked_add(2) {
            Some(bootstrap) => Some(Self {
                control,
                bulk: control + 1,
                bootstrap,
            }),
            None => None,
        }
    }
}

/// The files to start a broker with.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Broker {
    /// For `mosquitto -c`.
    pub configuration: PathBuf,
    pub access: PathBuf,
    /// The access list of the bootstrap listener.
    pub bootstrap_access: PathBuf,
}

impl Pki {
    /// Writes `mosquitto.conf` and `acl` beside the keys; the configuration names its files by absolute path.
    pub fn mosquitto(&self, ports: Ports) -> Result<Broker, PkiError> {
        let dir = self.dir.canonicalize().map_err(|source| PkiError::Read {
            file: self.dir.clone(),
            source,
        })?;
        // A broker that is told of a list which is not there does not start.
        self.crl()?;
        let broker = Broker {
            configuration: dir.join("mosquitto.conf"),
            access: dir.join("acl"),
            bootstrap_access: dir.join("acl-bootstrap"),
        };
        let configuration = CONFIGURATION
            .replace("{dir}", &dir.display().to_string())
            .replace("{control}", &ports.control.to_string())
            .replace("{bulk}", &ports.bulk.to_string())
            .replace("{bootstrap}", &ports.bootstrap.to_string());
        let identity = self.bootstrap_tls()?;
        let chain = identity.chain.iter().map(|der| {
            let certificate = Certificate::from_der(der);
            certificate.map(|certificate| certificate.to_pem())
        });
        let file = file(&dir, "bootstrap", "pem");
        let chain: Result<String, _> = chain.collect();
        write_text(
            &file,
            &chain.map_err(|source| PkiError::Certificate {
                file: file.clone(),
                source,
            })?,
        )?;
        write_text(&broker.bootstrap_access, BOOTSTRAP_ACCESS)?;
        write_text(&broker.access, ACCESS)?;
        write_text(&broker.configuration, &configuration)?;
        Ok(broker)
    }
}
