//! The camera's radio: a TCP listener on the loopback interface, one meeting at a time for each caller.
//!
//! A camera whose caller is silent speaks by itself, so that being out of reach shows.

use std::net::{Ipv4Addr, Shutdown, SocketAddr, TcpListener, TcpStream};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::channel;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::thread::{self, JoinHandle};
use std::time::Duration;

use camera::protocol::Custody;
use camera::{FrameError, FrameReader, write_frame};
use domain::footage::TriggerCause;
use domain::{ClipId, UnixMs};

use super::visit::{Reply, Visit};
use super::{Faults, SimCamera, SimCameraError};

/// What time the camera believes it is.
pub type Clock = Arc<dyn Fn() -> UnixMs + Send + Sync>;

/// After so long without a word the camera says how it is.
const HEARTBEAT: Duration = Duration::from_secs(4);

/// What comes through at the edge of its reach, in bytes a second.
const FAR: u64 = 24 * 1024;

/// A camera that answers; dropping it switches the radio off and waits for every thread.
pub struct Running {
    address: SocketAddr,
    shared: Arc<Shared>,
    accepting: Option<JoinHandle<()>>,
}

struct Shared {
    camera: Mutex<SimCamera>,
    faults: Faults,
    clock: Clock,
    off: AtomicBool,
    /// Too far from everybody to be heard.
    away: AtomicBool,
    /// At the edge of its reach.
    slow: AtomicBool,
    callers: Mutex<Vec<(SocketAddr, TcpStream)>>,
}

impl SimCamera {
    /// Switches the radio on, at a free port of the loopback interface.
    pub fn serve(self, faults: Faults, clock: Clock) -> Result<Running, SimCameraError> {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).map_err(SimCameraError::Listen)?;
        self.serve_on(listener, faults, clock)
    }

    /// Switches the radio on at a given listener.
    pub fn serve_on(
        self,
        listener: TcpListener,
        faults: Faults,
        clock: Clock,
    ) -> Result<Running, SimCameraError> {
        let address = listener.local_addr().map_err(SimCameraError::Listen)?;
        let shared = Arc::new(Shared {
            camera: Mutex::new(self),
            faults,
            clock,
            off: AtomicBool::new(false),
            away: AtomicBool::new(false),
            slow: AtomicBool::new(false),
            callers: Mutex::default(),
        });
        let accepting = thread::spawn({
            let shared = Arc::clone(&shared);
            move || accept(&listener, &shared)
        });
        Ok(Running {
            address,
            shared,
            accepting: Some(accepting),
        })
    }
}

impl Running {
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    pub fn faults(&self) -> &Faults {
        &self.shared.faults
    }

    /// Who has a recording, as far as the camera knows.
    pub fn custody(&self, clip: ClipId) -> Custody {
        self.shared.camera().custody(clip)
    }

    /// Something beside the terminal asks for a recording: its button, the lights of the vehicle, a holster.
    pub fn trigger(&self, cause: TriggerCause) {
        let at = (self.shared.clock)();
        self.shared.camera().trigger(cause, at);
    }

    /// The hand that began a recording ends it.
    pub fn stop_recording(&self) {
        self.shared.camera().stop_recording();
    }

    pub fn is_recording(&self) -> bool {
        self.shared.camera().is_recording()
    }

    /// Out of reach, or back: nobody is answered meanwhile.
    pub fn go_away(&self, away: bool) {
        self.shared.away.store(away, Ordering::SeqCst);
        if away {
            self.cut();
        }
    }

    /// At the edge of its reach, or near: what it sends takes its time.
    pub fn go_far(&self, far: bool) {
        self.shared.slow.store(far, Ordering::SeqCst);
    }

    /// Cuts every meeting that is under way; the radio stays on.
    pub fn cut(&self) {
        self.shared.cut();
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        self.shared.off.store(true, Ordering::SeqCst);
        self.cut();
        // Wakes the listener, which then sees that it is off.
        let _ = TcpStream::connect(self.address);
        if let Some(accepting) = self.accepting.take() {
            // A panic there was reported by its own thread.
            let _ = accepting.join();
        }
    }
}

impl Shared {
    fn camera(&self) -> MutexGuard<'_, SimCamera> {
        lock(&self.camera)
    }

    fn cut(&self) {
        for (_, caller) in lock(&self.callers).drain(..) {
            // A caller that is gone already needs no cut.
            let _ = caller.shutdown(Shutdown::Both);
        }
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

fn accept(listener: &TcpListener, shared: &Shared) {
    thread::scope(|scope| {
        loop {
            let Ok((caller, address)) = listener.accept() else {
                return;
            };
            if shared.off.load(Ordering::SeqCst) {
                return shared.cut();
            }
            if shared.away.load(Ordering::SeqCst) {
                continue;
            }
            if let Ok(handle) = caller.try_clone() {
                lock(&shared.callers).push((address, handle));
            }
            scope.spawn(move || {
                // A caller that leaves, in whatever way, is no fault of the camera.
                let _ = meet(&caller, shared);
                let _ = caller.shutdown(Shutdown::Both);
                lock(&shared.callers).retain(|(other, _)| *other != address);
            });
        }
    });
}

/// Serves one caller until it leaves; nothing when either side is out of reach.
fn meet(mut caller: &TcpStream, shared: &Shared) -> Option<()> {
    caller.set_nodelay(true).ok()?;
    caller.set_read_timeout(Some(HEARTBEAT)).ok()?;
    let mut reader = FrameReader::new(caller.try_clone().ok()?);
    let mut visit = Visit::default();
    let (_open, never) = channel::<()>();
    // Whoever is near hears this before a word is said.
    let beacon = shared.camera().beacon((shared.clock)());
    write_frame(&mut caller, &beacon.0).ok()?;
    loop {
        let reply = match reader.next_frame() {
            Ok(frame) => {
                let at = (shared.clock)();
                shared.camera().hear(&mut visit, &frame, &shared.faults, at)?
            }
            Err(FrameError::Silent) => Reply {
                frames: vec![
                    shared
                        .camera()
                        .status(&mut visit, &shared.faults, (shared.clock)())?,
                ],
                gone: false,
            },
            Err(FrameError::Gone(_)) => return None,
        };
        for frame in &reply.frames {
            if shared.slow.load(Ordering::SeqCst) {
                // Nobody ever says anything here: it passes.
                let _ = never.recv_timeout(Duration::from_micros(frame.len() as u64 * 1_000_000 / FAR));
            }
            write_frame(&mut caller, frame).ok()?;
        }
        if reply.gone {
            return None;
        }
    }
}
