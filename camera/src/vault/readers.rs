//! Who reads a recording once more while it is coming in: keys that are in memory alone, and go with the process.

use std::collections::BTreeMap;
use std::fmt;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use domain::ClipId;
use trust::seal::Identity;

/// Copies share the keys.
#[derive(Clone, Default)]
pub(super) struct Readers(Arc<Mutex<BTreeMap<ClipId, Arc<Identity>>>>);

impl Readers {
    pub(super) fn of(&self, clip: ClipId) -> Option<Arc<Identity>> {
        self.lock().get(&clip).cloned()
    }

    pub(super) fn draw(&self, clip: ClipId) -> Arc<Identity> {
        let reader = Arc::new(Identity::generate());
        self.lock().insert(clip, Arc::clone(&reader));
        reader
    }

    pub(super) fn forget(&self, clip: ClipId) {
        self.lock().remove(&clip);
    }

    fn lock(&self) -> MutexGuard<'_, BTreeMap<ClipId, Arc<Identity>>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl fmt::Debug for Readers {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Readers")
    }
}
