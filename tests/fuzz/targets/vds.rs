//! Binary seals and barcodes of the ICAO: every length in them is somebody else's word.
#![no_main]

use domain::identity::cachet::{Cachet, Carrier};
use libfuzzer_sys::fuzz_target;

/// A header of version 4, a passport number, a signature.
const VDS: &[u8] = b"\xdc\x03\xd9\xc5\xd9\xca\xc8\xa7\x3a\x99\x0f\x71\x34\x6e\xcf\x47\xfb\x06\x03\x06\xd7\x95\x19\xa6\x53\x06\xff\x04\x01\x02\x03\x04";
const IDB: &[u8] = b"RDB1BNK6ADJL2PECXOABAHIMWCFMCAYQDQM3TI2XIGCCZ5EQDQM3TNUSIMAIQP5AIZJ6II7FQTQ2UNWUMTMXIXETVCSSXKBK7RFWGXX3JBLHXTPV26M2GBN42UWTEQB45P4C4X7JK5WI2VQW5IBV3YNDPHELTYIU54PQ4P4";

fuzz_target!(|input: &[u8]| {
    for good in [VDS, IDB] {
        let bytes = fuzz::raw_or_damaged(good, input);
        if let Some(cachet) = Cachet::read(&bytes, Carrier::Other) {
            let _ = cachet.reads_whole();
            assert!(cachet.signed.reveal().len() <= domain::identity::cachet::MAX_SYMBOL);
        }
    }
});
