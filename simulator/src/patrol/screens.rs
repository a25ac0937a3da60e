//! Reference frames: the screens as the officer saw them during the patrol, rendered without a display.

use std::panic::resume_unwind;
use std::path::Path;
use std::thread;

use anyhow::Context;
use domain::dialogue::{HandoutView, View};
use ui::{Look, Screen, Theme};

use super::gallery::Gallery;

/// What each screen is drawn with: its most telling moment, else the end.
pub(super) struct Screens {
    pub(super) gallery: Gallery,
    pub(super) last: Vec<View>,
    /// What left by the phone's means of sharing.
    pub(super) handouts: Vec<HandoutView>,
}

impl Screens {
    /// Writes one PNG for each screen, in light and dark, into `dir`; on a thread of its own, because the screens that were
    /// touched are the window of this one.
    pub(super) fn write(&self, dir: &Path) -> anyhow::Result<()> {
        thread::scope(|scope| match scope.spawn(|| self.draw(dir)).join() {
            Ok(drawn) => drawn,
            Err(panic) => resume_unwind(panic),
        })
    }

    fn draw(&self, dir: &Path) -> anyhow::Result<()> {
        std::fs::create_dir_all(dir)?;
        for screen in Screen::ALL {
            for theme in [Theme::Light, Theme::Dark] {
                let look = Look {
                    theme,
                    ..Look::default()
                };
                let views = self.gallery.views(screen, &self.last);
                let frame = ui::frame(screen, views, look).context("could not render a screen")?;
                let name = format!("{}-{}.png", screen.code(), theme.code());
                std::fs::write(dir.join(name), frame.png()?)?;
            }
        }
        Ok(())
    }
}
