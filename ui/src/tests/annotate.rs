//! A finger over a photograph: each mark is kept at once, the last is taken back, and nothing is drawn over what is locked.

use domain::Digest;
use domain::dialogue::{DraftState, DraftView, Intent, PhotoLine, PhotoView, View};
use domain::photo::{MAX_MARKS, Mark, Marks, Spot};
use domain::viewfinder::Frame;

use super::{Phone, Screen, sample};
use crate::fingers::Touch;

const GLASS: &str = "Photo à annoter\u{a0}: plaque.jpg";

fn plate() -> Digest {
    Digest::of(b"plate")
}

pub(super) fn draft(marks: u8) -> DraftView {
    DraftView {
        photos: vec![PhotoLine {
            name: "plaque.jpg".to_owned(),
            sha256: plate(),
            bytes: 3_456_789,
            shows: None,
            marks,
        }],
        ..sample::pve()
    }
}

pub(super) fn opened(marks: Marks) -> PhotoView {
    PhotoView {
        draft: sample::pve().draft,
        sha256: plate(),
        picture: Frame::new(40, 30, [90, 120, 60].repeat(40 * 30)),
        marks,
    }
}

/// The photograph is open, over the step that lists it.
fn annotating(marks: Marks) -> Phone {
    let phone = listed(&draft(u8::try_from(marks.len()).unwrap()));
    phone.press("Annoter plaque.jpg");
    let Intent::OpenPhoto { draft, sha256 } = phone.only_sent() else {
        panic!("no photograph is asked for")
    };
    assert_eq!((draft, sha256), (sample::pve().draft, plate()));
    assert!(!phone.says(GLASS), "nothing is open before its picture came");
    phone.see(&View::Photo(opened(marks)));
    // As a telephone is held.
    phone.hold(false);
    phone
}

fn listed(draft: &DraftView) -> Phone {
    let phone = Phone::unlocked();
    phone.see(&View::Draft(Box::new(draft.clone())));
    phone.open(Screen::Pve);
    phone.press("Circonstances");
    phone.sent();
    phone
}

/// What the screen asks to keep.
#[track_caller]
fn kept(phone: &Phone) -> Vec<Mark> {
    let Intent::MarkPhoto { draft, sha256, marks } = phone.only_sent() else {
        panic!("nothing is kept")
    };
    assert_eq!((draft, sha256), (sample::pve().draft, plate()));
    marks.numbered().map(|(_, mark)| mark.clone()).collect()
}

fn wave(phone: &Phone) {
    phone.touch(&Touch::Draw(GLASS.to_owned())).unwrap();
}

#[test]
fn a_finger_draws_a_ring_a_number_and_a_line_and_takes_them_back_one_by_one() {
    let phone = annotating(Marks::default());
    assert_eq!(
        phone.get(GLASS).accessible_description().unwrap(),
        "Aucune annotation"
    );
    assert_eq!(phone.get("Annuler la dernière").accessible_enabled(), Some(false));

    wave(&phone);
    let drawn = kept(&phone);
    let [Mark::Ring { centre, radius }] = drawn[..] else {
        panic!("{drawn:?}")
    };
    // The finger came down 20 pixels from the left of 360, and left 200 pixels further.
    assert!((54..=57).contains(&centre.x()), "{centre:?}");
    assert!((540..=575).contains(&radius), "{radius}");

    phone.press("Numéro");
    wave(&phone);
    phone.press("Trait");
    wave(&phone);
    let sent = phone.sent();
    let [
        Intent::MarkPhoto { marks: two, .. },
        Intent::MarkPhoto { marks: three, .. },
    ] = &sent[..]
    else {
        panic!("{sent:?}")
    };
    let all: Vec<Mark> = three.numbered().map(|(_, mark)| mark.clone()).collect();
    let [Mark::Ring { .. }, Mark::Point(_), Mark::Stroke(stroke)] = &all[..] else {
        panic!("{all:?}")
    };
    assert!(stroke.len() > 10, "{} places", stroke.len());
    assert_eq!(&three.without_last(), two);
    assert_eq!(
        phone.get(GLASS).accessible_description().unwrap(),
        "3 annotations"
    );

    phone.press("Annuler la dernière");
    assert_eq!(kept(&phone), all[..2]);
    phone.press("Tout retirer");
    assert_eq!(kept(&phone), []);
    assert_eq!(
        phone.get(GLASS).accessible_description().unwrap(),
        "Aucune annotation"
    );

    phone.press("Terminé");
    phone.hold(true);
    assert!(!phone.says(GLASS) && phone.says("Annoter plaque.jpg"));
    assert!(phone.sent().is_empty(), "everything was kept before");
}

#[test]
fn what_was_drawn_before_is_there_and_the_list_says_how_much() {
    let point = |x| Mark::Point(Spot::new(x, 500).unwrap());
    let before = Marks::new(vec![point(100), point(200)]).unwrap();
    assert!(listed(&draft(2)).says("2 annotations") && listed(&draft(1)).says("1 annotation"));
    assert!(!listed(&draft(0)).says("0 annotation"));
    let phone = annotating(before);
    assert_eq!(
        phone.get(GLASS).accessible_description().unwrap(),
        "2 annotations"
    );
    phone.press("Annuler la dernière");
    assert_eq!(kept(&phone), [point(100)]);
}

#[test]
fn a_photograph_that_is_full_says_so_and_keeps_what_it_has() {
    let full = Marks::new(vec![Mark::Point(Spot::new(9, 9).unwrap()); MAX_MARKS]).unwrap();
    let phone = annotating(full);
    assert!(phone.says("Cette photo ne prend plus d’annotation\u{a0}: retirez-en une."));
    wave(&phone);
    assert!(phone.sent().is_empty());
    phone.press("Annuler la dernière");
    assert_eq!(kept(&phone).len(), MAX_MARKS - 1);
    assert!(phone.says("Posez le doigt au centre, puis écartez. Le fichier reste intact."));
}

#[test]
fn a_photograph_that_does_not_open_here_says_that_its_file_stays() {
    let phone = listed(&draft(0));
    phone.press("Annoter plaque.jpg");
    phone.see(&View::Photo(PhotoView {
        picture: None,
        ..opened(Marks::default())
    }));
    assert!(phone.says("Cette photo ne s’affiche pas ici. Son fichier reste joint tel quel."));
    assert!(!phone.says(GLASS) && !phone.says("Annuler la dernière"));
    phone.press("Terminé");
    assert!(phone.says("Annoter plaque.jpg"));
}

#[test]
fn a_photograph_closes_when_it_goes_and_when_nothing_may_be_drawn_any_more() {
    let gone = DraftView {
        photos: Vec::new(),
        ..draft(0)
    };
    let signing = DraftView {
        state: DraftState::Signing,
        ..draft(0)
    };
    for view in [gone, signing, sample::pv()] {
        let phone = annotating(Marks::default());
        phone.see(&View::Draft(Box::new(draft(0))));
        assert!(phone.says(GLASS));
        phone.see(&View::Draft(Box::new(view)));
        assert!(!phone.says(GLASS));
    }
    let phone = annotating(Marks::default());
    phone.see(&View::Lock(sample::locked()));
    assert!(!phone.says(GLASS));
    // One that comes after whoever asked for it has gone is not shown.
    let phone = listed(&draft(0));
    phone.see(&View::Photo(opened(Marks::default())));
    assert!(!phone.says(GLASS));
    let signed = listed(&DraftView {
        state: DraftState::Signing,
        ..draft(0)
    });
    assert!(!signed.says("Annoter plaque.jpg"));
}
