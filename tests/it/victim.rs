//! A process that says line by line what it has done, until it is killed.

use std::io::{BufRead, BufReader};
use std::process::{Child, Command, Stdio};
use std::sync::mpsc::{Receiver, RecvTimeoutError, channel};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

pub(crate) struct Victim {
    process: Child,
    lines: Receiver<String>,
    reader: Option<JoinHandle<()>>,
    said: Vec<String>,
}

/// A bound on a hang, never on a success.
const PATIENCE: Duration = Duration::from_secs(60);

impl Victim {
    pub(crate) fn start(program: &mut Command) -> Self {
        let mut process = program.stdout(Stdio::piped()).spawn().unwrap();
        let out = BufReader::new(process.stdout.take().unwrap());
        let (sender, lines) = channel();
        let reader = std::thread::spawn(move || {
            for line in out.lines().map_while(Result::ok) {
                let _ = sender.send(line);
            }
        });
        Self {
            process,
            lines,
            reader: Some(reader),
            said: Vec::new(),
        }
    }

    /// The next line that it says.
    pub(crate) fn next(&mut self) -> &str {
        assert!(self.listen(PATIENCE), "the victim stands still");
        self.said.last().unwrap()
    }

    /// True once a line was heard.
    fn listen(&mut self, patience: Duration) -> bool {
        match self.lines.recv_timeout(patience) {
            Ok(line) => self.said.push(line),
            Err(RecvTimeoutError::Timeout) => return false,
            Err(RecvTimeoutError::Disconnected) => panic!("the victim ended by itself"),
        }
        true
    }

    /// Lets it go on for so long, kills it, and gives everything that it got out.
    pub(crate) fn kill_after(mut self, longer: Duration) -> Vec<String> {
        let deadline = Instant::now() + longer;
        while Instant::now() < deadline {
            self.listen(deadline.saturating_duration_since(Instant::now()));
        }
        self.process.kill().unwrap();
        self.process.wait().unwrap();
        self.reader.take().unwrap().join().unwrap();
        self.said.extend(self.lines.try_iter());
        std::mem::take(&mut self.said)
    }
}

impl Drop for Victim {
    /// A test that fails leaves nothing behind.
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}
