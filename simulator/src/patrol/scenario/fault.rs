//! What is wrong with a scenario, in the words of whoever wrote it: the line, what does not fit, and what would.

use std::fmt;
use std::ops::Range;

use serde::Serialize;

use super::reading::{Slip, Wrong, quoted};

/// So many known words are listed; of more the nearest alone is named.
const LISTED: usize = 16;

/// One thing that is wrong.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Fault {
    /// From 1.
    pub line: usize,
    /// What stands there.
    pub text: String,
    pub what: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub hint: Option<String>,
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "line {}: {}", self.line, self.what)?;
        write!(f, "\n  {} | {}", self.line, self.text)?;
        match &self.hint {
            Some(hint) => write!(f, "\n  {hint}"),
            None => Ok(()),
        }
    }
}

/// Where a slip happened: the text, and the step that it belongs to.
#[derive(Debug, Clone, Copy)]
pub(super) struct Scene<'t> {
    pub(super) text: &'t str,
    /// Its number from 1, and what its `do` says.
    pub(super) step: Option<(usize, &'t str)>,
}

impl Scene<'_> {
    pub(super) fn fault(self, slip: Slip) -> Fault {
        let place = slip.at.clone().unwrap_or_default();
        let (what, hint) = self.words(&slip);
        self.at(&place, what, hint)
    }

    pub(super) fn at(self, place: &Range<usize>, what: String, hint: Option<String>) -> Fault {
        let before = self.text.get(..place.start).unwrap_or(self.text);
        let index = before.matches('\n').count();
        let text = self.text.lines().nth(index).unwrap_or_default();
        Fault {
            line: index + 1,
            text: text.trim_end().to_owned(),
            what,
            hint,
        }
    }

    /// Who the fault is of.
    fn whose(self, slip: &Slip) -> String {
        match (self.step, slip.keys.last()) {
            (Some((number, name)), _) => format!("step {number} (`{name}`)"),
            (None, Some(table)) => format!("`[{table}]`"),
            (None, None) => "the scenario".to_owned(),
        }
    }

    fn words(self, slip: &Slip) -> (String, Option<String>) {
        let whose = self.whose(slip);
        let key = slip.keys.first().map_or("", String::as_str);
        match &slip.wrong {
            Wrong::UnknownField { found, known: [] } => (
                format!("{whose} takes no fields, and has `{found}`"),
                Some("remove the line".to_owned()),
            ),
            Wrong::UnknownField { found, known } if self.step.is_none() && slip.keys.is_empty() => (
                format!("a scenario has no `{found}`"),
                near(found, known).or_else(|| among("it has", known)),
            ),
            Wrong::UnknownField { found, known } => (
                format!("{whose} has no field `{found}`"),
                near(found, known).or_else(|| among("its fields are", known)),
            ),
            Wrong::UnknownWord { found, known } if key == super::reading::NAME => (
                format!("`{found}` is no step"),
                near(found, known).or_else(|| Some("docs/scenarios.md lists every step".to_owned())),
            ),
            Wrong::UnknownWord { found, known } => (
                format!("{whose}: `{key}` cannot be `{found}`"),
                near(found, known).or_else(|| among("write one of", known)),
            ),
            Wrong::Missing { name, known } => (
                format!("{whose} lacks `{name}`"),
                unit(name).or_else(|| among("its fields are", known)),
            ),
            Wrong::Form { found, expected } => (
                format!(
                    "{whose}: `{key}` is {}, and should be {}",
                    plain(found),
                    plain(expected)
                ),
                unit(key).or_else(|| form(expected)),
            ),
            Wrong::Words(words) if key.is_empty() => (format!("{whose}: {words}"), None),
            Wrong::Words(words) => (format!("{whose}: `{key}`: {words}"), unit(key)),
        }
    }
}

/// The known word that was probably meant.
pub(super) fn near(found: &str, known: &[&str]) -> Option<String> {
    let distance = |word: &&&str| strsim::damerau_levenshtein(found, word);
    let nearest = known.iter().min_by_key(distance)?;
    // A third of the letters: of shorter words one letter.
    let is_meant = distance(&nearest) <= (nearest.len() / 3).max(1);
    is_meant.then(|| format!("did you mean `{nearest}`?"))
}

fn among(words: &str, known: &[&str]) -> Option<String> {
    (!known.is_empty() && known.len() <= LISTED).then(|| format!("{words} {}", quoted(known)))
}

/// What a field counts, and how it is written.
pub(super) fn unit(field: &str) -> Option<String> {
    let unit = match field {
        "at" => "degrees north, degrees east and metres of uncertainty: `at = \"48.9362 2.3574 12\"`",
        "power" => "`charging`, `battery`, `unknown`, or percents of the battery: `power = \"35\"`",
        "bearer" => "`none`, `cellular`, `wifi`, `cable` or `unknown`",
        "days" => "whole days, without quotes: `days = 32`",
        "from_minutes" | "until_minutes" => {
            "minutes from now, without quotes; before now they are negative: `from_minutes = -30`"
        }
        "idle_lock_seconds" => "whole seconds, without quotes: `idle_lock_seconds = 300`",
        "code_again_minutes" => "whole minutes, without quotes: `code_again_minutes = 5`",
        "kilobytes" => "thousands of bytes, without quotes: `kilobytes = 400`",
        "shows" => "numbers of objects from 1, one for each picture: `shows = [1, 0, 2]`",
        "marks" => {
            "what is drawn over each picture, in its order: `marks = { plaque = [\"ring\", \"point\"] }`"
        }
        "fields" | "says" | "stands" => "a table of texts below the step: `[step.fields]`",
        "touches" => "a list: `touches = [{ press = \"Caméra\" }, { see = \"Attribution\" }]`",
        "matricule" => "the RIO has seven digits, the NIGEND five to eight: `matricule = \"1234567\"`",
        "code" => {
            "six to twelve digits that nobody guesses: no run, no repeated block, three different digits at least"
        }
        _ => return None,
    };
    Some(unit.to_owned())
}

/// How a value of the expected form is written.
fn form(expected: &str) -> Option<String> {
    let hint = match expected {
        "a boolean" => "write `true` or `false`, without quotes",
        "a string" => "write it between quotes",
        "a sequence" => "write a list between square brackets: `[\"a\", \"b\"]`",
        _ => return None,
    };
    Some(hint.to_owned())
}

/// The words of serde in those of a scenario.
fn plain(words: &str) -> String {
    let words = match words {
        "a boolean" => "`true` or `false`",
        "a string" => "a text",
        "a sequence" | "sequence" => "a list",
        "a map" | "map" => "a table",
        "u8" | "u16" | "u32" | "usize" => "a whole number from 0",
        "i32" | "i64" => "a whole number",
        other => match other.split_once(' ') {
            Some(("string", text)) => return format!("the text {}", text.replace('"', "`")),
            Some(("integer", number)) => return format!("the number {number}"),
            Some(("boolean", yes)) => return yes.to_owned(),
            Some(("struct", _)) => "a table",
            _ => other,
        },
    };
    words.to_owned()
}
