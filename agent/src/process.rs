//! What a process that holds keys owes them: no core dump, no debugger, and its own name.

use std::fs::File;
use std::io::{self, Read};

use domain::Digest;
use domain::footage::Program;
use rustix::process::{DumpableBehavior, Resource, Rlimit, set_dumpable_behavior, setrlimit};

/// Keeps keys out of core dumps and of other processes of the same user. A system that refuses either goes on: the
/// refusal is logged.
pub fn harden() {
    let none = Rlimit {
        current: Some(0),
        maximum: Some(0),
    };
    if setrlimit(Resource::Core, none).is_err() {
        tracing::warn!("core dumps could not be limited");
    }
    if set_dumpable_behavior(DumpableBehavior::NotDumpable).is_err() {
        tracing::warn!("the process could not be made undumpable");
    }
}

/// The program that this process runs: its version, and the SHA-256 of its file as the system started it. Nothing where
/// the system does not give that file.
pub fn program() -> Option<Program> {
    let build = hash().inspect_err(|error| tracing::warn!(%error, "the program's own file does not read"));
    Some(Program {
        version: env!("CARGO_PKG_VERSION").to_owned(),
        build: build.ok()?,
    })
}

fn hash() -> io::Result<Digest> {
    let mut file = File::open("/proc/self/exe")?;
    let mut hasher = trust::Hasher::new();
    let mut buffer = vec![0; 64 * 1024];
    loop {
        let count = file.read(&mut buffer)?;
        let Some(bytes) = buffer.get(..count).filter(|bytes| !bytes.is_empty()) else {
            break;
        };
        hasher.update(bytes);
    }
    Ok(Digest::from_bytes(hasher.finish().0))
}
