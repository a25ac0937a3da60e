//! How a camera is found without being followed: some bytes on the air that change all at once and mean nothing to
//! whoever does not have its key.
//!
//! They say neither name nor maker nor whether it records. A terminal answers its own camera's bytes and stays silent
//! before any other, so that nobody finds officers by asking either.

use domain::UnixMs;
use hmac::{Hmac, KeyInit, Mac};
use minicbor::{Decode, Encode};
use sha2::Sha256;

use crate::secret::Secret32;

/// Radio address and service data, which change in the same instant.
pub const BEACON: usize = ADDRESS + SERVICE;
const ADDRESS: usize = 6;
const SERVICE: usize = 8;

/// The shortest and the longest life of a beacon, in milliseconds: between them a draw decides (Android CDD 7.4.3).
const SHORTEST: u64 = 5 * 60 * 1_000;
const LONGEST: u64 = 15 * 60 * 1_000;

/// How far apart the two clocks may be, in slots of [`SHORTEST`]: a day.
const APART: u64 = 24 * 60 / 5;

/// How long a camera whose clock fell back to 1970 is found, in the same slots: thirty days since it did.
const UNSET: u64 = 30 * APART;

/// Shared by a camera and the terminals that it knows, and said in their channel alone.
#[derive(Debug, Clone, Encode, Decode)]
#[cbor(transparent)]
pub struct BeaconKey(#[n(0)] Secret32);

/// What is on the air until it changes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Beacon(pub [u8; BEACON]);

impl BeaconKey {
    pub const fn new(secret: Secret32) -> Self {
        Self(secret)
    }

    fn of_slot(&self, slot: u64) -> Beacon {
        let mac = Hmac::<Sha256>::new_from_slice(self.0.expose());
        let mut mac = mac.expect("HMAC takes a key of any length");
        mac.update(b"neo2/v1/camera-beacon");
        mac.update(&slot.to_be_bytes());
        let mut beacon = [0; BEACON];
        beacon.copy_from_slice(&mac.finalize().into_bytes()[..BEACON]);
        // The two bits that every resolvable private address has (Bluetooth Core 5.4, vol 6 part B, 1.3.2.2).
        beacon[0] = (beacon[0] & 0b0011_1111) | 0b0100_0000;
        Beacon(beacon)
    }

    /// Whether a camera with this key says `heard` about now.
    pub fn recognises(&self, heard: &Beacon, now: UnixMs) -> bool {
        let slot = slot(now);
        let first = slot.saturating_sub(APART + LONGEST / SHORTEST);
        let near = first..=slot.saturating_add(APART);
        near.chain(0..=UNSET).any(|slot| self.of_slot(slot) == *heard)
    }
}

fn slot(at: UnixMs) -> u64 {
    u64::try_from(at.0).unwrap_or_default() / SHORTEST
}

/// The camera's side: what it says now.
#[derive(Debug, Default)]
pub struct Advertiser(Option<Current>);

#[derive(Debug)]
struct Current {
    beacon: Beacon,
    since: UnixMs,
    until: UnixMs,
}

impl Advertiser {
    /// What is on the air at `now`; `draw` is random and decides for how long, when it changes.
    pub fn beacon(&mut self, key: &BeaconKey, now: UnixMs, draw: u32) -> Beacon {
        match &self.0 {
            // A clock that was set back begins another one too.
            Some(current) if (current.since..current.until).contains(&now) => current.beacon,
            _ => {
                let beacon = key.of_slot(slot(now));
                let life = SHORTEST + u64::from(draw) % (LONGEST - SHORTEST + 1);
                let life = i64::try_from(life).unwrap_or(i64::MAX);
                self.0 = Some(Current {
                    beacon,
                    since: now,
                    until: UnixMs(now.0.saturating_add(life)),
                });
                beacon
            }
        }
    }
}
