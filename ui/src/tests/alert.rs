//! The urgent alert: asked for in the step of danger, and over every screen until somebody has it.

use domain::ActId;
use domain::alert::{Ground, Standing, Taken, Taker};
use domain::dialogue::{AlertLine, Intent, View};
use domain::draft::Field;
use domain::record::ActKind;
use drawn::{FormAdapter, Step};
use slint::ComponentHandle;

use super::{Phone, Screen, sample};

const ALERT: ActId = ActId::from_bytes([0xa1; 16]);

fn stands(phone: &Phone, standing: Standing) {
    phone.see(&View::Alerts(vec![AlertLine {
        alert: ALERT,
        raised: sample::at(5),
        standing,
    }]));
}

fn taken() -> Standing {
    Standing::Taken(Taken {
        by: Taker::parse("adjudant Morel, CORG 29").unwrap(),
        at: sample::at(6).utc,
    })
}

/// The step of danger of a complaint whose grid reads `grid`.
fn in_danger(grid: &str) -> Phone {
    let phone = Phone::unlocked();
    let draft = sample::draft(ActKind::Plainte, &[(Field::Grid, grid)]);
    phone.see(&View::Draft(Box::new(draft)));
    phone.open(Screen::Plainte);
    phone.app.global::<FormAdapter<'_>>().invoke_turn(Step::Danger);
    phone.settle();
    phone
}

#[test]
fn an_alert_is_two_presses_away_and_carries_what_the_grid_says() {
    let phone = in_danger("......O.............O..");
    phone.press("Alerter le centre opérationnel");
    phone.press("Enfant présent");
    phone.press("Alerter maintenant");
    let Intent::RaiseAlert {
        draft,
        id,
        grounds,
        words,
    } = phone.only_sent()
    else {
        panic!("no alert was raised")
    };
    assert_eq!((draft, id, words.as_str()), (sample::act(1), None, ""));
    assert_eq!(grounds, Ground::ALL);
    assert!(!phone.says("Alerter maintenant"));
}

#[test]
fn nothing_leaves_without_a_reason() {
    let phone = in_danger("");
    phone.press("Alerter le centre opérationnel");
    phone.press("Alerter maintenant");
    assert!(phone.sent().is_empty());
    phone.press("Arme");
    phone.press("Arme");
    phone.press("Alerter maintenant");
    assert!(phone.sent().is_empty());
    phone.press("Ne pas alerter");
    assert!(!phone.says("Alerter maintenant"));
}

#[test]
fn the_whole_screen_says_that_nobody_has_an_alert_until_the_officer_told_it() {
    let phone = Phone::unlocked();
    stands(&phone, Standing::Nobody { leaves: false });
    assert!(phone.says("NON PRISE EN COMPTE"));
    assert!(phone.says("Elle n’est pas partie."));
    stands(&phone, Standing::Nobody { leaves: true });
    assert!(phone.says("Elle est partie, et attend toujours quelqu’un."));
    phone.press("J’ai prévenu par radio ou téléphone");
    assert!(matches!(phone.only_sent(), Intent::AlertTold { alert: ALERT }));
    stands(&phone, Standing::Told);
    assert!(!phone.says("NON PRISE EN COMPTE"));
    assert!(phone.says("Alerte passée par radio ou téléphone"));
}

#[test]
fn who_has_an_alert_is_named_and_put_away_once_read() {
    let phone = Phone::unlocked();
    stands(&phone, Standing::Open);
    let open = "Alerte envoyée\u{a0}: personne ne l’a encore prise en charge";
    assert!(phone.says(open));
    phone.press(open);
    assert!(phone.sent().is_empty(), "what nobody has is not put away");
    stands(&phone, taken());
    let named = "Alerte prise en charge par adjudant Morel, CORG 29 à 21\u{a0}h\u{a0}46";
    assert!(phone.says(named));
    phone.press(named);
    assert!(matches!(phone.only_sent(), Intent::AlertSeen { alert: ALERT }));
    phone.see(&View::Alerts(Vec::new()));
    assert!(!phone.says(named));
}

#[test]
fn at_the_lock_an_alert_that_nobody_has_leaves_the_keypad_free_and_names_nobody() {
    let phone = Phone::new().unwrap();
    phone.see(&View::Lock(sample::locked()));
    stands(&phone, Standing::Nobody { leaves: false });
    assert!(phone.says("Alerte non prise en compte\u{a0}: radio ou téléphone"));
    assert!(!phone.says("NON PRISE EN COMPTE"));
}
