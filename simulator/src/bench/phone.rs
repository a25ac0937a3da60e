//! The child process whose start is measured: engine, stores and screens of a terminal, drawn in memory.
//!
//! It says a word on standard output at its first frame and at its last, and ends with its standard input.

use std::io::{Read, Write};
use std::path::PathBuf;
use std::sync::mpsc::{Receiver, channel};
use std::time::Duration;

use agent::clock::Clock;
use agent::engine::CardEvent;
use agent::keys::Cost;
use agent::mint::Mint;
use agent::site::Site;
use agent::supervisor::{Brokers, Config, Terminal};
use anyhow::Context;
use domain::Zone;
use domain::dialogue::{LockState, View};
use ui::{Look, Screen};

use crate::card::SimCard;
use crate::enrol;
use crate::patrol::scenario::{self, Scenario};

/// Said when the first frame is drawn, and when the unlocked terminal has come to rest.
pub(super) const FIRST: u8 = b'1';
pub(super) const STEADY: u8 = b'2';

/// Nothing is due for so long in a terminal at rest.
const REST: Duration = Duration::from_millis(1500);

/// Which terminal.
#[derive(Debug, Clone)]
pub struct Phone {
    pub dir: PathBuf,
    pub card: PathBuf,
    pub port: u16,
}

/// Starts a terminal, draws its lock, unlocks it with card and code, and draws its home.
pub fn serve(phone: &Phone) -> anyhow::Result<()> {
    let site = Site::new(&phone.dir);
    let (tell, views) = channel();
    let terminal = Terminal::start(
        Config {
            keys: agent::enrol::vault(&site)?,
            site,
            clock: Clock::new(Zone::Paris),
            mint: Mint::System,
            seed: 0,
            brokers: Brokers {
                host: "127.0.0.1".to_owned(),
                port: phone.port,
                bulk_port: phone.port,
                bootstrap_port: phone.port,
            },
            camera: None,
            supply: None,
            tripwire: None,
            cost: Some(Cost::FLOOR),
        },
        move |view| {
            // A reader that is gone ends this process through its closed input.
            let _ = tell.send(view);
        },
    )?;
    let lock = views.recv().context("the terminal shows nothing")?;
    ui::frame(Screen::Unlock, &[lock], Look::default())?;
    say(FIRST)?;
    let certificate = SimCard::certificate(&phone.card)?;
    terminal.card(CardEvent::Inserted {
        card: SimCard::open(&phone.card)?.shared(),
        certificate,
    });
    for intent in enrol::by_code(&Scenario::parse(scenario::DEFAULT)?.officer.code) {
        terminal.intent(intent);
    }
    ui::frame(Screen::Home, &unlocked(&views)?, Look::default())?;
    say(STEADY)?;
    std::io::stdin()
        .read_to_end(&mut Vec::new())
        .context("could not wait for the end")?;
    Ok(terminal.stop()?)
}

/// Every view until the terminal rests unlocked.
fn unlocked(views: &Receiver<View>) -> anyhow::Result<Vec<View>> {
    let mut shown = Vec::new();
    let is_open = |view: &View| matches!(view, View::Lock(lock) if lock.state == LockState::Unlocked);
    while !shown.iter().any(is_open) {
        shown.push(
            views
                .recv_timeout(Duration::from_secs(30))
                .context("the terminal does not unlock")?,
        );
    }
    while let Ok(view) = views.recv_timeout(REST) {
        shown.push(view);
    }
    Ok(shown)
}

fn say(word: u8) -> anyhow::Result<()> {
    let mut out = std::io::stdout();
    out.write_all(&[word])?;
    Ok(out.flush()?)
}
