//! Keys of the lists of what is sought: given to terminals in service alone, each sealed to the one that asks.

use sync::wire::v1::{Reply, SealedHotlistKey};
use trust::cert::Certificate;
use trust::seal::{self, Recipient};

use super::GatewayError;
use super::desk::Desk;
use crate::fleet::Standing;

impl Desk<'_> {
    /// The newest key, if the terminal has an older one than `held`, and may have it.
    pub(super) fn hotlist_key_after(
        &self,
        held: u64,
        signer: &Certificate,
    ) -> Result<Option<Reply>, GatewayError> {
        let epoch = self.transaction.newest_epoch()?;
        let serves = self.transaction.standing(self.device)?.0 == Standing::InService
            && self.transaction.quarantined_at(self.device)?.is_none();
        if epoch <= held || !serves {
            return Ok(None);
        }
        let (Some(key), Some(recipient)) = (self.transaction.hotlist_key(epoch)?, signer.age_recipient())
        else {
            return Ok(None);
        };
        let sealed =
            seal::seal(&[Recipient::from_bytes(*recipient)], key.bytes()).map_err(GatewayError::Seal)?;
        Ok(Some(Reply::HotlistKey(SealedHotlistKey {
            device: self.device.clone(),
            epoch,
            sealed,
        })))
    }
}
