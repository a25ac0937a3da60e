//! What the kernel tells of a process's memory.

use std::process::Child;

use anyhow::Context;

/// A line of /proc/<pid>/status, in bytes.
pub(super) fn of(child: &Child, name: &str) -> anyhow::Result<u64> {
    line(&child.id().to_string(), name)
}

/// The same of this process.
pub(super) fn of_this(name: &str) -> anyhow::Result<u64> {
    line("self", name)
}

fn line(process: &str, name: &str) -> anyhow::Result<u64> {
    let path = format!("/proc/{process}/status");
    let status = std::fs::read_to_string(&path).with_context(|| format!("could not read `{path}`"))?;
    let line = status.lines().find_map(|line| line.strip_prefix(name));
    let line = line.with_context(|| format!("the kernel tells no `{name}`"))?;
    let kibibytes: u64 = line
        .trim()
        .trim_end_matches("kB")
        .trim()
        .parse()
        .with_context(|| format!("`{name}` is no number"))?;
    Ok(kibibytes * 1024)
}
