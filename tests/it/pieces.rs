//! What a victim brings to a complaint: taken in of any length, kept while nobody has signed, and found again at HQ byte
//! for byte, whatever happens on the way.

use std::io::Read;
use std::path::{Path, PathBuf};

use domain::dialogue::{DraftView, Intent, Notice, Unsigned};
use domain::draft::{Field, Problem, Reason};
use domain::photo::Picture;
use domain::piece::PieceKind;
use domain::record::{Act, ActKind};
use domain::{ActId, Digest};
use simulator::patrol::brought::content;
use simulator::patrol::scenario::{BroughtFile, FileKindName};
use simulator::picture::{picture, thumbnail};
use simulator::world::{Action, Said};
use tests::acts::{self, act_id};
use tests::watched::Watched;

/// A recording of several parts, and of several turns of the worker.
const RECORDING: (&str, FileKindName, usize) = ("CANARI-appel du 12.wav", FileKindName::Wav, 18_500);
const LETTER: (&str, FileKindName, usize) = ("CANARI-lettre.pdf", FileKindName::Pdf, 300);

/// Puts a file where the terminal looks; its content.
fn bring(watched: &Watched, (name, is, kilobytes): (&str, FileKindName, usize)) -> Vec<u8> {
    let bytes = content(
        7,
        &BroughtFile {
            name: name.to_owned(),
            is,
            kilobytes,
            label: None,
        },
    );
    put(watched, name, &bytes);
    bytes
}

fn put(watched: &Watched, name: &str, bytes: &[u8]) {
    let folder = watched.world.layout().brought();
    std::fs::create_dir_all(&folder).unwrap();
    std::fs::write(folder.join(name), bytes).unwrap();
}

fn take_in(watched: &mut Watched, draft: ActId, name: &str) {
    watched.intent(Intent::TakeIn {
        draft,
        name: name.to_owned(),
    });
}

fn drafted(watched: &mut Watched, act: ActId) {
    watched.play(acts::drafted(act, ActKind::Plainte));
}

fn view(watched: &Watched) -> &DraftView {
    watched.world.board.draft.as_deref().unwrap()
}

fn digests(watched: &Watched) -> Vec<Digest> {
    view(watched).pieces.iter().map(|piece| piece.sha256).collect()
}

fn sign(watched: &mut Watched, act: ActId) {
    watched.play(acts::read_and_signed(act, ActKind::Plainte));
    watched.act(Said::Sign { draft: act }.into());
}

/// The files of pieces on the terminal's disk.
fn kept(watched: &Watched) -> Vec<PathBuf> {
    let folder = watched.world.layout().terminal().join("pieces");
    let Ok(officers) = std::fs::read_dir(folder) else {
        return Vec::new();
    };
    officers
        .flat_map(|officer| std::fs::read_dir(officer.unwrap().path()).unwrap())
        .map(|entry| entry.unwrap().path())
        .collect()
}

/// HQ's copy of the attachment, of any length.
fn at_hq(watched: &mut Watched, act: ActId, name: &str) -> Option<Vec<u8>> {
    let envelope = watched.world.engine()?.device().row_of(act).ok()??.envelope;
    let store = watched.world.gateway().store().begin().ok()?;
    let mut bytes = Vec::new();
    store.copy_attachment(envelope, name, &mut bytes).unwrap()?;
    Some(bytes)
}

#[test]
fn what_a_victim_brings_is_named_in_the_signed_act_and_proven_at_hq() {
    let mut watched = Watched::on_duty(1300);
    let act = act_id(1);
    drafted(&mut watched, act);
    let (sound, letter) = (bring(&watched, RECORDING), bring(&watched, LETTER));
    watched.intent(Intent::LookAtBrought { draft: act });
    let brought = view(&watched).brought.clone().unwrap();
    let shown: Vec<(&str, u64)> = brought
        .iter()
        .map(|line| (line.name.reveal().as_str(), line.bytes))
        .collect();
    assert_eq!(shown, [(RECORDING.0, 18_500_000), (LETTER.0, 300_000)]);
    take_in(&mut watched, act, RECORDING.0);
    take_in(&mut watched, act, LETTER.0);
    assert_eq!(digests(&watched), [Digest::of(&sound), Digest::of(&letter)]);
    watched.intent(Intent::LabelPiece {
        draft: act,
        sha256: Digest::of(&sound),
        label: "message laissé le 12, à 3 h".to_owned(),
    });
    // A victim takes the card home again.
    std::fs::remove_dir_all(watched.world.layout().brought()).unwrap();
    assert_eq!(kept(&watched).len(), 2);
    for file in kept(&watched) {
        let lies = std::fs::read(file).unwrap();
        assert!(!lies.windows(12).any(|window| window == b"CANARI-appel"));
    }
    sign(&mut watched, act);
    watched.settle();
    assert!(watched.is_received(act));
    let Act::Plainte(plainte) = watched.record_at_hq(act).unwrap().act else {
        panic!("a complaint was signed");
    };
    let [first, second] = &plainte.pieces[..] else {
        panic!("{:?}", plainte.pieces)
    };
    assert_eq!((first.kind, first.bytes), (PieceKind::Wav, 18_500_000));
    assert_eq!(first.label, "message laissé le 12, à 3 h");
    assert_eq!((second.kind, second.label.as_str()), (PieceKind::Pdf, LETTER.0));
    for (piece, bytes) in [(first, &sound), (second, &letter)] {
        assert_eq!(piece.sha256, Digest::of(bytes));
        assert!(
            at_hq(&mut watched, act, &piece.name).as_ref() == Some(bytes),
            "{}",
            piece.name
        );
    }
    assert_eq!(kept(&watched), Vec::<PathBuf>::new());
    watched.finish();
}

fn digest_of(file: &Path) -> Digest {
    let mut file = std::fs::File::open(file).unwrap();
    let (mut hasher, mut chunk) = (trust::Hasher::new(), vec![0; 1024 * 1024]);
    loop {
        let read = file.read(&mut chunk).unwrap();
        if read == 0 {
            return Digest::from_bytes(*hasher.finish().as_bytes());
        }
        hasher.update(&chunk[..read]);
    }
}

/// As long as a night of calls: nothing of it is ever whole in memory, which `docs/performance.md` measures.
#[test]
fn a_recording_of_500_megabytes_is_taken_in_whole() {
    const LENGTH: u64 = 500_000_000;
    let mut watched = Watched::on_duty(1305);
    let act = act_id(1);
    drafted(&mut watched, act);
    bring(&watched, RECORDING);
    let file = watched.world.layout().brought().join(RECORDING.0);
    let grown = std::fs::File::options().write(true).open(&file).unwrap();
    grown.set_len(LENGTH).unwrap();
    take_in(&mut watched, act, RECORDING.0);
    let [piece] = &view(&watched).pieces[..] else {
        panic!("{:?}", view(&watched).pieces)
    };
    assert_eq!(piece.bytes, LENGTH);
    assert_eq!(piece.sha256, digest_of(&file));
    let lies: u64 = kept(&watched)
        .iter()
        .map(|file| file.metadata().unwrap().len())
        .sum();
    assert!(lies >= LENGTH, "{lies}");
}

#[test]
fn a_piece_that_is_coming_in_survives_an_end_at_any_moment() {
    for kill_after in 1..9 {
        let mut watched = Watched::on_duty(1310 + u64::from(kill_after));
        let act = act_id(1);
        drafted(&mut watched, act);
        let sound = bring(&watched, RECORDING);
        watched.act(Action::KillAfter(kill_after));
        take_in(&mut watched, act, RECORDING.0);
        watched.act(Action::Advance(1_000));
        if watched.world.is_running() {
            watched.act(Action::Kill);
        }
        watched.play([Action::Start, Action::Unlock]);
        watched.intent(Intent::OpenDraft { draft: act });
        if digests(&watched).is_empty() {
            // It ended before the wish was kept: nothing is left of it.
            assert_eq!(kept(&watched), Vec::<PathBuf>::new());
            take_in(&mut watched, act, RECORDING.0);
        }
        assert_eq!(digests(&watched), [Digest::of(&sound)], "{kill_after}");
        assert_eq!(kept(&watched).len(), 1, "{kill_after}");
        sign(&mut watched, act);
        watched.settle();
        let name = "piece-canari-appel-du-12.wav";
        assert!(at_hq(&mut watched, act, name) == Some(sound), "{kill_after}");
        assert_eq!(kept(&watched), Vec::<PathBuf>::new());
    }
}

#[test]
fn a_piece_whose_medium_left_while_the_terminal_was_off_is_forgotten_with_a_word() {
    let mut watched = Watched::on_duty(1330);
    let act = act_id(1);
    drafted(&mut watched, act);
    bring(&watched, RECORDING);
    // The wish, and the first turn of the worker.
    watched.act(Action::KillAfter(2));
    take_in(&mut watched, act, RECORDING.0);
    watched.act(Action::Advance(1_000));
    assert!(!watched.world.is_running(), "the terminal did not end there");
    std::fs::remove_dir_all(watched.world.layout().brought()).unwrap();
    watched.play([Action::Start, Action::Unlock]);
    assert!(watched.was_told(Notice::PieceNotTakenIn));
    watched.intent(Intent::OpenDraft { draft: act });
    assert_eq!(digests(&watched), []);
    assert_eq!(view(&watched).coming, []);
    assert_eq!(kept(&watched), Vec::<PathBuf>::new());
    sign(&mut watched, act);
    watched.settle();
    assert!(watched.is_received(act));
    watched.finish();
}

#[test]
fn what_is_no_piece_leaves_the_draft_as_it_was() {
    let mut watched = Watched::on_duty(1331);
    let act = act_id(1);
    drafted(&mut watched, act);
    put(&watched, "virus.pdf", b"MZ\x90\0");
    put(&watched, "vide.mp3", b"");
    std::os::unix::fs::symlink("/etc/passwd", watched.world.layout().brought().join("lien.pdf")).unwrap();
    for (name, notice) in [
        ("virus.pdf", Notice::NotAPiece),
        ("vide.mp3", Notice::NotAPiece),
        ("lien.pdf", Notice::PieceNotTakenIn),
        ("absent.pdf", Notice::PieceNotTakenIn),
        ("../terminal/device.db", Notice::NothingBrought),
        ("..", Notice::NothingBrought),
        ("", Notice::NothingBrought),
    ] {
        watched.world.board.notices.clear();
        take_in(&mut watched, act, name);
        assert!(
            watched.was_told(notice),
            "`{name}`: {:?}",
            watched.world.board.notices
        );
    }
    assert_eq!(digests(&watched), []);
    assert_eq!(kept(&watched), Vec::<PathBuf>::new());
    // What does not lead anywhere is not offered.
    watched.intent(Intent::LookAtBrought { draft: act });
    let brought = view(&watched).brought.clone().unwrap();
    let names: Vec<&str> = brought.iter().map(|line| line.name.reveal().as_str()).collect();
    assert_eq!(names, ["vide.mp3", "virus.pdf"]);
}

#[test]
fn a_piece_is_kept_once_given_back_for_good_and_not_after_the_reading() {
    let mut watched = Watched::on_duty(1332);
    let act = act_id(1);
    drafted(&mut watched, act);
    let letter = bring(&watched, LETTER);
    put(&watched, "copie.pdf", &letter);
    for name in [LETTER.0, "copie.pdf", LETTER.0] {
        take_in(&mut watched, act, name);
    }
    assert_eq!(digests(&watched), [Digest::of(&letter)]);
    assert_eq!(kept(&watched).len(), 1);
    let sha256 = Digest::of(&letter);
    watched.intent(Intent::GiveBack { draft: act, sha256 });
    assert_eq!(digests(&watched), []);
    assert_eq!(kept(&watched), Vec::<PathBuf>::new());
    take_in(&mut watched, act, "copie.pdf");
    watched.play(acts::read_and_signed(act, ActKind::Plainte));
    watched.intent(Intent::GiveBack { draft: act, sha256 });
    assert!(watched.was_told(Notice::AlreadyRead { draft: act }));
    bring(&watched, RECORDING);
    take_in(&mut watched, act, RECORDING.0);
    assert_eq!(digests(&watched), [sha256]);
    watched.act(Said::Sign { draft: act }.into());
    watched.settle();
    assert!(at_hq(&mut watched, act, "piece-copie.pdf") == Some(letter));
    watched.finish();
}

#[test]
fn a_draft_that_is_given_up_takes_its_pieces_with_it() {
    let mut watched = Watched::on_duty(1333);
    let act = act_id(1);
    drafted(&mut watched, act);
    bring(&watched, LETTER);
    take_in(&mut watched, act, LETTER.0);
    assert_eq!(kept(&watched).len(), 1);
    watched.intent(Intent::DiscardDraft { draft: act });
    assert_eq!(kept(&watched), Vec::<PathBuf>::new());
    watched.play(acts::drawn_up(act_id(2), ActKind::Plainte));
    watched.settle();
    watched.finish();
}

#[test]
fn a_piece_that_is_gone_from_the_disk_is_named_before_anything_is_signed() {
    let mut watched = Watched::on_duty(1334);
    let act = act_id(1);
    drafted(&mut watched, act);
    let letter = bring(&watched, LETTER);
    take_in(&mut watched, act, LETTER.0);
    let file = kept(&watched).remove(0);
    let lies = std::fs::read(&file).unwrap();
    std::fs::write(&file, &lies[..lies.len() / 2]).unwrap();
    sign(&mut watched, act);
    assert!(watched.was_told(Notice::PieceGone { draft: act }));
    assert!(watched.delivery(act).is_none());
    std::fs::write(&file, &lies).unwrap();
    watched.act(Said::Sign { draft: act }.into());
    watched.settle();
    assert!(at_hq(&mut watched, act, "piece-canari-lettre.pdf") == Some(letter));
    watched.finish();
}

#[test]
fn sixty_photographs_of_the_victim_go_with_a_complaint() {
    let mut watched = Watched::on_duty(1335);
    let act = act_id(1);
    drafted(&mut watched, act);
    // A picture of the camera weighs 3.5 MB; the victim's telephone sends smaller ones.
    let small: Vec<Picture> = (0..60).map(|n| thumbnail(7, &format!("écran {n}"))).collect();
    for (index, picture) in small.iter().enumerate() {
        let name = format!("ecran {index}.png");
        put(&watched, &name, &picture.0);
        take_in(&mut watched, act, &name);
    }
    assert_eq!(view(&watched).photos.len(), 60);
    assert_eq!(kept(&watched), Vec::<PathBuf>::new());
    watched.intent(Intent::AttachPhoto {
        draft: act,
        name: "plaie".to_owned(),
        picture: picture(7, "plaie"),
    });
    sign(&mut watched, act);
    watched.settle();
    assert!(watched.is_received(act));
    assert!(at_hq(&mut watched, act, "ecran-59.png").as_ref() == Some(&small[59].0));
    assert!(at_hq(&mut watched, act, "plaie.png") == Some(picture(7, "plaie").0));
    watched.finish();
}

#[test]
fn cpp_429_questions_and_answers_stand_in_the_complaint() {
    let mut watched = Watched::on_duty(1336);
    let act = act_id(1);
    drafted(&mut watched, act);
    watched.act(
        Said::Fill {
            draft: act,
            field: Field::Account,
            text: "On a forcé ma porte.\n\nQ : À quelle heure ?\nR : Vers 22 h.".to_owned(),
        }
        .into(),
    );
    sign(&mut watched, act);
    watched.settle();
    let Act::Plainte(plainte) = watched.record_at_hq(act).unwrap().act else {
        panic!("a complaint was signed");
    };
    assert_eq!(plainte.paragraphs.len(), 1);
    let [exchange] = &plainte.exchanges[..] else {
        panic!("{} exchanges", plainte.exchanges.len())
    };
    assert_eq!(exchange.question.reveal(), "À quelle heure ?");
    assert_eq!(exchange.answer.reveal(), "Vers 22 h.");
    watched.finish();
}

#[test]
fn a_complaint_of_three_hours_arrives_whole() {
    let mut watched = Watched::on_duty(1337);
    let act = act_id(1);
    drafted(&mut watched, act);
    let sentence = "Je lui ai dit d'arrêter ; à Nîmes, l'été dernier, c'était déjà pareil. ";
    let told: String = sentence.chars().cycle().take(130_000).collect();
    let told = told.trim().to_owned();
    watched.act(
        Said::Fill {
            draft: act,
            field: Field::Account,
            text: told.clone(),
        }
        .into(),
    );
    sign(&mut watched, act);
    watched.settle();
    let Act::Plainte(plainte) = watched.record_at_hq(act).unwrap().act else {
        panic!("a complaint was signed");
    };
    let paragraphs: Vec<&str> = plainte
        .paragraphs
        .iter()
        .map(|one| one.reveal().as_str())
        .collect();
    assert_eq!(paragraphs, [told]);
    watched.finish();
}

/// What a victim is called, where and how they live, and whether they sign: nothing of it is a condition (15-3 CPP).
#[test]
fn cpp_15_3_no_name_birth_address_or_paper_turns_a_victim_away() {
    struct Victim {
        surname: &'static str,
        given_names: &'static str,
        native: Option<&'static str>,
        /// Whether no font of the document has the letters of the name.
        undrawn: bool,
        address: &'static str,
    }
    let victims = [
        Victim {
            surname: "НОВАК",
            given_names: "Олена",
            native: None,
            undrawn: false,
            address: "вул. Хрещатик 1, Київ, Ukraine",
        },
        Victim {
            surname: "NGUYỄN",
            given_names: "Thị Ánh",
            native: None,
            undrawn: false,
            address: "12 Lê Lợi, Huế, Viêt Nam",
        },
        Victim {
            surname: "RUAN",
            given_names: "Wen'an",
            native: Some("阮文安"),
            undrawn: true,
            address: "sans domicile fixe",
        },
        Victim {
            surname: "BEN ALI",
            given_names: "Samira",
            native: Some("بن علي سميرة"),
            undrawn: false,
            address: "Via Roma 12, 10121 Torino, Italie",
        },
    ];
    let mut watched = Watched::on_duty(1338);
    for (n, victim) in (1..).zip(&victims) {
        let act = act_id(n);
        drafted(&mut watched, act);
        let fill = |watched: &mut Watched, field, text: &str| {
            watched.intent(Intent::Fill {
                draft: act,
                field,
                text: text.to_owned(),
            });
        };
        // Neither papers nor a day of birth nor a telephone.
        for field in [Field::BirthDate, Field::Phone, Field::Mrz] {
            fill(&mut watched, field, "");
        }
        fill(&mut watched, Field::GivenNames, victim.given_names);
        fill(&mut watched, Field::Address, victim.address);
        if let Some(native) = victim.native {
            fill(&mut watched, Field::Surname, native);
            let problem = Problem::new(Field::Surname, Reason::LatinLetters);
            let problems = &view(&watched).problems;
            assert_eq!(problems.contains(&problem), victim.undrawn, "{problems:?}");
            fill(&mut watched, Field::NativeName, native);
        }
        fill(&mut watched, Field::Surname, victim.surname);
        watched.play(acts::rights_told(act, ActKind::Plainte));
        watched.act(Said::ReadBack { draft: act }.into());
        watched.intent(Intent::LeaveUnsigned {
            draft: act,
            signer: 0,
            why: Unsigned::Refuses,
            reason: "ne souhaite rien signer".to_owned(),
        });
        assert_eq!(view(&watched).problems, [], "{}", victim.surname);
        watched.act(Said::Sign { draft: act }.into());
        watched.settle();
        assert!(watched.is_received(act), "{}", victim.surname);
        let Act::Plainte(plainte) = watched.record_at_hq(act).unwrap().act else {
            panic!("a complaint was signed");
        };
        let identity = plainte.victim.identity.brief();
        assert_eq!(identity.surname.reveal(), victim.surname);
        assert_eq!(identity.born, None);
        assert_eq!(
            plainte.native_name.as_ref().map(|name| name.reveal().as_str()),
            victim.native
        );
        assert!(plainte.signers[0].outcome.pad().is_none());
        assert!(watched.at_hq(act, "document.pdf").is_some());
    }
    watched.finish();
}
