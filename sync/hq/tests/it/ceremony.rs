//! The offline root: what travels, what is believed, and what an interruption leaves.

use std::fs;
use std::path::Path;
use std::process::Command;

use hq::Pki;
use hq::pki::{self, OfflineRoot, PkiError, Stage};
use trust::cert::{Claims, Profile, SigningRequest, verify_chain};
use trust::keys::{KeyKind, SigningKey};

use crate::world::NOON;

/// A root, drawn keys and the medium between them, up to the signatures.
fn signed(dir: &Path) -> OfflineRoot {
    let root = OfflineRoot::create(&dir.join("root"), NOON).unwrap();
    pki::draw(&dir.join("pki")).unwrap();
    assert_eq!(
        pki::requests(&dir.join("pki"), &dir.join("usb")).unwrap().len(),
        3
    );
    assert_eq!(root.sign(&dir.join("usb"), NOON).unwrap().len(), 3);
    root
}

#[test]
fn keys_signed_offline_are_a_pki_like_any_other() {
    let dir = tempfile::tempdir().unwrap();
    let dir = dir.path();
    let root = signed(dir);
    let expected = root.certificate().fingerprint();
    assert_eq!(pki::status(&dir.join("pki")).unwrap().stage, Stage::Drawn);
    let made = pki::import(&dir.join("pki"), &dir.join("usb"), &expected, NOON).unwrap();
    let anchors = std::slice::from_ref(root.certificate());
    let issuing = std::slice::from_ref(made.issuing());
    for (leaf, profile, between) in [
        (made.command().certificate(), Profile::HqCommand, &[][..]),
        (
            made.reference().unwrap().certificate(),
            Profile::HqReference,
            &[][..],
        ),
        (made.receipt().certificate(), Profile::HqReceipt, issuing),
    ] {
        assert!(
            verify_chain(leaf, between, anchors, profile, NOON.0).all_ok(),
            "{profile:?}"
        );
    }
    assert_eq!(made.crl().unwrap().number, 1);
    let status = pki::status(&dir.join("pki")).unwrap();
    assert_eq!((status.stage, status.certificates.len()), (Stage::Complete, 7));
    // No secret was on the medium, and the root's key is where it was drawn alone.
    for entry in fs::read_dir(dir.join("usb")).unwrap() {
        let text = fs::read_to_string(entry.unwrap().path()).unwrap();
        assert!(!text.contains("PRIVATE"), "{text}");
    }
    assert!(!dir.join("pki/root.key").exists() && dir.join("root/root.key").exists());
    assert_eq!(fs::read_dir(dir.join("root/issued")).unwrap().count(), 3);
    Pki::open(&dir.join("pki")).unwrap();
}

#[test]
fn another_root_or_another_key_is_not_taken_and_changes_nothing() {
    let dir = tempfile::tempdir().unwrap();
    let dir = dir.path();
    let root = signed(dir);
    let expected = root.certificate().fingerprint();
    let strange = OfflineRoot::create(&dir.join("strange"), NOON).unwrap();
    let other = strange.certificate().fingerprint();
    let import = |root| pki::import(&dir.join("pki"), &dir.join("usb"), root, NOON);
    assert!(matches!(import(&other), Err(PkiError::OtherRoot { .. })));
    // Somebody on the way puts the certificate of another key in its place.
    let genuine = fs::read(dir.join("usb/command.pem")).unwrap();
    pki::draw(&dir.join("thief")).unwrap();
    pki::requests(&dir.join("thief"), &dir.join("usb2")).unwrap();
    root.sign(&dir.join("usb2"), NOON).unwrap();
    fs::copy(dir.join("usb2/command.pem"), dir.join("usb/command.pem")).unwrap();
    assert!(matches!(import(&expected), Err(PkiError::NotVouched { .. })));
    // Or one certificate in the place of another.
    fs::copy(dir.join("usb/reference.pem"), dir.join("usb/command.pem")).unwrap();
    assert!(matches!(import(&expected), Err(PkiError::NotVouched { .. })));
    assert_eq!(pki::status(&dir.join("pki")).unwrap().certificates.len(), 0);
    fs::write(dir.join("usb/command.pem"), genuine).unwrap();
    import(&expected).unwrap();
    assert!(matches!(import(&expected), Err(PkiError::AlreadyThere { .. })));
}

fn pem(name: &str, key: &SigningKey) -> String {
    let der = SigningRequest::make(key, name, &Claims::default()).unwrap();
    der::pem::encode_string("CERTIFICATE REQUEST", der::pem::LineEnding::LF, &der).unwrap()
}

#[test]
fn the_root_signs_only_what_it_is_there_for() {
    let dir = tempfile::tempdir().unwrap();
    let root = OfflineRoot::create(&dir.path().join("root"), NOON).unwrap();
    let usb = dir.path().join("usb");
    fs::create_dir(&usb).unwrap();
    assert!(matches!(root.sign(&usb, NOON), Err(PkiError::Read { .. })));
    let key = SigningKey::generate(KeyKind::P256);
    fs::write(usb.join("x.csr"), pem("neo-000001", &key)).unwrap();
    assert!(matches!(
        root.sign(&usb, NOON),
        Err(PkiError::NotUnderRoot { .. })
    ));
    // A key of a kind that the profile excludes.
    let key = SigningKey::generate(KeyKind::Ed25519);
    fs::write(usb.join("x.csr"), pem("neo2-issuing", &key)).unwrap();
    assert!(matches!(root.sign(&usb, NOON), Err(PkiError::Issue { .. })));
}

#[test]
fn a_request_is_one_for_openssl() {
    let dir = tempfile::tempdir().unwrap();
    let file = dir.path().join("x.csr");
    for kind in [KeyKind::P256, KeyKind::Ed25519] {
        let pem = pem("command", &SigningKey::generate(kind));
        fs::write(&file, &pem).unwrap();
        let verified = Command::new("openssl")
            .args(["req", "-verify", "-noout", "-in"])
            .arg(&file)
            .output();
        assert!(
            verified
                .expect("openssl is installed by `make test`")
                .status
                .success(),
            "{kind:?}"
        );
    }
    fs::write(&file, "nothing").unwrap();
    assert!(matches!(pki::read_request(&file), Err(PkiError::Request { .. })));
}
