//! `neoctl audit` on the folders of a headquarters, and offline on what it wrote.

use std::path::Path;
use std::process::Command;

use domain::record::ActKind;
use serde_json::Value;
use simulator::world::Action;
use tests::acts::{self, act_id};
use tests::invariants;
use tests::watched::Watched;

use crate::programs::ours;

const DEVICE: &str = "neo-000007";

/// Exit code and the JSON answer; the message when there is none.
fn audit(arguments: &[&str]) -> (Option<i32>, Value) {
    let output = Command::new(ours("neoctl"))
        .args(["--json", "audit"])
        .args(arguments)
        .output()
        .unwrap();
    let answer = serde_json::from_slice(&output.stdout)
        .unwrap_or_else(|_| Value::String(String::from_utf8_lossy(&output.stderr).into_owned()));
    (output.status.code(), answer)
}

fn text(path: &Path) -> &str {
    path.to_str().unwrap()
}

/// A terminal with a consultation and a PV behind it, whose journal is at HQ.
fn served(seed: u64) -> Watched {
    let mut watched = Watched::on_duty(seed);
    watched.play(acts::drafted(act_id(1), ActKind::IdentityCheck));
    watched.intent(domain::dialogue::Intent::Consult {
        draft: act_id(1),
        file: domain::officer::FileKind::Fpr,
        motive: "contrôle après un vol signalé".to_owned(),
    });
    watched.play(acts::drawn_up(act_id(2), ActKind::Pv));
    watched.act(Action::Advance(60_000));
    watched
}

#[test]
fn led_art_25_the_journal_shows_who_consulted_what_when_and_why_and_is_proven_offline() {
    let watched = served(1_050);
    let (hq, pki) = (watched.world.layout().hq(), watched.world.layout().pki());
    let hq = ["--dir", text(&hq), "--pki", text(&pki)];
    let out = tempfile::tempdir().unwrap();
    let path = |name: &str| out.path().join(name);

    let (code, verified) = audit(&[&["verify", DEVICE], &hq[..]].concat());
    assert_eq!(code, Some(0), "{verified}");
    assert_eq!(verified["schema_version"], 1);
    let found = &verified["verified"][0];
    assert_eq!(
        (&found["outcome"], &found["fault"], &found["forks"]),
        (&"ok".into(), &Value::Null, &0.into())
    );
    assert!(
        found["entries"].as_u64() > Some(5) && found["receipts"].as_u64() > Some(0),
        "{found}"
    );

    // Who, when, why, about which act.
    let (code, shown) = audit(&[&["show", DEVICE], &hq[..]].concat());
    assert_eq!(code, Some(0), "{shown}");
    let lines = shown["entries"].as_array().unwrap();
    let asked = lines
        .iter()
        .find(|line| line["operation"] == "consulted")
        .unwrap();
    assert_eq!(asked["reason"], "contrôle après un vol signalé");
    assert_eq!(
        (&asked["file"], &asked["act"]),
        (&"FPR".into(), &act_id(1).to_string().into())
    );
    assert!(asked["officer"].is_string() && asked["at"].is_string(), "{asked}");
    let (_, shut) = audit(&["show", DEVICE, "--dir", hq[1]]);
    let lines = shut["entries"].as_array().unwrap();
    let asked = lines
        .iter()
        .find(|line| line["operation"] == "consulted")
        .unwrap();
    assert_eq!(asked["reason"], Value::Null, "without the key nobody reads why");

    let (file, receipt, proof) = (path("journal.cbor"), path("receipt.cose"), path("proof.cbor"));
    let (code, said) = audit(&[&["export", DEVICE, "--out", text(&file)], &hq[..]].concat());
    assert_eq!(code, Some(0), "{said}");
    let (code, _) = audit(&[&["export", DEVICE, "--out", text(&file)], &hq[..]].concat());
    assert_eq!(code, Some(4), "nothing is written over");
    let (code, said) = audit(&["receipt", DEVICE, "--dir", hq[1], "--out", text(&receipt)]);
    assert_eq!(
        (code, said["journal"]["entries"].is_u64()),
        (Some(0), true),
        "{said}"
    );
    let rows = invariants::acts(&watched.world).unwrap();
    let envelope = rows
        .iter()
        .find(|row| row.act == act_id(2))
        .unwrap()
        .envelope
        .to_string();
    let (code, said) = audit(&[&["proof", &envelope, "--out", text(&proof)], &hq[..]].concat());
    assert_eq!(code, Some(0), "{said}");

    let root = pki.join("root.pem");
    let anchors = ["--anchors", text(&root)];
    let offline = ["verify", "--file", text(&file), "--receipt", text(&receipt)];
    let (code, verified) = audit(&[&offline[..], &anchors].concat());
    assert_eq!(
        (code, &verified["verified"][0]["held_receipts"]),
        (Some(0), &1.into()),
        "{verified}"
    );
    let (code, proven) = audit(&[&["verify", "--proof", text(&proof)], &anchors[..]].concat());
    assert_eq!(
        (code, &proven["verified"][0]["operation"]),
        (Some(0), &"signed".into()),
        "{proven}"
    );

    // A bit of the one entry, and of the other file: 8, and a sentence.
    for (name, option, place) in [(&file, "--file", 700), (&proof, "--proof", 120)] {
        let mut bytes = std::fs::read(name).unwrap();
        bytes[place] ^= 1;
        let changed = path("changed");
        std::fs::write(&changed, bytes).unwrap();
        let (code, said) = audit(&[&["verify", option, text(&changed)], &anchors[..]].concat());
        assert_eq!(code, Some(8), "{said}");
        assert!(
            said["verified"][0]["fault"].as_str().unwrap().len() > 10,
            "{said}"
        );
    }
    let other = served(1_051);
    let strange = other.world.layout().pki().join("root.pem");
    let (code, said) = audit(&["verify", "--file", text(&file), "--anchors", text(&strange)]);
    assert_eq!(
        (code, &said["verified"][0]["outcome"]),
        (Some(8), &"untrusted".into()),
        "{said}"
    );
}

#[test]
fn nothing_to_check_is_said_and_never_good_and_a_fork_shows_everywhere() {
    let mut watched = Watched::on_duty(1_052);
    let (dir, keys) = (watched.world.layout().hq(), watched.world.layout().pki());
    let hq = ["--dir", text(&dir), "--pki", text(&keys)];
    let (code, said) = audit(&[&["verify", "neo-000099"], &hq[..]].concat());
    assert_eq!(code, Some(3), "{said}");
    let (code, said) = audit(&["verify"]);
    assert_eq!(code, Some(64), "{said}");
    let (code, said) = audit(&["forks", "--dir", hq[1]]);
    assert_eq!(
        (code, said["forks"].as_array().map(Vec::len)),
        (Some(0), Some(0)),
        "{said}"
    );
    watched.act(Action::Advance(60_000));
    // The device's key signs another journal of the same length.
    let world = &mut watched.world;
    let mut file = tests::journals::at_hq(world).unwrap().unwrap();
    let site = agent::site::Site::new(world.layout().terminal());
    let vault = agent::enrol::vault(&site).unwrap();
    let newest = file.heads.pop().unwrap();
    let signed = trust::cose::parse(&newest.head).unwrap();
    let mut head: domain::journal::Head = domain::decode(&signed.payload).unwrap();
    head.root = domain::Digest::of(b"another tree");
    let now = world.now();
    let store = world.gateway().store();
    let holder = trust::cert::Holder::Device(DEVICE.to_owned());
    let certificate = store
        .begin()
        .unwrap()
        .latest_certificate(&holder)
        .unwrap()
        .unwrap();
    let sign = |namespace, content_type: &str, payload: &[u8]| {
        agent::keys::device_signed(vault.as_ref(), namespace, &certificate, content_type, payload).unwrap()
    };
    let told = sign(
        trust::cose::Namespace::Journal,
        domain::journal::HEAD,
        &domain::encode(&head),
    );
    let hello = sync::wire::v1::Hello {
        version: 1,
        device: domain::DeviceId::parse(DEVICE).unwrap(),
        epoch: head.epoch,
        boot: now.boot,
        lanes: Vec::new(),
        agent: "forger".to_owned(),
        sent: now,
        reference: None,
        pending: None,
        numbers: None,
        visas: None,
        orders: None,
        bundle: None,
        profile: None,
        sets: Vec::new(),
        hotlist_key: None,
        persons_key: None,
        suivi: None,
        dispatch: None,
        crew: None,
        journal: Some(sync::wire::v1::SignedJournalHead(told.into())),
    };
    let hello = sign(
        trust::cose::Namespace::Hello,
        sync::wire::v1::HELLO,
        &domain::encode(&hello),
    );
    let topic = sync::Topic::Up(domain::DeviceId::parse(DEVICE).unwrap(), sync::UpLane::Q);
    world.gateway().receive(&topic, &hello, now.utc).unwrap();

    let (code, forks) = audit(&["forks", "--dir", hq[1]]);
    assert_eq!(code, Some(8), "{forks}");
    let fork = &forks["forks"][0];
    assert_eq!(fork["device"], DEVICE);
    assert_eq!(fork["told"]["entries"], fork["held"]["entries"]);
    assert_ne!(fork["told"]["root"], fork["held"]["root"]);
    let (code, verified) = audit(&[&["verify", DEVICE], &hq[..]].concat());
    assert_eq!(
        (code, &verified["verified"][0]["forks"]),
        (Some(8), &1.into()),
        "{verified}"
    );
    let output = Command::new(ours("neoctl"))
        .args(["--json", "device", "show", DEVICE, "--dir", hq[1]])
        .output()
        .unwrap();
    let shown: Value = serde_json::from_slice(&output.stdout).unwrap();
    assert!(shown["device"]["quarantined_at"].is_string(), "{shown}");
}
