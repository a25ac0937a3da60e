//! Signatures by hand on the page (D.589-2 and A.53-4 CPP): who, how sure that is, the picture, and what it is bound to.

use domain::Digest;
use domain::hand::{Certainty, HandOutcome, HandSigner, SignedPad, Signer, SignerRole};
use domain::plainte::RightsSheet;
use domain::pv::Renvoi;
use typst::foundations::{Bytes, Dict, dict};

use crate::act::line;
use crate::typed::typed;
use crate::{DocumentError, Hands};

/// One box for each signer of the record, or for each who is still to sign.
pub(crate) fn boxes(signers: &[HandSigner], hands: Hands<'_>) -> Result<Vec<Dict>, DocumentError> {
    match hands {
        Hands::Awaited(awaited) => awaited.iter().map(empty).collect(),
        Hands::Drawn(pictures) => {
            let count = signers.len();
            if let Some(signer) = pictures.keys().find(|place| usize::from(**place) >= count) {
                return Err(DocumentError::OtherPicture { signer: *signer });
            }
            let drawn = |(place, signed): (u8, &HandSigner)| filled(place, signed, hands);
            (0_u8..).zip(signers).map(drawn).collect()
        }
    }
}

/// The box of an offender, who is signer 0: signed, or still to sign; none where nobody signs.
pub(crate) fn offender(
    pad: Option<SignedPad>,
    name: &str,
    hands: Hands<'_>,
) -> Result<Option<Dict>, DocumentError> {
    match (hands, pad) {
        (Hands::Awaited([]), _) | (Hands::Drawn(_), None) => Ok(None),
        (Hands::Awaited([signer, ..]), _) => empty(signer).map(Some),
        (Hands::Drawn(_), Some(pad)) => Ok(Some(dict! {
            "role" => role(SignerRole::Person),
            "name" => typed(name)?,
            "certainty" => None::<&str>,
            "state" => "signed",
            "picture" => picture(0, pad, hands)?,
            "prints" => prints(pad)?,
            "reason" => None::<&str>,
        })),
    }
}

/// Corrections after the reading, each with what became of it (article 107 CPP).
pub(crate) fn renvois(renvois: &[Renvoi]) -> Result<Vec<Dict>, DocumentError> {
    renvois
        .iter()
        .map(|renvoi| {
            Ok(dict! {
                "place" => typed(&renvoi.place)?,
                "text" => typed(&renvoi.text)?,
                "approved" => renvoi.approved,
            })
        })
        .collect()
}

fn empty(signer: &Signer) -> Result<Dict, DocumentError> {
    Ok(dict! {
        "role" => role(signer.role),
        "name" => typed(signer.name.reveal())?,
        "certainty" => certainty(signer.certainty),
        "state" => "awaited",
        "picture" => None::<Bytes>,
        "prints" => Vec::<Dict>::new(),
        "reason" => None::<&str>,
    })
}

fn filled(place: u8, signed: &HandSigner, hands: Hands<'_>) -> Result<Dict, DocumentError> {
    let HandSigner { signer, outcome } = signed;
    settled(
        role(signer.role),
        signer.name.reveal(),
        Some(certainty(signer.certainty)),
        outcome,
        |pad| picture(place, pad, hands),
    )
}

/// The box of whoever signed or did not; `picture` finds the drawing that a signature names.
fn settled(
    role: &'static str,
    name: &str,
    certainty: Option<&'static str>,
    outcome: &HandOutcome,
    picture: impl FnOnce(SignedPad) -> Result<Bytes, DocumentError>,
) -> Result<Dict, DocumentError> {
    let (state, pad, reason) = match outcome {
        HandOutcome::Signed(pad) => ("signed", Some(*pad), None),
        HandOutcome::Refuses { reason } => ("refuses", None, Some(reason)),
        HandOutcome::Unable { reason } => ("unable", None, Some(reason)),
    };
    let reason = reason.filter(|reason| !reason.trim().is_empty());
    Ok(dict! {
        "role" => role,
        "name" => typed(name)?,
        "certainty" => certainty,
        "state" => state,
        "picture" => pad.map(picture).transpose()?,
        "prints" => pad.map(prints).transpose()?.unwrap_or_default(),
        "reason" => reason.map(|reason| typed(reason)).transpose()?,
    })
}

/// The box of the victim under the sheet of rights, signed or not.
pub(crate) fn under_rights(
    sheet: &RightsSheet,
    name: &str,
    given: Option<&[u8]>,
) -> Result<Dict, DocumentError> {
    settled("Victime", name, None, &sheet.outcome, |pad| {
        named(given, pad).ok_or(DocumentError::OtherRightsPicture)
    })
}

/// The picture that the record names by its digest, and no other.
fn picture(signer: u8, pad: SignedPad, hands: Hands<'_>) -> Result<Bytes, DocumentError> {
    let given = match hands {
        Hands::Awaited(_) => None,
        Hands::Drawn(pictures) => pictures.get(&signer).map(Vec::as_slice),
    };
    named(given, pad).ok_or(DocumentError::OtherPicture { signer })
}

fn named(given: Option<&[u8]>, pad: SignedPad) -> Option<Bytes> {
    let picture = given.filter(|picture| Digest::of(picture) == pad.image)?;
    Some(Bytes::new(picture.to_vec()))
}

/// SHA-256 of what a signature by hand consists of.
fn prints(pad: SignedPad) -> Result<Vec<Dict>, DocumentError> {
    [
        ("Image", pad.image),
        ("Tracé", pad.strokes),
        ("Document lu", pad.shown),
    ]
    .into_iter()
    .map(|(label, digest)| Ok(line(label, typed(&digest.to_string())?)))
    .collect()
}

const fn role(role: SignerRole) -> &'static str {
    match role {
        SignerRole::Person => "Personne concernée",
        SignerRole::Interpreter => "Interprète",
        SignerRole::Counsel => "Avocat",
        SignerRole::Assistant => "Assistant",
        SignerRole::Representative => "Représentant",
    }
}

const fn certainty(certainty: Certainty) -> &'static str {
    match certainty {
        Certainty::Established => "identité établie",
        Certainty::Presumed => "identité présumée",
        Certainty::Unknown => "identité inconnue",
    }
}
