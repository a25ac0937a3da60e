//! Certificates over the wire, as a gateway gives them: sealed, once, and to nobody else.

use domain::enrolment::{Enrolment, EnrolmentRefusal, FleetToken, Token};
use domain::officer::Quality;
use domain::{DeviceId, Digest, UnixMs, decode, encode};
use hq::tokens::{self, Grant, LASTING};
use hq::{Outgoing, Pki};
use sync::wire::v1::{
    BUNDLE, EnrolRequest, HELLO, Hello, Knock, KnockAnswer, KnockOutcome, MAX_BUNDLE, RENEWAL, RenewRequest,
    Renewal,
};
use sync::{DownLane, Topic, UpLane, VisitId, Way};
use trust::cert::{Certificate, Claims, Holder, SigningRequest};
use trust::cose::{self, Namespace};
use trust::keys::{KeyKind, KeyProtection, SigningKey};
use trust::seal::{self, Identity};

use crate::world::{Hq, NOON, Terminal, moment};

const VISIT: VisitId = VisitId::from_bytes([3; 16]);

/// A phone before it is a terminal.
pub(crate) struct PhoneKeys {
    pub(crate) key: SigningKey,
    pub(crate) identity: Identity,
}

impl PhoneKeys {
    pub(crate) fn new() -> Self {
        Self {
            key: SigningKey::generate(KeyKind::P256),
            identity: Identity::generate(),
        }
    }
}

fn request(key: &SigningKey, identity: &Identity, device: &str) -> Vec<u8> {
    let claims = Claims {
        age_recipient: Some(*identity.recipient().as_bytes()),
        key_protection: Some(KeyProtection::File),
        ..Claims::default()
    };
    SigningRequest::make(key, device, &claims).unwrap()
}

/// The knock of `phone` under the name `device`, and its sealed form.
pub(crate) fn knock(hq: &Hq, phone: &PhoneKeys, device: &str, token: &Token) -> (Vec<u8>, Vec<u8>) {
    let knock = encode(&Knock::Enrol(EnrolRequest {
        version: 1,
        token: token.clone(),
        request: request(&phone.key, &phone.identity, device),
        attestation: None,
    }));
    let sealed = seal::seal(&[hq.pki().recipient()], &knock).unwrap();
    (knock, sealed)
}

pub(crate) fn token(hq: &mut Hq, device: &str) -> Token {
    let grant = Grant {
        device: DeviceId::parse(device).unwrap(),
        model: "NEO 2".to_owned(),
        officers: Vec::new(),
        numbers: 10,
    };
    tokens::issue(hq.registry.store(), &grant, LASTING, NOON)
        .unwrap()
        .0
}

/// The outcome in an answer, which only `identity` opens.
pub(crate) fn outcome(identity: &Identity, knock: &[u8], answer: &[u8]) -> KnockOutcome {
    let opened = seal::open(identity, answer, MAX_BUNDLE).unwrap();
    let answer: KnockAnswer = decode(&opened).unwrap();
    assert_eq!(answer.knock, Digest::of(knock));
    answer.outcome
}

fn read(bundle: &[u8]) -> Enrolment {
    decode(&cose::parse(bundle).unwrap().payload).unwrap()
}

fn visited(hq: &mut Hq, sealed: &[u8], now: UnixMs) -> Option<Vec<u8>> {
    let said = hq
        .gateway
        .receive(&Topic::Bootstrap(VISIT, Way::Up), sealed, now)
        .unwrap();
    assert!(said.len() <= 1);
    said.into_iter().next().map(|answer| {
        assert_eq!(answer.topic, Topic::Bootstrap(VISIT, Way::Down));
        answer.payload
    })
}

fn certificates(hq: &mut Hq, device: &str) -> Vec<Certificate> {
    let transaction = hq.registry.store().begin().unwrap();
    transaction
        .certificates_of(&Holder::Device(device.to_owned()))
        .unwrap()
}

#[test]
fn a_phone_with_a_token_gets_its_bundle_sealed_and_the_same_again_after_hq_died() {
    let mut hq = Hq::new();
    let (phone, token) = (PhoneKeys::new(), token(&mut hq, "neo-000001"));
    let (knock, sealed) = knock(&hq, &phone, "neo-000001", &token);
    let first = visited(&mut hq, &sealed, NOON).unwrap();
    assert!(seal::open(&Identity::generate(), &first, MAX_BUNDLE).is_err());
    let mut hq = hq.restarted();
    let again = visited(&mut hq, &sealed, NOON.plus(1000)).unwrap();
    let [first, again] = [first, again].map(|answer| outcome(&phone.identity, &knock, &answer));
    let KnockOutcome::Enrolled(bundle) = &first else {
        panic!("refused")
    };
    assert_eq!(read(bundle).terminal.device.as_str(), "neo-000001");
    assert_eq!(first, again);
    assert_eq!(certificates(&mut hq, "neo-000001").len(), 1);
}

#[test]
fn a_phone_that_may_not_is_told_why_and_noise_is_not_answered() {
    let mut hq = Hq::new();
    let (phone, thief) = (PhoneKeys::new(), PhoneKeys::new());
    let token = token(&mut hq, "neo-000001");
    let (asked, sealed) = knock(&hq, &phone, "neo-000002", &token);
    let answer = visited(&mut hq, &sealed, NOON).unwrap();
    let refused = outcome(&phone.identity, &asked, &answer);
    assert_eq!(refused, KnockOutcome::Refused(EnrolmentRefusal::OtherDevice));
    let (_, sealed) = knock(&hq, &phone, "neo-000001", &token);
    visited(&mut hq, &sealed, NOON).unwrap();
    let (asked, stolen) = knock(&hq, &thief, "neo-000001", &token);
    let answer = visited(&mut hq, &stolen, NOON).unwrap();
    let refused = outcome(&thief.identity, &asked, &answer);
    assert_eq!(refused, KnockOutcome::Refused(EnrolmentRefusal::TakenByAnother));
    for position in (0..sealed.len()).step_by(7) {
        let mut changed = sealed.clone();
        changed[position] ^= 1;
        assert_eq!(visited(&mut hq, &changed, NOON), None, "{position}");
    }
    assert_eq!(visited(&mut hq, b"noise", NOON), None);
    assert_eq!(certificates(&mut hq, "neo-000001").len(), 1);
}

impl Terminal {
    fn renewal(&self, now: UnixMs) -> Vec<u8> {
        let renewal = Renewal {
            version: 1,
            device: self.device.clone(),
            request: request(&self.key, &self.identity, self.device.as_str()),
            sent: moment(now),
        };
        self.sign(Namespace::EnrolmentRequest, RENEWAL, &encode(&renewal))
    }

    fn late(&self, hq: &Hq, fleet: FleetToken, now: UnixMs) -> (Vec<u8>, Vec<u8>) {
        let knock = encode(&Knock::Renew(RenewRequest {
            version: 1,
            fleet,
            renewal: self.renewal(now),
        }));
        let sealed = seal::seal(&[hq.pki().recipient()], &knock).unwrap();
        (knock, sealed)
    }

    /// The bundle in what HQ says to this terminal.
    fn bundle(&self, hq: &Hq, said: &[Outgoing]) -> Option<Enrolment> {
        let topic = Topic::Down(self.device.clone(), DownLane::Cmd);
        let signed = said
            .iter()
            .filter(|message| message.topic == topic)
            .filter_map(|message| cose::parse(&message.payload).ok())
            .find(|signed| signed.content_type == BUNDLE)?;
        cose::verify(&signed, Namespace::Order, hq.pki().command().certificate()).unwrap();
        Some(read(
            &seal::open(&self.identity, &signed.payload, MAX_BUNDLE).unwrap(),
        ))
    }
}

fn fleet(hq: &mut Hq) -> FleetToken {
    hq.registry.store().begin().unwrap().fleet_token().unwrap()
}

#[test]
fn a_certificate_is_followed_by_one_other_when_it_nears_its_end() {
    let mut hq = Hq::new();
    let terminal = hq.terminal("neo-000001", &[]);
    let queries = Topic::Up(terminal.device.clone(), UpLane::Q);
    let first = certificates(&mut hq, "neo-000001");
    let early = NOON.plus(50 * UnixMs::DAY);
    let said = hq
        .gateway
        .receive(&queries, &terminal.renewal(early), early)
        .unwrap();
    let same = terminal.bundle(&hq, &said).unwrap();
    assert_eq!(same.device_chain[0].0, first[0].der());
    let due = NOON.plus(61 * UnixMs::DAY);
    for later in [due, due.plus(UnixMs::DAY)] {
        let said = hq
            .gateway
            .receive(&queries, &terminal.renewal(later), later)
            .unwrap();
        let renewed = terminal.bundle(&hq, &said).unwrap();
        let both = certificates(&mut hq, "neo-000001");
        assert_eq!(both.len(), 2);
        assert_eq!(renewed.device_chain[0].0, both[1].der());
        assert_eq!(renewed.numbers, terminal.numbers);
        assert_eq!(both[1].public_key(), both[0].public_key());
    }
}

#[test]
fn a_terminal_that_was_away_too_long_comes_back_unless_it_was_revoked() {
    let mut hq = Hq::new();
    let terminal = hq.terminal("neo-000001", &[]);
    let late = NOON.plus(200 * UnixMs::DAY);
    let fleet = fleet(&mut hq);
    let (_, strange) = terminal.late(&hq, FleetToken::from_bytes([0; 16]), late);
    assert_eq!(visited(&mut hq, &strange, late), None);
    // On its own topic its signature is as late as its certificate.
    let queries = Topic::Up(terminal.device.clone(), UpLane::Q);
    assert_eq!(
        hq.gateway
            .receive(&queries, &terminal.renewal(late), late)
            .unwrap(),
        []
    );
    let (knock, sealed) = terminal.late(&hq, fleet.clone(), late);
    let answer = visited(&mut hq, &sealed, late).unwrap();
    let KnockOutcome::Enrolled(bundle) = outcome(&terminal.identity, &knock, &answer) else {
        panic!("refused")
    };
    let leaf = Certificate::from_der(&read(&bundle).device_chain[0].0).unwrap();
    assert!(leaf.validity_unix_ms().1 > late.0);

    let transaction = hq.registry.store().begin().unwrap();
    let holder = Holder::Device("neo-000001".to_owned());
    assert!(transaction.revoke(&holder, late).unwrap());
    transaction.commit().unwrap();
    let (knock, sealed) = terminal.late(&hq, fleet, late);
    let answer = visited(&mut hq, &sealed, late).unwrap();
    let refused = outcome(&terminal.identity, &knock, &answer);
    assert_eq!(refused, KnockOutcome::Refused(EnrolmentRefusal::NotVouched));
    assert_eq!(certificates(&mut hq, "neo-000001").len(), 2);
}

#[test]
fn a_phone_that_was_replaced_gets_no_other_certificate() {
    let mut hq = Hq::new();
    let old = hq.terminal("neo-000001", &[]);
    let due = NOON.plus(61 * UnixMs::DAY);
    let pki = Pki::open(hq.pki().dir()).unwrap();
    let grant = Grant {
        device: old.device.clone(),
        model: "NEO 2".to_owned(),
        officers: Vec::new(),
        numbers: 10,
    };
    let (token, _) = tokens::issue(hq.registry.store(), &grant, LASTING, due).unwrap();
    let phone = PhoneKeys::new();
    let request = hq::pki::DeviceRequest {
        device: old.device.clone(),
        model: String::new(),
        spki: phone.key.public().spki_der(),
        recipient: *phone.identity.recipient().as_bytes(),
        protection: domain::enrolment::KeyProtection::File,
    };
    tokens::take(hq.registry.store(), &pki, &token, &request, due)
        .unwrap()
        .unwrap();
    let queries = Topic::Up(old.device.clone(), UpLane::Q);
    assert_eq!(hq.gateway.receive(&queries, &old.renewal(due), due).unwrap(), []);
    assert_eq!(certificates(&mut hq, "neo-000001").len(), 2);
}

#[test]
fn an_officer_who_joins_a_terminal_is_told_to_it_at_its_next_hello_and_once() {
    let mut hq = Hq::new();
    let terminal = hq.terminal("neo-000001", &[]);
    let officer = hq.officer(4, Quality::Apj);
    let hello = |issued| {
        let hello = Hello {
            bundle: Some(issued),
            ..terminal.bare_hello()
        };
        terminal.sign(Namespace::Hello, HELLO, &encode(&hello))
    };
    let queries = Topic::Up(terminal.device.clone(), UpLane::Q);
    let said = hq.gateway.receive(&queries, &hello(NOON), NOON).unwrap();
    assert_eq!(terminal.bundle(&hq, &said), None);
    let later = NOON.plus(1000);
    hq.registry
        .assign(&terminal.device, officer.officer.id, later)
        .unwrap();
    for _ in 0..2 {
        let said = hq.gateway.receive(&queries, &hello(NOON), later.plus(1)).unwrap();
        let bundle = terminal.bundle(&hq, &said).unwrap();
        assert_eq!(bundle.officers.len(), 1);
        assert_eq!(bundle.officers[0].officer, officer.officer);
        let said = hq
            .gateway
            .receive(&queries, &hello(bundle.issued), later.plus(2))
            .unwrap();
        assert_eq!(terminal.bundle(&hq, &said), None);
    }
}
