//! Whom a certificate stands for: the subject alternative names that the project reads.
//!
//! No name of a person is ever in a certificate; an officer is a pseudonym.

use std::net::IpAddr;

use der::asn1::Ia5String;
use x509_cert::ext::pkix::name::GeneralName;

const PREFIX: &str = "urn:neo2:";
const MAX_ID: usize = 64;

/// One holder of this project, written as a URI: `urn:neo2:dev:<id>`, `agent`, `cam` or `hq`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Holder {
    Device(String),
    /// An officer, by pseudonym.
    Agent(String),
    Camera(String),
    Hq(String),
}

/// One subject alternative name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum SubjectName {
    Holder(Holder),
    Dns(String),
    Ip(IpAddr),
}

impl Holder {
    /// The id without its kind.
    pub fn id(&self) -> &str {
        match self {
            Holder::Device(id) | Holder::Agent(id) | Holder::Camera(id) | Holder::Hq(id) => id,
        }
    }

    pub fn to_urn(&self) -> String {
        let kind = match self {
            Holder::Device(_) => "dev",
            Holder::Agent(_) => "agent",
            Holder::Camera(_) => "cam",
            Holder::Hq(_) => "hq",
        };
        format!("{PREFIX}{kind}:{}", self.id())
    }

    /// Reads a URI of this project; the id is 1 to 64 ASCII letters, digits, `.`, `_` or `-`.
    pub fn from_urn(urn: &str) -> Option<Self> {
        let (kind, id) = urn.strip_prefix(PREFIX)?.split_once(':')?;
        if !is_id(id) {
            return None;
        }
        let id = id.to_owned();
        match kind {
            "dev" => Some(Holder::Device(id)),
            "agent" => Some(Holder::Agent(id)),
            "cam" => Some(Holder::Camera(id)),
            "hq" => Some(Holder::Hq(id)),
            _ => None,
        }
    }
}

/// Whether `text` may name a holder; such a text also needs no escape in a distinguished name.
pub(super) fn is_id(text: &str) -> bool {
    let allowed = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'_' | b'-');
    (1..=MAX_ID).contains(&text.len()) && text.bytes().all(allowed)
}

impl SubjectName {
    pub fn holder(&self) -> Option<&Holder> {
        match self {
            SubjectName::Holder(holder) => Some(holder),
            SubjectName::Dns(_) | SubjectName::Ip(_) => None,
        }
    }

    pub(super) fn to_general_name(&self) -> der::Result<GeneralName> {
        Ok(match self {
            SubjectName::Holder(holder) => {
                GeneralName::UniformResourceIdentifier(Ia5String::new(&holder.to_urn())?)
            }
            SubjectName::Dns(name) => GeneralName::DnsName(Ia5String::new(name)?),
            SubjectName::Ip(address) => GeneralName::from(*address),
        })
    }
}

/// The names that the project understands; a malformed `urn:neo2:` or address is an error, other kinds are left out.
pub(super) fn read(names: &[GeneralName]) -> der::Result<Vec<SubjectName>> {
    let mut known = Vec::new();
    for name in names {
        match name {
            GeneralName::UniformResourceIdentifier(uri) if uri.as_str().starts_with(PREFIX) => {
                let holder =
                    Holder::from_urn(uri.as_str()).ok_or_else(|| der::Tag::Ia5String.value_error())?;
                known.push(SubjectName::Holder(holder));
            }
            GeneralName::DnsName(name) => known.push(SubjectName::Dns(name.as_str().to_owned())),
            GeneralName::IpAddress(octets) => known.push(SubjectName::Ip(ip(octets.as_bytes())?)),
            GeneralName::UniformResourceIdentifier(_)
            | GeneralName::OtherName(_)
            | GeneralName::Rfc822Name(_)
            | GeneralName::DirectoryName(_)
            | GeneralName::EdiPartyName(_)
            | GeneralName::RegisteredId(_) => {}
        }
    }
    Ok(known)
}

fn ip(octets: &[u8]) -> der::Result<IpAddr> {
    let v4 = <[u8; 4]>::try_from(octets).map(IpAddr::from);
    let v6 = <[u8; 16]>::try_from(octets).map(IpAddr::from);
    v4.or(v6).map_err(|_| der::Tag::OctetString.value_error().into())
}
