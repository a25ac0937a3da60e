//! What a camera signed of itself, in the folder of a clip: gaps and whose it was, and every way to spoil them.

use domain::Digest;
use domain::footage::{Assignment, CameraSaid, Manifest};
use domain::officer::{Corps, Matricule};
use domain::record::{Act, Record};
use evidence::log::{NotAnEvent, join};
use evidence::report::{Fault, Link, Outcome, Question, Report, Verdict, verify};

use crate::fixture::{Changes, NONE, World, with_new_sums};

fn report(world: &World, changes: &Changes, file: &[u8]) -> Report {
    let (files, _) = world.clip_carrying(changes, false, Some(file));
    verify(&files, std::slice::from_ref(&world.root), &[])
}

fn manifest(record: &mut Record) -> &mut Manifest {
    let Act::Footage(manifest) = &mut record.act else {
        unreachable!("the record of a clip")
    };
    manifest
}

#[track_caller]
fn check(report: &Report, fault: &Fault) {
    let found = report.verdict(Question::CameraEvents);
    assert_eq!(found, Some(&Verdict::Failed(vec![fault.clone()])));
    assert!(report.claims.events.is_empty() || matches!(fault, Fault::Link(_)));
    assert_ne!(report.outcome(), Outcome::Ok);
}

#[test]
fn t17_a_clip_tells_what_its_camera_lost_and_whose_it_was() {
    let world = World::new();
    let report = report(&world, &NONE, &join(&world.events()));
    assert_eq!(report.outcome(), Outcome::Ok);
    assert_eq!(report.verdict(Question::CameraEvents), Some(&Verdict::Ok));
    let said: Vec<_> = report.claims.events.iter().map(|event| &event.said).collect();
    assert!(
        matches!(
            said.as_slice(),
            [CameraSaid::Gap(_), CameraSaid::Assigned { to: Some(_), .. }]
        ),
        "{said:?}"
    );
}

#[test]
fn t17_every_flipped_byte_of_the_events_is_tampered() {
    let world = World::new();
    let file = join(&world.events());
    let (files, _) = world.clip_carrying(&NONE, false, Some(&file));
    for at in 0..file.len() {
        let mut files = files.clone();
        files.get_mut("events.cose").unwrap()[at] ^= 1;
        let report = verify(&with_new_sums(files), std::slice::from_ref(&world.root), &[]);
        check(&report, &Fault::CameraEvents(NotAnEvent::Carried));
        assert_eq!(report.outcome(), Outcome::Tampered, "byte {at}");
    }
}

#[test]
fn t17_an_event_that_was_taken_out_or_comes_from_another_camera_is_found() {
    let world = World::new();
    let events = world.events();
    let less = join(&events[..1]);
    check(
        &report(&world, &NONE, &less),
        &Fault::CameraEvents(NotAnEvent::Carried),
    );
    let swapped = join(&[events[1].clone(), events[0].clone()]);
    check(
        &report(&world, &NONE, &swapped),
        &Fault::CameraEvents(NotAnEvent::Replayed { found: 1 }),
    );
    let foreign = join(&World::new().events());
    check(
        &report(&world, &NONE, &foreign),
        &Fault::CameraEvents(NotAnEvent::Signature),
    );
}

#[test]
fn events_that_the_manifest_names_must_be_there_and_no_others() {
    let world = World::new();
    let file = join(&world.events());
    let (mut files, _) = world.clip_carrying(&NONE, false, Some(&file));
    files.remove("events.cose");
    let missing = verify(&with_new_sums(files), std::slice::from_ref(&world.root), &[]);
    assert_eq!(missing.outcome(), Outcome::Incomplete);
    assert_eq!(
        missing.verdict(Question::CameraEvents),
        Some(&Verdict::NotChecked)
    );
    let unnamed = Changes {
        record: |record| manifest(record).events = None,
        ..NONE
    };
    assert_eq!(report(&world, &unnamed, &file).outcome(), Outcome::Incomplete);
}

#[test]
fn a_manifest_names_the_officer_that_the_camera_named() {
    let world = World::new();
    let another = Changes {
        record: |record| {
            manifest(record).assigned = Some(Assignment {
                to: Matricule::parse(Corps::PoliceNationale, "7654321").unwrap(),
                counter: 2,
                event: Digest::of(b"event"),
            });
        },
        ..NONE
    };
    let report = report(&world, &another, &join(&world.events()));
    check(&report, &Fault::Link(Link::CameraAssigned));
    assert_eq!(report.outcome(), Outcome::Tampered);
}
