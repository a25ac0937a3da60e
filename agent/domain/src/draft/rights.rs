//! The sheet of rights before the victim (10-2 CPP): shown, then signed once, or left unsigned with the reason.

use minicbor::{Decode, Encode};

use super::{Draft, Field};
use crate::canonical::{self, Digest};
use crate::hand::{HandOutcome, SignedPad, Strokes};
use crate::plainte::Language;
use crate::record::ActKind;
use crate::time::Timestamp;

/// The sheet, and what the victim did with it.
#[derive(Clone, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct ShownRights {
    #[n(0)]
    language: Language,
    /// SHA-256 of its PDF.
    #[n(1)]
    sheet: Digest,
    #[n(2)]
    outcome: Option<HandOutcome>,
    #[n(3)]
    strokes: Option<Strokes>,
}

impl ShownRights {
    pub const fn language(&self) -> Language {
        self.language
    }

    pub const fn sheet(&self) -> Digest {
        self.sheet
    }

    /// Absent until the victim has acknowledged it.
    pub const fn outcome(&self) -> Option<&HandOutcome> {
        self.outcome.as_ref()
    }

    /// Of the signature, where there is one.
    pub const fn strokes(&self) -> Option<&Strokes> {
        self.strokes.as_ref()
    }
}

/// Why the sheet is not shown or not signed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RightsRefusal {
    /// No sheet is before the victim.
    NotShown,
    /// The complaint was read: nothing of it changes any more.
    Read,
    /// Only a complaint has the sheet.
    NotAPlainte,
}

impl Draft {
    pub const fn rights(&self) -> Option<&ShownRights> {
        self.rights.as_ref()
    }

    /// When the victim acknowledged the rights; absent until then.
    pub fn rights_acknowledged(&self) -> Option<Timestamp> {
        let settled = self.rights.as_ref().is_some_and(|shown| shown.outcome.is_some());
        self.rights_at.filter(|_| settled)
    }

    /// Puts a sheet before the victim. Another sheet than the one that was signed is not signed.
    pub fn show_rights(&mut self, language: Language, sheet: Digest) -> Result<(), RightsRefusal> {
        if self.kind != ActKind::Plainte {
            return Err(RightsRefusal::NotAPlainte);
        }
        let same = |shown: &ShownRights| (shown.language, shown.sheet) == (language, sheet);
        if self.rights.as_ref().is_some_and(same) {
            return Ok(());
        }
        self.may_change().map_err(|_| RightsRefusal::Read)?;
        self.rights = Some(ShownRights {
            language,
            sheet,
            outcome: None,
            strokes: None,
        });
        Ok(())
    }

    /// Keeps the signature under the sheet that is shown; `image` is the digest of the picture drawn from `strokes`.
    pub fn sign_rights(
        &mut self,
        strokes: Strokes,
        image: Digest,
        now: Timestamp,
    ) -> Result<(), RightsRefusal> {
        let shown = self.rights.as_ref().ok_or(RightsRefusal::NotShown)?;
        let pad = SignedPad {
            strokes: Digest::of(&canonical::encode(&strokes)),
            image,
            shown: shown.sheet,
        };
        self.acknowledge(HandOutcome::Signed(pad), Some(strokes), now)
    }

    /// Keeps that the victim does not sign the sheet, with the reason; the rights are notified all the same.
    pub fn leave_rights_unsigned(
        &mut self,
        outcome: HandOutcome,
        now: Timestamp,
    ) -> Result<(), RightsRefusal> {
        self.acknowledge(outcome, None, now)
    }

    fn acknowledge(
        &mut self,
        outcome: HandOutcome,
        strokes: Option<Strokes>,
        now: Timestamp,
    ) -> Result<(), RightsRefusal> {
        if self.rights.is_none() {
            return Err(RightsRefusal::NotShown);
        }
        self.may_change().map_err(|_| RightsRefusal::Read)?;
        if let Some(shown) = &mut self.rights {
            shown.outcome = Some(outcome);
            shown.strokes = strokes;
            let code = shown.language.code().to_owned();
            self.texts.insert(Field::RightsLanguage, code);
            self.rights_at = Some(now);
        }
        Ok(())
    }

    /// A notice that is taken back, or given in another language, takes its signature with it.
    pub(super) fn drop_rights_but_in(&mut self, code: &str) {
        self.rights.take_if(|shown| shown.language.code() != code.trim());
    }
}
