//! `neoctl` as a program: what it prints, how it ends, and what it never claims.
#![cfg_attr(test, expect(clippy::unwrap_used, reason = "a test panics on the unexpected"))]

mod alert;
mod camera;
#[path = "../../../../sync/hq/tests/postgres/cluster.rs"]
mod cluster;
mod context;
mod day;
mod desk;
mod destruction;
mod doctor;
mod document;
mod evidence;
mod footage;
mod headquarters;
mod help;
mod hotlist;
mod intervention;
#[path = "../../../../tests/it/mosquitto.rs"]
mod mosquitto;
#[expect(unreachable_pub, reason = "the simulator has it as a public module")]
#[path = "../../../../simulator/src/official_list.rs"]
mod official_list;
mod packages;
mod plainte;
mod reference;
mod scene;
mod shapes;
mod store;
mod texts;
mod trust_list;

use std::ffi::OsStr;
use std::io::Write;
use std::path::Path;
use std::process::{Command, Output, Stdio};

use serde_json::Value;

/// Runs `neoctl` with `input` on standard input, for somebody who has chosen nothing.
fn neoctl<A: AsRef<OsStr>>(arguments: &[A], input: &[u8]) -> Output {
    neoctl_of(Path::new("/nowhere"), arguments, input)
}

/// Runs `neoctl` for somebody whose contexts are kept in `folder`.
fn neoctl_of<A: AsRef<OsStr>>(folder: &Path, arguments: &[A], input: &[u8]) -> Output {
    let mut child = Command::new(env!("CARGO_BIN_EXE_neoctl"))
        .args(arguments)
        .env("XDG_CONFIG_HOME", folder)
        .env("LC_ALL", "C.UTF-8")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    // A program that reads no input may have closed it already.
    let _ = child.stdin.take().unwrap().write_all(input);
    child.wait_with_output().unwrap()
}

/// Standard output as the one JSON object that it has to be.
fn json(output: &Output) -> Value {
    let value: Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(value["schema_version"], 1);
    value
}

fn error(output: &Output) -> &str {
    std::str::from_utf8(&output.stderr).unwrap()
}

#[test]
fn a_wrong_command_line_exits_64_and_help_0() {
    let wrong: [&[&str]; 11] = [
        &[],
        &["document"],
        &["document", "read"],
        &["trust", "import", "--out", "x"],
        &["trust", "show"],
        &["device", "show", "Not A Name", "--dir", "x"],
        &["fleet", "summary"],
        &["reference"],
        &[
            "reference",
            "import",
            "x.csv",
            "--dry-run",
            "--issued",
            "21/11/2026",
        ],
        &["reference", "publish", "x"],
        &[
            "evidence", "export", "x", "--clip", "no-id", "--dir", "x", "--pki", "x",
        ],
    ];
    for arguments in wrong {
        assert_eq!(neoctl(arguments, b"").status.code(), Some(64), "{arguments:?}");
    }
    for arguments in [
        &["--help"][..],
        &["--version"],
        &["pki", "create", "--help"],
        &["reference", "import", "--help"],
    ] {
        assert_eq!(neoctl(arguments, b"").status.code(), Some(0), "{arguments:?}");
    }
}
