//! The window on a display: it runs on the calling thread until the officer closes it or the views end.

use std::error::Error;
use std::rc::Rc;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::Receiver;
use std::thread;

use domain::dialogue::{Appearance, Intent, View};
use drawn::App;
use slint::{ComponentHandle, Weak};
use thiserror::Error;

use crate::hand;
use crate::look::{Language, Screen};
use crate::screens;
use crate::viewfinder::Shutter;

/// How the window opens.
#[derive(Debug, Clone, Default)]
pub struct Options {
    /// Until the terminal says what its officer chose.
    pub appearance: Appearance,
    pub title: String,
    /// The first screen; none opens on the lock.
    pub screen: Option<Screen>,
    pub language: Language,
    /// Who takes photographs; when nobody does, none can be added.
    pub shutter: Shutter,
}

/// Why nothing could be drawn.
#[derive(Debug, Error)]
pub enum RunError {
    #[error("could not open a window; start from a session with a display")]
    Window(#[source] Box<dyn Error + Send + Sync>),
    #[error("could not start the thread that forwards views")]
    Forward(#[source] std::io::Error),
    #[error("could not draw off screen: this thread already has a window")]
    OffScreen(#[source] Box<dyn Error + Send + Sync>),
    #[error("could not write the picture")]
    Picture(#[source] Box<dyn Error + Send + Sync>),
}

/// Opens the window and shows every view as it comes; `intents` is called on this thread and must not wait.
/// Returns when the officer closes the window, or when every sender of `views` is gone.
pub fn run(
    intents: impl Fn(Intent) + 'static,
    views: Receiver<View>,
    options: Options,
) -> Result<(), RunError> {
    let opened = open(intents, views, options)?;
    opened.app.run().map_err(|source| RunError::Window(source.into()))
}

/// The screens before the event loop of this thread runs; they show views until this is dropped.
pub struct Opened {
    pub(crate) app: App,
    _watch: slint::Timer,
    open: Arc<AtomicBool>,
}

impl Opened {
    /// Shows the window, and leaves the event loop to whoever runs it for other windows too.
    pub fn show(&self) -> Result<(), RunError> {
        self.app.show().map_err(|source| RunError::Window(source.into()))
    }

    /// Turns the pages from another thread.
    pub fn turner(&self) -> Turner {
        Turner(self.app.as_weak())
    }
}

/// Opens screens of a window that another thread runs, for whoever shows the phone to others.
#[derive(Clone)]
pub struct Turner(Weak<App>);

impl Turner {
    pub fn turn_to(&self, screen: Screen) {
        // A window that is closed has no pages.
        let _ = self.0.upgrade_in_event_loop(move |app| screen.open(&app));
    }
}

impl Drop for Opened {
    fn drop(&mut self) {
        self.open.store(false, Ordering::Release);
    }
}

/// The same without the loop, in the window that this thread's platform makes next.
pub fn open(
    intents: impl Fn(Intent) + 'static,
    views: Receiver<View>,
    options: Options,
) -> Result<Opened, RunError> {
    let app = App::new().map_err(|source| RunError::Window(source.into()))?;
    options.language.speak();
    screens::appearance::show(&app, options.appearance);
    app.set_name(options.title.as_str().into());
    let intents: screens::Intents = Rc::new(intents);
    screens::connect(&app, &intents);
    screens::viewfinder::connect(&app, &intents, options.shutter);
    let watch = hand::watch(&app, &intents);
    if let Some(screen) = options.screen {
        screen.open(&app);
    }
    let open = Arc::new(AtomicBool::new(true));
    let window = app.as_weak();
    let still_open = Arc::clone(&open);
    thread::Builder::new()
        .name("ui-views".to_owned())
        .spawn(move || forward(&window, &views, &still_open))
        .map_err(RunError::Forward)?;
    Ok(Opened {
        app,
        _watch: watch,
        open,
    })
}

/// Moves views into the event loop. It is not joined: it ends with its channel, or at the first view after the window.
fn forward(window: &Weak<App>, views: &Receiver<View>, open: &AtomicBool) {
    for view in views {
        let shown = window.upgrade_in_event_loop(move |app| screens::show(&app, &view));
        if shown.is_err() || !open.load(Ordering::Acquire) {
            return;
        }
    }
    // A loop that has already ended needs no telling.
    drop(slint::invoke_from_event_loop(|| drop(slint::quit_event_loop())));
}
