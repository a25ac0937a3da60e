//! The check of a folder of an act or a clip, file by file.

use std::collections::{BTreeMap, BTreeSet};

use domain::Digest;
use domain::envelope::{Envelope, Receipt};
use domain::record::{Act, Record};
use trust::cert::Profile;
use trust::cose::Signed;

use super::delivery::{self, Read};
use super::findings::Findings;
use super::original::digest_of;
use super::signers::Authorities;
use super::{Anchors, Fault, Limit, Question, RecordClaims, Report, Subject, clip, custody, document, stamp};
use crate::custody::CUSTODY;
use crate::folder::{
    AUTHORITIES, CAMERA, CAMERA_CHAIN, DOCUMENT, ENCLOSED, Files, Large, Message, SUMS, is_footage, sums_with,
};
use crate::video::Bytes;

const QUESTIONS: [Question; 10] = [
    Question::Files,
    Question::Copies,
    Question::RecordSignature,
    Question::RecordSigner,
    Question::EnvelopeSignature,
    Question::EnvelopeSigner,
    Question::ReceiptSignature,
    Question::ReceiptSigner,
    Question::Links,
    Question::Dates,
];

pub(super) fn verify(folder: Folder<'_>, anchors: Anchors<'_>) -> Report {
    let files = folder.files;
    let mut findings = Findings::new(&QUESTIONS);
    let record = delivery::read::<Record>(files, &mut findings, Message::Record);
    let envelope = delivery::read::<Envelope>(files, &mut findings, Message::Envelope);
    let receipt = delivery::read::<Receipt>(files, &mut findings, Message::Receipt);
    delivery::check_links(&mut findings, &record, &envelope, &receipt);
    let mut authorities = Authorities::read(files, &mut findings, Question::RecordSigner);
    delivery::judge_signers(
        &mut findings,
        &mut authorities,
        anchors,
        &record,
        &envelope,
        &receipt,
    );

    let mut expected = Expected::new([AUTHORITIES, SUMS]);
    for message in [Message::Record, Message::Envelope, Message::Receipt] {
        expected.needed.insert(message.cose_file().to_owned());
        expected.needed.insert(message.signer_file().to_owned());
    }
    let signed = [
        (Message::Record, &record.signed),
        (Message::Envelope, &envelope.signed),
        (Message::Receipt, &receipt.signed),
    ];
    check_copies(files, &mut findings, &mut expected, signed);

    claim(&mut findings, &record, &receipt);
    let about = (&record, &receipt);
    stamp::check(
        files,
        &mut findings,
        &mut expected,
        &mut authorities,
        anchors,
        about,
    );
    let mut known = BTreeMap::new();
    let subject = match &record.content {
        Some(Record {
            act: Act::Footage(manifest),
            signed_at,
            ..
        }) => {
            known = clip::check(
                folder,
                &mut findings,
                &mut expected,
                manifest,
                receipt.content.as_ref(),
            );
            if let Some(camera) = clip::check_camera(files, &mut findings, &mut expected, manifest) {
                let anchors = [anchors.everyone, anchors.cameras].concat();
                let named = (CAMERA, &camera);
                let question = Question::CameraSigner;
                let at = signed_at.utc;
                authorities.judge(&mut findings, question, named, Profile::Camera, at, &anchors);
            }
            let judges = (&mut authorities, anchors);
            custody::check(files, &mut findings, &mut expected, judges, manifest, &record);
            Subject::Clip
        }
        Some(content) => {
            document::check(
                files,
                &mut findings,
                &mut expected,
                content,
                record.certificate.as_ref(),
            );
            Subject::Record
        }
        None => {
            let of_clip = |name: &str| name == CAMERA_CHAIN || is_footage(name);
            expected.any_evidence(folder);
            if folder.names().any(of_clip) {
                Subject::Clip
            } else {
                Subject::Record
            }
        }
    };
    authorities.check_idle(&mut findings, Question::RecordSigner);
    expected.check(folder, known, &mut findings);
    findings.report(subject)
}

/// A folder as it is checked: what is in memory, and what need not be.
#[derive(Clone, Copy)]
pub(super) struct Folder<'a> {
    pub(super) files: &'a Files,
    pub(super) large: &'a Large<'a>,
}

impl<'a> Folder<'a> {
    /// Every name, each once, in no order.
    fn names(self) -> impl Iterator<Item = &'a str> {
        let beside = self.large.keys().filter(|name| !self.files.contains_key(*name));
        self.files.keys().chain(beside).map(String::as_str)
    }

    fn contains(self, name: &str) -> bool {
        self.files.contains_key(name) || self.large.contains_key(name)
    }

    pub(super) fn open(self, name: &str) -> Option<&'a dyn Bytes> {
        let held = self.files.get(name).map(|bytes| bytes as &dyn Bytes);
        held.or_else(|| self.large.get(name).copied())
    }
}

/// The names that a folder must and may hold.
pub(super) struct Expected {
    pub(super) needed: BTreeSet<String>,
    pub(super) allowed: BTreeSet<String>,
}

impl Expected {
    pub(super) fn new<const N: usize>(needed: [&str; N]) -> Self {
        Self {
            needed: needed.map(str::to_owned).into(),
            allowed: BTreeSet::new(),
        }
    }

    /// Without a readable record nobody knows which evidence belongs to it.
    fn any_evidence(&mut self, folder: Folder<'_>) {
        let evidence = [DOCUMENT, CAMERA_CHAIN, CAMERA];
        let known = |name: &&str| {
            let mut inside = ENCLOSED.iter().chain([&CUSTODY]);
            evidence.contains(name) || is_footage(name) || inside.any(|folder| name.starts_with(folder))
        };
        self.allowed
            .extend(folder.names().filter(known).map(str::to_owned));
    }

    /// Names what is missing and what is too many, and holds the list of sums against everything else.
    /// `known` are the digests of files that were read already.
    pub(super) fn check(
        &self,
        folder: Folder<'_>,
        mut known: BTreeMap<String, Digest>,
        findings: &mut Findings,
    ) {
        let is_missing = |name: &str| self.needed.contains(name) && !folder.contains(name);
        let is_extra = |name: &str| !self.needed.contains(name) && !self.allowed.contains(name);
        for file in self.needed.iter().filter(|name| is_missing(name)) {
            findings.fault(Question::Files, Fault::FileMissing { file: file.clone() });
        }
        let mut extra: Vec<&str> = folder.names().filter(|name| is_extra(name)).collect();
        extra.sort_unstable();
        for file in extra {
            let file = file.to_owned();
            findings.fault(Question::Files, Fault::FileUnexpected { file });
        }
        findings.held(Question::Files);
        if let Some(listed) = folder.files.get(SUMS) {
            for (name, bytes) in folder.large {
                if !known.contains_key(name)
                    && let Ok((digest, _)) = digest_of(*bytes, |_| ())
                {
                    known.insert(name.clone(), digest);
                }
            }
            let listed = String::from_utf8_lossy(listed);
            let computed = sums_with(folder.files, known);
            // What is missing or too many is told above, whatever the list says of it.
            let told = |name: &str| is_missing(name) || (is_extra(name) && folder.contains(name));
            let counts = |line: &&str| !told(file_of(line));
            let listed: Vec<&str> = listed.split_inclusive('\n').filter(counts).collect();
            let computed: Vec<&str> = computed.split_inclusive('\n').filter(counts).collect();
            for line in computed.iter().filter(|line| !listed.contains(line)) {
                let file = file_of(line).to_owned();
                findings.fault(Question::Copies, Fault::SumDiffers { file });
            }
            let same = listed.len() == computed.len() && listed.is_sorted_by_key(|line| file_of(line));
            let file = SUMS.to_owned();
            findings.check(Question::Copies, same, Fault::FileChanged { file });
        }
    }
}

/// The name in a line of the list of sums.
fn file_of(line: &str) -> &str {
    line.trim_end_matches('\n')
        .split_once("  ")
        .map_or("", |(_, name)| name)
}

/// Compares what can be computed from the signed messages with what is there.
pub(super) fn check_copies<'a>(
    files: &Files,
    findings: &mut Findings,
    expected: &mut Expected,
    messages: impl IntoIterator<Item = (Message, &'a Option<Signed>)>,
) {
    let mut computed = Files::new();
    let mut complete = true;
    for (message, signed) in messages {
        if let Some(copies) = signed.as_ref().and_then(|signed| message.copies(signed)) {
            expected.needed.extend(copies.keys().cloned());
            computed.extend(copies);
        } else {
            expected.allowed.extend(message.copy_names().map(str::to_owned));
            complete = false;
        }
    }
    for (file, bytes) in computed {
        let same = files.get(&file).is_none_or(|found| *found == bytes);
        findings.check(Question::Copies, same, Fault::FileChanged { file });
    }
    if complete {
        findings.held(Question::Copies);
    }
}

fn claim(findings: &mut Findings, record: &Read<Record>, receipt: &Read<Receipt>) {
    for limit in [
        Limit::Revocation,
        Limit::TerminalClock,
        Limit::SealedCopy,
        Limit::Truth,
    ] {
        findings.limit(limit);
    }
    findings.claims.received_at = receipt.content.as_ref().map(|receipt| receipt.at);
    let (Some(content), Some(sha256)) = (&record.content, record.digest) else {
        return;
    };
    if content.context.formation {
        findings.limit(Limit::Formation);
    }
    let in_file = |signed: &Signed| signed.protection == Some(trust::keys::KeyProtection::File);
    if record.signed.as_ref().is_some_and(in_file) {
        findings.limit(Limit::KeyInFile);
    }
    findings.claims.record = Some(RecordClaims {
        act: content.id,
        kind: content.act.kind(),
        number: content.number,
        device: content.context.device.clone(),
        officer: content.context.author.id,
        protection: content.context.protection,
        signed_at: content.signed_at,
        sha256,
    });
}
