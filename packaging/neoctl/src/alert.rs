//! `alert`: what officers ask the operations centre for at once, and the person who takes it.

use std::path::Path;

use clap::Subcommand;
use domain::alert::{NotATaker, Taken, Taker};
use domain::place::Position;
use domain::record::Act;
use domain::{ActId, UnixMs};
use hq::store::{Alerted, StoreError, Transaction};
use serde_json::{Value, json};
use thiserror::Error;

use crate::Exit;
use crate::act::{self, Wanted};
use crate::answer::{Answer, Rows};
use crate::ca::moment;
use crate::fleet::{self, Unknown};
use crate::session::{Effect, HqFolder, Session, Unready};

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Lists urgent alerts, those that nobody has taken first.
    List {
        /// Only those that nobody has.
        #[arg(long)]
        open: bool,
        #[command(flatten)]
        hq: HqFolder,
    },
    /// Takes an alert: the officer's terminal then shows who has it.
    ///
    /// Take it once somebody acts on it: until then the terminal tells the officer to use radio or telephone.
    Take {
        /// As `alert list` shows it.
        alert: ActId,
        /// The name and post of whoever has it, which the officer reads: `adjudant Morel, CORG 29`.
        #[arg(long = "by", value_name = "NAME", value_parser = Taker::parse)]
        by: Taker,
        #[command(flatten)]
        hq: HqFolder,
    },
}

impl Command {
    pub(crate) const fn effect(&self) -> Effect<'_> {
        match self {
            Self::List { .. } => Effect::Reads,
            Self::Take { .. } => Effect::Writes,
        }
    }

    pub(crate) fn run(&self, session: &Session<'_>) -> Result<Answer, Untaken> {
        match self {
            Self::List { open, hq } => list(session.hq(hq)?, *open),
            Self::Take { alert, by, hq } => take(session.hq(hq)?, *alert, by, session.now),
        }
    }
}

/// Why nothing is known of an alert, or nobody has it.
#[derive(Debug, Error)]
pub(crate) enum Untaken {
    #[error(transparent)]
    Unready(#[from] Unready),
    #[error(transparent)]
    Hq(#[from] Unknown),
    #[error("cannot use the HQ store")]
    Store(#[from] StoreError),
    #[error("cannot read the record of the alert")]
    Record(#[from] act::Unexported),
    #[error(transparent)]
    Taker(#[from] NotATaker),
    #[error("headquarters holds no alert `{alert}`; `neoctl alert list` names those that it holds")]
    NotFound { alert: ActId },
    #[error("`{by}` has this alert already; speak to them")]
    Taken { by: String },
}

impl Untaken {
    pub(crate) fn exit(&self) -> Exit {
        match self {
            Self::Unready(unready) => unready.exit(),
            Self::Hq(unknown) => unknown.exit(),
            Self::Record(error) => error.exit(),
            Self::Taker(_) => Exit::Usage,
            Self::NotFound { .. } => Exit::NotFound,
            Self::Taken { .. } => Exit::Conflict,
            Self::Store(_) => Exit::Failed,
        }
    }
}

fn list(dir: &Path, open: bool) -> Result<Answer, Untaken> {
    let mut store = fleet::open(dir)?;
    let transaction = store.begin()?;
    let mut lines = Vec::new();
    for alerted in transaction.alerts()? {
        if !open || alerted.taken.is_none() {
            lines.push(line(&transaction, &alerted)?);
        }
    }
    Ok(Answer::many("alert", "alerts", lines))
}

fn line(transaction: &Transaction<'_>, alerted: &Alerted) -> Result<Rows, Untaken> {
    let record = act::record_of(transaction, Wanted::Envelope(alerted.envelope))?;
    let Act::Alert(alert) = &record.act else {
        return Err(Untaken::NotFound { alert: alerted.alert });
    };
    let author = &record.context.author;
    let grounds: Vec<&str> = alert.grounds().iter().map(|ground| ground.code()).collect();
    let taken = alerted.taken.as_ref();
    Ok(Rows(vec![
        ("alert", alerted.alert.to_string().into()),
        ("taken_by", taken.map(|taken| taken.by.as_str()).into()),
        ("taken_at", taken.map_or(Value::Null, |taken| moment(taken.at))),
        ("grounds", grounds.into()),
        ("place", alert.place().into()),
        ("position", alert.position.map_or(Value::Null, position)),
        ("words", alert.words().into()),
        ("officer", author.matricule.to_string().into()),
        ("service", record.context.service.to_string().into()),
        ("device", alerted.device.to_string().into()),
        ("raised_at", moment(record.signed_at.utc)),
        ("received_at", moment(alerted.received_at)),
        ("formation", record.context.formation.into()),
    ]))
}

/// WGS 84 degrees and metres.
fn position(position: Position) -> Value {
    let degrees = |e6: i32| f64::from(e6) / 1e6;
    json!({
        "latitude": degrees(position.latitude_e6),
        "longitude": degrees(position.longitude_e6),
        "accuracy_m": position.accuracy_m,
    })
}

fn take(dir: &Path, alert: ActId, by: &Taker, now: UnixMs) -> Result<Answer, Untaken> {
    let mut store = fleet::open(dir)?;
    let transaction = store.begin()?;
    let taken = Taken {
        by: by.clone(),
        at: now,
    };
    if !transaction.take_alert(alert, &taken)? {
        let known = transaction.alert(alert)?.ok_or(Untaken::NotFound { alert })?;
        let by = known.taken.map(|taken| taken.by.as_str().to_owned());
        return Err(Untaken::Taken {
            by: by.unwrap_or_default(),
        });
    }
    transaction.commit()?;
    Ok(Answer::one(
        "taken",
        Rows(vec![
            ("alert", alert.to_string().into()),
            ("taken_by", by.as_str().into()),
            ("taken_at", moment(now)),
        ]),
    ))
}
