//! `batch`: from a table of terminals to codes on paper, and how far each of them is.
//!
//! Every step is journalled in headquarters' store before the next one, so that the same command goes on after Ctrl-C,
//! a crash or a lost sheet.

use std::collections::BTreeSet;
use std::fs;
use std::io::{self, Read, Write};
use std::path::{Path, PathBuf};
use std::str::FromStr;
use std::thread;

use clap::{Args, Subcommand, ValueEnum};
use documents::{DocumentError, Labelled, enrolment_sheet};
use domain::UnixMs;
use domain::enrolment::Address;
use hq::Pki;
use hq::batch::{self, BatchError, FaultyLine, HEADER, PrintOrder, Sheet, State};
use hq::store::BatchRow;
use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use serde_json::Value;
use thiserror::Error;

use crate::answer::{Answer, Form, Rows, line};
use crate::ca::moment;
use crate::fleet::{self, Unknown};
use crate::session::{Effect, HqFolder, PkiFolder, Session, Unready};
use crate::token::{paris, secret};
use crate::{Exit, pki};

/// Four pages of twelve.
const CODES_PER_SHEET: u32 = 48;
const MAX_TABLE: u64 = 64 * 1024 * 1024;
const HOUR: i64 = 3_600_000;

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Prints the first line of a table and an example below it.
    Template,
    /// Checks every line of a table against itself and the registry, and journals those that can be enrolled.
    ///
    /// Every line with a fault is named with its reason. With `--dry-run` nothing is journalled.
    Plan {
        name: Name,
        /// The table (CSV, `;` or `,`): serial, SHA-256 of the IMEI, unit, profile. `-` is standard input.
        table: PathBuf,
        /// One line with a fault plans nothing.
        #[arg(long)]
        strict: bool,
        #[command(flatten)]
        hq: HqFolder,
    },
    /// Issues the codes of a batch and writes them as sheets to print.
    Apply(Apply),
    /// Goes on where `batch apply` ended: rows without a printed code, or whose code expired, get a new one.
    Resume(Apply),
    /// Counts the rows of a batch by how far they are.
    Status {
        name: Name,
        #[command(flatten)]
        hq: HqFolder,
    },
    /// Lists every row of a batch and how far it is.
    Report {
        name: Name,
        /// CSV in place of text.
        #[arg(long, value_enum)]
        format: Option<Table>,
        #[command(flatten)]
        hq: HqFolder,
    },
    /// Withdraws every code of a batch that no phone used. What is enrolled stays.
    Cancel {
        name: Name,
        #[command(flatten)]
        hq: HqFolder,
    },
}

#[derive(Debug, Args)]
pub(crate) struct Apply {
    name: Name,
    /// Where phones reach the broker before they have a certificate.
    #[arg(long, value_parser = Address::parse, value_name = "mqtts://HOST:PORT")]
    broker: Address,
    /// The folder for the sheets; made where it is missing.
    #[arg(long)]
    out: PathBuf,
    /// Writes the codes as text too, one a line, for phones that are enrolled by cable.
    #[arg(long)]
    codes: bool,
    /// For how many hours the codes count.
    #[arg(long, default_value_t = 24, value_parser = clap::value_parser!(u16).range(1..=720))]
    hours: u16,
    /// How many sheets are drawn at once.
    #[arg(long, default_value_t = 2, value_parser = clap::value_parser!(u16).range(1..=64))]
    concurrency: u16,
    #[command(flatten)]
    hq: HqFolder,
    #[command(flatten)]
    pki: PkiFolder,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Table {
    Csv,
}

/// 1 to 40 lower-case letters, digits and hyphens: it becomes the name of files.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Name(String);

/// The text is no name of a batch.
#[derive(Debug, Clone, Copy, Error)]
#[error("a batch is named by 1 to 40 lower-case letters, digits and hyphens")]
pub(crate) struct NotAName;

impl FromStr for Name {
    type Err = NotAName;

    fn from_str(text: &str) -> Result<Self, NotAName> {
        let allowed = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
        let holds = (1..=40).contains(&text.len()) && text.chars().all(allowed);
        holds.then(|| Self(text.to_owned())).ok_or(NotAName)
    }
}

/// Why a batch is not planned, or does not go on.
#[derive(Debug, Error)]
pub(crate) enum Unbatched {
    #[error(transparent)]
    Unready(#[from] Unready),
    #[error(transparent)]
    Hq(#[from] Unknown),
    #[error(transparent)]
    Batch(#[from] BatchError),
    #[error("cannot open headquarters' keys")]
    Pki(#[from] hq::pki::PkiError),
    #[error(
        "`{count}` lines have a fault and nothing is planned, as `--strict` asks; `--dry-run` names them"
    )]
    Strict { count: usize },
    #[error("cannot draw a sheet of codes")]
    Sheet(#[from] DocumentError),
    #[error("cannot read the table `{}`", path.display())]
    Read {
        path: PathBuf,
        #[source]
        source: io::Error,
    },
    #[error("cannot write `{}`; make room or choose another `--out`, and go on with `neoctl batch resume`", path.display())]
    Write {
        path: PathBuf,
        #[source]
        source: io::Error,
    },
    #[error("cannot write the progress")]
    Output(#[source] io::Error),
}

impl Unbatched {
    pub(crate) fn exit(&self) -> Exit {
        match self {
            Self::Unready(unready) => unready.exit(),
            Self::Hq(unknown) => unknown.exit(),
            Self::Pki(error) => pki::exit(error),
            Self::Batch(BatchError::Unknown { .. }) => Exit::NotFound,
            Self::Batch(BatchError::AlreadyThere { .. } | BatchError::Cancelled { .. }) => Exit::Conflict,
            Self::Read { source, .. } | Self::Write { source, .. } => Exit::of(source),
            Self::Batch(
                BatchError::Store(_) | BatchError::Enrolment(_) | BatchError::Header | BatchError::Nothing,
            )
            | Self::Strict { .. }
            | Self::Sheet(_)
            | Self::Output(_) => Exit::Failed,
        }
    }
}

impl Command {
    pub(crate) fn effect(&self) -> Effect<'_> {
        match self {
            Self::Template | Self::Status { .. } | Self::Report { .. } => Effect::Reads,
            Self::Plan { .. } => Effect::Previews,
            Self::Apply(_) | Self::Resume(_) => Effect::Writes,
            Self::Cancel { name, .. } => Effect::Destroys(&name.0),
        }
    }

    pub(crate) fn run(&self, session: &Session<'_>) -> Result<Answer, Unbatched> {
        match self {
            Self::Template => Ok(Answer::raw("template", template())),
            Self::Plan {
                name,
                table,
                strict,
                hq,
            } => plan(session, name, table, *strict, session.hq(hq)?),
            Self::Apply(apply) | Self::Resume(apply) => apply.run(session),
            Self::Status { name, hq } => {
                let rows = rows(session.hq(hq)?, name, session.now)?;
                Ok(standing(name, &rows))
            }
            Self::Report { name, format, hq } => {
                let rows = rows(session.hq(hq)?, name, session.now)?;
                if *format == Some(Table::Csv) {
                    return Ok(Answer::raw("report", csv(&rows)).ending(how_far(&rows)));
                }
                let lines = rows.iter().map(shown).collect();
                Ok(Answer::many("row", "rows", lines).ending(how_far(&rows)))
            }
            Self::Cancel { name, hq } => {
                let mut store = fleet::open(session.hq(hq)?)?;
                let cancelled = batch::cancel(&mut store, &name.0, session.now)?;
                let rows = vec![("name", name.0.as_str().into()), ("cancelled", cancelled.into())];
                Ok(Answer::one("batch", Rows(rows)))
            }
        }
    }
}

fn template() -> String {
    let imei = trust::sha256(b"490154203237518");
    format!("{HEADER}\nneo-000001;{imei};commissariat de Lyon 3;terrain\n")
}

fn plan(
    session: &Session<'_>,
    name: &Name,
    table: &Path,
    strict: bool,
    hq: &Path,
) -> Result<Answer, Unbatched> {
    let mut text = String::new();
    let read = if table == Path::new("-") {
        io::stdin().lock().take(MAX_TABLE).read_to_string(&mut text)
    } else {
        fs::File::open(table).and_then(|file| file.take(MAX_TABLE).read_to_string(&mut text))
    };
    read.map_err(|source| Unbatched::Read {
        path: table.to_owned(),
        source,
    })?;
    let (rows, mut faulty) = batch::parse(&text)?;
    let mut store = fleet::open(hq)?;
    let (rows, elsewhere) = batch::sift(&mut store, rows)?;
    faulty.extend(elsewhere);
    faulty.sort_by_key(|faulty| faulty.line);
    if strict && !faulty.is_empty() && !session.is_trial() {
        return Err(Unbatched::Strict { count: faulty.len() });
    }
    if !session.is_trial() && !rows.is_empty() {
        batch::plan(&mut store, &name.0, &rows, session.now)?;
    }
    let faults = faulty
        .iter()
        .map(|FaultyLine { line, fault }| serde_json::json!({ "line": line, "fault": fault.to_string() }));
    let answer = Rows(vec![
        ("name", name.0.as_str().into()),
        ("rows", rows.len().into()),
        ("faults", faults.collect::<Vec<Value>>().into()),
        ("planned", (!session.is_trial() && !rows.is_empty()).into()),
    ]);
    let exit = match (faulty.is_empty(), rows.is_empty()) {
        (true, false) => Exit::Done,
        (false, false) => Exit::Partial,
        (_, true) => Exit::Failed,
    };
    Ok(Answer::one("plan", answer).ending(exit))
}

impl Apply {
    fn run(&self, session: &Session<'_>) -> Result<Answer, Unbatched> {
        let (hq, keys) = (session.hq(&self.hq)?, session.pki(&self.pki)?);
        let (mut store, keys) = (fleet::open(hq)?, Pki::open(keys)?);
        self.write(&self.out, |out| fs::create_dir_all(out))?;
        let before = batch::rows(&mut store, &self.name.0, session.now)?;
        let progress = progress(session, &before);
        let order = PrintOrder {
            broker: &self.broker,
            lasting_ms: i64::from(self.hours) * HOUR,
            codes: CODES_PER_SHEET,
            sheets: u32::from(self.concurrency),
        };
        let name = &self.name.0;
        // What an earlier run wrote before it could say so counts: nobody prints a sheet whose codes are withdrawn.
        for number in unsaid(&before) {
            if self.sheet(number, "pdf").exists() {
                batch::printed(&mut store, name, number, session.now)?;
            }
        }
        let mut sheets = 0_u32;
        loop {
            let drawn = batch::issue(&mut store, &keys, name, &order, session.now)?;
            if drawn.is_empty() {
                break;
            }
            self.draw(session, &drawn)?;
            for sheet in &drawn {
                batch::printed(&mut store, name, sheet.number, session.now)?;
                sheets += 1;
                for (row, _) in &sheet.tickets {
                    progress.inc(1);
                    if session.form() == Form::JsonLines {
                        let told = Rows(vec![
                            ("line", row.line.into()),
                            ("device", row.device.as_str().into()),
                            ("state", State::Printed.code().into()),
                            ("sheet", sheet.number.into()),
                        ]);
                        let line = line("row", &told);
                        io::stdout()
                            .lock()
                            .write_all(line.as_bytes())
                            .map_err(Unbatched::Output)?;
                    }
                }
            }
        }
        progress.finish_and_clear();
        let rows = batch::rows(&mut store, name, session.now)?;
        Ok(standing(&self.name, &rows)
            .with("sheets", sheets.into())
            .ending(Exit::Done))
    }

    /// Draws the sheets beside each other, and returns once every one is on the disk.
    fn draw(&self, session: &Session<'_>, sheets: &[Sheet]) -> Result<(), Unbatched> {
        let at = paris(session.now);
        let drawn = thread::scope(|scope| {
            let draw = |sheet: &Sheet| {
                let title = format!("Lot {}, feuille {}", self.name.0, sheet.number);
                let codes: Vec<Labelled<'_>> = sheet
                    .tickets
                    .iter()
                    .map(|(row, ticket)| Labelled {
                        ticket,
                        unit: &row.unit,
                    })
                    .collect();
                enrolment_sheet(&title, &codes, at)
            };
            let running: Vec<_> = sheets
                .iter()
                .map(|sheet| scope.spawn(move || draw(sheet)))
                .collect();
            let ended = running
                .into_iter()
                .map(|one| one.join().expect("drawing does not panic"));
            ended.collect::<Result<Vec<_>, _>>()
        })?;
        for (sheet, pdf) in sheets.iter().zip(drawn) {
            // The PDF last: with it, the sheet is whole.
            if self.codes {
                let lines: String = sheet
                    .tickets
                    .iter()
                    .map(|(_, ticket)| format!("{}\n", *ticket.to_text()))
                    .collect();
                self.write(&self.sheet(sheet.number, "txt"), |path| {
                    secret(path, lines.as_bytes())
                })?;
            }
            self.write(&self.sheet(sheet.number, "pdf"), |path| secret(path, &pdf))?;
        }
        Ok(())
    }

    fn sheet(&self, number: u32, extension: &str) -> PathBuf {
        self.out.join(format!("{}-{number:04}.{extension}", self.name.0))
    }

    fn write(&self, path: &Path, write: impl FnOnce(&Path) -> io::Result<()>) -> Result<(), Unbatched> {
        write(path).map_err(|source| Unbatched::Write {
            path: path.to_owned(),
            source,
        })
    }
}

/// The sheets whose codes are issued, and of which nobody said that they are on paper.
fn unsaid(rows: &[BatchRow]) -> BTreeSet<u32> {
    let issued = rows.iter().filter(|row| row.state == State::Issued);
    issued.filter_map(|row| row.sheet).collect()
}

fn progress(session: &Session<'_>, rows: &[BatchRow]) -> ProgressBar {
    let is_open = |row: &&BatchRow| matches!(row.state, State::Planned | State::Issued | State::Expired);
    let open = rows.iter().filter(is_open).count();
    let target = if session.shows_progress() {
        ProgressDrawTarget::stderr()
    } else {
        ProgressDrawTarget::hidden()
    };
    let bar = ProgressBar::with_draw_target(Some(open as u64), target);
    let style = ProgressStyle::with_template("{bar:40} {pos}/{len} {eta}");
    style.map_or(bar.clone(), |style| bar.with_style(style))
}

fn rows(hq: &Path, name: &Name, now: UnixMs) -> Result<Vec<BatchRow>, Unbatched> {
    Ok(batch::rows(&mut fleet::open(hq)?, &name.0, now)?)
}

/// How many rows are how far. A batch whose rows are not all enrolled is done in part.
fn standing(name: &Name, rows: &[BatchRow]) -> Answer {
    let mut answer = vec![("name", name.0.as_str().into()), ("rows", rows.len().into())];
    for state in State::ALL {
        let count = rows.iter().filter(|row| row.state == state).count();
        answer.push((state.code(), count.into()));
    }
    Answer::one("batch", Rows(answer)).ending(how_far(rows))
}

fn how_far(rows: &[BatchRow]) -> Exit {
    if rows.iter().all(|row| row.state == State::Enrolled) {
        Exit::Done
    } else {
        Exit::Partial
    }
}

fn shown(row: &BatchRow) -> Rows {
    Rows(vec![
        ("line", row.row.line.into()),
        ("device", row.row.device.as_str().into()),
        ("unit", row.row.unit.as_str().into()),
        ("profile", row.row.profile.code().into()),
        ("state", row.state.code().into()),
        ("sheet", row.sheet.into()),
        ("at", moment(row.at)),
    ])
}

fn csv(rows: &[BatchRow]) -> String {
    let mut text = String::from("line;serial;unit;profile;state;sheet\n");
    for BatchRow {
        row, state, sheet, ..
    } in rows
    {
        let sheet = sheet.map(|sheet| sheet.to_string()).unwrap_or_default();
        // A unit never holds the separator: the table that named it had the same one, or a comma.
        let unit = row.unit.replace(';', ",");
        let (device, profile) = (row.device.as_str(), row.profile.code());
        text.push_str(&format!(
            "{};{device};{unit};{profile};{};{sheet}\n",
            row.line,
            state.code()
        ));
    }
    text
}
