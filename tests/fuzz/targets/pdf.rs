//! A signed PDF: the incremental update, the signature inside, and nothing else.
#![no_main]

use fuzz::good::GOOD;
use fuzz::raw_or_damaged;
use libfuzzer_sys::fuzz_target;
use trust::pades;

fuzz_target!(|input: &[u8]| {
    let bytes = raw_or_damaged(&GOOD.pdf, input);
    if let Ok(report) = pades::verify(&bytes) {
        let holds = report.integrity.is_ok() && report.signature.is_ok();
        let stranger = report.certificate.der() != signer();
        assert!(
            !holds || stranger || bytes == GOOD.pdf,
            "a changed document is believed"
        );
    }
});

fn signer() -> Vec<u8> {
    let report = pades::verify(&GOOD.pdf).expect("the good document is signed");
    report.certificate.der().to_vec()
}
