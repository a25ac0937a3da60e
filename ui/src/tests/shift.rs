//! Service, intervention and home.

use domain::CameraId;
use domain::dialogue::{HomeView, Intent, Network, Notice, View};
use domain::intervention::Outcome;
use domain::record::ActKind;
use domain::service::{CameraCheck, Checks, ClockCheck};

use super::{Phone, Screen, sample};

fn home(view: HomeView) -> View {
    View::Home(Box::new(view))
}

#[test]
fn crew_and_opj_leave_as_typed_and_the_service_leads_home() {
    let phone = Phone::new().unwrap();
    phone.open(Screen::Service);
    phone.fill("Équipage", "2345678 3456789");
    phone.fill("OPJ de permanence", "7654321");
    phone.fill("Indicatif radio", "TV ALPHA 12");
    phone.fill("Immatriculation du véhicule de service", "ab123cd");
    phone.press("Prendre le service");
    let Intent::StartService { crew, opj, vehicle } = phone.only_sent() else {
        panic!("not a service");
    };
    assert_eq!((crew.as_str(), opj.as_str()), ("2345678 3456789", "7654321"));
    let vehicle = vehicle.unwrap();
    assert_eq!(
        (vehicle.call_sign.as_str(), vehicle.plate.as_str()),
        ("TV ALPHA 12", "ab123cd")
    );
    phone.see(&home(sample::home()));
    assert!(phone.says("Accueil"));
}

/// Nobody is in service yet.
fn before(checks: Checks) -> Phone {
    let phone = Phone::unlocked();
    phone.see(&home(HomeView {
        service: None,
        intervention: None,
        checks: Some(checks),
        crew_by_card: vec!["RIO 2345678".to_owned()],
        ..sample::home()
    }));
    phone.open(Screen::Service);
    phone
}

fn checks(clock: ClockCheck, camera: CameraCheck) -> Checks {
    Checks {
        clock,
        room: true,
        lists_of: None,
        waiting: 3,
        camera,
        unread: 0,
    }
}

#[test]
fn the_terminal_and_the_camera_are_looked_at_before_the_shift() {
    let camera = CameraId::parse("cam-000042").unwrap();
    let met = CameraCheck::Met {
        camera: camera.clone(),
        battery: 87,
        free: 48_000_000_000,
    };
    let phone = before(checks(ClockCheck::Right, met));
    assert_eq!(phone.value("Heure du terminal"), "Juste");
    assert_eq!(phone.value("Mémoire"), "Suffisante");
    assert_eq!(phone.value("Listes hors ligne"), "Aucune");
    assert_eq!(phone.value("Actes à envoyer"), "3");
    assert_eq!(phone.value("Caméra-piéton"), "87\u{a0}% de charge, 48 Go libres");
    let phone = before(checks(ClockCheck::Off(-61_000), CameraCheck::NotMet(camera)));
    assert_eq!(
        phone.value("Heure du terminal"),
        "Fausse de 2\u{a0}min\u{a0}: remettez-la"
    );
    phone.press("Contrôler la caméra");
    assert!(matches!(phone.only_sent(), Intent::ListClips));
}

#[test]
fn a_colleague_is_added_by_card_and_named_before_the_shift() {
    let phone = before(checks(ClockCheck::Untold, CameraCheck::NotPaired));
    assert_eq!(phone.value("Ajoutés par carte"), "RIO\u{a0}2345678");
    phone.press("Ajouter un équipier par sa carte");
    assert!(matches!(phone.only_sent(), Intent::AwaitCrewCard));
    phone.see(&home(HomeView {
        service: None,
        intervention: None,
        awaits_card: true,
        ..sample::home()
    }));
    assert!(phone.says("Présentez la carte du collègue"));
    phone.see(&View::Notice(Notice::CrewCardUnknown));
    assert!(phone.says("Saisissez le matricule du collègue."));
}

#[test]
fn the_end_of_service_is_asked_for() {
    let phone = Phone::unlocked();
    phone.open(Screen::Service);
    assert_eq!(phone.value("OPJ de permanence"), "RIO 7654321");
    phone.press("Fin de service");
    assert!(matches!(phone.only_sent(), Intent::EndService));
}

#[test]
fn an_intervention_is_opened_arrived_at_and_closed() {
    let phone = Phone::new().unwrap();
    let opened = HomeView {
        intervention: None,
        ..sample::home()
    };
    phone.see(&home(opened));
    phone.open(Screen::Intervention);
    phone.fill("Lieu", "12 rue de la République");
    phone.fill("Numéro du centre opérationnel", "CIC-2026-4411");
    phone.press("Ouvrir l’intervention");
    let Intent::OpenIntervention { id, number, place } = phone.only_sent() else {
        panic!("not an intervention");
    };
    assert_eq!(
        (id, number.as_str(), place.as_str()),
        (None, "CIC-2026-4411", "12 rue de la République")
    );

    let mut on_the_way = sample::home();
    if let Some(intervention) = &mut on_the_way.intervention {
        intervention.on_scene = None;
    }
    phone.see(&home(on_the_way));
    phone.open(Screen::Intervention);
    assert_eq!(phone.value("Arrivée"), "Pas encore sur place");
    phone.press("Arrivé sur place");
    assert!(matches!(phone.only_sent(), Intent::ArriveOnScene));

    phone.see(&home(sample::home()));
    phone.press("Rien à signaler");
    phone.press("Clore l’intervention");
    let closed = Intent::CloseIntervention {
        outcome: Outcome::NothingToReport,
    };
    assert_eq!(domain::encode(&phone.only_sent()), domain::encode(&closed));
}

#[test]
fn home_counts_what_waits_what_is_received_and_what_is_refused() {
    let phone = Phone::unlocked();
    assert_eq!(phone.value("En attente"), "3");
    assert_eq!(phone.value("Reçus"), "12");
    assert_eq!(phone.value("Refusés"), "1");
    assert!(phone.says("Dernier accusé du commandement\u{a0}: 12/03/2026 à 20\u{a0}h\u{a0}40"));
    for (network, words) in [
        (Network::Offline, "Hors réseau"),
        (Network::Connecting, "Connexion…"),
        (Network::Online, "En ligne"),
    ] {
        phone.see(&home(HomeView {
            network,
            ..sample::home()
        }));
        assert!(phone.says(words));
    }
}

#[test]
fn each_act_is_started_from_home_and_its_form_opens_when_it_exists() {
    for (label, kind, form) in [
        (
            "Contrôler une identité",
            ActKind::IdentityCheck,
            "Signer le contrôle",
        ),
        ("PV", ActKind::Pv, "Acte établi\u{a0}: Constatations"),
        (
            "Plainte",
            ActKind::Plainte,
            "Une plainte se reçoit sans condition",
        ),
    ] {
        let phone = Phone::new().unwrap();
        phone.see(&home(sample::home()));
        phone.open(Screen::Home);
        phone.press(label);
        let started = Intent::StartDraft { id: None, kind };
        assert_eq!(domain::encode(&phone.only_sent()), domain::encode(&started));
        assert!(phone.says("Accueil"), "the form waits for its draft");
        phone.see(&View::Draft(Box::new(sample::draft(kind, &[]))));
        assert!(phone.says(form));
    }
}

#[test]
fn a_draft_is_opened_again_by_its_title() {
    let phone = Phone::unlocked();
    phone.press("Vol à l’étalage, GIFI Montreuil");
    let opened = Intent::OpenDraft {
        draft: sample::act(3),
    };
    assert_eq!(domain::encode(&phone.only_sent()), domain::encode(&opened));
}

#[test]
fn the_terminal_is_locked_from_home() {
    let phone = Phone::unlocked();
    phone.press("Verrouiller");
    assert!(matches!(phone.only_sent(), Intent::Lock));
}
