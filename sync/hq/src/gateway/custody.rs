//! Statements on recordings: each held against the chain that headquarters has, and what terminals hear of holds.

use domain::envelope::RefusalCode;
use domain::footage::custody::{Custody, Hold, NotNext, Said};
use domain::record::Record;
use domain::{DeviceId, Digest, EnvelopeId, UnixMs};
use sync::wire::v1::{FootageWord, Reply};

use super::desk::Desk;
use super::judge::Stop;
use super::{Gateway, GatewayError, Outgoing};
use crate::store::{HeldClip, StoreError, Transaction};

/// For how long a terminal that comes back is told again of holds, in milliseconds: longer than any recording's month.
const AGAIN: i64 = 40 * UnixMs::DAY;

impl Desk<'_> {
    /// The recording is the author's own, and the statement follows the last one.
    pub(super) fn judge_custody(
        &self,
        record: &Record,
        custody: &Custody,
        digest: Digest,
    ) -> Result<(), Stop> {
        let life = self.transaction.life(custody.clip)?;
        let life = life
            .filter(|life| life.author == record.context.author.id)
            .ok_or(RefusalCode::RecordingUnknown)?;
        let chain = self.transaction.custody_chain(&life)?;
        let mut chain = chain.ok_or(RefusalCode::RecordingUnknown)?;
        if self.transaction.is_stated(record.id)? {
            return Err(RefusalCode::IdReused.into());
        }
        match chain.take(custody, digest) {
            Ok(()) => Ok(()),
            // What it follows is on its way: the terminal sends it again.
            Err(NotNext::Early { .. }) => Err(Stop::Early),
            Err(
                NotNext::OtherClip
                | NotNext::OtherRoot
                | NotNext::Taken { .. }
                | NotNext::Broken { .. }
                | NotNext::Withdraws { .. },
            ) => Err(RefusalCode::CustodyBroken.into()),
        }
    }

    /// Keeps the statement that was judged. A hold counts if it was made within the term of bytes that are still here.
    pub(super) fn store_custody(
        &self,
        envelope: EnvelopeId,
        record: &Record,
        custody: &Custody,
        digest: Digest,
    ) -> Result<(), StoreError> {
        self.transaction
            .insert_custody(record.id, envelope, custody, digest)?;
        let Said::Hold(procedure) = &custody.said else {
            return Ok(());
        };
        let Some(life) = self.transaction.life(custody.clip)? else {
            return Ok(());
        };
        let at = record.signed_at.utc;
        let in_time = life.until.is_none_or(|until| at <= until);
        let clip = (custody.clip, self.device);
        if in_time {
            let hold = Hold {
                procedure: procedure.clone(),
                by: record.context.author.matricule.clone(),
                at,
            };
            self.transaction
                .hold_clip(clip, &hold, Some(record.id), self.now)?;
        } else {
            tracing::warn!(clip = %custody.clip, "a hold that was made after the term keeps nothing");
        }
        Ok(())
    }
}

impl Gateway {
    /// What terminals on the network were not told yet of holds.
    pub fn holds_out(&mut self) -> Result<Vec<Outgoing>, GatewayError> {
        let transaction = self.store.begin()?;
        let mut replies = Vec::new();
        for held in transaction.untold_holds()? {
            if transaction.is_online(&held.device)? {
                transaction.set_hold_told(held.clip)?;
                replies.push((held.device.clone(), reply(held)));
            }
        }
        transaction.commit()?;
        Ok(replies
            .into_iter()
            .map(|(device, reply)| self.reply(&device, &reply))
            .collect())
    }
}

/// What a terminal that says hello is told again.
pub(super) fn holds_before_hello(
    transaction: &Transaction<'_>,
    device: &DeviceId,
    now: UnixMs,
) -> Result<Vec<Reply>, StoreError> {
    let holds = transaction.holds_since(device, now.plus(-AGAIN))?;
    // What its own officer said needs no telling while it stands.
    let news = holds
        .into_iter()
        .filter(|held| held.act.is_none() || held.released_at.is_some());
    Ok(news.map(reply).collect())
}

fn reply(held: HeldClip) -> Reply {
    Reply::Footage(FootageWord {
        device: held.device,
        clip: held.clip,
        hold: held.released_at.is_none().then_some(held.hold),
    })
}
