//! `neo-sim`: a terminal, a camera, a radio and an HQ on one computer.

use std::io::IsTerminal;
use std::net::SocketAddr;
use std::path::PathBuf;
use std::process::ExitCode;

use agent::supervisor::Brokers;
use anyhow::{Context, bail};
use clap::{Parser, Subcommand};
use hq::serve::Address;
use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use simulator::ground::Outside;
use simulator::patrol;
use simulator::patrol::scenario::{self, Scenario};
use simulator::{bench, console, enrol, fleet, reader, screens, terminal};
use tracing_subscriber::EnvFilter;

/// Usage errors (sysexits.h).
const EX_USAGE: u8 = 64;

/// The officer terminal on a desktop: run it, break it, replay it.
///
/// Without a command it opens the phone, the control panel and headquarters' console in one window.
#[derive(Parser)]
#[command(name = "neo-sim", version, args_conflicts_with_subcommands = true)]
struct Arguments {
    #[command(subcommand)]
    command: Option<Command>,
    #[command(flatten)]
    desktop: DesktopArguments,
}

#[derive(clap::Args)]
struct DesktopArguments {
    /// A scenario file to play on the phone, step by step; the built-in patrol when absent.
    #[arg(long)]
    scenario: Option<PathBuf>,
    /// Where the simulated force lives, kept between runs; `out/desktop` when absent, or beside what is replayed.
    #[arg(long)]
    out: Option<PathBuf>,
    #[arg(long, default_value_t = 7)]
    seed: u64,
    /// Plays the steps that were played in this folder again, from its log and into a new folder, and says whether it comes
    /// out the same.
    #[arg(long, value_name = "DIR", conflicts_with_all = ["scenario", "seed"])]
    replay: Option<PathBuf>,
    /// The recording that the camera plays; the built-in one when absent.
    #[arg(long)]
    clip: Option<PathBuf>,
    #[arg(long, value_enum, default_value_t = ThemeName::Light)]
    theme: ThemeName,
    /// A folder of images: what the terminal's simulated camera sees, and of which the newest can be taken as a file.
    #[arg(long, value_name = "DIR")]
    photos: Option<PathBuf>,
    /// Photographs with the camera of this computer.
    #[cfg(feature = "still")]
    #[arg(long)]
    webcam: bool,
}

#[derive(Debug, Clone, Copy, clap::ValueEnum)]
enum ThemeName {
    Light,
    Dark,
    Night,
}

impl ThemeName {
    const fn theme(self) -> ui::Theme {
        match self {
            Self::Light => ui::Theme::Light,
            Self::Dark => ui::Theme::Dark,
            Self::Night => ui::Theme::Night,
        }
    }
}

#[derive(Subcommand)]
enum Command {
    /// Plays a whole patrol without screens; exit 0 only if everything that was checked holds.
    Patrol(PatrolArguments),
    /// Reads a scenario: says what it holds, or what is wrong with it, line by line; `docs/scenarios.md` explains all of it.
    Scenario {
        file: PathBuf,
        /// Prints the same as JSON.
        #[arg(long)]
        json: bool,
    },
    /// Writes HQ's keys, the broker's certificate and a ready mosquitto.conf with its access list.
    Pki {
        #[arg(long)]
        out: PathBuf,
        /// The broker's listener for records; footage goes to the next port, enrolment to the one after.
        #[arg(long, default_value_t = 8883)]
        port: u16,
    },
    /// Shows every widget in every state, for whoever draws a screen or changes the theme.
    StyleGuide {
        #[arg(long, value_enum, default_value_t = ThemeName::Light)]
        theme: ThemeName,
    },
    /// Measures what the product costs, as ratios; docs/performance.md explains them.
    Bench(BenchArguments),
    /// A recording that comes in while memory is measured; used by `bench`.
    #[command(hide = true)]
    BenchFlood {
        #[arg(long)]
        dir: PathBuf,
        #[arg(long)]
        bytes: u64,
    },
    /// A terminal whose start is measured; used by `bench`.
    #[command(hide = true)]
    BenchPhone {
        #[arg(long)]
        dir: PathBuf,
        #[arg(long)]
        card: PathBuf,
        #[arg(long)]
        port: u16,
    },
    /// Runs HQ on an embedded broker until it is interrupted, and says where it listens.
    Hq {
        #[arg(long, default_value = "out/force")]
        out: PathBuf,
        /// Seed of the synthetic police files.
        #[arg(long, default_value_t = 7)]
        seed: u64,
    },
    /// Switches a body camera on until it is interrupted, and says its address and what its tag carries.
    Camera {
        /// The MP4 file that it has recorded.
        #[arg(long)]
        clip: PathBuf,
        #[arg(long, default_value = "out/force")]
        out: PathBuf,
    },
    /// Puts an agent card into the virtual reader of `vpcd`, for programs that drive readers through PC/SC.
    Card {
        /// The folder of the card.
        #[arg(long)]
        dir: PathBuf,
        /// Where `vpcd` waits for a card.
        #[arg(long, default_value = reader::VPCD)]
        vpcd: SocketAddr,
    },
    /// Lets many terminals deliver at once while HQ dies and comes back; exit 0 only if every act arrived once.
    ///
    /// Each terminal is a whole one: its own encrypted database, engine, keys and mutually authenticated connection.
    /// Its officer signs some acts without network; then all terminals connect at once. When half of the receipts are
    /// stored, HQ's process is killed, and started again a moment later; every terminal comes back by itself, spread
    /// over the window that HQ asks for. At the end HQ's records are held against what was signed.
    Fleet(FleetArguments),
    /// A process of `fleet`.
    #[command(hide = true)]
    FleetPart { part: String },
    /// Writes the pictures of README and guides: plays the built-in patrol and draws it, without a display.
    Screens {
        #[arg(long, default_value = "docs/screens")]
        out: PathBuf,
    },
    /// Plays the log of an in-memory world again and prints what came of each act, and of the camera's recording.
    Replay { log: PathBuf },
    /// A terminal as a process of its own; used by `patrol`.
    #[command(hide = true)]
    Terminal(TerminalArguments),
}

#[derive(clap::Args)]
struct PatrolArguments {
    /// A scenario file; the built-in patrol when absent.
    #[arg(long)]
    scenario: Option<PathBuf>,
    /// Fixes ids, police files and the points where the terminal dies.
    #[arg(long, default_value_t = 7)]
    seed: u64,
    /// Where everything is written; a patrol that was killed goes on there.
    #[arg(long, default_value = "out")]
    out: PathBuf,
    /// The recording that the camera plays; the built-in one when absent.
    #[arg(long)]
    clip: Option<PathBuf>,
    #[command(flatten)]
    broker: BrokerArguments,
    /// Prints the report on standard output.
    #[arg(long)]
    json: bool,
}

#[derive(clap::Args)]
struct BrokerArguments {
    /// A running broker, `mqtts://host:port`; footage goes to the next port, enrolment to the one after. Without it HQ brings its
    /// own.
    #[arg(long, requires = "pki", value_parser = Address::parse)]
    broker: Option<Address>,
    /// HQ's keys, as `neo-sim pki` wrote them.
    #[arg(long, requires = "broker")]
    pki: Option<PathBuf>,
}

impl BrokerArguments {
    fn outside(self) -> Option<Outside> {
        let (address, pki) = self.broker.zip(self.pki)?;
        Some(Outside { address, pki })
    }
}

#[derive(clap::Args)]
struct FleetArguments {
    /// How many terminals; two processors need one minute for 50 and two for 200, most of it to sign.
    #[arg(long, value_parser = clap::value_parser!(u32).range(1..=5_000))]
    terminals: u32,
    /// How many signed acts wait in each terminal.
    #[arg(long, default_value_t = 3, value_parser = clap::value_parser!(u32).range(1..=100))]
    acts: u32,
    /// Fixes ids and the moments at which terminals connect.
    #[arg(long, default_value_t = 7)]
    seed: u64,
    /// An empty folder that keeps every database and `report.json`; without it nothing is kept.
    #[arg(long)]
    out: Option<PathBuf>,
    #[command(flatten)]
    broker: BrokerArguments,
    /// Prints the report as JSON.
    #[arg(long)]
    json: bool,
}

#[derive(clap::Args)]
struct BenchArguments {
    /// Measures this part alone; may be given again.
    #[arg(long = "only", value_enum)]
    parts: Vec<bench::Part>,
    /// How often each side is measured; medians are printed.
    #[arg(long, default_value_t = 5, value_parser = clap::value_parser!(u16).range(1..))]
    repetitions: u16,
    /// Where databases and recordings are written; the system's folder for temporary files when absent.
    #[arg(long)]
    dir: Option<PathBuf>,
    /// The Slint hello world; `examples/hello` beside this program when absent.
    #[arg(long)]
    hello: Option<PathBuf>,
    /// Prints the figures as JSON.
    #[arg(long)]
    json: bool,
    /// Exit 1 when a target is missed or was not measured.
    #[arg(long)]
    check: bool,
}

#[derive(clap::Args)]
struct TerminalArguments {
    #[arg(long)]
    dir: PathBuf,
    #[arg(long)]
    card: PathBuf,
    #[arg(long)]
    broker_port: u16,
    #[arg(long)]
    bulk_port: u16,
    #[arg(long)]
    bootstrap_port: u16,
    #[arg(long)]
    camera: Option<SocketAddr>,
    #[arg(long, default_value_t = 0)]
    seed: u64,
}

fn main() -> ExitCode {
    let arguments = match Arguments::try_parse() {
        Ok(arguments) => arguments,
        Err(error) => {
            let _ = error.print();
            return if error.use_stderr() {
                ExitCode::from(EX_USAGE)
            } else {
                ExitCode::SUCCESS
            };
        }
    };
    match run(arguments) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            complain(&error);
            ExitCode::FAILURE
        }
    }
}

#[expect(
    clippy::print_stderr,
    reason = "the one place that tells a person why the program failed"
)]
fn complain(error: &anyhow::Error) {
    eprintln!("neo-sim: {error:#}");
}

fn run(arguments: Arguments) -> anyhow::Result<()> {
    match arguments.command {
        Some(Command::Patrol(arguments)) => play(arguments),
        Some(Command::Scenario { file, json }) => {
            let (said, readable) = console::scenario(&file, json)?;
            say(&said);
            if readable {
                Ok(())
            } else {
                bail!("`{}` cannot be played", file.display())
            }
        }
        Some(Command::Pki { out, port }) => pki(&out, port),
        Some(Command::StyleGuide { theme }) => style_guide(theme),
        Some(Command::Bench(arguments)) => measure(arguments),
        Some(Command::BenchFlood { dir, bytes }) => {
            say(&bench::flood(&bench::Flood { dir, bytes })?.to_string());
            Ok(())
        }
        Some(Command::BenchPhone { dir, card, port }) => bench::serve(&bench::Phone { dir, card, port }),
        Some(Command::Hq { out, seed }) => {
            log_to_stderr();
            console::hq(&out, seed, say)
        }
        Some(Command::Camera { clip, out }) => {
            log_to_stderr();
            console::camera(&out, &clip, say)
        }
        Some(Command::Card { dir, vpcd }) => {
            log_to_stderr();
            reader::insert(&dir, vpcd)
        }
        Some(Command::Fleet(arguments)) => herd(arguments),
        Some(Command::FleetPart { part }) => {
            log_to_stderr();
            fleet::part(&part, &say)
        }
        Some(Command::Screens { out }) => {
            log_to_stderr();
            let bar = spinner()?;
            let program = std::env::current_exe().context("could not find this program")?;
            let written = screens::write(&out, program, &|step| bar.set_message(step.to_owned()))?;
            bar.finish_and_clear();
            written.iter().for_each(|path| say(&path.display().to_string()));
            Ok(())
        }
        Some(Command::Replay { log }) => {
            log_to_stderr();
            let text = std::fs::read_to_string(&log)
                .with_context(|| format!("could not read `{}`", log.display()))?;
            console::replay(&text)?.iter().for_each(|line| say(line));
            Ok(())
        }
        Some(Command::Terminal(arguments)) => serve(arguments),
        None => desktop(arguments.desktop),
    }
}

fn play(arguments: PatrolArguments) -> anyhow::Result<()> {
    log_to_stderr();
    let options = patrol::Options {
        scenario: read_scenario(arguments.scenario.as_deref())?,
        seed: arguments.seed,
        clip: arguments.clip,
        outside: arguments.broker.outside(),
        program: std::env::current_exe().context("could not find this program")?,
        screens: true,
        out: arguments.out,
    };
    let bar = spinner()?;
    let report = patrol::run(&options, &|step| bar.set_message(step.to_owned()))?;
    bar.finish_and_clear();
    if arguments.json {
        say(&serde_json::to_string_pretty(&report)?);
    } else {
        let checked: usize = report.invariants.iter().map(|invariant| invariant.checked).sum();
        say(&format!(
            "{} records and {} clip(s) at HQ, {} kills survived, {} invariants hold over {checked} checks; see {}",
            report.records.len() - report.destructions,
            report.clips.len(),
            report.kills,
            report.invariants.len(),
            options.out.join("report.json").display()
        ));
    }
    Ok(())
}

fn read_scenario(path: Option<&std::path::Path>) -> anyhow::Result<Scenario> {
    let text = match path {
        Some(path) => {
            std::fs::read_to_string(path).with_context(|| format!("could not read `{}`", path.display()))?
        }
        None => scenario::DEFAULT.to_owned(),
    };
    Ok(Scenario::parse(&text)?)
}

fn desktop(arguments: DesktopArguments) -> anyhow::Result<()> {
    #[cfg(feature = "still")]
    let camera = if arguments.webcam {
        simulator::desktop::Camera::Own
    } else {
        simulator::desktop::Camera::Simulated
    };
    #[cfg(not(feature = "still"))]
    let camera = simulator::desktop::Camera::Simulated;
    log_to_stderr();
    let (scenario, seed, before) = match &arguments.replay {
        Some(dir) => {
            let log = patrol::Log::read(dir)?;
            (log.scenario, log.seed, Some(log.outcome))
        }
        None => (
            read_scenario(arguments.scenario.as_deref())?,
            arguments.seed,
            None,
        ),
    };
    let out = arguments.out.unwrap_or_else(|| match &arguments.replay {
        Some(dir) => dir.with_extension("replay"),
        None => PathBuf::from("out/desktop"),
    });
    if arguments.replay.is_some() && out.exists() {
        bail!(
            "`{}` exists; a replay begins in a new folder, choose another --out",
            out.display()
        );
    }
    let report = simulator::desktop::run(&simulator::desktop::Options {
        patrol: patrol::Options {
            scenario,
            seed,
            out,
            clip: arguments.clip,
            outside: None,
            program: std::env::current_exe().context("could not find this program")?,
            screens: false,
        },
        camera,
        before,
        photos: arguments.photos,
        theme: arguments.theme.theme(),
    })?;
    if let Some(report) = report {
        say(&format!(
            "{} records at HQ, {} invariants hold",
            report.records.len() - report.destructions,
            report.invariants.len()
        ));
    }
    Ok(())
}

fn style_guide(theme: ThemeName) -> anyhow::Result<()> {
    let (views, shown) = std::sync::mpsc::channel();
    let options = ui::Options {
        title: "NEO".to_owned(),
        screen: Some(ui::Screen::StyleGuide),
        appearance: ui::Appearance {
            theme: theme.theme(),
            ..ui::Appearance::default()
        },
        ..ui::Options::default()
    };
    let closed = ui::run(|_| (), shown, options);
    drop(views);
    Ok(closed?)
}

fn measure(arguments: BenchArguments) -> anyhow::Result<()> {
    log_to_stderr();
    let options = bench::Options {
        parts: arguments.parts,
        repetitions: usize::from(arguments.repetitions),
        dir: arguments.dir,
        program: std::env::current_exe().context("could not find this program")?,
        hello: arguments.hello,
    };
    let bar = spinner()?;
    let report = bench::run(&options, &|step| bar.set_message(step.to_owned()))?;
    bar.finish_and_clear();
    if arguments.json {
        say(&serde_json::to_string_pretty(&report)?);
    } else {
        say(&report.to_string());
    }
    if arguments.check && !report.all_met() {
        bail!("a target was missed or not measured");
    }
    Ok(())
}

fn herd(arguments: FleetArguments) -> anyhow::Result<()> {
    log_to_stderr();
    let options = fleet::Options {
        terminals: arguments.terminals,
        acts: arguments.acts,
        seed: arguments.seed,
        out: arguments.out,
        outside: arguments.broker.outside(),
        program: std::env::current_exe().context("could not find this program")?,
    };
    let bar = spinner()?;
    let report = fleet::run(&options, &|step| bar.set_message(step.to_owned()))?;
    bar.finish_and_clear();
    if arguments.json {
        say(&serde_json::to_string_pretty(&report)?);
    } else {
        say(&report.to_string());
    }
    if !report.is_the_signed_set() {
        bail!("HQ does not hold what was signed, once each");
    }
    Ok(())
}

fn pki(out: &std::path::Path, port: u16) -> anyhow::Result<()> {
    let now = agent::clock::Clock::new(domain::Zone::Paris).now();
    let pki = enrol::pki(out, now.utc)?;
    let ports = hq::pki::Ports::from(port).context("the port has no next ones")?;
    let files = pki.mosquitto(ports)?;
    say(&format!("mosquitto -c {}", files.configuration.display()));
    Ok(())
}

fn serve(arguments: TerminalArguments) -> anyhow::Result<()> {
    agent::process::harden();
    let _log = agent::logs::start(&agent::site::Site::new(&arguments.dir).logs())?;
    let brokers = Brokers {
        host: "127.0.0.1".to_owned(),
        port: arguments.broker_port,
        bulk_port: arguments.bulk_port,
        bootstrap_port: arguments.bootstrap_port,
    };
    terminal::run(&terminal::Options {
        dir: arguments.dir,
        card: arguments.card,
        brokers,
        camera: arguments.camera,
        seed: arguments.seed,
    })
}

fn spinner() -> anyhow::Result<ProgressBar> {
    let bar = ProgressBar::new_spinner();
    bar.set_style(ProgressStyle::with_template("{spinner} {wide_msg}")?);
    if !std::io::stderr().is_terminal() {
        bar.set_draw_target(ProgressDrawTarget::hidden());
    }
    Ok(bar)
}

fn log_to_stderr() {
    let filter = EnvFilter::try_from_env("NEO_LOG").unwrap_or_else(|_| EnvFilter::new("off"));
    tracing_subscriber::fmt()
        .with_writer(std::io::stderr)
        .with_env_filter(filter)
        .init();
}

#[expect(clippy::print_stdout, reason = "the program's one output besides files")]
fn say(text: &str) {
    println!("{text}");
}
