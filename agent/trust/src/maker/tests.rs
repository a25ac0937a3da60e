//! Keys, signatures and chains as OpenSSL makes them.

use std::path::Path;

use super::*;
use crate::fixture::run;

/// Runs openssl with these words.
fn openssl(dir: &Path, line: &str) {
    let words: Vec<&str> = line.split(' ').collect();
    let done = run("openssl", "openssl", &words, dir);
    assert!(
        done.status.success(),
        "{line}: {}",
        String::from_utf8_lossy(&done.stderr)
    );
}

fn read(dir: &Path, file: &str) -> Vec<u8> {
    std::fs::read(dir.join(file)).unwrap()
}

#[test]
fn every_kind_of_key_and_padding_verifies_and_no_other_does() {
    let dir = tempfile::tempdir().unwrap();
    let dir = dir.path();
    std::fs::write(dir.join("message"), b"a film").unwrap();
    let table = [
        (
            "RSA -pkeyopt rsa_keygen_bits:2048",
            "",
            Scheme::RsaPkcs1,
            Scheme::RsaPss,
        ),
        (
            "RSA -pkeyopt rsa_keygen_bits:2048",
            " -sigopt rsa_padding_mode:pss -sigopt rsa_pss_saltlen:digest",
            Scheme::RsaPss,
            Scheme::RsaPkcs1,
        ),
        (
            "RSA -pkeyopt rsa_keygen_bits:3072",
            " -sigopt rsa_padding_mode:pss -sigopt rsa_pss_saltlen:max",
            Scheme::RsaPss,
            Scheme::RsaPkcs1,
        ),
        (
            "EC -pkeyopt ec_paramgen_curve:P-256",
            "",
            Scheme::Ecdsa,
            Scheme::RsaPss,
        ),
        (
            "EC -pkeyopt ec_paramgen_curve:P-384",
            "",
            Scheme::Ecdsa,
            Scheme::Ed25519,
        ),
        (
            "EC -pkeyopt ec_paramgen_curve:P-521",
            "",
            Scheme::Ecdsa,
            Scheme::RsaPkcs1,
        ),
    ];
    for (algorithm, options, scheme, other) in table {
        openssl(dir, &format!("genpkey -algorithm {algorithm} -out key.pem"));
        openssl(dir, "pkey -in key.pem -pubout -out public.pem");
        openssl(
            dir,
            &format!("dgst -sha256 -sign key.pem{options} -out signature message"),
        );
        let (key, signature) = (
            Key::from_pem(&read(dir, "public.pem")).unwrap(),
            read(dir, "signature"),
        );
        let held = |scheme, message| key.verifies(scheme, Hash::Sha256, message, &signature);
        assert_eq!(held(scheme, b"a film"), Held::Holds, "{algorithm}{options}");
        assert_eq!(
            held(Scheme::OfTheKey, b"a film"),
            Held::Holds,
            "{algorithm}{options}"
        );
        assert_eq!(held(scheme, b"A film"), Held::Wrong, "{algorithm}{options}");
        assert_eq!(held(other, b"a film"), Held::Wrong, "{algorithm}{options}");
        for length in [0, 1, signature.len() - 1] {
            assert_eq!(
                key.verifies(scheme, Hash::Sha256, b"a film", &signature[..length]),
                Held::Wrong
            );
        }
    }
}

#[test]
fn ed25519_signs_the_hash() {
    let key = crate::keys::SigningKey::generate(crate::keys::KeyKind::Ed25519);
    let signature = key.sign(Hash::Sha256.of(&[b"a film"]).as_bytes());
    let spki = key.public().spki_der();
    let pem = der::pem::encode_string(PEM_KEY, der::pem::LineEnding::CRLF, &spki).unwrap();
    let key = Key::from_pem(&[pem.as_bytes(), b"\0"].concat()).unwrap();
    assert_eq!(
        key.verifies(Scheme::Ed25519, Hash::Sha256, b"a film", &signature),
        Held::Holds
    );
    assert_eq!(
        key.verifies(Scheme::Ecdsa, Hash::Sha256, b"a film", &signature),
        Held::Wrong
    );
}

#[test]
fn a_chain_is_followed_to_its_root_whatever_its_algorithms() {
    let dir = tempfile::tempdir().unwrap();
    let dir = dir.path();
    let make = |name: &str, key: &str, authority: &str, extension: &str| {
        let from = if authority == name {
            String::new()
        } else {
            format!(" -CA {authority}.pem -CAkey {authority}.key")
        };
        openssl(
            dir,
            &format!(
                "req -x509 -newkey {key} -nodes -keyout {name}.key -out {name}.pem -subj /CN={name} -days 30 -addext basicConstraints=critical,{extension}{from}"
            ),
        );
    };
    make("root", "rsa:2048", "root", "CA:TRUE");
    make(
        "between",
        "ec -pkeyopt ec_paramgen_curve:P-384",
        "root",
        "CA:TRUE",
    );
    make(
        "camera",
        "ec -pkeyopt ec_paramgen_curve:P-256",
        "between",
        "CA:FALSE",
    );
    make(
        "forger",
        "ec -pkeyopt ec_paramgen_curve:P-256",
        "camera",
        "CA:FALSE",
    );
    let one = |name: &str| {
        Certificate::parse_pem_chain(&read(dir, &format!("{name}.pem")))
            .unwrap()
            .remove(0)
    };
    let (root, between, camera, forger) = (one("root"), one("between"), one("camera"), one("forger"));
    let found = path(
        &camera,
        std::slice::from_ref(&between),
        std::slice::from_ref(&root),
    )
    .unwrap();
    assert_eq!(
        found.iter().map(Certificate::name).collect::<Vec<_>>(),
        ["camera", "between", "root"]
    );
    assert_eq!(
        path(&camera, &[], std::slice::from_ref(&root)),
        Err(PathFault::UnknownIssuer { depth: 0 })
    );
    assert_eq!(
        path(&camera, &[between.clone(), root.clone()], &[]),
        Err(PathFault::UnknownIssuer { depth: 2 })
    );
    assert_eq!(
        path(
            &forger,
            &[camera.clone(), between.clone()],
            std::slice::from_ref(&root)
        ),
        Err(PathFault::NoAuthority { depth: 1 })
    );
    make(
        "between",
        "ec -pkeyopt ec_paramgen_curve:P-384",
        "root",
        "CA:TRUE",
    );
    let other = one("between");
    assert_eq!(
        path(&camera, &[other], &[root]),
        Err(PathFault::BadSignature { depth: 0 })
    );
}

#[test]
fn several_blocks_are_read_with_whatever_stands_between_them() {
    let dir = tempfile::tempdir().unwrap();
    let dir = dir.path();
    openssl(
        dir,
        "req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -keyout k -out a.pem -subj /CN=a -days 3",
    );
    let pem = String::from_utf8(read(dir, "a.pem")).unwrap();
    let chain = Certificate::parse_pem_chain(
        format!("a maker\r\n{}\n\n{pem}\0", pem.replace('\n', "\r\n")).as_bytes(),
    );
    assert_eq!(chain.map(|chain| chain.len()), Some(2));
    for not in [
        "",
        "words",
        &pem.replace("CERTIFICATE", "PRIVATE KEY"),
        &pem[..pem.len() - 60],
    ] {
        assert_eq!(Certificate::parse_pem_chain(not.as_bytes()), None, "{not}");
    }
}

#[test]
fn object_identifiers_are_known_with_and_without_their_tag() {
    let tagged = [&[6, 9], HASHES[1].0].concat();
    assert_eq!(Hash::from_oid(&tagged), Some(Hash::Sha384));
    assert_eq!(Hash::from_oid(HASHES[2].0), Some(Hash::Sha512));
    assert_eq!(Hash::from_oid(&[6, 1, 2]), None);
    assert_eq!(Scheme::from_oid(&[]), Some(Scheme::OfTheKey));
    assert_eq!(Scheme::from_oid(&[6, 3, 0x2b, 0x65, 0x70]), Some(Scheme::Ed25519));
    assert_eq!(Scheme::from_oid(RSA_PSS), Some(Scheme::RsaPss));
    assert_eq!(Scheme::from_oid(b"?"), None);
}
