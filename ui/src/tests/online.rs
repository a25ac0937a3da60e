//! The cards of the services on the network, the guide of the interview, and where danger stands.

use domain::dialogue::{Intent, View};
use domain::draft::Field;
use domain::record::ActKind;
use drawn::{FormAdapter, Step};
use slint::platform::WindowEvent;
use slint::{ComponentHandle, Model, SharedString};

use super::{Phone, Screen, sample};

fn in_the_step(step: Step, fields: &[(Field, &str)]) -> Phone {
    let phone = Phone::unlocked();
    let draft = sample::draft(ActKind::Plainte, fields);
    phone.see(&View::Draft(Box::new(draft)));
    phone.open(Screen::Plainte);
    phone.app.global::<FormAdapter<'_>>().invoke_turn(step);
    phone.settle();
    phone
}

fn filled(phone: &Phone, sought: Field) -> Vec<String> {
    let fills = phone.sent().into_iter().filter_map(|intent| {
        let Intent::Fill { field, text, .. } = intent else {
            return None;
        };
        (field == sought).then_some(text)
    });
    fills.collect()
}

fn type_key(phone: &Phone, key: &str) {
    let (window, text) = (phone.app.window(), SharedString::from(key));
    window.dispatch_event(WindowEvent::KeyPressed { text: text.clone() });
    window.dispatch_event(WindowEvent::KeyReleased { text });
    phone.settle();
}

#[test]
fn a_card_directs_the_victim_and_takes_it_back() {
    let phone = in_the_step(Step::Online, &[]);
    phone.press("Pharos\u{a0}: contenu illicite\u{a0}: Orienter la victime");
    phone.press("Visioplainte\u{a0}: Orienter la victime");
    assert_eq!(filled(&phone, Field::Directed), ["PHAROS", "PHAROS VISIOPLAINTE"]);
    phone.press("Pharos\u{a0}: contenu illicite\u{a0}: Orientée, toucher pour retirer");
    assert_eq!(
        filled(&phone, Field::Directed).last().map(String::as_str),
        Some("VISIOPLAINTE")
    );
}

#[test]
fn cpp_15_3_1_1_no_card_offers_video_for_a_sexual_offence() {
    let phone = in_the_step(Step::Online, &[(Field::SexualOffence, "oui")]);
    assert!(phone.says("Faits sexuels\u{a0}: elle est entendue en personne"));
    assert!(!phone.says("Visioplainte\u{a0}: Orienter la victime"));
}

#[test]
fn a_subject_of_the_guide_becomes_a_question_once() {
    let phone = in_the_step(
        Step::Account,
        &[
            (Field::SuspectLink, "CONJOINT"),
            (Field::Account, "Il m'a frappée."),
        ],
    );
    assert!(phone.says("Guide d’entretien"));
    phone.press("Les faits");
    let asked = filled(&phone, Field::Account);
    let begun = "Il m'a frappée.\nQ\u{a0}: Racontez-moi, depuis le début, ce qui s’est passé.\nR\u{a0}: ";
    assert_eq!(asked, [begun]);
    assert!(!phone.says("Les faits") && phone.says("Argent et papiers"));
    // What is typed next is the answer.
    type_key(&phone, "H");
    let answered = filled(&phone, Field::Account);
    assert_eq!(answered, [format!("{begun}H")]);
    assert!(!in_the_step(Step::Account, &[]).says("Guide d’entretien"));
}

#[test]
fn danger_grid_a_question_shows_what_the_account_says_and_stays_open() {
    let phone = in_the_step(
        Step::Danger,
        &[(Field::Account, "Je suis partie. Il a un fusil de chasse.")],
    );
    assert!(phone.says("Déjà dit\u{a0}: «\u{a0}Il a un fusil de chasse.\u{a0}»"));
    assert!(phone.says("23 questions à poser"));
}

#[test]
fn danger_grid_one_press_answers_yes_to_what_the_victim_told_and_leaves_what_was_answered() {
    let phone = in_the_step(
        Step::Danger,
        &[
            (Field::Account, "Il a un fusil. Il m'a dit qu'il allait me tuer."),
            (Field::Injuries, "hématome au bras"),
            (Field::Grid, "....................N.."),
        ],
    );
    phone.press("Répondre oui aux 2 questions dont elle a parlé");
    assert_eq!(filled(&phone, Field::Grid), ["O.....O.............N.."]);
    assert!(!phone.says("Répondre oui aux 2 questions dont elle a parlé"));
}

#[test]
fn where_violence_is_told_danger_is_the_second_step() {
    let steps = |fields: &[(Field, &str)]| {
        let phone = in_the_step(Step::Act, fields);
        let steps: Vec<Step> = phone
            .app
            .global::<FormAdapter<'_>>()
            .get_steps()
            .iter()
            .map(|mark| mark.step)
            .collect();
        steps
    };
    assert_eq!(
        steps(&[(Field::Violence, "oui")])[..3],
        [Step::Act, Step::Danger, Step::Reception]
    );
    assert_eq!(steps(&[])[..3], [Step::Act, Step::Reception, Step::Contact]);
}

#[test]
fn what_stays_apart_is_in_no_summary() {
    let phone = in_the_step(
        Step::Summary,
        &[(Field::Refuge, "14 rue des Acacias"), (Field::When, "hier soir")],
    );
    assert!(phone.says("hier soir") && !phone.says("14 rue des Acacias"));
}
