//! What a command found, as JSON for programs and as lines for people: the same names and values in both.
//!
//! `schema_version` changes when a field changes its meaning or goes; new fields may come.

use serde::Serialize;
use serde::ser::Serializer;
use serde_json::Value;

use evidence::report::Outcome;

use crate::Exit;
use crate::audit::Verified;
use crate::document::Document;
use crate::reference::Texts;

const SCHEMA_VERSION: u32 = 1;

/// The answer to one command, under the name that it has in JSON.
#[derive(Serialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Answer {
    Documents(Vec<Document>),
    Device(Rows),
    Devices(Vec<Rows>),
    Officers(Vec<Rows>),
    Fleet(Rows),
    Pki(Rows),
    Evidence(Rows),
    Reference(Rows),
    References(Vec<Rows>),
    Texts(Texts),
    Fields(Vec<&'static str>),
    Act(Rows),
    Order(Rows),
    Orders(Vec<Rows>),
    Entries(Vec<Rows>),
    Journal(Rows),
    Forks(Vec<Rows>),
    Verified(Vec<Verified>),
}

/// Named values, in the order in which they are shown.
pub(crate) struct Rows(pub(crate) Vec<(&'static str, Value)>);

#[derive(Serialize)]
struct Versioned<'a> {
    schema_version: u32,
    #[serde(flatten)]
    answer: &'a Answer,
}

impl Answer {
    pub(crate) fn exit(&self) -> Exit {
        match self {
            Self::Documents(documents) if documents.iter().any(Document::is_refuted) => Exit::Refuted,
            // Nothing checked is not good either.
            Self::Verified(checks) if checks.is_empty() => Exit::Refuted,
            Self::Verified(checks) if checks.iter().any(|check| check.outcome != Outcome::Ok) => {
                Exit::Refuted
            }
            Self::Forks(forks) if !forks.is_empty() => Exit::Refuted,
            Self::Documents(_)
            | Self::Device(_)
            | Self::Devices(_)
            | Self::Officers(_)
            | Self::Fleet(_)
            | Self::Pki(_)
            | Self::Evidence(_)
            | Self::Reference(_)
            | Self::References(_)
            | Self::Texts(_)
            | Self::Fields(_)
            | Self::Order(_)
            | Self::Orders(_)
            | Self::Entries(_)
            | Self::Journal(_)
            | Self::Forks(_)
            | Self::Verified(_)
            | Self::Act(_) => Exit::Done,
        }
    }

    /// One line.
    pub(crate) fn json(&self) -> String {
        let versioned = Versioned {
            schema_version: SCHEMA_VERSION,
            answer: self,
        };
        let mut text = serde_json::to_string(&versioned).expect("names are text and values are JSON");
        text.push('\n');
        text
    }

    pub(crate) fn text(&self) -> String {
        match self {
            Self::Documents(documents) => documents.iter().map(Document::text).collect(),
            Self::Devices(list)
            | Self::Officers(list)
            | Self::References(list)
            | Self::Orders(list)
            | Self::Entries(list)
            | Self::Forks(list) => {
                let texts: Vec<String> = list.iter().map(|rows| rows.text("")).collect();
                texts.join("\n")
            }
            Self::Verified(checks) => {
                let texts: Vec<String> = checks.iter().map(|check| check.rows.text("")).collect();
                texts.join("\n")
            }
            Self::Texts(texts) => texts.to_toml(),
            Self::Fields(names) => names.iter().map(|name| format!("{name}\n")).collect(),
            Self::Device(rows)
            | Self::Fleet(rows)
            | Self::Pki(rows)
            | Self::Evidence(rows)
            | Self::Reference(rows)
            | Self::Order(rows)
            | Self::Journal(rows)
            | Self::Act(rows) => rows.text(""),
        }
    }
}

impl Rows {
    /// A line each, with the names in one column.
    pub(crate) fn text(&self, indent: &str) -> String {
        let width = self.0.iter().map(|(name, _)| name.len()).max().unwrap_or(0);
        let line = |(name, value): &(&str, Value)| {
            let value = match value {
                Value::String(text) => text.clone(),
                Value::Null => "unknown".to_owned(),
                Value::Bool(_) | Value::Number(_) | Value::Array(_) | Value::Object(_) => value.to_string(),
            };
            format!("{indent}{name:<width$}  {value}\n")
        };
        self.0.iter().map(line).collect()
    }
}

impl Serialize for Verified {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.rows.serialize(serializer)
    }
}

impl Serialize for Rows {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_map(self.0.iter().map(|(name, value)| (name, value)))
    }
}
