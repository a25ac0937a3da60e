//! `rollout`: a published profile to a few terminals of its channel, then to more, as long as they follow it.

use clap::{Args, Subcommand};
use hq::rollout::{self as decisions, Rings, Rollout, RolloutError, State, Thresholds};
use hq::store::StoreError;
use serde_json::{Value, json};
use thiserror::Error;

use crate::Exit;
use crate::answer::{Answer, Rows};
use crate::ca::moment;
use crate::fleet::{self, Unknown};
use crate::session::{Effect, HqFolder, Session, Unready};

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Plans the rollout of a published profile; nobody gets anything yet.
    Create {
        #[command(flatten)]
        which: Which,
        /// Percents of the channel, one ring after the other.
        #[arg(long, default_value = "1,10,50,100")]
        rings: Rings,
        /// Percent of a ring's terminals that have to follow before the next ring begins.
        #[arg(long, default_value_t = 90, value_parser = clap::value_parser!(u8).range(0..=100))]
        success: u8,
        /// Percent of a ring's terminals that may refuse; one more, and the rollout stops itself.
        #[arg(long, default_value_t = 5, value_parser = clap::value_parser!(u8).range(0..=100))]
        errors: u8,
    },
    /// Gives the profile to the first ring. Gateways go on to the next ones by themselves.
    Start(Which),
    /// Gives it to nobody else for now.
    Pause(Which),
    /// Goes on after a pause or a stop.
    Resume(Which),
    /// Goes on to the next ring without waiting for its terminals: those in a drawer never answer.
    Advance(Which),
    /// Ends the rollout for good. Who follows the profile goes on doing so until `config rollback`.
    Abort(Which),
    /// Shows how far a rollout is, who refuses and why, and all that was done with it; ends with 7 until it is done.
    Status(Which),
    /// Lists the rollouts, the newest first.
    List {
        #[command(flatten)]
        hq: HqFolder,
    },
}

#[derive(Debug, Args)]
pub(crate) struct Which {
    /// The version of the profile, as `config push` said it.
    version: u64,
    #[command(flatten)]
    hq: HqFolder,
}

/// Why a rollout did not do what was asked.
#[derive(Debug, Error)]
pub(crate) enum Unrolled {
    #[error(transparent)]
    Unready(#[from] Unready),
    #[error(transparent)]
    Hq(#[from] Unknown),
    #[error("cannot read the HQ store")]
    Store(#[from] StoreError),
    #[error(transparent)]
    Rollout(#[from] RolloutError),
}

impl Unrolled {
    pub(crate) fn exit(&self) -> Exit {
        match self {
            Self::Unready(unready) => unready.exit(),
            Self::Hq(unknown) => unknown.exit(),
            Self::Rollout(error) => exit(error),
            Self::Store(_) => Exit::Failed,
        }
    }
}

pub(crate) const fn exit(error: &RolloutError) -> Exit {
    match error {
        RolloutError::NoProfile { .. } | RolloutError::NoRollout { .. } => Exit::NotFound,
        RolloutError::Exists { .. }
        | RolloutError::Busy { .. }
        | RolloutError::Outdated { .. }
        | RolloutError::State { .. } => Exit::Conflict,
        RolloutError::Store(_) => Exit::Failed,
    }
}

impl Command {
    pub(crate) const fn effect(&self) -> Effect<'_> {
        match self {
            Self::Status(_) | Self::List { .. } => Effect::Reads,
            Self::Create { .. }
            | Self::Start(_)
            | Self::Pause(_)
            | Self::Resume(_)
            | Self::Advance(_)
            | Self::Abort(_) => Effect::Writes,
        }
    }

    pub(crate) fn run(&self, session: &Session<'_>) -> Result<Answer, Unrolled> {
        let now = session.now;
        let (which, done) = match self {
            Self::Create {
                which,
                rings,
                success,
                errors,
            } => {
                let thresholds = Thresholds {
                    success: *success,
                    errors: *errors,
                };
                let mut store = fleet::open(session.hq(&which.hq)?)?;
                let made = decisions::create(&mut store, which.version, rings.clone(), thresholds, now)?;
                return Ok(Answer::one("rollout", line(&made)));
            }
            Self::List { hq } => {
                let mut store = fleet::open(session.hq(hq)?)?;
                let rollouts = store.begin()?.rollouts(None)?;
                let list = rollouts.iter().map(line).collect();
                return Ok(Answer::many("rollout", "rollouts", list));
            }
            Self::Status(which) => return status(which, session),
            Self::Start(which) => (which, decisions::start as Decision),
            Self::Pause(which) => (which, decisions::pause as Decision),
            Self::Resume(which) => (which, decisions::resume as Decision),
            Self::Advance(which) => (which, decisions::advance as Decision),
            Self::Abort(which) => (which, decisions::abort as Decision),
        };
        let mut store = fleet::open(session.hq(&which.hq)?)?;
        let rollout = done(&mut store, which.version, now)?;
        Ok(Answer::one("rollout", line(&rollout)))
    }
}

type Decision = fn(&mut hq::Store, u64, domain::UnixMs) -> Result<Rollout, RolloutError>;

pub(crate) fn line(rollout: &Rollout) -> Rows {
    Rows(vec![
        ("version", rollout.serial.into()),
        ("channel", rollout.channel.code().into()),
        ("state", rollout.state.code().into()),
        ("rings", rollout.rings.to_string().into()),
        ("percent", rollout.percent().into()),
        ("members", rollout.members.into()),
        ("took", rollout.took.into()),
        ("refused", rollout.refused.into()),
    ])
}

fn status(which: &Which, session: &Session<'_>) -> Result<Answer, Unrolled> {
    let mut store = fleet::open(session.hq(&which.hq)?)?;
    let transaction = store.begin()?;
    let serial = which.version;
    let rollout = transaction
        .rollout(serial)?
        .ok_or(RolloutError::NoRollout { serial })?;
    let refusals: Vec<Value> = transaction
        .refusals(serial)?
        .into_iter()
        .map(|said| json!({ "device": said.device.as_str(), "reason": said.reason, "at": moment(said.at) }))
        .collect();
    let events: Vec<Value> = transaction
        .rollout_events(serial)?
        .into_iter()
        .map(|event| json!({ "at": moment(event.at), "what": event.what, "detail": event.detail }))
        .collect();
    let following = transaction.count_following(serial)?;
    let answer = Answer::one("rollout", line(&rollout))
        .with("following", following.into())
        .with("refusals", refusals.into())
        .with("events", events.into());
    Ok(if rollout.state == State::Done {
        answer
    } else {
        answer.ending(Exit::Partial)
    })
}
