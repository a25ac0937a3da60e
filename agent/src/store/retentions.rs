//! The retentions that run (78-3 CPP): an act's id and its hours, in the database that is open while nobody is at work.

use domain::verification::Clock;
use domain::{ActId, canonical};

use super::{DeviceStore, StoreError, failed, unreadable};

const PREFIX: &str = "retention/";

impl DeviceStore {
    pub fn retentions(&self) -> Result<Vec<(ActId, Clock)>, StoreError> {
        let what = "retention";
        let sql = "SELECT name, value FROM setting WHERE name LIKE 'retention/%' ORDER BY name";
        let mut rows = self.db.prepare_cached(sql).map_err(failed(what))?;
        let rows = rows
            .query_map([], |row| {
                Ok((row.get::<_, String>(0)?, row.get::<_, Vec<u8>>(1)?))
            })
            .map_err(failed(what))?;
        rows.map(|row| {
            let (name, value) = row.map_err(failed(what))?;
            let act = name.trim_start_matches(PREFIX).parse();
            Ok((
                act.map_err(unreadable(what))?,
                canonical::decode(&value).map_err(unreadable(what))?,
            ))
        })
        .collect()
    }

    /// Keeps the hours of `act`, or lets them go with the retention.
    pub fn keep_retention(&self, act: ActId, clock: Option<&Clock>) -> Result<(), StoreError> {
        let name = format!("{PREFIX}{act}");
        match clock {
            Some(clock) => self.put_setting(&name, &canonical::encode(clock)),
            None => self.forget_setting(&name),
        }
    }
}
