//! `token`: the one-time right of a phone to become a terminal.
//!
//! Headquarters keeps a digest of it alone: the code is shown once, to whoever asked for it.

use std::fs::{self, OpenOptions};
use std::io::{self, Read, Write};
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};

use clap::Subcommand;
use documents::{DocumentError, Labelled, code_for_a_window, enrolment_sheet};
use domain::enrolment::{Address, NotATicket, Ticket};
use domain::time::Zone;
use domain::{BootId, DeviceId, OfficerId, Timestamp, UnixMs};
use hq::Pki;
use hq::enrolment::EnrolmentError;
use hq::tokens::{self, Grant, IssuedToken, Standing};
use thiserror::Error;

use crate::answer::{Answer, Rows};
use crate::ca::moment;
use crate::fleet::{self, Unknown};
use crate::session::{Effect, HqFolder, PkiFolder, Session, Unready};
use crate::{Exit, pki};

/// No list of codes is longer.
const MAX_INPUT: u64 = 16 * 1024 * 1024;
const HOUR: i64 = 3_600_000;

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Issues the code of one terminal, and shows it this once; an earlier one that nobody used is withdrawn.
    Create {
        #[arg(value_parser = DeviceId::parse)]
        device: DeviceId,
        /// Where phones reach the broker before they have a certificate.
        #[arg(long, value_parser = Address::parse, value_name = "mqtts://HOST:PORT")]
        broker: Address,
        /// An enrolled officer who will work with it; once for each.
        #[arg(long = "officer", value_name = "ID")]
        officers: Vec<OfficerId>,
        /// How many act numbers the terminal begins with.
        #[arg(long, default_value_t = 500)]
        numbers: u32,
        /// For how many hours the code counts.
        #[arg(long, default_value_t = 24, value_parser = clap::value_parser!(u16).range(1..=720))]
        hours: u16,
        #[command(flatten)]
        hq: HqFolder,
        #[command(flatten)]
        pki: PkiFolder,
    },
    /// Lists the codes that were issued, and what became of them; never the codes themselves.
    List {
        #[command(flatten)]
        hq: HqFolder,
    },
    /// Withdraws the code of a terminal that nobody used.
    Revoke {
        #[arg(value_parser = DeviceId::parse)]
        device: DeviceId,
        #[command(flatten)]
        hq: HqFolder,
    },
    /// Draws a code in the window, for the phone to scan.
    Qr {
        /// The file with the code; `-` is standard input.
        file: PathBuf,
    },
    /// Writes codes, one a line, as a PDF to print and cut.
    Sheet {
        /// The file with the codes; `-` is standard input.
        file: PathBuf,
        /// The PDF to make.
        #[arg(long)]
        out: PathBuf,
    },
}

/// Why there is no code, or no sheet of codes.
#[derive(Debug, Error)]
pub(crate) enum NoToken {
    #[error(transparent)]
    Unready(#[from] Unready),
    #[error(transparent)]
    Hq(#[from] Unknown),
    #[error("cannot use the HQ store")]
    Store(#[from] hq::store::StoreError),
    #[error("cannot open headquarters' keys")]
    Pki(#[from] hq::pki::PkiError),
    #[error("cannot issue the code")]
    Enrolment(#[from] EnrolmentError),
    #[error("the terminal `{device}` has no code that somebody could still use")]
    NothingOpen { device: DeviceId },
    #[error("the terminal `{device}` is retired for good; enrol it anew under another name")]
    Retired { device: DeviceId },
    #[error("line {line} holds no code")]
    Ticket {
        line: usize,
        #[source]
        source: NotATicket,
    },
    #[error("there is no code in `{}`", path.display())]
    Nothing { path: PathBuf },
    #[error("the code is too long to be drawn")]
    TooLong,
    #[error("cannot draw the sheet")]
    Sheet(#[from] DocumentError),
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
}

impl NoToken {
    pub(crate) fn exit(&self) -> Exit {
        match self {
            Self::Unready(unready) => unready.exit(),
            Self::Hq(unknown) => unknown.exit(),
            Self::Pki(error) => pki::exit(error),
            Self::Enrolment(EnrolmentError::UnknownOfficer { .. })
            | Self::NothingOpen { .. }
            | Self::Nothing { .. } => Exit::NotFound,
            Self::Retired { .. } => Exit::Conflict,
            Self::Read { source, .. } | Self::Write { source, .. } => Exit::of(source),
            Self::Enrolment(_) | Self::Store(_) | Self::Ticket { .. } | Self::TooLong | Self::Sheet(_) => {
                Exit::Failed
            }
        }
    }
}

impl Command {
    pub(crate) fn effect(&self) -> Effect<'_> {
        match self {
            Self::List { .. } | Self::Qr { .. } => Effect::Reads,
            Self::Create { .. } | Self::Sheet { .. } => Effect::Writes,
            Self::Revoke { device, .. } => Effect::Destroys(device.as_str()),
        }
    }

    pub(crate) fn run(&self, session: &Session<'_>) -> Result<Answer, NoToken> {
        let now = session.now;
        match self {
            Self::Create {
                device,
                broker,
                officers,
                numbers,
                hours,
                hq,
                pki,
            } => {
                let mut store = fleet::open(session.hq(hq)?)?;
                let pki = Pki::open(session.pki(pki)?)?;
                if store.begin()?.standing(device)?.0 == hq::fleet::Standing::Retired {
                    return Err(NoToken::Retired {
                        device: device.clone(),
                    });
                }
                let grant = Grant {
                    device: device.clone(),
                    model: "NEO 2".to_owned(),
                    officers: officers.clone(),
                    numbers: *numbers,
                };
                let (token, expires) = tokens::issue(&mut store, &grant, i64::from(*hours) * HOUR, now)?;
                let ticket = tokens::ticket(&pki, broker.clone(), device.clone(), token, expires);
                Ok(Answer::one(
                    "token",
                    Rows(vec![
                        ("device", device.as_str().into()),
                        ("expires", moment(expires)),
                        ("code", ticket.to_text().as_str().into()),
                    ]),
                ))
            }
            Self::List { hq } => {
                let issued = fleet::open(session.hq(hq)?)?.begin()?.tokens(None)?;
                let lines = issued.iter().map(|token| line(token, now));
                Ok(Answer::many("token", "tokens", lines.collect()))
            }
            Self::Revoke { device, hq } => {
                let mut store = fleet::open(session.hq(hq)?)?;
                let revoked = tokens::revoke(&mut store, device, now)?;
                if revoked == 0 {
                    return Err(NoToken::NothingOpen {
                        device: device.clone(),
                    });
                }
                let rows = vec![("device", device.as_str().into()), ("revoked", revoked.into())];
                Ok(Answer::one("token", Rows(rows)))
            }
            Self::Qr { file } => {
                let tickets = read(file)?;
                let ticket = tickets
                    .first()
                    .ok_or_else(|| NoToken::Nothing { path: file.clone() })?;
                let drawn = code_for_a_window(&ticket.to_text()).ok_or(NoToken::TooLong)?;
                Ok(Answer::raw("qr", drawn))
            }
            Self::Sheet { file, out } => {
                let tickets = read(file)?;
                if tickets.is_empty() {
                    return Err(NoToken::Nothing { path: file.clone() });
                }
                let codes: Vec<Labelled<'_>> = tickets
                    .iter()
                    .map(|ticket| Labelled { ticket, unit: "" })
                    .collect();
                let pdf = enrolment_sheet("Codes d’enrôlement", &codes, paris(now))?;
                secret(out, &pdf).map_err(|source| NoToken::Write {
                    path: out.clone(),
                    source,
                })?;
                let rows = vec![
                    ("file", out.display().to_string().into()),
                    ("codes", tickets.len().into()),
                ];
                Ok(Answer::one("sheet", Rows(rows)))
            }
        }
    }
}

/// Whether the code can still be used, in a word.
fn line(token: &IssuedToken, now: UnixMs) -> Rows {
    let state = match token.standing {
        Standing::Taken(_) => "taken",
        Standing::Revoked(_) => "revoked",
        Standing::Open if token.expires < now => "expired",
        Standing::Open => "open",
    };
    Rows(vec![
        ("device", token.device.as_str().into()),
        ("issued", moment(token.issued)),
        ("expires", moment(token.expires)),
        ("state", state.into()),
        ("disputes", token.disputes.into()),
    ])
}

fn read(path: &Path) -> Result<Vec<Ticket>, NoToken> {
    let mut text = String::new();
    let read = if path == Path::new("-") {
        io::stdin().lock().take(MAX_INPUT).read_to_string(&mut text)
    } else {
        fs::File::open(path).and_then(|file| file.take(MAX_INPUT).read_to_string(&mut text))
    };
    read.map_err(|source| NoToken::Read {
        path: path.to_owned(),
        source,
    })?;
    let lines = (1..)
        .zip(text.lines())
        .filter(|(_, line)| !line.trim().is_empty());
    lines
        .map(|(line, text)| Ticket::parse(text).map_err(|source| NoToken::Ticket { line, source }))
        .collect()
}

/// The moment with the hour that it is in Paris.
pub(crate) fn paris(now: UnixMs) -> Timestamp {
    let at = jiff::Timestamp::from_millisecond(now.0).unwrap_or_default();
    let zone = jiff::tz::TimeZone::get(Zone::Paris.iana()).unwrap_or(jiff::tz::TimeZone::UTC);
    Timestamp {
        utc: now,
        zone: Zone::Paris,
        offset_min: i16::try_from(zone.to_offset(at).seconds() / 60).unwrap_or(0),
        boot: BootId::from_bytes([0; 16]),
        mono_ms: 0,
    }
}

/// A new file that nobody else reads; under its name it is whole, and stays so when the power goes.
pub(crate) fn secret(path: &Path, bytes: &[u8]) -> io::Result<()> {
    if path.exists() {
        return Err(io::ErrorKind::AlreadyExists.into());
    }
    let mut draft = path.as_os_str().to_owned();
    draft.push(".tmp");
    let mut options = OpenOptions::new();
    let mut file = options
        .write(true)
        .create(true)
        .truncate(true)
        .mode(0o600)
        .open(&draft)?;
    file.write_all(bytes)?;
    file.sync_all()?;
    fs::rename(&draft, path)?;
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty());
    fs::File::open(folder.unwrap_or(Path::new(".")))?.sync_all()
}
