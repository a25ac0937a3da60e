//! The boxes of a recording; the walk in pieces ends as the walk in one.
#![no_main]

use evidence::mp4::{Walker, walk};
use fuzz::good::GOOD;
use fuzz::raw_or_damaged;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|input: &[u8]| {
    let bytes = raw_or_damaged(&GOOD.video, input);
    let whole = walk(&bytes);
    let step = input.len() % 13 + 1;
    let mut walker = Walker::default();
    let pieces = bytes.chunks(step).try_for_each(|piece| walker.push(piece));
    assert_eq!(pieces.and_then(|()| walker.finish()), whole);
});
