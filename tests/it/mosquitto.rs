//! Debian's broker in a process of its own, for every package whose tests speak to one.

use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Child, Command, Stdio};

/// Ended with the test.
pub(crate) struct Mosquitto(Child);

impl Mosquitto {
    /// Starts with a configuration that HQ wrote, and returns once it listens.
    pub(crate) fn start(configuration: &Path) -> Self {
        let mut child = Command::new("mosquitto")
            .env("PATH", format!("{}:/usr/local/sbin:/usr/sbin", env!("PATH")))
            .arg("-c")
            .arg(configuration)
            .stderr(Stdio::piped())
            .spawn()
            .expect("mosquitto is installed by `make test`");
        let mut lines = BufReader::new(child.stderr.take().unwrap()).lines();
        let mut said = Vec::new();
        while !said.last().is_some_and(|line: &String| line.contains("running")) {
            said.push(
                lines
                    .next()
                    .unwrap_or_else(|| panic!("mosquitto ended: {said:#?}"))
                    .unwrap(),
            );
        }
        // Its standard error stays open, so that it never blocks or fails on a line.
        std::thread::spawn(move || lines.count());
        Self(child)
    }
}

impl Drop for Mosquitto {
    fn drop(&mut self) {
        // It may have ended by itself.
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}
