//! Screens driven as assistive technologies drive them: found by label, pressed, filled, read.

mod access;
mod alert;
mod annotate;
mod appearance;
mod budget;
mod burglary;
mod composer;
mod cover;
mod crew;
mod deliveries;
mod dispatches;
mod draft;
mod film;
mod forms;
mod hands;
#[path = "../tests/kept/mod.rs"]
mod kept;
mod keyboard;
mod leaflet;
mod notices;
mod online;
mod outside;
mod overflow;
mod pictures;
mod pieces;
mod place_and_time;
mod plate;
mod printing;
mod protocol;
pub(crate) mod recordings;
mod rights;
mod road;
#[path = "../tests/sample/mod.rs"]
pub(crate) mod sample;
mod scanner;
pub(crate) mod scenes;
mod sending;
mod shift;
mod suivi;
mod tabs;
mod touch;
mod typed;
mod unlock;
mod viewfinder;
mod visas;
mod words;

use std::collections::BTreeSet;

use domain::dialogue::{DraftView, Intent, View};
use i_slint_backend_testing::{AccessibleRole, ElementHandle, ElementQuery};
use slint::ComponentHandle;
use slint::platform::WindowEvent;

use crate::fingers::{Fingers as Phone, Touch};
use crate::look::Screen;

impl Phone {
    fn unlocked() -> Self {
        let phone = Self::new().unwrap();
        for view in sample::shift(sample::pv()) {
            phone.see(&view);
        }
        phone.open(Screen::Home);
        phone
    }

    /// The window of a computer, which has the keys.
    fn take_keys(&self) {
        let active = WindowEvent::WindowActiveChanged(true);
        self.app.window().dispatch_event(active);
    }

    /// An unlocked terminal that has the keys, with this draft on its screen.
    fn drafting(screen: Screen, draft: DraftView) -> Self {
        let phone = Self::unlocked();
        phone.take_keys();
        phone.see(&View::Draft(Box::new(draft)));
        phone.open(screen);
        phone
    }

    fn open(&self, screen: Screen) {
        screen.open(&self.app);
        self.settle();
    }

    #[track_caller]
    fn get(&self, label: &str) -> ElementHandle {
        self.find(label)
            .unwrap_or_else(|| panic!("nothing on screen is labelled `{label}`"))
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
        self.touch(&Touch::Press(label.to_owned())).unwrap();
    }

    #[track_caller]
    fn fill(&self, label: &str, text: &str) {
        self.touch(&Touch::Fill(label.to_owned(), text.to_owned()))
            .unwrap();
    }

    /// What was asked since the last call, besides where the officer looks and the usual offences there.
    fn sent(&self) -> Vec<Intent> {
        let mut sent = self.asked();
        sent.retain(|intent| {
            let usual = matches!(intent, Intent::SearchOffences { text } if text.is_empty());
            !usual && !matches!(intent, Intent::LookAt { .. } | Intent::PutAway)
        });
        sent
    }

    #[track_caller]
    fn only_sent(&self) -> Intent {
        let mut sent = self.sent();
        assert_eq!(sent.len(), 1, "{sent:?}");
        sent.remove(0)
    }
}
