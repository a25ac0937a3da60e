//! Recordings on the screens: one tap puts one in a category, and an act asks whether one belongs to it.

use domain::ClipId;
use domain::dialogue::{HomeView, Intent, LinkOffer, RecordingLine, View, Wish};
use domain::footage::custody::{Category, Reminder};
use domain::record::ActKind;
use domain::{ActNumber, Sensitive};

use super::{Phone, Screen, sample};

pub(super) const FIRST: ClipId = ClipId::from_bytes([0xc1; 16]);
const SECOND: ClipId = ClipId::from_bytes([0xc2; 16]);

pub(super) fn recording(clip: ClipId, category: Option<Category>) -> RecordingLine {
    RecordingLine {
        clip,
        started: sample::at(0).utc,
        seconds: 125,
        until: sample::at(60).utc,
        of_this_service: true,
        received: false,
        category,
        note: None,
        bookmarks: Vec::new(),
        links: Vec::new(),
        hold: None,
        incident: FIRST,
        grouped: false,
        waiting: 0,
        refused: None,
        reminder: None,
    }
}

fn home(recordings: Vec<RecordingLine>, link_offer: Option<LinkOffer>) -> View {
    View::Home(Box::new(HomeView {
        recordings,
        link_offer,
        ..sample::home()
    }))
}

fn said(phone: &Phone) -> (ClipId, Wish) {
    let Intent::SayOfRecording { clip, said } = phone.only_sent() else {
        panic!("nothing was said of a recording")
    };
    (clip, said)
}

#[test]
fn one_recording_alone_is_two_taps_away_from_its_category() {
    let phone = Phone::unlocked();
    phone.see(&home(vec![recording(FIRST, None)], None));
    phone.press("1 vidéo sans catégorie");
    phone.press("Violences intrafamiliales");
    assert_eq!(said(&phone), (FIRST, Wish::Category(Category::DomesticViolence)));
    phone.see(&home(
        vec![recording(FIRST, Some(Category::DomesticViolence))],
        None,
    ));
    assert!(phone.says("Changer la catégorie"));
    phone.fill("Instant du signet", "1:05");
    phone.press("Poser un signet");
    assert_eq!(said(&phone), (FIRST, Wish::Bookmark("1:05".to_owned())));
    phone.fill("Note sur la vidéo", "porte du hall forcée");
    phone.press("Garder la note");
    let note = Sensitive::new("porte du hall forcée".to_owned());
    assert_eq!(said(&phone), (FIRST, Wish::Note(note)));
    phone.press("Garder pour une procédure");
    phone.fill("Numéro de procédure", "2026/000412");
    phone.press("Garder la vidéo");
    assert_eq!(said(&phone), (FIRST, Wish::Hold("2026/000412".to_owned())));
}

#[test]
fn recordings_in_a_row_are_offered_as_one_incident_and_those_that_go_soon_are_named() {
    let phone = Phone::unlocked();
    let soon = RecordingLine {
        reminder: Some(Reminder::TwoDays),
        ..recording(SECOND, Some(Category::Check))
    };
    phone.see(&home(vec![recording(FIRST, None), soon], None));
    assert!(phone.says("Vidéo effacée dans moins de 2 jours"));
    phone.open(Screen::Camera);
    phone.press("Regrouper en un incident");
    assert_eq!(said(&phone), (FIRST, Wish::Group));
    phone.open(Screen::Service);
    assert!(phone.says("1 vidéo sans catégorie"));
}

#[test]
fn a_signed_act_asks_and_no_is_the_first_answer() {
    let phone = Phone::unlocked();
    let offer = LinkOffer {
        act: sample::act(4),
        kind: ActKind::Pve,
        number: ActNumber {
            year: 2026,
            serial: 123,
        },
        clips: vec![FIRST],
    };
    phone.see(&home(vec![recording(FIRST, None)], Some(offer.clone())));
    phone.press("Non, ne rien rattacher");
    assert!(matches!(phone.only_sent(), Intent::LeaveUnlinked));
    phone.see(&home(vec![recording(FIRST, None)], Some(offer)));
    phone.press("Rattacher la vidéo");
    assert_eq!(said(&phone), (FIRST, Wish::Link(sample::act(4))));
    phone.see(&home(vec![recording(FIRST, None)], None));
    assert!(!phone.says("Non, ne rien rattacher"));
}
