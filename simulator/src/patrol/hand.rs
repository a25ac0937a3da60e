//! The hand that touches the screens: on screens of its own without a display, or on those that somebody watches.

use std::sync::Arc;
use std::sync::mpsc::channel;
use std::time::Duration;

use anyhow::Context;
use domain::dialogue::{Intent, View};
use ui::{Fingers, Missed, Touch};

/// What is done on the thread of the screens, with fingers on them.
pub(super) type OnFingers = Box<dyn FnOnce(&Fingers) + Send>;

/// Does it there, in its turn.
pub type OnScreens = Arc<dyn Fn(OnFingers) + Send + Sync>;

/// How long the thread of the screens may take for one touch.
const PATIENCE: Duration = Duration::from_secs(20);

pub(super) enum Hand {
    Unseen(Box<Fingers>),
    /// The window gets every view by itself, and sends what it asks for.
    Seen(OnScreens),
}

impl Hand {
    pub(super) fn unseen() -> anyhow::Result<Self> {
        let fingers = Fingers::new().context("could not open the screens without a display")?;
        Ok(Self::Unseen(Box::new(fingers)))
    }

    pub(super) const fn seen(screens: OnScreens) -> Self {
        Self::Seen(screens)
    }

    pub(super) fn see(&self, view: &View) {
        if let Self::Unseen(fingers) = self {
            fingers.see(view);
        }
    }

    pub(super) fn says(&self, label: &str) -> anyhow::Result<bool> {
        let label = label.to_owned();
        self.ask(move |fingers| fingers.says(&label))
    }

    pub(super) fn offers(&self, label: &str) -> anyhow::Result<bool> {
        let label = label.to_owned();
        self.ask(move |fingers| fingers.offers(&label))
    }

    pub(super) fn chosen(&self, label: &str) -> anyhow::Result<bool> {
        let label = label.to_owned();
        self.ask(move |fingers| fingers.chosen(&label))
    }

    pub(super) fn touch(&self, touch: Touch) -> anyhow::Result<()> {
        Ok(self.ask(move |fingers| fingers.touch(&touch))??)
    }

    pub(super) fn picture(&self, name: &str) -> anyhow::Result<()> {
        let name = name.to_owned();
        self.ask(move |fingers| fingers.picture(&name))
    }

    pub(super) fn missed(&self, label: &str) -> anyhow::Result<Missed> {
        let label = label.to_owned();
        self.ask(move |fingers| fingers.missed(&label))
    }

    pub(super) fn hold(&self, whole: bool) {
        if let Self::Unseen(fingers) = self {
            fingers.hold(whole);
        }
    }

    pub(super) fn asked(&self) -> Vec<Intent> {
        match self {
            Self::Unseen(fingers) => fingers.asked(),
            Self::Seen(_) => Vec::new(),
        }
    }

    fn ask<T: Send + 'static>(&self, what: impl FnOnce(&Fingers) -> T + Send + 'static) -> anyhow::Result<T> {
        match self {
            Self::Unseen(fingers) => Ok(what(fingers)),
            Self::Seen(screens) => {
                let (tell, told) = channel();
                screens(Box::new(move |fingers| {
                    // Whoever asked may have given up.
                    let _ = tell.send(what(fingers));
                }));
                told.recv_timeout(PATIENCE).context("the window does not answer")
            }
        }
    }
}
