//! Questions to the police files and their answers, open and sealed.
#![no_main]

use domain::query::{Answer, Query};
use libfuzzer_sys::fuzz_target;
use sync::wire::v1::{AnswerEnvelope, QueryEnvelope, Reply};

fuzz_target!(|input: &[u8]| {
    fuzz::read::<Query>(input);
    fuzz::read::<Answer>(input);
    fuzz::read::<QueryEnvelope>(input);
    fuzz::read::<Reply>(input);
    fuzz::read::<AnswerEnvelope>(input);
});
