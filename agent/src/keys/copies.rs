//! A small state kept twice beside the databases: of the copies that the vault vouches for, the one written last counts.

use std::path::{Path, PathBuf};

use domain::canonical::{self, Digest};
use minicbor::{Decode, Encode};

use super::{Keys, KeysError, durable};

/// A state that counts its writes.
pub(super) trait Counted: Encode<()> + for<'b> Decode<'b, ()> {
    fn epoch(&self) -> u64;
}

/// Where the two copies are, and what the vault's MAC binds them to.
pub(super) struct Copies {
    paths: [PathBuf; 2],
    purpose: Vec<u8>,
}

#[derive(Encode, Decode)]
#[cbor(map)]
struct Stored<S> {
    #[n(0)]
    state: S,
    #[n(1)]
    mac: Digest,
}

impl Copies {
    pub(super) fn new(paths: [PathBuf; 2], purpose: Vec<u8>) -> Self {
        Self { paths, purpose }
    }

    pub(super) fn exist(&self) -> bool {
        self.paths.iter().any(|path| path.exists())
    }

    /// None when neither copy is the vault's own.
    pub(super) fn newest<S: Counted>(&self, keys: &dyn Keys) -> Option<S> {
        let read = self.paths.iter().filter_map(|path| self.read(path, keys));
        read.max_by_key(S::epoch)
    }

    fn read<S: Counted>(&self, path: &Path, keys: &dyn Keys) -> Option<S> {
        let stored: Stored<S> = canonical::decode(&durable::read(path).ok()?).ok()?;
        (stored.mac == self.mac(&stored.state, keys).ok()?).then_some(stored.state)
    }

    pub(super) fn write<S: Counted>(&self, state: S, keys: &dyn Keys) -> Result<(), KeysError> {
        let mac = self.mac(&state, keys)?;
        let bytes = canonical::encode(&Stored { state, mac });
        self.paths
            .iter()
            .try_for_each(|path| durable::replace(path, &bytes))
    }

    fn mac<S: Counted>(&self, state: &S, keys: &dyn Keys) -> Result<Digest, KeysError> {
        let message = [self.purpose.as_slice(), &canonical::encode(state)].concat();
        Ok(Digest::from_bytes(*keys.mac(&message)?))
    }
}
