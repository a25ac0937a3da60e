//! The bundle that makes a phone a terminal.
#![no_main]

use domain::enrolment::Enrolment;
use libfuzzer_sys::fuzz_target;
use trust::cert::Certificate;

fuzz_target!(|input: &[u8]| {
    fuzz::read::<Enrolment>(input);
    if let Ok(enrolment) = domain::decode::<Enrolment>(input) {
        for der in &enrolment.device_chain {
            let _ = Certificate::from_der(&der.0);
        }
    }
});
