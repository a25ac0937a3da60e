//! The upload of a recording: what is announced, and what HQ says it has.
#![no_main]

use libfuzzer_sys::fuzz_target;
use sync::FileId;
use sync::spans::Spans;
use sync::wire::v1::{FileInit, StatAnswer};

fuzz_target!(|input: &[u8]| {
    fuzz::read::<FileInit>(input);
    fuzz::read::<StatAnswer>(input);
    fuzz::read::<Spans>(input);
    if let Ok(text) = std::str::from_utf8(input)
        && let Ok(file) = text.parse::<FileId>()
    {
        assert_eq!(file.to_string(), text);
    }
});
