//! What a patrol leaves in somebody's hands: a sheet in their language, the same for everybody.

use minicbor::{Decode, Encode};

use super::PvKind;
use crate::plainte::wording::wording;
use crate::plainte::{Language, Wording};

/// Which sheet.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Encode, Decode)]
#[cbor(index_only)]
pub enum Leaflet {
    /// The rights of whoever is held in custody (articles 63-1 and 803-6 CPP), theirs to keep.
    #[n(0)]
    Custody,
    /// Who helps, on a card that says nothing of violence to whoever else finds it.
    #[n(1)]
    Card,
}

impl Leaflet {
    pub const ALL: [Self; 2] = [Self::Custody, Self::Card];

    /// The act that says whether it was handed over.
    pub const fn handed_in(self) -> PvKind {
        match self {
            Self::Custody => PvKind::MiseADisposition,
            Self::Card => PvKind::Domicile,
        }
    }

    pub const fn text(self, language: Language) -> &'static Wording {
        match self {
            Self::Custody => wording!(9, "custody", language),
            Self::Card => wording!(7, "card", language),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cpp_803_6_every_language_has_the_rights_of_custody_and_the_articles_they_are_from() {
        let french = Leaflet::Custody.text(Language::French);
        for language in Language::ALL {
            let text = Leaflet::Custody.text(language);
            assert!(text.under.contains("63-1"), "{language:?}");
            assert!(text.under.contains("803-6"), "{language:?}");
            assert_eq!(
                text.version, french.version,
                "{language:?} follows an older French text"
            );
        }
        let asked: [&[&str]; 9] = [
            &["qualification", "date", "lieu", "motifs"],
            &["vingt-quatre heures", "prolongée"],
            &["proche", "employeur", "consulaires", "communiquer"],
            &["médecin"],
            &["avocat"],
            &["interprète"],
            &["consulter", "documents"],
            &["observations", "magistrat", "prolongation"],
            &["déclarations", "répondre", "taire"],
        ];
        for (right, words) in french.items.iter().zip(asked) {
            for word in words {
                assert!(right.contains(*word), "`{word}` is not in: {right}");
            }
        }
        assert!(
            french.closing.contains("garder ce document"),
            "803-6, last paragraph"
        );
    }

    /// Whoever finds it reads numbers, among them a doctor's.
    #[test]
    fn the_card_has_the_same_numbers_in_every_language_and_never_says_violence() {
        let numbers = |item: &str| -> String { item.chars().filter(char::is_ascii_digit).collect() };
        let french: Vec<String> = Leaflet::Card
            .text(Language::French)
            .items
            .iter()
            .map(|item| numbers(item))
            .collect();
        assert_eq!(french, ["17112", "114", "3919", "119", "116006", "115", "15"]);
        for language in Language::ALL {
            let text = Leaflet::Card.text(language);
            let said: Vec<String> = text.items.iter().map(|item| numbers(item)).collect();
            assert_eq!(said, french, "{language:?}");
            let all = text.entries().collect::<String>().to_lowercase();
            for word in ["violen", "gewalt", "насил", "عنف", "暴力", "şiddet", "przemoc"] {
                assert!(!all.contains(word), "{language:?}: {word}");
            }
        }
    }

    #[test]
    fn no_language_repeats_the_words_of_another() {
        for leaflet in Leaflet::ALL {
            for language in Language::ALL {
                let text = leaflet.text(language);
                for (place, item) in text.items.iter().enumerate() {
                    let others = Language::ALL.into_iter().filter(|other| *other != language);
                    let same = others.filter(|other| leaflet.text(*other).items[place] == *item);
                    assert_eq!(same.count(), 0, "{leaflet:?} {language:?} {place}");
                }
            }
        }
    }
}
