//! The CDDL (RFC 8610) of `docs/formats` that states what a terminal keeps in files.

use cddl_cat::ValidateError;
use cddl_cat::cbor::validate_cbor_bytes;

#[derive(Debug, Clone, Copy)]
pub(crate) enum Schema {
    /// Key files, and what is kept of a camera.
    Terminal,
    /// Footage on its way.
    Camera,
    /// Acts on their way.
    Kept,
}

impl Schema {
    pub(crate) fn fits(self, rule: &str, bytes: &[u8]) -> Result<(), ValidateError> {
        let files: &[&str] = match self {
            Self::Terminal => &[include_str!("../../../docs/formats/terminal.cddl")],
            Self::Camera => &[include_str!("../../../docs/formats/camera.cddl")],
            Self::Kept => &[
                include_str!("../../../docs/formats/record.cddl"),
                include_str!("../../../docs/formats/draft.cddl"),
            ],
        };
        // The validator knows no tags; no rule that is asked for here needs one.
        let paragraphs = files.iter().flat_map(|file| file.split("\n\n"));
        let text: Vec<&str> = paragraphs.filter(|rule| !rule.contains("#6.")).collect();
        validate_cbor_bytes(rule, &text.join("\n\n"), bytes)
    }
}
