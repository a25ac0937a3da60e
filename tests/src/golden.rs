//! A whole terminal as this version of the program leaves it on its disk: every file, every kind of row.
//!
//! What a version shipped with lies under `tests/seeds` for good; every later version opens it and reads it all.

use std::path::Path;

use agent::engine::device_db_key;
use agent::keys::{Card, Cost, FileVault, KeysError, Owner, Slot, SlotOpening, TerminalTries};
use agent::site::Site;
use agent::store::{
    Answer, DeviceStore, IntentTerm, OfficerStore, Pairing, RawKey, Reservation, SigningIntent, StoredRecord,
};
use anyhow::{Context as _, bail};
use camera::ingest::{Checked, Opening};
use camera::seal::Whole;
use camera::vault::Vault;
use domain::dialogue::ClipRefusal;
use domain::draft::Draft;
use domain::enrolment::NumberRange;
use domain::envelope::{Lane, ReceiptStatus, RefusalCode};
use domain::footage::{ClipListing, Manifest, Recording};
use domain::intervention::Intervention;
use domain::journal::Operation;
use domain::record::{ActKind, Context};
use domain::service::Service;
use domain::{
    ActId, BootId, CameraId, ClipId, Digest, EnvelopeId, JournalId, OfficerId, Secret, Timestamp, UnixMs,
    Zone,
};
use evidence::chain::SegmentClaim;
use trust::seal::Recipient;
use zeroize::Zeroizing;

/// The code of the golden terminal's officer.
pub const CODE: &str = "271828";
pub const OFFICER: OfficerId = OfficerId::from_bytes([0x0f; 16]);
const NUMBERS: NumberRange = NumberRange {
    year: 2026,
    first: 100,
    last: 199,
};

/// The card that the golden slot was made with.
pub struct GoldenCard;

impl Card for GoldenCard {
    fn answer(&mut self, _: &[u8; 32]) -> Result<Zeroizing<[u8; 32]>, KeysError> {
        Ok(Zeroizing::new([5; 32]))
    }

    fn sign(&mut self, _: &[u8]) -> Result<Vec<u8>, KeysError> {
        Err(KeysError::NoCard)
    }
}

/// Bytes of a format, from the vectors that hold it.
macro_rules! vector {
    ($name:literal) => {
        include_bytes!(concat!("../../agent/domain/tests/vectors/v1/", $name, ".cbor"))
    };
}

fn known<T: for<'b> minicbor::Decode<'b, ()> + minicbor::Encode<()>>(bytes: &[u8]) -> T {
    domain::decode(bytes).expect("a vector reads")
}

/// Writes the terminal into an empty folder.
pub fn make(folder: &Path) -> anyhow::Result<()> {
    let site = Site::new(folder);
    let keys = FileVault::create(site.root())?;
    std::fs::create_dir_all(site.officer_dir(OFFICER))?;
    let code = Secret::new(CODE.to_owned());
    let boot = at(0).boot;
    TerminalTries::begin_count(site.root(), &keys, boot)?;
    let opened = Slot::create(
        &site.place(OFFICER),
        Owner {
            id: OFFICER,
            matricule: "",
        },
        &code,
        Cost::FLOOR,
        &keys,
        &mut GoldenCard,
        boot,
    )?;
    let enrolment = vector!("enrolment");
    let journal = JournalId::from_bytes([0x07; 16]);
    let device = DeviceStore::create(
        &site.device_db(),
        &device_db_key(&keys)?,
        enrolment,
        journal,
        at(0),
    )?;
    let officer = OfficerStore::open(&site.officer_db(OFFICER), &opened.database, true, at(0).utc)?;
    let mut terminal = Terminal { device, officer };
    terminal.shift()?;
    terminal.camera()?;
    terminal.acts()?;
    footage(&site.footage())
}

/// The key of the officer's database, by code and card.
pub fn officer_key(site: &Site, keys: &FileVault) -> anyhow::Result<RawKey> {
    let code = Secret::new(CODE.to_owned());
    // A terminal of before there was such a count begins it at its start.
    TerminalTries::begin_count(site.root(), keys, at(0).boot)?;
    let place = site.place(OFFICER);
    match Slot::open(&place, OFFICER, &code, keys, &mut GoldenCard, at(0).boot, 0)? {
        SlotOpening::Opened(keys) => Ok(keys.database),
        SlotOpening::WrongCode { .. }
        | SlotOpening::Wait { .. }
        | SlotOpening::Destroyed
        | SlotOpening::Closed(_) => {
            bail!("the code does not open the slot")
        }
    }
}

struct Terminal {
    device: DeviceStore,
    officer: OfficerStore,
}

impl Terminal {
    /// Everything around the acts: the shift, a draft, and what the device notes for itself.
    fn shift(&mut self) -> anyhow::Result<()> {
        let Self { device, officer } = self;
        device.note_opened(OFFICER)?;
        device.keep_retry_window(30_000)?;
        device.log(at(1), Some(OFFICER), Operation::Unlocked)?;
        device.log(at(1), Some(OFFICER), Operation::ServiceStarted)?;
        officer.save_service(&known::<Service>(vector!("service")))?;
        officer.save_service(&Service {
            id: domain::ServiceId::from_bytes([0x15; 16]),
            ..known(vector!("service-open"))
        })?;
        let closed: Intervention = known(vector!("intervention"));
        let open = Intervention {
            id: domain::InterventionId::from_bytes([0x16; 16]),
            closed: None,
            outcome: None,
            ..closed.clone()
        };
        officer.save_interventions([&closed, &open])?;
        for bytes in [vector!("draft").as_slice(), vector!("draft-corrective")] {
            officer.save_draft(&known::<Draft>(bytes), at(2))?;
        }
        Ok(())
    }

    /// A camera, and a clip in each state.
    fn camera(&mut self) -> anyhow::Result<()> {
        let transcript = Digest::of(b"pairing transcript");
        self.device.save_pairing(&Pairing {
            camera: camera()?,
            bond: bond(transcript)?,
            transcript,
        })?;
        self.device
            .log(at(3), Some(OFFICER), Operation::CameraPaired { transcript })?;
        let context: Context = known(vector!("context"));
        for n in [1, 2, 3] {
            let listing = ClipListing {
                clip: clip(n),
                ..known(vector!("clip-listing"))
            };
            self.device.begin_clip(&camera()?, &listing, &context)?;
        }
        Ok(())
    }

    /// An act in each state, in the order of their numbers.
    fn acts(&mut self) -> anyhow::Result<()> {
        for (n, kind, lane) in [
            (1, ActKind::IdentityCheck, Lane::Events),
            (2, ActKind::Pv, Lane::Procedures),
            (3, ActKind::Plainte, Lane::Urgent),
        ] {
            let intent = self.intent(n, kind, lane)?;
            self.exists(&intent)?;
            self.officer.promote(&intent)?;
        }
        self.answered(2, ReceiptStatus::Stored)?;
        self.answered(3, ReceiptStatus::Refused(RefusalCode::Seal))?;
        // A correction that exists and is not promoted, and an act that nothing but its intent tells of.
        let correction = SigningIntent {
            corrects: Some(act(3)),
            ..self.intent(4, ActKind::Plainte, Lane::Urgent)?
        };
        self.officer.write_intent(&correction)?;
        self.exists(&correction)?;
        let intended = self.intent(5, ActKind::Pv, Lane::Procedures)?;
        self.officer.write_intent(&intended)?;
        for n in [1, 2] {
            self.taken(10 + n, n)?;
        }
        self.device.clip_received(clip(1), b"receipt over the root")?;
        self.device.refuse_clip(clip(2))?;
        // A number that no act came of, given up by the terminal itself, and one that is still promised.
        self.device
            .reserve(act(6), None, Lane::Telemetry, Some(NUMBERS))?;
        self.device.release(None, at(8))?;
        self.reserved(7, Lane::Procedures)?;
        // The term of the check is over.
        self.device.purge(at(60))?;
        Ok(())
    }

    fn reserved(&mut self, n: u8, lane: Lane) -> anyhow::Result<Reservation> {
        Ok(self.device.reserve(act(n), Some(OFFICER), lane, Some(NUMBERS))?)
    }

    fn intent(&mut self, n: u8, kind: ActKind, lane: Lane) -> anyhow::Result<SigningIntent> {
        let promise = self.reserved(n, lane)?;
        let text = |what: &str| format!("{what} {n}").into_bytes();
        let has_term = kind == ActKind::IdentityCheck;
        let deadline = |n: u8| UnixMs(at(30).utc.0 + i64::from(n));
        Ok(SigningIntent {
            act: act(n),
            kind,
            lane,
            sequence: promise.sequence,
            number: promise.number,
            envelope: envelope(n),
            record: Digest::of(&text("record")),
            envelope_cose: text("envelope"),
            signed_at: at(i64::from(n)),
            term: has_term.then(|| IntentTerm {
                key: [n; 32],
                until: deadline(n),
            }),
            corrects: None,
            readable: StoredRecord {
                sealed: has_term,
                cose: text("record"),
                document: Some(text("document")),
                recepisse: (kind == ActKind::Plainte).then(|| text("recepisse")),
                draft: text("draft"),
                rights: None,
                requisition: None,
            },
            behind: None,
        })
    }

    fn exists(&mut self, intent: &SigningIntent) -> anyhow::Result<()> {
        Ok(self
            .device
            .commit_act(&intent.new_act(), Some(OFFICER), intent.signed_at)?)
    }

    /// The terminal's own act over a clip.
    fn taken(&mut self, n: u8, of: u8) -> anyhow::Result<()> {
        self.device.reserve(act(n), None, Lane::Events, None)?;
        let intent = self.intent(n, ActKind::Footage, Lane::Events)?;
        let mut new = intent.new_act();
        new.clip = Some(Recording {
            clip: clip(of),
            camera: camera()?,
            started: at(4).utc,
            ended: at(5).utc,
            root: Digest::of(&[of]),
            manifest: intent.record,
            context: known(vector!("context")),
            until: at(40).utc,
            zone: Zone::Paris,
        });
        Ok(self.device.commit_act(&new, None, at(6))?)
    }

    fn answered(&mut self, n: u8, status: ReceiptStatus) -> anyhow::Result<()> {
        let receipt = format!("receipt {n}").into_bytes();
        let answer = Answer {
            envelope: envelope(n),
            status,
            at: at(7).utc,
            cose: &receipt,
        };
        self.device.store_receipts(&[answer], at(7))?;
        Ok(())
    }
}

/// A recording that is held, one on its way in, and the trace of one that was refused.
fn footage(folder: &Path) -> anyhow::Result<()> {
    let vault = Vault::open(folder, 1 << 20)?;
    for n in [1, 2, 3] {
        let mut intake = vault.begin(Opening {
            clip: clip(n),
            camera: camera()?,
            certificate: b"certificate".to_vec(),
            pairing: Digest::of(b"pairing transcript"),
            init: b"init message".to_vec(),
            started: at(4).utc,
        })?;
        let mut whole = Whole::default();
        let (mut segments, mut offset) = (Vec::new(), 0);
        // A segment is one box; the last is no multiple of the hash's block.
        for (index, (kind, length)) in (0..).zip([(b"ftyp", 128_u8), (b"mdat", 100)]) {
            let mut plain = vec![n; usize::from(length)];
            plain[..4].copy_from_slice(&u32::from(length).to_be_bytes());
            plain[4..8].copy_from_slice(kind);
            whole.push(&plain)?;
            anyhow::ensure!(whole.end_segment(plain.len()), "only the last segment is short");
            let claim = SegmentClaim {
                clip: clip(n),
                index,
                offset,
                length: u32::from(length),
                plain: Digest::of(&plain),
                previous: Digest::of(b"message before"),
                mono_ms: 1_000,
                utc: at(4).utc,
            };
            offset += u64::from(claim.length);
            let segment = Checked {
                claim,
                plain: plain.into(),
                message: format!("segment {index}").into_bytes(),
                checkpoint: whole.checkpoint(),
            };
            intake.store(&[Recipient::from_bytes([9; 32])], segment)?;
            while let Some(stored) = intake.wait_durable()? {
                segments.push(stored);
            }
        }
        match n {
            1 => {
                let manifest = Manifest {
                    clip: clip(n),
                    segments,
                    ..known(vector!("manifest"))
                };
                intake.finish(manifest, Some(b"end message".to_vec()))?;
            }
            2 => drop(intake),
            _ => {
                intake.refuse(ClipRefusal::NotVideo)?;
            }
        }
    }
    Ok(())
}

/// What a meeting leaves, as the camera crate keeps it: no certificates, both keys of one byte.
fn bond(transcript: Digest) -> anyhow::Result<Vec<u8>> {
    let mut encoder = minicbor::Encoder::new(Vec::new());
    encoder.map(5)?.u8(0)?.str(camera()?.as_str())?;
    encoder.u8(1)?.array(0)?;
    encoder.u8(2)?.bytes(&[2; 32])?;
    encoder.u8(3)?.bytes(&[3; 32])?;
    encoder.u8(4)?.bytes(transcript.as_bytes())?;
    Ok(encoder.into_writer())
}

fn camera() -> anyhow::Result<CameraId> {
    CameraId::parse("cam-000042").ok().context("a constant name")
}

fn act(n: u8) -> ActId {
    ActId::from_bytes([n; 16])
}

fn envelope(n: u8) -> EnvelopeId {
    EnvelopeId::from_bytes([0xe0 | n; 16])
}

/// The id of the golden terminal's `n`-th clip.
pub fn clip(n: u8) -> ClipId {
    ClipId::from_bytes([0xc0 | n; 16])
}

/// `minutes` after 19:05 in Paris on 21 November 2026.
pub fn at(minutes: i64) -> Timestamp {
    Timestamp {
        utc: UnixMs(1_795_284_300_000).plus(minutes * 60_000),
        zone: Zone::Paris,
        offset_min: 60,
        boot: BootId::from_bytes([0x0b; 16]),
        mono_ms: 3_600_000,
    }
}
