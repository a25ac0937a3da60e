//! The revocation lists of all authorities together, for whoever meets a certificate without a network.

use super::{Certificate, Crl, CrlError, Profile, Revoked, verify_chain};

/// What the lists say of one certificate.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Status<'a> {
    /// No list speaks of it.
    Unknown,
    /// Its authority's list does not name it.
    Good,
    Revoked(&'a Revoked),
}

/// Why a list among others does not count.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum RevocationsError {
    #[error("the certificate of a list's authority does not read")]
    Authority,
    #[error("the root does not vouch for a list's authority")]
    NotVouched,
    #[error("two lists are of one authority")]
    Twice,
    #[error("a list does not read, or its authority did not sign it")]
    List(#[from] CrlError),
}

/// Lists whose signatures hold, one an authority; none before the first arrived.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Revocations {
    lists: Vec<(Certificate, Crl)>,
}

impl Revocations {
    /// Each entry is the DER of an authority, which is `root` or stands directly under it, and of its list.
    ///
    /// The authority's dates are not looked at: a list of an authority that has expired takes nothing away.
    pub fn verify<'a>(
        entries: impl IntoIterator<Item = (&'a [u8], &'a [u8])>,
        root: &Certificate,
    ) -> Result<Self, RevocationsError> {
        let mut lists: Vec<(Certificate, Crl)> = Vec::new();
        for (authority, list) in entries {
            let authority = Certificate::from_der(authority).map_err(|_| RevocationsError::Authority)?;
            if !is_vouched(&authority, root) {
                return Err(RevocationsError::NotVouched);
            }
            if lists.iter().any(|(known, _)| *known == authority) {
                return Err(RevocationsError::Twice);
            }
            let list = Crl::verify(list, &authority)?;
            lists.push((authority, list));
        }
        Ok(Self { lists })
    }

    /// A certificate's serial number counts under the authority that issued it alone.
    pub fn status(&self, certificate: &Certificate) -> Status<'_> {
        let of_issuer = |(authority, _): &&(Certificate, Crl)| certificate.names_as_issuer(authority);
        match self.lists.iter().find(of_issuer) {
            None => Status::Unknown,
            Some((_, list)) => match list.find(certificate.serial()) {
                Some(revoked) => Status::Revoked(revoked),
                None => Status::Good,
            },
        }
    }

    /// When the oldest of the lists was made, Unix milliseconds; none without lists.
    pub fn made(&self) -> Option<i64> {
        self.lists.iter().map(|(_, list)| list.this_update_unix_ms).min()
    }

    /// How many certificates the lists name.
    pub fn len(&self) -> usize {
        self.lists.iter().map(|(_, list)| list.revoked.len()).sum()
    }

    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }
}

fn is_vouched(authority: &Certificate, root: &Certificate) -> bool {
    if authority == root {
        return true;
    }
    let (from, _) = authority.validity_unix_ms();
    verify_chain(authority, &[], std::slice::from_ref(root), Profile::Issuing, from).all_ok()
}
