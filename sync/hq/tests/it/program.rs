//! The program `neo-hq`: its counts and its exit codes.

use std::process::{Command, Output};

use domain::UnixMs;
use domain::officer::Quality;

use crate::world::Hq;

fn neo_hq(arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_neo-hq"))
        .args(arguments)
        .output()
        .unwrap()
}

#[test]
fn the_counts_of_a_store_are_one_json_object() {
    let mut hq = Hq::new();
    let officer = hq.officer(1, Quality::Apj);
    let terminal = hq.terminal("neo-000001", &[&officer]);
    hq.receipt(&terminal, &terminal.pv(&officer, 0).bytes());
    let dir = hq.path("");
    let output = neo_hq(&["--dir", dir.to_str().unwrap(), "--status", "--json"]);
    let counts: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(output.status.code(), Some(0));
    assert_eq!(counts["schema_version"], 1);
    assert_eq!((&counts["terminals"], &counts["records"]), (&1.into(), &1.into()));
}

#[test]
fn a_purge_destroys_what_is_past_its_term_and_nothing_before() {
    let mut hq = Hq::new();
    let officer = hq.officer(1, Quality::Opj);
    let terminal = hq.terminal("neo-000001", &[&officer]);
    // 2020-01-01T00:00:00Z.
    let until = UnixMs(1_577_836_800_000);
    hq.receipt(&terminal, &terminal.check(&officer, 0, until).bytes());
    let dir = hq.path("");
    let purge = |at: &[&str]| neo_hq(&[&["--dir", dir.to_str().unwrap(), "--purge", "--json"], at].concat());
    let records = |output: Output| {
        let counts: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
        counts["records"].clone()
    };
    assert_eq!(records(purge(&["--at", "2020-01-01T00:00:00Z"])), 0);
    assert_eq!(purge(&["--at", "2100-01-01T00:00:00Z"]).status.code(), Some(1));
    assert_eq!(records(purge(&["--at", "2020-01-01T00:00:01Z"])), 1);
    assert_eq!(records(purge(&[])), 0);
}

#[test]
fn exit_codes_tell_a_wrong_call_from_a_wrong_folder() {
    assert_eq!(neo_hq(&["--no-such-option"]).status.code(), Some(64));
    assert_eq!(neo_hq(&["--dir", "x"]).status.code(), Some(64));
    let at_without_purge = ["--dir", "x", "--status", "--at", "2020-01-01T00:00:00Z"];
    assert_eq!(neo_hq(&at_without_purge).status.code(), Some(64));
    assert_eq!(neo_hq(&["--help"]).status.code(), Some(0));
    let dir = tempfile::tempdir().unwrap();
    let missing = dir.path().join("missing");
    let missing = missing.to_str().unwrap();
    assert_eq!(neo_hq(&["--dir", missing, "--status"]).status.code(), Some(1));
    let run = [
        "--dir",
        missing,
        "--pki",
        missing,
        "--broker",
        "mqtts://localhost:1",
    ];
    assert_eq!(neo_hq(&run).status.code(), Some(1));
}
