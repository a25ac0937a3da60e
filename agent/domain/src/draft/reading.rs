//! The reading of an act: what was shown, locked while others sign it, and corrected by renvois alone (107 CPP).

use std::collections::BTreeMap;

use minicbor::{Decode, Encode};

use super::Draft;
use crate::canonical::{self, Digest};
use crate::dialogue::SignerState;
use crate::hand::{HandOutcome, SignedPad, Strokes};
use crate::pve::OffenderSignature;
use crate::record::ActKind;
use crate::time::Timestamp;

/// The most renvois of one act.
const MAX_RENVOIS: usize = 50;

/// One correction after the reading, not approved yet; its number is its place in the list, from 1.
#[derive(Clone, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct Correction {
    #[n(0)]
    pub place: String,
    #[n(1)]
    pub text: String,
}

/// An act as it stands before those who sign it.
#[derive(Clone, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct Reading {
    #[n(0)]
    at: Timestamp,
    /// The document on screen; absent while it is drawn again.
    #[n(1)]
    shown: Option<Digest>,
    #[cbor(n(2), default, skip_if = "Vec::is_empty")]
    renvois: Vec<Correction>,
    /// By place in the list of signers.
    #[cbor(n(3), default, skip_if = "BTreeMap::is_empty")]
    outcomes: BTreeMap<u8, HandOutcome>,
    #[cbor(n(4), default, skip_if = "BTreeMap::is_empty")]
    strokes: BTreeMap<u8, Strokes>,
}

impl Reading {
    pub const fn at(&self) -> Timestamp {
        self.at
    }

    pub const fn shown(&self) -> Option<Digest> {
        self.shown
    }

    pub fn renvois(&self) -> &[Correction] {
        &self.renvois
    }

    pub fn outcome(&self, signer: u8) -> Option<&HandOutcome> {
        self.outcomes.get(&signer)
    }

    /// The strokes of everybody who signed, by place in the list of signers.
    pub const fn strokes(&self) -> &BTreeMap<u8, Strokes> {
        &self.strokes
    }
}

/// Why the reading does not go on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ReadingRefusal {
    /// Nothing is shown: open the reading first.
    NotShown,
    /// A renvoi says where and what.
    Empty,
    TooMany,
}

impl Draft {
    /// Whether the act was read to somebody: from then on nothing of it is edited, renvois correct it.
    pub const fn is_read(&self) -> bool {
        self.reading.is_some() && self.is_read_once()
    }

    /// Acts whose locked summary a change takes back are read again; the others are read once.
    const fn is_read_once(&self) -> bool {
        match self.kind {
            ActKind::Pv | ActKind::Plainte | ActKind::Verification => true,
            ActKind::IdentityCheck
            | ActKind::Pve
            | ActKind::Afd
            | ActKind::Note
            | ActKind::Footage
            | ActKind::VisaRequest
            | ActKind::Visa
            | ActKind::Alert
            | ActKind::SafeContact
            | ActKind::Custody => false,
        }
    }

    pub const fn reading(&self) -> Option<&Reading> {
        self.reading.as_ref()
    }

    /// Opens the reading, or goes on with it: `shown` is on screen from now on.
    pub fn show(&mut self, shown: Digest, now: Timestamp) {
        match &mut self.reading {
            Some(reading) if reading.shown == Some(shown) => {}
            Some(reading) => {
                // Another document is another signature.
                reading.shown = Some(shown);
                reading.outcomes.clear();
                reading.strokes.clear();
                self.signature = None;
            }
            None => {
                self.reading = Some(Reading {
                    at: now,
                    shown: Some(shown),
                    renvois: Vec::new(),
                    outcomes: BTreeMap::new(),
                    strokes: BTreeMap::new(),
                });
            }
        }
    }

    /// Adds a numbered correction; whoever had signed signs again, under what is drawn next.
    pub fn add_renvoi(&mut self, place: &str, text: &str) -> Result<(), ReadingRefusal> {
        let once = self.is_read_once();
        let reading = self.reading.as_mut().filter(|_| once);
        let reading = reading.ok_or(ReadingRefusal::NotShown)?;
        let (place, text) = (place.trim().to_owned(), text.trim().to_owned());
        if place.is_empty() || text.is_empty() {
            return Err(ReadingRefusal::Empty);
        }
        if reading.renvois.len() >= MAX_RENVOIS {
            return Err(ReadingRefusal::TooMany);
        }
        reading.renvois.push(Correction { place, text });
        reading.shown = None;
        reading.outcomes.clear();
        reading.strokes.clear();
        Ok(())
    }

    /// Keeps a signature by hand under what is shown; `image` is the digest of the picture drawn from `strokes`.
    pub fn sign_by_hand(
        &mut self,
        signer: u8,
        strokes: Strokes,
        image: Digest,
    ) -> Result<(), ReadingRefusal> {
        let shown = self.reading.as_ref().and_then(|reading| reading.shown);
        let pad = SignedPad {
            strokes: Digest::of(&canonical::encode(&strokes)),
            image,
            shown: shown.ok_or(ReadingRefusal::NotShown)?,
        };
        self.settle(signer, HandOutcome::Signed(pad), Some(strokes))
    }

    /// Keeps that somebody refuses, or cannot sign.
    pub fn leave_unsigned(&mut self, signer: u8, outcome: HandOutcome) -> Result<(), ReadingRefusal> {
        self.settle(signer, outcome, None)
    }

    fn settle(
        &mut self,
        signer: u8,
        outcome: HandOutcome,
        strokes: Option<Strokes>,
    ) -> Result<(), ReadingRefusal> {
        let once = self.is_read_once();
        let reading = self.reading.as_mut().filter(|reading| reading.shown.is_some());
        let reading = reading.ok_or(ReadingRefusal::NotShown)?;
        match strokes {
            Some(strokes) => reading.strokes.insert(signer, strokes),
            None => reading.strokes.remove(&signer),
        };
        if once {
            reading.outcomes.insert(signer, outcome);
        } else {
            self.signature = Some(OffenderSignature::from(&outcome));
        }
        Ok(())
    }

    /// Where the signer at this place of the list stands.
    pub fn signer_state(&self, signer: u8) -> SignerState {
        if self.is_read_once() {
            let outcome = self.reading.as_ref().and_then(|reading| reading.outcome(signer));
            SignerState::from(outcome)
        } else {
            match self.signature {
                Some(OffenderSignature::Signed(_)) => SignerState::Signed,
                Some(OffenderSignature::Declined) => SignerState::Refuses,
                Some(OffenderSignature::Absent) => SignerState::Unable,
                None => SignerState::Awaited,
            }
        }
    }
}
