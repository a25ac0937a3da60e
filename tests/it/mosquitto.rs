//! Debian's broker in a process of its own, for every package whose tests speak to one.

use std::io::{BufRead, BufReader};
use std::net::TcpListener;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::atomic::{AtomicU16, Ordering};

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

/// The first of three ports in a row for a broker, as its configuration wants them.
///
/// They lie below those that the system gives to outgoing connections, so that no test beside this one can take them meanwhile.
pub(crate) fn three_free_ports() -> u16 {
    static TAKEN: AtomicU16 = AtomicU16::new(0);
    let own = u16::try_from(std::process::id() % 1000).unwrap();
    for _ in 0..1000 {
        let place = (own + TAKEN.fetch_add(1, Ordering::Relaxed)) % 1000;
        let first = 20_000 + 3 * place;
        if (first..first + 3).all(|port| TcpListener::bind(("127.0.0.1", port)).is_ok()) {
            return first;
        }
    }
    panic!("no three ports in a row are free")
}
