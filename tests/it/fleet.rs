//! `neo-sim fleet`: many terminals at once, on the embedded broker and on Debian's.

use std::process::{Command, Output};

use serde_json::Value;

use crate::mosquitto::{Mosquitto, three_free_ports};
use crate::programs::{assert_success, ours};

fn fleet(arguments: &[&str]) -> Output {
    Command::new(ours("neo-sim"))
        .arg("fleet")
        .args(arguments)
        .output()
        .unwrap()
}

fn report(output: &Output) -> Value {
    assert_success(output);
    serde_json::from_slice(&output.stdout).unwrap()
}

/// Everything signed is at HQ once, every terminal came back, and every figure was measured on something.
fn assert_whole(report: &Value, terminals: u64, acts: u64) {
    let signed = terminals * acts;
    for (field, expected) in [
        ("schema_version", 1),
        ("signed", signed),
        ("at_hq", signed),
        ("missing", 0),
        ("twice", 0),
        ("foreign", 0),
    ] {
        assert_eq!(report[field], expected, "{field}: {report:#}");
    }
    assert_eq!(report["returns"]["count"], terminals, "{report:#}");
    let lanes = report["lanes"].as_array().unwrap();
    let receipts: u64 = lanes
        .iter()
        .map(|lane| lane["latency"]["count"].as_u64().unwrap())
        .sum();
    assert_eq!(receipts, signed, "{report:#}");
    assert!(
        report["receipts_per_second"].as_f64().unwrap() > 0.0,
        "{report:#}"
    );
    assert!(
        report["memory"]["per_terminal_bytes"].as_u64().unwrap() > 0,
        "{report:#}"
    );
}

#[test]
fn a_fleet_delivers_everything_once_though_hq_dies_in_the_middle() {
    let folder = tempfile::tempdir().unwrap();
    let out = folder.path().join("fleet");
    let arguments = [
        "--terminals",
        "6",
        "--acts",
        "2",
        "--json",
        "--out",
        out.to_str().unwrap(),
    ];
    let said = report(&fleet(&arguments));
    assert_whole(&said, 6, 2);
    let kept: Value = serde_json::from_slice(&std::fs::read(out.join("report.json")).unwrap()).unwrap();
    assert_eq!(kept, said);

    let again = fleet(&arguments);
    assert_eq!(again.status.code(), Some(1));
    assert!(String::from_utf8_lossy(&again.stderr).contains("is not empty"));
}

#[test]
fn a_fleet_delivers_everything_once_on_mosquitto() {
    let folder = tempfile::tempdir().unwrap();
    let pki = folder.path().join("pki");
    let port = three_free_ports();
    let made = Command::new(ours("neo-sim"))
        .args(["pki", "--port", &port.to_string(), "--out"])
        .arg(&pki)
        .output()
        .unwrap();
    assert_success(&made);
    let _broker = Mosquitto::start(&pki.join("mosquitto.conf"));
    let broker = format!("mqtts://localhost:{port}");
    let pki = pki.to_str().unwrap();
    let output = fleet(&[
        "--terminals",
        "3",
        "--acts",
        "2",
        "--json",
        "--broker",
        &broker,
        "--pki",
        pki,
    ]);
    assert_whole(&report(&output), 3, 2);
}

#[test]
fn a_fleet_without_terminals_is_a_usage_error() {
    for arguments in [
        &[][..],
        &["--terminals", "0"],
        &["--terminals", "2", "--broker", "mqtts://h:1"],
    ] {
        assert_eq!(fleet(arguments).status.code(), Some(64), "{arguments:?}");
    }
}
