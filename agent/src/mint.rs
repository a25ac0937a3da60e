//! New ids: UUID version 7 (RFC 9562 §5.7), from the operating system's randomness or, in a seeded world, from its seed.

use domain::UnixMs;
use domain::canonical::Digest;

/// The one source of ids and of small random numbers of a terminal.
#[derive(Debug)]
pub enum Mint {
    System,
    /// A counter under a seed: repeatable, for simulation only.
    Seeded {
        seed: u64,
        count: u64,
    },
}

impl Mint {
    /// Ten random bytes under the time make one id.
    pub fn id(&mut self, now: UnixMs) -> [u8; 16] {
        let mut id = [0; 16];
        id[6..].copy_from_slice(&self.random::<10>());
        let ms = u64::try_from(now.0).unwrap_or(0).to_be_bytes();
        id[..6].copy_from_slice(&ms[2..]);
        id[6] = 0x70 | (id[6] & 0x0f);
        id[8] = 0x80 | (id[8] & 0x3f);
        id
    }

    /// `N` random bytes, 32 at most from a seed.
    pub fn random<const N: usize>(&mut self) -> [u8; N] {
        let mut bytes = [0; N];
        match self {
            Self::System => getrandom::fill(&mut bytes).expect("the operating system gives randomness"),
            Self::Seeded { seed, count } => {
                *count += 1;
                for (index, chunk) in bytes.chunks_mut(32).enumerate() {
                    let input = [
                        &seed.to_be_bytes()[..],
                        &count.to_be_bytes(),
                        &index.to_be_bytes(),
                    ]
                    .concat();
                    chunk.copy_from_slice(&Digest::of(&input).as_bytes()[..chunk.len()]);
                }
            }
        }
        bytes
    }
}
