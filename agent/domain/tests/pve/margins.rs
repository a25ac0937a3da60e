//! Margins by the unit: what is retained of a reading is never more than the text takes off, and always for the driver.

use domain::identity::CivilDate;
use domain::natinf::{AlcoholLimit, Instrument, ReferenceSet};
use domain::pve::{AlcoholReading, SpeedReading};
use proptest::prelude::*;

fn retained(instrument: Instrument, reading: u32) -> u32 {
    let set = ReferenceSet::embedded();
    let day = CivilDate::parse("21/11/2026").unwrap();
    set.at(day).retained(instrument, reading).unwrap()
}

#[test]
fn a_speed_loses_5_km_h_below_100_and_5_percent_from_there_and_twice_that_from_a_moving_vehicle() {
    for (instrument, reading, kept) in [
        (Instrument::Fixed, 56, 51),
        (Instrument::Fixed, 99, 94),
        (Instrument::Fixed, 100, 95),
        (Instrument::Fixed, 103, 97),
        (Instrument::Fixed, 139, 132),
        (Instrument::Handheld, 56, 51),
        (Instrument::Handheld, 150, 142),
        (Instrument::Moving, 99, 89),
        (Instrument::Moving, 100, 90),
        (Instrument::Moving, 103, 92),
        (Instrument::Fixed, 3, 0),
    ] {
        assert_eq!(retained(instrument, reading), kept, "{instrument:?} {reading}");
    }
}

#[test]
fn a_breath_loses_32_micrograms_below_400_then_8_percent_then_30_above_2000() {
    for (reading, kept) in [
        (282, 250),
        (399, 367),
        (400, 368),
        (434, 399),
        (435, 400),
        (2_000, 1_840),
        (2_001, 1_400),
        (20, 0),
    ] {
        assert_eq!(retained(Instrument::Breath, reading), kept, "{reading}");
    }
}

#[test]
fn of_two_blows_the_lower_counts() {
    let set = ReferenceSet::embedded();
    let law = set.at(CivilDate::parse("21/11/2026").unwrap());
    let read = |first, second| AlcoholReading::new(first, second, law).unwrap().retained;
    assert_eq!(read(500, Some(300)), 268);
    assert_eq!(read(300, Some(500)), 268);
    assert_eq!(read(300, None), 268);
}

#[test]
fn an_ethylometre_measures_no_speed() {
    let set = ReferenceSet::embedded();
    let law = set.at(CivilDate::parse("21/11/2026").unwrap());
    assert_eq!(SpeedReading::new(50, 80, Instrument::Breath, law), None);
}

#[test]
fn a_rate_is_the_offence_of_its_limit_and_from_400_that_of_everybody() {
    let set = ReferenceSet::embedded();
    let law = set.at(CivilDate::parse("21/11/2026").unwrap());
    let code = |limit, retained| {
        law.alcohol_offence(limit, retained)
            .map(|offence| offence.natinf.code())
    };
    assert_eq!(code(AlcoholLimit::General, 99), None);
    assert_eq!(code(AlcoholLimit::General, 250), Some(13_322));
    assert_eq!(code(AlcoholLimit::General, 400), Some(1_247));
    assert_eq!(code(AlcoholLimit::Probationary, 100), Some(31_060));
    assert_eq!(code(AlcoholLimit::PublicTransport, 399), Some(25_434));
    assert_eq!(code(AlcoholLimit::PublicTransport, 400), Some(1_247));
}

proptest! {
    #[test]
    fn nothing_retained_exceeds_the_reading_or_overtakes_a_faster_one_on_the_same_step(reading in 0_u32..100_000) {
        for instrument in Instrument::ALL {
            prop_assert!(retained(instrument, reading) <= reading);
        }
    }

    #[test]
    fn an_excess_is_one_offence_and_no_more(limit in 10_u16..140, excess in 0_u16..200) {
        let set = ReferenceSet::embedded();
        let law = set.at(CivilDate::parse("21/11/2026").unwrap());
        prop_assert_eq!(law.speed_offence(limit, excess).is_some(), excess > 0);
    }
}
