//! Certificates as TLS libraries and OpenSSL see them.

use super::tests::LEAVES;
use super::*;
use crate::fixture::{NOON, Pki, run};
use crate::keys::SigningKey;

#[test]
fn rustls_accepts_our_tls_leaves_and_refuses_a_stranger() {
    let (pki, stranger) = (Pki::new(), Pki::new());
    assert!(handshake(&pki, &pki.leaf(Profile::Device)).is_ok());
    assert!(handshake(&pki, &pki.leaf(Profile::Gateway)).is_ok());
    assert!(handshake(&pki, &pki.leaf(Profile::BulkDevice)).is_ok());
    assert!(handshake(&pki, &stranger.leaf(Profile::Device)).is_err());
    assert!(
        handshake(&pki, &pki.leaf(Profile::Officer)).is_err(),
        "an officer's key never opens a connection"
    );
}

/// A TLS 1.3 handshake in memory between our server leaf and `client`, judged at noon.
fn handshake(pki: &Pki, client: &crate::fixture::Leaf) -> Result<(), rustls::Error> {
    use std::sync::Arc;
    use std::time::Duration;

    use rustls::pki_types::{CertificateDer, PrivateKeyDer, PrivatePkcs8KeyDer, UnixTime};

    #[derive(Debug)]
    struct Noon;
    impl rustls::time_provider::TimeProvider for Noon {
        fn current_time(&self) -> Option<UnixTime> {
            Some(UnixTime::since_unix_epoch(Duration::from_secs(
                NOON as u64 / 1000,
            )))
        }
    }
    let der = |certificate: &Certificate| CertificateDer::from(certificate.der().to_vec());
    let private =
        |key: &SigningKey| PrivateKeyDer::from(PrivatePkcs8KeyDer::from(key.to_pkcs8_der().to_vec()));
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let mut roots = rustls::RootCertStore::empty();
    roots.add(der(&pki.root)).unwrap();
    let roots = Arc::new(roots);
    let server_leaf = pki.leaf(Profile::TlsServer);
    let server = rustls::ServerConfig::builder_with_details(provider.clone(), Arc::new(Noon))
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_client_cert_verifier(
            rustls::server::WebPkiClientVerifier::builder_with_provider(roots.clone(), provider.clone())
                .build()
                .unwrap(),
        )
        .with_single_cert(
            vec![der(&server_leaf.certificate), der(&pki.issuing)],
            private(&server_leaf.key),
        )?;
    let client = rustls::ClientConfig::builder_with_details(provider, Arc::new(Noon))
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_root_certificates(roots)
        .with_client_auth_cert(
            vec![der(&client.certificate), der(&pki.issuing)],
            private(&client.key),
        )?;
    let mut server = rustls::ServerConnection::new(Arc::new(server)).unwrap();
    let mut client =
        rustls::ClientConnection::new(Arc::new(client), "localhost".try_into().unwrap()).unwrap();
    for _ in 0..8 {
        let mut wire = Vec::new();
        while client.wants_write() {
            client.write_tls(&mut wire).unwrap();
        }
        server.read_tls(&mut wire.as_slice()).unwrap();
        server.process_new_packets()?;
        let mut wire = Vec::new();
        while server.wants_write() {
            server.write_tls(&mut wire).unwrap();
        }
        client.read_tls(&mut wire.as_slice()).unwrap();
        client.process_new_packets()?;
    }
    assert!(!server.is_handshaking() && !client.is_handshaking());
    Ok(())
}

#[test]
fn openssl_accepts_our_chain_and_keys() {
    let dir = tempfile::tempdir().unwrap();
    let pki = Pki::new();
    let write = |name: &str, content: &str| std::fs::write(dir.path().join(name), content).unwrap();
    write("root.pem", &pki.root.to_pem());
    write("issuing.pem", &pki.issuing.to_pem());
    let openssl = |arguments: &[&str]| run("openssl", "openssl", arguments, dir.path());
    for profile in LEAVES {
        let leaf = pki.leaf(profile);
        write("leaf.pem", &leaf.certificate.to_pem());
        write("leaf.key", &leaf.key.to_pkcs8_pem());
        let at = (NOON / 1000).to_string();
        let verified = openssl(&[
            "verify",
            "-x509_strict",
            "-attime",
            &at,
            "-CAfile",
            "root.pem",
            "-untrusted",
            "issuing.pem",
            "leaf.pem",
        ]);
        assert!(
            verified.status.success(),
            "{profile:?}: {}",
            String::from_utf8_lossy(&verified.stderr)
        );
        let from_key = openssl(&["pkey", "-in", "leaf.key", "-pubout"]);
        let from_certificate = openssl(&["x509", "-in", "leaf.pem", "-noout", "-pubkey"]);
        assert!(from_key.status.success());
        assert_eq!(from_key.stdout, from_certificate.stdout);
    }
}
