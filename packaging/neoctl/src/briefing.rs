//! `briefing`: what crews are told before they go out, and who has read it.

use clap::{Args, Subcommand};
use domain::DeviceId;
use domain::intervention::{About, Account, LONGEST_TERM, Matter, Standing};
use hq::Pki;
use hq::dispatch::{self, Whom};

use crate::answer::{Answer, Rows};
use crate::ca::moment;
use crate::fleet;
use crate::intervention::{Unproposed, propose};
use crate::session::{Effect, HqFolder, PkiFolder, Session};

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Sends an item of the briefing, signed, until its term.
    ///
    /// It is on the screen of the prise de service; each officer says that they have read it.
    Send(Send),
    /// Lists the items with each terminal that they went to, and who has read them, the newest first.
    List {
        /// How far back.
        #[arg(long, value_name = "HOURS", default_value_t = 24, value_parser = clap::value_parser!(u16).range(1..=720))]
        hours: u16,
        #[command(flatten)]
        hq: HqFolder,
        #[command(flatten)]
        pki: PkiFolder,
    },
}

#[derive(Debug, Args)]
#[group(id = "crews", required = true, multiple = false, args = ["unit", "terminal"])]
pub(crate) struct Send {
    /// Whoever works with a terminal of this unit.
    #[arg(long)]
    unit: Option<String>,
    /// Whoever works with this terminal.
    #[arg(long, value_parser = DeviceId::parse)]
    terminal: Option<DeviceId>,
    /// What it is about, on one line.
    #[arg(long, value_parser = Matter::parse)]
    title: Matter,
    /// What crews are told, in as many lines as it takes.
    #[arg(long, value_parser = Account::parse)]
    text: Account,
    /// Minutes for which it is shown.
    #[arg(long, default_value_t = LONGEST_TERM / 60_000)]
    minutes: i64,
    #[command(flatten)]
    hq: HqFolder,
    #[command(flatten)]
    pki: PkiFolder,
}

impl Command {
    pub(crate) const fn effect(&self) -> Effect<'_> {
        match self {
            Self::Send(_) => Effect::Writes,
            Self::List { .. } => Effect::Reads,
        }
    }

    pub(crate) fn run(&self, session: &Session<'_>) -> Result<Answer, Unproposed> {
        match self {
            Self::Send(asked) => send(session, asked),
            Self::List { hours, hq, pki } => list(session, *hours, hq, pki),
        }
    }
}

fn send(session: &Session<'_>, asked: &Send) -> Result<Answer, Unproposed> {
    let whom = match (&asked.unit, &asked.terminal) {
        (Some(unit), _) => Whom::Unit(unit.clone()),
        (None, Some(terminal)) => Whom::Terminal(terminal.clone()),
        // The command line asks for one of them.
        (None, None) => return Err(Unproposed::NotFound),
    };
    let about = About::Briefing {
        title: asked.title.clone(),
        text: asked.text.clone(),
    };
    propose(session, &asked.hq, &asked.pki, &whom, about, asked.minutes)
}

fn list(session: &Session<'_>, hours: u16, hq: &HqFolder, pki: &PkiFolder) -> Result<Answer, Unproposed> {
    let since = session.now.plus(-i64::from(hours) * 3_600_000);
    let keys = Pki::open(session.pki(pki)?)?;
    let mut store = fleet::open(session.hq(hq)?)?;
    let transaction = store.begin()?;
    let told = transaction.progress(since)?;
    let mut rows = Vec::new();
    for row in transaction.dispatches(since)? {
        let signed = row.cose.as_ref();
        let about = signed
            .and_then(|cose| dispatch::verify(cose, keys.command().certificate()))
            .map(|dispatch| dispatch.about);
        let Some(About::Briefing { title, .. }) = about else {
            continue;
        };
        let read = told.iter().find_map(|told| match &told.progress.standing {
            Standing::Read { id, at } if *id == row.id && told.device == row.device => {
                Some((told.progress.author.matricule.to_string(), at.utc))
            }
            Standing::Read { .. } | Standing::Declined { .. } | Standing::Taken(_) => None,
        });
        let received = transaction
            .said_dispatch(&row.device)?
            .is_some_and(|line| line >= row.line);
        let (officer, at) = read.unzip();
        rows.push(Rows(vec![
            ("briefing", row.id.to_string().into()),
            ("title", title.as_str().into()),
            ("device", row.device.to_string().into()),
            ("sent_at", moment(row.at)),
            ("until", moment(row.until)),
            ("received", received.into()),
            ("read_by", officer.into()),
            ("read_at", at.map_or(serde_json::Value::Null, moment)),
        ]));
    }
    rows.reverse();
    Ok(Answer::many("briefing", "items", rows))
}
