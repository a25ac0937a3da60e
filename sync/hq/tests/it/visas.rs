//! Visas: who may ask and who may answer, and what the terminals of both are told until they have taken it.

use domain::envelope::{Attachment, ReceiptStatus, RefusalCode};
use domain::officer::Quality;
use domain::record::{Act, Record};
use domain::visa::{Decision, Visa, VisaNote, VisaRequest};
use domain::{ActId, Digest, EnvelopeId, decode, encode};
use hq::Outgoing;
use sync::wire::v1::{FileInit, HELLO, Hello, Presence, VISA, VisaMessage, VisasHeld};
use sync::{DownLane, FileId, FileVerb, Topic};
use trust::cose::{self, Namespace};
use trust::seal;

use crate::parcel::Parcel;
use crate::world::{Agent, Hq, NOON, Terminal};

/// An author and an OPJ, each on a terminal of their own, and a PV that HQ holds.
struct Scene {
    hq: Hq,
    author: Agent,
    opj: Agent,
    street: Terminal,
    station: Terminal,
    pv: (ActId, Digest),
}

impl Scene {
    fn new() -> Self {
        let mut hq = Hq::new();
        let author = hq.officer(1, Quality::Apj);
        let opj = hq.officer(2, Quality::Opj);
        let street = hq.terminal("neo-000001", &[&author]);
        let station = hq.terminal("neo-000002", &[&opj]);
        let parcel = street.pv(&author, 0);
        let digest = hq.receipt(&street, &parcel.bytes()).record_digest;
        let pv = (parcel.record.id, digest.unwrap());
        let mut scene = Self {
            hq,
            author,
            opj,
            street,
            station,
            pv,
        };
        for terminal in [0, 1] {
            scene.online(terminal);
            scene.hello(terminal, 0);
        }
        scene
    }

    fn of(&self, terminal: usize) -> &Terminal {
        [&self.street, &self.station][terminal]
    }

    fn online(&mut self, terminal: usize) {
        let topic = Topic::State(self.of(terminal).device.clone());
        let birth = Presence {
            version: 1,
            epoch: 1,
            online: true,
        };
        self.hq.gateway.receive(&topic, &encode(&birth), NOON).unwrap();
    }

    /// What a hello brings to a terminal that has taken the notes up to `taken`.
    fn hello(&mut self, terminal: usize, taken: u64) -> Vec<(u64, u64, VisaNote)> {
        let hello = Hello {
            visas: Some(VisasHeld { notes: taken }),
            ..self.of(terminal).bare_hello()
        };
        let bytes = self.of(terminal).sign(Namespace::Hello, HELLO, &encode(&hello));
        let topic = Topic::Up(hello.device, sync::UpLane::Q);
        let said = self.hq.gateway.receive(&topic, &bytes, NOON).unwrap();
        notes(&self.hq, &said, self.of(terminal))
    }

    fn asked(&self) -> VisaRequest {
        VisaRequest {
            act: self.pv.0,
            record: self.pv.1,
            opj: self.opj.officer.matricule.clone(),
        }
    }

    fn visa(&self, decision: Decision) -> Visa {
        let asked = self.asked();
        Visa {
            request: VisaRequest::act_id(asked.act, &asked.opj),
            act: asked.act,
            record: asked.record,
            decision,
        }
    }

    fn send(&mut self, terminal: usize, bytes: &[u8]) -> Vec<Outgoing> {
        let device = self.of(terminal).device.clone();
        let topic = Topic::Up(device, sync::UpLane::Pv);
        self.hq.gateway.receive(&topic, bytes, NOON).unwrap()
    }

    #[track_caller]
    fn status(&mut self, terminal: usize, bytes: &[u8]) -> ReceiptStatus {
        let said = self.send(terminal, bytes);
        let receipts = self.hq.verified(&said, self.of(terminal));
        assert_eq!(receipts.len(), 1);
        receipts[0].status
    }

    #[track_caller]
    fn refusal(&mut self, terminal: usize, bytes: &[u8]) -> RefusalCode {
        match self.status(terminal, bytes) {
            ReceiptStatus::Refused(code) => code,
            ReceiptStatus::Stored => panic!("it was stored"),
        }
    }
}

/// A record without number and document, in an envelope of its own.
fn parcel<'a>(terminal: &'a Terminal, author: &'a Agent, place: u8, id: ActId, act: Act) -> Parcel<'a> {
    let mut parcel = terminal.parcel(author, place, act);
    parcel.record = Record {
        id,
        number: None,
        ..parcel.record
    };
    let tag = [terminal.device.as_str().as_bytes(), &[place]].concat();
    let mut envelope = [0; 16];
    envelope.copy_from_slice(&Digest::of(&tag).as_bytes()[..16]);
    parcel.id = EnvelopeId::from_bytes(envelope);
    parcel
}

fn request(terminal: &Terminal, author: &Agent, place: u8, asked: &VisaRequest) -> Vec<u8> {
    let id = VisaRequest::act_id(asked.act, &asked.opj);
    parcel(
        terminal,
        author,
        place,
        id,
        Act::VisaRequest(Box::new(asked.clone())),
    )
    .bytes()
}

fn visa(terminal: &Terminal, opj: &Agent, place: u8, visa: &Visa) -> Vec<u8> {
    let id = Visa::act_id(visa.request);
    parcel(terminal, opj, place, id, Act::Visa(Box::new(visa.clone()))).bytes()
}

/// The notes for `terminal`, each with what it follows on and its sequence; opened as that terminal alone can.
fn notes(hq: &Hq, said: &[Outgoing], terminal: &Terminal) -> Vec<(u64, u64, VisaNote)> {
    let topic = Topic::Down(terminal.device.clone(), DownLane::Cmd);
    let mut notes = Vec::new();
    for message in said.iter().filter(|message| message.topic == topic) {
        let signed = cose::parse(&message.payload).unwrap();
        cose::verify(&signed, Namespace::Order, hq.pki().command().certificate()).unwrap();
        if signed.content_type != VISA {
            continue;
        }
        assert!(message.payload.len() < 250 * 1024);
        let told: VisaMessage = decode(&signed.payload).unwrap();
        assert_eq!(told.device, terminal.device);
        let plain = seal::open(&terminal.identity, &told.sealed, 1 << 20).unwrap();
        notes.push((told.after, told.sequence, decode(&plain).unwrap()));
    }
    notes
}

#[track_caller]
fn is_asked(note: &VisaNote) -> &domain::visa::AskedVisa {
    match note {
        VisaNote::Asked(asked) => asked,
        VisaNote::Decided(_) => panic!("{note:?}"),
    }
}

#[test]
fn a_request_reaches_the_opj_with_the_signed_act_and_the_answer_reaches_its_author() {
    let mut scene = Scene::new();
    let bytes = request(&scene.street, &scene.author, 1, &scene.asked());
    let said = scene.send(0, &bytes);
    assert_eq!(
        scene.hq.verified(&said, &scene.street)[0].status,
        ReceiptStatus::Stored
    );
    let told = notes(&scene.hq, &said, &scene.station);
    let [(0, 1, note)] = told.as_slice() else {
        panic!("{told:?}")
    };
    let asked = is_asked(note);
    assert_eq!(asked.officer, scene.opj.officer.id);
    let shown = asked.act.as_ref().unwrap();
    assert_eq!(Digest::of(&shown.record), scene.pv.1);
    assert!(shown.document.starts_with(b"%PDF"));
    // Nothing personal is readable on its way.
    let needle = scene.author.officer.matricule.number().as_bytes();
    let down = said
        .iter()
        .filter(|message| message.topic.to_string().contains("dn/cmd"));
    for message in down {
        assert!(
            !message
                .payload
                .windows(needle.len())
                .any(|window| window == needle)
        );
    }

    let words = "Joindre les images.".to_owned();
    let bytes = visa(
        &scene.station,
        &scene.opj,
        0,
        &scene.visa(Decision::Observed(words)),
    );
    let said = scene.send(1, &bytes);
    let told = notes(&scene.hq, &said, &scene.street);
    let [(0, 1, VisaNote::Decided(decided))] = told.as_slice() else {
        panic!("{told:?}")
    };
    assert_eq!(decided.officer, scene.author.officer.id);
    let record: Record = decode(&cose::parse(&decided.visa).unwrap().payload).unwrap();
    assert!(matches!(record.act, Act::Visa(visa) if visa.act == scene.pv.0));
    // The OPJ's own terminals are told as well, so that no other one asks again.
    assert!(matches!(
        notes(&scene.hq, &said, &scene.station).as_slice(),
        [(1, 2, VisaNote::Decided(_))]
    ));
    let store = scene.hq.gateway.store().begin().unwrap();
    let act = store.records_of(scene.pv.0).unwrap()[0];
    assert!(store.visas_of(act).unwrap()[0].visa.is_some());
}

#[test]
fn what_a_terminal_misses_is_given_again_at_each_hello_until_it_is_taken() {
    let mut scene = Scene::new();
    let offline = Presence {
        version: 1,
        epoch: 1,
        online: false,
    };
    let state = Topic::State(scene.station.device.clone());
    scene.hq.gateway.receive(&state, &encode(&offline), NOON).unwrap();
    let bytes = request(&scene.street, &scene.author, 1, &scene.asked());
    let said = scene.send(0, &bytes);
    assert!(
        notes(&scene.hq, &said, &scene.station).is_empty(),
        "nobody is there"
    );
    for _ in 0..2 {
        assert_eq!(scene.hello(1, 0).len(), 1);
    }
    scene.hq = scene.hq.restarted();
    assert_eq!(scene.hello(1, 0).len(), 1);
    assert!(scene.hello(1, 1).is_empty(), "it is taken");
}

#[test]
fn an_opj_who_is_enrolled_later_finds_what_was_asked_before() {
    let mut scene = Scene::new();
    let bytes = request(&scene.street, &scene.author, 1, &scene.asked());
    scene.send(0, &bytes);
    let second = scene.hq.terminal("neo-000003", &[&scene.opj]);
    let first = std::mem::replace(&mut scene.station, second);
    assert_eq!(scene.hello(1, 0).len(), 1);
    // Decided there, it is no longer open on the first.
    let bytes = visa(&scene.station, &scene.opj, 0, &scene.visa(Decision::Approved));
    assert_eq!(scene.status(1, &bytes), ReceiptStatus::Stored);
    scene.station = first;
    assert!(matches!(
        scene.hello(1, 1).as_slice(),
        [(1, 2, VisaNote::Decided(_))]
    ));
}

#[test]
fn an_act_too_large_for_one_message_is_said_to_be_and_does_not_vanish() {
    let mut scene = Scene::new();
    let mut large = scene.street.pv(&scene.author, 1);
    let text = "a".repeat(250_000);
    let Act::Pv(pv) = &mut large.record.act else {
        panic!("no PV")
    };
    pv.paragraphs = vec![text];
    large.id = EnvelopeId::from_bytes([0x44; 16]);
    let (id, act, number) = (large.id, large.record.id, large.record.number);
    let (envelope, parts) = large.in_parts(200_000);
    scene.send(0, &envelope);
    for (index, part) in (0..).zip(&parts) {
        let file = FileId::of_part(id, index).unwrap();
        let (size, sha256) = (u64::try_from(part.len()).unwrap(), Digest::of(part));
        let init = FileInit {
            version: 1,
            file,
            manifest: id,
            size,
            sha256,
        };
        for (verb, payload) in [
            (FileVerb::Init, encode(&init)),
            (FileVerb::Chunk { offset: 0, sha256 }, part.clone()),
            (FileVerb::Fin { size, sha256 }, Vec::new()),
        ] {
            let topic = Topic::File(scene.street.device.clone(), file, verb);
            scene.hq.gateway.receive(&topic, &payload, NOON).unwrap();
        }
    }
    let held = scene.hq.gateway.store().begin().unwrap().record(id).unwrap();
    let asked = VisaRequest {
        act,
        record: Digest::of(&held.unwrap().record_cose),
        opj: scene.opj.officer.matricule.clone(),
    };
    let bytes = request(&scene.street, &scene.author, 2, &asked);
    let said = scene.send(0, &bytes);
    let told = notes(&scene.hq, &said, &scene.station);
    let asked = is_asked(&told[0].2);
    assert!(asked.act.is_none());
    assert_eq!(asked.number, number);
}

#[test]
fn a_request_is_refused_with_its_reason() {
    let mut scene = Scene::new();
    let asked = scene.asked();
    let stranger = scene.hq.officer(5, Quality::Apj);
    let beat = scene.hq.terminal("neo-000005", &[&stranger]);
    let forged = request(&beat, &stranger, 1, &asked);
    let topic = Topic::Up(beat.device.clone(), sync::UpLane::Pv);
    let said = scene.hq.gateway.receive(&topic, &forged, NOON).unwrap();
    assert_eq!(
        scene.hq.verified(&said, &beat)[0].status,
        ReceiptStatus::Refused(RefusalCode::NotTheAuthor)
    );
    let cases = [
        (
            RefusalCode::ActUnknown,
            VisaRequest {
                act: ActId::from_bytes([9; 16]),
                ..asked.clone()
            },
        ),
        (
            RefusalCode::ActDiffers,
            VisaRequest {
                record: Digest::of(b"another"),
                ..asked.clone()
            },
        ),
        (
            RefusalCode::NotTheOpj,
            VisaRequest {
                opj: stranger.officer.matricule.clone(),
                ..asked.clone()
            },
        ),
    ];
    for (place, (code, asked)) in (10..).zip(cases) {
        let bytes = request(&scene.street, &scene.author, place, &asked);
        assert_eq!(scene.refusal(0, &bytes), code);
    }
    // An id of one's own choosing would stand for another request.
    let id = ActId::from_bytes([7; 16]);
    let act = Act::VisaRequest(Box::new(asked.clone()));
    let bytes = parcel(&scene.street, &scene.author, 20, id, act).bytes();
    assert_eq!(scene.refusal(0, &bytes), RefusalCode::Unreadable);
    // A file beside it belongs to no request.
    let act = Act::VisaRequest(Box::new(asked.clone()));
    let id = VisaRequest::act_id(asked.act, &asked.opj);
    let mut loaded = parcel(&scene.street, &scene.author, 21, id, act);
    loaded.attachments = vec![Attachment {
        name: "annexe.pdf".to_owned(),
        content: vec![1],
    }];
    let bytes = loaded.bytes();
    assert_eq!(scene.refusal(0, &bytes), RefusalCode::AttachmentMissing);
    assert!(scene.hello(1, 0).is_empty(), "nobody is asked anything");
}

#[test]
fn a_check_that_its_term_binds_to_one_terminal_is_not_open_to_a_visa() {
    let mut scene = Scene::new();
    let check = scene.street.check(&scene.author, 3, NOON.plus(1_000_000));
    let act = check.record.id;
    let digest = scene
        .hq
        .receipt(&scene.street, &check.bytes())
        .record_digest
        .unwrap();
    let asked = VisaRequest {
        act,
        record: digest,
        ..scene.asked()
    };
    let bytes = request(&scene.street, &scene.author, 4, &asked);
    assert_eq!(scene.refusal(0, &bytes), RefusalCode::ActUnknown);
}

#[test]
fn an_opj_asks_nobody_for_a_visa_of_their_own() {
    let mut hq = Hq::new();
    let opj = hq.officer(2, Quality::Opj);
    let station = hq.terminal("neo-000002", &[&opj]);
    let parcel = station.pv(&opj, 0);
    let digest = hq.receipt(&station, &parcel.bytes()).record_digest.unwrap();
    let asked = VisaRequest {
        act: parcel.record.id,
        record: digest,
        opj: opj.officer.matricule.clone(),
    };
    let bytes = request(&station, &opj, 1, &asked);
    assert_eq!(hq.refusal(&station, &bytes), RefusalCode::OwnAct);
    // A visa of one's own act that nobody asked for is refused for the same reason.
    let own = Visa {
        request: VisaRequest::act_id(asked.act, &asked.opj),
        act: asked.act,
        record: asked.record,
        decision: Decision::Approved,
    };
    let bytes = visa(&station, &opj, 2, &own);
    assert_eq!(hq.refusal(&station, &bytes), RefusalCode::OwnAct);
}

#[test]
fn cpp_16_only_an_opj_gives_a_visa_and_only_the_one_who_was_asked() {
    let mut scene = Scene::new();
    let given = scene.visa(Decision::Approved);
    let early = visa(&scene.station, &scene.opj, 0, &given);
    assert_eq!(scene.refusal(1, &early), RefusalCode::ActUnknown, "nobody asked");
    let bytes = request(&scene.street, &scene.author, 1, &scene.asked());
    assert_eq!(scene.status(0, &bytes), ReceiptStatus::Stored);

    let apj = scene.hq.officer(6, Quality::Apj);
    let other = scene.hq.officer(7, Quality::Opj);
    let third = scene.hq.terminal("neo-000006", &[&apj, &other]);
    let topic = Topic::Up(third.device.clone(), sync::UpLane::Pv);
    for (place, agent, code) in [
        (1, &apj, RefusalCode::QualityNotEmpowered),
        (2, &other, RefusalCode::NotTheOpj),
    ] {
        let said = scene
            .hq
            .gateway
            .receive(&topic, &visa(&third, agent, place, &given), NOON)
            .unwrap();
        let status = scene.hq.verified(&said, &third)[0].status;
        assert_eq!(status, ReceiptStatus::Refused(code));
    }
    let differs = Visa {
        record: Digest::of(b"another"),
        ..given.clone()
    };
    let bytes = visa(&scene.station, &scene.opj, 3, &differs);
    assert_eq!(scene.refusal(1, &bytes), RefusalCode::ActDiffers);
    let bytes = visa(&scene.station, &scene.opj, 4, &given);
    assert_eq!(scene.status(1, &bytes), ReceiptStatus::Stored);
}

#[test]
fn what_comes_twice_is_one_and_a_second_decision_is_refused() {
    let mut scene = Scene::new();
    let bytes = request(&scene.street, &scene.author, 1, &scene.asked());
    assert_eq!(scene.status(0, &bytes), ReceiptStatus::Stored);
    assert_eq!(
        scene.status(0, &bytes),
        ReceiptStatus::Stored,
        "a broker delivers again"
    );
    let again = request(&scene.street, &scene.author, 2, &scene.asked());
    assert_eq!(scene.refusal(0, &again), RefusalCode::VisaTwice);
    assert_eq!(scene.hello(1, 0).len(), 1, "and the OPJ is asked once");

    let bytes = visa(&scene.station, &scene.opj, 0, &scene.visa(Decision::Approved));
    assert_eq!(scene.status(1, &bytes), ReceiptStatus::Stored);
    assert_eq!(scene.status(1, &bytes), ReceiptStatus::Stored);
    let reason = "Finalement non.".to_owned();
    let second = visa(
        &scene.station,
        &scene.opj,
        1,
        &scene.visa(Decision::Returned(reason)),
    );
    assert_eq!(scene.refusal(1, &second), RefusalCode::VisaTwice);
    assert_eq!(scene.hello(0, 0).len(), 1, "and the author is told once");
}

#[test]
fn a_terminal_whose_certificate_was_withdrawn_is_told_nothing() {
    let mut scene = Scene::new();
    let bytes = request(&scene.street, &scene.author, 1, &scene.asked());
    let holder = trust::cert::Holder::Device(scene.station.device.to_string());
    let transaction = scene.hq.gateway.store().begin().unwrap();
    transaction.revoke(&holder, NOON).unwrap();
    transaction.commit().unwrap();
    let said = scene.send(0, &bytes);
    assert!(
        said.iter()
            .all(|message| !message.topic.to_string().contains("neo-000002"))
    );
}

#[test]
fn officers_who_were_enrolled_before_there_were_visas_are_found_by_their_number() {
    let mut scene = Scene::new();
    // The store as the version before left it.
    let raw = scene.hq.outside();
    raw.batch(
        "DROP TABLE visa_note; DROP TABLE visa_request; DROP TABLE matricule; DROP INDEX record_act;
         DROP TABLE order_report; DROP TABLE approval; DROP TABLE approval_order; DROP TABLE approval_request;
         ALTER TABLE said DROP COLUMN visas; DROP TABLE device_order; DROP TABLE token;
         ALTER TABLE device DROP COLUMN bundle_due;
         DROP TABLE batch_row; DROP TABLE batch; DROP TABLE officer_suspended; DROP TABLE device_event;
         DROP TABLE device_standing; DROP TABLE crl; ALTER TABLE assignment DROP COLUMN ended_at;
         ALTER TABLE certificate DROP COLUMN reason; DROP TABLE snapshot; DROP TABLE readmission;
         ALTER TABLE device DROP COLUMN quarantined_at; ALTER TABLE consultation DROP COLUMN reason;
         DROP TABLE query_alarm; DROP INDEX consultation_device; DROP INDEX consultation_officer;
         ALTER TABLE consultation DROP COLUMN frame; ALTER TABLE consultation DROP COLUMN purpose;
         ALTER TABLE consultation DROP COLUMN answer; DROP TABLE share;
         DROP TABLE stamp; DROP TABLE journal_fork; DROP TABLE journal_head; DROP TABLE journal_node;
         DROP TABLE journal_entry; DROP TABLE journal; DROP TABLE device_channel; DROP TABLE profile_said;
         DROP TABLE rollout_event; DROP TABLE rollout; DROP TABLE profile;
         DROP TABLE reference_beside; DROP TABLE said_set; DROP TABLE hotlist_base; DROP TABLE hotlist_epoch;
         DROP TABLE tombstone_salt; DROP TABLE tombstone; DROP TABLE follow_up; DROP TABLE alert;
         ALTER TABLE said DROP COLUMN suivi; DROP TABLE suivi; DROP TABLE contact;
         ALTER TABLE said DROP COLUMN dispatch; DROP TABLE dispatch; DROP TABLE progress;
         ALTER TABLE said DROP COLUMN crew; DROP TABLE duty; DROP TABLE duty_crew; DROP TABLE crew_sheet; DROP TABLE crew_named;
         DROP TABLE clip_program; DROP TABLE program; DROP TABLE clip_release; DROP TABLE clip_hold; DROP TABLE custody; DROP TABLE clip_life",
    );
    raw.set_version(3);
    drop(raw);
    scene.hq = scene.hq.restarted();
    let bytes = request(&scene.street, &scene.author, 1, &scene.asked());
    assert_eq!(scene.status(0, &bytes), ReceiptStatus::Stored);
    assert_eq!(scene.hello(1, 0).len(), 1);
}
