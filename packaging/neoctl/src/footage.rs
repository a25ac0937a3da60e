//! `footage`: recordings at headquarters, what was said of them, and what keeps one beyond its month.

use std::path::{Path, PathBuf};

use clap::Subcommand;
use domain::footage::custody::{Category, Life, NotSaid, Procedure, Said};
use domain::journal::{Entry, Operation};
use domain::{ClipId, DeviceId, Digest, OfficerId, decode};
use hq::Pki;
use hq::destruction::commitment;
use hq::hold::{self, HoldError, Released};
use hq::pki::{PkiError, read_approver};
use hq::store::{ClipLife, Stated, StoreError, Transaction};
use serde_json::{Value, json};
use thiserror::Error;

use crate::answer::{Answer, Rows};
use crate::ca::moment;
use crate::fleet::{self, Unknown};
use crate::session::{Effect, HqFolder, PkiFolder, Session, Unready};
use crate::{Exit, pki};

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Lists recordings by their beginning, with the end of their term and what keeps them.
    List {
        /// Only those that a procedure keeps.
        #[arg(long)]
        held: bool,
        /// Only those that are in no category.
        #[arg(long)]
        unclassified: bool,
        #[command(flatten)]
        hq: HqFolder,
    },
    /// Shows a recording: every statement on it, who keeps it or released it, and what became of its bytes.
    Show {
        /// As `footage list` shows it.
        clip: ClipId,
        #[command(flatten)]
        hq: HqFolder,
    },
    /// Keeps a recording beyond its month for a procedure (CSI R.241-4).
    ///
    /// Only within the month, in the name of an officer.
    Hold {
        /// As `footage list` shows it.
        clip: ClipId,
        /// The number of the procedure.
        #[arg(long, value_parser = Procedure::parse)]
        procedure: Procedure,
        /// The officer who says so.
        #[arg(long)]
        officer: OfficerId,
        #[command(flatten)]
        hq: HqFolder,
    },
    /// Signs that no procedure keeps a recording any more; the second person's word ends the hold.
    ///
    /// Past its month the recording then goes with the next purge.
    Release {
        /// As `footage list` shows it.
        clip: ClipId,
        /// The approver's key.
        #[arg(long)]
        key: PathBuf,
        /// The certificate that the root gave for it.
        #[arg(long)]
        certificate: PathBuf,
        #[command(flatten)]
        hq: HqFolder,
        #[command(flatten)]
        pki: PkiFolder,
    },
}

impl Command {
    pub(crate) const fn effect(&self) -> Effect<'_> {
        match self {
            Self::List { .. } | Self::Show { .. } => Effect::Reads,
            Self::Hold { .. } | Self::Release { .. } => Effect::Writes,
        }
    }

    pub(crate) fn run(&self, session: &Session<'_>) -> Result<Answer, Unkept> {
        match self {
            Self::List {
                held,
                unclassified,
                hq,
            } => list(session.hq(hq)?, *held, *unclassified),
            Self::Show { clip, hq } => show(session.hq(hq)?, *clip),
            Self::Hold {
                clip,
                procedure,
                officer,
                hq,
            } => {
                let mut store = fleet::open(session.hq(hq)?)?;
                let hold = hold::hold(&mut store, *clip, procedure.clone(), *officer, session.now)?;
                Ok(Answer::one(
                    "held",
                    Rows(vec![
                        ("clip", clip.to_string().into()),
                        ("procedure", hold.procedure.as_str().into()),
                        ("officer", hold.by.to_string().into()),
                        ("at", moment(hold.at)),
                    ]),
                ))
            }
            Self::Release {
                clip,
                key,
                certificate,
                hq,
                pki,
            } => {
                let pki = Pki::open(session.pki(pki)?)?;
                let person = read_approver(key, certificate)?;
                let mut store = fleet::open(session.hq(hq)?)?;
                let released = hold::release(&mut store, &pki, *clip, &person, session.now)?;
                let transaction = store.begin()?;
                let answer = Answer::one("recording", shown(&transaction, *clip)?);
                Ok(match released {
                    Released::Waits => answer.ending(Exit::Approval),
                    Released::Done => answer,
                })
            }
        }
    }
}

/// Why nothing is known of a recording, or nothing keeps it.
#[derive(Debug, Error)]
pub(crate) enum Unkept {
    #[error(transparent)]
    Unready(#[from] Unready),
    #[error(transparent)]
    Hq(#[from] Unknown),
    #[error("cannot use the HQ store")]
    Store(#[from] StoreError),
    #[error("cannot use the key")]
    Pki(#[from] PkiError),
    #[error(transparent)]
    Hold(#[from] HoldError),
    #[error(transparent)]
    Said(#[from] NotSaid),
}

impl Unkept {
    pub(crate) fn exit(&self) -> Exit {
        match self {
            Self::Unready(unready) => unready.exit(),
            Self::Hq(unknown) => unknown.exit(),
            Self::Pki(error) | Self::Hold(HoldError::Pki(error)) => pki::exit(error),
            Self::Said(_) => Exit::Usage,
            Self::Hold(HoldError::NotFound { .. } | HoldError::Nobody { .. } | HoldError::NotHeld { .. }) => {
                Exit::NotFound
            }
            Self::Hold(HoldError::PastTerm { .. } | HoldError::Held { .. } | HoldError::Twice { .. }) => {
                Exit::Conflict
            }
            Self::Hold(HoldError::NotAnApprover(_) | HoldError::Revoked) => Exit::Forbidden,
            Self::Hold(HoldError::Forged(_)) => Exit::Refuted,
            Self::Store(_) | Self::Hold(HoldError::Store(_)) => Exit::Failed,
        }
    }
}

fn list(dir: &Path, held: bool, unclassified: bool) -> Result<Answer, Unkept> {
    let mut store = fleet::open(dir)?;
    let transaction = store.begin()?;
    let mut lines = Vec::new();
    for life in transaction.lives()? {
        let statements = transaction.statements(life.clip)?;
        let said = said(&statements);
        let hold = transaction.clip_hold(life.clip)?;
        let is_held = hold.is_some_and(|hold| hold.released_at.is_none());
        if (!held || is_held) && (!unclassified || said.category.is_none()) {
            lines.push(Rows(line(&transaction, &life, &statements)?));
        }
    }
    Ok(Answer::many("recording", "recordings", lines))
}

fn show(dir: &Path, clip: ClipId) -> Result<Answer, Unkept> {
    let mut store = fleet::open(dir)?;
    let transaction = store.begin()?;
    Ok(Answer::one("recording", shown(&transaction, clip)?))
}

fn shown(transaction: &Transaction<'_>, clip: ClipId) -> Result<Rows, Unkept> {
    let life = transaction.life(clip)?.ok_or(HoldError::NotFound { clip })?;
    let statements = transaction.statements(clip)?;
    let mut rows = line(transaction, &life, &statements)?;
    let releases: Vec<Value> = transaction
        .releases(clip)?
        .into_iter()
        .map(|word| json!({"by": word.name, "at": moment(word.at)}))
        .collect();
    let device = transaction.clip(clip)?.map(|found| found.device);
    rows.extend([
        ("root", life.root.to_string().into()),
        ("manifest", life.record.to_string().into()),
        (
            "note",
            said(&statements).note.map(|note| note.as_str().to_owned()).into(),
        ),
        ("chain", transaction.custody_chain(&life)?.is_some().into()),
        ("statements", statements.iter().map(statement).collect()),
        ("released_by", releases.into()),
        ("proof_of_erasure", proof(transaction, &life.record)?),
        (
            "on_the_terminal",
            on_the_terminal(transaction, device.as_ref(), &life.root)?,
        ),
        ("viewed", viewed(transaction, device.as_ref(), &life.root)?.into()),
    ]);
    Ok(Rows(rows))
}

fn line(
    transaction: &Transaction<'_>,
    life: &ClipLife,
    statements: &[Stated],
) -> Result<Vec<(&'static str, Value)>, Unkept> {
    let clip = life.clip;
    let found = transaction.clip(clip)?;
    let program = transaction.clip_program(clip)?;
    let erased = transaction.erased_at(clip)?;
    let received = found.as_ref().is_some_and(|found| found.receipt.is_some());
    let state = match (erased, received) {
        (Some(_), _) => "erased",
        (None, true) => "received",
        (None, false) => "arriving",
    };
    let hold = transaction.clip_hold(clip)?;
    let in_force = hold.as_ref().filter(|hold| hold.released_at.is_none());
    let said = said(statements);
    let links = said.links.values().map(|linked| {
        json!({"kind": linked.kind.code(), "number": linked.number.to_string(), "act": linked.act.to_string()})
    });
    Ok(vec![
        ("clip", clip.to_string().into()),
        ("state", state.into()),
        ("started", moment(life.started)),
        ("ended", moment(life.ended)),
        ("term_ends", life.until.map_or(Value::Null, moment)),
        ("category", said.category.map(Category::code).into()),
        (
            "held_for",
            in_force.map(|hold| hold.hold.procedure.as_str()).into(),
        ),
        ("held_by", in_force.map(|hold| hold.hold.by.to_string()).into()),
        (
            "held_at",
            in_force.map_or(Value::Null, |hold| moment(hold.hold.at)),
        ),
        (
            "released_at",
            hold.and_then(|hold| hold.released_at).map_or(Value::Null, moment),
        ),
        ("erased_at", erased.map_or(Value::Null, moment)),
        ("acts", links.collect()),
        ("bookmarks_s", said.bookmarks.values().copied().collect()),
        ("incident", said.incident.map(|first| first.to_string()).into()),
        ("said", statements.len().into()),
        ("officer", life.matricule.as_str().into()),
        ("camera", life.camera.as_str().into()),
        ("device", found.map(|found| found.device.to_string()).into()),
        ("program", program.code().into()),
        (
            "program_version",
            program.program().map(|program| program.version.as_str()).into(),
        ),
        (
            "program_sha256",
            program.program().map(|program| program.build.to_string()).into(),
        ),
        ("bytes", life.bytes.into()),
    ])
}

fn said(statements: &[Stated]) -> Life {
    Life::of(
        statements
            .iter()
            .map(|one| (one.custody.place, &one.custody.said)),
    )
}

fn statement(stated: &Stated) -> Value {
    let what = match &stated.custody.said {
        Said::Category(category) => category.code().to_owned(),
        Said::Note(note) => note.as_str().to_owned(),
        Said::Bookmark(second) => format!("{}:{:02}", second / 60, second % 60),
        Said::Linked(linked) => format!("{} {}", linked.kind.code(), linked.number),
        Said::Incident(first) => first.to_string(),
        Said::Hold(procedure) => procedure.as_str().to_owned(),
        Said::Withdrawn(place) => place.to_string(),
    };
    json!({
        "place": stated.custody.place,
        "kind": stated.custody.said.code(),
        "said": what,
        "by": stated.record.context.author.matricule.to_string(),
        "signed_at": moment(stated.record.signed_at.utc),
        "envelope": stated.envelope.to_string(),
        "sha256": stated.digest.to_string(),
    })
}

/// The tombstone of the manifest, as long as its salt is kept.
fn proof(transaction: &Transaction<'_>, record: &Digest) -> Result<Value, Unkept> {
    for tombstone in transaction.tombstones()? {
        let stated = tombstone.destruction;
        let salt = transaction.tombstone_salt(stated.commitment)?;
        if salt.is_some_and(|salt| commitment(&salt, record) == stated.commitment) {
            return Ok(json!({
                "commitment": stated.commitment.to_string(),
                "destroyed_at": moment(stated.at),
                "signed": tombstone.proof.is_some(),
            }));
        }
    }
    Ok(Value::Null)
}

/// What the terminal's own signed journal says became of its copy.
fn on_the_terminal(
    transaction: &Transaction<'_>,
    device: Option<&DeviceId>,
    root: &Digest,
) -> Result<Value, Unkept> {
    let mut last = Value::Null;
    for entry in entries(transaction, device)? {
        if root_of(&entry.operation) == Some(root) {
            last = json!({"operation": entry.operation.code(), "at": moment(entry.at.utc)});
        }
    }
    Ok(last)
}

/// Who looked at it on the terminal, when and why (CSI R.241-5), as its own signed journal says.
fn viewed(
    transaction: &Transaction<'_>,
    device: Option<&DeviceId>,
    root: &Digest,
) -> Result<Vec<Value>, Unkept> {
    let mut views = Vec::new();
    for entry in entries(transaction, device)? {
        if let Operation::FootageViewed {
            root: seen,
            purpose,
            procedure,
        } = &entry.operation
            && seen == root
        {
            let officer = match entry.officer {
                Some(id) => transaction.officer(id)?,
                None => None,
            };
            views.push(json!({
                "by": officer.map(|officer| officer.matricule.to_string()),
                "at": moment(entry.at.utc),
                "purpose": purpose.code(),
                "procedure": procedure.as_ref().map(Procedure::as_str),
            }));
        }
    }
    Ok(views)
}

fn entries(transaction: &Transaction<'_>, device: Option<&DeviceId>) -> Result<Vec<Entry>, Unkept> {
    let mut entries = Vec::new();
    let Some(device) = device else {
        return Ok(entries);
    };
    for journal in transaction.journals(device)? {
        let bytes = transaction.journal_entries(journal)?;
        entries.extend(bytes.iter().filter_map(|bytes| decode::<Entry>(bytes).ok()));
    }
    Ok(entries)
}

fn root_of(operation: &Operation) -> Option<&Digest> {
    if let Operation::FootageDisposed { root }
    | Operation::FootageExpired { root, .. }
    | Operation::FootageHeld { root }
    | Operation::FootageReleased { root } = operation
    {
        Some(root)
    } else {
        None
    }
}
