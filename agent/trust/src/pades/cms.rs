//! The CMS SignedData (RFC 5652) of a detached CAdES baseline signature (ETSI EN 319 122-1), in one deterministic form.
//!
//! It is read by taking out its certificates, digest and signature and writing it again: any other bytes are refused.

use der::asn1::ObjectIdentifier;
use der::{Reader, SliceReader};

use super::MAX_CHAIN;
use crate::Digest;
use crate::asn1::{
    CONTENT_TYPE, CONTEXT_0, ECDSA_WITH_SHA256, MESSAGE_DIGEST, OCTET_STRING, SEQUENCE, SET, SHA_256,
    SIGNED_DATA, SIGNING_CERTIFICATE_V2, attribute, content, integer, issuer_and_serial, items, oid, tlv,
};
use crate::cert::Certificate;

const DATA: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.7.1");

/// The length of one listed certificate: the heads of a sequence and an octet string, and SHA-256.
const CERTIFICATE_ID: usize = 2 + 2 + 32;

/// The parts of a signature that are not fixed by its form.
pub(super) struct Cms {
    /// The signer's certificate first.
    pub(super) chain: Vec<Certificate>,
    pub(super) message_digest: Digest,
    /// ECDSA in DER.
    pub(super) signature: Vec<u8>,
}

impl Cms {
    pub(super) fn encode(&self) -> Vec<u8> {
        let signer = &self.chain[0];
        let attributes = signed_attributes(&self.message_digest, &self.chain);
        let mut implicit_attributes = attributes;
        implicit_attributes[0] = CONTEXT_0;
        let digest_algorithm = tlv(SEQUENCE, &[&oid(SHA_256)]);
        let signer_info = tlv(
            SEQUENCE,
            &[
                &integer(1),
                &issuer_and_serial(signer),
                &digest_algorithm,
                &implicit_attributes,
                &tlv(SEQUENCE, &[&oid(ECDSA_WITH_SHA256)]),
                &tlv(OCTET_STRING, &[&self.signature]),
            ],
        );
        let mut certificates: Vec<&[u8]> = self.chain.iter().map(Certificate::der).collect();
        certificates.sort_unstable();
        let signed_data = tlv(
            SEQUENCE,
            &[
                &integer(1),
                &tlv(SET, &[&digest_algorithm]),
                &tlv(SEQUENCE, &[&oid(DATA)]),
                &tlv(CONTEXT_0, &certificates),
                &tlv(SET, &[&signer_info]),
            ],
        );
        tlv(SEQUENCE, &[&oid(SIGNED_DATA), &tlv(CONTEXT_0, &[&signed_data])])
    }

    /// Reads what [`Self::encode`] writes, followed by nothing but zeros.
    pub(super) fn decode(padded: &[u8]) -> Option<Self> {
        let mut reader = SliceReader::new(padded).ok()?;
        let content_info = reader.tlv_bytes().ok()?;
        let padding = padded.get(content_info.len()..)?;
        let cms = Self::read(content_info)?;
        let exact = padding.iter().all(|byte| *byte == 0) && cms.encode() == content_info;
        exact.then_some(cms)
    }

    fn read(content_info: &[u8]) -> Option<Self> {
        let [_, wrapped] = items(content_info)?.try_into().ok()?;
        let [signed_data] = items(wrapped)?.try_into().ok()?;
        let [_, _, _, certificates, signers] = items(signed_data)?.try_into().ok()?;
        let [signer] = items(signers)?.try_into().ok()?;
        let [_, _, _, attributes, _, signature] = items(signer)?.try_into().ok()?;
        let [_, message_digest] = attribute(attributes, MESSAGE_DIGEST)?;
        let [message_digest] = items(message_digest)?.try_into().ok()?;
        let mut certificates = items(certificates)?
            .into_iter()
            .map(|der| Certificate::from_der(der).ok())
            .collect::<Option<Vec<_>>>()
            .filter(|certificates| (1..=MAX_CHAIN).contains(&certificates.len()))?;
        let [_, signing] = attribute(attributes, SIGNING_CERTIFICATE_V2)?;
        // Each listed hash has a fixed length, at the end of what is otherwise fixed too.
        let certificate_ids = signing.rchunks(CERTIFICATE_ID).take(certificates.len());
        let mut chain = Vec::new();
        for id in certificate_ids {
            let place = certificates
                .iter()
                .position(|one| id.ends_with(&one.fingerprint().0))?;
            chain.insert(0, certificates.swap_remove(place));
        }
        Some(Cms {
            chain,
            message_digest: Digest(content(message_digest)?.try_into().ok()?),
            signature: content(signature)?.to_vec(),
        })
    }
}

/// The signed attributes as a SET OF, which is what the signature is made over (RFC 5652 §5.4).
///
/// The signing time is not among them: in PAdES it stands in the signature dictionary. The whole chain is listed, the
/// signer first, because the certificates of a CMS message are otherwise not covered by its signature.
pub(super) fn signed_attributes(message_digest: &Digest, chain: &[Certificate]) -> Vec<u8> {
    // ESSCertIDv2 with its default hash, SHA-256, and without issuer and serial (RFC 5035 §4).
    let certificate_id = |one: &Certificate| tlv(SEQUENCE, &[&tlv(OCTET_STRING, &[&one.fingerprint().0])]);
    let certificates = tlv(
        SEQUENCE,
        &[&chain.iter().flat_map(certificate_id).collect::<Vec<u8>>()],
    );
    let attribute = |id, value: &[u8]| tlv(SEQUENCE, &[&oid(id), &tlv(SET, &[value])]);
    let mut attributes = [
        attribute(CONTENT_TYPE, &oid(DATA)),
        attribute(MESSAGE_DIGEST, &tlv(OCTET_STRING, &[&message_digest.0])),
        attribute(SIGNING_CERTIFICATE_V2, &tlv(SEQUENCE, &[&certificates])),
    ];
    attributes.sort_unstable();
    tlv(SET, &attributes.each_ref().map(Vec::as_slice))
}
