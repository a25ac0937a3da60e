//! ICAO Datastructure for Barcode (ICAO technical report, version 1): `RDB1`, a flag, Base32.
//!
//! The signature is over header and messages, literally; a certificate that a seal brings along vouches for nothing.

use miniz_oxide::inflate::decompress_to_vec_zlib_with_limit;

use super::binary::{Bytes, c40, date, hexadecimal};
use super::field::Field;
use super::vds::{Coding, Row, valued};
use super::{Cachet, CachetKind, Header, MAX_SYMBOL, Mark, NamedHash, SignerName};
use crate::sensitive::Sensitive;

const MESSAGES: u8 = 0x61;
const CERTIFICATE: u8 = 0x7e;
const SIGNATURE: u8 = 0x7f;

const ROWS: &[Row] = &[
    (0x01, "Visa", Coding::Hex),
    (0x02, "Laissez-passer d’urgence", Coding::Hex),
    (0x07, "Zone de lecture automatique (TD1)", Coding::Zone),
    (0x08, "Zone de lecture automatique (TD3)", Coding::Zone),
    (0x09, "Numéro d’accès (CAN)", Coding::C40),
    (0x0a, "Paramètres d’accès à la puce", Coding::Hex),
    (0x80, "Photographie", Coding::Length),
    (0x81, "Zone de lecture automatique (TD2)", Coding::Zone),
    (0x82, "Référence du document", Coding::C40),
    (
        0x83,
        "Numéro au registre central des étrangers (AZR)",
        Coding::C40,
    ),
    (0x84, "Date de fin de validité", Coding::MaskedDate),
    (0x85, "Numéro du document", Coding::C40),
    (0x86, "Type national de document", Coding::Byte),
];

/// The seal in `bytes`; none when they do not start as one.
pub(super) fn read(bytes: &[u8]) -> Option<Cachet> {
    let body = bytes
        .strip_prefix(b"RDB1")
        .or_else(|| bytes.strip_prefix(b"NDB1"))?;
    let (flag, body) = body.split_first()?;
    let flag = flag.checked_sub(b'A').filter(|flag| *flag < 4)?;
    let (is_signed, is_zipped) = (flag & 1 == 1, flag & 2 == 2);
    let payload = data_encoding::BASE32_NOPAD.decode(body.trim_ascii_end()).ok()?;
    let payload = if is_zipped {
        decompress_to_vec_zlib_with_limit(&payload, MAX_SYMBOL).ok()?
    } else {
        payload
    };
    let mut from = Bytes::new(&payload);
    let country = c40(from.take(2)?)?.trim_end().to_owned();
    let (mut hash, mut signer, mut signed_on) = (None, SignerName::Absent, None);
    if is_signed {
        hash = match from.byte()? {
            1 => Some(NamedHash::Sha256),
            2 => Some(NamedHash::Sha384),
            3 => Some(NamedHash::Sha512),
            _ => return None,
        };
        signer = SignerName::Digest(from.take(5)?.try_into().ok()?);
        let (mask, day) = from.take(4)?.split_first()?;
        signed_on = date(day).filter(|_| *mask == 0);
    }
    let (mut fields, mut annex) = (Vec::new(), Vec::new());
    let mut mark = Mark::Missing;
    let mut end = None;
    loop {
        let start = from.position();
        match from.tagged() {
            Some((MESSAGES, value)) if end.is_none() => messages(value, &mut fields),
            Some((CERTIFICATE, _)) => {
                end.get_or_insert(start);
            }
            Some((SIGNATURE, value)) if mark == Mark::Missing => {
                end.get_or_insert(start);
                mark = Mark::Bytes(value.to_vec());
            }
            Some((tag, value)) if end.is_some() => annex.push(valued(ROWS, tag, value)),
            Some((tag, value)) => fields.push(Field::unknown(format!("{tag:02x}"), hexadecimal(value))),
            None => break,
        }
    }
    if !from.rest().is_empty() {
        annex.push(Field::unknown(String::new(), hexadecimal(from.rest())));
    }
    let signed = payload.get(..end.unwrap_or(payload.len()))?.to_vec();
    Some(Cachet {
        kind: CachetKind::Idb,
        header: Header {
            version: 1,
            country: Some(country),
            document: None,
            label: None,
            perimeter: None,
            issued: None,
            signed: signed_on,
        },
        signer,
        signed: Sensitive::new(signed),
        mark,
        hash,
        fields,
        annex,
    })
}

fn messages(group: &[u8], into: &mut Vec<Field>) {
    let mut from = Bytes::new(group);
    while let Some((tag, value)) = from.tagged() {
        into.push(valued(ROWS, tag, value));
    }
    if !from.rest().is_empty() {
        into.push(Field::unknown(String::new(), hexadecimal(from.rest())));
    }
}
