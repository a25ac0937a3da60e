//! What officers of a crew share: handed to those in service who name its author as the author names them, until its term,
//! and to no other terminal.

use domain::intervention::{
    AFTER_THE_END, CrewHanded, CrewSheet, CrewTold, CrewWord, Intervention, LONGEST_TERM, Outcome, Pen,
};
use domain::officer::{Matricule, Quality};
use domain::place::Place;
use domain::{CopyId, InterventionId, ServiceId, UnixMs, decode, encode};
use hq::Outgoing;
use sync::wire::v1::{HELLO, Hello, Presence, Reply};
use sync::{DownLane, Topic, UpLane};
use trust::cose::{self, Namespace};
use trust::seal;

use crate::world::{Agent, Hq, NOON, Terminal};

const MINUTE: i64 = 60_000;

/// Three officers, a terminal each.
struct Scene {
    hq: Hq,
    officers: [Agent; 3],
    terminals: [Terminal; 3],
    sequence: u64,
}

impl Scene {
    fn new() -> Self {
        let mut hq = Hq::new();
        let officers = [1, 2, 3].map(|number| hq.officer(number, Quality::Opj));
        let terminals = [0, 1, 2].map(|who: usize| {
            let name = format!("neo-00000{}", who + 1);
            hq.terminal(&name, &[&officers[who]])
        });
        let mut scene = Self {
            hq,
            officers,
            terminals,
            sequence: 0,
        };
        for who in 0..3 {
            let topic = Topic::State(scene.terminals[who].device.clone());
            let birth = Presence {
                version: 1,
                epoch: 1,
                online: true,
            };
            scene.hq.gateway.receive(&topic, &encode(&birth), NOON).unwrap();
            assert_eq!(scene.hello(who, 0, NOON), []);
        }
        scene
    }

    fn matricule(&self, who: usize) -> Matricule {
        self.officers[who].officer.matricule.clone()
    }

    fn crew(&self, who: &[usize]) -> Vec<Matricule> {
        who.iter().map(|who| self.matricule(*who)).collect()
    }

    fn hello(&mut self, who: usize, taken: u64, now: UnixMs) -> Vec<CrewHanded> {
        let hello = Hello {
            crew: Some(taken),
            ..self.terminals[who].bare_hello()
        };
        let bytes = self.terminals[who].sign(Namespace::Hello, HELLO, &encode(&hello));
        let topic = Topic::Up(hello.device, UpLane::Q);
        let said = self.hq.gateway.receive(&topic, &bytes, now).unwrap();
        self.handed(&said, who)
    }

    /// What `said` hands to one terminal, opened as that terminal alone can.
    fn handed(&self, said: &[Outgoing], who: usize) -> Vec<CrewHanded> {
        let terminal = &self.terminals[who];
        let topic = Topic::Down(terminal.device.clone(), DownLane::A);
        let mut handed = Vec::new();
        for message in said.iter().filter(|message| message.topic == topic) {
            let signed = cose::parse(&message.payload).unwrap();
            let Ok(Reply::Crew(note)) = decode(&signed.payload) else {
                continue;
            };
            cose::verify(&signed, Namespace::Answer, self.hq.pki().receipt().certificate()).unwrap();
            let plain = seal::open(&terminal.identity, &note.sealed, 1 << 18).unwrap();
            let signed = cose::parse(&plain).unwrap();
            cose::verify(
                &signed,
                Namespace::CrewHanded,
                self.hq.pki().command().certificate(),
            )
            .unwrap();
            handed.push(decode::<CrewHanded>(&signed.payload).unwrap());
        }
        handed
    }

    fn told(&mut self, who: usize, word: &CrewWord) -> CrewTold {
        self.sequence += 1;
        CrewTold {
            version: 1,
            device: self.terminals[who].device.clone(),
            officer: word.author().id,
            sequence: self.sequence,
            at: self.terminals[who].bare_hello().sent,
            sealed: seal::seal(&[self.hq.pki().recipient()], &encode(word)).unwrap(),
        }
    }

    /// Says it from a terminal; what HQ says to whom, and whether it keeps the word.
    fn say(&mut self, who: usize, told: &CrewTold, now: UnixMs) -> (Vec<Outgoing>, Option<Option<u8>>) {
        let content = CrewTold::CONTENT_TYPE;
        let bytes = self.terminals[who].sign(Namespace::CrewTold, content, &encode(told));
        let topic = Topic::Up(self.terminals[who].device.clone(), UpLane::U);
        let said = self.hq.gateway.receive(&topic, &bytes, now).unwrap();
        let kept = said.iter().find_map(|message| {
            let signed = cose::parse(&message.payload).unwrap();
            match decode(&signed.payload) {
                Ok(Reply::CrewKept(kept)) if kept.sequence == told.sequence => Some(kept.reached),
                _ => None,
            }
        });
        (said, kept)
    }

    fn serve(&mut self, who: usize, with: &[usize]) -> Vec<CrewHanded> {
        let word = CrewWord::Duty {
            author: self.officers[who].officer.author(),
            crew: self.crew(with),
        };
        let told = self.told(who, &word);
        let (said, kept) = self.say(who, &told, NOON);
        assert_eq!(kept, Some(None));
        self.handed(&said, who)
    }

    fn word(&self, who: usize, with: &[usize], sheet: CrewSheet) -> CrewWord {
        CrewWord::Sheet {
            author: self.officers[who].officer.author(),
            crew: self.crew(with),
            sheet: Box::new(sheet),
        }
    }

    fn share(&mut self, who: usize, with: &[usize], sheet: &CrewSheet, now: UnixMs) -> (Vec<Outgoing>, u8) {
        let word = self.word(who, with, sheet.clone());
        let told = self.told(who, &word);
        let (said, kept) = self.say(who, &told, now);
        (said, kept.unwrap().unwrap())
    }

    fn pen(&self, who: usize) -> Pen {
        Pen {
            copy: CopyId::from_bytes([u8::try_from(who).unwrap() + 1; 16]),
            by: self.matricule(who),
            now: self.terminals[who].bare_hello().sent,
        }
    }

    fn intervention(&self) -> Intervention {
        Intervention::new(
            InterventionId::from_bytes([5; 16]),
            ServiceId::from_bytes([2; 16]),
            Place::parse("12 rue des Lilas").unwrap(),
            self.pen(0).now,
        )
    }

    fn sheet(&self) -> CrewSheet {
        CrewSheet::begin(&self.intervention(), &self.pen(0))
    }

    fn closed(&self) -> CrewSheet {
        let before = self.intervention();
        let mut after = before.clone();
        after.close(Outcome::NothingToReport, self.pen(0).now).unwrap();
        let mut sheet = self.sheet();
        sheet.follow(&before, &after, &[], &self.pen(0));
        sheet
    }
}

#[test]
fn the_crew_in_service_is_handed_it_at_once_and_no_other_terminal_is() {
    let mut scene = Scene::new();
    assert_eq!(scene.serve(0, &[0, 1]), []);
    assert_eq!(scene.serve(1, &[1, 0]), []);
    assert_eq!(scene.serve(2, &[2, 0, 1]), []);
    let sheet = scene.sheet();
    let (said, reached) = scene.share(0, &[0, 1], &sheet, NOON);
    assert_eq!(reached, 1);
    let handed = scene.handed(&said, 1);
    let [one] = handed.as_slice() else {
        panic!("{handed:?}")
    };
    assert_eq!((&one.sheet, &one.by), (&sheet, &scene.matricule(0)));
    assert_eq!(one.officer, scene.officers[1].officer.id);
    assert_eq!(one.until, NOON.plus(LONGEST_TERM));
    // The third names them, and nobody names the third: nothing, now or at a hello.
    assert_eq!(scene.handed(&said, 2), []);
    assert_eq!(scene.hello(2, 0, NOON), []);
    assert_eq!(scene.handed(&said, 0), []);
    // What a terminal has is not handed again, and what it lacks is.
    let line = 1;
    assert_eq!(scene.hello(1, line, NOON), []);
    assert_eq!(scene.hello(1, 0, NOON).len(), 1);
    assert!(scene.hq.gateway.sheets_out(NOON).unwrap().is_empty());
}

#[test]
fn who_does_not_name_back_is_handed_nothing_and_who_comes_later_is() {
    let mut scene = Scene::new();
    scene.serve(0, &[0, 1, 2]);
    scene.serve(2, &[2, 1]);
    let sheet = scene.sheet();
    let (said, reached) = scene.share(0, &[0, 1, 2], &sheet, NOON);
    assert_eq!((reached, scene.handed(&said, 2).len()), (0, 0));
    assert_eq!(scene.hello(1, 0, NOON), []);
    // In service with them from now on.
    assert_eq!(scene.serve(1, &[1, 0]).len(), 1);
    // And no more: what is told later goes nowhere.
    assert_eq!(scene.serve(1, &[]), []);
    let (said, reached) = scene.share(0, &[0, 1, 2], &scene.closed(), NOON);
    assert_eq!((reached, scene.handed(&said, 1).len()), (0, 0));
    assert_eq!(scene.hello(1, 0, NOON), []);
}

#[test]
fn it_is_gone_two_hours_after_the_end_and_twelve_after_the_beginning() {
    let mut scene = Scene::new();
    scene.serve(0, &[0, 1]);
    scene.serve(1, &[1, 0]);
    let sheet = scene.sheet();
    scene.share(0, &[0, 1], &sheet, NOON);
    let later = NOON.plus(11 * 60 * MINUTE);
    let (said, _) = scene.share(0, &[0, 1], &sheet, later);
    // Told again it lasts no longer, and an end near the twelve hours adds none.
    assert_eq!(scene.handed(&said, 1)[0].until, NOON.plus(LONGEST_TERM));
    let closed = scene.closed();
    let (said, _) = scene.share(0, &[0, 1], &closed, later);
    assert_eq!(scene.handed(&said, 1)[0].until, NOON.plus(LONGEST_TERM));
    assert_eq!(scene.hello(1, 0, NOON.plus(LONGEST_TERM)), []);
    scene.hq.gateway.sheets_out(NOON.plus(LONGEST_TERM)).unwrap();
    let held = scene.hq.gateway.store().begin().unwrap().shared_sheets().unwrap();
    assert!(held.iter().all(|row| !row.is_held));

    let mut scene = Scene::new();
    scene.serve(0, &[0, 1]);
    scene.serve(1, &[1, 0]);
    let mut theirs = scene.sheet();
    theirs.join(&scene.pen(1));
    scene.share(1, &[1, 0], &theirs, NOON);
    let (said, _) = scene.share(0, &[0, 1], &closed, NOON.plus(MINUTE));
    let until = NOON.plus(MINUTE + AFTER_THE_END);
    assert_eq!(scene.handed(&said, 1)[0].until, until);
    // The copy that was told before has the same term.
    let rows = scene.hq.gateway.store().begin().unwrap().shared_sheets().unwrap();
    assert!(
        rows.len() == 2 && rows.iter().all(|row| row.until == until),
        "{rows:?}"
    );
}

#[test]
fn what_does_not_prove_itself_is_neither_kept_nor_handed() {
    let mut scene = Scene::new();
    scene.serve(0, &[0, 1]);
    scene.serve(1, &[1, 0]);
    let word = scene.word(0, &[0, 1], scene.sheet());
    let told = scene.told(0, &word);
    // Said by another terminal, by an officer who does not work with it, or sealed to nobody here.
    assert_eq!(scene.say(1, &told, NOON), (Vec::new(), None));
    let by_the_other = CrewTold {
        device: scene.terminals[1].device.clone(),
        ..told.clone()
    };
    assert_eq!(scene.say(1, &by_the_other, NOON), (Vec::new(), None));
    let other_officer = CrewTold {
        officer: scene.officers[1].officer.id,
        ..told.clone()
    };
    assert_eq!(scene.say(0, &other_officer, NOON), (Vec::new(), None));
    let unsealed = CrewTold {
        sealed: b"age".to_vec(),
        ..told.clone()
    };
    assert_eq!(scene.say(0, &unsealed, NOON), (Vec::new(), None));
    // Not of the crew that it names.
    let stranger = scene.word(0, &[1, 2], scene.sheet());
    let stranger = scene.told(0, &stranger);
    assert_eq!(scene.say(0, &stranger, NOON), (Vec::new(), None));
    // An earlier word that comes late is answered, and changes nothing.
    let closed = scene.closed();
    scene.share(0, &[0, 1], &closed, NOON);
    let (said, kept) = scene.say(0, &told, NOON);
    assert_eq!((scene.handed(&said, 1).len(), kept), (0, Some(Some(0))));
    assert_eq!(scene.hello(1, 0, NOON)[0].sheet, closed);
}

#[test]
fn no_word_of_the_crew_is_in_hqs_files() {
    let mut scene = Scene::new();
    scene.serve(0, &[0, 1]);
    let mut sheet = scene.sheet();
    let before = scene.intervention();
    let mut after = before.clone();
    after.account = domain::intervention::Account::parse("CANARI-NOTES").unwrap();
    sheet.follow(&before, &after, &[], &scene.pen(0));
    scene.share(0, &[0, 1], &sheet, NOON);
    assert!(!scene.hq.is_in_store(b"CANARI-NOTES"));
}
