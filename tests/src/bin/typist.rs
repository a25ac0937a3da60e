//! An officer who types without a pause on a whole terminal, for the kill tests.
//!
//! The lines are [`typing::Mark`]s; whoever kills this process may rely on every `Saved` and `Kept` that it read.

use std::io::{Write, stdout};
use std::path::Path;
use std::sync::mpsc::{Receiver, channel};

use agent::clock::Clock;
use agent::supervisor::Terminal;
use anyhow::Context;
use domain::dialogue::{DraftView, FieldText, HomeView, Intent, LockState, LockView, View};
use domain::{ActId, Secret, Zone};
use simulator::enrol::{self, Layout};
use tests::alone::terminal;
use tests::typing::{self, Mark, Stream};

/// Things that are typed and not yet saved: fingers run ahead of the disk, but not far.
const AHEAD: u32 = 8;

fn main() -> anyhow::Result<()> {
    let mut args = std::env::args().skip(1);
    let mut next = || args.next().context("usage: typist FOLDER CODE STREAM ACT");
    let layout = Layout::new(Path::new(&next()?));
    let code = Secret::new(next()?);
    let stream = Stream::parse(&next()?)?;
    let act: ActId = next()?.parse().context("`ACT` is not an act's id")?;
    let clock = Clock::new(Zone::Paris);
    let (views, screen) = channel();
    let of_views = clock.clone();
    let terminal = terminal(&layout, &clock, move |view| {
        // The main thread ends with the process.
        let _ = views.send((of_views.mono_ms(), view));
    })?;
    let mut typist = Typist {
        terminal,
        screen,
        clock,
    };
    typist.sit_down(code)?;
    let draft = typist.open(stream, act)?;
    typist.type_on(stream, act, stream.held(&draft)?)
}

struct Typist {
    terminal: Terminal,
    /// What is shown, and since when.
    screen: Receiver<(u64, View)>,
    clock: Clock,
}

impl Typist {
    /// The first view that `wanted` takes something from.
    fn wait<T>(&self, wanted: impl Fn(View) -> Option<T>) -> anyhow::Result<(u64, T)> {
        loop {
            let (at, view) = self.screen.recv().context("the terminal ended")?;
            if let Some(found) = wanted(view) {
                return Ok((at, found));
            }
        }
    }

    fn wait_for_draft(
        &self,
        act: ActId,
        ready: impl Fn(&DraftView) -> bool,
    ) -> anyhow::Result<(u64, DraftView)> {
        self.wait(|view| {
            let View::Draft(draft) = view else { return None };
            (draft.draft == act && ready(&draft)).then_some(*draft)
        })
    }

    fn wait_for_home(&self, ready: impl Fn(&HomeView) -> bool) -> anyhow::Result<HomeView> {
        self.wait(|view| {
            let View::Home(home) = view else { return None };
            ready(&home).then_some(*home)
        })
        .map(|(_, home)| home)
    }

    fn wait_for_lock(&self, ready: impl Fn(&LockView) -> bool) -> anyhow::Result<()> {
        self.wait(|view| {
            let View::Lock(lock) = view else { return None };
            ready(&lock).then_some(())
        })
        .map(|_| ())
    }

    /// Unlocked, on duty, called to a place.
    fn sit_down(&self, code: Secret) -> anyhow::Result<()> {
        self.wait_for_lock(|lock| {
            lock.card_present && matches!(lock.state, LockState::Locked { .. } | LockState::NoCode)
        })?;
        for intent in enrol::by_code(code.expose()) {
            self.terminal.intent(intent);
        }
        self.wait_for_lock(|lock| lock.state == LockState::Unlocked)?;
        self.terminal.intent(Intent::StartService {
            crew: String::new(),
            opj: "7654321".to_owned(),
            vehicle: None,
        });
        let home = self.wait_for_home(|home| home.service.is_some())?;
        if home.intervention.is_none() {
            self.terminal.intent(Intent::OpenIntervention {
                id: None,
                number: "CIC-2026-0417".to_owned(),
                place: "14 rue de la République, Saint-Denis".to_owned(),
            });
        }
        Ok(())
    }

    /// The draft with its form, read where only renvois are typed.
    fn open(&self, stream: Stream, act: ActId) -> anyhow::Result<DraftView> {
        self.terminal.intent(Intent::StartDraft {
            id: Some(act),
            kind: stream.kind(),
        });
        let (_, mut draft) = self.wait_for_draft(act, |_| true)?;
        if draft.reading.is_none() {
            for (field, text) in stream.form() {
                let text = text.to_owned();
                let filled = text.clone();
                self.terminal.intent(Intent::Fill {
                    draft: act,
                    field,
                    text,
                });
                (_, draft) = self.wait_for_draft(act, |draft| {
                    let said = |line: &FieldText| line.field == field && *line.text.reveal() == filled;
                    draft.texts.iter().any(said)
                })?;
            }
            if stream == Stream::Renvois {
                self.terminal.intent(Intent::ReadBack { draft: act });
                (_, draft) = self.wait_for_draft(act, |draft| draft.reading.is_some())?;
            }
        }
        Ok(draft)
    }

    fn type_on(&mut self, stream: Stream, act: ActId, mut saved: u32) -> anyhow::Result<()> {
        let mut out = stdout().lock();
        let mut say = |mark, n, at| -> anyhow::Result<()> {
            writeln!(out, "{}", typing::line(mark, n, at))?;
            Ok(out.flush()?)
        };
        if stream == Stream::Pages && saved < typing::PASTED {
            saved = typing::PASTED - 1;
        }
        let mut typed = saved;
        let mut kept = Vec::new();
        let mut awaited = None;
        loop {
            // One photograph at a time, as a camera has one shutter.
            let waits = typed - saved >= AHEAD || (awaited.is_some() && stream.takes(typed + 1));
            if !waits && let Some(intent) = stream.nth(act, typed + 1) {
                typed += 1;
                let picture = stream.photograph(typed);
                say(Mark::Typed, typed, self.clock.mono_ms())?;
                self.terminal.intent(intent);
                if let Some(picture) = picture {
                    awaited = Some(typed);
                    self.terminal.intent(Intent::AttachPhoto {
                        draft: act,
                        name: typing::photograph_name(typed),
                        picture,
                    });
                }
                continue;
            }
            let (now, draft) = self.wait_for_draft(act, |_| true)?;
            let held = stream.held(&draft)?;
            for n in saved + 1..=held {
                say(Mark::Saved, n, now)?;
            }
            saved = saved.max(held);
            // By name alone: the pictures are held against what was taken after the kill.
            let names = draft.photos.into_iter().map(|line| line.name);
            for name in names.skip(kept.len()) {
                if let Some(n) = typing::taken_at(&name) {
                    say(Mark::Kept, n, now)?;
                    awaited = awaited.filter(|awaited| *awaited != n);
                }
                kept.push(name);
            }
        }
    }
}
