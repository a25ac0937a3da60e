//! Acts too large for their envelope: the receipt comes with the last part, whatever order, loss or spoiling came before.

use domain::envelope::{MAX_PART, MAX_PARTS, Part, ReceiptStatus, RefusalCode};
use domain::officer::Quality;
use domain::record::Act;
use domain::{ClipId, Digest, EnvelopeId, UnixMs, encode};
use hq::{Outgoing, Store};
use sync::wire::v1::{FileHave, FileInit, FileRefusal};
use sync::{FileId, FileVerb, Topic};

use crate::clip::{self, have};
use crate::parcel::Parcel;
use crate::world::{Agent, Hq, NOON, Terminal, receipt_bytes};

const PART: usize = 1000;

struct Scene {
    hq: Hq,
    officer: Agent,
    terminal: Terminal,
}

/// An envelope and its parts.
struct Sent {
    id: EnvelopeId,
    envelope: Vec<u8>,
    parts: Vec<Vec<u8>>,
}

impl Sent {
    fn of(parcel: &Parcel<'_>) -> Self {
        let (envelope, parts) = parcel.in_parts(PART);
        assert!(parts.len() > 2);
        Self {
            id: parcel.id,
            envelope,
            parts,
        }
    }

    fn file(&self, index: usize) -> FileId {
        FileId::of_part(self.id, u32::try_from(index).unwrap()).unwrap()
    }

    fn init(&self, index: usize) -> FileInit {
        FileInit {
            version: 1,
            file: self.file(index),
            manifest: self.id,
            size: u64::try_from(self.parts[index].len()).unwrap(),
            sha256: Digest::of(&self.parts[index]),
        }
    }
}

impl Scene {
    fn new() -> Self {
        let mut hq = Hq::new();
        let officer = hq.officer(1, Quality::Opj);
        let terminal = hq.terminal("neo-000001", &[&officer]);
        Self {
            hq,
            officer,
            terminal,
        }
    }

    fn restarted(self) -> Self {
        Self {
            hq: self.hq.restarted(),
            ..self
        }
    }

    fn pv(&self) -> Sent {
        Sent::of(&self.terminal.pv(&self.officer, 0))
    }

    fn send(&mut self, sent: &Sent) -> Vec<Outgoing> {
        self.hq.send(&self.terminal, &sent.envelope)
    }

    fn say(&mut self, file: FileId, verb: FileVerb, payload: &[u8]) -> Vec<Outgoing> {
        let topic = Topic::File(self.terminal.device.clone(), file, verb);
        self.hq.gateway.receive(&topic, payload, NOON).unwrap()
    }

    fn announce(&mut self, init: FileInit) -> FileHave {
        have(&self.say(init.file, FileVerb::Init, &encode(&init)))
    }

    fn upload(&mut self, sent: &Sent, index: usize) -> Vec<Outgoing> {
        self.upload_as(sent, index, &sent.parts[index].clone())
    }

    /// Uploads `bytes` under the name of a part.
    fn upload_as(&mut self, sent: &Sent, index: usize, bytes: &[u8]) -> Vec<Outgoing> {
        let init = sent.init(index);
        assert!(matches!(self.announce(init), FileHave::Ranges(_)));
        let sha256 = Digest::of(bytes);
        self.say(init.file, FileVerb::Chunk { offset: 0, sha256 }, bytes);
        let FileInit { size, sha256, .. } = init;
        self.say(init.file, FileVerb::Fin { size, sha256 }, b"")
    }

    /// The last words of a part, which HQ cannot keep.
    fn upload_into_a_broken_store(&mut self, sent: &Sent, index: usize) {
        let init = sent.init(index);
        self.announce(init);
        let FileInit { size, sha256, .. } = init;
        self.say(
            init.file,
            FileVerb::Chunk { offset: 0, sha256 },
            &sent.parts[index],
        );
        let topic = Topic::File(
            self.terminal.device.clone(),
            init.file,
            FileVerb::Fin { size, sha256 },
        );
        assert!(self.hq.gateway.receive(&topic, b"", NOON).is_err());
    }

    fn upload_all(&mut self, sent: &Sent) -> Vec<Outgoing> {
        let last = (0..sent.parts.len()).map(|index| self.upload(sent, index)).last();
        last.unwrap()
    }

    fn statuses(&self, outgoing: &[Outgoing]) -> Vec<ReceiptStatus> {
        let receipts = self.hq.verified(outgoing, &self.terminal);
        receipts.iter().map(|receipt| receipt.status).collect()
    }

    fn records(&mut self) -> u64 {
        self.hq.gateway.store().begin().unwrap().counts().unwrap().records
    }

    fn waiting(&mut self) -> usize {
        let transaction = self.hq.gateway.store().begin().unwrap();
        transaction.waiting_envelopes().unwrap().len()
    }

    /// What of parts lies on the disk, in whatever state.
    fn files(&self) -> usize {
        let folder = self.hq.path("files").join(self.terminal.device.as_str());
        std::fs::read_dir(folder).map_or(0, Iterator::count)
    }

    fn joined(&self, sent: &Sent) -> Option<Vec<u8>> {
        std::fs::read(self.hq.path(&format!("records/{}.sealed.age", sent.id))).ok()
    }
}

#[test]
fn an_act_in_parts_is_receipted_when_its_last_part_is_there_and_not_before() {
    let mut scene = Scene::new();
    let sent = scene.pv();
    assert_eq!(scene.send(&sent), []);
    let mut order: Vec<usize> = (0..sent.parts.len()).rev().collect();
    order.swap(0, 1);
    for (done, index) in order.iter().enumerate() {
        assert_eq!((scene.records(), scene.joined(&sent)), (0, None));
        // Whoever sends the envelope again learns nothing either.
        assert_eq!(scene.send(&sent), []);
        let outgoing = scene.upload(&sent, *index);
        assert_eq!(have(&outgoing), FileHave::Complete);
        let expected = (done + 1 == order.len()).then_some(ReceiptStatus::Stored);
        assert_eq!(scene.statuses(&outgoing), Vec::from_iter(expected));
    }
    assert_eq!((scene.records(), scene.waiting(), scene.files()), (1, 0, 0));
    assert_eq!(scene.joined(&sent), Some(sent.parts.concat()));
    let parcel = scene.terminal.pv(&scene.officer, 0);
    let transaction = scene.hq.gateway.store().begin().unwrap();
    let document = transaction.attachment(sent.id, "document.pdf").unwrap();
    assert_eq!(
        document.map(|document| document.len()),
        Some(parcel.attachments[0].content.len())
    );
    assert_eq!(
        transaction.record(sent.id).unwrap().unwrap().envelope_cose,
        sent.envelope
    );
}

#[test]
fn the_receipt_of_an_act_in_parts_is_given_again_to_whoever_asks() {
    let mut scene = Scene::new();
    let sent = scene.pv();
    scene.send(&sent);
    let last = scene.upload_all(&sent);
    let receipt = receipt_bytes(&last, &scene.terminal);
    assert_eq!(receipt.len(), 1);
    let mut scene = scene.restarted();
    let again = scene.send(&sent);
    assert_eq!(receipt_bytes(&again, &scene.terminal), receipt);
    let init = encode(&sent.init(1));
    for (verb, payload) in [(FileVerb::Stat, Vec::new()), (FileVerb::Init, init)] {
        let told = scene.say(sent.file(1), verb, &payload);
        assert_eq!(receipt_bytes(&told, &scene.terminal), receipt);
    }
    assert_eq!((scene.records(), scene.files()), (1, 0));
}

#[test]
fn an_upload_of_parts_goes_on_after_a_restart() {
    let mut scene = Scene::new();
    let sent = scene.pv();
    scene.send(&sent);
    scene.upload(&sent, 0);
    let mut scene = scene.restarted();
    assert_eq!(
        have(&scene.say(sent.file(0), FileVerb::Stat, b"")),
        FileHave::Complete
    );
    let last = (1..sent.parts.len())
        .map(|index| scene.upload(&sent, index))
        .last();
    assert_eq!(scene.statuses(&last.unwrap()), [ReceiptStatus::Stored]);
}

#[test]
fn an_act_whose_decision_could_not_be_written_is_decided_by_the_next_run() {
    let mut scene = Scene::new();
    let sent = scene.pv();
    scene.send(&sent);
    let last = sent.parts.len() - 1;
    (0..last).for_each(|index| drop(scene.upload(&sent, index)));
    let outside = scene.hq.outside();
    outside.fail("INSERT ON receipt", None);
    scene.upload_into_a_broken_store(&sent, last);
    assert_eq!((scene.records(), scene.waiting()), (0, 1));
    outside.mend("receipt");
    let mut scene = scene.restarted();
    assert_eq!((scene.records(), scene.waiting(), scene.files()), (1, 0, 0));
    let again = scene.send(&sent);
    assert_eq!(scene.statuses(&again), [ReceiptStatus::Stored]);
}

#[test]
fn parts_that_could_not_be_removed_go_with_the_next_run() {
    let mut scene = Scene::new();
    let sent = scene.pv();
    scene.send(&sent);
    let last = sent.parts.len() - 1;
    (0..last).for_each(|index| drop(scene.upload(&sent, index)));
    let outside = scene.hq.outside();
    outside.fail("DELETE ON waiting", None);
    scene.upload_into_a_broken_store(&sent, last);
    assert_eq!((scene.records(), scene.waiting()), (1, 1));
    outside.mend("waiting");
    let mut scene = scene.restarted();
    assert_eq!((scene.records(), scene.waiting(), scene.files()), (1, 0, 0));
}

#[test]
fn a_refused_act_leaves_none_of_its_parts() {
    let mut scene = Scene::new();
    let mut parcel = scene.terminal.pv(&scene.officer, 0);
    parcel.attachments[0].content.push(b'\n');
    let sent = Sent::of(&parcel);
    scene.send(&sent);
    let last = scene.upload_all(&sent);
    let refused = ReceiptStatus::Refused(RefusalCode::DocumentSignature);
    assert_eq!(scene.statuses(&last), [refused]);
    assert_eq!((scene.records(), scene.waiting(), scene.files()), (0, 0, 0));
    assert_eq!(scene.joined(&sent), None);
    let told = scene.say(sent.file(0), FileVerb::Init, &encode(&sent.init(0)));
    assert_eq!(scene.statuses(&told), [refused]);
    assert_eq!(scene.files(), 0);
}

#[test]
fn parts_that_are_no_seal_are_refused_as_one_that_does_not_open() {
    let mut scene = Scene::new();
    let parcel = scene.terminal.pv(&scene.officer, 0);
    let (_, parts) = parcel.in_parts(PART);
    let noise: Vec<Vec<u8>> = parts.iter().map(|part| vec![7; part.len()]).collect();
    let list = noise.iter().map(|part| Part {
        bytes: u64::try_from(part.len()).unwrap(),
        sha256: Digest::of(part),
    });
    let sent = Sent {
        id: parcel.id,
        envelope: parcel.envelope(Digest::of(b"record"), Vec::new(), list.collect()),
        parts: noise,
    };
    scene.send(&sent);
    let last = scene.upload_all(&sent);
    assert_eq!(scene.statuses(&last), [ReceiptStatus::Refused(RefusalCode::Seal)]);
}

#[test]
fn a_part_with_other_bytes_is_asked_for_again() {
    let mut scene = Scene::new();
    let sent = scene.pv();
    scene.send(&sent);
    let mut spoiled = sent.parts[1].clone();
    spoiled[500] ^= 1;
    let FileHave::Ranges(stored) = have(&scene.upload_as(&sent, 1, &spoiled)) else {
        panic!()
    };
    assert!(stored.is_empty());
    let last = scene.upload_all(&sent);
    assert_eq!(scene.statuses(&last), [ReceiptStatus::Stored]);
}

#[test]
fn a_part_that_rots_on_hqs_disk_is_asked_for_again() {
    let mut scene = Scene::new();
    let sent = scene.pv();
    scene.send(&sent);
    scene.upload(&sent, 1);
    let path = format!("files/{}/{}.age", scene.terminal.device, sent.file(1));
    let mut rotten = sent.parts[1].clone();
    rotten[7] ^= 1;
    std::fs::write(scene.hq.path(&path), rotten).unwrap();
    for index in (0..sent.parts.len()).filter(|index| *index != 1) {
        let outgoing = scene.upload(&sent, index);
        assert_eq!(scene.statuses(&outgoing), []);
    }
    assert_eq!(scene.records(), 0);
    let last = scene.upload(&sent, 1);
    assert_eq!(scene.statuses(&last), [ReceiptStatus::Stored]);
    assert_eq!(scene.joined(&sent), Some(sent.parts.concat()));
}

#[test]
fn a_file_that_no_envelope_names_leaves_nothing_at_hq() {
    let mut scene = Scene::new();
    let sent = scene.pv();
    // The envelope is not here yet: announce it again later.
    assert_eq!(scene.announce(sent.init(0)), FileHave::Unknown);
    let sha256 = Digest::of(&sent.parts[0]);
    scene.say(
        sent.file(0),
        FileVerb::Chunk { offset: 0, sha256 },
        &sent.parts[0],
    );
    assert_eq!(scene.files(), 0);
    scene.send(&sent);
    let foreign = FileHave::Refused(FileRefusal::NotInManifest);
    let other = Digest::of(b"other bytes");
    let beyond = FileInit {
        file: FileId::of_part(sent.id, u32::try_from(sent.parts.len()).unwrap()).unwrap(),
        ..sent.init(0)
    };
    let as_clip = FileInit {
        manifest: EnvelopeId::from_bytes([0x55; 16]),
        ..sent.init(0)
    };
    let spoiled = [
        FileInit {
            sha256: other,
            ..sent.init(0)
        },
        FileInit {
            size: 999,
            ..sent.init(0)
        },
        beyond,
        as_clip,
    ];
    for init in spoiled {
        assert_eq!(scene.announce(init), foreign, "{init:?}");
    }
    assert_eq!(scene.files(), 0);
}

#[test]
fn the_parts_of_one_terminal_are_not_taken_from_another() {
    let mut scene = Scene::new();
    let sent = scene.pv();
    scene.send(&sent);
    let other = scene.hq.terminal("neo-000002", &[&scene.officer]);
    let topic = Topic::File(other.device.clone(), sent.file(0), FileVerb::Init);
    let told = scene
        .hq
        .gateway
        .receive(&topic, &encode(&sent.init(0)), NOON)
        .unwrap();
    assert_eq!(have(&told), FileHave::Refused(FileRefusal::NotInManifest));
}

#[test]
fn another_envelope_under_a_waiting_id_is_refused_and_the_first_stays() {
    let mut scene = Scene::new();
    let sent = scene.pv();
    scene.send(&sent);
    let mut other = scene.terminal.pv(&scene.officer, 1);
    other.id = sent.id;
    let (in_parts, _) = other.in_parts(PART);
    for bytes in [other.bytes(), in_parts] {
        assert_eq!(scene.hq.refusal(&scene.terminal, &bytes), RefusalCode::IdReused);
    }
    let last = scene.upload_all(&sent);
    assert_eq!(scene.statuses(&last), [ReceiptStatus::Stored]);
}

#[test]
fn a_clip_never_bears_the_id_of_an_act() {
    let mut scene = Scene::new();
    let sent = scene.pv();
    scene.send(&sent);
    let camera = scene.hq.camera("cam-000001");
    let mut clip = clip::Clip::new(&scene.terminal, &camera);
    clip.manifest.clip = ClipId::from_bytes(*sent.id.as_bytes());
    let manifest = |id: EnvelopeId, clip: &clip::Clip| {
        let act = Act::Footage(Box::new(clip.manifest.clone()));
        let mut parcel = scene.terminal.parcel(&scene.officer, 5, act);
        parcel.id = id;
        parcel.record.number = None;
        parcel.author = parcel.sender;
        parcel.bytes()
    };
    // Of an act that waits, and of its own envelope.
    let waiting = manifest(EnvelopeId::from_bytes([0x66; 16]), &clip);
    clip.manifest.clip = ClipId::from_bytes([0x67; 16]);
    let own = manifest(EnvelopeId::from_bytes([0x67; 16]), &clip);
    for bytes in [waiting, own] {
        assert_eq!(scene.hq.refusal(&scene.terminal, &bytes), RefusalCode::IdReused);
    }
    // And an act never that of a clip.
    clip.manifest.clip = ClipId::from_bytes([0x68; 16]);
    let known = {
        let act = Act::Footage(Box::new(clip.manifest.clone()));
        let mut parcel = scene.terminal.parcel(&scene.officer, 6, act);
        parcel.record.number = None;
        parcel.author = parcel.sender;
        parcel.bytes()
    };
    assert_eq!(
        scene.hq.receipt(&scene.terminal, &known).status,
        ReceiptStatus::Stored
    );
    let mut act = scene.terminal.pv(&scene.officer, 7);
    act.id = EnvelopeId::from_bytes([0x68; 16]);
    let (envelope, _) = act.in_parts(PART);
    assert_eq!(
        scene.hq.refusal(&scene.terminal, &envelope),
        RefusalCode::IdReused
    );
}

#[test]
fn an_envelope_outside_the_bounds_of_parts_is_unreadable() {
    let mut scene = Scene::new();
    let parcel = scene.terminal.pv(&scene.officer, 0);
    let part = |bytes| Part {
        bytes,
        sha256: Digest::of(b"part"),
    };
    let largest = u64::try_from(MAX_PART).unwrap();
    let digest = Digest::of(b"record");
    let envelopes = [
        parcel.envelope(digest, Vec::new(), vec![part(0)]),
        parcel.envelope(digest, Vec::new(), vec![part(largest + 1)]),
        parcel.envelope(digest, Vec::new(), vec![part(1); MAX_PARTS + 1]),
        parcel.envelope(digest, vec![1], vec![part(1)]),
    ];
    for bytes in envelopes {
        assert_eq!(scene.hq.refusal(&scene.terminal, &bytes), RefusalCode::Unreadable);
    }
}

#[test]
fn parts_of_an_envelope_that_nobody_sends_any_more_are_given_up_and_may_come_again() {
    let mut scene = Scene::new();
    let sent = scene.pv();
    scene.send(&sent);
    scene.upload(&sent, 0);
    let month = NOON.plus(30 * UnixMs::DAY);
    scene.hq.gateway.purge(month).unwrap();
    assert_eq!((scene.waiting(), scene.files()), (1, 1));
    scene.hq.gateway.purge(month.plus(1)).unwrap();
    assert_eq!((scene.waiting(), scene.files()), (0, 0));
    scene.send(&sent);
    let last = scene.upload_all(&sent);
    assert_eq!(scene.statuses(&last), [ReceiptStatus::Stored]);
}

#[test]
fn cpp_78_3_a_check_that_came_in_parts_is_destroyed_with_its_seal() {
    let until = NOON.plus(UnixMs::DAY);
    let mut scene = Scene::new();
    let mut parcel = scene.terminal.check(&scene.officer, 0, until);
    parcel.draw();
    let sent = Sent::of(&parcel);
    scene.send(&sent);
    scene.upload_all(&sent);
    assert!(scene.joined(&sent).is_some());
    let purged = scene.hq.gateway.purge(until.plus(1)).unwrap();
    assert_eq!((purged.records, scene.joined(&sent)), (1, None));
    let told = scene.say(sent.file(0), FileVerb::Init, &encode(&sent.init(0)));
    assert_eq!(scene.statuses(&told), [ReceiptStatus::Stored]);
    assert_eq!(scene.files(), 0);
}

#[test]
fn a_terminal_may_leave_only_so_many_acts_without_their_parts() {
    let scene = Scene::new();
    let mut store = Store::open(&scene.hq.path("")).unwrap();
    let transaction = store.begin().unwrap();
    let waiting = |number: u16| {
        let mut id = [0; 16];
        id[..2].copy_from_slice(&number.to_be_bytes());
        hq::store::Waiting {
            id: EnvelopeId::from_bytes(id),
            device: scene.terminal.device.clone(),
            digest: Digest::of(&id),
            cose: Vec::new(),
        }
    };
    for number in 0..1024 {
        assert!(transaction.hold(&waiting(number), NOON).unwrap());
    }
    assert!(!transaction.hold(&waiting(1024), NOON).unwrap());
    assert!(transaction.hold(&waiting(3), NOON).unwrap());
}
