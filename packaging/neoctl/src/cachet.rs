//! A visible seal as rows: what stands on it, in French, and what was found out about it.

use domain::UnixMs;
use domain::identity::CivilDate;
use domain::identity::cachet::{CachetKind, CachetReading, Field, ListAge, SignerShown};
use serde::Serialize;
use serde_json::{Value, json};

use crate::answer::Rows;
use crate::document::code;

/// What a seal has and another document has not.
#[derive(Serialize)]
pub(crate) struct Seal {
    /// Why a verdict is not good, or what it does not cover.
    reasons: Vec<&'static str>,
    signer: Option<Rows>,
    list: Option<Rows>,
}

impl Seal {
    pub(crate) fn of(reading: &CachetReading) -> Self {
        Self {
            reasons: reading.faults.iter().map(|fault| fault.code()).collect(),
            signer: reading.signer.as_ref().map(signer),
            list: reading.list.as_ref().map(list),
        }
    }

    pub(crate) fn text(&self) -> String {
        let mut text = format!("reasons\n  {}\n", self.reasons.join(", "));
        for (name, rows) in [("signer", &self.signer), ("list", &self.list)] {
            if let Some(rows) = rows {
                text.push_str(&format!("{name}\n{}", rows.text("  ")));
            }
        }
        text
    }
}

/// The header, every field with its label, and the bytes behind the header as they are.
pub(crate) fn fields(reading: &CachetReading, bytes: &[u8]) -> Rows {
    let header = &reading.header;
    let day = |date: Option<CivilDate>| date.map_or(Value::Null, iso);
    let text = |text: &str| if text.is_empty() { Value::Null } else { text.into() };
    let (version, content) = match reading.kind {
        CachetKind::TwoDDoc => {
            let length = match header.version {
                1 | 2 => 22,
                3 => 24,
                _ => 26,
            };
            let content = bytes.get(length..).unwrap_or_default();
            (
                format!("{:02}", header.version),
                content.escape_ascii().to_string(),
            )
        }
        CachetKind::Vds | CachetKind::Idb | CachetKind::Cnie => {
            (header.version.to_string(), bytes.escape_ascii().to_string())
        }
    };
    let rows = |fields: &[Field], is_signed: bool| -> Value {
        fields.iter().map(|field| row(field, is_signed)).collect()
    };
    Rows(vec![
        ("version", version.into()),
        ("authority", text(&reading.authority)),
        ("certificate", text(&reading.certificate)),
        ("issued", day(header.issued)),
        ("signed", day(header.signed)),
        ("expires", day(reading.expires)),
        (
            "type",
            header.document.as_deref().map_or(Value::Null, Value::from),
        ),
        (
            "type_label",
            header.label.as_deref().map_or(Value::Null, Value::from),
        ),
        (
            "perimeter",
            header.perimeter.as_deref().map_or(Value::Null, Value::from),
        ),
        (
            "country",
            header.country.as_deref().map_or(Value::Null, Value::from),
        ),
        ("message", rows(&reading.fields, true)),
        ("annex", rows(&reading.annex, false)),
        ("content", content.into()),
    ])
}

/// One field; `signed` says whether the signature is over it, not whether it holds.
fn row(field: &Field, is_signed: bool) -> Value {
    json!({
        "code": field.code, "label": field.label, "value": field.value.reveal(),
        "form": field.form.code(), "signed": is_signed,
    })
}

fn signer(signer: &SignerShown) -> Rows {
    let (first, last) = signer.validity;
    Rows(vec![
        ("name", signer.name.as_str().into()),
        ("authority", signer.authority.as_str().into()),
        ("certificate", signer.certificate.as_str().into()),
        ("valid_from", iso(first)),
        ("valid_until", iso(last)),
    ])
}

fn list(list: &ListAge) -> Rows {
    Rows(vec![
        ("origin", list.origin.as_str().into()),
        ("sequence", list.sequence.into()),
        ("issued", utc(list.issued)),
        ("next_update", list.next_update.map_or(Value::Null, utc)),
        ("age_days", list.age_days.into()),
        ("outdated", list.is_outdated.into()),
        ("signature", code(list.signature).into()),
    ])
}

/// `YYYY-MM-DD`.
pub(crate) fn iso(date: CivilDate) -> Value {
    date.date().to_string().into()
}

/// ISO 8601 in UTC, to the second.
pub(crate) fn utc(at: UnixMs) -> Value {
    let whole = UnixMs(at.0.div_euclid(1000) * 1000);
    format!("{}Z", whole.civil(0)).into()
}
