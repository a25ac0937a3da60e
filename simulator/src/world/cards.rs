//! Cards that come and go at a world's terminal, and whose they are.

use std::path::Path;
use std::sync::{Arc, Mutex};

use agent::card::TrainingCard;
use agent::engine::{CardEvent, Event};
use agent::site::Site;

use super::World;
use crate::card::SimCard;
use crate::enrol;
use crate::patrol::scenario::OfficerSheet;

impl World {
    /// Another officer of the force gets a card; no terminal admits them yet.
    pub fn enrol_card(&mut self, sheet: &OfficerSheet) -> anyhow::Result<()> {
        enrol::card(&self.layout, &self.layout.pki(), sheet, self.hq_now()).map(drop)
    }

    /// HQ lets the officer work with the terminal, which hears of it at its next hello.
    pub fn admit(&mut self, sheet: &OfficerSheet) -> anyhow::Result<()> {
        enrol::admit(&self.layout, &self.layout.pki(), sheet, self.hq_now())
    }

    /// The card of that officer is put in, in the place of any other.
    pub fn put_card_in(&mut self, sheet: &OfficerSheet) -> anyhow::Result<()> {
        let dir = self.layout.card_of(sheet);
        self.put_in(&dir)
    }

    /// The card of the terminal's first officer is put in again.
    pub fn put_own_card_in(&mut self) -> anyhow::Result<()> {
        let dir = self.layout.card();
        self.put_in(&dir)
    }

    pub fn take_card_out(&mut self) -> anyhow::Result<()> {
        self.event(Event::Card(CardEvent::Removed))
    }

    /// The reader is gone, and the officer of `sheet` trains with the terminal's own key, which HQ has certified for it.
    pub fn train(&mut self, sheet: &OfficerSheet) -> anyhow::Result<()> {
        let card = TrainingCard::open(&Site::new(self.layout.terminal()), self.keys.clone())?;
        let key = card.public_key();
        let now = self.hq_now();
        enrol::trainee(&self.layout, &self.layout.pki(), sheet, &key, now)?;
        self.take_card_out()?;
        let card = Arc::new(Mutex::new(card));
        self.event(Event::Card(CardEvent::Training { card, key }))
    }

    pub(super) fn put_in(&mut self, dir: &Path) -> anyhow::Result<()> {
        let card = SimCard::open(dir)?.shared();
        let certificate = SimCard::certificate(dir)?;
        self.event(Event::Card(CardEvent::Inserted { card, certificate }))
    }
}
