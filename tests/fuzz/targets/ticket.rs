//! The text of an enrolment code: read, it is written in one form, which reads as the same.
#![no_main]

use domain::enrolment::Ticket;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|input: &[u8]| {
    fuzz::read::<Ticket>(input);
    if let Ok(text) = std::str::from_utf8(input)
        && let Ok(ticket) = Ticket::parse(text)
    {
        assert_eq!(*ticket.to_text(), text.trim());
    }
});
