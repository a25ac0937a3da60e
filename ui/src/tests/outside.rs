//! Around the forms: drafts given up, templates, papers checked, signed acts amended, keyboards.

use std::time::Duration;

use domain::delivery::Delivery;
use domain::dialogue::{Amendment, DocumentView, DraftState, DraftView, Intent, View};
use domain::draft::{Field, Problem, Reason};
use domain::record::ActKind;
use i_slint_backend_testing::mock_elapsed_time;
use slint::platform::{Key, PointerEventButton, WindowEvent};
use slint::{ComponentHandle, LogicalPosition, LogicalSize};

use super::{Phone, Screen, sample};

fn hold(phone: &Phone, label: &str, held: Duration) {
    let element = phone.get(label);
    let (at, size) = (element.absolute_position(), element.size());
    let position = LogicalPosition::new(at.x + size.width / 2.0, at.y + size.height / 2.0);
    let button = PointerEventButton::Left;
    let window = phone.app.window();
    window.dispatch_event(WindowEvent::PointerMoved { position });
    window.dispatch_event(WindowEvent::PointerPressed { position, button });
    mock_elapsed_time(held);
    window.dispatch_event(WindowEvent::PointerReleased { position, button });
    mock_elapsed_time(Duration::from_millis(16));
}

fn press_key(phone: &Phone, key: Key) {
    let text = slint::SharedString::from(char::from(key));
    let window = phone.app.window();
    window.dispatch_event(WindowEvent::KeyPressed { text: text.clone() });
    window.dispatch_event(WindowEvent::KeyReleased { text });
    phone.settle();
}

#[test]
fn a_draft_says_its_age_and_is_given_up_only_by_holding() {
    let phone = Phone::unlocked();
    phone.see(&View::Home(Box::new(sample::busy_home())));
    let row = phone.get("Audition de Mme ERIKSSON Anna Maria, témoin du vol à l’étalage");
    assert_eq!(
        row.accessible_description().unwrap(),
        "PV\u{a0}: Audition, depuis 3 jours"
    );
    phone.press("Abandonner GA-284-KT");
    hold(&phone, "Abandonner le brouillon", Duration::from_millis(120));
    assert!(phone.sent().is_empty());
    phone.press("Garder le brouillon");
    assert!(!phone.says("Abandonner le brouillon"));
    phone.press("Abandonner GA-284-KT");
    hold(&phone, "Abandonner le brouillon", Duration::from_millis(900));
    assert!(matches!(phone.only_sent(), Intent::DiscardDraft { draft } if draft == sample::act(5)));
    assert!(!phone.says("Abandonner le brouillon"));
}

#[test]
fn a_template_of_the_unit_begins_a_draft() {
    let phone = Phone::unlocked();
    phone.see(&View::Home(Box::new(sample::busy_home())));
    phone.press("Tapage nocturne");
    assert!(matches!(
        phone.only_sent(),
        Intent::StartFromTemplate {
            id: None,
            template: 2
        }
    ));
    phone.see(&View::Draft(Box::new(sample::inventory())));
    assert!(phone.says("Inventaire"));
}

#[test]
fn the_code_of_a_paper_shows_each_verdict_apart_and_none_about_its_text() {
    let phone = Phone::unlocked();
    phone.press("Vérifier un acte");
    phone.press("Vérifier");
    assert!(phone.sent().is_empty());
    phone.fill("Code au pied de la page", "NEO1ABCDEF");
    phone.press("Vérifier");
    assert!(matches!(phone.only_sent(), Intent::CheckFooter { code } if code == "NEO1ABCDEF"));
    assert!(!phone.says("Signature"), "nothing is proven yet");
    phone.see(&View::Footer(Box::new(sample::footer())));
    assert_eq!(phone.value("Signature"), "Valide");
    assert_eq!(phone.value("Émetteur"), "Non vérifié");
    assert_eq!(phone.value("Certificat"), "Expiré à la signature");
    assert!(phone.says("Acte n°\u{a0}2026/000123") && phone.says("Acte de formation, sans valeur"));
    assert!(phone.says(
        "Le texte lui-même n’est pas vérifié ici\u{a0}: comparez-le au PDF, ou demandez au commandement."
    ));
    phone.fill("Code au pied de la page", "NEO1XYZ");
    phone.press("Vérifier");
    assert!(!phone.says("Signature"), "the verdicts of another paper are gone");
    phone.press("Fermer");
    assert!(!phone.says("Code au pied de la page"));
}

#[test]
fn a_signed_act_shows_its_pages_inside_the_phone() {
    let phone = Phone::unlocked();
    phone.open(Screen::Deliveries);
    phone.press("Document");
    phone.sent();
    for pages_first in [true, false] {
        let pages = View::Pages(sample::pages(9, 2));
        let document = View::Document(DocumentView {
            act: sample::act(9),
            pdf: vec![0; 48_200],
        });
        let views = if pages_first {
            [pages, document]
        } else {
            [document, pages]
        };
        for view in &views {
            phone.see(view);
        }
        assert!(phone.says("Page 2 sur 2") && phone.says("PDF de 49\u{a0}ko, tel qu’il a été signé."));
        assert!(!phone.says("Fermer"), "no sheet lies over the pages");
        phone.press("Fermer le document");
        assert!(!phone.says("Page 2 sur 2"));
    }
}

#[test]
fn a_damaged_page_says_so() {
    let phone = Phone::unlocked();
    let mut pages = sample::pages(9, 2);
    pages.pages[1] = b"not a picture".to_vec().into();
    phone.see(&View::Pages(pages));
    assert!(phone.says("Page illisible"));
}

#[test]
fn an_act_is_rectified_or_withdrawn_by_another_and_stays() {
    for (choice, how) in [
        ("Établir une rectification", Amendment::Rectify),
        ("Établir une annulation motivée", Amendment::Withdraw),
    ] {
        let phone = Phone::unlocked();
        let mut line = sample::deliveries().remove(1);
        line.delivery = Delivery::Received { at: sample::EVENING };
        phone.see(&View::Deliveries(vec![line]));
        phone.open(Screen::Deliveries);
        phone.press("Rectifier ou annuler");
        assert!(phone.sent().is_empty() && phone.says("L’acte signé reste tel quel"));
        phone.press(choice);
        let asked = Intent::Amend {
            act: sample::act(2),
            id: None,
            how,
        };
        assert_eq!(domain::encode(&phone.only_sent()), domain::encode(&asked));
        assert!(!phone.says(choice));
    }
}

#[test]
fn an_act_just_signed_can_be_amended_and_a_note_cannot() {
    let signed = |draft: DraftView| DraftView {
        state: DraftState::Signed { number: None },
        ..draft
    };
    let phone = Phone::unlocked();
    phone.see(&View::Draft(Box::new(signed(sample::pv()))));
    phone.open(Screen::Pv);
    phone.press("Rectifier ou annuler");
    phone.press("Ne rien faire");
    assert!(phone.sent().is_empty());
    phone.see(&View::Draft(Box::new(signed(sample::note()))));
    phone.open(Screen::Note);
    assert!(phone.says("Acte signé") && !phone.says("Rectifier ou annuler"));
}

#[test]
fn a_pve_of_a_delit_leads_to_a_pv() {
    let phone = Phone::unlocked();
    phone.see(&View::Draft(Box::new(DraftView {
        problems: vec![Problem::new(Field::Offences, Reason::Delit)],
        ..sample::draft(ActKind::Pve, &[])
    })));
    phone.open(Screen::Pve);
    phone.press("Infraction");
    phone.press("Établir un PV");
    assert!(matches!(phone.only_sent(), Intent::TurnIntoPv { id: None, .. }));
    phone.see(&View::Draft(Box::new(DraftView {
        draft: sample::act(8),
        ..sample::pv()
    })));
    let opened = phone.says("Acte établi\u{a0}: Constatations");
    assert!(opened, "the PV opens when it comes");
}

#[test]
fn a_laptop_shows_every_step_beside_the_form_and_keys_lead_through_it() {
    let phone = Phone::drafting(
        Screen::Pv,
        DraftView {
            problems: Vec::new(),
            ..sample::hearing()
        },
    );
    phone.app.window().set_size(LogicalSize::new(1280.0, 800.0));
    phone.settle();
    assert!(!phone.says("Toutes les étapes"));
    phone.press("Lieu de l’acte");
    let place = phone.get("Lieu");
    assert!(place.absolute_position().x >= 280.0 && place.size().width >= 500.0);
    hold(&phone, "Lieu", Duration::from_millis(50));
    press_key(&phone, Key::Tab);
    type_in(&phone, "9");
    assert!(matches!(
        phone.only_sent(),
        Intent::Fill {
            field: Field::Commune,
            ..
        }
    ));
    press_key(&phone, Key::Return);
    type_in(&phone, "4");
    assert!(matches!(
        phone.only_sent(),
        Intent::Fill {
            field: Field::Position,
            ..
        }
    ));
}

fn type_in(phone: &Phone, text: &str) {
    let text = slint::SharedString::from(text);
    let window = phone.app.window();
    window.dispatch_event(WindowEvent::KeyPressed { text: text.clone() });
    window.dispatch_event(WindowEvent::KeyReleased { text });
    phone.settle();
}
