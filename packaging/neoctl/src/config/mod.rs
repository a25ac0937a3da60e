//! `config`: what terminals do, as a file that somebody writes, signs and publishes; `rollout` brings it to them.

mod form;

use std::io::{self, Read};
use std::path::{Path, PathBuf};
use std::str::FromStr;

use clap::{Args, Subcommand};
use domain::profile::{ProfileName, Settings};
use domain::{DeviceId, decode, encode};
use hq::Pki;
use hq::profile::{MAX_FILE, ProfileError, ProfileFile};
use hq::rollout::{Channel, RolloutError, State, supersede};
use hq::store::{PublishedProfile, StoreError, Transaction};
use serde_json::{Value, json};
use thiserror::Error;

use self::form::FormError;
use crate::answer::{Answer, Rows};
use crate::ca::moment;
use crate::file::{FileError, make};
use crate::fleet::{self, Unknown};
use crate::session::{Effect, HqFolder, PkiFolder, Session, Unready};
use crate::{Exit, pki, rollout};

/// The largest form.
const MAX_FORM: usize = 64 * 1024;
/// What is said of the settings of the program itself.
const EMBEDDED: &str = "embedded";

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Prints the form of a profile, filled in with what terminals do by themselves.
    Template,
    /// Reads a form and says what it sets; a fault is named by its line.
    Validate {
        /// `-` is standard input.
        file: PathBuf,
    },
    /// Signs a form for `config push`, where the key that signs reference data is.
    Sign {
        /// `-` is standard input.
        file: PathBuf,
        #[command(flatten)]
        target: Target,
        /// The new file.
        #[arg(long)]
        out: PathBuf,
        /// Its newest version is the base; without it, the clock alone.
        #[command(flatten)]
        hq: HqFolder,
        #[command(flatten)]
        pki: PkiFolder,
    },
    /// Publishes a profile: a form, which is signed first, or what `config sign` wrote.
    ///
    /// No terminal gets it until a rollout starts: `neoctl rollout create VERSION`.
    Push {
        /// `-` is standard input.
        file: PathBuf,
        #[command(flatten)]
        target: Target,
        #[command(flatten)]
        hq: HqFolder,
        #[command(flatten)]
        pki: PkiFolder,
    },
    /// Lists the published profiles, the newest first.
    List {
        #[command(flatten)]
        hq: HqFolder,
    },
    /// Shows in what two profiles differ.
    Diff {
        /// A version, a form, or `embedded`.
        from: Named,
        /// The same; what the channel follows when absent.
        to: Option<Named>,
        #[command(flatten)]
        target: Target,
        #[command(flatten)]
        hq: HqFolder,
    },
    /// Brings a channel back to the settings before, as a new version, all its terminals at once.
    ///
    /// What is being rolled out in the channel ends. A version only ascends, so that no terminal can be brought back by
    /// anybody else.
    Rollback {
        #[command(flatten)]
        target: Target,
        /// The version whose settings come back; the last one that the whole channel followed when absent.
        #[arg(long)]
        to: Option<u64>,
        #[command(flatten)]
        hq: HqFolder,
        #[command(flatten)]
        pki: PkiFolder,
    },
    /// Lists the channels: their terminals, what they follow, and what is being rolled out.
    Channels {
        #[command(flatten)]
        hq: HqFolder,
    },
    /// Puts a terminal into a channel.
    ///
    /// It keeps its profile until the channel gets a newer one.
    Move {
        #[arg(value_parser = DeviceId::parse)]
        device: DeviceId,
        #[arg(value_parser = channel)]
        channel: Channel,
        #[command(flatten)]
        hq: HqFolder,
    },
}

#[derive(Debug, Args)]
pub(crate) struct Target {
    /// The part of the fleet: stable, pilote or test.
    #[arg(long, default_value = "stable", value_parser = channel)]
    channel: Channel,
}

/// There is no such channel.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
#[error("channels are stable, pilote and test")]
pub(crate) struct NotAChannel;

fn channel(text: &str) -> Result<Channel, NotAChannel> {
    Channel::from_code(text).ok_or(NotAChannel)
}

/// A profile by its version, by the program, or by a form.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Named {
    Version(u64),
    Embedded,
    Form(PathBuf),
}

impl FromStr for Named {
    type Err = std::convert::Infallible;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Ok(match text.parse() {
            Ok(version) => Self::Version(version),
            Err(_) if text == EMBEDDED => Self::Embedded,
            Err(_) => Self::Form(PathBuf::from(text)),
        })
    }
}

/// Why no profile was read, made, published or shown.
#[derive(Debug, Error)]
pub(crate) enum Unconfigured {
    #[error(transparent)]
    Unready(#[from] Unready),
    #[error(transparent)]
    Hq(#[from] Unknown),
    #[error("cannot read the HQ store")]
    Store(#[from] StoreError),
    #[error("cannot open headquarters' keys")]
    Pki(#[from] hq::pki::PkiError),
    #[error(transparent)]
    File(#[from] FileError),
    #[error("`{}` is no profile", path.display())]
    Form {
        path: PathBuf,
        #[source]
        source: FormError,
    },
    #[error("cannot publish the profile")]
    Profile(#[from] ProfileError),
    #[error("`{}` was signed for channel `{signed}`; add `--channel {signed}`", path.display())]
    OtherChannel { path: PathBuf, signed: String },
    #[error("there is no profile of version {version}; `neoctl config list` names those there are")]
    NoProfile { version: u64 },
    #[error("channel `{channel}` has had no rollout; there is nothing to come back from")]
    NothingBefore { channel: &'static str },
    #[error(transparent)]
    Rollout(#[from] RolloutError),
}

impl Unconfigured {
    pub(crate) fn exit(&self) -> Exit {
        match self {
            Self::Unready(unready) => unready.exit(),
            Self::Hq(unknown) => unknown.exit(),
            Self::Pki(error) | Self::Profile(ProfileError::Key(error)) => pki::exit(error),
            Self::File(error) => error.exit(),
            Self::Profile(ProfileError::Untrusted) => Exit::Refuted,
            Self::Profile(ProfileError::NotNewer { .. }) | Self::OtherChannel { .. } => Exit::Conflict,
            Self::NoProfile { .. } | Self::NothingBefore { .. } => Exit::NotFound,
            Self::Rollout(error) => rollout::exit(error),
            Self::Store(_)
            | Self::Form { .. }
            | Self::Profile(ProfileError::Store(_) | ProfileError::Unreadable) => Exit::Failed,
        }
    }
}

impl Command {
    pub(crate) const fn effect(&self) -> Effect<'_> {
        match self {
            Self::Template
            | Self::Validate { .. }
            | Self::List { .. }
            | Self::Diff { .. }
            | Self::Channels { .. } => Effect::Reads,
            Self::Sign { .. } | Self::Push { .. } | Self::Rollback { .. } | Self::Move { .. } => {
                Effect::Writes
            }
        }
    }

    pub(crate) fn run(&self, session: &Session<'_>) -> Result<Answer, Unconfigured> {
        let config = |rows| Answer::one("config", rows);
        Ok(match self {
            Self::Template => Answer::raw("template", form::template()),
            Self::Validate { file } => {
                let (name, settings) = read_form(file)?;
                let mut rows = vec![("name", name.as_str().into())];
                rows.extend(form::lines(&settings));
                config(Rows(rows))
            }
            Self::Sign {
                file,
                target,
                out,
                hq,
                pki,
            } => config(sign(file, target.channel, out, session, (hq, pki))?),
            Self::Push {
                file,
                target,
                hq,
                pki,
            } => config(push(file, target.channel, session, (hq, pki))?),
            Self::List { hq } => Answer::many("config", "configs", list(session.hq(hq)?)?),
            Self::Diff { from, to, target, hq } => {
                let changes = diff(from, to.as_ref(), target.channel, session.hq_if_any(hq))?;
                Answer::many("change", "changes", changes)
            }
            Self::Rollback { target, to, hq, pki } => {
                let rows = roll_back(target.channel, *to, session, (hq, pki))?;
                Answer::one("rollout", rows)
            }
            Self::Channels { hq } => Answer::many("channel", "channels", channels(session.hq(hq)?)?),
            Self::Move { device, channel, hq } => {
                let mut store = fleet::open(session.hq(hq)?)?;
                let transaction = store.begin()?;
                if !transaction.is_device(device)? {
                    let device = device.clone();
                    return Err(Unknown::Device { device }.into());
                }
                transaction.set_channel(device, *channel)?;
                transaction.note_event(device, "channel", channel.code(), session.now)?;
                transaction.commit()?;
                let rows = vec![("id", device.as_str().into()), ("channel", channel.code().into())];
                Answer::one("device", Rows(rows))
            }
        })
    }
}

type Folders<'a> = (&'a HqFolder, &'a PkiFolder);

fn bytes(path: &Path, most: usize) -> Result<Vec<u8>, Unconfigured> {
    if path != Path::new("-") {
        return Ok(crate::file::read(path)?);
    }
    let mut bytes = Vec::new();
    let read = io::stdin().lock().take(most as u64 + 1).read_to_end(&mut bytes);
    read.map_err(|source| FileError::Read {
        path: path.to_owned(),
        source,
    })?;
    Ok(bytes)
}

fn read_form(path: &Path) -> Result<(ProfileName, Settings), Unconfigured> {
    of_bytes(path, bytes(path, MAX_FORM)?)
}

fn of_bytes(path: &Path, bytes: Vec<u8>) -> Result<(ProfileName, Settings), Unconfigured> {
    let fault = |source| Unconfigured::Form {
        path: path.to_owned(),
        source,
    };
    if bytes.len() > MAX_FORM {
        return Err(fault(FormError::Long));
    }
    form::parse(bytes).map_err(fault)
}

fn sign<'a>(
    file: &Path,
    channel: Channel,
    out: &Path,
    session: &Session<'a>,
    (hq, pki): Folders<'a>,
) -> Result<Rows, Unconfigured> {
    let (name, settings) = read_form(file)?;
    let newest = match session.hq_if_any(hq) {
        Some(dir) => fleet::open(dir)?.begin()?.newest_profile()?,
        None => 0,
    };
    let pki = Pki::open(session.pki(pki)?)?;
    let signed = hq::profile::sign(&pki, name, settings, newest, session.now)?;
    let profile = hq::profile::verify(&signed, pki.root(), session.now)?;
    let file = ProfileFile {
        channel: channel.code().to_owned(),
        profile: signed,
    };
    make(out, &encode(&file))?;
    Ok(Rows(vec![
        ("version", profile.serial.into()),
        ("name", profile.name.as_str().into()),
        ("channel", channel.code().into()),
        ("file", out.display().to_string().into()),
        ("published", false.into()),
    ]))
}

fn push<'a>(
    file: &Path,
    channel: Channel,
    session: &Session<'a>,
    (hq, pki): Folders<'a>,
) -> Result<Rows, Unconfigured> {
    let content = bytes(file, MAX_FORM)?;
    let mut store = fleet::open(session.hq(hq)?)?;
    let pki = Pki::open(session.pki(pki)?)?;
    let read = Some(&content)
        .filter(|content| content.len() <= MAX_FILE)
        .and_then(|content| decode::<ProfileFile>(content).ok());
    let signed = match read {
        Some(read) if read.channel == channel.code() => read.profile,
        Some(read) => {
            return Err(Unconfigured::OtherChannel {
                path: file.to_owned(),
                signed: read.channel,
            });
        }
        None => {
            let (name, settings) = of_bytes(file, content)?;
            let newest = store.begin()?.newest_profile()?;
            hq::profile::sign(&pki, name, settings, newest, session.now)?
        }
    };
    let published = hq::profile::publish(&mut store, pki.root(), channel, &signed, session.now)?;
    Ok(line(&published))
}

fn line(published: &PublishedProfile) -> Rows {
    let profile = &published.profile;
    let mut rows = vec![
        ("version", profile.serial.into()),
        ("name", profile.name.as_str().into()),
        ("channel", published.channel.code().into()),
        ("published_at", moment(published.published)),
    ];
    rows.extend(form::lines(&profile.settings));
    Rows(rows)
}

fn list(hq: &Path) -> Result<Vec<Rows>, Unconfigured> {
    let mut store = fleet::open(hq)?;
    let transaction = store.begin()?;
    let mut versions = Vec::new();
    for channel in Channel::ALL {
        versions.extend(transaction.profiles_of(channel)?);
    }
    versions.sort_unstable_by(|one, other| other.cmp(one));
    versions
        .into_iter()
        .map(|version| Ok(line(&published(&transaction, version)?)))
        .collect()
}

fn published(transaction: &Transaction<'_>, version: u64) -> Result<PublishedProfile, Unconfigured> {
    transaction
        .profile(version)?
        .ok_or(Unconfigured::NoProfile { version })
}

/// The newest version that the whole channel gets.
fn followed(transaction: &Transaction<'_>, channel: Channel) -> Result<Option<u64>, StoreError> {
    let rollouts = transaction.rollouts(Some(channel))?;
    let done = rollouts.iter().find(|rollout| rollout.state == State::Done);
    Ok(done.map(|rollout| rollout.serial))
}

fn diff(
    from: &Named,
    to: Option<&Named>,
    channel: Channel,
    hq: Option<&Path>,
) -> Result<Vec<Rows>, Unconfigured> {
    let settings = |named: &Named| -> Result<Settings, Unconfigured> {
        match named {
            Named::Embedded => Ok(Settings::EMBEDDED),
            Named::Form(path) => Ok(read_form(path)?.1),
            Named::Version(version) => {
                let mut store = fleet::open(hq.ok_or(Unready::NoFolder)?)?;
                let transaction = store.begin()?;
                Ok(published(&transaction, *version)?.profile.settings)
            }
        }
    };
    let to = match to {
        Some(to) => to.clone(),
        None => {
            let mut store = fleet::open(hq.ok_or(Unready::NoFolder)?)?;
            followed(&store.begin()?, channel)?.map_or(Named::Embedded, Named::Version)
        }
    };
    let (from, to) = (form::lines(&settings(from)?), form::lines(&settings(&to)?));
    let differing = from.into_iter().zip(to).filter(|(from, to)| from.1 != to.1);
    let change = |((name, from), (_, to)): ((&'static str, Value), (&'static str, Value))| {
        Rows(vec![("setting", name.into()), ("from", from), ("to", to)])
    };
    Ok(differing.map(change).collect())
}

fn roll_back<'a>(
    channel: Channel,
    to: Option<u64>,
    session: &Session<'a>,
    (hq, pki): Folders<'a>,
) -> Result<Rows, Unconfigured> {
    let mut store = fleet::open(session.hq(hq)?)?;
    let pki = Pki::open(session.pki(pki)?)?;
    let (name, settings, newest) = {
        let transaction = store.begin()?;
        let before = match to {
            Some(version) => Some(version),
            None => before(&transaction, channel)?,
        };
        let newest = transaction.newest_profile()?;
        match before {
            Some(version) => {
                let profile = published(&transaction, version)?.profile;
                (profile.name, profile.settings, newest)
            }
            None => {
                let name = ProfileName::parse(EMBEDDED).expect("the word is a name");
                (name, Settings::EMBEDDED, newest)
            }
        }
    };
    let signed = hq::profile::sign(&pki, name, settings, newest, session.now)?;
    let published = hq::profile::publish(&mut store, pki.root(), channel, &signed, session.now)?;
    let rollout = supersede(&mut store, published.profile.serial, session.now)?;
    Ok(rollout::line(&rollout))
}

/// The version that the whole channel followed before the last one that went out; none for what the program has.
fn before(transaction: &Transaction<'_>, channel: Channel) -> Result<Option<u64>, Unconfigured> {
    let rollouts = transaction.rollouts(Some(channel))?;
    let mut gone_out = rollouts.iter().filter(|rollout| rollout.state != State::Created);
    if gone_out.next().is_none() {
        let channel = channel.code();
        return Err(Unconfigured::NothingBefore { channel });
    }
    let done = gone_out.find(|rollout| rollout.state == State::Done);
    Ok(done.map(|rollout| rollout.serial))
}

fn channels(hq: &Path) -> Result<Vec<Rows>, Unconfigured> {
    let mut store = fleet::open(hq)?;
    let transaction = store.begin()?;
    let mut list = Vec::new();
    for channel in Channel::ALL {
        let followed = match followed(&transaction, channel)? {
            Some(version) => Some(published(&transaction, version)?.profile),
            None => None,
        };
        let rollouts = transaction.rollouts(Some(channel))?;
        let open = rollouts
            .iter()
            .find(|rollout| !matches!(rollout.state, State::Done | State::Aborted));
        list.push(Rows(vec![
            ("channel", channel.code().into()),
            ("terminals", transaction.members(channel)?.len().into()),
            (
                "version",
                followed.as_ref().map_or(Value::Null, |profile| profile.serial.into()),
            ),
            (
                "name",
                followed
                    .as_ref()
                    .map_or(EMBEDDED, |profile| profile.name.as_str())
                    .into(),
            ),
            (
                "rollout",
                open.map_or(Value::Null, |rollout| {
                    json!({ "version": rollout.serial, "state": rollout.state.code(), "percent": rollout.percent() })
                }),
            ),
        ]));
    }
    Ok(list)
}
