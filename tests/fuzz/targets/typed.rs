//! What an officer types into one field: read, it is written in one form, which reads as the same.
#![no_main]

use camera::invitation::Invitation;
use domain::identity::CivilDate;
use domain::intervention::OperationsNumber;
use domain::natinf::{AfdKey, Natinf};
use domain::officer::{Corps, Matricule};
use domain::place::{Place, Position, RoadPoint, commune};
use domain::printing::PrinterAddress;
use domain::pv::{Item, exchanges};
use domain::vehicle::{Country, Plate, PlateSystem};
use libfuzzer_sys::fuzz_target;

/// What `parse` makes of `text` reads, once written, as the same.
fn settles<T: PartialEq, E>(text: &str, parse: impl Fn(&str) -> Result<T, E>, write: impl Fn(&T) -> String) {
    if let Ok(value) = parse(text) {
        let written = write(&value);
        assert!(
            parse(&written).is_ok_and(|again| again == value),
            "`{written}` is another value"
        );
    }
}

fuzz_target!(|input: &[u8]| {
    let Ok(text) = std::str::from_utf8(input) else {
        return;
    };
    settles(text, Plate::parse, Plate::to_string);
    settles(text, Plate::foreign, Plate::to_string);
    if let Ok(plate) = Plate::parse(text) {
        assert_ne!(plate.system(), PlateSystem::Foreign);
    }
    settles(text, CivilDate::parse, CivilDate::to_string);
    settles(text, Natinf::parse, Natinf::to_string);
    settles(text, AfdKey::parse, |key| key.as_str().to_owned());
    settles(text, Country::parse, |country| country.as_str().to_owned());
    settles(text, OperationsNumber::parse, |number| number.as_str().to_owned());
    settles(text, PrinterAddress::parse, PrinterAddress::to_string);
    settles(text, Place::parse, |place| place.address.clone());
    settles(text, RoadPoint::parse, |point| point.road().to_owned());
    settles(text, commune, String::clone);
    settles(text, Item::parse, |item| {
        let seal = item.seal.as_deref().unwrap_or_default();
        format!(
            "{} ; {} ; {seal} ; {}",
            item.quantity,
            item.description,
            item.fate.code()
        )
    });
    for corps in [Corps::PoliceNationale, Corps::GendarmerieNationale] {
        let parse = |text: &str| Matricule::parse(corps, text);
        settles(text, parse, |matricule| matricule.number().to_owned());
    }
    if let Ok(metres) = RoadPoint::metres(text) {
        assert_eq!(
            RoadPoint::metres(&format!("{}+{:03}", metres / 1000, metres % 1000)),
            Ok(metres)
        );
    }
    if let Ok(position) = Position::parse(text) {
        let (latitude, longitude) = (position.latitude_e6, position.longitude_e6);
        assert!(latitude.abs() <= 90_000_000 && longitude.abs() <= 180_000_000);
    }
    if let Ok(invitation) = Invitation::parse(text) {
        assert_eq!(*invitation.to_text(), text);
    }
    if let Ok(spoken) = exchanges(text) {
        let said = spoken
            .exchanges
            .iter()
            .flat_map(|(question, answer)| [question, answer]);
        let said: Vec<&String> = spoken.statement.iter().chain(said).collect();
        assert!(
            said.iter().all(|words| !words.trim().is_empty()),
            "nothing was said"
        );
        let letters = |text: &str| text.chars().filter(|c| c.is_alphanumeric()).count();
        // Only the marks of questions and answers go.
        let kept: usize = said.iter().map(|words| letters(words)).sum();
        let marks = 2 * spoken.exchanges.len();
        assert!(kept + marks <= letters(text), "something was said twice");
        assert!(text.lines().count() >= marks / 2);
    }
});
