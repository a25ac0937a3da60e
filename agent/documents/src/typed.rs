//! Text as somebody typed it: every character that an act prints, and none that would show anything else.
//!
//! Text reaches the templates as values, never as markup; what has no glyph, or changes how its neighbours
//! are shown, is refused with the character that stands in the way.

use typst::text::FontVariant;

use crate::DocumentError;
use crate::typesetter::{FAMILIES, FONTS};

/// Lines, each cut into pieces between which the line may break.
pub(crate) type Typed = Vec<Vec<String>>;

/// Longest word that fits the narrowest column; links in a fraud complaint are longer.
const LONGEST_WORD: usize = 24;

/// How many characters of a longer word stay together.
const PIECE: usize = 12;

/// The first character of `text` that no document can show as typed: without glyph in the embedded fonts, a mark
/// that no font joins to its letter, a control, a private or an invisible character. A line feed and a tab are
/// layout, and fine.
///
/// A screen asks this while the officer types, so that the signature is never refused for it.
pub fn unprintable(text: &str) -> Option<char> {
    let mut joined: Vec<char> = Vec::new();
    for character in text.chars() {
        if !combines(character) {
            joined.clear();
        }
        joined.push(character);
        let layout = matches!(character, '\n' | '\t');
        if !layout && (unseen(character) || !one_font_has(&joined)) {
            return Some(character);
        }
    }
    None
}

/// `text` for a template, or the first character that keeps it from being printed as it is.
pub(crate) fn typed(text: &str) -> Result<Typed, DocumentError> {
    let text = text.replace("\r\n", "\n").replace('\t', " ");
    match unprintable(&text) {
        Some(character) => Err(DocumentError::Unprintable {
            code: u32::from(character),
        }),
        None => Ok(text.split('\n').map(pieces).collect()),
    }
}

/// Text that a machine read from outside, and that nobody can correct: what has no glyph is named by its code point.
pub(crate) fn as_read(text: &str) -> Result<Typed, DocumentError> {
    let mut text = text.replace(char::is_control, " ");
    while let Some(character) = unprintable(&text) {
        text = text.replace(character, &format!("[U+{:04X}]", u32::from(character)));
    }
    typed(&text)
}

/// A form's own words, typed by a programmer: apostrophes as printers set them.
pub(crate) fn typographic(text: &str) -> String {
    text.replace('\'', "’")
}

fn pieces(line: &str) -> Vec<String> {
    let mut pieces = vec![String::new()];
    let mut push = |text: &str, apart: bool| match pieces.last_mut() {
        Some(last) if !apart => last.push_str(text),
        Some(_) | None => pieces.push(text.to_owned()),
    };
    for word in line.split_inclusive(' ') {
        let letters: Vec<char> = word.chars().collect();
        if letters.len() <= LONGEST_WORD {
            push(word, false);
        } else {
            for chunk in chunks(&letters) {
                push(&chunk, true);
            }
        }
    }
    pieces
}

/// Pieces of a long word that do not part a letter from its accents.
fn chunks(letters: &[char]) -> Vec<String> {
    let mut chunks: Vec<String> = Vec::new();
    let mut length = PIECE;
    for letter in letters {
        match chunks.last_mut() {
            Some(chunk) if length < PIECE || combines(*letter) => chunk.push(*letter),
            Some(_) | None => {
                chunks.push(letter.to_string());
                length = 0;
            }
        }
        length += 1;
    }
    chunks
}

const fn combines(character: char) -> bool {
    matches!(character, '\u{300}'..='\u{36f}' | '\u{483}'..='\u{489}' | '\u{591}'..='\u{5c7}'
        | '\u{610}'..='\u{61a}' | '\u{64b}'..='\u{65f}' | '\u{670}' | '\u{1ab0}'..='\u{1aff}'
        | '\u{1dc0}'..='\u{1dff}' | '\u{20d0}'..='\u{20ff}' | '\u{fe20}'..='\u{fe2f}')
}

/// Characters that a reader cannot see but that change what is seen: controls, format characters (general
/// category Cf, bidirectional overrides among them), separators, private use (forbidden by PDF/A-2a).
fn unseen(character: char) -> bool {
    character.is_control()
        || matches!(character,
            '\u{ad}' | '\u{34f}' | '\u{600}'..='\u{605}' | '\u{61c}' | '\u{6dd}' | '\u{70f}' | '\u{890}'..='\u{891}'
            | '\u{8e2}' | '\u{115f}'..='\u{1160}' | '\u{17b4}'..='\u{17b5}' | '\u{180b}'..='\u{180f}'
            | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{3164}'
            | '\u{e000}'..='\u{f8ff}' | '\u{fe00}'..='\u{fe0f}' | '\u{feff}' | '\u{ffa0}' | '\u{fff0}'..='\u{ffff}'
            | '\u{1d173}'..='\u{1d17a}' | '\u{e0000}'..='\u{10ffff}')
}

/// Whether one regular face, in which typed text is set, has a glyph for each of `characters`.
fn one_font_has(characters: &[char]) -> bool {
    (0..)
        .map_while(|index| FONTS.book().info(index))
        .filter(|font| font.variant == FontVariant::default() && FAMILIES.contains(&font.family.as_str()))
        .any(|font| {
            characters
                .iter()
                .all(|character| font.coverage.contains(u32::from(*character)))
        })
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a test panics on the unexpected")]
mod tests {
    use super::*;

    #[test]
    fn a_long_word_gains_places_to_break_and_loses_nothing() {
        let link = "https://exemple.invalid/".repeat(9);
        let lines = typed(&format!("voir {link} merci")).unwrap();
        assert_eq!(lines.len(), 1);
        assert_eq!(lines[0].concat(), format!("voir {link} merci"));
        assert!(lines[0].iter().all(|piece| piece.chars().count() <= LONGEST_WORD));
    }

    #[test]
    fn an_accent_stays_with_its_letter() {
        let lines = typed(&"e\u{301}".repeat(40)).unwrap();
        assert!(lines[0].iter().all(|piece| !piece.starts_with('\u{301}')));
    }

    #[test]
    fn a_mark_needs_a_font_that_also_has_its_letter() {
        assert_eq!(unprintable("e\u{301}, ש\u{5b0}"), None);
        assert_eq!(unprintable("ა\u{5b0}"), Some('\u{5b0}'));
    }

    #[test]
    fn what_cannot_be_seen_or_drawn_is_refused_by_its_code() {
        for character in [
            '\0', '\u{1b}', '\u{202e}', '\u{200f}', '\u{200b}', '\u{feff}', '\u{e000}', '😀', '漢',
        ] {
            let refused = typed(&format!("avant{character}après"));
            assert!(
                matches!(refused, Err(DocumentError::Unprintable { code }) if code == u32::from(character)),
                "U+{:04X}",
                u32::from(character)
            );
        }
    }

    #[test]
    fn french_and_neighbouring_languages_print() {
        let text = "œŒæÿŸçàéèêëïîôùûü«»’…–—€§°²ßñşżłđŽЖωא\u{a0}\u{202f}";
        assert_eq!(unprintable(text), None);
    }
}
