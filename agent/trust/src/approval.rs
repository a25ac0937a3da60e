//! Two persons who approve the same bytes, each with a key that the root itself vouches for.
//!
//! What they approve is compared byte for byte; the issuing authority, whose key lies on HQ's servers, makes no approver.

use crate::Verdict;
use crate::cert::{Certificate, ChainFault, Holder, Profile, verify_chain};
use crate::cose::{self, Namespace};

/// How many persons it takes.
const PERSONS: usize = 2;

/// Why bytes are not approved.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum NotApproved {
    #[error("there is not the word of two persons")]
    Missing,
    #[error("an approval is not readable")]
    Unreadable,
    #[error("an approval is of something else")]
    Other,
    #[error("the signature of an approval does not hold")]
    Signature,
    #[error("the root does not vouch for an approver")]
    Approver(#[source] ChainFault),
    #[error("the two approvals are one person's")]
    SamePerson,
}

/// One approval, read and held against its certificate.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Approver {
    /// The pseudonym in the certificate.
    pub name: String,
    certificate: Certificate,
}

/// Who approved `payload` by the message `approval`, at `at_unix_ms`.
pub fn approver(
    payload: &[u8],
    content_type: &str,
    (certificate, approval): (&[u8], &[u8]),
    root: &Certificate,
    at_unix_ms: i64,
) -> Result<Approver, NotApproved> {
    let certificate = Certificate::from_der(certificate).map_err(|_| NotApproved::Unreadable)?;
    let signed = cose::parse(approval).map_err(|_| NotApproved::Unreadable)?;
    if signed.payload != payload || signed.content_type != content_type {
        return Err(NotApproved::Other);
    }
    cose::verify(&signed, Namespace::Approval, &certificate).map_err(|_| NotApproved::Signature)?;
    vouched(&certificate, root, at_unix_ms)?;
    match certificate.holder() {
        Some(Holder::Hq(name)) => Ok(Approver {
            name: name.clone(),
            certificate,
        }),
        Some(Holder::Device(_) | Holder::Agent(_) | Holder::Camera(_)) | None => Err(NotApproved::Unreadable),
    }
}

/// Whether `certificate` is an approver's, directly under `root`, at `at_unix_ms`.
pub fn vouched(certificate: &Certificate, root: &Certificate, at_unix_ms: i64) -> Result<(), NotApproved> {
    let anchors = std::slice::from_ref(root);
    let verdict = verify_chain(certificate, &[], anchors, Profile::Approver, at_unix_ms);
    if let Some(fault) = verdict.first_fault() {
        return Err(NotApproved::Approver(fault));
    }
    let checked = [
        verdict.signature,
        verdict.trusted,
        verdict.in_date,
        verdict.profile,
    ];
    if checked.iter().all(Verdict::is_ok) {
        Ok(())
    } else {
        Err(NotApproved::Approver(ChainFault::UnknownIssuer { depth: 0 }))
    }
}

/// The two persons who approved `payload`; neither name nor key may be the same.
pub fn approvers<'a>(
    payload: &[u8],
    content_type: &str,
    approvals: impl IntoIterator<Item = (&'a [u8], &'a [u8])>,
    root: &Certificate,
    at_unix_ms: i64,
) -> Result<[String; PERSONS], NotApproved> {
    let read: Result<Vec<Approver>, NotApproved> = approvals
        .into_iter()
        .map(|approval| approver(payload, content_type, approval, root, at_unix_ms))
        .collect();
    let [first, second]: [Approver; PERSONS] = read?.try_into().map_err(|_| NotApproved::Missing)?;
    let keys = [&first, &second].map(|one| one.certificate.public_key().fingerprint());
    if first.name == second.name || keys[0] == keys[1] {
        return Err(NotApproved::SamePerson);
    }
    Ok([first.name, second.name])
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cert::{Claims, Request, SubjectName, issue, random_serial};
    use crate::fixture::{DAY, NOON, Pki};
    use crate::keys::{KeyKind, SigningKey};

    const TYPE: &str = "application/neo-approval+cbor;v=1";
    const ORDER: &[u8] = b"the order";

    /// A person's certificate (DER) and key; under the issuing authority when `astray`.
    fn person(pki: &Pki, name: &str, key: SigningKey, astray: bool) -> (Vec<u8>, SigningKey) {
        let names = [SubjectName::Holder(Holder::Hq(name.to_owned()))];
        let request = Request {
            profile: Profile::Approver,
            common_name: name,
            public_key: &key.public(),
            names: &names,
            claims: &Claims::default(),
            serial: &random_serial(),
            not_before_unix_ms: NOON,
            not_after_unix_ms: NOON + 90 * DAY,
        };
        let (issuer_key, issuer) = if astray {
            (&pki.issuing_key, &pki.issuing)
        } else {
            (&pki.root_key, &pki.root)
        };
        let certificate = issue(&request, issuer_key, issuer).unwrap();
        (certificate.der().to_vec(), key)
    }

    fn drawn() -> SigningKey {
        SigningKey::generate(KeyKind::Ed25519)
    }

    fn word(person: &(Vec<u8>, SigningKey), namespace: Namespace, payload: &[u8]) -> Vec<u8> {
        let certificate = Certificate::from_der(&person.0).unwrap();
        cose::sign(namespace, &person.1, &certificate, TYPE, payload, None).unwrap()
    }

    fn judged(pki: &Pki, words: &[(&[u8], &[u8])], at: i64) -> Result<[String; 2], NotApproved> {
        approvers(ORDER, TYPE, words.iter().copied(), &pki.root, at)
    }

    #[test]
    fn two_persons_under_the_root_approve_one_order_and_nothing_less_does() {
        let pki = Pki::new();
        let (first, second) = (
            person(&pki, "approver.one", drawn(), false),
            person(&pki, "approver.two", drawn(), false),
        );
        let one = word(&first, Namespace::Approval, ORDER);
        let two = word(&second, Namespace::Approval, ORDER);
        let (one, two) = ((&first.0[..], &one[..]), (&second.0[..], &two[..]));
        assert_eq!(
            judged(&pki, &[one, two], NOON),
            Ok(["approver.one".to_owned(), "approver.two".to_owned()])
        );
        assert_eq!(judged(&pki, &[], NOON), Err(NotApproved::Missing));
        assert_eq!(judged(&pki, &[one], NOON), Err(NotApproved::Missing));
        assert_eq!(judged(&pki, &[one, one], NOON), Err(NotApproved::SamePerson));
        assert_eq!(judged(&pki, &[one, two, two], NOON), Err(NotApproved::Missing));
        let late = judged(&pki, &[one, two], NOON + 91 * DAY);
        assert_eq!(late, Err(NotApproved::Approver(ChainFault::Expired { depth: 0 })));
        let swapped = (first.0.as_slice(), two.1);
        assert_eq!(judged(&pki, &[one, swapped], NOON), Err(NotApproved::Signature));
    }

    #[test]
    fn another_order_another_use_another_issuer_and_another_name_for_one_key_approve_nothing() {
        let pki = Pki::new();
        let first = person(&pki, "approver.one", drawn(), false);
        let one = word(&first, Namespace::Approval, ORDER);
        let one = (&first.0[..], &one[..]);
        let refused = |other: &(Vec<u8>, SigningKey), namespace, payload: &[u8]| {
            let two = word(other, namespace, payload);
            judged(&pki, &[one, (&other.0, &two)], NOON).unwrap_err()
        };
        let second = person(&pki, "approver.two", drawn(), false);
        assert_eq!(
            refused(&second, Namespace::Approval, b"another order"),
            NotApproved::Other
        );
        assert_eq!(refused(&second, Namespace::Order, ORDER), NotApproved::Signature);
        let astray = person(&pki, "approver.two", drawn(), true);
        assert_eq!(
            refused(&astray, Namespace::Approval, ORDER),
            NotApproved::Approver(ChainFault::UnknownIssuer { depth: 0 })
        );
        let copied = SigningKey::from_pkcs8_der(&first.1.to_pkcs8_der()).unwrap();
        let twice = person(&pki, "approver.two", copied, false);
        assert_eq!(
            refused(&twice, Namespace::Approval, ORDER),
            NotApproved::SamePerson
        );
        let stranger = Pki::new();
        let other = person(&stranger, "approver.two", drawn(), false);
        assert!(matches!(
            refused(&other, Namespace::Approval, ORDER),
            NotApproved::Approver(_)
        ));
    }
}
