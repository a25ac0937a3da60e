//! Questions are answered to who may ask, sealed to their terminal, and always logged.

use domain::identity::CivilDate;
use domain::legal_basis::{CheckBasis, QueryFrame};
use domain::officer::{FileKind, Habilitation, Quality};
use domain::query::{Answer, Ground, NotAnswered, Outcome, Query, Term};
use domain::record::ActKind;
use domain::vehicle::Plate;
use domain::{QueryId, UnixMs, decode, encode};
use hq::Outgoing;
use hq::pattern::OutOfPattern;
use sync::wire::v1::{QUERY, QueryEnvelope, Reply};
use sync::{Topic, UpLane};
use trust::cose::{self, Namespace};
use trust::seal;

use crate::world::{Agent, Hq, NOON, Terminal, moment};

pub(crate) fn person(surname: &str, given: &str, born: &str) -> Term {
    Term::Person {
        surname: surname.into(),
        given_name: given.into(),
        born: Some(CivilDate::parse(born).unwrap().into()),
    }
}

pub(crate) fn ask(terminal: &Terminal, officer: &Agent, id: u8, term: Term, expires: UnixMs) -> Vec<u8> {
    let query = question(officer, u128::from(id), FileKind::Fpr, term, "contrôle routier");
    sealed(terminal, &query, expires)
}

fn question(officer: &Agent, id: u128, file: FileKind, term: Term, motive: &str) -> Query {
    let ground = Ground {
        motive,
        purpose: ActKind::IdentityCheck,
        frame: Some(QueryFrame::Check(CheckBasis::Ci2)),
    };
    let right = Habilitation {
        file,
        from: NOON.plus(-1),
        until: NOON.plus(UnixMs::DAY),
    };
    let author = officer.officer.author();
    let id = QueryId::from_bytes(id.to_be_bytes());
    Query::new(id, file, term, ground, author, Some(&right), None, moment(NOON)).unwrap()
}

fn sealed(terminal: &Terminal, query: &Query, expires: UnixMs) -> Vec<u8> {
    let id = query.id;
    let envelope = QueryEnvelope {
        version: 1,
        device: terminal.device.clone(),
        id,
        sealed: seal::seal(&[terminal.hq], &encode(query)).unwrap(),
        expires,
    };
    terminal.sign(Namespace::Query, QUERY, &encode(&envelope))
}

pub(crate) struct Scene {
    pub(crate) hq: Hq,
    pub(crate) officer: Agent,
    pub(crate) terminal: Terminal,
}

impl Scene {
    pub(crate) fn new() -> Self {
        let mut hq = Hq::new();
        let officer = hq.officer(1, Quality::Apj);
        let terminal = hq.terminal("neo-000001", &[&officer]);
        Self {
            hq,
            officer,
            terminal,
        }
    }

    pub(crate) fn send(&mut self, bytes: &[u8], now: UnixMs) -> Vec<Outgoing> {
        let topic = Topic::Up(self.terminal.device.clone(), UpLane::Q);
        self.hq.gateway.receive(&topic, bytes, now).unwrap()
    }

    fn outcome(&mut self, term: Term) -> Outcome {
        let bytes = ask(&self.terminal, &self.officer, 1, term, NOON.plus(20_000));
        let outgoing = self.send(&bytes, NOON);
        self.open(&outgoing).outcome
    }

    pub(crate) fn open(&self, outgoing: &[Outgoing]) -> Answer {
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

impl Scene {
    /// Lets the officer consult `file`, and asks it.
    fn ask_file(&mut self, query: &Query) -> Outcome {
        let rights = &mut self.officer.officer.habilitations;
        rights.retain(|right| right.file != query.file);
        rights.push(query.habilitation);
        let officer = self.officer.officer.clone();
        let transaction = self.hq.registry.store().begin().unwrap();
        transaction.put_officer(&officer).unwrap();
        transaction.commit().unwrap();
        let bytes = sealed(&self.terminal, query, NOON.plus(20_000));
        let outgoing = self.send(&bytes, NOON);
        self.open(&outgoing).outcome
    }

    fn alarms(&mut self) -> Vec<(OutOfPattern, u64)> {
        let transaction = self.hq.gateway.store().begin().unwrap();
        let alarms = transaction.query_alarms().unwrap();
        alarms.iter().map(|alarm| (alarm.kind, alarm.times)).collect()
    }
}

#[test]
fn cpp_230_10_antecedents_are_answered_in_a_judicial_frame_alone() {
    let mut scene = Scene::new();
    let durand = person("DURAND", "MARC", "03/05/1988");
    let framed = question(&scene.officer, 1, FileKind::Taj, durand, "usage de stupéfiants");
    assert!(matches!(scene.ask_file(&framed), Outcome::Found(_)));
    // A terminal that does not ask as it should.
    let mut unframed = framed.clone();
    unframed.id = QueryId::from_bytes([2; 16]);
    unframed.frame = Some(QueryFrame::Check(CheckBasis::Route));
    assert_eq!(
        scene.ask_file(&unframed),
        Outcome::NotAnswered(NotAnswered::FrameMissing)
    );
    assert_eq!(scene.logged(), 2);
}

#[test]
fn a_question_is_logged_with_its_frame_and_the_act_that_it_is_for() {
    let mut scene = Scene::new();
    scene.outcome(person("ERIKSSON", "ANNA MARIA", "12/08/1974"));
    let id = QueryId::from_bytes(1_u128.to_be_bytes());
    let transaction = scene.hq.gateway.store().begin().unwrap();
    assert_eq!(
        transaction.consultation_ground(id).unwrap(),
        (Some("CI-2".to_owned()), Some("controle".to_owned()))
    );
}

#[test]
fn a_check_of_everything_is_no_alarm() {
    let mut scene = Scene::new();
    for id in 1..=6 {
        let term = person("ERIKSSON", "ANNA MARIA", "12/08/1974");
        let query = question(&scene.officer, id, FileKind::Fpr, term, "contrôle d'identité");
        scene.ask_file(&query);
    }
    assert_eq!(scene.alarms(), []);
}

#[test]
fn led_art_25_a_terminal_that_asks_more_than_a_road_block_raises_an_alarm_and_is_answered() {
    let mut scene = Scene::new();
    let ask = |scene: &mut Scene, id: u128| {
        let query = question(
            &scene.officer,
            id,
            FileKind::Fpr,
            person("BERTHIER", "CORINNE", "06/12/1965"),
            "contrôle d'identité",
        );
        scene.ask_file(&query)
    };
    for id in 1..=120 {
        ask(&mut scene, id);
    }
    assert_eq!(scene.alarms(), []);
    assert_eq!(ask(&mut scene, 121), Outcome::NothingFound);
    ask(&mut scene, 122);
    assert_eq!(scene.alarms(), [(OutOfPattern::Rate, 2)]);
}

#[test]
fn led_art_25_whoever_asks_about_their_own_name_raises_an_alarm() {
    let mut scene = Scene::new();
    let name = scene.officer.officer.name.reveal().clone();
    let (surname, given) = name.split_once(' ').unwrap();
    let own = person(surname, given, "12/08/1974");
    let query = question(&scene.officer, 1, FileKind::Fpr, own, "contrôle d'identité");
    scene.ask_file(&query);
    assert_eq!(scene.alarms(), [(OutOfPattern::OwnName, 1)]);
}

#[test]
fn led_art_25_a_motive_without_words_and_a_question_without_motive_raise_an_alarm() {
    let mut scene = Scene::new();
    let term = person("BERTHIER", "CORINNE", "06/12/1965");
    let query = question(&scene.officer, 1, FileKind::Fpr, term, "1234 5678");
    scene.ask_file(&query);
    assert_eq!(scene.alarms(), [(OutOfPattern::MotiveEmpty, 1)]);
    // The motive of another program is missing: key 3 of the map becomes a null.
    let mut plain = encode(&query);
    let motive = [b"\x03\x69".as_slice(), b"1234 5678"].concat();
    let at = plain
        .windows(motive.len())
        .position(|bytes| bytes == motive)
        .unwrap();
    plain.splice(at..at + motive.len(), [0x03, 0xf6]);
    let envelope = QueryEnvelope {
        version: 1,
        device: scene.terminal.device.clone(),
        id: query.id,
        sealed: seal::seal(&[scene.terminal.hq], &plain).unwrap(),
        expires: NOON.plus(20_000),
    };
    let bytes = scene.terminal.sign(Namespace::Query, QUERY, &encode(&envelope));
    assert_eq!(scene.send(&bytes, NOON), []);
    assert!(scene.alarms().contains(&(OutOfPattern::Malformed, 1)));
    assert_eq!(scene.logged(), 1);
}

#[test]
fn led_art_25_one_motive_for_more_people_than_a_shift_meets_raises_an_alarm() {
    let mut scene = Scene::new();
    let ask = |scene: &mut Scene, id: u128| {
        let plate = Plate::foreign(&format!("P{id:06}")).unwrap();
        let term = Term::Vehicle { plate };
        let query = question(&scene.officer, id, FileKind::Siv, term, "contrôle routier");
        scene.ask_file(&query);
    };
    let repeated = |scene: &mut Scene| {
        let alarms = scene.alarms().into_iter();
        alarms
            .filter(|(kind, _)| *kind == OutOfPattern::MotiveRepeated)
            .collect::<Vec<_>>()
    };
    (1..=300).for_each(|id| ask(&mut scene, id));
    assert_eq!(repeated(&mut scene), []);
    ask(&mut scene, 301);
    assert_eq!(repeated(&mut scene), [(OutOfPattern::MotiveRepeated, 1)]);
}

#[test]
fn an_alarm_names_terminal_and_officer_and_nobody_else() {
    let mut scene = Scene::new();
    let query = question(
        &scene.officer,
        1,
        FileKind::Fpr,
        person("BERTHIER", "CORINNE", "06/12/1965"),
        "...1...",
    );
    scene.ask_file(&query);
    let transaction = scene.hq.gateway.store().begin().unwrap();
    let alarms = transaction.query_alarms().unwrap();
    let [alarm] = alarms.as_slice() else {
        panic!("{alarms:?}")
    };
    assert_eq!(alarm.officer, Some(scene.officer.officer.id));
    assert_eq!(alarm.device, scene.terminal.device);
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
