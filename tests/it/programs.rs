//! The programs that tests start: this workspace's own, and Debian's ffmpeg.

use std::fmt::Display;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

use serde_json::Value;

/// A program of this workspace, beside the test binary's folder.
pub(crate) fn ours(name: &str) -> PathBuf {
    let test = std::env::current_exe().unwrap();
    let program = test.ancestors().nth(2).unwrap().join(name);
    assert!(
        program.exists(),
        "`{name}` is not built: `cargo build --workspace --bins` does it"
    );
    program
}

/// How often a kill test kills: `NEO_KILLS`, or what keeps `make test` short.
pub(crate) fn kills(usual: u32) -> u32 {
    count("NEO_KILLS", usual)
}

/// How many seeded worlds are run: `NEO_WORLDS`, or what keeps `make test` short.
pub(crate) fn worlds(usual: u32) -> u32 {
    count("NEO_WORLDS", usual)
}

/// How many mutations are made of exports: `NEO_MUTATIONS`, or what keeps `make test` short.
pub(crate) fn mutations(usual: u32) -> u32 {
    count("NEO_MUTATIONS", usual)
}

/// How many things a monkey does: `NEO_EVENTS`, or what keeps `make test` short.
pub(crate) fn events(usual: u32) -> u32 {
    count("NEO_EVENTS", usual)
}

/// What a monkey's chance begins with: `NEO_SEED`, or the same each time.
pub(crate) fn seed(usual: u64) -> u64 {
    u64::from(count("NEO_SEED", u32::try_from(usual).unwrap()))
}

#[expect(
    clippy::disallowed_methods,
    reason = "whoever starts the tests says how long they may take"
)]
fn count(name: &str, usual: u32) -> u32 {
    std::env::var(name)
        .ok()
        .and_then(|text| text.parse().ok())
        .unwrap_or(usual)
}

/// Tells what was seen, for whoever runs the tests with `--nocapture`.
#[expect(clippy::print_stdout, reason = "`make torture` is read by a person")]
pub(crate) fn tell(what: &str, seen: &impl Display) {
    println!("{what}:\n{seen}");
}

/// `neo-sim patrol` into `out`.
pub(crate) fn patrol(out: &Path, more: &[&str]) -> Command {
    let mut command = Command::new(ours("neo-sim"));
    command
        .args(["patrol", "--seed", "7", "--out"])
        .arg(out)
        .args(more);
    command.stdout(Stdio::piped()).stderr(Stdio::piped());
    command
}

/// What `neoctl` tells of a headquarters, which needs no keys.
pub(crate) fn told_of(hq: &Path, words: &[&str]) -> Value {
    let mut command = Command::new(ours("neoctl"));
    let output = command.arg("--json").args(words).arg("--dir").arg(hq).output();
    let output = output.unwrap();
    assert_success(&output);
    serde_json::from_slice(&output.stdout).unwrap()
}

/// `neo-verify` on one folder of evidence.
pub(crate) fn verify(out: &Path, evidence: &Path) -> Output {
    let mut command = Command::new(ours("neo-verify"));
    command
        .arg(evidence)
        .arg("--anchors")
        .arg(out.join("anchors/root.pem"))
        .arg("--json");
    command.output().unwrap()
}

/// Fails with everything that the program said.
#[track_caller]
pub(crate) fn assert_success(output: &Output) {
    assert!(
        output.status.success(),
        "{}\n{}\n{}",
        output.status,
        String::from_utf8_lossy(&output.stdout),
        String::from_utf8_lossy(&output.stderr)
    );
}

/// A recording that is not this project's: two seconds of ffmpeg's test picture.
pub(crate) fn foreign_clip(path: &Path) {
    let source = "testsrc=size=320x240:rate=15:duration=2";
    let output = Command::new("ffmpeg")
        .args(["-loglevel", "error", "-y", "-f", "lavfi", "-i", source])
        .args([
            "-c:v",
            "libx264",
            "-pix_fmt",
            "yuv420p",
            "-movflags",
            "+faststart",
        ])
        .arg(path)
        .output()
        .expect("ffmpeg is installed by `make test`");
    assert_success(&output);
}
