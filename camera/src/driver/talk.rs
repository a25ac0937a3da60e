//! A meeting after the handshake: commands and the camera's words in, recordings and events out.

use domain::ClipId;
use trust::seal::Recipient;

use super::link::Link;
use super::{Ending, Event, Role};
use crate::ingest::Peer;
use crate::taking::{Outcome, Shelf, take_in};

pub(super) struct Talk<'a> {
    link: Link<'a>,
    peer: Peer,
    role: &'a Role,
}

impl<'a> Talk<'a> {
    pub(super) fn new(link: Link<'a>, peer: Peer, role: &'a Role) -> Self {
        Self { link, peer, role }
    }

    pub(super) fn run(mut self) -> Ending {
        loop {
            let step = match self.link.next_wanted() {
                Some((clip, viewer)) => self.take(clip, viewer),
                None => self.link.serve(),
            };
            if let Err(ending) = step {
                return ending;
            }
        }
    }

    fn take(&mut self, clip: ClipId, viewer: Option<Recipient>) -> Result<(), Ending> {
        let recipients: Vec<Recipient> = self.role.recipients.iter().copied().chain(viewer).collect();
        let shelf = Shelf {
            vault: &self.role.vault,
            recipients: &recipients,
        };
        let outcome = take_in(&mut self.link, shelf, &self.peer, clip, |link, done| {
            link.tell_progress(clip, done);
        })?;
        self.link.done();
        self.link.tell(match outcome {
            Outcome::Finished(manifest) => Event::Finished { clip, manifest },
            Outcome::Refused { refusal, fault } => Event::Refused { clip, refusal, fault },
            Outcome::Absent => Event::Absent { clip },
            Outcome::VaultFailed(error) => Event::VaultFailed { clip, error },
        });
        Ok(())
    }
}
