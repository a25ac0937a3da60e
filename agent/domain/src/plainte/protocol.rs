//! What the national protocol asks of officers once there is danger in a couple, task by task, and what became of each.
//!
//! A task that is the victim's to accept may be refused, in the victim's words; the others are duties.

use minicbor::{Decode, Encode};
use thiserror::Error;

use crate::draft::hides_or_turns;

/// The most text of a refusal or a reason, in characters.
pub const MAX_WORDS: usize = 1_000;

/// One task of the protocol.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Encode, Decode)]
#[cbor(index_only)]
pub enum Task {
    /// Copy of the complaint, récépissé and information sheet.
    #[n(0)]
    Papers,
    /// Intervenant social, psychologue, associations.
    #[n(1)]
    Contacts,
    /// Réquisition to the UMJ (articles 60 and 77-1 CPP).
    #[n(2)]
    Umj,
    #[n(3)]
    Transport,
    /// TAJ, MCI, FPR and procedures known of the author.
    #[n(4)]
    Files,
    /// AGRIPPA, search for weapons and their seizure.
    #[n(5)]
    Weapons,
    #[n(6)]
    Prosecutor,
    /// Mise en sécurité: a relative, the 115, reserved places.
    #[n(7)]
    Shelter,
    /// Retrieving effects under escort.
    #[n(8)]
    Belongings,
    /// Interpellation of the author.
    #[n(9)]
    Arrest,
    /// Ordonnance de protection (article 515-9 of the Code civil).
    #[n(10)]
    ProtectionOrder,
    /// Téléphone grave danger (article 41-3-1 CPP).
    #[n(11)]
    Tgd,
    /// Bracelet anti-rapprochement (article 138-3 CPP).
    #[n(12)]
    Bar,
}

impl Task {
    /// In the order in which they are done.
    pub const ALL: [Self; 13] = [
        Self::Prosecutor,
        Self::Files,
        Self::Weapons,
        Self::Arrest,
        Self::Umj,
        Self::Transport,
        Self::Shelter,
        Self::Belongings,
        Self::ProtectionOrder,
        Self::Tgd,
        Self::Bar,
        Self::Contacts,
        Self::Papers,
    ];

    /// The word by which a draft and a hand-over keep it.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Papers => "COPIE",
            Self::Contacts => "CONTACTS",
            Self::Umj => "UMJ",
            Self::Transport => "TRANSPORT",
            Self::Files => "FICHIERS",
            Self::Weapons => "ARMES",
            Self::Prosecutor => "PARQUET",
            Self::Shelter => "SECURITE",
            Self::Belongings => "EFFETS",
            Self::Arrest => "INTERPELLATION",
            Self::ProtectionOrder => "OP",
            Self::Tgd => "TGD",
            Self::Bar => "BAR",
        }
    }

    fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|task| task.code() == code)
    }

    /// Whether the victim may decline it; the others are the officer's to do.
    pub const fn is_the_victims(self) -> bool {
        match self {
            Self::Papers
            | Self::Contacts
            | Self::Umj
            | Self::Transport
            | Self::Shelter
            | Self::Belongings
            | Self::ProtectionOrder
            | Self::Tgd
            | Self::Bar => true,
            Self::Files | Self::Weapons | Self::Prosecutor | Self::Arrest => false,
        }
    }
}

/// What became of a task; words are never empty.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub enum Outcome {
    #[n(0)]
    Done,
    /// The victim declines, in these words.
    #[n(1)]
    Refused(#[n(0)] String),
    /// It is not called for here, or not possible now, for this reason.
    #[n(2)]
    SetAside(#[n(0)] String),
}

impl Outcome {
    /// The word by which a draft and a hand-over keep it.
    pub const fn code(&self) -> &'static str {
        match self {
            Self::Done => "FAIT",
            Self::Refused(_) => "REFUS",
            Self::SetAside(_) => "ECARTE",
        }
    }

    pub const fn words(&self) -> Option<&str> {
        match self {
            Self::Done => None,
            Self::Refused(words) | Self::SetAside(words) => Some(words.as_str()),
        }
    }
}

/// A task with what became of it.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct Answered {
    #[n(0)]
    pub task: Task,
    #[n(1)]
    pub outcome: Outcome,
}

/// Why a text is no list of tasks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum NotAProtocol {
    #[error("a line names a task, FAIT, REFUS or ECARTE, and words: `UMJ ; REFUS ; « non »`")]
    Line,
    #[error("a task is named twice")]
    Twice,
    #[error("a refusal and a reason have words, at most {MAX_WORDS} characters of them")]
    Words,
    #[error("the victim cannot decline what is a duty")]
    Duty,
}

/// Reads one task a line, `UMJ ; REFUS ; je veux rentrer`, in any order; an empty text is no task.
pub fn parse(text: &str) -> Result<Vec<Answered>, NotAProtocol> {
    let mut answered: Vec<Answered> = Vec::new();
    for line in text.lines().filter(|line| !line.trim().is_empty()) {
        let mut parts = line.splitn(3, ';').map(str::trim);
        let (task, what, words) = (parts.next(), parts.next(), parts.next().unwrap_or_default());
        let task = task.and_then(Task::from_code).ok_or(NotAProtocol::Line)?;
        let outcome = match (what, words) {
            (Some("FAIT"), "") => Outcome::Done,
            (Some("REFUS"), _) if !task.is_the_victims() => return Err(NotAProtocol::Duty),
            (Some("REFUS" | "ECARTE"), words)
                if words.is_empty()
                    || words.chars().count() > MAX_WORDS
                    || words.contains(hides_or_turns) =>
            {
                return Err(NotAProtocol::Words);
            }
            (Some("REFUS"), words) => Outcome::Refused(words.to_owned()),
            (Some("ECARTE"), words) => Outcome::SetAside(words.to_owned()),
            (Some(_) | None, _) => return Err(NotAProtocol::Line),
        };
        if answered.iter().any(|one| one.task == task) {
            return Err(NotAProtocol::Twice);
        }
        answered.push(Answered { task, outcome });
    }
    answered.sort_by_key(|one| Task::ALL.iter().position(|task| *task == one.task));
    Ok(answered)
}

/// The text that [`parse`] reads.
pub fn to_text(answered: &[Answered]) -> String {
    let line = |one: &Answered| {
        let head = format!("{} ; {}", one.task.code(), one.outcome.code());
        match one.outcome.words() {
            Some(words) => format!("{head} ; {words}"),
            None => head,
        }
    };
    answered.iter().map(line).collect::<Vec<_>>().join("\n")
}

/// The tasks that nobody has answered for.
pub fn open(answered: &[Answered]) -> impl Iterator<Item = Task> + '_ {
    let known = |task: &Task| answered.iter().any(|one| one.task == *task);
    Task::ALL.into_iter().filter(move |task| !known(task))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn protocol_every_refusal_is_kept_with_the_victims_words() {
        let text = "UMJ ; REFUS ; « je ne suis pas blessée » ; dit-elle\nPARQUET ; FAIT\nTGD ; ECARTE ; pas de ligne";
        let read = parse(text).unwrap();
        let refused = read.iter().find(|one| one.task == Task::Umj).unwrap();
        assert_eq!(
            refused.outcome.words(),
            Some("« je ne suis pas blessée » ; dit-elle")
        );
        assert_eq!(read[0].task, Task::Prosecutor);
        assert_eq!(parse(&to_text(&read)), Ok(read.clone()));
        assert_eq!(open(&read).count(), Task::ALL.len() - 3);
        assert_eq!(parse("UMJ ; REFUS"), Err(NotAProtocol::Words));
        assert_eq!(parse("UMJ ; REFUS ;  "), Err(NotAProtocol::Words));
    }

    #[test]
    fn protocol_a_duty_is_nobodys_to_refuse() {
        for duty in [Task::Prosecutor, Task::Files, Task::Weapons, Task::Arrest] {
            let text = format!("{} ; REFUS ; non", duty.code());
            assert_eq!(parse(&text), Err(NotAProtocol::Duty));
            assert!(parse(&format!("{} ; ECARTE ; déjà fait hier", duty.code())).is_ok());
        }
    }

    #[test]
    fn what_is_no_list_of_tasks_says_why() {
        assert_eq!(parse(""), Ok(Vec::new()));
        assert_eq!(parse("CAFE ; FAIT"), Err(NotAProtocol::Line));
        assert_eq!(parse("UMJ"), Err(NotAProtocol::Line));
        assert_eq!(parse("UMJ ; FAIT ; bien"), Err(NotAProtocol::Line));
        assert_eq!(parse("UMJ ; FAIT\nUMJ ; FAIT"), Err(NotAProtocol::Twice));
    }

    const ASKED: [(Task, &str, bool); 13] = [
        (Task::Prosecutor, "PARQUET", false),
        (Task::Files, "FICHIERS", false),
        (Task::Weapons, "ARMES", false),
        (Task::Arrest, "INTERPELLATION", false),
        (Task::Umj, "UMJ", true),
        (Task::Transport, "TRANSPORT", true),
        (Task::Shelter, "SECURITE", true),
        (Task::Belongings, "EFFETS", true),
        (Task::ProtectionOrder, "OP", true),
        (Task::Tgd, "TGD", true),
        (Task::Bar, "BAR", true),
        (Task::Contacts, "CONTACTS", true),
        (Task::Papers, "COPIE", true),
    ];

    #[test]
    fn protocol_each_task_is_open_until_it_is_done_set_aside_or_declined() {
        assert_eq!(open(&[]).collect::<Vec<_>>(), ASKED.map(|(task, ..)| task));
        for (task, code, victims) in ASKED {
            let read = |rest: &str| parse(&format!("{code} ; {rest}"));
            let kept = |outcome| Ok(vec![Answered { task, outcome }]);
            assert_eq!(read("FAIT"), kept(Outcome::Done), "{code}");
            let aside = Outcome::SetAside("sans objet".to_owned());
            assert_eq!(read("ECARTE ; sans objet"), kept(aside), "{code}");
            assert_eq!(read("ECARTE"), Err(NotAProtocol::Words), "{code}");
            let declined = if victims {
                kept(Outcome::Refused("non merci".to_owned()))
            } else {
                Err(NotAProtocol::Duty)
            };
            assert_eq!(read("REFUS ; non merci"), declined, "{code}");
            let left: Vec<Task> = open(&read("FAIT").unwrap()).collect();
            assert_eq!(left.len(), 12, "{code}");
            assert!(!left.contains(&task), "{code}");
        }
    }
}
