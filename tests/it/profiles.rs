//! Configuration profiles: what changes on the terminal by each setting, and what an evil broker cannot do with them.

use camera::protocol::Custody;
use domain::dialogue::{Intent, LockState, Notice};
use domain::journal::Operation;
use domain::printing::Paper;
use domain::profile::{CodeMinutes, IdleSeconds, PROFILE, Profile, ProfileName, ProfileRefusal, Settings};
use domain::record::ActKind;
use domain::{ActId, DeviceId, Secret, encode};
use hq::Pki;
use hq::rollout::{Channel, State};
use simulator::enrol;
use simulator::world::{Action, Said};
use sync::wire::v1::{PROFILE_GIVEN, ProfileGiven, SignedProfile};
use sync::{DownLane, Topic};
use tests::acts::{self, act_id};
use tests::watched::Watched;
use trust::cose::Namespace;

const EMBEDDED: Settings = Settings::EMBEDDED;

pub(crate) fn configure(watched: &mut Watched, settings: Settings) -> u64 {
    let serial = watched.world.configure(settings).unwrap();
    watched.act(Action::Advance(10_000));
    serial
}

/// Time that passes with a hand on the terminal.
fn work(watched: &mut Watched, minutes: u32) {
    for _ in 0..minutes {
        watched.intent(Intent::Alive);
        watched.act(Action::Advance(60_000));
    }
}

fn state(watched: &Watched) -> LockState {
    watched.world.board.lock.as_ref().unwrap().state
}

/// The version that the screen names.
fn shown(watched: &Watched) -> Option<u64> {
    let home = watched.world.board.home.as_ref().unwrap();
    home.profile.as_ref().map(|profile| profile.serial)
}

fn shown_refusal(watched: &Watched) -> Option<ProfileRefusal> {
    watched.world.board.home.as_ref().unwrap().profile_refused
}

/// What HQ knows of the terminal: version, refused version and reason.
fn said(watched: &mut Watched) -> (u64, Option<u64>, Option<String>) {
    let store = watched.world.gateway().store();
    let said = store
        .begin()
        .unwrap()
        .said_profile(&enrol::device_id())
        .unwrap()
        .unwrap();
    (said.serial, said.refused, said.reason)
}

fn pki(watched: &Watched) -> Pki {
    enrol::pki(&watched.world.layout().pki(), watched.world.now().utc).unwrap()
}

/// A profile as the reference key of `pki` signs it.
fn signed(pki: &Pki, payload: &[u8]) -> SignedProfile {
    let signer = pki.reference().unwrap();
    SignedProfile {
        certificate: signer.certificate().der().to_vec(),
        profile: signer.sign(Namespace::Profile, PROFILE, payload),
    }
}

fn profile(watched: &Watched, serial: u64, settings: &Settings) -> Profile {
    Profile {
        version: 1,
        serial,
        name: ProfileName::parse("essai").unwrap(),
        issued: watched.world.now().utc,
        settings: settings.clone(),
    }
}

fn given(serial: u64, profile: SignedProfile) -> ProfileGiven {
    ProfileGiven {
        version: 1,
        device: enrol::device_id(),
        serial,
        profile,
    }
}

fn to_terminal(watched: &mut Watched, pki: &Pki, given: &ProfileGiven) {
    let payload = pki
        .command()
        .sign(Namespace::Order, PROFILE_GIVEN, &encode(given));
    let topic = Topic::Down(enrol::device_id(), DownLane::Cmd);
    watched.world.forge(&topic, payload).unwrap();
}

fn is_signed(watched: &Watched, act: ActId) -> bool {
    watched.world.board.delivery(act).is_some()
}

#[test]
fn a_profile_counts_at_once_shows_its_version_and_is_there_after_a_start() {
    let mut watched = Watched::on_duty(1_100);
    assert_eq!(shown(&watched), None);
    let settings = Settings {
        idle: IdleSeconds::new(30).unwrap(),
        ..EMBEDDED
    };
    let serial = configure(&mut watched, settings);
    assert_eq!(shown(&watched), Some(serial));
    assert_eq!(said(&mut watched), (serial, None, None));
    watched.intent(Intent::Alive);
    watched.act(Action::Advance(29_000));
    assert_eq!(state(&watched), LockState::Unlocked);
    watched.act(Action::Advance(2_000));
    assert!(
        matches!(state(&watched), LockState::Locked { .. }),
        "it locks sooner"
    );
    watched.play([Action::Kill, Action::Start, Action::Unlock]);
    assert_eq!(shown(&watched), Some(serial));
    watched.act(Action::Advance(31_000));
    assert!(matches!(state(&watched), LockState::Locked { .. }));
    let journal = watched.world.engine().unwrap().device().journal().unwrap();
    let lines = journal.iter().filter(
        |entry| matches!(entry.operation, Operation::Configured { serial: line, .. } if line == serial),
    );
    assert_eq!(lines.count(), 1);
    let store = watched.world.gateway().store();
    let rollout = store.begin().unwrap().rollout(serial).unwrap().unwrap();
    assert_eq!((rollout.state, rollout.took), (State::Done, 1));
    let longer = Settings {
        idle: IdleSeconds::new(300).unwrap(),
        ..EMBEDDED
    };
    configure(&mut watched, longer);
    watched.act(Action::Unlock);
    watched.play(acts::drawn_up(act_id(1), ActKind::Pv));
    watched.act(Action::Advance(200_000));
    assert_eq!(
        state(&watched),
        LockState::Unlocked,
        "a later one takes its place"
    );
    watched.finish();
}

#[test]
fn a_terminal_that_was_away_gets_the_newest_profile_at_its_return() {
    let mut watched = Watched::on_duty(1_101);
    watched.act(Action::Cut);
    configure(&mut watched, EMBEDDED);
    let serial = configure(&mut watched, EMBEDDED);
    assert_eq!(shown(&watched), None);
    watched.play([Action::Restore, Action::Advance(700_000)]);
    assert_eq!(shown(&watched), Some(serial));
    assert_eq!(said(&mut watched).0, serial);
}

#[test]
fn printing_and_handing_over_are_closed_and_opened_by_the_profile() {
    let mut watched = Watched::on_duty(1_102);
    watched.play(acts::drawn_up(act_id(1), ActKind::Pv));
    watched.act(Action::Advance(10_000));
    let attempts = |watched: &mut Watched| {
        watched.world.board.notices.clear();
        watched.intent(Intent::Print {
            act: act_id(1),
            paper: Paper::Act,
            printer: None,
        });
        watched.intent(Intent::HandOver { act: act_id(1) });
        watched.world.board.notices.clone()
    };
    let open = [Notice::NotAPrinter, Notice::NowhereToHandOver];
    assert_eq!(attempts(&mut watched), open);
    let closed = Settings {
        printing: false,
        hand_over: false,
        ..EMBEDDED
    };
    configure(&mut watched, closed);
    assert_eq!(attempts(&mut watched), [Notice::NotConfigured; 2]);
    configure(&mut watched, EMBEDDED);
    assert_eq!(attempts(&mut watched), open);
    watched.finish();
}

#[test]
fn drafts_are_taken_back_from_hq_when_it_keeps_none() {
    let mut watched = Watched::on_duty(1_103);
    watched.play(acts::drafted(act_id(1), ActKind::Pv));
    work(&mut watched, 3);
    let kept = |watched: &mut Watched| {
        let store = watched.world.gateway().store();
        store.begin().unwrap().kept_drafts(None).unwrap().len()
    };
    assert_eq!(kept(&mut watched), 1);
    let settings = Settings {
        drafts_at_hq: false,
        ..EMBEDDED
    };
    configure(&mut watched, settings);
    work(&mut watched, 3);
    assert_eq!(kept(&mut watched), 0);
    configure(&mut watched, EMBEDDED);
    work(&mut watched, 3);
    assert_eq!(kept(&mut watched), 1);
}

#[test]
fn footage_waits_on_the_terminal_while_acts_leave() {
    let mut watched = Watched::on_duty(1_104);
    let settings = Settings {
        footage_leaves: false,
        ..EMBEDDED
    };
    configure(&mut watched, settings);
    watched.act(Action::PairCamera);
    watched.act(Action::Advance(20_000));
    watched.play([Action::ListClips, Action::Advance(20_000), Action::TakeClip]);
    work(&mut watched, 2);
    watched.play(acts::drawn_up(act_id(1), ActKind::Pv));
    work(&mut watched, 1);
    assert!(watched.is_received(act_id(1)), "acts leave");
    let whole = |watched: &mut Watched| {
        watched.act(Action::ListClips);
        watched.act(Action::Advance(20_000));
        watched.world.custody() == Custody::Received
    };
    assert!(!whole(&mut watched));
    configure(&mut watched, EMBEDDED);
    work(&mut watched, 10);
    assert!(whole(&mut watched), "it leaves once it may");
    watched.finish();
}

#[test]
fn the_code_is_asked_again_after_the_minutes_of_the_profile_and_the_signature_goes_on() {
    let mut watched = Watched::on_duty(1_105);
    let settings = Settings {
        code_again: CodeMinutes::new(10).unwrap(),
        ..EMBEDDED
    };
    configure(&mut watched, settings);
    watched.play(acts::drawn_up(act_id(1), ActKind::Pv));
    assert!(is_signed(&watched, act_id(1)) && !watched.was_told(Notice::CodeAsked));
    watched.play(acts::drafted(act_id(2), ActKind::Pv));
    work(&mut watched, 10);
    watched.act(Said::Sign { draft: act_id(2) }.into());
    assert!(watched.was_told(Notice::CodeAsked) && !is_signed(&watched, act_id(2)));
    // A wrong code counts, locks, and costs nothing of the act.
    let code = |text: &str| Intent::GiveCode {
        code: Secret::new(text.to_owned()),
    };
    watched.intent(code("314159"));
    assert!(matches!(state(&watched), LockState::Locked { left: 9, .. }));
    assert_eq!(
        watched.world.board.notices.last(),
        Some(&Notice::WrongCode { left: 9 })
    );
    watched.act(Action::Unlock);
    watched.act(Said::Sign { draft: act_id(2) }.into());
    assert!(is_signed(&watched, act_id(2)), "the unlock gave the code");
    watched.play(acts::drafted(act_id(3), ActKind::Pv));
    work(&mut watched, 10);
    watched.act(Said::Sign { draft: act_id(3) }.into());
    assert!(!is_signed(&watched, act_id(3)));
    watched.intent(code("271828"));
    assert!(is_signed(&watched, act_id(3)), "it goes on by itself");
    watched.play(acts::drawn_up(act_id(4), ActKind::Pv));
    assert!(is_signed(&watched, act_id(4)), "and counts for the next");
    // Zero minutes ask each time.
    let each = Settings {
        code_again: CodeMinutes::new(0).unwrap(),
        ..EMBEDDED
    };
    configure(&mut watched, each);
    for number in [5, 6] {
        watched.play(acts::drawn_up(act_id(number), ActKind::Pv));
        assert!(!is_signed(&watched, act_id(number)));
        watched.intent(code("271828"));
        assert!(is_signed(&watched, act_id(number)), "{number}");
    }
    watched.finish();
}

#[test]
fn what_is_no_profile_of_this_terminal_changes_nothing_and_hq_hears_why() {
    let mut watched = Watched::on_duty(1_106);
    watched.play(acts::drawn_up(act_id(1), ActKind::Pv));
    let serial = configure(&mut watched, EMBEDDED);
    let hq = pki(&watched);
    let elsewhere = tempfile::tempdir().unwrap();
    let stranger = Pki::create(&elsewhere.path().join("pki"), watched.world.now().utc).unwrap();
    let closed = Settings {
        printing: false,
        ..EMBEDDED
    };
    let genuine = |watched: &Watched, serial| signed(&hq, &encode(&profile(watched, serial, &closed)));
    // Whatever the broker does with what HQ did not assign to this terminal.
    let other = ProfileGiven {
        device: DeviceId::parse("neo-000008").unwrap(),
        ..given(serial + 9, genuine(&watched, serial + 9))
    };
    to_terminal(&mut watched, &hq, &other);
    let redirected = given(serial + 9, genuine(&watched, serial + 9));
    to_terminal(&mut watched, &stranger, &redirected);
    for old in [serial, serial - 1] {
        let older = given(old, genuine(&watched, old));
        to_terminal(&mut watched, &hq, &older);
    }
    watched.act(Action::Advance(10_000));
    assert_eq!((shown(&watched), shown_refusal(&watched)), (Some(serial), None));
    assert_eq!(said(&mut watched), (serial, None, None));
    // What HQ assigned and is not followed.
    let mut unknown = encode(&profile(&watched, serial + 1, &closed));
    let settings = encode(&closed);
    let place = unknown.len() - settings.len();
    unknown[place] += 1;
    unknown.extend([6, 0xf5]);
    let payload = encode(&profile(&watched, serial + 3, &closed));
    let untrusted = signed(&stranger, &encode(&profile(&watched, serial + 2, &closed)));
    for (serial_given, message, reason) in [
        (serial + 1, signed(&hq, &unknown), ProfileRefusal::Unreadable),
        (serial + 2, untrusted, ProfileRefusal::Untrusted),
        (serial + 4, signed(&hq, &payload), ProfileRefusal::Mismatch),
    ] {
        to_terminal(&mut watched, &hq, &given(serial_given, message));
        watched.act(Action::Advance(10_000));
        assert_eq!(
            (shown(&watched), shown_refusal(&watched)),
            (Some(serial), Some(reason))
        );
        let told = (serial, Some(serial_given), Some(reason.code().to_owned()));
        assert_eq!(said(&mut watched), told);
    }
    watched.play([
        Action::Kill,
        Action::Start,
        Action::Unlock,
        Action::Advance(700_000),
    ]);
    assert_eq!(
        shown_refusal(&watched),
        Some(ProfileRefusal::Mismatch),
        "a start forgets nothing"
    );
    let next = configure(&mut watched, EMBEDDED);
    assert!(next > serial + 4, "the clock went on");
    assert_eq!((shown(&watched), shown_refusal(&watched)), (Some(next), None));
    watched.finish();
}

#[test]
fn going_back_is_a_new_version_that_the_terminal_takes() {
    let mut watched = Watched::on_duty(1_107);
    let first = configure(&mut watched, EMBEDDED);
    let closed = Settings {
        hand_over: false,
        ..EMBEDDED
    };
    let second = configure(&mut watched, closed);
    let third = configure(&mut watched, EMBEDDED);
    assert!(first < second && second < third);
    assert_eq!(shown(&watched), Some(third));
    let store = watched.world.gateway().store();
    let transaction = store.begin().unwrap();
    assert_eq!(transaction.channel(&enrol::device_id()).unwrap(), Channel::Stable);
    assert_eq!(
        transaction.profiles_of(Channel::Stable).unwrap(),
        [third, second, first]
    );
    let said = transaction.said_profile(&enrol::device_id()).unwrap().unwrap();
    assert_eq!(said.serial, third);
}
