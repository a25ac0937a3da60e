//! The window from its opening to its end, over the event loop of the testing platform.
#![expect(clippy::unwrap_used, reason = "a test panics on the unexpected")]

use std::sync::mpsc;

use domain::dialogue::{LockState, LockView, Notice, View};
use ui::{Appearance, Options, Theme, run};

#[test]
fn the_window_closes_when_its_views_end() {
    i_slint_backend_testing::init_integration_test_with_system_time();
    let (send, views) = mpsc::channel();
    send.send(View::Lock(LockView {
        state: LockState::Unlocked,
        card_present: true,
        hardware_backed: true,
        officer: "RIO 1234567".to_owned(),
        formation: false,
        device: "neo-000007".to_owned(),
        answers: 0,
    }))
    .unwrap();
    send.send(View::Notice(Notice::DiskFull)).unwrap();
    drop(send);
    let options = Options {
        appearance: Appearance {
            theme: Theme::Dark,
            ..Appearance::default()
        },
        title: "Terminal".to_owned(),
        ..Options::default()
    };
    run(|_| (), views, options).unwrap();
}
