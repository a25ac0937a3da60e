//! The tasks of the protocol: there once there is danger, and kept once their words are.

use domain::dialogue::{Intent, View};
use domain::draft::Field;
use domain::record::ActKind;
use drawn::{FormAdapter, Step};
use slint::ComponentHandle;

use super::{Phone, Screen, sample};

fn in_the_step(fields: &[(Field, &str)]) -> Phone {
    let phone = Phone::unlocked();
    let draft = sample::draft(ActKind::Plainte, fields);
    phone.see(&View::Draft(Box::new(draft)));
    phone.open(Screen::Plainte);
    phone.app.global::<FormAdapter<'_>>().invoke_turn(Step::Danger);
    phone.settle();
    phone
}

fn filled(phone: &Phone) -> Vec<String> {
    let fills = phone.sent().into_iter().filter_map(|intent| {
        let Intent::Fill { field, text, .. } = intent else {
            return None;
        };
        (field == Field::Protocol).then_some(text)
    });
    fills.collect()
}

#[test]
fn the_tasks_come_with_danger_and_a_duty_cannot_be_declined() {
    assert!(!in_the_step(&[]).says("Protocole"));
    let phone = in_the_step(&[(Field::GridRaised, "oui")]);
    assert!(phone.says("Protocole") && phone.says("13 tâches sans réponse"));
    phone.press("Requérir l’UMJ, avec photographies\u{a0}: Fait");
    assert_eq!(filled(&phone), ["UMJ ; FAIT"]);
    phone.press("Interpeller l’auteur\u{a0}: Écarté");
    assert!(!phone.says("Interpeller l’auteur\u{a0}: Refus"));
}

#[test]
fn a_refusal_is_kept_with_the_victims_words_and_not_before() {
    let phone = in_the_step(&[(Field::GridRaised, "oui"), (Field::Protocol, "PARQUET ; FAIT")]);
    phone.press("Conduire la victime\u{a0}: Refus");
    assert_eq!(filled(&phone).last().map(String::as_str), Some("PARQUET ; FAIT"));
    phone.fill("Mots de la victime", "je rentre à pied");
    let kept = "PARQUET ; FAIT\nTRANSPORT ; REFUS ; je rentre à pied";
    assert_eq!(filled(&phone).last().map(String::as_str), Some(kept));
}

#[test]
fn protocol_each_task_on_the_screen_is_the_one_that_the_draft_keeps() {
    let phone = in_the_step(&[(Field::GridRaised, "oui")]);
    for (label, code) in [
        ("Aviser le parquet, par téléphone s’il y a danger", "PARQUET"),
        ("Consulter TAJ, MCI, FPR et les procédures connues", "FICHIERS"),
        ("Chercher et saisir les armes (AGRIPPA)", "ARMES"),
        ("Interpeller l’auteur", "INTERPELLATION"),
        ("Requérir l’UMJ, avec photographies", "UMJ"),
        ("Conduire la victime", "TRANSPORT"),
        ("Mettre en sécurité : proche, 115, places réservées", "SECURITE"),
        ("Récupérer les effets sous escorte", "EFFETS"),
        ("Demander une ordonnance de protection", "OP"),
        ("Signaler pour un téléphone grave danger", "TGD"),
        ("Signaler pour un bracelet anti-rapprochement", "BAR"),
        (
            "Orienter : intervenant social, psychologue, association",
            "CONTACTS",
        ),
        ("Remettre copie, récépissé et fiche d’information", "COPIE"),
    ] {
        phone.press(&format!("{label} : Fait"));
        let kept = filled(&phone).pop().unwrap();
        assert!(
            kept.lines().any(|line| line == format!("{code} ; FAIT")),
            "{label}: {kept}"
        );
    }
}
