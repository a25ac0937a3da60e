//! The cover: one press takes everything off the screen, a hand that holds it brings it back.

use domain::alert::Standing;
use domain::dialogue::{AlertLine, Notice, View};
use domain::draft::Field;
use domain::record::ActKind;

use super::{Phone, Screen, sample};

/// Part of any text about the victim of the draft.
const VICTIM: &str = "SPÉCIMEN-LAURE";

fn in_a_complaint() -> Phone {
    let phone = Phone::unlocked();
    let draft = sample::draft(ActKind::Plainte, &[(Field::Surname, VICTIM)]);
    phone.see(&View::Draft(Box::new(draft)));
    phone.open(Screen::Plainte);
    phone
}

#[test]
fn one_press_leaves_no_word_on_the_screen_and_a_hand_that_holds_it_brings_all_back() {
    let phone = in_a_complaint();
    let before = phone.texts();
    phone.press("Masquer l’écran");
    assert!(phone.texts().is_empty(), "{:?}", phone.texts());
    assert!(!phone.says("Enregistré"));
    phone.press("Reprendre");
    assert_eq!(phone.texts(), before);
}

#[test]
fn what_comes_meanwhile_does_not_break_the_cover() {
    let phone = in_a_complaint();
    phone.press("Masquer l’écran");
    phone.see(&View::Notice(Notice::DiskFull));
    phone.see(&View::Alerts(vec![AlertLine {
        alert: sample::act(9),
        raised: sample::at(5),
        standing: Standing::Nobody { leaves: false },
    }]));
    assert!(phone.texts().is_empty(), "{:?}", phone.texts());
    assert!(!phone.says("J’ai prévenu par radio ou téléphone"));
    phone.press("Reprendre");
    assert!(phone.says("J’ai prévenu par radio ou téléphone"));
    // One thing at a time: the notice waits under the alert.
    assert!(!phone.says("Mémoire pleine"));
    phone.see(&View::Alerts(Vec::new()));
    assert!(phone.says("Mémoire pleine"));
}

#[test]
fn a_lock_takes_the_cover_away_with_what_was_under_it() {
    let phone = in_a_complaint();
    phone.press("Masquer l’écran");
    phone.see(&View::Lock(sample::locked()));
    assert!(!phone.says("Reprendre"));
}
