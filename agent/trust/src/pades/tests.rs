//! Documents as they are signed, checked, damaged, and seen by qpdf and pdfsig.

use proptest::prelude::*;

use super::*;
use crate::cert::Profile;
use crate::fixture::{Leaf, Pki};

const TIME: &str = "D:20261121130000+01'00'";

/// A one-page document in the style of the typesetter: binary comment, tagged page, identifiers.
pub(super) fn document(page: &str, catalog: &str) -> Vec<u8> {
    let objects = [
        format!("<</Type /Catalog/Pages 2 0 R{catalog}>>"),
        "<< /Type /Pages /Kids [3 0 R] /Count 1 >>".to_owned(),
        format!("<</Type /Page/Parent 2 0 R/MediaBox [0 0 200 200]/Contents 4 0 R/Resources <<>>{page}>>"),
        "<</Length 14>>\nstream\n0 0 m 9 9 l S \nendstream".to_owned(),
        "<</Title (PV \\(1\\) [draft] <<)/Producer <feff0041>>>".to_owned(),
        "[7 0 R]".to_owned(),
        "<</Type /Annot/Subtype /Link/Rect [0 0 9 9]/F 4/Border [0 0 0]>>".to_owned(),
    ];
    let mut pdf = b"%PDF-1.7\n%\x80\x80\x80\x80\n".to_vec();
    let mut table = format!("xref\n0 {}\n0000000000 65535 f\r\n", objects.len() + 1);
    for (index, object) in objects.iter().enumerate() {
        table += &format!("{:010} 00000 n\r\n", pdf.len());
        pdf.extend(format!("{} 0 obj\n{object}\nendobj\n", index + 1).bytes());
    }
    let start = pdf.len();
    pdf.extend(table.bytes());
    let trailer = "trailer\n<</Size 8/Root 1 0 R/Info 5 0 R/ID [(abc\\)d) <00ff>]>>";
    pdf.extend(format!("{trailer}\nstartxref\n{start}\n%%EOF").bytes());
    pdf
}

/// The document with one text after its cross-reference table replaced.
fn replaced(from: &str, to: &str) -> Vec<u8> {
    let mut pdf = document("", "");
    let place = pdf
        .windows(from.len())
        .rposition(|window| window == from.as_bytes())
        .unwrap();
    pdf.splice(place..place + from.len(), to.bytes());
    pdf
}

pub(super) struct Signer {
    pub(super) pki: Pki,
    pub(super) officer: Leaf,
}

impl Signer {
    pub(super) fn new() -> Self {
        let pki = Pki::new();
        let officer = pki.leaf(Profile::Officer);
        Signer { pki, officer }
    }

    fn chain(&self) -> Vec<Certificate> {
        vec![
            self.officer.certificate.clone(),
            self.pki.issuing.clone(),
            self.pki.root.clone(),
        ]
    }

    pub(super) fn sign(&self, pdf: &[u8]) -> Result<Vec<u8>, PadesError> {
        let chain = self.chain();
        let meta = SignatureMeta {
            reason: Some("Procès-verbal"),
            location: Some("Nîmes"),
            signing_time: TIME,
            chain: &chain,
        };
        sign(pdf, &meta, &self.officer.key)
    }
}

fn holds(pdf: &[u8]) -> bool {
    verify(pdf)
        .is_ok_and(|report| report.integrity.is_ok() && report.signature.is_ok() && report.covers_whole_file)
}

#[test]
fn a_signed_document_keeps_its_bytes_and_verifies() {
    let signer = Signer::new();
    let pdf = document("", "");
    let signed = signer.sign(&pdf).unwrap();
    assert_eq!(signed[..pdf.len()], pdf);
    let report = verify(&signed).unwrap();
    assert_eq!(report.base_len, pdf.len());
    assert!(report.covers_whole_file);
    assert_eq!((report.integrity, report.signature), (Verdict::Ok, Verdict::Ok));
    assert_eq!(report.certificate, signer.officer.certificate);
    assert_eq!(
        report.issuers,
        [signer.pki.issuing.clone(), signer.pki.root.clone()]
    );
    assert_eq!(report.signing_time, TIME);
}

#[test]
fn a_card_signs_in_two_steps() {
    let signer = Signer::new();
    let chain = signer.chain();
    let meta = SignatureMeta {
        reason: None,
        location: None,
        signing_time: "D:20261121120000Z",
        chain: &chain,
    };
    let pdf = document("/Tabs /S", "");
    let prepared = prepare(&pdf, &meta).unwrap();
    let signature = signer.officer.key.sign(prepared.to_be_signed());
    let signature = crate::keys::ecdsa_to_der(&signature).unwrap();
    assert_eq!(
        prepared.finish(&signature).unwrap(),
        sign(&pdf, &meta, &signer.officer.key).unwrap()
    );
    let other = SigningKey::generate(KeyKind::P256);
    let wrong = prepare(&pdf, &meta).unwrap();
    let signature = other.sign_der(wrong.to_be_signed());
    assert_eq!(wrong.finish(&signature).err(), Some(PadesError::BadSignature));
}

#[test]
fn no_changed_byte_of_a_signed_document_holds() {
    let signer = Signer::new();
    let signed = signer.sign(&document("", "")).unwrap();
    assert!(holds(&signed));
    for at in 0..signed.len() {
        // Far inside the zeros that follow the signature, every byte is like the next.
        if signed[at - at.min(40)..at].iter().all(|byte| *byte == b'0') && at > 40 && at % 61 != 0 {
            continue;
        }
        let mut changed = signed.clone();
        changed[at] ^= 1 << (at % 8);
        assert!(!holds(&changed), "byte {at}");
    }
}

#[test]
fn an_altered_document_and_a_forged_signature_are_told_apart() {
    let signer = Signer::new();
    let signed = signer.sign(&document("", "")).unwrap();
    let mut altered = signed.clone();
    let place = altered
        .windows(7)
        .position(|window| window == b"9 9 l S")
        .unwrap();
    altered[place] = b'8';
    let report = verify(&altered).unwrap();
    assert_eq!(report.integrity, Verdict::Failed(PadesFault::Altered));
    assert_eq!(report.signature, Verdict::Ok);
    // The signature of another document by the same officer, in a file that is otherwise untouched.
    let other = signer.sign(&document("/Rotate 90", "")).unwrap();
    let digits = |pdf: &[u8]| {
        pdf.windows(11)
            .position(|window| window == b"/Contents <")
            .unwrap()
            + 11
    };
    let (to, from) = (digits(&signed), digits(&other));
    let mut swapped = signed.clone();
    swapped[to..to + 12_288].copy_from_slice(&other[from..from + 12_288]);
    assert_eq!(
        verify(&swapped).unwrap().integrity,
        Verdict::Failed(PadesFault::Altered)
    );
}

#[test]
fn bytes_after_the_signature_are_seen() {
    let signer = Signer::new();
    let signed = signer.sign(&document("", "")).unwrap();
    let longer = [signed.as_slice(), b"\n"].concat();
    let report = verify(&longer).unwrap();
    assert!(!report.covers_whole_file);
    assert_eq!(report.integrity, Verdict::Failed(PadesFault::NotCovered));
    // A later update that replaces the page, as an attack on the reader's trust in the signature would.
    let previous = pdf::start_xref(&signed).unwrap();
    let mut update = signed.clone();
    let page = update.len();
    update.extend(b"3 0 obj\n<</Type /Page/Parent 2 0 R>>\nendobj\n");
    let start = update.len();
    update.extend(format!("xref\n3 1\n{page:010} 00000 n \ntrailer\n<</Size 10/Root 1 0 R/Prev {previous}>>\nstartxref\n{start}\n%%EOF\n").bytes());
    assert_eq!(verify(&update).err(), Some(PadesError::ChangedAfterSigning));
    assert_eq!(signer.sign(&signed).err(), Some(PadesError::HasForm));
}

#[test]
fn a_signed_update_that_changes_the_page_is_not_only_a_signature() {
    let signer = Signer::new();
    let (shown, hidden) = (document("", ""), document("/Rotate 90", ""));
    // The officer's own key signs an update whose page is not that of the document before it.
    let texts = Texts::new(TIME, None, None).unwrap();
    let forged = Layout::new(&shown, &texts).unwrap();
    let place = |pdf: &[u8]| {
        pdf.windows(13)
            .rposition(|window| window == b"/Resources <<")
            .unwrap()
    };
    let mut bytes = [
        forged.covered()[0],
        b"<",
        &[b'0'; 12_288],
        b">",
        forged.covered()[1],
    ]
    .concat();
    let page = place(&bytes);
    bytes[page..page + 15].copy_from_slice(b"/Resource2 <<>>");
    let digits = bytes
        .windows(11)
        .position(|window| window == b"/Contents <")
        .unwrap()
        + 11;
    let message_digest = digest([&bytes[..digits - 1], &bytes[digits + 12_289..]]);
    let attributes = cms::signed_attributes(&message_digest, &signer.chain());
    let signature = signer.officer.key.sign_der(&attributes);
    let der = Cms {
        chain: signer.chain(),
        message_digest,
        signature,
    }
    .encode();
    let hexadecimal: String = der.iter().map(|byte| format!("{byte:02x}")).collect();
    bytes[digits..digits + hexadecimal.len()].copy_from_slice(hexadecimal.as_bytes());
    let report = verify(&bytes).unwrap();
    assert_eq!(report.integrity, Verdict::Failed(PadesFault::MoreThanASignature));
    assert_eq!(report.signature, Verdict::Ok);
    assert_ne!(shown, hidden);
}

#[test]
fn existing_annotations_stay_whether_direct_or_referred_to() {
    let signer = Signer::new();
    for page in ["/Annots [7 0 R]", "/Annots 6 0 R"] {
        let signed = signer.sign(&document(page, "")).unwrap();
        assert!(holds(&signed));
        let kept = b"/Annots [7 0 R 8 0 R]";
        assert!(signed.windows(kept.len()).any(|window| window == kept));
    }
}

#[test]
fn what_is_not_signed_here_is_refused_with_its_reason() {
    let signer = Signer::new();
    let refuse = |pdf: &[u8]| signer.sign(pdf).err();
    assert_eq!(refuse(b""), Some(PadesError::NotAPdf));
    assert_eq!(
        refuse(b"%PDF-1.7\nstartxref\n9\n%%EOF"),
        Some(PadesError::NotAPdf)
    );
    assert_eq!(
        refuse(b"%PDF-1.7\n5 0 obj\n<</Type /XRef>>\nstartxref\n9\n%%EOF"),
        Some(PadesError::CrossReferenceStream)
    );
    assert_eq!(refuse(&document("", "/AcroForm <<>>")), Some(PadesError::HasForm));
    assert_eq!(
        refuse(&replaced("/Info 5 0 R", "/Encrypt 5 0 R")),
        Some(PadesError::Encrypted)
    );
    assert_eq!(
        refuse(&replaced("/Info 5 0 R", "/XRefStm 9")),
        Some(PadesError::CrossReferenceStream)
    );
    assert_eq!(
        refuse(&replaced("/Root 1 0 R", "/Root 2 0 R")),
        Some(PadesError::NotAPdf)
    );
    let start = pdf::start_xref(&document("", "")).unwrap();
    let circular = replaced("/Info 5 0 R", &format!("/Prev {start}"));
    assert_eq!(refuse(&circular), Some(PadesError::NotAPdf));
    assert_eq!(verify(&document("", "")).err(), Some(PadesError::NotSigned));
}

#[test]
fn times_texts_and_chains_that_are_none_are_refused() {
    let signer = Signer::new();
    let chain = signer.chain();
    let pdf = document("", "");
    let good = SignatureMeta {
        reason: None,
        location: None,
        signing_time: TIME,
        chain: &chain,
    };
    for time in [
        "",
        "20261121",
        "D:2026112113000",
        "D:20261321130000Z",
        "D:20261121130000+01:00",
        "D:20261121130000)",
    ] {
        let meta = SignatureMeta {
            signing_time: time,
            ..good
        };
        assert_eq!(
            prepare(&pdf, &meta).err(),
            Some(PadesError::SigningTime),
            "{time}"
        );
    }
    let long = "x".repeat(201);
    for reason in ["", long.as_str()] {
        assert_eq!(
            prepare(
                &pdf,
                &SignatureMeta {
                    reason: Some(reason),
                    ..good
                }
            )
            .err(),
            Some(PadesError::Text)
        );
    }
    let hq = [signer.pki.leaf(Profile::HqReceipt).certificate];
    for chain in [
        &[][..],
        &hq,
        &[
            chain[0].clone(),
            chain[1].clone(),
            chain[2].clone(),
            chain[1].clone(),
            chain[2].clone(),
        ],
    ] {
        assert_eq!(
            prepare(&pdf, &SignatureMeta { chain, ..good }).err(),
            Some(PadesError::Chain)
        );
    }
}

proptest! {
    #[test]
    fn random_bytes_never_panic(bytes in prop::collection::vec(any::<u8>(), 0..300)) {
        prop_assert!(verify(&bytes).is_err());
        let texts = Texts::new(TIME, None, None).unwrap();
        prop_assert!(Layout::new(&bytes, &texts).is_err());
        let _ = Cms::decode(&bytes).is_none();
    }

    #[test]
    fn a_document_with_a_piece_replaced_never_panics(
        at in 0_usize..2000, piece in prop::sample::select(vec!["[", "<<", "(", ">>", "999999999999", "4294967295 0 R", "/", "%", "trailer", "\0"])
    ) {
        let mut pdf = document("/Annots 6 0 R", "");
        let at = at % pdf.len();
        let end = (at + piece.len()).min(pdf.len());
        pdf.splice(at..end, piece.bytes());
        let texts = Texts::new(TIME, None, None).unwrap();
        let _ = Layout::new(&pdf, &texts);
        let nested = document(&format!("/X {}", "[".repeat(5000)), "");
        prop_assert!(Layout::new(&nested, &texts).is_err());
    }
}
