//! Dates and hours as French acts write them: in words where the act opens and closes, in figures elsewhere.
//!
//! Spelling is the traditional one: hyphens below one hundred, except around « et ».

use jiff::civil::{Date, DateTime, Time};

/// Keeps `14 h 05` on one line.
const NBSP: char = '\u{a0}';

const UNITS: [&str; 17] = [
    "zéro", "un", "deux", "trois", "quatre", "cinq", "six", "sept", "huit", "neuf", "dix", "onze", "douze",
    "treize", "quatorze", "quinze", "seize",
];

const MONTHS: [&str; 12] = [
    "janvier",
    "février",
    "mars",
    "avril",
    "mai",
    "juin",
    "juillet",
    "août",
    "septembre",
    "octobre",
    "novembre",
    "décembre",
];

/// Hours and minutes are feminine, years are not.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Gender {
    Masculine,
    Feminine,
}

/// `deux mille vingt-six`.
pub(crate) fn year(date: Date) -> String {
    cardinal(date.year().unsigned_abs(), Gender::Masculine)
}

/// `premier janvier`, `vingt et un novembre`.
pub(crate) fn day(date: Date) -> String {
    let number = match date.day() {
        1 => "premier".to_owned(),
        day => cardinal(u16::from(day.unsigned_abs()), Gender::Masculine),
    };
    format!("{number} {}", month(date))
}

/// `minuit`, `midi`, `une heure`, `dix-neuf heures cinq`.
pub(crate) fn hour(time: Time) -> String {
    let (hour, minute) = (
        u16::from(time.hour().unsigned_abs()),
        u16::from(time.minute().unsigned_abs()),
    );
    let hours = match (hour, minute) {
        (0, 0) => return "minuit".to_owned(),
        (12, 0) => return "midi".to_owned(),
        (0 | 1, _) => format!("{} heure", cardinal(hour, Gender::Feminine)),
        (_, _) => format!("{} heures", cardinal(hour, Gender::Feminine)),
    };
    if minute == 0 {
        hours
    } else {
        format!("{hours} {}", cardinal(minute, Gender::Feminine))
    }
}

/// `21 novembre 2026`.
pub(crate) fn plain_day(date: Date) -> String {
    let day = match date.day() {
        1 => "1er".to_owned(),
        day => day.to_string(),
    };
    format!("{day}{NBSP}{} {}", month(date), date.year())
}

/// `14 h 05`.
pub(crate) fn clock(time: Time) -> String {
    format!("{}{NBSP}h{NBSP}{:02}", time.hour(), time.minute())
}

/// `21 novembre 2026 à 14 h 05`.
pub(crate) fn moment(at: DateTime) -> String {
    format!("{} à {}", plain_day(at.date()), clock(at.time()))
}

fn month(date: Date) -> &'static str {
    MONTHS[usize::from(date.month().unsigned_abs()) - 1]
}

/// Numbers up to 9999.
fn cardinal(number: u16, gender: Gender) -> String {
    let mut words = Vec::new();
    let (thousands, hundreds, rest) = (number / 1000, number / 100 % 10, number % 100);
    match thousands {
        0 => {}
        1 => words.push("mille".to_owned()),
        _ => words.push(format!("{} mille", below_hundred(thousands, Gender::Masculine))),
    }
    match hundreds {
        0 => {}
        1 => words.push("cent".to_owned()),
        _ => {
            let plural = if rest == 0 { "cents" } else { "cent" };
            words.push(format!("{} {plural}", UNITS[usize::from(hundreds)]));
        }
    }
    if rest > 0 || words.is_empty() {
        words.push(below_hundred(rest, gender));
    }
    words.join(" ")
}

fn below_hundred(number: u16, gender: Gender) -> String {
    let unit = |unit: u16| match (unit, gender) {
        (1, Gender::Feminine) => "une".to_owned(),
        (0..=16, _) => UNITS[usize::from(unit)].to_owned(),
        (_, _) => format!("dix-{}", UNITS[usize::from(unit - 10)]),
    };
    let (base, rest) = match number {
        0..=19 => return unit(number),
        20..=29 => ("vingt", number - 20),
        30..=39 => ("trente", number - 30),
        40..=49 => ("quarante", number - 40),
        50..=59 => ("cinquante", number - 50),
        60..=79 => ("soixante", number - 60),
        80 => return "quatre-vingts".to_owned(),
        _ => return format!("quatre-vingt-{}", unit(number - 80)),
    };
    match rest {
        0 => base.to_owned(),
        1 | 11 => format!("{base} et {}", unit(rest)),
        _ => format!("{base}-{}", unit(rest)),
    }
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a test panics on the unexpected")]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_spelled_as_the_dictionary_does() {
        let table = [
            (0, "zéro"),
            (1, "un"),
            (16, "seize"),
            (17, "dix-sept"),
            (20, "vingt"),
            (21, "vingt et un"),
            (22, "vingt-deux"),
            (61, "soixante et un"),
            (69, "soixante-neuf"),
            (70, "soixante-dix"),
            (71, "soixante et onze"),
            (72, "soixante-douze"),
            (77, "soixante-dix-sept"),
            (80, "quatre-vingts"),
            (81, "quatre-vingt-un"),
            (90, "quatre-vingt-dix"),
            (91, "quatre-vingt-onze"),
            (99, "quatre-vingt-dix-neuf"),
            (100, "cent"),
            (101, "cent un"),
            (200, "deux cents"),
            (280, "deux cent quatre-vingts"),
            (1000, "mille"),
            (1999, "mille neuf cent quatre-vingt-dix-neuf"),
            (2000, "deux mille"),
            (2026, "deux mille vingt-six"),
            (2080, "deux mille quatre-vingts"),
            (2100, "deux mille cent"),
            (9999, "neuf mille neuf cent quatre-vingt-dix-neuf"),
        ];
        for (number, words) in table {
            assert_eq!(cardinal(number, Gender::Masculine), words);
        }
    }

    #[test]
    fn hours_and_minutes_are_feminine() {
        let table = [
            (0, 0, "minuit"),
            (0, 5, "zéro heure cinq"),
            (1, 0, "une heure"),
            (1, 1, "une heure une"),
            (12, 0, "midi"),
            (12, 30, "douze heures trente"),
            (14, 5, "quatorze heures cinq"),
            (19, 5, "dix-neuf heures cinq"),
            (21, 0, "vingt et une heures"),
            (23, 51, "vingt-trois heures cinquante et une"),
        ];
        for (hours, minutes, words) in table {
            assert_eq!(hour(Time::constant(hours, minutes, 0, 0)), words);
        }
    }

    #[test]
    fn the_first_of_a_month_is_an_ordinal() {
        let first = Date::constant(2027, 1, 1);
        assert_eq!(day(first), "premier janvier");
        assert_eq!(year(first), "deux mille vingt-sept");
        assert_eq!(plain_day(first), "1er\u{a0}janvier 2027");
        assert_eq!(day(Date::constant(2028, 2, 29)), "vingt-neuf février");
    }

    #[test]
    fn a_moment_in_figures_does_not_break_inside_the_hour() {
        let at = Date::constant(2026, 11, 21).at(9, 5, 0, 0);
        assert_eq!(moment(at), "21\u{a0}novembre 2026 à 9\u{a0}h\u{a0}05");
    }

    /// The number that French words say, read by their sums and products alone.
    fn said(words: &str) -> u16 {
        let (mut thousands, mut sum) = (0, 0_u16);
        for word in words.split([' ', '-']) {
            sum = match word {
                "et" => sum,
                "mille" => {
                    thousands = sum.max(1);
                    0
                }
                "cent" | "cents" => sum.max(1) * 100,
                "vingt" | "vingts" if sum % 100 == 4 => sum + 76,
                "vingt" => sum + 20,
                "trente" => sum + 30,
                "quarante" => sum + 40,
                "cinquante" => sum + 50,
                "soixante" => sum + 60,
                "une" => sum + 1,
                small => {
                    let listed = "zéro un deux trois quatre cinq six sept huit neuf dix onze douze treize quatorze quinze seize";
                    let value = listed.split(' ').position(|word| word == small);
                    sum + u16::try_from(value.expect(small)).unwrap()
                }
            };
        }
        thousands * 1000 + sum
    }

    #[test]
    fn every_number_is_said_once_and_written_by_the_rules() {
        for number in 0..=9999 {
            let words = cardinal(number, Gender::Masculine);
            assert_eq!(said(&words), number, "{words}");
            let (hundreds, rest) = (number / 100 % 10, number % 100);
            assert_eq!(words.ends_with("cents"), rest == 0 && hundreds > 1, "{words}");
            assert_eq!(words.ends_with("vingts"), rest == 80, "{words}");
            assert!(!words.contains("cents ") && !words.contains("vingts-") && !words.contains("milles"));
            let joined = matches!(rest, 21 | 31 | 41 | 51 | 61 | 71);
            assert_eq!(words.contains(" et "), joined, "{words}");
            assert!(
                !words.contains("un mille") && !words.starts_with("un cent"),
                "{words}"
            );
            // Below one hundred nothing but « et » stands between blanks.
            let last = words.rsplit([' ', '-']).next().unwrap();
            assert!(
                rest < 17
                    || joined
                    || matches!(rest, 20 | 30 | 40 | 50 | 60)
                    || words.contains(&format!("-{last}"))
            );
            let feminine = cardinal(number, Gender::Feminine);
            let ends_in_one = rest % 10 == 1 && !matches!(rest, 11 | 71 | 91);
            assert_eq!(feminine.ends_with("une"), ends_in_one, "{feminine}");
            assert_eq!(said(&feminine), number, "{feminine}");
        }
    }

    #[test]
    fn every_day_until_2100_is_said_as_it_is() {
        let mut date = Date::constant(2000, 1, 1);
        let mut days = 0;
        while date.year() <= 2100 {
            let spoken = day(date);
            let (number, name) = spoken.rsplit_once(' ').unwrap();
            let number = if number == "premier" { 1 } else { said(number) };
            assert_eq!(number, u16::from(date.day().unsigned_abs()), "{spoken}");
            assert_eq!(spoken.starts_with("premier "), date.day() == 1, "{spoken}");
            let month = MONTHS.iter().position(|month| *month == name).unwrap() + 1;
            assert_eq!(month, usize::from(date.month().unsigned_abs()), "{spoken}");
            assert_eq!(said(&year(date)), date.year().unsigned_abs());
            assert!(year(date).starts_with("deux mille"));
            date = date.tomorrow().unwrap();
            days += 1;
        }
        assert_eq!(days, 36_890);
    }

    #[test]
    fn every_minute_of_the_day_is_said_as_it_is() {
        for minute in 0..24 * 60_i16 {
            let (hours, minutes) = (minute / 60, minute % 60);
            let time = Time::new(i8::try_from(hours).unwrap(), i8::try_from(minutes).unwrap(), 0, 0).unwrap();
            let spoken = hour(time);
            let (said_hours, said_minutes) = match spoken.as_str() {
                "minuit" => (0, 0),
                "midi" => (12, 0),
                _ => {
                    let (before, after) = spoken.split_once(" heure").unwrap();
                    assert_eq!(after.starts_with('s'), hours > 1, "{spoken}");
                    let after = after.trim_start_matches('s').trim_start();
                    (said(before), if after.is_empty() { 0 } else { said(after) })
                }
            };
            assert_eq!(
                (said_hours, said_minutes),
                (hours.unsigned_abs(), minutes.unsigned_abs()),
                "{spoken}"
            );
            assert!(
                !spoken.ends_with("-un") && !spoken.ends_with(" un") && !spoken.starts_with("un "),
                "{spoken}"
            );
            assert!(minutes == 0 || !spoken.contains("zéro") || hours == 0, "{spoken}");
        }
    }
}
