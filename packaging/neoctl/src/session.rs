//! One run of the program: what its user chose for all commands, and where headquarters is.

use std::cell::{Cell, RefCell};
use std::io::{self, IsTerminal, Write};
use std::path::{Path, PathBuf};

use clap::{Args, ValueEnum};
use domain::UnixMs;
use hq::store::{Server, ServerError};
use thiserror::Error;

use crate::Exit;
use crate::answer::Form;
use crate::context::{self, Context, Contexts, Kind};

const RED: &str = "\x1b[1;31m";
const PLAIN: &str = "\x1b[0m";

/// Options of every command.
#[derive(Debug, Args)]
#[command(next_help_heading = "Global options")]
pub(crate) struct Globals {
    /// The headquarters to work on, as `context add` named it.
    #[arg(long, global = true, value_name = "NAME")]
    pub(crate) context: Option<String>,
    /// One JSON object in place of text.
    #[arg(long, global = true)]
    json: bool,
    /// A line of JSON for each thing of a list, and for each row of a batch as it is done.
    #[arg(long, global = true, conflicts_with = "json")]
    ndjson: bool,
    /// Says yes beforehand to what destroys or revokes; not enough in production.
    #[arg(long, global = true)]
    yes: bool,
    /// The name of what is destroyed or revoked, again; needed in production and for a wipe.
    #[arg(long, global = true, value_name = "NAME")]
    pub(crate) confirm: Option<String>,
    /// Says what would be done, and changes nothing.
    #[arg(long, global = true)]
    pub(crate) dry_run: bool,
    /// `postgres://…` of the database that a new folder of headquarters keeps its store in; the folder remembers it.
    #[arg(long, global = true, value_name = "URL")]
    store: Option<Server>,
    /// No progress, and no word on which headquarters it is.
    #[arg(long, short, global = true, conflicts_with = "verbose")]
    quiet: bool,
    /// Says which folders are used.
    #[arg(long, short, global = true)]
    verbose: bool,
    /// Colours on standard error.
    #[arg(long, global = true, value_enum, default_value_t = Color::Auto)]
    color: Color,
    /// The language of the help; that of the environment when absent.
    #[arg(long, global = true, value_enum)]
    pub(crate) lang: Option<Lang>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Color {
    Auto,
    Always,
    Never,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Lang {
    Fr,
    En,
}

/// Headquarters' folder.
#[derive(Debug, Args)]
pub(crate) struct HqFolder {
    /// The folder of `neo-hq --dir`; that of the context when absent.
    #[arg(long)]
    dir: Option<PathBuf>,
}

/// The folder of headquarters' keys.
#[derive(Debug, Args)]
pub(crate) struct PkiFolder {
    /// The folder of `neo-hq --pki`; that of the context when absent.
    #[arg(long)]
    pki: Option<PathBuf>,
}

/// What a command does to headquarters.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Effect<'a> {
    Reads,
    /// Changes something, and has no trial.
    Writes,
    /// Changes something, or says on a trial what it would change.
    Previews,
    /// Cannot be taken back: the name that its user has to type in production.
    Destroys(&'a str),
}

/// Why a command does not begin.
#[derive(Debug, Error)]
pub(crate) enum Unready {
    #[error("which headquarters? add `--dir`, or choose a context with `neoctl context use`")]
    NoFolder,
    #[error("whose keys? add `--pki`, or choose a context that names them with `neoctl context use`")]
    NoKeys,
    #[error("this command has no trial; run it without `--dry-run`")]
    NoTrial,
    #[error("this cannot be taken back in production: add `--confirm {name}`")]
    Unconfirmed { name: String },
    #[error("this cannot be taken back: add `--yes`, or `--confirm {name}`")]
    Unasked { name: String },
    #[error(transparent)]
    Context(#[from] context::ContextError),
    #[error(transparent)]
    Server(#[from] ServerError),
}

impl Unready {
    pub(crate) fn exit(&self) -> Exit {
        match self {
            Self::NoFolder | Self::NoKeys | Self::NoTrial => Exit::Usage,
            Self::Unconfirmed { .. } | Self::Unasked { .. } => Exit::Approval,
            Self::Context(error) => error.exit(),
            Self::Server(ServerError::InFile { .. } | ServerError::Elsewhere { .. }) => Exit::Conflict,
            Self::Server(ServerError::File { .. } | ServerError::Unreadable { .. }) => Exit::Failed,
        }
    }
}

/// What holds for one command.
pub(crate) struct Session<'a> {
    globals: &'a Globals,
    pub(crate) contexts: &'a Contexts,
    context: Option<(&'a str, &'a Context)>,
    pub(crate) now: UnixMs,
    announced: Cell<bool>,
    /// What is destroyed on a `--yes` alone, which a folder of production does not take.
    unconfirmed: RefCell<Option<String>>,
}

impl<'a> Session<'a> {
    pub(crate) fn new(globals: &'a Globals, contexts: &'a Contexts, now: UnixMs) -> Result<Self, Unready> {
        let context = contexts.chosen(globals.context.as_deref())?;
        Ok(Self {
            globals,
            contexts,
            context,
            now,
            announced: Cell::new(false),
            unconfirmed: RefCell::new(None),
        })
    }

    /// Refuses what was not meant enough.
    pub(crate) fn begin(&self, effect: Effect<'_>) -> Result<(), Unready> {
        if self.globals.dry_run && effect == Effect::Writes {
            return Err(Unready::NoTrial);
        }
        let Effect::Destroys(name) = effect else {
            return Ok(());
        };
        if self.globals.dry_run {
            return Err(Unready::NoTrial);
        }
        // A refusal has to say which headquarters it protects.
        if let Some((name, context)) = self.context {
            self.announce(name, context.kind);
        }
        let confirmed = self.globals.confirm.as_deref() == Some(name);
        let name = name.to_owned();
        match (confirmed, self.is_production(), self.globals.yes) {
            (true, _, _) => Ok(()),
            (false, true, _) => Err(Unready::Unconfirmed { name }),
            (false, false, false) => Err(Unready::Unasked { name }),
            (false, false, true) => {
                self.unconfirmed.replace(Some(name));
                Ok(())
            }
        }
    }

    /// The name of the chosen context.
    pub(crate) fn context_name(&self) -> Option<&str> {
        self.context.map(|(name, _)| name)
    }

    fn is_production(&self) -> bool {
        self.context
            .is_some_and(|(_, context)| context.kind == Kind::Production)
    }

    /// Says once which headquarters it is.
    fn announce(&self, name: &str, kind: Kind) {
        if self.globals.quiet || self.announced.replace(true) {
            return;
        }
        let mut out = io::stderr().lock();
        // A closed terminal is no reason to end.
        let _ = match (kind, self.is_coloured()) {
            (Kind::Production, true) => writeln!(out, "{RED}PRODUCTION: {name}{PLAIN}"),
            (Kind::Production, false) => writeln!(out, "PRODUCTION: {name}"),
            (Kind::Test, _) => writeln!(out, "test: {name}"),
        };
    }

    fn is_coloured(&self) -> bool {
        match self.globals.color {
            Color::Auto => io::stderr().is_terminal(),
            Color::Always => true,
            Color::Never => false,
        }
    }

    /// The folder of headquarters.
    pub(crate) fn hq(&self, given: &'a HqFolder) -> Result<&'a Path, Unready> {
        let folder = self.hq_if_any(given).ok_or(Unready::NoFolder)?;
        if let Some(server) = &self.globals.store {
            server.keep_for(folder)?;
        }
        self.used("dir", folder)
    }

    pub(crate) fn hq_if_any(&self, given: &'a HqFolder) -> Option<&'a Path> {
        let of_context = self.context.map(|(_, context)| context.dir.as_path());
        given.dir.as_deref().or(of_context)
    }

    /// The folder of headquarters' keys.
    pub(crate) fn pki(&self, given: &'a PkiFolder) -> Result<&'a Path, Unready> {
        let folder = self.pki_if_any(given).ok_or(Unready::NoKeys)?;
        self.used("pki", folder)
    }

    pub(crate) fn pki_if_any(&self, given: &'a PkiFolder) -> Option<&'a Path> {
        let of_context = self.context.and_then(|(_, context)| context.pki.as_deref());
        given.pki.as_deref().or(of_context)
    }

    /// Whatever names the folder, one of production is treated as such.
    fn used(&self, what: &str, folder: &'a Path) -> Result<&'a Path, Unready> {
        let path = std::path::absolute(folder).unwrap_or_else(|_| folder.to_owned());
        if let Some((name, context)) = self.contexts.of_folder(&path) {
            self.announce(name, context.kind);
            let unconfirmed = self.unconfirmed.borrow();
            if let Some(name) = unconfirmed.clone().filter(|_| context.kind == Kind::Production) {
                return Err(Unready::Unconfirmed { name });
            }
        }
        if self.globals.verbose {
            let _ = writeln!(io::stderr(), "{what}: {}", folder.display());
        }
        Ok(folder)
    }

    /// The production that the folder of headquarters, or the chosen context, belongs to.
    pub(crate) fn production(&self, hq: &Path) -> Option<&str> {
        let path = std::path::absolute(hq).unwrap_or_else(|_| hq.to_owned());
        self.contexts
            .of_folder(&path)
            .or(self.context)
            .filter(|(_, context)| context.kind == Kind::Production)
            .map(|(name, _)| name)
    }

    /// Refuses what cannot be taken back and was not said to be meant; `name` is what may be typed.
    pub(crate) fn meant(&self, name: &str) -> Result<(), Unready> {
        if self.globals.yes || self.globals.confirm.as_deref() == Some(name) {
            return Ok(());
        }
        let name = name.to_owned();
        Err(Unready::Unasked { name })
    }

    pub(crate) const fn is_trial(&self) -> bool {
        self.globals.dry_run
    }

    /// The name that was typed a second time.
    pub(crate) fn confirmed(&self) -> Option<&str> {
        self.globals.confirm.as_deref()
    }

    /// Whether progress is shown: on a terminal, to somebody who wants it.
    pub(crate) fn shows_progress(&self) -> bool {
        !self.globals.quiet && io::stderr().is_terminal()
    }

    pub(crate) const fn form(&self) -> Form {
        self.globals.form()
    }
}

impl Globals {
    pub(crate) const fn form(&self) -> Form {
        if self.ndjson {
            Form::JsonLines
        } else if self.json {
            Form::Json
        } else {
            Form::Text
        }
    }
}
