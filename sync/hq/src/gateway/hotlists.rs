//! Keys of the lists of what is sought: given to terminals in service alone, each sealed to the one that asks, and those of
//! persons where a policy allows the list.

use domain::hotlist::Catalogue;
use domain::profile::ProfileHeld;
use sync::wire::v1::{Reply, SealedHotlistKey};
use trust::cert::Certificate;
use trust::seal::{self, Recipient};

use super::GatewayError;
use super::desk::Desk;
use crate::fleet::Standing;
use crate::hotlist::policy_of;
use crate::rollout::due;

impl Desk<'_> {
    /// The newest key, if the terminal has an older one than `held`, and may have it.
    pub(super) fn hotlist_key_after(
        &self,
        catalogue: Catalogue,
        held: u64,
        signer: &Certificate,
    ) -> Result<Option<Reply>, GatewayError> {
        let epoch = self.transaction.newest_epoch(Some(catalogue))?;
        if epoch <= held || !self.serves()? {
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
            catalogue,
        })))
    }

    fn serves(&self) -> Result<bool, GatewayError> {
        Ok(self.transaction.standing(self.device)?.0 == Standing::InService
            && self.transaction.quarantined_at(self.device)?.is_none())
    }

    /// Whether a list of persons may go to the terminal: it serves, and both the profile that it says to follow and the one
    /// that it is about to get allow it today.
    pub(super) fn may_have_persons(&self, held: Option<&ProfileHeld>) -> Result<bool, GatewayError> {
        let Some(held) = held.filter(|held| held.serial > 0) else {
            return Ok(false);
        };
        let coming = due(self.transaction, self.device)?.filter(|serial| *serial > held.serial);
        for serial in [Some(held.serial), coming].into_iter().flatten() {
            if policy_of(self.transaction, serial, self.now)?.is_none() {
                return Ok(false);
            }
        }
        self.serves()
    }
}
