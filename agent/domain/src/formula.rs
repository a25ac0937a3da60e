//! Formulas that an officer calls up by their first words, and drafts that a unit prepares: signed reference data.

use minicbor::{Decode, Encode};

use crate::draft::Field;
use crate::natinf::fold;
use crate::pv::PvKind;
use crate::record::ActKind;

/// A sentence that an act needs often; `…` marks what is to be filled in.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct Formula {
    /// The acts that it belongs to; empty for every act.
    #[n(0)]
    pub kinds: Vec<PvKind>,
    #[n(1)]
    pub title: String,
    #[n(2)]
    pub text: String,
}

/// A draft with fields filled in.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct Template {
    /// The unit that prepared it; absent for every unit.
    #[n(0)]
    pub unit: Option<String>,
    #[n(1)]
    pub title: String,
    #[n(2)]
    pub act: ActKind,
    #[n(3)]
    pub fields: Vec<Prefilled>,
}

#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct Prefilled {
    #[n(0)]
    pub field: Field,
    #[n(1)]
    pub text: String,
}

impl Formula {
    /// Whether `kind` uses it and each word of `text` begins a word of it, accents aside.
    fn answers(&self, text: &str, kind: PvKind) -> bool {
        let own = fold(&format!("{} {}", self.title, self.text));
        let begins = |word: &str| {
            own.split(|c: char| !c.is_alphanumeric())
                .any(|one| one.starts_with(word))
        };
        let belongs = self.kinds.is_empty() || self.kinds.contains(&kind);
        belongs && fold(text).split_whitespace().all(begins)
    }
}

/// At most `limit` formulas of `kind` that answer `text`: titles that begin so first, then in the list's order.
pub fn search<'a>(formulas: &'a [Formula], text: &str, kind: PvKind, limit: usize) -> Vec<&'a Formula> {
    let begun = fold(text.trim());
    let mut found: Vec<&Formula> = formulas
        .iter()
        .filter(|formula| formula.answers(text, kind))
        .collect();
    found.sort_by_key(|formula| !fold(&formula.title).starts_with(&begun));
    found.truncate(limit);
    found
}
