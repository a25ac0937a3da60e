//! `reference` on the ministry's list: what is read of it, what is published, and what a fault leaves as it was.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Output;

use domain::DeviceId;
use domain::enrolment::KeyProtection;
use hq::pki::DeviceRequest;
use hq::{Pki, Registry};
use serde_json::{Value, json};
use tempfile::TempDir;
use trust::keys::{KeyKind, SigningKey};
use trust::seal::Identity;

use crate::official_list::{Charset, UNKNOWN, official_list};
use crate::{error, json as answer, neoctl};

/// As many rows as the ministry publishes.
const ROWS: usize = 17_000;

/// A headquarters of today, with a list in its folder.
pub(crate) struct Desk {
    dir: TempDir,
}

impl Desk {
    pub(crate) fn new(list: &[u8]) -> Self {
        let dir = tempfile::tempdir().unwrap();
        let now = hq::serve::wall_clock();
        let pki = Pki::create(&dir.path().join("pki"), now).unwrap();
        let request = DeviceRequest {
            device: DeviceId::parse("neo-000001").unwrap(),
            model: "banc d'essai".to_owned(),
            spki: SigningKey::generate(KeyKind::P256).public().spki_der(),
            recipient: *Identity::generate().recipient().as_bytes(),
            protection: KeyProtection::File,
        };
        let mut registry = Registry::open(pki, &dir.path().join("hq")).unwrap();
        registry.enrol_device(&request, now).unwrap();
        fs::write(dir.path().join("list.csv"), list).unwrap();
        Self { dir }
    }

    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.dir.path().join(name)
    }

    /// `neoctl --json reference …`, where `@name` is a path in the desk's folder.
    pub(crate) fn run(&self, arguments: &[&str]) -> Output {
        let arguments: Vec<String> = ["--json", "reference"]
            .into_iter()
            .chain(arguments.iter().copied())
            .map(|argument| match argument.strip_prefix('@') {
                Some(name) => self.path(name).display().to_string(),
                None => argument.to_owned(),
            })
            .collect();
        neoctl(&arguments, b"")
    }

    pub(crate) fn import(&self, more: &[&str]) -> Output {
        let mut arguments = vec!["import", "@list.csv", "--dir", "@hq", "--pki", "@pki"];
        arguments.extend(more);
        self.run(&arguments)
    }

    pub(crate) fn listed(&self) -> Vec<Value> {
        let listed = self.run(&["list", "--dir", "@hq"]);
        assert_eq!(listed.status.code(), Some(0), "{}", error(&listed));
        answer(&listed)["references"].as_array().unwrap().clone()
    }
}

#[test]
fn the_whole_list_is_imported_and_published_in_either_charset() {
    for (charset, name) in [(Charset::Windows1252, "natinf-w"), (Charset::Latin1, "natinf-l")] {
        let desk = Desk::new(&official_list(ROWS, charset));
        let imported = desk.import(&["--name", name, "--issued", "2026-11-21"]);
        assert_eq!(imported.status.code(), Some(0), "{}", error(&imported));
        let rows = &answer(&imported)["reference"];
        assert_eq!(
            (
                &rows["version"],
                &rows["issued"],
                &rows["read"],
                &rows["published"]
            ),
            (&json!(name), &json!("2026-11-21"), &json!(ROWS), &json!(true))
        );
        let known = ROWS as u64 - rows["unchecked"].as_u64().unwrap();
        assert!(
            (100..200).contains(&known),
            "{known} rows are of the compiled-in set"
        );
        assert!(rows["packed_bytes"].as_u64().unwrap() > 100_000);
        let [line] = desk.listed().try_into().unwrap();
        assert_eq!(
            (&line["version"], &line["offences"]),
            (&rows["version"], &rows["offences"])
        );
        let shown = desk.run(&["show", "--dir", "@hq"]);
        assert_eq!(answer(&shown)["reference"]["serial"], rows["serial"]);
        assert!(answer(&shown)["reference"]["scales"].as_u64().unwrap() > 0);
    }
}

#[test]
fn a_trial_says_the_same_and_neither_signs_nor_publishes() {
    let desk = Desk::new(&official_list(500, Charset::Windows1252));
    let trial = desk.run(&["import", "@list.csv", "--dir", "@hq", "--dry-run"]);
    assert_eq!(trial.status.code(), Some(0), "{}", error(&trial));
    let trial = answer(&trial)["reference"].clone();
    assert_eq!(
        (&trial["read"], &trial["published"]),
        (&json!(500), &json!(false))
    );
    assert!(desk.listed().is_empty());
    let alone = desk.run(&["import", "@list.csv", "--dry-run"]);
    assert_eq!(answer(&alone)["reference"]["read"], 500);
    let imported = answer(&desk.import(&[]))["reference"].clone();
    for name in ["read", "unchecked", "changed", "offences"] {
        assert_eq!(imported[name], trial[name], "{name}");
    }
}

#[test]
fn a_list_with_a_fault_names_its_line_and_publishes_nothing() {
    let good = official_list(300, Charset::Windows1252);
    let line = |number: usize, text: &str| {
        let mut lines: Vec<Vec<u8>> = good.split(|byte| *byte == b'\n').map(<[u8]>::to_vec).collect();
        lines[number - 1] = text.bytes().collect();
        lines.join(&b'\n')
    };
    for (list, said) in [
        (
            line(1, "Code;Nature\r"),
            "line 1: the first line is not the official header",
        ),
        (
            line(120, "x;Crime;a;b;c\r"),
            "line 120: the first field is not a natinf code",
        ),
        (
            line(121, "99999;Faute;a;b;c\r"),
            "line 121: the nature is none that is known",
        ),
        (
            line(122, "99999;Crime;a;b\r"),
            "line 122: a row has not five fields",
        ),
        (line(123, "99999;Crime;\"a;b;c\r"), "a quote is not closed"),
        (line(124, "99999;Crime; ;b;c\r"), "line 124: the label is empty"),
        (line(299, "11;Crime;a;b;c\r"), "line 299: the code is there twice"),
        ([&good[..], b"\x81"].concat(), "a byte is a character neither"),
        (b"PK\x03\x04".to_vec(), "line 1"),
        (Vec::new(), "line 1"),
    ] {
        let desk = Desk::new(&list);
        let refused = desk.import(&[]);
        assert_eq!(refused.status.code(), Some(1), "{said}");
        assert!(
            refused.stdout.is_empty() && error(&refused).contains(said),
            "{said}: {}",
            error(&refused)
        );
        assert!(desk.listed().is_empty(), "{said}");
    }
}

#[test]
fn each_set_builds_on_the_one_before_and_a_name_is_used_once() {
    let desk = Desk::new(&official_list(400, Charset::Windows1252));
    assert_eq!(desk.import(&["--name", "natinf-1"]).status.code(), Some(0));
    // The next list has less; what it leaves out stays.
    fs::write(desk.path("list.csv"), official_list(100, Charset::Windows1252)).unwrap();
    let again = desk.import(&["--name", "natinf-1"]);
    assert_eq!(again.status.code(), Some(4));
    assert!(error(&again).contains("choose another name"), "{}", error(&again));
    let second = desk.import(&["--name", "natinf-2"]);
    assert_eq!(second.status.code(), Some(0), "{}", error(&second));
    assert_eq!(answer(&second)["reference"]["unchecked"], 0);
    let listed = desk.listed();
    assert_eq!(listed.len(), 2);
    assert_eq!(listed[0]["offences"], listed[1]["offences"]);
    assert!(listed[0]["serial"].as_u64() < listed[1]["serial"].as_u64());
    let unknown = desk.run(&["show", "natinf-3", "--dir", "@hq"]);
    assert_eq!(unknown.status.code(), Some(3));
    let older = desk.run(&["show", "natinf-1", "--dir", "@hq"]);
    assert_eq!(answer(&older)["reference"]["version"], "natinf-1");
}

#[test]
fn a_code_whose_nature_changed_is_named_and_has_no_forfait_until_somebody_checks() {
    let list = official_list(200, Charset::Latin1);
    let text: String = list.iter().map(|byte| char::from(*byte)).collect();
    let changed = text.replacen("23800;Contravention de classe 4;", "23800;D\u{e9}lit;", 1);
    let desk = Desk::new(&changed.chars().map(|c| c as u8).collect::<Vec<u8>>());
    let imported = desk.import(&[]);
    assert_eq!(answer(&imported)["reference"]["changed"], json!([23_800]));
    assert!(text.contains(&format!("{UNKNOWN};")));
}

#[test]
fn a_set_signed_elsewhere_is_published_from_its_file_once_and_not_by_a_stranger() {
    let desk = Desk::new(&official_list(300, Charset::Windows1252));
    let signed = desk.run(&["import", "@list.csv", "--pki", "@pki", "--out", "@set.neoref"]);
    assert_eq!(signed.status.code(), Some(0), "{}", error(&signed));
    assert_eq!(answer(&signed)["reference"]["published"], false);
    assert!(desk.listed().is_empty());
    let over = desk.run(&["import", "@list.csv", "--pki", "@pki", "--out", "@set.neoref"]);
    assert_eq!(over.status.code(), Some(4), "a file is never overwritten");
    let publish = |file: &str| desk.run(&["publish", file, "--dir", "@hq", "--pki", "@pki"]);
    let mut bytes = fs::read(desk.path("set.neoref")).unwrap();
    let middle = bytes.len() / 2;
    bytes[middle] ^= 1;
    fs::write(desk.path("flipped.neoref"), &bytes).unwrap();
    assert_eq!(publish("@flipped.neoref").status.code(), Some(8));
    let stranger = Desk::new(b"");
    fs::copy(stranger.path("pki/reference.pem"), desk.path("pki/reference.pem")).unwrap();
    fs::copy(stranger.path("pki/reference.key"), desk.path("pki/reference.key")).unwrap();
    let foreign = desk.import(&[]);
    assert_eq!(foreign.status.code(), Some(8), "{}", error(&foreign));
    assert!(desk.listed().is_empty());
    assert_eq!(publish("@set.neoref").status.code(), Some(0));
    assert_eq!(publish("@set.neoref").status.code(), Some(4));
    assert_eq!(desk.listed().len(), 1);
    assert_eq!(publish("@list.csv").status.code(), Some(1));
}

#[test]
fn nothing_is_made_where_there_is_no_store_no_key_or_no_list() {
    let desk = Desk::new(&official_list(100, Charset::Windows1252));
    let missing = |arguments: &[&str]| {
        let output = desk.run(arguments);
        assert!(output.stdout.is_empty());
        output.status.code()
    };
    assert_eq!(missing(&["list", "--dir", "@nowhere"]), Some(3));
    assert!(!Path::new(&desk.path("nowhere")).exists());
    assert_eq!(
        missing(&["show", "--dir", "@hq"]),
        Some(3),
        "nothing is published yet"
    );
    assert_eq!(
        missing(&["import", "@no.csv", "--dir", "@hq", "--pki", "@pki"]),
        Some(3)
    );
    fs::remove_file(desk.path("pki/reference.key")).unwrap();
    assert_eq!(
        missing(&["import", "@list.csv", "--dir", "@hq", "--pki", "@pki"]),
        Some(3)
    );
    assert_eq!(missing(&["import", "@list.csv"]), Some(64));
    assert_eq!(missing(&["import", "@list.csv", "--dir", "@hq"]), Some(64));
}

/// An edition of two rows, the second of which says `grounds`.
fn bases(edition: &str, issued: &str, grounds: &str) -> String {
    let row = |code: &str, grounds: &str| {
        format!(
            "{code}\t-\t-\topj apj\tapj\t{grounds}\t-\t-\tunverified\tTitre\tarticle 78-2\tmotif\tlimites\n"
        )
    };
    [
        format!("# essai\nedition\t{edition}\nissued\t{issued}\n"),
        row("CI-2", "facts 10"),
        row("CI-8", grounds),
    ]
    .concat()
}

#[test]
fn an_edition_of_the_legal_bases_is_published_once_and_a_fault_names_its_line() {
    let desk = Desk::new(b"");
    let run = |text: &str, trial: bool| {
        fs::write(desk.path("bases.tsv"), text).unwrap();
        let words = [
            "bases",
            "@bases.tsv",
            "--dir",
            "@hq",
            "--pki",
            "@pki",
            "--dry-run",
        ];
        desk.run(&words[..if trial { 7 } else { 6 }])
    };
    let sound = bases("essai-1", "2026-12-01", "circumstances 30");
    let trial = run(&sound, true);
    assert_eq!(trial.status.code(), Some(0), "{}", error(&trial));
    let told = &answer(&trial)["bases"];
    assert_eq!(
        (&told["published"], &told["bases"], &told["unverified"]),
        (&json!(false), &json!(2), &json!(2))
    );
    let out = run(&sound, false);
    assert_eq!(out.status.code(), Some(0), "{}", error(&out));
    assert_eq!(answer(&out)["bases"]["published"], true);
    for (text, code, said) in [
        (
            bases("essai-2", "2026-12-01", "beaucoup"),
            1,
            "line 5: `beaucoup`",
        ),
        (
            bases("essai-1", "2026-12-02", "facts 10"),
            4,
            "choose another name",
        ),
        (bases("essai-2", "2026-11-30", "facts 10"), 4, "issued before"),
    ] {
        let refused = run(&text, false);
        assert!(
            refused.stdout.is_empty() && error(&refused).contains(said),
            "{}",
            error(&refused)
        );
        assert_eq!(refused.status.code(), Some(code), "{said}");
    }
}
