//! One visit at a broker's bootstrap listener: a request, its answer, and goodbye.

use std::sync::Arc;
use std::sync::mpsc;
use std::time::{Duration, Instant};

use domain::enrolment::Address;
use rustls::ClientConfig;

use super::{DownReason, Link, LinkCommand, LinkConfig, LinkEvent, Publish, Security, SendError, SpawnError};
use crate::ack::Ack;
use crate::topics::{Topic, VisitId, Way};

/// Why a visit brought no answer.
#[derive(Debug, thiserror::Error)]
pub enum VisitError {
    #[error("could not start the connection")]
    Spawn(#[from] SpawnError),
    #[error("could not use the connection")]
    Send(#[from] SendError),
    #[error("no connection to HQ's broker: {0}")]
    Down(DownReason),
    #[error("the broker did not take the request")]
    NotTaken,
    #[error("HQ did not answer; try again later")]
    Silent,
}

/// Asks `request` at `address` and waits for the answer at most `patience`. `visit` is drawn for this call: the broker
/// gives the answer to no other connection.
pub fn visit(
    address: &Address,
    tls: Arc<ClientConfig>,
    visit: VisitId,
    request: Vec<u8>,
    patience: Duration,
) -> Result<Vec<u8>, VisitError> {
    let until = Instant::now() + patience;
    let mut config = LinkConfig::new(
        &address.host,
        address.port,
        &visit.to_string(),
        Security::Tls(tls),
    );
    config.subscriptions = vec![Topic::Bootstrap(visit, Way::Down).to_string()];
    let (report, events) = mpsc::channel();
    let link = Link::spawn(config, Box::new(move |event| drop(report.send(event))))?;
    link.send(LinkCommand::Connect)?;
    loop {
        let left = until.saturating_duration_since(Instant::now());
        match events.recv_timeout(left).map_err(|_| VisitError::Silent)? {
            LinkEvent::Up { .. } => {
                let topic = Topic::Bootstrap(visit, Way::Up);
                link.send(LinkCommand::Publish(Publish::new(1, topic, request.clone())))?;
            }
            LinkEvent::Acked { ack: Ack::Taken, .. } => {}
            LinkEvent::Acked { .. } => return Err(VisitError::NotTaken),
            LinkEvent::Message { payload, .. } => return Ok(payload),
            LinkEvent::Down { reason } => return Err(VisitError::Down(reason)),
        }
    }
}
