//! Where a broker listens.

use std::fmt;

use minicbor::decode::Error as DecodeError;
use minicbor::encode::{Error as EncodeError, Write};
use minicbor::{Decode, Decoder, Encode, Encoder};
use thiserror::Error;

/// A name or address in the broker's certificate, and a port; its text is `mqtts://host:port`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Address {
    pub host: String,
    pub port: u16,
}

/// The text does not say where a broker is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
#[error("a broker is given as `mqtts://host:port`")]
pub struct NotAnAddress;

impl Address {
    /// Reads `mqtts://host:port`.
    pub fn parse(url: &str) -> Result<Self, NotAnAddress> {
        let authority = url.strip_prefix("mqtts://").ok_or(NotAnAddress)?;
        let (host, port) = authority
            .trim_end_matches('/')
            .rsplit_once(':')
            .ok_or(NotAnAddress)?;
        let host = host.trim_start_matches('[').trim_end_matches(']');
        let port = port.parse().map_err(|_| NotAnAddress)?;
        let allowed = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | ':');
        if host.is_empty() || host.len() > 253 || !host.chars().all(allowed) {
            return Err(NotAnAddress);
        }
        let host = host.to_owned();
        Ok(Self { host, port })
    }
}

impl fmt::Display for Address {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { host, port } = self;
        if host.contains(':') {
            write!(f, "mqtts://[{host}]:{port}")
        } else {
            write!(f, "mqtts://{host}:{port}")
        }
    }
}

impl<C> Encode<C> for Address {
    fn encode<W: Write>(&self, e: &mut Encoder<W>, _: &mut C) -> Result<(), EncodeError<W::Error>> {
        e.str(&self.to_string())?.ok()
    }
}

impl<'b, C> Decode<'b, C> for Address {
    fn decode(d: &mut Decoder<'b>, _: &mut C) -> Result<Self, DecodeError> {
        Self::parse(d.str()?).map_err(|_| DecodeError::message("not a broker's address"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_broker_is_a_host_and_a_port_over_tls() {
        let address = |host: &str, port| {
            let host = host.to_owned();
            Ok(Address { host, port })
        };
        assert_eq!(
            Address::parse("mqtts://localhost:8883"),
            address("localhost", 8883)
        );
        assert_eq!(Address::parse("mqtts://[::1]:8883/"), address("::1", 8883));
        for url in [
            "mqtt://localhost:1883",
            "mqtts://localhost",
            "mqtts://:1",
            "mqtts://a/b:1",
            "mqtts://a:99999",
            "",
        ] {
            assert_eq!(Address::parse(url), Err(NotAnAddress), "{url}");
        }
        for url in ["mqtts://localhost:8883", "mqtts://[::1]:8885"] {
            assert_eq!(Address::parse(url).unwrap().to_string(), url);
        }
    }
}
