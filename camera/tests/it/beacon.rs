//! What is on the air: nobody follows a camera by it, and a terminal is silent before any camera but its own.

use std::collections::BTreeSet;
use std::io::Read;
use std::net::TcpListener;
use std::thread;

use camera::Secret32;
use camera::beacon::{Advertiser, BEACON, Beacon, BeaconKey};
use camera::driver::{Ending, Entry};
use domain::UnixMs;
use proptest::prelude::*;

use crate::sim::Faults;
use crate::world::{CLIP, Meeting, NOON, World, clip, on, patrol};

const MINUTE: i64 = 60_000;

fn key(n: u8) -> BeaconKey {
    BeaconKey::new(Secret32::from_bytes([n; 32]))
}

/// Every beacon of a camera over `changes` changes, with the moment of each, minute by minute.
fn captured(key: &BeaconKey, changes: usize) -> Vec<(UnixMs, Beacon)> {
    let mut advertiser = Advertiser::default();
    let mut seen: Vec<(UnixMs, Beacon)> = Vec::new();
    let mut now = UnixMs(NOON);
    while seen.len() < changes {
        let draw = u32::try_from(seen.len()).unwrap().wrapping_mul(2_654_435_761);
        let beacon = advertiser.beacon(key, now, draw);
        if seen.last().is_none_or(|(_, last)| *last != beacon) {
            seen.push((now, beacon));
        }
        now = UnixMs(now.0 + MINUTE);
    }
    seen
}

#[test]
fn t7_what_is_on_the_air_changes_all_at_once_and_no_byte_of_it_stays() {
    let seen = captured(&key(1), 2_000);
    let distinct: BTreeSet<Beacon> = seen.iter().map(|(_, beacon)| *beacon).collect();
    assert_eq!(distinct.len(), seen.len(), "one is said twice");
    for pair in seen.windows(2) {
        let [(from, before), (until, after)] = pair else {
            unreachable!()
        };
        let life = until.0 - from.0;
        assert!((5 * MINUTE..=16 * MINUTE).contains(&life), "{life}");
        assert_ne!(before.0[..6], after.0[..6], "the address stayed");
        assert_ne!(before.0[6..], after.0[6..], "the service data stayed");
    }
    for place in 0..BEACON {
        let values: BTreeSet<u8> = distinct.iter().map(|beacon| beacon.0[place]).collect();
        // Two bits of the first byte say that the address is a private one.
        let most = if place == 0 { 64 } else { 256 };
        assert!(
            values.len() > most * 9 / 10,
            "byte {place} has {} values",
            values.len()
        );
    }
    let lives: BTreeSet<i64> = seen.windows(2).map(|pair| pair[1].0.0 - pair[0].0.0).collect();
    assert!(lives.len() > 8, "the moment of a change is not drawn: {lives:?}");
}

#[test]
fn t7_a_terminal_knows_its_camera_within_a_day_of_clock_error_and_no_recording_of_the_air() {
    let seen = captured(&key(1), 50);
    for (at, beacon) in seen {
        for hours in [-23, 0, 23] {
            let now = UnixMs(at.0 + hours * 60 * MINUTE);
            assert!(key(1).recognises(&beacon, now), "{hours}");
            assert!(!key(2).recognises(&beacon, now), "another camera's");
        }
        assert!(
            !key(1).recognises(&beacon, UnixMs(at.0 + 3 * 24 * 60 * MINUTE)),
            "a replay"
        );
    }
}

/// A battery that was flat for a week.
#[test]
fn a_camera_whose_clock_fell_back_is_found_all_the_same() {
    let mut advertiser = Advertiser::default();
    let since_1970 = UnixMs(20 * 24 * 60 * MINUTE);
    let beacon = advertiser.beacon(&key(1), since_1970, 7);
    assert!(key(1).recognises(&beacon, UnixMs(NOON)));
    assert!(!key(2).recognises(&beacon, UnixMs(NOON)));
}

/// Whoever imitates a camera's place learns that a phone came near, and not one byte of it.
#[test]
fn t5_a_terminal_says_nothing_to_another_camera() {
    let world = World::new();
    let camera = world.camera(&clip(CLIP, patrol()));
    let entry = Entry::Tap(camera.invitation());
    let camera = on(camera, Faults::default());
    let meeting = Meeting::begin(camera.address(), world.role(entry));
    let bond = meeting.bond();
    meeting.leave();

    let rogue = TcpListener::bind(("127.0.0.1", 0)).unwrap();
    let address = rogue.local_addr().unwrap();
    let heard = thread::spawn(move || {
        let (mut caller, _) = rogue.accept().unwrap();
        camera::write_frame(&mut caller, &[0x55; BEACON]).unwrap();
        let mut heard = Vec::new();
        caller.read_to_end(&mut heard).unwrap();
        heard
    });
    let ending = Meeting::begin(address, world.role(Entry::Known(bond))).ending();
    assert_eq!(ending, Ending::AnotherCamera);
    assert_eq!(heard.join().unwrap(), Vec::<u8>::new());
}

proptest! {
    #[test]
    fn a_beacon_is_nobodys_but_its_keys(bytes in any::<[u8; BEACON]>(), now in 0..i64::MAX) {
        prop_assert!(!key(1).recognises(&Beacon(bytes), UnixMs(now)));
    }
}
