//! Moments, amounts and sizes in the digits that screens show; the words around them are in the `.slint` files.

use domain::{Timestamp, UnixMs};
use slint::SharedString;

use crate::drawn::Moment;

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

/// Euros and cents with a comma and narrow spaces: `1 234,56`; whole euros without cents.
pub(crate) fn euros(cents: u32) -> SharedString {
    let whole = thousands(u64::from(cents / 100));
    match cents % 100 {
        0 => whole.into(),
        rest => format!("{whole},{rest:02}").into(),
    }
}

/// Megabytes with one decimal: `12,4`.
pub(crate) fn megabytes(bytes: u64) -> SharedString {
    let tenths = bytes.saturating_add(50_000) / 100_000;
    format!("{},{}", thousands(tenths / 10), tenths % 10).into()
}

/// Kilobytes, rounded up.
pub(crate) fn kilobytes(bytes: usize) -> SharedString {
    let bytes = u64::try_from(bytes).unwrap_or(u64::MAX);
    thousands(bytes.div_ceil(1000)).into()
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

    #[test]
    fn amounts_are_written_the_french_way() {
        assert_eq!(euros(13_500), "135");
        assert_eq!(euros(123_456), "1\u{202f}234,56");
        assert_eq!(megabytes(12_360_000), "12,4");
        assert_eq!(kilobytes(1), "1");
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
