//! What waits for the engine, one after the other.

use std::sync::mpsc::{Receiver, RecvTimeoutError};
use std::time::Duration;

use domain::dialogue::Intent;

use crate::clock::Clock;
use crate::engine::Event;

#[expect(
    clippy::large_enum_variant,
    reason = "one waits at a time, and a box for each would be an allocation for every keystroke"
)]
pub(super) enum Message {
    Event(Event),
    Stop,
}

#[expect(
    clippy::large_enum_variant,
    reason = "one waits at a time, and a box for each would be an allocation for every keystroke"
)]
pub(super) enum Next {
    Event(Event),
    /// The screens are due.
    Frame,
    Stop,
}

pub(super) struct Inbox {
    messages: Receiver<Message>,
    /// Looked at, and not yet its turn.
    put_back: Option<Message>,
}

impl Inbox {
    pub(super) const fn new(messages: Receiver<Message>) -> Self {
        Self {
            messages,
            put_back: None,
        }
    }

    /// Waits for the first of: a message, the moment that the engine waits for, the screens' moment.
    pub(super) fn next(&mut self, clock: &Clock, wakeup: Option<u64>, frame: Option<u64>) -> Next {
        let message = match (self.put_back.take(), wakeup.into_iter().chain(frame).min()) {
            (Some(message), _) => Ok(message),
            (None, Some(due)) => {
                let patience = Duration::from_millis(due.saturating_sub(clock.mono_ms()));
                self.messages.recv_timeout(patience)
            }
            (None, None) => self.messages.recv().map_err(|_| RecvTimeoutError::Disconnected),
        };
        match message {
            Ok(Message::Event(event)) => Next::Event(self.latest(event)),
            Err(RecvTimeoutError::Timeout)
                if wakeup.is_some_and(|due| frame.is_none_or(|frame| due <= frame)) =>
            {
                Next::Event(Event::Wake)
            }
            Err(RecvTimeoutError::Timeout) => Next::Frame,
            Ok(Message::Stop) | Err(RecvTimeoutError::Disconnected) => Next::Stop,
        }
    }

    /// Whoever types faster than a long text is stored waits for the last state of the field alone.
    fn latest(&mut self, mut event: Event) -> Event {
        while is_typing(&event) {
            match self.messages.try_recv() {
                Ok(Message::Event(later)) if overwrites(&later, &event) => event = later,
                Ok(other) => {
                    self.put_back = Some(other);
                    break;
                }
                Err(_) => break,
            }
        }
        event
    }
}

const fn is_typing(event: &Event) -> bool {
    matches!(event, Event::Intent(Intent::Fill { .. }))
}

/// Both fill the same field, so that nothing of the earlier one stays.
fn overwrites(later: &Event, earlier: &Event) -> bool {
    match (later, earlier) {
        (
            Event::Intent(Intent::Fill { draft, field, .. }),
            Event::Intent(Intent::Fill {
                draft: before,
                field: same,
                ..
            }),
        ) => draft == before && field == same,
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use std::sync::mpsc::sync_channel;

    use domain::draft::Field;
    use domain::{ActId, Zone};

    use super::*;

    fn fill(act: u8, field: Field, text: &str) -> Message {
        Message::Event(Event::Intent(Intent::Fill {
            draft: ActId::from_bytes([act; 16]),
            field,
            text: text.to_owned(),
        }))
    }

    #[test]
    fn of_what_waits_for_one_field_the_last_is_taken_and_nothing_passes_anything_else() {
        let (events, messages) = sync_channel(16);
        for message in [
            fill(1, Field::Subject, "v"),
            fill(1, Field::Subject, "vo"),
            fill(1, Field::Subject, "vol"),
            fill(1, Field::Place, "rue"),
            fill(1, Field::Subject, "vols"),
            fill(2, Field::Subject, "v"),
            Message::Event(Event::Wake),
            fill(2, Field::Subject, "vo"),
            Message::Stop,
        ] {
            events.send(message).unwrap();
        }
        let (mut inbox, clock) = (Inbox::new(messages), Clock::new(Zone::Paris));
        let mut taken = Vec::new();
        loop {
            taken.push(match inbox.next(&clock, None, None) {
                Next::Event(Event::Intent(Intent::Fill { text, .. })) => text,
                Next::Event(_) | Next::Frame => "other".to_owned(),
                Next::Stop => break,
            });
        }
        assert_eq!(taken, ["vol", "rue", "vols", "v", "other", "vo"]);
    }
}
