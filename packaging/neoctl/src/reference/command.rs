//! The commands under `neoctl reference`.

use std::path::PathBuf;

use clap::{Args, Subcommand};
use domain::UnixMs;
use domain::draft::Field;
use domain::identity::CivilDate;

use super::Unpublished;
use crate::answer::Answer;

#[derive(Subcommand)]
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
        /// The folder of `neo-hq --dir`.
        #[arg(long)]
        dir: PathBuf,
        /// The folder of `neo-hq --pki`, for its root.
        #[arg(long)]
        pki: PathBuf,
    },
    /// Lists the published sets, the oldest first.
    List {
        /// The folder of `neo-hq --dir`.
        #[arg(long)]
        dir: PathBuf,
    },
    /// Shows one published set, the newest when no version is given.
    Show {
        version: Option<String>,
        /// The folder of `neo-hq --dir`.
        #[arg(long)]
        dir: PathBuf,
    },
}

#[derive(Subcommand)]
pub(crate) enum TextsCommand {
    /// Prints the newest set's texts of a unit as the file that `texts set` reads.
    Show {
        /// The unit as its officers' enrolment names it; without it, what every unit has.
        #[arg(long)]
        unit: Option<String>,
        /// The folder of `neo-hq --dir`; without it, what every terminal has compiled in.
        #[arg(long)]
        dir: Option<PathBuf>,
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
#[derive(Args)]
pub(crate) struct Issue {
    /// The folder of `neo-hq --dir`: what it publishes is the base, and where the new set is published.
    #[arg(long, required_unless_present_any = ["out", "dry_run"])]
    pub(super) dir: Option<PathBuf>,
    /// The folder with the key that signs reference data.
    #[arg(long, required_unless_present = "dry_run")]
    pub(super) pki: Option<PathBuf>,
    /// Writes the signed set to this new file, for `reference publish`; nothing is published here.
    #[arg(long)]
    pub(super) out: Option<PathBuf>,
    /// What records call the set; `natinf-` or `textes-` and the day of issue when absent.
    #[arg(long)]
    pub(super) name: Option<String>,
    /// The day of issue, as 2026-11-21; today when absent.
    #[arg(long, value_parser = day)]
    pub(super) issued: Option<CivilDate>,
    /// Says what would become of it, and signs and publishes nothing.
    #[arg(long, conflicts_with = "out")]
    pub(super) dry_run: bool,
}

/// ISO 8601.
fn day(text: &str) -> Result<CivilDate, jiff::Error> {
    text.parse::<jiff::civil::Date>().map(CivilDate::from)
}

impl Command {
    pub(crate) fn run(&self, now: UnixMs) -> Result<Answer, Unpublished> {
        Ok(match self {
            Self::Import { csv, issue } => Answer::Reference(super::import(csv, issue, now)?),
            Self::Texts(TextsCommand::Show { unit, dir }) => {
                Answer::Texts(super::show_texts(dir.as_deref(), unit.as_deref())?)
            }
            Self::Texts(TextsCommand::Set { file, issue }) => {
                Answer::Reference(super::set_texts(file, issue, now)?)
            }
            Self::Texts(TextsCommand::Fields) => Answer::Fields(Field::ALL.map(Field::code).to_vec()),
            Self::Publish { file, dir, pki } => Answer::Reference(super::publish(file, dir, pki, now)?),
            Self::List { dir } => Answer::References(super::list(dir)?),
            Self::Show { version, dir } => Answer::Reference(super::show(dir, version.as_deref())?),
        })
    }
}
