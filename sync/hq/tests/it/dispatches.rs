//! What the operations centre proposes: told in order to the terminals that it is for until its term, and what crews tell.

use domain::intervention::{
    About, Dispatch, DispatchNote, Intervention, LONGEST_TERM, Matter, OperationsNumber, Progress,
    ProgressTold, Standing,
};
use domain::officer::Quality;
use domain::place::Place;
use domain::vehicle::Plate;
use domain::{InterventionId, ServiceId, Timestamp, UnixMs, decode, encode};
use hq::dispatch::{self, DispatchError, Whom};
use hq::{Outgoing, Pki};
use sync::wire::v1::{HELLO, Hello, Presence, Reply};
use sync::{DownLane, Topic, UpLane};
use trust::cose::{self, Namespace};
use trust::seal;

use crate::world::{Agent, Hq, NOON, Terminal};

const MINUTE: i64 = 60_000;

struct Scene {
    hq: Hq,
    officer: Agent,
    terminal: Terminal,
    other: Terminal,
}

impl Scene {
    fn new() -> Self {
        let mut hq = Hq::new();
        let officer = hq.officer(1, Quality::Opj);
        let somebody = hq.officer(2, Quality::Opj);
        let terminal = hq.terminal("neo-000001", &[&officer]);
        let other = hq.terminal("neo-000002", &[&officer, &somebody]);
        let mut scene = Self {
            hq,
            officer,
            terminal,
            other,
        };
        for terminal in [0, 1] {
            let topic = Topic::State(scene.of(terminal).device.clone());
            let birth = Presence {
                version: 1,
                epoch: 1,
                online: true,
            };
            scene.hq.gateway.receive(&topic, &encode(&birth), NOON).unwrap();
            assert_eq!(scene.hello(terminal, 0, NOON), []);
        }
        scene
    }

    fn of(&self, terminal: usize) -> &Terminal {
        [&self.terminal, &self.other][terminal]
    }

    fn hello(&mut self, terminal: usize, taken: u64, now: UnixMs) -> Vec<(u64, u64, About)> {
        let hello = Hello {
            dispatch: Some(taken),
            ..self.of(terminal).bare_hello()
        };
        let bytes = self.of(terminal).sign(Namespace::Hello, HELLO, &encode(&hello));
        let topic = Topic::Up(hello.device, UpLane::Q);
        let said = self.hq.gateway.receive(&topic, &bytes, now).unwrap();
        self.told(&said, terminal)
    }

    fn propose(&mut self, whom: &Whom, about: About, minutes: i64, now: UnixMs) -> Dispatch {
        self.try_propose(whom, about, minutes, now).unwrap()
    }

    fn try_propose(
        &mut self,
        whom: &Whom,
        about: About,
        minutes: i64,
        now: UnixMs,
    ) -> Result<Dispatch, DispatchError> {
        let pki = Pki::open(self.hq.pki().dir()).unwrap();
        let store = self.hq.gateway.store();
        dispatch::propose(store, &pki, whom, about, minutes, now).map(|(dispatch, _)| dispatch)
    }

    /// What `said` tells a terminal, opened as that terminal alone can.
    fn told(&self, said: &[Outgoing], terminal: usize) -> Vec<(u64, u64, About)> {
        let terminal = self.of(terminal);
        let topic = Topic::Down(terminal.device.clone(), DownLane::A);
        let mut told = Vec::new();
        for message in said.iter().filter(|message| message.topic == topic) {
            let signed = cose::parse(&message.payload).unwrap();
            let Ok(Reply::Dispatch(note)) = decode(&signed.payload) else {
                continue;
            };
            cose::verify(&signed, Namespace::Answer, self.hq.pki().receipt().certificate()).unwrap();
            let plain = seal::open(&terminal.identity, &note.sealed, 1 << 16).unwrap();
            let opened: DispatchNote = decode(&plain).unwrap();
            let command = self.hq.pki().command().certificate();
            let dispatch = dispatch::verify(&opened.dispatch, command).unwrap();
            told.push((note.after, note.sequence, dispatch.about));
        }
        told
    }

    /// The terminal tells it; whether HQ says that it keeps it.
    fn tell(&mut self, terminal: usize, told: &ProgressTold) -> bool {
        let bytes = self
            .of(terminal)
            .sign(Namespace::Progress, ProgressTold::CONTENT_TYPE, &encode(told));
        let topic = Topic::Up(self.of(terminal).device.clone(), UpLane::U);
        let said = self.hq.gateway.receive(&topic, &bytes, NOON).unwrap();
        said.iter().any(|message| {
            let signed = cose::parse(&message.payload).unwrap();
            matches!(decode(&signed.payload), Ok(Reply::Progress(kept)) if kept.sequence == told.sequence)
        })
    }

    fn statement(&self, terminal: usize, sequence: u64, standing: Standing) -> ProgressTold {
        let progress = Progress {
            author: self.officer.officer.author(),
            crew: vec![self.officer.officer.matricule.clone()],
            standing,
            stand: None,
        };
        ProgressTold {
            version: 1,
            device: self.of(terminal).device.clone(),
            officer: self.officer.officer.id,
            intervention: progress.standing.intervention(),
            sequence,
            at: self.now(),
            sealed: seal::seal(&[self.hq.pki().recipient()], &encode(&progress)).unwrap(),
        }
    }

    fn now(&self) -> Timestamp {
        self.terminal.bare_hello().sent
    }

    fn standings(&mut self) -> Vec<&'static str> {
        let rows = self.hq.gateway.store().begin().unwrap().progress(UnixMs(0));
        let rows = rows.unwrap().into_iter();
        rows.map(|row| row.progress.standing.code()).collect()
    }
}

fn call(number: &str) -> About {
    About::Call {
        number: OperationsNumber::parse(number).unwrap(),
        place: Place::parse("12 rue des Lilas").unwrap(),
        what: Matter::parse("tapage").unwrap(),
        danger: false,
    }
}

fn reading() -> About {
    About::Hit {
        plate: Plate::parse("AB-123-CD").unwrap(),
        place: Place::parse("A1, aire de Ressons").unwrap(),
        seen: NOON,
        reason: Matter::parse("véhicule signalé volé").unwrap(),
    }
}

fn intervention(id: u8) -> InterventionId {
    InterventionId::from_bytes([id; 16])
}

#[test]
fn a_terminal_is_told_in_order_and_no_other_is() {
    let mut scene = Scene::new();
    let first = Whom::Terminal(scene.terminal.device.clone());
    scene.propose(&first, call("CIC-1001"), 60, NOON);
    scene.propose(&first, reading(), 15, NOON);
    let said = scene.hq.gateway.dispatches_out(NOON).unwrap();
    assert_eq!(
        scene.told(&said, 0),
        [(0, 1, call("CIC-1001")), (1, 2, reading())]
    );
    assert_eq!(scene.told(&said, 1), []);
    // What left is not sent again until the terminal says that it lacks it.
    assert!(scene.hq.gateway.dispatches_out(NOON).unwrap().is_empty());
    assert_eq!(scene.hello(0, 1, NOON), [(1, 2, reading())]);
    assert_eq!(scene.hello(0, 2, NOON), []);
}

#[test]
fn an_officer_is_told_on_each_of_their_terminals_under_one_id() {
    let mut scene = Scene::new();
    let officer = Whom::Officer(scene.officer.officer.id);
    let dispatch = scene.propose(&officer, call("CIC-1001"), 60, NOON);
    let said = scene.hq.gateway.dispatches_out(NOON).unwrap();
    assert_eq!(scene.told(&said, 0).len(), 1);
    assert_eq!(scene.told(&said, 1).len(), 1);
    let rows = scene
        .hq
        .gateway
        .store()
        .begin()
        .unwrap()
        .dispatches(NOON)
        .unwrap();
    assert!(rows.len() == 2 && rows.iter().all(|row| row.id == dispatch.id));
}

#[test]
fn what_is_over_leaves_for_nobody_and_holds_nothing_up() {
    let mut scene = Scene::new();
    let first = Whom::Terminal(scene.terminal.device.clone());
    scene.propose(&first, call("CIC-1001"), 10, NOON);
    let later = NOON.plus(10 * MINUTE);
    assert!(scene.hq.gateway.dispatches_out(later).unwrap().is_empty());
    scene.propose(&first, call("CIC-1002"), 10, later);
    assert_eq!(scene.hello(0, 0, later), [(0, 2, call("CIC-1002"))]);
}

#[test]
fn nothing_of_a_reading_stays_past_its_term_and_a_call_does() {
    let mut scene = Scene::new();
    let first = Whom::Terminal(scene.terminal.device.clone());
    scene.propose(&first, call("CIC-1001"), 10, NOON);
    scene.propose(&first, reading(), 10, NOON);
    scene.hq.gateway.dispatches_out(NOON.plus(10 * MINUTE)).unwrap();
    let rows = scene.hq.gateway.store().begin().unwrap();
    let rows = rows.dispatches(NOON).unwrap();
    let held: Vec<(bool, bool)> = rows.iter().map(|row| (row.hit, row.cose.is_some())).collect();
    assert_eq!(held, [(true, false), (false, true)]);
}

#[test]
fn nobody_unknown_is_told_anything_and_nothing_is_proposed_for_longer_than_a_shift() {
    let mut scene = Scene::new();
    let nobody = Whom::Officer(domain::OfficerId::from_bytes([0x99; 16]));
    let refused = scene.try_propose(&nobody, call("CIC-1001"), 60, NOON);
    assert!(matches!(refused, Err(DispatchError::Nobody { .. })));
    let nowhere = Whom::Terminal(domain::DeviceId::parse("neo-000099").unwrap());
    let refused = scene.try_propose(&nowhere, call("CIC-1001"), 60, NOON);
    assert!(matches!(refused, Err(DispatchError::NoTerminal { .. })));
    let first = Whom::Terminal(scene.terminal.device.clone());
    for minutes in [0, -1, LONGEST_TERM / MINUTE + 1, i64::MAX] {
        let refused = scene.try_propose(&first, call("CIC-1001"), minutes, NOON);
        assert!(matches!(refused, Err(DispatchError::Term { .. })), "{minutes}");
    }
    let rows = scene
        .hq
        .gateway
        .store()
        .begin()
        .unwrap()
        .dispatches(UnixMs(0))
        .unwrap();
    assert_eq!(rows, []);
}

#[test]
fn a_store_put_back_to_an_older_copy_counts_on_from_what_terminals_have() {
    let mut scene = Scene::new();
    assert_eq!(scene.hello(0, 7, NOON), []);
    let first = Whom::Terminal(scene.terminal.device.clone());
    scene.propose(&first, call("CIC-1001"), 60, NOON);
    assert_eq!(scene.hello(0, 7, NOON), [(7, 8, call("CIC-1001"))]);
}

#[test]
fn the_last_word_of_a_crew_stands_and_what_does_not_prove_itself_is_not_answered() {
    let mut scene = Scene::new();
    let at = scene.now();
    let mut taken = Intervention::new(
        intervention(1),
        ServiceId::from_bytes([2; 16]),
        Place::parse("12 rue des Lilas").unwrap(),
        at,
    );
    taken.set_out(at).unwrap();
    let en_route = scene.statement(0, 4, Standing::Taken(Box::new(taken.clone())));
    assert!(scene.tell(0, &en_route));
    taken.arrive(at).unwrap();
    let there = scene.statement(0, 5, Standing::Taken(Box::new(taken)));
    assert!(scene.tell(0, &there));
    // One that comes late, or again, is answered and changes nothing.
    assert!(scene.tell(0, &en_route) && scene.tell(0, &there));
    assert_eq!(scene.standings(), ["on-scene"]);
    let declined = Standing::Declined {
        id: intervention(2),
        at,
    };
    let declined = scene.statement(0, 6, declined);
    // Said by another terminal, of another intervention, by another officer, or sealed to nobody here.
    assert!(!scene.tell(1, &declined));
    let other = ProgressTold {
        intervention: intervention(3),
        ..declined.clone()
    };
    assert!(!scene.tell(0, &other));
    let somebody = ProgressTold {
        officer: domain::OfficerId::from_bytes([0x99; 16]),
        ..declined.clone()
    };
    assert!(!scene.tell(0, &somebody));
    let unsealed = ProgressTold {
        sealed: b"age".to_vec(),
        ..declined.clone()
    };
    assert!(!scene.tell(0, &unsealed));
    assert!(scene.tell(0, &declined));
    let mut standings = scene.standings();
    standings.sort_unstable();
    assert_eq!(standings, ["declined", "on-scene"]);
}
