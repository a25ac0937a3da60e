//! An officer's slot: the wrapped master key that code, card and vault open together.
//!
//! `KEK = HKDF-SHA256(Argon2id(code) ‖ card answer ‖ vault answer)`; AES-256-GCM wraps the master key with the slot's
//! header as associated data, so that neither parameters nor owner can be changed.

use std::path::{Path, PathBuf};

use aes_gcm::aead::{Aead, Payload};
use aes_gcm::{Aes256Gcm, Key, KeyInit, Nonce};
use argon2::{Algorithm, Argon2, Params, Version};
use domain::canonical;
use domain::{BootId, OfficerId, Secret};
use hkdf::Hkdf;
use minicbor::{Decode, Encode};
use sha2::Sha256;
use zeroize::Zeroizing;

use super::{Card, CodePolicy, Keys, KeysError, Tries, durable};
use crate::key_bytes::{KeyBytes, scrub_stack};
use crate::store::RawKey;

/// Argon2id parameters (RFC 9106): memory in KiB, passes, lanes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct Cost {
    #[n(0)]
    pub memory_kib: u32,
    #[n(1)]
    pub passes: u32,
    #[n(2)]
    pub lanes: u32,
}

impl Cost {
    /// What a terminal uses: 64 MiB, three passes.
    pub const FIELD: Self = Self {
        memory_kib: 64 * 1024,
        passes: 3,
        lanes: 1,
    };

    /// The least that a slot may ask for: 46 MiB, one pass.
    pub const FLOOR: Self = Self {
        memory_kib: 46 * 1024,
        passes: 1,
        lanes: 1,
    };

    /// Beyond these a forged header would only exhaust the device.
    const fn acceptable(self) -> bool {
        self.memory_kib >= Self::FLOOR.memory_kib
            && self.memory_kib <= 256 * 1024
            && self.passes >= Self::FLOOR.passes
            && self.passes <= 10
            && self.lanes == 1
    }
}

#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
struct Header {
    #[n(0)]
    version: u8,
    #[n(1)]
    officer: OfficerId,
    #[n(2)]
    cost: Cost,
    #[cbor(n(3), with = "minicbor::bytes")]
    salt: [u8; 16],
    #[cbor(n(4), with = "minicbor::bytes")]
    challenge: [u8; 32],
    #[cbor(n(5), with = "minicbor::bytes")]
    nonce: [u8; 12],
}

/// A slot on disk.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct Slot {
    #[n(0)]
    header: Header,
    #[cbor(n(1), with = "minicbor::bytes")]
    wrapped: Vec<u8>,
}

/// What an unlocked slot gives; zeroed when dropped.
pub struct OfficerKeys {
    pub database: RawKey,
    header: Header,
    kek: KeyBytes,
    master: KeyBytes,
}

/// The code that opens a slot: the officer's own.
#[derive(Clone, Copy)]
pub struct Owner<'a> {
    pub id: OfficerId,
    /// Service number, which no code may repeat.
    pub matricule: &'a str,
}

/// How an attempt ended.
pub enum SlotOpening {
    Opened(OfficerKeys),
    WrongCode {
        left: u8,
    },
    /// Too early: the delay after failures has not passed.
    Wait {
        ms: u64,
        left: u8,
    },
    /// The limit was reached: the slot is gone for good, sealed evidence is not.
    Destroyed,
}

impl Slot {
    fn path(dir: &Path) -> PathBuf {
        dir.join("slot.cbor")
    }

    /// True once an officer chose a code here.
    pub fn exists(dir: &Path) -> bool {
        Self::path(dir).exists()
    }

    /// Makes the slot and its counter in `dir`; gives the keys of the new master key.
    pub fn create(
        dir: &Path,
        owner: Owner<'_>,
        code: &Secret,
        cost: Cost,
        keys: &dyn Keys,
        card: &mut dyn Card,
        boot: BootId,
    ) -> Result<OfficerKeys, KeysError> {
        let master =
            KeyBytes::written(|master| getrandom::fill(master)).map_err(|_| KeysError::Derivation)?;
        let made = Self::wrap(dir, owner, code, cost, keys, card, master)?;
        // The counter last: a creation that is interrupted is done again.
        Tries::create(dir, owner.id, keys, boot)?;
        Ok(made)
    }

    /// Writes the slot in which `code` opens `master`.
    fn wrap(
        dir: &Path,
        owner: Owner<'_>,
        code: &Secret,
        cost: Cost,
        keys: &dyn Keys,
        card: &mut dyn Card,
        master: KeyBytes,
    ) -> Result<OfficerKeys, KeysError> {
        if !CodePolicy.accepts(code.expose(), owner.matricule) {
            return Err(KeysError::WeakCode);
        }
        let mut header = Header {
            version: 1,
            officer: owner.id,
            cost,
            salt: [0; 16],
            challenge: [0; 32],
            nonce: [0; 12],
        };
        for random in [
            header.salt.as_mut_slice(),
            header.challenge.as_mut_slice(),
            header.nonce.as_mut_slice(),
        ] {
            getrandom::fill(random).map_err(|_| KeysError::Derivation)?;
        }
        let card_answer = card.answer(&header.challenge)?;
        let kek = kek(&header, code, keys, &card_answer)?;
        Self::sealed(header.clone(), &kek, &master)?.write(dir)?;
        OfficerKeys::of(header, kek, master)
    }

    fn sealed(header: Header, kek: &KeyBytes, master: &KeyBytes) -> Result<Self, KeysError> {
        let message = Payload {
            msg: master.bytes(),
            aad: &canonical::encode(&header),
        };
        let wrapped = cipher(kek).encrypt(&Nonce::from(header.nonce), message);
        let wrapped = wrapped.map_err(|_| KeysError::Derivation)?;
        Ok(Self { header, wrapped })
    }

    fn master(&self, kek: &KeyBytes) -> Option<KeyBytes> {
        let message = Payload {
            msg: &self.wrapped,
            aad: &canonical::encode(&self.header),
        };
        let opened = cipher(kek).decrypt(&Nonce::from(self.header.nonce), message);
        let master = Zeroizing::new(opened.ok()?);
        Some(KeyBytes::copied(master.as_slice().try_into().ok()?))
    }

    /// Puts this slot in the place of the officer's in `dir`, whole or not at all.
    pub(crate) fn write(&self, dir: &Path) -> Result<(), KeysError> {
        durable::replace(&Self::path(dir), &canonical::encode(self))
    }

    /// Tries `code`: counts first, compares after.
    pub fn open(
        dir: &Path,
        officer: OfficerId,
        code: &Secret,
        keys: &dyn Keys,
        card: &mut dyn Card,
        boot: BootId,
        mono_ms: u64,
    ) -> Result<SlotOpening, KeysError> {
        let path = Self::path(dir);
        let damaged = || KeysError::Damaged {
            name: durable::name_of(&path),
        };
        let mut tries = Tries::open(dir, officer, keys, boot);
        if !tries.is_authentic() {
            return Err(KeysError::Damaged {
                name: "tries".to_owned(),
            });
        }
        if tries.left() == 0 || !path.exists() {
            destroy(&path)?;
            return Ok(SlotOpening::Destroyed);
        }
        let wait = tries.wait_ms(boot, mono_ms);
        if wait > 0 {
            return Ok(SlotOpening::Wait {
                ms: wait,
                left: tries.left(),
            });
        }
        let slot: Self = canonical::decode(&durable::read(&path)?).map_err(|_| damaged())?;
        if slot.header.officer != officer || slot.header.version != 1 || !slot.header.cost.acceptable() {
            return Err(damaged());
        }
        // Without the card nothing can be right, so nothing is counted.
        let card_answer = card.answer(&slot.header.challenge)?;
        tries.begin(keys, boot, mono_ms)?;
        let kek = kek(&slot.header, code, keys, &card_answer)?;
        let Some(master) = slot.master(&kek) else {
            if tries.left() > 0 {
                return Ok(SlotOpening::WrongCode { left: tries.left() });
            }
            destroy(&path)?;
            return Ok(SlotOpening::Destroyed);
        };
        tries.succeed(keys)?;
        Ok(SlotOpening::Opened(OfficerKeys::of(slot.header, kek, master)?))
    }
}

impl OfficerKeys {
    fn of(header: Header, kek: KeyBytes, master: KeyBytes) -> Result<Self, KeysError> {
        let database = KeyBytes::written(|database| {
            Hkdf::<Sha256>::new(None, master.bytes()).expand(b"neo/officer-db/v1", database)
        });
        scrub_stack();
        Ok(Self {
            database: database.map_err(|_| KeysError::Derivation)?,
            header,
            kek,
            master,
        })
    }

    /// Gives the slot in `dir` another code: the master key is wrapped anew, and nothing else changes.
    pub fn change_code(
        self,
        dir: &Path,
        matricule: &str,
        code: &Secret,
        keys: &dyn Keys,
        card: &mut dyn Card,
    ) -> Result<(), KeysError> {
        let owner = Owner {
            id: self.header.officer,
            matricule,
        };
        Slot::wrap(dir, owner, code, self.header.cost, keys, card, self.master).map(drop)
    }

    /// A fresh master key that the same code opens, and the slot that holds it.
    pub(crate) fn successor(&self) -> Result<(Slot, Self), KeysError> {
        let mut header = self.header.clone();
        getrandom::fill(&mut header.nonce).map_err(|_| KeysError::Derivation)?;
        let random = |key: &mut [u8; 32]| getrandom::fill(key);
        let master = KeyBytes::written(random).map_err(|_| KeysError::Derivation)?;
        let slot = Slot::sealed(header, &self.kek, &master)?;
        let keys = self.opening(&slot)?;
        Ok((slot, keys))
    }

    /// The keys of another slot under the same code.
    pub(crate) fn opening(&self, slot: &Slot) -> Result<Self, KeysError> {
        let damaged = || KeysError::Damaged {
            name: "slot".to_owned(),
        };
        let master = slot.master(&self.kek).ok_or_else(damaged)?;
        Self::of(slot.header.clone(), KeyBytes::copied(self.kek.bytes()), master)
    }
}

/// Tries left and time to wait, for the screen before any attempt.
pub fn standing(dir: &Path, officer: OfficerId, keys: &dyn Keys, boot: BootId, mono_ms: u64) -> (u8, u64) {
    let tries = Tries::open(dir, officer, keys, boot);
    (tries.left(), tries.wait_ms(boot, mono_ms))
}

/// Destroys the slot in the officer's folder `dir`, if there is one; its count of tries stays.
pub fn destroy_slot(dir: &Path) -> Result<(), KeysError> {
    destroy(&Slot::path(dir))
}

fn destroy(path: &Path) -> Result<(), KeysError> {
    if path.exists() {
        durable::replace(path, &[])?;
    }
    durable::remove(path)
}

fn kek(
    header: &Header,
    code: &Secret,
    keys: &dyn Keys,
    card_answer: &[u8; 32],
) -> Result<KeyBytes, KeysError> {
    let Cost {
        memory_kib,
        passes,
        lanes,
    } = header.cost;
    let params = Params::new(memory_kib, passes, lanes, Some(32)).map_err(|_| KeysError::Derivation)?;
    let mut input = Zeroizing::new([0; 96]);
    Argon2::new(Algorithm::Argon2id, Version::V0x13, params)
        .hash_password_into(code.expose().as_bytes(), &header.salt, &mut input[..32])
        .map_err(|_| KeysError::Derivation)?;
    input[32..64].copy_from_slice(card_answer);
    let mut message = b"neo/slot/v1".to_vec();
    message.extend_from_slice(&header.challenge);
    input[64..].copy_from_slice(keys.mac(&message)?.as_slice());
    let mut info = b"neo/kek/v1".to_vec();
    info.extend_from_slice(header.officer.as_bytes());
    let kek =
        KeyBytes::written(|kek| Hkdf::<Sha256>::new(Some(&header.salt), input.as_slice()).expand(&info, kek));
    scrub_stack();
    kek.map_err(|_| KeysError::Derivation)
}

fn cipher(kek: &KeyBytes) -> Aes256Gcm {
    Aes256Gcm::new(&Key::<Aes256Gcm>::from(*kek.bytes()))
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicU8, Ordering};

    use super::super::FileVault;
    use super::super::tries::LIMIT;
    use super::*;

    struct PlainCard([u8; 32]);

    impl Card for PlainCard {
        fn answer(&mut self, _: &[u8; 32]) -> Result<Zeroizing<[u8; 32]>, KeysError> {
            Ok(Zeroizing::new(self.0))
        }

        fn sign(&mut self, _: &[u8]) -> Result<Vec<u8>, KeysError> {
            Err(KeysError::NoCard)
        }
    }

    const BOOT: BootId = BootId::from_bytes([1; 16]);
    const OFFICER: OfficerId = OfficerId::from_bytes([2; 16]);

    fn secret(code: &str) -> Secret {
        Secret::new(code.to_owned())
    }

    /// Each try comes after a restart that lasted longer than any delay.
    fn attempt(dir: &Path, keys: &FileVault, card: u8, code: &str) -> SlotOpening {
        static STARTS: AtomicU8 = AtomicU8::new(2);
        let boot = BootId::from_bytes([STARTS.fetch_add(1, Ordering::Relaxed); 16]);
        let mut card = PlainCard([card; 32]);
        Slot::open(dir, OFFICER, &secret(code), keys, &mut card, boot, 4_000_000).unwrap()
    }

    fn enrolled() -> (tempfile::TempDir, FileVault) {
        let dir = tempfile::tempdir().unwrap();
        let keys = FileVault::create(dir.path()).unwrap();
        let code = secret("271828");
        let mut card = PlainCard([5; 32]);
        let owner = Owner {
            id: OFFICER,
            matricule: "1234567",
        };
        Slot::create(dir.path(), owner, &code, Cost::FLOOR, &keys, &mut card, BOOT).unwrap();
        (dir, keys)
    }

    #[test]
    fn the_right_code_with_the_right_card_opens_and_resets_the_count() {
        let (dir, keys) = enrolled();
        assert!(matches!(
            attempt(dir.path(), &keys, 5, "000111"),
            SlotOpening::WrongCode { left: 9 }
        ));
        assert!(matches!(
            attempt(dir.path(), &keys, 5, "271828"),
            SlotOpening::Opened(_)
        ));
        assert!(matches!(
            attempt(dir.path(), &keys, 5, "000111"),
            SlotOpening::WrongCode { left: 9 }
        ));
    }

    #[test]
    fn the_right_code_with_another_card_or_another_vault_does_not_open() {
        let (dir, keys) = enrolled();
        assert!(matches!(
            attempt(dir.path(), &keys, 6, "271828"),
            SlotOpening::WrongCode { .. }
        ));
        let other = FileVault::create(tempfile::tempdir().unwrap().path()).unwrap();
        let mut card = PlainCard([5; 32]);
        let opening = Slot::open(
            dir.path(),
            OFFICER,
            &secret("271828"),
            &other,
            &mut card,
            BOOT,
            u64::MAX,
        );
        assert!(matches!(opening, Err(KeysError::Damaged { .. })));
        assert!(Slot::exists(dir.path()));
    }

    #[test]
    fn the_tenth_wrong_code_destroys_the_slot_for_good() {
        let (dir, keys) = enrolled();
        for left in (1..LIMIT).rev() {
            let opening = attempt(dir.path(), &keys, 5, "000111");
            assert!(matches!(opening, SlotOpening::WrongCode { left: found } if found == left));
        }
        assert!(matches!(
            attempt(dir.path(), &keys, 5, "000111"),
            SlotOpening::Destroyed
        ));
        assert!(matches!(
            attempt(dir.path(), &keys, 5, "271828"),
            SlotOpening::Destroyed
        ));
        assert!(!Slot::exists(dir.path()));
    }

    #[test]
    fn another_code_opens_the_same_database_and_the_old_one_does_not() {
        let (dir, keys) = enrolled();
        let opened = |code| match attempt(dir.path(), &keys, 5, code) {
            SlotOpening::Opened(keys) => Some(keys),
            SlotOpening::WrongCode { .. } | SlotOpening::Wait { .. } | SlotOpening::Destroyed => None,
        };
        let before = opened("271828").unwrap();
        let key = before.database.masked(0);
        let mut card = PlainCard([5; 32]);
        before
            .change_code(dir.path(), "1234567", &secret("314159"), &keys, &mut card)
            .unwrap();
        assert!(opened("271828").is_none());
        let after = opened("314159").unwrap();
        assert_eq!(after.database.masked(0), key);
        let weak = after.change_code(dir.path(), "1234567", &secret("123456"), &keys, &mut card);
        assert!(matches!(weak, Err(KeysError::WeakCode)));
        assert!(opened("314159").is_some(), "a refused code changes nothing");
    }
}
