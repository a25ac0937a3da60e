//! The form of every answer and how each command ends: what scripts rely on, held word for word.

use std::fmt::Write;
use std::fs;

use serde_json::Value;

use crate::desk::{BROKER, Desk, enrol};

/// Names and kinds of values, without the values.
fn shape(value: &Value, path: &str, into: &mut String) {
    let kind = match value {
        Value::Null => "null",
        Value::Bool(_) => "boolean",
        Value::Number(_) => "number",
        Value::String(_) => "text",
        Value::Array(list) => {
            match list.first() {
                Some(first) => shape(first, &format!("{path}[]"), into),
                None => writeln!(into, "  {path}[]: nothing").unwrap(),
            }
            return;
        }
        Value::Object(map) => {
            for (name, value) in map {
                shape(value, &format!("{path}.{name}"), into);
            }
            return;
        }
    };
    writeln!(into, "  {path}: {kind}").unwrap();
}

macro_rules! vector {
    ($name:literal) => {
        include_str!(concat!(
            "../../../../agent/trust/src/attestation/vectors/",
            $name,
            ".pem"
        ))
    };
}

#[test]
fn answers_and_exit_codes_stay_as_they_are() {
    let desk = Desk::new("test");
    let imei = trust::sha256(b"imei");
    let table = format!(
        "{}\nneo-000001;{imei};Crest;terrain\nneo-000002;no;Crest;terrain\n",
        hq::batch::HEADER
    );
    fs::write(desk.path("lot.csv"), table).unwrap();
    for (name, pem) in [
        ("root.pem", vector!("root")),
        ("good.pem", vector!("good")),
        ("unlocked.pem", vector!("unlocked")),
        ("stranger.pem", vector!("stranger")),
    ] {
        fs::write(desk.path(name), pem).unwrap();
    }
    fs::write(
        desk.path("cachet"),
        "DC04FR0500011DF71DF80701FR62MARTIN\u{1f}AAAA\u{1d}61ANNE",
    )
    .unwrap();
    let mut text = String::new();
    let mut say = |line: &str| {
        let output = desk.run(&format!("{line} --json --quiet"));
        writeln!(text, "{} neoctl {line}", output.status.code().unwrap()).unwrap();
        if let Ok(answer) = serde_json::from_slice::<Value>(&output.stdout) {
            shape(&answer, "", &mut text);
        }
    };
    for line in [
        "context list",
        "context show",
        "ca status",
        "ca init --out @pki",
        "crl show",
        "crl build",
        "crl publish",
        "batch plan lot @lot.csv",
        "batch plan lot @lot.csv --strict",
        "batch status lot",
        "batch report lot",
        "batch status none",
    ] {
        say(line);
    }
    say(&format!(
        "batch apply lot --broker {BROKER} --out @sheets --codes"
    ));
    fs::write(desk.path("faute.toml"), "name = 1\n").unwrap();
    let tickets = desk.codes("sheets");
    enrol(&mut desk.store(), &desk.pki(), &tickets[0]).unwrap();
    for line in [
        "batch report lot",
        "token list",
        "device list",
        "device show neo-000001",
        "device show neo-000404",
        "device history neo-000001",
        "device diagnose neo-000001",
        "device diagnose neo-000404",
        "fleet offline",
        "device retire neo-000001",
        "command lock neo-000001",
        "command wipe neo-000001",
        "command wipe neo-000001 --dry-run",
        "command wipe neo-000001 --mode total --confirm neo-000001",
        "command wipe neo-000001 --mode total --confirm neo-000001 --requester chef",
        "command locate neo-000001",
        "command pull-logs neo-000001",
        "command logs neo-000001 2 --out @log",
        "command logs neo-000001 9 --out @log",
        "command proof neo-000001 1 --out @proof",
        "command status neo-000001",
        "approve list",
        "approve show 1",
        "approve show 9",
        "approve key essai --out @approver",
        "approve key essai --out @approver",
        "approve sign 1 --key @approver/essai.key --certificate @approver/essai.pem",
        "cert list",
        "cert expiring",
        "cert verify @pki/gateway.pem",
        "cert revoke device:neo-000001 --reason key-compromise",
        "cert revoke device:neo-000001 --reason key-compromise --yes",
        "cert revoke device:neo-000001 --reason key-compromise --yes",
        "crl diff",
        "config template",
        "config validate @faute.toml",
        "config channels",
        "config list",
        "config diff embedded",
        "config diff 1 embedded",
        "config rollback",
        "config move neo-000001 pilote",
        "config move neo-000404 pilote",
        "rollout list",
        "rollout create 1",
        "rollout start 1",
        "rollout status 1",
        "doctor",
        "enrol policy",
        "enrol require attested",
        "enrol require attested --root @root.pem --signer 5151515151515151515151515151515151515151515151515151515151515151 --oldest-patch 2026-09",
        "enrol verify-attestation @good.pem",
        "enrol verify-attestation @unlocked.pem",
        "enrol verify-attestation @stranger.pem",
        "fleet summary",
        "destruction list",
        "destruction unlink ff --yes",
        "officer list",
        "officer show 07070707-0707-0707-0707-070707070707",
        "document read @cachet",
        "document read @cachet --trust @root.pem",
        "trust show @root.pem",
        "trust import @root.pem --out @signataires",
        "trust import @root.pem --out @signataires",
        "trust show @signataires",
        "trust show @cachet",
        "version",
    ] {
        say(line);
    }
    let mut settings = insta::Settings::clone_current();
    settings.set_prepend_module_to_snapshot(false);
    settings.set_omit_expression(true);
    settings.bind(|| insta::assert_snapshot!("answers", text));
}
