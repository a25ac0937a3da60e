//! The folder of an act: good, spoiled byte by byte, and put together from parts that do not belong together.

use std::time::Instant;

use domain::UnixMs;
use domain::envelope::{ReceiptStatus, RefusalCode};
use evidence::folder::Files;
use evidence::report::{Fault, Limit, Link, Outcome, Question, Report, Subject, Verdict, verify};

use crate::fixture::{Changes, HOUR, NONE, NOON, World, with_new_sums};

fn check(world: &World, files: &Files) -> Report {
    verify(files, std::slice::from_ref(&world.root), &[])
}

#[test]
fn timing() {
    let world = World::new();
    let files = world.act(&NONE);
    for (name, bytes) in &files { eprintln!("{name} {}", bytes.len()); }
    let report = check(&world, &files);
    eprintln!("{report:#?}");
    let t = Instant::now();
    for _ in 0..20 { check(&world, &files); }
    eprintln!("{:?}", t.elapsed() / 20);
    let files = world.clip(&NONE, false);
    eprintln!("{:#?}", check(&world, &files));
    eprintln!("{:#?}", check(&world, &world.segment(1)));
}
