//! What the crew shares of interventions: joined with a tap, who has it, and two versions of which one is chosen.

use domain::dialogue::{
    CrewDifference, CrewLine, CrewStanding, CrewStep, CrewVersion, HomeView, Intent, Notice, View,
};
use domain::intervention::{EditId, Outcome, Point, Step};
use domain::{BootId, CopyId, InterventionId, Timestamp, UnixMs, Zone};

use super::{Phone, Screen, sample};

const MINE: CopyId = CopyId::from_bytes([1; 16]);
const THEIRS: CopyId = CopyId::from_bytes([2; 16]);

fn at(minutes: i64) -> Timestamp {
    Timestamp {
        utc: UnixMs(sample::EVENING.0 + minutes * 60_000),
        zone: Zone::Paris,
        offset_min: 60,
        boot: BootId::from_bytes([1; 16]),
        mono_ms: 0,
    }
}

fn intervention() -> InterventionId {
    sample::home().intervention.unwrap().id
}

fn line(standing: CrewStanding) -> CrewLine {
    CrewLine {
        intervention: intervention(),
        standing,
        by: "RIO 2345678".to_owned(),
        opened: at(0),
        others: vec!["RIO 2345678".to_owned()],
        number: Some("CORG-29-4411".to_owned()),
        place: "12 rue des Lilas".into(),
        matter: "tapage".into(),
        account: "Porte close.".into(),
        steps: Vec::new(),
        outcome: None,
        differing: Vec::new(),
        accounts_fit: true,
        nobody_reached: false,
    }
}

fn version(copy: CopyId, text: &str) -> CrewVersion {
    CrewVersion {
        id: EditId { copy, count: 7 },
        by: if copy == MINE {
            "RIO 1234567"
        } else {
            "RIO 2345678"
        }
        .to_owned(),
        at: at(5),
        text: text.into(),
        outcome: None,
        mine: copy == MINE,
    }
}

fn difference(point: Point, mine: &str, theirs: &str) -> CrewDifference {
    CrewDifference {
        point,
        versions: vec![version(MINE, mine), version(THEIRS, theirs)],
    }
}

fn seen(line: CrewLine, screen: Screen) -> Phone {
    let phone = Phone::unlocked();
    let offered = line.standing == CrewStanding::Offered;
    let home = sample::home();
    phone.see(&View::Home(Box::new(HomeView {
        intervention: home.intervention.clone().filter(|_| !offered),
        crew: vec![line],
        ..home
    })));
    phone.open(screen);
    phone
}

#[test]
fn an_intervention_of_the_crew_says_whose_where_and_what_and_one_tap_joins_it() {
    let phone = seen(line(CrewStanding::Offered), Screen::Home);
    assert!(phone.says("Intervention de votre équipage"));
    assert!(phone.says("Partagée par RIO 2345678. Un seul appui la rejoint."));
    assert_eq!(phone.value("Numéro"), "CORG-29-4411");
    assert_eq!(phone.value("Lieu"), "12 rue des Lilas");
    assert_eq!(phone.value("Objet"), "tapage");
    assert_eq!(phone.value("Notes de l’équipage"), "Porte close.");
    phone.press("Rejoindre l’intervention");
    let joined = phone.only_sent();
    assert!(matches!(joined, Intent::JoinIntervention { intervention: one } if one == intervention()));
}

#[test]
fn two_versions_say_who_and_when_and_a_press_chooses_one_or_keeps_both_notes() {
    for screen in [Screen::Home, Screen::Intervention] {
        let mut differing = line(CrewStanding::Current);
        differing.differing = vec![
            difference(Point::Place, "14 rue des Lilas", "16 rue des Lilas"),
            difference(Point::Account, "Porte close.", "Témoin au 3e."),
        ];
        let phone = seen(differing.clone(), screen);
        assert!(phone.says("Lieu\u{a0}: deux versions"));
        assert!(phone.says("16 rue des Lilas") && phone.says("14 rue des Lilas"));
        phone.press("Lieu\u{a0}: version de RIO 2345678");
        let Intent::ChooseVersion { version, .. } = phone.only_sent() else {
            panic!("nothing chosen")
        };
        assert_eq!(
            version,
            EditId {
                copy: THEIRS,
                count: 7
            }
        );
        phone.press("Notes\u{a0}: ma version");
        assert!(matches!(phone.only_sent(), Intent::ChooseVersion { version, .. } if version.copy == MINE));
        phone.press("Garder les deux notes à la suite");
        assert!(matches!(phone.only_sent(), Intent::KeepAccounts { .. }));
        // Notes that are too long together are not offered so.
        differing.accounts_fit = false;
        let phone = seen(differing, screen);
        assert!(!phone.says("Garder les deux notes à la suite"));
    }
}

#[test]
fn two_outcomes_of_what_is_over_are_chosen_on_the_home_screen() {
    let mut over = line(CrewStanding::Over);
    let mut outcomes = difference(Point::Outcome, "", "");
    outcomes.versions[0].outcome = Some(Outcome::NothingToReport);
    outcomes.versions[1].outcome = Some(Outcome::HandedOver);
    over.differing = vec![outcomes];
    let phone = seen(over, Screen::Home);
    assert!(phone.says("Issue\u{a0}: deux versions") && phone.says("Rien à signaler"));
    phone.press("Issue\u{a0}: version de RIO 2345678");
    assert!(matches!(phone.only_sent(), Intent::ChooseVersion { version, .. } if version.copy == THEIRS));
}

#[test]
fn the_page_says_who_has_it_who_closed_it_and_which_time_is_doubtful() {
    let mut closed = line(CrewStanding::Current);
    let step = |step, minutes, otherwise| CrewStep {
        step,
        at: at(minutes),
        by: "RIO 2345678".to_owned(),
        otherwise,
    };
    closed.steps = vec![
        step(Step::OnScene, 10, Some(at(40))),
        step(Step::Closed, 50, None),
    ];
    let phone = seen(closed, Screen::Intervention);
    assert_eq!(phone.value("Équipage"), "RIO 2345678");
    assert!(phone.says("Close par RIO 2345678"));
    assert!(phone.says("Heure à vérifier\u{a0}: Arrivée"));
    let mut alone = line(CrewStanding::Current);
    alone.others = Vec::new();
    let phone = seen(alone.clone(), Screen::Intervention);
    assert_eq!(
        phone.value("Équipage"),
        "Partagée, personne ne l’a encore rejointe"
    );
    alone.nobody_reached = true;
    let phone = seen(alone, Screen::Intervention);
    assert_eq!(
        phone.value("Équipage"),
        "Aucun autre terminal de l’équipage n’est en service avec vous"
    );
}

#[test]
fn what_comes_in_takes_nothing_out_of_a_field_and_the_field_says_what_was_seen() {
    let phone = seen(line(CrewStanding::Current), Screen::Intervention);
    let before = sample::home().intervention.unwrap().account.reveal().clone();
    phone.fill("Notes de l’équipage", "ce que j’écris");
    let mut home = sample::home();
    if let Some(line) = &mut home.intervention {
        line.account = "ce que l’autre a écrit".into();
    }
    phone.see(&View::Home(Box::new(home)));
    assert_eq!(phone.value("Notes de l’équipage"), "ce que j’écris");
    phone.press("Garder l’objet et les notes");
    let Intent::DescribeIntervention {
        account,
        seen_account,
        ..
    } = phone.only_sent()
    else {
        panic!("not a description")
    };
    assert_eq!((account.as_str(), seen_account), ("ce que j’écris", Some(before)));

    phone.press("Corriger le lieu ou le numéro");
    phone.fill("Lieu corrigé", "14 rue des Lilas");
    phone.press("Garder le lieu et le numéro");
    let Intent::CorrectIntervention {
        place, seen_place, ..
    } = phone.only_sent()
    else {
        panic!("not a correction")
    };
    assert_eq!(place, "14 rue des Lilas");
    assert_eq!(
        seen_place.as_ref(),
        Some(sample::home().intervention.unwrap().place.reveal())
    );
}

#[test]
fn what_the_crew_does_is_told() {
    for (notice, words) in [
        (Notice::CrewShares, "Votre équipage partage une intervention"),
        (Notice::CrewChanged, "L’équipage a complété l’intervention"),
        (Notice::CrewDiffers, "Deux versions à départager"),
        (Notice::CrewClosed, "Intervention close par l’équipage"),
        (Notice::AccountsTooLong, "Notes trop longues ensemble"),
    ] {
        let phone = Phone::unlocked();
        phone.see(&View::Notice(notice));
        assert!(phone.says(words), "{words}");
    }
}
