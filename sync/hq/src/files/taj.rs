//! TAJ, antecedents (article 230-6 CPP): facts that are known, without anything to do about them at the roadside.

use domain::identity::CivilDate;
use domain::officer::FileKind;

use super::PoliceFiles;
use super::generator::card;

pub(super) fn fill(files: &mut PoliceFiles) {
    let born = CivilDate::new(1988, 5, 3).expect("the scripted dates are of the calendar");
    let lines = vec![
        "2 affaires, mis en cause".to_owned(),
        "2021, usage illicite de stupéfiants, Lyon".to_owned(),
        "2023, vol simple, Villeurbanne".to_owned(),
        "Rien n'est joint à la procédure sans demande du magistrat.".to_owned(),
    ];
    let card = card("DURAND MARC, 03/05/1988".to_owned(), lines, None, false);
    files.add_person(FileKind::Taj, "DURAND", "MARC", born, card);
}
