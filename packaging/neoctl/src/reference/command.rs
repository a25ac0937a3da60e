//! The commands under `neoctl reference`.

use std::path::{Path, PathBuf};

use clap::{Args, Subcommand};
use domain::draft::Field;
use domain::identity::CivilDate;

use super::Unpublished;
use crate::answer::Answer;
use crate::session::{Effect, HqFolder, PkiFolder, Session};

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Reads the ministry's list of offences over the newest set, signs the result and publishes it.
    ///
    /// The list is the official CSV (five columns, `;`) in UTF-8, Windows-1252 or ISO-8859-1. What it has and nobody has
    /// held against R.48-1 CPP is for a general PV. A list with a fault publishes nothing.
    Import {
        /// `-` is standard input.
        csv: PathBuf,
        #[command(flatten)]
        issue: Issue,
    },
    /// Formulas, and the drafts that a unit prepares for its officers.
    #[command(subcommand)]
    Texts(TextsCommand),
    /// Publishes a set that was signed elsewhere.
    Publish {
        /// What `reference import --out` or `reference texts set --out` wrote.
        file: PathBuf,
        #[command(flatten)]
        hq: HqFolder,
        #[command(flatten)]
        pki: PkiFolder,
    },
    /// Reads the legal bases of checks from a file, signs them and publishes them to terminals.
    ///
    /// The file is text with tabs, as docs/formats/bases.md says: an edition, its day, and a row for each text. Acts keep
    /// the edition that they were drawn up under. A file with a fault, or an edition whose name is taken or whose day is
    /// before the one that terminals have, publishes nothing.
    Bases {
        /// `-` is standard input.
        file: PathBuf,
        #[command(flatten)]
        hq: HqFolder,
        #[command(flatten)]
        pki: PkiFolder,
    },
    /// Sends terminals what they look for without network: stolen vehicles and lost documents, and persons where a
    /// profile names the legal text that allows it.
    ///
    /// Each list is given whole each time. Terminals get what changed, or everything under a new key when the last whole
    /// list is a week old. A line with a fault publishes nothing.
    Hotlist {
        #[command(flatten)]
        sources: Sources,
        #[command(flatten)]
        hq: HqFolder,
        #[command(flatten)]
        pki: PkiFolder,
    },
    /// Lists the published sets, the oldest first.
    List {
        #[command(flatten)]
        hq: HqFolder,
    },
    /// Shows one published set, the newest when no version is given.
    Show {
        version: Option<String>,
        #[command(flatten)]
        hq: HqFolder,
    },
}

/// The files of what is sought.
#[derive(Debug, Args)]
pub(crate) struct Sources {
    /// Plates, one a line.
    #[arg(long, value_name = "FILE")]
    pub(super) vehicles: PathBuf,
    /// Numbers of documents, one a line.
    #[arg(long, value_name = "FILE")]
    pub(super) documents: PathBuf,
    /// Persons, one a line under `nom;prenoms;naissance;mesure`, the birth as 03/05/1988; refused unless a profile that is
    /// out allows a list of persons today.
    ///
    /// The measure is mandat, ecrou, evasion, recherche-judiciaire, obligations, mineur-en-fugue, disparition, interdiction
    /// or eloignement. A line of surveillance or controle-discret refuses the whole file.
    #[arg(long, value_name = "FILE")]
    pub(super) persons: Option<PathBuf>,
    /// How old the data is, as 2026-11-21T04:00Z; now when absent.
    #[arg(long)]
    pub(super) as_of: Option<jiff::Timestamp>,
    /// Everything under a new key, however little changed.
    #[arg(long)]
    pub(super) whole: bool,
}

#[derive(Debug, Subcommand)]
pub(crate) enum TextsCommand {
    /// Prints the newest set's texts of a unit as the file that `texts set` reads.
    ///
    /// Without a headquarters, what every terminal has compiled in.
    Show {
        /// The unit as its officers' enrolment names it; without it, what every unit has.
        #[arg(long)]
        unit: Option<String>,
        #[command(flatten)]
        hq: HqFolder,
    },
    /// Puts a file's texts in the place of its unit's, signs the result and publishes it.
    ///
    /// The file is TOML as `texts show` prints it. What other units have, and the law, stay as they are. A file with a
    /// fault publishes nothing.
    Set {
        /// `-` is standard input.
        file: PathBuf,
        #[command(flatten)]
        issue: Issue,
    },
    /// Lists the fields that a template may fill.
    Fields,
}

/// What becomes of a new set.
#[derive(Debug, Args)]
pub(crate) struct Issue {
    /// What it publishes is the base, and the new set is published there.
    #[command(flatten)]
    hq: HqFolder,
    #[command(flatten)]
    pki: PkiFolder,
    /// Writes the signed set to this new file, for `reference publish`; nothing is published here.
    #[arg(long)]
    pub(super) out: Option<PathBuf>,
    /// What records call the set; `natinf-` or `textes-` and the day of issue when absent.
    #[arg(long)]
    pub(super) name: Option<String>,
    /// The day of issue, as 2026-11-21; today when absent.
    #[arg(long, value_parser = day)]
    pub(super) issued: Option<CivilDate>,
}

/// An issue whose folders are known.
pub(super) struct Placed<'a> {
    pub(super) issue: &'a Issue,
    pub(super) dir: Option<&'a Path>,
    /// None on a trial.
    pub(super) pki: Option<&'a Path>,
}

impl Issue {
    fn placed<'a>(&'a self, session: &Session<'a>) -> Result<Placed<'a>, Unpublished> {
        let (dir, pki) = if session.is_trial() {
            if self.out.is_some() {
                return Err(Unpublished::TrialOfFile);
            }
            (session.hq_if_any(&self.hq), None)
        } else if self.out.is_some() {
            (session.hq_if_any(&self.hq), Some(session.pki(&self.pki)?))
        } else {
            (Some(session.hq(&self.hq)?), Some(session.pki(&self.pki)?))
        };
        Ok(Placed {
            issue: self,
            dir,
            pki,
        })
    }
}

/// ISO 8601.
fn day(text: &str) -> Result<CivilDate, jiff::Error> {
    text.parse::<jiff::civil::Date>().map(CivilDate::from)
}

impl Command {
    pub(crate) const fn effect(&self) -> Effect<'_> {
        match self {
            Self::Import { .. } | Self::Bases { .. } | Self::Texts(TextsCommand::Set { .. }) => {
                Effect::Previews
            }
            Self::Publish { .. } | Self::Hotlist { .. } => Effect::Writes,
            Self::Texts(TextsCommand::Show { .. } | TextsCommand::Fields)
            | Self::List { .. }
            | Self::Show { .. } => Effect::Reads,
        }
    }

    pub(crate) fn run(&self, session: &Session<'_>) -> Result<Answer, Unpublished> {
        let now = session.now;
        let reference = |rows| Answer::one("reference", rows);
        Ok(match self {
            Self::Import { csv, issue } => reference(super::import(csv, &issue.placed(session)?, now)?),
            Self::Texts(TextsCommand::Show { unit, hq }) => {
                Answer::texts(super::show_texts(session.hq_if_any(hq), unit.as_deref())?)
            }
            Self::Texts(TextsCommand::Set { file, issue }) => {
                reference(super::set_texts(file, &issue.placed(session)?, now)?)
            }
            Self::Texts(TextsCommand::Fields) => Answer::fields(Field::ALL.map(Field::code).to_vec()),
            Self::Publish { file, hq, pki } => {
                reference(super::publish(file, session.hq(hq)?, session.pki(pki)?, now)?)
            }
            Self::Bases { file, hq, pki } => {
                let folders = if session.is_trial() {
                    None
                } else {
                    Some((session.hq(hq)?, session.pki(pki)?))
                };
                Answer::one("bases", super::bases::import(file, folders, now)?)
            }
            Self::Hotlist { sources, hq, pki } => {
                let rows = super::hotlist::publish(sources, session.hq(hq)?, session.pki(pki)?, now)?;
                Answer::one("hotlist", rows)
            }
            Self::List { hq } => Answer::many("reference", "references", super::list(session.hq(hq)?)?),
            Self::Show { version, hq } => reference(super::show(session.hq(hq)?, version.as_deref())?),
        })
    }
}
