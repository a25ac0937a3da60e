//! The retry counters: outside every database, written before a code is tried, and closed when in doubt.

mod terminal;

use std::path::Path;

use domain::{BootId, OfficerId};
use minicbor::{Decode, Encode};

pub use terminal::{LIMIT as TERMINAL_LIMIT, TerminalTries};

use super::copies::{Copies, Counted};
use super::{Keys, KeysError};

/// Tries before the officer's slot is destroyed.
pub const LIMIT: u8 = 10;

/// The state of one officer's tries, in two copies; the higher count that authenticates wins.
pub struct Tries {
    copies: Copies,
    state: State,
    /// At least one copy was read and is the vault's own.
    authentic: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
struct State {
    /// Counts writes, so that the newer copy is known.
    #[n(0)]
    epoch: u64,
    #[n(1)]
    fails: u8,
    #[n(2)]
    boot: BootId,
    /// Milliseconds since `boot` at the last failure.
    #[n(3)]
    failed_at: u64,
}

impl Counted for State {
    fn epoch(&self) -> u64 {
        self.epoch
    }
}

impl Tries {
    /// True once a counter was made in `dir`, whatever became of its slot.
    pub fn exist(dir: &Path, officer: OfficerId) -> bool {
        copies(dir, officer).exist()
    }

    /// The counter of a new slot. It goes on from where any before it can have been, each write of which the vault
    /// counted as well: no older copy is newer.
    pub fn create(dir: &Path, officer: OfficerId, keys: &dyn Keys, boot: BootId) -> Result<Self, KeysError> {
        let before = Self::open(dir, officer, keys, boot);
        let mut tries = Self {
            state: State {
                epoch: before.state.epoch.max(keys.epoch()?),
                fails: 0,
                boot,
                failed_at: 0,
            },
            authentic: true,
            ..before
        };
        tries.write(keys)?;
        Ok(tries)
    }

    /// Reads both copies; of those that authenticate the one written last counts. With none the counter is closed: no
    /// try is left and nothing is destroyed, since a file that cannot be read proves no wrong code.
    pub fn open(dir: &Path, officer: OfficerId, keys: &dyn Keys, boot: BootId) -> Self {
        let copies = copies(dir, officer);
        let newest = copies.newest(keys);
        let state = newest.unwrap_or(State {
            epoch: 0,
            fails: LIMIT,
            boot,
            failed_at: 0,
        });
        Self {
            copies,
            state,
            authentic: newest.is_some(),
        }
    }

    /// False: only a supervisor opens it again.
    pub const fn is_authentic(&self) -> bool {
        self.authentic
    }

    /// How often it was written.
    pub const fn epoch(&self) -> u64 {
        self.state.epoch
    }

    /// Wrong codes since the last right one.
    pub const fn spent(&self) -> u8 {
        self.state.fails
    }

    /// Tries left before the slot is destroyed.
    pub const fn left(&self) -> u8 {
        LIMIT.saturating_sub(self.state.fails)
    }

    /// Milliseconds to wait; a restart of the device starts the delay again.
    pub fn wait_ms(&self, boot: BootId, mono_ms: u64) -> u64 {
        let since = if boot == self.state.boot {
            self.state.failed_at
        } else {
            0
        };
        delay_ms(self.state.fails).saturating_sub(mono_ms.saturating_sub(since))
    }

    /// Counts a try, on disk, before the code is looked at.
    pub fn begin(&mut self, keys: &dyn Keys, boot: BootId, mono_ms: u64) -> Result<(), KeysError> {
        self.state.fails = self.state.fails.saturating_add(1).min(LIMIT);
        self.state.boot = boot;
        self.state.failed_at = mono_ms;
        self.write(keys)
    }

    /// The code was right.
    pub fn succeed(&mut self, keys: &dyn Keys) -> Result<(), KeysError> {
        self.state.fails = 0;
        self.write(keys)
    }

    fn write(&mut self, keys: &dyn Keys) -> Result<(), KeysError> {
        self.state.epoch += 1;
        self.copies.write(self.state, keys)
    }
}

fn copies(dir: &Path, officer: OfficerId) -> Copies {
    let purpose = [b"neo/tries/v1".as_slice(), officer.as_bytes()].concat();
    Copies::new([dir.join("tries.a"), dir.join("tries.b")], purpose)
}

const fn delay_ms(fails: u8) -> u64 {
    match fails {
        0..=4 => 0,
        5 => 30_000,
        6 => 60_000,
        7 => 300_000,
        8 => 900_000,
        _ => 3_600_000,
    }
}

#[cfg(test)]
mod tests {
    use super::super::FileVault;
    use super::*;

    const BOOT: BootId = BootId::from_bytes([1; 16]);
    const OFFICER: OfficerId = OfficerId::from_bytes([2; 16]);

    #[test]
    fn a_try_that_was_begun_counts_even_if_the_power_fails_before_the_answer() {
        let dir = tempfile::tempdir().unwrap();
        let keys = FileVault::create(dir.path()).unwrap();
        Tries::create(dir.path(), OFFICER, &keys, BOOT).unwrap();
        for expected in (0..LIMIT).rev() {
            Tries::open(dir.path(), OFFICER, &keys, BOOT)
                .begin(&keys, BOOT, 0)
                .unwrap();
            assert_eq!(Tries::open(dir.path(), OFFICER, &keys, BOOT).left(), expected);
        }
    }

    #[test]
    fn a_missing_or_forged_counter_leaves_no_try() {
        let dir = tempfile::tempdir().unwrap();
        let keys = FileVault::create(dir.path()).unwrap();
        Tries::create(dir.path(), OFFICER, &keys, BOOT).unwrap();
        assert_eq!(
            Tries::open(dir.path(), OfficerId::from_bytes([9; 16]), &keys, BOOT).left(),
            0
        );
        std::fs::remove_file(dir.path().join("tries.a")).unwrap();
        assert_eq!(Tries::open(dir.path(), OFFICER, &keys, BOOT).left(), LIMIT);
        std::fs::remove_file(dir.path().join("tries.b")).unwrap();
        assert_eq!(Tries::open(dir.path(), OFFICER, &keys, BOOT).left(), 0);
    }

    #[test]
    fn the_delay_grows_and_starts_again_with_the_device() {
        let dir = tempfile::tempdir().unwrap();
        let keys = FileVault::create(dir.path()).unwrap();
        let mut tries = Tries::create(dir.path(), OFFICER, &keys, BOOT).unwrap();
        for _ in 0..5 {
            tries.begin(&keys, BOOT, 1_000).unwrap();
        }
        assert_eq!(tries.wait_ms(BOOT, 11_000), 20_000);
        assert_eq!(tries.wait_ms(BOOT, 31_000), 0);
        assert_eq!(tries.wait_ms(BootId::from_bytes([7; 16]), 5_000), 25_000);
    }

    /// A thief who cuts the power after each count, deletes, damages or puts back one of the copies, and restarts at
    /// will, gets no eleventh try.
    #[test]
    fn a_thousand_attacks_on_one_copy_at_a_time_never_give_an_eleventh_try() {
        let dir = tempfile::tempdir().unwrap();
        let keys = FileVault::create(dir.path()).unwrap();
        let mut dice = 0x5eed_u64;
        let mut throw = |sides: u64| {
            dice = dice
                .wrapping_mul(6_364_136_223_846_793_005)
                .wrapping_add(1_442_695_040_888_963_407);
            (dice >> 33) % sides
        };
        // Thirty attacks on each of so many counters.
        for counter in 0..34 {
            Tries::create(dir.path(), OFFICER, &keys, BOOT).unwrap();
            let first = std::fs::read(dir.path().join("tries.a")).unwrap();
            let victim = dir
                .path()
                .join(["tries.a", "tries.b"][usize::try_from(throw(2)).unwrap()]);
            let mut tried = 0;
            for _ in 0..30 {
                let mut tries = Tries::open(dir.path(), OFFICER, &keys, BOOT);
                if tries.left() > 0 {
                    tries.begin(&keys, BOOT, 0).unwrap();
                    tried += 1;
                }
                match throw(4) {
                    0 => std::fs::write(&victim, &first).unwrap(),
                    1 => std::fs::write(&victim, b"damaged").unwrap(),
                    2 => drop(std::fs::remove_file(&victim)),
                    _ => {}
                }
            }
            assert!(tried <= LIMIT, "counter {counter}: {tried} tries");
            assert_eq!(Tries::open(dir.path(), OFFICER, &keys, BOOT).left(), 0);
        }
    }
}
