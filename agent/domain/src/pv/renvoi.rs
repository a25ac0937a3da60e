//! Corrections after the reading: numbered, never an edit (article 107 CPP).

use minicbor::{Decode, Encode};

/// One correction; its number is its place in the list, from 1.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct Renvoi {
    /// Where in the act: "page 1, quatrième alinéa".
    #[n(0)]
    pub place: String,
    /// "lire X au lieu de Y", "ajouter …", "rayé nul: …".
    #[n(1)]
    pub text: String,
    /// By everybody who signed the act after it; without approval it is void.
    #[n(2)]
    pub approved: bool,
}
