//! One segment from a terminal to HQ over a link that loses and breaks.

use domain::{ClipId, Digest, EnvelopeId};
use sync::transfer::{
    Action, Assembly, Chunk, ChunkRefusal, Config, Finish, Input, Outcome, Pace, Sent, Upload,
};
use sync::wire::v1::{FileHave, FileInit, FileRefusal};
use sync::{Ack, FileId, Span, Spans};

pub(crate) fn content(length: usize) -> Vec<u8> {
    (0..length).map(|n| u8::try_from(n * 7 % 251).unwrap()).collect()
}

pub(crate) fn init(content: &[u8]) -> FileInit {
    FileInit {
        version: 1,
        file: FileId::new(ClipId::from_bytes([1; 16]), 0).unwrap(),
        manifest: EnvelopeId::from_bytes([2; 16]),
        size: content.len() as u64,
        sha256: Digest::of(content),
    }
}

/// Uploads that nothing but the link holds back.
pub(crate) fn unlimited() -> Pace {
    Pace::new(1 << 40)
}

fn upload(content: &[u8]) -> Upload {
    let config = Config {
        chunk: 64 * 1024,
        ..Config::default()
    };
    Upload::new(config, init(content), 5, unlimited())
}

/// An upload that HQ has just told which ranges it has.
fn sending(content: &[u8], have: Spans) -> (Upload, Vec<Action>) {
    let mut upload = upload(content);
    upload.handle(Input::Allowed(true), 0);
    assert_eq!(upload.handle(Input::LinkUp, 0), [Action::Init]);
    upload.handle(
        Input::Acked {
            sent: Sent::Init,
            ack: Ack::Taken,
        },
        0,
    );
    let actions = upload.handle(Input::Answered(FileHave::Ranges(have)), 0);
    (upload, actions)
}

fn chunk(start: u64, end: u64) -> Action {
    Action::Chunk(Span::new(start, end).unwrap())
}

#[test]
fn only_what_hq_lacks_is_sent_two_chunks_at_a_time_and_then_fin() {
    let content = content(300_000);
    let have = Spans::of([
        Span::new(0, 100_000).unwrap(),
        Span::new(150_000, 300_000).unwrap(),
    ]);
    let (mut upload, actions) = sending(&content, have);
    assert_eq!(actions, [chunk(100_000, 150_000)]);
    let fin = upload.handle(
        Input::Acked {
            sent: Sent::Chunk { offset: 100_000 },
            ack: Ack::Taken,
        },
        900,
    );
    assert_eq!(fin, [Action::Fin]);
    let (mut upload, actions) = sending(&content, Spans::new());
    assert_eq!(actions, [chunk(0, 65_536)]);
    let taken = Input::Acked {
        sent: Sent::Chunk { offset: 0 },
        ack: Ack::Taken,
    };
    // A quarter of a second of what the link carries, and the next when that is almost through.
    assert_eq!(upload.handle(taken, 1_000), [chunk(65_536, 81_920)]);
    assert_eq!(upload.next_wakeup(), Some(1_225));
    assert_eq!(upload.handle(Input::Wake, 1_224), []);
    assert_eq!(upload.handle(Input::Wake, 1_225), [chunk(81_920, 98_304)]);
    assert_eq!(upload.handle(Input::Wake, 2_000), [], "two are under way");
}

#[test]
fn an_answer_that_overtakes_the_acknowledgement_of_its_question_is_not_waited_for_again() {
    let content = content(1_000);
    let mut upload = upload(&content);
    upload.handle(Input::Allowed(true), 0);
    assert_eq!(upload.handle(Input::LinkUp, 0), [Action::Init]);
    let have = FileHave::Ranges(Spans::new());
    assert_eq!(upload.handle(Input::Answered(have), 5), [chunk(0, 1_000)]);
    let taken = |sent| Input::Acked {
        sent,
        ack: Ack::Taken,
    };
    assert_eq!(upload.handle(taken(Sent::Init), 40), []);
    let fin = upload.handle(taken(Sent::Chunk { offset: 0 }), 50);
    assert_eq!(fin, [Action::Fin]);
    upload.handle(Input::LinkDown, 60);
    assert_eq!(
        upload.handle(Input::LinkUp, 70),
        [Action::Stat],
        "HQ knows the file"
    );
}

#[test]
fn only_the_word_of_hq_ends_an_upload() {
    let content = content(1_000);
    let (mut upload, actions) = sending(&content, Spans::new());
    assert_eq!(actions, [chunk(0, 1_000)]);
    upload.handle(
        Input::Acked {
            sent: Sent::Chunk { offset: 0 },
            ack: Ack::Taken,
        },
        10,
    );
    assert_eq!(
        upload.handle(
            Input::Acked {
                sent: Sent::Fin,
                ack: Ack::Taken
            },
            20
        ),
        []
    );
    let asked_at = upload.next_wakeup().unwrap();
    assert_eq!(
        (upload.handle(Input::Wake, asked_at), asked_at),
        (vec![Action::Stat], 30_020)
    );
    let over = upload.handle(Input::Answered(FileHave::Complete), asked_at);
    assert_eq!(over, [Action::Over(Outcome::Complete)]);
    assert_eq!(
        (upload.handle(Input::LinkUp, asked_at), upload.next_wakeup()),
        (vec![], None)
    );
}

#[test]
fn an_upload_pauses_at_once_and_goes_on_where_it_was() {
    let content = content(400_000);
    let (mut upload, _) = sending(&content, Spans::new());
    assert_eq!(upload.handle(Input::Allowed(false), 10), []);
    let paused = upload.handle(
        Input::Acked {
            sent: Sent::Chunk { offset: 0 },
            ack: Ack::Taken,
        },
        20,
    );
    assert_eq!(paused, []);
    let resumed = upload.handle(Input::Allowed(true), 5_000);
    assert!(matches!(resumed.as_slice(), [Action::Chunk(span)] if span.start() == 65_536));
}

#[test]
fn after_a_loss_hq_is_asked_what_is_missing() {
    let content = content(200_000);
    let (mut upload, _) = sending(&content, Spans::new());
    upload.handle(Input::LinkDown, 10);
    assert_eq!(upload.handle(Input::LinkUp, 1_000), [Action::Stat]);
    upload.handle(
        Input::Acked {
            sent: Sent::Stat,
            ack: Ack::Taken,
        },
        1_010,
    );
    let have = Spans::of([Span::new(0, 65_536).unwrap()]);
    let actions = upload.handle(Input::Answered(FileHave::Ranges(have)), 1_020);
    assert_eq!(actions, [chunk(65_536, 131_072)]);
}

#[test]
fn the_length_of_a_chunk_follows_the_rate_of_the_link() {
    let content = content(4_000_000);
    for (elapsed, length) in [(20_000, 8 * 1024), (1, 256 * 1024 - 512)] {
        let (mut upload, mut under_way) = sending(&content, Spans::new());
        let (mut longest_ago, mut now) = (Vec::new(), 0);
        for _ in 1..=12 {
            if under_way.is_empty() {
                now = upload.next_wakeup().unwrap();
                under_way = upload.handle(Input::Wake, now);
            }
            let Action::Chunk(oldest) = under_way.remove(0) else {
                panic!("only chunks are under way")
            };
            longest_ago.push(oldest.length());
            now += elapsed;
            let acked = Input::Acked {
                sent: Sent::Chunk {
                    offset: oldest.start(),
                },
                ack: Ack::Taken,
            };
            under_way.extend(upload.handle(acked, now));
        }
        assert_eq!((longest_ago[0], longest_ago[11]), (64 * 1024, length));
    }
}

#[test]
fn an_exceeded_quota_pauses_the_upload_longer_each_time() {
    let content = content(1_000);
    let (mut upload, _) = sending(&content, Spans::new());
    let mut now = 0;
    for pause in [10_000, 20_000, 40_000, 80_000, 80_000] {
        let refused = Input::Acked {
            sent: Sent::Chunk { offset: 0 },
            ack: Ack::QuotaExceeded,
        };
        assert_eq!(upload.handle(refused, now), []);
        assert_eq!(upload.next_wakeup(), Some(now + pause));
        now += pause;
        assert_eq!(upload.handle(Input::Wake, now), [chunk(0, 1_000)]);
    }
}

#[test]
fn a_broker_that_acknowledges_nothing_loses_the_connection() {
    let content = content(1_000);
    let (mut upload, _) = sending(&content, Spans::new());
    let stalled = upload.next_wakeup().unwrap();
    assert_eq!(
        (upload.handle(Input::Wake, stalled), stalled),
        (vec![Action::Reconnect], 60_000)
    );
}

#[test]
fn a_refusal_by_hq_and_a_file_that_never_matches_end_the_upload_with_their_reason() {
    let content = content(1_000);
    let (mut upload, _) = sending(&content, Spans::new());
    let refused = FileHave::Refused(FileRefusal::NotInManifest);
    let over = Action::Over(Outcome::Refused(FileRefusal::NotInManifest));
    assert_eq!(upload.handle(Input::Answered(refused), 1), [over]);

    let (mut upload, mut actions) = sending(&content, Spans::new());
    let mut now = 0;
    let mut rounds = 0;
    while !actions.contains(&Action::Over(Outcome::Damaged)) {
        now += 200_000;
        actions = match actions.as_slice() {
            [Action::Chunk(span)] => {
                rounds += 1;
                upload.handle(
                    Input::Acked {
                        sent: Sent::Chunk { offset: span.start() },
                        ack: Ack::Taken,
                    },
                    now,
                )
            }
            [Action::Fin] => {
                upload.handle(
                    Input::Acked {
                        sent: Sent::Fin,
                        ack: Ack::Taken,
                    },
                    now,
                );
                upload.handle(Input::Answered(FileHave::Ranges(Spans::new())), now)
            }
            [] => upload.handle(Input::Wake, now),
            other => panic!("{other:?}"),
        };
    }
    assert_eq!(rounds, 3);
}

#[test]
fn a_chunk_with_another_digest_or_outside_the_file_is_not_stored() {
    let content = content(1_000);
    let assembly = Assembly::announce(init(&content)).unwrap();
    let digest = Digest::of(&content[..10]);
    assert_eq!(
        assembly.chunk(0, digest, &content[1..11]),
        Err(ChunkRefusal::Digest)
    );
    assert_eq!(
        assembly.chunk(995, digest, &content[..10]),
        Err(ChunkRefusal::OutsideFile)
    );
    assert_eq!(
        assembly.chunk(u64::MAX, digest, &content[..10]),
        Err(ChunkRefusal::OutsideFile)
    );
    assert_eq!(
        assembly.chunk(0, Digest::of(&[]), &[]),
        Err(ChunkRefusal::OutsideFile)
    );
    assert_eq!(
        assembly.chunk(0, digest, &content[..10]),
        Ok(Chunk::Write(Span::new(0, 10).unwrap()))
    );
}

#[test]
fn an_announcement_is_bounded_and_cannot_change() {
    let content = content(1_000);
    let mut announced = init(&content);
    let assembly = Assembly::announce(announced).unwrap();
    assert_eq!(assembly.announced_again(&announced), Ok(()));
    announced.size += 1;
    assert_eq!(
        assembly.announced_again(&announced),
        Err(FileRefusal::Reannounced)
    );
    announced.size = Assembly::MAX_SIZE + 1;
    assert_eq!(Assembly::announce(announced), Err(FileRefusal::TooLarge));
    announced.size = 0;
    assert_eq!(Assembly::announce(announced), Err(FileRefusal::Unreadable));
}

#[test]
fn a_file_with_another_digest_is_thrown_away_and_a_complete_one_is_never_written_again() {
    let content = content(1_000);
    let mut assembly = Assembly::announce(init(&content)).unwrap();
    let whole = Span::new(0, 1_000).unwrap();
    let fin = |assembly: &Assembly| assembly.finish(1_000, Digest::of(&content));
    assert_eq!(fin(&assembly), Finish::Unfinished);
    assembly.stored(whole);
    assert_eq!(fin(&assembly), Finish::Judge);
    assert_eq!(
        assembly.judged(Digest::of(b"other")),
        FileHave::Ranges(Spans::new())
    );
    assembly.stored(whole);
    assert_eq!(assembly.judged(Digest::of(&content)), FileHave::Complete);
    assert_eq!(fin(&assembly), Finish::Complete);
    assert_eq!(assembly.chunk(0, Digest::of(b"evil"), b"evil"), Ok(Chunk::Known));
}
