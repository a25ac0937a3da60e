//! The terminal's keys: what the vault keeps, what the officer's card answers, and how a code opens a slot.
//!
//! A code never reaches a database: the slot's own tag tells whether it is right.

#[cfg(feature = "keystore")]
mod android;
mod code;
mod copies;
mod cost;
mod counter;
pub(crate) mod durable;
mod file_vault;
#[cfg(feature = "keystore")]
mod keystore_vault;
mod self_test;
mod slot;
#[cfg(feature = "tpm")]
mod tpm;
#[cfg(feature = "tpm")]
mod tpm_vault;
mod tries;
mod vault;

use std::sync::Arc;

use domain::Digest;
use domain::enrolment::{Der, KeyProtection};
use thiserror::Error;
use trust::cert::Certificate;
use trust::cose::{self, Namespace, SigningRefusal};
use trust::keys::PublicKey;
use trust::seal::Identity;
use zeroize::Zeroizing;

pub use code::CodePolicy;
pub use cost::Cost;
pub(crate) use durable::{read, remove, replace};
pub use file_vault::FileVault;
#[cfg(feature = "keystore")]
pub use keystore_vault::KeystoreVault;
pub use self_test::Fault;
pub use slot::{OfficerKeys, Owner, Place, Slot, SlotOpening, Standing, destroy_slot, reopen, standing};
#[cfg(feature = "tpm")]
pub use tpm_vault::TpmVault;
pub use tries::{LIMIT as TRIES, TERMINAL_LIMIT, TerminalTries, Tries};
pub use vault::{NotAVault, VaultKind, open};

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
    #[error(
        "the code is not acceptable: use six to twelve digits that are no run, no repetition and not the service number"
    )]
    WeakCode,
    #[error("no card is present")]
    NoCard,
    #[error("the card has another code, or its code is blocked; the two codes must be the same")]
    CardPin,
    #[error("the key derivation refused its parameters")]
    Derivation,
    #[error("the key vault `{vault}` does not answer; is it there, and may this program use it?")]
    Unanswered {
        vault: &'static str,
        #[source]
        source: Box<dyn std::error::Error + Send + Sync>,
    },
    #[error(
        "the terminal's keys are another TPM's, or this one was cleared since; without its own TPM the terminal is enrolled again, in an empty folder"
    )]
    OtherTpm,
    #[error("the keystore no longer gives the terminal's keys; enrol the terminal again, in an empty folder")]
    Invalidated,
    #[error(
        "the terminal's keys are in the vault `{made}`; start it with `--vault {made}` or without `--vault`"
    )]
    OtherVault { made: &'static str },
    #[error("this program was built without the vault `{vault}`; build it with `--features {vault}`")]
    NotBuilt { vault: &'static str },
    #[error("the key vault failed its test at the start: {0}; have the terminal replaced")]
    Unfit(Fault),
    #[error("what the device's key signed is no message of its certificate")]
    Unsigned(#[from] SigningRefusal),
}

/// The device's key vault. Nothing of it needs an officer, and hardware may fail to answer.
pub trait Keys: Send + Sync {
    /// What certificates and signatures say of it.
    fn protection(&self) -> KeyProtection;

    /// A keyed digest of `message`, always the same, under a secret that never leaves the vault: HMAC-SHA256 of it in a file
    /// or a keystore, of its SHA-256 in a TPM.
    fn mac(&self, message: &[u8]) -> Result<Zeroizing<[u8; 32]>, KeysError>;

    /// The device's P-256 key: envelopes, manifests, hellos, TLS.
    fn public_key(&self) -> PublicKey;

    /// ECDSA by the device's key over the SHA-256 of `message`, `r ‖ s` with the low `s`.
    fn sign(&self, message: &[u8]) -> Result<Vec<u8>, KeysError>;

    /// The terminal's X25519 identity: what HQ seals to it. No hardware computes X25519, so that a vault keeps it wrapped
    /// and holds it in memory while it is open.
    fn identity(&self) -> &Identity;

    /// The vault's counter, which no order of HQ and no restored file sets back where hardware keeps it.
    ///
    /// A state that must not be put back is written with `epoch() + 1` and then the counter advanced: a state of another
    /// number than the counter's or the one after it is not the last one.
    fn epoch(&self) -> Result<u64, KeysError>;

    /// Adds one to the counter for good, and gives what it is then.
    fn advance(&self) -> Result<u64, KeysError>;

    /// Certificates by which the maker of the hardware says where the device's key is, leaf first, with `challenge` in them;
    /// none where nobody says so.
    fn attestation(&self, _challenge: &Digest) -> Result<Vec<Der>, KeysError> {
        Ok(Vec::new())
    }
}

/// A COSE_Sign1 by the device's key, with the key protection that `certificate` states.
pub fn device_signed(
    keys: &dyn Keys,
    namespace: Namespace,
    certificate: &Certificate,
    content_type: &str,
    payload: &[u8],
) -> Result<Vec<u8>, KeysError> {
    let protection = certificate.key_protection();
    let unsigned = cose::to_be_signed(namespace, certificate, content_type, payload, protection)?;
    let signature = keys.sign(unsigned.sig_structure())?;
    Ok(unsigned.assemble(&signature)?)
}

/// The device's key for those who know no vault: a signature of what they are given, none when the vault does not answer.
pub fn device_signer(keys: Arc<dyn Keys>) -> impl Fn(&[u8]) -> Option<Vec<u8>> + Send + Sync {
    move |message| {
        let signature = keys.sign(message);
        signature
            .inspect_err(|error| {
                tracing::error!(error = error as &dyn std::error::Error, "the vault did not sign");
            })
            .ok()
    }
}

/// The officer's agent card.
pub trait Card: Send {
    /// The card's answer to a challenge, the same for the same challenge.
    fn answer(&mut self, challenge: &[u8; 32]) -> Result<Zeroizing<[u8; 32]>, KeysError>;

    /// Shows the officer's code to a card that has a code of its own and signs after it alone.
    fn show_code(&mut self, _code: &[u8]) -> Result<(), KeysError> {
        Ok(())
    }

    /// ECDSA P-256 over the SHA-256 of `message`, `r ‖ s`.
    fn sign(&mut self, message: &[u8]) -> Result<Vec<u8>, KeysError>;
}
