//! The way to the terminal's process, for whoever holds the phone while a patrol drives it.

use std::process::ChildStdin;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use domain::dialogue::Intent;
use rustix::process::{Pid, Resource, Rlimit, Signal, kill_process, prlimit};

use super::touching::{Begun, named};
use crate::pipe::{self, ToTerminal};

/// Copies lead to the same process, and to the next one after it ended.
#[derive(Clone, Default)]
pub struct Line {
    to: Arc<Mutex<Option<(u32, ChildStdin)>>>,
    /// What a step of the scenario is beginning, under the seed's ids.
    begun: Arc<Mutex<Option<Begun>>>,
}

impl Line {
    pub(super) fn connect(&self, pid: u32, to: ChildStdin) {
        *lock(&self.to) = Some((pid, to));
    }

    /// Closes the process's input, which ends it in good order.
    pub(super) fn hang_up(&self) {
        *lock(&self.to) = None;
    }

    pub(super) fn begin(&self, begun: Option<Begun>) {
        *lock(&self.begun) = begun;
    }

    /// What a screen asks for.
    pub fn intent(&self, intent: Intent) {
        let begun = *lock(&self.begun);
        let intent = match begun {
            Some(begun) => named(intent, begun),
            None => intent,
        };
        self.say(&ToTerminal::Intent(intent));
    }

    pub fn say(&self, frame: &ToTerminal) {
        if let Some((_, to)) = lock(&self.to).as_mut() {
            // A broken pipe is a dead terminal, which its reader notices and starts again.
            let _ = pipe::write(to, frame);
        }
    }

    /// The number of the process, while one runs.
    pub fn process(&self) -> Option<u32> {
        lock(&self.to).as_ref().map(|(pid, _)| *pid)
    }

    /// SIGKILL, as an empty battery does; false when no process runs.
    pub fn kill(&self) -> bool {
        let line = lock(&self.to);
        // The lock is held: the number is still this process's.
        pid(line.as_ref()).is_some_and(|pid| kill_process(pid, Signal::KILL).is_ok())
    }

    /// Whether files of the process may grow; false when it cannot be told so.
    pub fn let_files_grow(&self, grow: bool) -> bool {
        let line = lock(&self.to);
        let limit = Rlimit {
            current: (!grow).then_some(1),
            maximum: None,
        };
        pid(line.as_ref()).is_some_and(|pid| prlimit(Some(pid), Resource::Fsize, limit).is_ok())
    }
}

fn pid(line: Option<&(u32, ChildStdin)>) -> Option<Pid> {
    let (pid, _) = line?;
    Pid::from_raw(i32::try_from(*pid).ok()?)
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
