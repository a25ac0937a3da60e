//! `pki`, `device` and `fleet` on the folders of a headquarters.

use std::fs;
use std::path::Path;

use domain::enrolment::KeyProtection;
use domain::officer::{Corps, Matricule, Officer, Quality};
use domain::{DeviceId, OfficerId, UnixMs};
use hq::pki::{DeviceRequest, OfficerRequest};
use hq::{Pki, Registry};
use serde_json::Value;
use trust::keys::{KeyKind, SigningKey};
use trust::seal::Identity;

use crate::{error, json, neoctl};

/// 2026-11-21T12:00:00Z.
pub(crate) const NOON: UnixMs = UnixMs(1_795_262_400_000);

/// A headquarters in `dir` that enrolled `neo-000001` and one officer.
pub(crate) fn enrol(dir: &Path) {
    let pki = Pki::create(&dir.join("pki"), NOON).unwrap();
    let request = DeviceRequest {
        device: DeviceId::parse("neo-000001").unwrap(),
        model: "banc d'essai".to_owned(),
        spki: SigningKey::generate(KeyKind::P256).public().spki_der(),
        recipient: *Identity::generate().recipient().as_bytes(),
        protection: KeyProtection::File,
    };
    let mut registry = Registry::open(pki, &dir.join("hq")).unwrap();
    registry.enrol_device(&request, NOON).unwrap();
    let officer = officer();
    let request = OfficerRequest {
        officer: officer.id,
        spki: SigningKey::generate(KeyKind::P256).public().spki_der(),
        protection: KeyProtection::File,
        formation: true,
    };
    registry.enrol_officer(&officer, &request, NOON).unwrap();
}

/// Nobody.
pub(crate) fn officer() -> Officer {
    Officer {
        id: OfficerId::from_bytes([7; 16]),
        matricule: Matricule::parse(Corps::PoliceNationale, "1234567").unwrap(),
        name: "Personne Inventée".into(),
        rank: "gardien de la paix".to_owned(),
        quality: Quality::Apj,
        unit: "commissariat de Lyon 3".to_owned(),
        habilitations: Vec::new(),
        departments: Vec::new(),
    }
}

#[test]
fn created_keys_open_as_a_pki_and_are_never_overwritten() {
    let dir = tempfile::tempdir().unwrap();
    let out = dir.path().join("pki");
    let out = out.to_str().unwrap();
    let create = || neoctl(&["pki", "create", "--out", out, "--json"], b"");
    let created = create();
    assert_eq!(created.status.code(), Some(0), "{}", error(&created));
    let pki = Pki::open(Path::new(out)).unwrap();
    let answer = &json(&created)["pki"];
    assert_eq!(answer["root_sha256"], pki.root().fingerprint().to_string());
    assert_eq!(answer["recipient"], pki.recipient().to_string());
    let root = fs::read(answer["root"].as_str().unwrap()).unwrap();

    let again = create();
    assert_eq!(again.status.code(), Some(4));
    assert!(again.stdout.is_empty() && error(&again).contains("choose another folder"));
    assert_eq!(fs::read(Path::new(out).join("root.pem")).unwrap(), root);
}

#[test]
fn an_enrolled_terminal_is_shown_and_counted() {
    let dir = tempfile::tempdir().unwrap();
    enrol(dir.path());
    let hq = dir.path().join("hq");
    let hq = hq.to_str().unwrap();
    let shown = neoctl(&["device", "show", "neo-000001", "--dir", hq, "--json"], b"");
    assert_eq!(shown.status.code(), Some(0), "{}", error(&shown));
    let device = &json(&shown)["device"];
    assert_eq!(
        (&device["id"], &device["keys"], &device["online"]),
        (&"neo-000001".into(), &"file".into(), &false.into())
    );
    assert_eq!(device["certificate_sha256"].as_str().unwrap().len(), 64);

    let counted = neoctl(&["fleet", "summary", "--dir", hq, "--json"], b"");
    let fleet = &json(&counted)["fleet"];
    assert_eq!((&fleet["terminals"], &fleet["records"]), (&1.into(), &0.into()));
}

#[test]
fn terminals_are_listed_by_name_and_officers_without_theirs() {
    let dir = tempfile::tempdir().unwrap();
    enrol(dir.path());
    let hq = dir.path().join("hq");
    let list = |noun| neoctl(&[noun, "list", "--dir", hq.to_str().unwrap(), "--json"], b"");
    let devices = json(&list("device"));
    assert_eq!(devices["devices"].as_array().unwrap().len(), 1);
    assert_eq!(devices["devices"][0]["id"], "neo-000001");
    let officers = list("officer");
    assert!(!String::from_utf8_lossy(&officers.stdout).contains("Invent"));
    let officer = &json(&officers)["officers"][0];
    assert_eq!(
        (&officer["matricule"], &officer["quality"]),
        (&"1234567".into(), &"apj".into())
    );
}

#[test]
fn an_unknown_terminal_and_a_folder_without_a_store_exit_3() {
    let dir = tempfile::tempdir().unwrap();
    enrol(dir.path());
    let hq = dir.path().join("hq");
    let unknown = neoctl(
        &["device", "show", "neo-000002", "--dir", hq.to_str().unwrap()],
        b"",
    );
    assert_eq!(unknown.status.code(), Some(3));
    assert!(error(&unknown).contains("`neo-000002`"));

    let empty = dir.path().join("empty");
    fs::create_dir(&empty).unwrap();
    let nothing = neoctl(&["fleet", "summary", "--dir", empty.to_str().unwrap()], b"");
    assert_eq!(nothing.status.code(), Some(3));
    assert_eq!(
        fs::read_dir(&empty).unwrap().count(),
        0,
        "a store was made by looking"
    );
}

#[test]
fn people_and_programs_get_the_same_names() {
    let dir = tempfile::tempdir().unwrap();
    enrol(dir.path());
    let hq = dir.path().join("hq");
    let hq = hq.to_str().unwrap();
    let text = neoctl(&["fleet", "summary", "--dir", hq], b"").stdout;
    let text = String::from_utf8(text).unwrap();
    let answer: Value = json(&neoctl(&["--json", "fleet", "summary", "--dir", hq], b""));
    let names: Vec<&str> = answer["fleet"]
        .as_object()
        .unwrap()
        .keys()
        .map(String::as_str)
        .collect();
    assert_eq!(text.lines().count(), names.len());
    for name in names {
        assert!(text.lines().any(|line| line.starts_with(name)), "{name}:\n{text}");
    }
}

/// Standard output of `neoctl --json command …`, and its exit code.
fn command(dir: &Path, arguments: &[&str]) -> (Option<i32>, String, Value) {
    let hq = dir.join("hq");
    let mut all = vec!["--json", "command"];
    all.extend(arguments);
    all.extend(["--dir", hq.to_str().unwrap()]);
    let said = neoctl(&all, b"");
    let answer = if said.stdout.is_empty() {
        Value::Null
    } else {
        json(&said)
    };
    (said.status.code(), error(&said).to_owned(), answer)
}

#[test]
fn orders_are_given_in_sequence_and_listed_with_what_became_of_them() {
    let dir = tempfile::tempdir().unwrap();
    enrol(dir.path());
    let pki = dir.path().join("pki");
    let pki = pki.to_str().unwrap();
    let (code, _, given) = command(dir.path(), &["lock", "neo-000001", "--pki", pki]);
    assert_eq!(code, Some(0));
    assert_eq!(
        (&given["order"]["sequence"], &given["order"]["online"]),
        (&1.into(), &false.into())
    );
    let wipe = ["wipe", "neo-000001", "--pki", pki];
    let (code, said, _) = command(dir.path(), &wipe);
    assert_eq!(code, Some(6));
    assert!(said.contains("--confirm neo-000001"), "{said}");
    let (code, _, _) = command(dir.path(), &[&wipe[..], &["--confirm", "neo-000002"]].concat());
    assert_eq!(code, Some(6));
    let (code, _, given) = command(dir.path(), &[&wipe[..], &["--confirm", "neo-000001"]].concat());
    assert_eq!((code, &given["order"]["sequence"]), (Some(0), &2.into()));
    let (code, said, _) = command(dir.path(), &["lock", "neo-000009", "--pki", pki]);
    assert_eq!(code, Some(3));
    assert!(said.contains("`neo-000009` is not enrolled"), "{said}");
    let (_, _, listed) = command(dir.path(), &["status", "neo-000001"]);
    let commands: Vec<&Value> = listed["orders"]
        .as_array()
        .unwrap()
        .iter()
        .map(|order| &order["command"])
        .collect();
    assert_eq!(commands, ["lock", "wipe"]);
    assert_eq!(listed["orders"][0]["outcome"], Value::Null);
}
