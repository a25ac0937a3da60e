//! What terminals state of orders that they carried out, as they signed it.

use domain::orders::OrderReport;
use domain::{DeviceId, UnixMs};

use super::{StoreError, Transaction, signed};

impl Transaction<'_> {
    /// The order `sequence` to `device` as it was signed.
    pub fn order(&self, device: &DeviceId, sequence: u64) -> Result<Option<Vec<u8>>, StoreError> {
        self.row(
            "SELECT cose FROM device_order WHERE device = ?1 AND sequence = ?2",
            (device.as_str(), signed(sequence)),
            "look up an order",
            |row| row.get(0),
        )
    }

    /// Keeps the first statement of each part.
    pub fn keep_report(&self, report: &OrderReport, cose: &[u8], now: UnixMs) -> Result<(), StoreError> {
        self.execute(
            "INSERT INTO order_report (device, sequence, part, received_at, cose) VALUES (?1, ?2, ?3, ?4, ?5)
             ON CONFLICT (device, sequence, part) DO NOTHING",
            (
                report.device.as_str(),
                signed(report.sequence),
                report.part,
                now.0,
                cose,
            ),
            "keep a report",
        )
    }

    /// The statements on an order, in the order of their parts.
    pub fn reports(&self, device: &DeviceId, sequence: u64) -> Result<Vec<Vec<u8>>, StoreError> {
        self.column(
            "SELECT cose FROM order_report WHERE device = ?1 AND sequence = ?2 ORDER BY part",
            (device.as_str(), signed(sequence)),
            "look up reports",
        )
    }
}
