//! `neoctl`: the command line of whoever looks after terminals.
//!
//! Asks nothing and assumes nothing: what was found goes to standard output, what went wrong to standard error, and
//! the exit code tells them apart.

mod act;
mod answer;
mod audit;
mod command;
mod document;
mod evidence;
mod fleet;
mod keys;
mod reference;
mod seal;

use std::io::{self, Read, Write};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use clap::{Parser, Subcommand};
use domain::{ClipId, DeviceId, orders};
use hq::serve::wall_clock;
use thiserror::Error;

use self::answer::Answer;

#[derive(Parser)]
#[command(
    name = "neoctl",
    version,
    about = "Looks after officer terminals: what headquarters knows of them, its keys, the law it publishes, evidence to hand out, and documents to read.",
    after_help = "Exit codes: 0 done, 1 failed, 3 not found, 4 already there, 5 not permitted, 6 a confirmation is missing, 8 a check refutes what was read, 64 wrong command line."
)]
struct Arguments {
    /// One JSON object in place of text.
    #[arg(long, global = true)]
    json: bool,
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
#[expect(
    clippy::enum_variant_names,
    reason = "`neoctl command` is what gives a terminal an order"
)]
enum Command {
    /// Identity documents and their visible seals.
    #[command(subcommand)]
    Document(DocumentCommand),
    /// Terminals.
    #[command(subcommand)]
    Device(DeviceCommand),
    /// Officers.
    #[command(subcommand)]
    Officer(OfficerCommand),
    /// All terminals together.
    #[command(subcommand)]
    Fleet(FleetCommand),
    /// Headquarters' keys and certificates.
    #[command(subcommand)]
    Pki(PkiCommand),
    /// What headquarters holds, for a court.
    #[command(subcommand)]
    Evidence(EvidenceCommand),
    /// Offences, amounts and texts that headquarters signs and every terminal takes.
    #[command(subcommand)]
    Reference(reference::Command),
    /// Signed orders to a terminal.
    #[command(subcommand)]
    Command(OrderCommand),
    /// Signed acts, for the drafting systems of the station.
    #[command(subcommand)]
    Act(ActCommand),
    /// Journals of terminals: who did what, and whether that is what the terminal wrote.
    #[command(subcommand)]
    Audit(audit::Command),
}

#[derive(Subcommand)]
enum DocumentCommand {
    /// Reads a picture (PNG, JPEG) for its barcodes, or a text for its machine-readable zone or 2D-Doc.
    ///
    /// No signature is checked, and each verdict says so.
    Read {
        /// `-` is standard input.
        file: PathBuf,
    },
}

#[derive(Subcommand)]
enum DeviceCommand {
    /// Lists the terminals by name.
    List {
        /// The folder of `neo-hq --dir`.
        #[arg(long)]
        dir: PathBuf,
    },
    /// Shows what is registered of one terminal.
    Show {
        #[arg(value_parser = DeviceId::parse)]
        device: DeviceId,
        /// The folder of `neo-hq --dir`.
        #[arg(long)]
        dir: PathBuf,
    },
}

#[derive(Subcommand)]
enum OfficerCommand {
    /// Lists the officers by number, without their names.
    List {
        /// The folder of `neo-hq --dir`.
        #[arg(long)]
        dir: PathBuf,
    },
}

#[derive(Subcommand)]
enum FleetCommand {
    /// Counts what headquarters holds.
    Summary {
        /// The folder of `neo-hq --dir`.
        #[arg(long)]
        dir: PathBuf,
    },
}

#[derive(Subcommand)]
enum PkiCommand {
    /// Draws every key and certificate of a new headquarters.
    ///
    /// Nothing needs the root's private key afterwards: take `offline/` off this machine.
    Create {
        #[arg(long)]
        out: PathBuf,
    },
}

#[derive(Subcommand)]
enum EvidenceCommand {
    /// Writes the evidence folder of a clip, which `neo-verify` checks offline.
    ///
    /// What does not verify is not written. With `--c2pa`, FOLDER.c2pa.mp4 holds the footage with a C2PA claim inside
    /// and FOLDER.c2pa a claim on the original; the folder stays without them.
    Export {
        /// The folder to make.
        folder: PathBuf,
        #[arg(long)]
        clip: ClipId,
        /// The folder of `neo-hq --dir`.
        #[arg(long)]
        dir: PathBuf,
        /// The folder of `neo-hq --pki`.
        #[arg(long)]
        pki: PathBuf,
        /// For tools that read C2PA.
        #[arg(long)]
        c2pa: bool,
    },
}

#[derive(Subcommand)]
enum OrderCommand {
    /// Drops the officers' keys, and lets nobody unlock. Signed acts still leave.
    Lock(OrderArguments),
    /// Lets officers unlock again.
    Unlock(OrderArguments),
    /// Destroys what officers can read; what is sealed to headquarters still leaves.
    ///
    /// The terminal serves again only after it is enrolled anew.
    Wipe {
        #[command(flatten)]
        order: OrderArguments,
        /// The terminal's name again.
        #[arg(long, value_parser = DeviceId::parse)]
        confirm: Option<DeviceId>,
    },
    /// Lists the orders to a terminal and what it says became of them.
    Status {
        #[arg(value_parser = DeviceId::parse)]
        device: DeviceId,
        /// The folder of `neo-hq --dir`.
        #[arg(long)]
        dir: PathBuf,
    },
}

#[derive(clap::Args)]
struct OrderArguments {
    #[arg(value_parser = DeviceId::parse)]
    device: DeviceId,
    /// The folder of `neo-hq --dir`.
    #[arg(long)]
    dir: PathBuf,
    /// The folder of `neo-hq --pki`, with the key that signs orders.
    #[arg(long)]
    pki: PathBuf,
    /// For how many days the order counts; a terminal that hears of it later does nothing.
    #[arg(long, default_value_t = 30)]
    days: u16,
}

#[derive(Subcommand)]
enum ActCommand {
    /// Shows an act that headquarters holds: its author, its digest, and every visa that was asked for and given.
    Show {
        /// The number that the act shows, such as `2026/000123`, or the id of the envelope that brought it.
        act: act::Wanted,
        /// The folder of `neo-hq --dir`.
        #[arg(long)]
        dir: PathBuf,
    },
    /// Writes a signed act as structured data, its PDF and its signed record: NUMBER.json, NUMBER.pdf, NUMBER.cose.
    ///
    /// `docs/formats/act.schema.json` says what the first holds. What does not verify is not written.
    Export {
        /// The number that the act shows, such as `2026/000123`, or the id of the envelope that brought it.
        act: act::Wanted,
        /// The folder of `neo-hq --dir`.
        #[arg(long)]
        dir: PathBuf,
        /// The folder of `neo-hq --pki`.
        #[arg(long)]
        pki: PathBuf,
        /// The folder for the files; made where it is missing.
        #[arg(long)]
        out: PathBuf,
    },
}

/// How the program ends (sysexits.h for the last, which is about the command line).
#[derive(Clone, Copy, PartialEq, Eq)]
enum Exit {
    Done = 0,
    Failed = 1,
    NotFound = 3,
    Conflict = 4,
    Forbidden = 5,
    /// Somebody has to say it a second time.
    Approval = 6,
    /// What was read contradicts its own check digits or signature.
    Refuted = 8,
    Usage = 64,
}

/// Why a command did not do what it was asked.
#[derive(Debug, Error)]
enum Failure {
    #[error(transparent)]
    Document(#[from] document::Unread),
    #[error(transparent)]
    Fleet(#[from] fleet::Unknown),
    #[error(transparent)]
    Evidence(#[from] evidence::Unexported),
    #[error(transparent)]
    Reference(#[from] reference::Unpublished),
    #[error(transparent)]
    Order(#[from] command::Unordered),
    #[error(transparent)]
    Act(#[from] act::Unexported),
    #[error(transparent)]
    Audit(#[from] audit::Unaudited),
    #[error("cannot create the keys")]
    Pki(#[from] hq::pki::PkiError),
    #[error("cannot read `{}`", path.display())]
    Input {
        path: PathBuf,
        #[source]
        source: io::Error,
    },
    #[error("cannot write the answer")]
    Output(#[source] io::Error),
}

impl Failure {
    fn exit(&self) -> Exit {
        match self {
            Self::Document(unread) => unread.exit(),
            Self::Fleet(unknown) => unknown.exit(),
            Self::Evidence(unexported) => unexported.exit(),
            Self::Reference(unpublished) => unpublished.exit(),
            Self::Order(unordered) => unordered.exit(),
            Self::Act(unexported) => unexported.exit(),
            Self::Audit(unaudited) => unaudited.exit(),
            Self::Pki(error) => keys::exit(error),
            Self::Input { source, .. } => Exit::of(source),
            Self::Output(_) => Exit::Failed,
        }
    }
}

impl Exit {
    fn of(error: &io::Error) -> Self {
        if error.kind() == io::ErrorKind::NotFound {
            Self::NotFound
        } else if error.kind() == io::ErrorKind::PermissionDenied {
            Self::Forbidden
        } else {
            Self::Failed
        }
    }
}

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> Self {
        Self::from(exit as u8)
    }
}

fn main() -> ExitCode {
    let arguments = match Arguments::try_parse() {
        Ok(arguments) => arguments,
        Err(refusal) => {
            let exit = if refusal.use_stderr() {
                Exit::Usage
            } else {
                Exit::Done
            };
            // A closed terminal is no reason to end otherwise.
            let _ = refusal.print();
            return exit.into();
        }
    };
    let ended = run(&arguments.command).and_then(|answer| {
        let written = if arguments.json {
            answer.json()
        } else {
            answer.text()
        };
        let mut out = io::stdout().lock();
        out.write_all(written.as_bytes()).map_err(Failure::Output)?;
        Ok(answer.exit())
    });
    match ended {
        Ok(exit) => exit.into(),
        Err(failure) => {
            let exit = failure.exit();
            let _ = writeln!(io::stderr(), "neoctl: {:#}", anyhow::Error::from(failure));
            exit.into()
        }
    }
}

fn run(command: &Command) -> Result<Answer, Failure> {
    match command {
        Command::Document(DocumentCommand::Read { file }) => {
            let documents = document::read(&input(file)?, wall_clock())?;
            Ok(Answer::Documents(documents))
        }
        Command::Device(DeviceCommand::Show { device, dir }) => Ok(Answer::Device(fleet::show(dir, device)?)),
        Command::Device(DeviceCommand::List { dir }) => Ok(Answer::Devices(fleet::devices(dir)?)),
        Command::Officer(OfficerCommand::List { dir }) => Ok(Answer::Officers(fleet::officers(dir)?)),
        Command::Fleet(FleetCommand::Summary { dir }) => Ok(Answer::Fleet(fleet::summary(dir)?)),
        Command::Pki(PkiCommand::Create { out }) => Ok(Answer::Pki(keys::create(out, wall_clock())?)),
        Command::Evidence(EvidenceCommand::Export {
            folder,
            clip,
            dir,
            pki,
            c2pa,
        }) => {
            let request = evidence::Request {
                clip: *clip,
                hq: dir,
                pki,
                out: folder,
                c2pa: *c2pa,
            };
            Ok(Answer::Evidence(evidence::export_clip(&request, wall_clock())?))
        }
        Command::Audit(command) => Ok(command.run()?),
        Command::Reference(command) => Ok(command.run(wall_clock())?),
        Command::Act(ActCommand::Show { act, dir }) => Ok(Answer::Act(act::show_act(*act, dir)?)),
        Command::Command(command) => Ok(order_answer(command)?),
        Command::Act(ActCommand::Export { act, dir, pki, out }) => {
            let request = act::Request {
                act: *act,
                hq: dir,
                pki,
                out,
            };
            Ok(Answer::Act(act::export_act(&request)?))
        }
    }
}

fn order_answer(command: &OrderCommand) -> Result<Answer, command::Unordered> {
    let (order, command, confirm) = match command {
        OrderCommand::Status { device, dir } => return Ok(Answer::Orders(command::status(device, dir)?)),
        OrderCommand::Lock(order) => (order, orders::Command::Lock, None),
        OrderCommand::Unlock(order) => (order, orders::Command::Unlock, None),
        OrderCommand::Wipe { order, confirm } => (order, orders::Command::Wipe, confirm.as_ref()),
    };
    let request = command::Request {
        device: &order.device,
        command,
        confirm,
        days: order.days,
        hq: &order.dir,
        pki: &order.pki,
    };
    Ok(Answer::Order(command::give(&request, wall_clock())?))
}

/// The file, or standard input, as far as a picture may be long; one byte more shows that it is longer.
fn input(path: &Path) -> Result<Vec<u8>, Failure> {
    let most = reader::MAX_BYTES as u64 + 1;
    let mut bytes = Vec::new();
    let read = if path == Path::new("-") {
        io::stdin().lock().take(most).read_to_end(&mut bytes)
    } else {
        std::fs::File::open(path).and_then(|file| file.take(most).read_to_end(&mut bytes))
    };
    read.map_err(|source| Failure::Input {
        path: path.to_owned(),
        source,
    })?;
    Ok(bytes)
}
