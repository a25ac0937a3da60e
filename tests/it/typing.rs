//! Kills of a whole terminal while its officer types: what the screen called saved is there, and nothing else is.

use std::collections::BTreeMap;
use std::process::Command;
use std::time::Duration;

use agent::clock::Clock;
use domain::dialogue::{DraftView, Intent, Notice, View};
use domain::{ActId, Zone};
use simulator::enrol::{self, Layout};
use simulator::patrol::scenario::{DEFAULT, Scenario};
use tests::acts::act_id;
use tests::ages::Ages;
use tests::bare::Bare;
use tests::dice::Dice;
use tests::typing::{Mark, Stream, marked};

use crate::programs::{kills, tell};
use crate::victim::Victim;

/// Deaths in `make test`: each stream dies several times.
const USUAL: u32 = 12;

/// A terminal takes this many deaths before a fresh one is enrolled.
const DEATHS_A_TERMINAL: u32 = 24;

/// Nothing older than this may be lost, in milliseconds: told, since a slow machine proves nothing against the program.
const BOUND: u64 = 300;

/// A terminal that is enrolled in a folder.
struct Phone {
    folder: tempfile::TempDir,
    code: String,
    clock: Clock,
}

impl Phone {
    fn enrolled() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let clock = Clock::new(Zone::Paris);
        let officer = Scenario::parse(DEFAULT).unwrap().officer;
        let layout = Layout::new(folder.path());
        enrol::terminal(&layout, &layout.pki(), &officer, clock.now(), enrol::Way::Direct).unwrap();
        Self {
            folder,
            code: officer.code,
            clock,
        }
    }

    /// The draft as the officer finds it after the death, and whether all its photographs can be drawn.
    fn found(&self, act: ActId) -> (Option<DraftView>, bool) {
        let mut bare = Bare::open(&Layout::new(self.folder.path()), self.clock.now());
        for intent in enrol::by_code(&self.code) {
            bare.intent(intent).unwrap();
        }
        bare.work().unwrap();
        assert!(bare.engine.is_unlocked());
        bare.intent(Intent::OpenDraft { draft: act }).unwrap();
        let found = bare.views.iter().rev().find_map(|view| {
            let View::Draft(draft) = view else { return None };
            (draft.draft == act).then(|| (**draft).clone())
        });
        bare.intent(Intent::Preview { draft: act }).unwrap();
        let refused = View::Notice(Notice::NotSigned { draft: act });
        (found, !bare.views.contains(&refused))
    }
}

/// When a typist dies: so many microseconds after it typed its `word`-th thing.
struct Death {
    stream: Stream,
    act: ActId,
    word: u32,
    after: u64,
}

impl Death {
    fn planned(number: u32, dice: &mut Dice) -> Self {
        let place = usize::try_from(number).unwrap();
        let stream = Stream::ALL[place % Stream::ALL.len()];
        let (act, words, micros) = match stream {
            Stream::Words => (1, 60, 20_000),
            Stream::Pages => (2, 12, 100_000),
            Stream::Photographs => (3, 40, 200_000),
            // An act takes so many renvois only: each death has one of its own.
            Stream::Renvois => (100 + number % DEATHS_A_TERMINAL, 30, 200_000),
        };
        Self {
            stream,
            act: act_id(u8::try_from(act).unwrap()),
            word: 1 + u32::try_from(dice.below(words)).unwrap(),
            after: dice.below(micros),
        }
    }

    /// Lets the typist type until it dies; gives its lines, and the moment by which it was dead.
    fn die(&self, phone: &Phone) -> (Vec<(Mark, u32, u64)>, u64) {
        let mut program = Command::new(env!("CARGO_BIN_EXE_typist"));
        program
            .arg(phone.folder.path())
            .args([&phone.code, self.stream.name(), &self.act.to_string()]);
        let mut typist = Victim::start(&mut program);
        let mut typed = 0;
        while typed < self.word {
            let mark = marked(typist.next());
            typed += u32::from(mark.is_some_and(|(mark, ..)| mark == Mark::Typed));
        }
        let said = typist.kill_after(Duration::from_micros(self.after));
        let dead = phone.clock.mono_ms();
        (said.iter().filter_map(|line| marked(line)).collect(), dead)
    }
}

/// What one stream showed over all its deaths.
#[derive(Default)]
struct Seen {
    deaths: u32,
    /// Saved things that were held against the draft.
    saved: usize,
    photographs: usize,
    /// From the hand to the screen that says saved.
    waits: Ages,
    /// Of the oldest thing that each death lost.
    losses: Ages,
}

impl std::fmt::Display for Seen {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        writeln!(
            f,
            "{} deaths, {} saved, {} photographs",
            self.deaths, self.saved, self.photographs
        )?;
        writeln!(f, "from hand to saved: {}", self.waits)?;
        write!(
            f,
            "oldest loss of a death: {}; {} of them {BOUND} ms old or older",
            self.losses,
            self.losses.at_least(BOUND)
        )
    }
}

impl Seen {
    fn look(
        &mut self,
        death: &Death,
        phone: &Phone,
        said: &[(Mark, u32, u64)],
        dead: u64,
    ) -> anyhow::Result<()> {
        let stream = death.stream;
        let (draft, photographs_drawn) = phone.found(death.act);
        let draft = draft.ok_or_else(|| anyhow::anyhow!("the draft is gone"))?;
        let held = stream.held(&draft)?;
        let of = |wanted: Mark| {
            let marks = said.iter().filter(move |(mark, ..)| *mark == wanted);
            marks.map(|(_, n, at)| (*n, *at)).collect::<BTreeMap<u32, u64>>()
        };
        let (typed, saved, kept) = (of(Mark::Typed), of(Mark::Saved), of(Mark::Kept));
        let last = |marks: &BTreeMap<u32, u64>| marks.keys().next_back().copied().unwrap_or(0);
        anyhow::ensure!(
            held >= last(&saved),
            "{held} are there, {} were saved",
            last(&saved)
        );
        anyhow::ensure!(
            held <= last(&typed),
            "{held} are there, {} were typed",
            last(&typed)
        );
        let taken = stream.photographs(&draft)?;
        for n in kept.keys() {
            anyhow::ensure!(taken.contains(n), "photograph {n} is gone");
        }
        anyhow::ensure!(
            taken.iter().all(|n| *n <= held),
            "a photograph came before its word"
        );
        anyhow::ensure!(
            stream != Stream::Photographs || photographs_drawn,
            "a photograph has no file"
        );
        self.deaths += 1;
        self.saved += saved.len();
        self.photographs += kept.len();
        for (n, at) in &saved {
            if let Some(typed) = typed.get(n) {
                self.waits.note(at.saturating_sub(*typed));
            }
        }
        if let Some((_, at)) = typed.range(held + 1..).next() {
            self.losses.note(dead.saturating_sub(*at));
        }
        Ok(())
    }
}

#[test]
fn a_kill_while_typing_loses_nothing_that_the_screen_called_saved() {
    let mut dice = Dice::new(11);
    let mut phone = Phone::enrolled();
    let mut seen: BTreeMap<&str, Seen> = BTreeMap::new();
    let deaths = kills(USUAL);
    for number in 0..deaths {
        if number > 0 && number.is_multiple_of(DEATHS_A_TERMINAL) {
            phone = Phone::enrolled();
        }
        let death = Death::planned(number, &mut dice);
        let (said, dead) = death.die(&phone);
        let seen = seen.entry(death.stream.name()).or_default();
        if let Err(error) = seen.look(&death, &phone, &said, dead) {
            panic!("death {number} while typing {}: {error:#}", death.stream.name());
        }
    }
    for (stream, seen) in &seen {
        tell(&format!("kills while typing {stream}"), seen);
    }
    if deaths >= USUAL {
        for stream in Stream::ALL {
            let saved = seen[stream.name()].saved;
            assert!(saved > 0, "nothing was saved while typing {}", stream.name());
        }
        assert!(seen[Stream::Photographs.name()].photographs > 0);
    }
}
