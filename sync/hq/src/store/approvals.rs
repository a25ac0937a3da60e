//! Requests that two persons approve, and their signed words.

use domain::orders::{Command, Order, SignedApproval};
use domain::{DeviceId, UnixMs, decode, encode};

use super::sql::Row;
use super::{StoreError, Transaction, at, signed, unsigned};
use crate::approvals::State;

/// A request in the queue.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ApprovalRequest {
    pub id: u64,
    pub command: Command,
    /// By their own word.
    pub requester: String,
    pub asked_at: UnixMs,
    pub not_after: UnixMs,
    pub state: State,
    pub decided_at: Option<UnixMs>,
    /// Who refused.
    pub decided_by: Option<String>,
}

const REQUEST: &str = "SELECT id, command, requester, asked_at, not_after, state, decided_at, decided_by
                       FROM approval_request";

impl Transaction<'_> {
    /// Keeps a request with its orders, all of one command and end; its number.
    pub fn insert_request(
        &self,
        command: Command,
        requester: &str,
        not_after: UnixMs,
        orders: &[Order],
        now: UnixMs,
    ) -> Result<u64, StoreError> {
        let doing = "keep a request";
        let last: Option<i64> = self.row(
            "SELECT coalesce(max(id), 0) FROM approval_request",
            (),
            doing,
            |row| row.get(0),
        )?;
        let id = last.unwrap_or(0) + 1;
        self.execute(
            "INSERT INTO approval_request (id, command, requester, asked_at, not_after, state)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
            (
                id,
                command.code(),
                requester,
                now.0,
                not_after.0,
                State::Waiting.code(),
            ),
            doing,
        )?;
        for order in orders {
            self.execute(
                "INSERT INTO approval_order (request, device, payload) VALUES (?1, ?2, ?3)",
                (id, order.device.as_str(), encode(order)),
                doing,
            )?;
        }
        unsigned(id, "request")
    }

    pub fn request(&self, id: u64) -> Result<Option<ApprovalRequest>, StoreError> {
        let sql = format!("{REQUEST} WHERE id = ?1");
        self.row(&sql, [signed(id)], "look up a request", |row| Ok(read(row)))?
            .transpose()
    }

    /// Every request, the oldest first.
    pub fn requests(&self) -> Result<Vec<ApprovalRequest>, StoreError> {
        let sql = format!("{REQUEST} ORDER BY id");
        let rows = self.rows(&sql, (), "look up requests", |row| Ok(read(row)))?;
        rows.into_iter().collect()
    }

    /// The orders of a request, as they are approved.
    pub fn requested_orders(&self, id: u64) -> Result<Vec<Order>, StoreError> {
        let payloads: Vec<Vec<u8>> = self.column(
            "SELECT payload FROM approval_order WHERE request = ?1 ORDER BY device",
            [signed(id)],
            "look up a request",
        )?;
        let corrupt = |_| StoreError::Corrupt { what: "request" };
        payloads
            .iter()
            .map(|payload| decode(payload).map_err(corrupt))
            .collect()
    }

    /// Who approved so far, by pseudonym.
    pub fn approvers(&self, id: u64) -> Result<Vec<String>, StoreError> {
        self.column(
            "SELECT DISTINCT approver FROM approval WHERE request = ?1 ORDER BY approver",
            [signed(id)],
            "look up approvals",
        )
    }

    pub fn keep_approval(
        &self,
        id: u64,
        device: &DeviceId,
        approver: &str,
        approval: &SignedApproval,
        now: UnixMs,
    ) -> Result<(), StoreError> {
        self.execute(
            "INSERT INTO approval (request, device, approver, certificate, cose, at)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
            (
                signed(id),
                device.as_str(),
                approver,
                approval.certificate.as_slice(),
                approval.approval.as_slice(),
                now.0,
            ),
            "keep an approval",
        )
    }

    /// The approvals of one terminal's order.
    pub fn approvals(&self, id: u64, device: &DeviceId) -> Result<Vec<SignedApproval>, StoreError> {
        self.rows(
            "SELECT certificate, cose FROM approval WHERE request = ?1 AND device = ?2 ORDER BY approver",
            (signed(id), device.as_str()),
            "look up approvals",
            |row| {
                Ok(SignedApproval {
                    certificate: row.get(0)?,
                    approval: row.get(1)?,
                })
            },
        )
    }

    /// The request is decided.
    pub fn decide(&self, id: u64, state: State, by: Option<&str>, now: UnixMs) -> Result<(), StoreError> {
        self.execute(
            "UPDATE approval_request SET state = ?2, decided_at = ?3, decided_by = ?4 WHERE id = ?1",
            (signed(id), state.code(), now.0, by),
            "decide a request",
        )
    }
}

fn read(row: &Row<'_>) -> Result<ApprovalRequest, StoreError> {
    let cell = at("read a request");
    let corrupt = || StoreError::Corrupt { what: "request" };
    let command: String = row.get(1).map_err(&cell)?;
    let state: String = row.get(5).map_err(&cell)?;
    let decided_at: Option<i64> = row.get(6).map_err(&cell)?;
    Ok(ApprovalRequest {
        id: unsigned(row.get(0).map_err(&cell)?, "request")?,
        command: Command::from_code(&command).ok_or_else(corrupt)?,
        requester: row.get(2).map_err(&cell)?,
        asked_at: UnixMs(row.get(3).map_err(&cell)?),
        not_after: UnixMs(row.get(4).map_err(&cell)?),
        state: State::from_code(&state).ok_or_else(corrupt)?,
        decided_at: decided_at.map(UnixMs),
        decided_by: row.get(7).map_err(&cell)?,
    })
}
