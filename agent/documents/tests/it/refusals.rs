//! Records that have no document, each with its reason.

use documents::{DocumentError, HandoffError, MAX_RECORD, handoff, recepisse, render};
use domain::footage::{CameraChain, Manifest};
use domain::natinf::{Natinf, ReferenceSet, ReferenceVersion};
use domain::record::{Act, Record};
use domain::{CameraId, ClipId, Digest, UnixMs};

use crate::acts::{check, of_check, of_pv, pv, record};
use crate::roadside::{natinf, of_pve, pve};

fn refused(record: &Record) -> DocumentError {
    render(record, &ReferenceSet::embedded()).unwrap_err()
}

#[test]
fn footage_has_no_document_and_is_not_handed_over_as_an_act() {
    let nothing = Digest::of(b"");
    let manifest = Manifest {
        clip: ClipId::from_bytes([9; 16]),
        camera: CameraId::parse("cam-000001").unwrap(),
        camera_certificate: nothing,
        pairing: nothing,
        started: UnixMs(0),
        ended: UnixMs(1),
        bytes: 0,
        whole: nothing,
        root: nothing,
        segments: Vec::new(),
        chain: CameraChain::Complete,
        chain_digest: nothing,
    };
    let footage = record(Act::Footage(Box::new(manifest)));
    assert!(render(&footage, &ReferenceSet::embedded()).unwrap().is_none());
    assert_eq!(
        handoff(&footage, &ReferenceSet::embedded()),
        Err(HandoffError::Footage)
    );
}

#[test]
fn only_a_complaint_has_a_recepisse() {
    let refused = recepisse(&of_check(check()), &ReferenceSet::embedded());
    assert!(matches!(refused, Err(DocumentError::NotAPlainte)));
}

#[test]
fn an_act_without_number_is_not_printed() {
    let mut record = of_check(check());
    record.number = None;
    assert!(matches!(refused(&record), DocumentError::Unnumbered));
}

#[test]
fn an_act_is_printed_with_the_reference_set_it_was_drawn_up_with() {
    let mut record = of_check(check());
    record.reference = ReferenceVersion("2025-01".to_owned());
    assert!(matches!(refused(&record), DocumentError::OtherReference { used, .. } if used == "2025-01"));
}

#[test]
fn an_offence_that_the_set_does_not_hold_is_named() {
    let unknown = Natinf::parse("99999").unwrap();
    let mut pv = pv(&["Constatons un feu éteint."]);
    pv.offences.push(unknown);
    assert!(matches!(refused(&of_pv(pv)), DocumentError::UnknownOffence { natinf } if natinf == unknown));
}

#[test]
fn an_offence_that_was_none_on_its_day_is_named() {
    let mut act = pve();
    let outdated = natinf("6166");
    act.offences[0].natinf = outdated;
    assert!(matches!(refused(&of_pve(act)), DocumentError::UnknownOffence { natinf } if natinf == outdated));
}

#[test]
fn a_record_larger_than_an_act_can_be_is_refused() {
    let text = "mot ".repeat(MAX_RECORD / 4);
    assert!(matches!(
        refused(&of_pv(pv(&[&text]))),
        DocumentError::TooLong { .. }
    ));
}
