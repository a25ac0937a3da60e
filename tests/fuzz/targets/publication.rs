//! A reference set as a file carries it: trusted only as it was signed.
#![no_main]

use std::sync::LazyLock;

use domain::UnixMs;
use domain::natinf::{Reference, ReferenceSet};
use fuzz::raw_or_damaged;
use sync::reference::Contents;
use hq::pki::Pki;
use hq::reference::Publication;
use libfuzzer_sys::fuzz_target;
use trust::cert::Certificate;

const NOON: UnixMs = UnixMs(1_795_262_400_000);

struct Good {
    root: Certificate,
    publication: Publication,
    bytes: Vec<u8>,
}

static GOOD: LazyLock<Good> = LazyLock::new(|| {
    let folder = tempfile::tempdir().expect("a temporary folder can be made");
    let pki = Pki::create(folder.path(), NOON).expect("keys can be made");
    let reference = ReferenceSet::embedded().reference();
    let publication = Publication::sign(&pki, &Contents::Law(reference), 0, NOON).expect("a set can be signed");
    publication.verify(pki.root(), NOON).expect("it holds as it is");
    Good {
        root: pki.root().clone(),
        bytes: publication.to_bytes(),
        publication,
    }
});

fuzz_target!(|input: &[u8]| {
    fuzz::read::<Reference>(input);
    let bytes = raw_or_damaged(&GOOD.bytes, input);
    let Ok(publication) = Publication::from_bytes(&bytes) else {
        return;
    };
    assert_eq!(publication.to_bytes(), bytes);
    let _ = publication.read();
    let trusted = publication.verify(&GOOD.root, NOON).is_ok();
    assert_eq!(
        trusted,
        publication == GOOD.publication,
        "a set that was changed is trusted"
    );
});
