//! Ends of a terminal's process in good order, whatever a worker is in the middle of.

use std::io::Read;
use std::process::{Command, Stdio};
use std::sync::mpsc::channel;
use std::time::Duration;

use domain::draft::Field;
use domain::record::ActKind;
use simulator::enrol::by_code;
use simulator::pipe::{self, ToTerminal};
use simulator::world::{Action, Said};
use tests::acts::act_id;
use tests::dice::Dice;
use tests::watched::Watched;

use crate::programs::{kills, ours};

/// Large enough that reading the whole database takes longer than the end of a process.
const DRAFTS: u8 = 12;
/// Milliseconds after the code was given within which the terminal is ended.
const UNLOCKING: u64 = 400;

/// The libraries clean up behind themselves when a process exits: whoever still reads a page then finds it unreadable,
/// and would set a sound database aside.
#[test]
fn a_terminal_that_is_ended_while_it_unlocks_keeps_its_database() {
    let mut watched = Watched::on_duty(1_130);
    for n in 1..=DRAFTS {
        let (draft, text) = (act_id(n), "Constatons. ".repeat(80_000));
        watched.play([
            Action::Intent(Said::StartDraft {
                id: draft,
                kind: ActKind::Pv,
            }),
            Action::Intent(Said::Fill {
                draft,
                field: Field::Account,
                text,
            }),
        ]);
    }
    watched.act(Action::Kill);
    let layout = watched.world.layout();
    let code = watched.world.scenario().officer.code.clone();
    let mut dice = Dice::new(1_130);
    for _ in 0..kills(16) {
        let mut child = Command::new(ours("neo-sim"))
            .arg("terminal")
            .arg("--dir")
            .arg(layout.terminal())
            .arg("--card")
            .arg(layout.card())
            .args(["--broker-port", "1", "--bulk-port", "1", "--bootstrap-port", "1"])
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let mut to = child.stdin.take().unwrap();
        let mut from = child.stdout.take().unwrap();
        from.read_exact(&mut [0]).unwrap();
        for intent in by_code(&code) {
            pipe::write(&mut to, &ToTerminal::Intent(intent)).unwrap();
        }
        let (sender, over) = channel();
        let reader = std::thread::spawn(move || {
            let _ = std::io::copy(&mut from, &mut std::io::sink());
            let _ = sender.send(());
        });
        let ended = over.recv_timeout(Duration::from_millis(dice.below(UNLOCKING)));
        assert!(ended.is_err(), "the terminal ended by itself");
        drop(to);
        assert!(child.wait().unwrap().success());
        reader.join().unwrap();
        let set_aside = std::fs::read_dir(layout.terminal())
            .unwrap()
            .map(|entry| entry.unwrap().file_name().into_string().unwrap())
            .find(|name| name.contains(".damaged-"));
        assert_eq!(set_aside, None);
    }
}
