//! One look through a camera: live pictures until one is taken, nobody looks any more, or the camera fails.

use std::sync::mpsc::{Receiver, TryRecvError};

use domain::Timestamp;
use domain::viewfinder::{Fault, Shoot, Sight};

use super::exposure::Exposure;
use super::shot;

/// Milliseconds between two pictures that are shown, at least: smooth enough to aim, and easy on the battery.
pub const FRAME_MS: u64 = 66;

/// So many unreadable pictures in a row are a fault; one or two come with every start.
const DAMAGED: u8 = 30;

/// An open camera; it closes when it is dropped.
pub trait Lens {
    /// Waits for the picture after the last one.
    fn next(&mut self) -> Result<Exposure, Fault>;

    /// What its maker calls it.
    fn model(&self) -> String;
}

/// Opens a camera and shows what it sees; it is closed when this returns. `show` answers whether anybody still looks,
/// and ends the look too when `orders` has lost its other end. Pictures that come too fast are not developed.
pub fn look<L: Lens>(
    open: impl FnOnce() -> Result<L, Fault>,
    orders: &Receiver<Shoot>,
    now: impl Fn() -> Timestamp,
    mut show: impl FnMut(Sight) -> bool,
) {
    let ended = open().and_then(|mut lens| until_taken(&mut lens, orders, now, &mut show));
    match ended {
        Ok(None) => {}
        Ok(Some(taken)) => {
            show(taken);
        }
        Err(fault) => {
            tracing::warn!(?fault, "the terminal's camera shows nothing");
            show(Sight::Failed(fault));
        }
    }
}

/// None where nobody looks any more.
fn until_taken(
    lens: &mut impl Lens,
    orders: &Receiver<Shoot>,
    now: impl Fn() -> Timestamp,
    show: &mut impl FnMut(Sight) -> bool,
) -> Result<Option<Sight>, Fault> {
    let (mut wanted, mut damaged, mut due) = (false, 0, 0);
    loop {
        match orders.try_recv() {
            Ok(Shoot) => wanted = true,
            Err(TryRecvError::Empty) => {}
            Err(TryRecvError::Disconnected) => return Ok(None),
        }
        let exposure = lens.next()?;
        let at = now();
        if !wanted && at.mono_ms < due {
            continue;
        }
        let Some(frame) = exposure.develop() else {
            damaged += 1;
            if damaged >= DAMAGED {
                return Err(Fault::Lost);
            }
            continue;
        };
        damaged = 0;
        if wanted {
            let taken = shot::of_frame(frame, &lens.model(), at).ok_or(Fault::Lost)?;
            return Ok(Some(Sight::Taken(taken)));
        }
        due = at.mono_ms.saturating_add(FRAME_MS);
        if let Some(frame) = shot::reduced(frame)
            && !show(Sight::Frame(frame))
        {
            return Ok(None);
        }
    }
}
