//! Checks without network: HQ's lists reach the terminal, are asked where no file answers, and never say more than
//! "perhaps".

use domain::QueryId;
use domain::UnixMs;
use domain::dialogue::{AnswerState, HotlistAge, Intent, ListLine, Notice};
use domain::draft::Field;
use domain::hotlist::{DocumentNumber, HOURLY, Standing, Subject};
use domain::journal::Operation;
use domain::officer::FileKind;
use domain::record::ActKind;
use domain::vehicle::Plate;
use hq::Pki;
use hq::fleet::{Standing as Service, build_crl, publish_revocations, revoke, set_standing};
use hq::hotlist::{Extent, HotlistError, Lists, Sent, publish};
use simulator::enrol;
use simulator::world::{Action, Said};
use sync::wire::v1::SetKind;
use tests::acts::{self, act_id};
use tests::watched::Watched;
use trust::cert::{Holder, Reason};

use crate::reference::{forge, head_of, reconnect, serial_of};

/// The plate that the scripted files have as stolen, and the number in the zone of the scripted check.
const STOLEN: &str = "AB-123-CD";
const NUMBER: &str = "L898902C3";

fn pki(watched: &Watched) -> Pki {
    enrol::pki(&watched.world.layout().pki(), watched.world.now().utc).unwrap()
}

fn lists(as_of: UnixMs, plates: &[&str], numbers: &[&str]) -> Lists {
    let plates = plates.iter().map(|text| Plate::parse(text).unwrap());
    let numbers = numbers.iter().map(|text| DocumentNumber::parse(text).unwrap());
    Lists {
        as_of,
        vehicles: plates.collect(),
        documents: numbers.collect(),
    }
}

fn published(watched: &mut Watched, lists: &Lists) -> Result<Sent, HotlistError> {
    let (now, pki) = (watched.world.now().utc, pki(watched));
    publish(
        watched.world.gateway().store(),
        &pki,
        lists,
        Extent::AsNeeded,
        now,
    )
}

/// A check is open, the lists of today are on the terminal, and the network is gone.
fn offline(seed: u64) -> Watched {
    let mut watched = Watched::on_duty(seed);
    let today = watched.world.now().utc;
    published(&mut watched, &lists(today, &[STOLEN], &[NUMBER])).unwrap();
    reconnect(&mut watched);
    let shown = watched.world.board.home.as_ref().unwrap().hotlist.unwrap();
    assert_eq!((shown.as_of, shown.age), (today, HotlistAge::Fresh));
    watched.play(acts::drafted(act_id(1), ActKind::IdentityCheck));
    watched.act(Action::Cut);
    watched
}

/// What the lists say once the officer has asked for a vehicle with this plate.
fn asked(watched: &mut Watched, plate: &str) -> Vec<ListLine> {
    let draft = act_id(1);
    watched.act(Action::Intent(Said::Fill {
        draft,
        field: Field::Plate,
        text: plate.to_owned(),
    }));
    watched.intent(Intent::Consult {
        draft,
        file: FileKind::Foves,
        motive: "contrôle routier".to_owned(),
    });
    watched.act(Action::Advance(30_000));
    watched.world.board.draft.as_ref().unwrap().lists.clone()
}

fn of(lines: &[ListLine], subject: Subject) -> Standing {
    lines
        .iter()
        .find(|line| line.subject == subject)
        .unwrap()
        .standing
}

fn consultations(watched: &Watched) -> usize {
    let journal = watched.world.engine().unwrap().device().journal().unwrap();
    let of_lists = |operation: &Operation| matches!(operation, Operation::ConsultedList { .. });
    journal.iter().filter(|entry| of_lists(&entry.operation)).count()
}

#[test]
fn a_stolen_plate_and_a_lost_document_are_perhaps_listed_and_the_journal_knows_who_asked() {
    let mut watched = offline(1_200);
    let lines = asked(&mut watched, STOLEN);
    assert!(matches!(of(&lines, Subject::Vehicle), Standing::Listed { .. }));
    assert!(matches!(of(&lines, Subject::Document), Standing::Listed { .. }));
    assert_eq!(consultations(&watched), 2);
    let lines = asked(&mut watched, "ZZ-999-ZZ");
    assert!(matches!(of(&lines, Subject::Vehicle), Standing::NotFound { .. }));
    watched.play([Action::Restore, Action::Advance(30_000)]);
    watched.act(Said::Sign { draft: act_id(1) }.into());
    watched.finish();
}

fn pending(watched: &Watched) -> u32 {
    watched.world.board.home.as_ref().unwrap().confirmations
}

fn foves(watched: &Watched) -> AnswerState {
    let draft = watched.world.board.draft.as_ref().unwrap();
    let line = draft.answers.iter().find(|line| line.file == FileKind::Foves);
    line.unwrap().state.clone()
}

/// What HQ has answered about, by the reminders of home.
fn reminders(watched: &Watched) -> Vec<AnswerState> {
    let home = watched.world.board.home.as_ref().unwrap();
    home.answers.iter().map(|line| line.state.clone()).collect()
}

#[test]
fn what_a_list_stood_in_for_is_asked_of_the_file_when_the_network_is_back() {
    let mut watched = offline(1_220);
    asked(&mut watched, STOLEN);
    assert_eq!(pending(&watched), 1);
    assert_eq!(foves(&watched), AnswerState::Confirming);
    // The officer has left the person, and the process has died.
    watched.play([Action::Kill, Action::Start, Action::Unlock]);
    assert_eq!(pending(&watched), 1, "kept over a restart");
    watched.play([Action::Restore, Action::Advance(60_000)]);
    assert_eq!(pending(&watched), 0);
    let seen = reminders(&watched);
    let [AnswerState::Late(answer)] = seen.as_slice() else {
        panic!("{seen:?}")
    };
    assert!(answer.is_hit());
    let query = answer.query;
    let store = watched.world.gateway().store();
    assert!(store.begin().unwrap().consultation(query).unwrap().is_some());
    let journal = watched.world.engine().unwrap().device().journal().unwrap();
    let at = |wanted: fn(&Operation) -> Option<QueryId>| {
        journal
            .iter()
            .position(|entry| wanted(&entry.operation) == Some(query))
            .unwrap()
    };
    let asked = at(|operation| {
        let Operation::Consulted { query, .. } = operation else {
            return None;
        };
        *query
    });
    let shown = at(|operation| {
        let Operation::AnswerShown { query, .. } = operation else {
            return None;
        };
        Some(*query)
    });
    assert!(asked < shown);
    watched.intent(Intent::OpenDraft { draft: act_id(1) });
    watched.act(Action::Advance(2_000));
    assert!(matches!(foves(&watched), AnswerState::Late(_)));
}

#[test]
fn a_confirmation_leaves_a_locked_terminal_and_its_answer_waits_sealed_for_its_officer() {
    let mut watched = offline(1_221);
    asked(&mut watched, STOLEN);
    watched.play([Said::Lock.into(), Action::Restore, Action::Advance(60_000)]);
    assert_eq!(watched.world.board.lock.as_ref().unwrap().answers, 1);
    watched.play([Action::Unlock, Action::Advance(2_000)]);
    assert_eq!(pending(&watched), 0);
    assert_eq!(reminders(&watched).len(), 1);
}

#[test]
fn a_question_that_nobody_waits_for_any_more_is_dropped_and_said_so() {
    let mut watched = offline(1_222);
    asked(&mut watched, STOLEN);
    for _ in 0..26 {
        watched.act(Action::Advance(3_600_000));
    }
    watched.play([Action::Restore, Action::Advance(60_000)]);
    assert!(watched.was_told(Notice::ConfirmationsDropped { count: 1 }));
    assert_eq!(reminders(&watched), []);
}

#[test]
fn lists_and_their_key_outlive_a_restart() {
    let mut watched = offline(1_201);
    watched.play([Action::Kill, Action::Start, Action::Unlock]);
    watched.intent(Intent::OpenDraft { draft: act_id(1) });
    let lines = asked(&mut watched, STOLEN);
    assert!(matches!(of(&lines, Subject::Vehicle), Standing::Listed { .. }));
}

#[test]
fn what_changed_is_enough_and_takes_away_too() {
    let mut watched = offline(1_202);
    watched.play([Action::Restore, Action::Advance(30_000)]);
    let later = watched.world.now().utc;
    let sent = published(&mut watched, &lists(later, &["EE-555-EE"], &[NUMBER])).unwrap();
    assert_eq!(sent.changed, Some((1, 1)));
    reconnect(&mut watched);
    watched.act(Action::Cut);
    let lines = asked(&mut watched, "EE-555-EE");
    assert_eq!(of(&lines, Subject::Vehicle), Standing::Listed { as_of: later });
    let lines = asked(&mut watched, STOLEN);
    assert_eq!(of(&lines, Subject::Vehicle), Standing::NotFound { as_of: later });
}

#[test]
fn a_list_older_than_seven_days_is_not_asked_and_older_data_is_not_published() {
    let mut watched = Watched::on_duty(1_203);
    let today = watched.world.now().utc;
    let data = today.plus(-7 * UnixMs::DAY + 60_000);
    published(&mut watched, &lists(data, &[STOLEN], &[])).unwrap();
    let older = published(&mut watched, &lists(data.plus(-1), &[STOLEN], &[]));
    assert!(matches!(older, Err(HotlistError::Older { .. })));
    reconnect(&mut watched);
    watched.play(acts::drafted(act_id(1), ActKind::IdentityCheck));
    watched.play([Action::Cut, Action::Advance(120_000)]);
    let lines = asked(&mut watched, STOLEN);
    assert_eq!(of(&lines, Subject::Vehicle), Standing::TooOld { as_of: data });
    let shown = watched.world.board.home.as_ref().unwrap().hotlist.unwrap();
    assert_eq!(shown.age, HotlistAge::TooOld);
}

#[test]
fn a_terminal_in_quarantine_gets_no_key_and_a_revoked_one_forgets_it() {
    let mut watched = Watched::on_duty(1_204);
    let now = watched.world.now().utc;
    let device = enrol::device_id();
    let store = watched.world.gateway().store();
    set_standing(store, &device, Service::Quarantined, now).unwrap();
    published(&mut watched, &lists(now, &[STOLEN], &[])).unwrap();
    reconnect(&mut watched);
    watched.play(acts::drafted(act_id(1), ActKind::IdentityCheck));
    watched.act(Action::Cut);
    let lines = asked(&mut watched, STOLEN);
    assert_eq!(of(&lines, Subject::Vehicle), Standing::NoList);

    let store = watched.world.gateway().store();
    set_standing(store, &device, Service::InService, now).unwrap();
    watched.play([Action::Restore, Action::Advance(30_000)]);
    reconnect(&mut watched);
    watched.act(Action::Cut);
    let lines = asked(&mut watched, STOLEN);
    assert!(matches!(of(&lines, Subject::Vehicle), Standing::Listed { .. }));

    watched.play([Action::Restore, Action::Advance(30_000)]);
    let (now, pki) = (watched.world.now().utc, pki(&watched));
    let store = watched.world.gateway().store();
    let holder = Holder::Device(device.to_string());
    revoke(store, &holder, Reason::KeyCompromise, now).unwrap();
    let crl = build_crl(store, &pki, now).unwrap();
    let serial = publish_revocations(store, &pki, &crl, now).unwrap().serial;
    let transaction = store.begin().unwrap();
    let list = transaction
        .publication(SetKind::Revocations, serial)
        .unwrap()
        .unwrap();
    drop(transaction);
    // HQ's broker would refuse the terminal; the list is what reaches it while it is still connected.
    forge(&mut watched, &head_of(&list), serial_of(&list), &list.packed);
    watched.play([Action::Advance(5_000), Action::Cut]);
    let lines = asked(&mut watched, STOLEN);
    assert_eq!(of(&lines, Subject::Vehicle), Standing::NoList);
}

#[test]
fn nobody_tries_every_plate() {
    let mut watched = offline(1_205);
    let ask = |watched: &mut Watched| {
        watched.intent(Intent::Consult {
            draft: act_id(1),
            file: FileKind::Foves,
            motive: "contrôle routier".to_owned(),
        });
    };
    // Each asks for a vehicle and a document.
    asked(&mut watched, "ZZ-999-ZZ");
    for _ in 1..HOURLY / 2 {
        ask(&mut watched);
    }
    assert_eq!(consultations(&watched), HOURLY as usize);
    let lines = asked(&mut watched, STOLEN);
    assert_eq!(of(&lines, Subject::Vehicle), Standing::TooMany);
    assert_eq!(consultations(&watched), HOURLY as usize);
    watched.act(Action::Advance(3_600_000));
    watched.act(Action::Unlock);
    watched.intent(Intent::OpenDraft { draft: act_id(1) });
    let lines = asked(&mut watched, STOLEN);
    assert!(matches!(of(&lines, Subject::Vehicle), Standing::Listed { .. }));
}
