//! AGDREF, the titles of residence: by person or by title, and what the title is worth today.

use domain::identity::CivilDate;
use domain::officer::FileKind;
use domain::query::{Card, DocumentKind, Registered};

use super::PoliceFiles;
use super::generator::{card, holder};

pub(super) fn fill(files: &mut PoliceFiles) {
    let born = CivilDate::new(1985, 6, 2).expect("the scripted dates are of the calendar");
    let lines = vec![
        "Carte de résident n° T66000128".to_owned(),
        "En cours de validité jusqu'au 01/03/2031".to_owned(),
    ];
    let card = Card {
        registered: Some(Registered {
            number: Some("T66000128".into()),
            expires: CivilDate::new(2031, 3, 1).ok(),
            nationality: Some("CIV".to_owned()),
            ..holder("KOUASSI", "AYA", born)
        }),
        ..card("KOUASSI AYA, 02/06/1985".to_owned(), lines, None, false)
    };
    files.add_document(
        FileKind::Agdref,
        DocumentKind::TitreSejour,
        "T66000128",
        card.clone(),
    );
    files.add_person(FileKind::Agdref, "KOUASSI", "AYA", born, card);
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::UnixMs;
    use domain::query::Term;

    #[test]
    fn a_title_is_found_by_its_number_and_by_its_holder() {
        let files = PoliceFiles::synthetic(7, UnixMs(1));
        let title = Term::Document {
            kind: DocumentKind::TitreSejour,
            number: "t66 000128".into(),
        };
        let holder = Term::Person {
            surname: "Kouassi".into(),
            given_name: "Aya".into(),
            born: None,
        };
        assert_eq!(files.search(FileKind::Agdref, &title).len(), 1);
        assert_eq!(
            files.search(FileKind::Agdref, &holder),
            files.search(FileKind::Agdref, &title)
        );
    }
}
