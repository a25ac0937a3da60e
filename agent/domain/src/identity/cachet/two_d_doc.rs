//! 2D-Doc (France Titres, *Spécifications techniques 2D-Doc* 3.2.6 and 3.3.8), text form, versions 01 to 04.

use super::field::{Field, counted};
use super::table::{definition, document_type};
use super::{Cachet, CachetKind, Header, Mark, SignerName};
use crate::sensitive::Sensitive;

/// Ends a value that is shorter than it may be.
const GS: u8 = 0x1d;
/// Ends a value that its issuer cut.
const RS: u8 = 0x1e;
/// Ends what is signed.
const US: u8 = 0x1f;
/// Version 01 has no separator: `r ‖ s` of a 256-bit curve are its last bytes.
const RAW_SIGNATURE: usize = 64;
/// The table of fields that is known here.
const PERIMETER: &str = "01";

/// The seal in `bytes`; none when they do not start with a header of these versions.
pub(super) fn read(bytes: &[u8]) -> Option<Cachet> {
    let (version, length) = match bytes.get(..4)? {
        b"DC01" => (1, 22),
        b"DC02" => (2, 22),
        b"DC03" => (3, 24),
        b"DC04" => (4, 26),
        _ => return None,
    };
    let is_header = |byte: &u8| byte.is_ascii_uppercase() || byte.is_ascii_digit();
    let header = bytes
        .get(..length)
        .filter(|header| header.iter().all(is_header))?;
    let text = std::str::from_utf8(header).ok()?;
    let part = |from: usize, to: usize| text.get(from..to).map(str::to_owned);
    let (signed, mark, annex) = if version == 1 {
        let end = bytes
            .len()
            .checked_sub(RAW_SIGNATURE)
            .filter(|end| *end >= length);
        let (signed, signature) = bytes.split_at(end.unwrap_or(bytes.len()));
        let mark = end.map_or(Mark::Missing, |_| Mark::Bytes(signature.to_vec()));
        (signed, mark, [].as_slice())
    } else {
        split(bytes)
    };
    let document = text.get(20..22)?;
    let perimeter = part(22, 24);
    let is_known = perimeter
        .as_deref()
        .is_none_or(|perimeter| perimeter == PERIMETER);
    let label = document_type(document).filter(|_| is_known);
    let message = signed.get(length..).unwrap_or_default();
    Some(Cachet {
        kind: CachetKind::TwoDDoc,
        header: Header {
            version,
            country: part(24, 26),
            document: Some(document.to_owned()),
            label: label.map(|one| {
                if one.family == one.name {
                    one.name.to_owned()
                } else {
                    format!("{}\u{a0}: {}", one.family, one.name)
                }
            }),
            perimeter,
            issued: counted(&text[12..16])?,
            signed: counted(&text[16..20])?,
        },
        signer: SignerName::Named {
            authority: text[4..8].to_owned(),
            certificate: text[8..12].to_owned(),
        },
        signed: Sensitive::new(signed.to_vec()),
        mark,
        hash: None,
        fields: fields(message, is_known),
        annex: fields(annex, is_known),
    })
}

/// What is signed, its signature, and what was added behind.
fn split(bytes: &[u8]) -> (&[u8], Mark, &[u8]) {
    let Some(end) = bytes.iter().position(|byte| *byte == US) else {
        return (bytes, Mark::Missing, &[]);
    };
    let (signed, rest) = (&bytes[..end], bytes[end + 1..].trim_ascii_end());
    let end = rest.iter().position(|byte| *byte == GS).unwrap_or(rest.len());
    let annex = rest.get(end + 1..).unwrap_or_default();
    let mark = match data_encoding::BASE32_NOPAD.decode(&rest[..end]) {
        Ok(signature) if signature.is_empty() => Mark::Missing,
        Ok(signature) => Mark::Bytes(signature),
        Err(_) => Mark::Malformed,
    };
    (signed, mark, annex)
}

/// Every value of a message, in the order in which it is written. A separator behind a value that needs none is taken
/// as one, since editions differ in how long values may be.
fn fields(message: &[u8], is_known: bool) -> Vec<Field> {
    let is_separator = |byte: &u8| [GS, RS].contains(byte);
    let mut found = Vec::new();
    let mut rest = message;
    while !rest.is_empty() {
        if is_separator(&rest[0]) {
            rest = &rest[1..];
            continue;
        }
        let (code, tail) = rest.split_at(rest.len().min(2));
        let code = written(code);
        let definition = definition(&code).filter(|_| is_known);
        let most = definition
            .map_or(usize::MAX, |definition| definition.most)
            .min(tail.len());
        let end = tail[..most].iter().position(is_separator).unwrap_or(most);
        let (value, behind) = tail.split_at(end);
        let value = written(value);
        found.push(match definition {
            Some(definition) => Field::defined(definition, &value, behind.first() == Some(&RS)),
            None => Field::unknown(code, value),
        });
        rest = behind;
    }
    found
}

/// The text of bytes that are ASCII or UTF-8, and otherwise Latin-1.
fn written(bytes: &[u8]) -> String {
    match std::str::from_utf8(bytes) {
        Ok(text) => text.to_owned(),
        Err(_) => bytes.iter().copied().map(char::from).collect(),
    }
}
