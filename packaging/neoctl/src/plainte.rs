//! `plainte`: what became of a complaint, signed for the terminal of the officer who took it, and how far that is told.

use std::path::Path;

use clap::{Args, Subcommand, ValueEnum};
use domain::plainte::{ClosedFor, Hearing, Office, Stage};
use domain::record::Act;
use domain::{OfficerId, UnixMs};
use hq::Pki;
use hq::pki::PkiError;
use hq::store::StoreError;
use hq::suivi::{self, SuiviError};
use jiff::fmt::temporal::Pieces;
use thiserror::Error;

use crate::act::{self, Wanted};
use crate::answer::{Answer, Rows};
use crate::ca::moment;
use crate::fleet::{self, Unknown};
use crate::session::{Effect, HqFolder, PkiFolder, Session, Unready};
use crate::{Exit, pki};

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Signs where a complaint stands, and tells the terminal of the officer who took it.
    ///
    /// A terminal that is away hears of it when it returns. What was said stays: another step follows it.
    Tell(Tell),
    /// Shows how the victim of a complaint may be reached, what is never used, and where they found refuge.
    ///
    /// Read it before anybody calls or writes. It is no part of the procedure: no export holds it.
    Contact {
        /// The number that the act shows, such as `2026/000123`, or the id of the envelope that brought it.
        act: Wanted,
        #[command(flatten)]
        hq: HqFolder,
    },
    /// Shows what became of a complaint, whether each signature holds, and whether the terminal has it.
    Show {
        /// The number that the act shows, such as `2026/000123`, or the id of the envelope that brought it.
        act: Wanted,
        #[command(flatten)]
        hq: HqFolder,
        #[command(flatten)]
        pki: PkiFolder,
    },
}

#[derive(Debug, Args)]
pub(crate) struct Tell {
    /// The number that the act shows, such as `2026/000123`, or the id of the envelope that brought it.
    act: Wanted,
    /// Where the complaint stands.
    #[arg(long, value_enum)]
    stage: StageName,
    /// The service or the court that has it: for `sent-to-service`, `sent-to-prosecutor` and `hearing`.
    #[arg(long, value_parser = Office::parse)]
    to: Option<Office>,
    /// Why it is closed: for `closed`.
    #[arg(long, value_name = "REASON", value_parser = reason)]
    reason: Option<ClosedFor>,
    /// When the court hears it, with the offset of its clocks, such as `2027-01-14T09:30+01:00`: for `hearing`.
    #[arg(long, value_name = "MOMENT", value_parser = HeardAt::parse)]
    at: Option<HeardAt>,
    /// The officer who says so.
    #[arg(long)]
    officer: OfficerId,
    #[command(flatten)]
    hq: HqFolder,
    #[command(flatten)]
    pki: PkiFolder,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum StageName {
    Received,
    SentToService,
    UnderInvestigation,
    SentToProsecutor,
    Closed,
    Alternative,
    Prosecuted,
    JudicialInvestigation,
    Hearing,
    Completed,
    Withdrawn,
}

/// A moment and the clocks that show it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct HeardAt {
    pub(crate) at: UnixMs,
    offset_min: i16,
}

/// The text is no moment.
#[derive(Debug, Clone, Copy, Error)]
#[error("a moment is written with its offset, such as `2027-01-14T09:30+01:00`")]
pub(crate) struct NotAMoment;

impl HeardAt {
    pub(crate) fn parse(text: &str) -> Result<Self, NotAMoment> {
        let pieces = Pieces::parse(text).map_err(|_| NotAMoment)?;
        let time = pieces.time().ok_or(NotAMoment)?;
        let offset = pieces.to_numeric_offset().ok_or(NotAMoment)?;
        let at = offset
            .to_timestamp(pieces.date().to_datetime(time))
            .map_err(|_| NotAMoment)?;
        Ok(Self {
            at: UnixMs(at.as_millisecond()),
            offset_min: i16::try_from(offset.seconds() / 60).map_err(|_| NotAMoment)?,
        })
    }
}

/// The text is no reason.
#[derive(Debug, Error)]
#[error("a complaint is closed for one of: {}", ClosedFor::ALL.map(ClosedFor::code).join(", "))]
pub(crate) struct NotAReason;

fn reason(text: &str) -> Result<ClosedFor, NotAReason> {
    ClosedFor::from_code(text).ok_or(NotAReason)
}

impl Tell {
    /// Each stage with exactly what it needs.
    fn stage(&self) -> Result<Stage, Untold> {
        let stage = match (self.stage, &self.to, self.reason, self.at) {
            (StageName::Received, None, None, None) => Stage::Received,
            (StageName::SentToService, Some(to), None, None) => Stage::SentToService(to.clone()),
            (StageName::UnderInvestigation, None, None, None) => Stage::UnderInvestigation,
            (StageName::SentToProsecutor, Some(to), None, None) => Stage::SentToProsecutor(to.clone()),
            (StageName::Closed, None, Some(reason), None) => Stage::Closed(reason),
            (StageName::Alternative, None, None, None) => Stage::Alternative,
            (StageName::Prosecuted, None, None, None) => Stage::Prosecuted,
            (StageName::JudicialInvestigation, None, None, None) => Stage::JudicialInvestigation,
            (StageName::Hearing, Some(to), None, Some(heard)) => Stage::Hearing(Hearing {
                at: heard.at,
                offset_min: heard.offset_min,
                court: to.clone(),
            }),
            (StageName::Completed, None, None, None) => Stage::Completed,
            (StageName::Withdrawn, None, None, None) => Stage::Withdrawn,
            (stage, ..) => {
                return Err(Untold::Incomplete {
                    needs: match stage {
                        StageName::SentToService | StageName::SentToProsecutor => "`--to` alone",
                        StageName::Closed => "`--reason` alone",
                        StageName::Hearing => "`--to` and `--at`",
                        StageName::Received
                        | StageName::UnderInvestigation
                        | StageName::Alternative
                        | StageName::Prosecuted
                        | StageName::JudicialInvestigation
                        | StageName::Completed
                        | StageName::Withdrawn => "none of `--to`, `--reason` and `--at`",
                    },
                });
            }
        };
        Ok(stage)
    }
}

impl Command {
    pub(crate) const fn effect(&self) -> Effect<'_> {
        match self {
            Self::Tell(_) => Effect::Writes,
            Self::Contact { .. } | Self::Show { .. } => Effect::Reads,
        }
    }

    pub(crate) fn run(&self, session: &Session<'_>) -> Result<Answer, Untold> {
        match self {
            Self::Tell(asked) => tell(session, asked),
            Self::Contact { act, hq } => contact(session.hq(hq)?, *act),
            Self::Show { act, hq, pki } => show(session.hq(hq)?, session.pki(pki)?, *act),
        }
    }
}

/// Why nothing is known or said of a complaint.
#[derive(Debug, Error)]
pub(crate) enum Untold {
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
    #[error("this stage needs {needs}")]
    Incomplete { needs: &'static str },
    #[error("no sheet of safe contact came with the act; the victim is reached as the complaint says")]
    NoContact,
    #[error(transparent)]
    Suivi(#[from] SuiviError),
}

impl Untold {
    pub(crate) fn exit(&self) -> Exit {
        match self {
            Self::Unready(unready) => unready.exit(),
            Self::Hq(unknown) => unknown.exit(),
            Self::Pki(error) => pki::exit(error),
            Self::Act(error) => error.exit(),
            Self::Incomplete { .. } => Exit::Usage,
            Self::NoContact | Self::Suivi(SuiviError::NotHeld { .. } | SuiviError::Nobody { .. }) => {
                Exit::NotFound
            }
            Self::Suivi(SuiviError::NotAComplaint { .. } | SuiviError::OutOfOrder { .. }) => Exit::Conflict,
            Self::Suivi(SuiviError::Refuted) => Exit::Refuted,
            Self::Suivi(SuiviError::Store(_)) | Self::Store(_) => Exit::Failed,
        }
    }
}

fn tell(session: &Session<'_>, asked: &Tell) -> Result<Answer, Untold> {
    let stage = asked.stage()?;
    let pki = Pki::open(session.pki(&asked.pki)?)?;
    let mut store = fleet::open(session.hq(&asked.hq)?)?;
    let transaction = store.begin()?;
    let envelope = act::envelope_of(&transaction, asked.act)?;
    drop(transaction);
    let told = suivi::tell(&mut store, &pki, envelope, stage, asked.officer, session.now)?;
    let transaction = store.begin()?;
    let device = transaction.sender(envelope)?;
    let online = match &device {
        Some(device) => transaction.is_online(device)?,
        None => false,
    };
    let safe_contact = match &device {
        Some(device) => transaction.contact_of(told.act, device)?.is_some(),
        None => false,
    };
    let mut rows = vec![
        ("act", told.act.to_string().into()),
        ("sequence", told.sequence.into()),
    ];
    rows.extend(said(&told.stage));
    rows.extend([
        ("at", moment(told.at)),
        ("device", device.map(|device| device.to_string()).into()),
        ("online", online.into()),
        ("safe_contact", safe_contact.into()),
    ]);
    Ok(Answer::one("step", Rows(rows)))
}

fn contact(dir: &Path, wanted: Wanted) -> Result<Answer, Untold> {
    let mut store = fleet::open(dir)?;
    let transaction = store.begin()?;
    let complaint = act::record_of(&transaction, wanted)?;
    let device = &complaint.context.device;
    let envelope = transaction
        .contact_of(complaint.id, device)?
        .ok_or(Untold::NoContact)?;
    let record = act::record_of(&transaction, Wanted::Envelope(envelope))?;
    let Act::SafeContact(sheet) = &record.act else {
        return Err(Untold::NoContact);
    };
    Ok(Answer::one(
        "contact",
        Rows(vec![
            ("act", complaint.id.to_string().into()),
            ("channel", sheet.channel().label().into()),
            ("at", sheet.at().into()),
            ("hours", sheet.hours().into()),
            ("never", sheet.never().collect::<Vec<_>>().into()),
            ("refuge", sheet.refuge().into()),
            ("officer", record.context.author.matricule.to_string().into()),
            ("device", device.to_string().into()),
            ("signed_at", moment(record.signed_at.utc)),
        ]),
    ))
}

fn show(dir: &Path, keys: &Path, wanted: Wanted) -> Result<Answer, Untold> {
    let pki = Pki::open(keys)?;
    let mut store = fleet::open(dir)?;
    let transaction = store.begin()?;
    let record = act::record_of(&transaction, wanted)?;
    let mut refuted = false;
    let mut steps = Vec::new();
    for row in transaction.suivi_of(record.id)? {
        let proven = suivi::verify(&row.cose, pki.command().certificate())
            .filter(|suivi| suivi.act == row.act && suivi.sequence == row.sequence);
        refuted |= proven.is_none();
        let has = transaction.said_suivi(&row.device)?;
        let mut rows = vec![("sequence", row.sequence.into())];
        match &proven {
            Some(suivi) => rows.extend(said(&suivi.stage)),
            None => rows.push(("stage", row.stage.into())),
        }
        rows.extend([
            ("at", moment(row.at)),
            ("officer", row.said_by.to_string().into()),
            (
                "signature",
                if proven.is_some() { "proven" } else { "refuted" }.into(),
            ),
            ("device", row.device.to_string().into()),
            ("taken", has.is_some_and(|line| line >= row.line).into()),
        ]);
        steps.push(Rows(rows));
    }
    let answer = Answer::many("step", "steps", steps);
    Ok(if refuted {
        answer.ending(Exit::Refuted)
    } else {
        answer
    })
}

/// A stage with what goes with it.
fn said(stage: &Stage) -> Vec<(&'static str, serde_json::Value)> {
    let mut rows = vec![("stage", stage.code().into())];
    match stage {
        Stage::SentToService(to) | Stage::SentToProsecutor(to) => rows.push(("to", to.as_str().into())),
        Stage::Closed(reason) => {
            let articles = stage.remedies().iter().map(|remedy| remedy.article());
            rows.push(("reason", reason.code().into()));
            rows.push(("remedies", articles.collect::<Vec<_>>().into()));
        }
        Stage::Hearing(hearing) => {
            rows.push(("to", hearing.court.as_str().into()));
            rows.push(("hearing_at", moment(hearing.at)));
        }
        Stage::Received
        | Stage::UnderInvestigation
        | Stage::Alternative
        | Stage::Prosecuted
        | Stage::JudicialInvestigation
        | Stage::Completed
        | Stage::Withdrawn => {}
    }
    rows
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_hearing_keeps_the_clocks_of_its_court() {
        let heard = HeardAt::parse("2027-01-14T09:30+01:00").ok();
        let expected = HeardAt {
            at: UnixMs(1_799_915_400_000),
            offset_min: 60,
        };
        assert_eq!(heard, Some(expected));
        for text in ["2027-01-14", "2027-01-14T09:30", "demain"] {
            assert!(HeardAt::parse(text).is_err(), "{text}");
        }
    }
}
