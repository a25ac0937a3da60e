//! The viewfinder over the screens: from "add a photograph" to one that is kept, with a camera or without.

use std::cell::RefCell;
use std::rc::Rc;
use std::sync::mpsc::{Receiver, TryRecvError};
use std::time::Duration;

use domain::dialogue::{DraftView, Intent, LockView, View};
use domain::photo::Picture;
use domain::viewfinder::{Fault, Frame, Shoot, Shot, Sight};
use drawn::{Mode, Theme, ViewfinderAdapter};
use i_slint_backend_testing::mock_elapsed_time;
use slint::{ComponentHandle, LogicalSize};

use super::{Phone, Screen, sample};
use crate::Sights;
use crate::screens;
use crate::viewfinder::Shutter;

/// Where a look goes, and its other ends.
type Look = (&'static str, Receiver<Shoot>, Sights);

/// Every look that the screen began.
#[derive(Clone, Default)]
struct Cameras(Rc<RefCell<Vec<Look>>>);

impl Cameras {
    fn with(&self, whence: &'static str) -> impl Fn(Receiver<Shoot>, Sights) + 'static {
        let looks = Rc::clone(&self.0);
        move |orders, sights| looks.borrow_mut().push((whence, orders, sights))
    }

    fn looks(&self) -> Vec<&'static str> {
        self.0.borrow().iter().map(|(whence, ..)| *whence).collect()
    }

    fn shows(&self, phone: &Phone, sight: Sight) {
        self.0.borrow().last().unwrap().2.show(sight);
        phone.app.global::<ViewfinderAdapter<'_>>().invoke_see();
        phone.settle();
    }

    fn was_ordered(&self) -> bool {
        self.0.borrow().last().unwrap().1.try_recv() == Ok(Shoot)
    }

    /// The device is open as long as the screen holds the other end.
    fn is_open(&self) -> bool {
        self.0.borrow().last().unwrap().1.try_recv() != Err(TryRecvError::Disconnected)
    }
}

fn grey(luma: u8) -> Sight {
    Sight::Frame(Frame::new(4, 3, vec![luma; 36]).unwrap())
}

fn taken() -> Sight {
    Sight::Taken(Shot {
        name: "photo-20260312-214000.jpg".to_owned(),
        picture: Picture(vec![0xff, 0xd8, 7]),
        preview: Frame::new(4, 3, vec![200; 36]).unwrap(),
    })
}

/// A PVe at its circumstances.
fn phone(shutter: Shutter) -> Phone {
    let phone = Phone::unlocked();
    let sent = Rc::clone(&phone.sent);
    let intents: screens::Intents = Rc::new(move |intent| sent.borrow_mut().push(intent));
    screens::viewfinder::connect(&phone.app, &intents, shutter);
    phone.see(&View::Draft(Box::new(sample::pve())));
    phone.open(Screen::Pve);
    phone.press("Circonstances");
    phone
}

fn aiming() -> (Phone, Cameras) {
    let cameras = Cameras::default();
    let phone = phone(Shutter::default().with_camera(cameras.with("camera")));
    phone.press("Ajouter une photo");
    (phone, cameras)
}

#[test]
fn a_photograph_is_aimed_taken_judged_and_kept() {
    let (phone, cameras) = aiming();
    assert!(phone.says("Ouverture de l’appareil photo…"));
    phone.press("Prendre la photo");
    assert!(!cameras.was_ordered(), "nothing is seen yet");
    cameras.shows(&phone, grey(120));
    assert!(
        phone.says("Ce que voit l’appareil photo")
            && phone.says("Cadrez entre les coins, puis prenez la photo.")
    );
    phone.press("Prendre la photo");
    assert!(cameras.was_ordered() && phone.says("Ne bougez pas…"));
    phone.press("Prendre la photo");
    assert!(!cameras.was_ordered(), "one tap, one picture");
    cameras.shows(&phone, taken());
    assert!(phone.says("La photo prise") && !cameras.is_open());
    assert!(
        phone.sent().is_empty(),
        "nothing is kept before the officer says so"
    );
    phone.press("Garder la photo");
    let kept = Intent::AttachPhoto {
        draft: sample::pve().draft,
        name: "photo-20260312-214000.jpg".to_owned(),
        picture: Picture(vec![0xff, 0xd8, 7]),
    };
    assert_eq!(domain::encode(&phone.only_sent()), domain::encode(&kept));
    assert!(!phone.says("La photo prise") && phone.says("Ajouter une photo"));
    assert_eq!(picture_width(&phone), 0);
}

fn picture_width(phone: &Phone) -> u32 {
    phone
        .app
        .global::<ViewfinderAdapter<'_>>()
        .get_picture()
        .size()
        .width
}

#[test]
fn a_bad_photograph_is_taken_again() {
    let (phone, cameras) = aiming();
    cameras.shows(&phone, grey(120));
    cameras.shows(&phone, taken());
    phone.press("Reprendre");
    assert_eq!(
        (cameras.looks(), picture_width(&phone)),
        (vec!["camera", "camera"], 0)
    );
    assert!(phone.says("Ouverture de l’appareil photo…") && cameras.is_open());
    assert!(phone.sent().is_empty());
}

#[test]
fn giving_up_at_any_moment_keeps_nothing_and_closes_the_camera() {
    for sights in [
        vec![],
        vec![grey(120)],
        vec![taken()],
        vec![Sight::Failed(Fault::Busy)],
    ] {
        let (phone, cameras) = aiming();
        for sight in sights {
            cameras.shows(&phone, sight);
        }
        phone.press("Annuler");
        assert!(!cameras.is_open() && phone.sent().is_empty());
        assert!(phone.says("Ajouter une photo") && !phone.says("Annuler"));
        assert_eq!(picture_width(&phone), 0);
    }
}

#[test]
fn the_lock_closes_the_camera_and_leaves_no_picture() {
    for last in [grey(120), taken()] {
        let (phone, cameras) = aiming();
        cameras.shows(&phone, grey(90));
        cameras.shows(&phone, last);
        phone.see(&View::Lock(LockView { ..sample::locked() }));
        assert!(!cameras.is_open());
        assert_eq!(picture_width(&phone), 0);
        assert!(phone.says("Déverrouiller") && !phone.says("Annuler"));
        assert!(phone.sent().is_empty());
    }
}

#[test]
fn hiding_the_window_closes_the_camera_and_leaves_no_picture() {
    let (phone, cameras) = aiming();
    cameras.shows(&phone, grey(120));
    mock_elapsed_time(Duration::from_millis(600));
    assert!(cameras.is_open());
    phone.app.window().set_minimized(true);
    mock_elapsed_time(Duration::from_millis(600));
    assert!(!cameras.is_open());
    assert_eq!(picture_width(&phone), 0);
}

#[test]
fn closing_the_window_closes_the_camera() {
    let (phone, cameras) = aiming();
    cameras.shows(&phone, grey(120));
    drop(phone);
    assert!(!cameras.is_open());
}

#[test]
fn a_dark_scene_asks_for_light() {
    let (phone, cameras) = aiming();
    let hint = "Image sombre\u{a0}: faites de la lumière";
    cameras.shows(&phone, grey(120));
    assert!(!phone.says(hint));
    cameras.shows(&phone, grey(12));
    assert!(phone.says(hint));
    cameras.shows(&phone, grey(120));
    assert!(!phone.says(hint));
}

#[test]
fn every_fault_says_what_to_do_and_can_be_tried_again() {
    for (fault, title, text) in [
        (
            Fault::NoCamera,
            "Pas d’appareil photo",
            "Le terminal n’en trouve aucun. Branchez-en un, puis réessayez.",
        ),
        (
            Fault::Busy,
            "Appareil photo occupé",
            "Un autre programme s’en sert. Fermez-le, puis réessayez.",
        ),
        (
            Fault::Denied,
            "Accès à l’appareil photo refusé",
            "Le système ne l’ouvre pas à ce programme. Demandez l’accès au gestionnaire des terminaux, puis réessayez.",
        ),
        (
            Fault::Lost,
            "L’appareil photo ne répond pas",
            "Réessayez. S’il ne répond toujours pas, débranchez-le et rebranchez-le, ou redémarrez le terminal.",
        ),
        (
            Fault::NoPicture,
            "Aucune image dans le dossier",
            "Prenez d’abord une photo avec l’appareil qui remplit ce dossier, puis réessayez.",
        ),
        (
            Fault::Unreadable,
            "Image illisible",
            "Ce n’est pas une image JPEG ou PNG entière. Reprenez la photo, puis réessayez.",
        ),
        (
            Fault::TooLarge,
            "Photographie trop lourde",
            "Une photographie pèse au plus 32\u{a0}Mo. Reprenez-la en plus petit.",
        ),
    ] {
        let (phone, cameras) = aiming();
        cameras.shows(&phone, Sight::Failed(fault));
        assert!(phone.says(title) && phone.says(text), "{fault:?}");
        assert!(!phone.says("Prendre la photo") && !phone.says("Prendre l’image du dossier"));
        assert!(!cameras.is_open());
        phone.press("Réessayer");
        assert_eq!(cameras.looks().len(), 2);
        cameras.shows(&phone, grey(120));
        assert!(!phone.says(title) && phone.says("Ce que voit l’appareil photo"));
    }
}

#[test]
fn a_camera_that_never_answers_is_given_up() {
    let (phone, cameras) = aiming();
    for _ in 0..15 {
        mock_elapsed_time(Duration::from_millis(500));
    }
    assert!(cameras.is_open());
    for _ in 0..2 {
        mock_elapsed_time(Duration::from_millis(500));
    }
    assert!(phone.says("L’appareil photo ne répond pas") && !cameras.is_open());
}

#[test]
fn where_no_camera_opens_the_folder_still_gives_a_picture() {
    let cameras = Cameras::default();
    let shutter = Shutter::default()
        .with_camera(cameras.with("camera"))
        .with_files(cameras.with("files"));
    let phone = phone(shutter);
    phone.press("Ajouter une photo");
    cameras.shows(&phone, Sight::Failed(Fault::NoCamera));
    phone.press("Prendre l’image du dossier");
    assert_eq!(cameras.looks(), ["camera", "files"]);
    cameras.shows(&phone, taken());
    phone.press("Relire");
    assert_eq!(cameras.looks(), ["camera", "files", "files"]);
    cameras.shows(&phone, taken());
    phone.press("Garder la photo");
    assert!(matches!(phone.only_sent(), Intent::AttachPhoto { .. }));
}

#[test]
fn a_terminal_with_a_folder_alone_shows_its_picture_before_it_is_kept() {
    let cameras = Cameras::default();
    let phone = phone(Shutter::default().with_files(cameras.with("files")));
    phone.press("Ajouter une photo");
    assert!(phone.says("Lecture du dossier…") && cameras.looks() == ["files"]);
    cameras.shows(&phone, taken());
    assert!(phone.says("La photo prise") && phone.sent().is_empty());
}

#[test]
fn a_terminal_without_both_takes_no_photographs() {
    let phone = phone(Shutter::default());
    assert!(!phone.says("Ajouter une photo"));
}

#[test]
fn a_photograph_goes_to_the_draft_that_it_was_opened_for() {
    let (phone, cameras) = aiming();
    cameras.shows(&phone, taken());
    phone.see(&View::Draft(Box::new(DraftView {
        draft: sample::act(9),
        ..sample::pve()
    })));
    phone.press("Garder la photo");
    assert!(matches!(phone.only_sent(), Intent::AttachPhoto { draft, .. } if draft == sample::pve().draft));
}

#[test]
fn the_buttons_are_low_and_large_whichever_way_the_phone_is_held() {
    for (width, height) in [
        (360.0, 780.0),
        (320.0, 480.0),
        (780.0, 360.0),
        (800.0, 1280.0),
        (320.0, 320.0),
    ] {
        let (phone, cameras) = aiming();
        phone.app.window().set_size(LogicalSize::new(width, height));
        cameras.shows(&phone, grey(120));
        let shutter = phone.get("Prendre la photo");
        assert!(shutter.size().width >= 64.0 && shutter.size().height >= 64.0);
        let give_up = phone.get("Annuler");
        for button in [&shutter, &give_up] {
            let (at, size) = (button.absolute_position(), button.size());
            assert!(
                size.height >= 48.0 && at.y > height / 2.0,
                "{width} × {height}: {at:?} {size:?}"
            );
            assert!(at.y + size.height <= height && at.x + size.width <= width && at.x >= 0.0);
        }
        let picture = phone.get("Ce que voit l’appareil photo");
        let (at, size) = (picture.absolute_position(), picture.size());
        assert!((size.width / size.height - 4.0 / 3.0).abs() < 0.02, "{size:?}");
        assert!(size.width >= 120.0 && at.x >= -0.5 && at.y >= -0.5);
    }
}

#[test]
fn at_night_the_picture_is_red_alone() {
    let (phone, cameras) = aiming();
    for (mode, pixel) in [(Mode::Light, [120; 3]), (Mode::Night, [120, 0, 0])] {
        phone.app.global::<Theme<'_>>().set_chosen(mode);
        cameras.shows(&phone, grey(120));
        let picture = phone.app.global::<ViewfinderAdapter<'_>>().get_picture();
        let drawn = picture.to_rgb8().unwrap().as_bytes()[..3].to_vec();
        assert_eq!(drawn, pixel);
    }
}
