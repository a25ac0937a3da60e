//! How dear one try of a code is: Argon2id as slow as an officer bears, on the device at hand.

use argon2::{Algorithm, Argon2, Params, Version};
use minicbor::{Decode, Encode};

use super::KeysError;

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
    pub(super) const fn acceptable(self) -> bool {
        self.memory_kib >= Self::FLOOR.memory_kib
            && self.memory_kib <= 256 * 1024
            && self.passes >= Self::FLOOR.passes
            && self.passes <= 10
            && self.lanes == 1
    }

    /// What takes an officer between 400 and 700 ms on this device, as far as floor and ceiling allow; it takes a while
    /// to find out.
    pub fn calibrated() -> Result<Self, KeysError> {
        let mut fastest = u64::MAX;
        for _ in 0..3 {
            let began = std::time::Instant::now();
            Self::FLOOR.derive(b"calibration", &[0; 16], &mut [0; 32])?;
            let took = u64::try_from(began.elapsed().as_micros()).unwrap_or(u64::MAX);
            fastest = fastest.min(took);
        }
        Ok(Self::for_device(fastest))
    }

    /// Of a device that needs `floor_us` microseconds for [`Cost::FLOOR`]: the time follows memory times passes.
    pub const fn for_device(floor_us: u64) -> Self {
        const LEAST: u64 = 400_000;
        const MOST: u64 = 700_000;
        const STEP: u32 = 8 * 1024;
        const CEILING: u32 = 128 * 1024;
        const PASSES: u32 = 10;
        let mut cost = Self::FIELD;
        while cost.estimate_us(floor_us) > MOST && cost.passes > 1 {
            cost.passes -= 1;
        }
        if cost.estimate_us(floor_us) > MOST {
            return Self::FLOOR;
        }
        while cost.estimate_us(floor_us) < LEAST && cost.memory_kib < CEILING {
            cost.memory_kib += STEP;
        }
        while cost.estimate_us(floor_us) < LEAST && cost.passes < PASSES {
            cost.passes += 1;
        }
        cost
    }

    const fn estimate_us(self, floor_us: u64) -> u64 {
        floor_us.saturating_mul(self.memory_kib as u64 * self.passes as u64) / Self::FLOOR.memory_kib as u64
    }

    pub(super) fn derive(self, code: &[u8], salt: &[u8], out: &mut [u8]) -> Result<(), KeysError> {
        let params = Params::new(self.memory_kib, self.passes, self.lanes, Some(out.len()));
        let params = params.map_err(|_| KeysError::Derivation)?;
        Argon2::new(Algorithm::Argon2id, Version::V0x13, params)
            .hash_password_into(code, salt, out)
            .map_err(|_| KeysError::Derivation)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_faster_device_pays_more_and_none_less_than_the_floor_or_more_than_the_ceiling() {
        for (floor_us, memory_mib, passes) in [
            (95_000, 72, 3),
            (82_000, 80, 3),
            (40_000, 128, 4),
            (5_000, 128, 10),
            (200_000, 64, 2),
            (400_000, 64, 1),
            (900_000, 46, 1),
            (u64::MAX, 46, 1),
            (0, 128, 10),
        ] {
            let cost = Cost::for_device(floor_us);
            assert_eq!(
                (cost.memory_kib / 1024, cost.passes),
                (memory_mib, passes),
                "{floor_us} µs"
            );
            assert!(cost.acceptable());
        }
    }

    #[test]
    fn what_this_device_is_given_is_in_the_bounds() {
        let cost = Cost::calibrated().unwrap();
        assert!(cost.acceptable() && cost.memory_kib <= 128 * 1024, "{cost:?}");
    }
}
