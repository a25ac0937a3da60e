//! What a fleet manager hands to a phone that is to become a terminal: one line of text, in a QR code.

use std::fmt;

use minicbor::decode::Error as DecodeError;
use minicbor::encode::{Error as EncodeError, Write};
use minicbor::{Decode, Decoder, Encode, Encoder};
use thiserror::Error;
use zeroize::Zeroizing;

use super::{Address, base45};
use crate::canonical::{self, Digest};
use crate::id::DeviceId;
use crate::time::UnixMs;

const PREFIX: &str = "neo2:";
const VERSION: &str = "1:";
/// No ticket comes near this many characters.
const MAX_TEXT: usize = 1_024;

macro_rules! token {
    ($($(#[$doc:meta])* $name:ident),+ $(,)?) => {$(
        $(#[$doc])*
        #[derive(Clone, PartialEq, Eq)]
        pub struct $name(Zeroizing<[u8; 16]>);

        impl $name {
            pub fn from_bytes(bytes: [u8; 16]) -> Self {
                Self(Zeroizing::new(bytes))
            }
        }

        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("…")
            }
        }

        impl<C> Encode<C> for $name {
            fn encode<W: Write>(&self, e: &mut Encoder<W>, _: &mut C) -> Result<(), EncodeError<W::Error>> {
                e.bytes(self.0.as_slice())?.ok()
            }
        }

        impl<'b, C> Decode<'b, C> for $name {
            fn decode(d: &mut Decoder<'b>, _: &mut C) -> Result<Self, DecodeError> {
                let bytes = d.bytes()?.try_into();
                bytes
                    .map(Self::from_bytes)
                    .map_err(|_| DecodeError::message("a token has 16 bytes"))
            }
        }
    )+};
}

token! {
    /// The one-time right of one device to a certificate: 128 random bits that HQ keeps a digest of.
    Token,
    /// What every enrolled terminal knows and a stranger does not; it opens nothing by itself.
    FleetToken,
}

impl Token {
    /// What HQ keeps: SHA-256 of `neo2/token/v1` and the token.
    pub fn digest(&self) -> Digest {
        let mut bytes = Zeroizing::new(b"neo2/token/v1".to_vec());
        bytes.extend_from_slice(self.0.as_slice());
        Digest::of(&bytes)
    }

    /// What a phone's keystore is asked to say with its attestation, so that it is of this enrolment: SHA-256 of
    /// `neo/attestation/v1` and the token.
    pub fn challenge(&self) -> Digest {
        let mut bytes = Zeroizing::new(b"neo/attestation/v1".to_vec());
        bytes.extend_from_slice(self.0.as_slice());
        Digest::of(&bytes)
    }
}

/// Everything a phone needs to reach HQ and to know that it is HQ; its text is `neo2:1:<Base45 of the CBOR>`.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct Ticket {
    /// The broker's bootstrap listener.
    #[n(0)]
    pub broker: Address,
    /// SHA-256 of the root's SubjectPublicKeyInfo (DER).
    #[n(1)]
    pub root: Digest,
    #[n(2)]
    pub token: Token,
    #[n(3)]
    pub device: DeviceId,
    #[n(4)]
    pub expires: UnixMs,
    /// HQ's X25519 recipient, to which the request is sealed.
    #[cbor(n(5), with = "minicbor::bytes")]
    pub recipient: [u8; 32],
}

/// Why a text is no ticket.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum NotATicket {
    #[error("the text does not begin with `neo2:`; scan the enrolment code of this terminal")]
    Foreign,
    #[error("the enrolment code is of another version; update this program")]
    Version,
    #[error("the enrolment code is damaged; scan or copy it whole")]
    Damaged,
}

impl Ticket {
    /// Reads a text as scanned or pasted; white space around it is not of it.
    pub fn parse(text: &str) -> Result<Self, NotATicket> {
        let text = text.trim();
        let versioned = text.strip_prefix(PREFIX).ok_or(NotATicket::Foreign)?;
        let content = versioned.strip_prefix(VERSION).ok_or(NotATicket::Version)?;
        if content.len() > MAX_TEXT {
            return Err(NotATicket::Damaged);
        }
        let bytes = base45::decode(content)
            .map(Zeroizing::new)
            .ok_or(NotATicket::Damaged)?;
        canonical::decode(&bytes).map_err(|_| NotATicket::Damaged)
    }

    /// The text of the QR code.
    pub fn to_text(&self) -> Zeroizing<String> {
        let bytes = Zeroizing::new(canonical::encode(self));
        Zeroizing::new(format!("{PREFIX}{VERSION}{}", base45::encode(&bytes)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ticket() -> Ticket {
        Ticket {
            broker: Address::parse("mqtts://localhost:8885").unwrap(),
            root: Digest::from_bytes([0x11; 32]),
            token: Token::from_bytes([0x22; 16]),
            device: DeviceId::parse("neo-000007").unwrap(),
            expires: UnixMs(1_795_262_400_000),
            recipient: [0x33; 32],
        }
    }

    #[test]
    fn a_ticket_has_this_text() {
        let text = ticket().to_text();
        assert_eq!(
            *text,
            "neo2:1:G:KW/EJFELWE0G7Z:5U3EAEC59D QE9G7$47OV6F6B4724724724724724724724724724724724724724724724727D08E48E48E48E48E48E48E48E4JJ01/DL2E646646D46GN0000C90%4WA%8IU0834CL6CL6CL6CL6CL6CL6CL6CL6CL6CL6CL6CL6CL6CL6CL661"
        );
        assert_eq!(Ticket::parse(&format!(" {}\n", *text)), Ok(ticket()));
    }

    #[test]
    fn a_text_that_is_no_ticket_says_why() {
        let text = ticket().to_text();
        assert_eq!(Ticket::parse("https://example.org"), Err(NotATicket::Foreign));
        assert_eq!(
            Ticket::parse(&text.replace("neo2:1:", "neo2:2:")),
            Err(NotATicket::Version)
        );
        for length in 7..text.len() {
            let cut = text.get(..length).unwrap();
            assert_eq!(Ticket::parse(cut), Err(NotATicket::Damaged), "{length}");
        }
        assert_eq!(Ticket::parse(&format!("{}00", *text)), Err(NotATicket::Damaged));
    }

    #[test]
    fn a_token_is_not_printed() {
        assert!(!format!("{:?}", ticket()).contains("34"));
    }
}
