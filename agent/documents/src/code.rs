//! The two-dimensional code at the foot of an act (ISO/IEC 18004), as a drawing whose edges stay sharp at any size.

use qrcode::{EcLevel, QrCode};
use typst::foundations::{Bytes, Dict, dict};

use crate::DocumentError;

/// Modules across the largest code: on the 40 mm that the margin leaves it, each is 0.33 mm.
const MOST_ACROSS: usize = 121;

/// The drawing and how many modules it has across; as much of it can be lost as its size allows.
pub(crate) fn drawing(text: &str) -> Result<Dict, DocumentError> {
    let fitting = [EcLevel::M, EcLevel::L]
        .into_iter()
        .filter_map(|level| QrCode::with_error_correction_level(text, level).ok())
        .find(|code| code.width() <= MOST_ACROSS);
    let code = fitting.ok_or(DocumentError::FooterTooLong {
        characters: text.chars().count(),
    })?;
    Ok(dict! {
        "svg" => Bytes::from_string(svg(&code)),
    })
}

/// One path of the dark runs of every row, so that no renderer leaves a seam between two of them.
fn svg(code: &QrCode) -> String {
    let across = code.width();
    let mut path = String::new();
    for (row, colours) in code.to_colors().chunks(across).enumerate() {
        let mut column = 0;
        for run in colours.chunk_by(|one, next| one == next) {
            if run[0] == qrcode::Color::Dark {
                let length = run.len();
                path.push_str(&format!("M{column} {row}h{length}v1h-{length}z"));
            }
            column += run.len();
        }
    }
    format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{across}\" height=\"{across}\" viewBox=\"0 0 {across} {across}\"><path d=\"{path}\"/></svg>"
    )
}
