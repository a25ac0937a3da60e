//! DOCVERIF, the validity of French documents (arrêté du 10 août 2016): valid, invalid for good, or not known there.

use domain::identity::CivilDate;
use domain::officer::FileKind;
use domain::query::{Card, DocumentKind};

use super::PoliceFiles;
use super::generator::{card, holder};

/// Invalidation is final: a title that is found again stays invalid.
const INVALID: &str = "Retenir le titre, rendre compte à l'OPJ ; l'invalidation est définitive.";

pub(super) fn fill(files: &mut PoliceFiles) {
    let born = CivilDate::new(1979, 2, 14).expect("the scripted dates are of the calendar");
    let known = [
        (DocumentKind::Cni, "880692310285", None),
        (
            DocumentKind::Passeport,
            "12AB34567",
            Some("déclaré volé le 12/02/2025"),
        ),
        (DocumentKind::TitreSejour, "T66000128", None),
    ];
    for (kind, number, invalid) in known {
        let line = invalid.map_or_else(
            || "Titre valide".to_owned(),
            |why: &str| format!("Titre invalide : {why}"),
        );
        let card = Card {
            // The file knows the holder of what it declares invalid (arrêté du 10 août 2016).
            registered: invalid.map(|_| holder("LEFEVRE", "HELENE", born)),
            ..card(number.to_owned(), vec![line], invalid.map(|_| INVALID), false)
        };
        files.add_document(FileKind::Docverif, kind, number, card);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::UnixMs;
    use domain::query::Term;

    #[test]
    fn a_title_is_valid_invalid_or_unknown() {
        let files = PoliceFiles::synthetic(7, UnixMs(1));
        let search = |kind, number: &str| {
            let number = number.into();
            files.search(FileKind::Docverif, &Term::Document { kind, number })
        };
        assert!(!search(DocumentKind::Cni, "880692310285")[0].is_hit());
        assert!(search(DocumentKind::Passeport, "12ab34567")[0].is_hit());
        assert_eq!(search(DocumentKind::Passeport, "99ZZ99999"), []);
        assert_eq!(search(DocumentKind::Passeport, "880692310285"), []);
    }
}
