//! A list of many rows that is scrolled, drawn in memory frame by frame: for whoever measures how long a frame takes.

use std::rc::Rc;

use drawn::LongList;
use slint::platform::software_renderer::MinimalSoftwareWindow;
use slint::platform::update_timers_and_animations;
use slint::{ComponentHandle, LogicalSize, Rgb8Pixel};

use crate::frame::new_window;
use crate::look::Look;
use crate::window::RunError;

/// How far a quick finger moves the list between two frames, in logical pixels.
const STEP: f32 = 37.0;

/// See the module.
pub struct ScrolledList {
    list: LongList,
    window: Rc<MinimalSoftwareWindow>,
    pixels: Vec<Rgb8Pixel>,
    stride: usize,
    drawn: u32,
}

impl ScrolledList {
    /// May be made again and again on one thread, as long as no window runs on that thread.
    pub fn of(rows: u16) -> Result<Self, RunError> {
        let (list, window) = new_window(LongList::new)?;
        let look = Look::default();
        list.set_length(rows.into());
        window.set_size(LogicalSize::new(look.width.into(), look.height.into()));
        list.show().map_err(|source| RunError::OffScreen(source.into()))?;
        let (stride, height) = (usize::from(look.width), usize::from(look.height));
        let mut scrolled = Self {
            list,
            window,
            pixels: vec![Rgb8Pixel::default(); stride * height],
            stride,
            drawn: 0,
        };
        // The first frame loads fonts, which no later one does.
        scrolled.next_frame();
        Ok(scrolled)
    }

    /// Scrolls on, and draws the whole window.
    pub fn next_frame(&mut self) {
        self.list.set_offset(-STEP * self.drawn as f32);
        self.drawn += 1;
        update_timers_and_animations();
        self.window.request_redraw();
        let (pixels, stride) = (&mut self.pixels, self.stride);
        self.window.draw_if_needed(|renderer| {
            renderer.render(pixels, stride);
        });
    }

    /// Red, green, blue of the last frame, row by row from the top left.
    pub fn rgb(&self) -> Vec<u8> {
        let pixels = self.pixels.iter();
        pixels.flat_map(|pixel| [pixel.r, pixel.g, pixel.b]).collect()
    }
}

impl std::fmt::Debug for ScrolledList {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(
            f,
            "ScrolledList {{ {} rows, {} frames }}",
            self.list.get_length(),
            self.drawn
        )
    }
}
