//! Footage in the form that newsrooms, courts and their tools read (C2PA), made at headquarters for `neoctl`.
//!
//! The original is read and never written: a copy carries the claim inside, a sidecar stands beside the original.
//! What is exported derives from the evidence folder and replaces nothing in it: docs/adr/0006-evidence-format.md.

mod export;
mod reading;
mod signer;

pub use export::{Export, ExportError, NotTheOriginal, Original, Provenance, export};
pub use reading::{Reading, Verdicts, read_copy, read_sidecar};
pub use signer::{ClaimSigner, ClaimSignerError};

/// The media type under which the library reads and writes footage.
const MP4: &str = "video/mp4";
