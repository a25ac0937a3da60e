//! Act numbers between a terminal and HQ: never used twice, refilled before they run out, missed when they never come.

use std::fs;
use std::path::Path;

use agent::engine::device_db_key;
use agent::keys::FileVault;
use agent::site::Site;
use agent::store::{DeviceStore, StoreError, StoredReference};
use domain::dialogue::Notice;
use domain::enrolment::NumberRange;
use domain::envelope::Lane;
use domain::natinf::ReferenceVersion;
use domain::record::ActKind;
use domain::{ActId, ActNumber, DeviceId, JournalId, UnixMs};
use simulator::enrol;
use simulator::world::Action;
use sync::wire::v1::{NUMBERS, NumberNote, NumberNotes, SetKind};
use sync::{DownLane, Topic};
use tests::acts::{self, act_id};
use tests::golden::at;
use tests::watched::Watched;
use trust::cose::Namespace;

const HOUR: u64 = 3_600_000;

const fn range(year: u16, first: u32, last: u32) -> NumberRange {
    NumberRange { year, first, last }
}

const fn number(serial: u32) -> ActNumber {
    ActNumber { year: 2026, serial }
}

/// The device store of a terminal that is off.
fn store(watched: &Watched) -> DeviceStore {
    let site = Site::new(watched.world.layout().terminal());
    let keys = FileVault::open(site.root()).unwrap();
    DeviceStore::open(&site.device_db(), &device_db_key(&keys).unwrap(), UnixMs(0)).unwrap()
}

fn ranges(watched: &Watched) -> Vec<NumberRange> {
    watched.world.engine().unwrap().device().ranges().unwrap()
}

fn number_of(watched: &Watched, act: ActId) -> Option<ActNumber> {
    let device = watched.world.engine().unwrap().device();
    device.row_of(act).unwrap().unwrap().number
}

fn reconnect(watched: &mut Watched) {
    watched.play([
        Action::Cut,
        Action::Advance(1_000),
        Action::Restore,
        Action::Advance(30_000),
    ]);
}

/// A terminal on duty without network, whose next number is 9 950 of 10 000; the one before was given up.
fn nearly_used_up(seed: u64) -> Watched {
    let mut watched = Watched::on_duty(seed);
    watched.play([Action::Cut, Action::Kill]);
    let now = watched.world.now();
    let mut device = store(&watched);
    let before = range(2026, 9_949, 9_949);
    device
        .reserve(act_id(99), None, Lane::Telemetry, Some(before))
        .unwrap();
    assert_eq!(device.release(None, now).unwrap(), 1);
    drop(device);
    watched.play([Action::Start, Action::Unlock]);
    watched
}

fn low_notices(watched: &Watched) -> usize {
    let notices = watched.world.board.notices.iter();
    notices
        .filter(|notice| matches!(notice, Notice::NumbersLow { .. }))
        .count()
}

#[test]
fn the_officer_is_alarmed_once_and_hq_refills_at_the_first_contact() {
    let mut watched = nearly_used_up(910);
    watched.play(acts::drawn_up(act_id(1), ActKind::Pv));
    assert_eq!(number_of(&watched, act_id(1)), Some(number(9_950)));
    assert!(watched.was_told(Notice::NumbersLow { left: 50 }));
    watched.play(acts::drawn_up(act_id(2), ActKind::Pv));
    assert_eq!(low_notices(&watched), 1);
    watched.play([Action::Restore, Action::Advance(600_000)]);
    assert!(watched.is_received(act_id(1)) && watched.is_received(act_id(2)));
    assert_eq!(
        ranges(&watched),
        [range(2026, 1, 10_000), range(2026, 10_001, 20_000)]
    );
    reconnect(&mut watched);
    assert_eq!(
        ranges(&watched).len(),
        2,
        "one refill, however often it is asked for"
    );
    watched.finish();
}

#[test]
fn numbers_that_never_came_are_told_to_the_officer_and_those_given_up_are_not() {
    let mut watched = nearly_used_up(911);
    watched.play(acts::drawn_up(act_id(1), ActKind::Pv));
    watched.play([Action::Restore, Action::Advance(600_000)]);
    assert!(watched.is_received(act_id(1)));
    watched.act(Action::Advance(HOUR));
    reconnect(&mut watched);
    let missing: Vec<Notice> = watched
        .world
        .board
        .notices
        .iter()
        .filter(|notice| matches!(notice, Notice::NumbersMissing { .. }))
        .copied()
        .collect();
    let told = Notice::NumbersMissing {
        first: number(1),
        last: number(9_948),
    };
    assert_eq!(missing, [told], "9 949 was given up");
    reconnect(&mut watched);
    let again = watched
        .world
        .board
        .notices
        .iter()
        .filter(|notice| **notice == told);
    assert_eq!(again.count(), 1);
    watched.finish();
}

fn copy(from: &Path, to: &Path) {
    fs::create_dir_all(to).unwrap();
    for entry in fs::read_dir(from).unwrap() {
        let entry = entry.unwrap();
        let aim = to.join(entry.file_name());
        if entry.path().is_dir() {
            copy(&entry.path(), &aim);
        } else {
            fs::copy(entry.path(), aim).unwrap();
        }
    }
}

#[test]
fn a_terminal_put_back_to_an_older_copy_uses_a_number_twice_and_its_officer_is_told() {
    let mut watched = Watched::on_duty(912);
    watched.act(Action::Advance(5_000));
    watched.act(Action::Kill);
    let disk = watched.world.layout().terminal();
    let kept = watched.folder().join("copy");
    copy(&disk, &kept);
    watched.play([Action::Start, Action::Unlock]);
    watched.play(acts::drawn_up(act_id(1), ActKind::Pv));
    watched.act(Action::Advance(600_000));
    assert!(watched.is_received(act_id(1)));
    // What follows breaks an invariant on purpose, so that nobody looks.
    let world = &mut watched.world;
    world.kill();
    fs::remove_dir_all(&disk).unwrap();
    copy(&kept, &disk);
    world.start().unwrap();
    world.unlock().unwrap();
    for action in acts::drawn_up(act_id(2), ActKind::Pv) {
        world.act(action).unwrap();
    }
    world.act(Action::Advance(600_000)).unwrap();
    assert!(
        world
            .board
            .notices
            .contains(&Notice::NumberTwice { number: number(1) })
    );
    let refused = world.board.delivery(act_id(2)).unwrap().delivery;
    assert!(
        matches!(refused, domain::delivery::Delivery::Refused { .. }),
        "{refused:?}"
    );
}

#[test]
fn at_new_year_the_range_of_the_year_is_used() {
    let mut watched = Watched::on_duty(913);
    watched.play(acts::drawn_up(act_id(1), ActKind::Pv));
    watched.act(Action::Advance(600_000));
    let december = UnixMs(1_797_120_000_000);
    watched.world.set_clock(december);
    watched.act(Action::Advance(10));
    assert_eq!(
        ranges(&watched),
        [range(2026, 1, 10_000)],
        "HQ's clock is its own"
    );
    // HQ is as far as the terminal.
    let days = (december.0 - 1_795_284_300_000) / UnixMs::DAY;
    watched.act(Action::Advance(u64::try_from(days * UnixMs::DAY).unwrap()));
    reconnect(&mut watched);
    assert_eq!(
        ranges(&watched)[1],
        range(2027, 1, 10_000),
        "before anybody needs it"
    );
    assert!(watched.world.now().local().year() == 2027);
    watched.act(Action::Unlock);
    watched.play(acts::drawn_up(act_id(2), ActKind::Pv));
    let first_of_the_year = ActNumber {
        year: 2027,
        serial: 1,
    };
    assert_eq!(number_of(&watched, act_id(2)), Some(first_of_the_year));
    watched.act(Action::Advance(600_000));
    assert!(watched.is_received(act_id(2)));
}

/// Notes signed by HQ, as a broker brings them.
fn forge(watched: &mut Watched, notes: &NumberNotes, spoil: impl FnOnce(&mut Vec<u8>)) {
    let command = watched.world.gateway().pki().command();
    let mut message = command.sign(Namespace::Order, NUMBERS, &domain::encode(notes));
    spoil(&mut message);
    let topic = Topic::Down(enrol::device_id(), DownLane::Cmd);
    watched.world.forge(&topic, message).unwrap();
}

#[test]
fn anothers_an_old_a_changed_and_an_early_grant_change_nothing() {
    let mut watched = Watched::on_duty(914);
    let notes = |device: DeviceId, first, granted| NumberNotes {
        version: 1,
        device,
        first,
        notes: vec![NumberNote::Granted(granted)],
    };
    let (ours, other) = (enrol::device_id(), DeviceId::parse("neo-000008").unwrap());
    let enrolled = range(2026, 1, 10_000);
    let (second, third) = (range(2026, 30_001, 30_100), range(2026, 40_001, 40_100));
    forge(&mut watched, &notes(other, 1, second), |_| {});
    assert_eq!(ranges(&watched), [enrolled], "another terminal's");
    for at in [40, 120] {
        forge(&mut watched, &notes(ours.clone(), 1, second), |bytes| {
            bytes[at] ^= 4
        });
        assert_eq!(ranges(&watched), [enrolled], "a changed bit");
    }
    forge(&mut watched, &notes(ours.clone(), 2, second), |_| {});
    assert_eq!(ranges(&watched), [enrolled], "one before it is missing");
    let receipts = watched.world.gateway().pki().receipt().sign(
        Namespace::Order,
        NUMBERS,
        &domain::encode(&notes(ours.clone(), 1, second)),
    );
    let topic = Topic::Down(ours.clone(), DownLane::Cmd);
    watched.world.forge(&topic, receipts).unwrap();
    assert_eq!(ranges(&watched), [enrolled], "the receipt's key gives no orders");

    forge(&mut watched, &notes(ours.clone(), 1, second), |_| {});
    assert_eq!(ranges(&watched), [enrolled, second]);
    forge(&mut watched, &notes(ours.clone(), 1, third), |_| {});
    assert_eq!(ranges(&watched), [enrolled, second], "an old sequence");
    let overlapping = range(2026, 30_050, 30_200);
    forge(&mut watched, &notes(ours.clone(), 2, overlapping), |_| {});
    assert_eq!(
        ranges(&watched),
        [enrolled, second],
        "it shares numbers with another"
    );
    forge(&mut watched, &notes(ours, 3, third), |_| {});
    assert_eq!(ranges(&watched), [enrolled, second, third]);
}

/// A store of its own, with two short ranges of this year and one of the year before.
fn short_ranges(folder: &Path) -> DeviceStore {
    let site = Site::new(folder);
    let keys = FileVault::create(site.root()).unwrap();
    let journal = JournalId::from_bytes([7; 16]);
    let key = device_db_key(&keys).unwrap();
    let mut device = DeviceStore::create(&site.device_db(), &key, b"enrolment", journal, at(0)).unwrap();
    for range in [range(2026, 1, 3), range(2026, 11, 12), range(2025, 1, 1)] {
        device.add_range(range).unwrap();
    }
    device
}

#[test]
fn one_range_follows_the_other_no_number_comes_twice_and_the_year_before_helps_out() {
    let folder = tempfile::tempdir().unwrap();
    let mut device = short_ranges(folder.path());
    let mut given = Vec::new();
    for n in 1.. {
        let Some(range) = device.range_for(2026).unwrap() else {
            break;
        };
        let left = device.numbers_left(2026).unwrap();
        let reserved = device
            .reserve(act_id(n), None, Lane::Procedures, Some(range))
            .unwrap();
        let again = device
            .reserve(act_id(n), None, Lane::Procedures, Some(range))
            .unwrap();
        assert_eq!(reserved, again, "the same promise");
        if n == 2 {
            // Given up: it is not given again.
            device.release(None, at(1)).unwrap();
        }
        let number = reserved.number.unwrap();
        let expected = if number.year == 2026 { left - 1 } else { 0 };
        assert_eq!(device.numbers_left(2026).unwrap(), expected);
        given.push((number.year, number.serial));
    }
    assert_eq!(
        given,
        [(2026, 1), (2026, 2), (2026, 3), (2026, 11), (2026, 12), (2025, 1)]
    );
    let exhausted = device.reserve(act_id(50), None, Lane::Procedures, Some(range(2026, 11, 12)));
    assert!(matches!(exhausted, Err(StoreError::NumbersExhausted)));
    assert_eq!(device.unused_numbers().unwrap(), [range(2026, 1, 2)]);
}

#[test]
fn a_terminal_of_the_first_version_takes_law_and_numbers_and_gives_its_own_numbers_no_second_time() {
    let terminal = crate::formats::shipped("v1");
    let site = Site::new(terminal.path());
    let keys = FileVault::open(site.root()).unwrap();
    let open = || DeviceStore::open(&site.device_db(), &device_db_key(&keys).unwrap(), UnixMs(0)).unwrap();
    let mut device = open();
    assert_eq!(
        (device.ranges().unwrap(), device.newest_reference().unwrap()),
        (Vec::new(), 0)
    );
    // What it was enrolled with when it drew its acts up.
    let enrolled = range(2026, 100, 199);
    device.add_range(enrolled).unwrap();
    device.add_range(enrolled).unwrap();
    let used: Vec<u32> = device
        .acts()
        .unwrap()
        .iter()
        .filter_map(|row| row.number.map(|number| number.serial))
        .collect();
    let next = device
        .reserve(
            act_id(60),
            None,
            Lane::Procedures,
            device.range_for(2026).unwrap(),
        )
        .unwrap();
    assert!(used.len() > 2 && used.iter().all(|used| Some(number(*used)) < next.number));
    let set = StoredReference {
        serial: 7,
        head: b"head".to_vec(),
        packed: b"packed".to_vec(),
    };
    let version = ReferenceVersion("natinf-test".to_owned());
    device.begin_reference(SetKind::Law, 7, &set.head).unwrap();
    device.add_reference_part(SetKind::Law, 0, &set.packed).unwrap();
    device.keep_reference(&version, &set).unwrap();
    drop(device);
    let device = open();
    assert_eq!(device.ranges().unwrap(), [enrolled]);
    assert_eq!(device.reference_called(&version).unwrap(), Some(set));
    assert_eq!(device.pending_reference(SetKind::Law).unwrap(), None);
}
