//! Cameras as a fleet manager certifies and revokes them.

use std::fs;

use trust::cert::{Certificate, Claims, Profile, SigningRequest, verify_chain};
use trust::keys::{KeyKind, SigningKey};

use crate::desk::Desk;

/// The request that a camera makes, as PEM.
fn request(desk: &Desk, name: &str, claims: &Claims) -> SigningKey {
    let key = SigningKey::generate(KeyKind::Ed25519);
    let der = SigningRequest::make(&key, name, claims).unwrap();
    let pem = der::pem::encode_string("CERTIFICATE REQUEST", der::pem::LineEnding::LF, &der).unwrap();
    fs::write(desk.path("camera.csr"), pem).unwrap();
    key
}

fn pairing() -> Claims {
    Claims {
        noise_key: Some([5; 32]),
        ..Claims::default()
    }
}

#[test]
fn a_camera_is_certified_with_both_its_keys_and_revoked_from_a_moment_on() {
    let desk = Desk::new("test");
    let key = request(&desk, "cam-0001", &pairing());
    let added = desk.done("camera add cam-0001 --csr @camera.csr --out @camera.pem");
    assert_eq!(added["camera"]["pairing_key"], "05".repeat(32));
    let pem = fs::read_to_string(desk.path("camera.pem")).unwrap();
    let (_, der) = der::pem::decode_vec(pem.as_bytes()).unwrap();
    let certificate = Certificate::from_der(&der).unwrap();
    assert_eq!(*certificate.public_key(), key.public());
    let pki = desk.pki();
    let verdict = verify_chain(
        &certificate,
        &[pki.issuing().clone()],
        &[pki.root().clone()],
        Profile::Camera,
        certificate.validity_unix_ms().0 + domain::UnixMs::DAY,
    );
    assert!(verdict.all_ok());

    // Another key under the same name: the newest is the camera's.
    request(&desk, "cam-0001", &pairing());
    desk.done("camera add cam-0001 --csr @camera.csr --out @again.pem");
    let listed = desk.done("camera list");
    assert_eq!(listed["cameras"].as_array().unwrap().len(), 1);
    assert_ne!(
        listed["cameras"][0]["certificate_sha256"],
        added["camera"]["certificate_sha256"]
    );

    assert_eq!(desk.refused("camera revoke cam-0001").0, 6);
    let revoked = desk.done("camera revoke cam-0001 --yes");
    assert!(revoked["camera"]["revoked_at"].is_string());
    assert_eq!(desk.refused("camera revoke cam-0001 --yes").0, 3);
}

#[test]
fn a_request_that_is_not_that_cameras_certifies_nothing() {
    let desk = Desk::new("test");
    let add = "camera add cam-0001 --csr @camera.csr --out @camera.pem";
    request(&desk, "cam-0002", &pairing());
    let (code, said) = desk.refused(add);
    assert!(code == 4 && said.contains("of `cam-0002`"), "{said}");
    request(&desk, "cam-0001", &Claims::default());
    let (code, said) = desk.refused(add);
    assert!(code == 8 && said.contains("extension"), "{said}");
    assert!(!desk.path("camera.pem").exists());
    assert_eq!(desk.refused("camera show cam-0001").0, 3);
}

#[test]
fn t4_what_a_camera_is_expected_to_sign_is_headquarters_word() {
    let desk = Desk::new("test");
    request(&desk, "cam-0001", &pairing());
    let chain = desk.done("camera add cam-0001 --csr @camera.csr --out @chain.pem");
    assert_eq!(chain["camera"]["signs"], serde_json::json!(["chain"]));
    let both = desk.done("camera add cam-0001 --csr @camera.csr --out @both.pem --signed-video");
    assert_eq!(both["camera"]["signs"], serde_json::json!(["chain", "video"]));
    let pem = fs::read_to_string(desk.path("both.pem")).unwrap();
    let (_, der) = der::pem::decode_vec(pem.as_bytes()).unwrap();
    assert!(Certificate::from_der(&der).unwrap().signed_video());
    // A camera that asks for it itself is refused: it could leave it out as well.
    let claims = Claims {
        signed_video: true,
        ..pairing()
    };
    request(&desk, "cam-0001", &claims);
    let (code, said) = desk.refused("camera add cam-0001 --csr @camera.csr --out @own.pem");
    assert!(code == 8 && said.contains("extension"), "{said}");
}

#[test]
fn t15_a_program_is_released_once_and_withdrawn_once() {
    let desk = Desk::new("test");
    fs::write(desk.path("neo-agent"), b"a program").unwrap();
    let sha256 = domain::Digest::of(b"a program").to_string();
    let released = desk.done("build release @neo-agent --version 1.2.0");
    assert_eq!(released["program"]["sha256"], sha256);
    assert_eq!(released["program"]["version"], "1.2.0");
    assert_eq!(desk.refused("build release @neo-agent --version 1.2.1").0, 4);
    assert_eq!(desk.refused("build withdraw 00").0, 64);
    let withdrawn = desk.done(&format!("build withdraw {sha256}"));
    assert!(withdrawn["program"]["withdrawn_at"].is_string());
    assert_eq!(desk.refused(&format!("build withdraw {sha256}")).0, 3);
    let listed = desk.done("build list");
    assert_eq!(listed["programs"].as_array().unwrap().len(), 1);
}
