//! Diagnostic notation (RFC 8949 §8), one line a member: a difference shows the field that differs.

use std::fmt::Write as _;

use minicbor::Decoder;
use minicbor::data::Type;

/// The notation of one item that fills `bytes`.
pub(crate) fn notation(bytes: &[u8]) -> String {
    let mut decoder = Decoder::new(bytes);
    let mut text = String::new();
    item(&mut decoder, 0, &mut text);
    assert_eq!(decoder.position(), bytes.len(), "bytes after the item");
    text
}

fn item(decoder: &mut Decoder<'_>, depth: usize, text: &mut String) {
    let kind = decoder.datatype().unwrap();
    if kind == Type::Map {
        let members = decoder.map().unwrap().expect("maps have definite lengths");
        lines(['{', '}'], members, depth, text, |text| {
            item(decoder, depth + 1, text);
            text.push_str(": ");
            item(decoder, depth + 1, text);
        });
    } else if kind == Type::Array {
        let members = decoder.array().unwrap().expect("arrays have definite lengths");
        lines(['[', ']'], members, depth, text, |text| {
            item(decoder, depth + 1, text)
        });
    } else if kind == Type::Bytes {
        text.push_str("h'");
        for byte in decoder.bytes().unwrap() {
            write!(text, "{byte:02x}").unwrap();
        }
        text.push('\'');
    } else if kind == Type::String {
        write!(text, "{:?}", decoder.str().unwrap()).unwrap();
    } else if kind == Type::Null {
        decoder.null().unwrap();
        text.push_str("null");
    } else if kind == Type::Bool {
        write!(text, "{}", decoder.bool().unwrap()).unwrap();
    } else {
        write!(text, "{}", decoder.int().unwrap()).unwrap();
    }
}

fn lines(
    [open, close]: [char; 2],
    members: u64,
    depth: usize,
    text: &mut String,
    mut member: impl FnMut(&mut String),
) {
    text.push(open);
    for _ in 0..members {
        write!(text, "\n{:1$}", "", (depth + 1) * 2).unwrap();
        member(text);
        text.push(',');
    }
    if members > 0 {
        write!(text, "\n{:1$}", "", depth * 2).unwrap();
    }
    text.push(close);
}
