//! A root and an issuing authority under it, as headquarters' PKI makes them.

use c2pa_export::{ClaimSigner, ClaimSignerError};
use domain::UnixMs;
use trust::cert::{Certificate, Claims, Profile, Request, issue, random_serial, self_signed_root};
use trust::keys::{KeyKind, SigningKey};

/// 2026-01-01T00:00:00Z.
pub(crate) const NEW_YEAR: UnixMs = UnixMs(1_767_225_600_000);
/// The library judges by today's date, so that what is to be valid lasts for long.
const CENTURY: i64 = 36_500 * UnixMs::DAY;

pub(crate) struct Authority {
    pub(crate) root: Certificate,
    pub(crate) issuing: Certificate,
    key: SigningKey,
}

impl Authority {
    pub(crate) fn new() -> Self {
        Self::until(NEW_YEAR.plus(CENTURY))
    }

    /// The issuing authority ended at New Year.
    pub(crate) fn expired() -> Self {
        Self::until(NEW_YEAR)
    }

    fn until(last: UnixMs) -> Self {
        let first = NEW_YEAR.plus(-900 * UnixMs::DAY).0;
        let root_key = SigningKey::generate(KeyKind::P384);
        let root_until = NEW_YEAR.plus(CENTURY).0;
        let root = self_signed_root("neo2-root", &root_key, &random_serial(), first, root_until).unwrap();
        let key = SigningKey::generate(KeyKind::P256);
        let request = Request {
            profile: Profile::Issuing,
            common_name: "neo2-issuing",
            public_key: &key.public(),
            names: &[],
            claims: &Claims::default(),
            serial: &random_serial(),
            not_before_unix_ms: first,
            not_after_unix_ms: last.0,
        };
        let issuing = issue(&request, &root_key, &root).unwrap();
        Self { root, issuing, key }
    }

    pub(crate) fn anchors(&self) -> Vec<Certificate> {
        vec![self.root.clone()]
    }

    pub(crate) fn issuing_key(&self) -> String {
        self.key.to_pkcs8_pem().to_string()
    }

    pub(crate) fn claim_signer(&self, now: UnixMs) -> Result<ClaimSigner, ClaimSignerError> {
        ClaimSigner::issue(&self.issuing, &self.issuing_key(), now)
    }
}
