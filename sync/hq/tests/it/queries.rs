//! Questions are answered to who may ask, sealed to their terminal, and always logged.

use domain::identity::CivilDate;
use domain::officer::{FileKind, Quality};
use domain::query::{Answer, NotAnswered, Outcome, Query, Term};
use domain::vehicle::Plate;
use domain::{QueryId, UnixMs, decode, encode};
use hq::Outgoing;
use sync::wire::v1::{QUERY, QueryEnvelope, Reply};
use sync::{Topic, UpLane};
use trust::cose::{self, Namespace};
use trust::seal;

use crate::world::{Agent, Hq, NOON, Terminal, moment};

fn person(surname: &str, given: &str, born: &str) -> Term {
    Term::Person {
        surname: surname.into(),
        given_name: given.into(),
        born: Some(CivilDate::parse(born).unwrap().into()),
    }
}

fn ask(terminal: &Terminal, officer: &Agent, id: u8, term: Term, expires: UnixMs) -> Vec<u8> {
    let id = QueryId::from_bytes([id; 16]);
    let file = FileKind::Fpr;
    let author = officer.officer.author();
    let right = officer.officer.habilitation(file, NOON);
    let query = Query::new(
        id,
        file,
        term,
        "contrôle routier",
        author,
        right,
        None,
        moment(NOON),
    )
    .unwrap();
    let envelope = QueryEnvelope {
        version: 1,
        device: terminal.device.clone(),
        id,
        sealed: seal::seal(&[terminal.hq], &encode(&query)).unwrap(),
        expires,
    };
    terminal.sign(Namespace::Query, QUERY, &encode(&envelope))
}

struct Scene {
    hq: Hq,
    officer: Agent,
    terminal: Terminal,
}

impl Scene {
    fn new() -> Self {
        let mut hq = Hq::new();
        let officer = hq.officer(1, Quality::Apj);
        let terminal = hq.terminal("neo-000001", &[&officer]);
        Self {
            hq,
            officer,
            terminal,
        }
    }

    fn send(&mut self, bytes: &[u8], now: UnixMs) -> Vec<Outgoing> {
        let topic = Topic::Up(self.terminal.device.clone(), UpLane::Q);
        self.hq.gateway.receive(&topic, bytes, now).unwrap()
    }

    fn outcome(&mut self, term: Term) -> Outcome {
        let bytes = ask(&self.terminal, &self.officer, 1, term, NOON.plus(20_000));
        let outgoing = self.send(&bytes, NOON);
        self.open(&outgoing).outcome
    }

    fn open(&self, outgoing: &[Outgoing]) -> Answer {
        let [message] = outgoing else {
            panic!("{} messages", outgoing.len())
        };
        let signed = cose::parse(&message.payload).unwrap();
        cose::verify(&signed, Namespace::Answer, self.hq.pki().receipt().certificate()).unwrap();
        let Reply::Query(answer) = decode(&signed.payload).unwrap() else {
            panic!()
        };
        decode(&seal::open(&self.terminal.identity, &answer.sealed, 100_000).unwrap()).unwrap()
    }

    fn logged(&mut self) -> u64 {
        self.hq
            .gateway
            .store()
            .begin()
            .unwrap()
            .counts()
            .unwrap()
            .consultations
    }
}

#[test]
fn a_person_who_is_sought_is_found_and_the_consultation_is_logged() {
    let mut scene = Scene::new();
    let Outcome::Found(cards) = scene.outcome(person("Eriksson", "Anna Maria", "12/08/1974")) else {
        panic!()
    };
    assert!(cards[0].instruction.is_some());
    assert_eq!(scene.logged(), 1);
}

#[test]
fn nothing_found_is_an_answer_with_its_date() {
    let mut scene = Scene::new();
    assert_eq!(
        scene.outcome(person("BERTHIER", "CORINNE", "06/12/1965")),
        Outcome::NothingFound
    );
    assert_eq!(scene.logged(), 1);
}

#[test]
fn the_log_holds_neither_the_name_nor_the_reason() {
    let mut scene = Scene::new();
    scene.outcome(person("ERIKSSON", "ANNA MARIA", "12/08/1974"));
    for word in ["ERIKSSON", "contrôle routier"] {
        assert!(!scene.hq.is_in_store(word.as_bytes()), "{word}");
    }
    assert!(scene.hq.is_in_store(b"neo-000001"));
}

#[test]
fn a_late_question_is_not_looked_at() {
    let mut scene = Scene::new();
    let term = person("ERIKSSON", "ANNA MARIA", "12/08/1974");
    let bytes = ask(&scene.terminal, &scene.officer, 1, term, NOON.plus(20_000));
    let outgoing = scene.send(&bytes, NOON.plus(20_001));
    assert_eq!(
        scene.open(&outgoing).outcome,
        Outcome::NotAnswered(NotAnswered::Expired)
    );
    assert_eq!(scene.logged(), 1);
}

#[test]
fn a_question_delivered_twice_is_one_consultation() {
    let mut scene = Scene::new();
    let term = person("ERIKSSON", "ANNA MARIA", "12/08/1974");
    let bytes = ask(&scene.terminal, &scene.officer, 1, term, NOON.plus(20_000));
    let first = scene.send(&bytes, NOON);
    let again = scene.send(&bytes, NOON);
    assert_eq!(scene.open(&first), scene.open(&again));
    assert_eq!(scene.logged(), 1);
}

#[test]
fn an_id_used_for_another_question_is_not_answered() {
    let mut scene = Scene::new();
    scene.outcome(person("ERIKSSON", "ANNA MARIA", "12/08/1974"));
    let other = ask(
        &scene.terminal,
        &scene.officer,
        1,
        person("DURAND", "MARC", "03/05/1988"),
        NOON.plus(20_000),
    );
    assert_eq!(scene.send(&other, NOON), []);
}

#[test]
fn cpp_15_5_an_officer_whose_habilitation_ended_gets_no_answer() {
    let mut scene = Scene::new();
    scene.officer.officer.habilitations[0].until = NOON;
    let officer = scene.officer.officer.clone();
    let transaction = scene.hq.registry.store().begin().unwrap();
    transaction.put_officer(&officer).unwrap();
    transaction.commit().unwrap();
    // The terminal's copy of the officer is older than HQ's.
    scene.officer.officer.habilitations[0].until = NOON.plus(1);
    let outcome = scene.outcome(person("ERIKSSON", "ANNA MARIA", "12/08/1974"));
    assert_eq!(outcome, Outcome::NotAnswered(NotAnswered::NotHabilitated));
}

#[test]
fn an_officer_of_another_terminal_gets_no_answer() {
    let mut scene = Scene::new();
    let elsewhere = scene.hq.officer(2, Quality::Opj);
    let bytes = ask(
        &scene.terminal,
        &elsewhere,
        1,
        person("DURAND", "MARC", "03/05/1988"),
        NOON.plus(20_000),
    );
    let outgoing = scene.send(&bytes, NOON);
    assert_eq!(
        scene.open(&outgoing).outcome,
        Outcome::NotAnswered(NotAnswered::NotHabilitated)
    );
}

#[test]
fn a_question_signed_by_another_terminal_or_unsealed_is_not_answered() {
    let mut scene = Scene::new();
    let other = scene.hq.terminal("neo-000002", &[&scene.officer]);
    let term = Term::Vehicle {
        plate: Plate::parse("AB-123-CD").unwrap(),
    };
    let unsuited = person("DURAND", "MARC", "03/05/1988");
    let bytes = ask(&other, &scene.officer, 1, unsuited, NOON.plus(20_000));
    assert_eq!(scene.send(&bytes, NOON), []);
    let envelope = QueryEnvelope {
        version: 1,
        device: scene.terminal.device.clone(),
        id: QueryId::from_bytes([1; 16]),
        sealed: encode(&term),
        expires: NOON.plus(20_000),
    };
    let bytes = scene.terminal.sign(Namespace::Query, QUERY, &encode(&envelope));
    assert_eq!(scene.send(&bytes, NOON), []);
    assert_eq!(scene.logged(), 0);
}
