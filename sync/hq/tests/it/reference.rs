//! Reference data: what is published, what every terminal gets of it, and what nobody publishes.

use domain::natinf::{Natinf, Reference, ReferenceSet, ReferenceVersion};
use domain::{UnixMs, decode, encode};
use hq::reference::PublicationError;
use hq::{Outgoing, Pki, Publication};
use sync::reference::Contents;
use sync::wire::v1::{
    HELLO, Hello, MAX_PACKET, PART, ReferenceHead, ReferenceHint, ReferenceMessage, ReferencePending, SetKind,
};
use sync::{DownLane, Span, Spans, Topic};
use trust::cose::{self, Namespace};

use crate::official_list::{Charset, UNKNOWN, official_list};
use crate::world::{Hq, NOON, Terminal};

/// As many rows as the ministry publishes.
const ROWS: usize = 17_000;

pub(crate) fn set(name: &str, rows: usize) -> Reference {
    let base = ReferenceSet::embedded().reference();
    let charset = if rows > 1_000 {
        Charset::Windows1252
    } else {
        Charset::Latin1
    };
    let list = official_list(rows, charset);
    let version = ReferenceVersion(name.to_owned());
    Reference::from_csv(&list, &base, version, base.issued)
        .unwrap()
        .reference
}

fn publish(hq: &mut Hq, reference: &Reference) -> Publication {
    publish_at(hq, reference, NOON)
}

pub(crate) fn publish_at(hq: &mut Hq, reference: &Reference, now: UnixMs) -> Publication {
    let newest = hq.gateway.store().begin().unwrap().newest_reference().unwrap();
    let publication = Publication::sign(hq.pki(), &Contents::Law(reference.clone()), newest, now).unwrap();
    let root = hq.pki().root().clone();
    publication.publish(hq.gateway.store(), &root, now).unwrap();
    publication
}

pub(crate) fn hello(
    terminal: &Terminal,
    reference: Option<u64>,
    pending: Option<ReferencePending>,
) -> Vec<u8> {
    let hello = Hello {
        reference,
        pending,
        ..terminal.bare_hello()
    };
    terminal.sign(Namespace::Hello, HELLO, &encode(&hello))
}

/// What came on the terminal's topic of reference data.
fn messages(outgoing: &[Outgoing], terminal: &Terminal) -> Vec<ReferenceMessage> {
    let topic = Topic::Down(terminal.device.clone(), DownLane::Ref);
    let ours = outgoing.iter().filter(|message| message.topic == topic);
    ours.map(|message| {
        assert!(
            message.payload.len() + 1024 < MAX_PACKET as usize,
            "it would not fit a packet"
        );
        decode(&message.payload).unwrap()
    })
    .collect()
}

fn part_numbers(messages: &[ReferenceMessage]) -> Vec<u32> {
    let parts = messages.iter().filter_map(|message| match message {
        ReferenceMessage::Head(_) => None,
        ReferenceMessage::Part(part) => Some(part.index),
    });
    parts.collect()
}

#[test]
fn seventeen_thousand_rows_arrive_whole_in_packets_that_every_broker_takes() {
    let mut hq = Hq::new();
    let terminal = hq.terminal("neo-000001", &[]);
    let reference = set("natinf-test", ROWS);
    let publication = publish(&mut hq, &reference);
    assert!(publication.packed.len() > PART, "one part would prove nothing");
    let outgoing = hq.send(&terminal, &hello(&terminal, Some(0), None));
    let messages = messages(&outgoing, &terminal);
    let Some(ReferenceMessage::Head(signed)) = messages.first() else {
        panic!("the head comes first")
    };
    let cose = cose::parse(&signed.head).unwrap();
    let certificate = hq.pki().reference().unwrap();
    cose::verify(&cose, Namespace::Reference, certificate.certificate()).unwrap();
    let head: ReferenceHead = decode(&cose.payload).unwrap();
    let mut packed = Vec::new();
    for (message, index) in messages[1..].iter().zip(0..) {
        let ReferenceMessage::Part(part) = message else {
            panic!("one head")
        };
        assert_eq!((part.serial, part.index), (head.serial, index));
        assert!(head.is_part(index, &part.bytes));
        packed.extend(&part.bytes);
    }
    assert_eq!(head.unpack(&packed), Ok(Contents::Law(reference)));
}

#[test]
fn a_terminal_gets_only_what_it_lacks() {
    let mut hq = Hq::new();
    let terminal = hq.terminal("neo-000001", &[]);
    let sent = |hq: &mut Hq, reference, pending| {
        let outgoing = hq.send(&terminal, &hello(&terminal, reference, pending));
        messages(&outgoing, &terminal)
    };
    assert_eq!(sent(&mut hq, Some(0), None), [], "nothing is published");
    let publication = publish(&mut hq, &set("natinf-test", ROWS));
    let (head, _) = publication.read().unwrap();
    let whole = sent(&mut hq, Some(0), None);
    assert_eq!(whole.len(), 1 + head.parts.len());
    assert_eq!(sent(&mut hq, Some(head.serial - 1), None), whole);
    for newer in [head.serial, head.serial + 1] {
        assert_eq!(sent(&mut hq, Some(newer), None), []);
    }
    assert_eq!(sent(&mut hq, None, None), [], "a program that takes none");
    let mut have = Spans::new();
    have.insert(Span::new(0, 2).unwrap()).unwrap();
    let pending = |serial| {
        let have = have.clone();
        Some(ReferencePending { serial, have })
    };
    let rest = sent(&mut hq, Some(0), pending(head.serial));
    let expected: Vec<u32> = (2..u32::try_from(head.parts.len()).unwrap()).collect();
    assert_eq!(part_numbers(&rest), expected);
    assert_eq!(rest.len(), expected.len(), "the head is there already");
    assert_eq!(sent(&mut hq, Some(0), pending(1)), whole, "parts of another set");
}

#[test]
fn the_newest_set_is_sent_and_hinted_at_once_another_program_has_published_it() {
    let mut hq = Hq::new();
    let terminal = hq.terminal("neo-000001", &[]);
    assert!(hq.gateway.reference_hint().unwrap().is_none());
    publish(&mut hq, &set("natinf-1", 200));
    let first = hq.send(&terminal, &hello(&terminal, Some(0), None));
    let second = set("natinf-2", 200);
    let newest = hq.registry.store().begin().unwrap().newest_reference().unwrap();
    let publication = Publication::sign(hq.pki(), &Contents::Law(second.clone()), newest, NOON).unwrap();
    let root = hq.pki().root().clone();
    let published = publication.publish(hq.registry.store(), &root, NOON).unwrap();
    let again = hq.send(&terminal, &hello(&terminal, Some(0), None));
    assert_ne!(messages(&first, &terminal), messages(&again, &terminal));
    let (said, hint) = hq.gateway.reference_hint().unwrap().unwrap();
    assert_eq!((said.serial, hint.topic), (published.serial, Topic::Broadcast));
    let hint: ReferenceHint = decode(&hint.payload).unwrap();
    assert_eq!(hint, said);
}

#[test]
fn serials_ascend_even_when_the_clock_does_not() {
    let mut hq = Hq::new();
    let reference = set("natinf-1", 200);
    publish(&mut hq, &reference);
    let newest = hq.gateway.store().begin().unwrap().newest_reference().unwrap();
    let renamed = Reference {
        version: ReferenceVersion("natinf-2".to_owned()),
        ..reference
    };
    let yesterday = NOON.plus(-UnixMs::DAY);
    let publication =
        Publication::sign(hq.pki(), &Contents::Law(renamed.clone()), newest, yesterday).unwrap();
    assert_eq!(publication.read().unwrap().0.serial, newest + 1);
}

#[test]
fn an_older_a_renamed_a_foreign_and_a_changed_set_are_not_published() {
    let mut hq = Hq::new();
    let root = hq.pki().root().clone();
    let first = publish(&mut hq, &set("natinf-1", 200));
    let refused = |hq: &mut Hq, publication: &Publication| {
        publication.publish(hq.gateway.store(), &root, NOON).unwrap_err()
    };
    assert!(matches!(
        refused(&mut hq, &first),
        PublicationError::NotNewer { .. }
    ));
    let newest = hq.gateway.store().begin().unwrap().newest_reference().unwrap();
    let same_name = Publication::sign(hq.pki(), &Contents::Law(set("natinf-1", 300)), newest, NOON).unwrap();
    assert!(matches!(
        refused(&mut hq, &same_name),
        PublicationError::Named { .. }
    ));

    let embedded = ReferenceSet::embedded().version.0;
    let compiled_in = Publication::sign(hq.pki(), &Contents::Law(set(&embedded, 300)), newest, NOON).unwrap();
    assert!(matches!(
        refused(&mut hq, &compiled_in),
        PublicationError::Named { .. }
    ));

    let elsewhere = tempfile::tempdir().unwrap();
    let strangers = Pki::create(elsewhere.path(), NOON).unwrap();
    let second = set("natinf-2", 200);
    let foreign = Publication::sign(&strangers, &Contents::Law(second.clone()), newest, NOON).unwrap();
    assert!(matches!(refused(&mut hq, &foreign), PublicationError::Untrusted));
    let good = Publication::sign(hq.pki(), &Contents::Law(second.clone()), newest, NOON).unwrap();
    let ours_in_name = Publication {
        certificate: good.certificate.clone(),
        ..foreign
    };
    assert!(matches!(
        refused(&mut hq, &ours_in_name),
        PublicationError::Untrusted
    ));
    // An order's key signs orders.
    let head = encode(&good.read().unwrap().0);
    let command = hq.pki().command();
    let by_command = Publication {
        certificate: command.certificate().der().to_vec(),
        head: command.sign(Namespace::Reference, sync::wire::v1::REFERENCE, &head),
        packed: good.packed.clone(),
    };
    assert!(matches!(
        refused(&mut hq, &by_command),
        PublicationError::Untrusted
    ));
    let mut flipped = good.clone();
    flipped.packed[100] ^= 1;
    assert!(matches!(refused(&mut hq, &flipped), PublicationError::Set(_)));
    assert_eq!(hq.gateway.store().begin().unwrap().references().unwrap().len(), 1);
    good.publish(hq.gateway.store(), &root, NOON).unwrap();
}

#[test]
fn a_publication_in_a_file_reads_back_and_another_length_does_not() {
    let hq = Hq::new();
    let publication = Publication::sign(hq.pki(), &Contents::Law(set("natinf-1", 200)), 0, NOON).unwrap();
    let bytes = publication.to_bytes();
    assert_eq!(Publication::from_bytes(&bytes).unwrap(), publication);
    for wrong in [&bytes[..bytes.len() - 1], &[&bytes[..], &[0]].concat(), &[]] {
        assert!(matches!(
            Publication::from_bytes(wrong),
            Err(PublicationError::Unreadable)
        ));
    }
}

#[test]
fn a_set_that_was_published_is_found_by_the_name_in_records() {
    let mut hq = Hq::new();
    publish(&mut hq, &set("natinf-1", 300));
    publish(&mut hq, &set("natinf-2", 200));
    let transaction = hq.gateway.store().begin().unwrap();
    let older = transaction
        .reference_called(&ReferenceVersion("natinf-1".to_owned()))
        .unwrap()
        .unwrap();
    let reference = transaction
        .publication(SetKind::Law, older.serial)
        .unwrap()
        .unwrap()
        .law()
        .unwrap();
    let set = ReferenceSet::from(reference);
    assert!(set.find(Natinf::parse(&UNKNOWN.to_string()).unwrap()).is_some());
    assert_eq!(older.entries, set.len() as u64);
}
