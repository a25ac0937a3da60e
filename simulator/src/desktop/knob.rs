//! What a trainer turns around the phone, and what each turn does: nothing here draws.

use domain::dialogue::Intent;
use domain::footage::TriggerCause;
use domain::footage::leaving::{Charge, Power, Supply};
use domain::place::{Fix, Position};

use super::network::{Kind, Network};
use crate::camera::Fault;
use crate::eye::{Conditions, Dial};
use crate::patrol::Backstage;
use crate::pipe::ToTerminal;
use crate::radio::Radio;

/// Where the simulated phone stands: in Saint-Denis.
const HERE: Position = Position {
    latitude_e6: 48_936_200,
    longitude_e6: 2_357_400,
    accuracy_m: 12,
};

/// How often the phone is told where it is, in milliseconds.
const EVERY: u64 = 15_000;

/// What the trainer turns.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Knob {
    Network(Kind),
    /// One way, in milliseconds.
    Delay(u64),
    /// Packets in a hundred.
    Loss(u64),
    /// Kilobytes a second; 0 for no limit.
    Rate(u64),
    /// A bit of the next bytes on the air is another one.
    FlipOnAir,
    Charging(bool),
    /// Percents.
    Battery(u8),
    DiskFull(bool),
    CardIn(bool),
    /// Milliseconds, for terminal, camera and headquarters alike.
    Pass(u64),
    Kill,
    /// What the terminal's own camera sees, in turn.
    TurnEye,
    Camera(CameraKnob),
}

/// What the trainer does to the body camera.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CameraKnob {
    /// The phone is held to its tag.
    Touch,
    Record,
    Stop,
    /// Something else asks for a recording.
    Trigger(TriggerCause),
    /// At the edge of its reach: what it sends takes its time.
    Far(bool),
    /// The meeting under way ends; the next one goes on where it stopped.
    Cut,
    Away(bool),
    /// Battery and memory fail, or are put right.
    Failing(bool),
    /// A segment that is asked for has another bit than was signed.
    Forging(bool),
}

/// How everything stands around the phone.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Around {
    pub network: Network,
    /// Whether the network is there at this moment.
    pub up: bool,
    pub charging: bool,
    pub battery: u8,
    pub disk_full: bool,
    pub card_in: bool,
    pub eye: Conditions,
    pub camera_far: bool,
    pub camera_away: bool,
    pub camera_failing: bool,
    pub camera_forging: bool,
    pub camera_recording: bool,
}

/// Every knob, and what it is connected to.
pub struct Knobs {
    backstage: Backstage,
    dial: Dial,
    around: Around,
    /// When the phone was told where it is, in milliseconds after the start of the device.
    placed: Option<u64>,
    /// Of which process it was told what it lives on.
    told: Option<u32>,
}

impl Knobs {
    pub fn new(backstage: Backstage, dial: Dial) -> Self {
        let network = Network::default();
        network.blow(&backstage.radios);
        Self {
            dial,
            around: Around {
                network,
                up: true,
                charging: true,
                battery: 80,
                disk_full: false,
                card_in: true,
                eye: Conditions::Day,
                camera_far: false,
                camera_away: false,
                camera_failing: false,
                camera_forging: false,
                camera_recording: false,
            },
            backstage,
            placed: None,
            told: None,
        }
    }

    pub fn around(&self) -> Around {
        Around {
            eye: self.dial.conditions(),
            // A step of the scenario may have cut it.
            up: !self.is_cut(),
            camera_recording: self.backstage.camera.is_recording(),
            ..self.around
        }
    }

    pub fn turn(&mut self, knob: Knob) {
        let line = &self.backstage.line;
        match knob {
            Knob::Network(kind) => {
                self.around.network = kind.network();
                self.blow();
                self.cut(!self.around.network.is_up(self.backstage.clock.mono_ms()));
                self.say_supply();
            }
            Knob::Delay(ms) => {
                self.around.network.delay_ms = ms;
                self.blow();
            }
            Knob::Loss(percent) => {
                self.around.network.loss = percent;
                self.blow();
            }
            Knob::Rate(rate) => {
                self.around.network.rate = rate;
                self.blow();
            }
            Knob::FlipOnAir => self.backstage.radios.iter().for_each(|radio| radio.flip()),
            Knob::Charging(charging) => {
                self.around.charging = charging;
                self.say_supply();
            }
            Knob::Battery(percent) => {
                self.around.battery = percent.min(100);
                self.say_supply();
            }
            Knob::DiskFull(full) => {
                if line.let_files_grow(!full) {
                    self.around.disk_full = full;
                }
            }
            Knob::CardIn(present) => {
                self.around.card_in = present;
                line.say(&ToTerminal::Card { present });
            }
            Knob::Pass(ms) => line.say(&ToTerminal::Pass { ms }),
            Knob::Kill => {
                line.kill();
            }
            Knob::TurnEye => self.dial.turn(),
            Knob::Camera(knob) => self.turn_camera(knob),
        }
    }

    fn turn_camera(&mut self, knob: CameraKnob) {
        let camera = &self.backstage.camera;
        match knob {
            CameraKnob::Touch => self.backstage.line.intent(Intent::PairCamera {
                invitation: self.backstage.invitation.clone(),
            }),
            CameraKnob::Record => camera.trigger(TriggerCause::Button),
            CameraKnob::Trigger(cause) => camera.trigger(cause),
            CameraKnob::Stop => camera.stop_recording(),
            CameraKnob::Cut => camera.cut(),
            CameraKnob::Far(far) => {
                self.around.camera_far = far;
                camera.go_far(far);
            }
            CameraKnob::Away(away) => {
                self.around.camera_away = away;
                camera.go_away(away);
            }
            CameraKnob::Failing(failing) => {
                self.around.camera_failing = failing;
                self.set_faults();
            }
            CameraKnob::Forging(forging) => {
                self.around.camera_forging = forging;
                self.set_faults();
            }
        }
    }

    fn set_faults(&self) {
        let failing = self.around.camera_failing.then_some(Fault::Failing);
        let forging = self
            .around
            .camera_forging
            .then_some(Fault::FlipBit { segment: 0 });
        let faults = self.backstage.camera.faults();
        faults.set(failing.into_iter().chain(forging));
    }

    /// Some time has passed: what goes on by itself goes on.
    pub fn tick(&mut self) {
        let ms = self.backstage.clock.mono_ms();
        if self.around.network.kind == Kind::Flaky {
            self.cut(!self.around.network.is_up(ms));
        }
        let line = &self.backstage.line;
        let running = line.process();
        if running.is_some() && running != self.told {
            self.told = running;
            self.placed = None;
            // A terminal that starts has its card and an empty limit, and knows nothing of its power.
            self.around.card_in = true;
            if self.around.disk_full {
                self.around.disk_full = line.let_files_grow(false);
            }
            self.say_supply();
        }
        // The simulated platform knows where the phone is, as a receiver of satellites would; each word of it brings a view,
        // and a step waits until it is quiet.
        if self.placed.is_none_or(|placed| placed + EVERY < ms) {
            self.placed = Some(ms);
            self.backstage.line.say(&ToTerminal::Position(Fix {
                position: HERE,
                at: self.backstage.clock.now(),
            }));
        }
    }

    fn blow(&self) {
        self.around.network.blow(&self.backstage.radios);
    }

    fn is_cut(&self) -> bool {
        self.backstage.radios.iter().any(Radio::is_cut)
    }

    fn cut(&self, cut: bool) {
        if cut != self.is_cut() {
            let change = if cut { Radio::cut } else { Radio::restore };
            self.backstage.radios.iter().for_each(change);
        }
    }

    fn say_supply(&self) {
        let charge = Charge::new(self.around.battery).ok();
        let power = if self.around.charging {
            Power::Charging(charge)
        } else {
            Power::Battery(charge)
        };
        let bearer = self.around.network.bearer();
        self.backstage
            .line
            .say(&ToTerminal::Supply(Supply { power, bearer }));
    }
}
