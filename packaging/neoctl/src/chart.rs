//! What `doctor` and `device diagnose` find: one line a look, each fault with what to do about it.
//!
//! What could not be looked at says so: a list without faults is only good when every line was checked.

use serde_json::Value;

use crate::Exit;
use crate::answer::{Answer, Rows};

/// How one look ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Finding {
    Ok,
    Warning,
    Failed,
    NotChecked,
}

impl Finding {
    const fn code(self) -> &'static str {
        match self {
            Self::Ok => "ok",
            Self::Warning => "warning",
            Self::Failed => "failed",
            Self::NotChecked => "not_checked",
        }
    }
}

/// One look: at what, how it ended, what was seen, and what to do about it.
struct Line {
    what: &'static str,
    finding: Finding,
    saw: String,
    advice: String,
}

/// The findings so far.
#[derive(Default)]
pub(crate) struct Chart {
    lines: Vec<Line>,
    unreachable: bool,
}

impl Chart {
    /// `advice` is empty where there is nothing to do.
    pub(crate) fn note(
        &mut self,
        what: &'static str,
        finding: Finding,
        saw: impl Into<String>,
        advice: impl Into<String>,
    ) {
        self.lines.push(Line {
            what,
            finding,
            saw: saw.into(),
            advice: advice.into(),
        });
    }

    /// One of the faults is that something on the network does not answer.
    pub(crate) const fn is_unreachable(&mut self) {
        self.unreachable = true;
    }

    /// The list, ending with 1 where something failed, and with 9 where that is the network alone.
    pub(crate) fn answer(self) -> Answer {
        let failed = self.lines.iter().filter(|line| line.finding == Finding::Failed);
        let exit = match (failed.count(), self.unreachable) {
            (0, _) => Exit::Done,
            (1, true) => Exit::Unreachable,
            _ => Exit::Failed,
        };
        let lines = self.lines.into_iter().map(|line| {
            let advice = match line.advice {
                none if none.is_empty() => Value::Null,
                some => some.into(),
            };
            Rows(vec![
                ("check", line.what.into()),
                ("finding", line.finding.code().into()),
                ("saw", line.saw.into()),
                ("do", advice),
            ])
        });
        Answer::many("check", "checks", lines.collect()).ending(exit)
    }
}
