//! The sheet of a victim's rights in every language, and what the PV says of it (article 10-2 CPP).

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use std::sync::LazyLock;

use documents::{DocumentError, Enclosures, Hands, render, rights_sheet};
use domain::Digest;
use domain::hand::{HandOutcome, SignedPad};
use domain::natinf::ReferenceSet;
use domain::plainte::{HandedOver, Language, Plainte, RightsSheet, Wording};

use crate::acts::{of_plainte, plainte};
use crate::enclosed::pad;
use crate::pdf;

/// Drawn once, and kept in the temporary folder of the tests, to be looked at.
static SHEETS: LazyLock<BTreeMap<Language, Vec<u8>>> = LazyLock::new(|| {
    let drawn = |language: Language| {
        let pdf = rights_sheet(language).unwrap();
        let file = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("droits-{}.pdf", language.code()));
        fs::write(file, &pdf).unwrap();
        (language, pdf)
    };
    Language::ALL.into_iter().map(drawn).collect()
});

fn sheet(language: Language) -> &'static [u8] {
    &SHEETS[&language]
}

/// How often each letter and figure is there, in whatever order a reader of pages gives the columns.
fn letters(text: &str) -> BTreeMap<char, usize> {
    let mut counts = BTreeMap::new();
    for letter in text.chars().filter(|c| c.is_alphanumeric()) {
        *counts.entry(letter).or_default() += 1;
    }
    counts
}

/// The letters alone: a hyphen at the end of a line may be gone from the text of a page.
fn words(text: &str) -> String {
    text.chars().filter(|c| c.is_alphanumeric()).collect()
}

fn notified(language: Language, outcome: HandOutcome) -> Plainte {
    let mut plainte = plainte();
    plainte.rights.language = language;
    plainte.rights.sheet = Some(RightsSheet {
        sha256: Digest::of(sheet(language)),
        handed: HandedOver::Paper,
        outcome,
    });
    plainte
}

pub(crate) fn signed(language: Language) -> Plainte {
    let shown = Digest::of(sheet(language));
    notified(language, HandOutcome::Signed(SignedPad { shown, ..pad() }))
}

#[test]
fn cpp_10_2_each_language_has_one_page_of_a4_that_is_sound() {
    for language in Language::ALL {
        let pdf = sheet(language);
        pdf::assert_sound(pdf);
        assert_eq!(pdf::pages(pdf).len(), 1, "{language:?}");
        assert!(pdf::paper(pdf).contains("A4"), "{language:?}");
        assert_eq!(
            pdf,
            rights_sheet(language).unwrap(),
            "{language:?} is drawn in other bytes"
        );
    }
}

/// Every letter of every entry is there: none fell to a font without it, none off the page.
#[test]
fn cpp_10_2_each_sheet_says_the_ten_rights_in_its_language() {
    for language in Language::ALL {
        let printed = letters(&pdf::text(sheet(language)));
        let pages = [Some(language.text()), language.original()];
        let official =
            "Fiche des droits de la victime, article 10-2 du Code de procédure pénale texte du 01/11/2026";
        let mut due: String = official.to_owned();
        for page in pages.into_iter().flatten() {
            // The French page says of no translation that it is one.
            let skipped = if language == Language::French {
                page.courtesy
            } else {
                ""
            };
            due.extend(page.entries().filter(|entry| *entry != skipped));
            due.extend((1..=10).map(|number| number.to_string()));
        }
        let due = letters(&due);
        if language == Language::Arabic {
            // A letter that bears a mark is read from the page once more with its mark.
            let lacking = due
                .iter()
                .find(|(letter, count)| printed.get(letter) < Some(count));
            assert_eq!(lacking, None);
            assert!(printed.keys().eq(due.keys()));
        } else {
            assert_eq!(printed, due, "{language:?}");
        }
    }
}

#[test]
fn cpp_10_2_no_translation_is_without_the_french_text_and_says_that_it_prevails() {
    let french = Language::French.text();
    for language in Language::ALL.into_iter().filter(|one| *one != Language::French) {
        let printed = pdf::letters(&pdf::text(sheet(language)));
        for entry in french.entries() {
            assert!(printed.contains(&pdf::letters(entry)), "{language:?}: {entry}");
        }
        assert!(language.text().courtesy.len() > 20, "{language:?}");
    }
    let alone = pdf::text(sheet(Language::French));
    assert!(!alone.contains("courtoisie"), "{alone}");
}

#[test]
fn a_number_of_an_article_reads_from_the_left_in_arabic() {
    let printed = pdf::text(sheet(Language::Arabic));
    for number in ["10-2", "706-3", "706-14"] {
        assert!(printed.contains(number), "{number}: {printed}");
    }
    assert!(!printed.contains("14-706"), "{printed}");
}

#[test]
fn cpp_10_2_the_pv_names_language_time_sheet_and_the_phrase_in_both_languages() {
    for language in Language::ALL {
        let plainte = signed(language);
        let digest = plainte.rights.sheet.as_ref().unwrap().sha256.to_string();
        let text = pdf::text(&pdf::act(&of_plainte(plainte)));
        let printed = pdf::letters(&text);
        assert!(
            text.contains("Le 21 novembre 2026 à 19 h 11, la victime est informée en"),
            "{text}"
        );
        assert!(printed.contains(&pdf::letters(Language::French.text().closing)));
        assert!(text.contains("La fiche lui est remise sur papier."), "{text}");
        assert!(text.contains("La victime signe cette fiche."), "{text}");
        assert!(printed.contains(&digest), "{language:?}");
        let read: String = Wording::lines(language.text().closing).collect();
        if language != Language::Arabic {
            assert!(words(&text).contains(&words(&read)), "{language:?}: {text}");
        }
    }
}

#[test]
fn cpp_10_2_whoever_does_not_sign_the_sheet_is_recorded_with_the_reason() {
    let reason = "ne veut rien signer avant de voir un avocat".to_owned();
    let refuses = HandOutcome::Refuses { reason };
    let text = pdf::text(&pdf::act(&of_plainte(notified(Language::Turkish, refuses))));
    assert!(
        text.contains(
            "refuse de signer, pour le motif suivant : ne veut rien signer avant de voir un avocat."
        ),
        "{text}"
    );
    let reason = "blessée à la main".to_owned();
    let unable = HandOutcome::Unable { reason };
    let text = pdf::text(&pdf::act(&of_plainte(notified(Language::Chinese, unable))));
    assert!(
        text.contains("ne peut pas signer, pour le motif suivant : blessée à la main."),
        "{text}"
    );
}

#[test]
fn the_signature_under_the_sheet_is_the_one_that_the_record_names() {
    let record = of_plainte(signed(Language::English));
    let pictures = BTreeMap::new();
    for other in [None, Some(b"another picture".as_slice())] {
        let enclosures = Enclosures {
            photos: &[],
            hands: Hands::Drawn(&pictures),
            rights: other,
            footer: None,
        };
        let refused = render(&record, &ReferenceSet::embedded(), &enclosures);
        assert!(
            matches!(refused, Err(DocumentError::OtherRightsPicture)),
            "{refused:?}"
        );
    }
}

#[test]
fn cpp_10_2_the_pv_names_each_language_by_its_french_name() {
    let said = [
        "en langue française",
        "en français facile à lire et à comprendre",
        "en langue anglaise",
        "en langue arabe",
        "en langue espagnole",
        "en langue portugaise",
        "en langue italienne",
        "en langue allemande",
        "en langue roumaine",
        "en langue russe",
        "en langue ukrainienne",
        "en langue turque",
        "en langue chinoise",
        "en langue polonaise",
    ];
    for (language, said) in Language::ALL.into_iter().zip(said) {
        let text = pdf::text(&pdf::act(&of_plainte(signed(language))));
        assert!(
            text.contains(&format!("la victime est informée {said}, par la lecture")),
            "{text}"
        );
    }
}
