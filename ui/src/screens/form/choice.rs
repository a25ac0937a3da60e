//! The answers that fields offer, and the codes that a draft keeps for them.

use domain::draft::Field;
use domain::licence::LicenceStatus;
use domain::natinf::Instrument;
use domain::pve::Interception;
use domain::vehicle::Genre;

use super::layout;
use crate::drawn::{Choice, Entry};

/// The choices of `field` in the order shown; none for a field that is typed.
pub(super) fn offered(field: Field) -> Vec<Choice> {
    coded(field).into_iter().map(|(choice, _)| choice).collect()
}

/// The code of `choice`; empty for no answer.
pub(super) fn code(field: Field, choice: Choice) -> &'static str {
    let coded = coded(field).into_iter().find(|(one, _)| *one == choice);
    coded.map_or("", |(_, code)| code)
}

/// The choice that the text of `field` is the code of.
pub(super) fn chosen(field: Field, text: &str) -> Choice {
    let coded = coded(field).into_iter().find(|(_, code)| *code == text);
    coded.map_or(Choice::None, |(choice, _)| choice)
}

const YES_OR_NO: [(Choice, &str); 2] = [(Choice::Yes, "oui"), (Choice::No, "non")];

fn coded(field: Field) -> Vec<(Choice, &'static str)> {
    match layout::of(field) {
        Some((_, Some(Entry::Question))) => [&YES_OR_NO[..], &[(Choice::None, "")]].concat(),
        Some((_, Some(Entry::Choice))) => listed(field),
        Some(_) | None => Vec::new(),
    }
}

fn listed(field: Field) -> Vec<(Choice, &'static str)> {
    if field == Field::Interception {
        Interception::ALL
            .map(|one| (interception(one), one.code()))
            .to_vec()
    } else if field == Field::Registration {
        vec![
            (Choice::PlateRead, "LUE"),
            (Choice::Unregistered, "AUCUNE"),
            (Choice::Unreadable, "ILLISIBLE"),
        ]
    } else if field == Field::Genre {
        Genre::ALL.map(|one| (genre(one), one.code())).to_vec()
    } else if field == Field::LicenceStatus {
        LicenceStatus::ALL.map(|one| (licence(one), one.code())).to_vec()
    } else if field == Field::SpeedDevice {
        let devices = Instrument::ALL.into_iter();
        devices
            .filter_map(|one| Some((device(one)?, one.code())))
            .collect()
    } else {
        YES_OR_NO.to_vec()
    }
}

const fn interception(interception: Interception) -> Choice {
    match interception {
        Interception::Intercepted => Choice::Intercepted,
        Interception::NotIntercepted => Choice::NotIntercepted,
        Interception::Stationary => Choice::Stationary,
    }
}

const fn genre(genre: Genre) -> Choice {
    match genre {
        Genre::Vp => Choice::Vp,
        Genre::Ctte => Choice::Ctte,
        Genre::Cam => Choice::Cam,
        Genre::Tcp => Choice::Tcp,
        Genre::Moto => Choice::Moto,
        Genre::Cyclo => Choice::Cyclo,
        Genre::Quad => Choice::Quad,
        Genre::Agricole => Choice::Agricole,
        Genre::Velo => Choice::Velo,
        Genre::Edpm => Choice::Edpm,
        Genre::Autre => Choice::Autre,
    }
}

const fn licence(status: LicenceStatus) -> Choice {
    match status {
        LicenceStatus::Unknown => Choice::LicenceUnknown,
        LicenceStatus::Valid => Choice::LicenceValid,
        LicenceStatus::Probationary => Choice::LicenceProbationary,
        LicenceStatus::None => Choice::LicenceNone,
        LicenceStatus::Withdrawn => Choice::LicenceWithdrawn,
    }
}

/// None for what does not measure a speed.
const fn device(instrument: Instrument) -> Option<Choice> {
    match instrument {
        Instrument::Fixed => Some(Choice::Fixed),
        Instrument::Handheld => Some(Choice::Handheld),
        Instrument::Moving => Some(Choice::Moving),
        Instrument::Breath => None,
    }
}
