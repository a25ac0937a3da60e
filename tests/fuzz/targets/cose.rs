//! COSE_Sign1, the shell of everything that is signed.
#![no_main]

use fuzz::good::GOOD;
use fuzz::raw_or_damaged;
use libfuzzer_sys::fuzz_target;
use trust::cert::Certificate;
use trust::cose::{Namespace, parse, verify};

fuzz_target!(|input: &[u8]| {
    let good = GOOD.file("receipt.cose");
    let bytes = raw_or_damaged(good, input);
    let Ok(signed) = parse(&bytes) else { return };
    assert!(!signed.to_be_signed().is_empty());
    let pem = std::str::from_utf8(GOOD.file("receipt-signer.pem")).expect("PEM is text");
    let signer = Certificate::parse_pem(pem).expect("the signer's certificate reads");
    let holds = verify(&signed, Namespace::Receipt, &signer).is_ok();
    assert!(!holds || bytes == good, "a changed receipt is believed");
});
