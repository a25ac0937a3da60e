//! Signatures by hand on the screen (D.589-2 and A.53-4 CPP): strokes with their timing, bound to what was shown.

use minicbor::decode::Error as DecodeError;
use minicbor::{Decode, Decoder, Encode};
use thiserror::Error;

use crate::canonical::Digest;
use crate::sensitive::Sensitive;

/// Smallest pad that a signature is taken on, in pixels (A.53-3 CPP, version 2011).
pub const MIN_PAD: (u16, u16) = (200, 80);
/// The most points of one signature.
pub const MAX_POINTS: usize = 20_000;
/// Fewer points than a hand leaves when it writes.
const MIN_POINTS: usize = 8;

/// One position of the finger or the stylus: pixels from the left and the top, milliseconds since the first touch.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Encode, Decode)]
pub struct Point {
    #[n(0)]
    pub x: u16,
    #[n(1)]
    pub y: u16,
    #[n(2)]
    pub ms: u32,
}

/// Why strokes are not a signature.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum NotASignature {
    #[error("the pad is smaller than `{} × {}` pixels", MIN_PAD.0, MIN_PAD.1)]
    PadTooSmall,
    #[error("a point lies outside the pad")]
    OutsidePad,
    #[error("time runs backwards between two points")]
    TimeBackwards,
    #[error("there are too few points for a signature")]
    TooShort,
    #[error("there are more than `{MAX_POINTS}` points")]
    TooLong,
}

/// A signature as the hand drew it, on a pad of known size.
#[derive(Clone, PartialEq, Eq, Encode)]
#[cbor(map)]
pub struct Strokes {
    #[n(0)]
    width: u16,
    #[n(1)]
    height: u16,
    #[n(2)]
    strokes: Vec<Vec<Point>>,
}

impl<'b, C> Decode<'b, C> for Strokes {
    fn decode(d: &mut Decoder<'b>, ctx: &mut C) -> Result<Self, DecodeError> {
        #[derive(Decode)]
        #[cbor(map)]
        struct Claimed {
            #[n(0)]
            width: u16,
            #[n(1)]
            height: u16,
            #[n(2)]
            strokes: Vec<Vec<Point>>,
        }
        let claimed: Claimed = Decode::decode(d, ctx)?;
        Self::new(claimed.width, claimed.height, claimed.strokes)
            .map_err(|_| DecodeError::message("not a signature by hand"))
    }
}

impl Strokes {
    pub fn new(width: u16, height: u16, strokes: Vec<Vec<Point>>) -> Result<Self, NotASignature> {
        if width < MIN_PAD.0 || height < MIN_PAD.1 {
            return Err(NotASignature::PadTooSmall);
        }
        let points = || strokes.iter().flatten();
        if points().any(|point| point.x >= width || point.y >= height) {
            return Err(NotASignature::OutsidePad);
        }
        if points().zip(points().skip(1)).any(|(one, next)| next.ms < one.ms) {
            return Err(NotASignature::TimeBackwards);
        }
        match points().count() {
            0..MIN_POINTS => Err(NotASignature::TooShort),
            MIN_POINTS..=MAX_POINTS => Ok(Self {
                width,
                height,
                strokes,
            }),
            _ => Err(NotASignature::TooLong),
        }
    }

    /// Pixels, width before height.
    pub const fn pad(&self) -> (u16, u16) {
        (self.width, self.height)
    }

    pub fn strokes(&self) -> &[Vec<Point>] {
        &self.strokes
    }
}

impl std::fmt::Debug for Strokes {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Strokes {{ {} }}", self.strokes.len())
    }
}

/// A signature by hand as a record keeps it, bound to what was shown. SHA-256 values.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct SignedPad {
    /// Of the deterministic bytes of [`Strokes`].
    #[n(0)]
    pub strokes: Digest,
    /// Of the picture drawn from them (PNG).
    #[n(1)]
    pub image: Digest,
    /// Of the document that was locked while it was signed.
    #[n(2)]
    pub shown: Digest,
}

impl SignedPad {
    /// Stands where a signature is still to come, in what is read and never in what is signed.
    pub(crate) const AWAITED: Self = Self {
        strokes: Digest::from_bytes([0; 32]),
        image: Digest::from_bytes([0; 32]),
        shown: Digest::from_bytes([0; 32]),
    };
}

/// The files that travel with the record for its signature `index`, from 0: strokes, then picture.
pub fn files(index: usize) -> (String, String) {
    let number = index + 1;
    (
        format!("signature-{number}.strokes.cbor"),
        format!("signature-{number}.png"),
    )
}

/// The file that travels with a record which somebody signed by hand: the document as it was shown to them.
pub const SHOWN: &str = "lecture.pdf";

/// In what a person signs beside the author.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Encode, Decode)]
#[cbor(index_only)]
pub enum SignerRole {
    /// The person heard, notified or concerned.
    #[n(0)]
    Person,
    #[n(1)]
    Interpreter,
    #[n(2)]
    Counsel,
    #[n(3)]
    Assistant,
    #[n(4)]
    Representative,
}

impl SignerRole {
    pub const ALL: [Self; 5] = [
        Self::Person,
        Self::Interpreter,
        Self::Counsel,
        Self::Assistant,
        Self::Representative,
    ];

    /// The word that a list of signers begins a line with.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Person => "PERSONNE",
            Self::Interpreter => "INTERPRETE",
            Self::Counsel => "AVOCAT",
            Self::Assistant => "ASSISTANT",
            Self::Representative => "REPRESENTANT",
        }
    }

    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|role| role.code() == code)
    }
}

/// How sure the identity of who signs is (A.53-4 CPP: it is stated, "présumée" or "inconnue" where it is).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Encode, Decode)]
#[cbor(index_only)]
pub enum Certainty {
    #[n(0)]
    Established,
    #[n(1)]
    Presumed,
    #[n(2)]
    Unknown,
}

impl Certainty {
    pub const ALL: [Self; 3] = [Self::Established, Self::Presumed, Self::Unknown];

    pub const fn code(self) -> &'static str {
        match self {
            Self::Established => "ETABLIE",
            Self::Presumed => "PRESUMEE",
            Self::Unknown => "INCONNUE",
        }
    }

    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|certainty| certainty.code() == code)
    }
}

/// Somebody who is asked to sign.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct Signer {
    #[n(0)]
    pub role: SignerRole,
    #[n(1)]
    pub name: Sensitive<String>,
    #[n(2)]
    pub certainty: Certainty,
}

/// What came of it; a refusal or an impossibility has its reason and is no defect.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub enum HandOutcome {
    #[n(0)]
    Signed(#[n(0)] SignedPad),
    #[n(1)]
    Refuses {
        #[n(0)]
        reason: String,
    },
    #[n(2)]
    Unable {
        #[n(0)]
        reason: String,
    },
}

impl HandOutcome {
    pub const fn pad(&self) -> Option<SignedPad> {
        match self {
            Self::Signed(pad) => Some(*pad),
            Self::Refuses { .. } | Self::Unable { .. } => None,
        }
    }
}

/// One of those who were asked to sign, as the record keeps it.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct HandSigner {
    #[n(0)]
    pub signer: Signer,
    #[n(1)]
    pub outcome: HandOutcome,
}

#[cfg(test)]
mod tests {
    use super::*;

    fn line(points: u16) -> Vec<Point> {
        (0..points)
            .map(|n| Point {
                x: 10 + n,
                y: 40,
                ms: u32::from(n) * 8,
            })
            .collect()
    }

    #[test]
    fn cpp_a53_4_a_pad_of_less_than_200_by_80_pixels_takes_no_signature() {
        assert_eq!(
            Strokes::new(199, 80, vec![line(20)]),
            Err(NotASignature::PadTooSmall)
        );
        assert_eq!(
            Strokes::new(200, 79, vec![line(20)]),
            Err(NotASignature::PadTooSmall)
        );
        assert!(Strokes::new(200, 80, vec![line(20)]).is_ok());
    }

    #[test]
    fn a_touch_a_point_outside_and_time_that_runs_backwards_are_no_signature() {
        assert_eq!(
            Strokes::new(300, 100, vec![line(7)]),
            Err(NotASignature::TooShort)
        );
        let mut outside = line(20);
        outside[3].x = 300;
        assert_eq!(
            Strokes::new(300, 100, vec![outside]),
            Err(NotASignature::OutsidePad)
        );
        let late = line(20);
        assert_eq!(
            Strokes::new(300, 100, vec![late.clone(), late]),
            Err(NotASignature::TimeBackwards)
        );
    }
}
