//! Bad input of every kind: a clear refusal, and nothing lost.

use std::fs;
use std::path::Path;

use agent::engine::device_db_key;
use agent::site::Site;
use agent::store::{DeviceStore, OpenError, RawKey};
use domain::delivery::Delivery;
use domain::dialogue::{ClipRefusal, ClipState, Intent, LockState, Notice};
use domain::draft::Field;
use domain::record::ActKind;
use domain::{ActId, Secret, UnixMs};
use simulator::camera::Fault;
use simulator::patrol::Phone;
use simulator::world::{Action, Said};
use tests::acts::{self, act_id};
use tests::watched::Watched;

use crate::street::{Street, clip_state, on_a_full_disk};

fn lock_state(watched: &Watched) -> LockState {
    watched.world.board.lock.as_ref().unwrap().state
}

fn try_code(watched: &mut Watched, code: &str) {
    watched.intent(Intent::Unlock {
        code: Secret::new(code.to_owned()),
    });
}

#[test]
fn a_wrong_code_counts_down_makes_wait_and_the_tenth_destroys_the_slot() {
    let mut watched = Watched::on_duty(400);
    watched.act(Action::Cut);
    watched.play(acts::drawn_up(act_id(1), ActKind::Pv));
    watched.act(Said::Lock.into());
    for left in (1..10).rev() {
        try_code(&mut watched, "999111");
        assert!(watched.was_told(Notice::WrongCode { left }), "{left} left");
        let LockState::Locked { left: shown, wait_ms } = lock_state(&watched) else {
            panic!("unlocked")
        };
        assert_eq!(shown, left);
        assert_eq!(wait_ms > 0, left <= 5, "{left} left, {wait_ms} ms to wait");
        if wait_ms > 0 {
            // Too early, the right code is not even tried.
            watched.act(Action::Unlock);
            assert!(matches!(lock_state(&watched), LockState::Locked { left: still, .. } if still == left));
        }
        watched.act(Action::Advance(wait_ms + 1));
    }
    try_code(&mut watched, "999111");
    assert!(watched.was_told(Notice::SlotDestroyed));
    watched.act(Action::Advance(3_600_001));
    watched.act(Action::Unlock);
    assert!(
        matches!(lock_state(&watched), LockState::Closed { .. }),
        "the right code is too late"
    );
    watched.play([Action::Restore, Action::Advance(600_000)]);
    assert!(
        watched.is_received(act_id(1)),
        "what was signed is still delivered"
    );
}

#[test]
fn a_kill_between_two_wrong_codes_gives_no_try_back() {
    let mut watched = Watched::on_duty(401);
    watched.act(Said::Lock.into());
    try_code(&mut watched, "999111");
    watched.play([Action::Kill, Action::Start]);
    try_code(&mut watched, "999111");
    assert!(watched.was_told(Notice::WrongCode { left: 8 }));
}

/// A terminal with one signed act, its process ended.
fn switched_off(seed: u64) -> (Watched, Site) {
    let mut watched = Watched::on_duty(seed);
    watched.play(acts::drawn_up(act_id(1), ActKind::Pv));
    watched.act(Action::Kill);
    let site = Site::new(watched.world.layout().terminal());
    (watched, site)
}

fn names(folder: &Path) -> Vec<String> {
    let entries = fs::read_dir(folder).unwrap();
    entries
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect()
}

#[test]
fn a_database_that_the_key_does_not_open_is_set_aside_whole_and_never_made_anew() {
    let (_watched, site) = switched_off(402);
    let before = fs::read(site.device_db()).unwrap();
    let wrong = RawKey::of([0; 32]);
    let opened = DeviceStore::open(&site.device_db(), &wrong, UnixMs(42));
    let Err(OpenError::Quarantined { aside, .. }) = opened else {
        panic!("it opened or said something else")
    };
    assert_eq!(
        fs::read(&aside).unwrap(),
        before,
        "what was set aside is what was there"
    );
    assert!(!site.device_db().exists());
    let again = DeviceStore::open(&site.device_db(), &RawKey::of([0; 32]), UnixMs(43));
    assert!(matches!(again, Err(OpenError::Missing { .. })));
    assert!(!site.device_db().exists());
}

#[test]
fn a_damaged_device_database_is_set_aside_and_the_terminal_does_not_start() {
    let (mut watched, site) = switched_off(403);
    damage(&site.device_db());
    let refused = watched.world.start();
    assert!(refused.is_err());
    assert!(!site.device_db().exists());
    assert!(
        names(site.root())
            .iter()
            .any(|name| name.starts_with("device.db.damaged-"))
    );
    assert!(
        watched.world.start().is_err(),
        "it is not recreated at the next start"
    );
    assert!(!site.device_db().exists());
}

#[test]
fn a_damaged_officer_database_is_set_aside_and_what_was_signed_is_still_delivered() {
    let (mut watched, site) = switched_off(404);
    let name = names(site.root()).into_iter().find(|name| {
        name.starts_with("officer-")
            && Path::new(name)
                .extension()
                .is_some_and(|extension| extension == "db")
    });
    let path = site.root().join(name.unwrap());
    damage(&path);
    watched.play([Action::Start, Action::Unlock]);
    assert!(watched.was_told(Notice::OfficerDataUnusable));
    assert!(!path.exists());
    assert!(
        names(site.root())
            .iter()
            .any(|name| name.contains(".db.damaged-"))
    );
    watched.act(Action::Advance(60_000));
    assert!(watched.is_received(act_id(1)));
    watched.play([Action::Kill, Action::Start, Action::Unlock]);
    assert!(
        watched.was_told(Notice::OfficerDataUnusable),
        "and again at the next unlock"
    );
    assert!(!path.exists(), "it is not recreated");
}

/// One bit in the middle of a page that is not the first.
fn damage(path: &Path) {
    let mut bytes = fs::read(path).unwrap();
    let page = 4096;
    assert!(
        bytes.len() > 2 * page,
        "{} bytes are too few to damage one page",
        bytes.len()
    );
    bytes[page + 100] ^= 1;
    fs::write(path, bytes).unwrap();
}

#[test]
fn a_clock_a_year_off_is_told_and_acts_still_arrive() {
    for (seed, days) in [(409, 365), (410, -365)] {
        let mut watched = Watched::on_duty(seed);
        let hq = watched.world.now().utc;
        watched.world.set_clock(hq.plus(days * UnixMs::DAY));
        watched.play([
            Action::Kill,
            Action::Start,
            Action::Unlock,
            Action::Advance(5_000),
        ]);
        assert!(watched.was_told(Notice::ClockWrong), "{days} days");
        watched.play(acts::drawn_up(act_id(1), ActKind::Pv));
        watched.act(Action::Advance(60_000));
        assert!(
            watched.is_received(act_id(1)),
            "{days} days: {:?}",
            watched.delivery(act_id(1))
        );
    }
}

/// The camera of a street that plays these bytes.
fn street_with(bytes: &[u8]) -> Street {
    let file = tempfile::NamedTempFile::new().unwrap();
    fs::write(file.path(), bytes).unwrap();
    let mut street = Street::new(Some(file.path()));
    street.on_duty();
    street.pair();
    street
}

fn default_clip() -> Vec<u8> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../simulator/clips/patrol.mp4");
    fs::read(path).unwrap()
}

fn is_refused_as_no_video(bytes: &[u8]) {
    let mut street = street_with(bytes);
    let clip = street.ground.clip;
    let refused = Notice::ClipRefused {
        clip,
        refusal: ClipRefusal::NotVideo,
    };
    street.take_clip("the refusal", move |board| {
        let shown = clip_state(board, clip) == Some(ClipState::Unusable(ClipRefusal::NotVideo));
        shown && board.notices.contains(&refused)
    });
    street.draw_up(act_id(1), ActKind::Pv);
}

#[test]
fn a_clip_that_is_cut_short_is_refused_as_no_video() {
    let whole = default_clip();
    is_refused_as_no_video(&whole[..whole.len() / 2]);
}

#[test]
fn a_file_that_is_no_mp4_is_refused_as_no_video() {
    is_refused_as_no_video("ceci n'est pas une vidéo ".repeat(4_000).as_bytes());
}

#[test]
fn a_camera_that_vanishes_in_the_middle_of_a_clip_is_told_and_the_clip_is_finished_later() {
    let mut street = street_with(&default_clip());
    let clip = street.ground.clip;
    street
        .ground
        .camera
        .faults()
        .set([Fault::VanishAfter { bytes: 100_000 }]);
    street.take_clip("the notice", move |board| {
        board.notices.contains(&Notice::CameraVanished { clip })
    });
    street.take_clip("the clip", move |board| {
        matches!(
            clip_state(board, clip),
            Some(ClipState::Taken | ClipState::Received)
        )
    });
    street.take_clip("HQ's word", move |board| {
        clip_state(board, clip) == Some(ClipState::Received)
    });
}

fn fill(phone: &mut Phone, draft: ActId, field: Field, text: &str) -> anyhow::Result<()> {
    phone.intent(Intent::Fill {
        draft,
        field,
        text: text.to_owned(),
    })
}

#[test]
fn on_a_full_disk_the_officer_is_told_and_what_was_saved_is_signed_later() {
    let mut street = Street::new(None);
    let pv = act_id(1);
    street.on_duty();
    street.until(
        "a draft",
        |phone| {
            phone.intent(Intent::StartDraft {
                id: Some(pv),
                kind: ActKind::Pv,
            })
        },
        move |board| board.draft.as_ref().is_some_and(|draft| draft.draft == pv),
    );
    for (field, text) in acts::texts(ActKind::Pv) {
        fill(&mut street.phone, pv, *field, text).unwrap();
    }
    let subject = acts::texts(ActKind::Pv)[1].1;
    street.take(on_a_full_disk(street.handset(), 384));
    let typed = |n: u32| format!("Constatons {n} fois que le disque se remplit. ").repeat(1_200);
    street.until(
        "the notice",
        |phone| (0..12).try_for_each(|n| fill(phone, pv, Field::Account, &typed(n))),
        |board| board.notices.contains(&Notice::DiskFull),
    );
    street.take(street.handset());
    street.until(
        "the draft as it was",
        |phone| phone.intent(Intent::OpenDraft { draft: pv }),
        move |board| {
            let draft = board.draft.as_ref().filter(|draft| draft.draft == pv);
            draft.is_some_and(|draft| draft.texts.iter().any(|text| text.text.reveal() == subject))
        },
    );
    street.until(
        "the act",
        |phone| phone.intent(Intent::Sign { draft: pv }),
        move |board| board.delivery(pv).is_some(),
    );
    street.wait("the receipt", move |board| {
        board
            .delivery(pv)
            .is_some_and(|line| matches!(line.delivery, Delivery::Received { .. }))
    });
}

#[test]
fn the_key_of_the_vault_opens_what_it_made() {
    let (watched, site) = switched_off(411);
    let keys = agent::enrol::vault(&site).unwrap();
    let store = DeviceStore::open(
        &site.device_db(),
        &device_db_key(keys.as_ref()).unwrap(),
        UnixMs(0),
    )
    .unwrap();
    assert_eq!(store.acts().unwrap().len(), 1);
    drop(watched);
}
