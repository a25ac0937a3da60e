//! A fresh key for the officer's database: wherever it stops, the code opens what is there, and nothing is lost.

use agent::keys::{OfficerKeys, Slot, SlotOpening};
use agent::site::Site;
use agent::store::{OfficerStore, salt};
use agent::work::{RotationPoint, rotate, settle};
use domain::dialogue::{Intent, LockState};
use domain::draft::Field;
use domain::journal::Operation;
use domain::orders::Command;
use domain::record::ActKind;
use domain::{OfficerId, Secret};
use simulator::card::SimCard;
use simulator::enrol;
use simulator::world::{Action, Said};
use std::panic::{AssertUnwindSafe, catch_unwind, panic_any};
use tests::acts::{self, act_id};
use tests::watched::Watched;

const TEXT: &str = "vol à l'étalage";

/// A terminal with a draft in its officer's database, and nobody at work.
fn with_a_draft(seed: u64) -> Watched {
    let mut watched = Watched::on_duty(seed);
    watched.play([
        Said::StartDraft {
            id: act_id(1),
            kind: ActKind::Pv,
        }
        .into(),
        Said::Fill {
            draft: act_id(1),
            field: Field::Subject,
            text: TEXT.to_owned(),
        }
        .into(),
        Said::Lock.into(),
    ]);
    watched
}

fn officer(watched: &Watched) -> OfficerId {
    let sheet = &watched.world.scenario().officer;
    enrol::officer(sheet, watched.world.now().utc).unwrap().id
}

fn site(watched: &Watched) -> Site {
    Site::new(watched.world.layout().terminal())
}

/// The officer's keys, as the code gives them.
fn opened(watched: &Watched) -> OfficerKeys {
    let (site, id, now) = (site(watched), officer(watched), watched.world.now());
    let opening = Slot::open(
        &site.place(id),
        id,
        &Secret::new(watched.world.scenario().officer.code.clone()),
        agent::enrol::vault(&site).unwrap().as_ref(),
        &mut SimCard::open(&watched.world.layout().card()).unwrap(),
        now.boot,
        now.mono_ms,
    );
    match opening.unwrap() {
        SlotOpening::Opened(keys) => keys,
        SlotOpening::WrongCode { .. }
        | SlotOpening::Wait { .. }
        | SlotOpening::Destroyed
        | SlotOpening::Closed(_) => {
            panic!("the code does not open")
        }
    }
}

/// The text of the draft, as the officer finds it.
fn found(watched: &mut Watched) -> String {
    watched.act(Action::Unlock);
    assert_eq!(
        watched.world.board.lock.as_ref().unwrap().state,
        LockState::Unlocked
    );
    watched.intent(Intent::OpenDraft { draft: act_id(1) });
    let draft = watched.world.board.draft.as_ref().unwrap();
    let subject = draft.texts.iter().find(|line| line.field == Field::Subject);
    subject.unwrap().text.reveal().clone()
}

#[test]
fn an_order_gives_the_database_a_fresh_key_at_the_next_unlock_and_hq_hears_of_it() {
    let mut watched = with_a_draft(990);
    let database = site(&watched).officer_db(officer(&watched));
    let (key, file) = (opened(&watched).database.masked(0), salt(&database).unwrap());
    watched.play([Action::Order(Command::RotateKeys), Action::Advance(10_000)]);
    assert_eq!(
        salt(&database).unwrap(),
        file,
        "nothing happens without the officer"
    );
    assert_eq!(found(&mut watched), TEXT);
    assert_ne!(salt(&database).unwrap(), file);
    watched.play([Said::Lock.into(), Action::Unlock, Said::Lock.into()]);
    assert_ne!(opened(&watched).database.masked(0), key);
    let journal = watched.world.engine().unwrap().device().journal().unwrap();
    let rotations = journal
        .iter()
        .filter(|entry| entry.operation == Operation::KeyRotated);
    assert_eq!(rotations.count(), 1, "once an order");
    watched.act(Action::Unlock);
    watched.play(acts::drawn_up(act_id(2), ActKind::Pv));
    watched.act(Action::Advance(60_000));
    assert!(watched.is_received(act_id(2)));
    watched.finish();
}

#[test]
fn a_rotation_interrupted_anywhere_opens_with_the_same_code_and_loses_nothing() {
    for point in RotationPoint::ALL {
        let mut watched = with_a_draft(991);
        let (site, id) = (site(&watched), officer(&watched));
        let (dir, database) = (site.officer_dir(id), site.officer_db(id));
        watched.act(Action::Kill);
        let keys = opened(&watched);
        let store = OfficerStore::open(&database, &keys.database, false, watched.world.now().utc).unwrap();
        let died = catch_unwind(AssertUnwindSafe(|| {
            let _ = rotate(&dir, &database, &keys, store, |passed| {
                if passed == point {
                    panic_any(point);
                }
            });
        }));
        assert_eq!(died.unwrap_err().downcast_ref(), Some(&point));
        watched.act(Action::Start);
        assert_eq!(found(&mut watched), TEXT, "{point:?}");
        assert!(
            !dir.join("rotation.cbor").exists(),
            "{point:?}: nothing is left of it"
        );
        assert!(!database.with_extension("next").exists(), "{point:?}");
        watched.play([Said::Lock.into()]);
        assert_eq!(found(&mut watched), TEXT, "{point:?}: and once more");
    }
}

#[test]
fn a_rotation_that_cannot_write_leaves_the_database_and_its_key() {
    let mut watched = with_a_draft(992);
    let (site, id) = (site(&watched), officer(&watched));
    let (dir, database) = (site.officer_dir(id), site.officer_db(id));
    watched.act(Action::Kill);
    let keys = opened(&watched);
    let store = OfficerStore::open(&database, &keys.database, false, watched.world.now().utc).unwrap();
    // A folder where the new database would be: nothing can be written there.
    std::fs::create_dir_all(database.with_extension("next").join("in-the-way")).unwrap();
    assert!(rotate(&dir, &database, &keys, store, |_| {}).is_err());
    std::fs::remove_dir_all(database.with_extension("next")).unwrap();
    let before = keys.database.masked(0);
    let settled = settle(&dir, &database, keys).unwrap();
    assert_eq!(settled.database.masked(0), before);
    watched.act(Action::Start);
    assert_eq!(found(&mut watched), TEXT);
}
