//! A TPM 2.0 in software, on two loopback ports, with its memory in a folder.

use std::net::{Ipv4Addr, TcpListener, TcpStream};
use std::path::Path;
use std::process::{Child, Command, Stdio};

use agent::keys::VaultKind;

pub(crate) struct Swtpm {
    child: Child,
    port: u16,
}

impl Swtpm {
    /// Switches the chip on whose memory is in `state`.
    pub(crate) fn start(state: &Path) -> Self {
        std::fs::create_dir_all(state).unwrap();
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
            if TcpStream::connect((Ipv4Addr::LOCALHOST, self.port + 1)).is_ok() {
                return true;
            }
            if self.child.try_wait().unwrap().is_some() {
                return false;
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
