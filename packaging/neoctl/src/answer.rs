//! What a command found, as JSON for programs and as lines for people: the same names and values in both.
//!
//! `schema_version` changes when a field changes its meaning or goes; new fields may come.

use serde::Serialize;
use serde::ser::{SerializeMap, Serializer};
use serde_json::Value;

use crate::Exit;
use crate::document::Document;
use crate::reference::Texts;

const SCHEMA_VERSION: u32 = 1;

/// The answer to one command.
pub(crate) struct Answer {
    body: Body,
    exit: Exit,
}

enum Body {
    /// With what they say of the same facts, where several speak.
    Documents(Vec<Document>, Vec<Rows>),
    /// One thing under the name that it has in JSON.
    One(&'static str, Rows),
    /// A list, under the names of one of it and of all.
    Many(&'static str, &'static str, Vec<Rows>),
    Texts(Texts),
    Fields(Vec<&'static str>),
    /// Text for another program, as it is.
    Raw(&'static str, String),
}

/// How an answer is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Form {
    Text,
    /// One object on one line.
    Json,
    /// An object a line for each thing of a list.
    JsonLines,
}

/// Named values, in the order in which they are shown.
pub(crate) struct Rows(pub(crate) Vec<(&'static str, Value)>);

/// Documents that speak of the same facts.
#[derive(Serialize)]
struct Compared<'a> {
    schema_version: u32,
    documents: &'a [Document],
    compared: &'a [Rows],
}

/// An object of `schema_version` and one named value.
struct Versioned<'a, T>(&'a str, &'a T);

impl<T: Serialize> Serialize for Versioned<'_, T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(Some(2))?;
        map.serialize_entry("schema_version", &SCHEMA_VERSION)?;
        map.serialize_entry(self.0, self.1)?;
        map.end()
    }
}

impl Answer {
    pub(crate) const fn one(name: &'static str, rows: Rows) -> Self {
        Self::done(Body::One(name, rows))
    }

    pub(crate) const fn many(one: &'static str, all: &'static str, list: Vec<Rows>) -> Self {
        Self::done(Body::Many(one, all, list))
    }

    pub(crate) const fn raw(name: &'static str, text: String) -> Self {
        Self::done(Body::Raw(name, text))
    }

    pub(crate) const fn texts(texts: Texts) -> Self {
        Self::done(Body::Texts(texts))
    }

    pub(crate) const fn fields(names: Vec<&'static str>) -> Self {
        Self::done(Body::Fields(names))
    }

    pub(crate) fn documents(documents: Vec<Document>, compared: Vec<Rows>) -> Self {
        let exit = if documents.iter().any(Document::is_refuted) {
            Exit::Refuted
        } else {
            Exit::Done
        };
        Self {
            body: Body::Documents(documents, compared),
            exit,
        }
    }

    const fn done(body: Body) -> Self {
        Self {
            body,
            exit: Exit::Done,
        }
    }

    /// The same answer of a command that did not do all.
    pub(crate) fn ending(self, exit: Exit) -> Self {
        Self { exit, ..self }
    }

    /// The same answer with one more value; a list has no place for it.
    pub(crate) fn with(mut self, name: &'static str, value: Value) -> Self {
        if let Body::One(_, Rows(rows)) = &mut self.body {
            rows.push((name, value));
        }
        self
    }

    pub(crate) const fn exit(&self) -> Exit {
        self.exit
    }

    pub(crate) fn written(&self, form: Form) -> String {
        match form {
            Form::Text => self.text(),
            Form::Json => self.json(),
            Form::JsonLines => match &self.body {
                Body::Many(one, _, list) => list.iter().map(|rows| line(one, rows)).collect(),
                Body::Documents(list, compared) => {
                    let documents = list.iter().map(|document| line("document", document));
                    let compared = compared.iter().map(|rows| line("compared", rows));
                    documents.chain(compared).collect()
                }
                Body::One(..) | Body::Texts(_) | Body::Fields(_) | Body::Raw(..) => self.json(),
            },
        }
    }

    fn json(&self) -> String {
        match &self.body {
            Body::Documents(documents, compared) if compared.is_empty() => line("documents", documents),
            Body::Documents(documents, compared) => {
                let mut text = serde_json::to_string(&Compared {
                    schema_version: SCHEMA_VERSION,
                    documents,
                    compared,
                })
                .expect("names are text and values are JSON");
                text.push('\n');
                text
            }
            Body::One(name, rows) => line(name, rows),
            Body::Many(_, name, list) => line(name, list),
            Body::Texts(texts) => line("texts", texts),
            Body::Fields(names) => line("fields", names),
            Body::Raw(name, text) => line(name, text),
        }
    }

    fn text(&self) -> String {
        match &self.body {
            Body::Documents(documents, compared) => {
                let documents = documents.iter().map(Document::text);
                let compared = compared
                    .iter()
                    .map(|rows| format!("compared\n{}", rows.text("  ")));
                documents.chain(compared).collect()
            }
            Body::Many(_, _, list) => {
                let texts: Vec<String> = list.iter().map(|rows| rows.text("")).collect();
                texts.join("\n")
            }
            Body::Texts(texts) => texts.to_toml(),
            Body::Fields(names) => names.iter().map(|name| format!("{name}\n")).collect(),
            Body::One(_, rows) => rows.text(""),
            Body::Raw(_, text) => text.clone(),
        }
    }
}

/// One line of JSON.
pub(crate) fn line(name: &str, value: &impl Serialize) -> String {
    let versioned = Versioned(name, value);
    let mut text = serde_json::to_string(&versioned).expect("names are text and values are JSON");
    text.push('\n');
    text
}

impl Rows {
    /// A line each, with the names in one column.
    pub(crate) fn text(&self, indent: &str) -> String {
        let width = self.0.iter().map(|(name, _)| name.len()).max().unwrap_or(0);
        let line = |(name, value): &(&str, Value)| {
            if let Value::Array(list) = value
                && list.iter().any(Value::is_object)
            {
                let lines = list.iter().map(|one| format!("\n{indent}  {}", on_one_line(one)));
                return format!("{indent}{name}{}\n", lines.collect::<String>());
            }
            let value = on_one_line(value);
            format!("{indent}{name:<width$}  {value}\n")
        };
        self.0.iter().map(line).collect()
    }
}

/// The values of an object, one after another, without their names.
fn on_one_line(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        Value::Null => "-".to_owned(),
        Value::Object(map) => map.values().map(on_one_line).collect::<Vec<_>>().join("  "),
        Value::Bool(_) | Value::Number(_) | Value::Array(_) => value.to_string(),
    }
}

impl Serialize for Rows {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_map(self.0.iter().map(|(name, value)| (name, value)))
    }
}
