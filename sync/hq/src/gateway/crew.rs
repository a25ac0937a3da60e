//! What officers of a crew share of interventions: HQ opens a copy to seal it on, to those in service who name its author as
//! the author names them, and keeps nothing of it in the open.

use std::collections::BTreeMap;

use domain::intervention::{CrewHanded, CrewTold, CrewWord};
use domain::officer::Matricule;
use domain::{DeviceId, UnixMs, decode, encode};
use sync::wire::v1::{CrewKept, CrewMessage, Reply};
use trust::cose::{Namespace, Signed};
use trust::seal;

use super::desk::Desk;
use super::visas::recipient;
use super::{Gateway, GatewayError, Outgoing};
use crate::store::{NewSheet, SheetRow};

/// Copies that go at a time; the next hello brings those after them.
const AT_ONCE: u32 = 16;

/// How far each terminal was told since it last said hello or began a service.
pub(super) type Handed = BTreeMap<DeviceId, u64>;

impl Gateway {
    /// What does not prove itself is neither kept nor answered: the terminal tells it again.
    pub(super) fn receive_crew(
        &mut self,
        device: &DeviceId,
        said: &Signed,
        now: UnixMs,
    ) -> Result<Vec<Outgoing>, GatewayError> {
        let told = decode::<CrewTold>(&said.payload).ok().filter(|told| {
            let ours = told.device == *device && told.version == 1;
            ours && said.content_type == CrewTold::CONTENT_TYPE && told.sealed.len() <= CrewTold::MAX_SEALED
        });
        let Some(told) = told else {
            return Ok(Vec::new());
        };
        let transaction = self.store.begin()?;
        let mut desk = Desk {
            pki: &self.pki,
            signers: &mut self.signers,
            transaction: &transaction,
            device,
            now,
        };
        let known = desk.by_device(said, Namespace::CrewTold, told.at.utc)?.is_some();
        let word = open(self.pki.identity(), &told.sealed).filter(|word| word.author().id == told.officer);
        let Some(word) = word.filter(|_| known) else {
            tracing::warn!(%device, "a word for a crew that does not prove itself was dropped");
            return Ok(Vec::new());
        };
        // Whose it is, the registry says; and only who works with the terminal speaks for themselves there.
        let author = transaction.officer(told.officer)?;
        let works = desk.works_with(told.officer, device)?;
        let Some(author) = author.filter(|_| works) else {
            tracing::warn!(%device, "a word for a crew by who does not work with the terminal was dropped");
            return Ok(Vec::new());
        };
        let mut begins = false;
        let mut reached: Option<Vec<DeviceId>> = None;
        match &word {
            CrewWord::Duty { crew, .. } => {
                begins = transaction.keep_duty(&told, &author.matricule, crew, now)?;
                tracing::info!(%device, crew = crew.len(), begins, "service told");
            }
            CrewWord::Sheet { crew, sheet, .. } => {
                if !sheet.is_whole() || !crew.contains(&author.matricule) {
                    tracing::warn!(%device, "a sheet that does not hold together was dropped");
                    return Ok(Vec::new());
                }
                let line = transaction.keep_sheet(
                    &NewSheet {
                        told: &told,
                        intervention: sheet.id,
                        matricule: &author.matricule,
                        crew,
                        is_over: sheet.is_over(),
                    },
                    now,
                )?;
                reached = Some(match line {
                    Some(line) => transaction.reached_by(line)?,
                    None => Vec::new(),
                });
                tracing::info!(
                    %device,
                    intervention = %sheet.id,
                    kept = line.is_some(),
                    reached = reached.as_ref().map_or(0, Vec::len),
                    "sheet told"
                );
            }
        }
        let mut behind = Vec::new();
        for other in reached.iter().flatten() {
            if let Some(said) = transaction.said_crew(other)?.filter(|_| other != device)
                && transaction.is_online(other)?
            {
                let handed = self.handed.get(other).copied().unwrap_or(0);
                behind.push((other.clone(), said.max(handed)));
            }
        }
        transaction.commit()?;
        let kept = CrewKept {
            device: device.clone(),
            sequence: told.sequence,
            reached: reached.map(|reached| u8::try_from(reached.len()).unwrap_or(u8::MAX)),
        };
        let mut outgoing = vec![self.reply(device, &Reply::CrewKept(kept))];
        if begins {
            behind.push((device.clone(), 0));
        }
        for (other, after) in behind {
            outgoing.extend(self.sheets_after(&other, after, now)?);
        }
        Ok(outgoing)
    }

    /// What terminals on the network were not handed yet, because another gateway heard it; and what is past its term is
    /// forgotten.
    pub fn sheets_out(&mut self, now: UnixMs) -> Result<Vec<Outgoing>, GatewayError> {
        let transaction = self.store.begin()?;
        let mut behind = Vec::new();
        for (device, said) in transaction.behind_on_sheets(now)? {
            if transaction.is_online(&device)? {
                let handed = self.handed.get(&device).copied().unwrap_or(0);
                behind.push((device, said.max(handed)));
            }
        }
        let forgotten = transaction.forget_sheets(now)?;
        transaction.commit()?;
        if forgotten > 0 {
            tracing::info!(forgotten, "what crews shared is past its term and forgotten");
        }
        let mut outgoing = Vec::new();
        for (device, after) in behind {
            outgoing.extend(self.sheets_after(&device, after, now)?);
        }
        Ok(outgoing)
    }

    /// The messages that bring `device` what its crew shares after `taken` and whose term is not over.
    pub(super) fn sheets_after(
        &mut self,
        device: &DeviceId,
        taken: u64,
        now: UnixMs,
    ) -> Result<Vec<Outgoing>, GatewayError> {
        let transaction = self.store.begin()?;
        let rows = transaction.sheets_after(device, taken, now, AT_ONCE)?;
        let to = if rows.is_empty() {
            None
        } else {
            recipient(&transaction, device)?
        };
        let mut notes = Vec::with_capacity(rows.len());
        for row in rows {
            let author = transaction.officer(row.officer)?;
            notes.push((row, author.map(|author| author.matricule)));
        }
        drop(transaction);
        self.handed.insert(device.clone(), taken);
        let Some(to) = to else { return Ok(Vec::new()) };
        let mut after = taken;
        let mut outgoing = Vec::with_capacity(notes.len());
        for (row, by) in notes {
            let Some(handed) = by.and_then(|by| self.handed_copy(&row, by, now)) else {
                continue;
            };
            let cose =
                self.pki
                    .command()
                    .sign(Namespace::CrewHanded, CrewHanded::CONTENT_TYPE, &encode(&handed));
            let message = CrewMessage {
                device: device.clone(),
                after,
                sequence: row.line,
                sealed: seal::seal(&[to], &cose).map_err(GatewayError::Seal)?,
            };
            after = row.line;
            outgoing.push(self.reply(device, &Reply::Crew(message)));
        }
        self.handed.insert(device.clone(), after);
        if !outgoing.is_empty() {
            tracing::info!(%device, notes = outgoing.len(), "handed what the crew shares");
        }
        Ok(outgoing)
    }

    fn handed_copy(&self, row: &SheetRow, by: Matricule, now: UnixMs) -> Option<CrewHanded> {
        let CrewWord::Sheet { sheet, .. } = open(self.pki.identity(), &row.sealed)? else {
            return None;
        };
        Some(CrewHanded {
            version: 1,
            officer: row.to,
            by,
            from: row.from.clone(),
            sequence: row.sequence,
            at: now,
            until: row.until,
            sheet: *sheet,
        })
    }
}

fn open(identity: &seal::Identity, sealed: &[u8]) -> Option<CrewWord> {
    let plain = seal::open(identity, sealed, CrewTold::MAX_SEALED).ok()?;
    decode(&plain).ok()
}
