//! What a barcode scanner types: it strikes keys as a keyboard does, and says nothing of the code that it saw.

use super::cachet::{Cachet, Carrier};
use super::permis::is_permis;
use crate::sensitive::Sensitive;
use crate::vehicle::Plate;

/// A document or a vehicle in keys; neither is verified.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Keyed {
    /// The lines of a machine-readable zone, or all of it in one line.
    Zone(Sensitive<String>),
    /// A visible seal.
    Seal(Sensitive<Vec<u8>>),
    Plate(Plate),
}

/// Why keys are no document and no vehicle.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NotKeyed {
    /// The first lines of a zone: the others follow at once, or are missing.
    Unfinished,
    /// It begins as a zone or a seal does, and characters of it are missing or wrong.
    Spoilt,
    Foreign,
}

impl Keyed {
    /// Reads all that came until the end of a line; the text may be asked about again with more lines.
    pub fn read(text: &str) -> Result<Self, NotKeyed> {
        let text = text.trim_matches(['\n', '\r', ' ']);
        if let Ok(plate) = Plate::parse(text) {
            return Ok(Self::Plate(plate));
        }
        if Cachet::read(text.as_bytes(), Carrier::Other).is_some() {
            return Ok(Self::Seal(Sensitive::new(text.as_bytes().to_vec())));
        }
        let lines: Vec<&str> = text
            .lines()
            .map(str::trim)
            .filter(|line| !line.is_empty())
            .collect();
        let widths: Vec<usize> = lines.iter().map(|line| line.len()).collect();
        let zone = || Ok(Self::Zone(Sensitive::new(lines.join("\n"))));
        if !lines.iter().all(|line| line.bytes().all(is_of_a_zone)) || !text.contains('<') {
            return Err(if text.starts_with("DC0") || text.contains("<<") {
                NotKeyed::Spoilt
            } else {
                NotKeyed::Foreign
            });
        }
        match widths.as_slice() {
            [30] if is_permis(text) => zone(),
            [72 | 88 | 90] | [30, 30, 30] | [36, 36] | [44, 44] => zone(),
            [30 | 36 | 44] | [30, 30] => Err(NotKeyed::Unfinished),
            _ => Err(NotKeyed::Spoilt),
        }
    }
}

const fn is_of_a_zone(byte: u8) -> bool {
    matches!(byte, b'A'..=b'Z' | b'0'..=b'9' | b'<')
}

#[cfg(test)]
mod tests {
    use super::*;

    const PASSPORT: [&str; 2] = [
        "P<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<",
        "L898902C36UTO7408122F1204159ZE184226B<<<<<10",
    ];
    const CARD: [&str; 3] = [
        "I<UTOD231458907<<<<<<<<<<<<<<<",
        "7408122F1204159UTO<<<<<<<<<<<6",
        "ERIKSSON<<ANNA<MARIA<<<<<<<<<<",
    ];

    fn zone(text: &str) -> String {
        match Keyed::read(text) {
            Ok(Keyed::Zone(zone)) => zone.reveal().clone(),
            other => panic!("`{text}` is read as {other:?}"),
        }
    }

    #[test]
    fn a_zone_comes_in_lines_or_in_one() {
        for lines in [PASSPORT.as_slice(), CARD.as_slice()] {
            assert_eq!(zone(&lines.join("\n")), lines.join("\n"));
            assert_eq!(zone(&lines.join("\r\n")), lines.join("\n"));
            assert_eq!(zone(&lines.concat()), lines.concat());
        }
        assert_eq!(
            zone("D1FRA13AA000026181231MARTIN<<9"),
            "D1FRA13AA000026181231MARTIN<<9"
        );
    }

    #[test]
    fn the_first_lines_of_a_zone_wait_for_the_others() {
        for text in [PASSPORT[0], CARD[0], &CARD[..2].join("\n")] {
            assert_eq!(Keyed::read(text), Err(NotKeyed::Unfinished), "{text}");
        }
    }

    #[test]
    fn a_zone_that_lost_a_character_is_spoilt_and_no_text() {
        for text in [
            &PASSPORT[0][1..],
            &format!("{}\n{}", PASSPORT[0], &PASSPORT[1][2..]),
        ] {
            assert_eq!(Keyed::read(text), Err(NotKeyed::Spoilt), "{text}");
        }
        assert_eq!(Keyed::read("DC04FR05"), Err(NotKeyed::Spoilt));
    }

    #[test]
    fn a_seal_keeps_every_sign_of_it() {
        let seal = "DC04FR0500011DF71DF80701FR62DUPONT\u{1d}63JEAN\u{1f}SIGNATURE";
        let bytes = seal.as_bytes().to_vec();
        assert_eq!(Keyed::read(seal), Ok(Keyed::Seal(Sensitive::new(bytes))));
    }

    #[test]
    fn a_plate_is_one_in_either_grammar() {
        for (text, printed) in [
            ("AB123CD", "AB-123-CD"),
            ("ab-123-cd", "AB-123-CD"),
            ("1234ABC75", "1234 ABC 75"),
        ] {
            let Ok(Keyed::Plate(plate)) = Keyed::read(text) else {
                panic!("`{text}` is a plate");
            };
            assert_eq!(plate.to_string(), printed);
        }
    }

    #[test]
    fn what_a_shop_prints_is_neither() {
        for text in ["3017620422003", "https://example.org/", "", "vol à l’étalage"] {
            assert_eq!(Keyed::read(text), Err(NotKeyed::Foreign), "{text}");
        }
    }
}
