//! The list of certificates of the issuing authority that vouch for nothing any more, and its file for the broker.

use std::fs::read_to_string;
use std::io;
use std::path::PathBuf;

use domain::UnixMs;
use trust::cert::{Crl, Revoked};

use super::{Pki, PkiError, Signer, write_text};

/// Beside the keys, where the broker's configuration names it.
pub(super) const FILE: &str = "issuing.crl";

/// For how many days a list counts: a broker past it refuses every terminal, so that it is made anew at half of this.
pub const CRL_DAYS: i64 = 30;

impl Signer {
    /// List number `number` of this authority.
    pub(super) fn crl(&self, number: u64, revoked: &[Revoked], now: UnixMs) -> Result<Crl, PkiError> {
        let until = now.plus(CRL_DAYS * UnixMs::DAY);
        // A broker whose clock is a little behind still takes it.
        let from = now.plus(-3_600_000);
        Crl::issue(&self.key, &self.certificate, number, from.0, until.0, revoked).map_err(|source| {
            PkiError::Issue {
                holder: "the revocation list".to_owned(),
                source,
            }
        })
    }
}

impl Pki {
    pub(crate) fn sign_crl(&self, number: u64, revoked: &[Revoked], now: UnixMs) -> Result<Crl, PkiError> {
        self.issuing.crl(number, revoked, now)
    }

    /// The list that the broker reads.
    pub fn crl(&self) -> Result<Crl, PkiError> {
        let path = self.crl_file();
        let pem = read_to_string(&path).map_err(|source| {
            if source.kind() == io::ErrorKind::NotFound {
                PkiError::NoCrl {
                    dir: self.dir.clone(),
                }
            } else {
                PkiError::Read {
                    file: path.clone(),
                    source,
                }
            }
        })?;
        Crl::verify_pem(&pem, self.issuing()).map_err(|source| PkiError::Crl { file: path, source })
    }

    pub fn crl_file(&self) -> PathBuf {
        self.dir.join(FILE)
    }

    /// Puts a newer list in the place of the broker's.
    pub fn publish_crl(&self, crl: &Crl) -> Result<(), PkiError> {
        let path = self.crl_file();
        let crl = Crl::verify(crl.der(), self.issuing()).map_err(|source| PkiError::Crl {
            file: path.clone(),
            source,
        })?;
        match self.crl() {
            Ok(out) if out.number >= crl.number => return Err(PkiError::CrlNotNewer { number: out.number }),
            Ok(_) | Err(PkiError::NoCrl { .. }) => {}
            Err(error) => return Err(error),
        }
        write_text(&path, &crl.to_pem())
    }
}
