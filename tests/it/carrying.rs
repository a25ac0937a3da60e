//! Kills of a whole terminal while a recording comes in from its camera and leaves for HQ: no segment that the screen
//! called taken is lost, nothing of it is readable on the disk, and HQ has every byte as the camera has it.

use std::time::{Duration, Instant};

use agent::site::Site;
use camera::vault::{Found, Vault};
use domain::Digest;
use domain::dialogue::ClipState;
use simulator::patrol::Board;
use simulator::radio::Radio;
use tests::dice::Dice;
use tests::spread::Spread;
use tests::traces::Traces;

use crate::programs::{kills, tell};
use crate::street::{Street, clip_state};

/// Deaths in `make test`.
const USUAL: u32 = 60;

/// What the camera's radio and the bulk connection carry, in bytes a second: either way is long enough to die in.
const CAMERA: u64 = 300_000;
const BULK: u64 = 200_000;

const ORIGINAL: &[u8] = include_bytes!("../../simulator/clips/patrol.mp4");

/// Where a kill is aimed.
#[derive(Debug, Clone, Copy)]
enum Aim {
    /// While the terminal opens.
    Opening,
    /// Once the screen has called so many more segments taken.
    Ingest(u32),
    /// Once so many hundredths of the recording left; a hundred and more, once HQ's receipt is here.
    Upload(u64),
}

/// One recording's way from its camera to HQ, through any number of deaths.
struct Way {
    street: Street,
    traces: Traces,
    /// The camera's radio.
    air: Radio,
    /// The most segments that a screen called taken.
    taken: u32,
    /// All of them.
    is_whole: bool,
}

impl Way {
    fn begin(traces: Traces) -> Self {
        let mut street = Street::new(None);
        street.ground.radios()[1].shape(BULK, 2);
        let air = Radio::start(street.ground.camera.address()).unwrap();
        air.shape(CAMERA, 1);
        let mut handset = street.handset();
        let camera = handset.args.iter().position(|argument| argument == "--camera");
        handset.args[camera.unwrap() + 1] = air.address().to_string();
        street.take(handset);
        street.on_duty();
        street.pair();
        Self {
            street,
            traces,
            air,
            taken: 0,
            is_whole: false,
        }
    }

    fn aim(&self, number: u32, dice: &mut Dice) -> Aim {
        match (number % 6, self.is_whole) {
            (0, _) => Aim::Opening,
            (_, false) => Aim::Ingest(1 + u32::try_from(dice.below(3)).unwrap()),
            (_, true) => Aim::Upload(dice.below(125)),
        }
    }

    /// Lets the terminal go on until it is where `aim` says, and `after` longer, and kills it; tells where that was.
    fn die(&mut self, aim: Aim, after: Duration) -> &'static str {
        let clip = self.street.ground.clip;
        let (taken, arrived) = (self.taken, is_at_hq);
        match aim {
            Aim::Opening => self.street.phone.alive().unwrap(),
            Aim::Ingest(more) => self.street.take_clip("die while it comes in", |board| {
                let done = segments(board, clip);
                done >= taken + more
                    || arrived(board, clip)
                    || clip_state(board, clip) == Some(ClipState::Taken)
            }),
            Aim::Upload(percent) => self.street.take_clip("die while it leaves", |board| {
                let sending = board.camera.as_ref().and_then(|camera| camera.sending);
                let left = percent < 100 && sending.is_some_and(|view| view.sent * 100 >= view.of * percent);
                clip_state(board, clip) == Some(ClipState::Taken) && left || arrived(board, clip)
            }),
        }
        let deadline = Instant::now() + after;
        loop {
            let patience = deadline.saturating_duration_since(Instant::now());
            if patience.is_zero() || self.street.phone.pid().is_none() {
                break;
            }
            self.street.phone.pump(patience).unwrap();
        }
        let board = &self.street.phone.board;
        self.taken = self.taken.max(segments(board, clip));
        self.is_whole |= matches!(
            clip_state(board, clip),
            Some(ClipState::Taken | ClipState::Received)
        );
        let place = match clip_state(board, clip) {
            _ if matches!(aim, Aim::Opening) => "while it opens",
            Some(ClipState::Taken) => "while the recording leaves",
            Some(ClipState::Received) => "once HQ has it",
            Some(ClipState::OnCamera | ClipState::Taking { .. } | ClipState::Unusable(_)) | None => {
                "while the recording comes in"
            }
        };
        self.street.phone.kill().unwrap();
        place
    }

    /// What holds after any death; true once HQ has the recording.
    fn look(&self) -> anyhow::Result<bool> {
        let layout = &self.street.ground.layout;
        let (found, looked) = self.traces.find(&layout.terminal())?;
        anyhow::ensure!(looked > 3, "the terminal's disk has {looked} files");
        anyhow::ensure!(
            found.is_none(),
            "bytes of the recording are readable in {found:?}"
        );
        let at_hq = self.is_exact_at_hq()?;
        let vault = Vault::open(&Site::new(layout.terminal()).footage(), u64::MAX)?;
        match vault.find(self.street.ground.clip)? {
            Some(Found::Held(held)) => {
                for segment in &held.manifest().segments {
                    let bytes = held.read_segment(segment.index)?;
                    let whole = Digest::of(&bytes) == segment.cipher;
                    anyhow::ensure!(whole, "segment {} is not what it was", segment.index);
                }
            }
            Some(Found::Intake(intake)) => {
                let stored = intake.stored().len();
                anyhow::ensure!(
                    stored >= usize::try_from(self.taken)?,
                    "{stored} segments are there, and the screen called {} taken",
                    self.taken
                );
            }
            None => anyhow::ensure!(at_hq || self.taken == 0, "the recording is gone, and HQ lacks it"),
        }
        Ok(at_hq)
    }

    /// Whether HQ has it; never as other bytes than the camera's.
    fn is_exact_at_hq(&self) -> anyhow::Result<bool> {
        let clips = self.street.ground.layout.hq().join("clips");
        let mut files = match std::fs::read_dir(&clips) {
            Ok(files) => files.collect::<Result<Vec<_>, _>>()?,
            Err(_) => Vec::new(),
        };
        files.retain(|file| {
            file.path()
                .extension()
                .is_some_and(|extension| extension == "mp4")
        });
        anyhow::ensure!(files.len() < 2, "HQ has {} recordings", files.len());
        let Some(file) = files.pop() else {
            return Ok(false);
        };
        let same = std::fs::read(file.path())? == ORIGINAL;
        anyhow::ensure!(same, "HQ has other bytes than the camera");
        Ok(true)
    }

    /// Goes on to the end without another death.
    fn arrive(mut self) -> Traces {
        let clip = self.street.ground.clip;
        self.street.ground.radios()[1].shape(0, 0);
        self.air.shape(0, 0);
        self.street.take_clip("arrive", |board| is_at_hq(board, clip));
        assert!(self.is_exact_at_hq().unwrap(), "HQ does not have the recording");
        let vault = &Site::new(self.street.ground.layout.terminal()).footage();
        let left = Vault::open(vault, u64::MAX).unwrap().clips().unwrap();
        assert!(left.is_empty(), "the terminal keeps what HQ has");
        self.traces
    }
}

/// How many segments the screen calls taken.
fn segments(board: &Board, clip: domain::ClipId) -> u32 {
    match clip_state(board, clip) {
        Some(ClipState::Taking { done, .. }) => done,
        Some(ClipState::OnCamera | ClipState::Taken | ClipState::Received | ClipState::Unusable(_))
        | None => 0,
    }
}

fn is_at_hq(board: &Board, clip: domain::ClipId) -> bool {
    clip_state(board, clip) == Some(ClipState::Received)
}

#[test]
fn a_kill_while_a_recording_comes_in_or_leaves_loses_nothing_and_shows_nothing() {
    let mut dice = Dice::new(17);
    let mut spread = Spread::default();
    let mut traces = Some(Traces::of(ORIGINAL));
    assert!(traces.as_ref().unwrap().count() > 50);
    let mut way: Option<Way> = None;
    let mut arrived = 0;
    let deaths = kills(USUAL);
    for number in 0..deaths {
        let mut going = way.take().unwrap_or_else(|| Way::begin(traces.take().unwrap()));
        let after = Duration::from_micros(dice.below(25_000));
        let aim = going.aim(number, &mut dice);
        let place = going.die(aim, after);
        spread.note(place);
        let at_hq = going
            .look()
            .unwrap_or_else(|error| panic!("death {number}, {place}: {error:#}"));
        if at_hq {
            traces = Some(going.arrive());
            arrived += 1;
        } else {
            way = Some(going);
        }
    }
    if let Some(going) = way {
        going.arrive();
        arrived += 1;
    }
    tell("kills of the recording's way, by where they landed", &spread);
    assert!(arrived > 0);
    if deaths >= USUAL {
        for place in [
            "while it opens",
            "while the recording comes in",
            "while the recording leaves",
        ] {
            assert!(spread.at(place) > 3, "too few kills landed {place}:\n{spread}");
        }
        assert!(arrived > 2, "{arrived} recordings arrived");
    }
}
