//! The sheet of safe contact: read beside a complaint, and kept out of it.

use super::super::{Draft, Field, Reason};
use super::Form;
use crate::natinf::fold;
use crate::plainte::contact::{Channel, NotAContact, SafeContact};
use crate::record::ActKind;

/// What a draft says for the sheet alone.
pub const CONTACT: [Field; 5] = [
    Field::ContactChannel,
    Field::ContactAt,
    Field::ContactHours,
    Field::ContactNever,
    Field::Refuge,
];

/// Fewer letters and digits are found everywhere.
const TELLING: usize = 6;

/// The digits that a telephone number keeps with and without the code of its country.
const NATIONAL: usize = 9;

impl Draft {
    /// The sheet that goes beside the complaint; none where the victim asked for none.
    pub fn safe_contact(&self) -> Result<Option<SafeContact>, (Field, Reason)> {
        let text = |field| self.text(field).trim();
        if CONTACT.iter().all(|field| text(*field).is_empty()) {
            return Ok(None);
        }
        let channel = match text(Field::ContactChannel) {
            "" => return Err((Field::ContactChannel, Reason::Missing)),
            code => Channel::from_code(code).ok_or((Field::ContactChannel, Reason::NotAChoice))?,
        };
        SafeContact::new(
            self.id,
            channel,
            text(Field::ContactAt),
            text(Field::ContactHours),
            text(Field::ContactNever),
            text(Field::Refuge),
        )
        .map(Some)
        .map_err(|reason| match reason {
            NotAContact::Nowhere => (Field::ContactAt, Reason::Missing),
            NotAContact::TooLong => (Field::ContactChannel, Reason::NotAContact),
            NotAContact::TooMany => (Field::ContactNever, Reason::NotAContact),
        })
    }
}

impl Form<'_> {
    /// The other side reads the complaint: nothing of the sheet is in it, and no address in it is one to be avoided.
    pub(super) fn contact_stays_apart(&mut self) {
        let sheet = match self.draft.safe_contact() {
            Ok(Some(sheet)) => sheet,
            Ok(None) => return,
            Err((field, reason)) => {
                self.problem(field, reason);
                return;
            }
        };
        let secret: Vec<String> = [sheet.at(), sheet.refuge()]
            .into_iter()
            .flatten()
            .filter_map(telling)
            .collect();
        let never: Vec<String> = sheet.never().filter_map(telling).collect();
        for field in Field::form(ActKind::Plainte) {
            if CONTACT.contains(field) {
                continue;
            }
            let Some(said) = self.typed(*field).map(squeezed) else {
                continue;
            };
            if secret.iter().any(|secret| said.contains(secret)) {
                self.problem(*field, Reason::StaysApart);
            }
            let reaches = matches!(field, Field::Phone | Field::Email);
            if reaches && never.iter().any(|never| said.contains(never)) {
                self.problem(*field, Reason::NeverContact);
            }
        }
    }
}

/// Its letters and digits; a telephone number by its last digits. None where they are too few to be known by.
fn telling(text: &str) -> Option<String> {
    let said = squeezed(text);
    let is_number = said.chars().all(|c| c.is_ascii_digit());
    let known = if is_number && said.len() > NATIONAL {
        said[said.len() - NATIONAL..].to_owned()
    } else {
        said
    };
    (known.chars().count() >= TELLING).then_some(known)
}

fn squeezed(text: &str) -> String {
    fold(text).chars().filter(|c| c.is_alphanumeric()).collect()
}
