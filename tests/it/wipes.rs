//! Wipes: interrupted at every step, proven to a stranger, and total only by two persons' word.

use std::collections::BTreeSet;

use agent::engine::CommitPoint;
use agent::site::Site;
use domain::delivery::Delivery;
use domain::dialogue::LockState;
use domain::journal::Operation;
use domain::orders::{
    APPROVAL, Approvals, Ban, Command, Destroyed, Found, ORDER, Order, OrderOutcome, OrderReport,
    SignedApproval,
};
use domain::record::ActKind;
use domain::{DeviceId, UnixMs, encode};
use evidence::folder::{Files, WipeEvidence, wipe_folder};
use evidence::report::{Outcome, Question, Verdict, verify};
use hq::Pki;
use hq::approvals::{ApprovalError, Progress, approve, ask, deny};
use hq::pki::{Signer, read_approver};
use simulator::enrol;
use simulator::world::Action;
use sync::{DownLane, Topic};
use tests::acts::{self, act_id};
use tests::watched::Watched;
use trust::cert::Certificate;
use trust::cose::{self, Namespace};

fn state(watched: &Watched) -> LockState {
    watched.world.board.lock.as_ref().unwrap().state
}

fn journal(watched: &Watched) -> Vec<Operation> {
    let journal = watched.world.engine().unwrap().device().journal().unwrap();
    journal.into_iter().map(|entry| entry.operation).collect()
}

fn outcomes(watched: &Watched) -> Vec<(u64, OrderOutcome)> {
    let ordered = journal(watched).into_iter().filter_map(|operation| {
        if let Operation::Ordered { sequence, outcome } = operation {
            Some((sequence, outcome))
        } else {
            None
        }
    });
    ordered.collect()
}

fn pki(watched: &Watched) -> Pki {
    enrol::pki(&watched.world.layout().pki(), watched.world.now().utc).unwrap()
}

fn person(watched: &Watched, name: &str) -> Signer {
    let offline = watched.world.layout().pki().join("offline");
    let file = |extension| offline.join(format!("approver-{name}.{extension}"));
    read_approver(&file("key"), &file("pem")).unwrap()
}

/// The proof of the order `sequence`, as HQ hands it out.
fn proof(watched: &mut Watched, sequence: u64) -> (Files, Certificate, Destroyed) {
    let pki = pki(watched);
    let device = enrol::device_id();
    let transaction = watched.world.gateway().store().begin().unwrap();
    let statements = transaction.reports(&device, sequence).unwrap();
    let [statement] = statements.as_slice() else {
        panic!("one statement")
    };
    let signed = cose::parse(statement).unwrap();
    let report: OrderReport = domain::decode(&signed.payload).unwrap();
    let Found::Destroyed(destroyed) = report.found else {
        panic!("a wipe is stated")
    };
    let signer = transaction.certificate(&signed.x5t.unwrap()).unwrap().unwrap();
    let files = wipe_folder(&WipeEvidence {
        order: &transaction.order(&device, sequence).unwrap().unwrap(),
        statement,
        command: pki.command().certificate().der(),
        device: signer.der(),
        authorities: &[pki.issuing().der()],
    });
    (files.unwrap(), pki.root().clone(), destroyed)
}

/// What a thief finds of officers and of acts on their way.
fn left(watched: &Watched) -> BTreeSet<String> {
    let site = Site::new(watched.world.layout().terminal());
    let mut left = BTreeSet::new();
    for officer in site.officers().unwrap() {
        if site.officer_dir(officer).join("slot.cbor").exists() {
            left.insert("slot".to_owned());
        }
        if site.officer_db(officer).exists() {
            left.insert("database".to_owned());
        }
    }
    let entries = |folder: std::path::PathBuf| std::fs::read_dir(folder).into_iter().flatten();
    if entries(site.parts()).count() > 0 {
        left.insert("parts".to_owned());
    }
    let clips = entries(site.footage()).filter(|entry| entry.as_ref().unwrap().path().is_dir());
    if clips.count() > 0 {
        left.insert("footage".to_owned());
    }
    left
}

/// Wherever the terminal dies on the way, nothing is left, every act that HQ lacks is named in the journal, and a stranger
/// verifies the terminal's statement with both approvals.
#[test]
fn a_total_wipe_interrupted_at_every_step_leaves_nothing_and_is_proven() {
    let mut deaths = 0;
    for point in std::iter::once(None).chain(CommitPoint::WIPE.map(Some)) {
        let mut watched = Watched::on_duty(980);
        watched.play(acts::drawn_up(act_id(1), ActKind::Pv));
        watched.act(Action::Advance(20_000));
        assert!(watched.is_received(act_id(1)));
        watched.act(Action::Cut);
        watched.play(acts::drawn_up(act_id(2), ActKind::Pv));
        watched.play(acts::drafted(act_id(3), ActKind::Plainte));
        let record = tests::invariants::acts(&watched.world).unwrap();
        let record = record.iter().find(|row| row.act == act_id(2)).unwrap().record;
        let (mut told, mut gone) = (0, false);
        // The order arrives by hand, since the act must not leave first.
        watched.act(Action::Order(Command::WipeAll));
        if let Some(point) = point {
            watched.act(Action::CrashAt(point));
        }
        let order = given(&mut watched, 1);
        to_terminal(&mut watched, order);
        if point.is_some() {
            assert!(!watched.world.is_running(), "{point:?}: it did not die there");
            deaths += 1;
            watched.act(Action::Start);
        }
        assert_eq!(state(&watched), LockState::Banned(Ban::Wiped), "{point:?}");
        assert_eq!(left(&watched), BTreeSet::new(), "{point:?}");
        for operation in journal(&watched) {
            told += usize::from(
                matches!(operation, Operation::EvidenceDestroyed { record: gone, sequence: 1 } if gone == record),
            );
            gone |= matches!(
                operation,
                Operation::Ordered {
                    sequence: 1,
                    outcome: OrderOutcome::Done
                }
            );
        }
        assert_eq!((told, gone), (1, true), "{point:?}");
        watched.play([Action::Unlock, Action::Restore, Action::Advance(700_000)]);
        assert_eq!(state(&watched), LockState::Banned(Ban::Wiped));
        let rows = tests::invariants::acts(&watched.world).unwrap();
        assert_eq!(rows.len(), 1, "{point:?}: only what HQ has stays");
        assert!(matches!(rows[0].delivery, Delivery::Received { .. }));

        let (files, root, destroyed) = proof(&mut watched, 1);
        assert_eq!(
            (
                destroyed.officers,
                destroyed.kept,
                destroyed.acts,
                destroyed.named
            ),
            (1, 0, 1, vec![record]),
            "{point:?}"
        );
        let report = verify(&files, std::slice::from_ref(&root), &[]);
        assert_eq!(report.outcome(), Outcome::Ok, "{point:?}: {report:?}");
        let approvers = report.claims.wipe.unwrap().approvers;
        assert_eq!(approvers, ["approver.first", "approver.second"]);
    }
    assert_eq!(deaths, CommitPoint::WIPE.len());
}

/// The order `sequence` as HQ signed it.
fn given(watched: &mut Watched, sequence: u64) -> Vec<u8> {
    let transaction = watched.world.gateway().store().begin().unwrap();
    transaction.order(&enrol::device_id(), sequence).unwrap().unwrap()
}

fn to_terminal(watched: &mut Watched, payload: Vec<u8>) {
    let topic = Topic::Down(enrol::device_id(), DownLane::Cmd);
    watched.world.forge(&topic, payload).unwrap();
}

#[test]
fn a_wipe_that_preserves_evidence_dies_at_every_step_and_its_proof_says_what_was_kept() {
    let steps = CommitPoint::WIPE
        .into_iter()
        .filter(|point| !matches!(point, CommitPoint::EvidenceDestroyed | CommitPoint::FilesRemoved));
    for point in steps {
        let mut watched = Watched::on_duty(981);
        watched.act(Action::Cut);
        watched.play(acts::drawn_up(act_id(1), ActKind::Pv));
        watched.act(Action::Order(Command::Wipe));
        let order = given(&mut watched, 1);
        watched.act(Action::CrashAt(point));
        to_terminal(&mut watched, order);
        assert!(!watched.world.is_running(), "{point:?}: it did not die there");
        watched.play([Action::Start, Action::Restore, Action::Advance(700_000)]);
        assert_eq!(left(&watched), BTreeSet::new(), "{point:?}");
        assert!(watched.is_received(act_id(1)), "{point:?}");
        let (files, root, destroyed) = proof(&mut watched, 1);
        assert_eq!(
            (destroyed.officers, destroyed.kept, destroyed.acts),
            (1, 1, 0),
            "{point:?}"
        );
        let report = verify(&files, std::slice::from_ref(&root), &[]);
        assert_eq!(report.outcome(), Outcome::Ok, "{point:?}: {report:?}");
        assert_eq!(report.verdict(Question::Approvals), None, "it takes none");
    }
}

/// A person's word on `order`, as [`approve`] makes it.
fn word(person: &Signer, order: &Order) -> SignedApproval {
    SignedApproval {
        certificate: person.certificate().der().to_vec(),
        approval: person.sign(Namespace::Approval, APPROVAL, &encode(&order.to_approve())),
    }
}

/// HQ's command key is in the wrong hands: it signs whatever is asked of it.
fn stolen(pki: &Pki, order: &Order, signed: Vec<SignedApproval>) -> Vec<u8> {
    let order = Order {
        body: Some(encode(&Approvals { signed })),
        ..order.clone()
    };
    pki.command().sign(Namespace::Order, ORDER, &encode(&order))
}

/// What is put into the body of an order that is not approved: keys, the order, another device's, two persons.
type Attempt = fn(&Pki, &Order, &Order, &Signer, &Signer) -> Vec<SignedApproval>;

#[test]
fn the_command_key_alone_destroys_no_evidence() {
    let mut watched = Watched::on_duty(982);
    watched.act(Action::Cut);
    watched.play(acts::drawn_up(act_id(1), ActKind::Pv));
    let pki = pki(&watched);
    let (first, second) = (person(&watched, "first"), person(&watched, "second"));
    let mut order = Order {
        device: enrol::device_id(),
        sequence: 1,
        not_after: watched.world.now().utc.plus(UnixMs::DAY),
        command: Command::WipeAll,
        body: None,
    };
    let elsewhere = Order {
        device: DeviceId::parse("neo-000008").unwrap(),
        ..order.clone()
    };
    let attempts: [Attempt; 9] = [
        |_, _, _, _, _| Vec::new(),
        |_, order, _, first, _| vec![word(first, order)],
        |_, order, _, first, _| vec![word(first, order), word(first, order)],
        // The second approved another device's order.
        |_, order, elsewhere, first, second| vec![word(first, order), word(second, elsewhere)],
        // Both approved the order after this one.
        |_, order, _, first, second| {
            let next = Order {
                sequence: order.sequence + 1,
                ..order.clone()
            };
            vec![word(first, &next), word(second, &next)]
        },
        // Both approved that evidence is preserved.
        |_, order, _, first, second| {
            let preserving = Order {
                command: Command::Wipe,
                ..order.clone()
            };
            vec![word(first, &preserving), word(second, &preserving)]
        },
        // Both approved it for a shorter time.
        |_, order, _, first, second| {
            let shorter = Order {
                not_after: order.not_after.plus(-1),
                ..order.clone()
            };
            vec![word(first, &shorter), word(second, &shorter)]
        },
        // The command key approves its own order.
        |pki, order, _, first, _| vec![word(first, order), word(pki.command(), order)],
        // One person's word under the other's certificate.
        |_, order, _, first, second| {
            let mut borrowed = word(first, order);
            borrowed.certificate = second.certificate().der().to_vec();
            vec![word(first, order), borrowed]
        },
    ];
    for (count, attempt) in (1..).zip(attempts) {
        let signed = attempt(&pki, &order, &elsewhere, &first, &second);
        to_terminal(&mut watched, stolen(&pki, &order, signed));
        assert_eq!(
            outcomes(&watched).last(),
            Some(&(count, OrderOutcome::Unapproved))
        );
        assert_eq!(state(&watched), LockState::Unlocked, "attempt {count}");
        order.sequence += 1;
    }
    // A start carries none of them out.
    watched.play([Action::Kill, Action::Start, Action::Unlock]);
    assert_eq!(state(&watched), LockState::Unlocked);
    // Approved, and past its moment.
    let mut late = order.clone();
    late.not_after = watched.world.now().utc.plus(-1);
    let signed = vec![word(&first, &late), word(&second, &late)];
    to_terminal(&mut watched, stolen(&pki, &late, signed));
    assert_eq!(
        outcomes(&watched).last(),
        Some(&(order.sequence, OrderOutcome::Expired))
    );
    assert_eq!(state(&watched), LockState::Unlocked);
    // One that was approved counts once, for its place in the sequence, whatever the broker does with it.
    order.sequence += 1;
    let next = Order {
        sequence: order.sequence + 1,
        ..order.clone()
    };
    let true_words = vec![word(&first, &order), word(&second, &order)];
    for replayed in [
        stolen(&pki, &next, true_words.clone()),
        stolen(&pki, &elsewhere, true_words.clone()),
    ] {
        to_terminal(&mut watched, replayed);
        assert_eq!(state(&watched), LockState::Unlocked);
    }
    watched.play([Action::Restore, Action::Advance(700_000), Action::Unlock]);
    assert!(watched.is_received(act_id(1)), "nothing of it was lost");
    watched.finish();
}

#[test]
fn a_crash_after_an_order_that_counts_for_nothing_does_not_make_it_count() {
    for approved in [false, true] {
        let mut watched = Watched::on_duty(983);
        watched.play(acts::drawn_up(act_id(1), ActKind::Pv));
        let pki = pki(&watched);
        let mut order = Order {
            device: enrol::device_id(),
            sequence: 1,
            not_after: watched.world.now().utc.plus(UnixMs::DAY),
            command: Command::WipeAll,
            body: None,
        };
        let mut signed = Vec::new();
        if approved {
            order.not_after = watched.world.now().utc.plus(-1);
            signed = ["first", "second"]
                .map(|name| word(&person(&watched, name), &order))
                .to_vec();
        }
        watched.act(Action::CrashAt(CommitPoint::OrderTaken));
        to_terminal(&mut watched, stolen(&pki, &order, signed));
        assert!(!watched.world.is_running());
        watched.play([Action::Start, Action::Unlock]);
        assert_eq!(state(&watched), LockState::Unlocked);
        let outcome = if approved {
            OrderOutcome::Expired
        } else {
            OrderOutcome::Unapproved
        };
        assert_eq!(outcomes(&watched), [(1, outcome)]);
        watched.finish();
    }
}

#[test]
fn the_queue_takes_two_others_once_each_and_gives_exactly_what_they_signed() {
    let mut watched = Watched::on_duty(984);
    let pki = pki(&watched);
    let (first, second) = (person(&watched, "first"), person(&watched, "second"));
    let now = watched.world.now().utc;
    let until = now.plus(UnixMs::DAY);
    let device = enrol::device_id();
    let store = watched.world.gateway().store();
    let unknown = DeviceId::parse("neo-000404").unwrap();
    assert!(matches!(
        ask(store, &[unknown], Command::WipeAll, "x", until, now),
        Err(ApprovalError::Unknown { .. })
    ));
    let devices = [device.clone()];
    let own = ask(store, &devices, Command::WipeAll, "First", until, now).unwrap();
    assert!(matches!(
        approve(store, &pki, own, &first, now),
        Err(ApprovalError::OwnRequest { .. })
    ));
    assert_eq!(
        approve(store, &pki, own, &second, now).unwrap(),
        Progress::Waits { missing: 1 }
    );
    assert!(matches!(
        approve(store, &pki, own, &second, now),
        Err(ApprovalError::Twice { .. })
    ));
    assert!(matches!(
        approve(store, &pki, own, pki.command(), now),
        Err(ApprovalError::NotAnApprover(_))
    ));
    deny(store, &pki, own, &first, now).unwrap();
    assert!(matches!(
        approve(store, &pki, own, &first, now),
        Err(ApprovalError::Decided { .. })
    ));
    assert_eq!(store.begin().unwrap().last_order(&device).unwrap(), 0);

    // Another order comes in between: what they signed is not that any more.
    let overtaken = ask(store, &devices, Command::WipeAll, "chef", until, now).unwrap();
    approve(store, &pki, overtaken, &first, now).unwrap();
    hq::orders::issue(store, &pki, &device, Command::Unlock, until, now).unwrap();
    assert!(matches!(
        approve(store, &pki, overtaken, &second, now),
        Err(ApprovalError::Overtaken { .. })
    ));
    let late = until.plus(1);
    assert!(matches!(
        approve(store, &pki, overtaken, &second, late),
        Err(ApprovalError::Expired { .. })
    ));
    let again = ask(store, &devices, Command::WipeAll, "chef", until, now).unwrap();
    approve(store, &pki, again, &second, now).unwrap();
    assert_eq!(
        approve(store, &pki, again, &first, now).unwrap(),
        Progress::Given { orders: 1 }
    );
    let orders = watched
        .world
        .gateway()
        .store()
        .begin()
        .unwrap()
        .orders(&device)
        .unwrap();
    let commands: Vec<Command> = orders.iter().map(|order| order.command).collect();
    assert_eq!(commands, [Command::Unlock, Command::WipeAll]);
    for sequence in 1..=2 {
        let order = given(&mut watched, sequence);
        to_terminal(&mut watched, order);
    }
    assert_eq!(state(&watched), LockState::Banned(Ban::Wiped));
}

#[test]
fn a_proof_with_anything_changed_does_not_pass() {
    let mut watched = Watched::on_duty(985);
    watched.play(acts::drawn_up(act_id(1), ActKind::Pv));
    watched.play([
        Action::Advance(20_000),
        Action::Order(Command::WipeAll),
        Action::Advance(700_000),
    ]);
    let (files, root, _) = proof(&mut watched, 1);
    let outcome = |files: &Files| verify(files, std::slice::from_ref(&root), &[]).outcome();
    assert_eq!(outcome(&files), Outcome::Ok);
    let mut changed = 0;
    for (name, bytes) in &files {
        for at in (0..bytes.len()).step_by(7) {
            let mut other = files.clone();
            other.get_mut(name).unwrap()[at] ^= 1;
            assert_ne!(outcome(&other), Outcome::Ok, "{name} at {at}");
            changed += 1;
        }
        let mut without = files.clone();
        without.remove(name);
        assert_ne!(outcome(&without), Outcome::Ok, "without {name}");
    }
    assert!(changed > 300);
    let stranger = tempfile::tempdir().unwrap();
    let stranger = Pki::create(&stranger.path().join("pki"), watched.world.now().utc).unwrap();
    let elsewhere = verify(&files, std::slice::from_ref(stranger.root()), &[]);
    assert_eq!(elsewhere.outcome(), Outcome::Untrusted);
    assert_eq!(verify(&files, &[], &[]).outcome(), Outcome::Untrusted);

    // The order without its approvals, signed again by the command key.
    let pki = pki(&watched);
    let order: Order = domain::decode(&cose::parse(&files["order.cose"]).unwrap().payload).unwrap();
    let one = {
        let body = order.body.as_deref().unwrap();
        let mut approvals: Approvals = domain::decode(body).unwrap();
        approvals.signed.truncate(1);
        approvals.signed
    };
    let mut forged = files.clone();
    forged.insert("order.cose".to_owned(), stolen(&pki, &order, one));
    let report = verify(&forged, std::slice::from_ref(&root), &[]);
    assert!(matches!(
        report.verdict(Question::Approvals),
        Some(Verdict::Failed(_))
    ));
    assert_ne!(report.outcome(), Outcome::Ok);
}
