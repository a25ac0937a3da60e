//! What the PV of a hearing says: as what somebody is heard, what they were told first, what was asked and answered.

use domain::pv::{Counsel, HeardAs, Link};

use crate::contents::assert_says;
use crate::general::text_of;
use crate::procedure::{hearing_of_a_suspect, hearing_of_a_witness};

#[test]
fn cpp_429_a_hearing_prints_each_question_with_its_answer() {
    assert_says(
        &text_of(hearing_of_a_suspect()),
        &[
            "Questions et réponses",
            "QUESTION : Reconnaissez-vous les faits ? RÉPONSE : Non. Je passais par là.",
            "QUESTION : D'où vient la pince que vous portiez ? RÉPONSE : Je l'ai trouvée sur le trottoir",
        ],
    );
}

#[test]
fn cpp_61_1_a_suspect_is_told_the_rights_before_the_first_question() {
    let text = text_of(hearing_of_a_suspect());
    assert_says(
        &text,
        &[
            "Affaire : c/ LENOIR Paul",
            "Personne entendue : grande identité",
            "Père LENOIR Jacques",
            "Employeur Permis de conduire Identité confirmée par un fichier",
            "entendue librement, sans contrainte, comme soupçonnée des infractions ci-après (article 61-1",
            "7151 VOL SIMPLE",
            "Le 21 novembre 2026 à 19 h 07, avant toute question, elle est informée, en langue anglaise :",
            "1° de la qualification",
            "2° du droit de quitter à tout moment",
            "3° le cas échéant, du droit d’être assistée par un interprète",
            "4° du droit de faire des déclarations, de répondre aux questions qui lui sont posées ou de se taire",
            "5° si l’infraction est un crime",
            "6° de la possibilité de bénéficier",
            "Elle est assistée, pendant l’audition, de : Maître Dupond, avocat.",
            "L’audition commence le 21 novembre 2026 à 19 h 08.",
            "QUESTION",
        ],
    );
    let mut alone = hearing_of_a_suspect();
    if let HeardAs::Suspect(notice) = &mut alone.hearing.as_mut().unwrap().heard_as {
        notice.counsel = Counsel::Waived;
        notice.language = "langue que parle la vallée".to_owned();
    }
    assert_says(
        &text_of(alone),
        &[
            "informée, en langue : langue que parle la vallée :",
            "renonce expressément à être assistée d’un avocat",
        ],
    );
}

#[test]
fn cpp_803_5_the_interpreter_is_named_with_language_oath_and_link() {
    assert_says(
        &text_of(hearing_of_a_suspect()),
        &[
            "Avec l’assistance de Ann SMITH, interprète en langue anglaise, par téléphone, inscrit sur une liste officielle ou ayant prêté serment",
            "Après lecture faite par le truchement de l’interprète, la personne entendue persiste et signe avec nous.",
            "L’interprète signe avec nous.",
        ],
    );
    let mut near = hearing_of_a_suspect();
    let interpreter = near.hearing.as_mut().unwrap().interpreter.as_mut().unwrap();
    interpreter.link = Link::Neighbour;
    interpreter.sworn = false;
    interpreter.by_telephone = false;
    assert_says(
        &text_of(near),
        &["interprète en langue anglaise, qui n’a pas prêté serment, voisin de la personne entendue."],
    );
}

#[test]
fn a_witness_and_a_victim_are_heard_as_what_they_are() {
    let text = text_of(hearing_of_a_witness());
    assert_says(
        &text,
        &[
            "Affaire : c/ X",
            "Entendons la personne ci-après désignée",
            "petite identité",
            "Nom MARTIN",
            "Courriel Identité d’après le document présenté",
            "en qualité de témoin",
            "Déclarations",
            "Je travaille à la librairie d'en face. J'étais à la caisse.",
            "Après lecture faite, la personne entendue persiste et signe avec nous.",
        ],
    );
    assert!(!text.contains("61-1"));
    let mut victim = hearing_of_a_witness();
    victim.hearing.as_mut().unwrap().heard_as = HeardAs::Victim;
    assert_says(&text_of(victim), &["entendue en qualité de victime."]);
}
