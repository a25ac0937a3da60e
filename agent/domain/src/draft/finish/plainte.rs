//! From the form of a complaint to the act (15-3, 10-2 CPP).

use super::super::{Field, Reason};
use super::Form;
use crate::plainte::{HandedOver, Language, Plainte, Receipt, RightsNotice, RightsSheet, Suspect, Venue};
use crate::pv::{Exchange, NotAnExchange, exchanges};
use crate::sensitive::Sensitive;

impl Form<'_> {
    pub(super) fn plainte(&mut self) -> Option<Plainte> {
        if !self.around.officer.quality.takes_complaints() {
            self.problem(Field::Account, Reason::QualityNotEmpowered);
        }
        let venue = self.choice(Field::Venue, Venue::from_code);
        let place = self.place();
        let victim = self.short_person();
        let offences = self.codes(Field::Offences);
        let when = self.needed(Field::When);
        let (paragraphs, exchanges) = self.told();
        let suspect = self
            .typed(Field::Suspect)
            .map_or(Suspect::Unknown, |name| Suspect::Named(Sensitive::from(name)));
        let rights = self.rights_notice();
        let receipt = self.receipt();
        let deposit = self.deposit();
        let reception = self.reception();
        let facts = self.facts();
        let evaluation = self.evaluation();
        let danger = self.danger();
        let protocol = self.protocol();
        let filed = self.filed_online();
        let directed = self.directed();
        self.contact_stays_apart();
        let signers = self.signed_by_hand();
        Some(Plainte {
            venue: venue?,
            place: place?,
            victim: victim?,
            offences,
            when: when?.to_owned(),
            paragraphs,
            suspect,
            rights: rights?,
            receipt_handed: receipt.is_handed(),
            started: self.draft.started,
            renvois: self.renvois(),
            signers,
            deposit,
            reception,
            facts,
            evaluation,
            danger,
            protocol,
            receipt: (receipt != Receipt::Plain).then_some(receipt),
            photos: self.draft.photos().to_vec(),
            pieces: self.draft.pieces().to_vec(),
            exchanges,
            native_name: self.typed(Field::NativeName).map(Sensitive::from),
            filed,
            directed,
        })
    }

    /// What the victim chose. Where a paper may be found by whom it is about, it is neutral unless they choose otherwise.
    fn receipt(&mut self) -> Receipt {
        let chosen = self.maybe(Field::HandReceipt, Reason::NotAChoice, |code| {
            Receipt::from_code(code).ok_or(())
        });
        chosen.unwrap_or(if self.asks_for_discretion() {
            Receipt::Neutral
        } else {
            Receipt::Plain
        })
    }

    /// The account, then questions and answers where any were asked. A line that only looks like an answer is part of the
    /// account: nobody is turned away for it.
    fn told(&mut self) -> (Vec<Sensitive<String>>, Vec<Exchange>) {
        let text = self.typed(Field::Account).unwrap_or_default();
        if exchanges(text) == Err(NotAnExchange::NoQuestion) {
            return (
                self.paragraphs().into_iter().map(Sensitive::new).collect(),
                Vec::new(),
            );
        }
        self.said(false).unwrap_or_default()
    }

    /// The notice with its proof: the sheet that was shown, what the victim did with it, and how it was handed over.
    fn rights_notice(&mut self) -> Option<RightsNotice> {
        let handed = self.choice(Field::SheetHanded, HandedOver::from_code);
        let (Some(code), Some(at)) = (self.typed(Field::RightsLanguage), self.draft.rights_at) else {
            self.problem(Field::RightsLanguage, Reason::RightsNotNotified);
            return None;
        };
        let Some(language) = Language::from_code(code) else {
            self.problem(Field::RightsLanguage, Reason::NotAChoice);
            return None;
        };
        let shown = self.draft.rights().filter(|shown| shown.language() == language);
        let Some((shown, outcome)) = shown.and_then(|shown| Some((shown, shown.outcome()?))) else {
            self.problem(Field::RightsLanguage, Reason::RightsNotSigned);
            return None;
        };
        Some(RightsNotice {
            language,
            at,
            sheet: Some(RightsSheet {
                sha256: shown.sheet(),
                handed: handed?,
                outcome: outcome.clone(),
            }),
        })
    }
}
