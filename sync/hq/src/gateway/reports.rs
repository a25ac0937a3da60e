//! Statements on orders: proven to be the terminal's and about the very order that was given, kept, and answered for.

use domain::orders::{Found, MAX_SEALED, ORDER_REPORT, OrderReport};
use domain::{DeviceId, Digest, UnixMs, decode};
use sync::wire::v1::{Reply, ReportKept};
use trust::cose::{Namespace, Signed};

use super::desk::Desk;
use super::{Gateway, GatewayError, Outgoing};

impl Gateway {
    /// What does not prove itself is neither kept nor answered: the terminal sends it again.
    pub(super) fn receive_report(
        &mut self,
        device: &DeviceId,
        payload: &[u8],
        said: &Signed,
        now: UnixMs,
    ) -> Result<Vec<Outgoing>, GatewayError> {
        let report = decode::<OrderReport>(&said.payload).ok().filter(|report| {
            let ours = report.device == *device && report.version == 1;
            ours && said.content_type == ORDER_REPORT && report.part < report.parts && fits(&report.found)
        });
        let Some(report) = report else {
            return Ok(Vec::new());
        };
        let transaction = self.store.begin()?;
        let mut desk = Desk {
            pki: &self.pki,
            signers: &mut self.signers,
            transaction: &transaction,
            device,
            now,
        };
        let signed = desk
            .by_device(said, Namespace::OrderReport, report.at.utc)?
            .is_some();
        let order = transaction.order(device, report.sequence)?;
        if !signed || order.as_deref().map(Digest::of) != Some(report.order) {
            tracing::warn!(%device, "a report on an order that was not given so, or that the terminal did not sign, was dropped");
            return Ok(Vec::new());
        }
        transaction.keep_report(&report, payload, now)?;
        transaction.commit()?;
        let kept = Reply::Report(ReportKept {
            device: device.clone(),
            sequence: report.sequence,
            part: report.part,
        });
        Ok(vec![self.reply(device, &kept)])
    }
}

const fn fits(found: &Found) -> bool {
    match found {
        Found::Destroyed(_) => true,
        Found::Located(sealed) | Found::Logs(sealed) => sealed.len() <= MAX_SEALED,
    }
}
