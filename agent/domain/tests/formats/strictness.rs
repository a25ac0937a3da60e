//! One value, one encoding: everything else is refused, and no bytes make a reader panic.

use domain::draft::Draft;
use domain::enrolment::Enrolment;
use domain::envelope::{Bundle, Envelope, Receipt};
use domain::footage::Manifest;
use domain::journal::Entry;
use domain::natinf::Reference;
use domain::query::{Answer, Query};
use domain::record::Record;
use proptest::prelude::*;

use crate::vector::{self, Reading};

#[test]
fn a_vector_cut_short_anywhere_is_refused() {
    for vector in vector::all() {
        for length in 0..vector.bytes.len() {
            assert_eq!(
                vector.read(&vector.bytes[..length]),
                Reading::Refused,
                "{} cut to {length} bytes",
                vector.name
            );
        }
    }
}

#[test]
fn a_byte_after_a_vector_is_refused() {
    for vector in vector::all() {
        for byte in 0..=u8::MAX {
            let longer = [vector.bytes.as_slice(), &[byte]].concat();
            assert_eq!(
                vector.read(&longer),
                Reading::Refused,
                "{} and {byte:02x}",
                vector.name
            );
        }
    }
}

#[test]
fn a_flipped_bit_is_refused_or_another_value() {
    for vector in vector::all() {
        let mut bytes = vector.bytes.clone();
        for position in 0..bytes.len() * 8 {
            bytes[position / 8] ^= 1 << (position % 8);
            assert_ne!(
                vector.read(&bytes),
                Reading::Same,
                "{}, bit {position}",
                vector.name
            );
            bytes[position / 8] ^= 1 << (position % 8);
        }
    }
}

/// Heads of a byte string, a text, an array and a map with eight bytes of length, under every key of a format.
#[test]
fn a_length_that_no_memory_holds_is_refused() {
    for vector in vector::all() {
        for head in [0x5b, 0x7b, 0x9b, 0xbb] {
            for key in 0..24 {
                for length in [u64::MAX, u64::from(u32::MAX)] {
                    let bytes = [&[0xa1, key, head], length.to_be_bytes().as_slice()].concat();
                    assert_eq!(
                        vector.read(&bytes),
                        Reading::Refused,
                        "{} {key} {head:02x}",
                        vector.name
                    );
                }
            }
        }
    }
}

/// Under a key that a format has, and under one that it has not and skips.
#[test]
fn a_hundred_thousand_nested_arrays_are_refused() {
    let deep = vec![0x81; 100_000];
    for vector in vector::all() {
        for key in [0, 23] {
            let bytes = [&[0xa1, key], deep.as_slice()].concat();
            assert_eq!(vector.read(&bytes), Reading::Refused, "{} {key}", vector.name);
        }
    }
}

/// Reads `bytes` as everything that comes from outside; reading is all that is asked.
fn read_as_everything(bytes: &[u8]) {
    let _ = domain::decode::<Record>(bytes);
    let _ = domain::decode::<Envelope>(bytes);
    let _ = domain::decode::<Bundle>(bytes);
    let _ = domain::decode::<Receipt>(bytes);
    let _ = domain::decode::<Entry>(bytes);
    let _ = domain::decode::<Draft>(bytes);
    let _ = domain::decode::<Enrolment>(bytes);
    let _ = domain::decode::<Manifest>(bytes);
    let _ = domain::decode::<Query>(bytes);
    let _ = domain::decode::<Answer>(bytes);
    let _ = domain::decode::<Reference>(bytes);
}

proptest! {
    #[test]
    fn any_bytes_are_read_or_refused_without_a_panic(
        bytes in prop::collection::vec(any::<u8>(), 0..600)
    ) {
        read_as_everything(&bytes);
    }

    #[test]
    fn a_vector_with_bytes_replaced_is_read_or_refused_without_a_panic(
        pick in any::<prop::sample::Index>(),
        edits in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..12),
        cut in any::<prop::sample::Index>(),
        inserted in prop::collection::vec(any::<u8>(), 0..6),
    ) {
        let vectors = vector::all();
        let mut bytes = pick.get(&vectors).bytes.clone();
        for (position, byte) in edits {
            let position = position.index(bytes.len());
            bytes[position] = byte;
        }
        let at = cut.index(bytes.len());
        bytes.splice(at..at, inserted);
        read_as_everything(&bytes);
        for vector in &vectors {
            prop_assert!(vector.read(&bytes) != Reading::Same || bytes == vector.bytes);
        }
    }
}
