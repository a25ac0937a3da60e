//! A second terminal of the same force: another officer, on a line that loses nothing and is cut only when told.

use std::collections::VecDeque;

use agent::engine::{Boot, CameraEvent, CardEvent, Effect, Engine, Event};
use agent::keys::Cost;
use agent::mint::Mint;
use agent::site::Site;
use anyhow::Context;
use domain::DeviceId;
use domain::dialogue::Intent;
use hq::gateway::Outgoing;
use sync::mqtt::{DownReason, LinkCommand, LinkEvent};
use sync::{Ack, Topic};

use super::World;
use crate::card::SimCard;
use crate::enrol::{self, Way};
use crate::patrol::Board;
use crate::patrol::scenario::OfficerSheet;

/// The officer beside, and their terminal.
pub struct Colleague {
    device: DeviceId,
    engine: Engine,
    code: String,
    connected: bool,
    away: bool,
    /// What their screens show.
    pub board: Board,
}

impl Colleague {
    fn is_addressed(&self, topic: &Topic) -> bool {
        matches!(topic, Topic::Down(device, _) if *device == self.device)
    }

    pub const fn engine(&self) -> &Engine {
        &self.engine
    }
}

impl World {
    /// Enrols a second terminal with the officer of `sheet`, starts it and unlocks it.
    pub fn join(&mut self, sheet: &OfficerSheet) -> anyhow::Result<()> {
        let now = self.now;
        let place = self.layout.colleague();
        place.join(&self.layout, &self.layout.pki(), sheet, now, Way::Direct)?;
        let site = Site::new(&place.terminal);
        let keys = agent::enrol::vault(&site)?;
        let boot = Boot {
            site,
            keys,
            mint: Mint::Seeded {
                seed: !self.seed,
                count: 0,
            },
            seed: !self.seed,
            idle_ms: u64::MAX,
            tripwire: None,
            cost: Some(Cost::FLOOR),
        };
        let mut engine = Engine::open(boot, now).context("the second terminal does not open")?;
        let effects = engine.start(now)?;
        self.colleague = Some(Colleague {
            device: place.device.clone(),
            engine,
            code: sheet.code.clone(),
            connected: false,
            away: false,
            board: Board::default(),
        });
        self.beside_carry_out(effects)?;
        let card = SimCard::open(&place.card)?.shared();
        let certificate = SimCard::certificate(&place.card)?;
        self.beside_event(Event::Card(CardEvent::Inserted { card, certificate }))?;
        self.beside_unlock()
    }

    pub const fn colleague(&self) -> Option<&Colleague> {
        self.colleague.as_ref()
    }

    pub fn beside_unlock(&mut self) -> anyhow::Result<()> {
        let Some(colleague) = &self.colleague else {
            return Ok(());
        };
        let code = colleague.code.clone();
        enrol::by_code(&code)
            .into_iter()
            .try_for_each(|intent| self.beside_intent(intent))
    }

    pub fn beside_intent(&mut self, intent: Intent) -> anyhow::Result<()> {
        self.beside_event(Event::Intent(intent))
    }

    /// No network for the second terminal, or network again.
    pub fn beside_away(&mut self, away: bool) -> anyhow::Result<()> {
        let Some(colleague) = &mut self.colleague else {
            return Ok(());
        };
        colleague.away = away;
        if away && std::mem::take(&mut colleague.connected) {
            let reason = DownReason::Lost;
            return self.beside_event(Event::Link(LinkEvent::Down { reason }));
        }
        Ok(())
    }

    /// Lets the second terminal do what is due.
    pub fn beside_wake(&mut self) -> anyhow::Result<()> {
        self.beside_event(Event::Wake)
    }

    /// Gives the second terminal a message as if HQ had sent it.
    pub fn forge_beside(&mut self, topic: &Topic, payload: Vec<u8>) -> anyhow::Result<()> {
        let message = LinkEvent::Message {
            topic: topic.to_string(),
            payload,
            ack: None,
        };
        self.beside_event(Event::Link(message))
    }

    /// Hands over what HQ said to the second terminal; gives back what is for the first.
    pub(super) fn tell_beside(&mut self, said: Vec<Outgoing>) -> anyhow::Result<Vec<Outgoing>> {
        let (beside, rest) = self.sort(said);
        beside
            .into_iter()
            .try_for_each(|event| self.beside_event(event))?;
        Ok(rest)
    }

    /// What reaches the second terminal, and what is for the first.
    fn sort(&self, said: Vec<Outgoing>) -> (Vec<Event>, Vec<Outgoing>) {
        let Some(colleague) = &self.colleague else {
            return (Vec::new(), said);
        };
        let (beside, rest): (Vec<Outgoing>, Vec<Outgoing>) = said
            .into_iter()
            .partition(|message| colleague.is_addressed(&message.topic));
        let heard = beside.into_iter().filter(|_| colleague.connected);
        let event = |Outgoing { topic, payload }| {
            Event::Link(LinkEvent::Message {
                topic: topic.to_string(),
                payload,
                ack: None,
            })
        };
        (heard.map(event).collect(), rest)
    }

    pub(super) fn beside_event(&mut self, event: Event) -> anyhow::Result<()> {
        let now = self.now;
        let Some(colleague) = &mut self.colleague else {
            return Ok(());
        };
        let effects = colleague.engine.handle(event, now)?;
        self.beside_carry_out(effects)
    }

    fn beside_carry_out(&mut self, effects: Vec<Effect>) -> anyhow::Result<()> {
        let mut back = VecDeque::new();
        for effect in effects {
            let Some(colleague) = &mut self.colleague else {
                return Ok(());
            };
            match effect {
                Effect::Show(view) => colleague.board.take(view),
                Effect::Work(job) => back.push_back(Event::Worked(job.run())),
                Effect::Link(LinkCommand::Connect) => {
                    colleague.connected = !colleague.away;
                    back.push_back(Event::Link(if colleague.connected {
                        LinkEvent::Up {
                            session_present: false,
                            receive_max: 20,
                        }
                    } else {
                        let reason = DownReason::ConnectFailed;
                        LinkEvent::Down { reason }
                    }));
                }
                Effect::Link(LinkCommand::Publish(publish)) if colleague.connected => {
                    let now = self.hq_now();
                    let said = self
                        .gateway
                        .receive(&publish.topic, &publish.payload, now)
                        .context("HQ's gateway failed")?;
                    back.push_back(Event::Link(LinkEvent::Acked {
                        token: publish.token,
                        ack: Ack::Taken,
                    }));
                    let (heard, rest) = self.sort(said);
                    back.extend(heard);
                    self.tell_terminal(rest);
                }
                Effect::Bulk(LinkCommand::Connect) => {
                    let reason = DownReason::ConnectFailed;
                    back.push_back(Event::Bulk(LinkEvent::Down { reason }));
                }
                Effect::Link(_) | Effect::Bulk(_) => {}
                Effect::Camera(_) => back.push_back(Event::Camera(CameraEvent::Unreachable)),
                Effect::Print(order) => back.push_back(Event::Print(order.lost())),
                Effect::Knock(_) => back.push_back(Event::Knocked(None)),
                Effect::Certified(_) => {}
            }
        }
        back.into_iter().try_for_each(|event| self.beside_event(event))
    }
}
