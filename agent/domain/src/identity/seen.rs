//! A zone that was seen by a camera: what each character looked like, what it was taken for, and what proves that.

use minicbor::{Decode, Encode};

use super::cells::Form;
use super::mrz::lines;
use super::{CheckedField, CivilDate, DocumentReading, NotAnMrz, Verdict, read_mrz};
use crate::sensitive::Sensitive;

/// How well a zone was seen.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Sight {
    /// One text fits what was seen under the rules of the zone, and no other comes near.
    Clear,
    /// Others fit as well, or almost: another picture is needed.
    Ambiguous,
}

/// One character that was taken for another than it looked like.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct Correction {
    /// From 0.
    #[n(0)]
    pub line: u8,
    /// From 0.
    #[n(1)]
    pub column: u8,
    /// The digits that the character is under and that agree; when none is, only the kind of the cell speaks for it.
    #[n(2)]
    pub proof: Vec<CheckedField>,
}

/// The zone as its fields were read, where that differs from what was seen.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct Corrected {
    /// Lines joined by a line feed.
    #[n(0)]
    pub text: Sensitive<String>,
    /// In the order of the zone; at least one.
    #[n(1)]
    pub corrections: Vec<Correction>,
}

impl DocumentReading {
    /// The zone that the fields were read from, lines joined by a line feed.
    pub fn text(&self) -> &str {
        self.corrected
            .as_ref()
            .map_or(&self.raw, |corrected| &corrected.text)
            .reveal()
    }
}

/// Reads `text`, the most likely zone behind `raw`; both hold the same number of lines and characters.
///
/// Only a clear sight lets the digits prove or refute a reading: agreeing digits under a doubtful sight say that one
/// of several texts agrees, which is not checked.
pub fn read_seen(raw: &str, text: &str, sight: Sight, today: CivilDate) -> Result<DocumentReading, NotAnMrz> {
    let (seen, taken) = (lines(raw)?, lines(text)?);
    let widths = |lines: &[String]| lines.iter().map(String::len).collect::<Vec<_>>();
    if widths(&seen) != widths(&taken) {
        return Err(NotAnMrz::Shape);
    }
    let mut reading = read_mrz(text, today)?;
    reading.corrected = corrected(&reading, &seen.concat(), &taken);
    reading.raw = Sensitive::new(seen.join("\n"));
    match sight {
        Sight::Clear => {}
        Sight::Ambiguous => {
            reading.verdicts.read = Verdict::NotChecked;
            reading.verdicts.in_date = Verdict::NotChecked;
        }
    }
    Ok(reading)
}

fn corrected(reading: &DocumentReading, seen: &str, taken: &[String]) -> Option<Corrected> {
    let (zone, width) = (taken.concat(), reading.layout.width());
    let form = Form::of(reading.layout, zone.as_bytes());
    let agreeing = |field: &CheckedField| {
        let mut evidence = reading.evidence.iter();
        evidence.any(|one| one.field == *field && one.agrees)
    };
    let differing = (0..zone.len()).filter(|cell| seen.as_bytes()[*cell] != zone.as_bytes()[*cell]);
    let corrections: Vec<Correction> = differing
        .filter_map(|cell| {
            Some(Correction {
                line: u8::try_from(cell / width).ok()?,
                column: u8::try_from(cell % width).ok()?,
                proof: form.proof(cell).into_iter().filter(agreeing).collect(),
            })
        })
        .collect();
    (!corrections.is_empty()).then(|| Corrected {
        text: Sensitive::new(taken.join("\n")),
        corrections,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    const TEXT: &str =
        "I<UTOD231458907<<<<<<<<<<<<<<<\n7408122F1204159UTO<<<<<<<<<<<6\nERIKSSON<<ANNA<MARIA<<<<<<<<<<";

    fn today() -> CivilDate {
        CivilDate::new(2026, 11, 21).unwrap()
    }

    #[test]
    fn a_correction_keeps_what_was_seen_and_names_what_proves_it() {
        let raw = TEXT.replace("D231458907", "D23I458907").replace("ANNA", "4NNA");
        let reading = read_seen(&raw, TEXT, Sight::Clear, today()).unwrap();
        assert_eq!(reading.verdicts.read, Verdict::Proven);
        assert_eq!(reading.number.reveal(), "D23145890");
        assert_eq!((reading.raw.reveal(), reading.text()), (&raw, TEXT));
        let corrections = reading.corrected.unwrap().corrections;
        let [number, name] = corrections.as_slice() else {
            panic!("{corrections:?}")
        };
        assert_eq!((number.line, number.column), (0, 8));
        assert_eq!(
            number.proof,
            [CheckedField::DocumentNumber, CheckedField::Composite]
        );
        assert_eq!((name.line, name.column, name.proof.len()), (2, 10, 0));
    }

    #[test]
    fn a_doubtful_sight_proves_and_refutes_nothing() {
        let seen = |text: &str| {
            let reading = read_seen(text, text, Sight::Ambiguous, today()).unwrap();
            assert_eq!(reading.corrected, None);
            (reading.verdicts.read, reading.verdicts.in_date)
        };
        let nothing = (Verdict::NotChecked, Verdict::NotChecked);
        assert_eq!(seen(TEXT), nothing);
        assert_eq!(seen(&TEXT.replace("7408122", "7408123")), nothing);
    }

    #[test]
    fn two_texts_of_different_shape_are_refused() {
        let short = TEXT.replace("\nERIKSSON<<ANNA<MARIA<<<<<<<<<<", "");
        assert_eq!(
            read_seen(&short, TEXT, Sight::Clear, today()),
            Err(NotAnMrz::Shape)
        );
    }
}
