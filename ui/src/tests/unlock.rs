//! The lock.

use domain::dialogue::{HomeView, Intent, LockState, LockView, Notice, View};
use domain::orders::Ban;
use domain::profile::ProfileRefusal;
use domain::readmission::{Closure, Spoken};

use super::{Phone, Screen, sample};

fn locked(left: u8, wait_ms: u64) -> View {
    View::Lock(LockView {
        state: LockState::Locked { left, wait_ms },
        ..sample::locked()
    })
}

fn typed(phone: &Phone, code: &str) {
    for digit in code.chars() {
        phone.press(&digit.to_string());
    }
}

#[test]
fn the_code_leaves_as_typed_and_stays_nowhere_on_screen() {
    let phone = Phone::new().unwrap();
    phone.see(&locked(5, 0));
    typed(&phone, "12934");
    phone.press("Effacer le dernier chiffre");
    typed(&phone, "4");
    assert_eq!(phone.value("Chiffres saisis"), "5");
    phone.press("Déverrouiller");
    let Intent::Unlock { code } = phone.only_sent() else {
        panic!("not an unlock");
    };
    assert_eq!(code.expose(), "12934");
    assert_eq!(phone.value("Chiffres saisis"), "0");
}

#[test]
fn a_code_too_short_does_not_leave() {
    let phone = Phone::new().unwrap();
    phone.see(&locked(5, 0));
    typed(&phone, "123");
    phone.press("Déverrouiller");
    assert!(phone.sent().is_empty());
}

#[test]
fn a_wrong_code_tells_how_many_tries_are_left() {
    let phone = Phone::new().unwrap();
    phone.see(&locked(5, 0));
    phone.see(&View::Notice(Notice::WrongCode { left: 2 }));
    let told = phone.get("Code faux").accessible_description().unwrap();
    assert_eq!(told, "Il reste 2 essais avant la destruction de l’accès.");
}

#[test]
fn keys_rest_until_the_wait_is_over() {
    let phone = Phone::new().unwrap();
    phone.see(&locked(4, 2_500));
    assert!(phone.says("Prochain essai dans 3 secondes"));
    phone.press("1");
    assert_eq!(phone.value("Chiffres saisis"), "0");
    i_slint_backend_testing::mock_elapsed_time(std::time::Duration::from_millis(1_100));
    assert!(phone.says("Prochain essai dans 2 secondes"));
    for _ in 0..2 {
        i_slint_backend_testing::mock_elapsed_time(std::time::Duration::from_millis(1_100));
    }
    phone.press("1");
    assert_eq!(phone.value("Chiffres saisis"), "1");
}

fn closed(why: Closure, challenge: Option<Spoken>) -> View {
    View::Lock(LockView {
        state: LockState::Closed {
            why,
            challenge,
            left: 5,
        },
        ..sample::locked()
    })
}

#[test]
fn a_closed_access_shows_the_number_to_read_out_and_takes_the_answer() {
    let phone = Phone::new().unwrap();
    let challenge = Spoken::parse("000 000 123 455").unwrap();
    for (why, title) in [
        (Closure::SlotDestroyed, "Accès détruit"),
        (Closure::CounterClosed, "Compte des essais illisible"),
        (Closure::TerminalClosed, "Trop de codes faux sur ce terminal"),
    ] {
        phone.see(&closed(why, Some(challenge)));
        assert!(phone.says(title) && !phone.says("Déverrouiller"), "{title}");
        assert_eq!(phone.value("Numéro à dicter"), "000 000 123 455");
    }
    typed(&phone, "48151623420");
    phone.press("Valider la réponse");
    assert!(phone.sent().is_empty(), "an answer has twelve digits");
    typed(&phone, "4");
    phone.press("Valider la réponse");
    let Intent::Readmit { response } = phone.only_sent() else {
        panic!("not an answer");
    };
    assert_eq!(response.expose(), "481516234204");
}

#[test]
fn a_terminal_without_a_key_for_it_has_no_keypad_and_says_what_to_do() {
    let phone = Phone::new().unwrap();
    phone.see(&closed(Closure::SlotDestroyed, None));
    assert!(phone.says("Accès détruit") && !phone.says("Valider la réponse"));
    assert!(!phone.says("Numéro à dicter"));
}

#[test]
fn a_first_code_is_entered_twice_and_leaves_once() {
    let phone = Phone::new().unwrap();
    let no_code = View::Lock(LockView {
        state: LockState::NoCode,
        ..sample::locked()
    });
    phone.see(&no_code);
    typed(&phone, "27182");
    phone.press("Continuer");
    assert_eq!(phone.value("Chiffres saisis"), "5", "five digits are no code");
    typed(&phone, "8");
    phone.press("Continuer");
    typed(&phone, "271829");
    phone.press("Choisir ce code");
    assert!(phone.says("Les deux saisies diffèrent") && phone.sent().is_empty());
    // Whoever comes with another card begins anew.
    typed(&phone, "271828");
    phone.press("Continuer");
    phone.see(&no_code);
    typed(&phone, "271828");
    phone.press("Continuer");
    assert!(phone.sent().is_empty());
    typed(&phone, "271828");
    phone.press("Choisir ce code");
    let Intent::ChooseCode { code } = phone.only_sent() else {
        panic!("not a choice");
    };
    assert_eq!(code.expose(), "271828");
}

#[test]
fn a_card_that_is_not_admitted_is_told_what_to_do_and_takes_no_code() {
    let phone = Phone::new().unwrap();
    phone.see(&View::Lock(LockView {
        state: LockState::NotAdmitted,
        officer: String::new(),
        ..sample::locked()
    }));
    let told = phone.get("Carte non admise sur ce terminal");
    assert!(told.accessible_description().unwrap().contains("neo-000007"));
    assert!(!phone.says("Déverrouiller"));
}

#[test]
fn what_protects_the_keys_and_formation_are_on_screen() {
    let phone = Phone::new().unwrap();
    let label = "Clés non protégées par le matériel\u{a0}: terminal de formation ou d’essai.";
    phone.see(&locked(5, 0));
    assert!(!phone.says(label) && !phone.says("FORMATION") && phone.says("Carte agent présente"));
    phone.see(&View::Lock(LockView {
        hardware_backed: false,
        formation: true,
        card_present: false,
        ..sample::locked()
    }));
    assert!(phone.says(label) && phone.says("FORMATION") && phone.says("Carte agent absente"));
    phone.open(Screen::Home);
    assert!(phone.says("FORMATION"));
}

#[test]
fn a_lock_hides_every_screen_and_forgets_what_the_officer_read() {
    let phone = Phone::unlocked();
    assert!(phone.says("Vol à l’étalage, GIFI Montreuil"));
    phone.open(Screen::Pv);
    assert_eq!(phone.value("Objet"), "Saisine, transport et constatations");
    phone.see(&locked(5, 0));
    assert!(phone.says("Terminal verrouillé") && !phone.says("Objet"));
    for screen in [Screen::Pv, Screen::Home] {
        phone.open(screen);
        assert!(!phone.says("Vol à l’étalage, GIFI Montreuil"));
    }
    phone.open(Screen::Pv);
    assert_eq!(phone.value("Objet"), "");
}

#[test]
fn an_unlock_leads_home() {
    let phone = Phone::new().unwrap();
    phone.see(&locked(5, 0));
    phone.see(&View::Lock(LockView {
        state: LockState::Unlocking,
        ..sample::locked()
    }));
    assert!(phone.says("Vérification…"));
    phone.see(&View::Lock(LockView {
        state: LockState::Unlocked,
        ..sample::locked()
    }));
    assert!(phone.says("Accueil"));
}

#[test]
fn a_terminal_banned_by_order_says_why_and_takes_no_code() {
    let phone = Phone::new().unwrap();
    for (ban, title) in [
        (Ban::Locked, "Bloqué par le commandement"),
        (Ban::Wiped, "Effacé par le commandement"),
    ] {
        phone.see(&View::Lock(LockView {
            state: LockState::Banned(ban),
            ..sample::locked()
        }));
        assert!(phone.says(title));
        typed(&phone, "129344");
        assert_eq!(phone.value("Chiffres saisis"), "0");
    }
    phone.see(&locked(5, 0));
    assert!(!phone.says("Effacé par le commandement"));
    typed(&phone, "129344");
    assert_eq!(phone.value("Chiffres saisis"), "6");
}

#[test]
fn another_code_is_entered_three_times_and_leaves_once() {
    let phone = Phone::unlocked();
    phone.open(Screen::About);
    phone.press("Changer mon code");
    for code in ["271828", "314159", "314158"] {
        typed(&phone, code);
        phone.press(if code == "314158" {
            "Changer le code"
        } else {
            "Continuer"
        });
    }
    assert!(phone.says("Les deux saisies diffèrent"));
    assert!(phone.sent().is_empty());
    typed(&phone, "314159");
    phone.press("Continuer");
    typed(&phone, "314159");
    phone.press("Changer le code");
    let Intent::ChangeCode { current, new } = phone.only_sent() else {
        panic!("not a change of code");
    };
    assert_eq!((current.expose(), new.expose()), ("271828", "314159"));
    assert!(!phone.says("Nouveau code"));
}

#[test]
fn a_lock_closes_the_change_of_code() {
    let phone = Phone::unlocked();
    phone.open(Screen::About);
    phone.press("Changer mon code");
    typed(&phone, "2718");
    phone.see(&locked(10, 0));
    assert!(!phone.says("Code actuel"));
}

#[test]
fn the_code_that_a_signature_asks_for_leaves_once_and_may_be_put_off() {
    let phone = Phone::unlocked();
    phone.see(&View::Notice(Notice::CodeAsked));
    assert!(phone.says("Votre code pour signer"));
    typed(&phone, "271828");
    phone.press("Signer");
    let Intent::GiveCode { code } = phone.only_sent() else {
        panic!("not the code");
    };
    assert_eq!(code.expose(), "271828");
    assert!(!phone.says("Votre code pour signer"));
    phone.see(&View::Notice(Notice::CodeAsked));
    typed(&phone, "2718");
    phone.press("Ne pas signer maintenant");
    assert!(phone.sent().is_empty() && !phone.says("Votre code pour signer"));
    phone.see(&View::Notice(Notice::CodeAsked));
    assert_eq!(phone.value("Chiffres saisis"), "0", "nothing of before is kept");
}

#[test]
fn about_names_the_configuration_in_force_and_why_a_later_one_is_not() {
    let phone = Phone::unlocked();
    phone.see(&View::Home(Box::new(sample::home())));
    phone.open(Screen::About);
    assert!(phone.says("Configuration «\u{a0}Été 2026\u{a0}»"));
    assert!(!phone.says("Une configuration plus récente est refusée"));
    phone.see(&View::Home(Box::new(HomeView {
        profile: None,
        profile_refused: Some(ProfileRefusal::Unreadable),
        ..sample::home()
    })));
    assert!(phone.says("Configuration d’origine"));
    assert!(phone.says("Une configuration plus récente est refusée"));
}
