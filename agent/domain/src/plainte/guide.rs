//! What a victim of violence in a couple is asked about, subject by subject: the officer opens one, and asks it in their own
//! words.

use crate::natinf::fold;

/// One subject of the interview.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Subject {
    pub title: &'static str,
    /// An open question that begins it.
    pub question: &'static str,
}

const fn subject(title: &'static str, question: &'static str) -> Subject {
    Subject { title, question }
}

/// In the order of the interview: who lives there, what happened, what surrounds it, what comes next.
pub const SUBJECTS: [Subject; 13] = [
    subject(
        "Situation familiale",
        "Depuis quand vous connaissez-vous, et qui vit au foyer\u{a0}? Avez-vous des enfants\u{a0}?",
    ),
    subject(
        "Situation professionnelle",
        "Que faites-vous l’un et l’autre dans la vie, et de quoi vivez-vous\u{a0}?",
    ),
    subject(
        "Santé et fragilités",
        "Votre santé, une grossesse, un handicap ou un traitement vous rendent-ils plus vulnérable\u{a0}?",
    ),
    subject("Les faits", "Racontez-moi, depuis le début, ce qui s’est passé."),
    subject(
        "Violences physiques d’avant",
        "Y a-t-il eu des violences avant\u{a0}? La première fois, la plus grave, la dernière\u{a0}?",
    ),
    subject(
        "Violences sexuelles",
        "Vous a-t-il déjà imposé un acte sexuel que vous ne vouliez pas\u{a0}?",
    ),
    subject(
        "Paroles, menaces, emprise",
        "Comment vous parle-t-il\u{a0}? Menace-t-il, surveille-t-il, interdit-il\u{a0}?",
    ),
    subject(
        "Argent et papiers",
        "Qui tient l’argent et les papiers\u{a0}? En disposez-vous librement\u{a0}?",
    ),
    subject(
        "Enfants",
        "Les enfants ont-ils vu ou entendu\u{a0}? Ont-ils été menacés ou frappés\u{a0}?",
    ),
    subject(
        "Traces, indices, témoins",
        "Qu’en reste-t-il\u{a0}: blessures, messages, photographies, certificats\u{a0}? Qui a vu ou entendu\u{a0}?",
    ),
    subject(
        "L’auteur après les faits",
        "Comment s’est-il comporté ensuite, et où est-il maintenant\u{a0}?",
    ),
    subject(
        "Déjà entrepris",
        "À qui en avez-vous parlé\u{a0}: médecin, proche, association, avocat, plainte\u{a0}?",
    ),
    subject(
        "La suite",
        "Que souhaitez-vous\u{a0}: séparation, hébergement, protection, bracelet anti-rapprochement\u{a0}?",
    ),
];

/// The subjects whose question the account does not hold yet.
pub fn left(account: &str) -> impl Iterator<Item = &'static Subject> {
    let account = fold(account);
    SUBJECTS
        .iter()
        .filter(move |subject| !account.contains(&fold(subject.question)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_subject_is_asked_once_its_question_stands_in_the_account() {
        let is_left = |account: &str| left(account).any(|subject| subject.title == "Les faits");
        assert!(is_left("Il m'a frappée."));
        let facts = SUBJECTS
            .iter()
            .find(|subject| subject.title == "Les faits")
            .unwrap();
        assert!(!is_left(&format!(
            "Q\u{a0}: {}\nR\u{a0}: Hier soir.",
            facts.question
        )));
    }
}
