//! Where things are in the terminal's own folder.

use std::path::{Path, PathBuf};

use domain::OfficerId;
use domain::footage::Program;

use crate::keys::Place;

/// The terminal's folder: everything a thief of the phone gets.
#[derive(Debug, Clone)]
pub struct Site {
    root: PathBuf,
    handoff: Option<PathBuf>,
    brought: Option<PathBuf>,
    program: Option<Program>,
}

impl Site {
    pub fn new(root: impl Into<PathBuf>) -> Self {
        Self {
            root: root.into(),
            handoff: None,
            brought: None,
            program: None,
        }
    }

    /// The same, with the folder in which signed acts may be handed over once something is mounted there.
    pub fn with_handoff(self, folder: Option<PathBuf>) -> Self {
        Self {
            handoff: folder,
            ..self
        }
    }

    /// The same, with the folder that victims' files come in by once something is mounted there.
    pub fn with_brought(self, folder: Option<PathBuf>) -> Self {
        Self {
            brought: folder,
            ..self
        }
    }

    /// The same, with what runs here: manifests say it.
    pub fn running(self, program: Option<Program>) -> Self {
        Self { program, ..self }
    }

    pub fn program(&self) -> Option<&Program> {
        self.program.as_ref()
    }

    pub fn root(&self) -> &Path {
        &self.root
    }

    pub fn device_db(&self) -> PathBuf {
        self.root.join("device.db")
    }

    /// The ticket of an enrolment that is not finished.
    pub fn ticket(&self) -> PathBuf {
        self.root.join("ticket")
    }

    pub fn officer_dir(&self, officer: OfficerId) -> PathBuf {
        self.root.join("officers").join(officer.to_string())
    }

    /// Where the officer's slot and the counts that guard it are.
    pub fn place(&self, officer: OfficerId) -> Place {
        Place::new(self.officer_dir(officer), self.root.clone())
    }

    /// Every officer who ever had a slot or a database here, whoever is enrolled now.
    pub fn officers(&self) -> std::io::Result<Vec<OfficerId>> {
        let names = |folder: &Path| match std::fs::read_dir(folder) {
            Ok(entries) => entries
                .map(|entry| Ok(entry?.file_name().to_string_lossy().into_owned()))
                .collect::<std::io::Result<Vec<_>>>(),
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(Vec::new()),
            Err(error) => Err(error),
        };
        let slots = names(&self.root.join("officers"))?;
        let files = names(&self.root)?;
        let databases = files
            .iter()
            .filter_map(|name| name.strip_prefix("officer-")?.split('.').next());
        let ids = slots.iter().map(String::as_str).chain(databases);
        let mut officers: Vec<OfficerId> = ids.filter_map(|id| id.parse().ok()).collect();
        officers.sort_unstable();
        officers.dedup();
        Ok(officers)
    }

    pub fn officer_db(&self, officer: OfficerId) -> PathBuf {
        self.root.join(format!("officer-{officer}.db"))
    }

    pub fn footage(&self) -> PathBuf {
        self.root.join("footage")
    }

    /// Sealed acts too large for their envelope.
    pub fn parts(&self) -> PathBuf {
        self.root.join("parts")
    }

    /// What victims bring, of every officer.
    pub fn pieces(&self) -> PathBuf {
        self.root.join("pieces")
    }

    pub fn pieces_of(&self, officer: OfficerId) -> PathBuf {
        self.pieces().join(officer.to_string())
    }

    /// Holds room on the disk and nothing else.
    pub fn reserve(&self) -> PathBuf {
        self.root.join("reserve")
    }

    /// Outside the terminal's folder: the one place where an act may lie in clear, on the officer's own tap.
    pub fn handoff(&self) -> Option<&Path> {
        self.handoff.as_deref()
    }

    /// Outside the terminal's folder: where victims' files come in by.
    pub fn brought(&self) -> Option<&Path> {
        self.brought.as_deref()
    }

    pub fn logs(&self) -> PathBuf {
        self.root.join("logs")
    }
}
