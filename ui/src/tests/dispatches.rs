//! What the operations centre proposes on the home screen, and the steps of the intervention that it becomes.

use domain::InterventionId;
use domain::dialogue::{DispatchLine, HomeView, Intent, Notice, View};
use domain::intervention::{About, Account, Doubt, Matter, OperationsNumber, Origin, OutOfOrder, Step};
use domain::place::Place;
use domain::vehicle::Plate;

use super::{Phone, Screen, sample};

const CALL: InterventionId = InterventionId::from_bytes([0x11; 16]);
const READING: InterventionId = InterventionId::from_bytes([0x22; 16]);

fn home(view: HomeView) -> View {
    View::Home(Box::new(view))
}

fn proposed(dispatch: InterventionId, about: About) -> Phone {
    let phone = Phone::unlocked();
    phone.see(&home(HomeView {
        intervention: None,
        dispatches: vec![DispatchLine {
            dispatch,
            at: sample::EVENING,
            until: sample::EVENING.plus(7_200_000),
            about,
            read: false,
        }],
        ..sample::home()
    }));
    phone.open(Screen::Home);
    phone
}

fn call(danger: bool) -> About {
    About::Call {
        number: OperationsNumber::parse("CORG-29-4411").unwrap(),
        place: Place::parse("12 rue des Lilas").unwrap(),
        what: Matter::parse("tapage").unwrap(),
        danger,
    }
}

fn reading() -> About {
    About::Hit {
        plate: Plate::parse("AB-123-CD").unwrap(),
        place: Place::parse("A1, aire de Ressons").unwrap(),
        seen: sample::EVENING.plus(-600_000),
        reason: Matter::parse("véhicule signalé volé").unwrap(),
    }
}

#[test]
fn a_call_says_number_place_subject_and_hour_and_is_taken_or_not_by_one_press() {
    let phone = proposed(CALL, call(true));
    assert!(phone.says("Intervention proposée par le CIC/CORG"));
    assert_eq!(phone.value("Numéro"), "CORG-29-4411");
    assert_eq!(phone.value("Lieu"), "12 rue des Lilas");
    assert_eq!(phone.value("Objet"), "tapage");
    assert_eq!(phone.value("Proposée à"), "21\u{a0}h\u{a0}40");
    assert_eq!(phone.value("Affiché jusqu’à"), "23\u{a0}h\u{a0}40");
    phone.press("En route");
    assert!(matches!(phone.only_sent(), Intent::TakeDispatch { dispatch } if dispatch == CALL));
    let phone = proposed(CALL, call(false));
    phone.press("Pas disponible");
    assert!(matches!(phone.only_sent(), Intent::DeclineDispatch { dispatch } if dispatch == CALL));
}

#[test]
fn a_reading_is_to_be_verified_and_nowhere_called_confirmed() {
    let phone = proposed(READING, reading());
    assert!(phone.says("À vérifier – non confirmé"));
    assert!(!phone.says("Intervention proposée par le CIC/CORG"));
    assert_eq!(phone.value("Plaque lue"), "AB-123-CD");
    assert_eq!(phone.value("Vu à"), "21\u{a0}h\u{a0}30");
    phone.press("Vérifier sur place");
    assert!(matches!(phone.only_sent(), Intent::TakeDispatch { dispatch } if dispatch == READING));
    let phone = proposed(READING, reading());
    phone.press("Écarter");
    assert!(matches!(phone.only_sent(), Intent::DeclineDispatch { dispatch } if dispatch == READING));
    phone.see(&View::Notice(Notice::ToVerify));
    assert!(phone.says("Lecture de plaque ou radio, sur l’accueil. Rien n’est établi."));
}

#[test]
fn an_item_of_the_briefing_is_read_with_the_prise_de_service_and_stays_there() {
    let about = About::Briefing {
        title: Matter::parse("vols de deux-roues, secteur gare").unwrap(),
        text: Account::parse("Passages fréquents de 22 h à 2 h.").unwrap(),
    };
    let phone = proposed(READING, about);
    assert!(!phone.says("Intervention proposée par le CIC/CORG"));
    phone.press("1 consigne à lire");
    assert!(phone.says("vols de deux-roues, secteur gare"));
    assert!(phone.says("Passages fréquents de 22 h à 2 h."));
    phone.press("J’ai lu la consigne");
    assert!(matches!(phone.only_sent(), Intent::ReadBriefing { dispatch } if dispatch == READING));
}

#[test]
fn the_departure_is_said_once_and_the_notes_are_kept_as_typed() {
    let phone = Phone::unlocked();
    let mut on_call = sample::home();
    if let Some(line) = &mut on_call.intervention {
        (line.en_route, line.on_scene, line.origin) = (None, None, Origin::Pushed);
    }
    phone.see(&home(on_call.clone()));
    phone.open(Screen::Intervention);
    assert_eq!(phone.value("Départ"), "Non indiqué");
    phone.press("En route");
    assert!(matches!(phone.only_sent(), Intent::SetOut));
    phone.fill("Objet", "tapage nocturne");
    phone.fill("Notes de l’équipage", "porte close");
    phone.press("Garder l’objet et les notes");
    let Intent::DescribeIntervention { matter, account, .. } = phone.only_sent() else {
        panic!("not a description")
    };
    assert_eq!(
        (matter.as_str(), account.as_str()),
        ("tapage nocturne", "porte close")
    );
    // Nobody arrived: what is done at a place is not offered.
    phone.press("Clore sans arrivée sur place");
    assert!(phone.says("Rien à signaler") && !phone.says("Actes établis"));
}

#[test]
fn an_impossible_step_says_why_and_a_doubtful_time_says_which() {
    let phone = Phone::unlocked();
    phone.see(&View::Notice(Notice::OutOfOrder(OutOfOrder::NeverThere)));
    assert!(phone.says("Étape impossible"));
    let mut doubtful = sample::home();
    if let Some(line) = &mut doubtful.intervention {
        line.doubts = vec![Doubt {
            step: Step::OnScene,
            backwards: true,
        }];
        line.plates = vec!["AB-123-CD".into()];
        line.people = vec!["DURAND Marc".into()];
    }
    let phone = Phone::unlocked();
    phone.see(&home(doubtful));
    phone.open(Screen::Intervention);
    assert!(phone.says("Heure à vérifier\u{a0}: Arrivée"));
    assert_eq!(phone.value("Plaques"), "AB-123-CD");
    assert_eq!(phone.value("Personnes rencontrées"), "DURAND Marc");
}
