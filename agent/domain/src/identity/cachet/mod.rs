//! Visible electronic seals (*cachets électroniques visibles*): what a barcode says was signed, by whom, in which words.
//!
//! Reading decides nothing. [`Cachet::signed`] holds the literal bytes that the signature is over, cut out before any
//! field is looked at; whether it holds is asked of `trust::cachet`, and fields that cannot be read change nothing there.

mod binary;
mod field;
mod idb;
mod reading;
mod table;
mod trust_list;
mod two_d_doc;
mod vds;

pub use field::{Field, Form};
pub use reading::{CachetReading, Fault, ListAge, SignerShown};
pub use table::{DocumentType, document_type, document_types, field_count};
pub use trust_list::{Authority, Revocations, Signer, Standing, TrustList};

use minicbor::{Decode, Encode};

use super::CivilDate;
use crate::sensitive::Sensitive;

/// More bytes than any symbol holds (a QR code of version 40: 7 089 digits).
pub const MAX_SYMBOL: usize = 8 * 1024;

/// What the seal of an identity card of 2021 may hold (ANTS: at most 285 characters), and the least that leaves room
/// for a signature on a 256-bit curve.
const CNIE_LENGTHS: std::ops::RangeInclusive<usize> = 64..=285;

/// The formats of a seal.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Encode, Decode)]
#[cbor(index_only)]
pub enum CachetKind {
    /// 2D-Doc of France Titres, versions 01 to 04.
    #[n(0)]
    TwoDDoc,
    /// Visible digital seal (ICAO 9303-13, BSI TR-03137).
    #[n(1)]
    Vds,
    /// ICAO Datastructure for Barcode, `RDB1…`.
    #[n(2)]
    Idb,
    /// ISO/IEC 20248, presumed: on the national identity card of 2021. Its description of fields is in a certificate
    /// that nobody publishes.
    #[n(3)]
    Cnie,
}

impl CachetKind {
    pub const ALL: [Self; 4] = [Self::TwoDDoc, Self::Vds, Self::Idb, Self::Cnie];

    /// The name that reports use.
    pub const fn code(self) -> &'static str {
        match self {
            Self::TwoDDoc => "2d_doc",
            Self::Vds => "vds",
            Self::Idb => "idb",
            Self::Cnie => "cnie_seal",
        }
    }
}

/// What the bytes were read from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Carrier {
    /// A Data Matrix, the only symbol that carries the seal of an identity card.
    DataMatrix,
    /// Another symbol, or a text.
    Other,
}

/// Whom a seal names as its signer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum SignerName {
    /// 2D-Doc: authority and certificate, four characters each. VDS: country and signer, and the serial number of the
    /// certificate in upper-case hexadecimal without leading zeros.
    Named { authority: String, certificate: String },
    /// IDB: the last five bytes of the certificate's SHA-1.
    Digest([u8; 5]),
    /// Nobody.
    Absent,
}

/// The signature as the seal carries it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Mark {
    /// `r ‖ s`, or an RSA signature.
    Bytes(Vec<u8>),
    Missing,
    /// Not in the encoding that the format demands.
    Malformed,
}

/// The hash that a seal names by itself; other formats take that of the key.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NamedHash {
    Sha256,
    Sha384,
    Sha512,
}

/// What stands before the fields.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Header {
    /// The number that the format calls its version.
    pub version: u8,
    /// The issuing country as written.
    pub country: Option<String>,
    /// The code of the document's type as written.
    pub document: Option<String>,
    /// What that code means, in French.
    pub label: Option<String>,
    /// 2D-Doc: whose table of fields counts; 01 is France Titres'.
    pub perimeter: Option<String>,
    /// When the document was issued.
    pub issued: Option<CivilDate>,
    /// When it was signed.
    pub signed: Option<CivilDate>,
}

/// A seal taken apart; nothing of it is verified.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Cachet {
    pub kind: CachetKind,
    pub header: Header,
    pub signer: SignerName,
    /// The literal bytes that the signature is over.
    pub signed: Sensitive<Vec<u8>>,
    pub mark: Mark,
    pub hash: Option<NamedHash>,
    /// Covered by the signature.
    pub fields: Vec<Field>,
    /// Covered by nothing: anybody may have added it.
    pub annex: Vec<Field>,
}

impl Cachet {
    /// The seal in `bytes`; none when they are no seal of a known format.
    pub fn read(bytes: &[u8], carrier: Carrier) -> Option<Self> {
        if bytes.len() > MAX_SYMBOL {
            return None;
        }
        two_d_doc::read(bytes)
            .or_else(|| vds::read(bytes))
            .or_else(|| idb::read(bytes))
            .or_else(|| cnie(bytes, carrier))
    }

    /// Whether every field, signed or not, was recognised and has its form: a consistent reading, and no more.
    pub fn reads_whole(&self) -> bool {
        let mut all = self.fields.iter().chain(&self.annex);
        !self.fields.is_empty() && all.all(|field| matches!(field.form, Form::Whole | Form::Truncated))
    }

    /// The end of validity that the signed fields state; the earliest of several.
    pub fn expires(&self) -> Option<CivilDate> {
        let ends = self.fields.iter().filter(|field| {
            self.kind == CachetKind::TwoDDoc && table::EXPIRIES.contains(&field.code.as_str())
        });
        ends.filter_map(|field| field.day).min()
    }

    /// Whether the signer is one of those that sign specimens: authorities `..00` and `XX..`, the certificates `0000`,
    /// `DHI0` and `TST1`, and the country of Utopia.
    pub fn is_of_a_test_signer(&self) -> bool {
        match &self.signer {
            SignerName::Named {
                authority,
                certificate,
            } => {
                (self.kind == CachetKind::TwoDDoc && authority.ends_with("00"))
                    || authority.starts_with("XX")
                    || authority.starts_with("UT")
                    || ["0000", "DHI0", "TST1"].contains(&certificate.as_str())
            }
            SignerName::Digest(_) | SignerName::Absent => self.header.country.as_deref() == Some("UTO"),
        }
    }
}

/// A Data Matrix that could be the seal of an identity card: of its length, and none of the things that are known to be
/// something else.
fn cnie(bytes: &[u8], carrier: Carrier) -> Option<Cachet> {
    let is_known = [b"DC".as_slice(), b"http:", b"https:", b"RDB1", b"NDB1", b"\xdc"]
        .iter()
        .any(|start| bytes.starts_with(start));
    let is_possible = carrier == Carrier::DataMatrix && CNIE_LENGTHS.contains(&bytes.len()) && !is_known;
    is_possible.then(|| Cachet {
        kind: CachetKind::Cnie,
        header: Header {
            version: 0,
            country: None,
            document: None,
            label: Some("Cachet d’une carte nationale d’identité (présumé)".to_owned()),
            perimeter: None,
            issued: None,
            signed: None,
        },
        signer: SignerName::Absent,
        signed: Sensitive::new(Vec::new()),
        mark: Mark::Missing,
        hash: None,
        fields: Vec::new(),
        annex: Vec::new(),
    })
}

#[cfg(test)]
mod tests;
