//! What the terminal lives on and uses up: one touch from « À propos », in plain words and real figures.

use domain::dialogue::{BudgetView, Gauges, Intent, View};
use domain::footage::leaving::{Charge, LeavingPolicy, Power};

use super::{Phone, sample};
use crate::Screen;

fn shown(view: BudgetView) -> Phone {
    let phone = Phone::unlocked();
    phone.see(&View::Budget(Box::new(view)));
    phone.open(Screen::Budget);
    phone
}

#[test]
fn the_page_is_beside_that_of_appearances_and_asks_when_it_opens() {
    let phone = Phone::unlocked();
    phone.open(Screen::About);
    phone.press("Consommation");
    assert!(matches!(phone.only_sent(), Intent::ShowBudget));
    assert!(phone.says("Mesure en cours…"));
    phone.see(&View::Budget(Box::new(sample::budget())));
    assert!(!phone.says("Mesure en cours…"));
    phone.press("Retour");
    phone.get("Affichage");
}

#[test]
fn every_figure_has_its_name() {
    let phone = shown(sample::budget());
    for (name, value) in [
        ("Batterie", "64\u{a0}%, sur batterie"),
        ("Réseau", "Réseau mobile"),
        ("Température", "38\u{a0}°C"),
        ("Actes", "1,3\u{a0}Mo aujourd’hui, 24,1\u{a0}Mo ce mois-ci"),
        ("Accusés", "9,4\u{a0}ko aujourd’hui, 212,0\u{a0}ko ce mois-ci"),
        ("Urgences", "0\u{a0}o aujourd’hui, 812\u{a0}o ce mois-ci"),
        ("Actes et données", "41,8\u{a0}Mo"),
        ("Place libre", "17,4\u{a0}Go"),
    ] {
        assert_eq!(phone.value(name), value, "{name}");
    }
    assert!(!phone.says("Ce terminal ne donne pas sa température."));
}

#[test]
fn a_terminal_without_sensor_says_so_and_a_charger_tells_how_full_the_battery_is() {
    let mut view = sample::budget();
    view.gauges = view.gauges.map(|gauges| Gauges {
        celsius: None,
        free: None,
        ..gauges
    });
    view.supply.power = Power::Charging(Charge::new(91).ok());
    let phone = shown(view.clone());
    assert!(phone.says("Ce terminal ne donne pas sa température."));
    assert!(phone.find("Température").is_none());
    assert_eq!(phone.value("Batterie"), "91\u{a0}%, en charge");
    assert_eq!(phone.value("Place libre"), "L’appareil ne le dit pas");
    for (power, words) in [
        (Power::Charging(None), "Sur secteur"),
        (Power::Battery(None), "Sur batterie"),
        (Power::Unknown, "L’appareil ne le dit pas"),
    ] {
        view.supply.power = power;
        phone.see(&View::Budget(Box::new(view.clone())));
        assert_eq!(phone.value("Batterie"), words);
    }
}

#[test]
fn what_waits_is_said_as_the_profile_and_headquarters_have_it() {
    let kept =
        "Les vidéos restent sur le terminal\u{a0}: sa configuration ne les laisse pas partir par le réseau.";
    let floor = "Sur batterie, sous 30\u{a0}%, aucune vidéo ne part\u{a0}: ce qui reste est pour vos appels.";
    for (leaves, on_battery, on_cellular, words) in [
        (
            true,
            false,
            false,
            "Les vidéos attendent le chargeur, et le Wi-Fi ou le câble.",
        ),
        (
            true,
            true,
            false,
            "Les vidéos partent aussi sur batterie, et attendent le Wi-Fi ou le câble.",
        ),
        (
            true,
            false,
            true,
            "Les vidéos attendent le chargeur, et partent par tout réseau.",
        ),
        (
            true,
            true,
            true,
            "Les vidéos partent aussi sur batterie, et par tout réseau.",
        ),
        (false, true, true, kept),
    ] {
        let phone = shown(BudgetView {
            leaving: LeavingPolicy {
                on_battery,
                on_cellular,
                ..LeavingPolicy::EMBEDDED
            },
            footage_leaves: leaves,
            ..sample::budget()
        });
        assert!(phone.says(words), "{words}");
        assert_eq!(phone.says(floor), leaves, "{words}");
        assert!(phone.says("Alertes, questions et actes partent toujours."));
    }
    let ordered = shown(BudgetView {
        ordered_until: Some(sample::at(0).utc),
        ..sample::budget()
    });
    assert!(
        ordered
            .texts()
            .iter()
            .any(|text| text.starts_with("Ordre du commandement"))
    );
}
