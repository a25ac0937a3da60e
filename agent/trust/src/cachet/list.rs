//! A trust list put together: from certificates and lists of revoked ones, and from what a published list says.

use domain::UnixMs;
use domain::enrolment::Der;
use domain::identity::Verdict;
use domain::identity::cachet::{Authority, Signer, Standing, TrustList};

use super::certificate::{Outside, OutsideError};

/// No list comes near this many certificates.
pub const MAX_CERTIFICATES: usize = 4_096;

/// Why a list cannot be made.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum ListError {
    #[error("there are more than {MAX_CERTIFICATES} certificates")]
    TooMany,
    #[error("two published lists do not make one; import them apart")]
    TwoPublished,
    #[error("there is no certificate in what was given")]
    Empty,
}

/// What a list is made from, taken up piece by piece.
#[derive(Debug, Default)]
pub struct Gathering {
    published: Option<TrustList>,
    certificates: Vec<Outside>,
    revocations: Vec<Vec<u8>>,
}

impl Gathering {
    /// A list as [`super::tsl::read`] gives it.
    pub fn publish(&mut self, list: TrustList) -> Result<(), ListError> {
        if self.published.replace(list).is_some() {
            return Err(ListError::TwoPublished);
        }
        Ok(())
    }

    /// A certificate of an authority or of a signer, PEM or DER.
    pub fn certificate(&mut self, bytes: &[u8]) -> Result<(), OutsideError> {
        self.certificates.push(Outside::read(bytes)?);
        Ok(())
    }

    /// A list of revoked certificates, DER; whose it is shows in [`Self::list`].
    pub fn revocations(&mut self, der: Vec<u8>) {
        self.revocations.push(der);
    }

    /// The list of all that was taken up. Without a published one, `origin` and `now` are what it says of itself. Of a
    /// certificate that is no authority's, nothing is asked here but that it reads: whether its authority issued it is
    /// judged at every seal.
    pub fn list(self, origin: &str, now: UnixMs) -> Result<TrustList, GatheringError> {
        let mut list = self.published.unwrap_or_else(|| TrustList {
            origin: origin.to_owned(),
            issued: now,
            next_update: None,
            sequence: 0,
            signature: Verdict::NotChecked,
            authorities: Vec::new(),
            signers: Vec::new(),
        });
        for one in self.certificates {
            let certificate = Der(one.der.clone());
            if one.is_authority {
                let is_known = list
                    .authorities
                    .iter()
                    .any(|known| known.certificate == certificate);
                if !is_known {
                    list.authorities.push(Authority {
                        id: one.name,
                        certificate,
                        standing: Standing::Unstated,
                        since: None,
                        revocations: None,
                    });
                }
            } else {
                let (authority, id) = one.seal_names();
                list.signers.push(Signer {
                    authority,
                    id,
                    certificate,
                });
            }
        }
        if list.authorities.len() + list.signers.len() > MAX_CERTIFICATES {
            return Err(ListError::TooMany.into());
        }
        if list.authorities.is_empty() && list.signers.is_empty() {
            return Err(ListError::Empty.into());
        }
        for (position, der) in self.revocations.iter().enumerate() {
            revoke(&mut list, der).map_err(|source| GatheringError::Revocations { position, source })?;
        }
        Ok(list.sorted())
    }
}

/// Why a list cannot be made, or which piece does not fit it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum GatheringError {
    #[error(transparent)]
    List(#[from] ListError),
    /// `position` counts the lists of revoked certificates in the order of [`Gathering::revocations`].
    #[error("a list of revoked certificates cannot be used")]
    Revocations {
        position: usize,
        #[source]
        source: OutsideError,
    },
}

/// The newest list of an authority counts.
fn revoke(list: &mut TrustList, der: &[u8]) -> Result<(), OutsideError> {
    let mut last = OutsideError::StrangeCrl;
    for authority in &mut list.authorities {
        let certificate = Outside::from_der(&authority.certificate.0)?;
        match certificate.revoked(der) {
            Ok(revocations) => {
                let is_newer = authority
                    .revocations
                    .as_ref()
                    .is_none_or(|known| known.issued < revocations.issued);
                if is_newer {
                    authority.revocations = Some(revocations);
                }
                return Ok(());
            }
            Err(error) => last = error,
        }
    }
    Err(last)
}
