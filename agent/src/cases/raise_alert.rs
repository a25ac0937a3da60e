//! The urgent alert: signed and on its way before anything else, and nobody's until a person takes it.

use std::collections::BTreeMap;

use domain::ActId;
use domain::alert::{Alert, Ground, PATIENCE, Standing};
use domain::delivery::Delivery;
use domain::dialogue::{AlertLine, Haptic, Network, Notice, View};
use domain::draft::{Draft, Field};
use domain::journal::Operation;
use domain::plainte::Filling;
use sync::session::Input;
use sync::wire::v1::AlertTaken;

use super::unlock::Desk;
use crate::engine::Engine;
use crate::store::{AlertRow, StoreError};

/// The alerts that nobody has put away, and what the screens show of them.
#[derive(Default)]
pub(crate) struct Alerts {
    rows: Vec<AlertRow>,
    shown: BTreeMap<ActId, Standing>,
}

impl Alerts {
    pub(crate) const fn of(rows: Vec<AlertRow>) -> Self {
        Self {
            rows,
            shown: BTreeMap::new(),
        }
    }
}

impl Engine {
    /// Danger waits neither for a code nor for the rest of the act.
    pub(crate) fn raise_alert(
        &mut self,
        draft: ActId,
        id: Option<ActId>,
        grounds: &[Ground],
        words: &str,
    ) -> Result<(), StoreError> {
        let now = self.now;
        let id = id.unwrap_or_else(|| ActId::from_bytes(self.mint.id(now.utc)));
        if self.alerts.rows.iter().any(|row| row.alert == id) || self.device.row_of(id)?.is_some() {
            return Ok(());
        }
        let position = self.last_position()?.map(|fix| fix.position);
        let Some(desk) = self.desk() else { return Ok(()) };
        let Some(from) = desk.store.draft(draft)? else {
            return Ok(());
        };
        let intervention = desk.intervention.as_ref();
        let place = match from.text(Field::Place).trim() {
            "" => intervention.map_or("", |intervention| intervention.place.address.as_str()),
            typed => typed,
        };
        let all = grounds.iter().copied().chain(of_grid(&from));
        let Ok(alert) = Alert::new(draft, all, place, words, position) else {
            self.notice(Notice::NotAnAlert);
            return Ok(());
        };
        let intervention = intervention.map(|intervention| intervention.id);
        desk.store.keep_unsigned_alert(id, &alert)?;
        // Kept first: whatever keeps it from being signed, the screen says that nobody has it.
        self.device.keep_alert(id, now)?;
        self.reload_alerts()?;
        self.session_input(Input::UrgentQueued)?;
        let Some(around) = self.surroundings() else {
            return Ok(());
        };
        let to_sign = around.alert(id, intervention, alert, now);
        self.sign_without_form(to_sign, None)
    }

    /// Signs the alerts whose signature a stop cut off, unless their officer told them by radio or telephone.
    pub(crate) fn resume_alerts(&mut self) -> Result<(), StoreError> {
        let kept = match self.desk() {
            Some(desk) => desk.store.unsigned_alerts()?,
            None => return Ok(()),
        };
        for (act, alert) in kept {
            let awaited = self.alerts.rows.iter().any(|row| row.alert == act && !row.told);
            if self.device.row_of(act)?.is_some() || !awaited {
                if let Some(desk) = self.desk() {
                    desk.store.forget_unsigned_alert(act)?;
                }
                continue;
            }
            if self.card.is_none() {
                continue;
            }
            let intervention = self
                .desk()
                .and_then(|desk| desk.intervention.as_ref().map(|one| one.id));
            self.session_input(Input::UrgentQueued)?;
            if let Some(around) = self.surroundings() {
                let to_sign = around.alert(act, intervention, alert, self.now);
                self.sign_without_form(to_sign, None)?;
            }
        }
        Ok(())
    }

    pub(crate) fn alert_told(&mut self, alert: ActId) -> Result<(), StoreError> {
        if self.device.tell_alert(alert)? {
            let officer = self.officer_id();
            self.device
                .log(self.now, officer, Operation::AlertTold { alert })?;
        }
        self.reload_alerts()
    }

    pub(crate) fn alert_seen(&mut self, alert: ActId) -> Result<(), StoreError> {
        self.device.forget_alert(alert)?;
        self.reload_alerts()
    }

    /// HQ's signature was checked.
    pub(crate) fn alert_taken(&mut self, told: &AlertTaken) -> Result<(), StoreError> {
        if told.device == self.enrolment.terminal.device && self.device.take_alert(told.alert, &told.taken)? {
            let (alert, at) = (told.alert, told.taken.at);
            self.device
                .log(self.now, None, Operation::AlertTaken { alert, at })?;
            tracing::info!(%alert, "alert taken");
        }
        self.reload_alerts()
    }

    fn reload_alerts(&mut self) -> Result<(), StoreError> {
        self.alerts.rows = self.device.alerts()?;
        Ok(())
    }

    /// Shows how alerts stand when that has changed; a change is felt, and never heard.
    pub(crate) fn tell_alerts(&mut self) -> Result<(), StoreError> {
        if self.alerts.rows.is_empty() && self.alerts.shown.is_empty() {
            return Ok(());
        }
        let mut lines = Vec::new();
        for row in &self.alerts.rows {
            lines.push(AlertLine {
                alert: row.alert,
                raised: row.raised,
                standing: Standing::of(
                    &row.raised,
                    row.taken.clone(),
                    row.told,
                    self.is_on_its_way(row.alert)?,
                    &self.now,
                ),
            });
        }
        let stands: BTreeMap<ActId, Standing> = lines
            .iter()
            .map(|line| (line.alert, line.standing.clone()))
            .collect();
        let before = std::mem::replace(&mut self.alerts.shown, stands);
        if before == self.alerts.shown {
            return Ok(());
        }
        for line in &lines {
            if before.get(&line.alert) == Some(&line.standing) {
                continue;
            }
            match line.standing {
                Standing::Nobody { .. } => self.show(View::Haptic(Haptic::Dangerous)),
                Standing::Taken(_) => self.show(View::Haptic(Haptic::Neutral)),
                Standing::Open | Standing::Told => {}
            }
        }
        self.show(View::Alerts(lines));
        Ok(())
    }

    fn is_on_its_way(&self, alert: ActId) -> Result<bool, StoreError> {
        if self.network != Network::Online {
            return Ok(false);
        }
        let is_signed_now = matches!(&self.desk, Desk::Open(desk) if desk.signing.contains_key(&alert));
        let row = self.device.row_of(alert)?;
        let leaves = row.is_some_and(|row| match row.delivery {
            Delivery::Waiting { .. } | Delivery::Received { .. } => true,
            Delivery::Refused { .. } => false,
        });
        Ok(leaves || is_signed_now)
    }

    /// When nobody will have had an alert for too long.
    pub(crate) fn alert_wakeup(&self) -> Option<u64> {
        let open = self.alerts.rows.iter().filter(|row| {
            self.alerts.shown.get(&row.alert) == Some(&Standing::Open) && row.raised.boot == self.now.boot
        });
        open.map(|row| row.raised.mono_ms.saturating_add(PATIENCE)).min()
    }
}

/// A draft whose grid does not read gives no ground.
fn of_grid(draft: &Draft) -> Vec<Ground> {
    let filling = Filling::parse(draft.text(Field::Grid)).unwrap_or_default();
    Ground::of(filling, draft.text(Field::GridRaised) == "oui")
}
