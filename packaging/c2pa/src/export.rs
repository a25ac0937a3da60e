//! From the original to a copy with its claim inside, and to a sidecar for the original itself.
//!
//! Both claims name the original by its SHA-256 and by the Merkle root of its manifest, and give it as their parent.

use std::io::Cursor;

use c2pa::{Builder, BuilderIntent, Context, Settings};
use domain::Digest;
use domain::footage::Manifest;
use serde::{Deserialize, Serialize};
use serde_json::json;
use thiserror::Error;

use crate::MP4;
use crate::signer::ClaimSigner;

/// The assertion that holds a [`Provenance`]; entity-specific labels are reversed domain names (C2PA 2.2 §6.2).
pub(crate) const PROVENANCE: &str = "fr.gouv.interieur.neo2.original";
const SCHEMA_VERSION: u32 = 1;
/// Above this many megabytes the library would spill footage in clear text into a temporary file.
const IN_MEMORY_MB: usize = 16 * 1024;

/// The bytes of a clip, known to be those that its manifest names.
#[derive(Debug, Clone)]
pub struct Original<'a> {
    bytes: &'a [u8],
    provenance: Provenance,
}

/// The bytes are not those that the manifest names by length and SHA-256.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
#[error("the bytes are not the original that the manifest names; check the clip against its evidence folder")]
pub struct NotTheOriginal;

impl<'a> Original<'a> {
    pub fn new(bytes: &'a [u8], manifest: &Manifest) -> Result<Self, NotTheOriginal> {
        if bytes.len() as u64 == manifest.bytes && Digest::of(bytes) == manifest.whole {
            Ok(Self {
                bytes,
                provenance: Provenance::of(manifest),
            })
        } else {
            Err(NotTheOriginal)
        }
    }
}

/// What a claim says of the original: enough to find its evidence folder and to check against it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Provenance {
    schema_version: u32,
    /// The clip's id.
    pub clip: String,
    /// SHA-256 of the original file, in hexadecimal.
    pub sha256: String,
    /// Length of the original file.
    pub bytes: u64,
    /// The RFC 9162 root in the manifest, in hexadecimal.
    pub merkle_root: String,
}

impl Provenance {
    pub fn of(manifest: &Manifest) -> Self {
        Self {
            schema_version: SCHEMA_VERSION,
            clip: manifest.clip.to_string(),
            sha256: manifest.whole.to_string(),
            bytes: manifest.bytes,
            merkle_root: manifest.root.to_string(),
        }
    }
}

/// What C2PA tools read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Export {
    /// An MP4 that holds the footage and the claim; its bytes are not the original's.
    pub copy: Vec<u8>,
    /// The claim on the original as it is (`application/c2pa`, C2PA 2.2 §11.4).
    pub sidecar: Vec<u8>,
}

/// Why there is no export.
#[derive(Debug, Error)]
pub enum ExportError {
    #[error("could not write the claim on the footage")]
    Claim(#[source] c2pa::Error),
    #[error(
        "the claim beside the footage is on other bytes than the original's; the footage already holds a claim"
    )]
    NotOnTheOriginal,
}

/// Signs a claim into a copy of the original, and another one beside the original.
pub fn export(original: &Original<'_>, signer: &ClaimSigner) -> Result<Export, ExportError> {
    let (copy, _) = sign(original, signer, false).map_err(ExportError::Claim)?;
    let (claimed, sidecar) = sign(original, signer, true).map_err(ExportError::Claim)?;
    if claimed != original.bytes {
        return Err(ExportError::NotOnTheOriginal);
    }
    Ok(Export { copy, sidecar })
}

/// The footage that the claim is on, and the claim.
fn sign(original: &Original<'_>, signer: &ClaimSigner, beside: bool) -> c2pa::Result<(Vec<u8>, Vec<u8>)> {
    let Original { bytes, provenance } = original;
    let title = format!("{}.mp4", provenance.clip);
    let definition = json!({
        "title": title,
        "claim_generator_info": [{ "name": env!("CARGO_PKG_NAME"), "version": env!("CARGO_PKG_VERSION") }],
    });
    let parent = json!({
        "title": title,
        "relationship": "parentOf",
        "description": format!("SHA-256 {}", provenance.sha256),
    });
    let mut builder = Builder::from_context(context(settings())?).with_definition(definition)?;
    builder.set_intent(BuilderIntent::Edit);
    builder.set_no_embed(beside);
    builder.add_ingredient_from_stream(parent.to_string(), MP4, &mut Cursor::new(bytes))?;
    builder.add_assertion(PROVENANCE, provenance)?;
    let mut claimed = Cursor::new(Vec::new());
    let claim = builder.sign(signer, MP4, &mut Cursor::new(bytes), &mut claimed)?;
    Ok((claimed.into_inner(), claim))
}

/// No network, no thread-local configuration, no temporary file.
pub(crate) fn settings() -> Settings {
    let mut settings = Settings::default();
    settings.core.allowed_network_hosts = Some(Vec::new());
    settings.core.backing_store_memory_threshold_in_mb = IN_MEMORY_MB;
    settings.verify.remote_manifest_fetch = false;
    settings
}

pub(crate) fn context(settings: Settings) -> c2pa::Result<Context> {
    Context::new().with_settings(settings)
}
