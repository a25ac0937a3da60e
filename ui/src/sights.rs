//! From a camera's thread to the window: the newest sight waits there, and no second one.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use domain::viewfinder::{Fault, Sight};

/// Where a camera shows what it sees. Dropped before a picture or a fault, it tells that the camera is lost.
pub struct Sights(Arc<Slot>);

/// Where the window sees it; once this is dropped, nothing waits and nobody looks.
pub(crate) struct Seen(Arc<Slot>);

struct Slot {
    state: Mutex<State>,
    /// Tells the window's thread that a sight waits.
    wake: Box<dyn Fn() + Send + Sync>,
}

#[derive(Default)]
struct State {
    next: Option<Sight>,
    /// A picture or a fault was shown.
    ended: bool,
    /// Nobody looks.
    closed: bool,
}

pub(crate) fn sights(wake: impl Fn() + Send + Sync + 'static) -> (Sights, Seen) {
    let slot = Arc::new(Slot {
        state: Mutex::default(),
        wake: Box::new(wake),
    });
    (Sights(Arc::clone(&slot)), Seen(slot))
}

impl Slot {
    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Sights {
    /// Takes the place of a sight that the window has not come to; false once nobody looks, or after the last sight.
    pub fn show(&self, sight: Sight) -> bool {
        let mut state = self.0.state();
        if state.closed || state.ended {
            return false;
        }
        state.ended = matches!(sight, Sight::Taken(_) | Sight::Failed(_));
        let woken = state.next.replace(sight).is_some();
        drop(state);
        if !woken {
            (self.0.wake)();
        }
        true
    }
}

impl Drop for Sights {
    fn drop(&mut self) {
        self.show(Sight::Failed(Fault::Lost));
    }
}

impl std::fmt::Debug for Sights {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Sights")
    }
}

impl Seen {
    pub(crate) fn take(&self) -> Option<Sight> {
        self.0.state().next.take()
    }
}

impl Drop for Seen {
    fn drop(&mut self) {
        let mut state = self.0.state();
        state.closed = true;
        state.next = None;
    }
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicU32, Ordering};

    use domain::viewfinder::Frame;

    use super::*;

    fn frame(grey: u8) -> Sight {
        Sight::Frame(Frame::new(1, 1, vec![grey; 3]).unwrap())
    }

    #[test]
    fn the_newest_sight_waits_and_the_window_is_woken_once_for_it() {
        let woken = Arc::new(AtomicU32::new(0));
        let count = Arc::clone(&woken);
        let (camera, window) = sights(move || {
            count.fetch_add(1, Ordering::SeqCst);
        });
        for grey in 0..100 {
            assert!(camera.show(frame(grey)));
        }
        assert_eq!(
            (window.take(), window.take(), woken.load(Ordering::SeqCst)),
            (Some(frame(99)), None, 1)
        );
        assert!(camera.show(frame(1)));
        assert_eq!(woken.load(Ordering::SeqCst), 2);
    }

    #[test]
    fn nothing_takes_the_place_of_the_end() {
        let (camera, window) = sights(|| ());
        assert!(camera.show(Sight::Failed(Fault::Busy)));
        assert!(!camera.show(frame(1)));
        drop(camera);
        assert_eq!(window.take(), Some(Sight::Failed(Fault::Busy)));
        assert_eq!(window.take(), None);
    }

    #[test]
    fn a_camera_whose_thread_dies_is_lost() {
        let (camera, window) = sights(|| ());
        camera.show(frame(1));
        drop(camera);
        assert_eq!(window.take(), Some(Sight::Failed(Fault::Lost)));
    }

    #[test]
    fn once_nobody_looks_no_picture_stays() {
        let (camera, window) = sights(|| ());
        camera.show(frame(1));
        drop(window);
        assert!(camera.0.state().next.is_none() && !camera.show(frame(2)));
    }
}
