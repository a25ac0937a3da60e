//! `approve`: the queue of orders that two persons approve, each with a key of their own under the root.

use std::path::PathBuf;

use clap::{Args, Subcommand};
use hq::Pki;
use hq::approvals::{self, ApprovalError, Progress, State};
use hq::pki::{APPROVER, PkiError, Signer, draw_approver, read_approver};
use hq::store::{ApprovalRequest, StoreError, Transaction};
use serde_json::Value;
use thiserror::Error;

use crate::answer::{Answer, Rows};
use crate::ca::moment;
use crate::fleet::{Unknown, open};
use crate::session::{Effect, HqFolder, PkiFolder, Session, Unready};
use crate::{Exit, pki};

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Lists the requests that wait for approval, and those that are decided.
    List {
        #[command(flatten)]
        hq: HqFolder,
    },
    /// Shows a request with every terminal that it is about.
    Show {
        /// The number of the request.
        request: u64,
        #[command(flatten)]
        hq: HqFolder,
    },
    /// Draws an approver's key: NAME.key, which that person keeps, and NAME.csr, which the root signs with `ca sign`.
    Key {
        /// A pseudonym: small letters, digits and dashes.
        #[arg(value_parser = pseudonym)]
        name: String,
        /// The folder for both; made where it is missing.
        #[arg(long)]
        out: PathBuf,
    },
    /// Approves every order of a request; the second person's approval gives the orders.
    ///
    /// Nobody approves what they asked for themselves, and nobody twice.
    Sign(Decision),
    /// Refuses a request for good; one approver is enough.
    Deny(Decision),
}

#[derive(Debug, Args)]
pub(crate) struct Decision {
    /// The number of the request.
    request: u64,
    /// The approver's key.
    #[arg(long)]
    key: PathBuf,
    /// The certificate that the root gave for it.
    #[arg(long)]
    certificate: PathBuf,
    #[command(flatten)]
    hq: HqFolder,
    #[command(flatten)]
    pki: PkiFolder,
}

/// Why nothing was approved or refused.
#[derive(Debug, Error)]
pub(crate) enum Undecided {
    #[error(transparent)]
    Unready(#[from] Unready),
    #[error(transparent)]
    Hq(#[from] Unknown),
    #[error("cannot read the HQ store")]
    Store(#[from] StoreError),
    #[error("cannot use the key")]
    Pki(#[from] PkiError),
    #[error(transparent)]
    Approval(#[from] ApprovalError),
}

impl Undecided {
    pub(crate) fn exit(&self) -> Exit {
        match self {
            Self::Unready(unready) => unready.exit(),
            Self::Hq(unknown) => unknown.exit(),
            Self::Pki(error) => pki::exit(error),
            Self::Approval(error) => exit(error),
            Self::Store(_) => Exit::Failed,
        }
    }
}

/// How a command ends that the queue refuses.
pub(crate) fn exit(error: &ApprovalError) -> Exit {
    match error {
        ApprovalError::Unknown { .. } | ApprovalError::NoRequest { .. } => Exit::NotFound,
        ApprovalError::Decided { .. }
        | ApprovalError::Expired { .. }
        | ApprovalError::Twice { .. }
        | ApprovalError::Overtaken { .. } => Exit::Conflict,
        ApprovalError::OwnRequest { .. } | ApprovalError::NotAnApprover(_) | ApprovalError::Revoked => {
            Exit::Forbidden
        }
        ApprovalError::Pki(error) => pki::exit(error),
        ApprovalError::Forged { .. } => Exit::Refuted,
        ApprovalError::Store(_) => Exit::Failed,
    }
}

impl Command {
    pub(crate) const fn effect(&self) -> Effect<'_> {
        match self {
            Self::List { .. } | Self::Show { .. } => Effect::Reads,
            Self::Key { .. } | Self::Sign(_) | Self::Deny(_) => Effect::Writes,
        }
    }

    pub(crate) fn run(&self, session: &Session<'_>) -> Result<Answer, Undecided> {
        match self {
            Self::List { hq } => {
                let mut store = open(session.hq(hq)?)?;
                let transaction = store.begin()?;
                let requests = transaction.requests()?;
                let list: Result<_, _> = requests.iter().map(|one| line(&transaction, one)).collect();
                Ok(Answer::many("request", "requests", list?))
            }
            Self::Show { request, hq } => {
                let mut store = open(session.hq(hq)?)?;
                Ok(Answer::one("request", shown(&store.begin()?, *request)?))
            }
            Self::Key { name, out } => {
                let request = draw_approver(out, name)?;
                let key = request.with_extension("key");
                Ok(Answer::one(
                    "approver",
                    Rows(vec![
                        ("name", format!("{APPROVER}{name}").into()),
                        ("key", key.display().to_string().into()),
                        ("request", request.display().to_string().into()),
                        ("next", "ca sign".into()),
                    ]),
                ))
            }
            Self::Sign(decision) => {
                let (pki, person) = decision.person(session)?;
                let mut store = open(session.hq(&decision.hq)?)?;
                let progress = approvals::approve(&mut store, &pki, decision.request, &person, session.now)?;
                let rows = shown(&store.begin()?, decision.request)?;
                let exit = match progress {
                    Progress::Given { .. } => Exit::Done,
                    Progress::Waits { .. } => Exit::Approval,
                };
                Ok(Answer::one("request", rows).ending(exit))
            }
            Self::Deny(decision) => {
                let (pki, person) = decision.person(session)?;
                let mut store = open(session.hq(&decision.hq)?)?;
                approvals::deny(&mut store, &pki, decision.request, &person, session.now)?;
                Ok(Answer::one("request", shown(&store.begin()?, decision.request)?))
            }
        }
    }
}

impl Decision {
    fn person(&self, session: &Session<'_>) -> Result<(Pki, Signer), Undecided> {
        let pki = Pki::open(session.pki(&self.pki)?)?;
        Ok((pki, read_approver(&self.key, &self.certificate)?))
    }
}

fn shown(transaction: &Transaction<'_>, id: u64) -> Result<Rows, Undecided> {
    let request = transaction.request(id)?.ok_or(ApprovalError::NoRequest { id })?;
    let mut rows = line(transaction, &request)?;
    let orders = transaction.requested_orders(id)?;
    let orders: Vec<Value> = orders
        .iter()
        .map(|order| serde_json::json!({ "device": order.device.as_str(), "sequence": order.sequence }))
        .collect();
    rows.0.push(("orders", orders.into()));
    Ok(rows)
}

fn line(transaction: &Transaction<'_>, request: &ApprovalRequest) -> Result<Rows, Undecided> {
    let approvers = transaction.approvers(request.id)?;
    let missing = if request.state == State::Waiting {
        domain::orders::APPROVERS.saturating_sub(approvers.len())
    } else {
        0
    };
    Ok(Rows(vec![
        ("request", request.id.into()),
        ("command", request.command.code().into()),
        ("state", request.state.code().into()),
        ("requester", request.requester.as_str().into()),
        ("asked_at", moment(request.asked_at)),
        ("not_after", moment(request.not_after)),
        ("approved_by", approvers.into()),
        ("approvals_missing", missing.into()),
        ("decided_at", request.decided_at.map(moment).into()),
        ("denied_by", request.decided_by.clone().into()),
    ]))
}

fn pseudonym(text: &str) -> Result<String, &'static str> {
    let allowed = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-';
    if (1..=40).contains(&text.len()) && text.bytes().all(allowed) {
        Ok(text.to_owned())
    } else {
        Err("a pseudonym has 1 to 40 small letters, digits and dashes")
    }
}
