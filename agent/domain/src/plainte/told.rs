//! What a complaint says already about the questions of the danger grid.
//!
//! A passage stands beside its question, so that nothing is asked as if it had not been told. It proposes a yes and gives
//! none: the officer does, for one question or for all of them.

use crate::draft::Field;
use crate::natinf::fold;

/// Where a victim speaks of danger, the account first.
pub const TOLD_IN: [Field; 5] = [
    Field::Account,
    Field::Injuries,
    Field::Weapon,
    Field::Vulnerability,
    Field::Reprisals,
];

/// The most of a passage that is shown, in characters.
const MAX_PASSAGE: usize = 140;

/// A question of the grid, and the sentence that speaks of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Told {
    /// Its number in the grid.
    pub number: u8,
    /// Its beginning where it is long.
    pub passage: String,
}

/// By the number of a question, beginnings of words that speak of it, without accents; one that ends in a space is the
/// whole word.
const WORDS: [(u8, &[&str]); 23] = [
    (
        1,
        &["BLESS", "HEMATOME", "FRACTUR", "SAIGN", "ECCHYMOSE", "PLAIE"],
    ),
    (2, &["RECOMMENC", "VA REVENIR"]),
    (3, &["SEPAR", "QUITTE", "DIVORC", "RUPTURE", "ROMPRE"]),
    (4, &["ISOLE", "PLUS PERSONNE", "NE VOIS PLUS"]),
    (5, &["PEUR", "REPRESAILLE", "TERRORIS"]),
    (6, &["DEPRIM", "A BOUT ", "EN FINIR"]),
    (
        7,
        &[
            "FUSIL",
            "PISTOLET",
            "CARABINE",
            "REVOLVER",
            "ARME A FEU",
            "ARMES A FEU",
        ],
    ),
    (
        8,
        &[
            "ALCOOL",
            "BOIT ",
            "IVRE",
            "SAOUL",
            "DROGU",
            "CANNABIS",
            "COCAINE",
            "STUPEFIANT",
        ],
    ),
    (9, &["PSYCHIATR", "SCHIZOPHREN", "BIPOLAIR"]),
    (
        10,
        &[
            "SON EX FEMME",
            "SON EX COMPAGNE",
            "SON ANCIENNE COMPAGNE",
            "SA PRECEDENTE COMPAGNE",
        ],
    ),
    (11, &["PRISON", "CONDAMN", "GARDE A VUE", "TRIBUNAL"]),
    (
        12,
        &["POLICE EST", "POLICIERS SONT", "GENDARMES SONT", "DEJA INTERVEN"],
    ),
    (13, &["SUICID", "SE TUER", "SE PENDRE"]),
    (14, &["FRAPP", "GIFL", "ETRANGL", "VIOLENCES", "COUPS "]),
    (
        15,
        &["DE PLUS EN PLUS", "PLUS SOUVENT", "EMPIR", "CHAQUE SEMAINE"],
    ),
    (16, &["ENCEINTE", "BEBE", "NOURRISSON"]),
    (17, &["CONTROL", "M INTERDIT", "M EMPECHE"]),
    (
        18,
        &["SURVEILL", "HARCEL", "GEOLOCALIS", "ME SUIT ", "SANS ARRET"],
    ),
    (
        19,
        &["CARTE BANCAIRE", "CARTE VITALE", "MES PAPIERS", "MON ARGENT"],
    ),
    (20, &["DETTE", "IMPAYE", "SANS REVENU", "DIFFICULTES FINANCIERES"]),
    (
        21,
        &[
            "ME TUER",
            "TE TUER",
            "NOUS TUER",
            "LES TUER",
            "MENACE DE MORT",
            "MENACES DE MORT",
        ],
    ),
    (22, &["EGORG", "UNE BALLE DANS", "AVEC UN COUTEAU", "POIGNARD"]),
    (23, &["VIOL ", "VIOLE ", "VIOLEE ", "VIOLS ", "SEXUEL", "ATTOUCH"]),
];

/// For each question that the texts speak of, the first sentence that does; what the officer asks is not the victim's.
pub fn told(texts: &[&str]) -> Vec<Told> {
    let sentences: Vec<(&str, String)> = texts
        .iter()
        .flat_map(|text| text.lines())
        .map(str::trim)
        .filter(|line| !is_asked(line))
        .flat_map(|line| line.split_inclusive(['.', '!', '?', ';']))
        .map(|sentence| (sentence.trim(), words_of(sentence)))
        .collect();
    let of = |(number, words): &(u8, &[&str])| {
        let begins = |folded: &str, word: &str| {
            let mut found = folded.match_indices(word);
            found.any(|(at, _)| folded.get(..at).is_some_and(|before| before.ends_with(' ')))
        };
        let speaks = |folded: &str| words.iter().any(|word| begins(folded, word));
        let (passage, _) = sentences.iter().find(|(_, folded)| speaks(folded))?;
        Some(Told {
            number: *number,
            passage: passage.chars().take(MAX_PASSAGE).collect(),
        })
    };
    WORDS.iter().filter_map(of).collect()
}

/// A question begins with `Q :`.
fn is_asked(line: &str) -> bool {
    let rest = line.strip_prefix(['Q', 'q']);
    rest.is_some_and(|rest| rest.trim_start_matches([' ', '\u{a0}']).starts_with(':'))
}

/// Its words without accents, one space before and behind each.
fn words_of(sentence: &str) -> String {
    let folded = fold(sentence);
    let words = folded
        .split(|c: char| !c.is_alphanumeric())
        .filter(|word| !word.is_empty());
    words.fold(" ".to_owned(), |line, word| line + word + " ")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn numbers(account: &str) -> Vec<u8> {
        told(&[account]).into_iter().map(|told| told.number).collect()
    }

    #[test]
    fn danger_grid_a_passage_of_the_account_stands_beside_its_question() {
        let account = "Je l'ai quitté en mars. Il possède un fusil de chasse, il n'est pas déclaré.\n\n\
                       Il m'a dit « je vais te tuer ». Je suis enceinte.";
        let told = told(&[account]);
        assert_eq!(numbers(account), [3, 7, 16, 21]);
        assert_eq!(
            told[1].passage,
            "Il possède un fusil de chasse, il n'est pas déclaré."
        );
        assert_eq!(told[3].passage, "Il m'a dit « je vais te tuer ».");
    }

    #[test]
    fn danger_grid_words_within_words_and_questions_of_the_officer_say_nothing() {
        assert_eq!(numbers("Il est violent."), [] as [u8; 0]);
        assert_eq!(numbers("Il m'a violée."), [23]);
        assert_eq!(
            numbers("Q : A-t-il un fusil ?\nR : Non, un couteau."),
            [] as [u8; 0]
        );
        assert_eq!(numbers(""), [] as [u8; 0]);
    }

    #[test]
    fn danger_grid_injuries_a_weapon_and_vulnerability_speak_as_the_account_does() {
        let said = told(&[
            "Il crie.",
            "hématome au bras",
            "fusil de chasse",
            "enceinte de six mois",
        ]);
        let numbers: Vec<u8> = said.iter().map(|told| told.number).collect();
        assert_eq!(numbers, [1, 7, 16]);
    }

    #[test]
    fn a_long_sentence_is_shown_by_its_beginning() {
        let account = format!("Il a un pistolet {}", "é".repeat(500));
        assert_eq!(told(&[&account])[0].passage.chars().count(), MAX_PASSAGE);
    }

    proptest::proptest! {
        #[test]
        fn whatever_is_told_each_question_comes_once_in_the_order_of_the_grid(account in ".{0,400}") {
            let numbers = numbers(&account);
            proptest::prop_assert!(numbers.is_sorted_by(|one, next| one < next));
        }
    }
}
