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

/// Where an object was found, and by whom.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct Found {
    /// As the officer says it: `poche droite du blouson`.
    #[n(0)]
    pub place: String,
    /// Who found it, by name or matricule; empty for the author.
    #[n(1)]
    pub by: String,
}

/// Why a line is not an object: `quantité ; description ; scellé ; sort`, then where it was found and by whom where
/// that is said.
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
    #[n(4)]
    pub found: Option<Found>,
}

impl Item {
    pub fn parse(line: &str) -> Result<Self, NotAnItem> {
        let parts: Vec<&str> = line.split(';').map(str::trim).collect();
        let (parts, found) = match parts.as_slice() {
            // A line that ends with what becomes of the object says nothing of where it was.
            [.., last] if fate(last).is_some() => (parts.as_slice(), None),
            [head @ .., place, by] if head.last().copied().and_then(fate).is_some() => {
                let told = !place.is_empty() || !by.is_empty();
                let found = told.then(|| Found {
                    place: (*place).to_owned(),
                    by: (*by).to_owned(),
                });
                (head, found)
            }
            all => (all, None),
        };
        let [quantity, description @ .., seal, end] = parts else {
            return Err(NotAnItem::Parts);
        };
        if description.is_empty() {
            return Err(NotAnItem::Parts);
        }
        let description = description.join(" ; ");
        if quantity.is_empty() || description.is_empty() {
            return Err(NotAnItem::Empty);
        }
        let fate = fate(end).ok_or(NotAnItem::Fate)?;
        let seal = (!seal.is_empty()).then(|| (*seal).to_owned());
        if fate == Fate::Seized && seal.is_none() {
            return Err(NotAnItem::SealMissing);
        }
        Ok(Self {
            quantity: (*quantity).to_owned(),
            description,
            seal,
            fate,
            found,
        })
    }

    /// The number of the next seal of an inventory: one more than the highest that its `lines` have.
    pub fn next_seal<'a>(lines: impl Iterator<Item = &'a str>) -> u32 {
        let number = |line: &str| Self::parse(line).ok()?.seal?.parse::<u32>().ok();
        lines.filter_map(number).max().unwrap_or(0).saturating_add(1)
    }
}

fn fate(text: &str) -> Option<Fate> {
    Fate::from_code(&text.to_uppercase().replace('É', "E"))
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
        assert_eq!(destroyed.found, None);
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

    #[test]
    fn a_line_may_say_where_the_object_was_and_who_found_it() {
        let item =
            Item::parse("1 ; couteau ; lame de 12 cm ; 3 ; SAISI ; poche droite ; RIO 2222222").unwrap();
        assert_eq!(item.description, "couteau ; lame de 12 cm");
        assert_eq!((item.seal.as_deref(), item.fate), (Some("3"), Fate::Seized));
        let found = item.found.unwrap();
        assert_eq!(
            (found.place.as_str(), found.by.as_str()),
            ("poche droite", "RIO 2222222")
        );
        let place_alone = Item::parse("1 ; clé ; ; RESTITUE ; sous le siège ; ").unwrap();
        assert_eq!(place_alone.found.unwrap().by, "");
        assert_eq!(Item::parse("1 ; clé ; ; RESTITUE ;  ; ").unwrap().found, None);
    }

    #[test]
    fn seals_are_a_series_of_the_act() {
        let next = |lines: &[&str]| Item::next_seal(lines.iter().copied());
        assert_eq!(next(&[]), 1);
        let one = "1 ; couteau ; 1 ; SAISI";
        assert_eq!(next(&[one]), 2);
        assert_eq!(
            next(&[one, "1 ; clé ; ; RESTITUE", "1 ; sac ; UN ; SAISI", "à demi"]),
            2
        );
        assert_eq!(next(&["1 ; sac ; 7 ; SAISI ; coffre ; ", one]), 8);
    }
}
