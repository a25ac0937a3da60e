//! The header of a 2D-Doc (ANTS, "Spécifications techniques 2D-Doc" 3.2.6): who says to have signed what, and when.
//!
//! Reading it proves nothing: without the signature anybody prints any header.

use domain::identity::CivilDate;
use jiff::Span;
use jiff::civil::Date;
use serde_json::Value;

use crate::answer::Rows;

/// Day 0 of the header's dates.
const FIRST_DAY: Date = Date::constant(2000, 1, 1);

/// The fields of a 2D-Doc in its text form, versions 01 to 04; none when `bytes` are not one.
pub(crate) fn read(bytes: &[u8]) -> Option<Rows> {
    let length = match bytes.get(..4)? {
        b"DC01" | b"DC02" => 22,
        b"DC03" => 24,
        b"DC04" => 26,
        _ => return None,
    };
    let (header, message) = bytes.split_at_checked(length)?;
    let is_header = header
        .iter()
        .all(|byte| byte.is_ascii_uppercase() || byte.is_ascii_digit());
    let header = std::str::from_utf8(header).ok().filter(|_| is_header)?;
    let text = |from, to| header.get(from..to).map_or(Value::Null, Value::from);
    Some(Rows(vec![
        ("version", text(2, 4)),
        ("authority", text(4, 8)),
        ("certificate", text(8, 12)),
        ("issued", day(&header[12..16])?),
        ("signed", day(&header[16..20])?),
        ("type", text(20, 22)),
        ("perimeter", text(22, 24)),
        ("country", text(24, 26)),
        ("content", message.escape_ascii().to_string().into()),
    ]))
}

/// Four hexadecimal digits count days; `FFFF` is no date.
fn day(field: &str) -> Option<Value> {
    let days = u16::from_str_radix(field, 16).ok()?;
    if days == u16::MAX {
        return Some(Value::Null);
    }
    let date = FIRST_DAY.checked_add(Span::new().days(days)).ok()?;
    Some(iso(CivilDate::from(date)))
}

/// `YYYY-MM-DD`.
pub(crate) fn iso(date: CivilDate) -> Value {
    date.date().to_string().into()
}
