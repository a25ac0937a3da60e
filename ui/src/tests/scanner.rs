//! A barcode scanner that types: what it reads is read as the camera reads it, and no field keeps a letter of it.

use std::time::Duration;

use domain::dialogue::{CameraState, CameraView, Intent, ScanProblem, ScanView, View};
use domain::draft::Field;
use domain::record::ActKind;
use i_slint_backend_testing::mock_elapsed_time;
use slint::ComponentHandle;
use slint::platform::{Key, WindowEvent};

use super::touch::{tap, type_key};
use super::{Phone, Screen, sample};
use crate::fingers::Touch;

const FIRST: &str = "P<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<";
const SECOND: &str = "L898902C36UTO7408122F1204159ZE184226B<<<<<10";

fn at_a_check(texts: &[(Field, &str)]) -> Phone {
    let phone = Phone::drafting(
        Screen::IdentityCheck,
        sample::draft(ActKind::IdentityCheck, texts),
    );
    phone.sent();
    phone
}

fn scan(phone: &Phone, text: &str) {
    phone.touch(&Touch::Scan(text.to_owned())).unwrap();
}

/// What the scanner asked for, and the last text that each field was left with.
#[track_caller]
fn scanned(phone: &Phone) -> (Option<String>, Vec<(Field, String)>) {
    let (mut scanned, mut texts) = (None, Vec::new());
    for intent in phone.sent() {
        if let Intent::ScanKeyed { text, .. } = intent {
            assert_eq!(scanned.replace(text.into_inner()), None);
        } else if let Intent::Fill { field, text, .. } = intent {
            assert_eq!(scanned, None, "a field is filled after the scan");
            texts.retain(|(other, _)| *other != field);
            texts.push((field, text));
        } else {
            panic!("a scanner asked for {intent:?}");
        }
    }
    (scanned, texts)
}

#[test]
fn a_document_is_read_wherever_the_focus_is_and_the_field_keeps_its_own_text() {
    let zone = format!("{FIRST}\n{SECOND}");
    let phone = at_a_check(&[(Field::Plate, "AB-1")]);
    scan(&phone, &zone);
    assert_eq!(scanned(&phone), (Some(zone.clone()), Vec::new()));
    tap(&phone, "Immatriculation");
    scan(&phone, &zone);
    let (read, texts) = scanned(&phone);
    assert_eq!(read, Some(zone));
    assert_eq!(texts, [(Field::Plate, "AB-1".to_owned())]);
    assert_eq!(phone.value("Immatriculation"), "AB-1");
}

#[test]
fn a_plate_and_a_seal_are_read_from_the_frame_and_the_person_is_shown() {
    let phone = at_a_check(&[]);
    for code in [
        "AB123CD",
        "DC04FR0500011DF71DF80701FR62DUPONT LE\u{1d}63JEAN\u{1f}SIGNATURE",
    ] {
        phone.press("Cadre");
        phone.sent();
        scan(&phone, code);
        assert_eq!(scanned(&phone), (Some(code.to_owned()), Vec::new()));
        assert!(phone.says("Immatriculation"), "the tab of the person is open");
    }
}

#[test]
fn what_the_terminal_reads_is_shown_in_the_field_that_the_scanner_typed_into() {
    let phone = at_a_check(&[]);
    tap(&phone, "Immatriculation");
    scan(&phone, "AB123CD");
    let read = sample::draft(ActKind::IdentityCheck, &[(Field::Plate, "AB-123-CD")]);
    phone.see(&View::Draft(Box::new(read)));
    assert_eq!(phone.value("Immatriculation"), "AB-123-CD");
}

#[test]
fn a_hand_that_types_the_same_types_a_text() {
    let phone = at_a_check(&[]);
    tap(&phone, "Immatriculation");
    for key in "AB123CD\n".chars() {
        type_key(&phone, key);
        mock_elapsed_time(Duration::from_millis(80));
    }
    assert_eq!(
        scanned(&phone),
        (None, vec![(Field::Plate, "AB123CD".to_owned())])
    );
}

#[test]
fn a_code_of_a_shop_is_text_in_a_field_and_said_to_be_unknown_elsewhere() {
    let phone = at_a_check(&[]);
    tap(&phone, "Immatriculation");
    scan(&phone, "3017620422003");
    let (read, texts) = scanned(&phone);
    assert_eq!((read, texts.len()), (None, 1));
    assert_eq!(texts[0].1, "3017620422003");
    let phone = at_a_check(&[]);
    scan(&phone, "3017620422003");
    assert_eq!(scanned(&phone), (Some("3017620422003".to_owned()), Vec::new()));
}

#[test]
fn each_bad_scan_says_what_to_do() {
    for (problem, title) in [
        (ScanProblem::Misread, "Lecture à refaire"),
        (ScanProblem::Unfinished, "Il manque des lignes"),
        (ScanProblem::Foreign, "Code inconnu"),
    ] {
        let phone = at_a_check(&[]);
        let mut view = sample::draft(ActKind::IdentityCheck, &[]);
        view.scan = Some(ScanView::Unread(problem));
        phone.see(&View::Draft(Box::new(view)));
        assert!(phone.says(title), "{problem:?}");
    }
}

#[test]
fn lines_that_do_not_come_are_missed_and_lines_that_come_are_one_document() {
    let phone = at_a_check(&[]);
    scan(&phone, FIRST);
    assert_eq!(scanned(&phone), (None, Vec::new()));
    mock_elapsed_time(Duration::from_millis(600));
    let (read, _) = scanned(&phone);
    assert_eq!(read.unwrap().trim_end(), FIRST);
    scan(&phone, FIRST);
    mock_elapsed_time(Duration::from_millis(120));
    scan(&phone, SECOND);
    mock_elapsed_time(Duration::from_millis(600));
    assert_eq!(scanned(&phone), (Some(format!("{FIRST}\n{SECOND}")), Vec::new()));
}

#[test]
fn a_scan_presses_nothing_that_has_the_focus() {
    let phone = at_a_check(&[]);
    let tab: slint::SharedString = Key::Tab.into();
    for _ in 0..3 {
        let window = phone.app.window();
        window.dispatch_event(WindowEvent::KeyPressed { text: tab.clone() });
        window.dispatch_event(WindowEvent::KeyReleased { text: tab.clone() });
        phone.settle();
        scan(&phone, "DC04FR0500011DF71DF80701FR62DUPONT LE BEAU\u{1f}X");
        assert!(scanned(&phone).0.is_some());
        assert_eq!(phone.screen(), Some(Screen::IdentityCheck));
    }
}

#[test]
fn the_code_of_a_camera_pairs_it() {
    let phone = Phone::unlocked();
    phone.see(&View::Camera(CameraView {
        state: CameraState::NotPaired,
        ..sample::camera()
    }));
    phone.open(Screen::Camera);
    phone.sent();
    for tapped in [false, true] {
        if tapped {
            tap(&phone, "Invitation de la caméra");
        }
        scan(&phone, "neocam:1:cam-7:AAAA");
        let asked = phone.only_sent();
        assert!(matches!(asked, Intent::PairCamera { invitation } if invitation == "neocam:1:cam-7:AAAA"));
        assert_eq!(phone.value("Invitation de la caméra"), "");
    }
}
