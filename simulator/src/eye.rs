//! The terminal's own camera without one: a parked car, or pictures of a folder, by day, in the dark, or out of reach.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicU8, Ordering};
use std::sync::mpsc::{Receiver, Sender, channel};
use std::time::Duration;

use camera::still::{Exposure, Layout, Lens, of_file};
use domain::viewfinder::{Fault, Frame};

use crate::picture::street;

/// Pictures that each image of a folder is seen for: two seconds.
const TURN: u32 = 60;

/// What stands before the camera, or between it and the terminal.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
#[repr(u8)]
pub enum Conditions {
    #[default]
    Day,
    Night,
    /// Another program has it.
    Busy,
    Unplugged,
}

impl Conditions {
    const ALL: [Self; 4] = [Self::Day, Self::Night, Self::Busy, Self::Unplugged];

    fn next(self) -> Self {
        Self::ALL[(usize::from(self as u8) + 1) % Self::ALL.len()]
    }

    fn reach(self) -> Result<(), Fault> {
        match self {
            Self::Day | Self::Night => Ok(()),
            Self::Busy => Err(Fault::Busy),
            Self::Unplugged => Err(Fault::NoCamera),
        }
    }
}

/// Turned by the trainer, felt by the camera at its next picture.
#[derive(Debug, Clone, Default)]
pub struct Dial(Arc<AtomicU8>);

impl Dial {
    pub fn conditions(&self) -> Conditions {
        let turned = usize::from(self.0.load(Ordering::SeqCst));
        Conditions::ALL.get(turned).copied().unwrap_or_default()
    }

    pub fn turn(&self) {
        self.set(self.conditions().next());
    }

    pub fn set(&self, conditions: Conditions) {
        self.0.store(conditions as u8, Ordering::SeqCst);
    }
}

/// How a camera is made, again for each look.
#[derive(Debug, Clone)]
pub struct Plan {
    pub seed: u64,
    /// A folder of images to see, in the order of their names; without one, the street.
    pub pictures: Option<PathBuf>,
    /// Between two pictures; nothing in a test, which has no time to lose.
    pub pace: Duration,
    pub dial: Dial,
}

/// An open simulated camera. The same plan sees the same, picture by picture.
pub struct Eye {
    plan: Plan,
    pictures: Vec<Frame>,
    seen: u32,
    /// Nothing is ever sent: to wait on it is to wait for the time alone.
    ticks: (Sender<()>, Receiver<()>),
}

impl Eye {
    pub fn open(plan: Plan) -> Result<Self, Fault> {
        plan.dial.conditions().reach()?;
        let pictures = match &plan.pictures {
            Some(folder) => pictures(folder)?,
            None => Vec::new(),
        };
        Ok(Self {
            plan,
            pictures,
            seen: 0,
            ticks: channel(),
        })
    }
}

impl Lens for Eye {
    fn next(&mut self) -> Result<Exposure, Fault> {
        let _ = self.ticks.1.recv_timeout(self.plan.pace);
        let conditions = self.plan.dial.conditions();
        // A camera that is open is nobody else's, but it can be unplugged.
        if conditions == Conditions::Unplugged {
            return Err(Fault::Lost);
        }
        let number = self.seen;
        self.seen += 1;
        let turn = usize::try_from(number / TURN).unwrap_or(0);
        let mut exposure = match self.pictures.get(turn % self.pictures.len().max(1)) {
            Some(frame) => Exposure {
                width: frame.width(),
                height: frame.height(),
                layout: Layout::Rgb,
                bytes: frame.rgb().to_vec(),
            },
            None => street(self.plan.seed, number),
        };
        if conditions == Conditions::Night {
            darken(&mut exposure);
        }
        Ok(exposure)
    }

    fn model(&self) -> String {
        "NEO simulator".to_owned()
    }
}

/// An eighth of the light.
fn darken(exposure: &mut Exposure) {
    let every = match exposure.layout {
        Layout::Yuyv => 2,
        Layout::Mjpeg | Layout::Nv12 | Layout::Grey | Layout::Rgb | Layout::Bgr => 1,
    };
    exposure
        .bytes
        .iter_mut()
        .step_by(every)
        .for_each(|light| *light /= 8);
}

/// Every image that can be read, small and upright.
fn pictures(folder: &Path) -> Result<Vec<Frame>, Fault> {
    let entries = std::fs::read_dir(folder).map_err(|_| Fault::NoPicture)?;
    let mut paths: Vec<PathBuf> = entries.filter_map(|entry| Some(entry.ok()?.path())).collect();
    paths.sort();
    let shots = paths.iter().filter_map(|path| of_file(path).ok());
    let frames: Vec<Frame> = shots.map(|shot| shot.preview).collect();
    if frames.is_empty() {
        return Err(Fault::NoPicture);
    }
    Ok(frames)
}
