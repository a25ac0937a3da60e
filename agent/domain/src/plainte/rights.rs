//! The rights of a victim (article 10-2 CPP): one page in each language, and the proof that it was read and handed over.

use minicbor::{Decode, Encode};

use super::wording::{Wording, wording};
use crate::canonical::Digest;
use crate::hand::HandOutcome;
use crate::time::Timestamp;

/// The files that travel with a complaint for the sheet: as it was shown and handed over, and the signature under it.
pub const SHEET: &str = "droits.pdf";
pub const SHEET_STROKES: &str = "droits.strokes.cbor";
pub const SHEET_PICTURE: &str = "droits.png";

/// The language in which the rights were read and handed over.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Encode, Decode)]
#[cbor(index_only)]
pub enum Language {
    #[n(0)]
    French,
    /// French that is easy to read and to understand (FALC).
    #[n(1)]
    EasyFrench,
    #[n(2)]
    English,
    #[n(3)]
    Arabic,
    #[n(4)]
    Spanish,
    #[n(5)]
    Portuguese,
    #[n(6)]
    Italian,
    #[n(7)]
    German,
    #[n(8)]
    Romanian,
    #[n(9)]
    Russian,
    #[n(10)]
    Ukrainian,
    #[n(11)]
    Turkish,
    /// In simplified characters.
    #[n(12)]
    Chinese,
    #[n(13)]
    Polish,
}

impl Language {
    pub const ALL: [Self; 14] = [
        Self::French,
        Self::EasyFrench,
        Self::English,
        Self::Arabic,
        Self::Spanish,
        Self::Portuguese,
        Self::Italian,
        Self::German,
        Self::Romanian,
        Self::Russian,
        Self::Ukrainian,
        Self::Turkish,
        Self::Chinese,
        Self::Polish,
    ];

    /// BCP 47 tag, but for easy French.
    pub const fn code(self) -> &'static str {
        match self {
            Self::French => "fr",
            Self::EasyFrench => "fr-simple",
            Self::English => "en",
            Self::Arabic => "ar",
            Self::Spanish => "es",
            Self::Portuguese => "pt",
            Self::Italian => "it",
            Self::German => "de",
            Self::Romanian => "ro",
            Self::Russian => "ru",
            Self::Ukrainian => "uk",
            Self::Turkish => "tr",
            Self::Chinese => "zh",
            Self::Polish => "pl",
        }
    }

    /// As French calls it.
    pub const fn called(self) -> &'static str {
        match self {
            Self::French => "français",
            Self::EasyFrench => "français facile à lire",
            Self::English => "anglais",
            Self::Arabic => "arabe",
            Self::Spanish => "espagnol",
            Self::Portuguese => "portugais",
            Self::Italian => "italien",
            Self::German => "allemand",
            Self::Romanian => "roumain",
            Self::Russian => "russe",
            Self::Ukrainian => "ukrainien",
            Self::Turkish => "turc",
            Self::Chinese => "chinois",
            Self::Polish => "polonais",
        }
    }

    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|language| language.code() == code)
    }

    /// The words of its page: 1° to 10° of the article, in its order.
    pub const fn text(self) -> &'static Wording {
        wording!(10, "rights", self)
    }

    /// What stands beside the page: nothing beside the French text, which alone has force.
    pub fn original(self) -> Option<&'static Wording> {
        (self != Self::French).then(|| Self::French.text())
    }
}

/// How the victim took the sheet away.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Encode, Decode)]
#[cbor(index_only)]
pub enum HandedOver {
    #[n(0)]
    Paper,
    /// As a file, or by a code that leads to it.
    #[n(1)]
    File,
    /// The victim does not want it.
    #[n(2)]
    Declined,
}

impl HandedOver {
    pub const ALL: [Self; 3] = [Self::Paper, Self::File, Self::Declined];

    pub const fn code(self) -> &'static str {
        match self {
            Self::Paper => "PAPIER",
            Self::File => "FICHIER",
            Self::Declined => "REFUSEE",
        }
    }

    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|handed| handed.code() == code)
    }
}

/// Proof that the rights were notified: one page, one acknowledgement.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct RightsNotice {
    #[n(0)]
    pub language: Language,
    /// When the victim acknowledged it.
    #[n(1)]
    pub at: Timestamp,
    /// Absent in acts from before there were sheets.
    #[n(2)]
    pub sheet: Option<RightsSheet>,
}

/// The sheet that was read and handed over, and the one signature under it.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct RightsSheet {
    /// SHA-256 of its PDF.
    #[n(0)]
    pub sha256: Digest,
    #[n(1)]
    pub handed: HandedOver,
    /// A signature is bound to this sheet and to no other document.
    #[n(2)]
    pub outcome: HandOutcome,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cpp_10_2_every_language_has_the_ten_rights_and_the_article_they_are_from() {
        for language in Language::ALL {
            let text = language.text();
            assert!(text.under.contains("10-2"), "{language:?}");
            for article in ["706-3", "706-14"] {
                assert!(text.items[4].contains(article), "{language:?}: {article}");
            }
            for (place, right) in text.items.iter().enumerate() {
                assert!(right.chars().count() > 10, "{language:?}: {place}");
                let others = Language::ALL.into_iter().filter(|other| *other != language);
                let same = others.filter(|other| other.text().items[place] == *right);
                assert_eq!(
                    same.count(),
                    0,
                    "{language:?}: {place} is said in another language"
                );
            }
            assert_eq!(
                text.version,
                Language::French.text().version,
                "{language:?} follows an older French text"
            );
        }
    }

    #[test]
    fn cpp_10_2_the_phrase_of_the_pv_is_the_one_that_the_victim_acknowledges() {
        assert_eq!(
            Language::French.text().closing,
            "J’ai pris connaissance de mes droits et me réserve la possibilité d’y recourir à tout moment."
        );
    }

    /// One idea a line, short lines, no brackets, and nobody is spoken of in the third person.
    #[test]
    fn easy_french_has_short_lines_that_each_end_a_thought() {
        for entry in Language::EasyFrench.text().items {
            for line in Wording::lines(entry) {
                assert!(line.split_whitespace().count() <= 10, "{line}");
                assert!(!line.contains(['(', ';']), "{line}");
            }
            assert!(entry.ends_with(['.', '?']), "{entry}");
        }
    }

    #[test]
    fn a_language_is_found_by_its_code_and_nothing_else_is() {
        for language in Language::ALL {
            assert_eq!(Language::from_code(language.code()), Some(language));
        }
        assert_eq!(Language::from_code("fr-FR"), None);
    }

    #[test]
    fn cpp_10_2_the_french_page_says_each_right_of_the_article() {
        let asked: [&[&str]; 10] = [
            &["réparation", "justice restaurative"],
            &[
                "partie civile",
                "parquet",
                "citation directe",
                "juge d’instruction",
            ],
            &["avocat", "aide juridictionnelle", "protection juridique"],
            &["collectivité publique", "association agréée"],
            &["commission d’indemnisation", "706-3", "706-14"],
            &[
                "ordonnance de protection",
                "peines encourues",
                "conditions d’exécution",
            ],
            &["interprète", "traduction"],
            &["représentant légal", "personne majeure de votre choix", "avocat"],
            &["adresse d’un tiers", "accord exprès"],
            &["examen médical", "certificat"],
        ];
        for (right, words) in Language::French.text().items.iter().zip(asked) {
            for word in words {
                assert!(right.contains(*word), "`{word}` is not in: {right}");
            }
        }
    }
}
