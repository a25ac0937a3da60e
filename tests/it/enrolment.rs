//! A phone becomes a terminal, stays one, and comes back after months: by one path, once, whatever is cut off.

use std::convert::Infallible;

use agent::enrol::joining::{self, JoinError};
use agent::enrol::{self as terminal, EnrolError};
use agent::site::Site;
use domain::enrolment::{Address, EnrolmentRefusal, Ticket};
use domain::journal::Operation;
use domain::record::ActKind;
use domain::{BootId, DeviceId, Timestamp, UnixMs, Zone};
use hq::Registry;
use hq::key_policy::{Demand, KeyPolicy};
use hq::tokens::{self, Grant};
use simulator::enrol;
use simulator::world::{Action, Weather};
use sync::{DownLane, Topic};
use tempfile::TempDir;
use tests::acts::{self, act_id};
use tests::watched::Watched;
use trust::cert::{Certificate, Holder};

/// 2026-11-21T12:00:00Z.
const NOON: UnixMs = UnixMs(1_795_262_400_000);
const DAY: u64 = UnixMs::DAY.unsigned_abs();

fn now() -> Timestamp {
    Timestamp {
        utc: NOON,
        zone: Zone::Paris,
        offset_min: 60,
        boot: BootId::from_bytes([1; 16]),
        mono_ms: 1_000,
    }
}

struct Desk {
    dir: TempDir,
    registry: Registry,
}

impl Desk {
    fn new() -> Self {
        let dir = tempfile::tempdir().unwrap();
        let pki = enrol::pki(&dir.path().join("pki"), NOON).unwrap();
        let registry = Registry::open(pki, &dir.path().join("hq")).unwrap();
        Self { dir, registry }
    }

    fn site(&self, name: &str) -> Site {
        let root = self.dir.path().join(name);
        std::fs::create_dir_all(&root).unwrap();
        Site::new(root)
    }

    fn ticket(&mut self) -> Ticket {
        let grant = Grant {
            device: enrol::device_id(),
            model: "NEO 2".to_owned(),
            officers: Vec::new(),
            numbers: 10,
        };
        let (token, expires) = tokens::issue(self.registry.store(), &grant, tokens::LASTING, NOON).unwrap();
        let broker = Address::parse("mqtts://localhost:8885").unwrap();
        tokens::ticket(self.registry.pki(), broker, grant.device, token, expires)
    }

    fn certificates(&mut self) -> usize {
        certificates(self.registry.store()).len()
    }
}

fn certificates(store: &mut hq::Store) -> Vec<Certificate> {
    let holder = Holder::Device(enrol::device_id().to_string());
    store.begin().unwrap().certificates_of(&holder).unwrap()
}

#[derive(Debug)]
struct Cut;

impl std::fmt::Display for Cut {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("the air is gone")
    }
}

impl std::error::Error for Cut {}

#[test]
fn a_phone_cut_off_at_any_point_ends_enrolled_once_with_the_same_keys() {
    let mut desk = Desk::new();
    let ticket = desk.ticket();
    let site = desk.site("phone");
    // Before HQ hears of it, and after: each time the process is gone, and the next has what is on the disk.
    for heard in [false, true, true] {
        let keys = terminal::vault(&site).unwrap();
        let given = joining::kept_ticket(&site).unwrap_or_else(|| ticket.clone());
        let registry = &mut desk.registry;
        let cut = joining::join(&site, keys.as_ref(), &given, now(), |_, sealed| {
            if heard {
                assert!(registry.knock(sealed, NOON).unwrap().is_some());
            }
            Err(Cut)
        });
        assert!(matches!(cut, Err(JoinError::Exchange(Cut))));
        assert!(!terminal::is_enrolled(&site, keys.as_ref()).unwrap());
    }
    let keys = terminal::vault(&site).unwrap();
    let kept = joining::kept_ticket(&site).unwrap();
    let registry = &mut desk.registry;
    let enrolment = joining::join(&site, keys.as_ref(), &kept, now(), |_, sealed| {
        Ok::<_, Cut>(registry.knock(sealed, NOON).unwrap().unwrap())
    })
    .unwrap();
    assert_eq!(enrolment.terminal.device, enrol::device_id());
    assert!(terminal::is_enrolled(&site, keys.as_ref()).unwrap());
    assert_eq!(joining::kept_ticket(&site), None);
    assert_eq!(desk.certificates(), 1);
}

#[test]
fn a_copied_ticket_enrols_nobody_else() {
    let mut desk = Desk::new();
    let ticket = desk.ticket();
    let mut join = |name: &str, ticket: &Ticket| {
        let site = desk.site(name);
        let keys = terminal::vault(&site).unwrap();
        let registry = &mut desk.registry;
        let joined = joining::join(&site, keys.as_ref(), ticket, now(), |_, sealed| {
            Ok::<_, Infallible>(registry.knock(sealed, NOON).unwrap().unwrap())
        });
        (joined.map(drop), joining::kept_ticket(&site))
    };
    assert!(join("phone", &ticket).0.is_ok());
    let (refused, kept) = join("copy", &ticket);
    assert!(matches!(
        refused,
        Err(JoinError::Enrol(EnrolError::Refused(
            EnrolmentRefusal::TakenByAnother
        )))
    ));
    assert_eq!(kept, None);
    assert_eq!(desk.certificates(), 1);
}

#[test]
fn a_phone_whose_keys_are_in_a_file_is_refused_where_hardware_is_asked() {
    for (demand, claims) in [
        (Demand::Any, None),
        (Demand::Hardware, Some(EnrolmentRefusal::NotHardware)),
        (Demand::Attested, Some(EnrolmentRefusal::NotHardware)),
    ] {
        let mut desk = Desk::new();
        let policy = KeyPolicy {
            demand,
            ..KeyPolicy::default()
        };
        let transaction = desk.registry.store().begin().unwrap();
        transaction.set_key_policy(&policy).unwrap();
        transaction.commit().unwrap();
        let ticket = desk.ticket();
        let site = desk.site("phone");
        let keys = terminal::vault(&site).unwrap();
        let registry = &mut desk.registry;
        let joined = joining::join(&site, keys.as_ref(), &ticket, now(), |_, sealed| {
            Ok::<_, Infallible>(registry.knock(sealed, NOON).unwrap().unwrap())
        });
        let refusal = match joined {
            Err(JoinError::Enrol(EnrolError::Refused(refusal))) => Some(refusal),
            Ok(_) | Err(_) => None,
        };
        assert_eq!(refusal, claims);
        assert_eq!(desk.certificates(), usize::from(claims.is_none()));
    }
}

#[test]
fn a_phone_believes_no_hq_but_that_of_its_ticket() {
    let mut desk = Desk::new();
    let mut pretender = Desk::new();
    let honest = desk.ticket();
    let theirs = pretender.ticket();
    // The pretender answers a phone whose ticket pins another root.
    let ticket = Ticket {
        token: theirs.token,
        recipient: theirs.recipient,
        ..honest
    };
    let site = desk.site("phone");
    let keys = terminal::vault(&site).unwrap();
    let joined = joining::join(&site, keys.as_ref(), &ticket, now(), |_, sealed| {
        Ok::<_, Infallible>(pretender.registry.knock(sealed, NOON).unwrap().unwrap())
    });
    assert!(matches!(joined, Err(JoinError::Enrol(EnrolError::NotFromHq))));
    assert!(!terminal::is_enrolled(&site, keys.as_ref()).unwrap());
}

/// Fingerprints of the certificates that the terminal's journal says it took.
fn certified(watched: &Watched) -> Vec<domain::Digest> {
    let journal = watched.world.engine().unwrap().device().journal().unwrap();
    let certified = journal.iter().filter_map(|entry| {
        if let Operation::Certified { certificate } = entry.operation {
            Some(certificate)
        } else {
            None
        }
    });
    certified.collect()
}

fn at_hq(watched: &mut Watched) -> Vec<domain::Digest> {
    let all = certificates(watched.world.gateway().store());
    all.iter()
        .map(|certificate| domain::Digest::from_bytes(certificate.fingerprint().0))
        .collect()
}

#[test]
fn a_terminal_on_the_network_renews_its_certificate_at_sixty_days() {
    let mut watched = Watched::on_duty(1201);
    watched.play(acts::drawn_up(act_id(1), ActKind::Pv));
    watched.act(Action::Advance(60_000));
    watched.act(Action::Advance(59 * DAY));
    assert_eq!(certified(&watched), []);
    watched.act(Action::Advance(2 * DAY));
    let taken = certified(&watched);
    assert_eq!(taken.len(), 1);
    assert_eq!(at_hq(&mut watched)[1..], taken);
    // It signs with the new one, and what the old one signed stays good.
    watched.play([Action::Kill, Action::Start, Action::Unlock]);
    watched.play(acts::drawn_up(act_id(2), ActKind::Pv));
    watched.settle();
    assert!(watched.is_received(act_id(1)) && watched.is_received(act_id(2)));
    assert_eq!(certified(&watched), taken);
    watched.finish();
}

/// Signs without network, lies in a drawer, and is switched on after 200 days.
fn away(seed: u64, weather: Weather) -> Watched {
    let mut watched = Watched::new(seed, weather);
    watched.play(acts::on_duty());
    watched.act(Action::Cut);
    watched.play(acts::drawn_up(act_id(1), ActKind::Pv));
    watched.play([Action::Kill, Action::Advance(200 * DAY), Action::Start]);
    watched
}

#[test]
fn a_terminal_away_for_two_hundred_days_comes_back_and_what_waited_is_accepted() {
    let mut watched = away(1202, Weather::CLEAR);
    watched.settle();
    assert!(watched.is_received(act_id(1)));
    let taken = certified(&watched);
    assert_eq!(taken.len(), 1);
    assert_eq!(at_hq(&mut watched)[1..], taken);
    watched.finish();
}

#[test]
fn what_is_signed_past_the_end_of_the_certificate_is_accepted_once_there_is_another() {
    let mut watched = away(1205, Weather::CLEAR);
    watched.act(Action::Unlock);
    watched.play(acts::drawn_up(act_id(2), ActKind::Pv));
    watched.settle();
    assert!(watched.is_received(act_id(1)) && watched.is_received(act_id(2)));
    assert_eq!(at_hq(&mut watched).len(), 2);
    watched.finish();
}

#[test]
fn whatever_dies_on_the_way_back_there_is_one_new_certificate() {
    for kill in 1..8 {
        let mut watched = away(1210 + u64::from(kill), Weather::STORM);
        watched.play([
            Action::KillAfter(kill),
            Action::Restore,
            Action::Advance(30_000),
            Action::RestartHq,
            Action::Advance(30_000),
        ]);
        watched.settle();
        assert!(watched.is_received(act_id(1)), "{kill}");
        assert_eq!(at_hq(&mut watched).len(), 2, "{kill}");
        assert_eq!(certified(&watched).len(), 1, "{kill}");
        watched.finish();
    }
}

#[test]
fn a_terminal_takes_no_bundle_of_a_stranger_and_none_twice() {
    let mut watched = Watched::on_duty(1203);
    watched.play(acts::drawn_up(act_id(1), ActKind::Pv));
    watched.act(Action::Advance(61 * DAY));
    let taken = certified(&watched);
    assert_eq!(taken.len(), 1);
    let issued = watched.world.engine().unwrap().enrolment().issued;
    let old = Topic::Down(enrol::device_id(), DownLane::Cmd);
    for payload in [b"noise".to_vec(), Vec::new()] {
        watched.world.forge(&old, payload).unwrap();
    }
    assert_eq!(watched.world.engine().unwrap().enrolment().issued, issued);
    assert_eq!(certified(&watched), taken);
    watched.finish();
}

#[test]
fn an_officer_admitted_later_is_known_to_the_terminal_after_its_next_hello() {
    let mut watched = Watched::on_duty(1204);
    watched.play(acts::drawn_up(act_id(1), ActKind::Pv));
    watched.act(Action::Advance(60_000));
    let sheet = simulator::patrol::scenario::Scenario::parse(simulator::patrol::scenario::DEFAULT)
        .unwrap()
        .officer;
    let colleague = simulator::patrol::scenario::OfficerSheet {
        matricule: "7654321".to_owned(),
        ..sheet
    };
    let now = watched.world.now().utc;
    let layout = watched.world.layout().clone();
    let pki = enrol::pki(&layout.pki(), now).unwrap();
    let mut registry = Registry::open(pki, &layout.hq()).unwrap();
    let officer = enrol::officer(&colleague, now).unwrap();
    let key = trust::keys::SigningKey::generate(trust::keys::KeyKind::P256);
    let request = hq::pki::OfficerRequest {
        officer: officer.id,
        spki: key.public().spki_der(),
        protection: domain::enrolment::KeyProtection::File,
        formation: false,
    };
    registry.enrol_officer(&officer, &request, now).unwrap();
    registry.assign(&enrol::device_id(), officer.id, now).unwrap();
    watched.play([
        Action::Cut,
        Action::Advance(1_000),
        Action::Restore,
        Action::Advance(60_000),
    ]);
    let engine = watched.world.engine().unwrap();
    assert_eq!(engine.enrolment().officers.len(), 2);
    let journal = engine.device().journal().unwrap();
    let admitted: Vec<_> = journal
        .iter()
        .filter(|entry| entry.operation == Operation::OfficerAdmitted)
        .map(|entry| entry.officer)
        .collect();
    assert_eq!(admitted, [Some(officer.id)]);
    watched.finish();
}

#[test]
fn no_device_of_another_name_is_enrolled_by_a_ticket() {
    let mut desk = Desk::new();
    let ticket = Ticket {
        device: DeviceId::parse("neo-000099").unwrap(),
        ..desk.ticket()
    };
    let site = desk.site("phone");
    let keys = terminal::vault(&site).unwrap();
    let registry = &mut desk.registry;
    let refused = joining::join(&site, keys.as_ref(), &ticket, now(), |_, sealed| {
        Ok::<_, Infallible>(registry.knock(sealed, NOON).unwrap().unwrap())
    });
    assert!(matches!(
        refused,
        Err(JoinError::Enrol(EnrolError::Refused(
            EnrolmentRefusal::OtherDevice
        )))
    ));
    assert_eq!(desk.certificates(), 0);
}
