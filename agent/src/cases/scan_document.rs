//! A document before the camera: its zone is typed into the draft, its seals are shown with what proves them. The picture
//! itself is kept nowhere.

use domain::ActId;
use domain::dialogue::{CachetCard, ScanProblem, ScanView};
use domain::draft::Field;
use domain::identity::CivilDate;
use domain::photo::Picture;
use trust::cachet::Authorities;

use crate::engine::{Effect, Engine};
use crate::store::StoreError;
use crate::work::{Job, ScanJob, Scanned};

impl Engine {
    /// Has a worker read the picture.
    pub(crate) fn scan_document(&mut self, draft: ActId, picture: Picture) -> Result<(), StoreError> {
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
            picture,
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
        let Some(desk) = self.desk() else { return Ok(()) };
        // What is asked of a draft that is gone is nobody's business any more.
        if desk.scans.remove(&draft).is_none() {
            return Ok(());
        }
        let (zone, view) = match result {
            Ok(scanned) => {
                let cards = scanned.cachets.into_iter().map(CachetCard::from).collect();
                (scanned.zone, ScanView::Read(cards))
            }
            Err(problem) => (None, ScanView::Unread(problem)),
        };
        desk.scans.insert(draft, view);
        self.stale.draft = true;
        match zone {
            Some(zone) => self.fill(draft, Field::Mrz, zone.reveal()),
            None => Ok(()),
        }
    }
}
