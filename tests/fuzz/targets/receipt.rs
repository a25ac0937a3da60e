//! HQ's word that it has a record or a recording.
#![no_main]

use camera::receipt::FootageReceipt;
use domain::Digest;
use domain::envelope::Receipt;
use fuzz::good::GOOD;
use libfuzzer_sys::fuzz_target;
use trust::cert::Certificate;

fuzz_target!(|input: &[u8]| {
    fuzz::read::<Receipt>(input);
    let pem = std::str::from_utf8(GOOD.file("receipt-signer.pem")).expect("PEM is text");
    let signer = [Certificate::parse_pem(pem).expect("the signer's certificate reads")];
    let bytes = fuzz::raw_or_damaged(GOOD.file("receipt.cose"), input);
    let anchors = std::slice::from_ref(&GOOD.root);
    let proof = FootageReceipt::verify(&bytes, Digest::of(b"another root"), &signer, anchors);
    assert!(proof.is_err(), "a receipt proves another recording");
});
