//! A fleet manager's desk: a headquarters whose root is offline, a context that names it, and phones to enrol.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Output;

use domain::enrolment::{KeyProtection, Ticket};
use domain::envelope::Envelope;
use domain::record::{CONTENT_TYPE, Record};
use domain::{DeviceId, Digest, EnvelopeId, encode};
use hq::pki::{DeviceRequest, Pki};
use hq::store::{NewReceipt, NewRecord};
use hq::{Store, tokens};
use serde_json::Value;
use trust::cert::Certificate;
use trust::cose::Namespace;
use trust::keys::{KeyKind, SigningKey};

use crate::headquarters::{NOON, officer};
use crate::{error, neoctl_of};

pub(crate) const BROKER: &str = "mqtts://localhost:8885";

pub(crate) struct Desk(tempfile::TempDir);

impl Desk {
    /// After the ceremony of the keys, by files between two machines.
    pub(crate) fn new(kind: &str) -> Self {
        let desk = Self(tempfile::tempdir().unwrap());
        desk.done("ca init --root --out @safe");
        desk.done("ca init --out @pki");
        desk.done("ca export-csrs --pki @pki --out @usb");
        let signed = desk.done("ca sign --root @safe --csrs @usb");
        let root = signed["ca"]["root_sha256"].as_str().unwrap().to_owned();
        desk.done(&format!("ca import --pki @pki --from @usb --root-sha256 {root}"));
        // Each of the two recovery persons takes a key along.
        std::fs::rename(desk.path("pki/offline"), desk.path("persons")).unwrap();
        // `neo-hq` makes its folder when it starts.
        drop(Store::open(&desk.path("hq")).unwrap());
        desk.done(&format!("context add essai --dir @hq --pki @pki --kind {kind}"));
        desk
    }

    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.0.path().join(name)
    }

    /// Runs a line of words, each `@name` a path on this desk and `_` a space.
    pub(crate) fn run(&self, line: &str) -> Output {
        self.run_with(line, b"")
    }

    pub(crate) fn run_with(&self, line: &str, input: &[u8]) -> Output {
        neoctl_of(&self.path("config"), &self.words(line), input)
    }

    pub(crate) fn words(&self, line: &str) -> Vec<String> {
        let word = |word: &str| match word.strip_prefix('@') {
            Some(name) => self.path(name).to_str().unwrap().to_owned(),
            None => word.replace('_', " "),
        };
        line.split_whitespace().map(word).collect()
    }

    /// The answer of a command, and how it ended.
    #[track_caller]
    pub(crate) fn ended(&self, line: &str) -> (i32, Value) {
        let output = self.run(&format!("{line} --json"));
        let code = output.status.code().unwrap();
        let answer = serde_json::from_slice(&output.stdout);
        (
            code,
            answer.unwrap_or_else(|_| panic!("{line}: {}", error(&output))),
        )
    }

    /// The answer of a command that does what it says.
    #[track_caller]
    pub(crate) fn done(&self, line: &str) -> Value {
        let (code, answer) = self.ended(line);
        assert_eq!(code, 0, "{line}: {answer}");
        answer
    }

    /// The exit code and the error of a command that does nothing.
    #[track_caller]
    pub(crate) fn refused(&self, line: &str) -> (i32, String) {
        let output = self.run(line);
        assert!(output.stdout.is_empty(), "{line}");
        (output.status.code().unwrap(), error(&output).to_owned())
    }

    pub(crate) fn pki(&self) -> Pki {
        Pki::open(&self.path("pki")).unwrap()
    }

    pub(crate) fn store(&self) -> Store {
        Store::open(&self.path("hq")).unwrap()
    }

    /// Headquarters holds this record, in the envelope of the vectors under `number`, by a registered officer.
    pub(crate) fn hold(&self, record: &Record, number: u8) -> Envelope {
        let record_cose = self
            .pki()
            .receipt()
            .sign(Namespace::Record, CONTENT_TYPE, &encode(record));
        let vector = include_bytes!("../../../../agent/domain/tests/vectors/v1/envelope.cbor");
        let mut envelope = Envelope::from_bytes(vector).unwrap();
        envelope.id = EnvelopeId::from_bytes([number; 16]);
        envelope.sequence = number.into();
        envelope.record = Digest::of(&record_cose);
        let digest = Digest::of(&[number]);
        let mut store = self.store();
        let transaction = store.begin().unwrap();
        transaction
            .insert_receipt(&NewReceipt {
                device: &envelope.device,
                envelope_digest: digest,
                envelope: envelope.id,
                receipt: b"receipt",
                at: NOON,
            })
            .unwrap();
        transaction.insert_envelope(&envelope, digest, NOON).unwrap();
        transaction
            .insert_record(&NewRecord {
                envelope: envelope.id,
                record,
                envelope_cose: b"envelope",
                record_cose: &record_cose,
            })
            .unwrap();
        transaction.put_officer(&officer()).unwrap();
        transaction.commit().unwrap();
        envelope
    }

    /// Every code in the text files of `folder`, whose sheets are whole.
    pub(crate) fn codes(&self, folder: &str) -> Vec<Ticket> {
        let mut files: Vec<PathBuf> = list(&self.path(folder), "txt");
        files.retain(|file| file.with_extension("pdf").exists());
        let texts = files.iter().map(|file| fs::read_to_string(file).unwrap());
        texts
            .flat_map(|text| {
                text.lines()
                    .map(|line| Ticket::parse(line).unwrap())
                    .collect::<Vec<_>>()
            })
            .collect()
    }
}

pub(crate) fn list(folder: &Path, extension: &str) -> Vec<PathBuf> {
    let Ok(entries) = fs::read_dir(folder) else {
        return Vec::new();
    };
    let paths = entries.map(|entry| entry.unwrap().path());
    let mut files: Vec<PathBuf> = paths
        .filter(|path| path.extension().is_some_and(|found| found == extension))
        .collect();
    files.sort();
    files
}

/// A phone that became a terminal.
pub(crate) struct Phone {
    pub(crate) device: DeviceId,
    pub(crate) key: SigningKey,
    pub(crate) certificate: Certificate,
}

/// The phone makes its keys and shows its code, as over the wire; none when headquarters refuses.
pub(crate) fn enrol(store: &mut Store, pki: &Pki, ticket: &Ticket) -> Option<Phone> {
    let key = SigningKey::generate(KeyKind::P256);
    let request = DeviceRequest {
        device: ticket.device.clone(),
        model: String::new(),
        spki: key.public().spki_der(),
        recipient: [7; 32],
        protection: KeyProtection::File,
    };
    let now = hq::serve::wall_clock();
    let bundle = tokens::take(store, pki, &ticket.token, &request, now)
        .unwrap()
        .ok()?;
    let signed = trust::cose::parse(&bundle).unwrap();
    let bundle: domain::enrolment::Enrolment = domain::decode(&signed.payload).unwrap();
    let certificate = Certificate::from_der(&bundle.device_chain[0].0).unwrap();
    Some(Phone {
        device: ticket.device.clone(),
        key,
        certificate,
    })
}
