//! Prise and fin de service: what every act of the shift inherits.

use std::collections::BTreeSet;

use domain::ServiceId;
use domain::dialogue::Notice;
use domain::journal::Operation;
use domain::officer::{Corps, Matricule};
use domain::service::{CardPresence, PatrolVehicle, Service, TypedVehicle};

use crate::engine::Engine;
use crate::store::StoreError;

impl Engine {
    pub(crate) fn start_service(
        &mut self,
        crew: &str,
        opj: &str,
        vehicle: &TypedVehicle,
    ) -> Result<(), StoreError> {
        let now = self.now;
        let id = ServiceId::from_bytes(self.mint.id(now.utc));
        let camera = self.device.pairing()?.map(|pairing| pairing.camera);
        let checks = self.checks(self.device.tally()?.waiting)?;
        let Some(desk) = self.desk() else { return Ok(()) };
        if desk.service.is_some() {
            return Ok(());
        }
        let corps = desk.officer.matricule.corps();
        let Some(mut members) = numbers(corps, crew) else {
            self.notice(Notice::NotAServiceNumber);
            return Ok(());
        };
        let Some(opj) = numbers(corps, opj).filter(|opj| opj.len() <= 1) else {
            self.notice(Notice::NotAServiceNumber);
            return Ok(());
        };
        let Ok(vehicle) = PatrolVehicle::read(vehicle) else {
            self.notice(Notice::NotAPatrolVehicle);
            return Ok(());
        };
        let author = desk.officer.matricule.clone();
        let by_card = std::mem::take(&mut desk.crew_cards.members);
        members.extend(by_card);
        members.insert(0, author);
        let mut seen = BTreeSet::new();
        members.retain(|member| seen.insert(member.to_string()));
        let service = Service {
            id,
            crew: members,
            opj: opj.into_iter().next(),
            requisitions: Vec::new(),
            camera,
            card: if desk.certificate.formation() {
                CardPresence::Formation
            } else {
                CardPresence::Card
            },
            started: now,
            ended: None,
            basis: None,
            operations: Vec::new(),
            vehicle,
            checks: Some(checks.clone()),
        };
        desk.store.save_service(&service)?;
        desk.service = Some(service);
        let officer = desk.officer.id;
        self.device.log(now, Some(officer), Operation::ServiceStarted)?;
        self.device
            .log(now, Some(officer), Operation::ServiceChecked { checks })?;
        self.device.set_on_duty(true)?;
        self.stale.home = true;
        // What the crew has already comes anew.
        self.device.begin_crew_notes()?;
        self.tell_duty()
    }

    pub(crate) fn end_service(&mut self) -> Result<(), StoreError> {
        let now = self.now;
        let Some(desk) = self.desk() else { return Ok(()) };
        let Some(mut service) = desk.service.clone() else {
            return Ok(());
        };
        self.erase_fruitless_checks()?;
        let Some(desk) = self.desk() else { return Ok(()) };
        service.ended = Some(now);
        desk.store.save_service(&service)?;
        desk.service = None;
        let officer = desk.officer.id;
        self.device.log(now, Some(officer), Operation::ServiceEnded)?;
        self.device.set_on_duty(false)?;
        self.forget_position()?;
        self.end_assignment()?;
        self.stale.home = true;
        // Who left the crew is shown nothing more of it; what they joined goes at its term.
        self.device.drop_crew_notes_for(officer)?;
        if let Some(desk) = self.desk() {
            desk.crew.offered.clear();
        }
        self.tell_duty()
    }
}

/// Service numbers separated by spaces or commas; none at all is fine.
fn numbers(corps: Corps, text: &str) -> Option<Vec<Matricule>> {
    text.split([' ', ',', ';'])
        .filter(|part| !part.is_empty())
        .map(|part| Matricule::parse(corps, part).ok())
        .collect()
}
