//! Reading the whole device database after a start, so that the first screen does not wait for it.

use std::path::PathBuf;
use std::sync::Arc;

use crate::engine::device_db_key;
use crate::keys::Keys;
use crate::store::DeviceStore;

pub struct CheckJob {
    pub database: PathBuf,
    pub keys: Arc<dyn Keys>,
}

impl CheckJob {
    pub(super) fn run(self) -> Option<bool> {
        let key = device_db_key(self.keys.as_ref()).ok()?;
        DeviceStore::is_sound(&self.database, &key)
    }
}
