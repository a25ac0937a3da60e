//! Pieces of DER that the two CMS forms of the project are put together from and taken apart into.

use der::asn1::{ObjectIdentifier, UintRef};
use der::{Encode, Reader, SliceReader};

use crate::cert::Certificate;

pub(crate) const SEQUENCE: u8 = 0x30;
pub(crate) const SET: u8 = 0x31;
pub(crate) const OCTET_STRING: u8 = 0x04;
pub(crate) const CONTEXT_0: u8 = 0xa0;

pub(crate) const SIGNED_DATA: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.7.2");
pub(crate) const CONTENT_TYPE: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.9.3");
pub(crate) const MESSAGE_DIGEST: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.9.4");
pub(crate) const SIGNING_CERTIFICATE_V2: ObjectIdentifier =
    ObjectIdentifier::new_unwrap("1.2.840.113549.1.9.16.2.47");
pub(crate) const SHA_256: ObjectIdentifier = ObjectIdentifier::new_unwrap("2.16.840.1.101.3.4.2.1");
pub(crate) const ECDSA_WITH_SHA256: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.10045.4.3.2");

pub(crate) fn issuer_and_serial(signer: &Certificate) -> Vec<u8> {
    let serial = UintRef::new(signer.serial()).and_then(|serial| serial.to_der());
    let serial = serial.expect("a certificate's serial number is a DER integer");
    tlv(SEQUENCE, &[&signer.issuer_der(), &serial])
}

/// A small INTEGER.
pub(crate) const fn integer(value: u8) -> [u8; 3] {
    assert!(value < 0x80);
    [0x02, 0x01, value]
}

pub(crate) fn oid(id: ObjectIdentifier) -> Vec<u8> {
    id.to_der().expect("an object identifier encodes")
}

/// One element: tag, length, and the concatenated parts.
pub(crate) fn tlv(tag: u8, parts: &[&[u8]]) -> Vec<u8> {
    let length: usize = parts.iter().map(|part| part.len()).sum();
    let length = der::Length::try_from(length).and_then(|length| length.to_der());
    let length = length.expect("what is signed here is short");
    let mut element = vec![tag];
    element.extend(length);
    parts.iter().for_each(|part| element.extend_from_slice(part));
    element
}

/// The content of one element.
pub(crate) fn content(element: &[u8]) -> Option<&[u8]> {
    let mut reader = SliceReader::new(element).ok()?;
    let header = <der::Header as der::Decode>::decode(&mut reader).ok()?;
    let content = reader.read_slice(header.length()).ok()?;
    reader.is_finished().then_some(content)
}

/// The elements inside one element.
pub(crate) fn items(element: &[u8]) -> Option<Vec<&[u8]>> {
    let mut reader = SliceReader::new(content(element)?).ok()?;
    let mut found = Vec::new();
    while !reader.is_finished() {
        found.push(reader.tlv_bytes().ok()?);
    }
    Some(found)
}

/// The attribute of type `id`: its type and its set of values.
pub(crate) fn attribute(attributes: &[u8], id: ObjectIdentifier) -> Option<[&[u8]; 2]> {
    let id = oid(id);
    let parts = items(attributes)?
        .into_iter()
        .filter_map(|one| <[&[u8]; 2]>::try_from(items(one)?).ok());
    parts.into_iter().find(|[found, _]| *found == id.as_slice())
}
