//! Whether a film is what a camera that is known to sign inside its video recorded.

use domain::footage::VideoCheck;
use thiserror::Error;

use super::{Damage, SignedVideo};
use crate::report::Outcome;

/// Why a film is not what its camera recorded.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Error)]
pub enum Unexpected {
    #[error("the camera signs inside its video, and this film lacks signatures")]
    Unsigned,
    #[error("the signatures inside the film do not hold over its pictures")]
    Damaged,
}

/// Judges a film whose camera signs inside it: one without signatures is a fault here, which a file by itself cannot tell.
/// Pictures behind the last signature are let pass: no scheme signs the end, and the camera's own chain has it.
pub fn expected(found: &SignedVideo) -> Result<VideoCheck, Unexpected> {
    if found.scheme.is_none() || (found.held == 0 && found.unchecked == 0) {
        return Err(Unexpected::Unsigned);
    }
    let damages = || {
        let pending = |damage: &&Damage| matches!(damage, Damage::Pending { .. });
        found.damages.iter().filter(move |damage| !pending(damage))
    };
    if damages().any(|damage| damage.outcome() == Outcome::Tampered) {
        return Err(Unexpected::Damaged);
    }
    let stripped =
        |damage: &Damage| matches!(damage, Damage::Unsigned { .. } | Damage::SignatureMissing { .. });
    if damages().any(stripped) {
        return Err(Unexpected::Unsigned);
    }
    if damages().next().is_some() {
        return Err(Unexpected::Damaged);
    }
    Ok(VideoCheck::Held {
        signatures: found.held,
        frames: u32::try_from(found.map.len()).unwrap_or(u32::MAX),
    })
}
