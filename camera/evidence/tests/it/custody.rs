//! What was said of a recording, in the folder of its clip: the chain from the manifest on, and every way to break it.

use domain::footage::custody::{Category, ClipNote, NotNext, Procedure, Said};
use domain::id::OfficerId;
use domain::record::{Act, Record};
use evidence::folder::Files;
use evidence::report::{Fault, Limit, Link, Outcome, Question, Report, Verdict, verify};

use crate::fixture::{World, with_new_sums};
use crate::flips;

fn said() -> Vec<Said> {
    vec![
        Said::Category(Category::Arrest),
        Said::Note(ClipNote::parse("sort du hall en courant").unwrap()),
        Said::Hold(Procedure::parse("2026/000412").unwrap()),
    ]
}

fn report(world: &World, files: &Files) -> Report {
    verify(files, std::slice::from_ref(&world.root), &[])
}

fn faults(report: &Report, question: Question) -> Vec<Fault> {
    match report.verdict(question) {
        Some(Verdict::Failed(faults)) => faults.clone(),
        Some(Verdict::Ok | Verdict::NotChecked) | None => Vec::new(),
    }
}

#[test]
fn a_chain_of_statements_is_followed_to_its_end() {
    let world = World::new();
    let report = report(&world, &world.clip_with(&said(), |_| {}));
    assert_eq!(report.outcome(), Outcome::Ok);
    assert_eq!((report.checks.len(), report.claims.custody), (16, 3));
    assert!(report.limits.contains(&Limit::LaterCustody));
}

#[test]
fn every_flipped_bit_of_a_statement_is_noticed() {
    let world = World::new();
    let files = world.clip_with(&said()[..1], |_| {});
    let step = |name: &str| if name.starts_with("custody/") { 1 } else { 4096 };
    assert!(flips::check(&world, &files, step) > 1000);
}

#[test]
fn a_statement_that_is_dropped_swapped_or_by_another_is_named() {
    let world = World::new();
    let whole = world.clip_with(&said(), |_| {});
    let file = |place: u32, extension: &str| format!("custody/{place:08}.{extension}");
    let mut dropped = whole.clone();
    for extension in ["cose", "pem"] {
        for place in [1, 2] {
            let next = dropped.remove(&file(place + 1, extension)).unwrap();
            dropped.insert(file(place, extension), next);
        }
    }
    let dropped = report(&world, &with_new_sums(dropped));
    assert_eq!(dropped.outcome(), Outcome::Tampered);
    assert!(faults(&dropped, Question::Custody).contains(&Fault::Custody(NotNext::Early { place: 2 })));

    let mut missing = whole.clone();
    missing.remove(&file(2, "cose"));
    let missing = report(&world, &with_new_sums(missing));
    assert!(matches!(
        missing.outcome(),
        Outcome::Incomplete | Outcome::Tampered
    ));

    let mut other = whole;
    other.insert("custody/00000009.txt".to_owned(), b"x".to_vec());
    assert_eq!(
        report(&world, &with_new_sums(other)).outcome(),
        Outcome::Incomplete
    );

    let another = world.clip_with(&said(), |statement| {
        statement.context.author.id = OfficerId::from_bytes([9; 16]);
    });
    let another = report(&world, &another);
    assert_eq!(another.outcome(), Outcome::Tampered);
    for link in [Link::CustodyHolder, Link::CustodyAuthor] {
        assert!(faults(&another, Question::Custody).contains(&Fault::Link(link)));
    }
}

#[test]
fn a_statement_on_another_recording_or_that_withdraws_a_hold_is_tampered() {
    let world = World::new();
    let on_another = |statement: &mut Record| {
        if let Act::Custody(custody) = &mut statement.act {
            custody.root = domain::canonical::Digest::of(b"another");
        }
    };
    let other = report(&world, &world.clip_with(&said(), on_another));
    assert_eq!(other.outcome(), Outcome::Tampered);
    assert!(faults(&other, Question::Custody).contains(&Fault::Custody(NotNext::OtherRoot)));
    let withdrawn = [said(), vec![Said::Withdrawn(3)]].concat();
    let withdrawn = report(&world, &world.clip_with(&withdrawn, |_| {}));
    assert!(faults(&withdrawn, Question::Custody).contains(&Fault::Custody(NotNext::Withdraws { place: 4 })));
}
