//! A Slint window with one line of text, drawn in memory: what `neo-sim bench` holds the terminal's start against.

use std::io::{Read, Write};
use std::rc::Rc;

use slint::platform::software_renderer::{MinimalSoftwareWindow, RepaintBufferType};
use slint::platform::{Platform, PlatformError, WindowAdapter, set_platform, update_timers_and_animations};
use slint::{ComponentHandle, LogicalSize, Rgb8Pixel};

slint::slint! {
    export component Hello inherits Window {
        Text { text: "Bonjour"; }
    }
}

struct OffScreen(Rc<MinimalSoftwareWindow>);

impl Platform for OffScreen {
    fn create_window_adapter(&self) -> Result<Rc<dyn WindowAdapter>, PlatformError> {
        Ok(self.0.clone())
    }
}

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let window = MinimalSoftwareWindow::new(RepaintBufferType::NewBuffer);
    set_platform(Box::new(OffScreen(window.clone())))?;
    let hello = Hello::new()?;
    window.set_size(LogicalSize::new(360.0, 780.0));
    hello.show()?;
    let mut pixels = vec![Rgb8Pixel::default(); 360 * 780];
    update_timers_and_animations();
    window.draw_if_needed(|renderer| {
        renderer.render(&mut pixels, 360);
    });
    let mut out = std::io::stdout();
    // The two words of `simulator::bench`: drawn, and at rest.
    out.write_all(b"12")?;
    out.flush()?;
    std::io::stdin().read_to_end(&mut Vec::new())?;
    Ok(())
}
