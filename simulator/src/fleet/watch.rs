//! The terminals at work, locked as in pockets, and what their screens would say meanwhile.

use std::collections::BTreeMap;
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, channel};
use std::time::Duration;

use agent::clock::Clock;
use agent::keys::Cost;
use agent::mint::Mint;
use agent::site::Site;
use agent::supervisor::{Brokers, Config, Terminal};
use anyhow::{Context, bail};
use domain::ActId;
use domain::delivery::Delivery;
use domain::dialogue::{Network, View};

use super::Fleet;
use super::figures::Memory;
use crate::enrol::Place;

/// How long a fleet may stand still, in milliseconds: longer than a terminal waits before it sends again.
const PATIENCE_MS: u64 = 180_000;

/// What one terminal showed.
#[derive(Debug, Clone, Default)]
pub(super) struct Shown {
    /// When it was started, on the device's clock.
    pub(super) started: u64,
    /// When it was online again after HQ's return.
    pub(super) returned: Option<u64>,
    pub(super) received: u32,
    refused: u32,
    is_online: bool,
    /// The most sendings that were shown of each act.
    sendings: BTreeMap<ActId, u32>,
}

/// What became of the fleet.
pub(super) struct Seen {
    pub(super) terminals: Vec<Shown>,
    /// Before the first terminal, and with all of them at rest.
    pub(super) memory: (Memory, Memory),
}

impl Seen {
    /// Sendings beyond each act's first that a screen has shown; one between two frames is not among them.
    pub(super) fn sent_again(&self) -> u32 {
        let sendings = self.terminals.iter().flat_map(|shown| shown.sendings.values());
        sendings.map(|sendings| sendings.saturating_sub(1)).sum()
    }
}

pub(super) struct Watch {
    terminals: Vec<Terminal>,
    views: Receiver<(usize, View)>,
    shown: Vec<Shown>,
    clock: Clock,
    before: Memory,
    is_return: bool,
}

impl Watch {
    /// Starts every terminal, one right after the other.
    pub(super) fn start(fleet: &Fleet, port: u16, seed: u64, clock: Clock) -> anyhow::Result<Self> {
        let before = Memory::now()?;
        let (tell, views) = channel();
        let (mut terminals, mut shown) = (Vec::new(), Vec::new());
        for (index, place) in fleet.places.iter().enumerate() {
            let seed = seed.wrapping_mul(0x9e37_79b9).wrapping_add(index as u64);
            shown.push(Shown {
                started: clock.mono_ms(),
                ..Shown::default()
            });
            terminals.push(start(place, index, port, seed, clock.clone(), tell.clone())?);
        }
        Ok(Self {
            terminals,
            views,
            shown,
            clock,
            before,
            is_return: false,
        })
    }

    /// Looks on until `done`, which is asked after each view.
    pub(super) fn until(&mut self, mut done: impl FnMut(&Self) -> bool) -> anyhow::Result<()> {
        let mut moved = self.clock.mono_ms();
        while !done(self) {
            let before = self.progress();
            if !self.look(PATIENCE_MS)? || self.clock.mono_ms() > moved + PATIENCE_MS {
                let ended = self
                    .terminals
                    .iter()
                    .filter(|terminal| terminal.is_over())
                    .count();
                bail!(
                    "the fleet stands still: {} acts received, {} of {} terminals back, {ended} ended",
                    self.received(),
                    self.returned(),
                    self.shown.len()
                );
            }
            if self.progress() != before {
                moved = self.clock.mono_ms();
            }
            if self.shown.iter().any(|shown| shown.refused > 0) {
                bail!("HQ refused an act of the fleet");
            }
        }
        Ok(())
    }

    /// Looks on for so many milliseconds.
    pub(super) fn wait(&mut self, ms: u64) -> anyhow::Result<()> {
        let end = self.clock.mono_ms() + ms;
        while let Some(left) = end.checked_sub(self.clock.mono_ms()).filter(|left| *left > 0) {
            self.look(left)?;
        }
        Ok(())
    }

    /// From here on a terminal that is online has come back.
    pub(super) fn begin_return(&mut self) {
        self.is_return = true;
        let now = self.clock.mono_ms();
        // Those that were quicker than this process are back already.
        for shown in self.shown.iter_mut().filter(|shown| shown.is_online) {
            shown.returned = Some(now);
        }
    }

    pub(super) fn received(&self) -> usize {
        self.shown.iter().map(|shown| shown.received as usize).sum()
    }

    pub(super) fn returned(&self) -> usize {
        self.shown.iter().filter(|shown| shown.returned.is_some()).count()
    }

    fn progress(&self) -> (usize, usize) {
        (self.received(), self.returned())
    }

    /// Takes one view; false when none came in time.
    fn look(&mut self, patience_ms: u64) -> anyhow::Result<bool> {
        let (index, view) = match self.views.recv_timeout(Duration::from_millis(patience_ms)) {
            Ok(view) => view,
            Err(RecvTimeoutError::Timeout) => return Ok(false),
            Err(RecvTimeoutError::Disconnected) => bail!("every terminal has ended"),
        };
        let now = self.clock.mono_ms();
        let shown = &mut self.shown[index];
        match view {
            View::Home(home) => {
                shown.received = home.received;
                shown.refused = home.refused;
                shown.is_online = home.network == Network::Online;
                if shown.is_online && self.is_return {
                    shown.returned.get_or_insert(now);
                }
            }
            View::Deliveries(lines) => {
                for line in lines {
                    if let Delivery::Waiting { attempts } = line.delivery {
                        let most = shown.sendings.entry(line.act).or_default();
                        *most = attempts.max(*most);
                    }
                }
            }
            View::Pages(_)
            | View::Formulas(_)
            | View::Footer(_)
            | View::Lock(_)
            | View::Draft(_)
            | View::Offences(_)
            | View::Camera(_)
            | View::Document(_)
            | View::Printing(_)
            | View::Visas(_)
            | View::Alerts(_)
            | View::Handout(_)
            | View::Film(_)
            | View::Photo(_)
            | View::Appearance(_)
            | View::Budget(_)
            | View::Enrolment(_)
            | View::Haptic(_)
            | View::Notice(_) => {}
        }
        Ok(true)
    }

    /// Stops every terminal in good order.
    pub(super) fn stop(self) -> anyhow::Result<Seen> {
        let at_rest = Memory::now()?;
        for terminal in self.terminals {
            terminal.stop().context("a terminal ended with an error")?;
        }
        Ok(Seen {
            terminals: self.shown,
            memory: (self.before, at_rest),
        })
    }
}

fn start(
    place: &Place,
    index: usize,
    port: u16,
    seed: u64,
    clock: Clock,
    tell: Sender<(usize, View)>,
) -> anyhow::Result<Terminal> {
    let site = Site::new(&place.terminal);
    let config = Config {
        keys: agent::enrol::vault(&site)?,
        site,
        clock,
        mint: Mint::System,
        seed,
        brokers: Brokers {
            host: "127.0.0.1".to_owned(),
            port,
            bulk_port: port,
            bootstrap_port: port,
        },
        camera: None,
        supply: None,
        tripwire: None,
        cost: Some(Cost::FLOOR),
    };
    let views = move |view| {
        // Whoever gave up no longer looks.
        let _ = tell.send((index, view));
    };
    Terminal::start(config, views).with_context(|| format!("terminal `{}` does not start", place.device))
}
