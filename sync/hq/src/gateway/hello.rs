//! Hellos: what HQ has of each lane, and the receipts that the terminal seems to lack.

use domain::envelope::Lane;
use domain::hotlist::Catalogue;
use domain::{DeviceId, Digest, UnixMs, decode, encode};
use sync::wire::v1::{HELLO_ANSWER, Hello, HelloAnswer, SetKind};
use sync::{DownLane, Topic};
use trust::cose::{Namespace, Signed};

use super::desk::Desk;
use super::{Gateway, GatewayError, Outgoing, alerts, custody, numbers, receipts};

/// Terminals spread their first attempt after a loss over ten minutes, so that a fleet does not return at once.
pub(super) const RETRY_WINDOW_MS: u32 = 600_000;
/// Publishes that a terminal may have unacknowledged.
const WINDOW: u16 = 30;
/// The most receipts of one lane that a hello brings back; the terminal asks for others by sending again.
const RECEIPTS_AGAIN: u32 = 256;

impl Gateway {
    pub(super) fn receive_hello(
        &mut self,
        device: &DeviceId,
        payload: &[u8],
        signed: &Signed,
        now: UnixMs,
    ) -> Result<Vec<Outgoing>, GatewayError> {
        let Ok(hello) = decode::<Hello>(&signed.payload) else {
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
        let signer = desk.by_device(signed, Namespace::Hello, hello.sent.utc)?.cloned();
        let Some(signer) = signer.filter(|_| hello.device == *device && hello.version == 1) else {
            tracing::warn!(%device, "hello refused");
            return Ok(Vec::new());
        };
        let mut lanes = Vec::with_capacity(Lane::ALL.len());
        for lane in Lane::ALL {
            lanes.push(transaction.have(device, lane)?);
        }
        let mut again = Vec::new();
        for cursor in &hello.lanes {
            again.extend(transaction.receipts_above(
                device,
                cursor.lane,
                cursor.receipted,
                RECEIPTS_AGAIN,
            )?);
        }
        let held = hello.numbers.as_ref().map(|held| held.notes);
        let visas = hello.visas.map(|held| held.notes);
        transaction.keep_said(device, hello.reference, held, visas)?;
        transaction.keep_said_suivi(device, hello.suivi)?;
        transaction.keep_said_dispatch(device, hello.dispatch)?;
        transaction.keep_said_crew(device, hello.crew)?;
        for held in &hello.sets {
            transaction.keep_said_set(device, held.kind, held.serial)?;
        }
        for kind in SetKind::OF_PERSONS {
            if hello.sets.iter().all(|held| held.kind != kind) {
                transaction.forget_said_set(device, kind)?;
            }
        }
        if visas.is_some() {
            transaction.note_visas(device)?;
        }
        let notes = match &hello.numbers {
            None => None,
            Some(held) => {
                desk.settle_numbers(&hello, held)?;
                transaction.notes_after(device, held.notes)?
            }
        };
        let orders = match &hello.orders {
            None => Vec::new(),
            Some(taken) => desk.settle_orders(taken, payload)?,
        };
        let journal = match &hello.journal {
            None => None,
            Some(told) => desk.settle_journal(told)?,
        };
        let profile = match &hello.profile {
            None => None,
            Some(held) => desk.settle_profile(held)?,
        };
        let bundle = match hello.bundle {
            None => None,
            Some(issued) => desk.bundle_after(issued, &signer)?,
        };
        let hotlist_key = match hello.hotlist_key {
            None => None,
            Some(held) => desk.hotlist_key_after(Catalogue::Things, held, &signer)?,
        };
        let persons = desk.may_have_persons(hello.profile.as_ref())?;
        let persons_key = match hello.persons_key.filter(|_| persons) {
            None => None,
            Some(held) => desk.hotlist_key_after(Catalogue::Persons, held, &signer)?,
        };
        let taken = alerts::taken_before_hello(&transaction, device, now)?;
        let holds = custody::holds_before_hello(&transaction, device, now)?;
        let orders_up_to = transaction.last_order(device)?;
        transaction.commit()?;
        let answer = HelloAnswer {
            version: 1,
            device: device.clone(),
            hello: Digest::of(payload),
            lanes,
            retry_window_ms: self.retry_window_ms,
            window: WINDOW,
            time: now,
            orders_up_to,
            journal,
        };
        tracing::info!(%device, epoch = hello.epoch, receipts = again.len(), "hello answered");
        let answer = Outgoing {
            topic: Topic::Down(device.clone(), DownLane::A),
            payload: self
                .pki
                .receipt()
                .sign(Namespace::HelloAnswer, HELLO_ANSWER, &encode(&answer)),
        };
        let notes = notes.map(|notes| numbers::told(&self.pki, device, &notes));
        let mut outgoing = vec![answer];
        // Urgent: ahead of receipts, orders and data.
        if let Some(taken) = hello.dispatch {
            outgoing.extend(self.dispatches_after(device, taken, now)?);
        }
        if let Some(taken) = hello.crew {
            outgoing.extend(self.sheets_after(device, taken, now)?);
        }
        outgoing.extend(receipts(device, again));
        outgoing.extend(orders);
        outgoing.extend(notes);
        outgoing.extend(bundle);
        outgoing.extend(profile);
        outgoing.extend(taken.iter().chain(&holds).map(|reply| self.reply(device, reply)));
        let keys = hotlist_key.into_iter().chain(persons_key);
        outgoing.extend(keys.map(|reply| self.reply(device, &reply)));
        if let Some(taken) = visas {
            outgoing.extend(self.visas_after(device, taken)?);
        }
        if let Some(taken) = hello.suivi {
            outgoing.extend(self.suivi_after(device, taken)?);
        }
        outgoing.extend(self.reference_for(device, &hello, persons)?);
        Ok(outgoing)
    }
}
