//! Tokens: who gets a certificate for one, how often, and what is left of it in the store.

use domain::enrolment::{Address, Enrolment, EnrolmentRefusal, KeyProtection, Ticket, Token};
use domain::officer::Quality;
use domain::{DeviceId, OfficerId, UnixMs, decode};
use hq::enrolment::EnrolmentError;
use hq::pki::{DeviceRequest, Pki};
use hq::tokens::{self, Grant, LASTING, Standing};
use trust::cert::{Certificate, Holder, Profile, verify_chain};
use trust::cose;
use trust::keys::{KeyKind, SigningKey};

use crate::world::{Hq, NOON};

fn device() -> DeviceId {
    DeviceId::parse("neo-000001").unwrap()
}

fn grant(officers: &[OfficerId]) -> Grant {
    Grant {
        device: device(),
        model: "NEO 2".to_owned(),
        officers: officers.to_vec(),
        numbers: 100,
    }
}

fn request(key: &SigningKey) -> DeviceRequest {
    DeviceRequest {
        device: device(),
        model: String::new(),
        spki: key.public().spki_der(),
        recipient: [7; 32],
        protection: KeyProtection::File,
    }
}

impl Hq {
    fn token(&mut self, grant: &Grant, now: UnixMs) -> Token {
        tokens::issue(self.registry.store(), grant, LASTING, now)
            .unwrap()
            .0
    }

    fn take(
        &mut self,
        token: &Token,
        request: &DeviceRequest,
        now: UnixMs,
    ) -> Result<Vec<u8>, EnrolmentRefusal> {
        let pki = Pki::open(self.pki().dir()).unwrap();
        tokens::take(self.registry.store(), &pki, token, request, now).unwrap()
    }

    fn certificates(&self) -> i64 {
        let holder = Holder::Device("neo-000001".to_owned()).to_urn();
        self.outside().number(&format!(
            "SELECT count(*) FROM certificate WHERE holder = '{holder}'"
        ))
    }
}

fn read(bundle: &[u8]) -> Enrolment {
    decode(&cose::parse(bundle).unwrap().payload).unwrap()
}

#[test]
fn a_token_gives_one_certificate_however_often_its_taker_asks() {
    let mut hq = Hq::new();
    let officer = hq.officer(1, Quality::Opj);
    let token = hq.token(&grant(&[officer.officer.id]), NOON);
    let key = SigningKey::generate(KeyKind::P256);
    let bundle = hq.take(&token, &request(&key), NOON).unwrap();
    let enrolment = read(&bundle);
    assert_eq!(enrolment.terminal.device, device());
    assert_eq!(enrolment.terminal.model, "NEO 2");
    assert_eq!(enrolment.officers[0].officer, officer.officer);
    assert_eq!(enrolment.numbers.count(), 100);
    let leaf = Certificate::from_der(&enrolment.device_chain[0].0).unwrap();
    assert_eq!(*leaf.public_key(), key.public());
    let issuing = [hq.pki().issuing().clone()];
    let root = [hq.pki().root().clone()];
    assert!(verify_chain(&leaf, &issuing, &root, Profile::Device, NOON.0).all_ok());

    // A lost answer is asked for again, also after the token's own end.
    for later in [1, 2 * UnixMs::DAY] {
        assert_eq!(hq.take(&token, &request(&key), NOON.plus(later)).unwrap(), bundle);
    }
    assert_eq!(hq.certificates(), 1);
}

#[test]
fn another_key_gets_nothing_and_is_counted() {
    let mut hq = Hq::new();
    let token = hq.token(&grant(&[]), NOON);
    let (first, other) = (
        SigningKey::generate(KeyKind::P256),
        SigningKey::generate(KeyKind::P256),
    );
    hq.take(&token, &request(&first), NOON).unwrap();
    let refused = hq.take(&token, &request(&other), NOON);
    assert_eq!(refused, Err(EnrolmentRefusal::TakenByAnother));
    assert_eq!(hq.certificates(), 1);
    let transaction = hq.registry.store().begin().unwrap();
    let known = transaction.tokens(Some(&device())).unwrap();
    assert_eq!(known.len(), 1);
    assert_eq!((known[0].standing, known[0].disputes), (Standing::Taken(NOON), 1));
}

#[test]
fn a_token_that_does_not_count_gives_nothing() {
    let mut hq = Hq::new();
    let key = SigningKey::generate(KeyKind::P256);
    let unknown = Token::from_bytes([1; 16]);
    assert_eq!(
        hq.take(&unknown, &request(&key), NOON),
        Err(EnrolmentRefusal::UnknownToken)
    );
    let token = hq.token(&grant(&[]), NOON);
    let late = NOON.plus(LASTING + 1);
    assert_eq!(
        hq.take(&token, &request(&key), late),
        Err(EnrolmentRefusal::Expired)
    );
    let elsewhere = DeviceRequest {
        device: DeviceId::parse("neo-000002").unwrap(),
        ..request(&key)
    };
    assert_eq!(
        hq.take(&token, &elsewhere, NOON),
        Err(EnrolmentRefusal::OtherDevice)
    );
    // A second token for the same terminal is the only one that counts.
    let second = hq.token(&grant(&[]), NOON);
    assert_eq!(
        hq.take(&token, &request(&key), NOON),
        Err(EnrolmentRefusal::Revoked)
    );
    assert_eq!(tokens::revoke(hq.registry.store(), &device(), NOON).unwrap(), 1);
    assert_eq!(
        hq.take(&second, &request(&key), NOON),
        Err(EnrolmentRefusal::Revoked)
    );
    assert_eq!(hq.certificates(), 0);
}

#[test]
fn nobody_unknown_is_granted_a_terminal() {
    let mut hq = Hq::new();
    let nobody = grant(&[OfficerId::from_bytes([9; 16])]);
    let refused = tokens::issue(hq.registry.store(), &nobody, LASTING, NOON);
    assert!(matches!(refused, Err(EnrolmentError::UnknownOfficer { .. })));
}

#[test]
fn the_token_itself_is_not_in_the_store() {
    let mut hq = Hq::new();
    let (token, expires) = tokens::issue(hq.registry.store(), &grant(&[]), LASTING, NOON).unwrap();
    let bytes = domain::encode(&token);
    assert!(!hq.is_in_store(&bytes[1..]));
    assert!(hq.is_in_store(token.digest().as_bytes()));
    let broker = Address::parse("mqtts://localhost:8885").unwrap();
    let ticket = tokens::ticket(hq.pki(), broker, device(), token, expires);
    assert_eq!(Ticket::parse(&ticket.to_text()), Ok(ticket));
}
