//! The code at the foot of an act on paper: a signature and the certificate that it is checked with, as one text.
//!
//! A terminal proves with it, offline and whoever drew the act up, that the act exists and who signed it; the text of
//! the act is not in it.

use data_encoding::BASE32_NOPAD;
use minicbor::Decoder;
use thiserror::Error;

use crate::cert::{Certificate, CertificateError, Profile, verify_chain};
use crate::cose::{self, CoseError, Namespace, Signed};
use crate::verdict::Verdict;

/// What every code begins with.
pub const PREFIX: &str = "NEO1";

/// Longest text that is read: more than the largest symbol holds (ISO/IEC 18004, version 40-L).
pub const MAX_TEXT: usize = 4_296;

/// Why a text is no code of an act.
#[derive(Debug, Error)]
pub enum NotAFooter {
    #[error("the text does not begin with `{PREFIX}`, or is longer than `{MAX_TEXT}` characters")]
    Prefix,
    #[error("the text after `{PREFIX}` is not base 32")]
    Text,
    #[error("the code is not a signed message and a certificate")]
    Shape,
    #[error("the signed message does not read")]
    Message(#[source] CoseError),
    #[error("the certificate does not read")]
    Certificate(#[source] CertificateError),
}

/// A code that was read, of which nothing is believed yet.
#[derive(Debug)]
pub struct Claimed {
    pub signed: Signed,
    pub certificate: Certificate,
}

/// What is proven of a code, each question apart.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Proof {
    /// The signature is the certificate's, over an act's footer.
    pub signature: Verdict<()>,
    /// The certificate is an officer's, and its issuer is known here.
    pub issuer: Verdict<()>,
    /// The certificate was in date when the act says that it was signed.
    pub in_date: Verdict<()>,
}

/// The text to draw: `cose` is the signed footer, `certificate` its signer's.
pub fn text(cose: &[u8], certificate: &Certificate) -> String {
    let mut bytes = Vec::new();
    minicbor::encode(
        (
            minicbor::bytes::ByteVec::from(cose.to_vec()),
            minicbor::bytes::ByteVec::from(certificate.der().to_vec()),
        ),
        &mut bytes,
    )
    .expect("writing to a vector cannot fail");
    format!("{PREFIX}{}", BASE32_NOPAD.encode(&bytes))
}

/// Reads a code as a scanner gives it.
pub fn read(text: &str) -> Result<Claimed, NotAFooter> {
    let text = text.trim();
    if text.len() > MAX_TEXT {
        return Err(NotAFooter::Prefix);
    }
    let code = text.strip_prefix(PREFIX).ok_or(NotAFooter::Prefix)?;
    let bytes = BASE32_NOPAD
        .decode(code.as_bytes())
        .map_err(|_| NotAFooter::Text)?;
    let mut decoder = Decoder::new(&bytes);
    if !matches!(decoder.array(), Ok(Some(2))) {
        return Err(NotAFooter::Shape);
    }
    let cose = decoder.bytes().map_err(|_| NotAFooter::Shape)?;
    let der = decoder.bytes().map_err(|_| NotAFooter::Shape)?;
    if decoder.position() != bytes.len() {
        return Err(NotAFooter::Shape);
    }
    Ok(Claimed {
        signed: cose::parse(cose).map_err(NotAFooter::Message)?,
        certificate: Certificate::from_der(der).map_err(NotAFooter::Certificate)?,
    })
}

impl Claimed {
    /// Judges the code at `signed_at_unix_ms`, the moment that it claims, through `intermediates` to `anchors`.
    pub fn prove(
        &self,
        intermediates: &[Certificate],
        anchors: &[Certificate],
        signed_at_unix_ms: i64,
    ) -> Proof {
        let signature = match cose::verify(&self.signed, Namespace::Footer, &self.certificate) {
            Ok(()) => Verdict::Ok,
            Err(_) => Verdict::Failed(()),
        };
        let chain = verify_chain(
            &self.certificate,
            intermediates,
            anchors,
            Profile::Officer,
            signed_at_unix_ms,
        );
        let issuer = match (chain.signature, chain.trusted, chain.profile) {
            (Verdict::Ok, Verdict::Ok, Verdict::Ok) => Verdict::Ok,
            (Verdict::Failed(_), _, _) | (_, Verdict::Failed(_), _) | (_, _, Verdict::Failed(_)) => {
                Verdict::Failed(())
            }
            (
                Verdict::NotChecked | Verdict::Ok,
                Verdict::NotChecked | Verdict::Ok,
                Verdict::NotChecked | Verdict::Ok,
            ) => Verdict::NotChecked,
        };
        let in_date = match chain.in_date {
            Verdict::Ok => Verdict::Ok,
            Verdict::Failed(_) => Verdict::Failed(()),
            Verdict::NotChecked => Verdict::NotChecked,
        };
        Proof {
            signature,
            issuer,
            in_date,
        }
    }
}

#[cfg(test)]
mod tests {
    use std::slice::from_ref;

    use super::*;
    use crate::fixture::{DAY, Leaf, NOON, Pki, bit_flips};

    #[test]
    fn what_is_no_code_is_refused_by_its_fault() {
        let refused = |text: &str| read(text).unwrap_err();
        assert!(matches!(refused("https://exemple.invalid"), NotAFooter::Prefix));
        assert!(matches!(refused(&"NEO1".repeat(2_000)), NotAFooter::Prefix));
        assert!(matches!(refused("NEO1!"), NotAFooter::Text));
        assert!(matches!(refused("NEO1"), NotAFooter::Shape));
        let of = |bytes: &[u8]| format!("NEO1{}", BASE32_NOPAD.encode(bytes));
        assert!(matches!(
            refused(&of(&[0x82, 0x40, 0x40, 0x00])),
            NotAFooter::Shape
        ));
        assert!(matches!(
            refused(&of(&[0x82, 0x40, 0x40])),
            NotAFooter::Message(_)
        ));
    }

    fn code(pki: &Pki, profile: Profile, namespace: Namespace) -> (String, Vec<u8>) {
        let Leaf { key, certificate } = pki.leaf(profile);
        let protection = certificate.key_protection();
        let kind = "application/neo-footer+cbor;v=1";
        let cose = cose::sign(namespace, &key, &certificate, kind, b"footer", protection).unwrap();
        (text(&cose, &certificate), cose)
    }

    #[test]
    fn a_code_proves_who_signed_and_each_question_has_its_own_answer() {
        let (pki, strangers) = (Pki::new(), Pki::new());
        let (code, _) = code(&pki, Profile::Officer, Namespace::Footer);
        assert!(code.len() < 1_800, "{} characters", code.len());
        let claimed = read(&code).unwrap();
        let proof = claimed.prove(from_ref(&pki.issuing), from_ref(&pki.root), NOON);
        let ok = Verdict::Ok;
        assert_eq!((proof.signature, proof.issuer, proof.in_date), (ok, ok, ok));
        let late = claimed.prove(from_ref(&pki.issuing), from_ref(&pki.root), NOON + 4000 * DAY);
        assert_eq!((late.signature, late.in_date), (ok, Verdict::Failed(())));
        let abroad = claimed.prove(from_ref(&strangers.issuing), &[strangers.root], NOON);
        assert_eq!((abroad.signature, abroad.issuer), (ok, Verdict::Failed(())));
    }

    #[test]
    fn a_signature_for_something_else_or_by_a_device_is_no_footer() {
        let pki = Pki::new();
        let proof_of = |profile, namespace| {
            let (code, _) = code(&pki, profile, namespace);
            let claimed = read(&code).unwrap();
            claimed.prove(from_ref(&pki.issuing), from_ref(&pki.root), NOON)
        };
        let record = proof_of(Profile::Officer, Namespace::Record);
        assert_eq!(record.signature, Verdict::Failed(()));
        let device = proof_of(Profile::Device, Namespace::Footer);
        assert_eq!(
            (device.signature, device.issuer),
            (Verdict::Ok, Verdict::Failed(()))
        );
    }

    #[test]
    fn no_flipped_bit_of_a_code_is_proven() {
        let pki = Pki::new();
        let (whole, cose) = code(&pki, Profile::Officer, Namespace::Footer);
        let certificate = read(&whole).unwrap().certificate;
        for flipped in bit_flips(&cose).step_by(7) {
            let Ok(claimed) = read(&text(&flipped, &certificate)) else {
                continue;
            };
            let proof = claimed.prove(from_ref(&pki.issuing), from_ref(&pki.root), NOON);
            assert_eq!(proof.signature, Verdict::Failed(()));
        }
    }
}
