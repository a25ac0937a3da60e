//! Contexts: a headquarters by name, and production that is never mistaken for a test.

use std::path::Path;
use std::process::Output;

use crate::headquarters::enrol;
use crate::{error, json, neoctl_of};

/// Somebody with two headquarters, `essai` and `reel`.
struct Desk(tempfile::TempDir);

impl Desk {
    fn new() -> Self {
        let desk = Self(tempfile::tempdir().unwrap());
        for (name, kind) in [("essai", "test"), ("reel", "production")] {
            enrol(&desk.0.path().join(name));
            let (hq, pki) = (desk.path(name, "hq"), desk.path(name, "pki"));
            let added = desk.run(&[
                "context", "add", name, "--dir", &hq, "--pki", &pki, "--kind", kind,
            ]);
            assert_eq!(added.status.code(), Some(0), "{}", error(&added));
        }
        desk
    }

    fn path(&self, name: &str, folder: &str) -> String {
        self.0.path().join(name).join(folder).to_str().unwrap().to_owned()
    }

    fn run(&self, arguments: &[&str]) -> Output {
        neoctl_of(&self.0.path().join("config"), arguments, b"")
    }
}

#[test]
fn a_context_stands_for_its_folders() {
    let desk = Desk::new();
    let given = desk.run(&["command", "lock", "neo-000001", "--json"]);
    assert_eq!(given.status.code(), Some(0), "{}", error(&given));
    assert_eq!(error(&given), "test: essai\n");
    let other = desk.run(&["command", "status", "neo-000001", "--json", "--context", "reel"]);
    assert_eq!(json(&other)["orders"].as_array().unwrap().len(), 0);
    let same = desk.run(&["command", "status", "neo-000001", "--json", "--quiet"]);
    assert_eq!(
        (json(&same)["orders"].as_array().unwrap().len(), error(&same)),
        (1, "")
    );
}

#[test]
fn production_is_named_in_red_and_so_is_its_folder_without_a_context() {
    let desk = Desk::new();
    let chosen = desk.run(&["context", "use", "reel"]);
    assert_eq!(chosen.status.code(), Some(0), "{}", error(&chosen));
    let counted = desk.run(&["fleet", "summary", "--color", "always"]);
    assert_eq!(error(&counted), "\x1b[1;31mPRODUCTION: reel\x1b[0m\n");
    let plain = desk.run(&["fleet", "summary"]);
    assert_eq!(error(&plain), "PRODUCTION: reel\n");
    let folder = desk.path("reel", "hq");
    let by_folder = desk.run(&["fleet", "summary", "--context", "essai", "--dir", &folder]);
    assert_eq!(error(&by_folder), "PRODUCTION: reel\n");
}

#[test]
fn contexts_are_listed_shown_chosen_and_forgotten() {
    let desk = Desk::new();
    let lines = desk.run(&["context", "list", "--ndjson"]).stdout;
    let lines: Vec<serde_json::Value> = lines
        .split(|byte| *byte == b'\n')
        .filter(|line| !line.is_empty())
        .map(|line| serde_json::from_slice(line).unwrap())
        .collect();
    assert_eq!(lines.len(), 2);
    assert_eq!(
        (&lines[0]["context"]["name"], &lines[0]["context"]["current"]),
        (&"essai".into(), &true.into())
    );
    assert_eq!(
        (&lines[1]["schema_version"], &lines[1]["context"]["kind"]),
        (&1.into(), &"production".into())
    );
    let again = desk.run(&["context", "add", "essai", "--dir", "x", "--kind", "test"]);
    assert_eq!(again.status.code(), Some(4));
    assert_eq!(desk.run(&["context", "rm", "essai"]).status.code(), Some(0));
    assert_eq!(desk.run(&["context", "show"]).status.code(), Some(3));
    assert_eq!(desk.run(&["context", "use", "essai"]).status.code(), Some(3));
    assert_eq!(desk.run(&["fleet", "summary"]).status.code(), Some(64));
    let shown = desk.run(&["context", "show", "reel", "--json"]);
    assert_eq!(json(&shown)["context"]["dir"], desk.path("reel", "hq"));
}

#[test]
fn a_trial_of_what_has_none_is_refused_and_changes_nothing() {
    let desk = Desk::new();
    let trial = desk.run(&["command", "lock", "neo-000001", "--dry-run"]);
    assert_eq!(trial.status.code(), Some(64));
    let orders = json(&desk.run(&["command", "status", "neo-000001", "--json"]));
    assert_eq!(orders["orders"].as_array().unwrap().len(), 0);
}

#[test]
fn a_file_that_holds_no_contexts_is_named_and_left() {
    let dir = tempfile::tempdir().unwrap();
    let file = dir.path().join("neoctl/contexts.toml");
    std::fs::create_dir_all(file.parent().unwrap()).unwrap();
    std::fs::write(&file, "current = 3").unwrap();
    let refused = neoctl_of(dir.path(), &["context", "list"], b"");
    assert_eq!(refused.status.code(), Some(1));
    assert!(error(&refused).contains("contexts.toml"), "{}", error(&refused));
    assert_eq!(std::fs::read_to_string(&file).unwrap(), "current = 3");
    assert!(!Path::new("/nowhere").exists());
}
