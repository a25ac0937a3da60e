//! The vectors of `vectors/`: what this file makes of fixed keys, byte for byte, and what is thought of each.

use der::pem::LineEnding;

use super::*;
use crate::asn1::{ECDSA_WITH_SHA256, OCTET_STRING, SEQUENCE, SET, oid, tlv};
use crate::fixture::NOON;
use crate::keys::SigningKey;

const ECDSA_WITH_SHA384: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.10045.4.3.3");
const COMMON_NAME: ObjectIdentifier = ObjectIdentifier::new_unwrap("2.5.4.3");
const ENUMERATED: u8 = 0x0a;
const INTEGER: u8 = 0x02;
const SIGNER: [u8; 32] = [0x51; 32];

fn root() -> SigningKey {
    SigningKey::from_secret(KeyKind::P384, &[0x11; 48]).unwrap()
}

fn intermediate() -> SigningKey {
    SigningKey::from_secret(KeyKind::P256, &[0x12; 32]).unwrap()
}

fn device() -> SigningKey {
    SigningKey::from_secret(KeyKind::P256, &[0x13; 32]).unwrap()
}

/// SHA-256 of `neo/attestation/v1` and a token of sixteen 0x22, as headquarters binds it.
fn challenge() -> Vec<u8> {
    crate::sha256(&[b"neo/attestation/v1".as_slice(), &[0x22; 16]].concat())
        .0
        .to_vec()
}

/// What the keystore of a phone says.
#[derive(Clone)]
struct Phone {
    level: u8,
    locked: bool,
    state: u8,
    patch: [u8; 3],
    signer: [u8; 32],
    origin: u8,
    key: PublicKey,
    challenge: Vec<u8>,
    root: SigningKeyOf,
    issuer_describes: bool,
}

/// Whose root the chain ends at.
#[derive(Clone, Copy, PartialEq, Eq)]
enum SigningKeyOf {
    Maker,
    Stranger,
}

impl Phone {
    fn good() -> Self {
        Self {
            level: 1,
            locked: true,
            state: 0,
            // 202610.
            patch: [0x03, 0x17, 0x72],
            signer: SIGNER,
            origin: 0,
            key: device().public(),
            challenge: challenge(),
            root: SigningKeyOf::Maker,
            issuer_describes: false,
        }
    }

    fn description(&self) -> Vec<u8> {
        let locked = if self.locked { 0xff } else { 0 };
        let root_of_trust = tlv(
            SEQUENCE,
            &[
                &tlv(OCTET_STRING, &[&[0x41; 32]]),
                &tlv(0x01, &[&[locked]]),
                &tlv(ENUMERATED, &[&[self.state]]),
                &tlv(OCTET_STRING, &[&[0x42; 32]]),
            ],
        );
        let package = tlv(
            SEQUENCE,
            &[&tlv(OCTET_STRING, &[b"fr.neo.agent"]), &tlv(INTEGER, &[&[1]])],
        );
        let application = tlv(
            SEQUENCE,
            &[
                &tlv(SET, &[&package]),
                &tlv(SET, &[&tlv(OCTET_STRING, &[&self.signer])]),
            ],
        );
        let software = tlv(SEQUENCE, &[&explicit(709, &tlv(OCTET_STRING, &[&application]))]);
        let hardware = tlv(
            SEQUENCE,
            &[
                // Purpose: signing.
                &explicit(1, &tlv(SET, &[&tlv(INTEGER, &[&[2]])])),
                &explicit(702, &tlv(INTEGER, &[&[self.origin]])),
                &explicit(704, &root_of_trust),
                &explicit(706, &tlv(INTEGER, &[&self.patch])),
            ],
        );
        tlv(
            SEQUENCE,
            &[
                &tlv(INTEGER, &[&[4]]),
                &tlv(ENUMERATED, &[&[self.level]]),
                &tlv(INTEGER, &[&[4]]),
                &tlv(ENUMERATED, &[&[self.level]]),
                &tlv(OCTET_STRING, &[&self.challenge]),
                &tlv(OCTET_STRING, &[]),
                &software,
                &hardware,
            ],
        )
    }

    /// Leaf, intermediate.
    fn chain(&self) -> Vec<Vec<u8>> {
        let description = self.description();
        let signer = match self.root {
            SigningKeyOf::Maker => root(),
            SigningKeyOf::Stranger => SigningKey::from_secret(KeyKind::P384, &[0x14; 48]).unwrap(),
        };
        let above = self.issuer_describes.then_some(description.as_slice());
        let leaf = certificate(
            "Key",
            &self.key,
            "Phone",
            &intermediate(),
            &[&described(&description)],
        );
        let above = above.map(described).unwrap_or_default();
        let middle = certificate(
            "Phone",
            &intermediate().public(),
            "Maker",
            &signer,
            &[&authority(), &above],
        );
        vec![leaf, middle]
    }
}

fn explicit(number: u32, inner: &[u8]) -> Vec<u8> {
    let mut element = match number {
        0..=30 => vec![0xa0 | u8::try_from(number).unwrap()],
        _ => vec![
            0xbf,
            0x80 | u8::try_from(number >> 7).unwrap(),
            u8::try_from(number & 0x7f).unwrap(),
        ],
    };
    // The length and the content of any element.
    element.extend(&tlv(SEQUENCE, &[inner])[1..]);
    element
}

fn described(description: &[u8]) -> Vec<u8> {
    tlv(
        SEQUENCE,
        &[&oid(KEY_DESCRIPTION), &tlv(OCTET_STRING, &[description])],
    )
}

/// Basic constraints, critical: an authority.
fn authority() -> Vec<u8> {
    let is_true = tlv(0x01, &[&[0xff]]);
    let constraints = tlv(OCTET_STRING, &[&tlv(SEQUENCE, &[&is_true])]);
    tlv(SEQUENCE, &[&oid(BASIC_CONSTRAINTS), &is_true, &constraints])
}

fn certificate(
    subject: &str,
    key: &PublicKey,
    issuer: &str,
    signer: &SigningKey,
    extensions: &[&[u8]],
) -> Vec<u8> {
    let algorithm = match signer.public().kind() {
        KeyKind::P384 => ECDSA_WITH_SHA384,
        KeyKind::P256 | KeyKind::Ed25519 => ECDSA_WITH_SHA256,
    };
    let algorithm = tlv(SEQUENCE, &[&oid(algorithm)]);
    let name = |text: &str| {
        let attribute = tlv(SEQUENCE, &[&oid(COMMON_NAME), &tlv(0x0c, &[text.as_bytes()])]);
        tlv(SEQUENCE, &[&tlv(SET, &[&attribute])])
    };
    let validity = tlv(
        SEQUENCE,
        &[&tlv(0x17, &[b"260101000000Z"]), &tlv(0x17, &[b"360101000000Z"])],
    );
    let extensions = match extensions {
        [] => Vec::new(),
        some => tlv(0xa3, &[&tlv(SEQUENCE, some)]),
    };
    let signed = tlv(
        SEQUENCE,
        &[
            &tlv(0xa0, &[&tlv(INTEGER, &[&[2]])]),
            &tlv(INTEGER, &[&[1]]),
            &algorithm,
            &name(issuer),
            &validity,
            &name(subject),
            &key.spki_der(),
            &extensions,
        ],
    );
    let signature = [&[0], signer.sign_der(&signed).as_slice()].concat();
    tlv(SEQUENCE, &[&signed, &algorithm, &tlv(0x03, &[&signature])])
}

fn pem(chain: &[Vec<u8>]) -> String {
    let one = |der: &Vec<u8>| der::pem::encode_string("CERTIFICATE", LineEnding::LF, der).unwrap();
    chain.iter().map(one).collect()
}

fn rule() -> Rule {
    Rule {
        signers: vec![Digest(SIGNER)],
        oldest_patch: 202_609,
    }
}

/// What a vector holds, and what is thought of it.
type Found = Result<Vec<Point>, AttestationError>;

fn vectors() -> Vec<(&'static str, &'static str, Phone, Found)> {
    let good = Phone::good();
    vec![
        ("good", include_str!("vectors/good.pem"), good.clone(), Ok(vec![])),
        (
            "strongbox",
            include_str!("vectors/strongbox.pem"),
            Phone {
                level: 2,
                ..good.clone()
            },
            Ok(vec![]),
        ),
        (
            "unlocked",
            include_str!("vectors/unlocked.pem"),
            Phone {
                locked: false,
                state: 2,
                ..good.clone()
            },
            Ok(vec![Point::Boot]),
        ),
        (
            "own-system",
            include_str!("vectors/own-system.pem"),
            Phone {
                state: 1,
                ..good.clone()
            },
            Ok(vec![Point::Boot]),
        ),
        (
            "other-signer",
            include_str!("vectors/other-signer.pem"),
            Phone {
                signer: [0x52; 32],
                ..good.clone()
            },
            Ok(vec![Point::Program]),
        ),
        (
            "old-patch",
            include_str!("vectors/old-patch.pem"),
            // 202608.
            Phone {
                patch: [0x03, 0x17, 0x70],
                ..good.clone()
            },
            Ok(vec![Point::Patch]),
        ),
        (
            "other-key",
            include_str!("vectors/other-key.pem"),
            Phone {
                key: intermediate().public(),
                ..good.clone()
            },
            Ok(vec![Point::Key]),
        ),
        (
            "other-challenge",
            include_str!("vectors/other-challenge.pem"),
            Phone {
                challenge: vec![0x33; 32],
                ..good.clone()
            },
            Ok(vec![Point::Challenge]),
        ),
        (
            "software",
            include_str!("vectors/software.pem"),
            Phone {
                level: 0,
                ..good.clone()
            },
            Ok(vec![Point::Level]),
        ),
        (
            "imported",
            include_str!("vectors/imported.pem"),
            Phone {
                origin: 2,
                ..good.clone()
            },
            Ok(vec![Point::Origin]),
        ),
        (
            "stranger",
            include_str!("vectors/stranger.pem"),
            Phone {
                root: SigningKeyOf::Stranger,
                ..good.clone()
            },
            Err(AttestationError::Untrusted),
        ),
        (
            "described-twice",
            include_str!("vectors/described-twice.pem"),
            Phone {
                issuer_describes: true,
                ..good
            },
            Err(AttestationError::Description),
        ),
    ]
}

fn verdict(chain: &[Vec<u8>]) -> Found {
    let read = read(chain, &[root().public()], NOON)?;
    let (key, challenge) = (device().public(), challenge());
    let expected = Expected {
        key: Some(&key),
        challenge: Some(&challenge),
    };
    Ok(read.faults(&rule(), expected))
}

#[test]
fn each_vector_is_what_this_program_makes_and_is_judged_for_its_one_fault() {
    for (name, committed, phone, expected) in vectors() {
        let made = pem(&phone.chain());
        assert_eq!(committed, made, "vectors/{name}.pem");
        assert_eq!(verdict(&chain_from_pem(committed).unwrap()), expected, "{name}");
    }
    let anchor = certificate("Maker", &root().public(), "Maker", &root(), &[&authority()]);
    assert_eq!(
        include_str!("vectors/root.pem"),
        pem(std::slice::from_ref(&anchor))
    );
    let mut whole = Phone::good().chain();
    whole.push(anchor);
    assert_eq!(verdict(&whole), Ok(vec![]), "a chain may bring its root along");
}

#[test]
fn a_key_that_was_attested_attests_no_other() {
    // The holder of the phone lets the attested key sign a certificate that describes another key.
    let phone = Phone::good();
    let description = described(&phone.description());
    let forged = certificate("Key", &intermediate().public(), "Key", &device(), &[&description]);
    let chain = [vec![forged], phone.chain()].concat();
    assert_eq!(verdict(&chain), Err(AttestationError::NoAuthority(2)));
    // Nor does any other certificate of the maker's that is no authority.
    let plain = certificate("Plain", &device().public(), "Maker", &root(), &[]);
    let forged = certificate("Key", &device().public(), "Plain", &device(), &[&description]);
    assert_eq!(verdict(&[forged, plain]), Err(AttestationError::NoAuthority(2)));
}

#[test]
fn no_bit_of_a_good_chain_can_change() {
    let chain = Phone::good().chain();
    for (place, der) in chain.iter().enumerate() {
        for bit in 0..der.len() * 8 {
            let mut bent = chain.clone();
            bent[place][bit / 8] ^= 1 << (bit % 8);
            assert_ne!(verdict(&bent), Ok(vec![]), "certificate {place}, bit {bit}");
        }
    }
    for end in 0..chain[0].len() {
        assert!(verdict(&[chain[0][..end].to_vec(), chain[1].clone()]).is_err());
    }
}

#[test]
fn what_nobody_says_is_not_checked_and_does_not_hold() {
    let read = read(&Phone::good().chain(), &[root().public()], NOON).unwrap();
    let nothing = Expected {
        key: None,
        challenge: None,
    };
    assert_eq!(
        read.verdict(Point::Key, &rule(), nothing),
        crate::Verdict::NotChecked
    );
    assert_eq!(read.faults(&rule(), nothing), [Point::Key, Point::Challenge]);
}

#[test]
fn a_chain_counts_in_order_in_date_and_whole() {
    let chain = Phone::good().chain();
    let roots = [root().public()];
    let swapped = [chain[1].clone(), chain[0].clone()];
    assert!(matches!(
        read(&swapped, &roots, NOON),
        Err(AttestationError::Broken(1))
    ));
    assert_eq!(read(&chain[..1], &roots, NOON), Err(AttestationError::Untrusted));
    assert_eq!(read(&[], &roots, NOON), Err(AttestationError::Length));
    assert_eq!(read(&chain, &[], NOON), Err(AttestationError::Untrusted));
    // 2036-01-02 and 2025-12-31.
    for at in [2_082_844_800_000, 1_767_139_200_000] {
        assert_eq!(read(&chain, &roots, at), Err(AttestationError::Dates(1)));
    }
}
