//! The thread that looks at batteries and networks, and tells the engine when something of them changed.

use std::path::PathBuf;
use std::sync::mpsc::{RecvTimeoutError, Sender, SyncSender, channel};
use std::thread::{self, JoinHandle};
use std::time::Duration;

use super::inbox::Message;
use crate::engine::Event;
use crate::supply;

/// How long a plugged charger may go unnoticed.
const EVERY: Duration = Duration::from_secs(10);

/// Ends its thread when it is dropped.
pub(super) struct Meter {
    going: Option<Sender<()>>,
    thread: Option<JoinHandle<()>>,
}

impl Meter {
    /// `class` is the system's folder of batteries and networks.
    pub(super) fn start(class: PathBuf, events: SyncSender<Message>) -> Self {
        let (going, over) = channel::<()>();
        let look = move || {
            let mut told = None;
            loop {
                let seen = supply::read(&class);
                if told != Some(seen) && events.send(Message::Event(Event::Supply(seen))).is_err() {
                    return;
                }
                told = Some(seen);
                if over.recv_timeout(EVERY) != Err(RecvTimeoutError::Timeout) {
                    return;
                }
            }
        };
        let thread = thread::Builder::new().name("supply".to_owned()).spawn(look);
        if let Err(error) = &thread {
            tracing::error!(%error, "batteries and networks are not looked at");
        }
        Self {
            going: Some(going),
            thread: thread.ok(),
        }
    }
}

impl Drop for Meter {
    fn drop(&mut self) {
        self.going = None;
        if let Some(thread) = self.thread.take() {
            // A panic there was reported by its own thread.
            let _ = thread.join();
        }
    }
}
