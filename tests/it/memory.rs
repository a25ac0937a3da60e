//! What work and a lock leave in memory: neither the officer's code nor the key of their database.

use std::collections::BTreeMap;
use std::io::Write;
use std::process::{Command, Stdio};

use agent::clock::Clock;
use domain::Zone;
use simulator::enrol::{self, Layout, Way};
use simulator::patrol::scenario::{DEFAULT, Scenario};

use crate::programs::{ours, tell};

/// A code that is nowhere in the program.
fn drawn() -> String {
    let mut random = [0; 12];
    getrandom::fill(&mut random).unwrap();
    random.iter().map(|byte| char::from(b'0' + byte % 10)).collect()
}

#[test]
fn neither_code_nor_key_is_in_memory_once_the_terminal_is_locked() {
    let folder = tempfile::tempdir().unwrap();
    let layout = Layout::new(folder.path());
    let mut officer = Scenario::parse(DEFAULT).unwrap().officer;
    officer.code = drawn();
    let now = Clock::new(Zone::Paris).now();
    enrol::terminal(&layout, &layout.pki(), &officer, now, Way::Direct).unwrap();
    enrol::first_code(&layout, &officer.code, now).unwrap();
    let mut child = Command::new(ours("forgetter"))
        .arg(folder.path())
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut to = child.stdin.take().unwrap();
    to.write_all(officer.code.as_bytes()).unwrap();
    drop(to);
    let out = child.wait_with_output().unwrap();
    assert!(out.status.success());
    let said = String::from_utf8(out.stdout).unwrap();
    let looks: Vec<(&str, BTreeMap<&str, usize>)> = said.lines().map(look).collect();
    let turns: Vec<&str> = looks.iter().map(|(when, _)| *when).collect();
    assert_eq!(turns, ["held", "open", "order", "open", "card"], "{said}");
    tell("locks and copies left in memory", &said);
    for (when, counts) in looks {
        assert_eq!(counts["code"], 1, "{said}: only the tester's own copy");
        if when == "held" {
            assert!(counts["hex"] > 0 && counts["key"] > 0, "{said}");
        } else {
            // SQLCipher keeps the key of an open database under a mask of its own.
            assert_eq!((counts["hex"], counts["key"]), (0, 0), "{said}");
        }
    }
}

fn look(line: &str) -> (&str, BTreeMap<&str, usize>) {
    let mut words = line.split(' ');
    let when = words.next().unwrap();
    let counts = words.skip(1).map(|word| {
        let (name, count) = word.split_once('=').unwrap();
        (name, count.parse().unwrap())
    });
    (when, counts.collect())
}
