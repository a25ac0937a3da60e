//! Threads around the engine, named. A worker or a meeting that dies is told to the engine; a dead engine ends the program.

mod camera;
mod inbox;
mod supply;

use std::fs::{File, TryLockError};
use std::net::SocketAddr;
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::mpsc::{SyncSender, sync_channel};
use std::thread::{self, JoinHandle};
use std::time::Duration;

use domain::canonical;
use domain::dialogue::{Intent, View};
use domain::enrolment::{Address, Enrolment};
use domain::footage::leaving::Supply;
use domain::place::Fix;
use sync::Topic;
use sync::mqtt::{
    ClientConfig, Link, LinkCommand, LinkConfig, LinkEvent, Security, SendError, TlsConfigError, Will,
    tls_signing_client,
};
use sync::wire::v1::Presence;
use thiserror::Error;

use self::camera::Camera;
use self::inbox::{Inbox, Message, Next};
use self::supply::Meter;
use crate::clock::Clock;
use crate::engine::{Boot, BootError, CardEvent, Effect, Engine, Event, Fatal, IDLE, Tripwire};
use crate::enrol;
use crate::keys::{Cost, Keys, device_signer};
use crate::mint::Mint;
use crate::print;
use crate::reserve;
use crate::site::Site;

/// Events that may wait for the engine; whoever brings one more waits, since the engine never waits for them.
const EVENTS: usize = 1024;

/// The screens hear of what network and camera do at most this often, in milliseconds; of what the officer does, at once.
const FRAME: u64 = 100;

/// While an officer is at work the engine looks at least this often whether the device slept, in milliseconds.
const WATCH: u64 = 1_000;
/// A device that was suspended for longer than this has slept, in milliseconds.
const SLEEP: u64 = 1_000;

/// Where HQ's brokers are.
#[derive(Debug, Clone)]
pub struct Brokers {
    /// A name or address in the broker's certificate.
    pub host: String,
    pub port: u16,
    pub bulk_port: u16,
    /// For a terminal whose certificate has ended.
    pub bootstrap_port: u16,
}

/// What a terminal runs with.
pub struct Config {
    pub site: Site,
    pub keys: Arc<dyn Keys>,
    pub clock: Clock,
    pub mint: Mint,
    pub seed: u64,
    pub brokers: Brokers,
    /// Where the body camera listens.
    pub camera: Option<SocketAddr>,
    /// Where the system tells of batteries and networks (`/sys/class`); none where the platform says it in another way.
    pub supply: Option<PathBuf>,
    pub tripwire: Option<Tripwire>,
    /// How dear a try of a new code is; none to find out what the device bears.
    pub cost: Option<Cost>,
}

/// Why a terminal does not start.
#[derive(Debug, Error)]
pub enum StartError {
    #[error("could not open the terminal")]
    Boot(#[from] BootError),
    #[error("the terminal's TLS identity is not usable; enrol it again")]
    Tls(#[from] TlsConfigError),
    #[error("could not start a connection's thread")]
    Link(#[from] sync::mqtt::SpawnError),
    #[error("could not start the engine's thread")]
    Thread(#[source] std::io::Error),
    #[error("could not lock the terminal's folder")]
    Alone(#[source] std::io::Error),
    #[error("the terminal is running already; end that process first")]
    Taken,
}

/// A running terminal; one that is dropped stops in good order, too.
#[derive(Debug)]
pub struct Terminal {
    events: SyncSender<Message>,
    engine: Option<JoinHandle<Result<(), Fatal>>>,
}

/// Hands intents to a running terminal.
#[derive(Debug, Clone)]
pub struct Intents(SyncSender<Message>);

impl Intents {
    /// Lost only when the engine has ended.
    pub fn send(&self, intent: Intent) {
        let _ = self.0.send(Message::Event(Event::Intent(intent)));
    }
}

/// Tells a running terminal of cards.
#[derive(Debug, Clone)]
pub struct Cards(SyncSender<Message>);

impl Cards {
    /// Lost only when the engine has ended.
    pub fn send(&self, event: CardEvent) {
        let _ = self.0.send(Message::Event(Event::Card(event)));
    }
}

impl Terminal {
    /// Opens the terminal and starts its threads; `views` is called on the engine's thread and must return at once.
    pub fn start(config: Config, views: impl FnMut(View) + Send + 'static) -> Result<Self, StartError> {
        // One process a terminal: the one before may still be on its way out.
        let alone = alone(&config.site)?;
        let now = config.clock.now();
        let boot = Boot {
            site: config.site.clone(),
            keys: config.keys.clone(),
            mint: config.mint,
            seed: config.seed,
            idle_ms: IDLE,
            tripwire: config.tripwire,
            cost: config.cost,
        };
        reserve::release(&config.site);
        let mut engine = Engine::open(boot, now)?;
        if !reserve::keep(&config.site) {
            engine.disk_is_full();
        }
        let (events, messages) = sync_channel(EVENTS);
        let hands = Hands {
            record_link: link(&config.brokers, &engine, &config.keys, &events, Line::Records)?,
            bulk_link: link(&config.brokers, &engine, &config.keys, &events, Line::Bulk)?,
            camera: Camera::new(
                config.camera,
                &engine,
                config.keys.clone(),
                config.clock.clone(),
                events.clone(),
            ),
            keys: config.keys,
            bootstrap: Address {
                host: config.brokers.host,
                port: config.brokers.bootstrap_port,
            },
            root: engine.root(),
            events: events.clone(),
            views: Box::new(views),
            workers: Vec::new(),
            _meter: config.supply.map(|class| Meter::start(class, events.clone())),
        };
        let clock = config.clock;
        let run = move || {
            let _alone = alone;
            run(engine, hands, &clock, Inbox::new(messages))
        };
        let engine = thread::Builder::new()
            .name("engine".to_owned())
            .spawn(run)
            .map_err(StartError::Thread)?;
        Ok(Self {
            events,
            engine: Some(engine),
        })
    }

    /// Hands an intent over; lost only when the engine has ended.
    pub fn intent(&self, intent: Intent) {
        let _ = self.events.send(Message::Event(Event::Intent(intent)));
    }

    /// A hand for the screens, which live on another thread.
    pub fn intents(&self) -> Intents {
        Intents(self.events.clone())
    }

    /// The platform says where the terminal is.
    pub fn position(&self, fix: Fix) {
        let _ = self.events.send(Message::Event(Event::Position(fix)));
    }

    /// The platform says what the terminal lives on.
    pub fn supply(&self, supply: Supply) {
        let _ = self.events.send(Message::Event(Event::Supply(supply)));
    }

    /// A hand for the card reader, which lives on another thread.
    pub fn cards(&self) -> Cards {
        Cards(self.events.clone())
    }

    pub fn card(&self, event: CardEvent) {
        let _ = self.events.send(Message::Event(Event::Card(event)));
    }

    /// Stops in good order; a kill at any point is equally safe.
    pub fn stop(mut self) -> Result<(), Fatal> {
        let _ = self.events.send(Message::Stop);
        self.join()
    }

    /// True once the engine has ended by itself.
    pub fn is_over(&self) -> bool {
        self.engine.as_ref().is_none_or(JoinHandle::is_finished)
    }

    fn join(&mut self) -> Result<(), Fatal> {
        match self.engine.take().map(JoinHandle::join) {
            Some(Ok(result)) => result,
            Some(Err(panic)) => std::panic::resume_unwind(panic),
            None => Ok(()),
        }
    }
}

impl Drop for Terminal {
    /// Whoever is stopped by an error of their own leaves no thread at work on a database.
    fn drop(&mut self) {
        if let Some(engine) = self.engine.take() {
            let _ = self.events.send(Message::Stop);
            let _ = engine.join();
        }
    }
}

/// Waits a while for another process of this terminal to end.
#[expect(
    clippy::disallowed_methods,
    reason = "a lock held by a process that is ending tells nobody when it goes"
)]
fn alone(site: &Site) -> Result<File, StartError> {
    const PATIENCE_MS: u64 = 15_000;
    const STEP_MS: u64 = 50;
    let file = File::create(site.root().join("agent.lock")).map_err(StartError::Alone)?;
    let mut waited = 0;
    loop {
        match file.try_lock() {
            Ok(()) => return Ok(file),
            Err(TryLockError::WouldBlock) if waited < PATIENCE_MS => {
                thread::sleep(Duration::from_millis(STEP_MS));
                waited += STEP_MS;
            }
            Err(TryLockError::WouldBlock) => return Err(StartError::Taken),
            Err(TryLockError::Error(error)) => return Err(StartError::Alone(error)),
        }
    }
}

/// Everything that an effect is handed to.
struct Hands {
    record_link: Link,
    bulk_link: Link,
    camera: Camera,
    keys: Arc<dyn Keys>,
    bootstrap: Address,
    /// SHA-256 of the root's SubjectPublicKeyInfo.
    root: [u8; 32],
    events: SyncSender<Message>,
    views: Box<dyn FnMut(View) + Send>,
    /// At work on databases and keys.
    workers: Vec<JoinHandle<()>>,
    _meter: Option<Meter>,
}

/// `inbox` is the last argument, so that it goes first: threads that wait to send are let go before they are joined.
fn run(mut engine: Engine, mut hands: Hands, clock: &Clock, mut inbox: Inbox) -> Result<(), Fatal> {
    let mut effects = engine.start(clock.now())?;
    let mut drawn = clock.mono_ms();
    let mut undrawn = false;
    let mut woken = false;
    let mut asleep = clock.asleep_ms();
    loop {
        for effect in effects {
            hands.carry_out(effect);
        }
        let frame = drawn + FRAME;
        let wakeup = engine.next_wakeup();
        let now = clock.now();
        // What is due goes before the next message, once: a steady stream must not keep it waiting.
        let due = !woken && wakeup.is_some_and(|due| due <= now.mono_ms);
        let next = if due {
            Next::Event(Event::Wake)
        } else {
            let watch = engine.is_unlocked().then_some(now.mono_ms + WATCH);
            inbox.next(
                clock,
                wakeup,
                undrawn.then_some(frame).into_iter().chain(watch).min(),
            )
        };
        woken = matches!(next, Next::Event(Event::Wake));
        let now = clock.now();
        let slept = std::mem::replace(&mut asleep, clock.asleep_ms());
        if asleep > slept + SLEEP {
            for effect in engine.handle(Event::Slept, now)? {
                hands.carry_out(effect);
            }
        }
        effects = match next {
            Next::Event(event) if now.mono_ms < frame && !is_officers(&event) => {
                undrawn = true;
                engine.handle_undrawn(event, now)?
            }
            Next::Event(event) => {
                (drawn, undrawn) = (now.mono_ms, false);
                engine.handle(event, now)?
            }
            Next::Frame => {
                (drawn, undrawn) = (now.mono_ms, false);
                engine.redraw()?
            }
            Next::Stop => return Ok(()),
        };
    }
}

/// Whether somebody who holds the terminal waits for what it leads to.
const fn is_officers(event: &Event) -> bool {
    match event {
        Event::Intent(_) | Event::Card(_) | Event::Worked(_) | Event::Print(_) => true,
        Event::Link(_)
        | Event::Bulk(_)
        | Event::Camera(_)
        | Event::Knocked(_)
        | Event::Wake
        | Event::Position(_)
        | Event::Supply(_)
        | Event::Slept => false,
    }
}

impl Hands {
    fn carry_out(&mut self, effect: Effect) {
        match effect {
            Effect::Show(view) => (self.views)(view),
            Effect::Work(job) => {
                let events = self.events.clone();
                let name = job.name();
                let lost = job.lost();
                let work = move || {
                    let _ = events.send(Message::Event(Event::Worked(job.run())));
                };
                self.workers.retain(|worker| !worker.is_finished());
                match thread::Builder::new().name(name.to_owned()).spawn(work) {
                    Ok(worker) => self.workers.push(worker),
                    Err(error) => {
                        tracing::error!(%error, worker = name, "a worker could not be started");
                        let _ = self.events.try_send(Message::Event(Event::Worked(lost)));
                    }
                }
            }
            Effect::Link(command) => told(self.record_link.send(command)),
            Effect::Bulk(command) => told(self.bulk_link.send(command)),
            Effect::Camera(effect) => self.camera.carry_out(effect),
            Effect::Print(order) => self.print(order),
            Effect::Knock(request) => self.knock(request),
            Effect::Certified(enrolment) => self.identify(&enrolment),
        }
    }
}

/// A process that exits takes OpenSSL away from its threads: whoever reads a page of a database then takes it for
/// damaged, and sets it aside.
impl Drop for Hands {
    fn drop(&mut self) {
        for worker in self.workers.drain(..) {
            // A worker that panicked has reported already.
            let _ = worker.join();
        }
    }
}

impl Hands {
    /// The connections after the present ones show the terminal's new certificate.
    fn identify(&mut self, enrolment: &Enrolment) {
        self.camera.identify(enrolment);
        match tls_of(enrolment, &self.keys) {
            Ok(tls) => {
                told(self.record_link.send(LinkCommand::Identify(tls.clone())));
                told(self.bulk_link.send(LinkCommand::Identify(tls)));
            }
            Err(error) => {
                tracing::error!(%error, "the new certificate cannot be shown before the next start")
            }
        }
    }

    fn knock(&self, request: Vec<u8>) {
        let (events, address, root) = (self.events.clone(), self.bootstrap.clone(), self.root);
        let talk = move || {
            let answer = enrol::bootstrap::ask(&address, &root, request);
            if let Err(error) = &answer {
                tracing::warn!(
                    error = error as &dyn std::error::Error,
                    "a visit at the bootstrap listener failed"
                );
            }
            let _ = events.send(Message::Event(Event::Knocked(answer.ok())));
        };
        if let Err(error) = thread::Builder::new().name("bootstrap".to_owned()).spawn(talk) {
            tracing::error!(%error, "the bootstrap listener could not be visited");
            let _ = self.events.try_send(Message::Event(Event::Knocked(None)));
        }
    }

    /// One thread an order: a printer that stands still keeps no other waiting.
    fn print(&self, order: print::Order) {
        let lost = order.lost();
        let events = self.events.clone();
        let talk = move || {
            let _ = events.send(Message::Event(Event::Print(print::driver::carry_out(order))));
        };
        if let Err(error) = thread::Builder::new().name("printer".to_owned()).spawn(talk) {
            tracing::error!(%error, "a printer's thread could not be started");
            let _ = self.events.try_send(Message::Event(Event::Print(lost)));
        }
    }
}

/// A refused publish is lost like one on the air: the session asks for its receipt again.
fn told(sent: Result<(), SendError>) {
    if let Err(error) = sent {
        tracing::warn!(%error, "a command was not taken by the link");
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Line {
    Records,
    Bulk,
}

fn tls_of(enrolment: &Enrolment, keys: &Arc<dyn Keys>) -> Result<Arc<ClientConfig>, TlsConfigError> {
    let chain: Vec<Vec<u8>> = enrolment.device_chain.iter().map(|der| der.0.clone()).collect();
    let signs = Arc::new(device_signer(keys.clone()));
    tls_signing_client(&enrolment.root.0, &chain, &keys.public_key(), signs)
}

fn link(
    brokers: &Brokers,
    engine: &Engine,
    keys: &Arc<dyn Keys>,
    events: &SyncSender<Message>,
    line: Line,
) -> Result<Link, StartError> {
    let enrolment = engine.enrolment();
    let device = &enrolment.terminal.device;
    let tls = tls_of(enrolment, keys)?;
    let (port, client_id) = match line {
        Line::Records => (brokers.port, device.to_string()),
        Line::Bulk => (brokers.bulk_port, format!("{device}-bulk")),
    };
    let mut config = LinkConfig::new(&brokers.host, port, &client_id, Security::Tls(tls));
    match line {
        Line::Records => {
            config.subscriptions = Topic::terminal_filters(device);
            let gone = Presence {
                version: 1,
                epoch: engine.epoch(),
                online: false,
            };
            config.will = Some(Will {
                topic: Topic::State(device.clone()),
                payload: canonical::encode(&gone),
                delay: Duration::from_secs(120),
            });
        }
        // The kernel holds little, so that a record does not queue behind footage.
        Line::Bulk => config.send_buffer = Some(64 * 1024),
    }
    let events = events.clone();
    let on_event = move |event: LinkEvent| {
        let event = match line {
            Line::Records => Event::Link(event),
            Line::Bulk => Event::Bulk(event),
        };
        let _ = events.send(Message::Event(event));
    };
    Ok(Link::spawn(config, Box::new(on_event))?)
}
