//! A scanner that types: what it reads goes where the camera's reading goes, wherever the focus is.

use std::cell::RefCell;
use std::rc::Rc;
use std::time::Duration;

use domain::ActId;
use domain::dialogue::Intent;
use domain::draft::Field;
use domain::identity::{Keyed, NotKeyed};
use drawn::{
    App, CameraAdapter, CameraState, CheckTab, DraftAdapter, IdentityCheckAdapter, Keys, Navigation, Screen,
};
use slint::{ComponentHandle, Timer, Weak};

use super::{Intents, draft};
use crate::scanner::{Burst, LINE, Stroke};

/// How the invitation of a camera begins; the engine reads the rest.
const INVITATION: &str = "neocam:";

/// What a scanner is for on the screen that is open.
#[derive(Clone, Copy)]
enum Place {
    Check(ActId),
    Pairing,
}

/// What a line of a scanner is here.
enum Line {
    Meant(Intent),
    /// More lines of it follow.
    Begun,
    /// A text, for the field in which it stands.
    Text,
}

struct Scanner {
    window: Weak<App>,
    intents: Intents,
    burst: RefCell<Burst>,
    /// Said once the field has its text back.
    held: RefCell<Option<Intent>>,
}

pub(super) fn connect(app: &App, intents: &Intents) {
    let scanner = Rc::new(Scanner {
        window: app.as_weak(),
        intents: Rc::clone(intents),
        burst: RefCell::default(),
        held: RefCell::default(),
    });
    let keys = app.global::<Keys<'_>>();
    let strikes = Rc::clone(&scanner);
    keys.on_struck(move |key, control, at| strikes.strike(&key, control, at));
    let types = Rc::clone(&scanner);
    keys.on_typed(move |before| types.burst.borrow_mut().typed(&before));
    keys.on_undone(move || scanner.say());
}

impl Scanner {
    /// Whether nobody else is to see the key.
    fn strike(self: &Rc<Self>, key: &str, control: bool, at: i64) -> bool {
        let Some(app) = self.window.upgrade() else {
            return false;
        };
        let keys = app.global::<Keys<'_>>();
        // The field that was to give its text back is gone.
        if keys.get_undo() {
            keys.set_undo(false);
            self.say();
        }
        let Some(place) = place(&app) else {
            self.burst.borrow_mut().clear();
            return false;
        };
        let stroke = self.burst.borrow_mut().strike(key, control, at);
        match stroke {
            Stroke::Passes => false,
            Stroke::Withheld => true,
            Stroke::Ends => self.end(&app, place),
        }
    }

    fn end(self: &Rc<Self>, app: &App, place: Place) -> bool {
        let line = place.line(&self.burst.borrow());
        match line {
            Line::Meant(intent) => {
                let (_, before) = self.burst.borrow_mut().take();
                *self.held.borrow_mut() = Some(intent);
                let Some(before) = before else {
                    self.say();
                    return true;
                };
                let keys = app.global::<Keys<'_>>();
                keys.set_before(before);
                keys.set_undo(true);
                false
            }
            Line::Begun => {
                self.burst.borrow_mut().wait();
                self.await_the_next();
                true
            }
            Line::Text => {
                self.burst.borrow_mut().clear();
                false
            }
        }
    }

    /// Lines that do not come are missed.
    fn await_the_next(self: &Rc<Self>) {
        let begun = self.burst.borrow().text().to_owned();
        let scanner = Rc::clone(self);
        let line = Duration::from_millis(LINE.unsigned_abs() + 50);
        Timer::single_shot(line, move || {
            let Some(app) = scanner.window.upgrade() else {
                return;
            };
            let missed = {
                let burst = scanner.burst.borrow();
                burst.waits() && burst.text() == begun
            };
            if let (true, Some(Place::Check(draft))) = (missed, place(&app)) {
                let (text, _) = scanner.burst.borrow_mut().take();
                *scanner.held.borrow_mut() = Some(scan(draft, &text));
                scanner.say();
            }
        });
    }

    fn say(&self) {
        let Some(intent) = self.held.borrow_mut().take() else {
            return;
        };
        if let (Some(app), Intent::ScanKeyed { .. }) = (self.window.upgrade(), &intent) {
            // What it gives is there, and so is why it gives nothing.
            app.global::<IdentityCheckAdapter<'_>>().set_tab(CheckTab::Person);
            draft::let_in(&app, &[Field::Mrz, Field::Plate]);
        }
        (self.intents)(intent);
    }
}

fn place(app: &App) -> Option<Place> {
    if app.global::<Keys<'_>>().get_covered() {
        return None;
    }
    let screen = app.global::<Navigation<'_>>().get_screen();
    let camera = app.global::<CameraAdapter<'_>>().get_state();
    if screen == Screen::IdentityCheck && app.global::<DraftAdapter<'_>>().get_editable() {
        draft::on_screen(app).map(Place::Check)
    } else if screen == Screen::Camera && matches!(camera, CameraState::NotPaired | CameraState::Lost) {
        Some(Place::Pairing)
    } else {
        None
    }
}

impl Place {
    fn line(self, burst: &Burst) -> Line {
        match self {
            Self::Check(draft) => match Keyed::read(burst.text()) {
                Ok(_) | Err(NotKeyed::Spoilt) => Line::Meant(scan(draft, burst.text())),
                Err(NotKeyed::Unfinished) => Line::Begun,
                Err(NotKeyed::Foreign) if burst.is_in_a_field() => Line::Text,
                Err(NotKeyed::Foreign) => Line::Meant(scan(draft, burst.text())),
            },
            Self::Pairing if burst.is_in_a_field() && !burst.text().starts_with(INVITATION) => Line::Text,
            Self::Pairing => Line::Meant(Intent::PairCamera {
                invitation: burst.text().to_owned(),
            }),
        }
    }
}

fn scan(draft: ActId, text: &str) -> Intent {
    Intent::ScanKeyed {
        draft,
        text: text.into(),
    }
}
