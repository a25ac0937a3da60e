//! A long content in encrypted chunks: AES-256-GCM under a key of that content alone, each chunk at its place.
//!
//! Here and not beside its caller, because this package is built fast in every profile.

use aes_gcm::aead::consts::U12;
use aes_gcm::aead::{Aead, Payload};
use aes_gcm::{Aes256Gcm, Key, KeyInit, Nonce};
use thiserror::Error;

/// Bytes that encryption adds to a chunk.
pub const TAG: usize = 16;

/// The chunk is not the one that was encrypted at its place, or its key is another one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
#[error("the chunk does not decrypt at its place")]
pub struct NotThisChunk;

/// The cipher of one content.
pub struct ChunkCipher {
    cipher: Aes256Gcm,
    content: [u8; 16],
}

impl ChunkCipher {
    /// `key` encrypts `content` once and nothing else, so that the place of a chunk may be its nonce.
    pub fn new(key: &[u8; 32], content: [u8; 16]) -> Self {
        Self {
            cipher: Aes256Gcm::new(&Key::<Aes256Gcm>::from(*key)),
            content,
        }
    }

    /// Ciphertext and tag of the chunk at the place `index`, counted from zero.
    pub fn seal(&self, index: u64, plain: &[u8]) -> Result<Vec<u8>, NotThisChunk> {
        let sealed = self.cipher.encrypt(&nonce(index), self.payload(plain));
        sealed.map_err(|_| NotThisChunk)
    }

    pub fn open(&self, index: u64, sealed: &[u8]) -> Result<Vec<u8>, NotThisChunk> {
        let plain = self.cipher.decrypt(&nonce(index), self.payload(sealed));
        plain.map_err(|_| NotThisChunk)
    }

    fn payload<'a>(&'a self, msg: &'a [u8]) -> Payload<'a, 'a> {
        Payload {
            msg,
            aad: &self.content,
        }
    }
}

fn nonce(index: u64) -> Nonce<U12> {
    let mut nonce = [0; 12];
    nonce[4..].copy_from_slice(&index.to_be_bytes());
    Nonce::from(nonce)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_chunk_opens_at_its_place_in_its_content_and_nowhere_else() {
        let cipher = ChunkCipher::new(&[1; 32], [2; 16]);
        let sealed = cipher.seal(3, b"a chunk").unwrap();
        assert_eq!(sealed.len(), 7 + TAG);
        assert_eq!(cipher.open(3, &sealed), Ok(b"a chunk".to_vec()));
        assert_eq!(cipher.open(4, &sealed), Err(NotThisChunk));
        let elsewhere = ChunkCipher::new(&[1; 32], [3; 16]);
        assert_eq!(elsewhere.open(3, &sealed), Err(NotThisChunk));
        let other_key = ChunkCipher::new(&[4; 32], [2; 16]);
        assert_eq!(other_key.open(3, &sealed), Err(NotThisChunk));
    }
}
