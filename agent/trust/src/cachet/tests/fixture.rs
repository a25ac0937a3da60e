//! A throw-away authority for every curve, and seals that its signers make.

use data_encoding::BASE32_NOPAD;
use der::Decode as _;
use der::asn1::ObjectIdentifier;
use ecdsa::signature::hazmat::PrehashSigner;
use sha2::{Digest as _, Sha512};

use super::super::*;
use crate::asn1::{SEQUENCE, SET, oid, tlv};
use crate::keys::{KeyKind, SigningKey};

/// 21 November 2026, noon in Paris.
pub(crate) const NOON: UnixMs = UnixMs(1_795_258_800_000);
/// Signed on 28 November 2025, within the validity of every certificate here.
pub(crate) const HEADER: &str = "DC04FR99AB01FFFF24F70701FR";
pub(crate) const MESSAGE: &str = "62SPECIMEN\u{1d}61NATACHA\u{1d}6912031985";

/// A curve whose keys sign here.
#[derive(Clone, Copy)]
pub(crate) enum Kind {
    P256,
    P384,
    P521,
}

pub(crate) const KINDS: [Kind; 3] = [Kind::P256, Kind::P384, Kind::P521];

/// A key pair of a curve.
pub(crate) enum Key {
    Small(SigningKey),
    P521(p521::ecdsa::SigningKey),
}

impl Key {
    pub(crate) fn new(kind: Kind) -> Self {
        match kind {
            Kind::P256 => Self::Small(SigningKey::generate(KeyKind::P256)),
            Kind::P384 => Self::Small(SigningKey::generate(KeyKind::P384)),
            Kind::P521 => {
                let mut secret = [0; 66];
                getrandom::fill(&mut secret[1..]).unwrap();
                Self::P521(p521::ecdsa::SigningKey::from_slice(&secret).unwrap())
            }
        }
    }

    pub(crate) fn spki(&self) -> Vec<u8> {
        match self {
            Self::Small(key) => key.public().spki_der(),
            Self::P521(key) => {
                let point = key.verifying_key().to_sec1_point(false);
                let ids = ["1.2.840.10045.2.1", "1.3.132.0.35"].map(ObjectIdentifier::new_unwrap);
                let algorithm = tlv(SEQUENCE, &[&oid(ids[0]), &oid(ids[1])]);
                tlv(SEQUENCE, &[&algorithm, &tlv(0x03, &[&[0], point.as_bytes()])])
            }
        }
    }

    pub(crate) fn algorithm(&self) -> Vec<u8> {
        let id = match self {
            Self::Small(key) if key.public().kind() == KeyKind::P256 => "1.2.840.10045.4.3.2",
            Self::Small(_) => "1.2.840.10045.4.3.3",
            Self::P521(_) => "1.2.840.10045.4.3.4",
        };
        tlv(SEQUENCE, &[&oid(ObjectIdentifier::new_unwrap(id))])
    }

    /// As certificates carry it.
    pub(crate) fn sign_der(&self, message: &[u8]) -> Vec<u8> {
        match self {
            Self::Small(key) => key.sign_der(message),
            Self::P521(_) => {
                let fixed = self.sign(message);
                let number = |bytes: &[u8]| {
                    let first = bytes.iter().position(|byte| *byte != 0).unwrap();
                    let sign = (bytes[first] >= 0x80).then_some(0);
                    let content: Vec<u8> = sign.into_iter().chain(bytes[first..].iter().copied()).collect();
                    tlv(0x02, &[&content])
                };
                tlv(SEQUENCE, &[&number(&fixed[..66]), &number(&fixed[66..])])
            }
        }
    }

    /// As seals carry it: `r ‖ s`.
    pub(crate) fn sign(&self, message: &[u8]) -> Vec<u8> {
        match self {
            Self::Small(key) => key.sign(message),
            Self::P521(key) => {
                let signature: p521::ecdsa::Signature = key.sign_prehash(&Sha512::digest(message)).unwrap();
                signature.to_bytes().to_vec()
            }
        }
    }
}

/// An authority that issues certificates.
pub(crate) struct Issuer {
    pub(crate) name: &'static str,
    pub(crate) key: Key,
}

impl Issuer {
    pub(crate) fn new(name: &'static str, kind: Kind) -> Self {
        Self {
            name,
            key: Key::new(kind),
        }
    }

    pub(crate) fn certificate(&self) -> Vec<u8> {
        self.issue(self.name, &self.key.spki(), 1, true)
    }

    /// Valid from 2025 to 2027.
    pub(crate) fn issue(&self, name: &str, spki: &[u8], serial: u8, is_authority: bool) -> Vec<u8> {
        let named = |text: &str| {
            let part = |id: &str, text: &str| {
                let id = oid(ObjectIdentifier::new_unwrap(id));
                tlv(SET, &[&tlv(SEQUENCE, &[&id, &tlv(0x0c, &[text.as_bytes()])])])
            };
            let organisation = part("2.5.4.10", "ORGANISME SPECIMEN");
            tlv(SEQUENCE, &[&organisation, &part("2.5.4.3", text)])
        };
        let validity = [tlv(0x17, &[b"250101000000Z"]), tlv(0x17, &[b"271231235959Z"])];
        let constraints = tlv(SEQUENCE, &[if is_authority { &[0x01, 0x01, 0xff] } else { &[] }]);
        let constraints = tlv(
            SEQUENCE,
            &[
                &oid(ObjectIdentifier::new_unwrap("2.5.29.19")),
                &[0x01, 0x01, 0xff],
                &tlv(0x04, &[&constraints]),
            ],
        );
        let signed = tlv(
            SEQUENCE,
            &[
                &tlv(0xa0, &[&[0x02, 0x01, 0x02]]),
                &[0x02, 0x01, serial],
                &self.key.algorithm(),
                &named(self.name),
                &tlv(SEQUENCE, &[&validity[0], &validity[1]]),
                &named(name),
                spki,
                &tlv(0xa3, &[&tlv(SEQUENCE, &[&constraints])]),
            ],
        );
        self.signed(&signed)
    }

    /// A list of revoked certificates, issued on 1 November 2026, until 1 December.
    pub(crate) fn revokes(&self, serials: &[u8]) -> Vec<u8> {
        let entry = |serial: &u8| {
            tlv(
                SEQUENCE,
                &[&[0x02, 0x01, *serial], &tlv(0x17, &[b"260101000000Z"])],
            )
        };
        let entries: Vec<u8> = serials.iter().flat_map(entry).collect();
        let name = x509_cert::Certificate::from_der(&self.certificate()).unwrap();
        let name = der::Encode::to_der(name.tbs_certificate().subject()).unwrap();
        let signed = tlv(
            SEQUENCE,
            &[
                &[0x02, 0x01, 0x01],
                &self.key.algorithm(),
                &name,
                &tlv(0x17, &[b"261101000000Z"]),
                &tlv(0x17, &[b"261201000000Z"]),
                &tlv(SEQUENCE, &[&entries]),
            ],
        );
        self.signed(&signed)
    }

    pub(crate) fn signed(&self, content: &[u8]) -> Vec<u8> {
        let signature = [&[0], self.key.sign_der(content).as_slice()].concat();
        tlv(
            SEQUENCE,
            &[content, &self.key.algorithm(), &tlv(0x03, &[&signature])],
        )
    }
}

/// An authority, a signer of the same curve, and the list that knows both.
pub(crate) struct World {
    pub(crate) issuer: Issuer,
    pub(crate) signer: Key,
    pub(crate) list: TrustList,
}

impl World {
    pub(crate) fn new(kind: Kind) -> Self {
        let issuer = Issuer::new("FR99", kind);
        let signer = Key::new(kind);
        let leaf = issuer.issue("AB01", &signer.spki(), 7, false);
        let mut gathering = Gathering::default();
        gathering.certificate(&issuer.certificate()).unwrap();
        gathering.certificate(&leaf).unwrap();
        gathering.revocations(issuer.revokes(&[9]));
        let mut list = gathering.list("test", NOON).unwrap();
        list.authorities[0].standing = Standing::Recognised;
        list.signature = Verdict::Proven;
        Self { issuer, signer, list }
    }

    pub(crate) fn seal(&self) -> Vec<u8> {
        sealed(&self.signer, HEADER)
    }

    pub(crate) fn read(&self, bytes: &[u8]) -> CachetReading {
        read(bytes, Carrier::DataMatrix, against(Some(&self.list))).unwrap()
    }
}

pub(crate) fn sealed(signer: &Key, header: &str) -> Vec<u8> {
    let signed = format!("{header}{MESSAGE}");
    let signature = BASE32_NOPAD.encode(&signer.sign(signed.as_bytes()));
    format!("{signed}\u{1f}{signature}").into_bytes()
}

pub(crate) fn against(list: Option<&TrustList>) -> Against<'_> {
    Against {
        list,
        authorities: Authorities::Real,
        now: NOON,
        today: CivilDate::new(2026, 11, 21).unwrap(),
    }
}

/// Read, signature, issuer, date.
pub(crate) fn verdicts(reading: &CachetReading) -> [Verdict; 4] {
    let Verdicts {
        read,
        signature,
        issuer_trusted,
        in_date,
        status_known,
    } = reading.verdicts;
    assert_eq!(status_known, Verdict::NotChecked);
    [read, signature, issuer_trusted, in_date]
}

pub(crate) fn tsl_moment(text: &str) -> UnixMs {
    UnixMs(text.parse::<jiff::Timestamp>().unwrap().as_millisecond())
}
