//! The set-up of a mosquitto broker under this PKI: two listeners on loopback, and an access list by certificate.

use std::path::PathBuf;

use super::{Pki, PkiError, write_text};

const CONFIGURATION: &str = include_str!("../../../../packaging/broker/mosquitto.conf");
const ACCESS: &str = include_str!("../../../../packaging/broker/acl");

/// Where the broker listens, on loopback.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Ports {
    /// Records, queries and receipts.
    pub control: u16,
    /// Footage.
    pub bulk: u16,
}

/// The files to start a broker with.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Broker {
    /// For `mosquitto -c`.
    pub configuration: PathBuf,
    pub access: PathBuf,
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
        };
        let configuration = CONFIGURATION
            .replace("{dir}", &dir.display().to_string())
            .replace("{control}", &ports.control.to_string())
            .replace("{bulk}", &ports.bulk.to_string());
        write_text(&broker.access, ACCESS)?;
        write_text(&broker.configuration, &configuration)?;
        Ok(broker)
    }
}
