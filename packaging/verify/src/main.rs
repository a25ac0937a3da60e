//! `neo-verify`: checks evidence offline, for courts, inspections and defence lawyers.
//!
//! Reads the named files and nothing else, writes nothing, knows no network; the exit code is the outcome.

mod events;
mod json;
mod source;
mod text;
mod video;
mod words;

use std::fs;
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::Context;
use clap::Parser;
use evidence::folder::Large;
use evidence::report::{Report, verify_file, verify_large, verify_video};
use evidence::video::Bytes;
use trust::cert::Certificate;
use trust::maker;

use self::source::Source;
use self::words::Language;

/// EX_USAGE of sysexits.h: the command line is wrong, nothing was checked.
const USAGE: u8 = 64;

#[derive(Parser)]
#[command(
    version,
    about = "Vérifie hors ligne une pièce : dossier d'acte, d'enregistrement ou d'effacement, segment, PDF signé, vidéo.",
    after_help = "Codes : 0 conforme, 1 altéré, 2 incomplet ou fichier de trop, 3 signataire non reconnu, 4 illisible, 64 commande erronée."
)]
struct Arguments {
    #[arg(help = "Dossier ou fichier à vérifier")]
    path: PathBuf,
    #[arg(long, value_name = "PEM", help = "Certificats racines de confiance")]
    anchors: PathBuf,
    #[arg(
        long,
        value_name = "PEM",
        help = "Racines de confiance pour les seules caméras"
    )]
    camera_anchors: Option<PathBuf>,
    #[arg(long, help = "Rapport en JSON")]
    json: bool,
    #[arg(long, value_enum, default_value = "fr", help = "Langue du rapport")]
    lang: Language,
}

fn main() -> ExitCode {
    let arguments = match Arguments::try_parse() {
        Ok(arguments) => arguments,
        Err(refusal) => {
            let asked_for = !refusal.use_stderr();
            let printed = refusal.print();
            return if asked_for && printed.is_ok() {
                ExitCode::SUCCESS
            } else {
                ExitCode::from(USAGE)
            };
        }
    };
    match run(&arguments) {
        Ok(code) => ExitCode::from(code),
        Err(error) => {
            // Nobody is left to tell when standard error is closed as well.
            let _ = writeln!(io::stderr(), "neo-verify: {error:#}");
            ExitCode::from(USAGE)
        }
    }
}

fn run(arguments: &Arguments) -> anyhow::Result<u8> {
    let anchors = certificates(&arguments.anchors)?;
    let makers = arguments
        .camera_anchors
        .as_deref()
        .map(makers)
        .transpose()?
        .unwrap_or_default();
    let report = match source::read(&arguments.path) {
        Ok(Source::Folder(folder)) => {
            // A maker's root that is not of the project's form can vouch for no camera of the project.
            let own = makers.iter().map(|root| Certificate::from_der(root.der()));
            let footage = folder.footage.iter();
            let large: Large<'_> = footage
                .map(|(name, file)| (name.clone(), file as &dyn Bytes))
                .collect();
            let cameras: Vec<_> = own.filter_map(Result::ok).collect();
            verify_large(&folder.files, &large, &anchors, &cameras)
        }
        Ok(Source::File(bytes)) => verify_file(&bytes, &anchors, &makers),
        Ok(Source::Video(video)) => verify_video(&video, &anchors, &makers),
        Err(refusal) => {
            writeln!(io::stderr(), "neo-verify: {:#}", anyhow::Error::from(refusal))?;
            Report::unreadable(arguments.path.display().to_string())
        }
    };
    let written = if arguments.json {
        json::render(&report)?
    } else {
        text::render(&report, arguments.lang)
    };
    io::stdout()
        .lock()
        .write_all(written.as_bytes())
        .context("could not write the report")?;
    Ok(report.outcome().exit_code())
}

fn certificates(path: &Path) -> anyhow::Result<Vec<Certificate>> {
    let pem = fs::read_to_string(path).with_context(|| format!("could not read `{}`", path.display()))?;
    Certificate::parse_pem_chain(&pem).with_context(|| {
        format!(
            "could not read the certificates of `{}`; it holds PEM blocks alone",
            path.display()
        )
    })
}

/// Roots of cameras, whatever their makers' certificates look like.
fn makers(path: &Path) -> anyhow::Result<Vec<maker::Certificate>> {
    let pem = fs::read(path).with_context(|| format!("could not read `{}`", path.display()))?;
    maker::Certificate::parse_pem_chain(&pem).with_context(|| {
        format!(
            "could not read the certificates of `{}`; it holds PEM blocks",
            path.display()
        )
    })
}
