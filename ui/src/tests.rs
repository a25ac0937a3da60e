//! Screens driven as assistive technologies drive them: found by label, pressed, filled, read.

mod alert;
mod burglary;
mod composer;
mod cover;
mod deliveries;
mod draft;
mod forms;
mod hands;
mod notices;
mod online;
mod outside;
mod overflow;
mod pieces;
mod printing;
mod protocol;
mod rights;
mod road;
#[path = "../tests/sample/mod.rs"]
pub(crate) mod sample;
mod shift;
mod suivi;
mod tabs;
mod touch;
mod unlock;
mod viewfinder;
mod visas;
mod words;

use std::cell::{Cell, RefCell};
use std::collections::BTreeSet;
use std::rc::Rc;
use std::time::Duration;

use domain::dialogue::{Intent, View};
use i_slint_backend_testing::{
    AccessibleRole, ElementHandle, ElementQuery, init_no_event_loop, mock_elapsed_time,
};

use slint::{ComponentHandle, LogicalSize};

use crate::drawn::App;
use crate::look::{Language, Screen};
use crate::screens;

/// A terminal in a hand: what is on its screen, and what it asked for.
struct Phone {
    app: App,
    sent: Rc<RefCell<Vec<Intent>>>,
}

impl Phone {
    fn new() -> Self {
        thread_local!(static READY: Cell<bool> = const { Cell::new(false) });
        if !READY.replace(true) {
            init_no_event_loop();
        }
        let app = App::new().unwrap();
        // Only what is in the window is found: tall enough for the longest form, without scrolling.
        app.window().set_size(LogicalSize::new(360.0, 6000.0));
        Language::French.speak();
        let sent = Rc::new(RefCell::new(Vec::new()));
        let sink = Rc::clone(&sent);
        screens::connect(
            &app,
            &(Rc::new(move |intent| sink.borrow_mut().push(intent)) as screens::Intents),
        );
        Self { app, sent }
    }

    fn unlocked() -> Self {
        let phone = Self::new();
        for view in sample::shift(sample::pv()) {
            phone.see(&view);
        }
        phone.open(Screen::Home);
        phone
    }

    fn see(&self, view: &View) {
        screens::show(&self.app, view);
        self.settle();
    }

    fn open(&self, screen: Screen) {
        screen.open(&self.app);
        self.settle();
    }

    /// Lets texts that follow their model take their value.
    fn settle(&self) {
        mock_elapsed_time(Duration::from_millis(16));
    }

    fn find(&self, label: &str) -> Option<ElementHandle> {
        ElementHandle::find_by_accessible_label(&self.app, label).next()
    }

    #[track_caller]
    fn get(&self, label: &str) -> ElementHandle {
        self.find(label)
            .unwrap_or_else(|| panic!("nothing on screen is labelled `{label}`"))
    }

    fn says(&self, label: &str) -> bool {
        self.find(label).is_some()
    }

    /// Every text on screen.
    fn texts(&self) -> BTreeSet<String> {
        ElementQuery::from_root(&self.app)
            .match_descendants()
            .match_accessible_role(AccessibleRole::Text)
            .find_all()
            .iter()
            .filter_map(ElementHandle::accessible_label)
            .map(String::from)
            .collect()
    }

    #[track_caller]
    fn value(&self, label: &str) -> String {
        self.get(label).accessible_value().unwrap_or_default().into()
    }

    #[track_caller]
    fn press(&self, label: &str) {
        self.get(label).invoke_accessible_default_action();
        self.settle();
    }

    #[track_caller]
    fn fill(&self, label: &str, text: &str) {
        self.get(label).set_accessible_value(text);
        self.settle();
    }

    /// What was asked since the last call.
    fn sent(&self) -> Vec<Intent> {
        self.sent.take()
    }

    #[track_caller]
    fn only_sent(&self) -> Intent {
        let mut sent = self.sent();
        assert_eq!(sent.len(), 1, "{sent:?}");
        sent.remove(0)
    }
}
