//! Exit codes, languages and JSON of `neo-verify`, on folders and files as they lie on a disk.

use std::fs;
use std::os::unix::fs::symlink;
use std::path::Path;
use std::process::{Command, Output};

use serde_json::Value;

use crate::Desk;
use crate::fixture::{Changes, DAY, NONE, NOON, World, document, video, with_new_sums};

fn run(path: &Path, root: &Path, more: &[&str]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_neo-verify"));
    command
        .arg(path)
        .arg("--anchors")
        .arg(root)
        .args(more)
        .output()
        .unwrap()
}

fn code(desk: &Desk) -> i32 {
    run(&desk.evidence(), &desk.root(), &[]).status.code().unwrap()
}

fn text(output: &Output) -> &str {
    std::str::from_utf8(&output.stdout).unwrap()
}

#[test]
fn good_folders_of_every_kind_exit_0() {
    let world = World::new();
    let root = world.root.to_pem();
    let clips = [world.clip(&NONE, false), world.clip(&NONE, true)];
    for files in [world.act(&NONE), world.segment(1)].iter().chain(&clips) {
        assert_eq!(code(&Desk::new(&root, files)), 0);
    }
}

#[test]
fn tampered_exits_1_incomplete_2_untrusted_3_unreadable_4() {
    let world = World::new();
    let root = world.root.to_pem();
    let good = world.act(&NONE);

    let desk = Desk::new(&root, &good);
    let mut record = good["record.cbor"].clone();
    record[20] ^= 1;
    desk.write("record.cbor", &record);
    assert_eq!(code(&desk), 1);

    let desk = Desk::new(&root, &good);
    desk.write("extra.txt", b"");
    assert_eq!(code(&desk), 2);

    let desk = Desk::new(&root, &good);
    fs::remove_file(desk.evidence().join("receipt.cose")).unwrap();
    assert_eq!(code(&desk), 2);

    assert_eq!(code(&Desk::new(&World::new().root.to_pem(), &good)), 3);
    let expired = Changes {
        record: |record| record.signed_at.utc.0 = NOON + 91 * DAY,
        ..NONE
    };
    let expired = Changes {
        receipt: |receipt| receipt.at.0 = NOON + 91 * DAY,
        ..expired
    };
    assert_eq!(code(&Desk::new(&root, &world.act(&expired))), 3);

    let desk = Desk::new(&root, &good);
    desk.write("envelope.cose", &good["envelope.cose"][..300]);
    assert_eq!(code(&desk), 4);
    assert_eq!(
        run(&desk.beside("nowhere"), &desk.root(), &[]).status.code(),
        Some(4)
    );
}

#[test]
fn a_forger_who_makes_the_sums_anew_gains_nothing() {
    let world = World::new();
    let mut files = world.clip(&NONE, false);
    files.get_mut("clip.mp4").unwrap()[250] ^= 1;
    assert_eq!(code(&Desk::new(&world.root.to_pem(), &with_new_sums(files))), 1);
}

#[test]
fn a_film_longer_than_memory_may_hold_is_read_and_judged() {
    /// Bytes behind the film's own, which no block of a disk holds.
    const HOLE: u64 = 5 << 29;
    let world = World::new();
    let desk = Desk::new(&world.root.to_pem(), &world.clip(&NONE, false));
    let film = fs::File::options()
        .write(true)
        .open(desk.evidence().join("clip.mp4"))
        .unwrap();
    film.set_len(film.metadata().unwrap().len() + HOLE).unwrap();
    let output = run(&desk.evidence(), &desk.root(), &["--json"]);
    assert_eq!(output.status.code(), Some(1), "{}", text(&output));
    let report: Value = serde_json::from_str(text(&output)).unwrap();
    assert_eq!(report["claims"]["segments"], ".".repeat(3));
}

#[test]
fn links_folders_and_odd_entries_are_never_followed_and_are_one_too_many() {
    let world = World::new();
    let root = world.root.to_pem();
    let good = world.act(&NONE);
    let spoil: [fn(&Desk); 4] = [
        |desk| symlink("record.cose", desk.evidence().join("copy.cose")).unwrap(),
        |desk| fs::create_dir(desk.evidence().join("seg")).unwrap(),
        |desk| fs::create_dir(desk.evidence().join("more")).unwrap(),
        |desk| desk.write("more/record.cose", b"x"),
    ];
    for spoil in spoil {
        let desk = Desk::new(&root, &good);
        spoil(&desk);
        assert_eq!(code(&desk), 2);
    }
    let desk = Desk::new(&root, &good);
    fs::rename(desk.evidence().join("record.cose"), desk.beside("record.cose")).unwrap();
    symlink(desk.beside("record.cose"), desk.evidence().join("record.cose")).unwrap();
    assert_eq!(code(&desk), 4);
}

#[test]
fn files_by_themselves_are_checked_or_have_nothing_to_check() {
    let world = World::new();
    let desk = Desk::new(&world.root.to_pem(), &world.act(&NONE));
    let cut = &video()[..100];
    let table = [
        (world.signed_document(), 0),
        (document(), 2),
        (video(), 2),
        (cut.to_vec(), 4),
        (vec![1, 2, 3], 4),
    ];
    for (bytes, expected) in table {
        fs::write(desk.beside("file"), bytes).unwrap();
        assert_eq!(
            run(&desk.beside("file"), &desk.root(), &[]).status.code(),
            Some(expected)
        );
    }
}

#[test]
fn cameras_may_have_roots_of_their_own() {
    let world = World::with_foreign_camera();
    let desk = Desk::new(&world.root.to_pem(), &world.clip(&NONE, false));
    fs::write(desk.beside("cameras.pem"), world.camera_root.to_pem()).unwrap();
    let cameras = desk.beside("cameras.pem");
    let more = ["--camera-anchors", cameras.to_str().unwrap()];
    assert_eq!(run(&desk.evidence(), &desk.root(), &more).status.code(), Some(0));
    assert_eq!(code(&desk), 3);
}

#[test]
fn a_wrong_command_line_exits_64_and_help_0() {
    let world = World::new();
    let desk = Desk::new(&world.root.to_pem(), &world.act(&NONE));
    let program = || Command::new(env!("CARGO_BIN_EXE_neo-verify"));
    assert_eq!(program().output().unwrap().status.code(), Some(64));
    assert_eq!(
        program().arg(desk.evidence()).output().unwrap().status.code(),
        Some(64)
    );
    assert_eq!(program().arg("--help").output().unwrap().status.code(), Some(0));
    assert_eq!(
        run(&desk.evidence(), &desk.root(), &["--lang", "de"])
            .status
            .code(),
        Some(64)
    );
    assert_eq!(
        run(&desk.evidence(), &desk.beside("no.pem"), &[]).status.code(),
        Some(64)
    );
    fs::write(desk.beside("no.pem"), "not a certificate").unwrap();
    assert_eq!(
        run(&desk.evidence(), &desk.beside("no.pem"), &[]).status.code(),
        Some(64)
    );
}

#[test]
fn people_read_french_unless_they_ask_for_english() {
    let world = World::new();
    let mut files = world.clip(&NONE, true);
    files.remove("seg/00000001.bin");
    let desk = Desk::new(&world.root.to_pem(), &files);
    let french = run(&desk.evidence(), &desk.root(), &[]);
    for words in [
        "Dossier d'enregistrement vidéo",
        "`seg/00000001.bin` manque",
        ".M.",
        "INCOMPLET",
        "(2)",
    ] {
        assert!(text(&french).contains(words), "{words}:\n{}", text(&french));
    }
    let english = run(&desk.evidence(), &desk.root(), &["--lang", "en"]);
    for words in ["Folder of a clip", "`seg/00000001.bin` is missing", "INCOMPLETE"] {
        assert!(text(&english).contains(words), "{words}:\n{}", text(&english));
    }
}

#[test]
fn programs_read_json_with_every_verdict_apart() {
    let world = World::new();
    let desk = Desk::new(&world.root.to_pem(), &world.clip(&NONE, false));
    let good: Value = serde_json::from_str(text(&run(&desk.evidence(), &desk.root(), &["--json"]))).unwrap();
    assert_eq!(good["schema_version"], 1);
    assert_eq!(
        (&good["subject"], &good["outcome"], &good["exit_code"]),
        (&"clip".into(), &"ok".into(), &0.into())
    );
    assert_eq!(good["checks"].as_array().unwrap().len(), 14);
    assert!(
        good["checks"]
            .as_array()
            .unwrap()
            .iter()
            .all(|check| check["verdict"] == "ok")
    );
    assert_eq!(good["claims"]["record"]["signed_at"], "2026-11-21T12:00:00Z");
    assert_eq!(good["claims"]["footage"]["bytes"], video().len());
    assert_eq!(good["claims"]["segments"], "...");
    assert!(
        good["not_checked"]
            .as_array()
            .unwrap()
            .contains(&"revocation".into())
    );

    desk.write("clip.mp4", b"");
    let bad: Value = serde_json::from_str(text(&run(&desk.evidence(), &desk.root(), &["--json"]))).unwrap();
    assert_eq!(
        (&bad["outcome"], &bad["exit_code"]),
        (&"tampered".into(), &1.into())
    );
    let checks = bad["checks"].as_array().unwrap();
    let footage = checks
        .iter()
        .find(|check| check["question"] == "footage")
        .unwrap();
    assert_eq!(footage["faults"][0]["code"], "footage_changed");
    let video = checks.iter().find(|check| check["question"] == "video").unwrap();
    assert_eq!(video["verdict"], "not_checked");
}

#[test]
fn what_was_said_of_a_recording_is_followed_and_counted() {
    use domain::footage::custody::{Category, Said};
    let world = World::new();
    let said = [Said::Category(Category::Check), Said::Bookmark(65)];
    let desk = Desk::new(&world.root.to_pem(), &world.clip_with(&said, |_| {}));
    let french = run(&desk.evidence(), &desk.root(), &[]);
    assert_eq!(french.status.code(), Some(0), "{}", text(&french));
    for words in [
        "mentions sur l'enregistrement : 2",
        "suite des mentions portées sur l'enregistrement",
        "si d'autres mentions ont suivi la dernière jointe",
    ] {
        assert!(text(&french).contains(words), "{words}:\n{}", text(&french));
    }
    let json: Value = serde_json::from_str(text(&run(&desk.evidence(), &desk.root(), &["--json"]))).unwrap();
    assert_eq!(json["claims"]["custody"], 2);
}

#[test]
fn t17_what_a_camera_lost_is_said_in_french_and_as_data() {
    let world = World::new();
    let events = evidence::log::join(&world.events());
    let (files, _) = world.clip_carrying(&NONE, false, Some(&events));
    let desk = Desk::new(&world.root.to_pem(), &files);
    let french = run(&desk.evidence(), &desk.root(), &[]);
    assert_eq!(french.status.code(), Some(0), "{}", text(&french));
    assert!(
        text(&french).contains("[1] rien d'enregistré : 21/11/2026 12:58:00 UTC+01:00 – 21/11/2026 12:59:00 UTC+01:00 (batterie vide)"),
        "{}",
        text(&french)
    );
    assert!(text(&french).contains("attribuée 21/11/2026 13:00:00 UTC+01:00 : RIO 1234567"));
    let json = run(&desk.evidence(), &desk.root(), &["--json"]);
    let report: Value = serde_json::from_slice(&json.stdout).unwrap();
    let told = &report["claims"]["events"];
    assert_eq!(told[0]["kind"], "gap");
    assert_eq!(told[0]["cause"], "battery_empty");
    assert_eq!(told[0]["from"], "2026-11-21T11:58:00Z");
    assert_eq!(told[1]["to"], "RIO 1234567");
}
