//! The camera's radio: a TCP listener on the loopback interface, one meeting at a time for each caller.
//!
//! A camera whose caller is silent speaks by itself, so that being out of reach shows.

use std::net::{Ipv4Addr, Shutdown, SocketAddr, TcpListener, TcpStream};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::thread::{self, JoinHandle};
use std::time::Duration;

use camera::pairing::{Channel, Greeting, Trust, greet};
use camera::protocol::{Custody, FromCamera, FromTerminal, MAX_CLIPS, MAX_PIECE, Status};
use camera::receipt::FootageReceipt;
use camera::{FrameError, FrameReader, Secret32, write_frame};
use domain::{ClipId, Digest, UnixMs};
use minicbor::bytes::ByteVec;
use trust::cert::Certificate;

use super::recording::Recording;
use super::{Faults, SimCamera, SimCameraError};

/// What time the camera believes it is.
pub type Clock = Arc<dyn Fn() -> UnixMs + Send + Sync>;

/// After so long without a word the camera says how it is.
const HEARTBEAT: Duration = Duration::from_secs(4);

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
        self.shared.camera().memory.custody(clip)
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

/// Serves one caller until it leaves; nothing is said to one that is not known and not invited.
fn meet(caller: &TcpStream, shared: &Shared) -> Option<()> {
    caller.set_nodelay(true).ok()?;
    caller.set_read_timeout(Some(HEARTBEAT)).ok()?;
    let mut reader = FrameReader::new(caller.try_clone().ok()?);
    let first = reader.next_frame().ok()?;
    let greeting = {
        let camera = shared.camera();
        greet(
            &camera.identity.pairing,
            camera.memory.acquaintances(),
            &first,
            Secret32::generate(),
        )
        .ok()?
    };
    let mut caller = caller;
    let channel = match greeting {
        Greeting::Tap { frame, reception } => {
            write_frame(&mut caller, &frame).ok()?;
            let last = reader.next_frame().ok()?;
            let mut camera = shared.camera();
            let trust = Trust {
                anchors: &camera.anchors,
                at: (shared.clock)(),
            };
            let (channel, acquaintance) = reception.finish(&last, &camera.memory.invitation(), trust).ok()?;
            camera.memory.welcome(acquaintance).ok()?.then_some(channel)?
        }
        Greeting::Known {
            frame,
            channel,
            acquaintance,
        } => {
            // Remembered before it is answered: whoever gets the answer can come again.
            shared.camera().memory.renew(acquaintance).ok()?;
            write_frame(&mut caller, &frame).ok()?;
            *channel
        }
    };
    Talk {
        caller,
        channel,
        shared,
        sent: 0,
    }
    .run(&mut reader)
}

/// One meeting after the handshake; everything gives nothing when the caller is out of reach.
struct Talk<'a> {
    caller: &'a TcpStream,
    channel: Channel,
    shared: &'a Shared,
    /// Bytes of recordings that were sent.
    sent: u64,
}

impl Talk<'_> {
    fn run(mut self, reader: &mut FrameReader<TcpStream>) -> Option<()> {
        self.status()?;
        loop {
            match reader.next_frame() {
                Ok(frame) => {
                    let message = FromTerminal::from_bytes(&self.channel.open(&frame)?).ok()?;
                    self.answer(message)?;
                }
                Err(FrameError::Silent) => self.status()?,
                Err(FrameError::Gone(_)) => return None,
            }
        }
    }

    fn answer(&mut self, message: FromTerminal) -> Option<()> {
        match message {
            FromTerminal::ListClips => {
                let clips = {
                    let camera = self.shared.camera();
                    let listed =
                        |one: &&Recording| Recording::is_listed(camera.memory.custody(one.listing.clip));
                    let listings = camera
                        .recordings
                        .iter()
                        .filter(listed)
                        .map(|one| one.listing.clone());
                    listings.take(MAX_CLIPS).collect()
                };
                self.say(&FromCamera::Clips(clips))
            }
            FromTerminal::Open { clip } => {
                let message = self.with(clip, |recording, faults| faults.opening(recording));
                self.say(
                    &message.map_or(FromCamera::NoSuchClip { clip }, |message| FromCamera::Init {
                        clip,
                        message,
                    }),
                )
            }
            FromTerminal::Pull { clip, index } => self.pull(clip, usize::try_from(index).ok()?),
            FromTerminal::Taken { clip, root } => {
                if self.with(clip, |_, _| ()).is_none() {
                    return self.say(&FromCamera::NoSuchClip { clip });
                }
                let custody = self
                    .shared
                    .camera()
                    .memory
                    .note(clip, Custody::Taken, root)
                    .ok()?;
                self.say(&FromCamera::Noted { clip, custody })
            }
            FromTerminal::Received {
                clip,
                root,
                receipt,
                signer,
            } => {
                let proven = self.is_received(clip, root, &receipt, &signer);
                if !proven {
                    return self.say(&FromCamera::NotProven { clip });
                }
                let custody = self
                    .shared
                    .camera()
                    .memory
                    .note(clip, Custody::Received, root)
                    .ok()?;
                self.say(&FromCamera::Noted { clip, custody })
            }
        }
    }

    fn pull(&mut self, clip: ClipId, index: usize) -> Option<()> {
        let found = self.with(clip, |recording, faults| {
            (faults.segment(recording, index), recording.end.clone())
        });
        let Some((segment, end)) = found else {
            return self.say(&FromCamera::NoSuchClip { clip });
        };
        let Some(segment) = segment else {
            return self.say(&FromCamera::End {
                message: end.map(Into::into),
            });
        };
        for piece in segment.bytes.chunks(MAX_PIECE) {
            let more = piece.len() as u64;
            if self.shared.faults.vanishes(self.sent, more) {
                return None;
            }
            self.say(&FromCamera::Data {
                bytes: piece.to_vec(),
            })?;
            self.sent += more;
        }
        self.say(&FromCamera::SegmentEnd {
            message: segment.message,
        })
    }

    /// Whether HQ's receipt is over the very root that the terminal named when it took the recording.
    fn is_received(&self, clip: ClipId, root: Digest, receipt: &[u8], signer: &[ByteVec]) -> bool {
        let camera = self.shared.camera();
        let signer: Option<Vec<Certificate>> =
            signer.iter().map(|der| Certificate::from_der(der).ok()).collect();
        camera.memory.root(clip) == Some(root)
            && signer
                .is_some_and(|signer| FootageReceipt::verify(receipt, root, &signer, &camera.anchors).is_ok())
    }

    fn with<T>(&self, clip: ClipId, read: impl FnOnce(&Recording, &Faults) -> T) -> Option<T> {
        let camera = self.shared.camera();
        let recording = camera
            .recordings
            .iter()
            .find(|recording| recording.listing.clip == clip)?;
        Some(read(recording, &self.shared.faults))
    }

    fn status(&mut self) -> Option<()> {
        self.say(&FromCamera::Status(Status {
            battery: 87,
            free: 64 << 30,
            recording: false,
        }))
    }

    fn say(&mut self, message: &FromCamera) -> Option<()> {
        let frame = self.channel.seal(&message.to_bytes())?;
        write_frame(&mut self.caller, &frame).ok()
    }
}
