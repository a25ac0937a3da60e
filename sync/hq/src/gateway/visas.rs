//! Visas: who may ask, who may answer, and what the terminals of both are told.
//!
//! A request or a visa is refused or stored like any other record; the act that it is about is never touched. What goes
//! down is made of the stored records when it is sent, and sealed to the one terminal.

use domain::envelope::RefusalCode;
use domain::officer::{Author, Quality};
use domain::record::Record;
use domain::visa::{AskedVisa, DecidedVisa, ShownAct, Visa, VisaNote, VisaRequest};
use domain::{ActId, DeviceId, Digest, EnvelopeId, OfficerId, decode, encode};
use sync::wire::v1::{MAX_VISA_NOTE, VISA, VisaMessage};
use sync::{DownLane, Topic};
use trust::cert::Holder;
use trust::cose::{self, Namespace};
use trust::seal::{self, Recipient};

use super::desk::Desk;
use super::document;
use super::judge::Stop;
use super::{Gateway, GatewayError, Outgoing};
use crate::store::{NewVisaRequest, StoreError, Stored, Transaction, VisaNoteRow};

/// Notes that one hello brings; the next one brings those after them.
const AT_ONCE: u32 = 16;

/// A terminal to which something new is to be said, and the sequence of its first new note.
pub(super) type Untold = (DeviceId, u64);

impl Desk<'_> {
    /// The act is held as the author saw it, they ask for their own, and they ask an OPJ who is somebody else.
    pub(super) fn judge_visa_request(&self, record: &Record, request: &VisaRequest) -> Result<(), Stop> {
        if record.id != VisaRequest::act_id(request.act, &request.opj) {
            return Err(RefusalCode::Unreadable.into());
        }
        let author = &record.context.author;
        let (_, act) = self.looked_at(request.act, request.record)?;
        if act.context.author.id != author.id {
            return Err(RefusalCode::NotTheAuthor.into());
        }
        let opj = self.opj_of(request)?;
        if opj == author.id {
            return Err(RefusalCode::OwnAct.into());
        }
        match self.transaction.visa_request(record.id)? {
            None => Ok(()),
            Some(_) => Err(RefusalCode::VisaTwice.into()),
        }
    }

    /// The one OPJ who was asked answers once, about the very record that headquarters holds.
    pub(super) fn judge_visa(&self, record: &Record, visa: &Visa) -> Result<(), Stop> {
        if record.id != Visa::act_id(visa.request) {
            return Err(RefusalCode::Unreadable.into());
        }
        let signer = &record.context.author;
        let (envelope, act) = self.looked_at(visa.act, visa.record)?;
        if act.context.author.id == signer.id {
            return Err(RefusalCode::OwnAct.into());
        }
        let asked = self
            .transaction
            .visa_request(visa.request)?
            .filter(|asked| asked.act == envelope)
            .ok_or(RefusalCode::ActUnknown)?;
        if asked.opj != signer.id {
            return Err(RefusalCode::NotTheOpj.into());
        }
        match asked.visa {
            None => Ok(()),
            Some(_) => Err(RefusalCode::VisaTwice.into()),
        }
    }

    /// The act called `act`, if it is open to a visa and held under this digest.
    fn looked_at(&self, act: ActId, digest: Digest) -> Result<(EnvelopeId, Record), Stop> {
        let mut why = RefusalCode::ActUnknown;
        for envelope in self.transaction.records_of(act)? {
            let Some((stored, record)) = read(self.transaction, envelope)? else {
                continue;
            };
            if !record.act.kind().is_open_to_visa() {
                continue;
            }
            if Digest::of(&stored.record_cose) == digest {
                return Ok((envelope, record));
            }
            why = RefusalCode::ActDiffers;
        }
        Err(why.into())
    }

    fn opj_of(&self, request: &VisaRequest) -> Result<OfficerId, Stop> {
        let opj = self.transaction.officer_called(&request.opj)?;
        let opj = opj.filter(|officer| officer.quality == Quality::Opj);
        Ok(opj.ok_or(RefusalCode::NotTheOpj)?.id)
    }

    /// Keeps the request that was judged, and notes it for every terminal of the OPJ.
    pub(super) fn store_visa_request(
        &self,
        envelope: EnvelopeId,
        request: ActId,
        author: &Author,
        asked: &VisaRequest,
    ) -> Result<Vec<Untold>, StoreError> {
        let (act, _) = judged_before(self.looked_at(asked.act, asked.record))?;
        let opj = judged_before(self.opj_of(asked))?;
        self.transaction.insert_visa_request(&NewVisaRequest {
            request,
            envelope,
            act,
            device: self.device,
            author: author.id,
            opj,
            at: self.now,
        })?;
        self.untold(self.transaction.devices_of(opj)?)
    }

    /// Keeps the visa that was judged, and notes it for the author's terminal and those of the OPJ.
    pub(super) fn store_visa(&self, envelope: EnvelopeId, visa: &Visa) -> Result<Vec<Untold>, StoreError> {
        self.transaction.decide_visa(visa.request, envelope)?;
        let Some(asked) = self.transaction.visa_request(visa.request)? else {
            return Ok(Vec::new());
        };
        let mut devices = self.transaction.devices_of(asked.opj)?;
        if !devices.contains(&asked.device) {
            devices.push(asked.device);
        }
        self.untold(devices)
    }

    fn untold(&self, devices: Vec<DeviceId>) -> Result<Vec<Untold>, StoreError> {
        let mut untold = Vec::new();
        for device in devices {
            let first = self.transaction.note_visas(&device)?;
            // One that is away, or whose program takes no visas, is told when it says hello.
            let listens =
                self.transaction.is_online(&device)? && self.transaction.said_visas(&device)?.is_some();
            untold.extend(first.filter(|_| listens).map(|first| (device, first)));
        }
        Ok(untold)
    }
}

impl Gateway {
    /// The messages that bring `device` what it was not told after `sequence`.
    pub(super) fn visas_after(
        &mut self,
        device: &DeviceId,
        sequence: u64,
    ) -> Result<Vec<Outgoing>, GatewayError> {
        let transaction = self.store.begin()?;
        let rows = transaction.visa_notes_after(device, sequence, AT_ONCE)?;
        if rows.is_empty() {
            return Ok(Vec::new());
        }
        let Some(recipient) = recipient(&transaction, device)? else {
            tracing::warn!(%device, "a terminal without a certificate in force is told nothing of visas");
            return Ok(Vec::new());
        };
        let mut after = sequence;
        let mut outgoing = Vec::with_capacity(rows.len());
        for row in rows {
            let Some(note) = note(&transaction, &row)? else {
                continue;
            };
            let message = VisaMessage {
                version: 1,
                device: device.clone(),
                after,
                sequence: row.sequence,
                sealed: seal::seal(&[recipient], &encode(&note)).map_err(GatewayError::Seal)?,
            };
            after = row.sequence;
            outgoing.push(Outgoing {
                topic: Topic::Down(device.clone(), DownLane::Cmd),
                payload: self.pki.command().sign(Namespace::Order, VISA, &encode(&message)),
            });
        }
        tracing::info!(%device, notes = outgoing.len(), "visas told");
        Ok(outgoing)
    }
}

/// What was found to hold a moment ago, in the same transaction.
fn judged_before<T>(found: Result<T, Stop>) -> Result<T, StoreError> {
    found.map_err(|stop| match stop {
        Stop::Failed(error) => error,
        Stop::Refused(_) | Stop::Incomplete | Stop::Early => StoreError::Corrupt {
            what: "request for a visa",
        },
    })
}

/// The recipient of the terminal's newest certificate, unless that was withdrawn.
pub(super) fn recipient(
    transaction: &Transaction<'_>,
    device: &DeviceId,
) -> Result<Option<Recipient>, StoreError> {
    let Some(certificate) = transaction.latest_certificate(&Holder::Device(device.to_string()))? else {
        return Ok(None);
    };
    let withdrawn = transaction.revoked_at(&certificate.fingerprint())?.is_some();
    let recipient = certificate.age_recipient().filter(|_| !withdrawn);
    Ok(recipient.map(|recipient| Recipient::from_bytes(*recipient)))
}

/// What a note says now; none when a record that it is about is no longer held.
fn note(transaction: &Transaction<'_>, row: &VisaNoteRow) -> Result<Option<VisaNote>, StoreError> {
    let Some(asked) = transaction.visa_request(row.request)? else {
        return Ok(None);
    };
    if row.decided {
        let Some(visa) = asked.visa else { return Ok(None) };
        let held = transaction.record(visa)?;
        return Ok(held.map(|held| {
            VisaNote::Decided(DecidedVisa {
                officer: row.officer,
                visa: held.record_cose,
            })
        }));
    }
    let (Some(request), Some((stored, act))) =
        (transaction.record(asked.envelope)?, read(transaction, asked.act)?)
    else {
        return Ok(None);
    };
    let document = match transaction.attachment(asked.act, document::NAME) {
        Err(StoreError::Corrupt { what }) => {
            tracing::error!(envelope = %asked.act, what, "an act cannot be shown for its visa");
            None
        }
        document => document?,
    };
    let mut asked = AskedVisa {
        officer: row.officer,
        request: request.record_cose,
        kind: act.act.kind(),
        number: act.number,
        signed_at: act.signed_at,
        act: document.map(|document| ShownAct {
            record: stored.record_cose,
            document,
        }),
    };
    if encode(&VisaNote::Asked(Box::new(asked.clone()))).len() > MAX_VISA_NOTE {
        asked.act = None;
    }
    Ok(Some(VisaNote::Asked(Box::new(asked))))
}

fn read(transaction: &Transaction<'_>, envelope: EnvelopeId) -> Result<Option<(Stored, Record)>, StoreError> {
    let Some(stored) = transaction.record(envelope)? else {
        return Ok(None);
    };
    let record = cose::parse(&stored.record_cose)
        .ok()
        .and_then(|signed| decode::<Record>(&signed.payload).ok())
        .ok_or(StoreError::Corrupt { what: "record" })?;
    Ok(Some((stored, record)))
}
