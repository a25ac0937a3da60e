//! The terminal's certificate: another before it ends, and a way back for a terminal that was away past its end.
//!
//! HQ says all that is true of a terminal in one signed bundle; a later bundle for the same keys takes the place of the
//! one before in one commit, and only then is its certificate shown to anybody.

use domain::dialogue::Network;
use domain::journal::Operation;
use domain::{Digest, OfficerId, UnixMs, canonical};
use sync::UpLane;
use sync::mqtt::LinkCommand;
use sync::session::Input;
use sync::wire::v1::{Knock, MAX_BUNDLE, RENEWAL, RenewRequest, Renewal};
use trust::cose::Namespace;
use trust::seal::{self, Recipient};

use super::deliver::Sent;
use crate::engine::{Anchors, Effect, Engine};
use crate::enrol::{self, joining};
use crate::store::StoreError;

/// A certificate that lasts no longer than this is renewed, in milliseconds.
const RENEWED_BEFORE: i64 = 30 * UnixMs::DAY;
/// A renewal that was not answered is asked for again after this, in milliseconds.
const PATIENCE: u64 = 3_600_000;

/// How far the terminal is with its next certificate.
#[derive(Debug, Default)]
pub(crate) struct Renewing {
    /// When it was asked for on the connection that stands, on the device's clock.
    asked: Option<u64>,
    /// SHA-256 of what was asked at the bootstrap listener and is not answered.
    knock: Option<Digest>,
    /// The bootstrap listener was visited since the last attempt to connect.
    visited: bool,
}

impl Engine {
    /// Connects; with a certificate that has ended, by way of the bootstrap listener.
    pub(crate) fn connect(&mut self) {
        self.set_network(Network::Connecting);
        self.renewing.asked = None;
        let ended = self.anchors.device.validity_unix_ms().1 < self.now.utc.0;
        // A clock that runs ahead must not keep a terminal from the network: each visit is followed by an attempt.
        if ended && !self.renewing.visited {
            self.renewing.visited = true;
            if let Some(knock) = self.late_renewal() {
                self.out.push(Effect::Knock(knock));
                return;
            }
        }
        self.renewing.visited = false;
        self.out.push(Effect::Link(LinkCommand::Connect));
    }

    /// Asks for the next certificate over the connection that stands, when the one in use nears its end.
    pub(crate) fn renew_when_due(&mut self) {
        if self.renewal_wakeup().is_none_or(|at| at > self.now.mono_ms) {
            return;
        }
        if let Some(renewal) = self.renewal() {
            self.renewing.asked = Some(self.now.mono_ms);
            self.send(Sent::Renewal, UpLane::Q, renewal);
        }
    }

    /// When to ask next, on the device's clock.
    pub(crate) fn renewal_wakeup(&self) -> Option<u64> {
        if self.network != Network::Online {
            return None;
        }
        let due = self.anchors.device.validity_unix_ms().1 - RENEWED_BEFORE;
        let left = u64::try_from(due - self.now.utc.0).unwrap_or(0);
        let again = self.renewing.asked.map_or(0, |asked| asked + PATIENCE);
        Some((self.now.mono_ms + left).max(again))
    }

    /// The bootstrap listener was visited; without an answer there was none to be had.
    pub(crate) fn knocked(&mut self, answer: Option<Vec<u8>>) -> Result<(), StoreError> {
        let Some(knock) = self.renewing.knock.take() else {
            return Ok(());
        };
        let answered = answer.and_then(|answer| joining::answered(self.keys.as_ref(), &knock, &answer));
        match answered {
            Some(Ok(bundle)) if self.take_bundle(&bundle)? => {
                self.connect();
                return Ok(());
            }
            Some(Ok(_)) => tracing::warn!("an answer to a late renewal was dropped"),
            Some(Err(refusal)) => {
                tracing::warn!(error = &refusal as &dyn std::error::Error, "not renewed");
                self.tell_untrusted();
            }
            None => tracing::warn!("a late renewal was not answered"),
        }
        self.set_network(Network::Offline);
        self.session_input(Input::LinkDown)
    }

    /// A bundle that HQ's command key sent, sealed to this terminal.
    pub(crate) fn bundle_message(&mut self, sealed: &[u8]) -> Result<(), StoreError> {
        let bundle = seal::open(self.keys.identity(), sealed, MAX_BUNDLE).ok();
        let taken = bundle.map_or(Ok(false), |bundle| self.take_bundle(&bundle))?;
        if !taken {
            tracing::warn!("an enrolment bundle that is not for this terminal, or not new, was dropped");
        }
        Ok(())
    }

    /// Stores a later bundle for these keys and works by it; false, and nothing changed, for any other.
    fn take_bundle(&mut self, bundle: &[u8]) -> Result<bool, StoreError> {
        let root = self.anchors.root.clone();
        let Ok(enrolment) = enrol::read(self.keys.as_ref(), bundle, &root, None) else {
            return Ok(false);
        };
        let ours = &self.enrolment;
        let later = enrolment.terminal.device == ours.terminal.device
            && enrolment.journal == ours.journal
            && enrolment.root == ours.root
            && enrolment.issued > ours.issued;
        let Some(anchors) = Anchors::of(&enrolment).ok().filter(|_| later) else {
            return Ok(false);
        };
        let mut news: Vec<(Option<OfficerId>, Operation)> = Vec::new();
        if anchors.device != self.anchors.device {
            let certificate = Digest::from_bytes(anchors.device.fingerprint().0);
            news.push((None, Operation::Certified { certificate }));
        }
        let known = |officer: OfficerId| ours.officers.iter().any(|one| one.officer.id == officer);
        let joined = enrolment.officers.iter().map(|one| one.officer.id);
        news.extend(
            joined
                .filter(|officer| !known(*officer))
                .map(|officer| (Some(officer), Operation::OfficerAdmitted)),
        );
        self.device.replace_enrolment(bundle, &news, self.now)?;
        tracing::info!(news = news.len(), "a later enrolment bundle is in use");
        self.anchors = anchors;
        self.enrolment = enrolment;
        self.stale.lock = true;
        self.out.push(Effect::Certified(Box::new(self.enrolment.clone())));
        self.begin_training()?;
        Ok(true)
    }

    /// The COSE_Sign1 that asks for another certificate for the same key.
    fn renewal(&self) -> Option<Vec<u8>> {
        let device = &self.enrolment.terminal.device;
        let request = joining::signing_request(self.keys.as_ref(), device.as_str()).ok()?;
        let renewal = Renewal {
            version: 1,
            device: device.clone(),
            request,
            sent: self.now,
        };
        let bytes = canonical::encode(&renewal);
        self.device_signed(Namespace::EnrolmentRequest, RENEWAL, &bytes)
    }

    /// The same for the bootstrap listener; none for a terminal whose HQ knew no such way.
    fn late_renewal(&mut self) -> Option<Vec<u8>> {
        let knock = canonical::encode(&Knock::Renew(RenewRequest {
            version: 1,
            fleet: self.enrolment.fleet.clone()?,
            renewal: self.renewal()?,
        }));
        let hq = Recipient::from_bytes(self.enrolment.hq_recipient);
        let sealed = seal::seal(&[hq], &knock).ok()?;
        self.renewing.knock = Some(Digest::of(&knock));
        Some(sealed)
    }
}
