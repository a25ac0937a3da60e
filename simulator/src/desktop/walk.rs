//! A scenario played on a phone that nobody holds, with a picture wherever it asks for one.

use std::cell::RefCell;
use std::rc::Rc;
use std::sync::Arc;
use std::sync::mpsc::{RecvTimeoutError, channel};
use std::time::{Duration, Instant};

use anyhow::{Context, bail, ensure};
use domain::dialogue::Intent;

use super::glass::{self, Glass};
use super::player::Ask;
use super::{Camera, Desk, Options, shutter};
use crate::eye::Dial;
use crate::patrol;

/// The phone's screen when the scenario asked for it.
pub struct Picture {
    pub name: String,
    /// Width and height in pixels.
    pub size: (u32, u32),
    /// Red, green and blue, row by row.
    pub rgb: Vec<u8>,
}

/// How long one step may take, on a busy computer.
const PATIENCE: Duration = Duration::from_secs(300);
const GLANCE: Duration = Duration::from_millis(20);

/// Plays every step and gives the pictures in their order. The thread must have no other window.
pub fn walk(patrol: &patrol::Options, progress: &dyn Fn(&str)) -> anyhow::Result<Vec<Picture>> {
    glass::set_without_display()?;
    let dial = Dial::default();
    let (views, shown) = channel();
    let (touches, touched) = channel();
    let screens = Arc::new(move |touch| {
        // A step that touches screens that are gone says so itself.
        let _ = touches.send(touch);
    });
    // Every touch begins at the home screen, and no other step is to be seen.
    let mut desk = Desk::open(patrol, dial.clone(), views, screens, |_| ())?;
    let line = desk.backstage().line.clone();
    let options = Options {
        patrol: patrol.clone(),
        theme: ui::Theme::Light,
        camera: Camera::Simulated,
        photos: None,
        before: None,
    };
    let look = ui::Options {
        shutter: shutter(&options, dial),
        ..ui::Options::default()
    };
    // Views are shown by this loop, between two touches.
    let (_, unused) = channel();
    let (glass, phone) = Glass::over(|| ui::open(move |intent: Intent| line.intent(intent), unused, look))?;
    let glass = Rc::new(RefCell::new(glass));
    glass.borrow_mut().size(360.0, 780.0);
    let pictures: Rc<RefCell<Vec<Picture>>> = Rc::default();
    let fingers = ui::Fingers::on(&phone).with_pictures({
        let pictures = Rc::clone(&pictures);
        move |name| {
            let (width, height, rgb) = glass.borrow_mut().settled();
            pictures.borrow_mut().push(Picture {
                name: name.to_owned(),
                size: (width, height),
                rgb,
            });
        }
    });
    phone.show()?;
    let all = patrol.scenario.steps.len();
    for step in 1..=all {
        progress(&format!("touch {step} of {all}"));
        desk.ask(Ask::Step);
        let since = Instant::now();
        loop {
            let touch = touched.recv_timeout(GLANCE);
            // What the phone showed before the touch was asked for is seen before it is made.
            shown.try_iter().for_each(|view| fingers.see(&view));
            match touch {
                Ok(touch) => touch(&fingers),
                Err(RecvTimeoutError::Timeout) => {}
                Err(RecvTimeoutError::Disconnected) => bail!("the scenario ended"),
            }
            slint::platform::update_timers_and_animations();
            desk.tick();
            let played = desk.shown().played;
            if let Some(trouble) = played.trouble {
                bail!("the scenario stopped: {trouble}");
            }
            if played.done == step && !played.at_work {
                break;
            }
            ensure!(since.elapsed() < PATIENCE, "step {step} stands still");
        }
    }
    drop(fingers);
    drop(phone);
    desk.close()?;
    let pictures = Rc::into_inner(pictures).context("the phone is still there")?;
    Ok(pictures.into_inner())
}
