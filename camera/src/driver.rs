//! One meeting with a camera over a stream, on the caller's thread, for whoever supervises it.
//!
//! A meeting ends in one [`Ending`]; whatever was stored by then is gone on with in the next one. The reader's frames
//! and the supervisor's commands share one bounded queue: frames wait for the disk, commands are refused when sixteen
//! wait.

mod link;
mod talk;

use std::net::{Shutdown, TcpStream};
use std::sync::Arc;
use std::sync::mpsc::{Receiver, SyncSender, TrySendError, sync_channel};
use std::thread;
use std::time::Duration;

use domain::dialogue::ClipRefusal;
use domain::footage::{ClipListing, Manifest, TriggerCause};
use domain::officer::Matricule;
use domain::{ClipId, Digest, UnixMs};
use thiserror::Error;
use trust::cert::{Certificate, Revocations};
use trust::seal::Recipient;

use self::link::Link;
use self::talk::Talk;
use crate::beacon::Beacon;
use crate::framing::{FrameReader, write_frame};
use crate::ingest::Fault;
use crate::invitation::Invitation;
use crate::pairing::{Bond, Channel, PairingRefusal, Reunion, Tap, Trust};
use crate::protocol::{Custody, FromTerminal, Status};
use crate::secret::Secret32;
use crate::vault::{Vault, VaultError};

/// A camera that says nothing for so long is gone; it speaks at least every third of it.
pub const SILENCE: Duration = Duration::from_secs(15);

const COMMANDS: usize = 16;
const FRAMES: usize = 8;

/// How the two know each other.
pub enum Entry {
    Tap(Invitation),
    Known(Bond),
}

/// Signs with the device's key (`r ‖ s`); nothing when the key is out of reach.
pub type Sign = dyn Fn(&[u8]) -> Option<Vec<u8>> + Send;

/// Who the terminal is, what it believes, and where recordings go.
pub struct Role {
    pub entry: Entry,
    /// The terminal's certificate and the authorities above it, the terminal's first.
    pub device: Vec<Certificate>,
    /// Asked at a touch only.
    pub sign: Box<Sign>,
    /// Whom cameras must be vouched for by.
    pub anchors: Vec<Certificate>,
    /// Which of them are vouched for no longer.
    pub revocations: Arc<Revocations>,
    pub now: UnixMs,
    pub vault: Vault,
    /// Whom segments are encrypted for.
    pub recipients: Vec<Recipient>,
    /// See [`SILENCE`].
    pub silence: Duration,
}

/// What the supervisor asks for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Command {
    ListClips,
    /// Brings a recording in; several are taken one after the other.
    Take {
        clip: ClipId,
        /// Who may open it besides those of the role.
        viewer: Option<Recipient>,
    },
    /// The manifest is committed.
    Taken {
        clip: ClipId,
        root: Digest,
    },
    /// HQ's receipt came; `signer` is its certificate and those above it (DER).
    Received {
        clip: ClipId,
        root: Digest,
        receipt: Vec<u8>,
        signer: Vec<Vec<u8>>,
    },
    /// What the camera signed of itself behind this counter.
    Events {
        after: u64,
    },
    /// Asks it to record.
    Trigger {
        cause: TriggerCause,
        counter: u64,
    },
    /// Whose the camera is from now on.
    Assign {
        to: Option<Matricule>,
    },
    Leave,
}

impl Command {
    /// The word that says it; none for what a meeting does by itself.
    pub fn word(self) -> Option<FromTerminal> {
        Some(match self {
            Self::ListClips => FromTerminal::ListClips,
            Self::Taken { clip, root } => FromTerminal::Taken { clip, root },
            Self::Received {
                clip,
                root,
                receipt,
                signer,
            } => FromTerminal::Received {
                clip,
                root,
                receipt,
                signer: signer.into_iter().map(Into::into).collect(),
            },
            Self::Events { after } => FromTerminal::Events { after },
            Self::Trigger { cause, counter } => FromTerminal::Trigger { cause, counter },
            Self::Assign { to } => FromTerminal::Assign { to },
            Self::Take { .. } | Self::Leave => return None,
        })
    }
}

/// What the supervisor learns.
#[derive(Debug)]
pub enum Event {
    /// To be stored in place of what was known of this camera; said once a meeting.
    Met {
        bond: Box<Bond>,
    },
    Status(Status),
    /// Signed messages, which nobody has checked.
    Events(Vec<Vec<u8>>),
    /// The camera had this trigger before, or a later one.
    NotTriggered {
        counter: u64,
    },
    Clips(Vec<ClipListing>),
    /// `done` segments of `of` are stored.
    Progress {
        clip: ClipId,
        done: u32,
        of: u32,
    },
    /// Every byte is in the vault. Said again when a recording that is there already is asked for.
    Finished {
        clip: ClipId,
        manifest: Box<Manifest>,
    },
    /// Nothing of the recording is kept.
    Refused {
        clip: ClipId,
        refusal: ClipRefusal,
        fault: Fault,
    },
    /// The camera has no such recording.
    Absent {
        clip: ClipId,
    },
    /// The camera remembers what was said of a recording.
    Noted {
        clip: ClipId,
        custody: Custody,
    },
    /// The camera does not accept HQ's receipt.
    NotProven {
        clip: ClipId,
    },
    /// What is stored stays and is gone on with at the next [`Command::Take`].
    VaultFailed {
        clip: ClipId,
        error: VaultError,
    },
}

/// Why a meeting is over.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum Ending {
    #[error("the terminal left")]
    Left,
    /// During the recording `clip`, if one was under way.
    #[error("the camera is out of reach")]
    Vanished { clip: Option<ClipId> },
    #[error("the camera closed without a word: the invitation is wrong or used, or this terminal forgotten")]
    Unanswered,
    #[error("the camera is not accepted")]
    Refused(#[source] PairingRefusal),
    #[error("another camera is near, and this one is out of reach")]
    AnotherCamera,
    #[error("the device's key is out of reach")]
    NoKey,
}

/// Why a command is not taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum NotSent {
    #[error("too many commands wait")]
    Busy,
    #[error("the meeting is over")]
    Over,
}

enum Mail {
    Command(Command),
    Frame(Vec<u8>),
    Gone,
}

/// The supervisor's end of a meeting.
#[derive(Clone)]
pub struct Commands(SyncSender<Mail>);

impl Commands {
    pub fn send(&self, command: Command) -> Result<(), NotSent> {
        self.0
            .try_send(Mail::Command(command))
            .map_err(|error| match error {
                TrySendError::Full(_) => NotSent::Busy,
                TrySendError::Disconnected(_) => NotSent::Over,
            })
    }
}

/// The meeting's end; each serves one meeting.
pub struct Mailbox {
    sender: SyncSender<Mail>,
    receiver: Receiver<Mail>,
}

/// Makes the two ends.
pub fn mailbox() -> (Commands, Mailbox) {
    let (sender, receiver) = sync_channel(COMMANDS + FRAMES + 1);
    (Commands(sender.clone()), Mailbox { sender, receiver })
}

/// Meets the camera at the other end of `stream` and serves commands until the meeting ends.
pub fn session(stream: &TcpStream, role: &Role, mailbox: Mailbox, on_event: &dyn Fn(Event)) -> Ending {
    let ready = stream
        .set_nodelay(true)
        .and_then(|()| stream.set_read_timeout(Some(role.silence)))
        .and_then(|()| stream.set_write_timeout(Some(role.silence)))
        .and_then(|()| stream.try_clone());
    let Ok(source) = ready else {
        return Ending::Vanished { clip: None };
    };
    let mut reader = FrameReader::new(source);
    let (channel, bond) = match meet(stream, &mut reader, role) {
        Ok(met) => met,
        Err(ending) => return ending,
    };
    let peer = match bond.certificate() {
        Ok(certificate) => crate::ingest::Peer {
            camera: bond.camera.clone(),
            certificate,
            pairing: bond.transcript,
        },
        Err(refusal) => return Ending::Refused(refusal),
    };
    let Mailbox { sender, receiver } = mailbox;
    let (credit, spent) = sync_channel(FRAMES);
    thread::scope(|scope| {
        scope.spawn(move || forward(&mut reader, &sender, &credit));
        let link = Link::new(stream, channel, bond, on_event, (receiver, spent));
        let ending = Talk::new(link, peer, role).run();
        // The reader waits in the stream, and only this wakes it.
        let _ = stream.shutdown(Shutdown::Both);
        ending
    })
}

/// Reads frames until the stream ends or falls silent; at most `FRAMES` are ahead of the disk.
fn forward(reader: &mut FrameReader<TcpStream>, mail: &SyncSender<Mail>, credit: &SyncSender<()>) {
    while let Ok(frame) = reader.next_frame() {
        if credit.send(()).is_err() || mail.send(Mail::Frame(frame)).is_err() {
            return;
        }
    }
    // Nobody is left to tell when the meeting ended first.
    let _ = mail.send(Mail::Gone);
}

fn meet(
    mut stream: &TcpStream,
    reader: &mut FrameReader<TcpStream>,
    role: &Role,
) -> Result<(Channel, Bond), Ending> {
    let trust = Trust {
        anchors: &role.anchors,
        revocations: &role.revocations,
        at: role.now,
    };
    let refused = Ending::Refused;
    let gone = |_| Ending::Vanished { clip: None };
    let heard = reader.next_frame().map_err(|_| Ending::Unanswered)?;
    let heard = Beacon(heard.try_into().map_err(|_| Ending::Unanswered)?);
    match &role.entry {
        Entry::Tap(invitation) => {
            let (tap, first) = Tap::begin(invitation.clone()).map_err(refused)?;
            write_frame(&mut stream, &first).map_err(gone)?;
            let answer = reader.next_frame().map_err(|_| Ending::Unanswered)?;
            let introduced = tap.meet(&answer, trust).map_err(refused)?;
            let signature = (role.sign)(introduced.to_be_signed()).ok_or(Ending::NoKey)?;
            let (last, channel, bond) = introduced
                .accept(&role.device, &signature, Secret32::generate())
                .map_err(refused)?;
            write_frame(&mut stream, &last).map_err(gone)?;
            Ok((channel, bond))
        }
        // Whoever is not its camera hears nothing of this terminal.
        Entry::Known(bond) if !bond.may_be(&heard, role.now) => Err(Ending::AnotherCamera),
        Entry::Known(bond) => {
            let (reunion, first) =
                Reunion::begin(bond.clone(), Secret32::generate(), trust).map_err(refused)?;
            write_frame(&mut stream, &first).map_err(gone)?;
            let answer = reader.next_frame().map_err(|_| Ending::Unanswered)?;
            reunion.meet(&answer).map_err(refused)
        }
    }
}
