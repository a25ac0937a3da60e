//! A TPM 2.0 in software, on two loopback ports, with its memory in a folder.

use std::net::{Ipv4Addr, TcpListener};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::{Mutex, PoisonError};

use agent::keys::VaultKind;

/// Held from the choice of a pair of ports until a chip listens there: otherwise two tests may choose overlapping pairs.
static PORTS: Mutex<()> = Mutex::new(());

pub(crate) struct Swtpm {
    child: Child,
    port: u16,
}

impl Swtpm {
    /// Switches the chip on whose memory is in `state`.
    pub(crate) fn start(state: &Path) -> Self {
        std::fs::create_dir_all(state).unwrap();
        let _chosen = PORTS.lock().unwrap_or_else(PoisonError::into_inner);
        loop {
            let port = free_pair();
            let channel = |port: u16| format!("type=tcp,bindaddr=127.0.0.1,port={port}");
            let child = Command::new("swtpm")
                .args(["socket", "--tpm2", "--flags", "not-need-init,startup-clear"])
                .arg("--tpmstate")
                .arg(format!("dir={}", state.display()))
                .args(["--server", &channel(port), "--ctrl", &channel(port + 1)])
                .stdout(Stdio::null())
                .stderr(Stdio::null())
                .spawn()
                .expect("swtpm is installed: run packaging/setup/packages tpm");
            let mut chip = Self { child, port };
            if chip.listens() {
                return chip;
            }
        }
    }

    /// Waits until it does; false when it ended, since another took its ports.
    fn listens(&mut self) -> bool {
        loop {
            if self.child.try_wait().unwrap().is_some() {
                return false;
            }
            // A chip takes one visitor at a time: looked at from outside, it is not disturbed.
            if is_listened_on(self.port) && is_listened_on(self.port + 1) {
                return true;
            }
            std::thread::yield_now();
        }
    }

    pub(crate) fn vault(&self) -> VaultKind {
        format!("tpm:swtpm:host=127.0.0.1,port={}", self.port)
            .parse()
            .unwrap()
    }

    /// Takes the chip away.
    pub(crate) fn stop(mut self) {
        self.end();
    }

    fn end(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

impl Drop for Swtpm {
    fn drop(&mut self) {
        self.end();
    }
}

/// As the kernel lists it (`proc_net_tcp`): the local address in hexadecimal, and state 0A for a socket that listens.
fn is_listened_on(port: u16) -> bool {
    let local = format!(":{port:04X}");
    let sockets = std::fs::read_to_string("/proc/net/tcp").unwrap();
    sockets.lines().any(|line| {
        let mut words = line.split_whitespace().skip(1);
        let is_here = words.next().is_some_and(|address| address.ends_with(&local));
        is_here && words.nth(1) == Some("0A")
    })
}

/// A port such that the one after it is free too: the library finds the second by the first.
fn free_pair() -> u16 {
    loop {
        let first = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
        let port = first.local_addr().unwrap().port();
        let next = port.checked_add(1);
        if next.is_some_and(|next| TcpListener::bind((Ipv4Addr::LOCALHOST, next)).is_ok()) {
            return port;
        }
    }
}
