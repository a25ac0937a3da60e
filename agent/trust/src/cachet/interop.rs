//! Seals signed with RSA, whose keys nobody here holds: OpenSSL makes them and signs.

use super::tests::{NOON, against, verdicts};
use super::*;
use crate::fixture::run;

const SIGNED: &str = "DC02FR99RS01FFFFFFFF0162SPECIMEN\u{1d}61NATACHA";

/// Runs `openssl` in `dir`, and fails the test where it fails.
#[track_caller]
fn openssl(dir: &std::path::Path, line: &str) {
    let words: Vec<&str> = line.split(' ').collect();
    let output = run("openssl", "openssl", &words, dir);
    assert!(
        output.status.success(),
        "{line}: {}",
        String::from_utf8_lossy(&output.stderr)
    );
}

#[test]
fn a_seal_signed_with_rsa_is_proven_and_no_flipped_bit_of_it_is() {
    let folder = tempfile::tempdir().unwrap();
    let dir = folder.path();
    std::fs::write(dir.join("signed"), SIGNED).unwrap();
    std::fs::write(dir.join("leaf.ext"), "basicConstraints=CA:FALSE\n").unwrap();
    for line in [
        "req -x509 -newkey rsa:2048 -nodes -keyout ca.key -out ca.pem -subj /C=FR/CN=FR99 -days 30",
        "req -newkey rsa:2048 -nodes -keyout leaf.key -out leaf.csr -subj /C=FR/CN=RS01",
        "x509 -req -in leaf.csr -CA ca.pem -CAkey ca.key -set_serial 7 -days 30 -extfile leaf.ext -out leaf.pem",
        "dgst -sha256 -sign leaf.key -out signature signed",
    ] {
        openssl(dir, line);
    }
    let read_file = |name: &str| std::fs::read(dir.join(name)).unwrap();
    let mut gathering = Gathering::default();
    gathering.certificate(&read_file("ca.pem")).unwrap();
    gathering.certificate(&read_file("leaf.pem")).unwrap();
    let list = gathering.list("test", NOON).unwrap();
    let signature = data_encoding::BASE32_NOPAD.encode(&read_file("signature"));
    let seal = format!("{SIGNED}\u{1f}{signature}").into_bytes();
    let reading = read(&seal, Carrier::Other, against(Some(&list))).unwrap();
    assert_eq!(
        verdicts(&reading),
        [
            Verdict::Proven,
            Verdict::Proven,
            Verdict::Proven,
            Verdict::NotChecked
        ]
    );
    for bit in 0..seal.len() * 8 {
        let mut flipped = seal.clone();
        flipped[bit / 8] ^= 1 << (bit % 8);
        if let Some(reading) = read(&flipped, Carrier::Other, against(Some(&list))) {
            assert_ne!(reading.verdicts.signature, Verdict::Proven, "bit {bit}");
        }
    }
}
