//! The search for the four symbols that documents carry.
//!
//! The engine is C++ (zxing-cpp): it gets a picture of checked shape, and nothing of its text decoding is used.

use std::fmt;

use zxingcpp::{BarcodeFormat, ImageFormat, ImageView};

use crate::{Luma, ReadError};

/// More than lie on any document.
const MAX_SYMBOLS: i32 = 16;

const FORMATS: [(BarcodeFormat, Symbology); 4] = [
    (BarcodeFormat::DataMatrix, Symbology::DataMatrix),
    (BarcodeFormat::QRCode, Symbology::QrCode),
    (BarcodeFormat::PDF417, Symbology::Pdf417),
    (BarcodeFormat::Aztec, Symbology::Aztec),
];

/// The kind of a symbol.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Symbology {
    /// ISO/IEC 16022.
    DataMatrix,
    /// ISO/IEC 18004.
    QrCode,
    /// ISO/IEC 15438.
    Pdf417,
    /// ISO/IEC 24778.
    Aztec,
}

impl Symbology {
    /// The name that reports use.
    pub const fn code(self) -> &'static str {
        match self {
            Self::DataMatrix => "data_matrix",
            Self::QrCode => "qr_code",
            Self::Pdf417 => "pdf417",
            Self::Aztec => "aztec",
        }
    }
}

/// A symbol whose own error correction holds, which says nothing of who made it.
#[derive(Clone, PartialEq, Eq)]
pub struct Barcode {
    pub symbology: Symbology,
    /// The content, without the identifier of the symbology.
    pub bytes: Vec<u8>,
}

/// The content is about a person and stays out of logs.
impl fmt::Debug for Barcode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}({} bytes)", self.symbology.code(), self.bytes.len())
    }
}

/// Every symbol in the picture, turned, mirrored or inverted, at most 16; none is an empty list.
pub fn barcodes(picture: &Luma) -> Result<Vec<Barcode>, ReadError> {
    let view = ImageView::from_slice(
        picture.pixels(),
        picture.width(),
        picture.height(),
        ImageFormat::Lum,
    )
    .map_err(ReadError::Search)?;
    let found = zxingcpp::read()
        .formats(FORMATS.map(|(format, _)| format))
        .try_harder(true)
        .try_rotate(true)
        .try_invert(true)
        .max_number_of_symbols(MAX_SYMBOLS)
        .from(view)
        .map_err(ReadError::Search)?;
    let barcodes = found.iter().filter(|one| one.is_valid()).filter_map(|one| {
        let symbology = one.symbology();
        let (_, symbology) = FORMATS.into_iter().find(|(format, _)| *format == symbology)?;
        Some(Barcode {
            symbology,
            bytes: one.bytes(),
        })
    });
    Ok(barcodes.collect())
}
