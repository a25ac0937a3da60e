//! Statements in their chain: what follows what, and what all of them together say.

use super::*;
use crate::canonical::{decode, encode};

const CLIP: ClipId = ClipId::from_bytes([0xc1; 16]);

fn root() -> Digest {
    Digest::of(b"root")
}

fn manifest() -> Digest {
    Digest::of(b"record of the manifest")
}

/// A chain of these statements, each with the digest of a record.
fn chained(said: &[Said]) -> Vec<(Custody, Digest)> {
    let mut previous = manifest();
    (1..)
        .zip(said)
        .map(|(place, said)| {
            let custody = Custody {
                clip: CLIP,
                root: root(),
                place,
                previous,
                said: said.clone(),
            };
            previous = Digest::of(&encode(&custody));
            (custody, previous)
        })
        .collect()
}

fn words() -> Vec<Said> {
    vec![
        Said::Category(Category::Check),
        Said::Bookmark(65),
        Said::Note(ClipNote::parse("sort du hall en courant").unwrap()),
        Said::Category(Category::Arrest),
        Said::Withdrawn(2),
        Said::Hold(Procedure::parse("2026/000412").unwrap()),
    ]
}

#[test]
fn later_statements_take_the_place_of_earlier_ones_and_none_is_changed() {
    let mut chain = Chain::of(CLIP, root(), manifest());
    for (custody, digest) in chained(&words()) {
        chain.take(&custody, digest).unwrap();
    }
    let life = chain.life();
    assert_eq!(life.category, Some(Category::Arrest));
    assert!(life.bookmarks.is_empty());
    assert_eq!(life.note.unwrap().as_str(), "sort du hall en courant");
    assert_eq!(life.hold.unwrap().as_str(), "2026/000412");
    assert_eq!(chain.length(), 6);
}

#[test]
fn a_statement_that_is_not_the_next_is_named() {
    let events = chained(&words());
    let begun = || {
        let mut chain = Chain::of(CLIP, root(), manifest());
        chain.take(&events[0].0, events[0].1).unwrap();
        chain
    };
    let refused = |custody: Custody| begun().take(&custody, Digest::of(b"x")).unwrap_err();
    let second = events[1].0.clone();
    assert_eq!(refused(events[2].0.clone()), NotNext::Early { place: 3 });
    assert_eq!(refused(events[0].0.clone()), NotNext::Taken { place: 1 });
    assert_eq!(
        refused(Custody {
            previous: Digest::of(b"another"),
            ..second.clone()
        }),
        NotNext::Broken { place: 2 }
    );
    assert_eq!(
        refused(Custody {
            root: Digest::of(b"another"),
            ..second.clone()
        }),
        NotNext::OtherRoot
    );
    assert_eq!(
        refused(Custody {
            clip: ClipId::from_bytes([1; 16]),
            ..second.clone()
        }),
        NotNext::OtherClip
    );
    for place in [0, 2, 9] {
        let said = Said::Withdrawn(place);
        let withdraws = Custody {
            said,
            ..second.clone()
        };
        assert_eq!(refused(withdraws), NotNext::Withdraws { place: 2 });
    }
}

#[test]
fn csi_r241_4_no_statement_of_an_officer_ends_a_hold() {
    let hold = Said::Hold(Procedure::parse("2026/000412").unwrap());
    let mut chain = Chain::of(CLIP, root(), manifest());
    let events = chained(&[hold.clone(), Said::Withdrawn(1)]);
    chain.take(&events[0].0, events[0].1).unwrap();
    assert_eq!(
        chain.take(&events[1].0, events[1].1),
        Err(NotNext::Withdraws { place: 2 })
    );
    let said = [hold, Said::Withdrawn(1)];
    assert!(Life::of((1..).zip(&said)).hold.is_some());
}

#[test]
fn notes_and_numbers_say_something_and_hide_nothing() {
    for text in ["", "  ", "a\u{202e}b", &"x".repeat(MAX_NOTE + 1)] {
        assert_eq!(ClipNote::parse(text), Err(NotSaid::Note), "{text}");
    }
    for text in ["", "--", "2026\n12", &"1".repeat(MAX_PROCEDURE + 1)] {
        assert_eq!(Procedure::parse(text), Err(NotSaid::Procedure), "{text}");
    }
    assert_eq!(
        ClipNote::parse(" deux\nlignes ").unwrap().as_str(),
        "deux\nlignes"
    );
    assert!(decode::<ClipNote>(&encode(&" deux ")).is_err());
    assert!(decode::<Procedure>(&encode(&" 12 ")).is_err());
}

#[test]
fn reminders_come_seven_and_two_days_before_the_end() {
    let until = UnixMs(100 * UnixMs::DAY);
    let at = |days: i64, ms: i64| Reminder::of(until, until.plus(-days * UnixMs::DAY + ms));
    assert_eq!(at(7, -1), None);
    assert_eq!(at(7, 0), Some(Reminder::Week));
    assert_eq!(at(2, -1), Some(Reminder::Week));
    assert_eq!(at(2, 0), Some(Reminder::TwoDays));
    assert_eq!(at(0, 1), Some(Reminder::TwoDays));
}
