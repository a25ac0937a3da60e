//! The police files that HQ answers from, here synthetic and drawn from a seed: FPR, FOVeS, SIV and SNPC, and in a
//! module each the files that answer in ways of their own.
//!
//! No person in them exists. A name is found by its letters alone, whatever its accents, dashes and case. Where files
//! are of people who are sought or known, a date of birth that differs in one part alone finds a homonym, said to be one;
//! elsewhere it finds nobody.

mod agdref;
mod docverif;
mod fva;
mod generator;
mod names;
mod taj;

use std::collections::{BTreeMap, BTreeSet};

use domain::UnixMs;
use domain::hotlist::Person;
use domain::identity::CivilDate;
use domain::officer::FileKind;
use domain::query::{Card, DocumentKind, Homonym, Term};
use domain::vehicle::Plate;

use crate::hotlist::{Lists, PersonsSought};

/// The files at one date.
pub struct PoliceFiles {
    /// How old the data is.
    dataset: UnixMs,
    people: BTreeMap<FileKind, BTreeMap<PersonKey, Vec<Entry>>>,
    vehicles: BTreeMap<FileKind, BTreeMap<String, Vec<Card>>>,
    documents: BTreeMap<FileKind, BTreeMap<DocumentKey, Vec<Card>>>,
}

/// A kind of document, and its number in upper case without spaces.
type DocumentKey = (DocumentKind, String);

/// Folded surname and given names.
type PersonKey = (String, String);

struct Entry {
    born: CivilDate,
    card: Card,
}

impl PoliceFiles {
    /// The same seed gives the same files, but for their date.
    pub fn synthetic(seed: u64, dataset: UnixMs) -> Self {
        let mut files = Self {
            dataset,
            people: BTreeMap::new(),
            vehicles: BTreeMap::new(),
            documents: BTreeMap::new(),
        };
        generator::fill(&mut files, seed);
        fva::fill(&mut files);
        agdref::fill(&mut files);
        docverif::fill(&mut files);
        taj::fill(&mut files);
        files
    }

    pub const fn dataset(&self) -> UnixMs {
        self.dataset
    }

    /// What terminals look for without network, as the files have it.
    pub fn sought(&self) -> Lists {
        let plates = self.vehicles.get(&FileKind::Foves);
        let plates = plates.into_iter().flat_map(BTreeMap::keys);
        Lists {
            as_of: self.dataset,
            vehicles: plates.filter_map(|key| Plate::read(key).ok()).collect(),
            documents: BTreeSet::new(),
        }
    }

    /// Whom a terminal with a policy looks for without network: everybody of the FPR but those under surveillance.
    pub fn sought_persons(&self) -> PersonsSought {
        let people = self.people.get(&FileKind::Fpr).into_iter().flatten();
        let persons = people.flat_map(|((surname, given), entries)| {
            let sought = entries.iter().filter(|entry| !entry.card.surveillance);
            sought.filter_map(|entry| Person::read(surname, given, Some(entry.born)).ok())
        });
        PersonsSought {
            as_of: self.dataset,
            persons: persons.collect(),
        }
    }

    /// Every entry of `file` about `term`, the dangerous first; nothing when the file is not about such terms.
    pub fn search(&self, file: FileKind, term: &Term) -> Vec<Card> {
        let mut cards = match term {
            Term::Person {
                surname,
                given_name,
                born,
            } => {
                let key = (fold(surname.reveal()), fold(given_name.reveal()));
                let born = born.as_ref().map(|born| *born.reveal());
                let entries = self.people.get(&file).and_then(|people| people.get(&key));
                let found = |entry: &Entry| {
                    let homonym = likeness(file, born, entry.born)?;
                    Some(Card {
                        homonym,
                        ..entry.card.clone()
                    })
                };
                entries.into_iter().flatten().filter_map(found).collect()
            }
            Term::Vehicle { plate } => {
                let cards = self.vehicles.get(&file).and_then(|cards| cards.get(&plate.key()));
                cards.cloned().unwrap_or_default()
            }
            Term::Document { kind, number } => {
                let key = (*kind, bare(number.reveal()));
                let cards = self.documents.get(&file).and_then(|cards| cards.get(&key));
                cards.cloned().unwrap_or_default()
            }
        };
        cards.sort_by_key(|card| (!card.dangerous, card.homonym));
        cards
    }

    fn add_person(&mut self, file: FileKind, surname: &str, given: &str, born: CivilDate, card: Card) {
        let people = self.people.entry(file).or_default();
        let entries = people.entry((fold(surname), fold(given))).or_default();
        entries.push(Entry { born, card });
    }

    fn add_vehicle(&mut self, file: FileKind, key: String, card: Card) {
        self.vehicles
            .entry(file)
            .or_default()
            .entry(key)
            .or_default()
            .push(card);
    }
}

impl PoliceFiles {
    fn add_document(&mut self, file: FileKind, kind: DocumentKind, number: &str, card: Card) {
        let documents = self.documents.entry(file).or_default();
        documents.entry((kind, bare(number))).or_default().push(card);
    }
}

/// Whether a name that was found is the person's: none where it is not, and otherwise why it may be another's.
fn likeness(file: FileKind, asked: Option<CivilDate>, held: CivilDate) -> Option<Option<Homonym>> {
    let of_the_sought = matches!(file, FileKind::Fpr | FileKind::Taj);
    let Some(asked) = asked else {
        return Some(of_the_sought.then_some(Homonym::BirthNotGiven));
    };
    let (asked, held) = (asked.date(), held.date());
    let parts = [
        asked.year() == held.year(),
        asked.month() == held.month(),
        asked.day() == held.day(),
    ];
    match parts.into_iter().filter(|same| *same).count() {
        3 => Some(None),
        // A digit that was typed or written down wrong.
        2 if of_the_sought => Some(Some(Homonym::BirthDiffers)),
        _ => None,
    }
}

/// A number as it is compared.
fn bare(number: &str) -> String {
    let kept = number.chars().filter(|c| c.is_alphanumeric());
    kept.flat_map(char::to_uppercase).collect()
}

/// Letters in upper case without accents; whatever else separates words becomes one space.
pub(crate) fn fold(text: &str) -> String {
    let plain: String = text
        .chars()
        .flat_map(char::to_uppercase)
        .flat_map(unaccented)
        .collect();
    plain.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// The letters of an upper-case character, as a machine-readable zone prints them (ICAO 9303-3 §6).
fn unaccented(letter: char) -> Vec<char> {
    match letter {
        'À' | 'Á' | 'Â' | 'Ã' | 'Ä' | 'Å' => vec!['A'],
        'Ç' => vec!['C'],
        'È' | 'É' | 'Ê' | 'Ë' => vec!['E'],
        'Ì' | 'Í' | 'Î' | 'Ï' => vec!['I'],
        'Ñ' => vec!['N'],
        'Ò' | 'Ó' | 'Ô' | 'Õ' | 'Ö' => vec!['O'],
        'Ù' | 'Ú' | 'Û' | 'Ü' => vec!['U'],
        'Ý' | 'Ÿ' => vec!['Y'],
        'Æ' => vec!['A', 'E'],
        'Œ' => vec!['O', 'E'],
        _ if letter.is_alphanumeric() => vec![letter],
        _ => vec![' '],
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::vehicle::Plate;

    fn person(surname: &str, given: &str, born: Option<&str>) -> Term {
        Term::Person {
            surname: surname.into(),
            given_name: given.into(),
            born: born.map(|born| CivilDate::parse(born).unwrap().into()),
        }
    }

    fn files() -> PoliceFiles {
        PoliceFiles::synthetic(7, UnixMs(1))
    }

    #[test]
    fn the_specimen_of_icao_is_sought_and_not_dangerous() {
        let found = files().search(
            FileKind::Fpr,
            &person("Eriksson", "Anna Maria", Some("12/08/1974")),
        );
        let [card] = found.as_slice() else {
            panic!("{} cards", found.len())
        };
        assert!(!card.dangerous && card.instruction.is_some());
        assert_eq!(
            files().search(FileKind::Snpc, &person("Eriksson", "Anna Maria", None)),
            []
        );
    }

    #[test]
    fn a_dangerous_person_is_marked() {
        let found = files().search(FileKind::Fpr, &person("DURAND", "MARC", Some("03/05/1988")));
        assert!(found.first().is_some_and(|card| card.dangerous));
    }

    #[test]
    fn a_stolen_vehicle_is_found_by_its_plate_in_any_spelling() {
        for text in ["ab123cd", "AB-123-CD"] {
            let plate = Plate::parse(text).unwrap();
            assert_eq!(
                files().search(FileKind::Foves, &Term::Vehicle { plate }).len(),
                1,
                "{text}"
            );
        }
    }

    #[test]
    fn nobody_knows_corinne_berthier() {
        for file in FileKind::ALL {
            assert_eq!(files().search(file, &person("BERTHIER", "CORINNE", None)), []);
        }
    }

    #[test]
    fn a_date_of_birth_with_one_part_wrong_finds_a_homonym_and_two_find_nobody() {
        let homonyms = |born| -> Vec<Option<Homonym>> {
            let found = files().search(FileKind::Fpr, &person("DURAND", "MARC", born));
            let scripted = found.iter().filter(|card| card.number.is_some());
            scripted.map(|card| card.homonym).collect()
        };
        assert!(homonyms(Some("03/05/1988")).contains(&None));
        assert!(homonyms(Some("04/05/1988")).contains(&Some(Homonym::BirthDiffers)));
        assert!(homonyms(None).contains(&Some(Homonym::BirthNotGiven)));
        assert_eq!(homonyms(Some("04/06/1988")), []);
    }

    #[test]
    fn a_surveillance_says_so_to_the_officer_alone() {
        let found = files().search(FileKind::Fpr, &person("Vidal", "Paul", Some("07/09/1991")));
        let [card] = found.as_slice() else {
            panic!("{} cards", found.len())
        };
        assert!(card.surveillance && card.number.is_some() && !card.is_hit());
        let plate = Plate::parse("AB-456-CD").unwrap();
        let found = files().search(FileKind::Foves, &Term::Vehicle { plate });
        assert!(found.iter().all(|card| card.surveillance) && found.len() == 1);
    }

    #[test]
    fn lil_31_nobody_under_surveillance_is_on_a_list_of_persons() {
        let sought = files().sought_persons().persons;
        let is_sought = |surname, given, born| {
            let born = CivilDate::parse(born).ok();
            sought.contains(&Person::read(surname, given, born).unwrap())
        };
        assert!(is_sought("ERIKSSON", "ANNA", "12/08/1974"));
        assert!(is_sought("DURAND", "MARC", "03/05/1988"));
        assert!(!is_sought("VIDAL", "PAUL", "07/09/1991"));
    }

    #[test]
    fn names_are_compared_by_their_letters() {
        assert_eq!(fold("Lefèvre-D'Œuvre  "), "LEFEVRE D OEUVRE");
        assert_eq!(fold("straße"), "STRASSE");
    }

    #[test]
    fn a_seed_decides_everything() {
        let seen = |seed| {
            let files = PoliceFiles::synthetic(seed, UnixMs(1));
            let mut plates: Vec<String> = files.vehicles[&FileKind::Siv].keys().cloned().collect();
            plates.truncate(50);
            plates
        };
        assert_eq!(seen(7), seen(7));
        assert_ne!(seen(7), seen(8));
    }
}
