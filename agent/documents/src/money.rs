//! Amounts as French acts write them, from euro cents.

use domain::natinf::{Amounts, Confidence};
use typst::foundations::{Dict, dict};

/// Keeps `1 500 €` on one line.
const NBSP: char = '\u{a0}';

/// The three amounts of an amende forfaitaire; `sure` is false where the reference data asks for a confirmation.
pub(crate) fn amounts(amounts: &Amounts, confidence: Confidence) -> Dict {
    dict! {
        "minoree" => amounts.minoree.map(euros),
        "forfaitaire" => euros(amounts.forfaitaire),
        "majoree" => euros(amounts.majoree),
        "sure" => match confidence {
            Confidence::A | Confidence::B | Confidence::C => true,
            Confidence::D => false,
        },
    }
}

/// `135 €`, `17,50 €`, `1 500 €`.
pub(crate) fn euros(cents: u32) -> String {
    if cents.is_multiple_of(100) {
        format!("{}{NBSP}€", grouped(u64::from(cents / 100)))
    } else {
        euros_and_cents(u64::from(cents))
    }
}

/// `240,50 €`, `9 800,00 €`: amounts of a column stand one under the other.
pub(crate) fn euros_and_cents(cents: u64) -> String {
    format!("{},{:02}{NBSP}€", grouped(cents / 100), cents % 100)
}

fn grouped(whole: u64) -> String {
    let digits = whole.to_string();
    let mut text = String::new();
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            text.push(NBSP);
        }
        text.push(digit);
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cents_are_shown_where_there_are_any_and_thousands_are_parted() {
        for (cents, text) in [
            (0, "0\u{a0}€"),
            (5, "0,05\u{a0}€"),
            (13_500, "135\u{a0}€"),
            (1_750, "17,50\u{a0}€"),
            (150_000, "1\u{a0}500\u{a0}€"),
            (u32::MAX, "42\u{a0}949\u{a0}672,95\u{a0}€"),
        ] {
            assert_eq!(euros(cents), text);
        }
    }
}
