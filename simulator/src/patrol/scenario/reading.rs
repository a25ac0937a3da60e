//! TOML as serde reads it, with the place of whatever does not fit: a step's name is its `do`, its fields are the rest.

use std::borrow::Cow;
use std::fmt::Display;
use std::ops::Range;

use serde::Deserialize;
use serde::de::value::BorrowedStrDeserializer;
use serde::de::{
    DeserializeSeed, Deserializer, EnumAccess, Error, Expected, MapAccess, SeqAccess, Unexpected,
    VariantAccess, Visitor,
};
use serde::forward_to_deserialize_any;
use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::step::Step;

/// The key that names a step.
pub(super) const NAME: &str = "do";

/// What does not fit, and where.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Slip {
    /// Bytes of the text; none until the nearest value that has a place.
    pub(super) at: Option<Range<usize>>,
    /// The keys that lead to it, from the innermost.
    pub(super) keys: Vec<String>,
    pub(super) wrong: Wrong,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Wrong {
    UnknownField {
        found: String,
        known: &'static [&'static str],
    },
    UnknownWord {
        found: String,
        known: &'static [&'static str],
    },
    Missing {
        name: &'static str,
        known: &'static [&'static str],
    },
    Form {
        found: String,
        expected: String,
    },
    Words(String),
}

impl From<Wrong> for Slip {
    fn from(wrong: Wrong) -> Self {
        Self {
            at: None,
            keys: Vec::new(),
            wrong,
        }
    }
}

impl Slip {
    /// The first place that is told is the nearest.
    pub(super) fn at(mut self, place: Range<usize>) -> Self {
        self.at.get_or_insert(place);
        self
    }

    fn under(mut self, key: &str) -> Self {
        self.keys.push(key.to_owned());
        self
    }

    fn among(mut self, fields: &'static [&'static str]) -> Self {
        if let Wrong::Missing { known, .. } = &mut self.wrong
            && known.is_empty()
        {
            *known = fields;
        }
        self
    }
}

impl Display for Slip {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{:?}", self.wrong)
    }
}

impl std::error::Error for Slip {}

impl Error for Slip {
    fn custom<T: Display>(words: T) -> Self {
        Wrong::Words(words.to_string()).into()
    }

    fn invalid_type(found: Unexpected<'_>, expected: &dyn Expected) -> Self {
        Wrong::Form {
            found: found.to_string(),
            expected: expected.to_string(),
        }
        .into()
    }

    fn invalid_value(found: Unexpected<'_>, expected: &dyn Expected) -> Self {
        Self::invalid_type(found, expected)
    }

    fn invalid_length(length: usize, expected: &dyn Expected) -> Self {
        Wrong::Form {
            found: format!("a list of {length}"),
            expected: expected.to_string(),
        }
        .into()
    }

    fn unknown_variant(found: &str, known: &'static [&'static str]) -> Self {
        let found = found.to_owned();
        Wrong::UnknownWord { found, known }.into()
    }

    fn unknown_field(found: &str, known: &'static [&'static str]) -> Self {
        let found = found.to_owned();
        Wrong::UnknownField { found, known }.into()
    }

    fn missing_field(name: &'static str) -> Self {
        Wrong::Missing { name, known: &[] }.into()
    }
}

type Text<'de> = Spanned<DeValue<'de>>;
type Key<'de> = Spanned<Cow<'de, str>>;

/// Reads what stands above the steps.
pub(super) fn head<'de, T: Deserialize<'de>>(document: &'de Spanned<DeTable<'de>>) -> Result<T, Slip> {
    let table = Table {
        entries: document.get_ref(),
        without: super::STEPS,
    };
    T::deserialize(table).map_err(|slip| slip.at(document.span()))
}

/// Reads one step.
pub(super) fn step<'de>(table: &'de DeTable<'de>, place: Range<usize>) -> Result<Step, Slip> {
    Step::deserialize(Table {
        entries: table,
        without: NAME,
    })
    .map_err(|slip| slip.at(name_of(table).map_or(place, Spanned::span)))
}

/// What a step's `do` says.
pub(super) fn name_of<'de>(table: &'de DeTable<'de>) -> Option<&'de Text<'de>> {
    let mut entries = table.iter();
    entries.find_map(|(key, value)| (key.get_ref() == NAME).then_some(value))
}

/// A table read as a structure, or as a step, without the key that others read.
#[derive(Clone, Copy)]
struct Table<'de> {
    entries: &'de DeTable<'de>,
    without: &'static str,
}

impl<'de> Table<'de> {
    fn rest(self) -> Entries<'de, impl Iterator<Item = (&'de Key<'de>, &'de Text<'de>)>> {
        let entries = self.entries.iter();
        Entries {
            rest: entries.filter(move |(key, _)| key.get_ref() != self.without),
            next: None,
        }
    }
}

impl<'de> Deserializer<'de> for Table<'de> {
    type Error = Slip;

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Slip> {
        visitor.visit_map(self.rest())
    }

    fn deserialize_struct<V: Visitor<'de>>(
        self,
        _name: &'static str,
        fields: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Slip> {
        self.deserialize_any(visitor).map_err(|slip| slip.among(fields))
    }

    fn deserialize_enum<V: Visitor<'de>>(
        self,
        _name: &'static str,
        _variants: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Slip> {
        visitor.visit_enum(self)
    }

    forward_to_deserialize_any! {
        bool i8 i16 i32 i64 i128 u8 u16 u32 u64 u128 f32 f64 char str string bytes byte_buf option unit unit_struct
        newtype_struct seq tuple tuple_struct map identifier ignored_any
    }
}

impl<'de> EnumAccess<'de> for Table<'de> {
    type Error = Slip;
    type Variant = Self;

    fn variant_seed<V: DeserializeSeed<'de>>(self, seed: V) -> Result<(V::Value, Self), Slip> {
        let Some(name) = name_of(self.entries) else {
            return Err(Slip::missing_field(NAME));
        };
        let variant = seed
            .deserialize(Value(name))
            .map_err(|slip| slip.at(name.span()).under(NAME))?;
        Ok((variant, self))
    }
}

impl<'de> VariantAccess<'de> for Table<'de> {
    type Error = Slip;

    fn unit_variant(self) -> Result<(), Slip> {
        match self.rest().rest.next() {
            None => Ok(()),
            Some((key, _)) => Err(Slip::unknown_field(key.get_ref(), &[]).at(key.span())),
        }
    }

    fn newtype_variant_seed<T: DeserializeSeed<'de>>(self, seed: T) -> Result<T::Value, Slip> {
        seed.deserialize(self)
    }

    fn tuple_variant<V: Visitor<'de>>(self, _length: usize, visitor: V) -> Result<V::Value, Slip> {
        self.deserialize_any(visitor)
    }

    fn struct_variant<V: Visitor<'de>>(
        self,
        fields: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Slip> {
        self.deserialize_any(visitor).map_err(|slip| slip.among(fields))
    }
}

/// Keys and values, one after the other.
struct Entries<'de, I> {
    rest: I,
    next: Option<(&'de str, &'de Text<'de>)>,
}

impl<'de, I: Iterator<Item = (&'de Key<'de>, &'de Text<'de>)>> MapAccess<'de> for Entries<'de, I> {
    type Error = Slip;

    fn next_key_seed<K: DeserializeSeed<'de>>(&mut self, seed: K) -> Result<Option<K::Value>, Slip> {
        let Some((key, value)) = self.rest.next() else {
            return Ok(None);
        };
        self.next = Some((key.get_ref(), value));
        seed.deserialize(BorrowedStrDeserializer::new(key.get_ref()))
            .map(Some)
            .map_err(|slip: Slip| slip.at(key.span()))
    }

    fn next_value_seed<V: DeserializeSeed<'de>>(&mut self, seed: V) -> Result<V::Value, Slip> {
        let Some((key, value)) = self.next.take() else {
            return Err(Slip::custom("a value without its key"));
        };
        seed.deserialize(Value(value))
            .map_err(|slip| slip.at(value.span()).under(key))
    }
}

/// Values in a list.
struct Items<I>(I);

impl<'de, I: Iterator<Item = &'de Text<'de>>> SeqAccess<'de> for Items<I> {
    type Error = Slip;

    fn next_element_seed<T: DeserializeSeed<'de>>(&mut self, seed: T) -> Result<Option<T::Value>, Slip> {
        let Some(value) = self.0.next() else {
            return Ok(None);
        };
        seed.deserialize(Value(value))
            .map(Some)
            .map_err(|slip| slip.at(value.span()))
    }
}

/// Any value below a key.
#[derive(Clone, Copy)]
struct Value<'de>(&'de Text<'de>);

impl<'de> Value<'de> {
    fn table(entries: &'de DeTable<'de>) -> Table<'de> {
        Table { entries, without: "" }
    }
}

impl<'de> Deserializer<'de> for Value<'de> {
    type Error = Slip;

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Slip> {
        match self.0.get_ref() {
            DeValue::String(text) => visitor.visit_borrowed_str(text),
            DeValue::Integer(number) => match i64::from_str_radix(number.as_str(), number.radix()) {
                Ok(number) => visitor.visit_i64(number),
                Err(_) => Err(Slip::custom("the number is out of range")),
            },
            DeValue::Float(number) => match number.as_str().parse() {
                Ok(number) => visitor.visit_f64(number),
                Err(_) => Err(Slip::custom("the number does not read")),
            },
            DeValue::Boolean(yes) => visitor.visit_bool(*yes),
            DeValue::Datetime(_) => Err(Slip::custom("a date is written between quotes, `\"03/02/1979\"`")),
            DeValue::Array(items) => visitor.visit_seq(Items(items.iter())),
            DeValue::Table(entries) => Self::table(entries).deserialize_any(visitor),
        }
    }

    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Slip> {
        visitor.visit_some(self)
    }

    fn deserialize_newtype_struct<V: Visitor<'de>>(
        self,
        _name: &'static str,
        visitor: V,
    ) -> Result<V::Value, Slip> {
        visitor.visit_newtype_struct(self)
    }

    fn deserialize_struct<V: Visitor<'de>>(
        self,
        _name: &'static str,
        fields: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Slip> {
        self.deserialize_any(visitor).map_err(|slip| slip.among(fields))
    }

    /// A word, or a table of one key: the word with what goes with it.
    fn deserialize_enum<V: Visitor<'de>>(
        self,
        _name: &'static str,
        variants: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Slip> {
        let entries = match self.0.get_ref() {
            DeValue::String(word) => return visitor.visit_enum(BorrowedStrDeserializer::new(word)),
            DeValue::Table(entries) => entries,
            DeValue::Integer(_)
            | DeValue::Float(_)
            | DeValue::Boolean(_)
            | DeValue::Datetime(_)
            | DeValue::Array(_) => {
                return self
                    .deserialize_any(OneOf(variants))
                    .and(Err(Slip::custom("no word")));
            }
        };
        let mut all = entries.iter();
        match (all.next(), all.next()) {
            (Some((word, with)), None) => visitor.visit_enum(Word {
                word: word.get_ref(),
                place: word.span(),
                with,
            }),
            (Some(_), Some((second, _))) => {
                Err(Slip::custom("one word with what goes with it, and not two").at(second.span()))
            }
            (None, _) => Err(Slip::custom("an empty table, where one word is wanted")),
        }
    }

    forward_to_deserialize_any! {
        bool i8 i16 i32 i64 i128 u8 u16 u32 u64 u128 f32 f64 char str string bytes byte_buf unit unit_struct
        seq tuple tuple_struct map identifier ignored_any
    }
}

/// Takes nothing, and says which words there are.
struct OneOf(&'static [&'static str]);

impl Visitor<'_> for OneOf {
    type Value = ();

    fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "one of the words {}", quoted(self.0))
    }
}

/// `a`, `b`, `c`.
pub(super) fn quoted(words: &[&str]) -> String {
    let quoted: Vec<String> = words.iter().map(|word| format!("`{word}`")).collect();
    quoted.join(", ")
}

/// A word with what goes with it: `{ refuses = "…" }`.
struct Word<'de> {
    word: &'de str,
    place: Range<usize>,
    with: &'de Text<'de>,
}

impl<'de> EnumAccess<'de> for Word<'de> {
    type Error = Slip;
    type Variant = Self;

    fn variant_seed<V: DeserializeSeed<'de>>(self, seed: V) -> Result<(V::Value, Self), Slip> {
        let variant = seed
            .deserialize(BorrowedStrDeserializer::new(self.word))
            .map_err(|slip: Slip| slip.at(self.place.clone()))?;
        Ok((variant, self))
    }
}

impl<'de> VariantAccess<'de> for Word<'de> {
    type Error = Slip;

    fn unit_variant(self) -> Result<(), Slip> {
        let word = self.word;
        Err(Slip::custom(format!("`{word}` stands alone, between quotes")).at(self.place))
    }

    fn newtype_variant_seed<T: DeserializeSeed<'de>>(self, seed: T) -> Result<T::Value, Slip> {
        seed.deserialize(Value(self.with))
            .map_err(|slip| slip.at(self.with.span()).under(self.word))
    }

    fn tuple_variant<V: Visitor<'de>>(self, _length: usize, visitor: V) -> Result<V::Value, Slip> {
        Value(self.with)
            .deserialize_any(visitor)
            .map_err(|slip| slip.at(self.with.span()).under(self.word))
    }

    fn struct_variant<V: Visitor<'de>>(
        self,
        fields: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Slip> {
        Value(self.with)
            .deserialize_any(visitor)
            .map_err(|slip| slip.among(fields).at(self.with.span()).under(self.word))
    }
}
