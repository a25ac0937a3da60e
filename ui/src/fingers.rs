//! Fingers on the screens without a display: what they touch is found by its label, as assistive technologies find it.

use std::cell::{Cell, RefCell};
use std::collections::BTreeSet;
use std::rc::Rc;
use std::time::Duration;

use domain::dialogue::{Intent, View};
use drawn::App;
use i_slint_backend_testing::{
    AccessibleRole, ElementHandle, ElementQuery, init_no_event_loop, mock_elapsed_time,
};
use slint::platform::{PointerEventButton, WindowEvent};
use slint::{ComponentHandle, LogicalPosition, LogicalSize};
use thiserror::Error;

use crate::hand;
use crate::look::{Language, Screen};
use crate::screens;
use crate::window::{Opened, RunError};

/// One thing that a hand does; labels are what the screen says in French.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Touch {
    Press(String),
    /// A field and what is typed in it, in the place of what it held.
    Fill(String, String),
    /// A signature on a pad.
    Draw(String),
    /// What a barcode scanner types, wherever the focus is; it ends with Enter.
    Scan(String),
}

/// Nothing carries the label of a touch.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("nothing on the screen is labelled `{label}`; it says {shown:?}")]
pub struct Missed {
    pub label: String,
    /// Every text and every control on the screen.
    pub shown: BTreeSet<String>,
}

/// What a hand can do with something that is on the screen.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Way {
    Press,
    Fill,
    Draw,
}

/// Something on the screen that a hand reaches now.
pub struct Within {
    pub label: String,
    pub way: Way,
    /// What a field holds.
    pub value: String,
    element: ElementHandle,
}

/// Where somebody signs: pictures are not touched, but this one.
const PAD: &str = "Cadre de signature de ";

impl Within {
    fn of(element: ElementHandle) -> Option<Self> {
        let label = element.accessible_label().unwrap_or_default().to_string();
        let role = element.accessible_role()?;
        let way = if role == AccessibleRole::TextInput {
            Way::Fill
        } else if role == AccessibleRole::Image && label.starts_with(PAD) {
            Way::Draw
        } else if PRESSED.contains(&role) {
            Way::Press
        } else {
            return None;
        };
        (element.accessible_enabled() != Some(false)).then(|| Self {
            label,
            way,
            value: element.accessible_value().unwrap_or_default().into(),
            element,
        })
    }
}

const PRESSED: [AccessibleRole; 6] = [
    AccessibleRole::Button,
    AccessibleRole::Checkbox,
    AccessibleRole::RadioButton,
    AccessibleRole::ListItem,
    AccessibleRole::Tab,
    AccessibleRole::Switch,
];

/// A terminal in a hand: what is on its screen, and what it asked for. Time on the screens passes with what is done.
pub struct Fingers {
    pub(crate) app: App,
    pub(crate) sent: Rc<RefCell<Vec<Intent>>>,
    /// Somebody looks on: time passes by itself there, and the window keeps its size but for a search.
    seen: bool,
    pictures: Pictures,
}

/// What keeps a picture of the screen as it stands, under a name.
type Pictures = Option<Box<dyn Fn(&str)>>;

/// Only what is in the window is found: tall enough for the longest form, without scrolling.
const WHOLE: LogicalSize = LogicalSize::new(360.0, 6000.0);
/// What takes the whole window is for a telephone that is held.
const HELD: LogicalSize = LogicalSize::new(360.0, 780.0);
const FRAME: Duration = Duration::from_millis(16);

impl Fingers {
    /// The screens in French, before any view; the thread must have no other window.
    pub fn new() -> Result<Self, RunError> {
        thread_local!(static READY: Cell<bool> = const { Cell::new(false) });
        if !READY.replace(true) {
            init_no_event_loop();
        }
        let app = App::new().map_err(|source| RunError::OffScreen(source.into()))?;
        app.window().set_size(WHOLE);
        Language::French.speak();
        let sent = Rc::new(RefCell::new(Vec::new()));
        let sink = Rc::clone(&sent);
        screens::connect(
            &app,
            &(Rc::new(move |intent| sink.borrow_mut().push(intent)) as screens::Intents),
        );
        Ok(Self {
            app,
            sent,
            seen: false,
            pictures: None,
        })
    }

    /// A hand on screens that somebody sees; what it asks for goes the way of every intent there.
    pub fn on(opened: &Opened) -> Self {
        Self {
            app: opened.app.clone_strong(),
            sent: Rc::default(),
            seen: true,
            pictures: None,
        }
    }

    /// The same, with somebody who keeps pictures.
    #[must_use]
    pub fn with_pictures(self, pictures: impl Fn(&str) + 'static) -> Self {
        Self {
            pictures: Some(Box::new(pictures)),
            ..self
        }
    }

    /// The screen as it stands, for whoever keeps pictures.
    pub fn picture(&self, name: &str) {
        if let Some(pictures) = &self.pictures {
            pictures(name);
        }
    }

    pub fn see(&self, view: &View) {
        screens::show(&self.app, view);
        self.settle();
    }

    /// Whether something on the screen has this label.
    pub fn says(&self, label: &str) -> bool {
        self.find(label).is_some() || self.over_all(|| self.find(label).is_some())
    }

    /// Whether it can be touched as well.
    pub fn offers(&self, label: &str) -> bool {
        let offered = || {
            self.find(label)
                .is_some_and(|element| element.accessible_enabled() != Some(false))
        };
        offered() || self.over_all(offered)
    }

    /// Whether it is a choice, and the one that is made.
    pub fn chosen(&self, label: &str) -> bool {
        let chosen = || {
            self.find(label)
                .is_some_and(|element| element.accessible_checked() == Some(true))
        };
        chosen() || self.over_all(chosen)
    }

    pub fn touch(&self, touch: &Touch) -> Result<(), Missed> {
        let acts = || {
            match touch {
                Touch::Press(label) => self.named(label)?.invoke_accessible_default_action(),
                Touch::Fill(label, text) => self.named(label)?.set_accessible_value(text.as_str()),
                Touch::Draw(pad) => self.draw(pad)?,
                Touch::Scan(text) => self.scan(text),
            }
            Ok(())
        };
        let touched = acts().or_else(|missed| {
            if self.seen {
                self.over_all(acts)
            } else {
                Err(missed)
            }
        });
        self.settle();
        touched
    }

    /// Everything that a hand reaches now, in the order in which it is read.
    pub fn within_reach(&self) -> Vec<Within> {
        let mut reached: Vec<Within> = Vec::new();
        for element in ElementQuery::from_root(&self.app).match_descendants().find_all() {
            let Some(within) = Within::of(element) else {
                continue;
            };
            // An element and the base that it inherits from are one.
            let at = |within: &Within| within.element.absolute_position();
            let same = |other: &Within| {
                (other.way, &other.label) == (within.way, &within.label) && at(other) == at(&within)
            };
            if !reached.iter().any(same) {
                reached.push(within);
            }
        }
        reached
    }

    /// Does with it what can be done; a field holds `text` from then on.
    pub fn reach(&self, within: &Within, text: &str) -> Result<(), Missed> {
        match within.way {
            Way::Press => within.element.invoke_accessible_default_action(),
            Way::Fill => within.element.set_accessible_value(text),
            Way::Draw => {
                self.hold(false);
                self.draw(&within.label)?;
                self.hold(true);
            }
        }
        self.settle();
        Ok(())
    }

    /// The open screen; none for one that no list names.
    pub fn screen(&self) -> Option<Screen> {
        Screen::ALL.into_iter().find(|screen| screen.is_open(&self.app))
    }

    /// What is further down is found in a window that is tall for a moment, between two pictures.
    fn over_all<T>(&self, found: impl FnOnce() -> T) -> T {
        if !self.seen {
            return found();
        }
        let window = self.app.window();
        let size = window.size();
        window.set_size(WHOLE);
        let found = found();
        window.set_size(size);
        found
    }

    /// What was asked since the last call.
    pub fn asked(&self) -> Vec<Intent> {
        self.sent.take()
    }

    /// The window as tall as the longest form, or as a telephone.
    pub fn hold(&self, whole: bool) {
        if self.seen {
            return;
        }
        self.app.window().set_size(if whole { WHOLE } else { HELD });
        self.settle();
    }

    /// Lets texts that follow their model take their value.
    pub(crate) fn settle(&self) {
        if !self.seen {
            mock_elapsed_time(FRAME);
        }
    }

    /// The first that is labelled so; the spaces of French typography are found by plain ones, as they are typed.
    pub(crate) fn find(&self, label: &str) -> Option<ElementHandle> {
        let exact = ElementHandle::find_by_accessible_label(&self.app, label).next();
        exact.or_else(|| {
            let wanted = plain(label);
            let labelled = move |element: &ElementHandle| {
                element
                    .accessible_label()
                    .is_some_and(|said| plain(&said) == wanted)
            };
            ElementQuery::from_root(&self.app)
                .match_descendants()
                .match_predicate(labelled)
                .find_first()
        })
    }

    /// What the screen says instead of `label`.
    pub fn missed(&self, label: &str) -> Missed {
        Missed {
            label: label.to_owned(),
            shown: labels(&ElementQuery::from_root(&self.app).match_descendants().find_all()),
        }
    }

    fn named(&self, label: &str) -> Result<ElementHandle, Missed> {
        self.find(label).ok_or_else(|| self.missed(label))
    }

    /// Keys as a scanner strikes them.
    fn scan(&self, text: &str) {
        hand::keep_focus(&self.app);
        let ended = text.trim_end().chars().chain(['\n']);
        for key in ended {
            hand::strike(self.app.window(), key);
        }
    }

    /// A wave across the pad.
    fn draw(&self, pad: &str) -> Result<(), Missed> {
        let at = self.named(pad)?.absolute_position();
        let window = self.app.window();
        let button = PointerEventButton::Left;
        let point = |step: u8| {
            let across = f32::from(step) / 20.0;
            LogicalPosition::new(
                at.x + 20.0 + across * 200.0,
                at.y + 40.0 + (across * 9.0).sin() * 20.0,
            )
        };
        let mut position = point(0);
        window.dispatch_event(WindowEvent::PointerMoved { position });
        window.dispatch_event(WindowEvent::PointerPressed { position, button });
        for step in 1..=20 {
            position = point(step);
            window.dispatch_event(WindowEvent::PointerMoved { position });
            self.settle();
        }
        window.dispatch_event(WindowEvent::PointerReleased { position, button });
        Ok(())
    }
}

fn plain(label: &str) -> String {
    label.replace(['\u{a0}', '\u{202f}'], " ")
}

fn labels(elements: &[ElementHandle]) -> BTreeSet<String> {
    let labels = elements.iter().filter_map(ElementHandle::accessible_label);
    labels
        .map(String::from)
        .filter(|label| !label.is_empty())
        .collect()
}
