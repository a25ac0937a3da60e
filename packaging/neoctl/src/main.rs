//! `neoctl`: the command line of whoever looks after terminals.
//!
//! Asks nothing and assumes nothing: what was found goes to standard output, what went wrong to standard error, and
//! the exit code tells them apart.

mod act;
mod alert;
mod answer;
mod approve;
mod audit;
mod batch;
mod briefing;
mod build;
mod ca;
mod cachet;
mod camera;
mod cert;
mod chart;
mod command;
mod compared;
mod config;
mod context;
mod destruction;
mod device;
mod diagnosis;
mod doctor;
mod document;
mod enrol;
mod evidence;
mod exit;
mod file;
mod fleet;
mod footage;
mod help;
mod intervention;
mod lapi;
mod officer;
mod pki;
mod plainte;
mod program;
mod recovery;
mod reference;
mod rollout;
mod session;
mod token;
mod trust_list;
mod zone;

use std::env;
use std::ffi::OsString;
use std::io::{self, Write};
use std::path::PathBuf;
use std::process::ExitCode;

use clap::{CommandFactory, FromArgMatches, Parser, Subcommand};
use hq::serve::wall_clock;
use thiserror::Error;

use self::answer::Answer;
use self::context::Contexts;
use self::exit::Exit;
use self::session::{Effect, Globals, Lang, Session, Unready};

#[derive(Debug, Parser)]
#[command(
    name = "neoctl",
    version,
    about = "Looks after officer terminals: what headquarters knows of them, its keys, the law it publishes, evidence to hand out, and documents to read.",
    after_help = "Exit codes: 0 done, 1 failed, 3 not found, 4 already there, 5 not permitted, 6 a confirmation or an approval is missing, 7 done in part, 8 a check refutes what was read, 9 the broker does not answer, 64 wrong command line, 130 interrupted."
)]
struct Arguments {
    #[command(flatten)]
    globals: Globals,
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// The headquarters to work on, by name.
    #[command(subcommand)]
    Context(context::Command),
    /// Identity documents and their visible seals.
    #[command(subcommand)]
    Document(document::Command),
    /// Who signs visible seals.
    #[command(subcommand)]
    Trust(trust_list::Command),
    /// Terminals.
    #[command(subcommand)]
    Device(device::Command),
    /// Officers.
    #[command(subcommand)]
    Officer(officer::Command),
    /// Programs that terminals may run.
    #[command(subcommand)]
    Build(build::Command),
    /// Body cameras.
    #[command(subcommand)]
    Camera(camera::Command),
    /// All terminals together.
    #[command(subcommand)]
    Fleet(fleet::Command),
    /// Headquarters' keys and certificates, in one step.
    #[command(subcommand)]
    Pki(pki::Command),
    /// What headquarters holds, for a court.
    #[command(subcommand)]
    Evidence(evidence::Command),
    /// Offences, amounts and texts that headquarters signs and every terminal takes.
    #[command(subcommand)]
    Reference(reference::Command),
    /// What terminals do, as profiles that headquarters signs.
    #[command(subcommand)]
    Config(config::Command),
    /// Profiles on their way to terminals, a ring at a time.
    #[command(subcommand)]
    Rollout(rollout::Command),
    /// Signed orders to a terminal.
    #[command(subcommand)]
    Command(command::Command),
    /// Orders that two persons approve before they are given.
    #[command(subcommand)]
    Approve(approve::Command),
    /// Signed acts, for the drafting systems of the station.
    #[command(subcommand)]
    Act(act::Command),
    /// Urgent alerts of officers, and who of the operations centre has them.
    #[command(subcommand)]
    Alert(alert::Command),
    /// Recordings of body cameras: what was said of them, and what keeps one beyond its month.
    #[command(subcommand)]
    Footage(footage::Command),
    /// What the operations centre proposes to crews, and how far they are with it.
    #[command(subcommand)]
    Intervention(intervention::Command),
    /// What crews are told before they go out, and who has read it.
    #[command(subcommand)]
    Briefing(briefing::Command),
    /// Readings of plates for crews, to be verified.
    #[command(subcommand)]
    Lapi(lapi::Command),
    /// Journals of terminals: who did what, and whether that is what the terminal wrote.
    #[command(subcommand)]
    Audit(audit::Command),
    /// What article 78-3 CPP had headquarters destroy, with the proof of it.
    #[command(subcommand)]
    Destruction(destruction::Command),
    /// What became of complaints, for the terminals of the officers who took them.
    #[command(subcommand)]
    Plainte(plainte::Command),
    /// Drafts of a lost or broken phone, which two persons give to another.
    #[command(subcommand)]
    Recovery(recovery::Command),
    /// Headquarters' keys and certificates, with a root that stays offline.
    #[command(subcommand)]
    Ca(ca::Command),
    /// Certificates that headquarters issued.
    #[command(subcommand)]
    Cert(cert::Command),
    /// The list of revoked certificates.
    #[command(subcommand)]
    Crl(cert::CrlCommand),
    /// Enrolment codes, one terminal at a time.
    #[command(subcommand)]
    Token(token::Command),
    /// What is asked of a phone's keys before it becomes a terminal.
    #[command(subcommand)]
    Enrol(enrol::Command),
    /// Many terminals at once, from a table.
    #[command(subcommand)]
    Batch(batch::Command),
    /// Looks for what is wrong with a headquarters, and says what to do.
    Doctor(doctor::Doctor),
    /// Prints the script that completes commands in a shell.
    Completion(program::Completion),
    /// Writes the manual, a page for each command.
    Man(program::Man),
    /// Shows the version, and what the program is built from.
    Version(program::Version),
}

/// Why a command did not do what it was asked.
#[derive(Debug, Error)]
enum Failure {
    #[error(transparent)]
    Unready(#[from] Unready),
    #[error(transparent)]
    Context(#[from] context::ContextError),
    #[error(transparent)]
    Document(#[from] document::Unread),
    #[error(transparent)]
    Trust(#[from] trust_list::Untrusted),
    #[error(transparent)]
    Fleet(#[from] fleet::Unknown),
    #[error(transparent)]
    Evidence(#[from] evidence::Unexported),
    #[error(transparent)]
    Reference(#[from] reference::Unpublished),
    #[error(transparent)]
    Config(#[from] config::Unconfigured),
    #[error(transparent)]
    Rollout(#[from] rollout::Unrolled),
    #[error(transparent)]
    Order(#[from] command::Unordered),
    #[error(transparent)]
    Approval(#[from] approve::Undecided),
    #[error(transparent)]
    Act(#[from] act::Unexported),
    #[error(transparent)]
    Alert(#[from] alert::Untaken),
    #[error(transparent)]
    Footage(#[from] footage::Unkept),
    #[error(transparent)]
    Intervention(#[from] intervention::Unproposed),
    #[error(transparent)]
    Audit(#[from] audit::Unaudited),
    #[error(transparent)]
    Destruction(#[from] destruction::Undestroyed),
    #[error(transparent)]
    Plainte(#[from] plainte::Untold),
    #[error(transparent)]
    Recovery(#[from] recovery::Unrecovered),
    #[error(transparent)]
    Device(#[from] device::Undecided),
    #[error(transparent)]
    Officer(#[from] officer::Unregistered),
    #[error(transparent)]
    Build(#[from] build::Unreleased),
    #[error(transparent)]
    Camera(#[from] camera::Unregistered),
    #[error(transparent)]
    Certificate(#[from] cert::Uncertified),
    #[error(transparent)]
    Token(#[from] token::NoToken),
    #[error(transparent)]
    Enrol(#[from] enrol::Unjudged),
    #[error(transparent)]
    Batch(#[from] batch::Unbatched),
    #[error("cannot make or use the keys")]
    Pki(#[from] hq::pki::PkiError),
    #[error(transparent)]
    Manual(#[from] program::Unwritten),
    #[error("cannot write the answer")]
    Output(#[source] io::Error),
}

impl Failure {
    fn exit(&self) -> Exit {
        match self {
            Self::Unready(unready) => unready.exit(),
            Self::Context(error) => error.exit(),
            Self::Document(unread) => unread.exit(),
            Self::Trust(untrusted) => untrusted.exit(),
            Self::Fleet(unknown) => unknown.exit(),
            Self::Evidence(unexported) => unexported.exit(),
            Self::Reference(unpublished) => unpublished.exit(),
            Self::Config(unconfigured) => unconfigured.exit(),
            Self::Rollout(unrolled) => unrolled.exit(),
            Self::Order(unordered) => unordered.exit(),
            Self::Approval(undecided) => undecided.exit(),
            Self::Act(unexported) => unexported.exit(),
            Self::Alert(untaken) => untaken.exit(),
            Self::Footage(unkept) => unkept.exit(),
            Self::Intervention(unproposed) => unproposed.exit(),
            Self::Audit(unaudited) => unaudited.exit(),
            Self::Destruction(undestroyed) => undestroyed.exit(),
            Self::Plainte(untold) => untold.exit(),
            Self::Recovery(unrecovered) => unrecovered.exit(),
            Self::Device(undecided) => undecided.exit(),
            Self::Officer(unregistered) => unregistered.exit(),
            Self::Build(unreleased) => unreleased.exit(),
            Self::Camera(unregistered) => unregistered.exit(),
            Self::Certificate(uncertified) => uncertified.exit(),
            Self::Token(none) => none.exit(),
            Self::Enrol(unjudged) => unjudged.exit(),
            Self::Batch(unbatched) => unbatched.exit(),
            Self::Pki(error) => pki::exit(error),
            Self::Manual(unwritten) => unwritten.exit(),
            Self::Output(_) => Exit::Failed,
        }
    }
}

impl Command {
    /// What is done to headquarters, before anything is done.
    fn effect(&self) -> Effect<'_> {
        match self {
            Self::Context(command) => command.effect(),
            Self::Document(command) => command.effect(),
            Self::Trust(command) => command.effect(),
            Self::Device(command) => command.effect(),
            Self::Officer(command) => command.effect(),
            Self::Build(command) => command.effect(),
            Self::Camera(command) => command.effect(),
            Self::Fleet(command) => command.effect(),
            Self::Pki(command) => command.effect(),
            Self::Evidence(command) => command.effect(),
            Self::Reference(command) => command.effect(),
            Self::Config(command) => command.effect(),
            Self::Rollout(command) => command.effect(),
            Self::Command(command) => command.effect(),
            Self::Approve(command) => command.effect(),
            Self::Act(command) => command.effect(),
            Self::Alert(command) => command.effect(),
            Self::Footage(command) => command.effect(),
            Self::Intervention(command) => command.effect(),
            Self::Briefing(command) => command.effect(),
            Self::Lapi(command) => command.effect(),
            Self::Audit(command) => command.effect(),
            Self::Destruction(command) => command.effect(),
            Self::Plainte(command) => command.effect(),
            Self::Recovery(command) => command.effect(),
            Self::Ca(command) => command.effect(),
            Self::Cert(command) => command.effect(),
            Self::Crl(command) => command.effect(),
            Self::Token(command) => command.effect(),
            Self::Enrol(command) => command.effect(),
            Self::Batch(command) => command.effect(),
            Self::Man(_) => Effect::Writes,
            Self::Doctor(_) | Self::Completion(_) | Self::Version(_) => Effect::Reads,
        }
    }

    fn run(&self, session: &Session<'_>, program: clap::Command) -> Result<Answer, Failure> {
        session.begin(self.effect())?;
        Ok(match self {
            Self::Context(command) => command.run(session)?,
            Self::Document(command) => command.run(session)?,
            Self::Trust(command) => command.run(session)?,
            Self::Device(command) => command.run(session)?,
            Self::Officer(command) => command.run(session)?,
            Self::Build(command) => command.run(session)?,
            Self::Camera(command) => command.run(session)?,
            Self::Fleet(command) => command.run(session)?,
            Self::Pki(command) => command.run(session)?,
            Self::Evidence(command) => command.run(session)?,
            Self::Reference(command) => command.run(session)?,
            Self::Config(command) => command.run(session)?,
            Self::Rollout(command) => command.run(session)?,
            Self::Command(command) => command.run(session)?,
            Self::Approve(command) => command.run(session)?,
            Self::Act(command) => command.run(session)?,
            Self::Alert(command) => command.run(session)?,
            Self::Footage(command) => command.run(session)?,
            Self::Intervention(command) => command.run(session)?,
            Self::Briefing(command) => command.run(session)?,
            Self::Lapi(command) => command.run(session)?,
            Self::Audit(command) => command.run(session)?,
            Self::Destruction(command) => command.run(session)?,
            Self::Plainte(command) => command.run(session)?,
            Self::Recovery(command) => command.run(session)?,
            Self::Ca(command) => command.run(session)?,
            Self::Cert(command) => command.run(session)?,
            Self::Crl(command) => command.run(session)?,
            Self::Token(command) => command.run(session)?,
            Self::Enrol(command) => command.run(session)?,
            Self::Batch(command) => command.run(session)?,
            Self::Doctor(doctor) => doctor.run(session)?,
            Self::Completion(completion) => completion.script(program),
            Self::Man(man) => man.write(program)?,
            Self::Version(version) => version.answer(),
        })
    }
}

/// What the environment says of its user.
struct Environment {
    lang: Lang,
    /// Where programs keep what they remember.
    folder: Option<PathBuf>,
}

impl Environment {
    #[expect(
        clippy::disallowed_methods,
        reason = "the main reads the environment for the rest of the program"
    )]
    fn read() -> Self {
        let set = |name: &str| env::var_os(name).filter(|value| !value.is_empty());
        let spoken = ["LC_ALL", "LC_MESSAGES", "LANG"].into_iter().find_map(set);
        let is_french = spoken.is_some_and(|lang| lang.to_string_lossy().starts_with("fr"));
        let of_home = || set("HOME").map(|home| PathBuf::from(home).join(".config"));
        Self {
            lang: if is_french { Lang::Fr } else { Lang::En },
            folder: set("XDG_CONFIG_HOME").map(PathBuf::from).or_else(of_home),
        }
    }
}

fn main() -> ExitCode {
    let environment = Environment::read();
    let given: Vec<OsString> = env::args_os().collect();
    let lang = help::asked(&given).unwrap_or(environment.lang);
    let program = help::spoken(Arguments::command(), lang);
    let parsed = program.clone().try_get_matches_from(given);
    let arguments = match parsed.and_then(|matches| Arguments::from_arg_matches(&matches)) {
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
    match run(&arguments, environment.folder, program) {
        Ok(exit) => exit.into(),
        Err(failure) => {
            let exit = failure.exit();
            let _ = writeln!(io::stderr(), "neoctl: {:#}", anyhow::Error::from(failure));
            exit.into()
        }
    }
}

fn run(arguments: &Arguments, folder: Option<PathBuf>, program: clap::Command) -> Result<Exit, Failure> {
    let contexts = Contexts::read(folder)?;
    let session = Session::new(&arguments.globals, &contexts, wall_clock())?;
    let answer = arguments.command.run(&session, program)?;
    let mut out = io::stdout().lock();
    out.write_all(answer.written(session.form()).as_bytes())
        .map_err(Failure::Output)?;
    Ok(answer.exit())
}
