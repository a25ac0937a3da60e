//! What an order brought to light: signed when it is carried out, kept until HQ has it, and sent behind everything else.

use domain::canonical;
use domain::dialogue::Network;
use domain::orders::{Found, ORDER_REPORT, OrderReport};
use sync::UpLane;
use sync::wire::v1::ReportKept;
use trust::cose::Namespace;

use super::deliver::Sent;
use crate::engine::Engine;
use crate::store::StoreError;

/// Reports on their way at a time: they are large, and acts go first.
const AT_ONCE: u32 = 2;
/// How long HQ's word on a report is waited for before it is sent again, in milliseconds.
const PATIENCE: u64 = 60_000;

/// What waits, beside the rows of the store.
#[derive(Default)]
pub(crate) struct Reporting {
    /// The order whose log a worker reads.
    pub(crate) reads: Option<u64>,
    /// When reports are sent again, on the device's clock; none while nothing waits.
    again: Option<u64>,
}

impl Engine {
    /// The signed statements on order `sequence`, in their order.
    pub(crate) fn reports(&self, sequence: u64, found: Vec<Found>) -> Result<Vec<Vec<u8>>, StoreError> {
        let parts = u16::try_from(found.len()).unwrap_or(u16::MAX);
        let order = self
            .device
            .order_digest(sequence)?
            .ok_or(StoreError::Unreadable { what: "order" })?;
        let mut signed = Vec::new();
        for (part, found) in (0..).zip(found) {
            let report = OrderReport {
                version: 1,
                device: self.enrolment.terminal.device.clone(),
                sequence,
                order,
                at: self.now,
                part,
                parts,
                found,
            };
            let payload = canonical::encode(&report);
            match self.device_signed(Namespace::OrderReport, ORDER_REPORT, &payload) {
                Some(cose) => signed.push(cose),
                None => tracing::error!(sequence, "a report on an order could not be signed"),
            }
        }
        Ok(signed)
    }

    /// Sends what HQ has not; what is lost on the air goes again.
    pub(crate) fn send_reports(&mut self) -> Result<(), StoreError> {
        self.reporting.again = None;
        if self.network != Network::Online {
            return Ok(());
        }
        for cose in self.device.reports_to_send(AT_ONCE)? {
            self.reporting.again = Some(self.now.mono_ms.saturating_add(PATIENCE));
            self.send(Sent::Report, UpLane::Tel, cose);
        }
        Ok(())
    }

    pub(crate) const fn report_wakeup(&self) -> Option<u64> {
        self.reporting.again
    }

    pub(crate) fn wake_reports(&mut self) -> Result<(), StoreError> {
        if self
            .report_wakeup()
            .is_some_and(|again| again <= self.now.mono_ms)
        {
            return self.send_reports();
        }
        Ok(())
    }

    /// HQ has it: the next ones follow.
    pub(crate) fn report_kept(&mut self, kept: &ReportKept) -> Result<(), StoreError> {
        let ours = kept.device == self.enrolment.terminal.device;
        if ours && self.device.report_kept(kept.sequence, kept.part)? {
            self.send_reports()?;
        }
        Ok(())
    }
}
