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
                include_str!("../../../../docs/formats/enrolment.cddl"),
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

#[test]
fn no_vector_fits_the_rule_of_another() {
    let vectors = vector::all();
    let mut looked_at = 0;
    for vector in &vectors {
        let others = vectors.iter().filter(|other| other.rule != vector.rule);
        for other in others {
            looked_at += 1;
            let fits = other.schema.fits(other.rule, &vector.bytes);
            assert!(fits.is_err(), "{} passes for `{}`", vector.name, other.rule);
        }
    }
    assert!(looked_at > vectors.len());
}
