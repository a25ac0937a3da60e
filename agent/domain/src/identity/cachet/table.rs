//! The document types and data identifiers of 2D-Doc, perimeter 01, as France Titres publishes them.
//!
//! Lengths moved from edition to edition of the specification, so a reader takes these bounds as advice.

use std::collections::BTreeMap;
use std::sync::LazyLock;

const FIELDS: &str = include_str!("../../../data/2d-doc-fields.tsv");
const TYPES: &str = include_str!("../../../data/2d-doc-types.tsv");

/// The identifiers that state when the document ends: the document itself, a foreigner's title, a customs
/// authorisation and its licence, a firearms pass.
pub(super) const EXPIRIES: [&str; 5] = ["08", "6O", "D4", "D9", "HO"];

/// How a value is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Shape {
    Text,
    Digits,
    /// `JJMMAAAA`
    Day,
    /// `JJMMAAAAHHMM`
    Minute,
    /// Days since 1 January 2000, four hexadecimal digits.
    Days,
    /// `HHMM` or `HHMMSS`
    Time,
    Flag,
    Hex,
    Base36,
    /// A text in Base32, RFC 4648 without padding.
    Base32,
}

/// One data identifier.
#[derive(Debug)]
pub(super) struct Definition {
    pub(super) code: &'static str,
    pub(super) least: usize,
    /// A value of fewer characters ends with a separator.
    pub(super) most: usize,
    pub(super) shape: Shape,
    pub(super) label: &'static str,
}

/// One type of document, in the words of the specification.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct DocumentType {
    /// Two characters.
    pub code: &'static str,
    /// What it serves for.
    pub family: &'static str,
    pub name: &'static str,
}

static DEFINITIONS: LazyLock<BTreeMap<&str, Definition>> = LazyLock::new(|| {
    rows(FIELDS)
        .map(|row| definition_of(&row).expect("the embedded table is read by a test"))
        .map(|definition| (definition.code, definition))
        .collect()
});

fn rows(table: &'static str) -> impl Iterator<Item = Vec<&'static str>> {
    table
        .lines()
        .filter(|line| !line.starts_with('#'))
        .map(|line| line.split('\t').collect())
}

fn definition_of(row: &[&'static str]) -> Option<Definition> {
    let [code, least, most, shape, label] = row else {
        return None;
    };
    let shape = match *shape {
        "text" => Shape::Text,
        "digits" => Shape::Digits,
        "day" => Shape::Day,
        "minute" => Shape::Minute,
        "days" => Shape::Days,
        "time" => Shape::Time,
        "flag" => Shape::Flag,
        "hex" => Shape::Hex,
        "base36" => Shape::Base36,
        "base32" => Shape::Base32,
        _ => return None,
    };
    let most = if *most == "-" {
        usize::MAX
    } else {
        most.parse().ok()?
    };
    Some(Definition {
        code,
        least: least.parse().ok()?,
        most,
        shape,
        label,
    })
}

pub(super) fn definition(code: &str) -> Option<&'static Definition> {
    DEFINITIONS.get(code)
}

/// How many data identifiers are known.
pub fn field_count() -> usize {
    DEFINITIONS.len()
}

/// Every known type of document.
pub fn document_types() -> impl Iterator<Item = DocumentType> {
    rows(TYPES).filter_map(|row| match row.as_slice() {
        &[code, family, name] => Some(DocumentType { code, family, name }),
        _ => None,
    })
}

/// The type with this code.
pub fn document_type(code: &str) -> Option<DocumentType> {
    document_types().find(|one| one.code == code)
}
