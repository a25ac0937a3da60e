//! Hearing somebody: who may be heard how (61-1, 62, 62-2 and 63 CPP), and what was asked and said (429 CPP).
//!
//! Custody and minor suspects have no value here: no record of a terminal can hold such a hearing.

use minicbor::{Decode, Encode};
use thiserror::Error;

use crate::person::Person;
use crate::sensitive::Sensitive;
use crate::time::{Timestamp, UnixMs};

/// One question and its answer, as spoken.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct Exchange {
    #[n(0)]
    pub question: Sensitive<String>,
    #[n(1)]
    pub answer: Sensitive<String>,
}

/// A suspect who is free to go was told the rights of 61-1 CPP before the first question.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct SuspectNotice {
    #[n(0)]
    pub at: Timestamp,
    /// BCP 47 tag of the language of the notice.
    #[n(1)]
    pub language: String,
    #[n(2)]
    pub counsel: Counsel,
}

/// What a suspect who is free to go is told before the first question, in the order of article 61-1 CPP.
pub const SUSPECT_RIGHTS: [&str; 6] = [
    "Vous êtes soupçonné de l’infraction nommée ci-dessus, à la date et au lieu qui vous sont dits.",
    "Vous avez le droit de quitter à tout moment les lieux où vous êtes entendu.",
    "Vous avez le droit d’être assisté par un interprète.",
    "Vous avez le droit de faire des déclarations, de répondre aux questions ou de vous taire.",
    "Si l’infraction est punie d’emprisonnement, vous avez le droit d’être assisté par un avocat, choisi par vous ou désigné d’office par le bâtonnier. Les frais sont à votre charge, sauf aide juridictionnelle. Vous pouvez accepter de poursuivre sans lui.",
    "Vous pouvez recevoir des conseils juridiques, le cas échéant gratuits, dans une structure d’accès au droit.",
];

/// The lawyer: present, or expressly waived; without one of the two there is no hearing.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub enum Counsel {
    #[n(0)]
    Waived,
    #[n(1)]
    Present(#[n(0)] Sensitive<String>),
}

/// As what somebody is heard.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub enum HeardAs {
    #[n(0)]
    Witness,
    #[n(1)]
    Victim,
    #[n(2)]
    Suspect(#[n(0)] Box<SuspectNotice>),
}

/// What the interpreter is to the person.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Encode, Decode)]
#[cbor(index_only)]
pub enum Link {
    #[n(0)]
    None,
    #[n(1)]
    Relative,
    #[n(2)]
    Child,
    #[n(3)]
    Neighbour,
}

impl Link {
    pub const ALL: [Self; 4] = [Self::None, Self::Relative, Self::Child, Self::Neighbour];

    pub const fn code(self) -> &'static str {
        match self {
            Self::None => "AUCUN",
            Self::Relative => "PROCHE",
            Self::Child => "ENFANT",
            Self::Neighbour => "VOISIN",
        }
    }

    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|link| link.code() == code)
    }
}

/// Who translates (10-3 and 803-5 CPP).
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct Interpreter {
    #[n(0)]
    pub name: Sensitive<String>,
    #[n(1)]
    pub language: String,
    /// On an official list, or sworn in for this act.
    #[n(2)]
    pub sworn: bool,
    #[n(3)]
    pub link: Link,
    #[n(4)]
    pub by_telephone: bool,
}

/// The person heard and all that was said.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct Hearing {
    #[n(0)]
    pub person: Person,
    #[n(1)]
    pub heard_as: HeardAs,
    #[n(2)]
    pub interpreter: Option<Interpreter>,
    /// What was said before the first question, one paragraph each.
    #[n(3)]
    pub statement: Vec<Sensitive<String>>,
    #[n(4)]
    pub exchanges: Vec<Exchange>,
    /// When the first word of it was written down.
    #[n(5)]
    pub begun: UnixMs,
}

/// Why typed lines are not questions and answers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum NotAnExchange {
    #[error("question `{question}` has no answer")]
    Unanswered { question: usize },
    #[error("an answer stands before the first question")]
    NoQuestion,
}

/// What was typed of a hearing, read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Spoken {
    /// Said before the first question, one paragraph each.
    pub statement: Vec<String>,
    /// Each question with its answer.
    pub exchanges: Vec<(String, String)>,
}

/// What is said freely, then questions and answers: `Q : …` begins a question, `R : …` its answer, and other lines
/// go on with what is open.
pub fn exchanges(text: &str) -> Result<Spoken, NotAnExchange> {
    let mut statement: Vec<String> = Vec::new();
    let mut spoken: Vec<(String, Option<String>)> = Vec::new();
    let mut paragraph_open = false;
    for line in text.lines() {
        if let Some(question) = spoken_by(line, "Q", "QUESTION") {
            spoken.push((question.to_owned(), None));
        } else if let Some(answer) = spoken_by(line, "R", "RÉPONSE") {
            match spoken.last_mut() {
                Some((_, said)) => add(said.get_or_insert_default(), answer),
                None => return Err(NotAnExchange::NoQuestion),
            }
        } else if let Some((question, answer)) = spoken.last_mut() {
            add(answer.as_mut().unwrap_or(question), line.trim());
        } else if line.trim().is_empty() {
            paragraph_open = false;
        } else if let Some(paragraph) = statement.last_mut().filter(|_| paragraph_open) {
            add(paragraph, line.trim());
        } else {
            statement.push(line.trim().to_owned());
            paragraph_open = true;
        }
    }
    let mut exchanges = Vec::with_capacity(spoken.len());
    for (index, (question, answer)) in spoken.into_iter().enumerate() {
        let answer = answer.map(|answer| answer.trim().to_owned());
        let answered = answer.filter(|answer| !answer.is_empty());
        let question = question.trim().to_owned();
        match answered.filter(|_| !question.is_empty()) {
            Some(answer) => exchanges.push((question, answer)),
            None => return Err(NotAnExchange::Unanswered { question: index + 1 }),
        }
    }
    Ok(Spoken { statement, exchanges })
}

fn add(text: &mut String, line: &str) {
    if !text.is_empty() {
        text.push('\n');
    }
    text.push_str(line);
}

/// What follows `Q :`, `Q.` or the whole word at the beginning of a line.
fn spoken_by<'l>(line: &'l str, letter: &str, word: &str) -> Option<&'l str> {
    let line = line.trim_start();
    let (before, after) = line.split_once([':', '.'])?;
    let before = before.trim_end().to_uppercase();
    let before = before.replace("REPONSE", "RÉPONSE");
    (before == letter || before == word).then(|| after.trim())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cpp_429_what_is_asked_stands_beside_what_is_answered() {
        let text = "Je suis voisin depuis dix ans.\nJe connais les lieux.\n\nJ'ai entendu du bruit.\nQ : À quelle heure ?\nR : Vers 22 h.\n Je dormais.\nQuestion : Qui avez-vous vu ?\nReponse : Personne.";
        let Spoken { statement, exchanges } = exchanges(text).unwrap();
        assert_eq!(
            statement,
            [
                "Je suis voisin depuis dix ans.\nJe connais les lieux.",
                "J'ai entendu du bruit."
            ]
        );
        let pair = |question: &str, answer: &str| (question.to_owned(), answer.to_owned());
        assert_eq!(
            exchanges,
            [
                pair("À quelle heure ?", "Vers 22 h.\nJe dormais."),
                pair("Qui avez-vous vu ?", "Personne.")
            ]
        );
    }

    #[test]
    fn cpp_429_a_question_without_an_answer_is_named_by_its_number() {
        let asked = "Q : Votre nom ?\nR : Durand.\nQ : Et puis ?";
        assert_eq!(exchanges(asked), Err(NotAnExchange::Unanswered { question: 2 }));
        assert_eq!(exchanges("R : Oui."), Err(NotAnExchange::NoQuestion));
        assert_eq!(
            exchanges("Q :\nR : Oui."),
            Err(NotAnExchange::Unanswered { question: 1 })
        );
    }
}
