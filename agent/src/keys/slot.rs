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

use super::{Card, Keys, KeysError, Tries, durable};
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

/// Which codes may be chosen.
#[derive(Debug, Clone, Copy)]
pub struct CodePolicy;

impl CodePolicy {
    /// Six to twelve digits, neither one digit repeated nor a run up or down.
    pub fn accepts(self, code: &str) -> bool {
        let digits = code.as_bytes();
        let step = |by: i16| {
            digits
                .windows(2)
                .all(|pair| i16::from(pair[1]) - i16::from(pair[0]) == by)
        };
        (6..=12).contains(&digits.len())
            && digits.iter().all(u8::is_ascii_digit)
            && !step(0)
            && !step(1)
            && !step(-1)
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
        officer: OfficerId,
        code: &Secret,
        cost: Cost,
        keys: &dyn Keys,
        card: &mut dyn Card,
        boot: BootId,
    ) -> Result<OfficerKeys, KeysError> {
        if !CodePolicy.accepts(code.expose()) {
            return Err(KeysError::WeakCode);
        }
        let mut random = Zeroizing::new([0; 16 + 32 + 12 + 32]);
        getrandom::fill(random.as_mut_slice()).map_err(|_| KeysError::Derivation)?;
        let (salt, rest) = random.split_at(16);
        let (challenge, rest) = rest.split_at(32);
        let (nonce, master) = rest.split_at(12);
        let header = Header {
            version: 1,
            officer,
            cost,
            salt: salt.try_into().expect("16 bytes"),
            challenge: challenge.try_into().expect("32 bytes"),
            nonce: nonce.try_into().expect("12 bytes"),
        };
        let kek = kek(&header, code, keys, card)?;
        let wrapped = cipher(&kek)
            .encrypt(
                &Nonce::from(header.nonce),
                Payload {
                    msg: master,
                    aad: &canonical::encode(&header),
                },
            )
            .map_err(|_| KeysError::Derivation)?;
        durable::replace(&Self::path(dir), &canonical::encode(&Self { header, wrapped }))?;
        // The counter last: a creation that is interrupted is done again.
        Tries::create(dir, officer, keys, boot)?;
        officer_keys(master)
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
        let kek = kek_with(&slot.header, code, keys, &card_answer)?;
        let opened = cipher(&kek).decrypt(
            &Nonce::from(slot.header.nonce),
            Payload {
                msg: &slot.wrapped,
                aad: &canonical::encode(&slot.header),
            },
        );
        match opened {
            Ok(master) => {
                let master = Zeroizing::new(master);
                tries.succeed(keys)?;
                Ok(SlotOpening::Opened(officer_keys(&master)?))
            }
            Err(_) if tries.left() == 0 => {
                destroy(&path)?;
                Ok(SlotOpening::Destroyed)
            }
            Err(_) => Ok(SlotOpening::WrongCode { left: tries.left() }),
        }
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
    card: &mut dyn Card,
) -> Result<Zeroizing<[u8; 32]>, KeysError> {
    let card_answer = card.answer(&header.challenge)?;
    kek_with(header, code, keys, &card_answer)
}

fn kek_with(
    header: &Header,
    code: &Secret,
    keys: &dyn Keys,
    card_answer: &[u8; 32],
) -> Result<Zeroizing<[u8; 32]>, KeysError> {
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
    input[64..].copy_from_slice(keys.mac(&message).as_slice());
    let mut kek = Zeroizing::new([0; 32]);
    let mut info = b"neo/kek/v1".to_vec();
    info.extend_from_slice(header.officer.as_bytes());
    Hkdf::<Sha256>::new(Some(&header.salt), input.as_slice())
        .expand(&info, kek.as_mut_slice())
        .map_err(|_| KeysError::Derivation)?;
    Ok(kek)
}

fn officer_keys(master: &[u8]) -> Result<OfficerKeys, KeysError> {
    let mut database = [0; 32];
    Hkdf::<Sha256>::new(None, master)
        .expand(b"neo/officer-db/v1", &mut database)
        .map_err(|_| KeysError::Derivation)?;
    Ok(OfficerKeys {
        database: RawKey::new(database),
    })
}

fn cipher(kek: &[u8; 32]) -> Aes256Gcm {
    Aes256Gcm::new(&Key::<Aes256Gcm>::from(*kek))
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
        Slot::create(dir.path(), OFFICER, &code, Cost::FLOOR, &keys, &mut card, BOOT).unwrap();
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
    fn runs_repetitions_and_short_codes_are_not_accepted() {
        for code in ["12345", "123456", "654321", "000000", "12a456", "1234567890123"] {
            assert!(!CodePolicy.accepts(code), "{code}");
        }
        assert!(CodePolicy.accepts("271828"));
    }
}
