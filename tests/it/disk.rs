//! A disk that is really full: nothing signed is lost, the officer is told, and work goes on when there is room.

use std::io::{BufRead, BufReader, Write};
use std::path::Path;
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};

use domain::delivery::Delivery;
use domain::dialogue::{ClipState, Intent, Notice};
use domain::draft::Field;
use domain::record::ActKind;
use domain::{ActId, Digest};
use simulator::patrol::brought::content;
use simulator::patrol::scenario::{BroughtFile, FileKindName};
use simulator::patrol::{Board, Handset};
use tests::acts::{self, act_id};

use crate::street::{Street, clip_state};

/// Mounts a small disk over the terminal's folder, then fills and frees it as it is told.
const SMALL_DISK: &str = r#"
    cp -a "$0" "$0.before" && mount -t tmpfs -o size=6m none "$0" && cp -a "$0.before/." "$0" || exit 1
    echo ready
    while read -r word _; do
        case $word in
            fill) cat /dev/zero > "$0/ballast" 2> /dev/null ;;
            free) rm "$0/ballast" ;;
        esac
        echo "$word"
    done"#;

/// Where nobody may mount, the kernel refuses to let files grow instead: the same failure under another name.
const SHORT_FILES: &str = r#"
    echo ready
    while read -r word pid; do
        case $word in
            fill) prlimit --pid "$pid" --fsize=1: ;;
            free) prlimit --pid "$pid" --fsize=unlimited: ;;
        esac
        echo "$word"
    done"#;

/// The terminal's disk.
struct Disk {
    keeper: Child,
    words: ChildStdin,
    answers: BufReader<ChildStdout>,
    /// How a program comes to see it.
    way_in: Vec<String>,
    /// A file system of its own, which stays full whoever writes to it.
    is_small: bool,
}

impl Disk {
    /// A small disk with what is in `folder`, seen by whoever is started with [`Disk::handset`].
    fn under(folder: &Path) -> Self {
        let own_mounts: [&[&str]; 2] = [&["--mount"], &["--user", "--map-root-user", "--mount"]];
        for flags in own_mounts {
            let mut unshare = Command::new("unshare");
            unshare.args(flags).args(["sh", "-c", SMALL_DISK]).arg(folder);
            let Some(mut disk) = Self::start(unshare) else {
                continue;
            };
            disk.is_small = true;
            let target = disk.keeper.id().to_string();
            disk.way_in = ["nsenter", "--target", &target].map(str::to_owned).to_vec();
            disk.way_in.extend(
                flags
                    .iter()
                    .filter(|flag| **flag != "--map-root-user")
                    .map(|flag| (*flag).to_owned()),
            );
            if flags.contains(&"--user") {
                disk.way_in.push("--preserve-credentials".to_owned());
            }
            return disk;
        }
        let mut sh = Command::new("sh");
        sh.args(["-c", SHORT_FILES]);
        let mut disk = Self::start(sh).expect("a shell starts");
        // The signal would end the process before it can say anything.
        disk.way_in = ["sh", "-c", "trap '' XFSZ; exec \"$@\"", "sh"]
            .map(str::to_owned)
            .to_vec();
        disk
    }

    fn start(mut command: Command) -> Option<Self> {
        let mut keeper = command
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .ok()?;
        let mut disk = Self {
            words: keeper.stdin.take().unwrap(),
            answers: BufReader::new(keeper.stdout.take().unwrap()),
            keeper,
            way_in: Vec::new(),
            is_small: false,
        };
        disk.hears("ready").then_some(disk)
    }

    /// The same handset, with this disk.
    fn handset(&self, handset: Handset) -> Handset {
        let program = handset.program.display().to_string();
        let mut words = self.way_in.iter().cloned().chain([program]).chain(handset.args);
        Handset {
            program: words.next().unwrap().into(),
            args: words.collect(),
            code: handset.code,
        }
    }

    /// Not one byte more fits.
    fn fill(&mut self, street: &Street) {
        self.say("fill", street);
    }

    fn free(&mut self, street: &Street) {
        self.say("free", street);
    }

    fn say(&mut self, word: &str, street: &Street) {
        // A terminal that is dead has no limits to lift.
        let pid = street.phone.pid().unwrap_or(0);
        writeln!(self.words, "{word} {pid}").unwrap();
        assert!(self.hears(word), "the keeper of the disk is gone");
    }

    fn hears(&mut self, word: &str) -> bool {
        let mut line = String::new();
        self.answers
            .read_line(&mut line)
            .is_ok_and(|_| line.trim() == word)
    }
}

impl Drop for Disk {
    fn drop(&mut self) {
        // It may have ended by itself.
        let _ = self.keeper.kill();
        let _ = self.keeper.wait();
    }
}

/// A street whose terminal lives on a small disk, with an act that was received.
fn street() -> (Street, Disk) {
    let mut street = Street::new(None);
    let disk = Disk::under(&street.ground.layout.terminal());
    street.take(disk.handset(street.handset()));
    street.on_duty();
    street.draw_up(act_id(1), ActKind::Pv);
    street.wait("the receipt", |board| is_received(board, act_id(1)));
    (street, disk)
}

fn is_received(board: &Board, act: ActId) -> bool {
    let line = board.delivery(act);
    line.is_some_and(|line| matches!(line.delivery, Delivery::Received { .. }))
}

/// How often the officer was told that the disk is full.
fn warnings(board: &Board) -> usize {
    let is_warning = |notice: &&Notice| **notice == Notice::DiskFull;
    board.notices.iter().filter(is_warning).count()
}

fn fill_in(street: &mut Street, act: ActId) {
    let opened = move |board: &Board| board.draft.as_ref().is_some_and(|draft| draft.draft == act);
    let kind = ActKind::Pv;
    street.until(
        "a draft",
        |phone| phone.intent(Intent::StartDraft { id: Some(act), kind }),
        opened,
    );
    for (field, text) in acts::texts(kind) {
        let text = (*text).to_owned();
        street
            .phone
            .intent(Intent::Fill {
                draft: act,
                field: *field,
                text,
            })
            .unwrap();
    }
    let last = acts::texts(kind).last().unwrap().1;
    street.wait("the draft as typed", move |board| {
        let draft = board.draft.as_ref().filter(|draft| draft.draft == act);
        draft.is_some_and(|draft| draft.texts.iter().any(|text| text.text.reveal() == last))
    });
}

#[test]
fn on_a_disk_without_room_the_officer_is_told_and_signs_when_there_is_some() {
    let (mut street, mut disk) = street();
    let (signed, typed) = (act_id(1), act_id(2));
    fill_in(&mut street, typed);
    let deaths = street.phone.kills;

    disk.fill(&street);
    let before = warnings(&street.phone.board);
    street.until(
        "the warning about what is typed",
        |phone| {
            let text = "Constatons que rien ne s'écrit. ".repeat(400);
            phone.intent(Intent::Fill {
                draft: typed,
                field: Field::Account,
                text,
            })
        },
        move |board| warnings(board) > before,
    );
    let before = warnings(&street.phone.board);
    street.until(
        "the warning about a signature",
        |phone| phone.intent(Intent::Sign { draft: typed }),
        move |board| warnings(board) > before,
    );
    let board = &street.phone.board;
    assert!(
        board.delivery(typed).is_none(),
        "an act that no disk holds is shown"
    );
    assert!(is_received(board, signed), "what was signed is gone");
    assert_eq!(street.phone.kills, deaths, "the terminal died of it");

    disk.free(&street);
    street.until(
        "the act",
        |phone| phone.intent(Intent::Sign { draft: typed }),
        move |board| is_received(board, typed),
    );
    assert!(is_received(&street.phone.board, signed));
    assert_eq!(street.phone.kills, deaths, "the terminal died of it");
}

#[test]
fn a_clip_that_finds_no_room_stays_on_the_camera_until_there_is_some() {
    let (mut street, mut disk) = street();
    street.pair();
    let clip = street.ground.clip;
    disk.fill(&street);
    let before = warnings(&street.phone.board);
    street.take_clip("the warning", move |board| warnings(board) > before);
    let state = clip_state(&street.phone.board, clip);
    assert!(
        !matches!(state, Some(ClipState::Taken | ClipState::Received)),
        "{state:?}"
    );
    disk.free(&street);
    street.take_clip("HQ's word", move |board| {
        clip_state(board, clip) == Some(ClipState::Received)
    });
}

#[test]
fn a_terminal_that_dies_on_a_full_disk_has_everything_signed_when_there_is_room() {
    let (mut street, mut disk) = street();
    fill_in(&mut street, act_id(2));
    disk.fill(&street);
    street.phone.kill().unwrap();
    let before = warnings(&street.phone.board);
    street.phone.ready().unwrap();
    // A limit on files ends with the process that has it.
    if disk.is_small {
        street.wait("the warning", move |board| warnings(board) > before);
    }
    disk.free(&street);
    street.wait("the receipt that was there", |board| {
        is_received(board, act_id(1))
    });
    street.until(
        "the act",
        |phone| phone.intent(Intent::Sign { draft: act_id(2) }),
        |board| is_received(board, act_id(2)),
    );
}

#[test]
fn a_piece_that_finds_no_room_leaves_the_draft_whole_and_comes_in_once_there_is_some() {
    let (mut street, mut disk) = street();
    let act = act_id(2);
    let kind = ActKind::Plainte;
    let file = BroughtFile {
        name: "appel.wav".to_owned(),
        is: FileKindName::Wav,
        kilobytes: 2_500,
        label: None,
    };
    let (folder, bytes) = (street.ground.layout.brought(), content(7, &file));
    std::fs::create_dir_all(&folder).unwrap();
    std::fs::write(folder.join(&file.name), &bytes).unwrap();
    street.until(
        "a draft",
        |phone| phone.intent(Intent::StartDraft { id: Some(act), kind }),
        move |board| board.draft.as_ref().is_some_and(|draft| draft.draft == act),
    );
    let deaths = street.phone.kills;
    let name = || file.name.clone();
    let take_in = || Intent::TakeIn {
        draft: act,
        name: name(),
    };

    disk.fill(&street);
    let before = warnings(&street.phone.board);
    street.until(
        "the warning",
        |phone| phone.intent(take_in()),
        move |board| warnings(board) > before,
    );
    let draft = street.phone.board.draft.as_ref().unwrap();
    assert_eq!((draft.draft, draft.pieces.len()), (act, 0));
    assert_eq!(street.phone.kills, deaths, "the terminal died of it");

    disk.free(&street);
    let whole = Digest::of(&bytes);
    street.until(
        "the piece",
        |phone| phone.intent(take_in()),
        move |board| {
            let draft = board.draft.as_ref().filter(|draft| draft.draft == act);
            draft.is_some_and(|draft| draft.pieces.iter().any(|piece| piece.sha256 == whole))
        },
    );
    assert_eq!(street.phone.kills, deaths, "the terminal died of it");
}
