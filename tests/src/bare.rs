//! The engine in one's hand: events go in one by one, and work waits until it is told to run.
//!
//! What a worker gives back may come late, after whatever the officer did meanwhile; a world runs it at once.

use std::path::PathBuf;
use std::sync::Arc;

use agent::engine::{Boot, CardEvent, Effect, Engine, Event, Fatal};
use agent::keys::{Cost, Keys};
use agent::mint::Mint;
use agent::print::Order;
use agent::site::Site;
use agent::work::Job;
use domain::Timestamp;
use domain::dialogue::{Intent, View};
use simulator::card::SimCard;
use simulator::enrol::Layout;

pub struct Bare {
    pub engine: Engine,
    pub now: Timestamp,
    /// Work that was asked for and has not run.
    pub jobs: Vec<Job>,
    /// Work that no officer waits for.
    unseen: Vec<Job>,
    /// What the printers' driver was asked for and has not done.
    pub orders: Vec<Order>,
    /// Everything shown, oldest first.
    pub views: Vec<View>,
}

impl Bare {
    /// Opens the terminal of `layout` with its own card in the reader.
    pub fn open(layout: &Layout, now: Timestamp) -> Self {
        Self::open_with(layout, now, None)
    }

    /// The same, with a mount point for what is handed over.
    pub fn open_with(layout: &Layout, now: Timestamp, handoff: Option<PathBuf>) -> Self {
        let site = Site::new(layout.terminal())
            .with_handoff(handoff)
            .with_brought(Some(layout.brought()));
        let keys: Arc<dyn Keys> = agent::enrol::vault(&site).expect("the terminal is enrolled");
        let mint = Mint::Seeded {
            seed: 0xba5e,
            count: now.mono_ms,
        };
        let boot = Boot {
            site,
            keys,
            mint,
            seed: 1,
            idle_ms: u64::MAX,
            tripwire: None,
            cost: Some(Cost::FLOOR),
        };
        let engine = Engine::open(boot, now).expect("the terminal opens");
        let mut bare = Self {
            engine,
            now,
            jobs: Vec::new(),
            unseen: Vec::new(),
            orders: Vec::new(),
            views: Vec::new(),
        };
        let effects = bare.engine.start(now).expect("the terminal starts");
        bare.keep(effects);
        // What a start asks for is over before the officer does anything.
        while !bare.jobs.is_empty() {
            bare.work().expect("the database is sound");
        }
        let certificate = SimCard::certificate(&layout.card()).expect("the card holds its certificate");
        bare.insert(
            SimCard::open(&layout.card()).expect("the card reads"),
            certificate,
        );
        bare
    }

    pub fn insert(&mut self, card: SimCard, certificate: Vec<u8>) {
        let event = Event::Card(CardEvent::Inserted {
            card: card.shared(),
            certificate,
        });
        self.event(event).expect("a card may come at any time");
    }

    pub fn intent(&mut self, intent: Intent) -> Result<(), Fatal> {
        self.event(Event::Intent(intent))
    }

    pub fn event(&mut self, event: Event) -> Result<(), Fatal> {
        self.now.mono_ms += 1;
        self.now.utc = self.now.utc.plus(1);
        let effects = self.engine.handle(event, self.now)?;
        self.keep(effects);
        // What nobody waits for is done at once.
        while let Some(job) = self.unseen.pop() {
            let effects = self.engine.handle(Event::Worked(job.run()), self.now)?;
            self.keep(effects);
        }
        Ok(())
    }

    /// Runs the oldest work that waits and hands its outcome over.
    pub fn work(&mut self) -> Result<(), Fatal> {
        let outcome = self.jobs.remove(0).run();
        self.event(Event::Worked(outcome))
    }

    /// Runs the work asked for last.
    pub fn work_last(&mut self) -> Result<(), Fatal> {
        let job = self.jobs.pop().expect("work waits");
        self.event(Event::Worked(job.run()))
    }

    fn keep(&mut self, effects: Vec<Effect>) {
        for effect in effects {
            match effect {
                Effect::Show(view) => self.views.push(view),
                Effect::Work(job @ Job::Snapshot(_)) => self.unseen.push(job),
                Effect::Work(job) => self.jobs.push(job),
                Effect::Print(order) => self.orders.push(order),
                Effect::Link(_)
                | Effect::Bulk(_)
                | Effect::Camera(_)
                | Effect::Knock(_)
                | Effect::Certified(_) => {}
            }
        }
    }
}
