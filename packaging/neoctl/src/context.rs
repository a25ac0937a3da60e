//! `context`: the headquarters that a fleet manager works on, by name, so that no command needs its folders again.
//!
//! A context is production or test, and says so whenever it is used.

use std::collections::BTreeMap;
use std::fs;
use std::io::{self, Write};
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};

use clap::{Subcommand, ValueEnum};
use serde::{Deserialize, Serialize};
use thiserror::Error;

use crate::Exit;
use crate::answer::{Answer, Rows};
use crate::session::{Effect, Session};

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Names a headquarters; the first one becomes the current one.
    Add {
        name: Name,
        /// The folder of `neo-hq --dir`.
        #[arg(long)]
        dir: PathBuf,
        /// The folder of `neo-hq --pki`.
        #[arg(long)]
        pki: Option<PathBuf>,
        /// Whether real terminals hang on it.
        #[arg(long, value_enum)]
        kind: Kind,
    },
    /// Makes one the current context, for every command without `--context`.
    Use { name: Name },
    /// Lists the contexts by name.
    List,
    /// Shows one context, the current one when no name is given.
    Show { name: Option<Name> },
    /// Forgets a context; its folders stay as they are.
    Rm { name: Name },
}

/// 1 to 40 lower-case letters, digits and hyphens.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "String")]
pub(crate) struct Name(String);

/// The text is no name of a context.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
#[error("a context is named by 1 to 40 lower-case letters, digits and hyphens")]
pub(crate) struct NotAName;

impl std::str::FromStr for Name {
    type Err = NotAName;

    fn from_str(text: &str) -> Result<Self, NotAName> {
        let allowed = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
        let holds = (1..=40).contains(&text.len()) && text.chars().all(allowed);
        holds.then(|| Self(text.to_owned())).ok_or(NotAName)
    }
}

impl TryFrom<String> for Name {
    type Error = NotAName;

    fn try_from(text: String) -> Result<Self, NotAName> {
        text.parse()
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Kind {
    Production,
    Test,
}

impl Kind {
    const fn code(self) -> &'static str {
        match self {
            Self::Production => "production",
            Self::Test => "test",
        }
    }
}

/// One headquarters.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Context {
    pub(crate) kind: Kind,
    pub(crate) dir: PathBuf,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) pki: Option<PathBuf>,
}

/// What is in the file.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Stored {
    #[serde(skip_serializing_if = "Option::is_none")]
    current: Option<Name>,
    #[serde(default)]
    context: BTreeMap<Name, Context>,
}

/// The contexts of one user.
#[derive(Debug)]
pub(crate) struct Contexts {
    file: Option<PathBuf>,
    stored: Stored,
}

/// Why a context is not chosen, kept or forgotten.
#[derive(Debug, Error)]
pub(crate) enum ContextError {
    #[error("there is no context `{name}`; `neoctl context list` names those there are")]
    Unknown { name: String },
    #[error("no context is chosen; choose one with `neoctl context use`")]
    NoneChosen,
    #[error("there is already a context `{name}`; remove it first, or choose another name")]
    AlreadyThere { name: String },
    #[error("cannot find the folder `{}`", dir.display())]
    Folder {
        dir: PathBuf,
        #[source]
        source: io::Error,
    },
    #[error("there is no home folder to keep contexts in; set `HOME`")]
    Homeless,
    #[error("cannot read the contexts in `{}`", file.display())]
    Read {
        file: PathBuf,
        #[source]
        source: io::Error,
    },
    #[error("`{}` does not hold contexts; repair or remove it", file.display())]
    Unreadable {
        file: PathBuf,
        #[source]
        source: Box<toml::de::Error>,
    },
    #[error("cannot write the contexts to `{}`", file.display())]
    Write {
        file: PathBuf,
        #[source]
        source: io::Error,
    },
}

impl ContextError {
    pub(crate) fn exit(&self) -> Exit {
        match self {
            Self::Unknown { .. } | Self::NoneChosen => Exit::NotFound,
            Self::AlreadyThere { .. } => Exit::Conflict,
            Self::Folder { source, .. } | Self::Read { source, .. } | Self::Write { source, .. } => {
                Exit::of(source)
            }
            Self::Homeless | Self::Unreadable { .. } => Exit::Failed,
        }
    }
}

impl Contexts {
    /// `folder` is where this user's programs keep what they remember.
    pub(crate) fn read(folder: Option<PathBuf>) -> Result<Self, ContextError> {
        let file = folder.map(|folder| folder.join("neoctl").join("contexts.toml"));
        let stored = match &file {
            None => Stored::default(),
            Some(file) => match fs::read_to_string(file) {
                Ok(text) => toml::from_str(&text).map_err(|source| ContextError::Unreadable {
                    file: file.clone(),
                    source: Box::new(source),
                })?,
                Err(error) if error.kind() == io::ErrorKind::NotFound => Stored::default(),
                Err(source) => {
                    return Err(ContextError::Read {
                        file: file.clone(),
                        source,
                    });
                }
            },
        };
        Ok(Self { file, stored })
    }

    /// The one of that name, or the current one, when there is any.
    pub(crate) fn chosen(&self, name: Option<&str>) -> Result<Option<(&str, &Context)>, ContextError> {
        let Some(name) = name.or(self.stored.current.as_ref().map(|name| name.0.as_str())) else {
            return Ok(None);
        };
        self.find(name).map(Some)
    }

    fn find(&self, name: &str) -> Result<(&str, &Context), ContextError> {
        let found = self.stored.context.iter().find(|(known, _)| known.0 == name);
        let found = found.map(|(name, context)| (name.0.as_str(), context));
        found.ok_or_else(|| ContextError::Unknown {
            name: name.to_owned(),
        })
    }

    /// The one that names `path` as one of its folders.
    pub(crate) fn of_folder(&self, path: &Path) -> Option<(&str, &Context)> {
        let names = |context: &Context| context.dir == path || context.pki.as_deref() == Some(path);
        let found = self.stored.context.iter().find(|(_, context)| names(context));
        found.map(|(name, context)| (name.0.as_str(), context))
    }

    fn keep(&self, stored: &Stored) -> Result<(), ContextError> {
        let file = self.file.as_ref().ok_or(ContextError::Homeless)?;
        let text = toml::to_string(stored).expect("names, kinds and paths of text are TOML");
        write(file, &text).map_err(|source| ContextError::Write {
            file: file.clone(),
            source,
        })
    }

    fn line(&self, name: &str, context: &Context) -> Rows {
        let is_current = self
            .stored
            .current
            .as_ref()
            .is_some_and(|current| current.0 == name);
        let pki = context.pki.as_ref();
        Rows(vec![
            ("name", name.into()),
            ("kind", context.kind.code().into()),
            ("dir", context.dir.display().to_string().into()),
            ("pki", pki.map(|pki| pki.display().to_string()).into()),
            ("current", is_current.into()),
        ])
    }

    fn changed(&self, stored: Stored) -> Result<Self, ContextError> {
        self.keep(&stored)?;
        Ok(Self {
            file: self.file.clone(),
            stored,
        })
    }
}

/// Another run sees the file as it was or as it is, never half of it.
fn write(file: &Path, text: &str) -> io::Result<()> {
    if let Some(folder) = file.parent() {
        fs::create_dir_all(folder)?;
    }
    let draft = file.with_extension("tmp");
    let mut options = fs::OpenOptions::new();
    let mut opened = options
        .write(true)
        .create(true)
        .truncate(true)
        .mode(0o600)
        .open(&draft)?;
    opened.write_all(text.as_bytes())?;
    opened.sync_all()?;
    fs::rename(&draft, file)
}

/// Whatever folder the next command is run in, the path stays true.
fn absolute(dir: &Path) -> Result<PathBuf, ContextError> {
    std::path::absolute(dir).map_err(|source| ContextError::Folder {
        dir: dir.to_owned(),
        source,
    })
}

impl Command {
    pub(crate) const fn effect(&self) -> Effect<'_> {
        match self {
            Self::List | Self::Show { .. } => Effect::Reads,
            Self::Add { .. } | Self::Use { .. } | Self::Rm { .. } => Effect::Writes,
        }
    }

    pub(crate) fn run(&self, session: &Session<'_>) -> Result<Answer, ContextError> {
        let contexts = session.contexts;
        let mut stored = contexts.stored.clone();
        match self {
            Self::Add { name, dir, pki, kind } => {
                if stored.context.contains_key(name) {
                    let name = name.0.clone();
                    return Err(ContextError::AlreadyThere { name });
                }
                let context = Context {
                    kind: *kind,
                    dir: absolute(dir)?,
                    pki: pki.as_deref().map(absolute).transpose()?,
                };
                stored.current.get_or_insert_with(|| name.clone());
                stored.context.insert(name.clone(), context.clone());
                let contexts = contexts.changed(stored)?;
                Ok(Answer::one("context", contexts.line(&name.0, &context)))
            }
            Self::Use { name } => {
                let (_, context) = contexts.find(&name.0)?;
                stored.current = Some(name.clone());
                let contexts = contexts.changed(stored)?;
                Ok(Answer::one("context", contexts.line(&name.0, context)))
            }
            Self::List => {
                let line = |(name, context): (&Name, &Context)| contexts.line(&name.0, context);
                let list = contexts.stored.context.iter().map(line).collect();
                Ok(Answer::many("context", "contexts", list))
            }
            Self::Show { name } => {
                let (name, context) = match name {
                    Some(name) => contexts.find(&name.0)?,
                    None => contexts.chosen(None)?.ok_or(ContextError::NoneChosen)?,
                };
                Ok(Answer::one("context", contexts.line(name, context)))
            }
            Self::Rm { name } => {
                let (_, context) = contexts.find(&name.0)?;
                let rows = contexts.line(&name.0, context);
                stored.context.remove(name);
                stored.current = stored.current.filter(|current| current != name);
                contexts.keep(&stored)?;
                Ok(Answer::one("context", rows))
            }
        }
    }
}
