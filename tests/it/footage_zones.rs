//! The month of a recording that was made overseas ends by the clocks of that place, on the terminal and at HQ (CSI
//! R.241-4).

use domain::journal::Operation;
use domain::record::ActKind;
use domain::{UnixMs, Zone};
use simulator::world::Action;
use tests::acts::{self, act_id};
use tests::watched::Watched;

const HOUR: u64 = 3_600_000;

/// Zone, minutes east of UTC in November and December 2026, and when the last day of the month ends there.
const PLACES: [(Zone, i16, UnixMs); 4] = [
    (Zone::Reunion, 240, UnixMs(1_797_883_199_999)), // 2026-12-21T19:59:59.999Z
    (Zone::Mayotte, 180, UnixMs(1_797_886_799_999)), // 2026-12-21T20:59:59.999Z
    (Zone::Guadeloupe, -240, UnixMs(1_797_911_999_999)), // 2026-12-22T03:59:59.999Z
    (Zone::Paris, 60, UnixMs(1_797_893_999_999)),    // 2026-12-21T22:59:59.999Z
];

/// An officer there whose recording was taken in; without network its bytes stay on the terminal.
fn taken_in_at(seed: u64, place: (Zone, i16), online: bool) -> Watched {
    let mut watched = Watched::on_duty(seed);
    watched.world.set_place(place.0, place.1);
    watched.play(acts::drawn_up(act_id(8), ActKind::IdentityCheck));
    if !online {
        watched.act(Action::Cut);
    }
    watched.play(acts::recording_taken_in());
    watched
}

fn until(watched: &Watched) -> UnixMs {
    let home = watched.world.board.home.as_ref().unwrap();
    home.recordings.first().expect("the recording was taken in").until
}

fn is_here(watched: &Watched) -> bool {
    let vault = watched.world.engine().unwrap().vault().unwrap();
    !vault.clips().unwrap().is_empty()
}

fn expired(watched: &Watched) -> usize {
    let journal = watched.world.engine().unwrap().device().journal().unwrap();
    let gone = |entry: &&domain::journal::Entry| matches!(entry.operation, Operation::FootageExpired { .. });
    journal.iter().filter(gone).count()
}

#[test]
fn csi_r241_4_a_recording_overseas_goes_from_its_terminal_when_the_month_ends_there() {
    for (seed, (zone, offset_min, ends)) in (1640..).zip(PLACES) {
        let mut watched = taken_in_at(seed, (zone, offset_min), false);
        assert_eq!(until(&watched), ends, "{zone:?}");
        watched.world.set_clock(ends.plus(-30_000));
        watched.act(Action::Advance(10_000));
        assert!(
            is_here(&watched),
            "{zone:?}: not before the last day is over there"
        );
        watched.world.set_clock(ends.plus(1));
        watched.act(Action::Advance(2 * HOUR));
        assert!(!is_here(&watched), "{zone:?}: not a day longer");
        assert_eq!(expired(&watched), 1, "{zone:?}");
    }
}

#[test]
fn csi_r241_4_hq_erases_its_copy_of_a_recording_overseas_by_the_clocks_of_that_place() {
    for (seed, (zone, offset_min, ends)) in (1650..).zip(PLACES) {
        let mut watched = taken_in_at(seed, (zone, offset_min), true);
        watched.settle();
        let mut clips = |at: UnixMs| watched.world.gateway().purge(at).unwrap().clips;
        assert_eq!(clips(ends), 0, "{zone:?}");
        assert_eq!(clips(ends.plus(1)), 1, "{zone:?}");
    }
}

#[test]
fn csi_r241_4_who_comes_home_from_overseas_keeps_the_term_of_the_place() {
    let (zone, offset_min, ends) = PLACES[0];
    let mut watched = taken_in_at(1660, (zone, offset_min), false);
    watched.world.set_place(Zone::Paris, 60);
    watched.world.set_clock(ends.plus(1));
    watched.act(Action::Advance(2 * HOUR));
    assert!(!is_here(&watched));
    assert_eq!(expired(&watched), 1);
}
