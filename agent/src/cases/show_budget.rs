//! What the terminal lives on and uses up, for the officer who asked; from then on it is shown as it changes.

use domain::dialogue::{BudgetView, Gauges};

use crate::engine::{Effect, Engine};
use crate::store::StoreError;
use crate::work::{GaugeJob, Job};

/// Whether somebody asked since the start, and what was found last.
#[derive(Debug, Default)]
pub(crate) struct Budget {
    asked: bool,
    gauges: Option<Gauges>,
}

impl Engine {
    pub(crate) fn show_budget(&mut self) {
        self.budget.asked = true;
        self.stale.budget = true;
        self.out.push(Effect::Work(Job::Gauge(GaugeJob {
            site: self.site.clone(),
        })));
    }

    /// None where a worker died over it: what was found before stands.
    pub(crate) fn gauged(&mut self, found: Option<Gauges>) {
        if found.is_some() {
            self.budget.gauges = found;
            self.stale.budget = true;
        }
    }

    /// What the turn carried is kept before any of it leaves.
    pub(crate) fn save_traffic(&mut self) -> Result<(), StoreError> {
        if self.traffic.unsaved().is_empty() {
            return Ok(());
        }
        let day = self.now.local().date();
        match self.device.add_traffic(day, self.traffic.unsaved()) {
            Ok(()) => self.traffic.saved(),
            // A figure is no reason to tell an officer of a full disk.
            Err(StoreError::DiskFull) => {}
            Err(error) => return Err(error),
        }
        self.stale.budget = true;
        Ok(())
    }

    /// None before anybody asked.
    pub(crate) fn budget_view(&self) -> Result<Option<BudgetView>, StoreError> {
        if !self.budget.asked {
            return Ok(None);
        }
        let settings = self.profiles.settings();
        let saved = self.device.traffic(self.now.local().date())?;
        Ok(Some(BudgetView {
            supply: self.sending.supply(),
            flows: self.traffic.with(saved),
            gauges: self.budget.gauges,
            leaving: settings.leaving(),
            footage_leaves: settings.footage_leaves,
            ordered_until: self.ordered_until(),
            profile: self.profiles.line().map(|line| line.name),
            offset_min: self.now.offset_min,
        }))
    }
}
