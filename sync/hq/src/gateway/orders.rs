//! Orders on their way: to a terminal that says hello, and again to those that have not answered.

use domain::DeviceId;
use sync::wire::v1::{MAX_ORDERS, OrdersTaken};
use sync::{DownLane, Topic};

use super::desk::Desk;
use super::{Gateway, GatewayError, Outgoing};
use crate::store::StoreError;

/// Orders sent at a time.
const AT_ONCE: u32 = 16;
const _: () = assert!(AT_ONCE as usize == MAX_ORDERS);

impl Gateway {
    /// The orders that terminals on the network have not answered: another program may have given them meanwhile.
    pub fn orders_out(&mut self) -> Result<Vec<Outgoing>, GatewayError> {
        let transaction = self.store.begin()?;
        let mut outgoing = Vec::new();
        for (device, before) in transaction.silent_on_orders()? {
            if transaction.is_online(&device)? {
                let orders = transaction.orders_after(&device, before, AT_ONCE)?;
                outgoing.extend(orders.into_iter().map(|order| sent(&device, order)));
            }
        }
        Ok(outgoing)
    }
}

impl Desk<'_> {
    /// Keeps what a hello, given as it came, says of orders; gives those that the terminal has not taken.
    pub(super) fn settle_orders(
        &self,
        taken: &OrdersTaken,
        hello: &[u8],
    ) -> Result<Vec<Outgoing>, StoreError> {
        for one in &taken.latest {
            self.transaction.keep_outcome(self.device, one, hello)?;
        }
        let orders = self.transaction.orders_after(self.device, taken.up_to, AT_ONCE)?;
        Ok(orders.into_iter().map(|order| sent(self.device, order)).collect())
    }
}

fn sent(device: &DeviceId, order: Vec<u8>) -> Outgoing {
    Outgoing {
        topic: Topic::Down(device.clone(), DownLane::Cmd),
        payload: order,
    }
}
