//! HQ shows the crew what it answered itself to who shows it, and nothing else.

use domain::officer::Quality;
use domain::query::{Answer, Outcome, Share, ShareFate};
use domain::{DeviceId, QueryId, ServiceId, UnixMs, decode, encode};
use sync::wire::v1::{QueryEnvelope, Reply, SHARE};
use sync::{Topic, UpLane};
use trust::cose::{self, Namespace};
use trust::seal;

use crate::queries::{Scene, ask, person};
use crate::world::{Agent, NOON, Terminal, moment};

struct Crew {
    scene: Scene,
    mate: Agent,
    /// The mate's terminal, on the network.
    beside: Terminal,
    answer: Answer,
}

fn crew() -> Crew {
    let mut scene = Scene::new();
    let mate = scene.hq.officer(2, Quality::Apj);
    let beside = scene.hq.terminal("neo-000002", &[&mate]);
    let transaction = scene.hq.gateway.store().begin().unwrap();
    transaction.set_presence(&beside.device, 1, true, NOON).unwrap();
    transaction.commit().unwrap();
    let durand = person("DURAND", "Marc", "03/05/1988");
    let question = ask(&scene.terminal, &scene.officer, 1, durand, NOON.plus(20_000));
    let outgoing = scene.send(&question, NOON);
    let answer = scene.open(&outgoing);
    Crew {
        scene,
        mate,
        beside,
        answer,
    }
}

impl Crew {
    fn share(&self) -> Share {
        let officer = &self.scene.officer.officer;
        Share {
            id: QueryId::from_bytes([9; 16]),
            author: officer.author(),
            service: ServiceId::from_bytes([1; 16]),
            with: vec![self.mate.officer.matricule.clone()],
            term: person("DURAND", "Marc", "03/05/1988"),
            answer: self.answer.clone(),
            shared: moment(NOON),
        }
    }

    /// What HQ says of what comes from this terminal, and how many messages left for the mate.
    fn take(&mut self, bytes: &[u8], from: DeviceId, now: UnixMs) -> (Vec<ShareFate>, usize) {
        let topic = Topic::Up(from, UpLane::Q);
        let said = self.scene.hq.gateway.receive(&topic, bytes, now).unwrap();
        let mut fates = Vec::new();
        let mut told = 0;
        for message in said {
            let signed = cose::parse(&message.payload).unwrap();
            match decode::<Reply>(&signed.payload).unwrap() {
                Reply::Shared(said) => fates = said.fates,
                Reply::SharedAnswer(sealed) => {
                    assert_eq!(sealed.device, self.beside.device);
                    told += 1;
                }
                Reply::Query(_)
                | Reply::Stat(_)
                | Reply::Snapshot(_)
                | Reply::Report(_)
                | Reply::HotlistKey(_)
                | Reply::Suivi(_)
                | Reply::Dispatch(_)
                | Reply::Progress(_)
                | Reply::Crew(_)
                | Reply::CrewKept(_)
                | Reply::Footage(_)
                | Reply::AlertTaken(_) => {
                    panic!()
                }
            }
        }
        (fates, told)
    }

    fn show_at(&mut self, share: &Share, now: UnixMs) -> (Vec<ShareFate>, usize) {
        let bytes = sealed(&self.scene.terminal, share);
        let from = self.scene.terminal.device.clone();
        self.take(&bytes, from, now)
    }

    fn show(&mut self, share: &Share) -> (Vec<ShareFate>, usize) {
        self.show_at(share, NOON.plus(1_000))
    }
}

fn sealed(from: &Terminal, share: &Share) -> Vec<u8> {
    let envelope = QueryEnvelope {
        version: 1,
        device: from.device.clone(),
        id: share.id,
        sealed: seal::seal(&[from.hq], &encode(share)).unwrap(),
        expires: NOON.plus(20_000),
    };
    from.sign(Namespace::Query, SHARE, &encode(&envelope))
}

#[test]
fn what_hq_answered_is_shown_once_however_often_it_is_asked() {
    let mut crew = crew();
    let share = crew.share();
    assert_eq!(crew.show(&share), (vec![ShareFate::Sent], 1));
    assert_eq!(crew.show(&share), (vec![ShareFate::Sent], 0));
}

#[test]
fn what_hq_did_not_answer_or_not_to_this_officer_is_not_shown() {
    let mut crew = crew();
    let mut worse = crew.share();
    let Outcome::Found(cards) = &mut worse.answer.outcome else {
        panic!()
    };
    cards[0].instruction = Some("Laisser partir.".into());
    assert_eq!(crew.show(&worse), (vec![ShareFate::Refused], 0));

    let mut another = crew.share();
    another.id = QueryId::from_bytes([10; 16]);
    another.term = person("MARTIN", "Paul", "03/05/1988");
    assert_eq!(crew.show(&another), (vec![ShareFate::Refused], 0));

    let mut stolen = crew.share();
    stolen.id = QueryId::from_bytes([11; 16]);
    stolen.with = vec![crew.scene.officer.officer.matricule.clone()];
    stolen.author = crew.mate.officer.author();
    let bytes = sealed(&crew.beside, &stolen);
    let from = crew.beside.device.clone();
    assert_eq!(crew.take(&bytes, from, NOON), (vec![ShareFate::Refused], 0));

    let late = crew.share();
    assert_eq!(
        crew.show_at(&late, NOON.plus(20_001)),
        (vec![ShareFate::Refused], 0)
    );
}

#[test]
fn cpp_15_5_who_is_not_habilitated_to_the_file_is_shown_nothing_of_it() {
    let mut crew = crew();
    let mut officer = crew.mate.officer.clone();
    officer.habilitations.clear();
    let transaction = crew.scene.hq.registry.store().begin().unwrap();
    transaction.put_officer(&officer).unwrap();
    transaction.commit().unwrap();
    let share = crew.share();
    assert_eq!(crew.show(&share), (vec![ShareFate::NotHabilitated], 0));
}

#[test]
fn a_terminal_that_is_away_is_not_sent_what_would_come_too_late() {
    let mut crew = crew();
    let transaction = crew.scene.hq.gateway.store().begin().unwrap();
    transaction
        .set_presence(&crew.beside.device, 1, false, NOON)
        .unwrap();
    transaction.commit().unwrap();
    let share = crew.share();
    assert_eq!(crew.show(&share), (vec![ShareFate::Away], 0));
}
