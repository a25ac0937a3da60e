//! Service, intervention and home.

use domain::dialogue::{HomeView, Intent, Network, View};
use domain::intervention::Outcome;
use domain::record::ActKind;

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
    phone.press("Prendre le service");
    let Intent::StartService { crew, opj } = phone.only_sent() else {
        panic!("not a service");
    };
    assert_eq!((crew.as_str(), opj.as_str()), ("2345678 3456789", "7654321"));
    phone.see(&home(sample::home()));
    assert!(phone.says("Accueil"));
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
