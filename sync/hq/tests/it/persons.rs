//! Lists of persons: built for nobody without a policy, and given with their key to no terminal without it.

use std::collections::BTreeSet;

use domain::hotlist::{Catalogue, Person};
use domain::identity::CivilDate;
use domain::profile::{LegalText, PersonsPolicy, ProfileHeld, ProfileName, Settings};
use domain::{UnixMs, decode, encode};
use hq::Outgoing;
use hq::fleet::{Standing, set_standing};
use hq::hotlist::{Extent, HotlistError, PersonsSought, Sent, publish_persons};
use hq::profile::{publish, sign};
use hq::rollout::{Channel, Rings, Thresholds, create, start, supersede};
use sync::reference::Contents;
use sync::wire::v1::{HELLO, Hello, ReferenceHead, ReferenceMessage, Reply, SetHeld, SetKind};
use sync::{DownLane, Topic};
use trust::cose::{self, Namespace};

use crate::world::{Hq, NOON, Terminal};

fn day(text: &str) -> CivilDate {
    CivilDate::parse(text).unwrap()
}

/// Noon of the tests is on that day.
fn today() -> CivilDate {
    CivilDate::from(NOON.civil(0).date())
}

fn policy(until: CivilDate) -> PersonsPolicy {
    PersonsPolicy {
        text: LegalText::parse("texte d'essai, article 1er").unwrap(),
        until,
    }
}

/// A profile that nobody gets yet.
fn profile(hq: &mut Hq, persons: Option<PersonsPolicy>) -> u64 {
    let settings = Settings {
        persons,
        ..Settings::EMBEDDED
    };
    let name = ProfileName::parse("essai").unwrap();
    let newest = hq.gateway.store().begin().unwrap().newest_profile().unwrap();
    let signed = sign(hq.registry.pki(), name, settings, newest, NOON).unwrap();
    let root = hq.registry.pki().root().clone();
    let published = publish(hq.gateway.store(), &root, Channel::Stable, &signed, NOON).unwrap();
    published.profile.serial
}

/// A profile that every terminal gets.
fn out(hq: &mut Hq, persons: Option<PersonsPolicy>) -> u64 {
    let serial = profile(hq, persons);
    supersede(hq.gateway.store(), serial, NOON).unwrap();
    serial
}

fn build_at(hq: &mut Hq, now: UnixMs) -> Result<Sent, HotlistError> {
    let sought = PersonsSought {
        as_of: NOON,
        persons: BTreeSet::from([Person::read("DURAND", "Marc", Some(day("03/05/1988"))).unwrap()]),
    };
    publish_persons(hq.gateway.store(), hq.registry.pki(), &sought, Extent::Whole, now)
}

fn build(hq: &mut Hq) -> Result<Sent, HotlistError> {
    build_at(hq, NOON)
}

/// What a hello that asks for persons brings: the serials of their lists, and the epochs of their keys.
fn asks(hq: &mut Hq, terminal: &Terminal, profile: u64) -> (Vec<u64>, Vec<u64>) {
    let hello = Hello {
        profile: Some(ProfileHeld {
            serial: profile,
            refused: None,
        }),
        sets: SetKind::OF_PERSONS
            .map(|kind| SetHeld {
                kind,
                serial: 0,
                pending: None,
            })
            .to_vec(),
        persons_key: Some(0),
        ..terminal.bare_hello()
    };
    let hello = terminal.sign(Namespace::Hello, HELLO, &encode(&hello));
    let outgoing = hq.send(terminal, &hello);
    (lists(&outgoing, terminal), keys(&outgoing, terminal))
}

fn payloads<'a>(
    outgoing: &'a [Outgoing],
    terminal: &Terminal,
    lane: DownLane,
) -> impl Iterator<Item = &'a [u8]> {
    let topic = Topic::Down(terminal.device.clone(), lane);
    let ours = outgoing.iter().filter(move |message| message.topic == topic);
    ours.map(|message| message.payload.as_slice())
}

/// Every set whose head came, which is of persons or it would not have been asked for.
fn lists(outgoing: &[Outgoing], terminal: &Terminal) -> Vec<u64> {
    let heads = payloads(outgoing, terminal, DownLane::Ref).filter_map(|payload| {
        match decode::<ReferenceMessage>(payload).unwrap() {
            ReferenceMessage::Head(signed) => Some(signed.head),
            ReferenceMessage::Part(part) => {
                assert!(part.kind.is_of_persons());
                None
            }
        }
    });
    heads
        .map(|head| {
            let head: ReferenceHead = decode(&cose::parse(&head).unwrap().payload).unwrap();
            assert!(head.kind.is_of_persons());
            head.serial
        })
        .collect()
}

fn keys(outgoing: &[Outgoing], terminal: &Terminal) -> Vec<u64> {
    payloads(outgoing, terminal, DownLane::A)
        .filter_map(|payload| {
            let signed = cose::parse(payload).unwrap();
            let reply = (signed.namespace == Namespace::Answer).then(|| decode::<Reply>(&signed.payload));
            let Reply::HotlistKey(given) = reply?.unwrap() else {
                return None;
            };
            assert_eq!(given.catalogue, Catalogue::Persons);
            Some(given.epoch)
        })
        .collect()
}

#[test]
fn lil_31_89_no_list_of_persons_is_built_unless_a_profile_that_is_out_names_the_text() {
    let mut hq = Hq::new();
    assert!(matches!(build(&mut hq), Err(HotlistError::NoPolicy)));
    out(&mut hq, None);
    assert!(matches!(build(&mut hq), Err(HotlistError::NoPolicy)));
    let yesterday = CivilDate::from(NOON.plus(-UnixMs::DAY).civil(0).date());
    out(&mut hq, Some(policy(yesterday)));
    assert!(matches!(build(&mut hq), Err(HotlistError::NoPolicy)), "it ended");
    let serial = profile(&mut hq, Some(policy(today())));
    assert!(
        matches!(build(&mut hq), Err(HotlistError::NoPolicy)),
        "nobody gets it"
    );
    let store = hq.gateway.store();
    assert_eq!(store.begin().unwrap().newest_set(SetKind::Persons).unwrap(), 0);
    assert_eq!(
        store.begin().unwrap().newest_epoch(None).unwrap(),
        0,
        "not even a key"
    );
    let thresholds = Thresholds {
        success: 100,
        errors: 0,
    };
    create(store, serial, Rings::default(), thresholds, NOON).unwrap();
    assert!(
        matches!(build(&mut hq), Err(HotlistError::NoPolicy)),
        "nobody gets it yet"
    );
    start(hq.gateway.store(), serial, NOON).unwrap();
    let sent = build(&mut hq).unwrap();
    assert_eq!(sent.set.kind, SetKind::Persons);
    let tomorrow = NOON.plus(UnixMs::DAY);
    assert!(matches!(build_at(&mut hq, tomorrow), Err(HotlistError::NoPolicy)));
}

#[test]
fn lil_31_89_a_list_of_persons_goes_to_terminals_under_the_policy_alone() {
    let mut hq = Hq::new();
    let terminal = hq.terminal("neo-000001", &[]);
    let before = out(&mut hq, None);
    let allowing = out(&mut hq, Some(policy(today())));
    let sent = build(&mut hq).unwrap();
    let nothing = (Vec::new(), Vec::new());
    assert_eq!(asks(&mut hq, &terminal, 0), nothing, "the program's own profile");
    assert_eq!(asks(&mut hq, &terminal, before), nothing, "one without the text");
    assert_eq!(
        asks(&mut hq, &terminal, allowing + 7),
        nothing,
        "one that HQ never signed"
    );
    let (lists, keys) = asks(&mut hq, &terminal, allowing);
    assert_eq!((lists, keys.len()), (vec![sent.set.serial], 1));
    let device = terminal.device.clone();
    set_standing(hq.gateway.store(), &device, Standing::Quarantined, NOON).unwrap();
    assert_eq!(asks(&mut hq, &terminal, allowing), nothing, "in quarantine");
    set_standing(hq.gateway.store(), &device, Standing::InService, NOON).unwrap();
    let withdrawn = out(&mut hq, None);
    assert_eq!(
        asks(&mut hq, &terminal, allowing),
        nothing,
        "it is about to lose it"
    );
    assert_eq!(asks(&mut hq, &terminal, withdrawn), nothing);
    assert!(matches!(build(&mut hq), Err(HotlistError::NoPolicy)));
}

#[test]
fn a_list_of_persons_in_a_set_of_things_is_no_set() {
    let mut hq = Hq::new();
    out(&mut hq, Some(policy(today())));
    let serial = build(&mut hq).unwrap().set.serial;
    let store = hq.gateway.store();
    let publication = store.begin().unwrap().publication(SetKind::Persons, serial);
    let (mut head, contents) = publication.unwrap().unwrap().read().unwrap();
    let packed = sync::reference::pack(&contents).unwrap().bytes;
    assert!(matches!(
        contents,
        Contents::Hotlist {
            catalogue: Catalogue::Persons,
            ..
        }
    ));
    assert_eq!(head.unpack(&packed), Ok(contents));
    head.kind = SetKind::Hotlist;
    assert_eq!(head.unpack(&packed), Err(sync::reference::NotTheSet::Subject));
}
