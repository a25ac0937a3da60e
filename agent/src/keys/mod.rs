//! The terminal's keys: what the vault keeps, what the officer's card answers, and how a code opens a slot.
//!
//! A code never reaches a database: the slot's own tag tells whether it is right.

pub(crate) mod durable;
mod file_vault;
mod slot;
mod tries;

use domain::enrolment::KeyProtection;
use thiserror::Error;
use trust::keys::SigningKey;
use trust::seal::Identity;
use zeroize::Zeroizing;

pub(crate) use durable::remove;
pub use file_vault::FileVault;
pub use slot::{CodePolicy, Cost, OfficerKeys, Slot, SlotOpening, destroy_slot, standing};
pub use tries::{LIMIT as TRIES, Tries};

/// Why a key operation failed.
#[derive(Debug, Error)]
pub enum KeysError {
    #[error("could not read or write the key file `{name}`")]
    File {
        name: String,
        #[source]
        source: std::io::Error,
    },
    #[error("the key file `{name}` is damaged; the terminal must be enrolled again")]
    Damaged { name: String },
    #[error("the code is not acceptable: use at least six digits that are not a run or a repetition")]
    WeakCode,
    #[error("no card is present")]
    NoCard,
    #[error("the key derivation refused its parameters")]
    Derivation,
}

/// The device's key vault. Nothing of it needs an officer.
pub trait Keys: Send + Sync {
    /// What certificates and signatures say of it.
    fn protection(&self) -> KeyProtection;

    /// HMAC-SHA256 of `message` under a secret that never leaves the vault.
    fn mac(&self, message: &[u8]) -> Zeroizing<[u8; 32]>;

    /// The device's P-256 key: envelopes, manifests, hellos, TLS.
    fn device_key(&self) -> &SigningKey;

    /// The terminal's X25519 identity: what HQ seals to it.
    fn identity(&self) -> &Identity;
}

/// The officer's agent card.
pub trait Card: Send {
    /// The card's answer to a challenge, the same for the same challenge.
    fn answer(&mut self, challenge: &[u8; 32]) -> Result<Zeroizing<[u8; 32]>, KeysError>;

    /// ECDSA P-256 over the SHA-256 of `message`, `r ‖ s`.
    fn sign(&mut self, message: &[u8]) -> Result<Vec<u8>, KeysError>;
}
