//! Journals at HQ: what extends the one that is there is kept and countersigned, and nothing else is.

use domain::journal::{Entry, GENESIS, HEAD, Head, HeadReceipt, Operation};
use domain::{BootId, Digest, JournalId, Timestamp, decode, encode};
use evidence::journal::verify;
use evidence::report::Outcome;
use hq::Outgoing;
use minicbor::bytes::ByteVec;
use sync::wire::v1::{
    HELLO, Hello, HelloAnswer, JournalEntries, JournalHave, JournalPiece, SignedJournalHead,
};
use sync::{DownLane, Topic, UpLane};
use trust::cose::{self, Namespace};
use trust::merkle::{self, Peaks};
use trust::seal;

use crate::world::{Hq, NOON, Terminal, moment};

/// A terminal's journal, which its test may rewrite.
#[derive(Clone)]
struct Journal {
    id: JournalId,
    entries: Vec<Vec<u8>>,
    epoch: u64,
}

impl Journal {
    fn of(hq: &mut Hq, terminal: &Terminal) -> Self {
        let (_, id) = hq
            .gateway
            .store()
            .begin()
            .unwrap()
            .device(&terminal.device)
            .unwrap()
            .unwrap();
        Self {
            id,
            entries: Vec::new(),
            epoch: 1,
        }
    }

    fn write(&mut self, count: usize, operation: &Operation) {
        for _ in 0..count {
            let index = self.entries.len() as u64;
            let entry = Entry {
                journal: self.id,
                index,
                previous: self.entries.last().map_or(GENESIS, |last| Digest::of(last)),
                at: self.moment(),
                officer: None,
                operation: operation.clone(),
            };
            self.entries.push(encode(&entry));
        }
    }

    fn moment(&self) -> Timestamp {
        Timestamp {
            mono_ms: self.entries.len() as u64,
            boot: BootId::from_bytes([1; 16]),
            ..moment(NOON)
        }
    }

    fn head(&self, terminal: &Terminal, size: usize, sealed: Option<&[u8]>) -> SignedJournalHead {
        let mut peaks = Peaks::default();
        let entries = &self.entries[..size];
        entries.iter().for_each(|entry| peaks.push(merkle::leaf(entry)));
        let head = Head {
            version: 1,
            journal: self.id,
            size: size as u64,
            root: Digest::from_bytes(peaks.root().0),
            last: Digest::of(entries.last().unwrap()),
            epoch: self.epoch,
            at: self.moment(),
            piece: sealed.map(Digest::of),
        };
        SignedJournalHead(terminal.sign(Namespace::Journal, HEAD, &encode(&head)).into())
    }

    fn piece(&self, terminal: &Terminal, first: usize, end: usize) -> JournalPiece {
        let entries = self.entries[first..end]
            .iter()
            .cloned()
            .map(ByteVec::from)
            .collect();
        let sealed = seal::seal(&[terminal.hq], &encode(&JournalEntries(entries))).unwrap();
        JournalPiece {
            version: 1,
            device: terminal.device.clone(),
            head: self.head(terminal, end, Some(&sealed)),
            sealed,
        }
    }
}

impl Hq {
    fn tell(&mut self, terminal: &Terminal, piece: &JournalPiece) -> Option<HeadReceipt> {
        let topic = Topic::Up(terminal.device.clone(), UpLane::Tel);
        let outgoing = self.gateway.receive(&topic, &encode(piece), NOON).unwrap();
        self.countersigned(&outgoing, terminal)
    }

    fn countersigned(&self, outgoing: &[Outgoing], terminal: &Terminal) -> Option<HeadReceipt> {
        let [message] = outgoing else {
            assert!(outgoing.is_empty());
            return None;
        };
        assert_eq!(message.topic, Topic::Down(terminal.device.clone(), DownLane::A));
        let signed = cose::parse(&message.payload).unwrap();
        let signer = self.pki().receipt().certificate();
        cose::verify(&signed, Namespace::JournalReceipt, signer).unwrap();
        Some(decode(&signed.payload).unwrap())
    }

    fn greet(&mut self, terminal: &Terminal, head: SignedJournalHead) -> Option<JournalHave> {
        let hello = Hello {
            journal: Some(head),
            ..terminal.bare_hello()
        };
        let hello = terminal.sign(Namespace::Hello, HELLO, &encode(&hello));
        let outgoing = self.send(terminal, &hello);
        let answer = cose::parse(&outgoing[0].payload).unwrap();
        decode::<HelloAnswer>(&answer.payload).unwrap().journal
    }

    fn forks(&mut self) -> usize {
        self.gateway.store().begin().unwrap().forks().unwrap().len()
    }
}

#[test]
fn pieces_are_countersigned_in_order_once_and_again_and_verify_when_handed_out() {
    let mut hq = Hq::new();
    let terminal = hq.terminal("neo-000001", &[]);
    let mut journal = Journal::of(&mut hq, &terminal);
    journal.write(100, &Operation::Unlocked);
    assert_eq!(
        hq.greet(&terminal, journal.head(&terminal, 3, None)),
        Some(JournalHave { size: 0 })
    );
    let (first, second) = (journal.piece(&terminal, 0, 60), journal.piece(&terminal, 60, 100));
    assert_eq!(hq.tell(&terminal, &second), None, "what is missing comes first");
    let receipt = hq.tell(&terminal, &first).unwrap();
    assert_eq!((receipt.size, receipt.head), (60, Digest::of(&first.head.0)));
    assert_eq!(
        hq.tell(&terminal, &first),
        Some(receipt.clone()),
        "the same answer again"
    );
    // One that overlaps what is there brings the rest.
    let overlapping = journal.piece(&terminal, 40, 90);
    assert_eq!(hq.tell(&terminal, &overlapping).unwrap().size, 90);
    let mut hq = hq.restarted();
    assert_eq!(
        hq.tell(&terminal, &journal.piece(&terminal, 90, 100))
            .unwrap()
            .size,
        100
    );
    assert_eq!(
        hq.greet(&terminal, journal.head(&terminal, 100, None)),
        Some(JournalHave { size: 100 })
    );
    // What a slow network brings late says nothing against the terminal.
    assert_eq!(hq.tell(&terminal, &second).unwrap().size, 100);
    assert_eq!(
        hq.greet(&terminal, journal.head(&terminal, 100, None)),
        Some(JournalHave { size: 100 })
    );
    assert_eq!(hq.forks(), 0);
    let (pki, root) = (hq::Pki::open(hq.pki().dir()).unwrap(), hq.pki().root().clone());
    let store = hq.gateway.store().begin().unwrap();
    let file = hq::audit::journals(&store, &pki, &terminal.device)
        .unwrap()
        .pop()
        .unwrap();
    let found = verify(&file, &[root], &[]);
    assert_eq!(
        (found.outcome(), found.entries),
        (Outcome::Ok, 100),
        "{:?}",
        found.fault
    );
}

#[test]
fn a_rewritten_a_shorter_and_another_journal_quarantine_the_terminal_and_both_heads_are_kept() {
    for case in 0..4 {
        let mut hq = Hq::new();
        let terminal = hq.terminal("neo-000001", &[]);
        let mut journal = Journal::of(&mut hq, &terminal);
        journal.write(10, &Operation::Unlocked);
        let old = journal.clone();
        journal.write(10, &Operation::Locked);
        let held = journal.piece(&terminal, 0, 20);
        assert!(hq.tell(&terminal, &held).is_some());
        let mut other = old.clone();
        other.write(30, &Operation::ServiceStarted);
        let told = match case {
            // The same length, told by a hello.
            0 => {
                let told = other.head(&terminal, 20, None);
                assert_eq!(hq.greet(&terminal, told.clone()), None);
                told
            }
            // Longer, and no continuation of what HQ has.
            1 => {
                let piece = other.piece(&terminal, 20, 40);
                assert_eq!(hq.tell(&terminal, &piece), None);
                piece.head
            }
            // Longer, with everything.
            2 => {
                let piece = other.piece(&terminal, 0, 40);
                assert_eq!(hq.tell(&terminal, &piece), None);
                piece.head
            }
            // Shorter, after a later start.
            _ => {
                let later = Journal { epoch: 2, ..old };
                let told = later.head(&terminal, 10, None);
                assert_eq!(hq.greet(&terminal, told.clone()), None);
                told
            }
        };
        let store = hq.gateway.store().begin().unwrap();
        let forks = store.forks().unwrap();
        assert_eq!(forks.len(), 1, "case {case}");
        assert_eq!(forks[0].told, told.0.to_vec());
        assert_eq!(forks[0].held, Some(held.head.0.to_vec()));
        assert_eq!(store.quarantined_at(&terminal.device).unwrap(), Some(NOON));
        assert_eq!(store.journal_size(journal.id).unwrap(), 20, "what HQ has stays");
        drop(store);
        // Nothing more is countersigned, not even the honest continuation.
        journal.write(1, &Operation::Unlocked);
        assert_eq!(hq.tell(&terminal, &journal.piece(&terminal, 20, 21)), None);
        assert_eq!(hq.greet(&terminal, journal.head(&terminal, 21, None)), None);
        assert_eq!(hq.forks(), 1);
    }
}

#[test]
fn what_others_make_of_a_terminals_words_neither_enters_its_journal_nor_accuses_it() {
    let mut hq = Hq::new();
    let (terminal, thief) = (hq.terminal("neo-000001", &[]), hq.terminal("neo-000002", &[]));
    let mut journal = Journal::of(&mut hq, &terminal);
    journal.write(10, &Operation::Unlocked);
    let genuine = journal.piece(&terminal, 0, 10);
    let mut forged = journal.clone();
    forged.write(3, &Operation::Locked);
    // Other entries under a genuine head; a head by another terminal; a genuine piece in another terminal's topic.
    let swapped = JournalPiece {
        sealed: forged.piece(&terminal, 0, 13).sealed,
        ..genuine.clone()
    };
    let by_thief = JournalPiece {
        head: forged.piece(&thief, 0, 13).head,
        ..genuine.clone()
    };
    assert_eq!(hq.tell(&terminal, &swapped), None);
    assert_eq!(hq.tell(&terminal, &by_thief), None);
    assert_eq!(hq.tell(&thief, &genuine), None);
    let mut own_topic = journal.piece(&thief, 0, 10);
    own_topic.device = thief.device.clone();
    assert_eq!(
        hq.tell(&thief, &own_topic),
        None,
        "a journal that another terminal was given"
    );
    assert_eq!(hq.forks(), 0);
    assert_eq!(hq.tell(&terminal, &genuine).unwrap().size, 10);
}

#[test]
fn a_terminal_enrolled_anew_begins_another_journal_and_leaves_its_quarantine() {
    let mut hq = Hq::new();
    let terminal = hq.terminal("neo-000001", &[]);
    let mut journal = Journal::of(&mut hq, &terminal);
    journal.write(5, &Operation::Unlocked);
    assert!(hq.tell(&terminal, &journal.piece(&terminal, 0, 5)).is_some());
    let mut other = Journal::of(&mut hq, &terminal);
    other.write(5, &Operation::Locked);
    assert_eq!(hq.greet(&terminal, other.head(&terminal, 5, None)), None);
    let renewed = hq.terminal("neo-000001", &[]);
    let mut fresh = Journal::of(&mut hq, &renewed);
    assert_ne!(fresh.id, journal.id);
    fresh.write(2, &Operation::Opened);
    assert!(hq.greet(&renewed, fresh.head(&renewed, 2, None)).is_some());
    assert_eq!(hq.tell(&renewed, &fresh.piece(&renewed, 0, 2)).unwrap().size, 2);
    let store = hq.gateway.store().begin().unwrap();
    assert_eq!(store.journals(&terminal.device).unwrap().len(), 2);
    assert_eq!(store.forks().unwrap().len(), 1, "what was found stays");
}
