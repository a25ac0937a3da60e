//! What the terminal keeps and reads again: journal, drafts, the shift, clips.
#![no_main]

use domain::draft::Draft;
use domain::footage::ClipListing;
use domain::intervention::Intervention;
use domain::journal::{Entry, verify_chain};
use domain::record::Context;
use domain::service::Service;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|input: &[u8]| {
    fuzz::read::<Draft>(input);
    fuzz::read::<Service>(input);
    fuzz::read::<Intervention>(input);
    fuzz::read::<ClipListing>(input);
    fuzz::read::<Context>(input);
    fuzz::read::<Entry>(input);
    if let Ok(entry) = domain::decode::<Entry>(input) {
        let _ = verify_chain([&entry, &entry]);
    }
});
