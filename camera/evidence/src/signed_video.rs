//! Signed video of the field: ONVIF Media Signing and Axis Signed Video, checked by what is in the file alone.
//!
//! Whether the signer is trusted, and whether its clock is, are other questions, which the report asks.

mod axis;
mod cover;
mod damage;
mod expected;
mod map;
mod message;
mod onvif;
mod order;
mod reading;
mod sei;
mod walk;

use domain::UnixMs;
use trust::maker::Certificate;

pub use damage::Damage;
pub use expected::{Unexpected, expected};
pub use map::FrameState;
pub use message::Device;
pub use sei::Scheme;

use crate::video::{Bytes, Refusal, Video};

/// What the signatures inside a video say of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SignedVideo {
    pub video: Video,
    /// `None`: there is no signature, of either scheme.
    pub scheme: Option<Scheme>,
    /// One entry a picture, and one for each unit that is missing between them.
    pub map: Vec<FrameState>,
    /// In the order of the file.
    pub damages: Vec<Damage>,
    /// Signatures that hold.
    pub held: u32,
    /// Signatures that could not be checked: no key came with them, or an algorithm is not known here.
    pub unchecked: u32,
    /// The certificates of the signer, leaf first, without the root; nobody has vouched for them yet.
    pub chain: Vec<Certificate>,
    /// The key came without a certificate.
    pub bare_key: bool,
    /// A statement of the maker about the key is there, which is not checked here.
    pub attested: bool,
    pub clock: Option<Clock>,
    /// What the camera says of itself.
    pub device: Option<Device>,
    /// The recording began before the file does.
    pub began_before: bool,
}

/// What the signed messages say of the time; the camera's claim.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Clock {
    pub started: UnixMs,
    pub ended: UnixMs,
    /// No time lies before an earlier one.
    pub steady: bool,
}

/// Reads the video and checks every signature in it.
pub fn check(source: &dyn Bytes) -> Result<SignedVideo, Refusal> {
    let reading = reading::read(source)?;
    Ok(walk::judge(reading))
}
