//! The folder of a PKI: complete or absent, private, and usable without the root's key.

use std::os::unix::fs::PermissionsExt;
use std::process::Command;

use hq::Pki;
use hq::pki::{PkiError, Ports};
use trust::cert::{Profile, verify_chain};

use crate::world::NOON;

#[test]
fn a_pki_is_opened_without_the_key_of_its_root() {
    let dir = tempfile::tempdir().unwrap();
    let pki = dir.path().join("pki");
    Pki::create(&pki, NOON).unwrap();
    std::fs::remove_dir_all(pki.join("offline")).unwrap();
    Pki::open(&pki).unwrap();
}

#[test]
fn a_second_pki_never_overwrites_the_first() {
    let dir = tempfile::tempdir().unwrap();
    let first = Pki::create(dir.path(), NOON).unwrap();
    assert!(matches!(
        Pki::create(dir.path(), NOON),
        Err(PkiError::AlreadyThere { .. })
    ));
    assert_eq!(Pki::open(dir.path()).unwrap().root(), first.root());
}

#[test]
fn an_interrupted_creation_is_begun_again() {
    let dir = tempfile::tempdir().unwrap();
    Pki::create(dir.path(), NOON).unwrap();
    std::fs::remove_file(dir.path().join("root.pem")).unwrap();
    assert!(matches!(Pki::open(dir.path()), Err(PkiError::Read { .. })));
    Pki::create(dir.path(), NOON).unwrap();
}

#[test]
fn a_key_that_is_not_its_certificates_is_noticed() {
    let dir = tempfile::tempdir().unwrap();
    Pki::create(dir.path(), NOON).unwrap();
    std::fs::copy(dir.path().join("command.key"), dir.path().join("receipt.key")).unwrap();
    assert!(matches!(Pki::open(dir.path()), Err(PkiError::Mismatch { .. })));
}

#[test]
fn reference_data_has_a_signer_of_its_own_under_the_root_that_no_gateway_needs() {
    let dir = tempfile::tempdir().unwrap();
    let pki = Pki::create(dir.path(), NOON).unwrap();
    let signer = pki.reference().unwrap();
    let (leaf, root) = (signer.certificate(), std::slice::from_ref(pki.root()));
    assert!(verify_chain(leaf, &[], root, Profile::HqReference, NOON.0).all_ok());
    assert!(!verify_chain(leaf, &[], root, Profile::HqCommand, NOON.0).all_ok());
    std::fs::remove_file(dir.path().join("reference.key")).unwrap();
    let pki = Pki::open(dir.path()).unwrap();
    assert!(matches!(pki.reference(), Err(PkiError::Read { .. })));
}

#[test]
fn every_file_is_private() {
    let dir = tempfile::tempdir().unwrap();
    Pki::create(dir.path(), NOON).unwrap().mosquitto(PORTS).unwrap();
    let mut looked_at = 0;
    for folder in [dir.path().to_owned(), dir.path().join("offline")] {
        for entry in std::fs::read_dir(folder).unwrap() {
            let entry = entry.unwrap();
            if entry.file_type().unwrap().is_file() {
                looked_at += 1;
                assert_eq!(
                    entry.metadata().unwrap().permissions().mode() & 0o777,
                    0o600,
                    "{entry:?}"
                );
            }
        }
    }
    assert_eq!(looked_at, 30);
}

const PORTS: Ports = Ports {
    control: 18_883,
    bulk: 18_884,
    bootstrap: 18_885,
};

#[test]
fn the_sealing_key_is_one_for_the_age_tool() {
    let dir = tempfile::tempdir().unwrap();
    let pki = Pki::create(dir.path(), NOON).unwrap();
    let output = Command::new("age-keygen")
        .arg("-y")
        .arg(dir.path().join("identity.age"))
        .output();
    let output = output.expect("age-keygen is installed by `make test`");
    assert_eq!(
        String::from_utf8(output.stdout).unwrap().trim(),
        pki.recipient().to_string()
    );
}

/// A folder of a program that gave no time-stamps still opens, and gets a key for them once.
#[test]
fn a_folder_without_a_key_for_time_stamps_opens_and_gets_one() {
    let dir = tempfile::tempdir().unwrap();
    let keys = dir.path().join("pki");
    hq::Pki::create(&keys, NOON).unwrap();
    for name in ["stamp.pem", "stamp.key"] {
        std::fs::remove_file(keys.join(name)).unwrap();
    }
    let old = hq::Pki::open(&keys).unwrap();
    assert!(old.stamp().is_none());
    let made = old.with_stamp(NOON).unwrap();
    let certificate = made.stamp().unwrap().certificate().clone();
    let (issuing, root) = (made.issuing().clone(), made.root().clone());
    assert!(verify_chain(&certificate, &[issuing], &[root], Profile::TimeStamp, NOON.0).all_ok());
    let again = hq::Pki::open(&keys).unwrap().with_stamp(NOON.plus(1)).unwrap();
    assert_eq!(*again.stamp().unwrap().certificate(), certificate);
}
