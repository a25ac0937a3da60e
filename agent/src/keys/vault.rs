//! Which vault a terminal has: chosen when its keys are made, found by its file ever after, tested at each start.

use std::path::Path;
use std::str::FromStr;
use std::sync::Arc;

use super::{FileVault, Keys, KeysError, self_test};

/// What keeps a terminal's keys, as `neo-agent --vault` says it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum VaultKind {
    /// `file`: no hardware.
    File,
    /// `tpm`, or `tpm:` and a TCTI that says how the TPM 2.0 is reached.
    Tpm(Option<String>),
    /// `keystore`: that of an Android phone.
    Keystore,
}

/// The text names no vault.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error(
    "`{0}` is no vault; give `file`, `keystore`, `tpm`, or `tpm:` and a TCTI such as `tpm:device:/dev/tpmrm0`"
)]
pub struct NotAVault(String);

impl FromStr for VaultKind {
    type Err = NotAVault;

    fn from_str(text: &str) -> Result<Self, NotAVault> {
        match (text, text.strip_prefix("tpm:")) {
            ("file", _) => Ok(Self::File),
            ("keystore", _) => Ok(Self::Keystore),
            ("tpm", _) => Ok(Self::Tpm(None)),
            (_, Some(tcti)) if !tcti.is_empty() => Ok(Self::Tpm(Some(tcti.to_owned()))),
            _ => Err(NotAVault(text.to_owned())),
        }
    }
}

/// Opens the vault that has the keys of `dir`, or makes the `wanted` one: a file where nothing is said.
///
/// A vault that was made is never passed over for another: its keys are enrolled.
pub fn open(dir: &Path, wanted: Option<&VaultKind>) -> Result<Arc<dyn Keys>, KeysError> {
    let keys: Arc<dyn Keys> = match (made(dir), wanted) {
        (Some("file"), Some(VaultKind::File) | None) => Arc::new(FileVault::open(dir)?),
        (Some("tpm"), Some(VaultKind::Tpm(tcti))) => tpm::open(dir, tcti.as_deref())?,
        (Some("tpm"), None) => tpm::open(dir, None)?,
        (Some("keystore"), Some(VaultKind::Keystore) | None) => keystore::open(dir)?,
        (Some(made), _) => return Err(KeysError::OtherVault { made }),
        (None, Some(VaultKind::File) | None) => Arc::new(FileVault::create(dir)?),
        (None, Some(VaultKind::Tpm(tcti))) => tpm::create(dir, tcti.as_deref())?,
        (None, Some(VaultKind::Keystore)) => keystore::create(dir)?,
    };
    self_test::pass(keys.as_ref())?;
    Ok(keys)
}

/// The vault whose file is in `dir`; also one that this program was built without, whose keys are left alone.
fn made(dir: &Path) -> Option<&'static str> {
    let named = [
        ("file", "vault.cbor"),
        ("tpm", "vault.tpm"),
        ("keystore", "vault.keystore"),
    ];
    named
        .into_iter()
        .find(|(_, file)| dir.join(file).exists())
        .map(|(vault, _)| vault)
}

#[cfg(feature = "tpm")]
mod tpm {
    use std::path::Path;
    use std::sync::Arc;

    use super::super::tpm_vault::{CHIP, TpmVault};
    use super::{Keys, KeysError};

    pub(super) fn open(dir: &Path, tcti: Option<&str>) -> Result<Arc<dyn Keys>, KeysError> {
        Ok(Arc::new(TpmVault::open(dir, tcti)?))
    }

    pub(super) fn create(dir: &Path, tcti: Option<&str>) -> Result<Arc<dyn Keys>, KeysError> {
        Ok(Arc::new(TpmVault::create(dir, tcti.unwrap_or(CHIP))?))
    }
}

#[cfg(not(feature = "tpm"))]
mod tpm {
    use std::path::Path;
    use std::sync::Arc;

    use super::{Keys, KeysError};

    pub(super) fn open(_: &Path, _: Option<&str>) -> Result<Arc<dyn Keys>, KeysError> {
        Err(KeysError::NotBuilt { vault: "tpm" })
    }

    pub(super) fn create(_: &Path, _: Option<&str>) -> Result<Arc<dyn Keys>, KeysError> {
        Err(KeysError::NotBuilt { vault: "tpm" })
    }
}

#[cfg(feature = "keystore")]
mod keystore {
    use std::path::Path;
    use std::sync::Arc;

    use super::super::keystore_vault::KeystoreVault;
    use super::{Keys, KeysError};

    pub(super) fn open(dir: &Path) -> Result<Arc<dyn Keys>, KeysError> {
        Ok(Arc::new(KeystoreVault::open(dir)?))
    }

    pub(super) fn create(dir: &Path) -> Result<Arc<dyn Keys>, KeysError> {
        Ok(Arc::new(KeystoreVault::create(dir)?))
    }
}

#[cfg(not(feature = "keystore"))]
mod keystore {
    use std::path::Path;
    use std::sync::Arc;

    use super::{Keys, KeysError};

    pub(super) fn open(_: &Path) -> Result<Arc<dyn Keys>, KeysError> {
        Err(KeysError::NotBuilt { vault: "keystore" })
    }

    pub(super) fn create(_: &Path) -> Result<Arc<dyn Keys>, KeysError> {
        Err(KeysError::NotBuilt { vault: "keystore" })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_vault_is_named_by_its_text() {
        let tcti = "swtpm:host=127.0.0.1,port=2321";
        for (text, expected) in [
            ("file", Some(VaultKind::File)),
            ("tpm", Some(VaultKind::Tpm(None))),
            (
                "tpm:swtpm:host=127.0.0.1,port=2321",
                Some(VaultKind::Tpm(Some(tcti.to_owned()))),
            ),
            ("tpm:", None),
            ("TPM", None),
            ("", None),
        ] {
            assert_eq!(text.parse::<VaultKind>().ok(), expected, "{text}");
        }
    }

    #[test]
    fn a_terminal_keeps_the_vault_that_its_keys_were_made_in() {
        let dir = tempfile::tempdir().unwrap();
        let made = open(dir.path(), None).unwrap();
        let again = open(dir.path(), Some(&VaultKind::File)).unwrap();
        assert_eq!(made.public_key(), again.public_key());
        let other = open(dir.path(), Some(&VaultKind::Tpm(None))).map(drop);
        assert!(matches!(other, Err(KeysError::OtherVault { made: "file" })));
        let chip = tempfile::tempdir().unwrap();
        std::fs::write(chip.path().join("vault.tpm"), b"of a chip").unwrap();
        assert!(open(chip.path(), None).is_err());
        assert!(
            !FileVault::exists(chip.path()),
            "no second vault is made beside it"
        );
    }
}
