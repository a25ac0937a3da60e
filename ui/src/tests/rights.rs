//! The sheet of a victim's rights: chosen, shown as a page, signed once, handed over.

use domain::dialogue::{DraftView, Intent, PagesView, RightsLine, SignerState, Unsigned, View};
use domain::draft::Field;
use domain::plainte::{Language, Wording};
use drawn::{FormAdapter, Step};

use slint::ComponentHandle;

use super::hands::draw;
use super::{Phone, Screen, sample};

fn on_rights(draft: DraftView) -> Phone {
    let phone = Phone::unlocked();
    phone.see(&View::Draft(Box::new(draft)));
    phone.open(Screen::Plainte);
    phone.app.global::<FormAdapter<'_>>().invoke_turn(Step::Rights);
    phone.settle();
    phone
}

fn with_rights(language: Language, state: SignerState) -> DraftView {
    DraftView {
        rights: Some(RightsLine {
            language,
            state,
            at: (state != SignerState::Awaited).then(|| sample::at(5)),
        }),
        signers: sample::signers([SignerState::Awaited; 2])[..1].to_vec(),
        ..sample::plainte()
    }
}

/// The sheet in Arabic is before the victim.
fn shown() -> Phone {
    let phone = on_rights(sample::plainte());
    phone.press("Arabe");
    assert!(matches!(
        phone.only_sent(),
        Intent::ShowRights { draft, language: Language::Arabic } if draft == sample::act(1)
    ));
    phone.see(&View::Draft(Box::new(with_rights(
        Language::Arabic,
        SignerState::Awaited,
    ))));
    phone.see(&View::Pages(PagesView {
        rights: Some(Language::Arabic),
        leaflet: None,
        ..sample::pages(1, 1)
    }));
    phone
}

#[test]
fn cpp_10_2_the_ten_rights_are_there_before_any_sheet_is_shown() {
    let phone = on_rights(sample::plainte());
    let official = Language::French.text();
    assert!(official.items.iter().all(|right| phone.says(right)));
    assert!(phone.says(official.closing));
    assert!(!phone.says("Lu et compris\u{a0}: signer"));
}

#[test]
fn every_language_is_offered_by_its_french_name() {
    let phone = on_rights(sample::plainte());
    for name in [
        "Français",
        "Français facile",
        "Anglais",
        "Arabe",
        "Espagnol",
        "Portugais",
        "Italien",
        "Allemand",
        "Roumain",
        "Russe",
        "Ukrainien",
        "Turc",
        "Chinois",
        "Polonais",
    ] {
        assert!(phone.says(name), "{name}");
    }
}

#[test]
fn the_page_is_a_picture_that_says_its_text_in_the_language_that_is_read() {
    let phone = shown();
    let text = Language::Arabic.text();
    let said: Vec<&str> = text.entries().flat_map(Wording::lines).collect();
    assert!(phone.says(&said.join("\n")));
    assert!(phone.says("Taille 200\u{a0}%"), "it is enlarged as any page is");
    phone.press("Fermer la fiche");
    assert!(!phone.says("Lu et compris\u{a0}: signer"));
}

#[test]
fn a_page_that_nobody_asked_for_does_not_cover_the_screen() {
    let phone = on_rights(with_rights(Language::Russian, SignerState::Awaited));
    phone.see(&View::Pages(PagesView {
        rights: Some(Language::Russian),
        leaflet: None,
        ..sample::pages(1, 1)
    }));
    assert!(!phone.says("Lu et compris\u{a0}: signer"));
}

#[test]
fn cpp_10_2_the_finger_of_the_victim_signs_on_the_sheet() {
    let phone = shown();
    phone.hold(false);
    phone.press("Lu et compris\u{a0}: signer");
    phone.press("Valider");
    assert!(phone.sent().is_empty(), "nothing was drawn");
    draw(&phone, "Cadre de signature de Anna Maria ERIKSSON");
    phone.press("Valider");
    let sent = phone.only_sent();
    let Intent::SignRights { draft, strokes } = sent else {
        panic!("{sent:?} is no signature under the rights");
    };
    assert_eq!((draft, strokes.strokes().len()), (sample::act(1), 1));
    assert!(!phone.says("Fermer la fiche"), "the sheet is put away");
}

#[test]
fn cpp_10_2_whoever_does_not_sign_leaves_a_reason() {
    let phone = shown();
    phone.press("Refuse de signer");
    phone.press("Noter le refus");
    assert!(phone.sent().is_empty(), "no reason was given");
    phone.press("Sans donner de motif");
    phone.press("Noter le refus");
    let sent = phone.only_sent();
    assert!(
        matches!(&sent, Intent::LeaveRightsUnsigned { why: Unsigned::Refuses, reason, .. } if reason == "Sans donner de motif"),
        "{sent:?}"
    );
}

#[test]
fn cpp_10_2_a_signed_notice_says_language_and_hour_and_can_be_taken_back() {
    let phone = on_rights(with_rights(Language::Chinese, SignerState::Signed));
    assert!(phone.says("Droits notifiés (Chinois)"));
    let banner = phone.get("Droits notifiés (Chinois)");
    let said = banner.accessible_description().unwrap();
    assert!(said.starts_with("A signé sous la fiche, à "), "{said}");
    assert!(!phone.says("Polonais"), "one signature, not two");
    phone.press("Annuler la notification");
    let sent = phone.only_sent();
    assert!(
        matches!(&sent, Intent::Fill { field: Field::RightsLanguage, text, .. } if text.is_empty()),
        "{sent:?}"
    );
}

#[test]
fn how_the_sheet_was_handed_over_is_a_choice_of_the_draft() {
    let phone = on_rights(sample::plainte());
    for (label, code) in [
        ("Sur papier", "PAPIER"),
        ("Par fichier ou par code QR", "FICHIER"),
        ("La victime ne souhaite pas la garder", "REFUSEE"),
    ] {
        phone.press(label);
        let sent = phone.only_sent();
        assert!(
            matches!(&sent, Intent::Fill { field: Field::SheetHanded, text, .. } if text == code),
            "{sent:?}"
        );
    }
}

#[test]
fn the_sheet_prints_before_the_complaint_is_signed() {
    let phone = on_rights(with_rights(Language::Polish, SignerState::Awaited));
    phone.see(&View::Printing(domain::printing::PrintingView {
        printers: vec![sample::printer("10.0.0.7", "Accueil")],
        jobs: Vec::new(),
    }));
    phone.press("Imprimer la fiche des droits");
    assert!(matches!(
        phone.only_sent(),
        Intent::Print {
            paper: domain::printing::Paper::Rights,
            ..
        }
    ));
}
