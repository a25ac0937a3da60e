//! Sheets of enrolment codes, for whoever hands out terminals.

use domain::Timestamp;
use domain::enrolment::Ticket;
use typst::foundations::{Array, Value, dict};

use crate::DocumentError;
use crate::code::svg_of;
use crate::typed::typed;
use crate::typesetter::{Form, typeset};

/// A ticket and the unit that the terminal is for.
#[derive(Debug, Clone, Copy)]
pub struct Labelled<'a> {
    pub ticket: &'a Ticket,
    /// Empty where nobody said so.
    pub unit: &'a str,
}

/// The PDF of `codes`, twelve on a page of A4, under `title`; `at` is when it was made.
pub fn enrolment_sheet(title: &str, codes: &[Labelled<'_>], at: Timestamp) -> Result<Vec<u8>, DocumentError> {
    let mut drawn = Array::new();
    for code in codes {
        let text = code.ticket.to_text();
        let expires = Timestamp {
            utc: code.ticket.expires,
            ..at
        };
        let expires = expires.local().strftime("%d/%m/%Y à %H h %M").to_string();
        drawn.push(Value::Dict(dict! {
            "svg" => svg_of(&text)?,
            "device" => code.ticket.device.as_str(),
            "unit" => typed(code.unit)?,
            "expires" => expires,
        }));
    }
    let values = dict! { "title" => title, "codes" => drawn };
    typeset(Form::Enrolement, title, at, values)
}
