//! Looking at a recording: a purpose first, then pictures under a watermark, and what the signatures say of them.

use domain::dialogue::{
    FilmState, FilmView, HomeView, Intent, Stretch, StretchState, Thumbnail, Unplayable, View,
};
use domain::footage::Purpose;
use domain::viewfinder::Frame;

use super::recordings::{FIRST, recording};
use super::{Phone, sample};

fn frame() -> Frame {
    Frame::new(16, 9, [40, 80, 120].repeat(16 * 9)).unwrap()
}

fn stretch(from_ms: u64, to_ms: u64, state: StretchState) -> Stretch {
    Stretch {
        from_ms,
        to_ms,
        state,
    }
}

fn film(state: FilmState, stretches: Vec<Stretch>) -> FilmView {
    FilmView {
        clip: FIRST,
        purpose: Purpose::Rescue,
        state,
        started: sample::at(0).utc,
        position_ms: 65_000,
        length_ms: 125_000,
        playing: false,
        picture: (state == FilmState::Shown).then(frame),
        thumbnails: vec![Thumbnail {
            at_ms: 20_000,
            picture: frame(),
        }],
        stretches,
        viewer: "1234567".to_owned(),
        seen_at: sample::at(5),
    }
}

fn see(phone: &Phone, film: FilmView) {
    phone.see(&View::Film(Some(Box::new(film))));
}

fn at_the_recording() -> Phone {
    let phone = Phone::unlocked();
    let recordings = vec![recording(FIRST, None)];
    phone.see(&View::Home(Box::new(HomeView {
        recordings,
        ..sample::home()
    })));
    phone.press("1 vidéo sans catégorie");
    phone
}

#[test]
fn a_recording_opens_for_one_of_four_purposes_and_is_played_under_a_watermark() {
    let phone = at_the_recording();
    phone.press("Regarder la vidéo");
    phone.fill("Numéro de procédure, s’il y en a une", "2026/000412");
    phone.press("Secourir une personne");
    let Intent::ViewRecording {
        clip,
        purpose,
        procedure,
    } = phone.only_sent()
    else {
        panic!("no recording is asked for")
    };
    assert_eq!(
        (clip, purpose, procedure.as_str()),
        (FIRST, Purpose::Rescue, "2026/000412")
    );
    let whole = vec![stretch(0, 125_000, StretchState::Signed)];
    see(&phone, film(FilmState::Shown, whole));
    assert!(phone.says("Image à 1:05"));
    assert!(phone.says("Toutes les images\u{a0}: signée dans la vidéo, intacte"));
    phone.press("Lancer");
    assert!(matches!(phone.only_sent(), Intent::PlayFilm { playing: true }));
    phone.press("+ 10 s");
    assert!(matches!(phone.only_sent(), Intent::SeekFilm { at_ms: 75_000 }));
    phone.press("Aller à 0:20");
    assert!(matches!(
        phone.only_sent(),
        Intent::SeekFilm {
            at_ms: 19_990..=20_010
        }
    ));
    phone.press("Fermer la vidéo");
    assert!(matches!(phone.only_sent(), Intent::CloseFilm));
    phone.see(&View::Film(None));
    assert!(!phone.says("Image à 1:05"));
}

#[test]
fn damage_is_named_with_its_times_and_a_touch_leads_there() {
    let phone = at_the_recording();
    let damaged = vec![
        stretch(0, 40_000, StretchState::Signed),
        stretch(40_000, 42_000, StretchState::Modified),
        stretch(42_000, 125_000, StretchState::Signed),
    ];
    see(&phone, film(FilmState::Shown, damaged));
    assert!(!phone.says("Toutes les images\u{a0}: signée dans la vidéo, intacte"));
    phone.press("De 0:40 à 0:42");
    assert!(matches!(
        phone.only_sent(),
        Intent::SeekFilm {
            at_ms: 39_990..=40_010
        }
    ));
}

#[test]
fn what_cannot_be_shown_says_so_and_offers_nothing_to_play() {
    let phone = at_the_recording();
    for why in [
        Unplayable::NotAllowed,
        Unplayable::NotHere,
        Unplayable::SealedForHq,
        Unplayable::Codec,
        Unplayable::Damaged,
    ] {
        see(&phone, film(FilmState::Unplayable(why), Vec::new()));
        assert!(phone.says("Cette vidéo ne se regarde pas ici"), "{why:?}");
        assert!(!phone.says("Lancer"), "{why:?}");
    }
}
