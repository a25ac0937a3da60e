//! FVA, the vehicles that insurers have declared: insured, or nothing. An insurer has three days to declare, so that
//! nothing found never means uninsured.

use domain::officer::FileKind;
use domain::vehicle::Plate;

use super::PoliceFiles;
use super::generator::card;

/// Plates that are insured, with the end of their contract.
const INSURED: [(&str, &str); 2] = [("AB-123-CD", "31/12/2026"), ("AB-456-CD", "30/06/2027")];

pub(super) fn fill(files: &mut PoliceFiles) {
    for (plate, until) in INSURED {
        let plate = Plate::parse(plate).expect("the scripted plates are some");
        let lines = vec![
            "Contrat d'assurance déclaré".to_owned(),
            format!("Valable jusqu'au {until}"),
        ];
        let card = card(plate.to_string(), lines, None, false);
        files.add_vehicle(FileKind::Fva, plate.key(), card);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::UnixMs;
    use domain::query::Term;

    #[test]
    fn an_insured_vehicle_is_data_and_no_hit_and_no_entry_says_uninsured() {
        let files = PoliceFiles::synthetic(7, UnixMs(1));
        let search = |plate: &str| {
            let plate = Plate::parse(plate).unwrap();
            files.search(FileKind::Fva, &Term::Vehicle { plate })
        };
        let insured = search("AB-123-CD");
        assert!(insured.len() == 1 && !insured[0].is_hit());
        assert_eq!(search("GA-284-KT"), []);
    }
}
