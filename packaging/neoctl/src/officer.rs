//! `officer`: who may work with terminals, by number and never by name (article 15-4 CPP).

use clap::Subcommand;
use domain::officer::{Corps, Officer, Quality};

use crate::answer::{Answer, Rows};
use crate::fleet::{Unknown, open};
use crate::session::{Effect, HqFolder, Session};

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Lists the officers by number, without their names.
    List {
        #[command(flatten)]
        hq: HqFolder,
    },
}

impl Command {
    pub(crate) const fn effect(&self) -> Effect<'_> {
        match self {
            Self::List { .. } => Effect::Reads,
        }
    }

    pub(crate) fn run(&self, session: &Session<'_>) -> Result<Answer, Unknown> {
        let Self::List { hq } = self;
        let officers = open(session.hq(hq)?)?.begin()?.officers()?;
        Ok(Answer::many(
            "officer",
            "officers",
            officers.iter().map(line).collect(),
        ))
    }
}

fn line(officer: &Officer) -> Rows {
    let corps = match officer.matricule.corps() {
        Corps::PoliceNationale => "police_nationale",
        Corps::GendarmerieNationale => "gendarmerie_nationale",
    };
    let quality = match officer.quality {
        Quality::Opj => "opj",
        Quality::Apj => "apj",
        Quality::Apja => "apja",
        Quality::ApjaReserviste => "apja_reserviste",
        Quality::ApjaPolicierAdjoint => "apja_policier_adjoint",
        Quality::ApjaPoliceMunicipale => "apja_police_municipale",
    };
    Rows(vec![
        ("id", officer.id.to_string().into()),
        ("corps", corps.into()),
        ("matricule", officer.matricule.number().into()),
        ("rank", officer.rank.as_str().into()),
        ("quality", quality.into()),
        ("unit", officer.unit.as_str().into()),
    ])
}
