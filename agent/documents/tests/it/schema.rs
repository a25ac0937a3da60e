//! The part of JSON Schema (draft 2020-12) that `docs/formats/act.schema.json` uses; a keyword beyond it is an error.

use std::path::Path;

use serde_json::{Map, Value};

pub(crate) struct Schema(Value);

/// Keywords that say nothing of a value.
const TOLD: [&str; 5] = ["$schema", "$id", "$defs", "title", "description"];

impl Schema {
    pub(crate) fn read() -> Self {
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/formats/act.schema.json");
        Self(serde_json::from_slice(&std::fs::read(path).unwrap()).unwrap())
    }

    #[track_caller]
    pub(crate) fn check(&self, value: &Value) {
        let problems = self.problems(value);
        assert!(problems.is_empty(), "{problems:#?}\n{value:#}");
    }

    pub(crate) fn problems(&self, value: &Value) -> Vec<String> {
        let mut problems = Vec::new();
        self.hold(&self.0, value, "", &mut problems);
        problems
    }

    fn hold(&self, schema: &Value, value: &Value, at: &str, problems: &mut Vec<String>) {
        let rules = schema.as_object().unwrap();
        for (keyword, rule) in rules {
            let holds = match keyword.as_str() {
                "$ref" => {
                    let pointer = rule.as_str().unwrap().strip_prefix('#').unwrap();
                    self.hold(self.0.pointer(pointer).unwrap(), value, at, problems);
                    true
                }
                "type" => is(rule.as_str().unwrap(), value),
                "const" => value == rule,
                "enum" => rule.as_array().unwrap().contains(value),
                "pattern" => value
                    .as_str()
                    .is_none_or(|text| matches(rule.as_str().unwrap(), text)),
                "required" => value.as_object().is_none_or(|object| {
                    let names = rule.as_array().unwrap();
                    names
                        .iter()
                        .all(|name| object.contains_key(name.as_str().unwrap()))
                }),
                "oneOf" => {
                    let fits = |one: &&Value| {
                        let mut inner = Vec::new();
                        self.hold(one, value, at, &mut inner);
                        inner.is_empty()
                    };
                    rule.as_array().unwrap().iter().filter(fits).count() == 1
                }
                "items" => {
                    for (index, item) in value.as_array().into_iter().flatten().enumerate() {
                        self.hold(rule, item, &format!("{at}/{index}"), problems);
                    }
                    true
                }
                "properties" => {
                    let known = rule.as_object().unwrap();
                    for (name, inner) in value.as_object().into_iter().flatten() {
                        if let Some(schema) = known.get(name) {
                            self.hold(schema, inner, &format!("{at}/{name}"), problems);
                        }
                    }
                    true
                }
                "additionalProperties" => {
                    assert_eq!(rule, &Value::Bool(false));
                    nothing_else(rules, value)
                }
                told => {
                    assert!(TOLD.contains(&told), "`{told}` is not checked");
                    true
                }
            };
            if !holds {
                problems.push(format!("{at}: {keyword} {rule}"));
            }
        }
    }
}

fn nothing_else(rules: &Map<String, Value>, value: &Value) -> bool {
    let known = rules["properties"].as_object().unwrap();
    value
        .as_object()
        .is_none_or(|object| object.keys().all(|name| known.contains_key(name)))
}

fn is(kind: &str, value: &Value) -> bool {
    match kind {
        "object" => value.is_object(),
        "array" => value.is_array(),
        "string" => value.is_string(),
        "boolean" => value.is_boolean(),
        "integer" => value.is_u64() || value.is_i64(),
        "number" => value.is_number(),
        other => panic!("no type is called `{other}`"),
    }
}

/// The patterns of the schema, which are few and known: each by what it means.
fn matches(pattern: &str, text: &str) -> bool {
    let shape: String = text
        .chars()
        .map(|c| match c {
            '0'..='9' => '9',
            'a'..='f' => 'f',
            other => other,
        })
        .collect();
    let hex = |text: &str| text.bytes().all(|b| matches!(b, b'0'..=b'9' | b'a'..=b'f'));
    let digits = |text: &str| !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit());
    match pattern {
        "^[0-9]{4}/[0-9]{6,}$" => shape.starts_with("9999/999999") && digits(&text[5..]),
        "^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$" => {
            let parts: Vec<&str> = text.split('-').collect();
            parts.iter().map(|part| part.len()).eq([8, 4, 4, 4, 12]) && parts.into_iter().all(hex)
        }
        "^[0-9a-f]{64}$" => text.len() == 64 && hex(text),
        "^[0-9]{4}-[0-9]{2}-[0-9]{2}$" => shape == "9999-99-99",
        "^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}(\\.[0-9]+)?[+-][0-9]{2}:[0-9]{2}$" => {
            let Some((seconds, rest)) = shape.split_at_checked(19) else {
                return false;
            };
            let fraction = rest.find(['+', '-']).map(|sign| rest.split_at(sign));
            let Some((fraction, offset)) = fraction else {
                return false;
            };
            seconds == "9999-99-99T99:99:99"
                && (fraction.is_empty() || fraction.strip_prefix('.').is_some_and(digits))
                && offset[1..] == *"99:99"
        }
        "^[0-9]{9}$" => text.len() == 9 && digits(text),
        "^[0-9]{15}$" => text.len() == 15 && digits(text),
        "^[0-9]{5,8}$" => (5..=8).contains(&text.len()) && digits(text),
        "^[0-9][0-9AB][0-9]{3}$" => {
            text.len() == 5 && text.bytes().all(|b| b.is_ascii_digit() || b == b'A' || b == b'B')
        }
        "^[A-Z]{2}$" => text.len() == 2 && text.bytes().all(|b| b.is_ascii_uppercase()),
        other => panic!("`{other}` has no meaning here"),
    }
}
