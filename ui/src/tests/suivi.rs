//! What became of a complaint: a quiet line of the home screen, and the steps on the page of the act.

use domain::dialogue::{DraftState, DraftView, Intent, Notice, SuiviLine, SuiviStep, View};
use domain::plainte::{ClosedFor, Hearing, Office, Stage};
use domain::{ActNumber, UnixMs};

use super::{Phone, Screen, sample};

const AT: UnixMs = UnixMs(1_795_284_300_000);
const NUMBER: ActNumber = ActNumber {
    year: 2026,
    serial: 123,
};

fn page(stages: impl IntoIterator<Item = Stage>) -> Phone {
    let phone = Phone::unlocked();
    phone.open(Screen::Plainte);
    let steps = stages.into_iter().map(|stage| SuiviStep { at: AT, stage });
    phone.see(&View::Draft(Box::new(DraftView {
        state: DraftState::Signed { number: Some(NUMBER) },
        suivi: steps.collect(),
        ..sample::plainte()
    })));
    phone
}

fn court() -> Office {
    Office::parse("Tribunal judiciaire de Bobigny").unwrap()
}

#[test]
fn the_home_screen_says_that_a_case_moved_and_not_that_it_is_a_complaint() {
    let phone = Phone::unlocked();
    let mut home = sample::home();
    home.suivi = vec![SuiviLine {
        act: sample::act(1),
        number: Some(NUMBER),
    }];
    phone.see(&View::Home(Box::new(home)));
    phone.press("Le dossier n°\u{a0}2026/000123 a avancé");
    assert!(matches!(phone.only_sent(), Intent::OpenDraft { draft } if draft == sample::act(1)));
    phone.see(&View::Notice(Notice::SuiviCame));
    assert!(phone.says("Un dossier a avancé") && phone.says("La suite est sur l’accueil."));
}

#[test]
fn cpp_40_3_and_85_the_page_of_a_closed_complaint_says_why_and_what_can_be_done() {
    let phone = page([
        Stage::Received,
        Stage::SentToProsecutor(court()),
        Stage::Closed(ClosedFor::NotEstablished),
    ]);
    for words in [
        "Plainte enregistrée",
        "Transmise au procureur de la République",
        "Classée sans suite",
        "Recours possible auprès du procureur général (article 40-3 du code de procédure pénale).",
        "Plainte avec constitution de partie civile possible devant le juge d’instruction (article 85 du code de procédure pénale).",
    ] {
        assert!(phone.says(words), "`{words}`");
    }
    let phone = page([Stage::UnderInvestigation]);
    assert!(!phone.says("Classée sans suite"));
    assert!(
        !phone
            .says("Recours possible auprès du procureur général (article 40-3 du code de procédure pénale).")
    );
}

#[test]
fn a_hearing_is_shown_by_the_clocks_of_its_court() {
    let phone = page([Stage::Hearing(Hearing {
        at: UnixMs(1_799_915_400_000),
        offset_min: 60,
        court: court(),
    })]);
    assert!(phone.says("Audience le 14/01/2027 à 09\u{a0}h\u{a0}30"));
}

#[test]
fn before_hq_says_anything_the_page_says_so() {
    let phone = page([]);
    assert!(phone.says("Rien de nouveau du commandement pour l’instant."));
}
