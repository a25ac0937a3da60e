//! The sheet of safe contact: beside its complaint at headquarters whatever happens, and in no part of it.

use agent::engine::CommitPoint;
use domain::draft::Field;
use domain::plainte::contact::{Channel, SafeContact};
use domain::record::{Act, ActKind};
use simulator::world::{Action, Said};
use tests::acts::{act_id, drafted, read_and_signed};
use tests::watched::Watched;

const COMPLAINT: u8 = 1;

fn in_a_complaint(seed: u64) -> Watched {
    let mut watched = Watched::on_duty(seed);
    let draft = act_id(COMPLAINT);
    watched.play(drafted(draft, ActKind::Plainte));
    for (field, text) in [
        (Field::ContactChannel, "TELEPHONE"),
        (Field::ContactAt, "06 12 34 56 78"),
        (Field::Refuge, "14 impasse du Canari-Refuge"),
    ] {
        fill(&mut watched, field, text);
    }
    watched.play(read_and_signed(draft, ActKind::Plainte));
    watched
}

fn fill(watched: &mut Watched, field: Field, text: &str) {
    let (draft, text) = (act_id(COMPLAINT), text.to_owned());
    watched.act(Said::Fill { draft, field, text }.into());
}

fn sign(watched: &mut Watched) {
    let draft = act_id(COMPLAINT);
    watched.act(Said::Sign { draft }.into());
}

/// The sheet that HQ has of the complaint, and how many it was sent.
fn at_hq(watched: &mut Watched) -> (Option<SafeContact>, usize) {
    let device = simulator::enrol::device_id();
    let transaction = watched.world.gateway().store().begin().unwrap();
    let read = |envelope| {
        let stored = transaction.record(envelope).unwrap().unwrap();
        let record = agent::work::record_of(&stored.record_cose).unwrap();
        let Act::SafeContact(sheet) = record.act else {
            return None;
        };
        Some(*sheet)
    };
    let held = transaction.envelopes().unwrap();
    let sent = held.into_iter().filter_map(read).count();
    let latest = transaction.contact_of(act_id(COMPLAINT), &device).unwrap();
    (latest.and_then(read), sent)
}

#[test]
fn a_sheet_reaches_headquarters_beside_its_complaint_once() {
    let mut watched = in_a_complaint(911);
    sign(&mut watched);
    watched.settle();
    let (sheet, sent) = at_hq(&mut watched);
    let sheet = sheet.expect("the sheet is at HQ");
    assert_eq!(
        (sheet.channel(), sheet.at()),
        (Channel::Telephone, Some("06 12 34 56 78"))
    );
    assert_eq!(sheet.refuge(), Some("14 impasse du Canari-Refuge"));
    assert_eq!((sheet.about, sent), (act_id(COMPLAINT), 1));
}

#[test]
fn a_sheet_whose_signature_a_stop_cuts_off_is_signed_after_the_next_unlock() {
    for point in [
        CommitPoint::Reserved,
        CommitPoint::IntentWritten,
        CommitPoint::ActCommitted,
        CommitPoint::Promoted,
    ] {
        let mut watched = in_a_complaint(912);
        watched.act(Action::CrashAt(point));
        sign(&mut watched);
        watched.play([Action::Start, Action::Unlock, Action::Advance(2_000)]);
        let (_, before) = at_hq(&mut watched);
        assert!(before <= 1, "{point:?}");
        watched.play(read_and_signed(act_id(COMPLAINT), ActKind::Plainte));
        sign(&mut watched);
        watched.settle();
        assert_eq!(at_hq(&mut watched).1, 1, "{point:?}");
    }
}
