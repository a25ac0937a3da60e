//! The greeting of a terminal and of HQ, and the topics that they speak on.
#![no_main]

use libfuzzer_sys::fuzz_target;
use sync::Topic;
use sync::wire::v1::{
    Hello, HelloAnswer, NumberNotes, Presence, ReceiptBatch, ReferenceHead, ReferenceHint, ReferenceMessage,
};

fuzz_target!(|input: &[u8]| {
    fuzz::read::<Hello>(input);
    fuzz::read::<HelloAnswer>(input);
    fuzz::read::<Presence>(input);
    fuzz::read::<ReceiptBatch>(input);
    fuzz::read::<NumberNotes>(input);
    fuzz::read::<ReferenceHint>(input);
    fuzz::read::<ReferenceMessage>(input);
    if let Ok(head) = domain::decode::<ReferenceHead>(input) {
        let _ = (head.is_sound(), head.unpack(input));
    }
    if let Ok(text) = std::str::from_utf8(input)
        && let Ok(topic) = text.parse::<Topic>()
    {
        assert_eq!(topic.to_string(), text);
    }
});
