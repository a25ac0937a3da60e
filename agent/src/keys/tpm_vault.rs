//! The vault of a terminal with a TPM 2.0: keys that the chip made and never gives out, and a counter in its memory.
//!
//! The file beside it holds what the chip wrapped: copied without the chip it opens nothing. No TPM computes X25519, so
//! that the terminal's identity is sealed by the chip and in memory while the vault is open.

use std::path::{Path, PathBuf};
use std::str::FromStr;
use std::sync::{Mutex, MutexGuard, PoisonError};

use domain::canonical::{self, Digest};
use domain::enrolment::KeyProtection;
use minicbor::{Decode, Encode};
use trust::keys::PublicKey;
use trust::seal::{Identity, Recipient};
use tss_esapi::handles::{KeyHandle, NvIndexHandle};
use tss_esapi::tcti_ldr::TctiNameConf;
use zeroize::Zeroizing;

use super::tpm::{Chip, Wrapped};
use super::{Keys, KeysError, durable};

/// Where Linux offers the chip with its own resource manager, so that several programs use it.
pub(super) const CHIP: &str = "device:/dev/tpmrm0";

/// Counters of vaults are in this range of the owner's indices (TCG registry of reserved handles), one drawn for each.
const COUNTERS: u32 = 0x0181_0000;

/// Keys in a TPM 2.0.
pub struct TpmVault {
    chip: Mutex<Chip>,
    device: KeyHandle,
    secret: KeyHandle,
    counter: NvIndexHandle,
    public: PublicKey,
    identity: Identity,
}

#[derive(Encode, Decode)]
#[cbor(map)]
struct Stored {
    /// How the chip is reached (TCTI).
    #[n(0)]
    chip: String,
    /// Name of the chip's storage key.
    #[cbor(n(1), with = "minicbor::bytes")]
    storage: Vec<u8>,
    #[n(2)]
    device: Wrapped,
    #[n(3)]
    secret: Wrapped,
    #[n(4)]
    identity: Wrapped,
    /// The sealed identity's public half.
    #[cbor(n(5), with = "minicbor::bytes")]
    recipient: [u8; 32],
    #[n(6)]
    counter: u32,
    /// SHA-256 over all of it: tells a damaged file from another chip.
    #[n(7)]
    check: Digest,
}

impl Stored {
    fn check_of(&self) -> Digest {
        let wrapped = [&self.device, &self.secret, &self.identity].map(Wrapped::bytes);
        let mut all = self.chip.clone().into_bytes();
        all.extend(&self.storage);
        all.extend(wrapped.as_flattened().concat());
        all.extend(self.recipient);
        all.extend(self.counter.to_be_bytes());
        Digest::of(&all)
    }
}

impl TpmVault {
    fn path(dir: &Path) -> PathBuf {
        dir.join("vault.tpm")
    }

    /// Makes fresh keys in the TPM that `chip` reaches: a TCTI such as `device:/dev/tpmrm0`.
    pub fn create(dir: &Path, chip: &str) -> Result<Self, KeysError> {
        let mut connected = connect(chip)?;
        let identity = Identity::generate();
        let mut drawn = [0; 2];
        getrandom::fill(&mut drawn).map_err(|_| KeysError::Derivation)?;
        let counter = COUNTERS | u32::from(u16::from_be_bytes(drawn));
        let mut make = || -> Result<Stored, tss_esapi::Error> {
            Ok(Stored {
                chip: chip.to_owned(),
                storage: connected.name()?,
                device: connected.make_signing_key()?,
                secret: connected.make_mac_key()?,
                identity: connected.seal(identity.to_text().as_bytes())?,
                recipient: *identity.recipient().as_bytes(),
                counter,
                check: Digest::from_bytes([0; 32]),
            })
        };
        let mut stored = make().map_err(unanswered)?;
        stored.check = stored.check_of();
        connected.make_counter(counter).map_err(unanswered)?;
        durable::replace(&Self::path(dir), &canonical::encode(&stored))?;
        Self::load(connected, &stored, dir)
    }

    /// Opens the vault of `dir`, over `chip` where it is reached otherwise than when it was made.
    pub fn open(dir: &Path, chip: Option<&str>) -> Result<Self, KeysError> {
        let bytes = durable::read(&Self::path(dir))?;
        let stored: Stored = canonical::decode(&bytes).map_err(|_| damaged(dir))?;
        if stored.check != stored.check_of() {
            return Err(damaged(dir));
        }
        let mut connected = connect(chip.unwrap_or(&stored.chip))?;
        if connected.name().map_err(unanswered)? != stored.storage {
            return Err(KeysError::OtherTpm);
        }
        Self::load(connected, &stored, dir)
    }

    fn load(mut chip: Chip, stored: &Stored, dir: &Path) -> Result<Self, KeysError> {
        // One after the other: a chip has room for three objects.
        let identity = chip.unseal(&stored.identity).map_err(unanswered)?;
        let identity = std::str::from_utf8(&identity)
            .ok()
            .and_then(|text| Identity::from_text(text).ok())
            .filter(|identity| identity.recipient() == Recipient::from_bytes(stored.recipient))
            .ok_or_else(|| damaged(dir))?;
        let device = chip.load(&stored.device).map_err(unanswered)?;
        let secret = chip.load(&stored.secret).map_err(unanswered)?;
        chip.let_storage_go().map_err(unanswered)?;
        Ok(Self {
            device,
            secret,
            counter: chip.counter(stored.counter).map_err(unanswered)?,
            public: stored.device.public_key().ok_or_else(|| damaged(dir))?,
            identity,
            chip: Mutex::new(chip),
        })
    }

    /// A command that panicked left the chip as it was.
    fn chip(&self) -> MutexGuard<'_, Chip> {
        self.chip.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn connect(chip: &str) -> Result<Chip, KeysError> {
    let tcti = TctiNameConf::from_str(chip).map_err(unanswered)?;
    Chip::connect(tcti).map_err(unanswered)
}

fn damaged(dir: &Path) -> KeysError {
    KeysError::Damaged {
        name: durable::name_of(&TpmVault::path(dir)),
    }
}

fn unanswered(error: tss_esapi::Error) -> KeysError {
    KeysError::Unanswered {
        vault: "tpm",
        source: Box::new(error),
    }
}

impl Keys for TpmVault {
    fn protection(&self) -> KeyProtection {
        KeyProtection::Hardware
    }

    fn mac(&self, message: &[u8]) -> Result<Zeroizing<[u8; 32]>, KeysError> {
        self.chip().mac(self.secret, message).map_err(unanswered)
    }

    fn public_key(&self) -> PublicKey {
        self.public.clone()
    }

    fn sign(&self, message: &[u8]) -> Result<Vec<u8>, KeysError> {
        let signature = self.chip().sign(self.device, message).map_err(unanswered)?;
        trust::keys::ecdsa_low_s(&signature).map_err(|_| KeysError::Unfit(super::Fault::Signature))
    }

    fn identity(&self) -> &Identity {
        &self.identity
    }

    fn epoch(&self) -> Result<u64, KeysError> {
        self.chip().read(self.counter).map_err(unanswered)
    }

    fn advance(&self) -> Result<u64, KeysError> {
        self.chip().advance(self.counter).map_err(unanswered)
    }
}
