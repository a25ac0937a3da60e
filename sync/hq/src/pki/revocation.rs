//! The lists of certificates that vouch for nothing any more: that of the issuing authority with its file for the broker,
//! and that of the root, which is signed on the offline machine.

use std::fs::read_to_string;
use std::io;
use std::path::{Path, PathBuf};

use domain::UnixMs;
use sync::wire::v1::{RevocationList, RevocationLists};
use trust::cert::{Certificate, Crl, Reason, Revoked};

use super::ceremony::OfflineRoot;
use super::{Pki, PkiError, Signer, read, write_text};

/// Beside the keys, where the broker's configuration names it.
pub(super) const FILE: &str = "issuing.crl";
/// Beside the root, and beside HQ's keys once it was taken there.
const ROOT_FILE: &str = "root.crl";

/// For how many days a list counts: a broker past it refuses every terminal, so that it is made anew at half of this.
pub const CRL_DAYS: i64 = 30;
/// The same for the root's list, which nobody but a person in a safe room makes; only terminals and HQ read it.
const ROOT_CRL_DAYS: i64 = 400;

impl Signer {
    /// List number `number` of this authority.
    pub(super) fn crl(
        &self,
        number: u64,
        revoked: &[Revoked],
        days: i64,
        now: UnixMs,
    ) -> Result<Crl, PkiError> {
        let until = now.plus(days * UnixMs::DAY);
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
        self.issuing.crl(number, revoked, CRL_DAYS, now)
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

    /// The root's list, if one was taken.
    pub fn root_crl(&self) -> Result<Option<Crl>, PkiError> {
        root_crl(&self.dir, &self.root)
    }

    /// Takes the root's list from the offline machine, if it is newer than the one that is here.
    pub fn take_root_crl(&self, file: &Path) -> Result<Crl, PkiError> {
        let crl = Crl::verify_pem(&read(file)?, &self.root).map_err(|source| PkiError::Crl {
            file: file.to_owned(),
            source,
        })?;
        if let Some(here) = self.root_crl()?.filter(|here| here.number >= crl.number) {
            return Err(PkiError::CrlNotNewer { number: here.number });
        }
        write_text(&self.dir.join(ROOT_FILE), &crl.to_pem())?;
        Ok(crl)
    }

    /// What terminals are told: `crl` of the issuing authority, and the root's list.
    pub(crate) fn revocation_lists(&self, crl: &Crl) -> Result<RevocationLists, PkiError> {
        let of = |authority: &Certificate, list: &Crl| RevocationList {
            authority: authority.der().to_vec(),
            list: list.der().to_vec(),
        };
        let mut lists = vec![of(self.issuing(), crl)];
        if let Some(root) = self.root_crl()? {
            lists.push(of(&self.root, &root));
        }
        Ok(RevocationLists { version: 1, lists })
    }
}

impl OfflineRoot {
    /// Puts certificates that the root issued on its next list, beside those that are there.
    pub fn revoke(&self, certificates: &[Certificate], reason: Reason, now: UnixMs) -> Result<Crl, PkiError> {
        let root = self.certificate();
        let before = root_crl(self.dir(), root)?;
        let number = before.as_ref().map_or(0, |before| before.number) + 1;
        let mut revoked = before.map(|before| before.revoked).unwrap_or_default();
        for certificate in certificates {
            if !certificate.is_issued_by(root) {
                return Err(PkiError::NotOfRoot {
                    holder: certificate.common_name().to_owned(),
                });
            }
            if revoked.iter().all(|known| known.serial != certificate.serial()) {
                revoked.push(Revoked {
                    serial: certificate.serial().to_vec(),
                    at_unix_ms: now.0,
                    reason,
                });
            }
        }
        let crl = self.signer().crl(number, &revoked, ROOT_CRL_DAYS, now)?;
        write_text(&self.dir().join(ROOT_FILE), &crl.to_pem())?;
        Ok(crl)
    }

    pub fn crl_file(&self) -> PathBuf {
        self.dir().join(ROOT_FILE)
    }
}

fn root_crl(dir: &Path, root: &Certificate) -> Result<Option<Crl>, PkiError> {
    let path = dir.join(ROOT_FILE);
    if !path.exists() {
        return Ok(None);
    }
    Crl::verify_pem(&read(&path)?, root)
        .map(Some)
        .map_err(|source| PkiError::Crl { file: path, source })
}
