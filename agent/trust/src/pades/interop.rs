//! Signed documents as other programs see them.

use super::tests::{Signer, document};
use super::*;
use crate::fixture::run;

/// Written by typst 0.15.1 as PDF/A-2a and PDF/UA-1: two pages, a link, a table.
const TYPESET: &[u8] = include_bytes!("../../fixtures/typst-0.15-a2a-ua1.pdf");

#[test]
fn qpdf_and_pdfsig_accept_signed_documents() {
    let signer = Signer::new();
    let dir = tempfile::tempdir().unwrap();
    let look = |tool: &str, package: &str, option: &str| {
        let output = run(tool, package, &[option, "signed.pdf"], dir.path());
        let text = [output.stdout, output.stderr].concat();
        (
            output.status.success(),
            String::from_utf8_lossy(&text).into_owned(),
        )
    };
    for pdf in [
        document("", ""),
        document("/Annots 6 0 R/Tabs /S", ""),
        TYPESET.to_vec(),
    ] {
        std::fs::write(dir.path().join("signed.pdf"), signer.sign(&pdf).unwrap()).unwrap();
        let (accepted, output) = look("qpdf", "qpdf", "--check");
        assert!(accepted && !output.contains("WARNING"), "{output}");
        let (_, output) = look("pdfsig", "poppler-utils", "-nocert");
        assert!(output.contains("Signature is Valid."), "{output}");
        assert!(output.contains("Signature Type: ETSI.CAdES.detached"), "{output}");
        assert!(output.contains("Total document signed"), "{output}");
        assert!(
            output.contains("Signer Certificate Common Name: a7f3"),
            "{output}"
        );
    }
}

#[test]
fn a_typeset_document_is_signed_and_verifies() {
    let report = verify(&Signer::new().sign(TYPESET).unwrap()).unwrap();
    assert_eq!(report.base_len, TYPESET.len());
    assert_eq!((report.integrity, report.signature), (Verdict::Ok, Verdict::Ok));
}

#[test]
fn openssl_accepts_the_signature() {
    let signer = Signer::new();
    let signed = signer.sign(&document("", "")).unwrap();
    let found = update::find(&signed).unwrap();
    let dir = tempfile::tempdir().unwrap();
    let cms = Cms::decode(&found.contents).unwrap().encode();
    std::fs::write(dir.path().join("signature.der"), cms).unwrap();
    std::fs::write(dir.path().join("covered"), found.covered(&signed).concat()).unwrap();
    std::fs::write(dir.path().join("root.pem"), signer.pki.root.to_pem()).unwrap();
    let arguments = [
        "cms",
        "-verify",
        "-binary",
        "-cades",
        "-inform",
        "DER",
        "-in",
        "signature.der",
        "-content",
        "covered",
        "-CAfile",
        "root.pem",
        "-purpose",
        "any",
        "-no_check_time",
        "-out",
        "content",
    ];
    let verified = run("openssl", "openssl", &arguments, dir.path());
    assert!(
        verified.status.success(),
        "{}",
        String::from_utf8_lossy(&verified.stderr)
    );
}
