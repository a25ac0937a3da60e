//! A phone that breaks in the middle of a complaint: the officer finds the draft on the next one.

use domain::dialogue::{Intent, LockState, Notice};
use domain::draft::Field;
use domain::orders::Command;
use domain::record::ActKind;
use domain::{DeviceId, UnixMs, decode};
use hq::recovery::{RecoveryError, peel, restore};
use hq::store::KeptDraft;
use simulator::enrol;
use simulator::world::{Action, Said};
use sync::wire::v1::SNAPSHOT;
use sync::{Topic, UpLane};
use tests::acts::act_id;
use tests::watched::Watched;
use trust::cose::Namespace;
use trust::seal::{self, Identity};

use crate::programs::ours;

const ACCOUNT: &str = "CANARI-RECIT : il m'a suivie depuis la gare, et je l'ai reconnu.";

fn typed(text: &str) -> Action {
    Said::Fill {
        draft: act_id(1),
        field: Field::Account,
        text: text.to_owned(),
    }
    .into()
}

/// Three hours into a complaint.
fn complaint(seed: u64) -> Watched {
    let mut watched = Watched::on_duty(seed);
    watched.act(
        Said::StartDraft {
            id: act_id(1),
            kind: ActKind::Plainte,
        }
        .into(),
    );
    watched.play([typed("Elle commence."), Action::Advance(90_000)]);
    watched.play([typed(ACCOUNT), Action::Advance(90_000)]);
    watched
}

fn kept(watched: &mut Watched) -> Vec<KeptDraft> {
    let device = enrol::device_id();
    let transaction = watched.world.gateway().store().begin().unwrap();
    transaction.kept_drafts(Some(&device)).unwrap()
}

/// The keys of the two persons.
fn keys(watched: &Watched) -> [Identity; 2] {
    let folder = watched.world.layout().pki().join("offline");
    ["first", "second"]
        .map(|name| hq::pki::read_identity(&folder.join(format!("recovery-{name}.age"))).unwrap())
}

#[test]
fn a_broken_phone_loses_no_complaint_and_two_persons_give_it_back() {
    let mut watched = complaint(1_010);
    let drafts = kept(&mut watched);
    assert_eq!(drafts.len(), 1, "the last state of one draft");
    // The phone is gone; the officer gets another one, with another card.
    watched.act(Action::Kill);
    let sheet = watched.world.scenario().officer.clone();
    watched.world.join(&sheet).unwrap();
    let new = DeviceId::parse("neo-000008").unwrap();
    let [first, second] = keys(&watched);
    let peeled = peel(&drafts, &second).unwrap();
    let now = watched.world.now().utc;
    let pki = enrol::pki(&watched.world.layout().pki(), now).unwrap();
    let until = now.plus(UnixMs::DAY);
    let count = restore(
        watched.world.gateway().store(),
        &pki,
        &peeled,
        &first,
        &new,
        until,
        now,
    );
    assert_eq!(count.unwrap(), 1);
    watched.world.beside_away(true).unwrap();
    watched.world.beside_away(false).unwrap();
    watched.world.advance(700_000).unwrap();
    let beside = watched.world.colleague().unwrap();
    assert_eq!(beside.board.lock.as_ref().unwrap().state, LockState::Unlocked);
    assert!(
        beside
            .board
            .notices
            .contains(&Notice::DraftsRestored { count: 1 })
    );
    watched
        .world
        .beside_intent(Intent::OpenDraft { draft: act_id(1) })
        .unwrap();
    let draft = watched.world.colleague().unwrap().board.draft.as_ref().unwrap();
    let account = draft.texts.iter().find(|line| line.field == Field::Account);
    assert_eq!(account.unwrap().text.reveal(), ACCOUNT);
    let orders = watched
        .world
        .gateway()
        .store()
        .begin()
        .unwrap()
        .orders(&new)
        .unwrap();
    assert_eq!(orders[0].command, Command::Restore);
    assert_eq!(orders[0].outcome.as_ref().unwrap().0, "done");
}

/// What the two persons and HQ's operator type.
#[test]
fn a_draft_comes_back_by_the_command_line_and_each_wrong_key_is_named() {
    let mut watched = complaint(1_014);
    let sheet = watched.world.scenario().officer.clone();
    watched.act(Action::Kill);
    watched.world.join(&sheet).unwrap();
    let layout = watched.world.layout().clone();
    let (hq, keys) = (layout.hq(), layout.pki().join("offline"));
    let neoctl = |words: &[&str]| {
        let mut command = std::process::Command::new(ours("neoctl"));
        let out = command.args(words).arg("--dir").arg(&hq).output().unwrap();
        let said = String::from_utf8_lossy(&out.stdout).into_owned() + &String::from_utf8_lossy(&out.stderr);
        (out.status.code().unwrap(), said)
    };
    let (code, said) = neoctl(&["recovery", "list"]);
    assert_eq!(code, 0, "{said}");
    assert!(said.contains("neo-000007"), "{said}");
    let peeled = layout.root().join("peeled.cbor");
    let key = |name: &str| keys.join(format!("recovery-{name}.age")).display().to_string();
    let (first, second, file) = (key("first"), key("second"), peeled.display().to_string());
    let peel = |key: &str| neoctl(&["recovery", "peel", "neo-000007", "--key", key, "--out", &file]);
    let (code, said) = peel(&first);
    assert!(code == 5 && said.contains("the other person's"), "{code}: {said}");
    assert_eq!(peel(&second).0, 0);
    let (code, said) = peel(&second);
    assert!(code == 4 && said.contains("already there"), "{code}: {said}");
    let pki = layout.pki().display().to_string();
    let restore = |key: &str, to: &str| {
        neoctl(&[
            "recovery", "restore", &file, "--to", to, "--key", key, "--pki", &pki,
        ])
    };
    assert_eq!(restore(&second, "neo-000008").0, 5);
    assert_eq!(restore(&first, "neo-000999").0, 3);
    let (code, said) = restore(&first, "neo-000008");
    assert_eq!(code, 0, "{said}");
    watched.world.beside_away(true).unwrap();
    watched.world.beside_away(false).unwrap();
    watched.world.advance(700_000).unwrap();
    let notices = &watched.world.colleague().unwrap().board.notices;
    assert!(notices.contains(&Notice::DraftsRestored { count: 1 }));
    let nobody = neoctl(&["recovery", "peel", "neo-000999", "--key", &second, "--out", &file]);
    assert!(nobody.0 == 3 && nobody.1.contains("recovery list"), "{nobody:?}");
}

#[test]
fn neither_hq_nor_one_of_the_two_persons_opens_a_kept_draft() {
    let mut watched = complaint(1_011);
    let drafts = kept(&mut watched);
    let [first, second] = keys(&watched);
    let hq = hq::pki::read_identity(&watched.world.layout().pki().join("identity.age")).unwrap();
    for key in [&hq, &first] {
        assert!(matches!(peel(&drafts, key), Err(RecoveryError::OtherKey { .. })));
    }
    let peeled = peel(&drafts, &second).unwrap();
    for key in [&hq, &second] {
        assert!(seal::open(key, &peeled[0].inner, 1 << 20).is_err());
    }
    for bytes in [&drafts[0].sealed, &peeled[0].inner] {
        let canary = bytes.windows(6).any(|window| window == b"CANARI");
        assert!(!canary);
    }
    let plain = seal::open(&first, &peeled[0].inner, 1 << 20).unwrap();
    assert!(decode::<domain::recovery::Recoverable>(&plain).is_ok());
}

#[test]
fn a_draft_goes_to_no_terminal_where_its_officer_is_not_enrolled() {
    let mut watched = complaint(1_012);
    let drafts = kept(&mut watched);
    let mut other = watched.world.scenario().officer.clone();
    "7654321".clone_into(&mut other.matricule);
    watched.world.join(&other).unwrap();
    let [first, second] = keys(&watched);
    let peeled = peel(&drafts, &second).unwrap();
    let now = watched.world.now().utc;
    let pki = enrol::pki(&watched.world.layout().pki(), now).unwrap();
    for (name, unknown) in [("neo-000008", false), ("neo-000999", true)] {
        let device = DeviceId::parse(name).unwrap();
        let store = watched.world.gateway().store();
        let refused = restore(store, &pki, &peeled, &first, &device, now.plus(UnixMs::DAY), now);
        match refused {
            Err(RecoveryError::NotAssigned { .. }) => assert!(!unknown),
            Err(RecoveryError::UnknownDevice { .. }) => assert!(unknown),
            other => panic!("{name}: {other:?}"),
        }
    }
}

#[test]
fn hq_forgets_a_draft_that_is_signed_or_given_up_and_takes_none_that_the_terminal_did_not_sign() {
    let mut watched = complaint(1_013);
    let known = kept(&mut watched);
    let snapshot = domain::recovery::Snapshot {
        version: 1,
        device: enrol::device_id(),
        officer: known[0].officer,
        draft: act_id(1),
        sequence: 1_000,
        at: watched.world.now(),
        sealed: Vec::new(),
    };
    let stranger = trust::keys::SigningKey::generate(trust::keys::KeyKind::P256);
    let certificate = watched.world.gateway().pki().issuing().clone();
    let forged = trust::cose::sign(
        Namespace::Snapshot,
        &stranger,
        &certificate,
        SNAPSHOT,
        &domain::encode(&snapshot),
        None,
    );
    let topic = Topic::Up(enrol::device_id(), UpLane::Tel);
    let now = watched.world.now().utc;
    if let Ok(forged) = forged {
        let said = watched.world.gateway().receive(&topic, &forged, now).unwrap();
        assert!(said.is_empty());
    }
    assert_eq!(kept(&mut watched), known, "a forged end changes nothing");
    watched.intent(Intent::DiscardDraft { draft: act_id(1) });
    watched.act(Action::Advance(90_000));
    assert!(kept(&mut watched).is_empty());
}
