//! Lists of what is sought, as they unpack: what reads can be asked about anything and never leads outside its bytes.
#![no_main]

use std::sync::LazyLock;

use domain::UnixMs;
use domain::hotlist::{Hotlist, HotlistChanges, Subject};
use fuzz::raw_or_damaged;
use libfuzzer_sys::fuzz_target;
use trust::hotlist::{Filters, filter};

static GOOD: LazyLock<Vec<u8>> = LazyLock::new(|| {
    let digests: Vec<u64> = (0..200).map(|number: u64| number.wrapping_mul(0x9e37_79b9_7f4a_7c15)).collect();
    let filters = Subject::ALL.map(|subject| filter(subject, &digests).expect("a filter is found"));
    domain::encode(&Hotlist {
        version: 1,
        epoch: 1,
        as_of: UnixMs(1),
        filters: filters.to_vec(),
    })
});

fuzz_target!(|input: &[u8]| {
    fuzz::read::<HotlistChanges>(input);
    let changes = domain::decode::<HotlistChanges>(input).ok();
    let bytes = raw_or_damaged(&GOOD, input);
    let Ok(list) = domain::decode::<Hotlist>(&bytes) else {
        return;
    };
    let Ok(filters) = Filters::read(&list) else {
        return;
    };
    for digest in (0..256).map(|number: u64| number.wrapping_mul(0xd129_42f0_91c2_37b5)) {
        for subject in Subject::ALL {
            let _ = filters.look_up(changes.as_ref(), subject, digest, UnixMs(2));
        }
    }
});
