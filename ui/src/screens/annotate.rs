//! Drawing over a photograph: each mark is sent to be kept as soon as the finger lets go of it.

use std::any::Any;
use std::cell::RefCell;
use std::rc::Rc;

use domain::Digest;
use domain::dialogue::{DraftState, DraftView, Intent, PhotoView};
use domain::photo::Marks;
use drawn::{AnnotateAdapter, App, MarkRow, MarkTool, PhotosAdapter};
use slint::{ComponentHandle, Image, Model, ModelNotify, ModelRc, ModelTracker};

use super::{Intents, draft, model, viewfinder};
use crate::marking::{Marking, Tool};

/// What is drawn over the photograph that is open, line by line as the finger goes.
struct Glass {
    marking: RefCell<Marking>,
    notify: ModelNotify,
}

impl Model for Glass {
    type Data = MarkRow;

    fn row_count(&self) -> usize {
        self.marking.borrow().drawn()
    }

    fn row_data(&self, row: usize) -> Option<MarkRow> {
        let line = self.marking.borrow().line(row)?;
        Some(MarkRow {
            commands: line.commands.into(),
            number: i32::try_from(line.number).unwrap_or(i32::MAX),
            x: line.at.0,
            y: line.at.1,
        })
    }

    fn model_tracker(&self) -> &dyn ModelTracker {
        &self.notify
    }

    fn as_any(&self) -> &dyn Any {
        self
    }
}

impl Glass {
    /// Does something to the marks, and has drawn again what that changes: rows are added and removed at the end alone.
    fn change<T>(&self, change: impl FnOnce(&mut Marking) -> T) -> T {
        let before = self.row_count();
        let changed = change(&mut self.marking.borrow_mut());
        let after = self.row_count();
        if after > before {
            self.notify.row_added(before, after - before);
        } else if after < before {
            self.notify.row_removed(after, before - after);
        } else if let Some(last) = after.checked_sub(1) {
            self.notify.row_changed(last);
        }
        changed
    }
}

pub(super) fn connect(app: &App, intents: &Intents) {
    let adapter = app.global::<AnnotateAdapter<'_>>();

    let (window, sink) = (app.as_weak(), Rc::clone(intents));
    adapter.on_ask(move |id| {
        let Some(app) = window.upgrade() else { return };
        if let Some((draft, sha256)) = draft::on_screen(&app).zip(Digest::from_hex(&id)) {
            app.global::<AnnotateAdapter<'_>>().set_asked(id);
            sink(Intent::OpenPhoto { draft, sha256 });
        }
    });

    let window = app.as_weak();
    adapter.on_down(move |x, y| {
        on_glass(&window, |app, glass| {
            let tool = match app.global::<AnnotateAdapter<'_>>().get_tool() {
                MarkTool::Ring => Tool::Ring,
                MarkTool::Point => Tool::Point,
                MarkTool::Stroke => Tool::Stroke,
            };
            glass.change(|marking| marking.down(tool, (x, y)));
        });
    });

    let window = app.as_weak();
    adapter.on_moved(move |x, y| {
        on_glass(&window, |_, glass| glass.change(|marking| marking.moved((x, y))));
    });

    let (window, sink) = (app.as_weak(), Rc::clone(intents));
    adapter.on_up(move || {
        on_glass(&window, |app, glass| match glass.change(Marking::up) {
            Ok(Some(marks)) => keep(app, glass, marks, &sink),
            Ok(None) => {}
            Err(_) => app.global::<AnnotateAdapter<'_>>().set_full(true),
        });
    });

    let (window, sink) = (app.as_weak(), Rc::clone(intents));
    adapter.on_undo(move || {
        on_glass(&window, |app, glass| {
            let marks = glass.change(Marking::undo);
            keep(app, glass, marks, &sink);
        });
    });

    let (window, sink) = (app.as_weak(), Rc::clone(intents));
    adapter.on_clear(move || {
        on_glass(&window, |app, glass| {
            let marks = glass.change(Marking::clear);
            keep(app, glass, marks, &sink);
        });
    });

    let window = app.as_weak();
    adapter.on_done(move || {
        if let Some(app) = window.upgrade() {
            forget(&app);
        }
    });
}

fn on_glass(window: &slint::Weak<App>, then: impl FnOnce(&App, &Glass)) {
    let Some(app) = window.upgrade() else { return };
    let marks = app.global::<AnnotateAdapter<'_>>().get_marks();
    if let Some(glass) = marks.as_any().downcast_ref::<Glass>() {
        then(&app, glass);
    }
}

fn keep(app: &App, glass: &Glass, marks: Marks, intents: &Intents) {
    app.global::<AnnotateAdapter<'_>>()
        .set_full(glass.marking.borrow().is_full());
    let sha256 = glass.marking.borrow().photo;
    if let Some(draft) = draft::on_screen(app) {
        intents(Intent::MarkPhoto { draft, sha256, marks });
    }
}

/// A photograph that nobody waits for any more is not shown.
pub(crate) fn show(app: &App, view: &PhotoView) {
    let adapter = app.global::<AnnotateAdapter<'_>>();
    let id = view.sha256.to_string();
    let photos = app.global::<PhotosAdapter<'_>>().get_photos();
    let Some(row) = photos.iter().find(|row| row.id == id) else {
        return;
    };
    if adapter.get_asked() != id || draft::on_screen(app) != Some(view.draft) {
        return;
    }
    adapter.set_asked("".into());
    adapter.set_name(row.name);
    let (picture, ratio) = view.picture.as_ref().map_or((Image::default(), 1.0), |frame| {
        (
            viewfinder::image(app, frame),
            ratio(frame.width(), frame.height()),
        )
    });
    let marking = Marking::new(view.sha256, view.marks.clone(), 1.0 / ratio);
    adapter.set_full(marking.is_full());
    adapter.set_readable(view.picture.is_some());
    adapter.set_picture(picture);
    adapter.set_ratio(ratio);
    adapter.set_marks(ModelRc::new(Glass {
        marking: RefCell::new(marking),
        notify: ModelNotify::default(),
    }));
    adapter.set_open(true);
}

#[expect(clippy::cast_precision_loss, reason = "a picture has fewer pixels on a side")]
fn ratio(width: u32, height: u32) -> f32 {
    width as f32 / height as f32
}

/// What is open closes when its photograph is gone, or cannot be drawn over any more.
pub(super) fn follow(app: &App, view: &DraftView) {
    let kept = view.state == DraftState::Editing
        && view.reading.is_none()
        && view.photos.iter().any(|photo| is_open(app, photo.sha256));
    if !kept && app.global::<AnnotateAdapter<'_>>().get_open() {
        forget(app);
    }
}

fn is_open(app: &App, photo: Digest) -> bool {
    let marks = app.global::<AnnotateAdapter<'_>>().get_marks();
    let glass = marks.as_any().downcast_ref::<Glass>();
    glass.is_some_and(|glass| glass.marking.borrow().photo == photo)
}

/// Closes it; its picture goes from memory.
pub(super) fn forget(app: &App) {
    let adapter = app.global::<AnnotateAdapter<'_>>();
    adapter.set_open(false);
    adapter.set_asked("".into());
    adapter.set_name("".into());
    adapter.set_picture(Image::default());
    adapter.set_marks(model([]));
    adapter.set_full(false);
}
