//! `officer`: who may work with terminals, by number and never by name (article 15-4 CPP).

use std::fs::read_to_string;
use std::io::{self, Read};
use std::path::{Path, PathBuf};

use clap::Subcommand;
use domain::enrolment::KeyProtection;
use domain::officer::{Corps, Matricule, Officer, Quality};
use domain::readmission::{Readmission, Spoken};
use domain::{DeviceId, OfficerId, UnixMs};
use hq::enrolment::EnrolmentError;
use hq::fleet::{self as decisions, FleetError};
use hq::pki::OfficerRequest;
use hq::readmission::{self, Given, ReadmissionError};
use hq::store::StoreError;
use hq::{Pki, Registry};
use serde::Deserialize;
use serde_json::Value;
use thiserror::Error;
use trust::cert::{Certificate, Holder};

use crate::answer::{Answer, Rows};
use crate::ca::{expiry, moment};
use crate::cert::decided;
use crate::fleet::{self, Unknown};
use crate::session::{Effect, HqFolder, PkiFolder, Session, Unready};
use crate::token::secret;
use crate::{Exit, pki};

const MAX_FILE: u64 = 64 * 1024;

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Lists the officers by number, without their names.
    List {
        #[command(flatten)]
        hq: HqFolder,
    },
    /// Shows an officer: certificate, terminals, suspension; without the name.
    Show {
        officer: OfficerId,
        #[command(flatten)]
        hq: HqFolder,
    },
    /// Registers an officer and certifies the key of their card.
    ///
    /// The file is TOML: corps ("police_nationale", "gendarmerie_nationale"), matricule, name, rank, quality ("opj",
    /// "apj", "apja"), unit; formation = true for a key that signs training acts only.
    Add {
        /// `-` is standard input, so that no name is in a command line.
        file: PathBuf,
        /// The request (PKCS#10, PEM) that the card made with its key.
        #[arg(long)]
        csr: PathBuf,
        /// The new file for the certificate (PEM), which goes onto the card.
        #[arg(long)]
        out: PathBuf,
        #[command(flatten)]
        hq: HqFolder,
        #[command(flatten)]
        pki: PkiFolder,
    },
    /// Lets an officer work with a terminal.
    Bind {
        officer: OfficerId,
        #[arg(value_parser = DeviceId::parse)]
        device: DeviceId,
        #[command(flatten)]
        hq: HqFolder,
        #[command(flatten)]
        pki: PkiFolder,
    },
    /// Takes a terminal from an officer. What they signed with it before is taken.
    Unbind {
        officer: OfficerId,
        #[arg(value_parser = DeviceId::parse)]
        device: DeviceId,
        #[command(flatten)]
        hq: HqFolder,
    },
    /// Refuses what the officer signs from now on, and answers none of their questions; `--lift` ends it.
    Suspend {
        officer: OfficerId,
        /// Ends the suspension.
        #[arg(long)]
        lift: bool,
        #[command(flatten)]
        hq: HqFolder,
    },
    /// Answers the number on the screen of an officer whose code opens nothing any more; read the answer out.
    ///
    /// Make sure who calls before you do. The answer counts once, for this officer, on this terminal, against this
    /// number; it is written down with its reason. After ten wrong codes the officer chooses another code and begins with
    /// an empty database; `recovery` gives their drafts back.
    Unlock {
        officer: OfficerId,
        #[arg(value_parser = DeviceId::parse)]
        device: DeviceId,
        /// The twelve digits on the officer's screen; spaces do not count.
        #[arg(long, value_name = "DIGITS", value_parser = Spoken::parse)]
        challenge: Spoken,
        /// Who called, and what happened.
        #[arg(long)]
        reason: String,
        #[command(flatten)]
        hq: HqFolder,
    },
}

/// The file of an officer.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Entry {
    corps: EntryCorps,
    matricule: String,
    name: String,
    rank: String,
    quality: EntryQuality,
    unit: String,
    #[serde(default)]
    formation: bool,
}

#[derive(Deserialize)]
#[serde(rename_all = "snake_case")]
enum EntryCorps {
    PoliceNationale,
    GendarmerieNationale,
}

#[derive(Deserialize)]
#[serde(rename_all = "snake_case")]
enum EntryQuality {
    Opj,
    Apj,
    Apja,
}

/// Why nothing was done with an officer.
#[derive(Debug, Error)]
pub(crate) enum Unregistered {
    #[error(transparent)]
    Hq(#[from] Unknown),
    #[error(transparent)]
    Unready(#[from] Unready),
    #[error(transparent)]
    Decision(#[from] FleetError),
    #[error(transparent)]
    Readmission(#[from] ReadmissionError),
    #[error(transparent)]
    Enrolment(#[from] EnrolmentError),
    #[error("cannot read the HQ store")]
    Store(#[from] StoreError),
    #[error("cannot use headquarters' keys")]
    Pki(#[from] hq::pki::PkiError),
    #[error("the officer `{officer}` is not registered; `neoctl officer list` names those who are")]
    Nobody { officer: OfficerId },
    #[error("cannot read `{}`", path.display())]
    Read {
        path: PathBuf,
        #[source]
        source: io::Error,
    },
    #[error("cannot write `{}`", path.display())]
    Write {
        path: PathBuf,
        #[source]
        source: io::Error,
    },
    #[error("the file of the officer is not as `neoctl officer add --help` says: {fault}")]
    Entry { fault: String },
    #[error("a matricule of that corps has 7 digits for the police, 5 to 8 for the gendarmerie")]
    Matricule,
}

impl Unregistered {
    pub(crate) fn exit(&self) -> Exit {
        match self {
            Self::Hq(unknown) => unknown.exit(),
            Self::Unready(unready) => unready.exit(),
            Self::Decision(error) => decided(error),
            Self::Pki(error) => pki::exit(error),
            Self::Readmission(ReadmissionError::UnknownDevice { .. } | ReadmissionError::NotBound { .. }) => {
                Exit::NotFound
            }
            Self::Readmission(ReadmissionError::Suspended { .. }) => Exit::Forbidden,
            Self::Readmission(ReadmissionError::Retired { .. }) => Exit::Conflict,
            Self::Readmission(ReadmissionError::NoReason) => Exit::Usage,
            Self::Readmission(ReadmissionError::Store(_)) => Exit::Failed,
            Self::Nobody { .. }
            | Self::Enrolment(EnrolmentError::UnknownOfficer { .. } | EnrolmentError::UnknownDevice { .. }) => {
                Exit::NotFound
            }
            Self::Read { source, .. } | Self::Write { source, .. } => Exit::of(source),
            Self::Enrolment(_) | Self::Store(_) | Self::Entry { .. } | Self::Matricule => Exit::Failed,
        }
    }
}

impl Command {
    pub(crate) const fn effect(&self) -> Effect<'_> {
        match self {
            Self::List { .. } | Self::Show { .. } => Effect::Reads,
            Self::Add { .. }
            | Self::Bind { .. }
            | Self::Unbind { .. }
            | Self::Suspend { .. }
            | Self::Unlock { .. } => Effect::Writes,
        }
    }

    pub(crate) fn run(&self, session: &Session<'_>) -> Result<Answer, Unregistered> {
        let now = session.now;
        let (officer, hq) = match self {
            Self::List { hq } => {
                let officers = fleet::open(session.hq(hq)?)?.begin()?.officers()?;
                let lines = officers.iter().map(|officer| Rows(line(officer))).collect();
                return Ok(Answer::many("officer", "officers", lines));
            }
            Self::Show { officer, hq } => (*officer, session.hq(hq)?),
            Self::Add {
                file,
                csr,
                out,
                hq,
                pki,
            } => {
                let (hq, pki) = (session.hq(hq)?, Pki::open(session.pki(pki)?)?);
                fleet::open(hq)?;
                (add(file, csr, out, Registry::open(pki, hq)?, now)?, hq)
            }
            Self::Bind {
                officer,
                device,
                hq,
                pki,
            } => {
                let (hq, pki) = (session.hq(hq)?, Pki::open(session.pki(pki)?)?);
                fleet::open(hq)?;
                let mut registry = Registry::open(pki, hq)?;
                registry.assign(device, *officer, now)?;
                let transaction = registry.store().begin()?;
                transaction.note_event(device, "bound", &officer.to_string(), now)?;
                transaction.commit()?;
                (*officer, hq)
            }
            Self::Unbind { officer, device, hq } => {
                let hq = session.hq(hq)?;
                decisions::unbind(&mut fleet::open(hq)?, device, *officer, now)?;
                (*officer, hq)
            }
            Self::Suspend { officer, lift, hq } => {
                let hq = session.hq(hq)?;
                let mut store = fleet::open(hq)?;
                if *lift {
                    decisions::reinstate(&mut store, *officer)?;
                } else {
                    decisions::suspend(&mut store, *officer, now)?;
                }
                (*officer, hq)
            }
            Self::Unlock {
                officer,
                device,
                challenge,
                reason,
                hq,
            } => {
                let asked = Readmission {
                    device: device.clone(),
                    officer: *officer,
                    challenge: *challenge,
                };
                let by = session.context_name().unwrap_or("no context");
                let mut store = fleet::open(session.hq(hq)?)?;
                let response = readmission::answer(&mut store, &asked, Given { reason, by }, now)?;
                return Ok(Answer::one(
                    "readmission",
                    Rows(told(&asked, response, reason, by)),
                ));
            }
        };
        Ok(Answer::one("officer", show(hq, officer)?))
    }
}

fn told(asked: &Readmission, response: Spoken, reason: &str, by: &str) -> Vec<(&'static str, Value)> {
    vec![
        ("device", asked.device.as_str().into()),
        ("officer", asked.officer.to_string().into()),
        ("challenge", asked.challenge.to_string().into()),
        ("response", response.to_string().into()),
        ("reason", reason.into()),
        ("given_by", by.into()),
    ]
}

fn add(
    file: &Path,
    csr: &Path,
    out: &Path,
    mut registry: Registry,
    now: UnixMs,
) -> Result<OfficerId, Unregistered> {
    let entry: Entry = toml::from_str(&text(file)?).map_err(|fault| Unregistered::Entry {
        // Without the line that is wrong, which may hold a name.
        fault: fault.message().to_owned(),
    })?;
    let request = hq::pki::read_request(csr)?;
    let corps = match entry.corps {
        EntryCorps::PoliceNationale => Corps::PoliceNationale,
        EntryCorps::GendarmerieNationale => Corps::GendarmerieNationale,
    };
    let matricule = Matricule::parse(corps, &entry.matricule).map_err(|_| Unregistered::Matricule)?;
    let mut known = registry.store().begin()?.officers()?.into_iter();
    // The same person keeps their pseudonym with a new card.
    let id = known
        .find(|officer| officer.matricule == matricule)
        .map_or_else(hq::fleet::draw_officer, |officer| officer.id);
    let officer = Officer {
        id,
        matricule,
        name: entry.name.into(),
        rank: entry.rank,
        quality: match entry.quality {
            EntryQuality::Opj => Quality::Opj,
            EntryQuality::Apj => Quality::Apj,
            EntryQuality::Apja => Quality::Apja,
        },
        unit: entry.unit,
        habilitations: Vec::new(),
        departments: Vec::new(),
    };
    let request = OfficerRequest {
        officer: id,
        spki: request.public_key.spki_der(),
        // A key for training is the terminal's own file.
        protection: if entry.formation {
            KeyProtection::File
        } else {
            KeyProtection::Hardware
        },
        formation: entry.formation,
    };
    if out.exists() {
        return Err(Unregistered::Write {
            path: out.to_owned(),
            source: io::ErrorKind::AlreadyExists.into(),
        });
    }
    let certificate = registry.enrol_officer(&officer, &request, now)?;
    secret(out, certificate.to_pem().as_bytes()).map_err(|source| Unregistered::Write {
        path: out.to_owned(),
        source,
    })?;
    Ok(id)
}

fn text(path: &Path) -> Result<String, Unregistered> {
    let read = if path == Path::new("-") {
        let mut text = String::new();
        io::stdin()
            .lock()
            .take(MAX_FILE)
            .read_to_string(&mut text)
            .map(|_| text)
    } else {
        read_to_string(path)
    };
    read.map_err(|source| Unregistered::Read {
        path: path.to_owned(),
        source,
    })
}

fn show(hq: &Path, id: OfficerId) -> Result<Rows, Unregistered> {
    let mut store = fleet::open(hq)?;
    let transaction = store.begin()?;
    let officer = transaction
        .officer(id)?
        .ok_or(Unregistered::Nobody { officer: id })?;
    let certificate: Option<Certificate> = transaction.latest_certificate(&Holder::Agent(id.to_string()))?;
    let mut rows = line(&officer);
    rows.extend([
        ("terminals", transaction.terminals_of(id)?.into()),
        (
            "suspended_since",
            transaction.suspended(id)?.map_or(Value::Null, moment),
        ),
        (
            "certificate_sha256",
            certificate
                .as_ref()
                .map(|certificate| certificate.fingerprint().to_string())
                .into(),
        ),
        (
            "certificate_expires",
            certificate.as_ref().map_or(Value::Null, expiry),
        ),
    ]);
    Ok(Rows(rows))
}

fn line(officer: &Officer) -> Vec<(&'static str, Value)> {
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
    vec![
        ("id", officer.id.to_string().into()),
        ("corps", corps.into()),
        ("matricule", officer.matricule.number().into()),
        ("rank", officer.rank.as_str().into()),
        ("quality", quality.into()),
        ("unit", officer.unit.as_str().into()),
    ]
}
