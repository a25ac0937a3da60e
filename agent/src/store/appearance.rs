//! How the officer wants the screens to look; readable before anybody has unlocked.

use domain::canonical;
use domain::dialogue::Appearance;

use super::{DeviceStore, StoreError, unreadable};

const NAME: &str = "appearance";

impl DeviceStore {
    pub fn keep_appearance(&self, chosen: Appearance) -> Result<(), StoreError> {
        self.put_setting(NAME, &canonical::encode(&chosen))
    }

    pub fn appearance(&self) -> Result<Option<Appearance>, StoreError> {
        let chosen = self.setting(NAME)?;
        let chosen = chosen.map(|bytes| canonical::decode(&bytes).map_err(unreadable(NAME)));
        chosen.transpose()
    }
}
