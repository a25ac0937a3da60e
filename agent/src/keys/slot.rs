//! An officer's slot: the wrapped master key that code, card and vault open together.
//!
//! `KEK = HKDF-SHA256(Argon2id(code) ‖ card answer ‖ vault answer)`; AES-256-GCM wraps the master key with the slot's
//! header as associated data, so that neither parameters nor owner can be changed.

use std::path::{Path, PathBuf};

use aes_gcm::aead::{Aead, Payload};
use aes_gcm::{Aes256Gcm, Key, KeyInit, Nonce};
use domain::canonical;
use domain::readmission::Closure;
use domain::{BootId, OfficerId, Secret};
use hkdf::Hkdf;
use minicbor::{Decode, Encode};
use sha2::Sha256;
use zeroize::Zeroizing;

use super::{Card, CodePolicy, Cost, Keys, KeysError, TerminalTries, Tries, durable};
use crate::key_bytes::{KeyBytes, scrub_stack};
use crate::store::RawKey;

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

/// Where an officer's slot is, and the counts of tries that guard it.
#[derive(Debug, Clone)]
pub struct Place {
    officer: PathBuf,
    terminal: PathBuf,
}

impl Place {
    /// `officer` is the folder of the officer's slot and counter, `terminal` that of the terminal's counter.
    pub fn new(officer: PathBuf, terminal: PathBuf) -> Self {
        Self { officer, terminal }
    }

    pub fn officer(&self) -> &Path {
        &self.officer
    }

    pub fn terminal(&self) -> &Path {
        &self.terminal
    }
}

/// Where an officer stands before the lock.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Standing {
    /// No code was ever chosen here.
    NoCode,
    /// Tries left before the slot is destroyed, and milliseconds to wait before the next.
    Ready { left: u8, wait_ms: u64 },
    /// Nothing that the officer types opens.
    Closed(Closure),
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
    /// A count does not read, is an older one, or the terminal's is at its limit; no try was made.
    Closed(Closure),
}

impl Slot {
    fn path(dir: &Path) -> PathBuf {
        dir.join("slot.cbor")
    }

    /// True once an officer chose a code here.
    pub fn exists(dir: &Path) -> bool {
        Self::path(dir).exists()
    }

    /// Makes the slot and its counter in `place`; gives the keys of the new master key.
    pub fn create(
        place: &Place,
        owner: Owner<'_>,
        code: &Secret,
        cost: Cost,
        keys: &dyn Keys,
        card: &mut dyn Card,
        boot: BootId,
    ) -> Result<OfficerKeys, KeysError> {
        let master =
            KeyBytes::written(|master| getrandom::fill(master)).map_err(|_| KeysError::Derivation)?;
        let made = Self::wrap(place.officer(), owner, code, cost, keys, card, master)?;
        // The counters last: a creation that is interrupted is done again.
        let tries = Tries::create(place.officer(), owner.id, keys, boot)?;
        TerminalTries::open(place.terminal(), keys, boot).note(owner.id, &tries, keys)?;
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
        place: &Place,
        officer: OfficerId,
        code: &Secret,
        keys: &dyn Keys,
        card: &mut dyn Card,
        boot: BootId,
        mono_ms: u64,
    ) -> Result<SlotOpening, KeysError> {
        let path = Self::path(place.officer());
        let damaged = || KeysError::Damaged {
            name: durable::name_of(&path),
        };
        let mut tries = Tries::open(place.officer(), officer, keys, boot);
        let mut terminal = TerminalTries::open(place.terminal(), keys, boot);
        match stand(&path, officer, &tries, &terminal, (boot, mono_ms)) {
            Standing::Closed(Closure::SlotDestroyed) | Standing::NoCode => {
                destroy(&path)?;
                return Ok(SlotOpening::Destroyed);
            }
            Standing::Closed(why) => return Ok(SlotOpening::Closed(why)),
            Standing::Ready { left, wait_ms: ms } if ms > 0 => return Ok(SlotOpening::Wait { ms, left }),
            Standing::Ready { .. } => {}
        }
        let slot: Self = canonical::decode(&durable::read(&path)?).map_err(|_| damaged())?;
        if slot.header.officer != officer || slot.header.version != 1 || !slot.header.cost.acceptable() {
            return Err(damaged());
        }
        // Without the card nothing can be right, so nothing is counted.
        let card_answer = card.answer(&slot.header.challenge)?;
        tries.begin(keys, boot, mono_ms)?;
        terminal.begin(officer, &tries, keys, boot, mono_ms)?;
        let kek = kek(&slot.header, code, keys, &card_answer)?;
        let Some(master) = slot.master(&kek) else {
            if tries.left() > 0 {
                return Ok(SlotOpening::WrongCode { left: tries.left() });
            }
            destroy(&path)?;
            return Ok(SlotOpening::Destroyed);
        };
        let spent = tries.spent();
        tries.succeed(keys)?;
        terminal.succeed(officer, &tries, spent, keys)?;
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

/// Where the officer stands, for the screen before any attempt.
pub fn standing(place: &Place, officer: OfficerId, keys: &dyn Keys, boot: BootId, mono_ms: u64) -> Standing {
    let tries = Tries::open(place.officer(), officer, keys, boot);
    let terminal = TerminalTries::open(place.terminal(), keys, boot);
    let path = Slot::path(place.officer());
    if path.exists() || Tries::exist(place.officer(), officer) {
        stand(&path, officer, &tries, &terminal, (boot, mono_ms))
    } else if terminal.is_open() {
        Standing::NoCode
    } else {
        Standing::Closed(Closure::TerminalClosed)
    }
}

/// Of a slot that was made once.
fn stand(
    path: &Path,
    officer: OfficerId,
    tries: &Tries,
    terminal: &TerminalTries,
    (boot, mono_ms): (BootId, u64),
) -> Standing {
    // A count that does not read proves no wrong code: the slot stays.
    if !path.exists() || (tries.is_authentic() && tries.left() == 0) {
        return Standing::Closed(Closure::SlotDestroyed);
    }
    if !tries.is_authentic() || !terminal.knows(officer, tries) {
        return Standing::Closed(Closure::CounterClosed);
    }
    if !terminal.is_open() {
        return Standing::Closed(Closure::TerminalClosed);
    }
    Standing::Ready {
        left: tries.left(),
        wait_ms: tries.wait_ms(boot, mono_ms).max(terminal.wait_ms(boot, mono_ms)),
    }
}

/// A supervisor answers for the officer: what closed the lock is counted anew. A slot that is gone stays gone.
pub fn reopen(
    place: &Place,
    officer: OfficerId,
    why: Closure,
    keys: &dyn Keys,
    boot: BootId,
) -> Result<(), KeysError> {
    let mut terminal = TerminalTries::open(place.terminal(), keys, boot);
    terminal.reopen(keys)?;
    match why {
        Closure::CounterClosed => {
            let tries = Tries::create(place.officer(), officer, keys, boot)?;
            terminal.note(officer, &tries, keys)
        }
        Closure::SlotDestroyed | Closure::TerminalClosed => Ok(()),
    }
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
    let mut input = Zeroizing::new([0; 96]);
    header
        .cost
        .derive(code.expose().as_bytes(), &header.salt, &mut input[..32])?;
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

    fn place(dir: &Path) -> Place {
        Place::new(dir.to_owned(), dir.to_owned())
    }

    /// Each try comes after a restart that lasted longer than any delay.
    fn attempt(dir: &Path, keys: &FileVault, card: u8, code: &str) -> SlotOpening {
        static STARTS: AtomicU8 = AtomicU8::new(2);
        let boot = BootId::from_bytes([STARTS.fetch_add(1, Ordering::Relaxed); 16]);
        let mut card = PlainCard([card; 32]);
        Slot::open(
            &place(dir),
            OFFICER,
            &secret(code),
            keys,
            &mut card,
            boot,
            4_000_000,
        )
        .unwrap()
    }

    fn enrolled() -> (tempfile::TempDir, FileVault) {
        let dir = tempfile::tempdir().unwrap();
        let keys = FileVault::create(dir.path()).unwrap();
        TerminalTries::begin_count(dir.path(), &keys, BOOT).unwrap();
        let code = secret("271828");
        let mut card = PlainCard([5; 32]);
        let owner = Owner {
            id: OFFICER,
            matricule: "1234567",
        };
        Slot::create(
            &place(dir.path()),
            owner,
            &code,
            Cost::FLOOR,
            &keys,
            &mut card,
            BOOT,
        )
        .unwrap();
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
            &place(dir.path()),
            OFFICER,
            &secret("271828"),
            &other,
            &mut card,
            BOOT,
            u64::MAX,
        );
        assert!(matches!(opening, Ok(SlotOpening::Closed(Closure::CounterClosed))));
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
            SlotOpening::WrongCode { .. }
            | SlotOpening::Wait { .. }
            | SlotOpening::Destroyed
            | SlotOpening::Closed(_) => None,
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

    #[test]
    fn a_closed_counter_keeps_the_slot_and_a_supervisor_gives_the_old_code_its_tries_back() {
        let (dir, keys) = enrolled();
        assert!(matches!(
            attempt(dir.path(), &keys, 5, "000111"),
            SlotOpening::WrongCode { .. }
        ));
        for name in ["tries.a", "tries.b"] {
            std::fs::write(dir.path().join(name), b"damaged").unwrap();
        }
        let at = |now| standing(&place(dir.path()), OFFICER, &keys, BOOT, now);
        assert_eq!(at(0), Standing::Closed(Closure::CounterClosed));
        assert!(matches!(
            attempt(dir.path(), &keys, 5, "271828"),
            SlotOpening::Closed(Closure::CounterClosed)
        ));
        reopen(&place(dir.path()), OFFICER, Closure::CounterClosed, &keys, BOOT).unwrap();
        assert_eq!(
            at(0),
            Standing::Ready {
                left: LIMIT,
                wait_ms: 0
            }
        );
        assert!(matches!(
            attempt(dir.path(), &keys, 5, "271828"),
            SlotOpening::Opened(_)
        ));
    }

    #[test]
    fn both_copies_of_an_older_count_give_no_try_back() {
        let (dir, keys) = enrolled();
        let names = ["tries.a", "tries.b"].map(|name| dir.path().join(name));
        let old = names.each_ref().map(|path| std::fs::read(path).unwrap());
        assert!(matches!(
            attempt(dir.path(), &keys, 5, "000111"),
            SlotOpening::WrongCode { .. }
        ));
        for (path, bytes) in names.iter().zip(&old) {
            std::fs::write(path, bytes).unwrap();
        }
        assert!(matches!(
            attempt(dir.path(), &keys, 5, "000111"),
            SlotOpening::Closed(Closure::CounterClosed)
        ));
    }

    #[test]
    fn a_new_slot_opens_no_closed_terminal() {
        let (dir, keys) = enrolled();
        for name in ["terminal-tries.a", "terminal-tries.b"] {
            std::fs::remove_file(dir.path().join(name)).unwrap();
        }
        let another = dir.path().join("another");
        std::fs::create_dir_all(&another).unwrap();
        let beside = Place::new(another, dir.path().to_owned());
        let owner = Owner {
            id: OfficerId::from_bytes([3; 16]),
            matricule: "7654321",
        };
        let mut card = PlainCard([5; 32]);
        Slot::create(
            &beside,
            owner,
            &secret("314159"),
            Cost::FLOOR,
            &keys,
            &mut card,
            BOOT,
        )
        .unwrap();
        for officer in [(place(dir.path()), OFFICER), (beside, owner.id)] {
            let closed = Standing::Closed(Closure::TerminalClosed);
            assert_eq!(standing(&officer.0, officer.1, &keys, BOOT, 0), closed);
        }
    }
}
