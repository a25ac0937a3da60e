//! Act numbers: refilled before a terminal runs out, and missed when they never come.

use domain::enrolment::NumberRange;
use domain::envelope::Lane;
use domain::officer::Quality;
use domain::{ActNumber, UnixMs, decode, encode};
use hq::Outgoing;
use sync::wire::v1::{HELLO, Hello, LaneCursor, NUMBERS, NumberNote, NumberNotes, NumbersHeld};
use sync::{DownLane, Topic};
use trust::cose::{self, Namespace};

use crate::world::{Hq, NOON, Terminal};

const HOUR: i64 = 3_600_000;

/// What a terminal says of its numbers, and how much waits in its outbox.
fn hello(terminal: &Terminal, held: Option<NumbersHeld>, queued: u32) -> Vec<u8> {
    let lanes = Lane::ALL.map(|lane| LaneCursor {
        lane,
        receipted: 0,
        oldest: (queued > 0).then_some(1),
        queued,
    });
    let hello = Hello {
        lanes: lanes.to_vec(),
        numbers: held,
        ..terminal.bare_hello()
    };
    terminal.sign(Namespace::Hello, HELLO, &encode(&hello))
}

fn held(notes: u64, left: u32) -> Option<NumbersHeld> {
    Some(NumbersHeld {
        notes,
        year: 2026,
        left,
        unused: Vec::new(),
    })
}

/// The notes that came for `terminal`, signed by HQ's command key, with the sequence of the first.
fn told(hq: &Hq, outgoing: &[Outgoing], terminal: &Terminal) -> Option<NumberNotes> {
    let topic = Topic::Down(terminal.device.clone(), DownLane::Cmd);
    let message = outgoing.iter().find(|message| message.topic == topic)?;
    let signed = cose::parse(&message.payload).unwrap();
    cose::verify(&signed, Namespace::Order, hq.pki().command().certificate()).unwrap();
    assert_eq!(signed.content_type, NUMBERS);
    let notes: NumberNotes = decode(&signed.payload).unwrap();
    assert_eq!(notes.device, terminal.device);
    Some(notes)
}

fn said(hq: &mut Hq, terminal: &Terminal, held: Option<NumbersHeld>, at: UnixMs) -> Option<NumberNotes> {
    let outgoing = hq.send_at(terminal, &hello(terminal, held, 0), at);
    told(hq, &outgoing, terminal)
}

fn granted(notes: Option<NumberNotes>) -> NumberRange {
    match notes.unwrap().notes.as_slice() {
        [NumberNote::Granted(range)] => *range,
        other => panic!("{other:?}"),
    }
}

#[test]
fn a_terminal_that_runs_low_gets_the_next_range_and_the_same_again_until_it_has_it() {
    let mut hq = Hq::new();
    let terminal = hq.terminal("neo-000001", &[]);
    assert_eq!(said(&mut hq, &terminal, held(0, 100), NOON), None);
    let range = granted(said(&mut hq, &terminal, held(0, 60), NOON));
    assert_eq!((range.year, range.first, range.last), (2026, 101, 200));
    assert_eq!(granted(said(&mut hq, &terminal, held(0, 20), NOON)), range);
    assert_eq!(said(&mut hq, &terminal, held(1, 120), NOON), None);
    let other = hq.terminal("neo-000002", &[]).numbers;
    assert!(!other.overlaps(&range) && !other.overlaps(&terminal.numbers));
}

#[test]
fn a_terminal_that_claims_to_have_nothing_left_does_not_drain_the_year() {
    let mut hq = Hq::new();
    let terminal = hq.terminal("neo-000001", &[]);
    let mut ranges = 1;
    for _ in 0..20 {
        let notes = hq
            .gateway
            .store()
            .begin()
            .unwrap()
            .last_note(&terminal.device)
            .unwrap();
        ranges += usize::from(said(&mut hq, &terminal, held(notes, 0), NOON).is_some());
    }
    assert_eq!(ranges, 4);
}

#[test]
fn an_act_near_the_end_of_the_range_brings_the_refill_with_its_receipt() {
    let mut hq = Hq::new();
    let officer = hq.officer(1, Quality::Apj);
    let terminal = hq.terminal("neo-000001", &[&officer]);
    let silent = hq.send(&terminal, &terminal.pv(&officer, 45).bytes());
    assert_eq!(
        told(&hq, &silent, &terminal),
        None,
        "a program that takes no notes"
    );
    assert_eq!(
        said(&mut hq, &terminal, held(0, 100), NOON).map(|notes| notes.first),
        Some(1)
    );
    let terminal = hq.terminal("neo-000003", &[&officer]);
    said(&mut hq, &terminal, held(0, 100), NOON);
    let early = hq.send(&terminal, &parcel(&terminal, &officer, 20, 100));
    assert_eq!(told(&hq, &early, &terminal), None);
    let late = hq.send(&terminal, &parcel(&terminal, &officer, 39, 101));
    let range = granted(told(&hq, &late, &terminal));
    assert_eq!(range.count(), 100);
}

/// A PV under number `serial` of the range, in an envelope of its own.
fn parcel(terminal: &Terminal, officer: &crate::world::Agent, serial: u8, envelope: u8) -> Vec<u8> {
    let mut parcel = terminal.pv(officer, serial);
    parcel.id = domain::EnvelopeId::from_bytes([envelope; 16]);
    parcel.record.id = domain::ActId::from_bytes([envelope; 16]);
    parcel.bytes()
}

#[test]
fn the_range_of_the_new_year_comes_in_december_and_at_the_latest_in_january() {
    let december = UnixMs(1_797_120_000_000);
    let january = december.plus(25 * UnixMs::DAY);
    for (now, year) in [(december, 2027), (january, 2027)] {
        let mut hq = Hq::new();
        let terminal = hq.terminal("neo-000001", &[]);
        let range = granted(said(&mut hq, &terminal, held(0, 100), now));
        assert_eq!((range.year, range.first), (year, 1));
        assert_eq!(said(&mut hq, &terminal, held(1, 100), now), None, "once");
    }
}

#[test]
fn a_number_that_never_came_is_missed_after_an_hour_and_an_empty_outbox_and_told_once() {
    let mut hq = Hq::new();
    let officer = hq.officer(1, Quality::Apj);
    let terminal = hq.terminal("neo-000001", &[&officer]);
    for serial in [0, 1, 4, 6] {
        hq.send(&terminal, &terminal.pv(&officer, serial).bytes());
    }
    let first = terminal.numbers.first;
    let later = NOON.plus(HOUR + 1);
    assert_eq!(
        said(&mut hq, &terminal, held(0, 93), NOON.plus(HOUR - 1)),
        None,
        "too early"
    );
    let busy = hq.send_at(&terminal, &hello(&terminal, held(0, 93), 1), later);
    assert_eq!(told(&hq, &busy, &terminal), None, "something is still on its way");
    let missing = |serials: std::ops::RangeInclusive<u32>| {
        NumberNote::Missing(NumberRange {
            year: 2026,
            first: first + serials.start(),
            last: first + serials.end(),
        })
    };
    let notes = said(&mut hq, &terminal, held(0, 93), later).unwrap();
    assert_eq!(
        (notes.first, notes.notes),
        (1, vec![missing(2..=3), missing(5..=5)])
    );
    assert_eq!(said(&mut hq, &terminal, held(2, 93), later), None);
    // One of a range that was told comes after all: what is left of it is no news.
    hq.send(&terminal, &terminal.pv(&officer, 2).bytes());
    assert_eq!(said(&mut hq, &terminal, held(2, 93), later.plus(HOUR)), None);
}

#[test]
fn a_number_that_the_terminal_gave_up_is_not_missed_and_nobody_gives_up_anothers() {
    let mut hq = Hq::new();
    let officer = hq.officer(1, Quality::Apj);
    let terminal = hq.terminal("neo-000001", &[&officer]);
    let other = hq.terminal("neo-000002", &[]);
    for serial in [0, 3] {
        hq.send(&terminal, &terminal.pv(&officer, serial).bytes());
    }
    let first = terminal.numbers.first;
    let unused = |first, last| NumbersHeld {
        unused: vec![NumberRange {
            year: 2026,
            first,
            last,
        }],
        ..held(0, 96).unwrap()
    };
    let later = NOON.plus(HOUR + 1);
    assert_eq!(
        said(&mut hq, &other, Some(unused(first, first + 99)), later),
        None
    );
    let notes = said(&mut hq, &terminal, Some(unused(first + 1, first + 1)), later).unwrap();
    let left = NumberRange {
        year: 2026,
        first: first + 2,
        last: first + 2,
    };
    assert_eq!(notes.notes, [NumberNote::Missing(left)]);
}

#[test]
fn a_number_used_twice_or_of_nobody_is_refused_and_told_once() {
    let mut hq = Hq::new();
    let officer = hq.officer(1, Quality::Apj);
    let terminal = hq.terminal("neo-000001", &[&officer]);
    said(&mut hq, &terminal, held(0, 100), NOON);
    hq.send(&terminal, &terminal.pv(&officer, 0).bytes());
    let number = ActNumber {
        year: 2026,
        serial: terminal.numbers.first,
    };
    let twice = parcel(&terminal, &officer, 0, 77);
    let outgoing = hq.send(&terminal, &twice);
    assert_eq!(hq.verified(&outgoing, &terminal).len(), 1);
    let notes = told(&hq, &outgoing, &terminal).unwrap();
    assert_eq!(notes.notes, [NumberNote::Twice(number)]);
    let again = hq.send(&terminal, &twice);
    assert_eq!(told(&hq, &again, &terminal), None, "the same bytes");
    let again = hq.send(&terminal, &parcel(&terminal, &officer, 0, 78));
    assert_eq!(told(&hq, &again, &terminal), None, "the same number");
    // Until the terminal says that it has the note, a hello brings it again.
    let notes = said(&mut hq, &terminal, held(0, 100), NOON).unwrap();
    assert_eq!(notes.notes, [NumberNote::Twice(number)]);
    assert_eq!(said(&mut hq, &terminal, held(1, 100), NOON), None);
}

#[test]
fn a_terminal_enrolled_again_begins_behind_the_last_number_that_came() {
    let mut hq = Hq::new();
    let officer = hq.officer(1, Quality::Apj);
    let terminal = hq.terminal("neo-000001", &[&officer]);
    hq.send(&terminal, &terminal.pv(&officer, 6).bytes());
    let again = hq.terminal("neo-000001", &[&officer]);
    assert_eq!(
        (again.numbers.first, again.numbers.last),
        (terminal.numbers.first + 7, terminal.numbers.last)
    );
}

#[test]
fn a_store_that_is_behind_its_terminal_counts_on_from_what_the_terminal_has() {
    let mut hq = Hq::new();
    let terminal = hq.terminal("neo-000001", &[]);
    let notes = said(&mut hq, &terminal, held(7, 10), NOON).unwrap();
    assert_eq!((notes.first, notes.notes.len()), (8, 1));
    assert_eq!(said(&mut hq, &terminal, held(8, 110), NOON), None);
    // Nobody counts so far: it is no hello.
    for notes in [u64::MAX, (1 << 53) + 1] {
        let outgoing = hq.send(&terminal, &hello(&terminal, held(notes, 0), 0));
        assert!(outgoing.is_empty());
    }
}
