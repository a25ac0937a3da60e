//! The machine-readable zone of any document, typed or pasted.
#![no_main]

use domain::identity::crosscheck::{Agreement, Source, claims_of_zone, crosscheck};
use domain::identity::{CivilDate, DocumentReading, Verdict, read_mrz};
use libfuzzer_sys::fuzz_target;

const GOOD: &str =
    "P<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<\nL898902C36UTO7408122F1204159ZE184226B<<<<<10";

fuzz_target!(|input: &[u8]| {
    let today = CivilDate::new(2026, 11, 21).expect("a date");
    let bytes = fuzz::raw_or_damaged(GOOD.as_bytes(), input);
    let text = String::from_utf8_lossy(&bytes);
    if let Ok(reading) = read_mrz(&text, today) {
        let again: DocumentReading =
            domain::decode(&domain::encode(&reading)).expect("a reading that is stored reads back");
        assert_eq!(again, reading);
        // A zone never differs from itself, and one that is not proven confirms nothing.
        let mut claims = claims_of_zone(&reading, Source::Zone);
        claims.extend(claims_of_zone(&reading, Source::Typed));
        for one in crosscheck(&claims) {
            assert_ne!(one.agreement, Agreement::Different);
            let is_proven = reading.verdicts.read == Verdict::Proven;
            assert!(is_proven || one.agreement == Agreement::OnlyHere);
        }
    }
});
