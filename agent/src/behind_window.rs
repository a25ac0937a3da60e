//! What runs behind the window, from the first start of a phone to the end of the terminal.

use std::sync::mpsc::{Receiver, Sender};
use std::sync::{Arc, Mutex};

use agent::card::TrainingCard;
use agent::engine::CardEvent;
use agent::enrol;
use agent::supervisor::{Config, Terminal};
use anyhow::Context;
use domain::dialogue::{Intent, View};

/// Serves the window until it is closed: first a phone that is to be enrolled, then the terminal.
pub(crate) fn serve(
    config: Config,
    formation: bool,
    intents: &Receiver<Intent>,
    views: Sender<View>,
) -> anyhow::Result<()> {
    let (site, keys, clock) = (&config.site, config.keys.as_ref(), &config.clock);
    if !enrol::is_enrolled(site, keys)? && !enrol::desk::until_enrolled(site, keys, clock, intents, &views) {
        return Ok(());
    }
    // A window that is closed ends the program from the other side.
    let training = formation.then(|| TrainingCard::open(site, config.keys.clone()));
    let training = training.transpose().context("could not open the training key")?;
    let terminal = Terminal::start(config, move |view| drop(views.send(view)))
        .context("could not start the terminal")?;
    match training {
        Some(card) => terminal.card(CardEvent::Training {
            key: card.public_key(),
            card: Arc::new(Mutex::new(card)),
        }),
        None => follow_reader(&terminal)?,
    }
    intents.iter().for_each(|intent| terminal.intent(intent));
    Ok(terminal.stop()?)
}

#[cfg(feature = "pcsc")]
fn follow_reader(terminal: &Terminal) -> anyhow::Result<()> {
    let cards = terminal.cards();
    agent::card::pcsc::watch(move |event| cards.send(event)).context("could not follow the card reader")
}

#[cfg(not(feature = "pcsc"))]
fn follow_reader(_: &Terminal) -> anyhow::Result<()> {
    tracing::warn!("built without the feature `pcsc`: no card reader is followed");
    Ok(())
}
