//! Zones made of chosen chances: what is proven, what is doubtful, and that one wrong character never passes.

use domain::identity::cells::residue;
use domain::identity::{CivilDate, DocumentReading, Verdict, read_seen};
use proptest::prelude::*;

use super::*;

const PASSPORT: &str =
    "P<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<\nL898902C36UTO7408122F1204159ZE184226B<<<<<10";
const CARD: &str =
    "I<UTOD23145890<7349<<<<<<<<<<<\n3407127M9507122UTO<<<<<<<<<<<2\nSTEVENSON<<PETER<JOHN<<<<<<<<<";
const CERTIFICATE: &str =
    "CRFRAAB123CD0VFSIV2009ASIV200929801059VP<<<<\nCI<<MARQUES<<<<<<<MODELE<<<<<<<2009AS0528402";

/// The logarithm of the probability that each other character of a clean cell has.
const FAINT: f32 = -30.0;

/// A zone that looks like `text`, with other characters beside: cell, character, logarithm of its odds.
fn zone(text: &str, beside: &[(usize, u8, f32)]) -> Zone {
    let lines = text.lines().count();
    let mut scores: Vec<Scores> = text
        .bytes()
        .filter(|byte| *byte != b'\n')
        .map(|byte| {
            let mut scores = [FAINT; CLASSES.len()];
            scores[class(byte)] = 0.0;
            scores
        })
        .collect();
    for (cell, character, odds) in beside {
        scores[*cell][class(*character)] = *odds;
    }
    Zone::seen(lines, &scores, true)
}

fn class(character: u8) -> usize {
    CLASSES.iter().position(|class| *class == character).unwrap()
}

fn document(zone: &Zone) -> DocumentReading {
    let seen = zone.read().unwrap();
    let today = CivilDate::new(2026, 11, 21).unwrap();
    read_seen(seen.raw.reveal(), seen.text.reveal(), seen.sight, today).unwrap()
}

#[test]
fn clean_zones_of_every_layout_are_proven_as_they_are() {
    let zones = [
        (PASSPORT, Layout::Td3),
        (CARD, Layout::Td1),
        (CERTIFICATE, Layout::CertificatImmatriculation),
        (
            "IDFRABERTHIER<<<<<<<<<<<<<<<<<<<<<<<\n8806923102858CORINNE<<<<<<<6512068F6",
            Layout::OldCni,
        ),
        ("D1FRA13AA000026181231MARTIN<<9", Layout::Permis),
        (
            "V<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<\nL8988901C4XXX4009078F96121096ZE184226B<<<<<<",
            Layout::VisaA,
        ),
        (
            "V<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<\nL8988901C4XXX4009078F9612109<<<<<<<<",
            Layout::VisaB,
        ),
        (
            "I<UTOSTEVENSON<<PETER<JOHN<<<<<<<<<<\nD23145890<UTO3407127M95071227349<<<8",
            Layout::Td2,
        ),
    ];
    for (text, layout) in zones {
        let reading = document(&zone(text, &[]));
        assert_eq!((reading.layout, reading.text()), (layout, text));
        assert_eq!(
            (reading.verdicts.read, reading.corrected),
            (Verdict::Proven, None),
            "{text}"
        );
    }
}

#[test]
fn a_digit_that_looks_like_a_letter_is_corrected_and_said_to_be() {
    // The zero of the number looks like an O, and a little like a zero.
    let cell = 44 + 5;
    let seen = zone(&PASSPORT.replace("L898902C3", "L8989O2C3"), &[(cell, b'0', -3.0)]);
    let reading = document(&seen);
    assert_eq!(reading.verdicts.read, Verdict::Proven);
    assert_eq!(reading.number.reveal(), "L898902C3");
    assert!(reading.raw.reveal().contains("L8989O2C3"));
    let corrections = reading.corrected.unwrap().corrections;
    assert_eq!(
        (corrections[0].line, corrections[0].column, corrections.len()),
        (1, 5, 1)
    );
}

#[test]
fn two_texts_that_both_pass_are_ambiguous() {
    // No digit tells 6 from G.
    let text = "P<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<\nL898902C36UTO7408122F1204159ZE184226B<<<<<10";
    let cell = 44 + 35;
    let reading = document(&zone(text, &[(cell, b'G', -4.0)]));
    assert_eq!(text.as_bytes()[cell + 1], b'6');
    assert_eq!(reading.verdicts.read, Verdict::NotChecked);
    // Another frame in which it looks like a 6 alone settles it.
    let mut frames = zone(text, &[(cell, b'G', -4.0)]);
    for _ in 0..4 {
        frames.add(zone(text, &[])).unwrap();
    }
    assert_eq!(
        (frames.frames(), document(&frames).verdicts.read),
        (5, Verdict::Proven)
    );
}

#[test]
fn a_zone_whose_width_is_doubtful_proves_nothing_until_a_frame_settles_it() {
    let doubtful = || Zone {
        settled: false,
        ..zone(PASSPORT, &[])
    };
    let mut frames = doubtful();
    frames.add(doubtful()).unwrap();
    assert_eq!(document(&frames).verdicts.read, Verdict::NotChecked);
    frames.add(zone(PASSPORT, &[])).unwrap();
    assert_eq!(document(&frames).verdicts.read, Verdict::Proven);
}

#[test]
fn a_wrong_digit_that_is_clearly_printed_is_refuted_and_not_repaired() {
    let printed = PASSPORT.replace("7408122", "7408123");
    let reading = document(&zone(&printed, &[]));
    assert_eq!(
        (reading.verdicts.read, reading.text()),
        (Verdict::Refuted, printed.as_str())
    );
    assert_eq!(reading.corrected, None);
}

#[test]
fn a_frame_of_another_document_is_given_back() {
    let mut one = zone(PASSPORT, &[]);
    let other = zone(CERTIFICATE, &[]);
    assert_eq!(one.add(other.clone()), Err(other));
    assert_eq!(one.add(zone(CARD, &[])), Err(zone(CARD, &[])));
    assert_eq!(one.frames(), 1);
}

/// A filler and a zero weigh the same under a check digit: only the rule that a number is entered from the left tells
/// them apart.
#[test]
fn no_number_begins_with_a_filler() {
    let blurred = PASSPORT.replace("L898902C36", "<898902C36");
    let reading = document(&zone(&blurred, &[(44, b'L', -12.0)]));
    assert_eq!(reading.text(), PASSPORT);
}

#[test]
fn what_was_read_stays_out_of_debug_output() {
    let zone = zone(PASSPORT, &[]);
    assert_eq!(format!("{zone:?}"), "2 × 44 characters in 1 frames");
    assert!(!format!("{:?}", zone.read().unwrap()).contains("ERIKSSON"));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(96))]

    /// One character looks like another, however clearly: nothing but the true number is proven, unless no digit sees
    /// the difference, and then the reading says where.
    #[test]
    fn a_single_wrong_character_never_proves_another_number(
        column in 0..44_usize, other in prop::sample::select(ALPHABET.to_vec()), doubt in 0.0..30.0_f32
    ) {
        let cell = 44 + column;
        let was = PASSPORT.as_bytes()[cell + 1];
        let mut text = PASSPORT.as_bytes().to_vec();
        text[cell + 1] = other;
        let text = String::from_utf8(text).unwrap();
        let reading = document(&zone(&text, &[(cell, was, -doubt)]));
        let truth = document(&zone(PASSPORT, &[]));
        let is_same = (&reading.number, &reading.born, reading.expires) == (&truth.number, &truth.born, truth.expires);
        if reading.verdicts.read == Verdict::Proven && !is_same {
            prop_assert_eq!(residue(was), residue(other));
            let blind = reading.evidence.iter().flat_map(|one| reading.blind_cells(one.field));
            let is_marked = blind.into_iter().any(|one| {
                (one.line, one.column, one.or) == (1, column, char::from(was))
            });
            prop_assert!(is_marked);
        }
    }

    #[test]
    fn any_chances_are_read_without_a_panic(
        shape in prop::sample::select(vec![(1_usize, 30_usize), (2, 36), (2, 44), (3, 30), (2, 30)]),
        seed in proptest::collection::vec(-40.0..0.0_f32, 38 * 7)
    ) {
        let cells = shape.0 * shape.1;
        let scores: Vec<Scores> = (0..cells)
            .map(|cell| std::array::from_fn(|class| seed[(cell * 31 + class * 7) % seed.len()]))
            .collect();
        let read = Zone::seen(shape.0, &scores, true).read();
        prop_assert_eq!(read.is_some(), shape != (2, 30));
        if let Some(seen) = read {
            let today = CivilDate::new(2026, 11, 21).unwrap();
            let document = read_seen(seen.raw.reveal(), seen.text.reveal(), seen.sight, today);
            prop_assert!(document.is_ok(), "`{}`: {document:?}", seen.text.reveal());
        }
    }
}
