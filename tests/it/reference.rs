//! Reference data from the ministry's list to an act: published once, taken by a terminal, and never taken back.

use std::sync::Arc;

use domain::UnixMs;
use domain::dialogue::Notice;
use domain::draft::{Field, Problem, Reason};
use domain::identity::CivilDate;
use domain::natinf::{Natinf, Reference, ReferenceSet, ReferenceVersion};
use domain::record::ActKind;
use hq::{Pki, Publication, Store};
use simulator::enrol;
use simulator::official_list::{Charset, official_list};
use simulator::world::{Action, Said, Weather};
use sync::reference::Contents;
use sync::wire::v1::{PART, ReferenceHead, ReferenceHint, ReferenceMessage, ReferencePart, SignedHead};
use sync::{DownLane, Topic};
use tests::acts::{self, act_id};
use tests::watched::Watched;

use crate::street::Street;

/// The ministry's list over what every program has compiled in, under a name of its own.
pub(crate) fn imported(name: &str, rows: usize) -> Reference {
    let base = ReferenceSet::embedded().reference();
    let version = ReferenceVersion(name.to_owned());
    let issued = CivilDate::new(2026, 11, 21).unwrap();
    let charset = if rows > 1_000 {
        Charset::Windows1252
    } else {
        Charset::Latin1
    };
    let list = official_list(rows, charset);
    Reference::from_csv(&list, &base, version, issued)
        .unwrap()
        .reference
}

fn signed(pki: &Pki, store: &mut Store, reference: &Reference, now: UnixMs) -> Publication {
    let newest = store.begin().unwrap().newest_reference().unwrap();
    Publication::sign(pki, &Contents::Law(reference.clone()), newest, now).unwrap()
}

pub(crate) fn publish(watched: &mut Watched, reference: &Reference) -> Publication {
    let now = watched.world.now().utc;
    let pki = enrol::pki(&watched.world.layout().pki(), now).unwrap();
    let store = watched.world.gateway().store();
    let publication = signed(&pki, store, reference, now);
    publication.publish(store, pki.root(), now).unwrap();
    publication
}

/// The terminal comes back to HQ.
pub(crate) fn reconnect(watched: &mut Watched) {
    watched.play([
        Action::Cut,
        Action::Advance(1_000),
        Action::Restore,
        Action::Advance(30_000),
    ]);
}

fn version(name: &str) -> ReferenceVersion {
    ReferenceVersion(name.to_owned())
}

fn law(watched: &Watched, name: &str) -> Option<Arc<ReferenceSet>> {
    let law = watched.world.engine().unwrap().law_of(&version(name)).unwrap()?;
    Some(law.load().unwrap())
}

fn kept(watched: &Watched) -> Vec<String> {
    let device = watched.world.engine().unwrap().device();
    let versions = device.reference_versions().unwrap();
    versions.into_iter().map(|version| version.0).collect()
}

/// A publication as an evil broker sends it.
pub(crate) fn forge(watched: &mut Watched, head: &SignedHead, serial: u64, packed: &[u8]) {
    let topic = Topic::Down(enrol::device_id(), DownLane::Ref);
    let signed = trust::cose::parse(&head.head).ok();
    let read = signed.and_then(|signed| domain::decode::<ReferenceHead>(&signed.payload).ok());
    // What does not read is forged as law.
    let kind = read.map(|head| head.kind).unwrap_or_default();
    let head = ReferenceMessage::Head(head.clone());
    watched.world.forge(&topic, domain::encode(&head)).unwrap();
    for (index, bytes) in (0..).zip(packed.chunks(PART)) {
        let part = ReferenceMessage::Part(ReferencePart {
            serial,
            index,
            bytes: bytes.to_vec(),
            kind,
        });
        watched.world.forge(&topic, domain::encode(&part)).unwrap();
    }
}

pub(crate) fn head_of(publication: &Publication) -> SignedHead {
    SignedHead {
        certificate: publication.certificate.clone(),
        head: publication.head.clone(),
    }
}

pub(crate) fn serial_of(publication: &Publication) -> u64 {
    publication.read().unwrap().0.serial
}

#[test]
fn a_published_list_reaches_the_terminal_and_the_next_pve_is_drawn_up_and_received_under_it() {
    let mut watched = Watched::on_duty(900);
    let (before, after) = (act_id(1), act_id(2));
    watched.play(acts::drawn_up(before, ActKind::Pve));
    publish(&mut watched, &imported("natinf-2026-12", 17_000));
    reconnect(&mut watched);
    assert!(watched.was_told(Notice::ReferenceUpdated));
    assert_eq!(kept(&watched), ["natinf-2026-12"]);
    watched.play(acts::drawn_up(after, ActKind::Pve));
    watched.act(Action::Advance(10_000));
    assert!(watched.is_received(before) && watched.is_received(after));
    let embedded = ReferenceSet::embedded().version;
    let old = watched.record_at_hq(before).unwrap();
    let new = watched.record_at_hq(after).unwrap();
    assert_eq!(
        (&old.reference, &new.reference),
        (&embedded, &version("natinf-2026-12"))
    );

    // Each is drawn again with its own set, and with no other.
    let nothing = documents::Enclosures::default();
    for (record, other) in [(&old, &new), (&new, &old)] {
        let own = law(&watched, &record.reference.0).unwrap();
        assert!(documents::render(record, &own, &nothing).unwrap().is_some());
        let foreign = law(&watched, &other.reference.0).unwrap();
        assert!(documents::render(record, &foreign, &nothing).is_err());
    }
    watched.finish();
}

#[test]
fn after_a_restart_the_taken_set_is_in_use_before_anybody_draws_anything_up() {
    let mut watched = Watched::on_duty(901);
    publish(&mut watched, &imported("natinf-2026-12", 17_000));
    reconnect(&mut watched);
    watched.play([Action::Cut, Action::Kill, Action::Start, Action::Unlock]);
    watched.play(acts::drawn_up(act_id(1), ActKind::Pve));
    watched.play([Action::Restore, Action::Advance(600_000)]);
    assert!(watched.is_received(act_id(1)));
    assert_eq!(
        watched.record_at_hq(act_id(1)).unwrap().reference,
        version("natinf-2026-12")
    );
    watched.finish();
}

#[test]
fn sets_that_acts_name_stay_and_of_the_others_only_the_last_two() {
    let mut watched = Watched::on_duty(902);
    for (n, draws_up) in [(1, true), (2, false), (3, false), (4, false)] {
        publish(&mut watched, &imported(&format!("natinf-{n}"), 200));
        reconnect(&mut watched);
        if draws_up {
            watched.play(acts::drawn_up(act_id(n), ActKind::Pve));
        }
    }
    assert_eq!(kept(&watched), ["natinf-1", "natinf-3", "natinf-4"]);
    assert!(law(&watched, "natinf-1").is_some() && law(&watched, "natinf-2").is_none());
    watched.act(Action::Advance(10_000));
    watched.finish();
}

#[test]
fn a_broker_that_loses_and_repeats_delays_a_set_and_a_kill_loses_no_part_of_it() {
    let mut watched = Watched::new(903, Weather::STORM);
    watched.play(acts::on_duty());
    watched.play(acts::drawn_up(act_id(1), ActKind::Pve));
    publish(&mut watched, &imported("natinf-2026-12", 17_000));
    for _ in 0..60 {
        watched.play([Action::Cut, Action::Restore, Action::Advance(20_000)]);
        if kept(&watched) == ["natinf-2026-12"] {
            break;
        }
        watched.play([Action::Kill, Action::Start, Action::Unlock]);
    }
    assert_eq!(kept(&watched), ["natinf-2026-12"]);
    assert!(law(&watched, "natinf-2026-12").unwrap().len() > 16_000);
    watched.finish();
}

#[test]
fn an_older_set_again_brings_no_older_law_back() {
    let mut watched = Watched::on_duty(904);
    let older = publish(&mut watched, &imported("natinf-1", 200));
    reconnect(&mut watched);
    let newer = publish(&mut watched, &imported("natinf-2", 200));
    reconnect(&mut watched);
    let told = watched.world.board.notices.len();
    for publication in [&older, &newer] {
        let serial = serial_of(publication);
        forge(&mut watched, &head_of(publication), serial, &publication.packed);
    }
    watched.play([Action::Cut, Action::Kill, Action::Start, Action::Unlock]);
    forge(&mut watched, &head_of(&older), serial_of(&older), &older.packed);
    watched.play(acts::drawn_up(act_id(1), ActKind::Pve));
    watched.play([Action::Restore, Action::Advance(600_000)]);
    assert_eq!(
        watched.record_at_hq(act_id(1)).unwrap().reference,
        version("natinf-2")
    );
    assert_eq!(told, 2, "one notice for each set, none for a repetition");
    watched.finish();
}

#[test]
fn a_set_with_one_bit_flipped_by_another_hq_or_by_another_key_changes_nothing() {
    let mut watched = Watched::on_duty(905);
    let now = watched.world.now().utc;
    let good = imported("natinf-1", 200);
    let pki = enrol::pki(&watched.world.layout().pki(), now).unwrap();
    let publication = signed(&pki, watched.world.gateway().store(), &good, now);
    let serial = serial_of(&publication);
    let strangers = enrol::pki(&watched.folder().join("stranger"), now).unwrap();
    let foreign = Publication::sign(&strangers, &Contents::Law(good.clone()), 0, now).unwrap();

    let mut bad_head = head_of(&publication);
    let middle = bad_head.head.len() / 2;
    bad_head.head[middle] ^= 1;
    let mut bad_signature = head_of(&publication);
    *bad_signature.head.last_mut().unwrap() ^= 1;
    let mut mixed = head_of(&foreign);
    mixed.certificate = publication.certificate.clone();
    for head in [bad_head, bad_signature, head_of(&foreign), mixed] {
        forge(&mut watched, &head, serial, &publication.packed);
        assert_eq!(kept(&watched), Vec::<String>::new());
    }
    assert!(watched.was_told(Notice::ReferenceRefused));
    let refusals = |watched: &Watched| {
        let notices = watched.world.board.notices.iter();
        notices
            .filter(|notice| **notice == Notice::ReferenceRefused)
            .count()
    };
    assert_eq!(refusals(&watched), 1, "told once, however often it comes");

    let mut flipped = publication.packed.clone();
    flipped[7] ^= 0x10;
    forge(&mut watched, &head_of(&publication), serial, &flipped);
    assert_eq!(kept(&watched), Vec::<String>::new());
    // The same parts as they were signed are taken, so that nothing above was refused for another reason.
    forge(&mut watched, &head_of(&publication), serial, &publication.packed);
    assert_eq!(kept(&watched), ["natinf-1"]);
    watched.play(acts::drawn_up(act_id(1), ActKind::Pve));
    watched.act(Action::Advance(10_000));
    watched.finish();
}

#[test]
fn a_set_under_a_name_that_means_another_is_refused_and_the_last_good_one_stays() {
    let mut watched = Watched::on_duty(906);
    let now = watched.world.now().utc;
    let embedded = ReferenceSet::embedded().version.0;
    let pki = enrol::pki(&watched.world.layout().pki(), now).unwrap();
    let renamed = signed(
        &pki,
        watched.world.gateway().store(),
        &imported(&embedded, 200),
        now,
    );
    forge(
        &mut watched,
        &head_of(&renamed),
        serial_of(&renamed),
        &renamed.packed,
    );
    assert!(watched.was_told(Notice::ReferenceRefused));
    assert_eq!(kept(&watched), Vec::<String>::new());
    watched.play(acts::drawn_up(act_id(1), ActKind::Pve));
    watched.act(Action::Advance(10_000));
    watched.finish();
}

#[test]
fn a_hint_makes_the_terminal_ask_once_and_a_false_one_gives_it_nothing() {
    let mut watched = Watched::on_duty(907);
    watched.act(Action::Advance(10_000));
    let hint = |serial| {
        domain::encode(&ReferenceHint {
            version: 1,
            serial,
            others: Vec::new(),
        })
    };
    watched.world.forge(&Topic::Broadcast, hint(u64::MAX)).unwrap();
    watched.act(Action::Advance(30_000));
    assert_eq!(kept(&watched), Vec::<String>::new());
    let publication = publish(&mut watched, &imported("natinf-1", 200));
    watched
        .world
        .forge(&Topic::Broadcast, hint(serial_of(&publication)))
        .unwrap();
    watched.act(Action::Advance(30_000));
    assert_eq!(kept(&watched), Vec::<String>::new(), "not before its time");
    watched.act(Action::Advance(600_000));
    assert_eq!(kept(&watched), ["natinf-1"], "the connection never fell");
    watched.play(acts::drawn_up(act_id(1), ActKind::Pve));
    watched.act(Action::Advance(10_000));
    watched.finish();
}

#[test]
fn a_code_that_a_new_set_ended_is_refused_with_its_successor_on_the_screen() {
    let mut watched = Watched::on_duty(908);
    let natinf = |code: &str| Natinf::parse(code).unwrap();
    let mut reference = imported("natinf-1", 200);
    for offence in reference.offences.iter_mut() {
        if offence.natinf == natinf("23800") {
            offence.validity.until = Some(CivilDate::new(2026, 1, 1).unwrap());
            offence.successor = Some(natinf("42"));
        }
    }
    publish(&mut watched, &reference);
    reconnect(&mut watched);
    for (n, kind) in [(1, ActKind::Pve), (2, ActKind::Pv)] {
        watched.play(acts::drafted(act_id(n), kind));
        let draft = watched.world.board.draft.as_ref().unwrap();
        let over = Problem::outdated(Some(natinf("42")));
        assert_eq!(
            (over.field, over.reason),
            (Field::Offences, Reason::OutdatedNatinf)
        );
        assert!(draft.problems.contains(&over), "{kind:?}: {:?}", draft.problems);
    }
    // The officer takes the code that replaces it.
    watched.act(
        Said::Fill {
            draft: act_id(2),
            field: Field::Offences,
            text: "42".to_owned(),
        }
        .into(),
    );
    watched.act(Said::Sign { draft: act_id(2) }.into());
    watched.act(Action::Advance(10_000));
    assert!(watched.is_received(act_id(2)));
    watched.finish();
}

#[test]
fn over_a_broker_a_connected_terminal_takes_the_whole_list_without_being_started_again() {
    let mut street = Street::new(None);
    street.on_duty();
    let pki = enrol::pki(&street.ground.pki, street.ground.clock.now().utc).unwrap();
    let mut store = Store::open(&street.ground.layout.hq()).unwrap();
    let now = street.ground.clock.now().utc;
    let publication = signed(&pki, &mut store, &imported("natinf-2026-12", 17_000), now);
    publication.publish(&mut store, pki.root(), now).unwrap();
    street.wait("the new reference data", |board| {
        board.notices.contains(&Notice::ReferenceUpdated)
    });
    assert_eq!(street.phone.kills, 0);
}
