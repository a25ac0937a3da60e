//! HQ's notes on visas: taken once each while the terminal is in the pocket, and read when their officer is there.

use domain::dialogue::{Notice, VisaLine};
use domain::record::Act;
use domain::visa::{AskedVisa, DecidedVisa, VisaNote};
use domain::{ActId, Digest, canonical};
use sync::wire::v1::{MAX_VISA_NOTE, VisaMessage, VisasHeld};
use trust::seal;

use crate::engine::Engine;
use crate::store::{AskedRow, StoreError};
use crate::work::record_of;

impl Engine {
    /// A note that HQ's command key signed; it stays sealed until its officer unlocks.
    pub(crate) fn visa_message(&mut self, payload: &[u8]) -> Result<(), StoreError> {
        let message = canonical::decode::<VisaMessage>(payload)
            .ok()
            .filter(|message| message.version == 1 && message.device == self.enrolment.terminal.device);
        let Some(message) = message else {
            tracing::warn!("a visa note that is not for this terminal was dropped");
            return Ok(());
        };
        let taken = self.device.last_visa_note()?;
        if !self.is_next("a visa note", taken, message.after, message.sequence) {
            return Ok(());
        }
        let Some(note) = self.open_note(&message.sealed) else {
            tracing::error!(sequence = message.sequence, "a visa note does not open");
            return Ok(());
        };
        let officer = note.officer();
        self.device
            .take_visa_note(message.sequence, officer, &message.sealed)?;
        tracing::info!(sequence = message.sequence, "visa note taken");
        self.read_visa_notes()
    }

    fn open_note(&self, sealed: &[u8]) -> Option<VisaNote> {
        let plain = seal::open(self.keys.identity(), sealed, MAX_VISA_NOTE).ok()?;
        canonical::decode(&plain).ok()
    }

    /// Hands the notes that came in the pocket to the officer who is there. Each is in the officer's database before it
    /// leaves the device's.
    pub(crate) fn read_visa_notes(&mut self) -> Result<(), StoreError> {
        let Some(officer) = self.officer_id() else {
            return Ok(());
        };
        let mut last = None;
        for sealed in self.device.visa_notes(officer)? {
            match self.open_note(&sealed.sealed) {
                Some(VisaNote::Asked(asked)) => last = self.visa_asked(&asked)?.or(last),
                Some(VisaNote::Decided(decided)) => self.visa_decided(&decided)?,
                None => {
                    tracing::error!(sequence = sealed.sequence, "a kept visa note does not open");
                    continue;
                }
            }
            self.device.drop_visa_note(sealed.sequence)?;
            self.stale.home = true;
            self.stale.deliveries = true;
        }
        // Told once, however many came in the pocket.
        if let Some(request) = last {
            self.notice(Notice::VisaAsked { request });
        }
        Ok(())
    }

    /// The request, when it is shown to the officer.
    fn visa_asked(&mut self, asked: &AskedVisa) -> Result<Option<ActId>, StoreError> {
        let Some(row) = row_of(asked) else {
            tracing::error!("a request for a visa and its act do not belong together");
            return Ok(None);
        };
        let Some(desk) = self.desk() else { return Ok(None) };
        let document = asked.act.as_ref().map(|act| act.document.as_slice());
        desk.store.keep_asked(&row, document)?;
        Ok(Some(row.line.request))
    }

    fn visa_decided(&mut self, decided: &DecidedVisa) -> Result<(), StoreError> {
        let Some(Act::Visa(visa)) = record_of(&decided.visa).map(|record| record.act) else {
            tracing::error!("a visa does not read");
            return Ok(());
        };
        let Some(desk) = self.desk() else { return Ok(()) };
        desk.store.forget_asked(visa.request)?;
        if desk.store.answer_request(visa.request, &decided.visa)? {
            self.notice(Notice::VisaDecided { act: visa.act });
        }
        Ok(())
    }

    /// What a hello says of visas.
    pub(crate) fn visas_held(&self) -> Result<VisasHeld, StoreError> {
        let notes = self.device.last_visa_note()?;
        Ok(VisasHeld { notes })
    }
}

/// The request with the act that came with it, when the two and the document belong together.
fn row_of(asked: &AskedVisa) -> Option<AskedRow> {
    let request = record_of(&asked.request)?;
    let Act::VisaRequest(wanted) = &request.act else {
        return None;
    };
    if let Some(shown) = &asked.act {
        let act = record_of(&shown.record)?;
        let document = act.document?;
        let length = usize::try_from(document.bytes).ok()?;
        let drawn = Digest::of(shown.document.get(..length)?);
        let same = Digest::of(&shown.record) == wanted.record && act.id == wanted.act;
        if !same || drawn != document.sha256 {
            return None;
        }
    }
    Some(AskedRow {
        line: VisaLine {
            request: request.id,
            act: wanted.act,
            kind: asked.kind,
            number: asked.number,
            signed_at: asked.signed_at,
            author: request.context.author.matricule.to_string(),
            asked_at: request.signed_at,
            shown: asked.act.is_some(),
        },
        sha256: wanted.record,
    })
}
