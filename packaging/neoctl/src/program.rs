//! `completion`, `man` and `version`: what the program says of itself.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use clap::{Args, ValueEnum};
use clap_complete::Shell;
use serde_json::json;
use thiserror::Error;

use crate::Exit;
use crate::answer::{Answer, Rows};

/// Everything that the build was pinned to.
const LOCK: &str = include_str!("../../../Cargo.lock");

#[derive(Debug, Args)]
pub(crate) struct Completion {
    /// The shell whose script is printed.
    #[arg(value_enum)]
    shell: CompletedShell,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
enum CompletedShell {
    Bash,
    Zsh,
    Fish,
}

#[derive(Debug, Args)]
pub(crate) struct Man {
    /// The folder for the pages; made where it is missing.
    #[arg(long)]
    out: PathBuf,
}

#[derive(Debug, Args)]
pub(crate) struct Version {
    /// The list of the packages that this build is pinned to, as CycloneDX JSON.
    #[arg(long)]
    sbom: bool,
}

/// Why the manual is not written.
#[derive(Debug, Error)]
#[error("cannot write the manual to `{}`", dir.display())]
pub(crate) struct Unwritten {
    dir: PathBuf,
    #[source]
    source: io::Error,
}

impl Unwritten {
    pub(crate) fn exit(&self) -> Exit {
        Exit::of(&self.source)
    }
}

impl Completion {
    pub(crate) fn script(&self, mut command: clap::Command) -> Answer {
        let shell = match self.shell {
            CompletedShell::Bash => Shell::Bash,
            CompletedShell::Zsh => Shell::Zsh,
            CompletedShell::Fish => Shell::Fish,
        };
        let mut script = Vec::new();
        clap_complete::generate(shell, &mut command, "neoctl", &mut script);
        Answer::raw("script", String::from_utf8_lossy(&script).into_owned())
    }
}

impl Man {
    /// A page for the program and one for each command.
    pub(crate) fn write(&self, command: clap::Command) -> Result<Answer, Unwritten> {
        let pages = write_pages(&self.out, command).map_err(|source| Unwritten {
            dir: self.out.clone(),
            source,
        })?;
        let rows = vec![
            ("folder", self.out.display().to_string().into()),
            ("pages", pages.into()),
        ];
        Ok(Answer::one("man", Rows(rows)))
    }
}

fn write_pages(dir: &Path, command: clap::Command) -> io::Result<usize> {
    fs::create_dir_all(dir)?;
    clap_mangen::generate_to(command, dir)?;
    let mut pages = 0;
    for entry in fs::read_dir(dir)? {
        pages += usize::from(
            entry?
                .path()
                .extension()
                .is_some_and(|extension| extension == "1"),
        );
    }
    Ok(pages)
}

impl Version {
    pub(crate) fn answer(&self) -> Answer {
        if !self.sbom {
            return Answer::one(
                "version",
                Rows(vec![("neoctl", env!("CARGO_PKG_VERSION").into())]),
            );
        }
        let lock: toml::Table = LOCK.parse().expect("cargo wrote the lock file");
        let packages = lock.get("package").and_then(toml::Value::as_array);
        let components: Vec<serde_json::Value> = packages.into_iter().flatten().map(component).collect();
        Answer::one(
            "sbom",
            Rows(vec![
                ("bomFormat", "CycloneDX".into()),
                ("specVersion", "1.5".into()),
                ("version", 1.into()),
                ("components", components.into()),
            ]),
        )
    }
}

fn component(package: &toml::Value) -> serde_json::Value {
    let text = |name: &str| {
        package
            .get(name)
            .and_then(toml::Value::as_str)
            .unwrap_or_default()
    };
    let (name, version, checksum) = (text("name"), text("version"), text("checksum"));
    let mut component = json!({
        "type": "library",
        "name": name,
        "version": version,
        "purl": format!("pkg:cargo/{name}@{version}"),
    });
    // What this project holds itself has no checksum.
    if !checksum.is_empty() {
        component["hashes"] = json!([{ "alg": "SHA-256", "content": checksum }]);
    }
    component
}
