//! Programs that were released to terminals, and what each recording was taken in with.

use domain::footage::Program;
use domain::{ClipId, Digest, UnixMs};

use super::sql::Row;
use super::{StoreError, Transaction};

const DOING: &str = "keep programs";

/// A program that was released to terminals.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Released {
    pub program: Program,
    pub at: UnixMs,
    pub withdrawn: Option<UnixMs>,
}

/// What HQ knows of the program that took a recording in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Standing {
    /// It was released, and not withdrawn when the manifest was signed.
    Released(Program),
    /// It had been withdrawn by then.
    Withdrawn(Program),
    /// HQ never released it.
    Unknown(Program),
    /// The manifest says nothing of it: nobody can tell.
    Untold,
}

impl Standing {
    /// The name in reports.
    pub const fn code(&self) -> &'static str {
        match self {
            Self::Released(_) => "released",
            Self::Withdrawn(_) => "withdrawn",
            Self::Unknown(_) => "unknown",
            Self::Untold => "untold",
        }
    }

    pub const fn program(&self) -> Option<&Program> {
        match self {
            Self::Released(program) | Self::Withdrawn(program) | Self::Unknown(program) => Some(program),
            Self::Untold => None,
        }
    }
}

impl Transaction<'_> {
    /// Terminals may run this program; false where they might before.
    pub fn release_program(&self, program: &Program, at: UnixMs) -> Result<bool, StoreError> {
        let row = (program.build.as_bytes(), program.version.as_str(), at.0);
        let sql =
            "INSERT INTO program (build, version, released_at) VALUES (?1, ?2, ?3) ON CONFLICT DO NOTHING";
        Ok(self.count_changed(sql, row, DOING)? > 0)
    }

    /// Terminals may run it no longer; false where HQ never released it, or withdrew it before.
    pub fn withdraw_program(&self, build: &Digest, at: UnixMs) -> Result<bool, StoreError> {
        let sql = "UPDATE program SET withdrawn_at = ?2 WHERE build = ?1 AND withdrawn_at IS NULL";
        Ok(self.count_changed(sql, (build.as_bytes(), at.0), DOING)? > 0)
    }

    /// Every program that was released, the newest last.
    pub fn programs(&self) -> Result<Vec<Released>, StoreError> {
        let sql = "SELECT build, version, released_at, withdrawn_at FROM program ORDER BY released_at, build";
        self.rows(sql, (), DOING, released)
    }

    /// What took a recording in, as the manifest says.
    pub(crate) fn insert_clip_program(
        &self,
        clip: ClipId,
        program: &Program,
        at: UnixMs,
    ) -> Result<(), StoreError> {
        self.execute(
            "INSERT INTO clip_program (clip, build, version, at) VALUES (?1, ?2, ?3, ?4)",
            (
                clip.as_bytes(),
                program.build.as_bytes(),
                program.version.as_str(),
                at.0,
            ),
            DOING,
        )
    }

    /// What is known of the program that took a recording in. The version is part of it: a file that bears another one
    /// than it was released under is not that program.
    pub fn clip_program(&self, clip: ClipId) -> Result<Standing, StoreError> {
        let told = self.row(
            "SELECT build, version, at FROM clip_program WHERE clip = ?1",
            [clip.as_bytes()],
            DOING,
            |row: &Row<'_>| {
                let program = Program {
                    build: Digest::from_bytes(row.get(0)?),
                    version: row.get(1)?,
                };
                Ok((program, UnixMs(row.get(2)?)))
            },
        )?;
        let Some((program, at)) = told else {
            return Ok(Standing::Untold);
        };
        let known = self
            .programs()?
            .into_iter()
            .find(|released| released.program == program);
        Ok(match known.map(|released| released.withdrawn) {
            None => Standing::Unknown(program),
            Some(Some(withdrawn)) if withdrawn <= at => Standing::Withdrawn(program),
            Some(_) => Standing::Released(program),
        })
    }
}

fn released(row: &Row<'_>) -> Result<Released, super::sql::SqlError> {
    Ok(Released {
        program: Program {
            build: Digest::from_bytes(row.get(0)?),
            version: row.get(1)?,
        },
        at: UnixMs(row.get(2)?),
        withdrawn: row.get::<Option<i64>>(3)?.map(UnixMs),
    })
}
