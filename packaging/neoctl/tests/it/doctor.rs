//! `doctor` and `device diagnose`: each thing that breaks is found, and comes with what to do.

use std::fs::{self, Permissions};
use std::net::TcpListener;
use std::os::unix::fs::PermissionsExt;

use domain::enrolment::KeyProtection;
use domain::{DeviceId, UnixMs};
use hq::pki::DeviceRequest;
use hq::{Registry, fleet};
use serde_json::Value;
use trust::cert::{Holder, Reason};
use trust::keys::{KeyKind, SigningKey};

use crate::desk::Desk;
use crate::headquarters::officer;

/// What `doctor` says of `check`: how it ended, the finding and the advice.
#[track_caller]
fn finding(desk: &Desk, check: &str) -> (i32, String, Value) {
    said(desk, "doctor", check)
}

/// The worst that `line` says of `check`.
#[track_caller]
fn said(desk: &Desk, line: &str, check: &str) -> (i32, String, Value) {
    let (code, answer) = desk.ended(line);
    let checks = answer["checks"].as_array().unwrap();
    let worst = |checks: &mut dyn Iterator<Item = &Value>| {
        let rank = |value: &&Value| {
            ["ok", "not_checked", "warning", "failed"]
                .iter()
                .position(|one| value["finding"] == *one)
        };
        checks.max_by_key(rank).cloned()
    };
    let found =
        worst(&mut checks.iter().filter(|one| one["check"] == check)).unwrap_or_else(|| panic!("{answer}"));
    (
        code,
        found["finding"].as_str().unwrap().to_owned(),
        found["do"].clone(),
    )
}

#[track_caller]
fn fails(desk: &Desk, check: &str, advice: &str) {
    let (code, found, todo) = finding(desk, check);
    assert_eq!((code, found.as_str()), (1, "failed"), "{check}");
    assert!(todo.as_str().unwrap().contains(advice), "{todo}");
}

#[test]
fn a_sound_headquarters_has_no_fault_and_says_what_was_not_looked_at() {
    let desk = Desk::new("test");
    assert_eq!(finding(&desk, "crl"), (0, "ok".to_owned(), Value::Null));
    assert_eq!(finding(&desk, "root").1, "ok");
    assert_eq!(finding(&desk, "broker").1, "not_checked");
    assert_eq!(finding(&desk, "clock").1, "not_checked");
}

#[test]
fn a_folder_that_is_not_there_is_named() {
    let desk = Desk::new("test");
    fs::rename(desk.path("hq"), desk.path("elsewhere")).unwrap();
    fails(&desk, "store", "neo-hq --dir");
    fs::rename(desk.path("pki"), desk.path("gone")).unwrap();
    fails(&desk, "key_files", "neoctl ca init");
}

#[test]
fn keys_that_others_may_read_are_named() {
    let desk = Desk::new("test");
    fs::set_permissions(desk.path("pki/command.key"), Permissions::from_mode(0o644)).unwrap();
    fails(&desk, "key_files", "chmod 600");
}

#[test]
fn a_root_that_is_not_offline_is_a_warning() {
    let desk = Desk::new("test");
    fs::create_dir(desk.path("pki/offline")).unwrap();
    fs::copy(desk.path("safe/root.key"), desk.path("pki/offline/root.key")).unwrap();
    let (code, found, _) = finding(&desk, "root");
    assert_eq!((code, found.as_str()), (0, "warning"));
}

#[test]
fn a_key_of_another_certificate_and_one_that_is_missing_are_named() {
    let desk = Desk::new("test");
    fs::copy(desk.path("pki/command.key"), desk.path("pki/receipt.key")).unwrap();
    fails(&desk, "keys", "same backup");
    fs::remove_file(desk.path("pki/receipt.key")).unwrap();
    fails(&desk, "keys", "backup");
}

#[test]
fn keys_without_certificates_are_sent_on_through_the_ceremony() {
    let desk = Desk::new("test");
    fs::remove_dir_all(desk.path("pki")).unwrap();
    desk.done("ca init --out @pki");
    fails(&desk, "certificates", "ca export-csrs");
}

/// The same desk with the keys of a headquarters that was made `days` ago.
fn aged(days: i64) -> Desk {
    let desk = Desk::new("test");
    fs::remove_dir_all(desk.path("pki")).unwrap();
    let then = hq::serve::wall_clock().plus(-days * UnixMs::DAY);
    hq::Pki::create(&desk.path("pki"), then).unwrap();
    desk
}

#[test]
fn certificates_and_lists_that_end_are_told_before_and_after() {
    let (code, found, todo) = finding(&aged(16), "crl");
    assert_eq!((code, found.as_str()), (0, "warning"));
    assert!(todo.as_str().unwrap().contains("crl publish"));
    fails(&aged(31), "crl", "crl publish");
    let (_, found, todo) = finding(&aged(710), "certificate");
    assert!(
        found == "warning" && todo.as_str().unwrap().contains("renew"),
        "{todo}"
    );
    fails(&aged(731), "certificate", "renew");
}

#[test]
fn a_revoked_certificate_that_the_broker_does_not_know_of_is_found() {
    let desk = Desk::new("test");
    let now = hq::serve::wall_clock();
    enrolled(&desk, now);
    let holder = Holder::Device("neo-000001".to_owned());
    fleet::revoke(&mut desk.store(), &holder, Reason::KeyCompromise, now).unwrap();
    fails(&desk, "crl", "crl publish");
    desk.done("crl publish");
    assert_eq!(finding(&desk, "crl").1, "ok");
    fs::remove_file(desk.path("pki/issuing.crl")).unwrap();
    fails(&desk, "crl", "crl publish");
}

fn enrolled(desk: &Desk, now: UnixMs) {
    let request = DeviceRequest {
        device: DeviceId::parse("neo-000001").unwrap(),
        model: "banc".to_owned(),
        spki: SigningKey::generate(KeyKind::P256).public().spki_der(),
        recipient: [7; 32],
        protection: KeyProtection::File,
    };
    Registry::open(desk.pki(), &desk.path("hq"))
        .unwrap()
        .enrol_device(&request, now)
        .unwrap();
}

#[test]
fn a_clock_that_went_back_is_found() {
    let desk = Desk::new("test");
    enrolled(&desk, hq::serve::wall_clock().plus(UnixMs::DAY));
    fails(&desk, "clock", "timedatectl");
}

#[test]
fn a_broker_that_does_not_answer_ends_with_9() {
    let desk = Desk::new("test");
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = listener.local_addr().unwrap().port();
    let ask = format!("doctor --broker mqtts://127.0.0.1:{port}");
    desk.done(&ask);
    drop(listener);
    let (code, answer) = desk.ended(&ask);
    assert_eq!(code, 9, "{answer}");
    let broker = answer["checks"]
        .as_array()
        .unwrap()
        .iter()
        .find(|check| check["check"] == "broker")
        .unwrap();
    assert!(broker["do"].as_str().unwrap().contains("start the broker"));
}

const DIAGNOSE: &str = "device diagnose neo-000001";

#[test]
fn a_terminal_that_nobody_can_sign_with_is_told_until_an_officer_is_bound() {
    let desk = Desk::new("test");
    let now = hq::serve::wall_clock();
    enrolled(&desk, now);
    let (code, found, todo) = said(&desk, DIAGNOSE, "officers");
    assert_eq!((code, found.as_str()), (1, "failed"));
    assert!(todo.as_str().unwrap().contains("officer bind"), "{todo}");
    assert_eq!(said(&desk, DIAGNOSE, "contact").1, "warning");
    assert_eq!(said(&desk, DIAGNOSE, "profile").1, "not_checked");

    let device = DeviceId::parse("neo-000001").unwrap();
    let officer = officer();
    let mut store = desk.store();
    let transaction = store.begin().unwrap();
    transaction.put_officer(&officer).unwrap();
    transaction.assign(&device, officer.id).unwrap();
    transaction.commit().unwrap();
    drop(store);
    let (code, found, _) = said(&desk, DIAGNOSE, "officers");
    assert_eq!((code, found.as_str()), (0, "ok"));
    fleet::suspend(&mut desk.store(), officer.id, now).unwrap();
    assert_eq!(said(&desk, DIAGNOSE, "officers").1, "failed");
}

#[test]
fn a_terminal_that_is_silent_quarantined_or_revoked_is_told() {
    let desk = Desk::new("test");
    let now = hq::serve::wall_clock();
    enrolled(&desk, now.plus(-65 * UnixMs::DAY));
    let device = DeviceId::parse("neo-000001").unwrap();
    let seen = |at: UnixMs, online| {
        let mut store = desk.store();
        let transaction = store.begin().unwrap();
        transaction.set_presence(&device, 1, online, at).unwrap();
        transaction.commit().unwrap();
    };
    seen(now, true);
    assert_eq!(said(&desk, DIAGNOSE, "contact").1, "ok");
    assert_eq!(said(&desk, DIAGNOSE, "standing").1, "ok");
    assert_eq!(
        said(&desk, DIAGNOSE, "certificate").1,
        "warning",
        "due since five days"
    );
    assert_eq!(desk.done("fleet offline")["devices"], Value::Array(Vec::new()));

    seen(now.plus(-9 * UnixMs::DAY), false);
    assert_eq!(said(&desk, DIAGNOSE, "contact").1, "warning");
    let silent = desk.done("fleet offline --days 9");
    assert_eq!(silent["devices"][0]["days"], 9, "{silent}");
    assert_eq!(
        desk.done("fleet offline --days 10")["devices"],
        Value::Array(Vec::new())
    );

    desk.done("device quarantine neo-000001");
    assert_eq!(said(&desk, DIAGNOSE, "standing").1, "failed");
    let holder = Holder::Device("neo-000001".to_owned());
    fleet::revoke(&mut desk.store(), &holder, Reason::KeyCompromise, now).unwrap();
    assert_eq!(said(&desk, DIAGNOSE, "certificate").1, "failed");
}
