//! RSASSA-PSS (RFC 8017 §8.1.2) with a salt of any length, which OpenSSL makes as long as the key allows.
//!
//! `ring` verifies a salt of the hash's length alone. Everything here is public, so that time may tell of it.

use der::asn1::UintRef;
use der::{Decode, Reader, SliceReader};
use ecdsa::elliptic_curve::bigint::modular::{FixedMontyForm, FixedMontyParams};
use ecdsa::elliptic_curve::bigint::{U2048, U3072, U4096, Uint};

use super::{Hash, Held, key};

/// Public exponents are this or 3; a longer one is nobody's.
const MAX_EXPONENT: usize = 4;

/// Holds `signature` against `message`; the mask is made with the same hash.
pub(super) fn verifies(rsa: &[u8], hash: Hash, message: &[u8], signature: &[u8]) -> Held {
    let Some((modulus, exponent)) = numbers(rsa) else {
        return Held::Unknown;
    };
    let encoded = match modulus.len() {
        256 => power::<{ U2048::LIMBS }>(&modulus, exponent, signature),
        384 => power::<{ U3072::LIMBS }>(&modulus, exponent, signature),
        512 => power::<{ U4096::LIMBS }>(&modulus, exponent, signature),
        _ => return Held::Unknown,
    };
    // The first bit of the modulus is set, so that the encoded message is one bit shorter (§9.1.2).
    let full = modulus.first().is_some_and(|first| *first >= 0x80);
    if !full {
        return Held::Unknown;
    }
    encoded
        .is_some_and(|encoded| is_encoding(&encoded, hash, message))
        .into()
}

fn numbers(rsa: &[u8]) -> Option<(Vec<u8>, u32)> {
    let mut reader = SliceReader::new(rsa).ok()?;
    let (modulus, exponent) = reader
        .sequence(|inner| {
            let modulus = UintRef::decode(inner)?.as_bytes().to_vec();
            let exponent = UintRef::decode(inner)?.as_bytes().to_vec();
            Ok::<_, der::Error>((modulus, exponent))
        })
        .ok()?;
    if exponent.len() > MAX_EXPONENT {
        return None;
    }
    let exponent = exponent
        .iter()
        .fold(0_u32, |number, byte| (number << 8) | u32::from(*byte));
    (exponent >= 3).then_some((modulus, exponent))
}

/// `signature ^ exponent mod modulus`, as long as the modulus; `None` when the signature is no number below it.
fn power<const LIMBS: usize>(modulus: &[u8], exponent: u32, signature: &[u8]) -> Option<Vec<u8>> {
    if modulus.len() != signature.len() {
        return None;
    }
    let (modulus, signature) = (
        Uint::<LIMBS>::from_be_slice(modulus),
        Uint::<LIMBS>::from_be_slice(signature),
    );
    let odd = Option::from(modulus.to_odd())?;
    if signature >= modulus {
        return None;
    }
    let params = FixedMontyParams::new_vartime(odd);
    let base = FixedMontyForm::new(&signature, &params);
    let value = base.pow_vartime(&Uint::<1>::from_u32(exponent)).retrieve();
    let words = value.to_words();
    Some(words.iter().rev().flat_map(|word| word.to_be_bytes()).collect())
}

/// EMSA-PSS-VERIFY (§9.1.2), with the length of the salt read from the encoding.
fn is_encoding(encoded: &[u8], hash: Hash, message: &[u8]) -> bool {
    let length = hash.length();
    let Some((body, &[0xbc])) = encoded.split_last_chunk::<1>() else {
        return false;
    };
    let Some((masked, stated)) = body
        .len()
        .checked_sub(length)
        .and_then(|at| body.split_at_checked(at))
    else {
        return false;
    };
    if masked.first().is_none_or(|first| first & 0x80 != 0) {
        return false;
    }
    let mask = mask(hash, stated, masked.len());
    let mut block: Vec<u8> = masked.iter().zip(&mask).map(|(byte, mask)| byte ^ mask).collect();
    if let Some(first) = block.first_mut() {
        *first &= 0x7f;
    }
    let Some(start) = block.iter().position(|byte| *byte != 0) else {
        return false;
    };
    let Some((1, salt)) = block
        .get(start..)
        .and_then(|rest| rest.split_first())
        .map(|(one, salt)| (*one, salt))
    else {
        return false;
    };
    let digest = key::digest(hash.named(), message);
    hash.of(&[&[0; 8], &digest, salt]).as_bytes() == stated
}

/// MGF1 (§B.2.1).
fn mask(hash: Hash, seed: &[u8], length: usize) -> Vec<u8> {
    let blocks = (0_u32..).map(|counter| hash.of(&[seed, &counter.to_be_bytes()]));
    let needed = length.div_ceil(hash.length());
    let mut mask: Vec<u8> = blocks
        .take(needed)
        .flat_map(|block| block.as_bytes().to_vec())
        .collect();
    mask.truncate(length);
    mask
}
