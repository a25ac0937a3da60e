//! Orders that no one person gives: a total wipe, and a wipe of more than one terminal. They wait in a queue until two
//! others than who asked have signed the very orders.
//!
//! The terminal itself holds a total wipe against both signatures; for several evidence-preserving wipes the queue alone
//! does.

use domain::orders::{APPROVAL, APPROVERS, Approvals, Command, Order, SignedApproval};
use domain::{DeviceId, UnixMs, encode};
use sync::wire::v1::ORDER;
use thiserror::Error;
use trust::approval::{self, NotApproved};
use trust::cert::Holder;
use trust::cose::Namespace;

use crate::pki::PkiError;
use crate::pki::{APPROVER, Pki, Signer};
use crate::store::{Store, StoreError};

/// Where a request stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum State {
    Waiting,
    /// Two persons approved, and its orders are given.
    Given,
    Denied,
}

impl State {
    pub const fn code(self) -> &'static str {
        match self {
            Self::Waiting => "waiting",
            Self::Given => "given",
            Self::Denied => "denied",
        }
    }

    pub(crate) fn from_code(code: &str) -> Option<Self> {
        [Self::Waiting, Self::Given, Self::Denied]
            .into_iter()
            .find(|state| state.code() == code)
    }
}

/// Why nothing was asked, approved or refused.
#[derive(Debug, Error)]
pub enum ApprovalError {
    #[error("the terminal `{device}` is not enrolled; check its name")]
    Unknown { device: DeviceId },
    #[error("there is no request `{id}`; `neoctl approve list` shows those that wait")]
    NoRequest { id: u64 },
    #[error("request `{id}` is `{}` already", state.code())]
    Decided { id: u64, state: State },
    #[error("request `{id}` is past the moment until which its orders count; ask again")]
    Expired { id: u64 },
    #[error("`{name}` asked for it; two others approve")]
    OwnRequest { name: String },
    #[error("`{name}` has approved request `{id}` before; it takes another person")]
    Twice { name: String, id: u64 },
    #[error("this key approves nothing; its certificate comes from the root, by `neoctl ca sign`")]
    NotAnApprover(#[source] NotApproved),
    #[error("the root has revoked this key; another person approves")]
    Revoked,
    #[error("headquarters' keys cannot be read")]
    Pki(#[from] PkiError),
    #[error("another order was given to `{device}` since; refuse the request and ask again")]
    Overtaken { device: DeviceId },
    #[error("the approvals of the order to `{device}` do not hold")]
    Forged {
        device: DeviceId,
        #[source]
        source: NotApproved,
    },
    #[error("the HQ store failed")]
    Store(#[from] StoreError),
}

/// How far a request is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Progress {
    /// So many persons are missing.
    Waits { missing: usize },
    /// Given to so many terminals.
    Given { orders: usize },
}

/// Whether `command` to so many terminals waits for two persons.
pub const fn needs_two(command: Command, terminals: usize) -> bool {
    match command {
        Command::WipeAll => true,
        Command::Wipe => terminals > 1,
        Command::Lock
        | Command::Unlock
        | Command::RotateKeys
        | Command::Restore
        | Command::Locate
        | Command::PullLogs
        | Command::SendFootage => false,
    }
}

/// Queues `command` to each of `devices`, as the next order of each; the request's number.
pub fn ask(
    store: &mut Store,
    devices: &[DeviceId],
    command: Command,
    requester: &str,
    not_after: UnixMs,
    now: UnixMs,
) -> Result<u64, ApprovalError> {
    let transaction = store.begin()?;
    let mut orders = Vec::with_capacity(devices.len());
    for device in devices {
        if transaction.device(device)?.is_none() {
            let device = device.clone();
            return Err(ApprovalError::Unknown { device });
        }
        orders.push(Order {
            device: device.clone(),
            sequence: transaction.last_order(device)? + 1,
            not_after,
            command,
            body: None,
        });
    }
    let id = transaction.insert_request(command, requester, not_after, &orders, now)?;
    transaction.commit()?;
    Ok(id)
}

/// Signs every order of request `id` with the key of `person`; the second person's word gives them.
pub fn approve(
    store: &mut Store,
    pki: &Pki,
    id: u64,
    person: &Signer,
    now: UnixMs,
) -> Result<Progress, ApprovalError> {
    let name = name_of(pki, person, now)?;
    let transaction = store.begin()?;
    let request = transaction.request(id)?.ok_or(ApprovalError::NoRequest { id })?;
    if request.state != State::Waiting {
        let state = request.state;
        return Err(ApprovalError::Decided { id, state });
    }
    if request.not_after < now {
        return Err(ApprovalError::Expired { id });
    }
    if is_same(&request.requester, &name) {
        return Err(ApprovalError::OwnRequest { name });
    }
    let before = transaction.approvers(id)?;
    if before.contains(&name) {
        return Err(ApprovalError::Twice { name, id });
    }
    let orders = transaction.requested_orders(id)?;
    for order in &orders {
        let approval = SignedApproval {
            certificate: person.certificate().der().to_vec(),
            approval: person.sign(Namespace::Approval, APPROVAL, &encode(order)),
        };
        transaction.keep_approval(id, &order.device, &name, &approval, now)?;
    }
    let missing = APPROVERS.saturating_sub(before.len() + 1);
    if missing > 0 {
        transaction.commit()?;
        return Ok(Progress::Waits { missing });
    }
    for order in &orders {
        let device = &order.device;
        if transaction.last_order(device)? + 1 != order.sequence {
            let device = device.clone();
            return Err(ApprovalError::Overtaken { device });
        }
        let signed = transaction.approvals(id, device)?;
        hold(pki, order, &signed, now)?;
        let body = (order.command == Command::WipeAll).then(|| encode(&Approvals { signed }));
        let given = Order {
            body,
            ..order.clone()
        };
        let cose = pki.command().sign(Namespace::Order, ORDER, &encode(&given));
        transaction.insert_order(&given, &cose, now)?;
    }
    transaction.decide(id, State::Given, None, now)?;
    transaction.commit()?;
    Ok(Progress::Given { orders: orders.len() })
}

/// Any approver ends a request; not even who asked is needed.
pub fn deny(
    store: &mut Store,
    pki: &Pki,
    id: u64,
    person: &Signer,
    now: UnixMs,
) -> Result<(), ApprovalError> {
    let name = name_of(pki, person, now)?;
    let transaction = store.begin()?;
    let request = transaction.request(id)?.ok_or(ApprovalError::NoRequest { id })?;
    if request.state != State::Waiting {
        let state = request.state;
        return Err(ApprovalError::Decided { id, state });
    }
    transaction.decide(id, State::Denied, Some(&name), now)?;
    Ok(transaction.commit()?)
}

/// What the terminal will find.
fn hold(pki: &Pki, order: &Order, signed: &[SignedApproval], now: UnixMs) -> Result<(), ApprovalError> {
    let words = signed
        .iter()
        .map(|one| (one.certificate.as_slice(), one.approval.as_slice()));
    approval::approvers(&encode(order), APPROVAL, words, pki.root(), now.0)
        .map(drop)
        .map_err(|source| ApprovalError::Forged {
            device: order.device.clone(),
            source,
        })
}

/// The approver's pseudonym, when the root vouches for them now.
fn name_of(pki: &Pki, person: &Signer, now: UnixMs) -> Result<String, ApprovalError> {
    let certificate = person.certificate();
    approval::vouched(certificate, pki.root(), now.0).map_err(ApprovalError::NotAnApprover)?;
    let list = pki.root_crl()?;
    if list.is_some_and(|list| list.find(certificate.serial()).is_some()) {
        return Err(ApprovalError::Revoked);
    }
    match certificate.holder() {
        Some(Holder::Hq(name)) => Ok(name.clone()),
        Some(Holder::Device(_) | Holder::Agent(_) | Holder::Camera(_)) | None => {
            Err(ApprovalError::NotAnApprover(NotApproved::Unreadable))
        }
    }
}

/// Who asked is typed with or without what every approver's name begins with.
fn is_same(requester: &str, approver: &str) -> bool {
    let bare = |name: &str| name.strip_prefix(APPROVER).unwrap_or(name).to_lowercase();
    bare(requester.trim()) == bare(approver)
}
