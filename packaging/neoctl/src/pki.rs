//! `pki`: a new headquarters' keys and certificates. A folder that holds some is left as it is.

use std::path::{Path, PathBuf};

use clap::Subcommand;
use domain::UnixMs;
use hq::Pki;
use hq::pki::PkiError;

use crate::Exit;
use crate::answer::{Answer, Rows};
use crate::session::{Effect, Session};

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Draws every key and certificate of a new headquarters in one step, for tests; `ca` does it with an offline root.
    ///
    /// Nothing needs the root's private key afterwards: take `offline/` off this machine.
    Create {
        #[arg(long)]
        out: PathBuf,
    },
}

impl Command {
    pub(crate) const fn effect(&self) -> Effect<'_> {
        match self {
            Self::Create { .. } => Effect::Writes,
        }
    }

    pub(crate) fn run(&self, session: &Session<'_>) -> Result<Answer, PkiError> {
        let Self::Create { out } = self;
        Ok(Answer::one("pki", create(out, session.now)?))
    }
}

fn create(out: &Path, now: UnixMs) -> Result<Rows, PkiError> {
    let pki = Pki::create(out, now)?;
    let path = |name| out.join(name).display().to_string();
    let (_, expires) = pki.root().validity_unix_ms();
    Ok(Rows(vec![
        ("root", path("root.pem").into()),
        ("root_sha256", pki.root().fingerprint().to_string().into()),
        ("root_expires", format!("{}Z", UnixMs(expires).civil(0)).into()),
        ("recipient", pki.recipient().to_string().into()),
        ("take_offline", path("offline").into()),
    ]))
}

pub(crate) fn exit(error: &PkiError) -> Exit {
    match error {
        PkiError::AlreadyThere { .. } => Exit::Conflict,
        PkiError::Read { source, .. } | PkiError::Write { source, .. } => Exit::of(source),
        PkiError::NoCrl { .. } => Exit::NotFound,
        PkiError::Request { .. }
        | PkiError::OtherRoot { .. }
        | PkiError::NotVouched { .. }
        | PkiError::Crl { .. } => Exit::Refuted,
        PkiError::CrlNotNewer { .. } | PkiError::NotOfRoot { .. } => Exit::Conflict,
        PkiError::NotUnderRoot { .. }
        | PkiError::Certificate { .. }
        | PkiError::Key { .. }
        | PkiError::Mismatch { .. }
        | PkiError::Identity { .. }
        | PkiError::Issue { .. }
        | PkiError::PublicKey { .. } => Exit::Failed,
    }
}
