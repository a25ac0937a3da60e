//! `destruction`: what article 78-3 CPP had headquarters destroy, the proof of it, and what keeps an act from it.

use std::fs;
use std::path::{Path, PathBuf};

use clap::Subcommand;
use domain::{Digest, OfficerId, UnixMs};
use hq::Pki;
use hq::destruction::{self, commitment};
use hq::pki::PkiError;
use hq::store::{FollowUp, StoreError, Tombstone};
use thiserror::Error;

use crate::act::{self, Wanted};
use crate::answer::{Answer, Rows};
use crate::ca::moment;
use crate::file::{FileError, make};
use crate::fleet::{self, Unknown};
use crate::session::{Effect, HqFolder, PkiFolder, Session, Unready};
use crate::{Exit, pki};

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Lists what was destroyed, without a name or a number, and whether headquarters' signature on it holds.
    List {
        /// Only what is about this record: the SHA-256 of the signed record, as the terminal's journal states it.
        #[arg(long, value_name = "SHA256", value_parser = digest)]
        record: Option<Digest>,
        /// Writes each signed proof into this folder: COMMITMENT.cose.
        #[arg(long)]
        out: Option<PathBuf>,
        #[command(flatten)]
        hq: HqFolder,
        #[command(flatten)]
        pki: PkiFolder,
    },
    /// Records that a procedure follows an act, which is then not destroyed at its term.
    Prevent {
        /// The number that the act shows, such as `2026/000123`, or the id of the envelope that brought it.
        act: Wanted,
        /// The number of the procedure.
        #[arg(long)]
        procedure: String,
        /// The officer who says so.
        #[arg(long)]
        officer: OfficerId,
        #[command(flatten)]
        hq: HqFolder,
    },
    /// Destroys the salt of a proof: nobody can show any more which record it was about.
    Unlink {
        /// As `destruction list` shows it.
        commitment: String,
        #[command(flatten)]
        hq: HqFolder,
    },
}

impl Command {
    pub(crate) fn effect(&self) -> Effect<'_> {
        match self {
            Self::List { out: None, .. } => Effect::Reads,
            Self::List { .. } | Self::Prevent { .. } => Effect::Writes,
            Self::Unlink { commitment, .. } => Effect::Destroys(commitment),
        }
    }

    pub(crate) fn run(&self, session: &Session<'_>) -> Result<Answer, Undestroyed> {
        match self {
            Self::List { record, out, hq, pki } => {
                list(session.hq(hq)?, session.pki(pki)?, *record, out.as_deref())
            }
            Self::Prevent {
                act,
                procedure,
                officer,
                hq,
            } => prevent(session.hq(hq)?, *act, procedure, *officer, session.now),
            Self::Unlink { commitment, hq } => unlink(session.hq(hq)?, commitment),
        }
    }
}

/// The text is no SHA-256.
#[derive(Debug, Clone, Copy, Error)]
#[error("a SHA-256 has 64 hexadecimal digits")]
pub(crate) struct NotADigest;

fn digest(text: &str) -> Result<Digest, NotADigest> {
    Digest::from_hex(text).ok_or(NotADigest)
}

/// Why nothing is known or done of a destruction.
#[derive(Debug, Error)]
pub(crate) enum Undestroyed {
    #[error(transparent)]
    Unready(#[from] Unready),
    #[error(transparent)]
    Hq(#[from] Unknown),
    #[error("cannot use the HQ store")]
    Store(#[from] StoreError),
    #[error("cannot open headquarters' keys")]
    Pki(#[from] PkiError),
    #[error("cannot find the act")]
    Act(#[from] act::Unexported),
    #[error("the officer `{officer}` is not registered; `neoctl officer list` names those who are")]
    Nobody { officer: OfficerId },
    #[error("a procedure has a number of 1 to 64 characters")]
    Procedure,
    #[error("the act `{act}` has no term that a procedure would end; it is kept as it is")]
    NoTerm { act: String },
    #[error("another procedure is recorded for this act already: `{procedure}`")]
    Recorded { procedure: String },
    #[error("`{commitment}` is no proof whose salt is kept; see `neoctl destruction list`")]
    NoSalt { commitment: String },
    #[error("cannot keep a proof")]
    File(#[from] FileError),
    #[error("cannot make `{}`", path.display())]
    Folder {
        path: PathBuf,
        #[source]
        source: std::io::Error,
    },
}

impl Undestroyed {
    pub(crate) fn exit(&self) -> Exit {
        match self {
            Self::Unready(unready) => unready.exit(),
            Self::Hq(unknown) => unknown.exit(),
            Self::Pki(error) => pki::exit(error),
            Self::Act(error) => error.exit(),
            Self::File(error) => error.exit(),
            Self::Folder { source, .. } => Exit::of(source),
            Self::Nobody { .. } | Self::NoSalt { .. } => Exit::NotFound,
            Self::Procedure => Exit::Usage,
            Self::NoTerm { .. } | Self::Recorded { .. } => Exit::Conflict,
            Self::Store(_) => Exit::Failed,
        }
    }
}

fn list(dir: &Path, keys: &Path, record: Option<Digest>, out: Option<&Path>) -> Result<Answer, Undestroyed> {
    let pki = Pki::open(keys)?;
    let mut store = fleet::open(dir)?;
    let transaction = store.begin()?;
    let mut lines = Vec::new();
    let mut refuted = false;
    for tombstone in transaction.tombstones()? {
        let Tombstone {
            destruction: stated,
            proof,
            has_salt,
        } = tombstone;
        if let Some(record) = record {
            let salt = transaction.tombstone_salt(stated.commitment)?;
            if salt.is_none_or(|salt| commitment(&salt, &record) != stated.commitment) {
                continue;
            }
        }
        let signature = match &proof {
            None => "not_checked",
            Some(proof) if destruction::verify(proof, pki.receipt().certificate()) == Some(stated) => {
                "proven"
            }
            Some(_) => {
                refuted = true;
                "refuted"
            }
        };
        if let Some((out, proof)) = out.zip(proof.as_deref()) {
            fs::create_dir_all(out).map_err(|source| Undestroyed::Folder {
                path: out.to_owned(),
                source,
            })?;
            make(&out.join(format!("{}.cose", stated.commitment)), proof)?;
        }
        lines.push(Rows(vec![
            ("commitment", stated.commitment.to_string().into()),
            ("term_ended", moment(stated.until)),
            ("destroyed_at", moment(stated.at)),
            ("signature", signature.into()),
            ("linkable", has_salt.into()),
        ]));
    }
    let answer = Answer::many("destruction", "destructions", lines);
    Ok(if refuted {
        answer.ending(Exit::Refuted)
    } else {
        answer
    })
}

fn prevent(
    dir: &Path,
    act: Wanted,
    procedure: &str,
    officer: OfficerId,
    now: UnixMs,
) -> Result<Answer, Undestroyed> {
    let procedure = procedure.trim();
    if procedure.is_empty() || procedure.chars().count() > 64 || procedure.chars().any(char::is_control) {
        return Err(Undestroyed::Procedure);
    }
    let mut store = fleet::open(dir)?;
    let transaction = store.begin()?;
    let record = act::record_of(&transaction, act)?;
    if record.retention.is_none() {
        return Err(Undestroyed::NoTerm {
            act: record.id.to_string(),
        });
    }
    if transaction.officer(officer)?.is_none() {
        return Err(Undestroyed::Nobody { officer });
    }
    let follow_up = FollowUp {
        procedure: procedure.to_owned(),
        officer,
        at: now,
    };
    if !transaction.record_follow_up(record.id, &follow_up)? {
        let known = transaction.follow_up(record.id)?;
        return Err(Undestroyed::Recorded {
            procedure: known.map(|known| known.procedure).unwrap_or_default(),
        });
    }
    transaction.commit()?;
    Ok(Answer::one(
        "follow_up",
        Rows(vec![
            ("act", record.id.to_string().into()),
            ("procedure", procedure.into()),
            ("officer", officer.to_string().into()),
            ("at", moment(now)),
        ]),
    ))
}

fn unlink(dir: &Path, commitment: &str) -> Result<Answer, Undestroyed> {
    let unknown = || Undestroyed::NoSalt {
        commitment: commitment.to_owned(),
    };
    let digest = Digest::from_hex(commitment).ok_or_else(unknown)?;
    let mut store = fleet::open(dir)?;
    let transaction = store.begin()?;
    if !transaction.destroy_salt(digest)? {
        return Err(unknown());
    }
    transaction.commit()?;
    store.cut_log()?;
    Ok(Answer::one(
        "unlinked",
        Rows(vec![("commitment", commitment.into())]),
    ))
}
