//! The terminal's own count of wrong codes, whoever typed them: twenty officers are not two hundred tries.
//!
//! It also remembers how far each officer's counter had come, so that an older copy of that one is noticed; an older
//! copy of this one is noticed where the vault counts.

use std::collections::BTreeMap;
use std::path::Path;

use domain::{BootId, OfficerId};
use minicbor::{Decode, Encode};

use super::super::copies::{Copies, Counted};
use super::super::{Keys, KeysError};
use super::Tries;

/// Wrong codes on one terminal after which a supervisor is needed.
pub const LIMIT: u8 = 30;

pub struct TerminalTries {
    copies: Copies,
    state: State,
    /// A copy was read, it is the vault's own, and it is not an older one.
    authentic: bool,
}

#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
struct State {
    #[n(0)]
    epoch: u64,
    #[n(1)]
    fails: u8,
    #[n(2)]
    boot: BootId,
    /// Milliseconds since `boot` at the last failure.
    #[n(3)]
    failed_at: u64,
    /// The write that each officer's counter had come to.
    #[n(4)]
    officers: BTreeMap<OfficerId, u64>,
    /// What the vault's counter is once this is written.
    #[n(5)]
    anchor: u64,
}

impl Counted for State {
    fn epoch(&self) -> u64 {
        self.epoch
    }
}

impl TerminalTries {
    fn copies(dir: &Path) -> Copies {
        let paths = [dir.join("terminal-tries.a"), dir.join("terminal-tries.b")];
        Copies::new(paths, b"neo/terminal-tries/v1".to_vec())
    }

    fn fresh(boot: BootId) -> State {
        State {
            epoch: 0,
            fails: 0,
            boot,
            failed_at: 0,
            officers: BTreeMap::new(),
            anchor: 0,
        }
    }

    /// Makes the count of a new terminal in `dir`; one that is there stays as it is.
    pub fn begin_count(dir: &Path, keys: &dyn Keys, boot: BootId) -> Result<(), KeysError> {
        let copies = Self::copies(dir);
        if copies.exist() {
            return Ok(());
        }
        let mut tries = Self {
            copies,
            state: Self::fresh(boot),
            authentic: true,
        };
        tries.write(keys)
    }

    /// Closed when neither copy is the vault's own, or when the vault has counted further.
    pub fn open(dir: &Path, keys: &dyn Keys, boot: BootId) -> Self {
        let copies = Self::copies(dir);
        let newest: Option<State> = copies.newest(keys);
        let counted = keys.epoch().ok();
        // One ahead of the vault: the power failed between the two, before any code was looked at.
        let authentic = newest
            .as_ref()
            .zip(counted)
            .is_some_and(|(state, counted)| (counted..=counted + 1).contains(&state.anchor));
        Self {
            copies,
            state: newest.unwrap_or_else(|| Self::fresh(boot)),
            authentic,
        }
    }

    /// False: only a supervisor lets anybody in.
    pub const fn is_open(&self) -> bool {
        self.authentic && self.state.fails < LIMIT
    }

    /// Whether an officer's counter is at least where it was last.
    pub fn knows(&self, officer: OfficerId, tries: &Tries) -> bool {
        let last = self.state.officers.get(&officer).copied().unwrap_or(0);
        tries.epoch() >= last
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

    /// Counts a try of `officer`, whose own counter is written already.
    pub fn begin(
        &mut self,
        officer: OfficerId,
        tries: &Tries,
        keys: &dyn Keys,
        boot: BootId,
        mono_ms: u64,
    ) -> Result<(), KeysError> {
        self.state.fails = self.state.fails.saturating_add(1).min(LIMIT);
        self.state.boot = boot;
        self.state.failed_at = mono_ms;
        self.note(officer, tries, keys)
    }

    /// A right code gives back what its officer spent, and nothing of what was tried for others.
    pub fn succeed(
        &mut self,
        officer: OfficerId,
        tries: &Tries,
        spent: u8,
        keys: &dyn Keys,
    ) -> Result<(), KeysError> {
        self.state.fails = self.state.fails.saturating_sub(spent);
        self.note(officer, tries, keys)
    }

    /// Remembers where an officer's counter is; a count that is closed stays as it is.
    pub fn note(&mut self, officer: OfficerId, tries: &Tries, keys: &dyn Keys) -> Result<(), KeysError> {
        if !self.authentic {
            return Ok(());
        }
        self.state.officers.insert(officer, tries.epoch());
        self.write(keys)
    }

    /// A supervisor answers for the terminal: it counts anew, and what it knows of officers stays.
    pub fn reopen(&mut self, keys: &dyn Keys) -> Result<(), KeysError> {
        self.state.fails = 0;
        self.authentic = true;
        self.write(keys)
    }

    /// The files first: with the vault ahead of them the terminal would be closed by a flat battery.
    fn write(&mut self, keys: &dyn Keys) -> Result<(), KeysError> {
        self.state.epoch += 1;
        self.state.anchor = keys.epoch()? + 1;
        self.copies.write(self.state.clone(), keys)?;
        keys.advance().map(drop)
    }
}

const fn delay_ms(fails: u8) -> u64 {
    match fails {
        0..=9 => 0,
        10..=14 => 30_000,
        15..=19 => 60_000,
        20..=24 => 300_000,
        _ => 900_000,
    }
}

#[cfg(test)]
mod tests {
    use super::super::super::FileVault;
    use super::*;

    const BOOT: BootId = BootId::from_bytes([1; 16]);

    fn officer(n: u8) -> OfficerId {
        OfficerId::from_bytes([n; 16])
    }

    struct Bench {
        dir: tempfile::TempDir,
        keys: FileVault,
    }

    impl Bench {
        fn new() -> Self {
            let dir = tempfile::tempdir().unwrap();
            let keys = FileVault::create(dir.path()).unwrap();
            TerminalTries::begin_count(dir.path(), &keys, BOOT).unwrap();
            Self { dir, keys }
        }

        fn terminal(&self) -> TerminalTries {
            TerminalTries::open(self.dir.path(), &self.keys, BOOT)
        }

        fn tries(&self, n: u8) -> Tries {
            let dir = self.dir.path().join(n.to_string());
            std::fs::create_dir_all(&dir).unwrap();
            if Tries::exist(&dir, officer(n)) {
                Tries::open(&dir, officer(n), &self.keys, BOOT)
            } else {
                Tries::create(&dir, officer(n), &self.keys, BOOT).unwrap()
            }
        }

        /// A wrong code of one officer; false when none may be tried.
        fn wrong(&self, n: u8) -> bool {
            let (mut tries, mut terminal) = (self.tries(n), self.terminal());
            if tries.left() == 0 || !terminal.is_open() {
                return false;
            }
            tries.begin(&self.keys, BOOT, 0).unwrap();
            terminal.begin(officer(n), &tries, &self.keys, BOOT, 0).unwrap();
            true
        }
    }

    #[test]
    fn twenty_officers_are_not_two_hundred_tries() {
        let bench = Bench::new();
        let tried = (0..20).flat_map(|n| [n; 10]).filter(|n| bench.wrong(*n)).count();
        assert_eq!(tried, usize::from(LIMIT));
        assert!(!bench.terminal().is_open());
        bench.terminal().reopen(&bench.keys).unwrap();
        assert!(bench.wrong(19));
    }

    #[test]
    fn a_right_code_gives_back_its_officers_tries_alone() {
        let bench = Bench::new();
        for n in [1, 1, 1, 2, 2] {
            assert!(bench.wrong(n));
        }
        let mut tries = bench.tries(2);
        let spent = tries.spent();
        tries.succeed(&bench.keys).unwrap();
        bench
            .terminal()
            .succeed(officer(2), &tries, spent, &bench.keys)
            .unwrap();
        assert_eq!(bench.terminal().state.fails, 3);
    }

    #[test]
    fn an_older_copy_of_an_officers_counter_is_noticed() {
        let bench = Bench::new();
        bench.wrong(1);
        let folder = bench.dir.path().join("1");
        let old = ["tries.a", "tries.b"].map(|name| std::fs::read(folder.join(name)).unwrap());
        bench.wrong(1);
        assert!(bench.terminal().knows(officer(1), &bench.tries(1)));
        for (name, bytes) in ["tries.a", "tries.b"].iter().zip(old) {
            std::fs::write(folder.join(name), bytes).unwrap();
        }
        assert!(!bench.terminal().knows(officer(1), &bench.tries(1)));
    }

    #[test]
    fn a_missing_damaged_or_foreign_count_is_closed() {
        let bench = Bench::new();
        let paths = ["terminal-tries.a", "terminal-tries.b"].map(|name| bench.dir.path().join(name));
        std::fs::write(&paths[0], b"damaged").unwrap();
        assert!(bench.terminal().is_open());
        std::fs::write(&paths[1], b"damaged").unwrap();
        assert!(!bench.terminal().is_open());
        TerminalTries::begin_count(bench.dir.path(), &bench.keys, BOOT).unwrap();
        assert!(!bench.terminal().is_open(), "what is there is not made anew");
        let elsewhere = tempfile::tempdir().unwrap();
        let stranger = FileVault::create(elsewhere.path()).unwrap();
        bench.terminal().reopen(&stranger).unwrap();
        assert!(!bench.terminal().is_open());
    }

    #[test]
    fn both_copies_of_an_older_count_are_closed_by_the_vault_s_counter() {
        let bench = Bench::new();
        let paths = ["terminal-tries.a", "terminal-tries.b"].map(|name| bench.dir.path().join(name));
        let old = paths.each_ref().map(|path| std::fs::read(path).unwrap());
        bench.wrong(1);
        for (path, bytes) in paths.iter().zip(&old) {
            std::fs::write(path, bytes).unwrap();
        }
        assert!(!bench.terminal().is_open());
        bench.terminal().reopen(&bench.keys).unwrap();
        assert!(bench.wrong(1));
    }

    /// A thief who restarts at will, and puts back, damages or deletes any files but the vault's, officer's or
    /// terminal's, between any two tries on any of the officers, gets no more tries than the two limits.
    #[test]
    fn a_thousand_attacks_on_all_counts_give_no_try_beyond_the_limits() {
        let mut dice = 0x5eed_u64;
        let mut throw = |sides: u64| {
            dice = dice
                .wrapping_mul(6_364_136_223_846_793_005)
                .wrapping_add(1_442_695_040_888_963_407);
            u8::try_from((dice >> 33) % sides).unwrap()
        };
        for run in 0..20 {
            let bench = Bench::new();
            for n in 0..6 {
                let tries = bench.tries(n);
                bench.terminal().note(officer(n), &tries, &bench.keys).unwrap();
            }
            let files = |n: u8| {
                let folder = bench.dir.path().join(n.to_string());
                let own = ["tries.a", "tries.b"].map(|name| folder.join(name));
                own.into_iter()
                    .chain(["terminal-tries.a", "terminal-tries.b"].map(|name| bench.dir.path().join(name)))
            };
            let kept: Vec<Vec<Vec<u8>>> = (0..6)
                .map(|n| files(n).map(|path| std::fs::read(path).unwrap()).collect())
                .collect();
            let mut tried = [0_u8; 6];
            for _ in 0..50 {
                let n = throw(6);
                let (mut tries, mut terminal) = (
                    Tries::open(
                        &bench.dir.path().join(n.to_string()),
                        officer(n),
                        &bench.keys,
                        BOOT,
                    ),
                    bench.terminal(),
                );
                if tries.is_authentic()
                    && tries.left() > 0
                    && terminal.is_open()
                    && terminal.knows(officer(n), &tries)
                {
                    tries.begin(&bench.keys, BOOT, 0).unwrap();
                    terminal.begin(officer(n), &tries, &bench.keys, BOOT, 0).unwrap();
                    tried[usize::from(n)] += 1;
                }
                let how = throw(12);
                for (path, old) in files(n).zip(&kept[usize::from(n)]) {
                    let is_terminal = path.parent() == Some(bench.dir.path());
                    match how {
                        0 if !is_terminal => std::fs::write(path, old).unwrap(),
                        1 => std::fs::write(path, old).unwrap(),
                        2 if is_terminal => std::fs::write(path, b"damaged").unwrap(),
                        3 if !is_terminal => drop(std::fs::remove_file(path)),
                        _ => {}
                    }
                }
            }
            let all: u32 = tried.iter().copied().map(u32::from).sum();
            assert!(all <= u32::from(LIMIT), "run {run}: {tried:?}");
            assert!(
                tried.iter().all(|tried| *tried <= super::super::LIMIT),
                "run {run}: {tried:?}"
            );
            assert!(all > 0, "run {run} tried nothing");
        }
    }
}
