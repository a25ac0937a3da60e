//! Persons who approve orders that destroy evidence: a key of their own, a certificate by the root itself.

use std::path::{Path, PathBuf};

use domain::UnixMs;
use trust::cert::{Certificate, Claims, SigningRequest};
use trust::keys::{KeyKind, PublicKey, SigningKey};

use super::ceremony::write_request;
use super::{PkiError, Signer, file, issue, read_certificate, read_key, write_key, write_text};

/// What the name in an approver's certificate begins with; a pseudonym follows.
pub const APPROVER: &str = "approver.";

/// Draws a person's key into `dir`, with the request that the root signs; the files are `NAME.key` and `NAME.csr`.
pub fn draw(dir: &Path, name: &str) -> Result<PathBuf, PkiError> {
    if file(dir, name, "key").exists() {
        return Err(PkiError::AlreadyThere { dir: dir.to_owned() });
    }
    super::ceremony::private(dir)?;
    let key = SigningKey::generate(KeyKind::Ed25519);
    write_key(&file(dir, name, "key"), &key)?;
    let common_name = format!("{APPROVER}{name}");
    let request =
        SigningRequest::make(&key, &common_name, &Claims::default()).map_err(|source| PkiError::Request {
            file: file(dir, name, "key"),
            source,
        })?;
    let path = file(dir, name, "csr");
    write_request(&path, &request)?;
    Ok(path)
}

/// A person's key and the certificate that came back.
pub fn read(key: &Path, certificate: &Path) -> Result<Signer, PkiError> {
    let (secret, certificate) = (read_key(key)?, read_certificate(certificate)?);
    if secret.public() == *certificate.public_key() {
        Ok(Signer {
            key: secret,
            certificate,
        })
    } else {
        Err(PkiError::Mismatch { file: key.to_owned() })
    }
}

/// Draws and certifies at once, where the root's key is at hand: `approver-NAME.key` and `approver-NAME.pem`.
pub(super) fn create(dir: &Path, name: &str, root: &Signer, now: UnixMs) -> Result<(), PkiError> {
    let key = SigningKey::generate(KeyKind::Ed25519);
    let certificate = certify(&format!("{APPROVER}{name}"), &key.public(), root, now)?;
    let files = format!("approver-{name}");
    write_key(&file(dir, &files, "key"), &key)?;
    write_text(&file(dir, &files, "pem"), &certificate.to_pem())
}

pub(super) fn certify(
    common_name: &str,
    key: &PublicKey,
    root: &Signer,
    now: UnixMs,
) -> Result<Certificate, PkiError> {
    issue::approver(common_name, key, root, now)
}
