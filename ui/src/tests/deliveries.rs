//! Deliveries and clips: what headquarters has, and what it has not.

use domain::UnixMs;
use domain::delivery::Delivery;
use domain::dialogue::{CameraState, CameraView, DeliveryLine, DocumentView, DraftState, Intent, View};
use domain::envelope::RefusalCode;
use domain::record::ActKind;
use domain::{CameraId, ClipId};

use super::{Phone, Screen, sample};

fn shown(delivery: Delivery) -> Phone {
    let phone = Phone::unlocked();
    let mut line: DeliveryLine = sample::deliveries().remove(0);
    line.delivery = delivery;
    phone.see(&View::Deliveries(vec![line]));
    phone.open(Screen::Deliveries);
    phone
}

#[test]
fn only_a_stored_receipt_is_called_received() {
    let received = "Reçu par le commandement à 21\u{a0}h\u{a0}40";
    let code = RefusalCode::Seal;
    let at = sample::EVENING;
    assert!(shown(Delivery::Received { at }).says(received));
    for delivery in [Delivery::Waiting { attempts: 9 }, Delivery::Refused { at, code }] {
        assert!(!shown(delivery).says(received), "{delivery:?}");
    }
    assert!(shown(Delivery::Waiting { attempts: 9 }).says("En attente"));
    assert!(shown(Delivery::Refused { at, code }).says("Refusé\u{a0}: le scellé ne s’ouvre pas"));
}

#[test]
fn a_signed_act_says_on_its_own_page_what_headquarters_made_of_it() {
    let mut signed = sample::draft(ActKind::Pve, &[]);
    signed.state = DraftState::Signed { number: None };
    let phone = Phone::drafting(Screen::Pve, signed);
    let banner = |phone: &Phone, words: &str| {
        let said = phone.get("Acte signé").accessible_description();
        said.is_some_and(|said| said.starts_with(words))
    };
    let waits = "Il part dès que le réseau le permet";
    assert!(banner(&phone, waits));
    let mut line: DeliveryLine = sample::deliveries().remove(0);
    line.act = sample::act(1);
    line.delivery = Delivery::Received { at: sample::EVENING };
    phone.see(&View::Deliveries(vec![line.clone()]));
    assert!(!banner(&phone, waits) && banner(&phone, "Reçu par le commandement à 21"));
    line.delivery = Delivery::Refused {
        at: sample::EVENING,
        code: RefusalCode::Seal,
    };
    phone.see(&View::Deliveries(vec![line.clone()]));
    assert!(banner(&phone, "Refusé"));
    // What became of another act is not said of this one.
    line.act = sample::act(2);
    phone.see(&View::Deliveries(vec![line]));
    assert!(banner(&phone, waits));
}

#[test]
fn hours_are_local_before_anything_else_is_known() {
    let phone = Phone::new().unwrap();
    let mut line: DeliveryLine = sample::deliveries().remove(0);
    line.delivery = Delivery::Received { at: sample::EVENING };
    phone.see(&View::Deliveries(vec![line]));
    phone.open(Screen::Deliveries);
    assert!(phone.says("Reçu par le commandement à 21\u{a0}h\u{a0}40"));
}

#[test]
fn a_receipt_of_another_day_is_dated() {
    let at = sample::EVENING.plus(UnixMs::DAY);
    let phone = shown(Delivery::Received { at });
    assert!(phone.says("Reçu par le commandement le 13/03/2026 à 21\u{a0}h\u{a0}40"));
}

#[test]
fn a_refused_act_opens_its_correction_once() {
    let code = RefusalCode::DocumentMismatch;
    let at = sample::EVENING;
    let phone = shown(Delivery::Refused { at, code });
    phone.press("Rectifier");
    let asked = Intent::Correct {
        act: sample::act(1),
        id: None,
    };
    assert_eq!(domain::encode(&phone.only_sent()), domain::encode(&asked));
    let mut line = sample::deliveries().remove(2);
    line.corrected_by = Some(sample::act(9));
    phone.see(&View::Deliveries(vec![line]));
    assert!(!phone.says("Rectifier") && phone.says("Un acte rectificatif est ouvert."));
}

#[test]
fn an_act_shows_its_document_and_footage_has_none() {
    let phone = shown(Delivery::Waiting { attempts: 0 });
    phone.press("Document");
    let asked = Intent::ShowDocument { act: sample::act(1) };
    assert_eq!(domain::encode(&phone.only_sent()), domain::encode(&asked));
    phone.see(&View::Document(DocumentView {
        act: sample::act(1),
        pdf: vec![0; 48_200],
    }));
    assert!(phone.says("PDF de 49\u{a0}ko, tel qu’il a été signé."));
    phone.press("Fermer");
    assert!(!phone.says("Document signé"));
    let footage = sample::deliveries()
        .into_iter()
        .filter(|line| line.kind == ActKind::Footage);
    phone.see(&View::Deliveries(footage.collect()));
    assert!(!phone.says("Document"));
}

#[test]
fn a_camera_is_paired_by_the_text_of_its_tag() {
    let phone = Phone::new().unwrap();
    phone.open(Screen::Camera);
    phone.press("Appairer la caméra");
    assert!(phone.sent().is_empty(), "there is nothing to pair with yet");
    phone.fill("Invitation de la caméra", "NEO-CAM:0042:abcdef");
    phone.press("Appairer la caméra");
    assert!(
        matches!(phone.only_sent(), Intent::PairCamera { invitation } if invitation == "NEO-CAM:0042:abcdef")
    );
}

#[test]
fn a_clip_on_the_camera_is_taken_in_and_its_progress_shown() {
    let phone = Phone::unlocked();
    phone.open(Screen::Camera);
    assert!(phone.says("Caméra cam-0042 appairée"));
    assert_eq!(phone.value("Prise en charge"), "40");
    phone.press("Prendre en charge");
    let taken = Intent::TakeClip {
        clip: ClipId::from_bytes([3; 16]),
    };
    assert_eq!(domain::encode(&phone.only_sent()), domain::encode(&taken));
    assert_eq!(
        phone.value("Refusée"),
        "un segment n’est pas celui que la caméra a signé"
    );
    phone.press("Actualiser la liste");
    assert!(matches!(phone.only_sent(), Intent::ListClips));
}

#[test]
fn a_camera_says_how_it_is_and_what_would_end_a_recording_stands_out() {
    let phone = Phone::new().unwrap();
    phone.see(&View::Camera(sample::camera()));
    phone.open(Screen::Camera);
    for (name, word) in [
        ("Caméra", "Tampon seul, rien n’est conservé"),
        ("Batterie", "31\u{a0}%"),
        ("Mémoire libre", "52\u{a0}Go"),
        ("Horloge", "Retard de 95 secondes"),
        ("Version", "2.7.1"),
    ] {
        assert_eq!(phone.value(name), word, "{name}");
    }
    assert!(phone.value("Rien d’enregistré").ends_with("Mémoire pleine"));
}

#[test]
fn a_camera_out_of_reach_can_be_paired_again() {
    let phone = Phone::new().unwrap();
    phone.see(&View::Camera(CameraView {
        state: CameraState::Lost(CameraId::parse("cam-0042").unwrap()),
        clips: Vec::new(),
        status: None,
        sending: None,
    }));
    phone.open(Screen::Camera);
    assert!(phone.says("Caméra cam-0042 hors de portée") && phone.says("Invitation de la caméra"));
}
