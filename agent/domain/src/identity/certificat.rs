//! The French certificat d'immatriculation since 2009: two lines of 44 that are no passport.
//!
//! Its layout is known from one official specimen: the four digits of fields fit it, which one in ten thousand wrong
//! layouts would; the last digit fits it too, which one in ten would, so it only warns.

use minicbor::{Decode, Encode};

use super::cells::Form;
use super::mrz::{evidence, verdicts};
use super::{CivilDate, DocumentReading, Layout};
use crate::sensitive::Sensitive;

/// What a registration certificate says of the vehicle; names in quotes are the certificate's own headings.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct VehicleReading {
    /// Without dashes.
    #[n(0)]
    pub plate: Sensitive<String>,
    /// Seventeen characters.
    #[n(1)]
    pub vin: Sensitive<String>,
    /// Absent when the reading is not a date.
    #[n(2)]
    pub first_registered: Option<CivilDate>,
    /// "J.1", the national kind, such as `VP`.
    #[n(3)]
    pub genre: String,
    /// "J.3", such as `CI`.
    #[n(4)]
    pub body: String,
    /// "D.1", cut after 14 characters.
    #[n(5)]
    pub make: String,
    /// "D.3", cut after 13 characters.
    #[n(6)]
    pub model: String,
}

/// Both lines hold 44 characters of the zone's alphabet and the first starts with `CRFRA`.
pub(super) fn read_certificate(first: &str, second: &str, today: CivilDate) -> DocumentReading {
    let zone = format!("{first}{second}");
    let form = Form::of(Layout::CertificatImmatriculation, zone.as_bytes());
    let evidence = evidence(&form, zone.as_bytes());
    DocumentReading {
        layout: Layout::CertificatImmatriculation,
        issuer: first[2..5].to_owned(),
        number: Sensitive::new(second[31..42].to_owned()),
        surname: Sensitive::default(),
        given_names: Sensitive::default(),
        born: None,
        expires: None,
        verdicts: verdicts(Layout::CertificatImmatriculation, &evidence, None, today),
        evidence,
        raw: Sensitive::new(format!("{first}\n{second}")),
        corrected: None,
        vehicle: Some(VehicleReading {
            plate: Sensitive::new(first[5..12].trim_end_matches('<').to_owned()),
            vin: Sensitive::new(first[13..30].trim_end_matches('<').to_owned()),
            first_registered: registered(&first[31..37], today),
            genre: printed(&first[38..]),
            body: printed(&second[..4]),
            make: printed(&second[4..18]),
            model: printed(&second[18..31]),
        }),
    }
}

fn printed(field: &str) -> String {
    field.trim_end_matches('<').replace('<', " ")
}

/// The last century where this one's year is still to come.
fn registered(field: &str, today: CivilDate) -> Option<CivilDate> {
    let two = |at: usize| field[at..at + 2].parse::<i8>().ok();
    let (year, month, day) = (i16::from(two(0)?), two(2)?, two(4)?);
    let of = |century: i16| CivilDate::new(century + year, month, day).ok();
    of(2000).filter(|date| *date <= today).or_else(|| of(1900))
}

#[cfg(test)]
mod tests {
    use super::super::{CheckedField, Verdict, read_mrz};
    use super::*;

    const SPECIMEN: &str =
        "CRFRAAB123CD0VFSIV2009ASIV200929801059VP<<<<\nCI<<MARQUES<<<<<<<MODELE<<<<<<<2009AS0528402";

    fn today() -> CivilDate {
        CivilDate::new(2026, 11, 21).unwrap()
    }

    #[test]
    fn the_specimen_reads_as_a_vehicle_and_names_nobody() {
        let reading = read_mrz(SPECIMEN, today()).unwrap();
        assert_eq!(reading.layout, Layout::CertificatImmatriculation);
        assert_eq!(reading.number.reveal(), "2009AS05284");
        assert_eq!(reading.surname.reveal(), "");
        assert_eq!(reading.verdicts.read, Verdict::Proven);
        assert_eq!(reading.verdicts.in_date, Verdict::NotChecked);
        let vehicle = reading.vehicle.unwrap();
        assert_eq!(vehicle.plate.reveal(), "AB123CD");
        assert_eq!(vehicle.vin.reveal(), "VFSIV2009ASIV2009");
        assert_eq!(vehicle.first_registered.unwrap().to_string(), "05/01/1998");
        assert_eq!(
            [vehicle.genre, vehicle.body, vehicle.make, vehicle.model],
            ["VP", "CI", "MARQUES", "MODELE"]
        );
    }

    #[test]
    fn a_wrong_last_digit_warns_and_a_wrong_digit_of_a_field_refutes() {
        let warned = read_mrz(&SPECIMEN.replace("0528402", "0528403"), today()).unwrap();
        assert_eq!(warned.verdicts.read, Verdict::Proven);
        assert!(
            warned
                .evidence
                .iter()
                .any(|one| one.field == CheckedField::Composite && !one.agrees)
        );
        let refuted = read_mrz(&SPECIMEN.replace("AB123CD", "AB124CD"), today()).unwrap();
        assert_eq!(refuted.verdicts.read, Verdict::Refuted);
        assert!(
            refuted
                .evidence
                .iter()
                .any(|one| one.field == CheckedField::Plate && !one.agrees)
        );
    }
}
