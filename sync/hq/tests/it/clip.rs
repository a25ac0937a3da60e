//! A clip as a terminal announces and uploads it, every part of which a test may spoil.

use domain::envelope::Receipt;
use domain::footage::{CameraChain, Manifest, Segment};
use domain::officer::Quality;
use domain::record::Act;
use domain::{CameraId, ClipId, Digest, EnvelopeId, decode, encode};
use hq::Outgoing;
use sync::wire::v1::{FileHave, FileInit, Reply};
use sync::{FileId, FileVerb, Topic};
use trust::cert::Certificate;
use trust::cose;
use trust::{merkle, seal};

use crate::parcel::Parcel;
use crate::world::{Agent, Hq, NOON, Terminal};

pub(crate) const CHUNK: usize = 40_000;

/// A recording and its encrypted segments.
pub(crate) struct Clip {
    pub(crate) original: Vec<u8>,
    pub(crate) sealed: Vec<Vec<u8>>,
    pub(crate) manifest: Manifest,
}

impl Clip {
    /// Three segments of noise out of `camera`, sealed for `terminal`'s HQ.
    pub(crate) fn new(terminal: &Terminal, camera: &Certificate) -> Self {
        let noise = (0..250_000_u32).map(|n| n.wrapping_mul(2_654_435_761).to_be_bytes()[0]);
        Self::of(noise.collect(), terminal, camera)
    }

    /// This file out of `camera`, in segments of 100 000 bytes.
    pub(crate) fn of(original: Vec<u8>, terminal: &Terminal, camera: &Certificate) -> Self {
        let mut clip = Self {
            sealed: Vec::new(),
            manifest: Manifest {
                clip: ClipId::from_bytes([0xc1; 16]),
                camera: CameraId::parse("cam-000001").unwrap(),
                camera_certificate: Digest::of(camera.der()),
                pairing: Digest::of(b"pairing"),
                started: NOON,
                ended: NOON.plus(6000),
                bytes: u64::try_from(original.len()).unwrap(),
                whole: Digest::of(&original),
                root: Digest::of(b""),
                segments: Vec::new(),
                chain: CameraChain::Complete,
                chain_digest: Digest::of(b"chain"),
                video: None,
                events: None,
                assigned: None,
                program: None,
            },
            original,
        };
        let mut offset = 0;
        for plain in clip.original.clone().chunks(100_000) {
            let sealed = seal::seal(&[terminal.hq], plain).unwrap();
            clip.manifest.segments.push(Segment {
                index: u32::try_from(clip.sealed.len()).unwrap(),
                offset,
                length: u32::try_from(plain.len()).unwrap(),
                plain: Digest::of(plain),
                cipher: Digest::of(&sealed),
                cipher_length: u32::try_from(sealed.len()).unwrap(),
            });
            offset += u64::try_from(plain.len()).unwrap();
            clip.sealed.push(sealed);
        }
        clip.plant_root();
        clip
    }

    pub(crate) fn plant_root(&mut self) {
        let leaves: Vec<_> = self
            .manifest
            .segments
            .iter()
            .map(|segment| merkle::leaf(&segment.leaf()))
            .collect();
        self.manifest.root = Digest::from_bytes(*merkle::root(&leaves).as_bytes());
    }

    pub(crate) fn init(&self, index: usize) -> FileInit {
        FileInit {
            version: 1,
            file: file(index),
            manifest: EnvelopeId::from_bytes([1; 16]),
            size: u64::try_from(self.sealed[index].len()).unwrap(),
            sha256: Digest::of(&self.sealed[index]),
        }
    }
}

pub(crate) fn file(index: usize) -> FileId {
    FileId::new(ClipId::from_bytes([0xc1; 16]), u32::try_from(index).unwrap()).unwrap()
}

pub(crate) struct Scene {
    pub(crate) hq: Hq,
    pub(crate) officer: Agent,
    pub(crate) terminal: Terminal,
    pub(crate) clip: Clip,
}

impl Scene {
    pub(crate) fn new() -> Self {
        let mut hq = Hq::new();
        let officer = hq.officer(1, Quality::Apj);
        let terminal = hq.terminal("neo-000001", &[&officer]);
        let clip = Clip::new(&terminal, &hq.camera("cam-000001"));
        Self {
            hq,
            officer,
            terminal,
            clip,
        }
    }

    pub(crate) fn manifest(&self) -> Parcel<'_> {
        let act = Act::Footage(Box::new(self.clip.manifest.clone()));
        let mut parcel = self.terminal.parcel(&self.officer, 0, act);
        parcel.record.number = None;
        parcel.author = parcel.sender;
        parcel
    }

    pub(crate) fn send_manifest(&mut self) -> Receipt {
        let bytes = self.manifest().bytes();
        self.hq.receipt(&self.terminal, &bytes)
    }

    pub(crate) fn say(&mut self, index: usize, verb: FileVerb, payload: &[u8]) -> Vec<Outgoing> {
        let topic = Topic::File(self.terminal.device.clone(), file(index), verb);
        self.hq.gateway.receive(&topic, payload, NOON).unwrap()
    }

    pub(crate) fn announce(&mut self, index: usize) -> FileHave {
        let init = encode(&self.clip.init(index));
        have(&self.say(index, FileVerb::Init, &init))
    }

    pub(crate) fn chunk(&mut self, index: usize, number: usize) {
        let offset = number * CHUNK;
        let end = self.clip.sealed[index].len().min(offset + CHUNK);
        let bytes = self.clip.sealed[index][offset..end].to_vec();
        let verb = FileVerb::Chunk {
            offset: u64::try_from(offset).unwrap(),
            sha256: Digest::of(&bytes),
        };
        assert_eq!(self.say(index, verb, &bytes), []);
    }

    pub(crate) fn finish(&mut self, index: usize) -> Vec<Outgoing> {
        let FileInit { size, sha256, .. } = self.clip.init(index);
        self.say(index, FileVerb::Fin { size, sha256 }, b"")
    }

    /// Uploads one file whole, the last chunk first and each twice.
    pub(crate) fn upload(&mut self, index: usize) -> Vec<Outgoing> {
        self.announce(index);
        for number in (0..self.clip.sealed[index].len().div_ceil(CHUNK)).rev() {
            self.chunk(index, number);
            self.chunk(index, number);
        }
        self.finish(index)
    }

    pub(crate) fn stored_clip(&self) -> Option<Vec<u8>> {
        std::fs::read(self.hq.path(&format!("clips/{}.mp4", self.clip.manifest.whole))).ok()
    }

    pub(crate) fn root_receipt(&self, outgoing: &[Outgoing]) -> Option<Receipt> {
        self.hq.verified(outgoing, &self.terminal).into_iter().next()
    }
}

pub(crate) fn have(outgoing: &[Outgoing]) -> FileHave {
    let signed = cose::parse(&outgoing[0].payload).unwrap();
    let Reply::Stat(answer) = decode(&signed.payload).unwrap() else {
        panic!()
    };
    answer.have
}
