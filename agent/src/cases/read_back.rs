//! The reading of an act: drawn, locked, corrected by renvois, signed by hand (107, D.589-2 and A.53-4 CPP).

use domain::dialogue::{Notice, PagesView, Unsigned as Why, View};
use domain::draft::{Draft, ReadingRefusal, Reason, ShownRights};
use domain::envelope::Lane;
use domain::hand::{HandOutcome, Strokes};
use domain::{ActId, Digest, canonical};

use super::sign::unprintable;
use crate::engine::{Effect, Engine};
use crate::store::StoreError;
use crate::work::{DrawFailure, DrawJob, Drawing, DrawnPages, Job, Source, Unsigned};

impl Engine {
    /// Draws the act as it stands; nothing is locked.
    pub(crate) fn preview(&mut self, id: ActId) -> Result<(), StoreError> {
        match self.draft_at_rest(id)? {
            Some(draft) => self.draw(&draft, Drawing::Preview),
            None => Ok(()),
        }
    }

    /// Opens the reading, or draws it again: once it is drawn, it is locked and on screen.
    pub(crate) fn read_back(&mut self, id: ActId) -> Result<(), StoreError> {
        match self.draft_at_rest(id)? {
            Some(draft) => self.draw(&draft, Drawing::Reading),
            None => Ok(()),
        }
    }

    /// The draft, when it is neither signed nor being signed.
    pub(super) fn draft_at_rest(&mut self, id: ActId) -> Result<Option<Draft>, StoreError> {
        let Some(desk) = self.desk().filter(|desk| !desk.signing.contains_key(&id)) else {
            return Ok(None);
        };
        desk.store.draft(id)
    }

    fn draw(&mut self, draft: &Draft, drawing: Drawing) -> Result<(), StoreError> {
        self.stale.draft = true;
        let key = (draft.id, drawing);
        if self.desk().is_some_and(|desk| desk.drawing.contains_key(&key)) {
            return Ok(());
        }
        if drawing == Drawing::Reading && self.desk().is_some_and(|desk| desk.brought.is_coming(draft.id)) {
            self.notice(Notice::PieceComing);
            return Ok(());
        }
        let Some(around) = self.surroundings_of(draft.id) else {
            self.notice(Notice::NoService);
            return Ok(());
        };
        let to_read = match (draft.read_back(around, self.now), unprintable(draft).as_slice()) {
            (Ok(to_read), []) => to_read,
            (Err(problems), _) if problems.iter().any(|one| one.reason == Reason::ClockBackwards) => {
                self.notice(Notice::ClockBehind);
                return Ok(());
            }
            (Ok(_) | Err(_), _) => {
                self.notice(Notice::NotSigned { draft: draft.id });
                return Ok(());
            }
        };
        let Some(photos) = self.photo_files(to_read.photos())? else {
            tracing::error!(act = %draft.id, "a photograph of the draft is gone");
            self.notice(Notice::NotSigned { draft: draft.id });
            return Ok(());
        };
        // What is read bears the number under which it will be signed.
        let number = match drawing {
            Drawing::Reading if draft.kind.is_numbered() => {
                let range = self.number_range()?;
                let owner = self.officer_id();
                let reserved = self
                    .device
                    .reserve(draft.id, owner, Lane::Procedures, Some(range))?;
                reserved.number
            }
            Drawing::Reading
            | Drawing::Preview
            | Drawing::Signed
            | Drawing::Rights(_)
            | Drawing::Leaflet(_) => None,
        };
        let unsigned = Unsigned {
            record: to_read.record(number),
            reference: self.reference.clone(),
            photos,
            signers: draft.signers(self.now),
            rights: draft.rights().and_then(ShownRights::strokes).cloned(),
        };
        if let Some(desk) = self.desk() {
            desk.drawing.insert(key, drawn_from(draft));
        }
        self.out.push(Effect::Work(Job::Draw(DrawJob {
            act: draft.id,
            drawing,
            source: Source::Draft(Box::new(unsigned)),
        })));
        Ok(())
    }

    /// A document is drawn: shown, and for a reading kept as what those who sign have before them.
    pub(crate) fn drawn(
        &mut self,
        act: ActId,
        drawing: Drawing,
        result: Result<DrawnPages, DrawFailure>,
    ) -> Result<(), StoreError> {
        let now = self.now;
        let asked_here = self.desk().and_then(|desk| desk.drawing.remove(&(act, drawing)));
        let Some(from) = asked_here else {
            return Ok(());
        };
        self.stale.draft = true;
        let DrawnPages { pdf, pages } = match result {
            Ok(drawn) => drawn,
            Err(error) => {
                tracing::error!(%act, %error, "a document could not be shown");
                self.notice(match drawing {
                    Drawing::Signed => Notice::ActNotReadable { act },
                    Drawing::Preview | Drawing::Reading | Drawing::Rights(_) | Drawing::Leaflet(_) => {
                        Notice::NotSigned { draft: act }
                    }
                });
                return Ok(());
            }
        };
        if let Drawing::Rights(language) = drawing {
            if !self.rights_drawn(act, language, &pdf)? {
                return Ok(());
            }
        } else if let Drawing::Leaflet(_) = drawing {
            let Some(desk) = self.desk() else { return Ok(()) };
            desk.store.keep_leaflet(act, &pdf)?;
        } else if drawing == Drawing::Reading {
            let Some(mut draft) = self.draft_at_rest(act)? else {
                return Ok(());
            };
            if drawn_from(&draft) != from {
                // Nobody signs by hand another text than the one that will be the act.
                return self.draw(&draft, Drawing::Reading);
            }
            draft.show(Digest::of(&pdf), now);
            if let Some(desk) = self.desk() {
                desk.store.save_shown(&draft, &pdf, now)?;
            }
            self.stale.home = true;
        }
        self.show(View::Pages(PagesView {
            act,
            pages: pages.into_iter().map(minicbor::bytes::ByteVec::from).collect(),
            rights: match drawing {
                Drawing::Rights(language) => Some(language),
                Drawing::Preview | Drawing::Reading | Drawing::Signed | Drawing::Leaflet(_) => None,
            },
            leaflet: match drawing {
                Drawing::Leaflet(shown) => Some(shown),
                Drawing::Preview | Drawing::Reading | Drawing::Signed | Drawing::Rights(_) => None,
            },
        }));
        Ok(())
    }

    /// A signature by hand; its picture is drawn from the strokes, so that the two cannot differ.
    pub(crate) fn sign_by_hand(&mut self, id: ActId, signer: u8, strokes: Strokes) -> Result<(), StoreError> {
        let image = Digest::of(&documents::picture(&strokes));
        self.change_reading(id, signer, |draft| draft.sign_by_hand(signer, strokes, image))
    }

    pub(crate) fn leave_unsigned(
        &mut self,
        id: ActId,
        signer: u8,
        why: Why,
        reason: &str,
    ) -> Result<(), StoreError> {
        match self.unsigned(why, reason) {
            Some(outcome) => self.change_reading(id, signer, |draft| draft.leave_unsigned(signer, outcome)),
            None => Ok(()),
        }
    }

    /// Why somebody does not sign; none without words for it, which the officer is asked for.
    pub(super) fn unsigned(&mut self, why: Why, reason: &str) -> Option<HandOutcome> {
        let reason = reason.trim().to_owned();
        if reason.is_empty() {
            self.notice(Notice::WordsMissing);
            return None;
        }
        Some(match why {
            Why::Refuses => HandOutcome::Refuses { reason },
            Why::Unable => HandOutcome::Unable { reason },
        })
    }

    fn change_reading(
        &mut self,
        id: ActId,
        signer: u8,
        change: impl FnOnce(&mut Draft) -> Result<(), ReadingRefusal>,
    ) -> Result<(), StoreError> {
        let now = self.now;
        let Some(mut draft) = self.draft_at_rest(id)? else {
            return Ok(());
        };
        self.stale.draft = true;
        if usize::from(signer) >= draft.signers(now).len() {
            return Ok(());
        }
        if let Err(refusal) = change(&mut draft) {
            self.reading_refused(refusal);
            return Ok(());
        }
        match self.desk() {
            Some(desk) => desk.store.save_draft(&draft, now),
            None => Ok(()),
        }
    }

    fn reading_refused(&mut self, refusal: ReadingRefusal) {
        self.notice(match refusal {
            ReadingRefusal::NotShown => Notice::NotRead,
            ReadingRefusal::Empty | ReadingRefusal::TooMany => Notice::WordsMissing,
        });
    }

    /// A correction of what was read: numbered, and drawn for everybody who signs.
    pub(crate) fn add_renvoi(&mut self, id: ActId, place: &str, text: &str) -> Result<(), StoreError> {
        let now = self.now;
        let Some(mut draft) = self.draft_at_rest(id)? else {
            return Ok(());
        };
        if let Err(refusal) = draft.add_renvoi(place, text) {
            self.reading_refused(refusal);
            return Ok(());
        }
        if let Some(desk) = self.desk() {
            desk.store.save_draft(&draft, now)?;
        }
        self.draw(&draft, Drawing::Reading)
    }

    /// The signed document of an act, as bytes and as pages.
    pub(crate) fn show_document(&mut self, act: ActId) -> Result<(), StoreError> {
        let Some(pdf) = self.readable(act)?.and_then(|readable| readable.document) else {
            return Ok(());
        };
        self.show(View::Document(domain::dialogue::DocumentView {
            act,
            pdf: pdf.clone(),
        }));
        if let Some(desk) = self.desk() {
            let key = (act, Drawing::Signed);
            desk.drawing.insert(key, Digest::of(&pdf));
        }
        self.out.push(Effect::Work(Job::Draw(DrawJob {
            act,
            drawing: Drawing::Signed,
            source: Source::Kept(pdf),
        })));
        Ok(())
    }
}

/// Tells whether a draft is still the one that a worker began to draw.
pub(super) fn drawn_from(draft: &Draft) -> Digest {
    Digest::of(&canonical::encode(draft))
}
