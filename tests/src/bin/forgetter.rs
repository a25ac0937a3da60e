//! A terminal that is unlocked and locked again and looks through its own memory, for the memory tests.
//!
//! `forgetter FOLDER` takes the code on standard input and answers with one line for each look: when, how long the
//! lock took in milliseconds (0 where none was asked for), and how many copies of each secret there are.

use std::fs::File;
use std::io::Read;
use std::path::Path;
use std::sync::mpsc::{Receiver, channel};

use agent::clock::Clock;
use agent::engine::CardEvent;
use agent::keys::{Slot, SlotOpening};
use agent::site::Site;
use agent::store::RawKey;
use anyhow::{Context, bail};
use domain::dialogue::{Intent, LockState, View};
use domain::record::ActKind;
use domain::{Secret, Zone};
use simulator::card::SimCard;
use simulator::enrol::{self, Layout};
use simulator::patrol::scenario::{DEFAULT, Scenario};
use tests::acts::act_id;
use tests::alone::terminal;
use tests::memory::{MASK, Sought, copies};
use zeroize::Zeroizing;

#[expect(clippy::print_stdout, reason = "what the test reads")]
fn main() -> anyhow::Result<()> {
    let folder = std::env::args()
        .nth(1)
        .context("usage: forgetter FOLDER < CODE")?;
    let layout = Layout::new(Path::new(&folder));
    let clock = Clock::new(Zone::Paris);
    let code = code()?;
    let key = key(&layout, &clock, &code)?;
    let sought = sought(&code, &key);
    let (views, screen) = channel();
    let terminal = terminal(&layout, &clock, move |view| {
        // The main thread ends with the process.
        let _ = views.send(view);
    })?;
    let say = |when: &str, ms: u64| -> anyhow::Result<()> {
        let counts = copies(&sought)?;
        let named = sought
            .iter()
            .zip(counts)
            .map(|(one, count)| format!("{}={count}", one.name));
        println!("{when} {ms} {}", named.collect::<Vec<_>>().join(" "));
        Ok(())
    };
    // A look that found nothing while the secrets are held would prove nothing later.
    let hex = Zeroizing::new(
        sought[1]
            .masked
            .iter()
            .map(|byte| byte ^ MASK)
            .collect::<Vec<u8>>(),
    );
    say("held", 0)?;
    drop((key, hex));
    let until = |state: fn(&LockState) -> bool| wait(&screen, state);
    until(|state| matches!(state, LockState::Locked { .. }))?;
    for turn in ["order", "card"] {
        terminal.intent(Intent::Unlock {
            code: Secret::new(code.as_str().to_owned()),
        });
        until(|state| *state == LockState::Unlocked)?;
        terminal.intent(Intent::StartService {
            crew: String::new(),
            opj: "7654321".to_owned(),
            vehicle: None,
        });
        let kind = ActKind::Pv;
        let id = Some(act_id(1));
        terminal.intent(Intent::StartDraft { id, kind });
        wait_for(&screen, |view| matches!(view, View::Draft(_)))?;
        say("open", 0)?;
        let before = clock.mono_ms();
        match turn {
            "order" => terminal.intent(Intent::Lock),
            _ => terminal.card(CardEvent::Removed),
        }
        until(|state| matches!(state, LockState::Locked { .. }))?;
        say(turn, clock.mono_ms() - before)?;
    }
    Ok(terminal.stop()?)
}

/// Read without a buffer that would keep it.
fn code() -> anyhow::Result<Zeroizing<String>> {
    let mut bytes = Zeroizing::new([0; 12]);
    File::open("/dev/stdin")?.read_exact(bytes.as_mut_slice())?;
    let mut code = Zeroizing::new(String::with_capacity(bytes.len()));
    code.push_str(std::str::from_utf8(bytes.as_slice())?);
    Ok(code)
}

/// The key of the officer's database.
fn key(layout: &Layout, clock: &Clock, code: &Zeroizing<String>) -> anyhow::Result<RawKey> {
    let officer = enrol::officer(&Scenario::parse(DEFAULT)?.officer, clock.now().utc)?.id;
    let site = Site::new(layout.terminal());
    let keys = agent::enrol::vault(&site)?;
    let now = clock.now();
    let opened = Slot::open(
        &site.place(officer),
        officer,
        &Secret::new(code.as_str().to_owned()),
        keys.as_ref(),
        &mut SimCard::open(&layout.card())?,
        now.boot,
        now.mono_ms,
    )?;
    match opened {
        SlotOpening::Opened(keys) => Ok(keys.database),
        SlotOpening::WrongCode { .. }
        | SlotOpening::Wait { .. }
        | SlotOpening::Destroyed
        | SlotOpening::Closed(_) => {
            bail!("the code does not open the slot")
        }
    }
}

/// The code, and the key as bytes and in the form that SQLCipher takes.
fn sought(code: &Zeroizing<String>, key: &RawKey) -> Vec<Sought> {
    let key = key.masked(MASK).to_vec();
    let nibble = |nibble: u8| char::from_digit(u32::from(nibble), 16).map_or(0, |digit| digit as u8 ^ MASK);
    let hex = key.iter().flat_map(|byte| {
        let byte = byte ^ MASK;
        [nibble(byte >> 4), nibble(byte & 15)]
    });
    vec![
        Sought {
            name: "code",
            masked: code.bytes().map(|digit| digit ^ MASK).collect(),
        },
        Sought {
            name: "hex",
            masked: hex.collect(),
        },
        Sought {
            name: "key",
            masked: key,
        },
    ]
}

fn wait_for(screen: &Receiver<View>, wanted: impl Fn(&View) -> bool) -> anyhow::Result<()> {
    loop {
        if wanted(&screen.recv().context("the terminal ended")?) {
            return Ok(());
        }
    }
}

fn wait(screen: &Receiver<View>, wanted: fn(&LockState) -> bool) -> anyhow::Result<()> {
    wait_for(
        screen,
        |view| matches!(view, View::Lock(lock) if wanted(&lock.state)),
    )
}
