//! The keys of a plate: which of them a French plate has next, and what was pressed so far as it is printed.

use std::rc::Rc;

use domain::draft::Field;
use domain::vehicle::Plate;
use drawn::{App, PlateAdapter};
use slint::ComponentHandle;

use super::{Intents, draft};

pub(super) fn connect(app: &App, intents: &Intents) {
    let plate = app.global::<PlateAdapter<'_>>();
    plate.on_goes_on(|text, key| goes_on(&text, &key));
    plate.on_unfinished(|text| follows(&text, 'A'..='Z') || follows(&text, '0'..='9'));

    let window = app.as_weak();
    let sink = Rc::clone(intents);
    plate.on_press(move |key| {
        let Some(app) = window.upgrade() else { return };
        let text = draft::text(&app, Field::Plate);
        if let Some(printed) = Plate::begun(&format!("{text}{key}")) {
            app.global::<PlateAdapter<'_>>().set_open(true);
            draft::fill(&app, &sink, Field::Plate, &printed);
        }
    });

    let window = app.as_weak();
    let sink = Rc::clone(intents);
    plate.on_erase(move || {
        let Some(app) = window.upgrade() else { return };
        let text = draft::text(&app, Field::Plate);
        let printed = without_the_last(&text);
        draft::fill(&app, &sink, Field::Plate, &printed);
    });
}

/// A plate is most often of 2009 or after: it begins with letters.
pub(super) fn start(app: &App) {
    let plate = app.global::<PlateAdapter<'_>>();
    plate.set_open(false);
    plate.set_digits(false);
}

/// The page is turned where nothing on it may follow.
pub(super) fn reflect(app: &App) {
    let plate = app.global::<PlateAdapter<'_>>();
    let text = draft::text(app, Field::Plate);
    let (letters, digits) = (follows(&text, 'A'..='Z'), follows(&text, '0'..='9'));
    if letters != digits {
        plate.set_digits(digits);
    }
}

fn follows(text: &str, mut keys: std::ops::RangeInclusive<char>) -> bool {
    keys.any(|key| goes_on(text, key.encode_utf8(&mut [0; 4])))
}

fn goes_on(text: &str, key: &str) -> bool {
    Plate::begun(&format!("{text}{key}")).is_some()
}

fn without_the_last(text: &str) -> String {
    let mut rest = text.trim_end_matches([' ', '-']).to_owned();
    rest.pop();
    Plate::begun(&rest).unwrap_or(rest)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_last_character_goes_with_what_separated_it() {
        for (text, rest) in [
            ("AB-123-C", "AB-123"),
            ("AB-1", "AB"),
            ("A", ""),
            ("1234 AB 7", "1234 AB"),
            ("B MW 123", "B MW 12"),
            ("", ""),
        ] {
            assert_eq!(without_the_last(text), rest);
        }
    }
}
