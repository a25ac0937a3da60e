//! Time-stamp tokens (RFC 3161) over a SHA-256, in one deterministic form: what an authority says existed at a moment.
//!
//! A response is read by taking out its parts and writing it again: any other bytes are refused, so that no byte of a
//! file goes unchecked. `openssl ts -verify` reads the same file.

use der::Encode;
use der::asn1::{ObjectIdentifier, UintRef};

use crate::asn1::{
    CONTENT_TYPE, CONTEXT_0, ECDSA_WITH_SHA256, MESSAGE_DIGEST, OCTET_STRING, SEQUENCE, SET, SHA_256,
    SIGNED_DATA, SIGNING_CERTIFICATE_V2, content, integer, issuer_and_serial, items, oid, tlv,
};
use crate::cert::{Certificate, Profile};
use crate::keys::{KeyKind, SigningKey};
use crate::{Digest, sha256};

/// Under which policy tokens are given: the private arc's only one.
const POLICY: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.3.6.1.4.1.62999.3.1");
const TST_INFO: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.9.16.1.4");
const GENERALIZED_TIME: u8 = 0x18;
/// No response comes near this many bytes.
const MAX_RESPONSE: usize = 16 * 1024;
/// A serial number never has a sign bit, nor a leading zero.
const SERIAL: usize = 16;

/// Why no token is given.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum StampError {
    #[error("the key is not the certificate's, or not a P-256 key for time-stamps")]
    Signer,
    #[error("the moment is not between the years 1970 and 9999")]
    Moment,
}

/// A token as it was read; what its signer may do is asked of [`crate::cert::verify_chain`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Stamp {
    /// Of what existed.
    pub imprint: Digest,
    /// When, in Unix milliseconds, by the authority's clock.
    pub at_unix_ms: i64,
    /// Never given twice.
    pub serial: [u8; SERIAL],
    pub signer: Certificate,
    /// ECDSA in DER.
    signature: Vec<u8>,
}

/// The response (`.tsr`) that says that `imprint` existed at `at_unix_ms`.
pub fn stamp(
    key: &SigningKey,
    signer: &Certificate,
    imprint: &Digest,
    at_unix_ms: i64,
    serial: [u8; SERIAL],
) -> Result<Vec<u8>, StampError> {
    let fits = key.public() == *signer.public_key()
        && signer.public_key().kind() == KeyKind::P256
        && signer.check_profile(Profile::TimeStamp).is_ok();
    if !fits {
        return Err(StampError::Signer);
    }
    civil(at_unix_ms).ok_or(StampError::Moment)?;
    let mut stamp = Stamp {
        imprint: *imprint,
        at_unix_ms,
        serial,
        signer: signer.clone(),
        signature: Vec::new(),
    };
    stamp.serial[0] = stamp.serial[0] & 0x7f | 0x40;
    stamp.signature = key.sign_der(&stamp.signed_attributes());
    Ok(stamp.encode())
}

/// Reads a response; `None` for any bytes that [`stamp`] does not write.
pub fn read(response: &[u8]) -> Option<Stamp> {
    if response.len() > MAX_RESPONSE {
        return None;
    }
    let stamp = Stamp::take(response)?;
    (stamp.encode() == response).then_some(stamp)
}

impl Stamp {
    /// Whether the key of the token's own certificate signed it.
    pub fn is_signed(&self) -> bool {
        self.signer
            .public_key()
            .verifies_der(&self.signed_attributes(), &self.signature)
    }

    fn info(&self) -> Vec<u8> {
        let imprint = tlv(
            SEQUENCE,
            &[
                &tlv(SEQUENCE, &[&oid(SHA_256)]),
                &tlv(OCTET_STRING, &[&self.imprint.0]),
            ],
        );
        let serial = UintRef::new(&self.serial).and_then(|serial| serial.to_der());
        let serial = serial.expect("sixteen bytes are a DER integer");
        let time = civil(self.at_unix_ms).unwrap_or_default();
        tlv(
            SEQUENCE,
            &[
                &integer(1),
                &oid(POLICY),
                &imprint,
                &serial,
                &tlv(GENERALIZED_TIME, &[time.as_bytes()]),
            ],
        )
    }

    /// The SET OF that the signature is made over (RFC 5652 §5.4); the signer's certificate is named by its hash, as
    /// RFC 5816 has it.
    fn signed_attributes(&self) -> Vec<u8> {
        let id = tlv(SEQUENCE, &[&tlv(OCTET_STRING, &[&self.signer.fingerprint().0])]);
        let attribute = |id, value: &[u8]| tlv(SEQUENCE, &[&oid(id), &tlv(SET, &[value])]);
        let digest = sha256(&self.info());
        let mut attributes = [
            attribute(CONTENT_TYPE, &oid(TST_INFO)),
            attribute(MESSAGE_DIGEST, &tlv(OCTET_STRING, &[&digest.0])),
            attribute(SIGNING_CERTIFICATE_V2, &tlv(SEQUENCE, &[&tlv(SEQUENCE, &[&id])])),
        ];
        attributes.sort_unstable();
        tlv(SET, &attributes.each_ref().map(Vec::as_slice))
    }

    fn encode(&self) -> Vec<u8> {
        let mut attributes = self.signed_attributes();
        attributes[0] = CONTEXT_0;
        let digest_algorithm = tlv(SEQUENCE, &[&oid(SHA_256)]);
        let signer_info = tlv(
            SEQUENCE,
            &[
                &integer(1),
                &issuer_and_serial(&self.signer),
                &digest_algorithm,
                &attributes,
                &tlv(SEQUENCE, &[&oid(ECDSA_WITH_SHA256)]),
                &tlv(OCTET_STRING, &[&self.signature]),
            ],
        );
        let encapsulated = tlv(
            SEQUENCE,
            &[
                &oid(TST_INFO),
                &tlv(CONTEXT_0, &[&tlv(OCTET_STRING, &[&self.info()])]),
            ],
        );
        let signed_data = tlv(
            SEQUENCE,
            &[
                &integer(3),
                &tlv(SET, &[&digest_algorithm]),
                &encapsulated,
                &tlv(CONTEXT_0, &[self.signer.der()]),
                &tlv(SET, &[&signer_info]),
            ],
        );
        let token = tlv(SEQUENCE, &[&oid(SIGNED_DATA), &tlv(CONTEXT_0, &[&signed_data])]);
        tlv(SEQUENCE, &[&tlv(SEQUENCE, &[&integer(0)]), &token])
    }

    fn take(response: &[u8]) -> Option<Self> {
        let [_, token] = items(response)?.try_into().ok()?;
        let [_, wrapped] = items(token)?.try_into().ok()?;
        let [signed_data] = items(wrapped)?.try_into().ok()?;
        let [_, _, encapsulated, certificates, signers] = items(signed_data)?.try_into().ok()?;
        let [_, info] = items(encapsulated)?.try_into().ok()?;
        let [info] = items(info)?.try_into().ok()?;
        let [_, _, imprint, serial, time] = items(content(info)?)?.try_into().ok()?;
        let [_, imprint] = items(imprint)?.try_into().ok()?;
        let [certificate] = items(certificates)?.try_into().ok()?;
        let [signer] = items(signers)?.try_into().ok()?;
        let [_, _, _, _, _, signature] = items(signer)?.try_into().ok()?;
        Some(Self {
            imprint: Digest(content(imprint)?.try_into().ok()?),
            at_unix_ms: unix_ms(std::str::from_utf8(content(time)?).ok()?)?,
            serial: content(serial)?.try_into().ok()?,
            signer: Certificate::from_der(certificate).ok()?,
            signature: content(signature)?.to_vec(),
        })
    }
}

/// `YYYYMMDDhhmmss[.fff]Z`, without trailing zeros (RFC 3161 §2.4.2).
fn civil(unix_ms: i64) -> Option<String> {
    let seconds = u64::try_from(unix_ms.div_euclid(1000)).ok()?;
    let moment = der::DateTime::from_unix_duration(std::time::Duration::from_secs(seconds)).ok()?;
    let fraction = match unix_ms.rem_euclid(1000) {
        0 => String::new(),
        ms => format!(".{ms:03}").trim_end_matches('0').to_owned(),
    };
    Some(format!(
        "{:04}{:02}{:02}{:02}{:02}{:02}{fraction}Z",
        moment.year(),
        moment.month(),
        moment.day(),
        moment.hour(),
        moment.minutes(),
        moment.seconds()
    ))
}

fn unix_ms(text: &str) -> Option<i64> {
    let text = text.strip_suffix('Z')?;
    let (whole, fraction) = text.split_once('.').unwrap_or((text, ""));
    if whole.len() != 14
        || !whole
            .bytes()
            .chain(fraction.bytes())
            .all(|byte| byte.is_ascii_digit())
    {
        return None;
    }
    let part = |from: usize, to: usize| whole.get(from..to)?.parse::<u8>().ok();
    let year: u16 = whole.get(..4)?.parse().ok()?;
    let moment = der::DateTime::new(
        year,
        part(4, 6)?,
        part(6, 8)?,
        part(8, 10)?,
        part(10, 12)?,
        part(12, 14)?,
    )
    .ok()?;
    let seconds = i64::try_from(moment.unix_duration().as_secs()).ok()?;
    let ms: i64 = match fraction.len() {
        0 => 0,
        1..=3 => format!("{fraction:0<3}").parse().ok()?,
        _ => return None,
    };
    Some(seconds * 1000 + ms)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cert::verify_chain;
    use crate::fixture::{NOON, Pki, bit_flips, run};

    const SERIAL_7: [u8; SERIAL] = [0x47; SERIAL];

    fn stamped(pki: &Pki, at: i64) -> Vec<u8> {
        let leaf = pki.leaf(Profile::TimeStamp);
        stamp(&leaf.key, &leaf.certificate, &sha256(b"record"), at, SERIAL_7).unwrap()
    }

    #[test]
    fn a_token_says_what_existed_and_when_and_no_bit_of_it_can_change() {
        let pki = Pki::new();
        let response = stamped(&pki, NOON + 50);
        let read_back = read(&response).unwrap();
        assert_eq!(
            (read_back.imprint, read_back.at_unix_ms),
            (sha256(b"record"), NOON + 50)
        );
        assert!(read_back.is_signed());
        let issuing = std::slice::from_ref(&pki.issuing);
        let roots = std::slice::from_ref(&pki.root);
        let holds = |stamp: &Stamp| {
            let at = stamp.at_unix_ms;
            stamp.is_signed()
                && verify_chain(&stamp.signer, issuing, roots, Profile::TimeStamp, at).all_ok()
                && stamp.imprint == sha256(b"record")
        };
        assert!(holds(&read_back));
        for changed in bit_flips(&response) {
            assert!(!read(&changed).is_some_and(|stamp| holds(&stamp)));
        }
        let mut longer = response;
        longer.push(0);
        assert_eq!(read(&longer), None);
    }

    #[test]
    fn moments_survive_in_the_shortest_spelling() {
        let pki = Pki::new();
        for at in [0, 1, 10, 100, 999, NOON, NOON + 120, 4_102_444_800_000] {
            assert_eq!(read(&stamped(&pki, at)).unwrap().at_unix_ms, at);
        }
        assert_eq!(civil(NOON + 120).unwrap(), "20261121120000.12Z");
    }

    #[test]
    fn nobody_else_gives_tokens() {
        let pki = Pki::new();
        let device = pki.leaf(Profile::Device);
        let authority = pki.leaf(Profile::TimeStamp);
        let digest = sha256(b"record");
        for (key, certificate) in [
            (&device.key, &device.certificate),
            (&device.key, &authority.certificate),
        ] {
            let refused = stamp(key, certificate, &digest, NOON, SERIAL_7);
            assert_eq!(refused, Err(StampError::Signer));
        }
    }

    #[test]
    fn openssl_verifies_a_token_and_refuses_it_for_other_bytes() {
        let pki = Pki::new();
        let dir = tempfile::tempdir().unwrap();
        let write = |name: &str, bytes: &[u8]| std::fs::write(dir.path().join(name), bytes).unwrap();
        write("token.tsr", &stamped(&pki, NOON + 120));
        write("record.cose", b"record");
        write("other.cose", b"other");
        write("root.pem", pki.root.to_pem().as_bytes());
        write("issuing.pem", pki.issuing.to_pem().as_bytes());
        let verify = |data: &str| {
            let arguments = [
                "ts",
                "-verify",
                "-data",
                data,
                "-in",
                "token.tsr",
                "-CAfile",
                "root.pem",
                "-untrusted",
                "issuing.pem",
                "-attime",
                "1795262460",
            ];
            let output = run("openssl", "openssl", &arguments, dir.path());
            let text = [output.stdout, output.stderr].concat();
            (
                output.status.success(),
                String::from_utf8_lossy(&text).into_owned(),
            )
        };
        let (accepted, said) = verify("record.cose");
        assert!(accepted && said.contains("Verification: OK"), "{said}");
        let (accepted, said) = verify("other.cose");
        assert!(!accepted, "{said}");
    }
}
