//! A whole terminal, threads and all, out of HQ's reach.

use agent::clock::Clock;
use agent::engine::CardEvent;
use agent::keys::Cost;
use agent::mint::Mint;
use agent::site::Site;
use agent::supervisor::{Brokers, Config, Terminal};
use domain::dialogue::View;
use simulator::card::SimCard;
use simulator::enrol::Layout;

/// The terminal of `layout` with its card, and no headquarters within reach.
pub fn terminal(
    layout: &Layout,
    clock: &Clock,
    views: impl FnMut(View) + Send + 'static,
) -> anyhow::Result<Terminal> {
    let site = Site::new(layout.terminal());
    let config = Config {
        keys: agent::enrol::vault(&site)?,
        site,
        clock: clock.clone(),
        mint: Mint::System,
        seed: 1,
        brokers: Brokers {
            host: "localhost".to_owned(),
            port: 1,
            bulk_port: 1,
            bootstrap_port: 1,
        },
        camera: None,
        supply: None,
        tripwire: None,
        cost: Some(Cost::FLOOR),
    };
    let terminal = Terminal::start(config, views)?;
    terminal.card(CardEvent::Inserted {
        card: SimCard::open(&layout.card())?.shared(),
        certificate: SimCard::certificate(&layout.card())?,
    });
    Ok(terminal)
}
