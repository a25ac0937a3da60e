//! Objects that an act seizes, destroys or gives back, one line each.

use minicbor::{Decode, Encode};
use thiserror::Error;

/// What becomes of an object.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Encode, Decode)]
#[cbor(index_only)]
pub enum Fate {
    #[n(0)]
    Seized,
    #[n(1)]
    Destroyed,
    #[n(2)]
    Returned,
}

impl Fate {
    pub const ALL: [Self; 3] = [Self::Seized, Self::Destroyed, Self::Returned];

    pub const fn code(self) -> &'static str {
        match self {
            Self::Seized => "SAISI",
            Self::Destroyed => "DETRUIT",
            Self::Returned => "RESTITUE",
        }
    }

    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|fate| fate.code() == code)
    }
}

/// Why a line is not an object: `quantité ; description ; scellé ; sort`, the last two from the right.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum NotAnItem {
    #[error("the line has not the four parts `quantité ; description ; scellé ; sort`")]
    Parts,
    #[error("quantity or description is empty")]
    Empty,
    #[error("what becomes of it is none of SAISI, DETRUIT, RESTITUE")]
    Fate,
    #[error("a seized object has no seal")]
    SealMissing,
}

/// One object.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct Item {
    /// As counted or weighed: `2`, `12,3 g`.
    #[n(0)]
    pub quantity: String,
    #[n(1)]
    pub description: String,
    /// Number or letters of the seal.
    #[n(2)]
    pub seal: Option<String>,
    #[n(3)]
    pub fate: Fate,
}

impl Item {
    pub fn parse(line: &str) -> Result<Self, NotAnItem> {
        let parts: Vec<&str> = line.split(';').map(str::trim).collect();
        let [quantity, description @ .., seal, fate] = parts.as_slice() else {
            return Err(NotAnItem::Parts);
        };
        if description.is_empty() {
            return Err(NotAnItem::Parts);
        }
        let description = description.join(" ; ");
        if quantity.is_empty() || description.is_empty() {
            return Err(NotAnItem::Empty);
        }
        let fate = Fate::from_code(&fate.to_uppercase().replace('É', "E")).ok_or(NotAnItem::Fate)?;
        let seal = (!seal.is_empty()).then(|| (*seal).to_owned());
        if fate == Fate::Seized && seal.is_none() {
            return Err(NotAnItem::SealMissing);
        }
        Ok(Self {
            quantity: (*quantity).to_owned(),
            description,
            seal,
            fate,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_is_an_object_with_its_seal_and_its_fate() {
        let item = Item::parse("12,3 g ; herbe de cannabis ; UN ; saisi").unwrap();
        assert_eq!(
            (
                item.quantity.as_str(),
                item.description.as_str(),
                item.seal.as_deref()
            ),
            ("12,3 g", "herbe de cannabis", Some("UN"))
        );
        assert_eq!(item.fate, Fate::Seized);
        let destroyed = Item::parse("1 ; résine ; ; détruit").unwrap();
        assert_eq!((destroyed.seal, destroyed.fate), (None, Fate::Destroyed));
        for (line, fault) in [
            ("herbe", NotAnItem::Parts),
            ("1 ; herbe ; UN", NotAnItem::Parts),
            (" ; herbe ; UN ; SAISI", NotAnItem::Empty),
            ("1 ; herbe ; UN ; PERDU", NotAnItem::Fate),
            ("1 ; herbe ; ; SAISI", NotAnItem::SealMissing),
        ] {
            assert_eq!(Item::parse(line), Err(fault), "{line}");
        }
    }
}
