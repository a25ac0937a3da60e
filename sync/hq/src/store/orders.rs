//! Orders to terminals: what was signed, and the terminal's word on it.

use super::sql::Row;
use domain::orders::{Command, Order, OrderTaken};
use domain::{DeviceId, UnixMs};

use super::{StoreError, Transaction, at, signed, unsigned};

/// An order and what became of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct IssuedOrder {
    pub sequence: u64,
    pub command: Command,
    pub issued_at: UnixMs,
    pub not_after: UnixMs,
    /// [`domain::orders::OrderOutcome::code`] and the terminal's clock; none while the terminal is silent.
    pub outcome: Option<(String, UnixMs)>,
    /// The terminal's signed hello that says so.
    pub proof: Option<Vec<u8>>,
}

impl Transaction<'_> {
    /// The sequence of the last order to `device`; 0 before the first.
    pub fn last_order(&self, device: &DeviceId) -> Result<u64, StoreError> {
        let last: Option<Option<i64>> = self.row(
            "SELECT max(sequence) FROM device_order WHERE device = ?1",
            [device.as_str()],
            "look up orders",
            |row| row.get(0),
        )?;
        unsigned(last.flatten().unwrap_or(0), "order")
    }

    pub fn insert_order(&self, order: &Order, cose: &[u8], now: UnixMs) -> Result<(), StoreError> {
        self.execute(
            "INSERT INTO device_order (device, sequence, command, issued_at, not_after, cose)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
            (
                order.device.as_str(),
                signed(order.sequence),
                order.command.code(),
                now.0,
                order.not_after.0,
                cose,
            ),
            "keep an order",
        )
    }

    /// At most `most` orders to `device` after `sequence`, in their order, as they were signed.
    pub fn orders_after(
        &self,
        device: &DeviceId,
        sequence: u64,
        most: u32,
    ) -> Result<Vec<Vec<u8>>, StoreError> {
        self.column(
            "SELECT cose FROM device_order WHERE device = ?1 AND sequence > ?2 ORDER BY sequence LIMIT ?3",
            (device.as_str(), signed(sequence), most),
            "look up orders",
        )
    }

    /// Terminals that have said nothing yet of an order to them, and the order before it.
    pub fn silent_on_orders(&self) -> Result<Vec<(DeviceId, u64)>, StoreError> {
        let rows = self.rows(
            "SELECT device, min(sequence) - 1 FROM device_order WHERE outcome IS NULL GROUP BY device ORDER BY device",
            (),
            "look up orders",
            |row| Ok((row.get::<String>(0)?, row.get::<i64>(1)?)),
        )?;
        let mut silent = Vec::new();
        for (device, before) in rows {
            let device = DeviceId::parse(&device).map_err(|_| StoreError::Corrupt { what: "order" })?;
            silent.push((device, unsigned(before, "order")?));
        }
        Ok(silent)
    }

    /// Keeps a terminal's first word on an order, with the signed hello that brought it.
    pub fn keep_outcome(
        &self,
        device: &DeviceId,
        taken: &OrderTaken,
        hello: &[u8],
    ) -> Result<(), StoreError> {
        self.execute(
            "UPDATE device_order SET outcome = ?3, done_at = ?4, proof = ?5
             WHERE device = ?1 AND sequence = ?2 AND outcome IS NULL",
            (
                device.as_str(),
                signed(taken.sequence),
                taken.outcome.code(),
                taken.at.0,
                hello,
            ),
            "keep what became of an order",
        )
    }

    /// Every order to `device`, the oldest first.
    pub fn orders(&self, device: &DeviceId) -> Result<Vec<IssuedOrder>, StoreError> {
        let rows = self.rows(
            "SELECT sequence, command, issued_at, not_after, outcome, done_at, proof FROM device_order
                 WHERE device = ?1 ORDER BY sequence",
            [device.as_str()],
            "look up orders",
            |row| Ok(read(row)),
        )?;
        rows.into_iter().collect()
    }
}

fn read(row: &Row<'_>) -> Result<IssuedOrder, StoreError> {
    let cell = at("read an order");
    let corrupt = StoreError::Corrupt { what: "order" };
    let command: String = row.get(1).map_err(&cell)?;
    let outcome: Option<String> = row.get(4).map_err(&cell)?;
    let done_at: Option<i64> = row.get(5).map_err(&cell)?;
    Ok(IssuedOrder {
        sequence: unsigned(row.get(0).map_err(&cell)?, "order")?,
        command: Command::from_code(&command).ok_or(corrupt)?,
        issued_at: UnixMs(row.get(2).map_err(&cell)?),
        not_after: UnixMs(row.get(3).map_err(&cell)?),
        outcome: outcome.zip(done_at.map(UnixMs)),
        proof: row.get(6).map_err(&cell)?,
    })
}
