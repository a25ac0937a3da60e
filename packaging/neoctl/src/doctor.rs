//! `doctor`: what is wrong with a headquarters, each finding with what to do about it.
//!
//! What could not be looked at says so: a list without faults is only good when every line was checked.

use std::fs;
use std::io;
use std::net::{TcpStream, ToSocketAddrs};
use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::time::Duration;

use clap::Args;
use domain::UnixMs;
use domain::enrolment::Address;
use hq::pki::{self, Pki, PkiError, Stage};

use crate::answer::Answer;
use crate::ca::{days_left, moment};
use crate::chart::{Chart, Finding};
use crate::fleet;
use crate::session::{HqFolder, PkiFolder, Session, Unready};

/// A certificate with fewer days is to be renewed.
const SOON: i64 = 30;
const PATIENCE: Duration = Duration::from_secs(5);
/// A store that was written later than this after now shows a clock that went back.
const SLACK: i64 = 300_000;

#[derive(Debug, Args)]
pub(crate) struct Doctor {
    #[command(flatten)]
    hq: HqFolder,
    #[command(flatten)]
    pki: PkiFolder,
    /// A broker that has to answer; not looked at when absent.
    #[arg(long, value_parser = Address::parse, value_name = "mqtts://HOST:PORT")]
    broker: Option<Address>,
}

impl Doctor {
    pub(crate) fn run(&self, session: &Session<'_>) -> Result<Answer, Unready> {
        let mut chart = Chart::default();
        let now = session.now;
        let (dir, keys) = (session.hq(&self.hq)?, session.pki(&self.pki)?);
        folder(&mut chart, dir, now);
        permissions(&mut chart, keys);
        let opened = certificates(&mut chart, keys, now);
        revocations(&mut chart, opened.as_ref(), dir, now);
        broker(&mut chart, self.broker.as_ref());
        Ok(chart.answer())
    }
}

fn folder(chart: &mut Chart, dir: &Path, now: UnixMs) {
    let mut store = match fleet::open(dir) {
        Ok(store) => store,
        Err(error) => {
            let advice = "give the folder of `neo-hq --dir`, or start `neo-hq` once to make it";
            chart.note(
                "store",
                Finding::Failed,
                format!("{:#}", anyhow::Error::from(error)),
                advice,
            );
            chart.note("clock", Finding::NotChecked, "no store to hold it against", "");
            return;
        }
    };
    let newest = store.begin().and_then(|transaction| {
        let counts = transaction.counts()?;
        Ok((counts, transaction.certificates(None)?))
    });
    match newest {
        Err(error) => {
            let saw = format!("{:#}", anyhow::Error::from(error));
            chart.note(
                "store",
                Finding::Failed,
                saw,
                "restore the folder from its backup",
            );
            chart.note("clock", Finding::NotChecked, "the store cannot be read", "");
        }
        Ok((counts, certificates)) => {
            let [(name, terminals), ..] = counts.rows();
            chart.note("store", Finding::Ok, format!("{terminals} {name}"), "");
            let last = certificates.iter().map(|issued| issued.issued).max();
            match last {
                Some(last) if last.0 > now.0 + SLACK => {
                    let saw = format!(
                        "the store was written at {}Z, and it is {}Z",
                        last.civil(0),
                        now.civil(0)
                    );
                    let advice = "set the clock of this machine (`timedatectl`): certificates would begin in the wrong year";
                    chart.note("clock", Finding::Failed, saw, advice);
                }
                Some(_) => chart.note("clock", Finding::Ok, format!("{}Z", now.civil(0)), ""),
                None => chart.note(
                    "clock",
                    Finding::NotChecked,
                    "nothing was issued that says what time it was",
                    "",
                ),
            }
        }
    }
}

fn permissions(chart: &mut Chart, dir: &Path) {
    match open_secrets(dir) {
        Err(error) => {
            let saw = format!("cannot look into `{}`: {error}", dir.display());
            let advice = "give the folder of `neo-hq --pki`; make one with `neoctl ca init`";
            chart.note("key_files", Finding::Failed, saw, advice);
        }
        Ok((0, _)) => {
            let saw = format!("there is no key in `{}`", dir.display());
            chart.note(
                "key_files",
                Finding::Failed,
                saw,
                "make keys with `neoctl ca init`",
            );
        }
        Ok((looked_at, open)) if open.is_empty() => {
            chart.note(
                "key_files",
                Finding::Ok,
                format!("{looked_at} files of their owner alone"),
                "",
            );
        }
        Ok((_, open)) => {
            let saw = format!("others may read {}", open.join(", "));
            let advice = format!(
                "`chmod 600` them in `{}`; if others could log in here, make new keys",
                dir.display()
            );
            chart.note("key_files", Finding::Failed, saw, advice);
        }
    }
    let left: Vec<String> = fs::read_dir(dir.join("offline"))
        .map(|entries| {
            let names =
                entries.filter_map(|entry| Some(entry.ok()?.file_name().to_string_lossy().into_owned()));
            // A certificate beside its key is no secret.
            names.filter(|name| !name.ends_with(".pem")).collect()
        })
        .unwrap_or_default();
    if left.is_empty() {
        chart.note("root", Finding::Ok, "no key that belongs elsewhere is here", "");
    } else {
        let advice = "take `offline/` off this machine: the root into a safe, each other key to its person";
        let saw = format!("beside the others lie {}", left.join(", "));
        chart.note("root", Finding::Warning, saw, advice);
    }
}

/// How many secret files there are, and which of them somebody else may read.
fn open_secrets(dir: &Path) -> io::Result<(usize, Vec<String>)> {
    let (mut looked_at, mut open) = (0, Vec::new());
    for entry in fs::read_dir(dir)? {
        let entry = entry?;
        let name = entry.file_name().to_string_lossy().into_owned();
        if name.ends_with(".key") || name.ends_with(".age") {
            looked_at += 1;
            if entry.metadata()?.permissions().mode() & 0o077 != 0 {
                open.push(format!("`{name}`"));
            }
        }
    }
    open.sort();
    Ok((looked_at, open))
}

fn certificates(chart: &mut Chart, dir: &Path, now: UnixMs) -> Option<Pki> {
    match pki::status(dir) {
        Err(error) => {
            let saw = format!("{:#}", anyhow::Error::from(error));
            chart.note(
                "certificates",
                Finding::Failed,
                saw,
                "restore the file from the backup of the keys",
            );
        }
        Ok(status) if status.stage != Stage::Complete => {
            let advice = match status.stage {
                Stage::Drawn => "go on with `neoctl ca export-csrs`, `ca sign` and `ca import`",
                Stage::Empty | Stage::Complete => "make keys with `neoctl ca init`",
            };
            chart.note(
                "certificates",
                Finding::Failed,
                "the keys have no certificates",
                advice,
            );
        }
        Ok(status) => {
            for (name, certificate) in &status.certificates {
                let left = days_left(certificate, now);
                let saw = format!("`{name}` counts for {left} days");
                let (finding, advice) = match left {
                    ..0 => (
                        Finding::Failed,
                        "it has ended: renew it with the root before anything else",
                    ),
                    0..SOON => (Finding::Warning, "renew it with the root before it ends"),
                    SOON.. => (Finding::Ok, ""),
                };
                chart.note("certificate", finding, saw, advice);
            }
        }
    }
    match Pki::open(dir) {
        Ok(pki) => {
            chart.note("keys", Finding::Ok, "every key is that of its certificate", "");
            Some(pki)
        }
        Err(error) => {
            let is_denied = matches!(&error, PkiError::Read { source, .. } if source.kind() == io::ErrorKind::PermissionDenied);
            let advice = if matches!(error, PkiError::Mismatch { .. }) {
                "restore key and certificate from the same backup"
            } else if is_denied {
                "run this as the account that owns the keys"
            } else {
                "restore the file from the backup of the keys"
            };
            let saw = format!("{:#}", anyhow::Error::from(error));
            chart.note("keys", Finding::Failed, saw, advice);
            None
        }
    }
}

fn revocations(chart: &mut Chart, pki: Option<&Pki>, dir: &Path, now: UnixMs) {
    let Some(pki) = pki else {
        chart.note("crl", Finding::NotChecked, "the keys do not open", "");
        return;
    };
    let crl = match pki.crl() {
        Ok(crl) => crl,
        Err(error) => {
            let saw = format!("{:#}", anyhow::Error::from(error));
            chart.note(
                "crl",
                Finding::Failed,
                saw,
                "make one with `neoctl crl publish`, and restart the broker",
            );
            return;
        }
    };
    let missing = fleet::open(dir).ok().and_then(|mut store| {
        let issued = store.begin().ok()?.certificates(None).ok()?;
        let is_missing = |issued: &&hq::store::IssuedCertificate| {
            issued.revoked.is_some() && crl.find(issued.certificate.serial()).is_none()
        };
        Some(issued.iter().filter(is_missing).count())
    });
    let until = moment(UnixMs(crl.next_update_unix_ms));
    let until = until.as_str().unwrap_or_default();
    let half = (crl.next_update_unix_ms + crl.this_update_unix_ms) / 2;
    let publish = "`neoctl crl publish`, and restart the broker";
    let number = crl.number;
    match missing {
        _ if now.0 >= crl.next_update_unix_ms => {
            let saw = format!("list {number} ended at {until}: the broker refuses every terminal");
            chart.note("crl", Finding::Failed, saw, publish);
        }
        Some(missing) if missing > 0 => {
            let saw = format!("{missing} revoked certificates are not on list {number}");
            chart.note("crl", Finding::Failed, saw, publish);
        }
        _ if now.0 >= half => {
            let saw = format!("list {number} ends at {until}");
            chart.note("crl", Finding::Warning, saw, publish);
        }
        None => chart.note(
            "crl",
            Finding::NotChecked,
            format!("list {number} without a store to hold it against"),
            "",
        ),
        Some(_) => chart.note(
            "crl",
            Finding::Ok,
            format!("list {number} counts until {until}"),
            "",
        ),
    }
}

fn broker(chart: &mut Chart, address: Option<&Address>) {
    let Some(address) = address else {
        chart.note("broker", Finding::NotChecked, "no `--broker` was given", "");
        return;
    };
    let reached = (address.host.as_str(), address.port)
        .to_socket_addrs()
        .and_then(|mut found| {
            let found = found.next().ok_or(io::ErrorKind::NotFound)?;
            TcpStream::connect_timeout(&found, PATIENCE)
        });
    match reached {
        Ok(_) => chart.note(
            "broker",
            Finding::Ok,
            format!("`{address}` takes connections"),
            "",
        ),
        Err(error) => {
            chart.is_unreachable();
            let advice =
                "start the broker (`systemctl status mosquitto` says why it ended), or open the port";
            chart.note("broker", Finding::Failed, format!("`{address}`: {error}"), advice);
        }
    }
}
