//! The viewfinder: what a camera shows is drawn, what is kept becomes a photograph of the draft.

use std::cell::RefCell;
use std::rc::Rc;

use domain::dialogue::Intent;
use domain::photo::MAX_PHOTO;
use domain::viewfinder::Frame;
use drawn::{App, Mode, PhotosAdapter, Theme, ViewfinderAdapter, ViewfinderStage};
use slint::{ComponentHandle, Image, Rgb8Pixel, SharedPixelBuffer, Weak};

use super::{Intents, draft};
use crate::viewfinder::{Purpose, Shutter, Stage, Through, Viewfinder};

/// From now on `shutter` takes the photographs.
pub(crate) fn connect(app: &App, intents: &Intents, shutter: Shutter) {
    if shutter.is_empty() {
        return;
    }
    app.global::<PhotosAdapter<'_>>().set_camera(true);
    let viewfinder = Rc::new(RefCell::new(Viewfinder::new(shutter)));
    let adapter = app.global::<ViewfinderAdapter<'_>>();
    adapter.set_has_files(viewfinder.borrow().has_files());
    adapter.set_limit_mb(i32::try_from(MAX_PHOTO >> 20).unwrap_or(i32::MAX));

    adapter.on_open(on(app, &viewfinder, |app, viewfinder| {
        open(app, viewfinder, Purpose::Photograph);
    }));
    adapter.on_open_document(on(app, &viewfinder, |app, viewfinder| {
        open(app, viewfinder, Purpose::Document);
    }));
    adapter.on_see(on(app, &viewfinder, |app, viewfinder| {
        if let Some(frame) = viewfinder.see() {
            draw(app, &frame);
        }
    }));
    adapter.on_watch(on(app, &viewfinder, |app, viewfinder| {
        if app.window().is_minimized() {
            viewfinder.close();
        }
        viewfinder.watch();
    }));
    adapter.on_shoot(on(app, &viewfinder, |_, viewfinder| viewfinder.shoot()));
    adapter.on_retake(on(app, &viewfinder, |app, viewfinder| {
        viewfinder.look(viewfinder.through(), wake(app));
    }));
    adapter.on_take_file(on(app, &viewfinder, |app, viewfinder| {
        viewfinder.look(Through::Files, wake(app));
    }));
    adapter.on_close(on(app, &viewfinder, |_, viewfinder| viewfinder.close()));
    let sink = Rc::clone(intents);
    adapter.on_keep(on(app, &viewfinder, move |_, viewfinder| {
        let purpose = viewfinder.purpose();
        if let Some((draft, shot)) = viewfinder.keep() {
            let picture = shot.picture;
            sink(match purpose {
                Purpose::Photograph => Intent::AttachPhoto {
                    draft,
                    name: shot.name,
                    picture,
                },
                Purpose::Document => Intent::ScanDocument { draft, picture },
            });
        }
    }));
}

fn open(app: &App, viewfinder: &mut Viewfinder, purpose: Purpose) {
    if let Some(draft) = draft::on_screen(app) {
        viewfinder.open(draft, purpose, wake(app));
    }
}

/// Closes it, and with it the camera.
pub(super) fn forget(app: &App) {
    app.global::<ViewfinderAdapter<'_>>().invoke_close();
}

/// Does `step`, then shows how far the viewfinder is.
fn on(
    app: &App,
    viewfinder: &Rc<RefCell<Viewfinder>>,
    step: impl Fn(&App, &mut Viewfinder) + 'static,
) -> impl Fn() + 'static {
    let (window, viewfinder) = (app.as_weak(), Rc::clone(viewfinder));
    move || {
        if let Some(app) = window.upgrade() {
            let mut viewfinder = viewfinder.borrow_mut();
            step(&app, &mut viewfinder);
            show(&app, &viewfinder);
        }
    }
}

fn show(app: &App, viewfinder: &Viewfinder) {
    let adapter = app.global::<ViewfinderAdapter<'_>>();
    let stage = match viewfinder.stage() {
        Stage::Closed => ViewfinderStage::Closed,
        Stage::Opening => ViewfinderStage::Opening,
        Stage::Live => ViewfinderStage::Live,
        Stage::Shooting => ViewfinderStage::Shooting,
        Stage::Review(_) => ViewfinderStage::Review,
        Stage::Failed(fault) => {
            adapter.set_fault((*fault).into());
            ViewfinderStage::Failed
        }
    };
    // A stage without picture leaves none in memory.
    if matches!(
        stage,
        ViewfinderStage::Closed | ViewfinderStage::Opening | ViewfinderStage::Failed
    ) {
        adapter.set_picture(Image::default());
    }
    adapter.set_for_document(viewfinder.purpose() == Purpose::Document);
    adapter.set_dark(viewfinder.is_dark());
    adapter.set_from_files(viewfinder.through() == Through::Files);
    adapter.set_stage(stage);
}

fn draw(app: &App, frame: &Frame) {
    app.global::<ViewfinderAdapter<'_>>()
        .set_picture(image(app, frame));
}

/// As the theme bears it.
pub(super) fn image(app: &App, frame: &Frame) -> Image {
    let mut pixels =
        SharedPixelBuffer::<Rgb8Pixel>::clone_from_slice(frame.rgb(), frame.width(), frame.height());
    // White light would undo the officer's eyes for minutes.
    if app.global::<Theme<'_>>().get_mode() == Mode::Night {
        for pixel in pixels.make_mut_slice() {
            *pixel = Rgb8Pixel::new(luma(pixel.r, pixel.g, pixel.b), 0, 0);
        }
    }
    Image::from_rgb8(pixels)
}

/// How light a colour is (ITU-R BT.601): all that a picture is at night, as red alone.
pub(super) fn luma(red: u8, green: u8, blue: u8) -> u8 {
    let luma = (299 * u32::from(red) + 587 * u32::from(green) + 114 * u32::from(blue)) / 1000;
    u8::try_from(luma).unwrap_or(u8::MAX)
}

/// Called on a camera's thread.
fn wake(app: &App) -> impl Fn() + Send + Sync + 'static {
    let window: Weak<App> = app.as_weak();
    move || {
        // A window that is gone looks at nothing.
        let _ = window.upgrade_in_event_loop(|app| app.global::<ViewfinderAdapter<'_>>().invoke_see());
    }
}
