//! What came last, for a person who looks on: records by lane, refusals, questions to police files.

use domain::envelope::{Lane, RefusalCode};
use domain::officer::FileKind;
use domain::{ActId, DeviceId, EnvelopeId, UnixMs};

use super::consultations::ConsultationOutcome;
use super::{StoreError, Transaction};

/// A record that HQ stored.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Arrival {
    pub envelope: EnvelopeId,
    pub device: DeviceId,
    pub lane: Lane,
    pub at: UnixMs,
    /// The code of its kind.
    pub kind: String,
    pub act: ActId,
    /// Gone at the end of its term.
    pub purged: bool,
}

/// An envelope that HQ refused for good.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refused {
    pub device: DeviceId,
    pub code: RefusalCode,
    pub at: UnixMs,
}

/// A question to a police file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Asked {
    pub device: DeviceId,
    pub file: FileKind,
    pub outcome: ConsultationOutcome,
    pub at: UnixMs,
}

fn device(text: &str) -> Result<DeviceId, StoreError> {
    DeviceId::parse(text).map_err(|_| StoreError::Corrupt { what: "device" })
}

impl Transaction<'_> {
    /// The newest records first, `limit` at most.
    pub fn arrivals(&self, limit: u32) -> Result<Vec<Arrival>, StoreError> {
        let rows = self.rows(
            "SELECT envelope.id, device, lane, received_at, kind, act, purged_at
                 FROM record JOIN envelope ON envelope.id = record.envelope
                 ORDER BY received_at DESC, envelope.id DESC LIMIT ?1",
            [limit],
            "list arrivals",
            |row| {
                Ok((
                    row.get::<[u8; 16]>(0)?,
                    row.get::<String>(1)?,
                    row.get::<i64>(2)?,
                    row.get::<i64>(3)?,
                    row.get::<String>(4)?,
                    row.get::<[u8; 16]>(5)?,
                    row.get::<Option<i64>>(6)?,
                ))
            },
        )?;
        rows.into_iter()
            .map(|(envelope, from, lane, at, kind, act, purged)| {
                Ok(Arrival {
                    envelope: EnvelopeId::from_bytes(envelope),
                    device: device(&from)?,
                    lane: super::records::lane_of(lane).ok_or(StoreError::Corrupt { what: "lane" })?,
                    at: UnixMs(at),
                    kind,
                    act: ActId::from_bytes(act),
                    purged: purged.is_some(),
                })
            })
            .collect()
    }

    /// The newest refusals first, `limit` at most.
    pub fn refusals_of_records(&self, limit: u32) -> Result<Vec<Refused>, StoreError> {
        let rows = self.rows(
            "SELECT device, code, at FROM refused ORDER BY at DESC LIMIT ?1",
            [limit],
            "list refusals",
            |row| Ok((row.get::<String>(0)?, row.get::<i64>(1)?, row.get::<i64>(2)?)),
        )?;
        let code = |number: i64| {
            let number = u8::try_from(number).ok()?;
            domain::decode::<RefusalCode>(&domain::encode(&number)).ok()
        };
        rows.into_iter()
            .map(|(from, number, at)| {
                Ok(Refused {
                    device: device(&from)?,
                    code: code(number).ok_or(StoreError::Corrupt { what: "refusal" })?,
                    at: UnixMs(at),
                })
            })
            .collect()
    }

    /// The newest questions first, `limit` at most.
    pub fn questions(&self, limit: u32) -> Result<Vec<Asked>, StoreError> {
        let rows = self.rows(
            "SELECT device, file, outcome, at FROM consultation ORDER BY at DESC LIMIT ?1",
            [limit],
            "list questions",
            |row| {
                Ok((
                    row.get::<String>(0)?,
                    row.get::<i64>(1)?,
                    row.get::<i64>(2)?,
                    row.get::<i64>(3)?,
                ))
            },
        )?;
        let corrupt = || StoreError::Corrupt { what: "question" };
        rows.into_iter()
            .map(|(from, file, outcome, at)| {
                let mut files = FileKind::ALL.into_iter();
                Ok(Asked {
                    device: device(&from)?,
                    file: files
                        .find(|known| i64::from(*known as u8) == file)
                        .ok_or_else(corrupt)?,
                    outcome: super::consultations::outcome_of(outcome).ok_or_else(corrupt)?,
                    at: UnixMs(at),
                })
            })
            .collect()
    }
}
