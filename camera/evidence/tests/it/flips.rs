//! Damage of one bit at a time, over a whole folder.

use std::thread;

use evidence::folder::Files;
use evidence::report::{Outcome, verify};

use crate::fixture::{World, with_new_sums};

/// Flips a bit in every `step`-th byte of each file (another bit from byte to byte), makes the list of sums anew as a
/// forger would, and wants the change noticed; gives how many flips there were.
///
/// A changed authority may look like a stranger, which is a matter of trust; anything else is damage.
#[track_caller]
pub(crate) fn check(world: &World, files: &Files, step: fn(&str) -> usize) -> usize {
    let mut places = Vec::new();
    for (name, bytes) in files {
        places.extend((0..bytes.len()).step_by(step(name)).map(|at| (name.as_str(), at)));
    }
    let (first, second) = places.split_at(places.len() / 2);
    let unnoticed: Vec<String> = thread::scope(|scope| {
        let half = scope.spawn(|| unnoticed(world, files, first));
        [unnoticed(world, files, second), half.join().unwrap()].concat()
    });
    assert_eq!(unnoticed, Vec::<String>::new());
    places.len()
}

fn unnoticed(world: &World, files: &Files, places: &[(&str, usize)]) -> Vec<String> {
    let mut unnoticed = Vec::new();
    for (name, at) in places {
        let mut changed = files.clone();
        changed.get_mut(*name).unwrap()[*at] ^= 1 << (at % 8);
        if *name != "SHA256SUMS" {
            changed = with_new_sums(changed);
        }
        let noticed = match verify(&changed, std::slice::from_ref(&world.root), &[]).outcome() {
            Outcome::Tampered | Outcome::Incomplete | Outcome::Unreadable => true,
            Outcome::Untrusted => *name == "issuing.pem",
            Outcome::Ok => false,
        };
        if !noticed {
            unnoticed.push(format!("{name} at {at}"));
        }
    }
    unnoticed
}
