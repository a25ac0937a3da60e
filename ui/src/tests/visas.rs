//! Visas: asked on the author's screens, decided on the OPJ's, and told on the act's line.

use domain::dialogue::{DeliveryLine, Intent, Notice, PagesView, View};
use domain::envelope::RefusalCode;
use domain::record::ActKind;
use domain::visa::Choice;

use super::{Phone, Screen, sample};

fn of_acts() -> Phone {
    let phone = Phone::unlocked();
    phone.see(&View::Deliveries(sample::visa_lines()));
    phone.open(Screen::Deliveries);
    phone
}

fn waiting() -> Phone {
    let phone = Phone::unlocked();
    phone.press("2 actes attendent votre visa");
    phone
}

#[test]
fn the_author_asks_the_opj_on_duty_who_is_written_already() {
    let phone = of_acts();
    phone.press("Demander le visa");
    assert_eq!(phone.value("Matricule de l’OPJ"), "7654321");
    phone.press("Envoyer la demande");
    assert!(matches!(
        phone.only_sent(),
        Intent::AskVisa { act, opj } if act == sample::act(11) && opj == "7654321"
    ));
    assert!(!phone.says("Matricule de l’OPJ"), "the sheet is gone");
}

#[test]
fn another_opj_may_be_written_and_nothing_is_asked_by_closing() {
    let phone = of_acts();
    phone.press("Demander le visa");
    phone.press("Ne rien demander");
    assert!(phone.sent().is_empty());
    phone.press("Demander le visa");
    phone.fill("Matricule de l’OPJ", "7000001");
    phone.press("Envoyer la demande");
    assert!(matches!(phone.only_sent(), Intent::AskVisa { opj, .. } if opj == "7000001"));
}

#[test]
fn the_document_of_a_signed_act_leads_to_its_visa() {
    let phone = of_acts();
    phone.press("Document");
    phone.sent();
    phone.see(&View::Deliveries(sample::visa_lines()));
    phone.open(Screen::Home);
    phone.see(&View::Pages(PagesView {
        act: sample::act(11),
        ..sample::pages(1, 1)
    }));
    phone.press("Demander le visa");
    phone.press("Envoyer la demande");
    assert!(matches!(phone.only_sent(), Intent::AskVisa { act, .. } if act == sample::act(11)));
}

#[test]
fn the_line_of_an_act_says_how_far_its_visa_is() {
    let phone = of_acts();
    for words in [
        "Visa demandé à RIO 7654321",
        "Demande de visa refusée\u{a0}: ce n’est pas l’OPJ sollicité",
        "Visé par RIO 7654321 le 12/03/2026 à 21\u{a0}h\u{a0}30",
        "Observations\u{a0}: Joindre les images du magasin.",
        "Retourné par RIO 7654321 le 12/03/2026 à 21\u{a0}h\u{a0}35",
        "Motif\u{a0}: Préciser l’heure de fin des recherches.",
    ] {
        assert!(phone.says(words), "`{words}`");
    }
}

#[test]
fn a_visa_and_its_request_are_lines_without_document_or_correction() {
    let phone = Phone::unlocked();
    let lines = [ActKind::VisaRequest, ActKind::Visa].map(|kind| DeliveryLine {
        kind,
        number: None,
        ..sample::visa_lines().remove(0)
    });
    phone.see(&View::Deliveries(lines.to_vec()));
    phone.open(Screen::Deliveries);
    assert!(phone.says("Demande de visa") && phone.says("Visa"));
    for absent in ["Document", "Rectifier ou annuler", "Demander le visa"] {
        assert!(!phone.says(absent), "`{absent}`");
    }
}

#[test]
fn an_opj_reads_the_act_and_then_signs_the_visa() {
    let phone = waiting();
    phone.press("Procès-verbal n°\u{a0}2026/000301");
    assert!(matches!(phone.only_sent(), Intent::ShowForVisa { request } if request == sample::act(41)));
    phone.press("Décider");
    assert!(
        !phone.says("Viser"),
        "there is nothing to decide on before it is on screen"
    );
    phone.see(&View::Pages(PagesView {
        act: sample::act(21),
        ..sample::pages(1, 2)
    }));
    assert!(phone.says("Page 1 sur 2"));
    phone.press("Décider");
    phone.press("Viser");
    assert!(matches!(
        phone.only_sent(),
        Intent::GiveVisa { request, choice: Choice::Approve, words } if request == sample::act(41) && words.is_empty()
    ));
    phone.see(&View::Visas(sample::visas().split_off(1)));
    assert!(!phone.says("Décider") && !phone.says("Viser"), "it is decided");
}

#[test]
fn observations_stay_on_screen_until_the_visa_is_signed() {
    let phone = waiting();
    phone.press("Procès-verbal n°\u{a0}2026/000301");
    phone.see(&View::Pages(PagesView {
        act: sample::act(21),
        ..sample::pages(1, 1)
    }));
    phone.sent();
    phone.press("Décider");
    phone.press("Viser avec observations");
    phone.press("Signer le visa");
    assert!(phone.sent().is_empty(), "there are no words yet");
    phone.fill("Observations", "Joindre les images.");
    phone.press("Signer le visa");
    assert!(matches!(
        phone.only_sent(),
        Intent::GiveVisa { choice: Choice::Observe, words, .. } if words == "Joindre les images."
    ));
    phone.see(&View::Notice(Notice::NoService));
    phone.press("Compris");
    assert_eq!(phone.value("Observations"), "Joindre les images.");
}

#[test]
fn an_act_that_is_too_large_says_so_and_can_only_be_sent_back() {
    let phone = waiting();
    phone.press("Plainte n°\u{a0}2026/000302");
    assert!(phone.sent().is_empty(), "there are no pages to ask for");
    assert!(phone.says("Acte trop volumineux pour ce terminal"));
    phone.press("Décider");
    assert!(!phone.says("Viser") && !phone.says("Viser avec observations"));
    phone.press("Retourner au rédacteur");
    phone.fill("Motif du retour", "À reprendre en deux actes.");
    phone.press("Signer le retour");
    assert!(matches!(
        phone.only_sent(),
        Intent::GiveVisa { request, choice: Choice::Return, .. } if request == sample::act(42)
    ));
}

#[test]
fn a_lock_leaves_nothing_of_the_waiting_acts() {
    let phone = waiting();
    phone.see(&View::Lock(sample::locked()));
    phone.open(Screen::Visas);
    assert!(!phone.says("Procès-verbal n°\u{a0}2026/000301"));
}

#[test]
fn a_refused_visa_offers_no_corrective_act() {
    let phone = Phone::unlocked();
    let line = DeliveryLine {
        kind: ActKind::Visa,
        ..sample::visa_lines().remove(0)
    };
    phone.see(&View::Deliveries(vec![line]));
    phone.see(&View::Notice(Notice::Refused {
        act: sample::act(11),
        code: RefusalCode::VisaTwice,
    }));
    assert!(phone.says("Visa refusé par le commandement") && !phone.says("Ouvrir un acte rectificatif"));
}
