//! Before the shift: how terminal and camera are, and colleagues who are added to the crew by their cards.

use std::sync::{Arc, Mutex};

use camera::driver::Command;
use domain::dialogue::Notice;
use domain::hotlist::Catalogue;
use domain::journal::Operation;
use domain::officer::Matricule;
use domain::service::{CameraCheck, Checks, ClockCheck};
use trust::cert::Certificate;

use super::take_footage::Meeting;
use super::unlock::Desk;
use crate::engine::{Engine, PresentCard};
use crate::keys::Card;
use crate::store::StoreError;

/// For how long the reader may hold another card than the officer's, in milliseconds.
const CREW_CARD_MS: u64 = 30_000;

/// Colleagues who held their cards to the terminal before the shift.
#[derive(Debug, Default)]
pub(crate) struct CrewCards {
    pub(crate) members: Vec<Matricule>,
    /// When the officer's own card has to be back, on the device's clock; none while nobody is waited for.
    until: Option<u64>,
    /// The card is that of whoever wears the camera.
    for_camera: bool,
}

impl CrewCards {
    pub(crate) const fn awaited(&self) -> bool {
        self.until.is_some()
    }
}

impl Engine {
    /// `waiting` acts are not received.
    pub(crate) fn checks(&self, waiting: u32) -> Result<Checks, StoreError> {
        let camera =
            if let (Meeting::Met(camera), Some(status)) = (&self.footage.meeting, &self.footage.status) {
                CameraCheck::Met {
                    camera: camera.clone(),
                    battery: status.battery,
                    free: status.free,
                }
            } else if let Some(pairing) = self.device.pairing()? {
                CameraCheck::NotMet(pairing.camera)
            } else {
                CameraCheck::NotPaired
            };
        let unread = self.dispatch_lines().into_iter();
        let unread = unread
            .filter(|line| line.about.is_briefing() && !line.read)
            .count();
        let hq = self.hq_clock.map(|clock| clock.now(&self.now));
        Ok(Checks {
            clock: ClockCheck::of(self.now.utc, hq),
            room: self.site.reserve().exists(),
            lists_of: self.hotlist_line(Catalogue::Things).map(|lists| lists.as_of),
            waiting,
            camera,
            unread: u32::try_from(unread).unwrap_or(u32::MAX),
        })
    }

    /// For half a minute another card adds its holder to the crew.
    pub(crate) fn await_crew_card(&mut self) {
        let until = self.now.mono_ms.saturating_add(CREW_CARD_MS);
        if let Some(desk) = self.desk()
            && desk.service.is_none()
        {
            // Asked for again it lasts no longer: the officer's card is to come back.
            desk.crew_cards.until.get_or_insert(until);
            self.stale.home = true;
        }
    }

    /// For half a minute another card says who wears the camera that is met.
    pub(crate) fn await_camera_card(&mut self) {
        let until = self.now.mono_ms.saturating_add(CREW_CARD_MS);
        let met = matches!(self.footage.meeting, Meeting::Met(_));
        if let Some(desk) = self.desk()
            && desk.service.is_some()
            && met
        {
            desk.crew_cards.for_camera = true;
            desk.crew_cards.until.get_or_insert(until);
            self.stale.home = true;
        }
    }

    /// True where the card was one that is waited for: the officer's own, or that of a colleague.
    pub(crate) fn crew_card(
        &mut self,
        card: &Arc<Mutex<dyn Card>>,
        certificate: &Arc<Certificate>,
    ) -> Result<bool, StoreError> {
        let now = self.now;
        let Desk::Open(desk) = &mut self.desk else {
            return Ok(false);
        };
        if !desk.crew_cards.awaited() {
            return Ok(false);
        }
        if desk.certificate.der() == certificate.der() {
            desk.crew_cards.until = None;
            desk.crew_cards.for_camera = false;
            self.card = Some(PresentCard {
                card: card.clone(),
                certificate: certificate.clone(),
            });
            self.stale.home = true;
            return Ok(true);
        }
        self.card = None;
        let author = desk.officer.id;
        let holder = self
            .enrolment
            .officers
            .iter()
            .find(|officer| officer.certificate.0 == certificate.der())
            .map(|enrolled| enrolled.officer.clone());
        let Some(holder) = holder else {
            self.notice(Notice::CrewCardUnknown);
            return Ok(true);
        };
        let read = Operation::CrewCardRead { officer: holder.id };
        self.device.log(now, Some(author), read)?;
        let wears = match self.desk() {
            Some(desk) => std::mem::take(&mut desk.crew_cards.for_camera),
            None => false,
        };
        if wears {
            let to = Some(holder.matricule);
            self.tell_camera(Command::Assign { to });
            self.stale.home = true;
            return Ok(true);
        }
        if let Some(desk) = self.desk()
            && !desk.crew_cards.members.contains(&holder.matricule)
        {
            desk.crew_cards.members.push(holder.matricule);
        }
        self.stale.home = true;
        Ok(true)
    }

    /// True where the officer's own card may be away for a moment.
    pub(crate) fn spares_card(&mut self) -> bool {
        let spared = match &self.desk {
            Desk::Open(desk) => desk.crew_cards.awaited(),
            Desk::Locked | Desk::Unlocking { .. } => false,
        };
        if spared {
            self.card = None;
        }
        spared
    }

    pub(crate) fn crew_card_wakeup(&self) -> Option<u64> {
        match &self.desk {
            Desk::Open(desk) => desk.crew_cards.until,
            Desk::Locked | Desk::Unlocking { .. } => None,
        }
    }

    /// An officer whose card is not back is not there.
    pub(crate) fn wake_crew_card(&mut self) -> Result<(), StoreError> {
        if self
            .crew_card_wakeup()
            .is_none_or(|until| until > self.now.mono_ms)
        {
            return Ok(());
        }
        if let Some(desk) = self.desk() {
            desk.crew_cards.until = None;
            desk.crew_cards.for_camera = false;
            self.stale.home = true;
        }
        if self.card.is_some() {
            return Ok(());
        }
        self.lock()?;
        self.begin_training()
    }
}
