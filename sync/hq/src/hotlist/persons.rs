//! Lists of persons: what allows one, and the file that one is made from.
//!
//! A surveillance is on no list: whoever holds the phone would learn of it, and so would the person from what follows.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use domain::UnixMs;
use domain::hotlist::{NotSought, Person};
use domain::identity::CivilDate;
use domain::profile::PersonsPolicy;
use thiserror::Error;

use crate::rollout::{Channel, State};
use crate::store::{StoreError, Transaction};

/// The first line of a file of persons.
pub const HEADER: &str = "nom;prenoms;naissance;mesure";
/// The most lines that one fault names.
const MOST_NAMED: usize = 20;

/// The persons who are sought, as the file has them at one moment.
#[derive(Debug, Clone, Default)]
pub struct PersonsSought {
    /// How old the data is.
    pub as_of: UnixMs,
    pub persons: BTreeSet<Person>,
}

/// What an entry of the FPR stands for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Measure {
    /// A warrant to bring, to arrest or to appear.
    Warrant,
    /// A judgment to be carried out, or custody to be gone back to.
    Custody,
    Escape,
    /// Sought in a procedure, to be heard or placed.
    Judicial,
    /// Obligations or prohibitions of a contrôle judiciaire or of a sentence.
    Obligations,
    /// A minor who ran away.
    Runaway,
    /// A person who is missing.
    Missing,
    /// Prohibition of a place, of leaving the territory, of driving.
    Prohibition,
    /// Removal from the territory that was decided.
    Removal,
    /// A discreet, specific or inquiry check.
    DiscreetCheck,
    Surveillance,
}

impl Measure {
    pub const ALL: [Self; 11] = [
        Self::Warrant,
        Self::Custody,
        Self::Escape,
        Self::Judicial,
        Self::Obligations,
        Self::Runaway,
        Self::Missing,
        Self::Prohibition,
        Self::Removal,
        Self::DiscreetCheck,
        Self::Surveillance,
    ];

    /// The word in a file of persons.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Warrant => "mandat",
            Self::Custody => "ecrou",
            Self::Escape => "evasion",
            Self::Judicial => "recherche-judiciaire",
            Self::Obligations => "obligations",
            Self::Runaway => "mineur-en-fugue",
            Self::Missing => "disparition",
            Self::Prohibition => "interdiction",
            Self::Removal => "eloignement",
            Self::DiscreetCheck => "controle-discret",
            Self::Surveillance => "surveillance",
        }
    }

    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|measure| measure.code() == code)
    }

    /// Whether the person may not learn of it: it is on no list.
    pub const fn is_secret(self) -> bool {
        match self {
            Self::DiscreetCheck | Self::Surveillance => true,
            Self::Warrant
            | Self::Custody
            | Self::Escape
            | Self::Judicial
            | Self::Obligations
            | Self::Runaway
            | Self::Missing
            | Self::Prohibition
            | Self::Removal => false,
        }
    }
}

/// What is wrong with a line of a file of persons.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Error)]
pub enum LineFault {
    #[error("a surveillance or a discreet check, which is on no list; take it out of the file")]
    Secret,
    #[error("not the four columns `{HEADER}`")]
    Columns,
    #[error("a measure that is none; `neoctl reference hotlist --help` names them")]
    Measure,
    #[error("no whole date of birth as JJ/MM/AAAA")]
    Birth,
    #[error("no surname and given name that a machine-readable zone could write")]
    Name,
}

/// Every line that has a fault, by its fault; neither a name nor a date is in it.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Faults(pub BTreeMap<LineFault, Vec<usize>>);

impl fmt::Display for Faults {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (number, (fault, lines)) in self.0.iter().enumerate() {
            let between = if number == 0 { "" } else { "; " };
            let named: Vec<String> = lines.iter().take(MOST_NAMED).map(usize::to_string).collect();
            let word = if lines.len() == 1 { "line" } else { "lines" };
            write!(f, "{between}{word} {}", named.join(", "))?;
            if lines.len() > MOST_NAMED {
                write!(f, " and {} more", lines.len() - MOST_NAMED)?;
            }
            write!(f, ": {fault}")?;
        }
        Ok(())
    }
}

/// Why a file is no file of persons: one line with a fault, and nothing of it is read.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum PersonsFault {
    #[error("it is not UTF-8; save it as UTF-8")]
    Charset,
    #[error("its first line is not `{HEADER}`")]
    Header,
    #[error("{0}")]
    Lines(Faults),
}

/// The persons of a file: UTF-8, [`HEADER`], then a line for each with its columns between semicolons. Empty lines do not
/// count.
pub fn read_persons(bytes: &[u8]) -> Result<BTreeSet<Person>, PersonsFault> {
    let text = std::str::from_utf8(bytes).map_err(|_| PersonsFault::Charset)?;
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let mut lines = (1..).zip(text.lines().map(str::trim));
    if lines.next().is_none_or(|(_, first)| first != HEADER) {
        return Err(PersonsFault::Header);
    }
    let mut persons = BTreeSet::new();
    let mut faults = Faults::default();
    for (number, line) in lines.filter(|(_, line)| !line.is_empty()) {
        match read_line(line) {
            Ok(person) => {
                persons.insert(person);
            }
            Err(fault) => faults.0.entry(fault).or_default().push(number),
        }
    }
    if faults.0.is_empty() {
        Ok(persons)
    } else {
        Err(PersonsFault::Lines(faults))
    }
}

/// The measure first: that a surveillance is there has to be said, whatever else is wrong with its line.
fn read_line(line: &str) -> Result<Person, LineFault> {
    let columns: Vec<&str> = line.split(';').map(str::trim).collect();
    let [surname, given_names, born, measure] = columns.as_slice() else {
        return Err(LineFault::Columns);
    };
    let measure = Measure::from_code(measure).ok_or(LineFault::Measure)?;
    if measure.is_secret() {
        return Err(LineFault::Secret);
    }
    Person::read(surname, given_names, CivilDate::parse(born).ok()).map_err(|fault| match fault {
        NotSought::Birth => LineFault::Birth,
        NotSought::Name => LineFault::Name,
    })
}

/// A policy that holds today and that a rollout gives, or gave to those who have nothing newer.
pub fn policy_in_force(
    transaction: &Transaction<'_>,
    now: UnixMs,
) -> Result<Option<PersonsPolicy>, StoreError> {
    for channel in Channel::ALL {
        for rollout in transaction.rollouts(Some(channel))? {
            let has_gone_out = match rollout.state {
                State::Created | State::Aborted => false,
                State::Running | State::Paused | State::Stopped | State::Done => true,
            };
            if has_gone_out && let Some(policy) = policy_of(transaction, rollout.serial, now)? {
                return Ok(Some(policy));
            }
            if rollout.state == State::Done {
                break;
            }
        }
    }
    Ok(None)
}

/// What the profile of this version says of lists of persons, while it holds.
pub(crate) fn policy_of(
    transaction: &Transaction<'_>,
    profile: u64,
    now: UnixMs,
) -> Result<Option<PersonsPolicy>, StoreError> {
    let published = transaction.profile(profile)?;
    let policy = published.and_then(|published| published.profile.settings.persons);
    let today = CivilDate::from(now.civil(0).date());
    Ok(policy.filter(|policy| policy.holds_on(today)))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn faults(lines: &[&str]) -> BTreeMap<LineFault, Vec<usize>> {
        match read_persons(format!("{HEADER}\n{}\n", lines.join("\n")).as_bytes()) {
            Err(PersonsFault::Lines(Faults(faults))) => faults,
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn a_file_of_persons_is_read_whatever_the_spelling_and_says_nothing_twice() {
        let file = format!(
            "\u{feff}{HEADER}\r\nDurand;Marc;03/05/1988;mandat\r\n\r\nDURAND ; MARC, ; 03/05/1988 ; ecrou\n"
        );
        let persons = read_persons(file.as_bytes()).unwrap();
        let durand = Person::read("DURAND", "MARC", CivilDate::parse("03/05/1988").ok());
        assert_eq!(persons.into_iter().collect::<Vec<_>>(), [durand.unwrap()]);
    }

    #[test]
    fn lil_31_a_file_with_one_surveillance_is_refused_whole_and_its_lines_are_named() {
        let found = faults(&[
            "DURAND;Marc;03/05/1988;mandat",
            "VIDAL;Paul;07/09/1991;surveillance",
            "ERIKSSON;Anna;12/08/1974;disparition",
            "VIDAL;Paul;;controle-discret",
        ]);
        assert_eq!(found, BTreeMap::from([(LineFault::Secret, vec![3, 5])]));
        let said = Faults(found).to_string();
        assert!(said.starts_with("lines 3, 5: a surveillance"), "{said}");
        for measure in Measure::ALL {
            let line = format!("DURAND;Marc;03/05/1988;{}", measure.code());
            let read = read_persons(format!("{HEADER}\n{line}").as_bytes());
            assert_eq!(read.is_ok(), !measure.is_secret(), "{line}");
        }
    }

    #[test]
    fn what_is_wrong_with_a_line_is_said_without_the_line() {
        let found = faults(&[
            "DURAND;Marc;03/05/1988",
            "DURAND;Marc;03/05/1988;S",
            "DURAND;Marc;00/00/1988;mandat",
            "DURAND;;03/05/1988;mandat",
            "Иванова;Анна;03/05/1988;mandat",
        ]);
        let expected = [
            (LineFault::Columns, vec![2]),
            (LineFault::Measure, vec![3]),
            (LineFault::Birth, vec![4]),
            (LineFault::Name, vec![5, 6]),
        ];
        assert_eq!(found, BTreeMap::from(expected));
        assert!(!Faults(found).to_string().contains("DURAND"));
        assert_eq!(
            read_persons(b"DURAND;Marc;03/05/1988;mandat"),
            Err(PersonsFault::Header)
        );
        assert_eq!(read_persons(b"\xff"), Err(PersonsFault::Charset));
        let many = Faults(BTreeMap::from([(LineFault::Columns, (2..32).collect())]));
        assert!(many.to_string().contains("20, 21 and 10 more: "), "{many}");
    }
}
