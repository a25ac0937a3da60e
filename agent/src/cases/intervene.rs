//! The current intervention, from which every act hangs.

use domain::InterventionId;
use domain::dialogue::Notice;
use domain::intervention::{Intervention, OperationsNumber, Outcome};
use domain::place::Place;

use crate::engine::Engine;
use crate::store::StoreError;

impl Engine {
    pub(crate) fn open_intervention(
        &mut self,
        id: Option<InterventionId>,
        number: &str,
        place: &str,
    ) -> Result<(), StoreError> {
        let now = self.now;
        let id = id.unwrap_or_else(|| InterventionId::from_bytes(self.mint.id(now.utc)));
        let number = match OperationsNumber::parse(number) {
            Ok(number) => Some(number),
            Err(_) if number.trim().is_empty() => None,
            Err(_) => {
                self.notice(Notice::NotAnOperationsNumber);
                return Ok(());
            }
        };
        let Ok(place) = Place::parse(place) else {
            self.notice(Notice::NotAPlace);
            return Ok(());
        };
        let Some(desk) = self.desk() else { return Ok(()) };
        if desk.store.knows_intervention(id)? {
            return Ok(());
        }
        let Some(service) = &desk.service else {
            self.notice(Notice::NoService);
            return Ok(());
        };
        // One at a time: opening the next closes the current one.
        let closed = desk.intervention.clone().map(|current| Intervention {
            closed: Some(now),
            ..current
        });
        let intervention = Intervention {
            id,
            service: service.id,
            number,
            place,
            opened: now,
            on_scene: None,
            closed: None,
            people: Vec::new(),
            outcome: None,
        };
        desk.store
            .save_interventions(closed.iter().chain([&intervention]))?;
        desk.intervention = Some(intervention);
        self.stale.home = true;
        Ok(())
    }

    pub(crate) fn arrive_on_scene(&mut self) -> Result<(), StoreError> {
        self.amend_intervention(|intervention, now| {
            intervention.on_scene.get_or_insert(now);
        })
    }

    pub(crate) fn close_intervention(&mut self, outcome: Outcome) -> Result<(), StoreError> {
        self.amend_intervention(|intervention, now| {
            intervention.closed = Some(now);
            intervention.outcome = Some(outcome);
        })
    }

    fn amend_intervention(
        &mut self,
        change: impl FnOnce(&mut Intervention, domain::Timestamp),
    ) -> Result<(), StoreError> {
        let now = self.now;
        let Some(desk) = self.desk() else { return Ok(()) };
        let Some(mut intervention) = desk.intervention.clone() else {
            return Ok(());
        };
        change(&mut intervention, now);
        desk.store.save_interventions([&intervention])?;
        desk.intervention = intervention.closed.is_none().then_some(intervention);
        self.stale.home = true;
        Ok(())
    }
}
