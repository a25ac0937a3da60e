//! Many terminals at once: a table becomes a plan, the plan tokens, and every row says how far it is.
//!
//! The journal of a batch and the tokens are in one store, so that a row and its token are one commit: whenever the
//! program ends, it takes up every row where it was, and no terminal gets a second certificate.

use std::collections::BTreeMap;

use domain::enrolment::{Address, Ticket};
use domain::{DeviceId, Digest, UnixMs};
use thiserror::Error;

use crate::enrolment::EnrolmentError;
use crate::fleet::Standing;
use crate::pki::Pki;
use crate::store::{BatchRow, Store, StoreError};
use crate::tokens::{self, Grant};

/// The first line of a table.
pub const HEADER: &str = "serial;imei_sha256;unit;profile";
/// The most characters of a unit's name.
const MAX_UNIT: usize = 80;
/// What people call the hardware.
const MODEL: &str = "NEO 2";

/// How a terminal begins.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Profile {
    /// In the street every day: 500 act numbers.
    Terrain,
    /// In a drawer for the day it is needed: 50 act numbers.
    Reserve,
}

impl Profile {
    pub const ALL: [Self; 2] = [Self::Terrain, Self::Reserve];

    pub const fn code(self) -> &'static str {
        match self {
            Self::Terrain => "terrain",
            Self::Reserve => "reserve",
        }
    }

    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|profile| profile.code() == code)
    }

    const fn numbers(self) -> u32 {
        match self {
            Self::Terrain => 500,
            Self::Reserve => 50,
        }
    }
}

/// How far a row is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum State {
    Planned,
    /// Its token is in the store; whether its code reached paper is not known.
    Issued,
    /// Its code is on paper.
    Printed,
    /// The terminal has its certificate.
    Enrolled,
    /// Its code expired before the terminal came.
    Expired,
    Cancelled,
}

impl State {
    pub const ALL: [Self; 6] = [
        Self::Planned,
        Self::Issued,
        Self::Printed,
        Self::Enrolled,
        Self::Expired,
        Self::Cancelled,
    ];

    pub const fn code(self) -> &'static str {
        match self {
            Self::Planned => "planned",
            Self::Issued => "issued",
            Self::Printed => "printed",
            Self::Enrolled => "enrolled",
            Self::Expired => "expired",
            Self::Cancelled => "cancelled",
        }
    }

    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|state| state.code() == code)
    }
}

/// One terminal of a table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Row {
    /// Counted from 1, the header included.
    pub line: u32,
    pub device: DeviceId,
    /// SHA-256 of the IMEI's digits.
    pub imei: Digest,
    pub unit: String,
    pub profile: Profile,
}

/// Why a line is not planned.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum Fault {
    #[error("the line has `{found}` columns and not 4")]
    Columns { found: usize },
    #[error("`{text}` is no name of a terminal: 3 to 40 lower-case letters, digits and hyphens")]
    Serial { text: String },
    #[error("the IMEI is given as the 64 hexadecimal digits of its SHA-256")]
    Imei,
    #[error("a unit has 1 to {MAX_UNIT} characters, none of them a control character")]
    Unit,
    #[error("`{text}` is no profile; there are `terrain` and `reserve`")]
    Profile { text: String },
    #[error("the terminal is on line {line} already")]
    Twice { line: u32 },
    #[error("the IMEI is on line {line} already")]
    SamePhone { line: u32 },
    #[error("the terminal is enrolled already; revoke or retire it first")]
    Enrolled,
    #[error("the terminal was retired; a new one needs a new name")]
    Retired,
    #[error("the terminal waits in batch `{batch}`; cancel or finish that one first")]
    ElsewhereOpen { batch: String },
}

/// A line and what is wrong with it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FaultyLine {
    pub line: u32,
    pub fault: Fault,
}

/// Why there is no batch to work on.
#[derive(Debug, Error)]
pub enum BatchError {
    #[error("cannot use the HQ store")]
    Store(#[from] StoreError),
    #[error("cannot issue tokens")]
    Enrolment(#[from] EnrolmentError),
    #[error("the table does not begin with `{HEADER}`; `neoctl batch template` writes one that does")]
    Header,
    #[error(
        "there is already a batch `{name}`; choose another name, or go on with `neoctl batch resume {name}`"
    )]
    AlreadyThere { name: String },
    #[error("there is no batch `{name}`; plan it first")]
    Unknown { name: String },
    #[error("the batch `{name}` was cancelled; plan another one")]
    Cancelled { name: String },
    #[error("no line of the table can be planned")]
    Nothing,
}

/// Every line of a table, whole or with its fault.
pub fn parse(table: &str) -> Result<(Vec<Row>, Vec<FaultyLine>), BatchError> {
    let table = table.strip_prefix('\u{feff}').unwrap_or(table);
    let mut lines = (1_u32..).zip(table.lines());
    let separator = match lines.next() {
        Some((_, header)) if header.trim_end() == HEADER => ';',
        Some((_, header)) if header.trim_end() == HEADER.replace(';', ",") => ',',
        Some(_) | None => return Err(BatchError::Header),
    };
    let (mut rows, mut faulty): (Vec<Row>, Vec<FaultyLine>) = (Vec::new(), Vec::new());
    let (mut devices, mut phones) = (BTreeMap::new(), BTreeMap::new());
    for (line, text) in lines.filter(|(_, text)| !text.trim().is_empty()) {
        let row = row(line, text, separator).and_then(|row| {
            if let Some(&line) = devices.get(&row.device) {
                return Err(Fault::Twice { line });
            }
            if let Some(&line) = phones.get(&row.imei) {
                return Err(Fault::SamePhone { line });
            }
            Ok(row)
        });
        match row {
            Ok(row) => {
                devices.insert(row.device.clone(), line);
                phones.insert(row.imei, line);
                rows.push(row);
            }
            Err(fault) => faulty.push(FaultyLine { line, fault }),
        }
    }
    Ok((rows, faulty))
}

fn row(line: u32, text: &str, separator: char) -> Result<Row, Fault> {
    let columns: Vec<&str> = text.trim_end().split(separator).map(str::trim).collect();
    let [serial, imei, unit, profile] = columns[..] else {
        return Err(Fault::Columns { found: columns.len() });
    };
    let device = DeviceId::parse(serial).map_err(|_| Fault::Serial {
        text: serial.to_owned(),
    })?;
    let imei: trust::Digest = imei.parse().map_err(|_| Fault::Imei)?;
    let length = unit.chars().count();
    if length == 0 || length > MAX_UNIT || unit.chars().any(char::is_control) {
        return Err(Fault::Unit);
    }
    let profile = Profile::from_code(profile).ok_or_else(|| Fault::Profile {
        text: profile.to_owned(),
    })?;
    Ok(Row {
        line,
        device,
        imei: Digest::from_bytes(imei.0),
        unit: unit.to_owned(),
        profile,
    })
}

/// What of `rows` can be enrolled, as the registry stands.
pub fn sift(store: &mut Store, rows: Vec<Row>) -> Result<(Vec<Row>, Vec<FaultyLine>), BatchError> {
    let transaction = store.begin()?;
    let (mut new, mut faulty) = (Vec::new(), Vec::new());
    for row in rows {
        let fault = match transaction.open_batch_of(&row.device)? {
            Some(batch) => Some(Fault::ElsewhereOpen { batch }),
            None if transaction.standing(&row.device)?.0 == Standing::Retired => Some(Fault::Retired),
            None if transaction.vouches(&row.device)? => Some(Fault::Enrolled),
            None => None,
        };
        match fault {
            None => new.push(row),
            Some(fault) => faulty.push(FaultyLine {
                line: row.line,
                fault,
            }),
        }
    }
    Ok((new, faulty))
}

/// Journals a batch whose rows are sifted.
pub fn plan(store: &mut Store, name: &str, rows: &[Row], now: UnixMs) -> Result<(), BatchError> {
    if rows.is_empty() {
        return Err(BatchError::Nothing);
    }
    let transaction = store.begin()?;
    if !transaction.insert_batch(name, now)? {
        return Err(BatchError::AlreadyThere {
            name: name.to_owned(),
        });
    }
    for row in rows {
        transaction.insert_batch_row(name, row, now)?;
    }
    Ok(transaction.commit()?)
}

/// What to print, and where its readers go.
#[derive(Debug, Clone, Copy)]
pub struct PrintOrder<'a> {
    /// The broker's bootstrap listener.
    pub broker: &'a Address,
    pub lasting_ms: i64,
    /// On one sheet.
    pub codes: u32,
    /// In one commit.
    pub sheets: u32,
}

/// The tickets of some rows, to be printed together; nobody can read them again.
#[derive(Debug)]
pub struct Sheet {
    pub number: u32,
    pub tickets: Vec<(Row, Ticket)>,
}

/// Issues the tokens of the next rows that have none on paper, at most `most` sheets of `codes` each; no sheet when
/// every row has one.
///
/// A row whose sheet was lost gets another token, and the lost one is withdrawn by the same commit.
pub fn issue(
    store: &mut Store,
    pki: &Pki,
    name: &str,
    order: &PrintOrder<'_>,
    now: UnixMs,
) -> Result<Vec<Sheet>, BatchError> {
    let transaction = store.begin()?;
    open(&transaction, name)?;
    transaction.settle(name, now)?;
    let rows = transaction.rows_to_issue(name, order.codes.saturating_mul(order.sheets))?;
    let first = transaction.last_sheet(name)? + 1;
    let mut sheets: Vec<Sheet> = Vec::new();
    for BatchRow { row, .. } in rows {
        let is_full = |sheet: &Sheet| sheet.tickets.len() >= order.codes as usize;
        if sheets.last().is_none_or(is_full) {
            let number = sheets.last().map_or(first, |sheet| sheet.number + 1);
            let tickets = Vec::new();
            sheets.push(Sheet { number, tickets });
        }
        let grant = Grant {
            device: row.device.clone(),
            model: MODEL.to_owned(),
            officers: Vec::new(),
            numbers: row.profile.numbers(),
        };
        let (token, expires) = tokens::issue_in(&transaction, &grant, order.lasting_ms, now)?;
        let ticket = tokens::ticket(pki, order.broker.clone(), row.device.clone(), token, expires);
        if let Some(sheet) = sheets.last_mut() {
            transaction.set_row(name, row.line, State::Issued, Some(sheet.number), now)?;
            sheet.tickets.push((row, ticket));
        }
    }
    transaction.commit()?;
    Ok(sheets)
}

/// The sheet is on paper, or on a disk that keeps it.
pub fn printed(store: &mut Store, name: &str, sheet: u32, now: UnixMs) -> Result<(), BatchError> {
    let transaction = store.begin()?;
    transaction.print_sheet(name, sheet, now)?;
    Ok(transaction.commit()?)
}

/// Every row as it stands at `now`.
pub fn rows(store: &mut Store, name: &str, now: UnixMs) -> Result<Vec<BatchRow>, BatchError> {
    let transaction = store.begin()?;
    if transaction.batch(name)?.is_none() {
        return Err(BatchError::Unknown {
            name: name.to_owned(),
        });
    }
    transaction.settle(name, now)?;
    let rows = transaction.batch_rows(name)?;
    transaction.commit()?;
    Ok(rows)
}

/// Withdraws every token that no terminal took; the enrolled ones stay. How many rows that were open are not any more.
pub fn cancel(store: &mut Store, name: &str, now: UnixMs) -> Result<u64, BatchError> {
    let transaction = store.begin()?;
    open(&transaction, name)?;
    transaction.settle(name, now)?;
    let mut cancelled = 0;
    for BatchRow { row, state, .. } in transaction.batch_rows(name)? {
        if state != State::Enrolled {
            transaction.revoke_tokens(&row.device, now)?;
            transaction.set_row(name, row.line, State::Cancelled, None, now)?;
            cancelled += 1;
        }
    }
    transaction.cancel_batch(name, now)?;
    transaction.commit()?;
    Ok(cancelled)
}

fn open(transaction: &crate::store::Transaction<'_>, name: &str) -> Result<(), BatchError> {
    match transaction.batch(name)? {
        None => Err(BatchError::Unknown {
            name: name.to_owned(),
        }),
        Some(Some(_)) => Err(BatchError::Cancelled {
            name: name.to_owned(),
        }),
        Some(None) => Ok(()),
    }
}
