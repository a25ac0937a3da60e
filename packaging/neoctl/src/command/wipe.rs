//! A wipe: of one terminal by its name, of several or of everything by two others' approval.

use clap::{Args, ValueEnum};
use domain::DeviceId;
use domain::orders;
use hq::approvals::{ask, needs_two};

use super::{Given, Unordered, give};
use crate::Exit;
use crate::answer::{Answer, Rows};
use crate::ca::moment;
use crate::fleet;
use crate::session::{Session, Unready};

#[derive(Debug, Args)]
pub(crate) struct WipeOrder {
    /// The terminals; more than one waits for two persons' approval.
    #[arg(value_parser = DeviceId::parse, required_unless_present = "all")]
    devices: Vec<DeviceId>,
    /// Every terminal that is enrolled.
    #[arg(long, conflicts_with = "devices")]
    all: bool,
    /// What happens to signed acts and footage that headquarters does not have yet.
    #[arg(long, value_enum, default_value_t = Mode::Preserve)]
    mode: Mode,
    /// Who asks, where two others have to approve: a pseudonym, as in an approver's certificate.
    #[arg(long, value_name = "NAME")]
    requester: Option<String>,
    #[command(flatten)]
    given: Given,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Mode {
    /// They stay, sealed, and leave as soon as they can.
    Preserve,
    /// They are destroyed as well.
    Total,
}

impl WipeOrder {
    const fn command(&self) -> orders::Command {
        match self.mode {
            Mode::Preserve => orders::Command::Wipe,
            Mode::Total => orders::Command::WipeAll,
        }
    }

    pub(super) fn run(&self, session: &Session<'_>) -> Result<Answer, Unordered> {
        let command = self.command();
        let hq = session.hq(&self.given.hq)?;
        let mut store = fleet::open(hq)?;
        let mut devices = self.devices.clone();
        if self.all {
            let all = store.begin()?.devices()?;
            devices = all.into_iter().map(|terminal| terminal.device).collect();
        }
        devices.sort_unstable_by(|one, other| one.as_str().cmp(other.as_str()));
        devices.dedup();
        let [first, others @ ..] = devices.as_slice() else {
            return Err(Unordered::NoTerminal);
        };
        let two = needs_two(command, devices.len());
        let name = if others.is_empty() {
            Some(first.as_str())
        } else {
            session.production(hq)
        };
        if session.is_trial() {
            return Ok(Answer::one(
                "wipe",
                Rows(vec![
                    ("command", command.code().into()),
                    ("terminals", devices.len().into()),
                    ("approvals_needed", (if two { 2 } else { 0 }).into()),
                    ("confirm", name.into()),
                    ("done", false.into()),
                ]),
            ));
        }
        match name {
            Some(_) if session.confirmed() == name => {}
            Some(_) if others.is_empty() => {
                return Err(Unordered::Unconfirmed {
                    device: first.clone(),
                });
            }
            Some(context) => {
                let name = context.to_owned();
                return Err(Unready::Unconfirmed { name }.into());
            }
            None => session.meant("fleet")?,
        }
        if !two {
            return Ok(Answer::one("order", give(first, &self.given, command, session)?));
        }
        let requester = self
            .requester
            .as_deref()
            .filter(|name| !name.trim().is_empty())
            .ok_or(Unordered::NoRequester)?;
        let until = self.given.until(session.now);
        let request = ask(&mut store, &devices, command, requester, until, session.now)?;
        let rows = Rows(vec![
            ("request", request.into()),
            ("command", command.code().into()),
            ("terminals", devices.len().into()),
            ("requester", requester.into()),
            ("not_after", moment(until)),
            ("approvals_needed", 2.into()),
            ("next", format!("approve sign {request}").into()),
        ]);
        Ok(Answer::one("request", rows).ending(Exit::Approval))
    }
}
