//! From a picture of a document to the bytes of its barcodes and the text of its machine-readable zone, and from the
//! coded pictures of a recording to pictures for the eyes.
//!
//! What comes out of a symbol is what it carries, byte for byte: no character set is guessed, no separator dropped.
//! What comes out of a zone is what each character looked like, and what it was taken for.
#![cfg_attr(test, expect(clippy::unwrap_used, reason = "a test panics on the unexpected"))]

mod barcode;
mod film;
mod picture;
mod zone;

use thiserror::Error;

pub use barcode::{Barcode, Symbology, barcodes};
pub use film::{Film, NotDecoded};
pub use picture::{Luma, MAX_BYTES, MAX_SIDE, decode_image};
pub use zone::{Zone, ZoneText, zones};

/// Why a picture cannot be read. A picture without a barcode is not an error.
#[derive(Debug, Error)]
pub enum ReadError {
    #[error("the bytes are neither a PNG nor a JPEG picture")]
    NotAPicture,
    #[error("the file is larger than {MAX_BYTES} bytes; crop the picture or save it smaller")]
    TooManyBytes,
    #[error("cannot decode the picture; it is damaged, or a side is longer than {MAX_SIDE} pixels")]
    Picture(#[source] image::ImageError),
    #[error("{pixels} pixels do not make a picture of {width} × {height}")]
    Shape { width: u32, height: u32, pixels: usize },
    #[error("cannot search the picture for barcodes")]
    Search(#[source] zxingcpp::Error),
}
