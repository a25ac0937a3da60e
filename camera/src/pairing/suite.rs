//! The ciphers of a meeting, which a camera's maker or the authority that approves it may choose.
//!
//! The name of pattern and suite is part of the handshake hash, so that nobody between the two can choose for them.

use minicbor::{Decode, Encode};

/// What encrypts a meeting; key agreement is X25519 and the hash SHA-256 in both.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Encode, Decode)]
#[cbor(index_only)]
pub enum Suite {
    /// ChaCha20-Poly1305, fast on processors without instructions for AES.
    #[default]
    #[n(0)]
    ChaChaPoly,
    /// AES-256-GCM, of the algorithms that ANSSI's guide on cryptography recommends.
    #[n(1)]
    AesGcm,
}

/// Which handshake a first frame begins.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Opening {
    Tap,
    Reunion,
}

impl Suite {
    pub const ALL: [Self; 2] = [Self::ChaChaPoly, Self::AesGcm];

    /// The name of the handshake (The Noise Protocol Framework, revision 34, section 8).
    pub(super) const fn pattern(self, opening: Opening) -> &'static str {
        match (opening, self) {
            (Opening::Tap, Self::ChaChaPoly) => "Noise_XXpsk3_25519_ChaChaPoly_SHA256",
            (Opening::Tap, Self::AesGcm) => "Noise_XXpsk3_25519_AESGCM_SHA256",
            (Opening::Reunion, Self::ChaChaPoly) => "Noise_KKpsk0_25519_ChaChaPoly_SHA256",
            (Opening::Reunion, Self::AesGcm) => "Noise_KKpsk0_25519_AESGCM_SHA256",
        }
    }

    /// The first byte of a first frame.
    pub(super) const fn first_byte(self, opening: Opening) -> u8 {
        match (opening, self) {
            (Opening::Tap, Self::ChaChaPoly) => 1,
            (Opening::Reunion, Self::ChaChaPoly) => 2,
            (Opening::Tap, Self::AesGcm) => 3,
            (Opening::Reunion, Self::AesGcm) => 4,
        }
    }

    /// What a first byte says; nothing when no meeting begins so.
    pub(super) fn of_first_byte(byte: u8) -> Option<(Opening, Self)> {
        let openings = [Opening::Tap, Opening::Reunion].into_iter();
        openings
            .flat_map(|opening| Self::ALL.map(|suite| (opening, suite)))
            .find(|(opening, suite)| suite.first_byte(*opening) == byte)
    }
}
