//! Leaflets in every language: the rights of custody on a page, and the card of who helps.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use documents::leaflet;
use domain::plainte::{Language, Wording};
use domain::pv::Leaflet;

use crate::pdf;

/// Kept in the temporary folder of the tests, to be looked at.
fn drawn(which: Leaflet, language: Language) -> Vec<u8> {
    let pdf = leaflet(which, language).unwrap();
    let name = match which {
        Leaflet::Custody => "garde-a-vue",
        Leaflet::Card => "carte",
    };
    let file = format!("{name}-{}.pdf", language.code());
    fs::write(Path::new(env!("CARGO_TARGET_TMPDIR")).join(file), &pdf).unwrap();
    pdf
}

fn letters(text: &str) -> BTreeSet<char> {
    text.chars().filter(|letter| letter.is_alphabetic()).collect()
}

#[test]
fn cpp_803_6_each_language_has_its_rights_of_custody_on_one_page_beside_the_french() {
    for language in Language::ALL {
        let pdf = drawn(Leaflet::Custody, language);
        pdf::assert_sound(&pdf);
        assert_eq!(pdf::pages(&pdf).len(), 1, "{language:?}");
        assert!(pdf::paper(&pdf).contains("A4"), "{language:?}");
        assert_eq!(pdf, leaflet(Leaflet::Custody, language).unwrap(), "{language:?}");
        let printed = pdf::letters(&pdf::text(&pdf));
        for entry in Leaflet::Custody.text(Language::French).items {
            assert!(printed.contains(&pdf::letters(entry)), "{language:?}: {entry}");
        }
    }
}

/// A letter that no font has would be an empty box.
#[test]
fn every_letter_of_a_leaflet_is_on_its_page() {
    for which in Leaflet::ALL {
        for language in Language::ALL {
            let printed = letters(&pdf::text(&drawn(which, language)));
            let text = which.text(language);
            // Not on the card, and not on the French sheet.
            let entries = text.entries().filter(|entry| *entry != text.courtesy);
            let said: String = entries.flat_map(Wording::lines).collect();
            let lacking: Vec<char> = letters(&said).difference(&printed).copied().collect();
            assert_eq!(lacking, Vec::<char>::new(), "{which:?} {language:?}");
        }
    }
}

#[test]
fn the_card_goes_into_a_pocket_and_the_numbers_are_those_of_the_french() {
    let numbers = ["17", "112", "114", "3919", "119", "116 006", "115", "15"];
    for language in Language::ALL {
        let pdf = drawn(Leaflet::Card, language);
        pdf::assert_sound(&pdf);
        assert_eq!(pdf::pages(&pdf).len(), 1, "{language:?}");
        assert!(
            pdf::paper(&pdf).starts_with("297.638 x 419.528 pts"),
            "{language:?}: {}",
            pdf::paper(&pdf)
        );
        let printed = pdf::text(&pdf);
        for number in numbers {
            assert!(printed.contains(number), "{language:?}: {number}");
        }
        assert!(!printed.to_lowercase().contains("violen"), "{language:?}");
    }
}
