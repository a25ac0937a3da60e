//! Records that have no document, each with its reason.

use std::collections::BTreeMap;

use documents::{
    DocumentError, Enclosures, HandoffError, Hands, MAX_RECORD, PagesError, handoff, pages, recepisse, render,
};
use domain::footage::{CameraChain, Manifest};
use domain::natinf::{Natinf, ReferenceSet, ReferenceVersion};
use domain::note::{Note, NotePurpose};
use domain::photo::Photo;
use domain::pv::Pv;
use domain::record::{Act, Record};
use domain::{CameraId, ClipId, Digest, UnixMs};

use crate::acts::{at, check, of_check, of_pv, place, pv, record};
use crate::enclosed::{photo, pictures, taken};
use crate::procedure::hearing_of_a_witness;
use crate::roadside::{natinf, of_pve, pve};

fn refused(record: &Record) -> DocumentError {
    render(record, &ReferenceSet::embedded(), &Enclosures::default()).unwrap_err()
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
        video: None,
        events: None,
        assigned: None,
        program: None,
    };
    let footage = record(Act::Footage(Box::new(manifest)));
    assert!(
        render(&footage, &ReferenceSet::embedded(), &Enclosures::default())
            .unwrap()
            .is_none()
    );
    assert_eq!(
        handoff(&footage, &ReferenceSet::embedded()),
        Err(HandoffError::Footage)
    );
}

#[test]
fn only_a_complaint_has_a_recepisse() {
    let refused = recepisse(&of_check(check()), &ReferenceSet::embedded(), None);
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

#[test]
fn a_note_has_no_document() {
    let note = Note {
        purpose: NotePurpose::Prevention,
        subject: "rondes de nuit".into(),
        place: place(),
        paragraphs: vec!["Rien à signaler.".into()],
        started: at(0),
    };
    let mut note = record(Act::Note(Box::new(note)));
    note.number = None;
    let drawn = render(&note, &ReferenceSet::embedded(), &Enclosures::default());
    assert!(drawn.unwrap().is_none());
}

fn refused_with(act: Pv, enclosures: &Enclosures<'_>) -> DocumentError {
    render(&of_pv(act), &ReferenceSet::embedded(), enclosures).unwrap_err()
}

#[test]
fn a_photo_that_is_missing_or_is_not_the_one_of_the_act_is_named_by_its_number() {
    let mut act = pv(&["Constatons."]);
    act.photos = vec![photo("un.jpg", at(0)), photo("deux.jpg", at(1))];
    let other = [
        ("un.jpg".to_owned(), taken("un.jpg")),
        ("deux.jpg".to_owned(), taken("trois.jpg")),
    ];
    let enclosures = Enclosures {
        photos: &other,
        ..Enclosures::default()
    };
    assert!(matches!(
        refused_with(act.clone(), &enclosures),
        DocumentError::OtherPhoto { photo: 2 }
    ));
    let nothing = Enclosures::default();
    assert!(matches!(
        refused_with(act, &nothing),
        DocumentError::OtherPhoto { photo: 1 }
    ));
}

#[test]
fn a_photo_that_cannot_be_drawn_is_named_by_its_number() {
    let mut broken = taken("un.png");
    let middle = broken.len() / 2;
    broken[middle..middle + 64].fill(0);
    let mut act = pv(&["Constatons."]);
    act.photos = vec![Photo::of("un.png", &broken, at(0).utc).unwrap()];
    let enclosed = [("un.png".to_owned(), broken)];
    let enclosures = Enclosures {
        photos: &enclosed,
        ..Enclosures::default()
    };
    assert!(matches!(
        refused_with(act, &enclosures),
        DocumentError::BrokenPhoto { photo: 1, .. }
    ));
}

#[test]
fn a_picture_that_is_missing_or_is_not_the_one_that_was_signed_is_refused() {
    let act = hearing_of_a_witness();
    assert!(matches!(
        refused_with(act.clone(), &Enclosures::default()),
        DocumentError::OtherPicture { signer: 0 }
    ));
    let signed = pictures(&of_pv(act.clone()));
    let mut one_more = signed.clone();
    one_more.insert(1, signed[&0].clone());
    let other = BTreeMap::from([(0, taken("autre.png"))]);
    for (pictures, signer) in [(other, 0), (one_more, 1)] {
        let enclosures = Enclosures {
            hands: Hands::Drawn(&pictures),
            ..Enclosures::default()
        };
        let refused = refused_with(act.clone(), &enclosures);
        assert!(matches!(refused, DocumentError::OtherPicture { signer: named } if named == signer));
    }
}

#[test]
fn a_text_that_no_readable_code_holds_is_refused() {
    let text = "A".repeat(2_500);
    let enclosures = Enclosures {
        footer: Some(&text),
        ..Enclosures::default()
    };
    let refused = refused_with(pv(&["Constatons."]), &enclosures);
    assert!(matches!(
        refused,
        DocumentError::FooterTooLong { characters: 2_500 }
    ));
}

#[test]
fn what_is_no_pdf_or_would_be_no_picture_is_not_drawn() {
    let document = crate::pdf::act(&of_check(check()));
    assert!(matches!(
        pages(b"%PDF-1.7\nnothing", 800),
        Err(PagesError::NotAPdf)
    ));
    assert!(matches!(
        pages(&document[..document.len() / 2], 0),
        Err(PagesError::Size { width: 0 })
    ));
    assert!(matches!(
        pages(&document, 100_000),
        Err(PagesError::Size { width: 100_000 })
    ));
}
