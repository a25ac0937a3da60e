//! The statements on a recording: each signature, each signer, and the chain from the manifest's record on.

use domain::canonical::{self, Digest};
use domain::footage::Manifest;
use domain::footage::custody::Chain;
use domain::record::{Act, CONTENT_TYPE, Record};
use trust::cert::{Holder, Profile};
use trust::cose::{self, Namespace};

use super::delivery::Read;
use super::findings::Findings;
use super::folder::Expected;
use super::signers::{self, Authorities, unreadable};
use super::{Anchors, Fault, Limit, Link, Question};
use crate::custody::{CUSTODY, cose_file, signer_file};
use crate::folder::Files;

/// Checks every statement that the folder holds; a folder without any raises no question.
pub(super) fn check(
    files: &Files,
    findings: &mut Findings,
    expected: &mut Expected,
    (authorities, anchors): (&mut Authorities, Anchors<'_>),
    manifest: &Manifest,
    record: &Read<Record>,
) {
    let held = files.keys().filter(|name| name.starts_with(CUSTODY));
    let places = u32::try_from(held.filter(|name| name.ends_with(".cose")).count()).unwrap_or(u32::MAX);
    let (Some(taken_in), Some(digest)) = (&record.content, record.digest) else {
        return;
    };
    if places == 0 {
        return;
    }
    findings.ask(&[Question::Custody, Question::CustodySigner]);
    // Whether more was said after the last one here, only headquarters knows.
    findings.limit(Limit::LaterCustody);
    let mut chain = Chain::of_manifest(manifest, digest);
    let mut whole = true;
    for place in 1..=places {
        expected.needed.extend([cose_file(place), signer_file(place)]);
        let statement = one(files, findings, place);
        let (Some((content, signed, digest)), Some(signer)) = (
            statement,
            signers::read(files, findings, Question::CustodySigner, &signer_file(place)),
        ) else {
            whole = false;
            continue;
        };
        let verified = cose::verify(&signed, Namespace::Record, &signer);
        let verified = verified.map_err(|source| Fault::Signature {
            file: cose_file(place),
            source,
        });
        let author = &content.context.author;
        let mut holds = findings.take(Question::Custody, verified).is_some();
        let mut same = |is_same: bool, link: Link| {
            findings.check(Question::Custody, is_same, Fault::Link(link));
            holds &= is_same;
        };
        same(signed.content_type == CONTENT_TYPE, Link::ContentType);
        same(signed.formation == content.context.formation, Link::Formation);
        let holder = Holder::Agent(author.id.to_string());
        same(signer.holder() == Some(&holder), Link::CustodyHolder);
        same(author.id == taken_in.context.author.id, Link::CustodyAuthor);
        let Act::Custody(custody) = &content.act else {
            findings.fault(Question::Custody, unreadable(&cose_file(place)));
            whole = false;
            continue;
        };
        let taken = chain.take(custody, digest).map_err(Fault::Custody);
        holds &= findings.take(Question::Custody, taken).is_some();
        let named = (signer_file(place), content.signed_at.utc);
        let judged = (named.0.as_str(), &signer);
        let question = Question::CustodySigner;
        authorities.judge(
            findings,
            question,
            judged,
            Profile::Officer,
            named.1,
            anchors.everyone,
        );
        whole &= holds;
    }
    if whole {
        findings.held(Question::Custody);
    }
    findings.claims.custody = chain.length();
}

fn one(files: &Files, findings: &mut Findings, place: u32) -> Option<(Record, cose::Signed, Digest)> {
    let file = cose_file(place);
    let bytes = files.get(&file)?;
    let question = Question::Custody;
    let signed = findings.take(question, cose::parse(bytes).map_err(|_| unreadable(&file)))?;
    let content = canonical::decode::<Record>(&signed.payload).map_err(|_| unreadable(&file));
    let content = findings.take(question, content)?;
    findings.check(question, content.version == 1, Fault::UnknownVersion { file });
    (content.version == 1).then(|| (content, signed, Digest::of(bytes)))
}
