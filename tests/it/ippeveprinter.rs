//! Debian's IPP Everywhere printer in a process of its own: another implementation of RFC 8011 than ours.

use std::fs;
use std::io::{BufRead, BufReader};
use std::net::TcpListener;
use std::process::{Child, Command, Stdio};

use domain::printing::PrinterAddress;
use tempfile::TempDir;

/// Ended with the test.
pub(crate) struct IppEvePrinter {
    bus: Child,
    printer: Child,
    pub(crate) address: PrinterAddress,
    spool: TempDir,
}

impl IppEvePrinter {
    /// Starts on the loopback interface with these document formats, and returns once it listens.
    pub(crate) fn start(formats: &str) -> Self {
        // It insists on a message bus for its announcements; an empty one of its own makes none.
        let mut bus = Command::new("dbus-daemon")
            .args(["--session", "--nofork", "--print-address"])
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .expect("dbus-daemon is installed by `make test`");
        let mut bus_address = String::new();
        BufReader::new(bus.stdout.take().unwrap())
            .read_line(&mut bus_address)
            .unwrap();
        let spool = tempfile::tempdir().unwrap();
        fs::create_dir(spool.path().join("jobs")).unwrap();
        let port = TcpListener::bind("127.0.0.1:0")
            .unwrap()
            .local_addr()
            .unwrap()
            .port();
        let mut printer = Command::new("ippeveprinter")
            .env("DBUS_SYSTEM_BUS_ADDRESS", bus_address.trim())
            .args([
                "-v",
                "-k",
                "-r",
                "off",
                "-n",
                "localhost",
                "-c",
                "/bin/true",
                "-f",
                formats,
            ])
            .args(["-p", &port.to_string()])
            .arg("-d")
            .arg(spool.path().join("jobs"))
            .arg("-K")
            .arg(spool.path().join("keys"))
            .arg("Imprimante de test")
            .stderr(Stdio::piped())
            .stdout(Stdio::null())
            .spawn()
            .expect("ippeveprinter is installed by `make test`");
        let mut lines = BufReader::new(printer.stderr.take().unwrap()).lines();
        let mut said = Vec::new();
        while !said
            .last()
            .is_some_and(|line: &String| line.starts_with("printer-uuid"))
        {
            let line = lines.next();
            said.push(
                line.unwrap_or_else(|| panic!("ippeveprinter ended: {said:#?}"))
                    .unwrap(),
            );
        }
        // Its standard error stays open, so that it never blocks or fails on a line.
        std::thread::spawn(move || lines.count());
        Self {
            bus,
            printer,
            address: PrinterAddress::parse(&format!("localhost:{port}")).unwrap(),
            spool,
        }
    }

    /// The PDF documents that it was given; what its print command makes of them lies beside.
    pub(crate) fn received(&self) -> Vec<Vec<u8>> {
        let mut files = Vec::new();
        let mut folders = vec![self.spool.path().join("jobs")];
        while let Some(folder) = folders.pop() {
            for entry in fs::read_dir(folder).unwrap() {
                let path = entry.unwrap().path();
                if path.is_dir() {
                    folders.push(path);
                } else if path.extension().is_some_and(|extension| extension == "pdf") {
                    files.push(fs::read(path).unwrap());
                }
            }
        }
        files
    }
}

impl Drop for IppEvePrinter {
    fn drop(&mut self) {
        for child in [&mut self.printer, &mut self.bus] {
            // It may have ended by itself.
            let _ = child.kill();
            let _ = child.wait();
        }
    }
}
