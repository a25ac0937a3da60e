//! A document before the camera or under a scanner that types: its zone is typed into the draft, its seals are shown with
//! what proves them. The picture itself is kept nowhere. What the seals state is held against the zone and what is typed.

use domain::ActId;
use domain::dialogue::{CachetCard, ScanProblem, ScanView};
use domain::draft::{Draft, Field};
use domain::identity::crosscheck::SealSeen;
use domain::identity::{CivilDate, Keyed, NotKeyed};
use trust::cachet::Authorities;

use crate::engine::{Effect, Engine};
use crate::store::StoreError;
use crate::work::{Job, ScanJob, Scanned, Seen};

impl Engine {
    /// A plate is typed in; a worker reads the rest.
    pub(crate) fn scan_keyed(&mut self, draft: ActId, text: &str) -> Result<(), StoreError> {
        let Some(desk) = self.desk() else { return Ok(()) };
        if desk.store.draft(draft)?.is_none() {
            return Ok(());
        }
        let problem = match Keyed::read(text) {
            Ok(Keyed::Zone(zone)) => return self.scan_document(draft, Seen::Zone(zone)),
            Ok(Keyed::Seal(seal)) => return self.scan_document(draft, Seen::Seal(seal)),
            Ok(Keyed::Plate(plate)) => {
                self.show_scan(draft, ScanView::Read(Vec::new()));
                return self.fill(draft, Field::Plate, &plate.to_string());
            }
            Err(NotKeyed::Spoilt) => ScanProblem::Misread,
            Err(NotKeyed::Unfinished) => ScanProblem::Unfinished,
            Err(NotKeyed::Foreign) => ScanProblem::Foreign,
        };
        self.show_scan(draft, ScanView::Unread(problem));
        Ok(())
    }

    fn show_scan(&mut self, draft: ActId, view: ScanView) {
        if let Some(desk) = self.desk() {
            desk.scans.insert(draft, view);
            self.stale.draft = true;
        }
    }

    /// Has a worker read it.
    pub(crate) fn scan_document(&mut self, draft: ActId, seen: Seen) -> Result<(), StoreError> {
        let now = self.now;
        let list = self.trust_list.clone();
        let Some(desk) = self.desk() else { return Ok(()) };
        if desk.store.draft(draft)?.is_none() {
            return Ok(());
        }
        let authorities = if desk.certificate.formation() {
            Authorities::WithTests
        } else {
            Authorities::Real
        };
        desk.scans.insert(draft, ScanView::Reading);
        self.stale.draft = true;
        self.out.push(Effect::Work(Job::Scan(Box::new(ScanJob {
            draft,
            seen,
            list,
            authorities,
            now: now.utc,
            today: CivilDate::from(now.local().date()),
        }))));
        Ok(())
    }

    pub(crate) fn scanned(
        &mut self,
        draft: ActId,
        result: Result<Scanned, ScanProblem>,
    ) -> Result<(), StoreError> {
        let today = CivilDate::from(self.now.local().date());
        let Some(desk) = self.desk() else { return Ok(()) };
        // What is asked of a draft that is gone is nobody's business any more.
        if desk.scans.remove(&draft).is_none() {
            return Ok(());
        }
        let form = desk.store.draft(draft)?;
        let (zone, view, seals, text) = match result {
            Ok(scanned) => {
                let text = scanned
                    .text
                    .filter(|_| form.as_ref().is_some_and(awaits_a_number));
                let nothing = scanned.zone.is_none() && scanned.cachets.is_empty() && text.is_none();
                let seals = scanned.cachets.iter();
                let seals: Vec<SealSeen> = seals.map(|seal| SealSeen::of(seal, today)).collect();
                let cards = scanned.cachets.into_iter().map(CachetCard::from).collect();
                let view = if nothing {
                    ScanView::Unread(ScanProblem::NothingFound)
                } else {
                    ScanView::Read(cards)
                };
                (scanned.zone, view, seals, text)
            }
            Err(problem) => (None, ScanView::Unread(problem), Vec::new(), None),
        };
        desk.scans.insert(draft, view);
        self.stale.draft = true;
        self.keep_seals(draft, seals)?;
        if let Some(text) = text {
            self.fill(draft, Field::FiledNumber, text.reveal())?;
        }
        match zone {
            Some(zone) => self.fill(draft, Field::Mrz, zone.reveal()),
            None => Ok(()),
        }
    }

    /// What the seals state goes into the draft, and from there into the act.
    fn keep_seals(&mut self, draft: ActId, seals: Vec<SealSeen>) -> Result<(), StoreError> {
        let now = self.now;
        if let Some(desk) = self.desk()
            && let Some(mut form) = desk.store.draft(draft)?
            && !desk.signing.contains_key(&draft)
            && form.keep_seals(seals).is_ok()
        {
            desk.store.save_draft(&form, now)?;
        }
        Ok(())
    }
}

/// What the victim filed before is named, and its number is not there yet.
fn awaits_a_number(draft: &Draft) -> bool {
    !draft.text(Field::FiledOnline).is_empty() && draft.text(Field::FiledNumber).is_empty()
}
