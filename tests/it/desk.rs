//! The trainer's desk without its window: a scenario a step at a time, what is broken around the phone, and headquarters'
//! console. The window draws what is asked here, and presses what is turned here.

use std::path::Path;
use std::process::Command;
use std::sync::Arc;
use std::sync::mpsc::{Receiver, channel};
use std::time::{Duration, Instant};

use domain::dialogue::{CameraState, LockState, View};
use domain::orders::{Ban, Command as Order};
use simulator::desktop::{Ask, CameraKnob, Desk, Kind, Knob, Shown, Tone, Wish};
use simulator::eye::Dial;
use simulator::patrol::scenario::Scenario;
use simulator::patrol::{Log, Options};
use tempfile::TempDir;

use crate::programs::ours;

/// Longer than a step's own patience, whose words say more.
const PATIENCE: Duration = Duration::from_secs(150);
const GLANCE: Duration = Duration::from_millis(100);
const DAY: u64 = 86_400_000;

/// Two acts, and what comes before and after them.
const SHORT: &str = r#"
name = "Deux procès-verbaux"
opj = "7654321"

[officer]
matricule = "1234567"
name = "MARTIN Camille"
rank = "gardien de la paix"
quality = "apj"
unit = "Commissariat de Saint-Denis"
code = "271828"

[[step]]
do = "start-service"

[[step]]
do = "open-intervention"
place = "14 rue Haute, Saint-Denis"

[[step]]
do = "act"
name = "telephone"
kind = "pv"
[step.fields]
pv-frame = "FLAGRANCE"
subject = "usage d'un téléphone tenu en main par le conducteur"
place = "14 rue Haute, Saint-Denis"
offences = "23800"
plate = "AB-123-CD"
account = "Apercevons le conducteur tenir un téléphone à l'oreille."

[[step]]
do = "act"
name = "mur"
kind = "pv"
[step.fields]
pv-frame = "PRELIMINAIRE"
subject = "dégradation légère"
place = "14 rue Haute, Saint-Denis"
offences = "7905"
account = "Constatons une inscription à la peinture sur le mur de l'école."

[[step]]
do = "pair-camera"

[[step]]
do = "take-clip"

[[step]]
do = "await-hq"

[[step]]
do = "touch"
touches = [{ press = "Envois" }]

[[step]]
do = "end-service"
"#;

struct Room {
    desk: Desk,
    heard: Receiver<View>,
    last: Vec<View>,
    folder: TempDir,
}

impl Room {
    fn open() -> Self {
        let folder = tempfile::tempdir().unwrap();
        Self::on(folder)
    }

    fn on(folder: TempDir) -> Self {
        let options = options(folder.path());
        Self::with(folder, &options)
    }

    fn with(folder: TempDir, options: &Options) -> Self {
        let (views, heard) = channel();
        // Steps that touch have screens of their own here: the last of the scenario is played by no test.
        let desk = Desk::open(options, Dial::default(), views, Arc::new(|_| ()), |_| ()).unwrap();
        Self {
            desk,
            heard,
            last: Vec::new(),
            folder,
        }
    }

    /// Lets time pass until `done`.
    #[track_caller]
    fn until(&mut self, what: &str, done: impl Fn(&Shown, &[View]) -> bool) -> Shown {
        let since = Instant::now();
        loop {
            while let Ok(view) = self.heard.recv_timeout(GLANCE) {
                let same = |other: &View| std::mem::discriminant(other) == std::mem::discriminant(&view);
                self.last.retain(|other| !same(other));
                self.last.push(view);
            }
            self.desk.tick();
            let shown = self.desk.shown();
            if done(&shown, &self.last) {
                return shown;
            }
            assert!(since.elapsed() < PATIENCE, "{what} did not happen: {shown:?}");
        }
    }

    /// Plays up to and with this step.
    #[track_caller]
    fn play(&mut self, steps: usize) {
        for step in self.desk.shown().played.done + 1..=steps {
            self.desk.ask(Ask::Step);
            let shown = self.until("a step", |shown, _| {
                shown.played.trouble.is_some() || (shown.played.done == step && !shown.played.at_work)
            });
            assert_eq!(shown.played.trouble, None, "step {step}");
        }
    }
}

fn options(out: &Path) -> Options {
    Options {
        scenario: Scenario::parse(SHORT).unwrap(),
        seed: 7,
        out: out.to_owned(),
        clip: None,
        outside: None,
        program: ours("neo-sim"),
        screens: false,
    }
}

fn lock(views: &[View]) -> Option<LockState> {
    views.iter().find_map(|view| match view {
        View::Lock(lock) => Some(lock.state),
        View::Home(_)
        | View::Draft(_)
        | View::Deliveries(_)
        | View::Offences(_)
        | View::Camera(_)
        | View::Document(_)
        | View::Notice(_)
        | View::Pages(_)
        | View::Formulas(_)
        | View::Footer(_)
        | View::Printing(_)
        | View::Visas(_)
        | View::Alerts(_)
        | View::Haptic(_)
        | View::Handout(_)
        | View::Enrolment(_)
        | View::Film(_)
        | View::Photo(_)
        | View::Appearance(_)
        | View::Budget(_) => None,
    })
}

fn judged_good(shown: &Shown) -> usize {
    let good = shown.seen.arrivals.iter().filter(|line| line.tone == Tone::Good);
    good.count()
}

#[test]
fn a_scenario_is_played_a_step_at_a_time_and_the_console_shows_what_its_acts_are_worth() {
    let mut room = Room::open();
    let shown = room.desk.shown();
    assert_eq!(shown.scenario, "Deux procès-verbaux");
    assert_eq!(shown.steps.len(), 9);
    assert_eq!(shown.steps[2], "Rédiger et signer « telephone »");
    room.play(3);
    // Between two steps nothing is played, whatever passes.
    let shown = room.until("the first act at HQ", |shown, _| judged_good(shown) == 1);
    assert_eq!(shown.played.done, 3);
    assert!(!shown.played.playing);
    assert_eq!(shown.seen.arrivals[0].what, "PV");
    assert_eq!(shown.seen.arrivals[0].state, "authentique");
    room.play(7);
    let shown = room.until("everything at HQ", |shown, _| {
        shown.seen.clips == 1 && judged_good(shown) == 2
    });
    assert_eq!(shown.seen.refused, 0);
    assert_eq!(shown.seen.journals[0].tone, Tone::Good);
    room.desk.wish(Wish::JudgeTampered);
    room.until("the verdict on a changed copy", |shown, _| {
        shown.said == "Copie avec un bit changé : falsifié ; original : authentique"
    });
    assert!(room.desk.close().unwrap().is_none(), "two steps were left");
}

#[test]
fn what_a_trainer_breaks_around_the_phone_is_broken_and_put_right() {
    let mut room = Room::open();
    room.play(2);
    room.desk.turn(Knob::Network(Kind::None));
    let shown = room.until("the loss", |shown, _| {
        shown.seen.terminals.iter().any(|line| line.state == "hors ligne")
    });
    assert!(!shown.around.up);
    room.play(3);
    assert_eq!(room.desk.shown().seen.records, 0);
    // An act outlives the process, and a flaky network delivers it once.
    room.desk.turn(Knob::Kill);
    room.until("the death", |shown, views| {
        shown.played.deaths == 1 && matches!(lock(views), Some(LockState::Locked { .. }))
    });
    room.desk.turn(Knob::Network(Kind::Flaky));
    room.until("the act at HQ", |shown, _| judged_good(shown) == 1);
    // A bit changed on the way costs the connection, and no act.
    room.desk.turn(Knob::Network(Kind::Fourth));
    room.desk.turn(Knob::FlipOnAir);
    room.play(4);
    let shown = room.until("the second act", |shown, _| judged_good(shown) == 2);
    assert_eq!((shown.seen.records, shown.seen.refused), (2, 0));
    room.desk.close().unwrap();
}

#[test]
fn time_passes_for_the_phone_the_camera_and_headquarters_together() {
    let mut room = Room::open();
    room.play(3);
    room.until("the first act", |shown, _| judged_good(shown) == 1);
    room.desk.turn(Knob::Pass(32 * DAY));
    // The act of before is of another day now, and the console says which.
    room.until("the passing of a month", |shown, _| {
        shown.seen.arrivals.iter().all(|line| line.at.contains('/'))
    });
    // HQ takes what is signed a month later.
    room.play(4);
    let shown = room.until("the second act", |shown, _| judged_good(shown) == 2);
    assert_eq!(shown.seen.refused, 0);
    assert!(
        !shown.seen.arrivals[0].at.contains('/'),
        "{:?}",
        shown.seen.arrivals
    );
    // The camera's clock went along: what it says of itself is of today.
    room.desk.turn(Knob::Camera(CameraKnob::Touch));
    room.until("the camera", |_, views| {
        views.iter().any(
            |view| matches!(view, View::Camera(camera) if matches!(camera.state, CameraState::Paired(_))),
        )
    });
    room.desk.close().unwrap();
}

#[test]
fn headquarters_orders_and_is_answered() {
    let mut room = Room::open();
    room.play(2);
    room.desk.wish(Wish::Message {
        title: " ".to_owned(),
        text: "x".to_owned(),
    });
    room.until("the refusal of an empty message", |shown, _| {
        shown.said.starts_with("Écrivez")
    });
    room.desk.wish(Wish::Message {
        title: "Vigilance".to_owned(),
        text: "Deux-roues, secteur gare.".to_owned(),
    });
    room.until("the message on the home screen", |_, views| {
        let home = views.iter().find_map(|view| {
            if let View::Home(home) = view {
                Some(home)
            } else {
                None
            }
        });
        home.is_some_and(|home| !home.dispatches.is_empty())
    });
    room.desk.wish(Wish::Order(Order::Lock));
    let shown = room.until("the answer to the order", |shown, views| {
        let done = shown.seen.orders.iter().any(|line| line.tone == Tone::Good);
        done && lock(views) == Some(LockState::Banned(Ban::Locked))
    });
    assert_eq!(shown.seen.orders[0].state, "exécuté");
    room.desk.close().unwrap();
}

#[test]
fn a_terminal_that_never_said_where_it_is_is_named_as_unknown_on_the_chart() {
    let mut room = Room::open();
    room.play(1);
    let shown = room.until("a first look", |shown, _| !shown.seen.terminals.is_empty());
    assert_eq!(shown.seen.chart.spots, []);
    assert_eq!(shown.seen.chart.unknown, ["neo-000007"]);
    room.desk.close().unwrap();
}

#[test]
fn a_message_that_somebody_sends_again_is_known_and_counts_once() {
    let mut room = Room::open();
    room.play(2);
    room.desk.wish(Wish::SendAgain);
    room.until("nothing to send", |shown, _| {
        shown.said == "Aucun message à rejouer"
    });
    room.play(3);
    room.until("the first act at HQ", |shown, _| judged_good(shown) == 1);
    room.desk.wish(Wish::SendAgain);
    let shown = room.until("the answer to the message", |shown, _| {
        shown.said.starts_with("PV reçu")
    });
    let end = "rejoué : reconnu, le même accusé est rendu ; un acte avant, un acte après";
    assert!(shown.said.ends_with(end), "{}", shown.said);
    room.play(4);
    let shown = room.until("the second act", |shown, _| judged_good(shown) == 2);
    assert_eq!((shown.seen.records, shown.seen.refused), (2, 0));
    room.desk.close().unwrap();
}

#[test]
fn a_patrol_is_played_again_from_its_log_and_comes_out_the_same() {
    let mut room = Room::open();
    room.play(3);
    room.until("the first act at HQ", |shown, _| judged_good(shown) == 1);
    room.desk.close().unwrap();
    let log = Log::read(room.folder.path()).unwrap();
    assert_eq!((log.seed, log.scenario.steps.len()), (7, 3));
    assert_eq!(log.outcome.acts.len(), 1);

    let folder = tempfile::tempdir().unwrap();
    let again = Options {
        scenario: log.scenario,
        seed: log.seed,
        ..options(folder.path())
    };
    let mut room = Room::with(folder, &again);
    room.desk.wish(Wish::Compare(log.outcome));
    let shown = room.until("the comparison", |shown, _| shown.seen.again.is_some());
    assert_eq!(shown.seen.again.unwrap().state, "pas encore PV");
    room.play(3);
    let same = |shown: &Shown| {
        shown
            .seen
            .again
            .as_ref()
            .is_some_and(|line| line.tone == Tone::Good)
    };
    let shown = room.until("the same outcome", |shown, _| same(shown));
    assert_eq!(
        shown.seen.again.unwrap().state,
        "même résultat : un acte, dont 1 sous le même identifiant"
    );
    assert!(
        room.desk.close().unwrap().is_none(),
        "the patrol was left, and is again"
    );
    assert!(Log::read(std::path::Path::new("/nowhere")).is_err());
}

/// Exit code and standard output.
fn read_scenario(arguments: &[&str]) -> (Option<i32>, String) {
    let output = Command::new(ours("neo-sim"))
        .arg("scenario")
        .args(arguments)
        .output()
        .unwrap();
    (output.status.code(), String::from_utf8(output.stdout).unwrap())
}

#[test]
fn a_scenario_is_read_by_a_command_that_says_what_it_holds_or_what_is_wrong() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("short.toml");
    let path = file.display().to_string();
    std::fs::write(&file, SHORT).unwrap();
    let (code, said) = read_scenario(&[&path]);
    assert_eq!(code, Some(0));
    assert!(
        said.starts_with("Deux procès-verbaux: can be played\n   1  prise de service\n"),
        "{said}"
    );
    std::fs::write(&file, SHORT.replace("do = \"take-clip\"", "do = \"take-clop\"")).unwrap();
    let (code, said) = read_scenario(&[&path]);
    assert_eq!(code, Some(1));
    assert!(
        said.contains("`take-clop` is no step") && said.contains("did you mean `take-clip`?"),
        "{said}"
    );
    let (code, said) = read_scenario(&["--json", &path]);
    assert_eq!(code, Some(1));
    let said: serde_json::Value = serde_json::from_str(&said).unwrap();
    assert_eq!((&said["schema_version"], &said["ok"]), (&1.into(), &false.into()));
    assert_eq!(said["faults"][0]["hint"], "did you mean `take-clip`?");
    assert_eq!(read_scenario(&[]).0, Some(64));
}
