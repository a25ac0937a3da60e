//! The pages of a document as pictures, for a screen or a printer: drawn from the bytes of the PDF, whoever made it.

use hayro::hayro_interpret::InterpreterSettings;
use hayro::hayro_syntax::Pdf;
use hayro::vello_cpu::Pixmap;
use hayro::vello_cpu::color::palette::css::WHITE;
use hayro::{RenderCache, RenderSettings};
use image::codecs::png::{CompressionType, FilterType, PngEncoder};
use image::{ExtendedColorType, ImageEncoder};
use thiserror::Error;

/// The most pages that are drawn.
pub const MAX_PAGES: usize = 1_000;
/// The largest side of a drawn page, in pixels: A4 at 600 dots an inch.
pub const MAX_SIDE: u16 = 7_200;

/// Why a PDF is not drawn.
#[derive(Debug, Error)]
pub enum PagesError {
    #[error("the bytes are no PDF that can be read")]
    NotAPdf,
    #[error("the document has `{pages}` pages, more than `{MAX_PAGES}`")]
    TooMany { pages: usize },
    #[error("a page cannot be drawn `{width}` pixels wide; ask for 1 to `{MAX_SIDE}` pixels on each side")]
    Size { width: u32 },
    #[error("could not write a page as a PNG")]
    Write(#[source] image::ImageError),
}

/// Each page as a PNG, 8 bits a channel, `width` pixels wide, on white.
pub fn pages(pdf: &[u8], width: u32) -> Result<Vec<Vec<u8>>, PagesError> {
    let side = u16::try_from(width)
        .ok()
        .filter(|side| (1..=MAX_SIDE).contains(side));
    let side = side.ok_or(PagesError::Size { width })?;
    let pdf = Pdf::new(pdf.to_vec()).map_err(|_| PagesError::NotAPdf)?;
    let pages = pdf.pages();
    if pages.is_empty() {
        return Err(PagesError::NotAPdf);
    }
    if pages.len() > MAX_PAGES {
        return Err(PagesError::TooMany { pages: pages.len() });
    }
    let (cache, settings) = (RenderCache::new(), InterpreterSettings::default());
    let draw = |page| {
        let (across, down) = hayro::hayro_syntax::page::Page::render_dimensions(page);
        let scale = f32::from(side) / across;
        if !(1.0..=f32::from(MAX_SIDE)).contains(&(down * scale)) {
            return Err(PagesError::Size { width });
        }
        let drawn = RenderSettings {
            x_scale: scale,
            y_scale: scale,
            width: Some(side),
            height: None,
            bg_color: WHITE,
        };
        png(&hayro::render(page, &cache, &settings, &drawn)).map_err(PagesError::Write)
    };
    pages.iter().map(draw).collect()
}

fn png(drawn: &Pixmap) -> Result<Vec<u8>, image::ImageError> {
    let colours: Vec<u8> = drawn.data().iter().flat_map(|at| [at.r, at.g, at.b]).collect();
    let (width, height) = (u32::from(drawn.width()), u32::from(drawn.height()));
    let mut bytes = Vec::new();
    PngEncoder::new_with_quality(&mut bytes, CompressionType::Fast, FilterType::Adaptive).write_image(
        &colours,
        width,
        height,
        ExtendedColorType::Rgb8,
    )?;
    Ok(bytes)
}
