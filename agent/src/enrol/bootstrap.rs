//! The way to HQ without a certificate that counts: one visit at the broker's bootstrap listener.

use std::time::Duration;

use domain::enrolment::{Address, Ticket};
use sync::VisitId;
use sync::mqtt::{TlsConfigError, VisitError, tls_pinned, visit};
use thiserror::Error;

/// How long HQ may take to answer, the connection included.
const PATIENCE: Duration = Duration::from_secs(60);

/// Why HQ did not answer.
#[derive(Debug, Error)]
pub enum BootstrapError {
    #[error("could not make the TLS client")]
    Tls(#[from] TlsConfigError),
    #[error("could not ask HQ at the bootstrap listener")]
    Visit(#[from] VisitError),
    #[error("the operating system gives no random bytes")]
    Random,
}

/// Takes `request` to the broker at `address` that stands under the root of this SHA-256.
pub fn ask(address: &Address, root: &[u8; 32], request: Vec<u8>) -> Result<Vec<u8>, BootstrapError> {
    let mut id = [0; 16];
    getrandom::fill(&mut id).map_err(|_| BootstrapError::Random)?;
    let tls = tls_pinned(root)?;
    Ok(visit(address, tls, VisitId::from_bytes(id), request, PATIENCE)?)
}

/// [`ask`] of the listener that a ticket names.
pub fn ask_by_ticket(ticket: &Ticket, request: &[u8]) -> Result<Vec<u8>, BootstrapError> {
    ask(&ticket.broker, ticket.root.as_bytes(), request.to_vec())
}
