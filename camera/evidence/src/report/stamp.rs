//! HQ's time-stamp token over the record (RFC 3161): what it is over, who gave it, and when.

use domain::envelope::Receipt;
use domain::record::Record;
use domain::{Digest, UnixMs};
use trust::cert::Profile;
use trust::stamp;

use super::delivery::{CLOCK_TOLERANCE, Read};
use super::findings::Findings;
use super::folder::Expected;
use super::signers::{Authorities, unreadable};
use super::{Anchors, Fault, Limit, Question};
use crate::folder::{Files, STAMP};

/// A folder without a token is of a record that HQ stored before it gave any: told, and no fault.
pub(super) fn check(
    files: &Files,
    findings: &mut Findings,
    expected: &mut Expected,
    authorities: &mut Authorities,
    anchors: Anchors<'_>,
    (record, receipt): (&Read<Record>, &Read<Receipt>),
) {
    let Some(response) = files.get(STAMP) else {
        findings.limit(Limit::NoStamp);
        return;
    };
    expected.allowed.insert(STAMP.to_owned());
    findings.ask(&[Question::Stamp]);
    let read = stamp::read(response).ok_or_else(|| unreadable(STAMP));
    let Some(stamp) = findings.take(Question::Stamp, read) else {
        return;
    };
    let at = UnixMs(stamp.at_unix_ms);
    findings.claims.stamped_at = Some(at);
    findings.check(Question::Stamp, stamp.is_signed(), Fault::StampSignature);
    let Some(digest) = record.digest else { return };
    let same = Digest::from_bytes(stamp.imprint.0) == digest;
    findings.check(Question::Stamp, same, Fault::StampRecord);
    if let (Some(record), Some(receipt)) = (&record.content, &receipt.content) {
        let early = record.signed_at.utc.plus(-CLOCK_TOLERANCE);
        let late = receipt.at.plus(CLOCK_TOLERANCE);
        findings.check(Question::Stamp, (early..=late).contains(&at), Fault::StampMoment);
        let named = (STAMP, &stamp.signer);
        authorities.judge(
            findings,
            Question::Stamp,
            named,
            Profile::TimeStamp,
            at,
            anchors.everyone,
        );
    }
}
