//! Revoked certificates: on lists that OpenSSL, rustls and mosquitto read, and at the gateway.

use std::fs;
use std::process::Command;
use std::sync::Arc;
use std::time::Duration;

use domain::UnixMs;
use domain::envelope::{ReceiptStatus, RefusalCode};
use domain::officer::Quality;
use hq::fleet::{self, Standing};
use hq::pki::{CRL_DAYS, PkiError};
use hq::{Pki, store::Store};
use rustls::pki_types::{
    CertificateDer, CertificateRevocationListDer, PrivateKeyDer, PrivatePkcs8KeyDer, UnixTime,
};
use sync::mqtt::{LinkCommand, LinkEvent};
use trust::cert::{Crl, CrlError, Holder, Reason};

use crate::broker::{Peer, mosquitto, ports, today};
use crate::world::{Hq, NOON, Terminal};

fn holder(terminal: &Terminal) -> Holder {
    Holder::Device(terminal.device.to_string())
}

impl Hq {
    fn opened(&self) -> (Store, Pki) {
        let pki = Pki::open(self.pki().dir()).unwrap();
        (Store::open(&self.path("")).unwrap(), pki)
    }

    /// Revokes the terminal and tells the broker; the list.
    fn revoke(&self, terminal: &Terminal, now: UnixMs) -> Crl {
        let (mut store, pki) = self.opened();
        assert_eq!(
            fleet::revoke(&mut store, &holder(terminal), Reason::KeyCompromise, now).unwrap(),
            1
        );
        let crl = fleet::build_crl(&mut store, &pki, now).unwrap();
        pki.publish_crl(&crl).unwrap();
        crl
    }
}

#[test]
fn a_list_says_who_when_and_why_and_numbers_ascend() {
    let mut hq = Hq::new();
    let (lost, kept) = (hq.terminal("neo-00000a", &[]), hq.terminal("neo-00000b", &[]));
    let crl = hq.revoke(&lost, NOON);
    assert_eq!((crl.number, crl.revoked.len()), (2, 1));
    let entry = crl.find(lost.certificate.serial()).unwrap();
    assert_eq!((entry.at_unix_ms, entry.reason), (NOON.0, Reason::KeyCompromise));
    assert!(crl.find(kept.certificate.serial()).is_none());
    assert_eq!(crl.next_update_unix_ms, NOON.plus(CRL_DAYS * UnixMs::DAY).0);
    assert_eq!(hq.pki().crl().unwrap(), crl);
    let (mut store, pki) = hq.opened();
    let next = fleet::build_crl(&mut store, &pki, NOON).unwrap();
    assert_eq!(next.number, 3);
    pki.publish_crl(&next).unwrap();
    assert!(matches!(
        pki.publish_crl(&crl),
        Err(PkiError::CrlNotNewer { number: 3 })
    ));
}

#[test]
fn a_list_of_another_authority_or_with_a_changed_byte_is_refused() {
    let mut hq = Hq::new();
    let lost = hq.terminal("neo-00000a", &[]);
    let crl = hq.revoke(&lost, NOON);
    let stranger = Hq::new();
    assert_eq!(
        Crl::verify(crl.der(), stranger.pki().issuing()),
        Err(CrlError::Signature)
    );
    for at in 0..crl.der().len() {
        let mut changed = crl.der().to_vec();
        changed[at] ^= 1;
        assert!(Crl::verify(&changed, hq.pki().issuing()).is_err(), "{at}");
    }
}

#[test]
fn openssl_reads_the_list_and_refuses_the_revoked_certificate_alone() {
    let mut hq = Hq::new();
    let (lost, kept) = (hq.terminal("neo-00000a", &[]), hq.terminal("neo-00000b", &[]));
    hq.revoke(&lost, NOON);
    let dir = tempfile::tempdir().unwrap();
    let path = |name: &str| dir.path().join(name);
    fs::write(
        path("ca.pem"),
        hq.pki().root().to_pem() + &hq.pki().issuing().to_pem(),
    )
    .unwrap();
    fs::write(path("issuing.pem"), hq.pki().issuing().to_pem()).unwrap();
    fs::copy(hq.pki().crl_file(), path("list.pem")).unwrap();
    let openssl = |arguments: &[&str]| {
        let output = Command::new("openssl")
            .args(arguments)
            .current_dir(dir.path())
            .output();
        output.expect("openssl is installed by `make test`")
    };
    let shown = openssl(&["crl", "-in", "list.pem", "-noout", "-text", "-CAfile", "ca.pem"]);
    let text = String::from_utf8_lossy(&shown.stdout).into_owned();
    assert!(
        String::from_utf8_lossy(&shown.stderr).contains("verify OK"),
        "{shown:?}"
    );
    assert!(
        text.contains("Key Compromise") && text.contains("X509v3 CRL Number"),
        "{text}"
    );
    let at = (NOON.0 / 1000 + 60).to_string();
    for (terminal, expected) in [(&kept, true), (&lost, false)] {
        fs::write(path("leaf.pem"), terminal.certificate.to_pem()).unwrap();
        let checked = openssl(&[
            "verify",
            "-crl_check",
            "-x509_strict",
            "-attime",
            &at,
            "-CAfile",
            "ca.pem",
            "-CRLfile",
            "list.pem",
            "leaf.pem",
        ]);
        assert_eq!(checked.status.success(), expected, "{checked:?}");
        assert_eq!(
            String::from_utf8_lossy(&checked.stderr).contains("certificate revoked"),
            !expected
        );
    }
    // Past its end, a list refuses everybody.
    let late = (NOON.plus((CRL_DAYS + 1) * UnixMs::DAY).0 / 1000).to_string();
    fs::write(path("leaf.pem"), kept.certificate.to_pem()).unwrap();
    let checked = openssl(&[
        "verify",
        "-crl_check",
        "-attime",
        &late,
        "-CAfile",
        "ca.pem",
        "-CRLfile",
        "list.pem",
        "leaf.pem",
    ]);
    assert!(!checked.status.success());
    assert!(
        String::from_utf8_lossy(&checked.stderr).contains("CRL has expired"),
        "{checked:?}"
    );
}

/// A TLS 1.3 handshake in memory at `at`, with a server that knows `crl`.
fn handshake(hq: &Hq, terminal: &Terminal, crl: &Crl, at: UnixMs) -> Result<(), rustls::Error> {
    #[derive(Debug)]
    struct Clock(u64);
    impl rustls::time_provider::TimeProvider for Clock {
        fn current_time(&self) -> Option<UnixTime> {
            Some(UnixTime::since_unix_epoch(Duration::from_secs(self.0)))
        }
    }
    let clock = || Arc::new(Clock(u64::try_from(at.0 / 1000).unwrap()));
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let mut roots = rustls::RootCertStore::empty();
    roots
        .add(CertificateDer::from(hq.pki().root().der().to_vec()))
        .unwrap();
    let roots = Arc::new(roots);
    let private = |der: &[u8]| PrivateKeyDer::from(PrivatePkcs8KeyDer::from(der.to_vec()));
    let list = CertificateRevocationListDer::from(crl.der().to_vec());
    let verifier =
        rustls::server::WebPkiClientVerifier::builder_with_provider(roots.clone(), provider.clone())
            .with_crls([list])
            .only_check_end_entity_revocation()
            .build()
            .unwrap();
    let own = hq.pki().broker_tls().unwrap();
    let own_chain = own
        .chain
        .iter()
        .map(|der| CertificateDer::from(der.clone()))
        .collect();
    let server = rustls::ServerConfig::builder_with_details(provider.clone(), clock())
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_client_cert_verifier(verifier)
        .with_single_cert(own_chain, private(&own.key))?;
    let chain = [&terminal.certificate, hq.pki().issuing()];
    let chain = chain
        .map(|certificate| CertificateDer::from(certificate.der().to_vec()))
        .to_vec();
    let client = rustls::ClientConfig::builder_with_details(provider, clock())
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_root_certificates(roots)
        .with_client_auth_cert(chain, private(&terminal.key.to_pkcs8_der()))?;
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
fn rustls_refuses_the_revoked_terminal_alone() {
    let mut hq = Hq::new();
    let (lost, kept) = (hq.terminal("neo-00000a", &[]), hq.terminal("neo-00000b", &[]));
    let before = hq.pki().crl().unwrap();
    handshake(&hq, &lost, &before, NOON).unwrap();
    let crl = hq.revoke(&lost, NOON);
    handshake(&hq, &kept, &crl, NOON).unwrap();
    let refused = handshake(&hq, &lost, &crl, NOON);
    let revoked = rustls::Error::InvalidCertificate(rustls::CertificateError::Revoked);
    assert_eq!(refused, Err(revoked));
}

#[test]
fn mosquitto_refuses_the_revoked_terminal_alone() {
    let mut hq = Hq::at(today());
    let (lost, kept) = (hq.terminal("neo-00000a", &[]), hq.terminal("neo-00000b", &[]));
    let ports = ports();
    let broker = mosquitto(hq.pki(), ports);
    Peer::of(&hq, &lost, ports.control, "neo-00000a", &[]);
    drop(broker);
    hq.revoke(&lost, today());
    let _broker = mosquitto(hq.pki(), ports);
    for port in [ports.control, ports.bulk] {
        let chain = [lost.certificate.der().to_vec(), hq.pki().issuing().der().to_vec()];
        let peer = Peer::new(&hq, port, "neo-00000a", &chain, &lost.key.to_pkcs8_der(), &[]);
        peer.link.send(LinkCommand::Connect).unwrap();
        assert!(matches!(peer.next(), LinkEvent::Down { .. }));
    }
    Peer::gateway(&hq, ports.control);
    Peer::of(&hq, &kept, ports.control, "neo-00000b", &[]);
}

#[test]
fn the_gateway_refuses_what_was_signed_after_the_revocation_and_says_why() {
    let mut hq = Hq::new();
    let officer = hq.officer(1, Quality::Apj);
    let (lost, other) = (
        hq.terminal("neo-00000a", &[&officer]),
        hq.terminal("neo-00000b", &[&officer]),
    );
    let (mut store, _) = hq.opened();
    // Acts of the parcels are signed at noon.
    fleet::revoke(&mut store, &holder(&lost), Reason::KeyCompromise, NOON).unwrap();
    fleet::revoke(&mut store, &holder(&other), Reason::KeyCompromise, NOON.plus(1)).unwrap();
    assert_eq!(
        hq.refusal(&lost, &lost.pv(&officer, 0).bytes()),
        RefusalCode::SignerRevoked
    );
    let before = hq.receipt(&other, &other.pv(&officer, 0).bytes());
    assert_eq!(before.status, ReceiptStatus::Stored, "it was signed before");
    // An officer's own key.
    let agent = Holder::Agent(officer.officer.id.to_string());
    fleet::revoke(&mut store, &agent, Reason::KeyCompromise, NOON).unwrap();
    assert_eq!(
        hq.refusal(&other, &other.pv(&officer, 1).bytes()),
        RefusalCode::SignerRevoked
    );
}

#[test]
fn a_retired_terminal_is_on_the_list_and_never_comes_back() {
    let mut hq = Hq::new();
    let terminal = hq.terminal("neo-00000a", &[]);
    let (mut store, pki) = hq.opened();
    fleet::set_standing(&mut store, &terminal.device, Standing::Retired, NOON).unwrap();
    let crl = fleet::build_crl(&mut store, &pki, NOON).unwrap();
    assert_eq!(
        crl.find(terminal.certificate.serial()).unwrap().reason,
        Reason::CessationOfOperation
    );
    let again = fleet::set_standing(&mut store, &terminal.device, Standing::InService, NOON);
    assert!(matches!(again, Err(fleet::FleetError::Retired { .. })));
}

#[test]
fn a_list_forgets_what_has_long_expired() {
    let mut hq = Hq::new();
    let terminal = hq.terminal("neo-00000a", &[]);
    hq.revoke(&terminal, NOON);
    let (mut store, pki) = hq.opened();
    let later = |days| NOON.plus(days * UnixMs::DAY);
    let just_expired = fleet::build_crl(&mut store, &pki, later(100)).unwrap();
    assert_eq!(just_expired.revoked.len(), 1);
    let long_expired = fleet::build_crl(&mut store, &pki, later(90 + CRL_DAYS + 1)).unwrap();
    assert_eq!(long_expired.revoked.len(), 0);
}
