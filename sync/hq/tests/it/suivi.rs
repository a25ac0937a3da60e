//! What became of complaints: signed in order, told to the terminal that took them until it has it, and to no other.

use domain::envelope::ReceiptStatus;
use domain::officer::Quality;
use domain::plainte::{ClosedFor, Office, Stage, SuiviNote};
use domain::record::{Act, Record};
use domain::{EnvelopeId, decode, encode};
use hq::suivi::{self, SuiviError};
use hq::{Outgoing, Pki};
use sync::wire::v1::{HELLO, Hello, Presence, Reply};
use sync::{DownLane, Topic};
use trust::cose::{self, Namespace};
use trust::seal;

use crate::world::{Agent, Hq, NOON, Terminal};

struct Scene {
    hq: Hq,
    author: Agent,
    terminal: Terminal,
    other: Terminal,
    complaint: EnvelopeId,
    pv: EnvelopeId,
}

impl Scene {
    fn new() -> Self {
        let mut hq = Hq::new();
        let author = hq.officer(1, Quality::Opj);
        let somebody = hq.officer(2, Quality::Opj);
        let terminal = hq.terminal("neo-000001", &[&author]);
        let other = hq.terminal("neo-000002", &[&somebody]);
        let pv = terminal.pv(&author, 0);
        let mut complaint = terminal.parcel(&author, 1, complaint());
        complaint.draw();
        for parcel in [&pv, &complaint] {
            let receipt = hq.receipt(&terminal, &parcel.bytes());
            assert_eq!(receipt.status, ReceiptStatus::Stored);
        }
        let (complaint, pv) = (complaint.id, pv.id);
        let mut scene = Self {
            hq,
            author,
            complaint,
            pv,
            terminal,
            other,
        };
        for terminal in [0, 1] {
            scene.online(terminal);
            assert_eq!(scene.hello(terminal, 0), []);
        }
        scene
    }

    fn of(&self, terminal: usize) -> &Terminal {
        [&self.terminal, &self.other][terminal]
    }

    fn online(&mut self, terminal: usize) {
        let topic = Topic::State(self.of(terminal).device.clone());
        let birth = Presence {
            version: 1,
            epoch: 1,
            online: true,
        };
        self.hq.gateway.receive(&topic, &encode(&birth), NOON).unwrap();
    }

    fn hello(&mut self, terminal: usize, taken: u64) -> Vec<(u64, u64, Stage)> {
        let hello = Hello {
            suivi: Some(taken),
            ..self.of(terminal).bare_hello()
        };
        let bytes = self.of(terminal).sign(Namespace::Hello, HELLO, &encode(&hello));
        let topic = Topic::Up(hello.device, sync::UpLane::Q);
        let said = self.hq.gateway.receive(&topic, &bytes, NOON).unwrap();
        self.steps(&said, terminal)
    }

    fn tell(&mut self, stage: Stage) -> Result<u32, SuiviError> {
        self.tell_of(self.complaint, stage)
    }

    fn tell_of(&mut self, envelope: EnvelopeId, stage: Stage) -> Result<u32, SuiviError> {
        let pki = Pki::open(self.hq.pki().dir()).unwrap();
        let officer = self.author.officer.id;
        suivi::tell(self.hq.gateway.store(), &pki, envelope, stage, officer, NOON).map(|told| told.sequence)
    }

    /// What `said` tells a terminal, opened as that terminal alone can.
    fn steps(&self, said: &[Outgoing], terminal: usize) -> Vec<(u64, u64, Stage)> {
        let terminal = self.of(terminal);
        let topic = Topic::Down(terminal.device.clone(), DownLane::A);
        let mut steps = Vec::new();
        for message in said.iter().filter(|message| message.topic == topic) {
            let signed = cose::parse(&message.payload).unwrap();
            if signed.namespace != Namespace::Answer {
                continue;
            }
            cose::verify(&signed, Namespace::Answer, self.hq.pki().receipt().certificate()).unwrap();
            let Ok(Reply::Suivi(told)) = decode(&signed.payload) else {
                continue;
            };
            let plain = seal::open(&terminal.identity, &told.sealed, 1 << 16).unwrap();
            let note: SuiviNote = decode(&plain).unwrap();
            assert_eq!(note.officer, self.author.officer.id);
            let step = suivi::verify(&note.suivi, self.hq.pki().command().certificate()).unwrap();
            steps.push((told.after, told.sequence, step.stage));
        }
        steps
    }
}

/// Out of the vectors.
fn complaint() -> Act {
    let vector = include_bytes!("../../../../agent/domain/tests/vectors/v1/record-plainte.cbor");
    let record: Record = decode(vector).unwrap();
    assert!(matches!(&record.act, Act::Plainte(plainte) if plainte.deposit.is_plainte()));
    record.act
}

fn court() -> Office {
    Office::parse("Tribunal judiciaire de Bobigny").unwrap()
}

#[test]
fn a_step_reaches_the_terminal_that_took_the_complaint_and_no_other() {
    let mut scene = Scene::new();
    assert_eq!(scene.tell(Stage::Received).unwrap(), 1);
    assert_eq!(scene.tell(Stage::SentToProsecutor(court())).unwrap(), 2);
    let said = scene.hq.gateway.suivi_out().unwrap();
    assert_eq!(scene.steps(&said, 1), []);
    assert_eq!(
        scene.steps(&said, 0),
        [(0, 1, Stage::Received), (1, 2, Stage::SentToProsecutor(court()))]
    );
    // What left is not sent again until the terminal says that it lacks it.
    assert!(scene.hq.gateway.suivi_out().unwrap().is_empty());
    assert_eq!(scene.hello(0, 1), [(1, 2, Stage::SentToProsecutor(court()))]);
    assert_eq!(scene.hello(0, 2), []);
    let closed = Stage::Closed(ClosedFor::SearchesFruitless);
    assert_eq!(scene.tell(closed.clone()).unwrap(), 3);
    let said = scene.hq.gateway.suivi_out().unwrap();
    assert_eq!(scene.steps(&said, 0), [(2, 3, closed)]);
}

#[test]
fn a_terminal_that_is_away_is_told_at_its_next_hello_even_by_another_gateway() {
    let mut scene = Scene::new();
    let topic = Topic::State(scene.terminal.device.clone());
    let gone = Presence {
        version: 1,
        epoch: 1,
        online: false,
    };
    scene.hq.gateway.receive(&topic, &encode(&gone), NOON).unwrap();
    scene.tell(Stage::Received).unwrap();
    assert!(
        scene.hq.gateway.suivi_out().unwrap().is_empty(),
        "nobody is there"
    );
    scene.hq = scene.hq.restarted();
    assert_eq!(scene.hello(0, 0), [(0, 1, Stage::Received)]);
}

#[test]
fn only_a_complaint_has_a_follow_up_and_it_begins_with_its_receipt() {
    let mut scene = Scene::new();
    let pv = scene.tell_of(scene.pv, Stage::Received);
    assert!(matches!(pv, Err(SuiviError::NotAComplaint { .. })));
    let nothing = scene.tell_of(EnvelopeId::from_bytes([0x99; 16]), Stage::Received);
    assert!(matches!(nothing, Err(SuiviError::NotHeld { .. })));
    let early = scene.tell(Stage::Prosecuted);
    assert!(matches!(early, Err(SuiviError::OutOfOrder { .. })));
    scene.tell(Stage::Received).unwrap();
    let twice = scene.tell(Stage::Received);
    assert!(matches!(twice, Err(SuiviError::OutOfOrder { .. })));
    let act = scene.hq.gateway.store().begin().unwrap().all_suivi().unwrap();
    assert_eq!(act.len(), 1, "what was refused left nothing");
}

#[test]
fn a_store_put_back_to_an_older_copy_counts_on_from_what_terminals_have() {
    let mut scene = Scene::new();
    assert_eq!(scene.hello(0, 7), []);
    scene.tell(Stage::Received).unwrap();
    assert_eq!(scene.hello(0, 7), [(7, 8, Stage::Received)]);
}
