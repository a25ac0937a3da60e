//! What can go wrong with a camera, on demand.

use std::sync::{Arc, Mutex, PoisonError};

use trust::keys::{KeyKind, SigningKey};

use super::recording::{Recording, Segment};

/// One thing that goes wrong.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fault {
    /// The radio is lost after so many bytes of recordings, once.
    VanishAfter { bytes: u64 },
    /// One bit of this segment is another than was signed.
    FlipBit { segment: usize },
    /// This segment is left out.
    Drop { segment: usize },
    /// This segment and the one behind it change places.
    Swap { segment: usize },
    /// This segment comes twice.
    Replay { segment: usize },
    /// This segment is signed by a key that the recording does not name.
    ForeignKey { segment: usize },
    /// The opening message comes from elsewhere.
    ForeignOpening,
    /// Its battery is nearly empty and its memory full; it lost the last ten minutes.
    Failing,
    /// What it signed of itself is given from the beginning again, whatever is asked for.
    EventsAgain,
    /// What it signed of itself is signed by a key that nobody knows.
    ForeignEvents,
}

/// The faults that are switched on; copies share them, so that a panel can switch while the camera runs.
#[derive(Debug, Clone, Default)]
pub struct Faults(Arc<Mutex<Vec<Fault>>>);

impl Faults {
    pub fn new(faults: impl IntoIterator<Item = Fault>) -> Self {
        Self(Arc::new(Mutex::new(faults.into_iter().collect())))
    }

    pub fn set(&self, faults: impl IntoIterator<Item = Fault>) {
        *self.lock() = faults.into_iter().collect();
    }

    pub(super) fn are_failing(&self) -> bool {
        self.has(Fault::Failing)
    }

    pub(super) fn has(&self, fault: Fault) -> bool {
        self.lock().contains(&fault)
    }

    /// The segment that is really sent when `index` is asked for; nothing behind the last.
    pub(super) fn segment(&self, recording: &Recording, index: usize) -> Option<Segment> {
        let faults = self.lock().clone();
        let mut order: Vec<usize> = (0..recording.segments.len()).collect();
        for fault in &faults {
            match *fault {
                Fault::Drop { segment } if segment < order.len() => {
                    order.remove(segment);
                }
                Fault::Swap { segment } if segment + 1 < order.len() => order.swap(segment, segment + 1),
                Fault::Replay { segment } if segment < order.len() => order.insert(segment, order[segment]),
                Fault::Drop { .. }
                | Fault::Swap { .. }
                | Fault::Replay { .. }
                | Fault::VanishAfter { .. }
                | Fault::FlipBit { .. }
                | Fault::ForeignKey { .. }
                | Fault::ForeignOpening
                | Fault::EventsAgain
                | Fault::ForeignEvents
                | Fault::Failing => {}
            }
        }
        let real = *order.get(index)?;
        let mut sent = recording.segments[real].clone();
        for fault in faults {
            match fault {
                Fault::FlipBit { segment } if segment == real => {
                    let middle = sent.bytes.len() / 2;
                    sent.bytes[middle] ^= 1;
                }
                Fault::ForeignKey { segment } if segment == real => sent.message = foreign(&sent.message),
                Fault::FlipBit { .. }
                | Fault::ForeignKey { .. }
                | Fault::ForeignOpening
                | Fault::VanishAfter { .. }
                | Fault::Drop { .. }
                | Fault::Swap { .. }
                | Fault::Replay { .. }
                | Fault::EventsAgain
                | Fault::ForeignEvents
                | Fault::Failing => {}
            }
        }
        Some(sent)
    }

    /// The opening message that is really sent.
    pub(super) fn opening(&self, recording: &Recording) -> Vec<u8> {
        if self.lock().contains(&Fault::ForeignOpening) {
            foreign(&recording.init)
        } else {
            recording.init.clone()
        }
    }

    /// Whether the radio is lost before `sent` bytes and `more` are out; the fault is then used up.
    pub(super) fn vanishes(&self, sent: u64, more: u64) -> bool {
        let mut faults = self.lock();
        let due = |fault: &Fault| matches!(fault, Fault::VanishAfter { bytes } if sent + more > *bytes);
        let before = faults.len();
        faults.retain(|fault| !due(fault));
        faults.len() < before
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, Vec<Fault>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The same payload under the signature of a key that nobody knows.
pub(super) fn foreign(message: &[u8]) -> Vec<u8> {
    let stranger = SigningKey::generate(KeyKind::Ed25519);
    let Ok(signed) = trust::cose::parse(message) else {
        return message.to_vec();
    };
    trust::cose::sign_bare(signed.namespace, &stranger, &signed.content_type, &signed.payload)
        .unwrap_or_else(|_| message.to_vec())
}
