//! Every vector held against the CDDL (RFC 8610) of `docs/formats`.

use cddl_cat::ValidateError;
use cddl_cat::cbor::validate_cbor_bytes;

use crate::vector;

/// The files of `docs/formats` that state a format together.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Schema {
    /// What travels.
    Wire,
    /// What a camera says.
    Camera,
    /// What is signed and kept.
    Kept,
}

impl Schema {
    fn text(self) -> String {
        let files: &[&str] = match self {
            Self::Wire => &[include_str!("../../../../docs/formats/wire.cddl")],
            Self::Camera => &[include_str!("../../../../docs/formats/camera.cddl")],
            Self::Kept => &[
                include_str!("../../../../docs/formats/evidence.cddl"),
                include_str!("../../../../docs/formats/record.cddl"),
                include_str!("../../../../docs/formats/journal.cddl"),
                include_str!("../../../../docs/formats/draft.cddl"),
                include_str!("../../../../docs/formats/printing.cddl"),
                include_str!("../../../../docs/formats/enrolment.cddl"),
                include_str!("../../../../docs/formats/reference.cddl"),
            ],
        };
        // The validator knows no tags; the rules around a COSE_Sign1 are the only ones that have one.
        files
            .iter()
            .flat_map(|file| file.split("\n\n"))
            .filter(|rule| !rule.contains("#6."))
            .collect::<Vec<_>>()
            .join("\n\n")
    }

    /// Whether the paragraph that holds `rule`, which needs no other, takes the number `code`.
    pub(crate) fn lists(self, rule: &str, code: u8) -> bool {
        let text = self.text();
        let head = format!("{rule} = ");
        let paragraph = text
            .split("\n\n")
            .find(|paragraph| paragraph.lines().any(|line| line.starts_with(&head)));
        let paragraph = paragraph.expect("the schema has a rule of this name");
        validate_cbor_bytes(rule, paragraph, &domain::encode(&code)).is_ok()
    }

    fn fits(self, rule: &str, bytes: &[u8]) -> Result<(), ValidateError> {
        validate_cbor_bytes(rule, &self.text(), bytes)
    }
}

#[test]
fn every_vector_fits_its_rule() {
    for vector in vector::all() {
        let fits = vector.schema.fits(vector.rule, &vector.bytes);
        assert!(fits.is_ok(), "{} as `{}`: {fits:?}", vector.name, vector.rule);
    }
}

/// A schema that takes any key would take any format.
#[test]
fn a_vector_with_one_more_key_fits_no_rule() {
    for vector in vector::all() {
        let mut bytes = vector.bytes;
        bytes[0] += 1;
        bytes.extend([0x17, 0x00]);
        let fits = vector.schema.fits(vector.rule, &bytes);
        assert!(
            fits.is_err(),
            "{} with a key 23 passes for `{}`",
            vector.name,
            vector.rule
        );
    }
}
