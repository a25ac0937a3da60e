//! `intervention`: what the operations centre proposes to crews, and how far they say they are with it.

use std::path::Path;

use clap::{Args, Subcommand};
use domain::intervention::{About, CALL_TERM, CrewStand, Matter, OperationsNumber, Standing};
use domain::place::Place;
use domain::{DeviceId, InterventionId, OfficerId, UnixMs};
use hq::Pki;
use hq::dispatch::{self, DispatchError, Whom};
use hq::pki::PkiError;
use hq::store::{DispatchRow, ProgressRow, SharedRow, StoreError, Transaction};
use serde_json::Value;
use thiserror::Error;

use crate::answer::{Answer, Rows};
use crate::ca::moment;
use crate::fleet::{self, Unknown};
use crate::session::{Effect, HqFolder, PkiFolder, Session, Unready};
use crate::{Exit, pki};

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Proposes an intervention to a crew, signed, until its term.
    ///
    /// A terminal that is away is told when it returns, unless the term is over. The crew takes it or is not available.
    Push(Push),
    /// Lists what was proposed and what crews told, the newest first.
    List {
        /// How far back.
        #[arg(long, value_name = "HOURS", default_value_t = 24, value_parser = clap::value_parser!(u16).range(1..=720))]
        hours: u16,
        #[command(flatten)]
        hq: HqFolder,
        #[command(flatten)]
        pki: PkiFolder,
    },
    /// Shows one intervention on each terminal that has to do with it.
    Show {
        /// The number of the operations centre, or the id that `intervention list` shows.
        intervention: Called,
        #[command(flatten)]
        hq: HqFolder,
        #[command(flatten)]
        pki: PkiFolder,
    },
}

#[derive(Debug, Args)]
#[group(id = "whom", required = true, multiple = false, args = ["terminal", "officer"])]
pub(crate) struct Push {
    /// Whoever works with this terminal.
    #[arg(long, value_parser = DeviceId::parse)]
    terminal: Option<DeviceId>,
    /// This officer, on each of their terminals.
    #[arg(long)]
    officer: Option<OfficerId>,
    /// The number that the operations centre gave.
    #[arg(long, value_parser = OperationsNumber::parse)]
    number: OperationsNumber,
    /// Street and number, or road and point.
    #[arg(long, value_parser = Place::parse)]
    place: Place,
    /// What it is about, on one line.
    #[arg(long, value_parser = Matter::parse)]
    what: Matter,
    /// Whoever goes there is in danger.
    #[arg(long)]
    danger: bool,
    /// Minutes for which it is proposed.
    #[arg(long, default_value_t = CALL_TERM / 60_000)]
    minutes: i64,
    #[command(flatten)]
    hq: HqFolder,
    #[command(flatten)]
    pki: PkiFolder,
}

/// How an intervention is named on the command line.
#[derive(Debug, Clone)]
pub(crate) enum Called {
    Id(InterventionId),
    Number(OperationsNumber),
}

impl std::str::FromStr for Called {
    type Err = domain::intervention::NotAnOperationsNumber;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        match text.parse() {
            Ok(id) => Ok(Self::Id(id)),
            Err(_) => OperationsNumber::parse(text).map(Self::Number),
        }
    }
}

impl Command {
    pub(crate) const fn effect(&self) -> Effect<'_> {
        match self {
            Self::Push(_) => Effect::Writes,
            Self::List { .. } | Self::Show { .. } => Effect::Reads,
        }
    }

    pub(crate) fn run(&self, session: &Session<'_>) -> Result<Answer, Unproposed> {
        match self {
            Self::Push(asked) => push(session, asked),
            Self::List { hours, hq, pki } => {
                let since = session.now.plus(-i64::from(*hours) * 3_600_000);
                let lines = lines(session.hq(hq)?, session.pki(pki)?, since, session.now)?;
                let rows = lines.into_iter().map(Line::rows).collect();
                Ok(Answer::many("intervention", "interventions", rows))
            }
            Self::Show {
                intervention,
                hq,
                pki,
            } => {
                let mut lines = lines(session.hq(hq)?, session.pki(pki)?, UnixMs(0), session.now)?;
                lines.retain(|line| line.is(intervention));
                if lines.is_empty() {
                    return Err(Unproposed::NotFound);
                }
                let rows = lines.into_iter().map(Line::rows).collect();
                Ok(Answer::many("intervention", "interventions", rows))
            }
        }
    }
}

/// Why nothing was proposed, or nothing is known of an intervention.
#[derive(Debug, Error)]
pub(crate) enum Unproposed {
    #[error(transparent)]
    Unready(#[from] Unready),
    #[error(transparent)]
    Hq(#[from] Unknown),
    #[error("cannot use the HQ store")]
    Store(#[from] StoreError),
    #[error("cannot open headquarters' keys")]
    Pki(#[from] PkiError),
    #[error(
        "headquarters knows of no such intervention; `neoctl intervention list` names those of the last hours"
    )]
    NotFound,
    #[error(transparent)]
    Dispatch(#[from] DispatchError),
}

impl Unproposed {
    pub(crate) fn exit(&self) -> Exit {
        match self {
            Self::Unready(unready) => unready.exit(),
            Self::Hq(unknown) => unknown.exit(),
            Self::Pki(error) => pki::exit(error),
            Self::NotFound
            | Self::Dispatch(
                DispatchError::NoTerminal { .. }
                | DispatchError::Nobody { .. }
                | DispatchError::NoUnit { .. },
            ) => Exit::NotFound,
            Self::Dispatch(DispatchError::Term { .. }) => Exit::Usage,
            Self::Dispatch(DispatchError::Store(_)) | Self::Store(_) => Exit::Failed,
        }
    }
}

fn push(session: &Session<'_>, asked: &Push) -> Result<Answer, Unproposed> {
    let whom = match (&asked.terminal, asked.officer) {
        (Some(terminal), _) => Whom::Terminal(terminal.clone()),
        (None, Some(officer)) => Whom::Officer(officer),
        // The command line asks for one of them.
        (None, None) => return Err(Unproposed::NotFound),
    };
    let about = About::Call {
        number: asked.number.clone(),
        place: asked.place.clone(),
        what: asked.what.clone(),
        danger: asked.danger,
    };
    propose(session, &asked.hq, &asked.pki, &whom, about, asked.minutes)
}

/// Signs a proposal and says whom it is for.
pub(crate) fn propose(
    session: &Session<'_>,
    hq: &HqFolder,
    pki: &PkiFolder,
    whom: &Whom,
    about: About,
    minutes: i64,
) -> Result<Answer, Unproposed> {
    let pki = Pki::open(session.pki(pki)?)?;
    let mut store = fleet::open(session.hq(hq)?)?;
    let called = if about.is_briefing() {
        "briefing"
    } else {
        "intervention"
    };
    let (dispatch, devices) = dispatch::propose(&mut store, &pki, whom, about, minutes, session.now)?;
    let transaction = store.begin()?;
    let mut online = Vec::new();
    for device in &devices {
        if transaction.is_online(device)? {
            online.push(device.to_string());
        }
    }
    let devices: Vec<String> = devices.iter().map(ToString::to_string).collect();
    Ok(Answer::one(
        "proposed",
        Rows(vec![
            (called, dispatch.id.to_string().into()),
            ("at", moment(dispatch.at)),
            ("until", moment(dispatch.until)),
            ("devices", devices.into()),
            ("online", online.into()),
        ]),
    ))
}

/// One intervention on one terminal: what was proposed, what its crew told, or both.
struct Line {
    id: InterventionId,
    device: DeviceId,
    proposed: Option<(DispatchRow, Option<About>)>,
    /// The terminal said that it has the proposal.
    received: bool,
    told: Option<ProgressRow>,
    /// The copy of its crew.
    shared: Option<SharedRow>,
    over: bool,
}

fn lines(dir: &Path, keys: &Path, since: UnixMs, now: UnixMs) -> Result<Vec<Line>, Unproposed> {
    let pki = Pki::open(keys)?;
    let mut store = fleet::open(dir)?;
    let transaction = store.begin()?;
    let mut told = transaction.progress(since)?;
    let mut lines = Vec::new();
    for row in transaction.dispatches(since)? {
        let about = row
            .cose
            .as_ref()
            .and_then(|cose| dispatch::verify(cose, pki.command().certificate()))
            .map(|dispatch| dispatch.about);
        if about.as_ref().is_some_and(About::is_briefing) {
            continue;
        }
        let place = told
            .iter()
            .position(|told| told.device == row.device && told.progress.standing.intervention() == row.id);
        lines.push(Line {
            id: row.id,
            device: row.device.clone(),
            received: has(&transaction, &row)?,
            told: place.map(|place| told.swap_remove(place)),
            shared: None,
            over: row.until <= now,
            proposed: Some((row, about)),
        });
    }
    told.retain(|told| !matches!(told.progress.standing, Standing::Read { .. }));
    lines.extend(told.into_iter().map(|told| Line {
        id: told.progress.standing.intervention(),
        device: told.device.clone(),
        proposed: None,
        received: true,
        told: Some(told),
        shared: None,
        over: false,
    }));
    let shared = transaction.shared_sheets()?;
    for line in &mut lines {
        let of = |row: &&SharedRow| row.device == line.device && row.intervention == line.id;
        line.shared = shared.iter().find(of).cloned();
    }
    lines.sort_by_key(|line| std::cmp::Reverse(line.at()));
    Ok(lines)
}

fn has(transaction: &Transaction<'_>, row: &DispatchRow) -> Result<bool, StoreError> {
    let said = transaction.said_dispatch(&row.device)?;
    Ok(said.is_some_and(|line| line >= row.line))
}

impl Line {
    fn at(&self) -> UnixMs {
        let told = self.told.as_ref().map(|told| told.at);
        let proposed = self.proposed.as_ref().map(|(row, _)| row.at);
        proposed.or(told).unwrap_or_default()
    }

    fn number(&self) -> Option<&OperationsNumber> {
        let told = self.told.as_ref().map(|told| &told.progress.standing);
        match (told, &self.proposed) {
            (Some(Standing::Taken(taken)), _) => taken.number.as_ref(),
            (_, Some((_, Some(About::Call { number, .. })))) => Some(number),
            (_, Some((_, Some(About::Hit { .. } | About::Briefing { .. }) | None)) | None) => None,
        }
    }

    fn is(&self, called: &Called) -> bool {
        match called {
            Called::Id(id) => self.id == *id,
            Called::Number(number) => self.number() == Some(number),
        }
    }

    /// What nobody answered waits, or is over.
    fn standing(&self) -> &'static str {
        match &self.told {
            Some(told) => told.progress.standing.code(),
            None if self.over => "expired",
            None => "waiting",
        }
    }

    fn rows(self) -> Rows {
        let number = self.number().map(|number| number.as_str().to_owned());
        let mut rows = vec![
            ("intervention", self.id.to_string().into()),
            ("device", self.device.to_string().into()),
            ("standing", self.standing().into()),
            ("number", number.into()),
        ];
        if let Some((row, about)) = &self.proposed {
            rows.push(("to_verify", row.hit.into()));
            if let Some(about) = about {
                let place = about.place().map(|place| place.address.as_str().to_owned());
                rows.push(("place", place.into()));
                rows.push(("what", about.matter().as_str().into()));
                if let About::Call { danger, .. } = about {
                    rows.push(("danger", (*danger).into()));
                }
            }
            rows.extend([
                ("proposed_at", moment(row.at)),
                ("until", moment(row.until)),
                ("received", self.received.into()),
            ]);
        }
        if let Some(told) = &self.told {
            let crew: Vec<String> = told.progress.crew.iter().map(ToString::to_string).collect();
            rows.extend([
                ("officer", told.progress.author.matricule.to_string().into()),
                ("crew", crew.into()),
                ("told_at", moment(told.at)),
            ]);
            rows.extend(said(&told.progress.standing, self.proposed.is_none()));
            if let Some(stand) = &told.progress.stand {
                rows.extend(shared(stand));
            }
        }
        if let Some(shared) = &self.shared {
            rows.push(("shared_until", moment(shared.until)));
            rows.push(("shared_held", shared.is_held.into()));
        }
        Rows(rows)
    }
}

/// How many changes of each copy the terminal has, by which two terminals have the same or not, and what is left to choose.
fn shared(stand: &CrewStand) -> Vec<(&'static str, Value)> {
    let copy = |copy: &domain::intervention::Copy| {
        serde_json::json!({
            "copy": copy.id.to_string(),
            "officer": copy.by.to_string(),
            "changes": copy.count,
        })
    };
    let copies: Vec<Value> = stand.copies.iter().map(copy).collect();
    let differing: Vec<&str> = stand.differing.iter().map(|point| point.code()).collect();
    vec![("versions", copies.into()), ("differing", differing.into())]
}

/// The steps with their times as the terminal stamped them, and those that its clock was set between.
fn said(standing: &Standing, alone: bool) -> Vec<(&'static str, Value)> {
    let taken = match standing {
        Standing::Declined { at, .. } => return vec![("declined_at", moment(at.utc))],
        Standing::Read { at, .. } => return vec![("read_at", moment(at.utc))],
        Standing::Taken(taken) => taken,
    };
    let mut rows = Vec::new();
    if alone {
        rows.push(("place", taken.place.address.as_str().into()));
        rows.push((
            "what",
            taken
                .matter
                .as_ref()
                .map(|matter| matter.as_str().to_owned())
                .into(),
        ));
    }
    let at = |at: Option<domain::Timestamp>| at.map_or(Value::Null, |at| moment(at.utc));
    let doubts: Vec<&str> = taken.doubts().iter().map(|doubt| doubt.step.code()).collect();
    rows.extend([
        ("origin", taken.origin.code().into()),
        ("opened", moment(taken.opened.utc)),
        ("en_route", at(taken.en_route)),
        ("on_scene", at(taken.on_scene)),
        ("closed", at(taken.closed)),
        ("outcome", taken.outcome.map(|outcome| outcome.code()).into()),
        ("clock_set_before", doubts.into()),
    ]);
    rows
}
