//! Card readers through PC/SC (pcsc-lite): a card that comes is met, one that goes locks the terminal.

use std::ffi::{CStr, CString};
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::Duration;

use pcsc::{Context, PNP_NOTIFICATION, Protocols, ReaderState, Scope, ShareMode, State};

use super::chip::{CardError, Chip, Link, LinkError};
use crate::engine::CardEvent;

/// How long a look at the readers lasts; a card that comes or goes ends it at once.
const LOOK: Duration = Duration::from_secs(2);
/// Before the service is asked again that did not answer.
const AGAIN: Duration = Duration::from_secs(3);

/// Tells `events` of every card, on a thread of its own that lasts as long as the program.
pub fn watch(mut events: impl FnMut(CardEvent) + Send + 'static) -> std::io::Result<()> {
    let run = move || loop {
        let mut present: Option<CString> = None;
        match look(&mut events, &mut present) {
            Ok(never) => match never {},
            Err(error) => tracing::warn!(%error, "the card readers are out of reach"),
        }
        if present.is_some() {
            events(CardEvent::Removed);
        }
        rest();
    };
    thread::Builder::new()
        .name("card-reader".to_owned())
        .spawn(run)
        .map(drop)
}

#[expect(
    clippy::disallowed_methods,
    reason = "a service that is not there tells nobody when it comes"
)]
fn rest() {
    thread::sleep(AGAIN);
}

/// Follows the readers until the service fails; `present` names the reader whose agent card the terminal uses.
fn look(
    events: &mut impl FnMut(CardEvent),
    present: &mut Option<CString>,
) -> Result<std::convert::Infallible, pcsc::Error> {
    let context = Context::establish(Scope::User)?;
    let mut states = vec![ReaderState::new(PNP_NOTIFICATION(), State::UNAWARE)];
    loop {
        follow_readers(&context, &mut states)?;
        states.iter_mut().for_each(ReaderState::sync_current_state);
        match context.get_status_change(LOOK, &mut states) {
            Ok(()) | Err(pcsc::Error::Timeout) => {}
            Err(error) => return Err(error),
        }
        for state in states.iter().filter(|state| state.name() != PNP_NOTIFICATION()) {
            let has_card = state.event_state().contains(State::PRESENT)
                && !state.event_state().intersects(State::MUTE | State::UNAVAILABLE);
            let is_ours = present.as_deref() == Some(state.name());
            if is_ours && !has_card {
                *present = None;
                events(CardEvent::Removed);
            } else if has_card && present.is_none() && state.event_state().contains(State::CHANGED) {
                match meet(&context, state.name()) {
                    Ok(inserted) => {
                        *present = Some(state.name().to_owned());
                        events(inserted);
                    }
                    Err(error) => tracing::warn!(%error, "a card is no agent card"),
                }
            }
        }
        // A reader that was pulled out took its card with it.
        let gone = present
            .as_deref()
            .is_some_and(|ours| states.iter().all(|state| state.name() != ours));
        if gone {
            *present = None;
            events(CardEvent::Removed);
        }
    }
}

/// Readers that came are followed from now on, and those that went no longer.
fn follow_readers(context: &Context, states: &mut Vec<ReaderState>) -> Result<(), pcsc::Error> {
    let readers = match context.list_readers_owned() {
        Ok(readers) => readers,
        Err(pcsc::Error::NoReadersAvailable) => Vec::new(),
        Err(error) => return Err(error),
    };
    let is_there = |name: &CStr| name == PNP_NOTIFICATION() || readers.iter().any(|reader| **reader == *name);
    states.retain(|state| is_there(state.name()));
    for reader in readers {
        if states.iter().all(|state| state.name() != reader.as_c_str()) {
            states.push(ReaderState::new(reader, State::UNAWARE));
        }
    }
    Ok(())
}

#[derive(Debug, thiserror::Error)]
enum MeetError {
    #[error("the reader does not connect")]
    Reader(#[from] pcsc::Error),
    #[error(transparent)]
    Card(#[from] CardError),
}

fn meet(context: &Context, reader: &CStr) -> Result<CardEvent, MeetError> {
    // Nobody else speaks to the officer's card while it opens this terminal.
    let card = context.connect(reader, ShareMode::Exclusive, Protocols::ANY)?;
    let mut chip = Chip::select(Reader(card))?;
    let certificate = chip.certificate()?;
    Ok(CardEvent::Inserted {
        card: Arc::new(Mutex::new(chip)),
        certificate,
    })
}

/// The card in one reader.
struct Reader(pcsc::Card);

impl Link for Reader {
    fn transmit(&mut self, command: &[u8]) -> Result<Vec<u8>, LinkError> {
        let mut whole = Vec::new();
        let mut answer = self.send(command)?;
        // Over T=0 a card tells how much it has, and gives it on demand (ISO/IEC 7816-4 §11.7).
        while let [data @ .., 0x61, length] = answer.as_slice() {
            whole.extend_from_slice(data);
            let demand = [0x00, 0xc0, 0x00, 0x00, *length];
            answer = self.send(&demand)?;
        }
        whole.extend_from_slice(&answer);
        Ok(whole)
    }
}

impl Reader {
    fn send(&self, command: &[u8]) -> Result<Vec<u8>, LinkError> {
        let mut room = [0; pcsc::MAX_BUFFER_SIZE];
        let answer = self.0.transmit(command, &mut room).map_err(|error| {
            tracing::warn!(%error, "the card did not answer");
            LinkError
        });
        answer.map(<[u8]>::to_vec)
    }
}
