//! A 2D-Doc, taken apart and held against a list that knows its signer.
#![no_main]

use domain::UnixMs;
use domain::identity::cachet::{Cachet, Carrier};
use domain::identity::crosscheck::{Footing, SealSeen};
use domain::identity::{CivilDate, Verdict};
use libfuzzer_sys::fuzz_target;
use trust::cachet::{Against, Authorities, Gathering, read};

const GOOD: &[u8] = b"DC03FR0000011823180BA201AHABC1234567890DEF\x1dAI30112019\x1fGS6BVV7JXCKKTTYIX2WH5IX4IXQCH3TKMEKYQ3LTXQGCH4JFTX566VJ5IKBTHGKQ6QVHQQF6COXUPAIADDWFNDEJSEHFJIX77K6IVXQ\x1d62ANNEXE";

fuzz_target!(|input: &[u8]| {
    let bytes = fuzz::raw_or_damaged(GOOD, input);
    let Some(cachet) = Cachet::read(&bytes, Carrier::DataMatrix) else {
        return;
    };
    let _ = (cachet.reads_whole(), cachet.expires());
    // The input may be a certificate as well; one that reads makes a list.
    let mut gathering = Gathering::default();
    let list = match gathering.certificate(input) {
        Ok(()) => gathering.list("fuzz", UnixMs(0)).ok(),
        Err(_) => None,
    };
    let against = Against {
        list: list.as_ref(),
        authorities: Authorities::WithTests,
        now: UnixMs(1_795_262_400_000),
        today: CivilDate::new(2026, 11, 21).expect("a date"),
    };
    let reading = read(&bytes, Carrier::DataMatrix, against).expect("what reads once reads again");
    assert_ne!(reading.verdicts.signature, Verdict::Proven);
    assert_ne!(reading.verdicts.status_known, Verdict::Proven);
    // What nobody signed confirms nothing, and a draft keeps it as it was.
    let seen = SealSeen::of(&reading, against.today);
    assert!(seen.claims.iter().all(|claim| claim.footing == Footing::ShownOnly));
    let again: SealSeen = domain::decode(&domain::encode(&seen)).expect("what is kept reads back");
    assert_eq!(again, seen);
});
