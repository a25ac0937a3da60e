//! What a vault must do before the terminal trusts it: at every start, whatever it is made of.
//!
//! Keystores have been seen to sign wrongly, and to answer differently after an update of their system.

use std::fmt;

use super::{Keys, KeysError};

/// What a vault did wrong.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fault {
    Signature,
    Mac,
    Counter,
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Signature => "it signs what its own public key does not verify",
            Self::Mac => "it answers the same challenge in two ways, or two challenges in the same way",
            Self::Counter => "its counter went back",
        })
    }
}

/// Refuses a vault that does not do what is asked of it.
pub(super) fn pass(keys: &dyn Keys) -> Result<(), KeysError> {
    let mut drawn = [0; 32];
    getrandom::fill(&mut drawn).map_err(|_| KeysError::Derivation)?;
    let message = [b"neo/vault-test/v1".as_slice(), &drawn].concat();
    let epoch = keys.epoch()?;
    if !keys.public_key().verifies(&message, &keys.sign(&message)?) {
        return Err(KeysError::Unfit(Fault::Signature));
    }
    let mac = keys.mac(&message)?;
    if mac != keys.mac(&message)? || mac == keys.mac(&drawn)? {
        return Err(KeysError::Unfit(Fault::Mac));
    }
    if keys.epoch()? < epoch {
        return Err(KeysError::Unfit(Fault::Counter));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicU64, Ordering};

    use domain::enrolment::KeyProtection;
    use trust::keys::{KeyKind, PublicKey, SigningKey};
    use trust::seal::Identity;
    use zeroize::Zeroizing;

    use super::super::FileVault;
    use super::*;

    /// A vault with one fault.
    struct Faulty {
        sound: FileVault,
        fault: Fault,
        asked: AtomicU64,
    }

    impl Faulty {
        fn is(&self, fault: Fault) -> bool {
            self.fault == fault
        }

        fn times(&self) -> u64 {
            self.asked.fetch_add(1, Ordering::Relaxed)
        }
    }

    impl Keys for Faulty {
        fn protection(&self) -> KeyProtection {
            self.sound.protection()
        }

        fn mac(&self, message: &[u8]) -> Result<Zeroizing<[u8; 32]>, KeysError> {
            let again = if self.is(Fault::Mac) { self.times() } else { 0 };
            self.sound.mac(&[message, &again.to_be_bytes()].concat())
        }

        fn public_key(&self) -> PublicKey {
            if self.is(Fault::Signature) {
                SigningKey::generate(KeyKind::P256).public()
            } else {
                self.sound.public_key()
            }
        }

        fn sign(&self, message: &[u8]) -> Result<Vec<u8>, KeysError> {
            self.sound.sign(message)
        }

        fn identity(&self) -> &Identity {
            self.sound.identity()
        }

        fn epoch(&self) -> Result<u64, KeysError> {
            Ok(if self.is(Fault::Counter) {
                9 - self.times()
            } else {
                9
            })
        }

        fn advance(&self) -> Result<u64, KeysError> {
            self.sound.advance()
        }
    }

    #[test]
    fn a_vault_with_one_fault_is_refused_for_it_and_a_sound_one_passes() {
        let dir = tempfile::tempdir().unwrap();
        let verdict = |fault| {
            let sound = FileVault::create(dir.path()).unwrap();
            let asked = AtomicU64::new(0);
            pass(&Faulty { sound, fault, asked })
        };
        for fault in [Fault::Signature, Fault::Mac, Fault::Counter] {
            assert!(matches!(verdict(fault), Err(KeysError::Unfit(found)) if found == fault));
        }
        assert!(pass(&FileVault::open(dir.path()).unwrap()).is_ok());
    }
}
