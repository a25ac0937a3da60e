//! The life of a recording after it was taken in: what its officer says of it, what keeps it, and its end at the term, on
//! the terminal and at HQ.

use agent::engine::CommitPoint;
use domain::dialogue::{Intent, Notice, RecordingLine, Wish};
use domain::footage::custody::{Category, Life, Reminder};
use domain::journal::Operation;
use domain::record::ActKind;
use domain::{ActId, ClipId, Sensitive, UnixMs};
use simulator::world::{Action, Said};
use tests::acts::{self, act_id};
use tests::watched::Watched;

const HOUR: u64 = 3_600_000;
const MINUTE: i64 = 60_000;

/// An officer whose recording was taken in; without network its bytes are still on the terminal.
fn taken_in(seed: u64, online: bool) -> Watched {
    let mut watched = Watched::on_duty(seed);
    watched.play(acts::drawn_up(act_id(8), ActKind::IdentityCheck));
    if !online {
        watched.act(Action::Cut);
    }
    watched.play(acts::recording_taken_in());
    assert_eq!(lines(&watched).len(), 1, "the recording was taken in");
    watched
}

fn lines(watched: &Watched) -> Vec<RecordingLine> {
    let home = watched.world.board.home.as_ref();
    home.map(|home| home.recordings.clone()).unwrap_or_default()
}

fn line(watched: &Watched) -> RecordingLine {
    lines(watched).pop().expect("the terminal shows the recording")
}

fn say(watched: &mut Watched, said: Wish) {
    let clip = watched.world.clip();
    watched.intent(Intent::SayOfRecording { clip, said });
}

fn hold(watched: &mut Watched) {
    say(watched, Wish::Hold("2026/000412".to_owned()));
}

/// The terminal locks when its clock jumps; its officer unlocks it.
fn set_clock(watched: &mut Watched, utc: UnixMs) {
    watched.world.set_clock(utc);
    watched.play([Said::Lock.into(), Action::Unlock]);
}

/// What HQ knows of the recording: its life, how many statements, and whether a procedure keeps it.
fn at_hq(watched: &mut Watched) -> (Life, usize, bool) {
    let clip = watched.world.clip();
    let transaction = watched.world.gateway().store().begin().unwrap();
    let statements = transaction.statements(clip).unwrap();
    if let Some(known) = transaction.life(clip).unwrap() {
        assert!(
            transaction.custody_chain(&known).unwrap().is_some(),
            "the chain is whole"
        );
    }
    let held = transaction.clip_hold(clip).unwrap();
    let said = statements
        .iter()
        .map(|one| (one.custody.place, &one.custody.said));
    (
        Life::of(said),
        statements.len(),
        held.is_some_and(|held| held.released_at.is_none()),
    )
}

/// Whether the bytes are on the terminal.
fn is_here(watched: &Watched) -> bool {
    let vault = watched.world.engine().unwrap().vault().unwrap();
    !vault.clips().unwrap().is_empty()
}

fn journalled(watched: &Watched, wanted: fn(&Operation) -> bool) -> usize {
    let journal = watched.world.engine().unwrap().device().journal().unwrap();
    journal.iter().filter(|entry| wanted(&entry.operation)).count()
}

fn expired(watched: &Watched) -> usize {
    journalled(watched, |one| matches!(one, Operation::FootageExpired { .. }))
}

#[test]
fn what_is_said_without_network_reaches_hq_as_one_chain_and_goes_on_after_the_upload() {
    let mut watched = taken_in(1600, false);
    say(&mut watched, Wish::Category(Category::Check));
    say(&mut watched, Wish::Bookmark("0:01".to_owned()));
    say(
        &mut watched,
        Wish::Note(Sensitive::new("sort du hall en courant".to_owned())),
    );
    say(&mut watched, Wish::Category(Category::Arrest));
    let shown = line(&watched);
    assert_eq!(shown.category, Some(Category::Arrest));
    assert_eq!(shown.bookmarks.len(), 1);
    assert_eq!(shown.waiting, 4, "nothing has left yet");
    assert_eq!(at_hq(&mut watched).1, 0);
    watched.act(Action::Restore);
    watched.settle();
    let (life, count, _) = at_hq(&mut watched);
    assert_eq!((count, life.category), (4, Some(Category::Arrest)));
    assert!(!is_here(&watched), "HQ has it, and the terminal let it go");
    let shown = line(&watched);
    assert!(shown.received && shown.waiting == 0 && shown.refused.is_none());
    let place = shown.bookmarks[0].place;
    say(&mut watched, Wish::Withdraw(place));
    say(&mut watched, Wish::Category(Category::NoFollowUp));
    watched.settle();
    let (life, count, _) = at_hq(&mut watched);
    assert_eq!((count, life.category), (6, Some(Category::NoFollowUp)));
    assert!(life.bookmarks.is_empty());
    watched.finish();
}

#[test]
fn a_statement_survives_an_end_at_every_commit() {
    for (seed, point) in (1610..).zip(CommitPoint::CUSTODY) {
        let mut watched = taken_in(seed, true);
        watched.act(Action::Advance(20_000));
        watched.act(Action::CrashAt(point));
        hold(&mut watched);
        watched.act(Action::Advance(10_000));
        assert!(
            !watched.world.is_running(),
            "{point:?}: the terminal did not end there"
        );
        watched.settle();
        let (life, count, held) = at_hq(&mut watched);
        assert_eq!((count, held), (1, true), "{point:?}");
        assert_eq!(life.hold.unwrap().as_str(), "2026/000412", "{point:?}");
        assert_eq!(line(&watched).hold.as_deref(), Some("2026/000412"), "{point:?}");
        say(&mut watched, Wish::Category(Category::Arrest));
        watched.settle();
        assert_eq!(at_hq(&mut watched).1, 2, "{point:?}");
        watched.finish();
    }
}

#[test]
fn csi_r241_4_a_recording_in_no_category_goes_at_its_term_after_two_reminders() {
    let mut watched = taken_in(1620, false);
    let until = line(&watched).until;
    assert_eq!(line(&watched).reminder, None);
    for (days, reminder) in [(6, Reminder::Week), (1, Reminder::TwoDays)] {
        watched.world.set_clock(until.plus(-days * UnixMs::DAY));
        watched.act(Action::Advance(2 * HOUR));
        watched.act(Action::Unlock);
        assert_eq!(line(&watched).reminder, Some(reminder));
    }
    watched.world.set_clock(until.plus(-MINUTE / 2));
    watched.act(Action::Advance(10_000));
    assert!(is_here(&watched), "not before the term");
    watched.world.set_clock(until.plus(1));
    watched.act(Action::Advance(2 * HOUR));
    assert!(!is_here(&watched));
    assert_eq!(expired(&watched), 1);
    watched.act(Action::Unlock);
    assert_eq!(lines(&watched), []);
}

#[test]
fn csi_r241_4_a_term_that_ended_while_the_terminal_was_off_is_the_first_thing_at_its_start() {
    let mut watched = taken_in(1621, false);
    let until = line(&watched).until;
    watched.act(Action::Kill);
    watched.world.set_clock(until.plus(3 * UnixMs::DAY));
    watched.act(Action::Start);
    assert!(!is_here(&watched));
    assert_eq!(expired(&watched), 1);
}

#[test]
fn csi_r241_4_a_hold_keeps_a_recording_to_the_last_minute_of_its_month_and_not_a_minute_after() {
    let mut watched = taken_in(1622, false);
    let until = line(&watched).until;
    set_clock(&mut watched, until.plus(-MINUTE));
    hold(&mut watched);
    assert_eq!(line(&watched).hold.as_deref(), Some("2026/000412"));
    watched.world.set_clock(until.plus(UnixMs::DAY));
    watched.act(Action::Advance(2 * HOUR));
    assert!(is_here(&watched), "a procedure keeps it");
    watched.act(Action::Kill);
    watched.act(Action::Start);
    assert!(is_here(&watched), "after a start too");
    assert_eq!(expired(&watched), 0);

    let mut watched = taken_in(1623, false);
    let until = line(&watched).until;
    set_clock(&mut watched, until.plus(MINUTE));
    hold(&mut watched);
    watched.act(Action::Advance(2 * HOUR));
    assert!(!is_here(&watched), "too late");
    assert_eq!(expired(&watched), 1);
}

#[test]
fn a_hold_of_hq_reaches_the_terminal_and_two_persons_end_it_there_too() {
    let mut watched = taken_in(1624, true);
    // The camera's recording is known at HQ, and its bytes are not all there.
    watched.settle();
    watched.world.hold_recording("2026/000777").unwrap();
    watched.act(Action::Advance(5_000));
    assert_eq!(line(&watched).hold.as_deref(), Some("2026/000777"));
    assert_eq!(
        journalled(&watched, |one| matches!(one, Operation::FootageHeld { .. })),
        1
    );
    let until = line(&watched).until;
    let clips = |watched: &mut Watched, at: UnixMs| watched.world.gateway().purge(at).unwrap().clips;
    assert_eq!(
        clips(&mut watched, until.plus(1)),
        0,
        "a procedure keeps it at HQ"
    );
    watched.world.release_recording().unwrap();
    watched.act(Action::Advance(5_000));
    assert_eq!(line(&watched).hold, None);
    assert_eq!(
        journalled(&watched, |one| matches!(one, Operation::FootageReleased { .. })),
        1
    );
    assert_eq!(
        clips(&mut watched, until.plus(1)),
        1,
        "released, it goes at its term"
    );
}

#[test]
fn a_signed_act_asks_once_whether_a_recording_belongs_to_it_and_no_is_the_answer_of_silence() {
    let mut watched = taken_in(1625, true);
    let offered = |watched: &Watched| {
        let home = watched.world.board.home.as_ref().unwrap();
        home.link_offer
            .as_ref()
            .map(|offer| (offer.act, offer.clips.clone()))
    };
    let clip: ClipId = watched.world.clip();
    let pve: ActId = act_id(1);
    watched.play(acts::drawn_up(pve, ActKind::Pve));
    watched.act(Action::Advance(5_000));
    assert_eq!(offered(&watched), Some((pve, vec![clip])));
    watched.intent(Intent::LeaveUnlinked);
    assert_eq!(offered(&watched), None);
    watched.play(acts::drawn_up(act_id(2), ActKind::Pv));
    watched.act(Action::Advance(5_000));
    // Locked without an answer: nothing is linked.
    watched.act(Said::Lock.into());
    watched.act(Action::Unlock);
    assert_eq!(offered(&watched), None);
    watched.settle();
    assert!(at_hq(&mut watched).0.links.is_empty());
    say(&mut watched, Wish::Link(pve));
    watched.settle();
    let (life, _, _) = at_hq(&mut watched);
    let linked: Vec<ActId> = life.links.values().map(|linked| linked.act).collect();
    assert_eq!(linked, [pve]);
    assert_eq!(line(&watched).links.len(), 1);
    watched.finish();
}

#[test]
fn what_is_no_statement_is_told_and_keeps_nothing() {
    let mut watched = taken_in(1626, true);
    for said in [
        Wish::Note(Sensitive::new("a\u{202e}b".to_owned())),
        Wish::Note(Sensitive::new("x".repeat(501))),
        Wish::Bookmark("99:99".to_owned()),
        Wish::Bookmark("500:00".to_owned()),
        Wish::Hold(" ".to_owned()),
        Wish::Link(act_id(9)),
    ] {
        say(&mut watched, said.clone());
        assert!(watched.was_told(Notice::NotAStatement), "{said:?}");
    }
    watched.settle();
    assert_eq!(at_hq(&mut watched).1, 0);
}
