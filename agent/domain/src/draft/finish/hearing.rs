//! The status gate of a hearing: who may be heard with a terminal, and what must have been said before (61-1, 62,
//! 62-2, 63, 63-1 CPP; CJPM for minors).

use super::super::{Field, Reason};
use super::Form;
use crate::person::{FullIdentity, Identity, Person};
use crate::pv::{
    Counsel, Exchange, HeardAs, Hearing, Interpreter, Link, NotAnExchange, Spoken, SuspectNotice, exchanges,
};
use crate::sensitive::Sensitive;

/// The statuses that the form offers; custody is there so that the refusal can say why.
enum Status {
    Witness,
    Victim,
    Suspect,
    Custody,
}

impl Status {
    fn from_code(code: &str) -> Option<Self> {
        Some(match code {
            "TEMOIN" => Self::Witness,
            "VICTIME" => Self::Victim,
            "SUSPECT" => Self::Suspect,
            "GARDE-A-VUE" => Self::Custody,
            _ => return None,
        })
    }
}

impl Form<'_> {
    pub(super) fn hearing(&mut self) -> Option<Hearing> {
        let status = self.choice(Field::HeardAs, Status::from_code);
        self.refuse_unborn();
        let person = self.short_person();
        let heard_as = match status? {
            Status::Witness => Some(HeardAs::Witness),
            Status::Victim => Some(HeardAs::Victim),
            Status::Suspect => self.suspect(person.as_ref()),
            Status::Custody => {
                self.problem(Field::HeardAs, Reason::Custody);
                None
            }
        };
        let interpreter = self.interpreter();
        let (statement, exchanges) = self.said(matches!(heard_as, Some(HeardAs::Suspect(_))))?;
        let person = person?;
        Some(Hearing {
            person: match heard_as {
                Some(HeardAs::Suspect(_)) => self.in_full(person),
                Some(HeardAs::Witness | HeardAs::Victim) | None => person,
            },
            heard_as: heard_as?,
            interpreter,
            statement,
            exchanges,
            begun: self.draft.begun.unwrap_or(self.draft.started).utc,
        })
    }

    /// A suspect who is free to go, of age, told the rights before the first word, with the lawyer asked for.
    fn suspect(&mut self, person: Option<&Person>) -> Option<HeardAs> {
        match self.age(person.map(|person| person.identity.brief())) {
            Some(18..) => {}
            Some(_) => self.problem(Field::HeardAs, Reason::MinorSuspect),
            None => self.problem(Field::BirthDate, Reason::Missing),
        }
        match self.yes_or_no(Field::Constraint) {
            Some(false) => {}
            Some(true) => self.problem(Field::Constraint, Reason::Constrained),
            None => self.problem(Field::Constraint, Reason::Missing),
        }
        if self.codes(Field::Offences).is_empty() {
            self.problem(Field::Offences, Reason::Missing);
        }
        let counsel = self.counsel();
        let language = self.typed(Field::NoticeLanguage);
        let Some((at, language)) = self.draft.noticed.zip(language) else {
            self.problem(Field::NoticeLanguage, Reason::NoticeMissing);
            return None;
        };
        if self.draft.begun.is_some_and(|begun| begun.utc < at.utc) {
            self.problem(Field::NoticeLanguage, Reason::NoticeTooLate);
        }
        Some(HeardAs::Suspect(Box::new(SuspectNotice {
            at,
            language: language.to_owned(),
            counsel: counsel?,
        })))
    }

    fn counsel(&mut self) -> Option<Counsel> {
        match self.needed(Field::Counsel)? {
            "RENONCE" => Some(Counsel::Waived),
            "PRESENT" => Some(Counsel::Present(self.needed(Field::CounselName)?.into())),
            "DEMANDE" => {
                self.problem(Field::Counsel, Reason::CounselAbsent);
                None
            }
            _ => {
                self.problem(Field::Counsel, Reason::NotAChoice);
                None
            }
        }
    }

    pub(super) fn interpreter(&mut self) -> Option<Interpreter> {
        let name = self.typed(Field::Interpreter)?;
        let language = self.needed(Field::InterpreterLanguage);
        let sworn = self.yes_or_no(Field::InterpreterOath);
        if sworn != Some(true) {
            self.problem(Field::InterpreterOath, Reason::OathMissing);
        }
        let link = self.maybe(Field::InterpreterLink, Reason::NotAChoice, |code| {
            Link::from_code(code).ok_or(())
        });
        Some(Interpreter {
            name: name.into(),
            language: language?.to_owned(),
            sworn: sworn?,
            link: link.unwrap_or(Link::None),
            by_telephone: self.yes_or_no(Field::InterpreterPhone).unwrap_or(false),
        })
    }

    /// What was said; a suspect is asked questions, and the act holds them (429 CPP).
    pub(super) fn said(&mut self, suspect: bool) -> Option<(Vec<Sensitive<String>>, Vec<Exchange>)> {
        let Spoken {
            statement,
            exchanges: spoken,
        } = match exchanges(self.needed(Field::Account)?) {
            Ok(said) => said,
            Err(NotAnExchange::Unanswered { .. }) => {
                self.problem(Field::Account, Reason::QuestionUnanswered);
                return None;
            }
            Err(NotAnExchange::NoQuestion) => {
                self.problem(Field::Account, Reason::NoQuestion);
                return None;
            }
        };
        if suspect && spoken.is_empty() {
            self.problem(Field::Account, Reason::NoQuestion);
        }
        let exchange = |(question, answer): (String, String)| Exchange {
            question: question.into(),
            answer: answer.into(),
        };
        Some((
            statement.into_iter().map(Sensitive::new).collect(),
            spoken.into_iter().map(exchange).collect(),
        ))
    }

    /// The grande identité of a suspect.
    fn in_full(&self, person: Person) -> Person {
        let Identity::Short(short) = person.identity else {
            return person;
        };
        let owned = |field| self.typed(field).map(Sensitive::from);
        let licence = [Field::LicenceNumber, Field::LicenceCategories].map(|field| self.typed(field));
        let licence: Vec<&str> = licence.into_iter().flatten().collect();
        Person {
            source: person.source,
            identity: Identity::Full(Box::new(FullIdentity {
                short: *short,
                father: owned(Field::Father),
                mother: owned(Field::Mother),
                family_situation: owned(Field::FamilySituation),
                employer: owned(Field::Employer),
                driving_licence: (!licence.is_empty()).then(|| Sensitive::new(licence.join(", catégories "))),
            })),
        }
    }
}
