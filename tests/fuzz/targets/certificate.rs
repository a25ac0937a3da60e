//! Certificates, alone and in a chain.
#![no_main]

use fuzz::good::GOOD;
use fuzz::raw_or_damaged;
use libfuzzer_sys::fuzz_target;
use trust::cert::{Certificate, Profile, verify_chain};

/// Within the validity of everything good.
const NOON: i64 = 1_795_262_400_000;

fuzz_target!(|input: &[u8]| {
    let good = Certificate::parse_pem_chain(text(GOOD.file("issuing.pem")));
    let issuing = good.expect("the issuing authority reads").remove(0);
    let bytes = raw_or_damaged(issuing.der(), input);
    let Ok(certificate) = Certificate::from_der(&bytes) else {
        if let Ok(text) = std::str::from_utf8(&bytes) {
            let _ = Certificate::parse_pem_chain(text);
        }
        return;
    };
    assert_eq!(certificate.der(), bytes);
    let anchors = std::slice::from_ref(&GOOD.root);
    let verdict = verify_chain(&certificate, &[issuing.clone()], anchors, Profile::Issuing, NOON);
    let is_known = bytes == issuing.der();
    assert!(is_known || !verdict.all_ok(), "a changed authority is trusted");
});

fn text(bytes: &[u8]) -> &str {
    std::str::from_utf8(bytes).expect("PEM is text")
}
