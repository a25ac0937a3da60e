//! One frame of a screen, rendered in memory without a display: reference pictures and reports.

use std::cell::{Cell, RefCell};
use std::rc::Rc;

use domain::dialogue::{PhotoView, View};
use domain::viewfinder::Sight;
use drawn::{AnnotateAdapter, App, ViewfinderAdapter};
use slint::platform::software_renderer::{MinimalSoftwareWindow, RepaintBufferType};
use slint::platform::{
    Platform, PlatformError, WindowAdapter, WindowEvent, set_platform, update_timers_and_animations,
};
use slint::{ComponentHandle, LogicalSize, PhysicalSize, Rgb8Pixel};

use crate::look::{Look, Screen};
use crate::screens;
use crate::viewfinder::Shutter;
use crate::window::RunError;

/// A rendered picture, 8 bits a channel, without transparency.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Frame {
    size: PhysicalSize,
    pixels: Vec<Rgb8Pixel>,
}

impl Frame {
    /// Device pixels.
    pub const fn width(&self) -> u32 {
        self.size.width
    }

    /// Device pixels.
    pub const fn height(&self) -> u32 {
        self.size.height
    }

    /// Red, green, blue, row by row from the top left.
    pub fn rgb(&self) -> Vec<u8> {
        self.pixels
            .iter()
            .flat_map(|pixel| [pixel.r, pixel.g, pixel.b])
            .collect()
    }

    /// The picture as a PNG file.
    pub fn png(&self) -> Result<Vec<u8>, RunError> {
        png_of(self).map_err(|source| RunError::Picture(source.into()))
    }
}

/// After so many passes a screen that still changes is drawn as it stands.
const PASSES: usize = 3;

/// Renders `screen` as it stands after `views`. May be called again and again on one thread, as long as
/// no window runs on that thread.
pub fn frame(screen: Screen, views: &[View], look: Look) -> Result<Frame, RunError> {
    draw(look, |app| {
        for view in views {
            screens::show(app, view);
        }
        screen.open(app);
    })
}

/// The same with the viewfinder open for the draft on the screen, after `sights` have come one by one.
pub fn viewfinder_frame(
    screen: Screen,
    views: &[View],
    sights: &[Sight],
    look: Look,
) -> Result<Frame, RunError> {
    draw(look, |app| {
        let camera = Rc::new(RefCell::new(None));
        let opened = Rc::clone(&camera);
        let shutter = Shutter::default()
            .with_camera(move |orders, window| {
                opened.replace(Some((orders, window)));
            })
            .with_files(|_, _| ());
        screens::viewfinder::connect(app, &(Rc::new(|_| ()) as screens::Intents), shutter);
        for view in views {
            screens::show(app, view);
        }
        screen.open(app);
        let viewfinder = app.global::<ViewfinderAdapter<'_>>();
        viewfinder.invoke_open();
        for sight in sights {
            if let Some((_, window)) = camera.borrow().as_ref() {
                window.show(sight.clone());
            }
            viewfinder.invoke_see();
        }
    })
}

/// The same with a photograph of the draft open, to be drawn over.
pub fn annotate_frame(
    screen: Screen,
    views: &[View],
    photo: &PhotoView,
    look: Look,
) -> Result<Frame, RunError> {
    draw(look, |app| {
        for view in views {
            screens::show(app, view);
        }
        screen.open(app);
        app.global::<AnnotateAdapter<'_>>()
            .set_asked(photo.sha256.to_string().into());
        screens::annotate::show(app, photo);
    })
}

/// Renders the window as `prepare` leaves it.
pub(crate) fn draw(look: Look, prepare: impl FnOnce(&App)) -> Result<Frame, RunError> {
    let (app, window) = new_window(App::new)?;
    look.language.speak();
    screens::connect(&app, &(Rc::new(|_| ()) as screens::Intents));
    screens::appearance::show(&app, look.appearance());
    prepare(&app);
    screens::appearance::show(&app, look.appearance());
    window.dispatch_event(WindowEvent::ScaleFactorChanged {
        scale_factor: look.scale,
    });
    window.set_size(LogicalSize::new(look.width.into(), look.height.into()));
    app.show().map_err(|source| RunError::OffScreen(source.into()))?;
    let size = window.size();
    let stride = usize::try_from(size.width).expect("a width fits in memory");
    let rows = usize::try_from(size.height).expect("a height fits in memory");
    let mut pixels = vec![Rgb8Pixel::default(); stride * rows];
    window.request_redraw();
    // Drawing lets texts that follow their model take their value, which asks for another pass.
    for _ in 0..PASSES {
        update_timers_and_animations();
        let drawn = window.draw_if_needed(|renderer| {
            renderer.render(&mut pixels, stride);
        });
        if !drawn {
            break;
        }
    }
    app.hide().map_err(|source| RunError::OffScreen(source.into()))?;
    Ok(Frame { size, pixels })
}

thread_local! {
    static STAGE: RefCell<Option<Rc<MinimalSoftwareWindow>>> = const { RefCell::new(None) };
    static SET: Cell<bool> = const { Cell::new(false) };
}

/// A platform without display: each component gets its own window in memory.
struct OffScreen;

impl Platform for OffScreen {
    fn create_window_adapter(&self) -> Result<Rc<dyn WindowAdapter>, PlatformError> {
        let window = MinimalSoftwareWindow::new(RepaintBufferType::NewBuffer);
        STAGE.replace(Some(Rc::clone(&window)));
        Ok(window)
    }
}

/// A component in a window in memory of its own.
pub(crate) fn new_window<C>(
    make: impl FnOnce() -> Result<C, PlatformError>,
) -> Result<(C, Rc<MinimalSoftwareWindow>), RunError> {
    set_the_stage()?;
    let component = make().map_err(|source| RunError::OffScreen(source.into()))?;
    let window = STAGE
        .with_borrow_mut(Option::take)
        .ok_or_else(|| RunError::OffScreen("the platform made no window".into()))?;
    Ok((component, window))
}

fn set_the_stage() -> Result<(), RunError> {
    if !SET.get() {
        set_platform(Box::new(OffScreen)).map_err(|source| RunError::OffScreen(source.to_string().into()))?;
        SET.set(true);
    }
    Ok(())
}

fn png_of(frame: &Frame) -> Result<Vec<u8>, png::EncodingError> {
    let mut file = Vec::new();
    let mut encoder = png::Encoder::new(&mut file, frame.width(), frame.height());
    encoder.set_color(png::ColorType::Rgb);
    encoder.set_depth(png::BitDepth::Eight);
    let mut writer = encoder.write_header()?;
    writer.write_image_data(&frame.rgb())?;
    writer.finish()?;
    Ok(file)
}

#[cfg(test)]
mod tests {
    use domain::dialogue::{DraftView, PagesView, RightsLine, SignerState};
    use domain::plainte::Language;

    use super::*;
    use crate::tests::sample;
    use drawn::{FormAdapter, RightsAdapter, Step, VisaAdapter};

    /// No view opens these sheets: the OPJ does.
    #[test]
    fn an_act_that_waits_for_a_visa_is_drawn_with_its_pages_and_the_decision_over_it() {
        for (name, act, deciding) in [("read", 0, false), ("decided", 0, true), ("too-large", 1, false)] {
            let drawn = draw(Look::default(), |app| {
                let lines = sample::visas();
                screens::show(app, &View::Visas(lines.clone()));
                screens::show(
                    app,
                    &View::Pages(domain::dialogue::PagesView {
                        act: lines[act].act,
                        ..sample::pages(1, 2)
                    }),
                );
                let visas = app.global::<VisaAdapter<'_>>();
                let row = slint::Model::row_data(&visas.get_waiting(), act).unwrap();
                visas.set_open(row);
                visas.set_deciding(deciding);
                Screen::Visas.open(app);
            })
            .unwrap();
            let file = std::env::temp_dir().join(format!("neo-visa-{name}.png"));
            std::fs::write(file, drawn.png().unwrap()).unwrap();
            let rgb = drawn.rgb();
            let colours: std::collections::BTreeSet<&[u8; 3]> = rgb.as_chunks().0.iter().collect();
            assert!(colours.len() > 16, "{name}: {} colours", colours.len());
        }
    }
    /// The choice, the page as the victim reads it, and the notice that is settled.
    #[test]
    fn the_rights_of_a_victim_are_drawn_as_they_are_chosen_read_and_signed() {
        let rights = |state: SignerState| DraftView {
            rights: Some(RightsLine {
                language: Language::Arabic,
                state,
                at: Some(sample::at(5)),
            }),
            ..sample::plainte()
        };
        for (name, draft, open) in [
            ("chosen", sample::plainte(), false),
            ("read", rights(SignerState::Awaited), true),
            ("signed", rights(SignerState::Signed), false),
        ] {
            let drawn = draw(Look::default(), |app| {
                for view in sample::shift(draft) {
                    screens::show(app, &view);
                }
                Screen::Plainte.open(app);
                app.global::<FormAdapter<'_>>().invoke_turn(Step::Rights);
                let adapter = app.global::<RightsAdapter<'_>>();
                adapter.set_wanted(open);
                let page = PagesView {
                    rights: Some(Language::Arabic),
                    leaflet: None,
                    ..sample::pages(1, 1)
                };
                screens::show(app, &View::Pages(page));
                assert_eq!(adapter.get_open(), open);
            })
            .unwrap();
            let file = std::env::temp_dir().join(format!("neo-rights-{name}.png"));
            std::fs::write(file, drawn.png().unwrap()).unwrap();
            let rgb = drawn.rgb();
            let colours: std::collections::BTreeSet<&[u8; 3]> = rgb.as_chunks().0.iter().collect();
            assert!(colours.len() > 16, "{name}: {} colours", colours.len());
        }
    }
}
