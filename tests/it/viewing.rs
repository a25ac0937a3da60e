//! An officer looks at an own recording on the terminal: why first, then the journal, then pictures in memory alone.

use std::fs;
use std::path::Path;

use domain::dialogue::{FilmState, FilmView, Intent, StretchState, Unplayable};
use domain::footage::Purpose;
use domain::journal::Operation;
use domain::profile::Settings;
use domain::record::ActKind;
use simulator::world::{Action, Said};
use tests::acts::{self, act_id};
use tests::journals;
use tests::watched::Watched;

use crate::profiles::configure;

const ALLOWED: Settings = Settings {
    recordings_viewed: true,
    ..Settings::EMBEDDED
};

/// An officer whose recording was taken in under these settings; without network its bytes are still on the terminal.
fn taken_in(seed: u64, settings: Settings) -> Watched {
    let mut watched = Watched::on_duty(seed);
    configure(&mut watched, settings);
    watched.play(acts::drawn_up(act_id(8), ActKind::IdentityCheck));
    watched.act(Action::Cut);
    watched.play(acts::recording_taken_in());
    watched
}

fn view(watched: &mut Watched) {
    let clip = watched.world.clip();
    watched.intent(Intent::ViewRecording {
        clip,
        purpose: Purpose::Offenders,
        procedure: "2026/000412".to_owned(),
    });
}

fn film(watched: &Watched) -> &FilmView {
    watched
        .world
        .board
        .film
        .as_deref()
        .expect("a recording is on screen")
}

fn state(watched: &Watched) -> FilmState {
    film(watched).state
}

fn journalled(watched: &Watched) -> usize {
    let journal = watched.world.engine().unwrap().device().journal().unwrap();
    journal
        .iter()
        .filter(|entry| matches!(entry.operation, Operation::FootageViewed { .. }))
        .count()
}

#[test]
fn csi_l241_1_an_officer_looks_at_an_own_recording_for_a_purpose_that_hq_learns() {
    let mut watched = taken_in(1_900, ALLOWED);
    view(&mut watched);
    let shown = film(&watched);
    assert_eq!(shown.state, FilmState::Shown);
    let picture = shown.picture.as_ref().expect("the first picture decodes");
    assert_eq!((picture.width(), picture.height()), (640, 360));
    assert!(picture.brightness() > 0, "it is not black");
    assert_eq!(shown.thumbnails.len(), 6);
    let states: Vec<StretchState> = shown.stretches.iter().map(|stretch| stretch.state).collect();
    assert_eq!(
        states,
        [StretchState::Chained],
        "its camera signs no pictures, and all bytes"
    );
    assert!(!shown.viewer.is_empty(), "the watermark names who looks");
    watched.act(Action::Restore);
    watched.act(Action::Advance(600_000));
    let mut at_hq = Vec::new();
    for entry in journals::entries_at_hq(&mut watched.world).unwrap() {
        if let Operation::FootageViewed {
            purpose, procedure, ..
        } = entry.operation
        {
            let procedure = procedure.map(|procedure| procedure.as_str().to_owned());
            at_hq.push((entry.officer.is_some(), purpose, procedure));
        }
    }
    let told = (true, Purpose::Offenders, Some("2026/000412".to_owned()));
    assert_eq!(at_hq, [told]);
}

#[test]
fn without_hqs_word_there_is_no_key_and_no_picture() {
    let waits = Settings {
        footage_leaves: false,
        ..Settings::EMBEDDED
    };
    let mut watched = taken_in(1_901, waits.clone());
    view(&mut watched);
    assert_eq!(state(&watched), FilmState::Unplayable(Unplayable::NotAllowed));
    // What came in before stays for HQ alone.
    watched.play([Action::Restore, Action::Advance(30_000)]);
    let later = Settings {
        recordings_viewed: true,
        ..waits
    };
    configure(&mut watched, later);
    view(&mut watched);
    assert_eq!(state(&watched), FilmState::Unplayable(Unplayable::SealedForHq));
    assert_eq!(journalled(&watched), 0, "nobody has seen anything");
    assert!(film(&watched).picture.is_none());
}

#[test]
fn what_hq_forbids_again_is_seen_no_more_and_its_key_is_gone() {
    let waits = Settings {
        footage_leaves: false,
        ..ALLOWED
    };
    let mut watched = taken_in(1_902, waits.clone());
    watched.play([Action::Restore, Action::Advance(25_000)]);
    view(&mut watched);
    assert_eq!(state(&watched), FilmState::Shown);
    let forbidden = Settings {
        recordings_viewed: false,
        ..waits.clone()
    };
    configure(&mut watched, forbidden);
    assert!(film(&watched).picture.is_none(), "the picture goes at once");
    configure(&mut watched, waits);
    view(&mut watched);
    assert_eq!(state(&watched), FilmState::Unplayable(Unplayable::SealedForHq));
}

#[test]
fn once_hq_has_it_the_recording_is_gone_from_the_terminal_and_from_its_screen() {
    let mut watched = taken_in(1_903, ALLOWED);
    view(&mut watched);
    assert_eq!(state(&watched), FilmState::Shown);
    watched.act(Action::Restore);
    watched.act(Action::Advance(600_000));
    let vault = watched.world.engine().unwrap().vault().unwrap();
    assert!(vault.clips().unwrap().is_empty(), "HQ has it");
    if let Some(film) = watched.world.board.film.as_deref() {
        assert_eq!(film.state, FilmState::Unplayable(Unplayable::NotHere));
        assert!(film.picture.is_none());
    }
    watched.act(Action::Unlock);
    view(&mut watched);
    assert_eq!(state(&watched), FilmState::Unplayable(Unplayable::NotHere));
}

#[test]
fn a_lock_closes_the_recording_and_a_restart_opens_none() {
    let mut watched = taken_in(1_904, ALLOWED);
    view(&mut watched);
    watched.play([Said::Lock.into()]);
    assert!(
        watched.world.board.film.is_none(),
        "a lock takes it off the screen"
    );
    watched.intent(Intent::PlayFilm { playing: true });
    assert!(watched.world.board.film.is_none());
    watched.play([Action::Unlock]);
    view(&mut watched);
    assert_eq!(state(&watched), FilmState::Shown);
    watched.play([Action::Kill, Action::Start, Action::Unlock]);
    assert!(
        watched.world.board.film.is_none(),
        "nothing of it outlives the program"
    );
    assert_eq!(journalled(&watched), 2, "each look has its line");
    view(&mut watched);
    assert_eq!(state(&watched), FilmState::Shown, "its key is still here");
}

#[test]
fn it_plays_to_its_end_and_goes_where_the_officer_points() {
    let mut watched = taken_in(1_905, ALLOWED);
    view(&mut watched);
    let length = film(&watched).length_ms;
    assert!((5_500..6_500).contains(&length), "{length}");
    watched.intent(Intent::SeekFilm { at_ms: 1_500 });
    let at = film(&watched).position_ms;
    assert!((1_300..1_700).contains(&at), "{at}");
    assert!(film(&watched).picture.is_some());
    watched.intent(Intent::PlayFilm { playing: true });
    watched.act(Action::Advance(500));
    let on = film(&watched);
    assert!(
        on.playing && on.position_ms > at && on.position_ms < length,
        "{on:?}"
    );
    watched.act(Action::Advance(8_000));
    assert!(!film(&watched).playing, "it stops at its end");
    assert_eq!(film(&watched).position_ms, length);
    watched.intent(Intent::CloseFilm);
    assert!(watched.world.board.film.is_none());
}

#[test]
fn nothing_of_a_recording_that_is_looked_at_lies_open_on_the_disk() {
    let mut watched = taken_in(1_906, ALLOWED);
    view(&mut watched);
    watched.intent(Intent::SeekFilm { at_ms: 2_000 });
    let original = include_bytes!("../../simulator/clips/patrol.mp4");
    let places = [4_096, 100_000, 200_000];
    let mut looked = 0;
    search(watched.folder(), &mut |bytes| {
        looked += 1;
        for place in places {
            let piece = &original[place..place + 24];
            assert!(
                !bytes.windows(24).any(|window| window == piece),
                "a piece of it lies open"
            );
        }
    });
    assert!(looked > 5, "{looked} files were looked at");
}

fn search(folder: &Path, each: &mut impl FnMut(&[u8])) {
    for entry in fs::read_dir(folder).unwrap().flatten() {
        let path = entry.path();
        if path.is_dir() {
            search(&path, each);
        } else {
            each(&fs::read(&path).unwrap());
        }
    }
}
