//! A call at the home becomes a complaint: who was there and where it was are not typed again.

use super::{Draft, Field};
use crate::pv::{Present, PvKind};
use crate::record::ActKind;

impl Draft {
    pub(super) fn is_a_home_call(&self) -> bool {
        self.kind == ActKind::Pv && self.pv_kind() == PvKind::Domicile
    }

    /// Proposes to a complaint what the call says; what the victim tells stays the victim's.
    pub(super) fn hand_over_call(&self, complaint: &mut Self) {
        complaint.propose(Field::Violence, "oui");
        complaint.propose(Field::FactsPlace, self.text(Field::Place));
        let arrived = self.text(Field::MeasureMoment).trim();
        if !arrived.is_empty() {
            let when = format!("avant l’arrivée de la patrouille, le {arrived}");
            complaint.propose(Field::When, &when);
        }
        let present: Vec<Present> = self
            .text(Field::Present)
            .lines()
            .filter_map(Present::parse)
            .collect();
        let is = |one: &Present, role: &str| one.role.to_lowercase().starts_with(role);
        if let [victim] = present
            .iter()
            .filter(|one| is(one, "victime"))
            .collect::<Vec<_>>()[..]
        {
            let (surname, given) = named(victim.who.reveal());
            complaint.propose(Field::Surname, &surname);
            complaint.propose(Field::GivenNames, &given);
            if victim.born.contains('/') {
                complaint.propose(Field::BirthDate, &victim.born);
            }
        }
        let author = present
            .iter()
            .find(|one| is(one, "auteur") || is(one, "mis en cause"));
        if let Some(author) = author {
            complaint.propose(Field::Suspect, author.who.reveal());
        }
        let witnesses: Vec<&str> = present
            .iter()
            .filter(|one| is(one, "témoin") || is(one, "enfant"))
            .map(|one| one.who.reveal().as_str())
            .collect();
        complaint.propose(Field::Witnesses, &witnesses.join("\n"));
    }
}

/// A surname is written in capitals before the given names; all of it is the surname where nothing is.
fn named(who: &str) -> (String, String) {
    let is_surname = |word: &&str| word.chars().all(|letter| !letter.is_lowercase());
    let words: Vec<&str> = who.split_whitespace().collect();
    let capitals = words.iter().take_while(|word| is_surname(word)).count();
    match capitals {
        0 => (who.to_owned(), String::new()),
        _ => {
            let (surname, given) = words.split_at(capitals);
            (surname.join(" "), given.join(" "))
        }
    }
}
