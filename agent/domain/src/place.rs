//! Where something happened.

use minicbor::{Decode, Encode};
use thiserror::Error;

/// The text is not a place: an act needs a street, a road or a landmark.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
#[error("the text does not name a place")]
pub struct NotAPlace;

/// A position in microdegrees (WGS 84) and its radius of uncertainty in metres.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct Position {
    #[n(0)]
    pub latitude_e6: i32,
    #[n(1)]
    pub longitude_e6: i32,
    #[n(2)]
    pub accuracy_m: u32,
}

/// A place as an act names it.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct Place {
    /// Street and number, or road and kilometre point.
    #[n(0)]
    pub address: String,
    /// INSEE code of the commune.
    #[n(1)]
    pub commune: Option<String>,
    #[n(2)]
    pub position: Option<Position>,
}

impl Place {
    /// At least four characters, one of them a letter.
    pub fn parse(text: &str) -> Result<Self, NotAPlace> {
        let address = text.split_whitespace().collect::<Vec<_>>().join(" ");
        if address.chars().count() >= 4 && address.chars().any(char::is_alphabetic) {
            Ok(Self {
                address,
                commune: None,
                position: None,
            })
        } else {
            Err(NotAPlace)
        }
    }
}
