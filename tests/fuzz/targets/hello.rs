//! The greeting of a terminal and of HQ, and the topics that they speak on.
#![no_main]

use libfuzzer_sys::fuzz_target;
use sync::Topic;
use sync::wire::v1::{Hello, HelloAnswer, Presence, ReceiptBatch};

fuzz_target!(|input: &[u8]| {
    fuzz::read::<Hello>(input);
    fuzz::read::<HelloAnswer>(input);
    fuzz::read::<Presence>(input);
    fuzz::read::<ReceiptBatch>(input);
    if let Ok(text) = std::str::from_utf8(input)
        && let Ok(topic) = text.parse::<Topic>()
    {
        assert_eq!(topic.to_string(), text);
    }
});
