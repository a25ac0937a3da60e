//! Reading an act and signing it by hand.

use domain::dialogue::{DraftView, Intent, ReadingView, SignerState, Unsigned, View};
use domain::draft::Field;
use domain::record::ActKind;
use slint::platform::{PointerEventButton, WindowEvent};
use slint::{ComponentHandle, LogicalPosition, LogicalSize};

use super::{Phone, Screen, Touch, sample};

fn summary(draft: DraftView) -> Phone {
    let phone = Phone::unlocked();
    phone.see(&View::Draft(Box::new(draft)));
    phone.open(Screen::Pv);
    phone.press("Toutes les étapes");
    phone.press("Récapitulatif");
    phone
}

fn ready() -> DraftView {
    DraftView {
        problems: Vec::new(),
        ..sample::hearing()
    }
}

fn reading(states: [SignerState; 2]) -> Phone {
    let phone = summary(ready());
    phone.press("Lire et faire signer");
    phone.press("Ouvrir la lecture");
    phone.see(&View::Draft(Box::new(sample::read_back(states))));
    phone.see(&View::Pages(sample::pages(6, 2)));
    phone.sent();
    phone
}

pub(super) fn draw(phone: &Phone, pad: &str) {
    let size = phone.get(pad).size();
    assert!(size.width >= 200.0 && size.height >= 140.0, "{size:?}");
    phone.touch(&Touch::Draw(pad.to_owned())).unwrap();
}

#[test]
fn the_reading_says_first_that_renvois_alone_will_correct_the_act() {
    let phone = summary(ready());
    assert!(!phone.says("Signer le PV"), "others sign first");
    phone.press("Lire et faire signer");
    assert!(phone.sent().is_empty());
    phone.press("Ouvrir la lecture");
    assert!(matches!(phone.only_sent(), Intent::ReadBack { draft } if draft == sample::act(6)));
    phone.see(&View::Draft(Box::new(sample::read_back(
        [SignerState::Awaited; 2],
    ))));
    phone.see(&View::Pages(sample::pages(6, 2)));
    assert!(phone.says("Texte figé") && phone.says("Page 1 sur 2") && phone.says("Page 2 sur 2"));
}

#[test]
fn nothing_is_read_while_something_is_missing() {
    let phone = summary(sample::hearing());
    phone.press("Lire et faire signer");
    assert!(!phone.says("Ouvrir la lecture") && phone.sent().is_empty());
}

#[test]
fn a_draft_is_previewed_without_being_locked() {
    let phone = summary(ready());
    phone.press("Aperçu");
    assert!(matches!(phone.only_sent(), Intent::Preview { .. }));
    phone.see(&View::Pages(sample::pages(6, 1)));
    assert!(phone.says("Page 1 sur 1") && !phone.says("Rectifier ou annuler"));
    phone.press("Fermer le document");
    assert!(!phone.says("Page 1 sur 1") && phone.says("Lire et faire signer"));
}

#[test]
fn cpp_d589_2_a_finger_signs_and_its_strokes_leave_with_their_timing() {
    let phone = reading([SignerState::Awaited; 2]);
    phone.press("Lu\u{a0}: faire signer");
    phone.hold(false);
    phone.press("Faire signer Anna Maria ERIKSSON");
    phone.press("Valider");
    assert!(phone.sent().is_empty(), "nothing was drawn");
    draw(&phone, "Cadre de signature de Anna Maria ERIKSSON");
    phone.press("Effacer");
    draw(&phone, "Cadre de signature de Anna Maria ERIKSSON");
    phone.press("Valider");
    let sent = phone.only_sent();
    let Intent::SignByHand { signer, strokes, .. } = sent else {
        panic!("{sent:?} is no signature");
    };
    assert_eq!((signer, strokes.strokes().len()), (0, 1));
    assert!(strokes.strokes()[0].len() > 15);
    assert!(strokes.pad().0 >= 320 && strokes.pad().1 >= 140);
    assert!(!phone.says("Effacer"), "the pad is closed");
}

#[test]
fn a_lone_signer_has_the_pad_at_once_and_may_still_refuse() {
    let phone = reading([SignerState::Signed, SignerState::Awaited]);
    phone.press("Lu\u{a0}: faire signer");
    assert!(phone.says("Cadre de signature de Sven LARSSON"));
    phone.press("Ne signe pas");
    assert!(!phone.says("Cadre de signature de Sven LARSSON"));
    phone.press("Sven LARSSON refuse de signer");
    phone.press("Sans donner de motif");
    phone.press("Noter le refus");
    assert!(matches!(
        phone.only_sent(),
        Intent::LeaveUnsigned {
            signer: 1,
            why: Unsigned::Refuses,
            ..
        }
    ));
}

#[test]
fn a_mere_touch_is_no_signature() {
    let phone = reading([SignerState::Awaited; 2]);
    phone.press("Lu\u{a0}: faire signer");
    phone.hold(false);
    phone.press("Faire signer Sven LARSSON");
    let element = phone.get("Cadre de signature de Sven LARSSON");
    let at = element.absolute_position();
    let position = LogicalPosition::new(at.x + 30.0, at.y + 30.0);
    let button = PointerEventButton::Left;
    let window = phone.app.window();
    window.dispatch_event(WindowEvent::PointerPressed { position, button });
    window.dispatch_event(WindowEvent::PointerReleased { position, button });
    phone.settle();
    phone.press("Valider");
    assert!(phone.sent().is_empty());
    assert!(phone.says("Trop court pour une signature\u{a0}: effacez, puis signez de nouveau."));
}

#[test]
fn a_pad_held_in_landscape_is_wide_and_all_its_buttons_are_there() {
    let phone = reading([SignerState::Awaited; 2]);
    phone.press("Lu\u{a0}: faire signer");
    phone.press("Faire signer Anna Maria ERIKSSON");
    phone.app.window().set_size(LogicalSize::new(780.0, 360.0));
    phone.settle();
    let pad = phone.get("Cadre de signature de Anna Maria ERIKSSON").size();
    assert!(pad.width > 700.0 && pad.height >= 140.0, "{pad:?}");
    for button in ["Effacer", "Valider"] {
        let element = phone.get(button);
        assert!(element.absolute_position().y + element.size().height <= 360.0);
    }
}

#[test]
fn one_signs_one_refuses_and_only_then_the_officer_signs() {
    let phone = reading([SignerState::Signed, SignerState::Awaited]);
    phone.press("Signatures");
    assert_eq!(phone.value("Anna Maria ERIKSSON"), "A signé");
    assert!(!phone.says("Signer et clore l’acte"));
    phone.press("Sven LARSSON refuse de signer");
    phone.press("Noter le refus");
    assert!(phone.sent().is_empty(), "a refusal has its reason");
    phone.fill("Motif", "Conteste la traduction");
    phone.press("Noter le refus");
    let sent = phone.only_sent();
    let Intent::LeaveUnsigned {
        signer, why, reason, ..
    } = sent
    else {
        panic!("{sent:?} is no refusal");
    };
    assert_eq!(
        (signer, why, reason.as_str()),
        (1, Unsigned::Refuses, "Conteste la traduction")
    );
    let states = [SignerState::Signed, SignerState::Refuses];
    phone.see(&View::Draft(Box::new(sample::read_back(states))));
    assert_eq!(phone.value("Sven LARSSON"), "Refuse de signer");
    phone.press("Signer et clore l’acte");
    assert!(matches!(phone.only_sent(), Intent::Sign { .. }));
}

#[test]
fn who_cannot_sign_is_noted_with_a_reason_of_one_tap() {
    let phone = reading([SignerState::Awaited; 2]);
    phone.press("Signatures");
    phone.press("Anna Maria ERIKSSON ne peut pas signer");
    phone.press("Blessée à la main");
    phone.press("Noter l’impossibilité");
    assert!(matches!(
        phone.only_sent(),
        Intent::LeaveUnsigned { signer: 0, why: Unsigned::Unable, reason, .. } if reason == "Blessée à la main"
    ));
}

#[test]
fn cpp_107_a_renvoi_is_added_only_once_the_act_was_read() {
    let phone = reading([SignerState::Signed; 2]);
    phone.press("Renvois");
    assert!(phone.says("Renvoi n°\u{a0}1, Page 1, 3e paragraphe"));
    phone.press("Ajouter un renvoi");
    phone.fill("Endroit du texte", "Page 1");
    phone.press("Porter le renvoi");
    assert!(phone.sent().is_empty(), "a renvoi says where and what");
    phone.fill("Texte du renvoi", "Lire « 93100 ».");
    phone.press("Porter le renvoi");
    assert!(matches!(
        phone.only_sent(),
        Intent::AddRenvoi { place, text, .. } if place == "Page 1" && text == "Lire « 93100 »."
    ));
    let unlocked = DraftView {
        reading: Some(ReadingView {
            at: sample::at(40),
            shown: false,
            locked: false,
            renvois: Vec::new(),
        }),
        ..ready()
    };
    phone.see(&View::Draft(Box::new(unlocked)));
    assert!(!phone.says("Renvois"));
    phone.press("Signatures");
    assert!(phone.says("Le document se redessine"));
    assert!(
        !phone.says("Faire signer Anna Maria ERIKSSON"),
        "only what is shown is signed"
    );
}

#[test]
fn a_read_act_is_not_typed_in_any_more() {
    let phone = reading([SignerState::Awaited; 2]);
    phone.press("Retour à l’acte");
    assert!(phone.says("Acte lu\u{a0}: son texte ne change plus") && phone.says("Reprendre la lecture"));
    phone.press("Toutes les étapes");
    phone.press("Récit des faits");
    phone.fill("Récit", "Autre chose");
    phone.press("Question");
    assert!(phone.sent().is_empty());
}

#[test]
fn the_summary_of_an_afd_is_signed_without_being_frozen() {
    let phone = Phone::unlocked();
    phone.see(&View::Draft(Box::new(DraftView {
        problems: vec![domain::draft::Problem::new(
            Field::Acknowledged,
            domain::draft::Reason::NotSigned,
        )],
        signers: sample::signers([SignerState::Awaited; 2]),
        ..sample::draft(ActKind::Afd, &[])
    })));
    phone.open(Screen::Afd);
    phone.press("Récapitulatif");
    phone.press("Lire et faire signer");
    assert!(matches!(phone.only_sent(), Intent::ReadBack { .. }));
}
