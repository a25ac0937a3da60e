//! The way to a camera that was met: a source of its recordings, which serves the supervisor's commands meanwhile.

use std::collections::{BTreeMap, VecDeque};
use std::net::TcpStream;
use std::sync::mpsc::Receiver;

use domain::ClipId;
use trust::seal::Recipient;

use super::{Command, Ending, Event, Mail};
use crate::framing::write_frame;
use crate::pairing::{Bond, Channel};
use crate::protocol::{FromCamera, FromTerminal};
use crate::source::{Request, Source, Word};

pub(super) struct Link<'a> {
    stream: &'a TcpStream,
    channel: Channel,
    mail: Receiver<Mail>,
    /// One for each frame that the reader has sent.
    spent: Receiver<()>,
    on_event: &'a dyn Fn(Event),
    /// Told when the camera's first word shows that it has accepted.
    bond: Option<Bond>,
    /// Recordings to be taken in.
    wanted: VecDeque<(ClipId, Option<Recipient>)>,
    /// The recording under way.
    asked: Option<ClipId>,
    /// Segments of each recording, as the camera lists them.
    listed: BTreeMap<ClipId, u32>,
}

impl<'a> Link<'a> {
    pub(super) fn new(
        stream: &'a TcpStream,
        channel: Channel,
        bond: Bond,
        on_event: &'a dyn Fn(Event),
        (mail, spent): (Receiver<Mail>, Receiver<()>),
    ) -> Self {
        Self {
            stream,
            channel,
            mail,
            spent,
            on_event,
            bond: Some(bond),
            wanted: VecDeque::new(),
            asked: None,
            listed: BTreeMap::new(),
        }
    }

    /// With who may open it besides those of the role.
    pub(super) fn next_wanted(&mut self) -> Option<(ClipId, Option<Recipient>)> {
        self.wanted.pop_front()
    }

    /// No recording is under way any more.
    pub(super) fn done(&mut self) {
        self.asked = None;
    }

    /// Serves one command or frame while no recording is under way; a word is the tail of one that was given up.
    pub(super) fn serve(&mut self) -> Result<(), Ending> {
        self.next().map(|_| ())
    }

    pub(super) fn tell(&self, event: Event) {
        (self.on_event)(event);
    }

    pub(super) fn tell_progress(&self, clip: ClipId, done: u32) {
        let of = self.listed.get(&clip).map_or(done, |listed| done.max(*listed));
        self.tell(Event::Progress { clip, done, of });
    }

    fn next(&mut self) -> Result<Option<Word>, Ending> {
        match self.mail.recv() {
            Ok(Mail::Command(command)) => self.obey(command).map(|()| None),
            Ok(Mail::Frame(frame)) => {
                // The reader paid before it sent the frame, so that this never waits.
                let _ = self.spent.recv();
                self.read(&frame)
            }
            Ok(Mail::Gone) | Err(_) => Err(self.vanished()),
        }
    }

    fn obey(&mut self, command: Command) -> Result<(), Ending> {
        match command {
            Command::Take { clip, viewer } => {
                self.wanted.push_back((clip, viewer));
                Ok(())
            }
            Command::Leave => Err(Ending::Left),
            said @ (Command::ListClips
            | Command::Taken { .. }
            | Command::Received { .. }
            | Command::Events { .. }
            | Command::Trigger { .. }
            | Command::Assign { .. }) => said.word().map_or(Ok(()), |word| self.say(&word)),
        }
    }

    /// Gives a word about a recording, and tells everything else.
    fn read(&mut self, frame: &[u8]) -> Result<Option<Word>, Ending> {
        let message = self
            .channel
            .open(frame)
            .and_then(|bytes| FromCamera::from_bytes(&bytes).ok());
        let message = message.ok_or_else(|| self.vanished())?;
        if let Some(mut bond) = self.bond.take() {
            if let FromCamera::Beacon { key } = &message {
                bond.is_found_by(*key);
            }
            self.tell(Event::Met { bond: Box::new(bond) });
        }
        match message {
            FromCamera::Beacon { .. } => {}
            FromCamera::Status(status) => self.tell(Event::Status(status)),
            FromCamera::Clips(clips) => {
                self.listed = clips
                    .iter()
                    .map(|listing| (listing.clip, listing.segments))
                    .collect();
                self.tell(Event::Clips(clips));
            }
            FromCamera::Events(messages) => {
                self.tell(Event::Events(messages.into_iter().map(Vec::from).collect()));
            }
            FromCamera::NotTriggered { counter } => self.tell(Event::NotTriggered { counter }),
            FromCamera::Noted { clip, custody } => self.tell(Event::Noted { clip, custody }),
            FromCamera::NotProven { clip } => self.tell(Event::NotProven { clip }),
            FromCamera::NoSuchClip { clip } if self.asked == Some(clip) => return Ok(Some(Word::Absent)),
            FromCamera::NoSuchClip { clip } => self.tell(Event::Absent { clip }),
            FromCamera::Init { clip, message } => {
                let message = Some(message);
                return Ok(Some(Word::Opening { clip, message }));
            }
            FromCamera::Data { bytes } => return Ok(Some(Word::Data(bytes))),
            FromCamera::SegmentEnd { message } => {
                let message = Some(message);
                return Ok(Some(Word::SegmentEnd { message }));
            }
            FromCamera::End { message } => {
                let message = message.map(Vec::from);
                return Ok(Some(Word::End { message }));
            }
        }
        Ok(None)
    }

    fn say(&mut self, message: &FromTerminal) -> Result<(), Ending> {
        let sent = self
            .channel
            .seal(&message.to_bytes())
            .and_then(|frame| write_frame(&mut self.stream, &frame).ok());
        sent.ok_or_else(|| self.vanished())
    }

    fn vanished(&self) -> Ending {
        if self.bond.is_some() {
            return Ending::Unanswered;
        }
        Ending::Vanished { clip: self.asked }
    }
}

impl Source for Link<'_> {
    type Gone = Ending;

    fn ask(&mut self, clip: ClipId, request: Request) -> Result<(), Ending> {
        self.asked = Some(clip);
        self.say(&match request {
            Request::Opening => FromTerminal::Open { clip },
            Request::Segment(index) => FromTerminal::Pull { clip, index },
        })
    }

    fn hear(&mut self) -> Result<Word, Ending> {
        loop {
            if let Some(word) = self.next()? {
                return Ok(word);
            }
        }
    }
}
