//! What a signature dictionary says in words, in the one spelling that is written and accepted.
//!
//! No value can end the string that it stands in: dates are checked digit by digit, texts are hexadecimal.

use super::PadesError;
use super::pdf::{self, Dictionary};

const MAX_TEXT: usize = 200;

/// What the signature dictionary says, as the PDF values that it is written with.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Texts {
    signing_time: String,
    reason: Option<String>,
    location: Option<String>,
}

impl Texts {
    pub(super) fn new(
        signing_time: &str,
        reason: Option<&str>,
        location: Option<&str>,
    ) -> Result<Self, PadesError> {
        if !is_pdf_date(signing_time) {
            return Err(PadesError::SigningTime);
        }
        Ok(Texts {
            signing_time: signing_time.to_owned(),
            reason: reason.map(text).transpose()?,
            location: location.map(text).transpose()?,
        })
    }

    /// Reads back what a signature dictionary of this project says.
    pub(super) fn read(signature: &Dictionary<'_>) -> Option<Self> {
        let signing_time = signature.get("M")?.strip_prefix(b"(")?.strip_suffix(b")")?;
        let signing_time = std::str::from_utf8(signing_time)
            .ok()
            .filter(|date| is_pdf_date(date))?;
        let hexadecimal = |key| match signature.get(key) {
            None => Some(None),
            Some(raw) => {
                let inner = raw.strip_prefix(b"<")?.strip_suffix(b">")?;
                let known = inner.iter().all(u8::is_ascii_hexdigit);
                known.then(|| String::from_utf8_lossy(raw).into_owned()).map(Some)
            }
        };
        Some(Texts {
            signing_time: signing_time.to_owned(),
            reason: hexadecimal("Reason")?,
            location: hexadecimal("Location")?,
        })
    }

    /// The optional entries of the dictionary: key, and raw value if there is one.
    pub(super) fn entries(&self) -> [(&'static str, Option<&str>); 2] {
        [
            ("Reason", self.reason.as_deref()),
            ("Location", self.location.as_deref()),
        ]
    }

    pub(super) fn signing_time(&self) -> &str {
        &self.signing_time
    }
}

/// A text as UTF-16 in hexadecimal (ISO 32000-1 §7.9.2.2), which needs no escape.
fn text(text: &str) -> Result<String, PadesError> {
    if text.is_empty() || text.chars().count() > MAX_TEXT {
        return Err(PadesError::Text);
    }
    let units: String = text.encode_utf16().map(|unit| format!("{unit:04x}")).collect();
    Ok(format!("<feff{units}>"))
}

/// `D:YYYYMMDDHHmmSS` and `Z` or `±HH'mm'` (ISO 32000-1 §7.9.4).
fn is_pdf_date(date: &str) -> bool {
    let Some(digits) = date
        .strip_prefix("D:")
        .filter(|rest| rest.is_ascii() && rest.len() > 14)
    else {
        return false;
    };
    let (moment, zone) = digits.split_at(14);
    let in_range = |text: &str, least: u32, most: u32| {
        pdf::number::<u32>(text.as_bytes()).is_some_and(|number| (least..=most).contains(&number))
    };
    let zone_holds = zone == "Z"
        || zone.strip_prefix(['+', '-']).is_some_and(|offset| {
            offset.len() == 6
                && in_range(&offset[..2], 0, 23)
                && in_range(&offset[3..5], 0, 59)
                && offset.as_bytes()[2] == b'\''
                && offset.ends_with('\'')
        });
    let ranges = [
        (0..4, 1970, 9999),
        (4..6, 1, 12),
        (6..8, 1, 31),
        (8..10, 0, 23),
        (10..12, 0, 59),
        (12..14, 0, 60),
    ];
    zone_holds
        && ranges
            .into_iter()
            .all(|(place, least, most)| in_range(&moment[place], least, most))
}
