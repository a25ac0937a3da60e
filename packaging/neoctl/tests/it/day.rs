//! A fleet manager's day, from the keys to a lost terminal; `docs/guide-flotte.md` follows it.

use std::fs;
use std::process::Command;
use std::sync::mpsc;
use std::time::Duration;

use domain::enrolment::Ticket;
use domain::profile::{ProfileHeld, ProfileRefusal, ProfileRefused};
use domain::{BootId, Timestamp, Zone, encode};
use hq::Gateway;
use hq::files::PoliceFiles;
use hq::pki::Ports;
use sync::mqtt::{LinkCommand, LinkConfig, LinkEvent, Security, tls_client};
use sync::wire::v1::{HELLO, Hello, PROFILE_GIVEN, ProfileGiven};
use sync::{DownLane, Link, Topic, UpLane};
use trust::cose::{self, Namespace};

use crate::desk::{BROKER, Desk, Phone, enrol, list};
use crate::mosquitto::{Mosquitto, three_free_ports};

/// 203 lines: three of them cannot be enrolled.
fn table() -> String {
    let mut text = format!("{}\n", hq::batch::HEADER);
    for number in 1..=203_u32 {
        let imei = trust::sha256(&number.to_be_bytes()).to_string();
        let (serial, imei) = match number {
            17 => ("NEO 17".to_owned(), imei),
            101 => ("neo-000101".to_owned(), "35-209900-176148-1".to_owned()),
            180 => ("neo-000179".to_owned(), imei),
            number => (format!("neo-{number:06}"), imei),
        };
        text.push_str(&format!("{serial};{imei};commissariat de Lyon 3;terrain\n"));
    }
    text
}

/// What a phone says at the gateway of the profile that it follows and of the one that it refuses; what it is given.
fn says(desk: &Desk, gateway: &mut Gateway, phone: &Phone, serial: u64, refused: Option<u64>) -> Option<u64> {
    let now = hq::serve::wall_clock();
    let boot = BootId::from_bytes([1; 16]);
    let reason = ProfileRefusal::Unreadable;
    let hello = Hello {
        version: 1,
        device: phone.device.clone(),
        epoch: 1,
        boot,
        lanes: Vec::new(),
        agent: "test".to_owned(),
        sent: Timestamp {
            utc: now,
            zone: Zone::Paris,
            offset_min: 60,
            boot,
            mono_ms: 1000,
        },
        reference: None,
        pending: None,
        numbers: None,
        visas: None,
        orders: None,
        journal: None,
        bundle: None,
        profile: Some(ProfileHeld {
            serial,
            refused: refused.map(|serial| ProfileRefused { serial, reason }),
        }),
        sets: Vec::new(),
        hotlist_key: None,
        persons_key: None,
        suivi: None,
        dispatch: None,
        crew: None,
    };
    let protection = Some(trust::keys::KeyProtection::File);
    let signed = cose::sign(
        Namespace::Hello,
        &phone.key,
        &phone.certificate,
        HELLO,
        &encode(&hello),
        protection,
    );
    let topic = Topic::Up(phone.device.clone(), UpLane::Q);
    let outgoing = gateway.receive(&topic, &signed.unwrap(), now).unwrap();
    let down = Topic::Down(phone.device.clone(), DownLane::Cmd);
    let messages = outgoing.iter().filter(|message| message.topic == down);
    let mut given = messages.filter_map(|message| {
        let signed = cose::parse(&message.payload).unwrap();
        (signed.content_type == PROFILE_GIVEN).then(|| {
            let given: ProfileGiven = domain::decode(&signed.payload).unwrap();
            let root = desk.pki().root().clone();
            hq::profile::verify(&given.profile, &root, now).unwrap().serial
        })
    });
    given.next()
}

/// Two profiles in rings: the first reaches everybody, the second is refused, stops itself and is taken back.
fn roll_out(desk: &Desk, phones: &[Phone]) {
    let files = PoliceFiles::synthetic(7, hq::serve::wall_clock());
    let mut gateway = Gateway::open(&desk.path("hq"), desk.pki(), files, hq::serve::wall_clock()).unwrap();
    let template = desk.run("config template");
    let template = String::from_utf8(template.stdout).unwrap();
    let write = |name: &str, from: &str, to: &str| {
        assert!(template.contains(from));
        fs::write(desk.path(name), template.replace(from, to)).unwrap();
    };
    write("faute.toml", "idle_lock_seconds = 90", "idle_lock_seconds = 20");
    let (code, said) = desk.refused("config validate @faute.toml");
    assert!(
        code == 1 && said.contains("line 7") && said.contains("30 to 300"),
        "{said}"
    );
    write("ete.toml", "idle_lock_seconds = 90", "idle_lock_seconds = 60");
    assert_eq!(
        desk.done("config validate @ete.toml")["config"]["idle_lock_seconds"],
        60
    );
    let changes = desk.done("config diff @ete.toml");
    assert_eq!(
        changes["changes"],
        serde_json::json!([{ "setting": "idle_lock_seconds", "from": 60, "to": 90 }])
    );
    desk.done("config sign @ete.toml --out @ete.signed");
    let pushed = desk.done("config push @ete.signed");
    let first = pushed["config"]["version"].as_u64().unwrap();
    assert_eq!(
        desk.refused("config push @ete.signed").0,
        4,
        "a version counts once"
    );
    assert_eq!(desk.refused(&format!("rollout status {first}")).0, 3);
    desk.done(&format!("rollout create {first} --success 80 --errors 5"));
    assert!(
        phones
            .iter()
            .all(|phone| says(desk, &mut gateway, phone, 0, None).is_none())
    );
    desk.done(&format!("rollout start {first}"));
    let mut rings = Vec::new();
    for _ in 0..4 {
        let (code, status) = desk.ended(&format!("rollout status {first}"));
        rings.push(status["rollout"]["percent"].as_u64().unwrap());
        assert_eq!(code, 7);
        let ring: Vec<&Phone> = phones
            .iter()
            .filter(|phone| says(desk, &mut gateway, phone, 0, None) == Some(first))
            .collect();
        assert_eq!(status["rollout"]["members"], ring.len());
        for phone in ring {
            says(desk, &mut gateway, phone, first, None);
        }
        if desk.ended(&format!("rollout status {first}")).0 == 0 {
            break;
        }
    }
    let done = desk.done(&format!("rollout status {first}"));
    assert_eq!(
        (&done["rollout"]["state"], &rings.last()),
        (&"done".into(), &Some(&100))
    );
    assert!(rings.windows(2).all(|pair| pair[0] < pair[1]), "{rings:?}");
    for phone in phones {
        says(desk, &mut gateway, phone, first, None);
    }
    assert_eq!(desk.done("config channels")["channels"][0]["version"], first);

    // The second is one that the phones' program does not know.
    write("hiver.toml", "printing = true", "printing = false");
    let second = desk.done("config push @hiver.toml")["config"]["version"]
        .as_u64()
        .unwrap();
    desk.done(&format!("rollout create {second} --rings 10,100"));
    desk.done(&format!("rollout start {second}"));
    desk.done(&format!("rollout pause {second}"));
    assert!(
        phones
            .iter()
            .all(|phone| says(desk, &mut gateway, phone, first, None).is_none())
    );
    desk.done(&format!("rollout resume {second}"));
    let ring: Vec<&Phone> = phones
        .iter()
        .filter(|phone| says(desk, &mut gateway, phone, first, None) == Some(second))
        .collect();
    assert!(ring.len() > 5 && ring.len() < 40, "{}", ring.len());
    says(desk, &mut gateway, ring[0], second, None);
    for phone in &ring[1..4] {
        assert_eq!(says(desk, &mut gateway, phone, first, Some(second)), None);
    }
    let (code, stopped) = desk.ended(&format!("rollout status {second}"));
    assert_eq!((code, &stopped["rollout"]["state"]), (7, &"stopped".into()));
    assert_eq!(stopped["rollout"]["refusals"][0]["reason"], "unreadable");
    let left = phones
        .iter()
        .filter(|phone| says(desk, &mut gateway, phone, first, None).is_some());
    assert_eq!(left.count(), 0, "nobody else gets it");
    desk.done(&format!("rollout abort {second}"));
    let back = desk.done("config rollback");
    let third = back["rollout"]["version"].as_u64().unwrap();
    assert!(third > second);
    assert_eq!(
        desk.done(&format!("config diff {third} {first}"))["changes"],
        serde_json::json!([])
    );
    assert_eq!(says(desk, &mut gateway, ring[0], second, None), Some(third));
    for phone in phones {
        says(desk, &mut gateway, phone, third, None);
    }
    assert_eq!(
        desk.done(&format!("rollout status {third}"))["rollout"]["following"],
        200
    );
    desk.done("config move neo-000003 pilote");
    let channels = desk.done("config channels");
    let counted: Vec<u64> = channels["channels"]
        .as_array()
        .unwrap()
        .iter()
        .map(|channel| channel["terminals"].as_u64().unwrap())
        .collect();
    assert_eq!(counted, [199, 1, 0]);
}

/// Whether the broker takes the phone.
fn connects(desk: &Desk, port: u16, phone: &Phone) -> bool {
    let pki = desk.pki();
    let chain = [phone.certificate.der().to_vec(), pki.issuing().der().to_vec()];
    let tls = tls_client(pki.root().der(), &chain, &phone.key.to_pkcs8_der()).unwrap();
    let config = LinkConfig::new("localhost", port, "any", Security::Tls(tls));
    let (report, events) = mpsc::channel();
    let link = Link::spawn(config, Box::new(move |event| drop(report.send(event)))).unwrap();
    link.send(LinkCommand::Connect).unwrap();
    matches!(
        events.recv_timeout(Duration::from_secs(60)).unwrap(),
        LinkEvent::Up { .. }
    )
}

#[test]
fn a_fleet_managers_day() {
    let desk = Desk::new("production");
    let status = desk.done("ca status");
    assert_eq!(status["ca"]["stage"], "complete");

    // 200 terminals from a table with three lines that cannot be.
    fs::write(desk.path("lot.csv"), table()).unwrap();
    let (code, trial) = desk.ended("batch plan lyon @lot.csv --dry-run");
    assert_eq!((code, &trial["plan"]["planned"]), (7, &false.into()));
    let (code, plan) = desk.ended("batch plan lyon @lot.csv");
    let lines: Vec<u64> = plan["plan"]["faults"]
        .as_array()
        .unwrap()
        .iter()
        .map(|fault| fault["line"].as_u64().unwrap())
        .collect();
    assert_eq!(
        (code, &plan["plan"]["rows"], lines),
        (7, &200.into(), vec![18, 102, 181])
    );
    let applied = desk.done(&format!(
        "batch apply lyon --broker {BROKER} --out @sheets --codes"
    ));
    assert_eq!(
        (&applied["batch"]["printed"], &applied["batch"]["sheets"]),
        (&200.into(), &5.into())
    );

    // What is on paper is what was issued.
    let codes = desk.codes("sheets");
    assert_eq!(codes.len(), 200);
    let sheet = &list(&desk.path("sheets"), "pdf")[0];
    let page = desk.path("page");
    let drawn = Command::new("pdftoppm")
        .args(["-r", "120", "-f", "1", "-l", "1", "-png", "-singlefile"])
        .arg(sheet)
        .arg(&page)
        .status();
    assert!(drawn.expect("pdftoppm is installed by `make test`").success());
    let picture = reader::decode_image(&fs::read(page.with_extension("png")).unwrap()).unwrap();
    let mut read: Vec<Ticket> = reader::barcodes(&picture)
        .unwrap()
        .iter()
        .map(|code| Ticket::parse(std::str::from_utf8(&code.bytes).unwrap()).unwrap())
        .collect();
    read.sort_by(|one, other| one.device.as_str().cmp(other.device.as_str()));
    assert_eq!(read, codes[..12]);

    let (mut store, pki) = (desk.store(), desk.pki());
    let phones: Vec<Phone> = codes
        .iter()
        .map(|ticket| enrol(&mut store, &pki, ticket).unwrap())
        .collect();
    assert!(enrol(&mut store, &pki, &codes[0]).is_none(), "a code counts once");
    let status = desk.done("batch status lyon");
    assert_eq!(status["batch"]["enrolled"], 200);
    let report = String::from_utf8(desk.run("batch report lyon --format csv").stdout).unwrap();
    assert_eq!(
        report.lines().filter(|line| line.contains(";enrolled;")).count(),
        200
    );

    // Two officers, each with the key of a card.
    let mut officers = Vec::new();
    for (number, name) in [(1, "Inventée"), (2, "Imaginaire")] {
        let csr = desk.path("card.csr");
        let made = Command::new("openssl")
            .args([
                "req",
                "-new",
                "-newkey",
                "ec",
                "-pkeyopt",
                "ec_paramgen_curve:P-256",
                "-nodes",
                "-subj",
                "/CN=carte",
                "-keyout",
            ])
            .arg(desk.path("card.key"))
            .arg("-out")
            .arg(&csr)
            .output();
        assert!(
            made.expect("openssl is installed by `make test`")
                .status
                .success()
        );
        let entry = format!(
            "corps = \"police_nationale\"\nmatricule = \"123450{number}\"\nname = \"{name}\"\nrank = \"brigadier\"\nquality = \"opj\"\nunit = \"commissariat de Lyon 3\"\n"
        );
        let added = desk.run_with(
            &format!("officer add - --csr @card.csr --out @card{number}.pem --json"),
            entry.as_bytes(),
        );
        assert_eq!(added.status.code(), Some(0), "{}", crate::error(&added));
        assert!(!String::from_utf8_lossy(&added.stdout).contains(name));
        let officer = crate::json(&added)["officer"]["id"].as_str().unwrap().to_owned();
        let bound = desk.done(&format!("officer bind {officer} neo-000001"));
        assert_eq!(bound["officer"]["terminals"][0], "neo-000001");
        officers.push(officer);
    }
    let shown = desk.done("device show neo-000001");
    assert_eq!(shown["device"]["officers"].as_array().unwrap().len(), 2);
    assert_eq!(shown["device"]["unit"], "commissariat de Lyon 3");
    desk.done(&format!("officer unbind {} neo-000001", officers[1]));
    desk.done(&format!("officer suspend {}", officers[1]));
    let suspended = desk.done(&format!("officer show {}", officers[1]));
    assert!(suspended["officer"]["suspended_since"].is_string());

    roll_out(&desk, &phones);

    // One terminal is lost: locked, wiped, revoked, and refused at the broker.
    let ports = Ports::from(three_free_ports()).unwrap();
    let broker = Mosquitto::start(&pki.mosquitto(ports).unwrap().configuration);
    assert!(connects(&desk, ports.control, &phones[1]) && connects(&desk, ports.control, &phones[2]));
    desk.done("command lock neo-000002");
    let located = desk.done("command locate neo-000002");
    assert_eq!(located["order"]["sequence"], 2);
    let (code, said) = desk.refused("command proof neo-000002 2 --out @proof");
    assert!(code == 3 && said.contains("has not stated"), "{said}");
    let (code, said) = desk.refused("command wipe neo-000002 --yes");
    assert!(code == 6 && said.contains("--confirm neo-000002"), "{said}");
    desk.done("command wipe neo-000002 --confirm neo-000002");
    let revoke = "cert revoke device:neo-000002 --reason key-compromise";
    let (code, said) = desk.refused(&format!("{revoke} --yes"));
    assert!(
        code == 6 && said.contains("PRODUCTION: essai") && said.contains("--confirm neo-000002"),
        "{said}"
    );
    desk.done(&format!("{revoke} --confirm neo-000002"));
    assert_eq!(desk.done("crl diff")["missing"].as_array().unwrap().len(), 1);
    let published = desk.done("crl publish");
    assert_eq!(
        (&published["crl"]["number"], &published["crl"]["revoked"]),
        (&2.into(), &1.into())
    );
    assert_eq!(desk.done("crl diff")["missing"].as_array().unwrap().len(), 0);
    drop(broker);
    let _broker = Mosquitto::start(&pki.mosquitto(ports).unwrap().configuration);
    assert!(!connects(&desk, ports.control, &phones[1]) && connects(&desk, ports.control, &phones[2]));
    let history = desk.done("device history neo-000002");
    let what: Vec<&str> = history["events"]
        .as_array()
        .unwrap()
        .iter()
        .map(|event| event["what"].as_str().unwrap())
        .collect();
    assert_eq!(what, ["certificate", "order", "order", "order", "revoked"]);
    let wiped: Vec<_> = desk.done("command status neo-000002")["orders"]
        .as_array()
        .unwrap()
        .iter()
        .map(|order| order["command"].clone())
        .collect();
    assert_eq!(wiped, ["lock", "locate", "wipe"]);
    the_fleet_is_wiped_by_two_others_alone(&desk);

    // The certificates, each question with its own answer.
    for (phone, code, status) in [(&phones[1], 8, "revoked"), (&phones[2], 0, "good")] {
        fs::write(desk.path("leaf.pem"), phone.certificate.to_pem()).unwrap();
        let (ended, verified) = desk.ended("cert verify @leaf.pem");
        let certificate = &verified["certificate"];
        assert_eq!(
            (ended, &certificate["status"], &certificate["trusted"]),
            (code, &status.into(), &"ok".into())
        );
    }
    let expiring = |days: u16| {
        desk.done(&format!("cert expiring --days {days}"))["certificates"]
            .as_array()
            .unwrap()
            .len()
    };
    assert_eq!((expiring(30), expiring(91)), (0, 199));
    let doctor = desk.done(&format!("doctor --broker mqtts://localhost:{}", ports.control));
    let findings: Vec<&str> = doctor["checks"]
        .as_array()
        .unwrap()
        .iter()
        .map(|check| check["finding"].as_str().unwrap())
        .collect();
    assert!(
        findings.len() > 10 && findings.iter().all(|finding| *finding == "ok"),
        "{doctor}"
    );
}

/// Three persons with keys under the root; one asks, two others approve.
fn the_fleet_is_wiped_by_two_others_alone(desk: &Desk) {
    for name in ["duval", "moreau", "petit"] {
        desk.done(&format!("approve key {name} --out @persons-{name}"));
        let signed = desk.done(&format!("ca sign --root @safe --csrs @persons-{name}"));
        assert_eq!(signed["ca"]["signed"][0], format!("approver.{name}"));
    }
    let by = |what: &str, request: u64, name: &str| {
        format!(
            "approve {what} {request} --key @persons-{name}/{name}.key --certificate @persons-{name}/{name}.pem"
        )
    };
    // A trial says what it would take, and changes nothing.
    let trial = desk.done("command wipe --all --dry-run");
    assert_eq!(
        (
            &trial["wipe"]["terminals"],
            &trial["wipe"]["approvals_needed"],
            &trial["wipe"]["confirm"]
        ),
        (&200.into(), &2.into(), &"essai".into())
    );
    assert!(
        desk.done("approve list")["requests"]
            .as_array()
            .unwrap()
            .is_empty()
    );
    // The name of the production, typed; and who asks.
    let (code, said) = desk.refused("command wipe neo-000003 neo-000004 --yes");
    assert!(code == 6 && said.contains("--confirm essai"), "{said}");
    let (code, said) = desk.refused("command wipe neo-000003 neo-000004 --confirm essai");
    assert!(code == 64 && said.contains("--requester"), "{said}");
    let ask = "command wipe neo-000003 neo-000004 --confirm essai --requester duval";
    let (code, asked) = desk.ended(ask);
    assert_eq!((code, &asked["request"]["request"]), (6, &1.into()));
    let orders = |device: &str| {
        let status = desk.done(&format!("command status {device}"));
        status["orders"].as_array().unwrap().len()
    };
    assert_eq!(orders("neo-000003"), 0, "nothing is given yet");
    // Not by who asked, not by one, not by one twice, not by another key.
    assert_eq!(desk.refused(&by("sign", 1, "duval")).0, 5);
    let (code, first) = desk.ended(&by("sign", 1, "moreau"));
    assert_eq!((code, &first["request"]["approvals_missing"]), (6, &1.into()));
    assert_eq!(desk.refused(&by("sign", 1, "moreau")).0, 4);
    let other = "approve sign 1 --key @pki/command.key --certificate @pki/command.pem";
    let (code, said) = desk.refused(other);
    assert!(code == 5 && said.contains("approves nothing"), "{said}");
    assert_eq!(orders("neo-000003"), 0);
    let given = desk.done(&by("sign", 1, "petit"));
    assert_eq!(given["request"]["state"], "given");
    assert_eq!((orders("neo-000003"), orders("neo-000004")), (1, 1));
    assert_eq!(desk.refused(&by("sign", 1, "petit")).0, 4);
    // A total wipe waits even for one terminal, and one person refuses it.
    let ask = "command wipe neo-000005 --mode total --requester chef";
    assert_eq!(desk.refused(&format!("{ask} --confirm essai")).0, 6);
    let (code, asked) = desk.ended(&format!("{ask} --confirm neo-000005"));
    assert_eq!((code, &asked["request"]["command"]), (6, &"wipe-all".into()));
    let denied = desk.done(&by("deny", 2, "duval"));
    assert_eq!(denied["request"]["denied_by"], "approver.duval");
    assert_eq!(desk.refused(&by("sign", 2, "moreau")).0, 4);
    assert_eq!(orders("neo-000005"), 0);
    assert_eq!(desk.refused("approve show 9").0, 3);
    let shown = desk.done("approve show 1");
    assert_eq!(shown["request"]["orders"].as_array().unwrap().len(), 2);
}

#[test]
fn a_batch_that_is_killed_goes_on_and_no_terminal_has_two_codes_that_count() {
    let desk = Desk::new("test");
    let mut text = format!("{}\n", hq::batch::HEADER);
    for number in 1..=400_u32 {
        let imei = trust::sha256(&number.to_be_bytes());
        text.push_str(&format!("neo-{number:06};{imei};brigade de Crest;reserve\n"));
    }
    fs::write(desk.path("lot.csv"), text).unwrap();
    desk.done("batch plan lot @lot.csv");
    let line = format!("batch resume lot --broker {BROKER} --out @sheets --codes --concurrency 1 --ndjson");
    let mut kills = 0;
    for sheets in 1..=4 {
        let mut child = Command::new(env!("CARGO_BIN_EXE_neoctl"))
            .args(desk.words(&line))
            .env("XDG_CONFIG_HOME", desk.path("config"))
            .stdout(std::process::Stdio::piped())
            .stderr(std::process::Stdio::null())
            .spawn()
            .unwrap();
        // Its first word comes after a sheet; the kill falls into the next one.
        let mut word = [0; 1];
        let said = std::io::Read::read(child.stdout.as_mut().unwrap(), &mut word).unwrap();
        child.kill().unwrap();
        child.wait().unwrap();
        kills += said;
        assert!(list(&desk.path("sheets"), "pdf").len() >= sheets);
    }
    assert_eq!(kills, 4);
    let (code, _) = desk.ended("batch status lot");
    assert_eq!(code, 7);
    let resumed = desk.done(&line.replace("--ndjson", ""));
    assert_eq!(resumed["batch"]["printed"], 400);
    let (mut store, pki) = (desk.store(), desk.pki());
    let codes = desk.codes("sheets");
    let enrolled = codes
        .iter()
        .filter(|ticket| enrol(&mut store, &pki, ticket).is_some())
        .count();
    assert_eq!(
        (codes.len(), enrolled),
        (400, 400),
        "a sheet that is whole counts"
    );
    assert_eq!(desk.done("batch status lot")["batch"]["enrolled"], 400);
    assert_eq!(store.begin().unwrap().certificates(None).unwrap().len(), 400);
    assert_eq!(desk.refused("batch cancel lot").0, 6);
    assert_eq!(desk.done("batch cancel lot --yes")["batch"]["cancelled"], 0);
    assert_eq!(desk.refused("batch status other").0, 3);
    assert_eq!(
        desk.refused(&format!("batch apply lot --broker {BROKER} --out @sheets"))
            .0,
        4
    );
}

#[test]
fn one_code_is_made_drawn_printed_used_and_withdrawn() {
    let desk = Desk::new("test");
    let created = desk.done(&format!("token create neo-000001 --broker {BROKER} --hours 2"));
    let code = created["token"]["code"].as_str().unwrap().to_owned();
    let window = desk.run_with("token qr -", code.as_bytes());
    assert_eq!(window.status.code(), Some(0), "{}", crate::error(&window));
    assert!(String::from_utf8(window.stdout).unwrap().lines().count() > 20);
    let sheet = desk.run_with("token sheet - --out @one.pdf", code.as_bytes());
    assert_eq!(sheet.status.code(), Some(0), "{}", crate::error(&sheet));
    assert!(fs::read(desk.path("one.pdf")).unwrap().starts_with(b"%PDF"));
    let again = desk.run_with("token sheet - --out @one.pdf", code.as_bytes());
    assert_eq!(again.status.code(), Some(4), "nothing is overwritten");
    let ticket = Ticket::parse(&code).unwrap();
    assert!(enrol(&mut desk.store(), &desk.pki(), &ticket).is_some());
    assert_eq!(desk.done("token list")["tokens"][0]["state"], "taken");
    assert_eq!(desk.refused("token revoke neo-000001 --yes").0, 3);
    desk.done(&format!("token create neo-000009 --broker {BROKER}"));
    assert_eq!(desk.refused("token revoke neo-000009").0, 6);
    desk.done("token revoke neo-000009 --yes");
    assert_eq!(desk.done("token list")["tokens"][1]["state"], "revoked");
    assert_eq!(desk.run_with("token qr -", b"neo1:x").status.code(), Some(1));

    // The terminal, until it is retired.
    assert_eq!(
        desk.done("device set-unit neo-000001 brigade_de_Crest")["device"]["unit"],
        "brigade de Crest"
    );
    assert_eq!(
        desk.done("device quarantine neo-000001")["device"]["standing"],
        "quarantined"
    );
    assert_eq!(desk.refused("device quarantine neo-000001").0, 4);
    assert_eq!(
        desk.done("device release neo-000001")["device"]["standing"],
        "in-service"
    );
    assert_eq!(desk.refused("device retire neo-000001").0, 6);
    assert_eq!(
        desk.done("device retire neo-000001 --yes")["device"]["standing"],
        "retired"
    );
    assert_eq!(desk.refused("device release neo-000001").0, 4);
    assert_eq!(desk.refused("device quarantine neo-000404").0, 3);
}
