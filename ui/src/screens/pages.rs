//! An act page by page: previewed, read, or as it was signed.

use std::rc::Rc;

use domain::dialogue::{Intent, PagesView};
use domain::plainte::Wording;
use drawn::{App, DraftAdapter, Mode, PagesAdapter, SigningAdapter, Theme};
use slint::{ComponentHandle, Image, ModelRc, Rgba8Pixel, SharedPixelBuffer};

use super::viewfinder::luma;
use super::{Intents, document, draft, leaflet, model, rights, visas};

pub(super) fn connect(app: &App, intents: &Intents) {
    let pages = app.global::<PagesAdapter<'_>>();
    let window = app.as_weak();
    let sink = Rc::clone(intents);
    pages.on_preview(move || {
        let Some(app) = window.upgrade() else { return };
        if let Some(draft) = draft::on_screen(&app) {
            ask(&app);
            sink(Intent::Preview { draft });
        }
    });
}

/// The next pages that come are opened over the screen.
pub(super) fn ask(app: &App) {
    app.global::<PagesAdapter<'_>>().set_asked(true);
}

/// The reading shows its pages itself; any other act is opened over the screen.
pub(super) fn show(app: &App, view: &PagesView) {
    if let Some(language) = view.rights {
        rights::open(app, view, language);
        return;
    }
    if let Some(shown) = view.leaflet {
        leaflet::open(app, view, shown);
        return;
    }
    let pages = app.global::<PagesAdapter<'_>>();
    pages.set_pages(pictures(app, view));
    pages.set_act(view.act.to_string().into());
    let of_the_draft = draft::on_screen(app) == Some(view.act);
    let signed = app.global::<DraftAdapter<'_>>().get_signed();
    pages.set_signed(!of_the_draft || signed);
    let read = of_the_draft && !signed && app.global::<SigningAdapter<'_>>().get_read();
    pages.set_open_to_visa(visas::may_ask(app, view.act));
    pages.set_open((pages.get_asked() || !read) && !visas::reads(app, view.act));
    pages.set_asked(false);
    document::yield_to_pages(app);
}

/// What a sheet says in the language that is read, a line for each idea.
pub(super) fn spoken(text: &Wording) -> String {
    let lines: Vec<&str> = text.entries().flat_map(Wording::lines).collect();
    lines.join("\n")
}

/// A damaged picture has no size, and its page says so. At night paper is red: white would undo the officer's eyes.
pub(super) fn pictures(app: &App, view: &PagesView) -> ModelRc<Image> {
    let night = app.global::<Theme<'_>>().get_mode() == Mode::Night;
    model(
        view.pages
            .iter()
            .map(move |png| picture(png, night).unwrap_or_default()),
    )
}

pub(super) fn forget(app: &App) {
    let pages = app.global::<PagesAdapter<'_>>();
    pages.set_open(false);
    pages.set_asked(false);
    pages.set_pages(model([]));
    pages.set_act("".into());
}

/// None where the bytes are no PNG picture.
fn picture(png: &[u8], night: bool) -> Option<Image> {
    let mut decoder = png::Decoder::new(std::io::Cursor::new(png));
    decoder.set_transformations(png::Transformations::normalize_to_color8());
    let mut reader = decoder.read_info().ok()?;
    let mut bytes = vec![0; reader.output_buffer_size()?];
    let frame = reader.next_frame(&mut bytes).ok()?;
    let channels = frame.color_type.samples();
    let mut pixels = SharedPixelBuffer::<Rgba8Pixel>::new(frame.width, frame.height);
    let samples = bytes.get(..frame.buffer_size())?.chunks_exact(channels);
    for (pixel, sample) in pixels.make_mut_slice().iter_mut().zip(samples) {
        *pixel = match *sample {
            [grey] => Rgba8Pixel::new(grey, grey, grey, 255),
            [grey, alpha] => Rgba8Pixel::new(grey, grey, grey, alpha),
            [red, green, blue] => Rgba8Pixel::new(red, green, blue, 255),
            [red, green, blue, alpha] => Rgba8Pixel::new(red, green, blue, alpha),
            _ => return None,
        };
        if night {
            *pixel = Rgba8Pixel::new(luma(pixel.r, pixel.g, pixel.b), 0, 0, pixel.a);
        }
    }
    Some(Image::from_rgba8(pixels))
}
