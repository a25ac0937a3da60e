//! The phone's window inside the simulator's: drawn into memory, and touched by events that are passed on.
//!
//! A thread has one platform, and a component takes the window that it makes; this one makes a window in memory where it is
//! told to, and otherwise what the desktop gives: docs/adr/0071-one-window.md.

use std::cell::RefCell;
use std::rc::Rc;
use std::time::Duration;

use anyhow::{Context, anyhow};
use i_slint_backend_winit::Backend;
use slint::platform::software_renderer::{MinimalSoftwareWindow, RepaintBufferType};
use slint::platform::{
    Clipboard, EventLoopProxy, Platform, PlatformError, PointerEventButton, WindowAdapter, WindowEvent,
    set_platform,
};
use slint::{Image, LogicalPosition, LogicalSize, PhysicalSize, Rgb8Pixel, SharedPixelBuffer, SharedString};

thread_local! {
    /// The window in memory that the next component takes.
    static NEXT: RefCell<Option<Rc<MinimalSoftwareWindow>>> = const { RefCell::new(None) };
}

struct Windows(Backend);

impl Platform for Windows {
    fn create_window_adapter(&self) -> Result<Rc<dyn WindowAdapter>, PlatformError> {
        match NEXT.take() {
            Some(window) => Ok(window),
            None => self.0.create_window_adapter(),
        }
    }

    fn bind_context(&self, context: i_slint_core::SlintContextWeak, token: i_slint_core::InternalToken) {
        self.0.bind_context(context, token);
    }

    fn run_event_loop(&self) -> Result<(), PlatformError> {
        self.0.run_event_loop()
    }

    fn new_event_loop_proxy(&self) -> Option<Box<dyn EventLoopProxy>> {
        self.0.new_event_loop_proxy()
    }

    fn duration_since_start(&self) -> Duration {
        self.0.duration_since_start()
    }

    fn click_interval(&self) -> Duration {
        self.0.click_interval()
    }

    fn cursor_flash_cycle(&self) -> Duration {
        self.0.cursor_flash_cycle()
    }

    fn set_clipboard_text(&self, text: &str, clipboard: Clipboard) {
        self.0.set_clipboard_text(text, clipboard);
    }

    fn clipboard_text(&self, clipboard: Clipboard) -> Option<String> {
        self.0.clipboard_text(clipboard)
    }
}

/// Makes this the platform of the thread; before any window.
pub(super) fn set() -> anyhow::Result<()> {
    let backend = Backend::new()
        .map_err(|error| anyhow!("could not open a window; start from a session with a display: {error}"))?;
    set_platform(Box::new(Windows(backend))).map_err(|error| anyhow!("{error}"))
}

/// Windows in memory alone.
struct Unseen;

impl Platform for Unseen {
    fn create_window_adapter(&self) -> Result<Rc<dyn WindowAdapter>, PlatformError> {
        match NEXT.take() {
            Some(window) => Ok(window),
            None => Err(PlatformError::Other("nobody made a window in memory".to_owned())),
        }
    }
}

pub(super) fn set_without_display() -> anyhow::Result<()> {
    set_platform(Box::new(Unseen)).map_err(|error| anyhow!("{error}"))
}

/// The phone's window.
pub(super) struct Glass {
    window: Rc<MinimalSoftwareWindow>,
    pixels: SharedPixelBuffer<Rgb8Pixel>,
}

impl Glass {
    /// What `open` opens is behind the glass.
    pub(super) fn over<T, E>(open: impl FnOnce() -> Result<T, E>) -> anyhow::Result<(Self, T)>
    where
        E: std::error::Error + Send + Sync + 'static,
    {
        let window = MinimalSoftwareWindow::new(RepaintBufferType::NewBuffer);
        NEXT.set(Some(Rc::clone(&window)));
        let opened = open().context("could not open the phone's screens")?;
        window.dispatch_event(WindowEvent::WindowActiveChanged(true));
        let glass = Self {
            window,
            pixels: SharedPixelBuffer::new(1, 1),
        };
        Ok((glass, opened))
    }

    pub(super) fn size(&mut self, width: f32, height: f32) {
        self.window.set_size(LogicalSize::new(width, height));
        let PhysicalSize { width, height, .. } = self.window.size();
        self.pixels = SharedPixelBuffer::new(width.max(1), height.max(1));
        self.window.request_redraw();
    }

    /// What is to be seen, when that is not what was seen before.
    pub(super) fn picture(&mut self) -> Option<Image> {
        let pixels = &mut self.pixels;
        let (width, height) = (pixels.width(), pixels.height());
        // A step that looks for a label makes the window tall for a moment.
        if self.window.size() != PhysicalSize::new(width, height) {
            return None;
        }
        let stride = usize::try_from(width).unwrap_or(0);
        self.window
            .draw_if_needed(|renderer| {
                renderer.render(pixels.make_mut_slice(), stride);
            })
            .then(|| Image::from_rgb8(pixels.clone()))
    }

    /// What is to be seen once nothing changes any more: width, height, and red, green and blue.
    pub(super) fn settled(&mut self) -> (u32, u32, Vec<u8>) {
        /// Drawing lets what follows its model take its value, which asks for another pass.
        const PASSES: usize = 4;
        for _ in 0..PASSES {
            slint::platform::update_timers_and_animations();
            self.picture();
            self.window.request_redraw();
        }
        (
            self.pixels.width(),
            self.pixels.height(),
            self.pixels.as_bytes().to_vec(),
        )
    }

    pub(super) fn press(&self, x: f32, y: f32) {
        let (position, button) = (LogicalPosition::new(x, y), PointerEventButton::Left);
        self.window
            .dispatch_event(WindowEvent::PointerPressed { position, button });
    }

    pub(super) fn release(&self, x: f32, y: f32) {
        let (position, button) = (LogicalPosition::new(x, y), PointerEventButton::Left);
        self.window
            .dispatch_event(WindowEvent::PointerReleased { position, button });
    }

    pub(super) fn move_to(&self, x: f32, y: f32) {
        let position = LogicalPosition::new(x, y);
        self.window.dispatch_event(WindowEvent::PointerMoved { position });
    }

    pub(super) fn leave(&self) {
        self.window.dispatch_event(WindowEvent::PointerExited);
    }

    pub(super) fn scroll(&self, x: f32, y: f32, delta_x: f32, delta_y: f32) {
        self.window.dispatch_event(WindowEvent::PointerScrolled {
            position: LogicalPosition::new(x, y),
            delta_x,
            delta_y,
        });
    }

    pub(super) fn key(&self, text: SharedString, again: bool) {
        self.window.dispatch_event(if again {
            WindowEvent::KeyPressRepeated { text }
        } else {
            WindowEvent::KeyPressed { text }
        });
    }

    pub(super) fn key_up(&self, text: SharedString) {
        self.window.dispatch_event(WindowEvent::KeyReleased { text });
    }
}
