//! Profiles on their way: to a terminal that says hello, and to those on the network when a rollout goes on.

use domain::profile::ProfileHeld;
use domain::{DeviceId, encode};
use sync::wire::v1::{PROFILE_GIVEN, ProfileGiven};
use sync::{DownLane, Topic};
use trust::cose::Namespace;

use super::desk::Desk;
use super::{Gateway, GatewayError, Outgoing};
use crate::pki::Pki;
use crate::rollout::{Channel, due, hear, members};
use crate::store::{StoreError, Transaction};

/// Terminals that are looked at at a time: others must not wait for a whole fleet.
const AT_ONCE: usize = 500;

/// Who is still to be looked at since a rollout last went on.
#[derive(Default)]
pub(super) struct Handing {
    /// What was done with rollouts when the list was made.
    events: u64,
    waiting: Vec<DeviceId>,
}

impl Gateway {
    /// What rollouts give to terminals on the network: a person or a hello may have brought one on meanwhile. What is lost
    /// on its way is given again at the next hello.
    pub fn profiles_out(&mut self) -> Result<Vec<Outgoing>, GatewayError> {
        let transaction = self.store.begin()?;
        let events = transaction.count_rollout_events()?;
        if events != self.handing.events {
            let mut waiting = Vec::new();
            for channel in Channel::ALL {
                waiting.extend(members(&transaction, channel)?);
            }
            self.handing = Handing { events, waiting };
        }
        let rest = self.handing.waiting.len().saturating_sub(AT_ONCE);
        let mut outgoing = Vec::new();
        for device in self.handing.waiting.drain(rest..) {
            // Who never spoke of profiles may have a program that follows none.
            let Some(said) = transaction.said_profile(&device)? else {
                continue;
            };
            if transaction.is_online(&device)? {
                let lacks = due(&transaction, &device)?
                    .filter(|serial| *serial > said.serial && Some(*serial) != said.refused);
                if let Some(serial) = lacks {
                    outgoing.push(given(&self.pki, &transaction, &device, serial)?);
                }
            }
        }
        Ok(outgoing)
    }
}

impl Desk<'_> {
    /// Keeps what a hello says of profiles, and gives the one that the terminal should have.
    pub(super) fn settle_profile(&self, held: &ProfileHeld) -> Result<Option<Outgoing>, StoreError> {
        let before = self.transaction.said_profile(self.device)?;
        self.transaction.keep_said_profile(self.device, held, self.now)?;
        hear(self.transaction, self.device, before.as_ref(), held, self.now)?;
        let refused = held.refused.map(|refused| refused.serial);
        let lacks = due(self.transaction, self.device)?
            .filter(|serial| *serial > held.serial && Some(*serial) != refused);
        lacks
            .map(|serial| given(self.pki, self.transaction, self.device, serial))
            .transpose()
    }
}

fn given(
    pki: &Pki,
    transaction: &Transaction<'_>,
    device: &DeviceId,
    serial: u64,
) -> Result<Outgoing, StoreError> {
    let published = transaction
        .profile(serial)?
        .ok_or(StoreError::Corrupt { what: "profile" })?;
    let given = ProfileGiven {
        version: 1,
        device: device.clone(),
        serial,
        profile: published.signed,
    };
    tracing::info!(%device, serial, "profile given");
    Ok(Outgoing {
        topic: Topic::Down(device.clone(), DownLane::Cmd),
        payload: pki
            .command()
            .sign(Namespace::Order, PROFILE_GIVEN, &encode(&given)),
    })
}
