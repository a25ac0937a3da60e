//! The vérification d'identité of 78-3 CPP from the check to its destruction, on a clock that is turned forward.

use domain::dialogue::{Intent, Notice, Unsigned};
use domain::draft::Field;
use domain::journal::Operation;
use domain::record::{Act, ActKind};
use domain::verification::Verification;
use domain::{ActId, Digest, UnixMs};
use hq::destruction::{commitment, verify};
use hq::store::FollowUp;
use simulator::world::{Action, Said};
use tests::acts::{self, act_id};
use tests::invariants;
use tests::watched::Watched;

const MINUTE: u64 = 60_000;
const HOUR: u64 = 60 * MINUTE;

/// A check without a document, begun, and the vérification that follows it.
fn begun(seed: u64) -> (Watched, ActId) {
    let mut watched = Watched::on_duty(seed);
    let check = act_id(1);
    let said = |field, text: &str| {
        Action::from(Said::Fill {
            draft: check,
            field,
            text: text.to_owned(),
        })
    };
    watched.play([
        Said::StartDraft {
            id: check,
            kind: ActKind::IdentityCheck,
        }
        .into(),
        said(Field::CheckBasis, "CI-2"),
        said(Field::Grounds, "quitte le magasin en courant"),
        said(Field::Place, "14 rue de la République, Saint-Denis"),
        said(Field::Surname, "CANARI"),
        Action::Advance(10 * MINUTE),
    ]);
    watched.intent(Intent::Verify { check, id: None });
    (watched, Verification::act_id(check))
}

/// `minutes` from now, as an officer types it.
fn hour(watched: &Watched, minutes: i64) -> String {
    let now = watched.world.now();
    let at = now.utc.plus(minutes * 60_000).civil(now.offset_min);
    let (day, month, year) = (at.day(), at.month(), at.year());
    format!(
        "{day:02}/{month:02}/{year:04} {:02}:{:02}",
        at.hour(),
        at.minute()
    )
}

fn fill(watched: &mut Watched, draft: ActId, fields: &[(Field, &str)]) {
    for (field, text) in fields {
        watched.act(
            Said::Fill {
                draft,
                field: *field,
                text: (*text).to_owned(),
            }
            .into(),
        );
    }
}

/// Everything that the act needs; the person goes now.
fn complete(watched: &mut Watched, draft: ActId) {
    let now = hour(watched, 0);
    fill(
        watched,
        draft,
        &[
            (Field::Commune, "93066"),
            (Field::VerificationGround, "REFUS"),
            (Field::VerificationReasons, "ne montre aucun titre et ne dit rien"),
            (Field::Presentation, "SUR-PLACE"),
            (Field::PresentationMoment, &now),
            (Field::DecidingOpj, "7654321"),
            (Field::DecisionMoment, &now),
            (Field::RetentionNotice, "fr"),
            (Field::ProsecutorWish, "non"),
            (Field::RelativeWish, "non"),
            (Field::Minority, "non"),
            (Field::PrintsAuthority, "AUCUNE"),
            (Field::Finding, "NON-ETABLIE"),
            (Field::VerificationMeans, "aucun titre, aucun témoin"),
            (Field::FollowUp, "EN-ATTENTE"),
            (Field::HandedCopy, "REMISE"),
            (Field::RetentionEnd, &now),
        ],
    );
}

/// Read to the person, who refuses to sign, and signed by the officer.
fn sign(watched: &mut Watched, draft: ActId) {
    watched.act(Said::ReadBack { draft }.into());
    watched.intent(Intent::LeaveUnsigned {
        draft,
        signer: 0,
        why: Unsigned::Refuses,
        reason: "ne veut rien signer".to_owned(),
    });
    watched.act(Said::Sign { draft }.into());
    watched.act(Action::Advance(20_000));
}

fn purged(watched: &Watched) -> Vec<Digest> {
    let journal = watched.world.engine().unwrap().device().journal().unwrap();
    journal
        .iter()
        .filter_map(|entry| {
            let Operation::Purged { record } = entry.operation else {
                return None;
            };
            Some(record)
        })
        .collect()
}

/// What the officer was told of the end, in the order in which it was told.
fn told(watched: &Watched) -> Vec<Notice> {
    let of_a_retention = |notice: &&Notice| {
        matches!(
            notice,
            Notice::RetentionNears { .. } | Notice::RetentionOver { .. }
        )
    };
    watched
        .world
        .board
        .notices
        .iter()
        .filter(of_a_retention)
        .copied()
        .collect()
}

#[test]
fn cpp_78_3_the_hours_are_told_before_their_end_locked_or_not_and_after_a_restart() {
    let (mut watched, draft) = begun(780);
    let home = |watched: &Watched| watched.world.board.home.as_ref().unwrap().retentions.clone();
    let held = home(&watched);
    assert_eq!((held.len(), held[0].draft, held[0].left_min), (1, draft, 230));
    let shown = watched.world.board.draft.as_ref().unwrap().retention.unwrap();
    assert_eq!((shown.draft, shown.from), (draft, held[0].from));
    assert_eq!(told(&watched), []);

    let nears = |minutes| Notice::RetentionNears { draft, minutes };
    watched.act(Action::Advance(171 * MINUTE));
    assert_eq!(told(&watched), [nears(59)], "an hour before the end");
    // Nobody is at work, and the terminal says it all the same.
    watched.act(Said::Lock.into());
    watched.act(Action::Advance(30 * MINUTE));
    assert_eq!(told(&watched), [nears(59), nears(29)]);
    watched.act(Action::Kill);
    watched.act(Action::Advance(15 * MINUTE));
    watched.act(Action::Start);
    watched.act(Action::Advance(6 * MINUTE));
    let after = told(&watched);
    assert!(
        after.contains(&nears(9)),
        "after a restart the clock goes on: {after:?}"
    );
    watched.act(Action::Unlock);
    watched.act(Action::Advance(10 * MINUTE));
    let over = told(&watched)
        .into_iter()
        .any(|notice| matches!(notice, Notice::RetentionOver { .. }));
    assert!(over, "past the end it is told again");
    assert!(home(&watched)[0].left_min < 0);
    let warned = watched.world.board.notices.len();

    watched.intent(Intent::OpenDraft { draft });
    complete(&mut watched, draft);
    assert_eq!(home(&watched), [], "the end is written down");
    watched.act(Action::Advance(30 * MINUTE));
    let later = &watched.world.board.notices[warned..];
    assert!(
        !later
            .iter()
            .any(|notice| matches!(notice, Notice::RetentionOver { .. }))
    );
}

#[test]
fn cpp_78_3_a_clock_that_is_set_back_gives_nobody_more_time() {
    let (mut watched, _) = begun(781);
    let now = watched.world.now().utc;
    watched.world.set_clock(now.plus(-3 * 3_600_000));
    watched.act(Action::Advance(225 * MINUTE));
    assert!(
        told(&watched)
            .iter()
            .any(|notice| matches!(notice, Notice::RetentionNears { minutes, .. } if *minutes < 10))
    );
}

#[test]
fn cpp_78_3_six_months_later_the_pv_and_all_its_pieces_are_gone_on_both_sides_and_hq_proves_it() {
    let (mut watched, draft) = begun(782);
    complete(&mut watched, draft);
    sign(&mut watched, draft);
    assert!(watched.is_received(draft));
    let record = watched.record_at_hq(draft).unwrap();
    assert!(matches!(record.act, Act::Verification(_)));
    assert_eq!(
        record.document.is_some(),
        watched.at_hq(draft, "document.pdf").is_some()
    );
    let term = record.retention.unwrap().until;
    watched.intent(Intent::ShowDocument { act: draft });
    assert!(
        watched.document().is_some(),
        "before its term the officer reads it"
    );
    let digest = invariants::acts(&watched.world)
        .unwrap()
        .into_iter()
        .find(|row| row.act == draft)
        .unwrap()
        .record;

    watched.act(Said::Lock.into());
    let gateway = watched.world.gateway();
    assert_eq!(gateway.purge(term).unwrap().records, 0, "not before its term");
    watched.world.set_clock(term.plus(3_600_000));
    watched.act(Action::Advance(2 * HOUR));
    assert_eq!(purged(&watched), [digest], "the key goes while nobody is at work");
    watched.act(Action::Kill);
    watched.act(Action::Start);
    watched.act(Action::Unlock);
    watched.intent(Intent::ShowDocument { act: draft });
    assert_eq!(watched.document(), None);

    let gateway = watched.world.gateway();
    assert_eq!(gateway.purge(term.plus(1)).unwrap().records, 1);
    let signer = gateway.pki().receipt().certificate().clone();
    let transaction = gateway.store().begin().unwrap();
    let [tombstone] = transaction.tombstones().unwrap().try_into().unwrap();
    let stated = verify(tombstone.proof.as_deref().unwrap(), &signer).unwrap();
    assert_eq!(
        (stated, stated.until, stated.at),
        (tombstone.destruction, term, term.plus(1))
    );
    // Whoever has the record's digest shows that it is this one; without the salt nobody does.
    let salt = transaction.tombstone_salt(stated.commitment).unwrap().unwrap();
    assert_eq!(commitment(&salt, &digest), stated.commitment);
    assert_ne!(commitment(&salt, &Digest::of(b"another")), stated.commitment);
    assert!(transaction.destroy_salt(stated.commitment).unwrap());
    assert!(transaction.tombstone_salt(stated.commitment).unwrap().is_none());
    assert!(!transaction.tombstones().unwrap()[0].has_salt);
    drop(transaction);
    assert_eq!(watched.record_at_hq(draft), None);
    assert_eq!(watched.at_hq(draft, "document.pdf"), None);
}

#[test]
fn cpp_78_3_what_a_procedure_follows_is_not_destroyed() {
    let (mut watched, draft) = begun(783);
    complete(&mut watched, draft);
    sign(&mut watched, draft);
    let term = watched.record_at_hq(draft).unwrap().retention.unwrap().until;
    let officer = watched.record_at_hq(draft).unwrap().context.author.id;
    let gateway = watched.world.gateway();
    let transaction = gateway.store().begin().unwrap();
    let follow_up = FollowUp {
        procedure: "2026/004512".to_owned(),
        officer,
        at: term.plus(-UnixMs::DAY),
    };
    assert!(transaction.record_follow_up(draft, &follow_up).unwrap());
    let again = FollowUp {
        procedure: "2026/000001".to_owned(),
        ..follow_up.clone()
    };
    assert!(
        !transaction.record_follow_up(draft, &again).unwrap(),
        "what was said stays"
    );
    assert_eq!(transaction.follow_up(draft).unwrap(), Some(follow_up));
    transaction.commit().unwrap();
    assert_eq!(gateway.purge(term.plus(1)).unwrap().records, 0);
    assert!(gateway.store().begin().unwrap().tombstones().unwrap().is_empty());
    assert!(watched.record_at_hq(draft).is_some());
}

#[test]
fn cpp_78_3_no_memory_of_it_is_handed_to_another_system() {
    let (mut watched, draft) = begun(784);
    complete(&mut watched, draft);
    sign(&mut watched, draft);
    watched.intent(Intent::HandOver { act: draft });
    assert!(watched.was_told(Notice::NotHandedOver { act: draft }));
}

#[test]
fn a_verification_is_begun_once_from_a_check_that_is_signed_too() {
    let mut watched = Watched::on_duty(785);
    let check = act_id(1);
    watched.play(acts::drawn_up(check, ActKind::IdentityCheck));
    let begun = watched.world.now().utc;
    watched.act(Action::Advance(5 * MINUTE));
    watched.intent(Intent::Verify { check, id: None });
    let draft = watched.world.board.draft.clone().unwrap();
    assert_eq!(
        (draft.draft, draft.kind),
        (Verification::act_id(check), ActKind::Verification)
    );
    let from = draft.retention.unwrap().from;
    assert!(from <= begun, "from the start of the check");
    watched.intent(Intent::Verify { check, id: None });
    let retentions = watched.world.board.home.as_ref().unwrap().retentions.len();
    assert_eq!(retentions, 1);
}
