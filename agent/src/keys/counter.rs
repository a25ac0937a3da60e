//! A counter in a file, for a vault whose hardware counts nothing: whoever puts the file back puts the count back.

use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};

use domain::canonical::{self, Digest};
use minicbor::{Decode, Encode};
use zeroize::Zeroizing;

use super::{KeysError, durable};

/// The file, held while it is read and written.
pub(super) struct CounterFile(Mutex<PathBuf>);

#[derive(Encode, Decode)]
#[cbor(map)]
struct Counted {
    #[n(0)]
    count: u64,
    /// By the vault's own secret, so that a count is of this vault or damaged.
    #[n(1)]
    mac: Digest,
}

/// The vault's keyed digest.
type Mac<'a> = &'a dyn Fn(&[u8]) -> Result<Zeroizing<[u8; 32]>, KeysError>;

impl CounterFile {
    pub(super) fn beside(dir: &Path) -> Self {
        Self(Mutex::new(dir.join("vault.epoch")))
    }

    pub(super) fn epoch(&self, mac: Mac<'_>) -> Result<u64, KeysError> {
        read(&self.0.lock().unwrap_or_else(PoisonError::into_inner), mac)
    }

    pub(super) fn advance(&self, mac: Mac<'_>) -> Result<u64, KeysError> {
        let path = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let next = read(&path, mac)? + 1;
        durable::replace(&path, &canonical::encode(&counted(next, mac)?))?;
        Ok(next)
    }
}

/// A counter that was never advanced is not there yet.
fn read(path: &Path, mac: Mac<'_>) -> Result<u64, KeysError> {
    if !path.exists() {
        return Ok(0);
    }
    let damaged = || KeysError::Damaged {
        name: durable::name_of(path),
    };
    let read: Counted = canonical::decode(&durable::read(path)?).map_err(|_| damaged())?;
    if read.mac == counted(read.count, mac)?.mac {
        Ok(read.count)
    } else {
        Err(damaged())
    }
}

fn counted(count: u64, mac: Mac<'_>) -> Result<Counted, KeysError> {
    let message = [b"neo/vault-epoch/v1".as_slice(), &count.to_be_bytes()].concat();
    Ok(Counted {
        count,
        mac: Digest::from_bytes(*mac(&message)?),
    })
}

#[cfg(test)]
mod tests {
    use super::super::{FileVault, Keys};
    use super::*;

    #[test]
    fn the_counter_goes_on_after_a_restart_and_takes_no_count_of_another_vault() {
        let (dir, other) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
        let vault = FileVault::create(dir.path()).unwrap();
        assert_eq!(vault.epoch().unwrap(), 0);
        assert_eq!([vault.advance().unwrap(), vault.advance().unwrap()], [1, 2]);
        let again = FileVault::open(dir.path()).unwrap();
        assert_eq!(again.epoch().unwrap(), 2);
        FileVault::create(other.path()).unwrap().advance().unwrap();
        let [ours, theirs] = [&dir, &other].map(|dir| dir.path().join("vault.epoch"));
        std::fs::copy(theirs, ours).unwrap();
        assert!(matches!(again.epoch(), Err(KeysError::Damaged { .. })));
        assert!(matches!(again.advance(), Err(KeysError::Damaged { .. })));
    }
}
