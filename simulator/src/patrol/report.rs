//! `report.json`: what a patrol did and what was found when everything was checked from outside.

use serde::Serialize;

/// The contract of the file; see the design, §7.
#[derive(Debug, Serialize)]
pub struct Report {
    pub schema_version: u32,
    pub scenario: String,
    pub seed: u64,
    pub invariants: Vec<Invariant>,
    pub records: Vec<RecordLine>,
    pub clips: Vec<ClipLine>,
    pub canaries: Canaries,
    /// How often the terminal's process died and was started again.
    pub kills: u32,
    /// How often a signature asked for the officer's code.
    pub codes_asked: u32,
    /// How many proofs HQ has of what 78-3 CPP had it destroy.
    pub destructions: usize,
    /// HQ's alarms on questions to police files.
    pub alarms: Vec<AlarmLine>,
}

/// One statement about the whole, and how many things it was checked on.
#[derive(Debug, Clone, Serialize)]
pub struct Invariant {
    pub name: &'static str,
    pub ok: bool,
    pub checked: usize,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub detail: Option<String>,
}

#[derive(Debug, Serialize)]
pub struct RecordLine {
    pub envelope_id: String,
    pub kind: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub number: Option<String>,
    /// SHA-256 of the record's COSE_Sign1.
    pub sha256: String,
    /// Unix milliseconds, the terminal's clock.
    pub signed_at: i64,
    /// Gone at its term, with a proof at HQ.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub destroyed: bool,
    pub receipt: Receipt,
}

#[derive(Debug, Serialize)]
pub struct AlarmLine {
    pub device: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub officer: Option<String>,
    pub kind: &'static str,
    /// In one hour.
    pub times: u64,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "kebab-case", tag = "status")]
pub enum Receipt {
    Stored {
        at: i64,
    },
    Refused {
        at: i64,
        code: String,
        corrected_by: Option<String>,
    },
    Missing,
}

#[derive(Debug, Serialize)]
pub struct ClipLine {
    pub id: String,
    /// SHA-256 of the original file, at the camera and at HQ.
    pub sha256: String,
    pub bytes: u64,
}

/// The search for what was typed, on the phone's disk.
#[derive(Debug, Serialize)]
pub struct Canaries {
    pub planted: usize,
    pub files: usize,
    pub bytes: u64,
    pub found: Vec<String>,
}

impl Invariant {
    /// Holds when nothing is wrong and something was looked at.
    pub fn of(name: &'static str, checked: usize, wrong: Vec<String>) -> Self {
        let ok = wrong.is_empty() && checked > 0;
        let detail = (!wrong.is_empty()).then(|| wrong.join("; "));
        Self {
            name,
            ok,
            checked,
            detail,
        }
    }
}
