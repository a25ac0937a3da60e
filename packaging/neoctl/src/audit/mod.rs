//! `audit`: who did what on a terminal, and whether that is what the terminal wrote.

mod command;
mod files;
mod hold;

use std::path::{Path, PathBuf};

use domain::journal::{Entry, Operation};
use domain::service::{CameraCheck, Checks, ClockCheck};
use domain::{DeviceId, UnixMs};
use evidence::journal::Verification;
use evidence::report::Outcome;
use hq::pki::PkiError;
use hq::store::StoreError;
use serde_json::{Value, json};
use thiserror::Error;
use trust::cert::CertificateError;

pub(crate) use self::command::Command;
use crate::answer::Rows;
use crate::file::FileError;
use crate::fleet::Unknown;
use crate::session::Unready;
use crate::{Exit, act, pki};

/// Why nothing was audited.
#[derive(Debug, Error)]
pub(crate) enum Unaudited {
    #[error(transparent)]
    Unready(#[from] Unready),
    #[error(transparent)]
    Hq(#[from] Unknown),
    #[error("cannot read the HQ store")]
    Store(#[from] StoreError),
    #[error("cannot open headquarters' keys")]
    Pki(#[from] PkiError),
    #[error("cannot find the act")]
    Act(#[from] act::Unexported),
    #[error("headquarters has no journal of `{device}` yet; nothing was checked")]
    NoJournal { device: DeviceId },
    #[error("the journal of `{device}` does not tell of that act; nothing was written")]
    NotInJournal { device: DeviceId },
    #[error("the journal does not verify and is not handed out: {fault}")]
    NotGenuine { fault: String },
    #[error("name a terminal with `--dir` and `--pki`, or a file with `--anchors`")]
    Nothing,
    #[error(transparent)]
    File(#[from] FileError),
    #[error("`{}` holds no root certificates in PEM", path.display())]
    Anchors {
        path: PathBuf,
        #[source]
        source: CertificateError,
    },
}

impl Unaudited {
    pub(crate) fn exit(&self) -> Exit {
        match self {
            Self::Unready(unready) => unready.exit(),
            Self::Hq(unknown) => unknown.exit(),
            Self::Pki(error) => pki::exit(error),
            Self::Act(error) => error.exit(),
            Self::NoJournal { .. } | Self::NotInJournal { .. } => Exit::NotFound,
            Self::NotGenuine { .. } => Exit::Refuted,
            Self::Nothing => Exit::Usage,
            Self::File(error) => error.exit(),
            Self::Store(_) | Self::Anchors { .. } => Exit::Failed,
        }
    }
}

/// A headquarters' folders.
pub(crate) struct Hq<'a> {
    /// The folder of `neo-hq --dir`.
    dir: &'a Path,
    /// The folder of `neo-hq --pki`.
    pki: &'a Path,
}

/// One check, and whether it is good.
pub(crate) struct Verified {
    pub(crate) rows: Rows,
    pub(crate) outcome: Outcome,
}

impl Verified {
    fn of(what: (&'static str, Value), found: &Verification, more: Vec<(&'static str, Value)>) -> Self {
        let outcome = found.outcome();
        let jumps = found.jumps.iter();
        let fault = match (&found.fault, outcome) {
            (Some(fault), _) => fault.to_string().into(),
            (None, Outcome::Ok) => Value::Null,
            (None, _) => "nothing was checked".into(),
        };
        let mut rows = vec![
            what,
            ("outcome", outcome.code().into()),
            ("fault", fault),
            ("entries", found.entries.into()),
            ("heads", found.heads.into()),
            ("receipts", found.receipts.into()),
            ("held_receipts", found.held.into()),
            ("root", found.root.to_string().into()),
            ("received_at", found.received_at.map(moment).into()),
            (
                "clock_set",
                jumps
                    .map(|jump| json!({"entry": jump.index, "ms": jump.ms}))
                    .collect(),
            ),
        ];
        rows.extend(more);
        Self {
            rows: Rows(rows),
            outcome,
        }
    }
}

/// An entry as it is shown.
fn line(entry: &Entry) -> Vec<(&'static str, Value)> {
    let (record, more) = object(&entry.operation);
    let mut rows = vec![
        ("entry", entry.index.into()),
        ("at", moment(entry.at.utc).into()),
        ("officer", entry.officer.map(|officer| officer.to_string()).into()),
        ("operation", entry.operation.code().into()),
    ];
    rows.extend(record.map(|record| ("record_sha256", record.into())));
    rows.extend(more);
    rows
}

/// The record that an operation is about, and what else it says.
fn object(operation: &Operation) -> (Option<String>, Vec<(&'static str, Value)>) {
    use domain::journal::Recipient;
    use domain::orders::Told;
    let to = |to: &Option<Recipient>| match to {
        Some(Recipient::DraftingSystem) => vec![("to", "drafting_system".into())],
        Some(Recipient::Victim) => vec![("to", "the victim".into())],
        Some(Recipient::Printer(address)) => vec![("to", format!("printer {address}").into())],
        None => Vec::new(),
    };
    match operation {
        Operation::Signed { record }
        | Operation::ReceiptStored { record }
        | Operation::Refused { record }
        | Operation::Purged { record } => (Some(record.to_string()), Vec::new()),
        Operation::Printed { record, to: whom } | Operation::HandedOver { record, to: whom } => {
            (Some(record.to_string()), to(whom))
        }
        Operation::DispatchShown { dispatch, hit } => (
            None,
            vec![
                ("intervention", dispatch.to_string().into()),
                ("hit", (*hit).into()),
            ],
        ),
        Operation::DispatchTaken { dispatch } | Operation::DispatchDeclined { dispatch } => {
            (None, vec![("intervention", dispatch.to_string().into())])
        }
        Operation::BriefingRead { dispatch } => (None, vec![("briefing", dispatch.to_string().into())]),
        Operation::CrewCardRead { officer } => (None, vec![("colleague", officer.to_string().into())]),
        Operation::ServiceChecked { checks } => (None, checked(checks)),
        Operation::CrewSheetShown { intervention, by } => (
            None,
            vec![
                ("intervention", intervention.to_string().into()),
                ("by", by.to_string().into()),
            ],
        ),
        Operation::CrewSheetJoined { intervention } => {
            (None, vec![("intervention", intervention.to_string().into())])
        }
        Operation::AlertTold { alert } => (None, vec![("alert", alert.to_string().into())]),
        Operation::AlertTaken { alert, at } => (
            None,
            vec![
                ("alert", alert.to_string().into()),
                ("taken_at", moment(*at).into()),
            ],
        ),
        Operation::Consulted { file, query, act, .. } => {
            let mut rows = vec![("file", file.label().into())];
            rows.extend(query.map(|query| ("query", query.to_string().into())));
            rows.extend(act.map(|act| ("act", act.to_string().into())));
            (None, rows)
        }
        Operation::ConsultedList {
            subject, as_of, act, ..
        } => (
            None,
            vec![
                ("list", subject.code().into()),
                ("as_of", moment(*as_of).into()),
                ("act", act.to_string().into()),
            ],
        ),
        Operation::AnswerShown { file, query, .. } => (
            None,
            vec![("file", file.label().into()), ("query", query.to_string().into())],
        ),
        Operation::AnswerShared {
            file,
            query,
            share,
            with,
        } => {
            let with: Vec<String> = with.iter().map(ToString::to_string).collect();
            (
                None,
                vec![
                    ("file", file.label().into()),
                    ("query", query.to_string().into()),
                    ("share", share.to_string().into()),
                    ("with", with.join(", ").into()),
                ],
            )
        }
        Operation::SharedAnswerShown {
            file,
            query,
            share,
            by,
        } => (
            None,
            vec![
                ("file", file.label().into()),
                ("query", query.to_string().into()),
                ("share", share.to_string().into()),
                ("by", by.to_string().into()),
            ],
        ),
        Operation::UrgentFrame { act } => (None, vec![("act", act.to_string().into())]),
        Operation::UnlockRefused { left } => (None, vec![("left", (*left).into())]),
        Operation::NumberUnused { year, serial } => {
            (None, vec![("number", format!("{year}/{serial:06}").into())])
        }
        Operation::CameraPaired { transcript } => (None, vec![("transcript", transcript.to_string().into())]),
        Operation::FootageDisposed { root }
        | Operation::FootageHeld { root }
        | Operation::FootageReleased { root } => (None, vec![("root", root.to_string().into())]),
        Operation::FootageViewed {
            root,
            purpose,
            procedure,
        } => (
            None,
            vec![
                ("root", root.to_string().into()),
                ("purpose", purpose.code().into()),
                (
                    "procedure",
                    procedure.as_ref().map(|procedure| procedure.as_str()).into(),
                ),
            ],
        ),
        Operation::FootageNotTaken { clip, camera, why } => (
            None,
            vec![
                ("clip", clip.to_string().into()),
                ("camera", camera.as_str().into()),
                ("why", why.code().into()),
            ],
        ),
        Operation::CameraGap {
            camera,
            counter,
            event,
            gap,
        } => (
            None,
            vec![
                ("camera", camera.as_str().into()),
                ("counter", (*counter).into()),
                ("event", event.to_string().into()),
                ("from", moment(gap.from).into()),
                ("until", moment(gap.until).into()),
                ("cause", gap.cause.code().into()),
            ],
        ),
        Operation::CameraAssigned {
            camera,
            counter,
            event,
            to,
        } => (
            None,
            vec![
                ("camera", camera.as_str().into()),
                ("counter", (*counter).into()),
                ("event", event.to_string().into()),
                ("to", to.as_ref().map(ToString::to_string).into()),
            ],
        ),
        Operation::FootageExpired { root, until } => (
            None,
            vec![
                ("root", root.to_string().into()),
                ("term_ended", moment(*until).into()),
            ],
        ),
        Operation::Ordered { sequence, outcome } => (
            None,
            vec![
                ("order", (*sequence).into()),
                ("order_outcome", outcome.code().into()),
            ],
        ),
        Operation::ToldByOrder { sequence, what } => {
            let order = ("order", (*sequence).into());
            let told = match what {
                Told::Position { known } => vec![order, ("position_known", (*known).into())],
                Told::Logs { bytes, sha256 } => vec![
                    order,
                    ("bytes", (*bytes).into()),
                    ("log_sha256", sha256.to_string().into()),
                ],
            };
            (None, told)
        }
        Operation::EvidenceDestroyed { record, sequence } => {
            (Some(record.to_string()), vec![("order", (*sequence).into())])
        }
        Operation::Certified { certificate } => {
            (None, vec![("certificate_sha256", certificate.to_string().into())])
        }
        Operation::Configured { serial, profile } => (
            None,
            vec![
                ("profile", (*serial).into()),
                ("profile_sha256", profile.to_string().into()),
            ],
        ),
        Operation::Readmission { why, .. } => (None, vec![("why", why.code().into())]),
        Operation::Started { epoch } => (None, vec![("epoch", (*epoch).into())]),
        Operation::Opened
        | Operation::Unlocked
        | Operation::Locked
        | Operation::ServiceStarted
        | Operation::ServiceEnded
        | Operation::CodeChanged
        | Operation::KeyRotated
        | Operation::DraftRestored
        | Operation::OfficerAdmitted
        | Operation::CodeChosen
        | Operation::DraftDiscarded => (None, Vec::new()),
    }
}

/// How terminal and camera were when a shift began.
fn checked(checks: &Checks) -> Vec<(&'static str, Value)> {
    let mut rows: Vec<(&'static str, Value)> = vec![
        ("clock", checks.clock.code().into()),
        ("room", checks.room.into()),
        ("waiting", checks.waiting.into()),
        ("briefing_unread", checks.unread.into()),
        ("camera", checks.camera.code().into()),
    ];
    if let ClockCheck::Off(ahead) = checks.clock {
        rows.push(("clock_ahead_ms", ahead.into()));
    }
    if let CameraCheck::Met { battery, free, .. } = &checks.camera {
        rows.push(("camera_battery", (*battery).into()));
        rows.push(("camera_free_bytes", (*free).into()));
    }
    rows.extend(checks.lists_of.map(|of| ("lists_of", moment(of).into())));
    rows
}

/// RFC 3339, in UTC.
fn moment(at: UnixMs) -> String {
    format!("{}Z", at.civil(0))
}
