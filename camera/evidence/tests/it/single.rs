//! Files that come by themselves: a signed PDF, and what carries no signature and therefore is never ok.

use evidence::report::{Outcome, Subject, verify_file};
use proptest::prelude::*;

use crate::fixture::{World, document, video};

fn check(world: &World, bytes: &[u8]) -> (Subject, Outcome) {
    let report = verify_file(bytes, std::slice::from_ref(&world.root), &[]);
    (report.subject, report.outcome())
}

#[test]
fn a_signed_pdf_is_ok_and_a_changed_or_longer_one_is_tampered() {
    let world = World::new();
    let pdf = world.signed_document();
    assert_eq!(check(&world, &pdf), (Subject::Document, Outcome::Ok));
    let mut changed = pdf.clone();
    changed[40] ^= 1;
    assert_eq!(check(&world, &changed).1, Outcome::Tampered);
    let longer = [pdf.as_slice(), b"\n"].concat();
    assert_eq!(check(&world, &longer).1, Outcome::Tampered);
    assert_eq!(check(&World::new(), &pdf).1, Outcome::Untrusted);
}

#[test]
fn what_carries_no_signature_is_incomplete() {
    let world = World::new();
    assert_eq!(
        check(&world, &document()),
        (Subject::Document, Outcome::Incomplete)
    );
    assert_eq!(check(&world, &video()), (Subject::Video, Outcome::Incomplete));
    assert_eq!(
        check(&world, &[0, 0, 0, 1, 0x67, 0x42]),
        (Subject::Video, Outcome::Incomplete)
    );
}

#[test]
fn what_is_neither_document_nor_whole_video_is_unreadable() {
    let world = World::new();
    let video = video();
    assert_eq!(
        check(&world, &video[..video.len() - 1]),
        (Subject::Video, Outcome::Unreadable)
    );
    for bytes in [b"".as_slice(), b"hello", b"%PDF"] {
        assert_eq!(check(&world, bytes), (Subject::Unknown, Outcome::Unreadable));
    }
}

proptest! {
    #[test]
    fn random_bytes_are_never_ok(kind in 0..3_usize, bytes in prop::collection::vec(any::<u8>(), 0..400)) {
        let start = [b"%PDF-1.7\n".as_slice(), b"\0\0\0\x08ftyp", b""][kind];
        let bytes = [start, bytes.as_slice()].concat();
        prop_assert_ne!(verify_file(&bytes, &[], &[]).outcome(), Outcome::Ok);
    }
}
