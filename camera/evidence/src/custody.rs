//! Statements on a recording beside its evidence: `custody/00000001.cose` and the certificate of its signer, one a place.

use trust::cert::Certificate;

use crate::folder::{Files, FolderError, SUMS, sums};

pub(crate) const CUSTODY: &str = "custody/";

/// One statement as it was signed.
#[derive(Debug, Clone, Copy)]
pub struct CustodyEvidence<'a> {
    /// The record's COSE_Sign1, byte for byte as signed.
    pub record: &'a [u8],
    /// DER of the officer's certificate.
    pub signer: &'a [u8],
}

/// Adds the statements, in the order of their chain, to the folder of their clip.
pub fn add(files: &mut Files, statements: &[CustodyEvidence<'_>]) -> Result<(), FolderError> {
    for (place, statement) in (1..).zip(statements) {
        let certificate =
            Certificate::from_der(statement.signer).map_err(|source| FolderError::Certificate {
                file: CUSTODY,
                source,
            })?;
        files.insert(cose_file(place), statement.record.to_vec());
        files.insert(signer_file(place), certificate.to_pem().into_bytes());
    }
    files.insert(SUMS.to_owned(), sums(files).into_bytes());
    Ok(())
}

pub(crate) fn cose_file(place: u32) -> String {
    format!("{CUSTODY}{place:08}.cose")
}

pub(crate) fn signer_file(place: u32) -> String {
    format!("{CUSTODY}{place:08}.pem")
}
