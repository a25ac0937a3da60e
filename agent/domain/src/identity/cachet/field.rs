//! One value of a seal, with its French label and whether it has the form that its table states.

use jiff::Span;
use jiff::civil::Date;

use super::CivilDate;
use super::table::{Definition, Shape};
use crate::sensitive::Sensitive;

/// Day 0 of the dates that are counted.
const FIRST_DAY: Date = Date::constant(2000, 1, 1);

/// Whether a value is what its table says.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Form {
    Whole,
    /// The issuer says that it cut the value.
    Truncated,
    /// Not of the length or kind that the table states; shown as written.
    Unexpected,
    /// No table knows it; shown as written.
    Unknown,
}

impl Form {
    /// The name that reports use.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Whole => "whole",
            Self::Truncated => "truncated",
            Self::Unexpected => "unexpected",
            Self::Unknown => "unknown",
        }
    }
}

/// One value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Field {
    /// A data identifier of 2D-Doc, or a tag in hexadecimal.
    pub code: String,
    /// In French; empty when no table knows the code.
    pub label: &'static str,
    /// As a person reads it: dates as JJ/MM/AAAA, oui or non.
    pub value: Sensitive<String>,
    /// The value, where it is a date.
    pub day: Option<CivilDate>,
    pub form: Form,
}

impl Field {
    /// A value that no table knows.
    pub(super) fn unknown(code: String, value: String) -> Self {
        Self {
            code,
            label: "",
            value: value.into(),
            day: None,
            form: Form::Unknown,
        }
    }

    /// A value of a 2D-Doc.
    pub(super) fn defined(definition: &Definition, raw: &str, is_truncated: bool) -> Self {
        let length = raw.chars().count();
        let fits = is_truncated || (definition.least..=definition.most).contains(&length);
        let shown = shown(definition.shape, raw);
        let day = match definition.shape {
            Shape::Day => day(raw),
            Shape::Days => counted(raw).flatten(),
            Shape::Text
            | Shape::Digits
            | Shape::Minute
            | Shape::Time
            | Shape::Flag
            | Shape::Hex
            | Shape::Base36
            | Shape::Base32 => None,
        };
        let form = match (&shown, is_truncated) {
            (_, true) => Form::Truncated,
            (Some(_), false) if fits => Form::Whole,
            (Some(_) | None, false) => Form::Unexpected,
        };
        Self {
            code: definition.code.to_owned(),
            label: definition.label,
            value: shown.unwrap_or_else(|| raw.to_owned()).into(),
            day,
            form,
        }
    }
}

/// Four hexadecimal digits count days from 1 January 2000; `FFFF` is no date.
pub(super) fn counted(field: &str) -> Option<Option<CivilDate>> {
    if field.len() != 4 || !field.bytes().all(|byte| byte.is_ascii_hexdigit()) {
        return None;
    }
    let days = u16::from_str_radix(field, 16).ok()?;
    if days == u16::MAX {
        return Some(None);
    }
    let date = FIRST_DAY.checked_add(Span::new().days(days)).ok()?;
    Some(Some(CivilDate::from(date)))
}

/// `JJMMAAAA`.
fn day(field: &str) -> Option<CivilDate> {
    if field.len() != 8 || !field.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    CivilDate::parse(&format!("{}/{}/{}", &field[..2], &field[2..4], &field[4..])).ok()
}

/// `HHMM` or `HHMMSS`.
fn time(field: &str) -> Option<String> {
    let is_time = matches!(field.len(), 4 | 6)
        && field.bytes().all(|byte| byte.is_ascii_digit())
        && field[..2] < *"24"
        && field[2..4] < *"60";
    is_time.then(|| {
        let parts: Vec<&str> = (0..field.len()).step_by(2).map(|at| &field[at..at + 2]).collect();
        parts.join(":")
    })
}

/// What a person reads; none when `raw` is not of this shape.
fn shown(shape: Shape, raw: &str) -> Option<String> {
    let number = |radix| {
        u32::from_str_radix(raw, radix)
            .ok()
            .map(|number| number.to_string())
    };
    match shape {
        Shape::Text => Some(raw.to_owned()),
        Shape::Digits => raw
            .bytes()
            .all(|byte| byte.is_ascii_digit())
            .then(|| raw.to_owned()),
        Shape::Day => day(raw).map(|day| day.to_string()),
        Shape::Days => Some(counted(raw)?.map_or_else(|| "sans date".to_owned(), |day| day.to_string())),
        Shape::Minute => {
            let (date, hour) = raw.split_at_checked(8)?;
            Some(format!("{} {}", day(date)?, time(hour)?))
        }
        Shape::Time => time(raw),
        Shape::Flag => match raw {
            "0" => Some("non".to_owned()),
            "1" => Some("oui".to_owned()),
            _ => None,
        },
        Shape::Hex => number(16),
        Shape::Base36 => number(36),
        Shape::Base32 => {
            let bytes = data_encoding::BASE32_NOPAD.decode(raw.as_bytes()).ok()?;
            String::from_utf8(bytes).ok()
        }
    }
}
