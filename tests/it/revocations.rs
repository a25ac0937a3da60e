//! Revoked certificates: a terminal is told by a signed list, and refuses by it without a network.

use camera::protocol::Custody;
use domain::dialogue::Notice;
use domain::journal::Operation;
use domain::natinf::ReferenceVersion;
use domain::orders::{Command, OrderOutcome};
use domain::record::ActKind;
use hq::fleet::{build_crl, publish_revocations, revoke};
use hq::pki::{OfflineRoot, read_certificate};
use hq::{Pki, Publication};
use simulator::enrol;
use simulator::world::Action;
use sync::reference::Contents;
use sync::wire::v1::{RevocationList, RevocationLists, SetKind};
use tests::acts::{self, act_id};
use tests::watched::Watched;
use trust::cert::{Holder, Reason};

use crate::reference::{forge, head_of, reconnect, serial_of};

fn pki(watched: &Watched) -> Pki {
    enrol::pki(&watched.world.layout().pki(), watched.world.now().utc).unwrap()
}

/// HQ revokes `holder` and publishes; what the terminal was sent, once it has come back.
fn revoked(watched: &mut Watched, holder: &Holder) -> Publication {
    let (now, pki) = (watched.world.now().utc, pki(watched));
    let store = watched.world.gateway().store();
    revoke(store, holder, Reason::KeyCompromise, now).unwrap();
    let publication = published(watched, &pki);
    reconnect(watched);
    publication
}

fn published(watched: &mut Watched, pki: &Pki) -> Publication {
    let now = watched.world.now().utc;
    let store = watched.world.gateway().store();
    let crl = build_crl(store, pki, now).unwrap();
    let published = publish_revocations(store, pki, &crl, now).unwrap();
    let transaction = store.begin().unwrap();
    transaction
        .publication(SetKind::Revocations, published.serial)
        .unwrap()
        .unwrap()
}

fn camera() -> Holder {
    Holder::Camera(enrol::camera_id().to_string())
}

/// How many certificates the terminal's lists name; none before it has any.
fn known(watched: &Watched) -> Option<u32> {
    let home = watched.world.board.home.as_ref().unwrap();
    home.revocations.map(|line| line.revoked)
}

fn on_duty(seed: u64) -> Watched {
    let mut watched = Watched::on_duty(seed);
    watched.play(acts::drawn_up(act_id(1), ActKind::IdentityCheck));
    watched
}

#[test]
fn a_camera_that_hq_revoked_is_not_met_without_a_network_and_keeps_its_recording() {
    let mut watched = on_duty(1_100);
    assert_eq!(known(&watched), None);
    revoked(&mut watched, &camera());
    assert_eq!(known(&watched), Some(1));
    watched.play([Action::Cut, Action::PairCamera, Action::Advance(500)]);
    assert!(watched.was_told(Notice::CameraRevoked));
    watched.play([Action::TakeClip, Action::Advance(20_000)]);
    assert_eq!(watched.world.custody(), Custody::CameraOnly);
    watched.finish();
}

#[test]
fn a_camera_that_was_met_before_is_not_met_again_even_after_a_restart() {
    let mut watched = on_duty(1_101);
    watched.play([Action::PairCamera, Action::Advance(500)]);
    assert!(!watched.was_told(Notice::CameraNotTrusted));
    revoked(&mut watched, &camera());
    watched.play([Action::Cut, Action::Kill, Action::Start, Action::Unlock]);
    assert_eq!(known(&watched), Some(1), "the lists are kept");
    watched.play([Action::ListClips, Action::Advance(500)]);
    assert!(watched.was_told(Notice::CameraRevoked));
    assert_eq!(watched.world.custody(), Custody::CameraOnly);
    watched.finish();
}

#[test]
fn a_list_is_never_taken_back_and_no_stranger_makes_one() {
    let mut watched = on_duty(1_102);
    let pki = pki(&watched);
    let before = published(&mut watched, &pki);
    reconnect(&mut watched);
    assert_eq!(known(&watched), Some(0));
    revoked(&mut watched, &camera());
    assert_eq!(known(&watched), Some(1));
    // A broker repeats the list that names nobody.
    forge(
        &mut watched,
        &head_of(&before),
        serial_of(&before),
        &before.packed,
    );
    watched.act(Action::Advance(5_000));
    assert_eq!(known(&watched), Some(1));
    assert!(!watched.was_told(Notice::ReferenceRefused));

    // Another root's list, and then one of an authority that nobody vouches for, signed as HQ signs.
    let elsewhere = tempfile::tempdir().unwrap();
    let now = watched.world.now().utc;
    let strangers = Pki::create(&elsewhere.path().join("pki"), now).unwrap();
    let empty = |of: &Pki| Contents::Revocations {
        name: ReferenceVersion("crl-99".to_owned()),
        lists: RevocationLists {
            version: 1,
            lists: vec![RevocationList {
                authority: of.issuing().der().to_vec(),
                list: of.crl().unwrap().der().to_vec(),
            }],
        },
    };
    let far = serial_of(&before) + 1_000_000;
    let foreign = Publication::sign(&strangers, &empty(&strangers), far, now).unwrap();
    forge(
        &mut watched,
        &head_of(&foreign),
        serial_of(&foreign),
        &foreign.packed,
    );
    watched.act(Action::Advance(5_000));
    let refusals = |watched: &Watched| {
        let notices = watched.world.board.notices.iter();
        notices
            .filter(|notice| **notice == Notice::ReferenceRefused)
            .count()
    };
    assert_eq!(refusals(&watched), 1);
    watched.play([
        Action::Kill,
        Action::Start,
        Action::Unlock,
        Action::Advance(30_000),
    ]);
    let told = refusals(&watched);
    let mixed = Publication::sign(&pki, &empty(&strangers), far, now).unwrap();
    forge(&mut watched, &head_of(&mixed), serial_of(&mixed), &mixed.packed);
    watched.act(Action::Advance(5_000));
    assert_eq!(refusals(&watched), told + 1);
    assert_eq!(known(&watched), Some(1), "what was there before stays");
    watched.finish();
}

#[test]
fn a_terminal_that_hq_revoked_says_so_to_its_officer() {
    let mut watched = on_duty(1_103);
    let own = Holder::Device(enrol::device_id().to_string());
    // HQ's broker would refuse it; the list is what reaches it while it is still connected.
    let (now, pki) = (watched.world.now().utc, pki(&watched));
    let store = watched.world.gateway().store();
    let certificate = store.begin().unwrap().latest_certificate(&own).unwrap().unwrap();
    let crl = {
        revoke(store, &camera(), Reason::KeyCompromise, now).unwrap();
        build_crl(store, &pki, now).unwrap()
    };
    assert!(crl.find(certificate.serial()).is_none());
    revoke(store, &own, Reason::KeyCompromise, now).unwrap();
    let publication = published(&mut watched, &pki);
    forge(
        &mut watched,
        &head_of(&publication),
        serial_of(&publication),
        &publication.packed,
    );
    watched.act(Action::Advance(5_000));
    assert!(watched.was_told(Notice::TerminalRevoked));
}

/// The last order that the terminal took, and how it ended.
fn last_outcome(watched: &Watched) -> Option<OrderOutcome> {
    let journal = watched.world.engine().unwrap().device().journal().unwrap();
    journal.iter().rev().find_map(|entry| {
        if let Operation::Ordered { outcome, .. } = entry.operation {
            Some(outcome)
        } else {
            None
        }
    })
}

#[test]
fn a_person_whom_the_root_revoked_approves_nothing_on_the_terminal() {
    let mut watched = on_duty(1_104);
    let (now, pki) = (watched.world.now().utc, pki(&watched));
    let offline = watched.world.layout().pki().join("offline");
    let person = std::fs::read_dir(&offline)
        .unwrap()
        .map(|file| file.unwrap().path())
        .find(|path| {
            path.extension().is_some_and(|extension| extension == "pem")
                && path.to_string_lossy().contains("approver")
        });
    let person = read_certificate(&person.unwrap()).unwrap();
    let root = OfflineRoot::open(&offline).unwrap();
    let list = root.revoke(&[person], Reason::KeyCompromise, now).unwrap();
    // HQ does not know of it, and has the two persons approve: the terminal alone stands in the way.
    let contents = Contents::Revocations {
        name: ReferenceVersion("crl-1".to_owned()),
        lists: RevocationLists {
            version: 1,
            lists: vec![RevocationList {
                authority: pki.root().der().to_vec(),
                list: list.der().to_vec(),
            }],
        },
    };
    let store = watched.world.gateway().store();
    let publication = Publication::sign(&pki, &contents, 0, now).unwrap();
    publication.publish(store, pki.root(), now).unwrap();
    reconnect(&mut watched);
    assert_eq!(known(&watched), Some(1));
    watched.play([Action::Order(Command::WipeAll), Action::Advance(30_000)]);
    assert_eq!(last_outcome(&watched), Some(OrderOutcome::Unapproved));
    watched.finish();
}

#[test]
fn the_root_puts_only_its_own_certificates_on_its_list() {
    let watched = on_duty(1_105);
    let (now, pki) = (watched.world.now().utc, pki(&watched));
    let root = OfflineRoot::open(&watched.world.layout().pki().join("offline")).unwrap();
    let stranger = pki.receipt().certificate().clone();
    assert!(root.revoke(&[stranger], Reason::KeyCompromise, now).is_err());
    let first = root
        .revoke(&[pki.command().certificate().clone()], Reason::Superseded, now)
        .unwrap();
    let second = root.revoke(&[], Reason::Unspecified, now).unwrap();
    assert_eq!((first.number, second.number), (1, 2));
    assert_eq!(second.revoked, first.revoked, "what was on the list stays there");
    assert_eq!(pki.take_root_crl(&root.crl_file()).unwrap(), second);
    assert!(pki.take_root_crl(&root.crl_file()).is_err(), "no newer one");
    watched.finish();
}
