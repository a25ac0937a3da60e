//! Moments, amounts and sizes in the digits that screens show; the words around them are in the `.slint` files.

use std::borrow::Cow;

use domain::draft::Field;
use domain::{Timestamp, UnixMs};
use drawn::{Amount, AmountUnit, Figure, Moment};
use slint::SharedString;

/// The local date and time of HQ's or a camera's clock.
pub(crate) fn at(utc: UnixMs, offset_min: i16) -> Moment {
    let civil = utc.civil(offset_min);
    Moment {
        date: format!("{:02}/{:02}/{:04}", civil.day(), civil.month(), civil.year()).into(),
        hour: format!("{:02}", civil.hour()).into(),
        minute: format!("{:02}", civil.minute()).into(),
    }
}

pub(crate) fn of(timestamp: Timestamp) -> Moment {
    at(timestamp.utc, timestamp.offset_min)
}

/// Euros and cents with narrow spaces: `1 234` and `56`; whole euros without cents.
pub(crate) fn euros(cents: u32) -> Figure {
    Figure {
        whole: thousands(u64::from(cents / 100)).into(),
        decimals: match cents % 100 {
            0 => SharedString::new(),
            rest => format!("{rest:02}").into(),
        },
    }
}

/// Megabytes with one decimal.
pub(crate) fn megabytes(bytes: u64) -> Figure {
    tenths_of(bytes, 1_000_000)
}

fn tenths_of(bytes: u64, size: u64) -> Figure {
    let tenths = bytes.saturating_add(size / 20) / (size / 10);
    Figure {
        whole: thousands(tenths / 10).into(),
        decimals: (tenths % 10).to_string().into(),
    }
}

/// In the largest unit of which there is one, with a decimal; bytes are whole.
pub(crate) fn amount(bytes: u64) -> Amount {
    let unit = |unit, size: u64| Amount {
        figure: tenths_of(bytes, size),
        unit,
    };
    match bytes {
        0..1_000 => Amount {
            figure: Figure {
                whole: bytes.to_string().into(),
                decimals: SharedString::new(),
            },
            unit: AmountUnit::Bytes,
        },
        // What rounds up to a thousand is one of the next unit.
        1_000..999_950 => unit(AmountUnit::Kilobytes, 1_000),
        999_950..999_950_000 => unit(AmountUnit::Megabytes, 1_000_000),
        999_950_000.. => unit(AmountUnit::Gigabytes, 1_000_000_000),
    }
}

/// Kilobytes, rounded up.
pub(crate) fn kilobytes(bytes: usize) -> SharedString {
    let bytes = u64::try_from(bytes).unwrap_or(u64::MAX);
    thousands(bytes.div_ceil(1000)).into()
}

/// The fields that hold a day and an hour.
const MOMENTS: [Field; 27] = [
    Field::Moment,
    Field::CheckStart,
    Field::DecisionMoment,
    Field::PresentationMoment,
    Field::ProsecutorMoment,
    Field::RelativeMoment,
    Field::PrintsMoment,
    Field::RetentionEnd,
    Field::ProsecutorTold,
    Field::FactsFrom,
    Field::FactsTo,
    Field::ExaminationMoment,
    Field::ArrestMoment,
    Field::CustodyNotice,
    Field::Departure,
    Field::HandedMoment,
    Field::ScreeningMoment,
    Field::BlowMoment,
    Field::SampleMoment,
    Field::RetentionFrom,
    Field::MeasureMoment,
    Field::DoctorMoment,
    Field::PlacedMoment,
    Field::SummonsMoment,
    Field::OpenedMoment,
    Field::OnSceneMoment,
    Field::OverMoment,
];

/// The text of a date typed in digits alone, as a keypad gives it: `12082026` is `12/08/2026`, and four more digits
/// are the hour and minute of a moment. Any other text stays as it is.
pub(crate) fn punctuated(field: Field, text: &str) -> Cow<'_, str> {
    let digits = text.len() == text.bytes().filter(u8::is_ascii_digit).count();
    let dated = Field::DAYS.contains(&field);
    match (text.len(), digits) {
        (8, true) if dated => format!("{}/{}/{}", &text[..2], &text[2..4], &text[4..]).into(),
        (12, true) if MOMENTS.contains(&field) => {
            let (day, hour) = text.split_at(8);
            let day = punctuated(Field::BirthDate, day);
            format!("{day} {}:{}", &hour[..2], &hour[2..]).into()
        }
        _ => text.into(),
    }
}

fn thousands(number: u64) -> String {
    let digits = number.to_string();
    let mut text = String::new();
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            text.push('\u{202f}');
        }
        text.push(digit);
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    fn digits(figure: &Figure) -> (&str, &str) {
        (&figure.whole, &figure.decimals)
    }

    #[test]
    fn amounts_are_rounded_to_what_is_read_at_a_glance() {
        assert_eq!(digits(&euros(13_500)), ("135", ""));
        assert_eq!(digits(&euros(123_456)), ("1\u{202f}234", "56"));
        assert_eq!(digits(&euros(123_405)), ("1\u{202f}234", "05"));
        assert_eq!(digits(&megabytes(12_360_000)), ("12", "4"));
        assert_eq!(kilobytes(1), "1");
        for (bytes, figure, unit) in [
            (0, ("0", ""), AmountUnit::Bytes),
            (999, ("999", ""), AmountUnit::Bytes),
            (1_000, ("1", "0"), AmountUnit::Kilobytes),
            (999_949, ("999", "9"), AmountUnit::Kilobytes),
            (999_950, ("1", "0"), AmountUnit::Megabytes),
            (34_560_000, ("34", "6"), AmountUnit::Megabytes),
            (999_950_000, ("1", "0"), AmountUnit::Gigabytes),
            (1_234_000_000_000, ("1\u{202f}234", "0"), AmountUnit::Gigabytes),
        ] {
            let shown = amount(bytes);
            assert_eq!((digits(&shown.figure), shown.unit), (figure, unit), "{bytes}");
        }
    }

    #[test]
    fn a_date_typed_in_digits_gets_its_punctuation() {
        assert_eq!(punctuated(Field::LicenceDate, "12082026"), "12/08/2026");
        assert_eq!(punctuated(Field::Moment, "120820262105"), "12/08/2026 21:05");
        for (field, text) in [
            (Field::Moment, "12082026"),
            (Field::LicenceDate, "1208202"),
            (Field::LicenceDate, "1/8/2026"),
            (Field::Commune, "12082026"),
            (Field::LicenceDate, "éééé"),
        ] {
            assert_eq!(punctuated(field, text), text);
        }
    }

    #[test]
    fn a_moment_is_local_and_in_two_digits() {
        let moment = at(UnixMs(1_795_284_300_000), 60);
        assert_eq!(
            (moment.date.as_str(), moment.hour.as_str(), moment.minute.as_str()),
            ("21/11/2026", "19", "05")
        );
    }
}
