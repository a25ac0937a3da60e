//! The two-dimensional code at the foot of an act (ISO/IEC 18004), as a drawing whose edges stay sharp at any size.

use qrcode::{EcLevel, QrCode};
use typst::foundations::{Bytes, Dict, dict};

use crate::DocumentError;

/// Modules across the largest code: on the 40 mm that the margin leaves it, each is 0.33 mm.
const MOST_ACROSS: usize = 121;

/// The drawing of an enrolment code, which is small enough for any sheet.
pub(crate) fn svg_of(text: &str) -> Result<Bytes, DocumentError> {
    let code = QrCode::with_error_correction_level(text, EcLevel::M);
    let code = code.map_err(|_| DocumentError::FooterTooLong {
        characters: text.chars().count(),
    })?;
    Ok(Bytes::from_string(svg(&code)))
}

/// The code of `text` as lines of half blocks, dark on light, for a terminal window.
pub fn code_for_a_window(text: &str) -> Option<String> {
    const QUIET: i64 = 2;
    let code = QrCode::with_error_correction_level(text, EcLevel::L).ok()?;
    let across = i64::try_from(code.width()).ok()?;
    let colours = code.to_colors();
    let is_dark = |row: i64, column: i64| {
        let inside = (0..across).contains(&row) && (0..across).contains(&column);
        let place = usize::try_from(row * across + column).ok();
        inside && place.and_then(|place| colours.get(place)) == Some(&qrcode::Color::Dark)
    };
    let mut lines = String::new();
    for row in (-QUIET..across + QUIET).step_by(2) {
        for column in -QUIET..across + QUIET {
            lines.push(match (is_dark(row, column), is_dark(row + 1, column)) {
                (false, false) => '█',
                (false, true) => '▀',
                (true, false) => '▄',
                (true, true) => ' ',
            });
        }
        lines.push('\n');
    }
    Some(lines)
}

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
