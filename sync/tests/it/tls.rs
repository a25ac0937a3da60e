//! Mutual TLS: sessions resume, and a certificate that is refused is told apart from a lost network.

use std::slice::from_ref;
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};

use rumqttc::{TlsConfiguration, Transport};
use rustls::{ClientConfig, HandshakeKind};
use sync::mqtt::{DownReason, Refusal, Security, Signs, TlsRefusal, tls_client, tls_signing_client};
use trust::keys::{PublicKey, SigningKey};

use crate::broker::{Broker, ConnAck};
use crate::clients::{Bare, Ours, config};
use crate::pki::{Authority, Leaf};

const VALID: i32 = 2090;
const EXPIRED: i32 = 2021;

fn ours(broker: &Broker, tls: Arc<ClientConfig>) -> Ours {
    let mut config = config(broker.port);
    config.security = Security::Tls(tls);
    Ours::new(config)
}

#[test]
fn q_the_library_makes_a_full_handshake_at_each_connection() {
    let authority = Authority::new("neo");
    let (server, leaf) = (
        authority.server(&authority.leaf("broker", VALID)),
        authority.leaf("neo-000007", VALID),
    );
    let broker = Broker::start();
    let mut options = Bare::options(broker.port);
    options.set_transport(Transport::tls_with_config(TlsConfiguration::Simple {
        ca: authority.pem.clone().into_bytes(),
        alpn: None,
        client_auth: Some((
            leaf.pem.clone().into_bytes(),
            leaf.key.serialize_pem().into_bytes(),
        )),
    }));
    let bare = Bare::new(options);
    for _ in 0..2 {
        let mut peer = broker.accept_tls(&server).unwrap();
        peer.accept_client(ConnAck::default());
        assert!(bare.polled().event.is_ok());
        assert_eq!(peer.handshake(), Some(HandshakeKind::Full));
        drop(peer);
        assert!(bare.polled().event.is_err());
    }
}

#[test]
fn q_our_link_resumes_its_tls_session() {
    let authority = Authority::new("neo");
    let (server, leaf) = (
        authority.server(&authority.leaf("broker", VALID)),
        authority.leaf("neo-000007", VALID),
    );
    let broker = Broker::start();
    let ours = ours(&broker, authority.client(&leaf));
    for expected in [
        HandshakeKind::Full,
        HandshakeKind::Resumed,
        HandshakeKind::Resumed,
    ] {
        ours.connect();
        let mut peer = broker.accept_tls(&server).unwrap();
        peer.accept_client(ConnAck::default());
        ours.is_up();
        assert_eq!(peer.handshake(), Some(expected));
        drop(peer);
        assert_eq!(ours.is_down(), DownReason::Lost);
    }
}

/// Why a link with `client`'s certificate goes down at a broker with `server`'s.
fn refusal(authorities: (&Authority, &Authority), server_until: i32, client_until: i32) -> DownReason {
    let (brokers, terminals) = authorities;
    let server = terminals.server(&brokers.leaf("broker", server_until));
    let leaf = terminals.leaf("neo-000007", client_until);
    let broker = Broker::start();
    let ours = ours(&broker, terminals.client(&leaf));
    ours.connect();
    assert!(broker.accept_tls(&server).is_err());
    ours.is_down()
}

#[test]
fn a_broker_with_a_wrong_certificate_is_refused_with_the_reason() {
    let (ours, other) = (Authority::new("neo"), Authority::new("other"));
    let unknown = refusal((&other, &ours), VALID, VALID);
    assert_eq!(unknown, DownReason::TlsRefused(TlsRefusal::UnknownAuthority));
    let expired = refusal((&ours, &ours), EXPIRED, VALID);
    assert_eq!(expired, DownReason::TlsRefused(TlsRefusal::Expired));
}

#[test]
fn a_terminal_learns_that_its_own_certificate_is_expired_or_unknown() {
    let (ours, other) = (Authority::new("neo"), Authority::new("other"));
    let expired = refusal((&ours, &ours), VALID, EXPIRED);
    assert_eq!(expired, DownReason::OwnCertificateRefused(TlsRefusal::Expired));

    let broker = Broker::start();
    let (server, stranger) = (
        ours.server(&ours.leaf("broker", VALID)),
        other.leaf("neo-000007", VALID),
    );
    let tls = tls_client(&ours.der, from_ref(&stranger.der), &stranger.key.serialize_der()).unwrap();
    let link = self::ours(&broker, tls);
    link.connect();
    assert!(broker.accept_tls(&server).is_err());
    assert_eq!(
        link.is_down(),
        DownReason::OwnCertificateRefused(TlsRefusal::UnknownAuthority)
    );
}

#[test]
fn a_key_that_is_not_that_of_the_certificate_makes_no_client() {
    let authority = Authority::new("neo");
    let (one, other) = (
        authority.leaf("neo-000007", VALID),
        authority.leaf("neo-000008", VALID),
    );
    assert!(tls_client(&authority.der, from_ref(&one.der), &other.key.serialize_der()).is_err());
    assert!(tls_client(b"no certificate", from_ref(&one.der), &one.key.serialize_der()).is_err());
}

/// A key that never leaves its keeper, as `sync` sees it, and how often it signed.
fn keeper(leaf: &Leaf, answers: bool) -> (PublicKey, Signs, Arc<AtomicU32>) {
    let key = SigningKey::from_pkcs8_der(&leaf.key.serialize_der()).unwrap();
    let (public, signed) = (key.public(), Arc::new(AtomicU32::new(0)));
    let count = signed.clone();
    let signs = move |message: &[u8]| {
        count.fetch_add(1, Ordering::Relaxed);
        answers.then(|| key.sign(message))
    };
    (public, Arc::new(signs), signed)
}

#[test]
fn a_key_that_only_signs_makes_a_link_and_signs_once_for_all_resumed_sessions() {
    let authority = Authority::new("neo");
    let server = authority.server(&authority.leaf("broker", VALID));
    let leaf = authority.leaf("neo-000007", VALID);
    let (public, signs, signed) = keeper(&leaf, true);
    let tls = tls_signing_client(&authority.der, from_ref(&leaf.der), &public, signs).unwrap();
    let broker = Broker::start();
    let ours = self::ours(&broker, tls);
    for expected in [HandshakeKind::Full, HandshakeKind::Resumed] {
        ours.connect();
        let mut peer = broker.accept_tls(&server).unwrap();
        peer.accept_client(ConnAck::default());
        ours.is_up();
        assert_eq!(peer.handshake(), Some(expected));
        drop(peer);
        assert_eq!(ours.is_down(), DownReason::Lost);
    }
    assert_eq!(signed.load(Ordering::Relaxed), 1);
}

#[test]
fn a_key_that_does_not_answer_or_is_not_that_of_the_certificate_makes_no_link() {
    let authority = Authority::new("neo");
    let server = authority.server(&authority.leaf("broker", VALID));
    let (leaf, other) = (
        authority.leaf("neo-000007", VALID),
        authority.leaf("neo-000008", VALID),
    );
    let (public, signs, _) = keeper(&leaf, false);
    let (stranger, ..) = keeper(&other, true);
    assert!(tls_signing_client(&authority.der, from_ref(&leaf.der), &stranger, signs.clone()).is_err());
    let tls = tls_signing_client(&authority.der, from_ref(&leaf.der), &public, signs).unwrap();
    let broker = Broker::start();
    let ours = self::ours(&broker, tls);
    ours.connect();
    assert!(broker.accept_tls(&server).is_err());
    assert_eq!(ours.is_down(), DownReason::ConnectFailed);
}

#[test]
fn a_broker_that_refuses_says_why() {
    let broker = Broker::start();
    let ours = Ours::new(config(broker.port));
    for (code, refusal) in [
        (0x87, Refusal::NotAuthorized),
        (0x89, Refusal::Busy),
        (0x9d, Refusal::Other),
    ] {
        ours.connect();
        let _peer = broker.welcome(ConnAck {
            code,
            ..ConnAck::default()
        });
        assert_eq!(ours.is_down(), DownReason::Refused(refusal));
    }
    for (code, refusal) in [
        (0x8e, Refusal::TakenOver),
        (0x8b, Refusal::Busy),
        (0x87, Refusal::NotAuthorized),
    ] {
        ours.connect();
        let mut peer = broker.welcome(ConnAck::default());
        ours.is_up();
        peer.disconnect(code);
        assert_eq!(ours.is_down(), DownReason::Refused(refusal));
    }
}

#[test]
fn a_subscription_that_is_not_granted_ends_the_attempt() {
    let broker = Broker::start();
    let mut config = config(broker.port);
    config.subscriptions = vec!["np/d/neo-000008/dn/#".to_owned()];
    let ours = Ours::new(config);
    ours.connect();
    let mut peer = broker.welcome(ConnAck::default());
    peer.grant(1, 0x87);
    assert_eq!(ours.is_down(), DownReason::Refused(Refusal::Subscription));
}
