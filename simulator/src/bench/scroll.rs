//! The time of a frame while a list of 10 000 rows is scrolled, held against the same window with an empty list.

use std::time::Instant;

use anyhow::{Context, ensure};
use ui::ScrolledList;

use super::figures::{Measure, Samples, Target};

const TARGET: Target = Target::AtMost(2.0);
const ROWS: u16 = 10_000;
/// A list of some screens, which tells what its length costs.
const FEW: u16 = 300;
/// Frames a side in one repetition: two seconds of a smooth scroll.
const FRAMES: usize = 120;

pub(super) fn measure(repetitions: usize) -> anyhow::Result<Measure> {
    let mut samples = Samples::default();
    let mut ratios = Vec::new();
    for _ in 0..repetitions {
        let (mut long, mut few, mut empty) = (list(ROWS)?, list(FEW)?, list(0)?);
        let first = long.rgb();
        let (mut of_long, mut of_few, mut of_empty) = (Vec::new(), Vec::new(), Vec::new());
        // By turns, so that a busy machine slows all.
        for _ in 0..FRAMES {
            of_long.push(frame(&mut long));
            of_few.push(frame(&mut few));
            of_empty.push(frame(&mut empty));
        }
        ensure!(long.rgb() != first, "the list does not move");
        let (long, empty) = (median(of_long), median(of_empty));
        ratios.push(long / empty);
        samples.add("frame of 10 000 rows", "ms", long);
        samples.add("frame of 300 rows", "ms", median(of_few));
        samples.add("frame of an empty list", "ms", empty);
    }
    Ok(samples.measure("scrolling 10 000 rows ÷ an empty list".to_owned(), TARGET, ratios))
}

fn list(rows: u16) -> anyhow::Result<ScrolledList> {
    ScrolledList::of(rows).context("could not draw a list")
}

/// In milliseconds.
fn frame(list: &mut ScrolledList) -> f64 {
    let began = Instant::now();
    list.next_frame();
    began.elapsed().as_secs_f64() * 1e3
}

fn median(mut times: Vec<f64>) -> f64 {
    times.sort_by(f64::total_cmp);
    times.get(times.len() / 2).copied().unwrap_or(f64::NAN)
}
