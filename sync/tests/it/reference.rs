//! A reference set packed and unpacked: whole, bounded, and nothing but what its head names.

use domain::UnixMs;
use domain::natinf::{Reference, ReferenceSet, ReferenceVersion};
use proptest::prelude::*;
use sync::reference::{Contents, NotTheSet, Untransportable, pack};
use sync::wire::v1::{PART, ReferenceHead};

/// The compiled-in set, its labels made long and different, so that it takes several parts.
fn long_set() -> Reference {
    let mut reference = ReferenceSet::embedded().reference();
    let mut state = 1_u64;
    for offence in &mut reference.offences {
        let words = (0..2_000).map(|_| {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
            format!("{:x}", state >> 40)
        });
        offence.label = words.collect::<Vec<_>>().join(" ");
    }
    reference
}

fn packed(reference: &Reference) -> (ReferenceHead, Vec<u8>) {
    let packed = pack(&Contents::Law(reference.clone())).unwrap();
    (packed.head(7, UnixMs(5)), packed.bytes)
}

#[test]
fn a_set_of_several_parts_comes_out_as_it_went_in() {
    let reference = long_set();
    let (head, bytes) = packed(&reference);
    assert!(head.is_sound() && head.parts.len() > 2);
    for (index, part) in (0..).zip(bytes.chunks(PART)) {
        assert!(head.is_part(index, part));
        assert!(!head.is_part(index + 1, part), "in its own place alone");
    }
    assert_eq!(head.unpack(&bytes), Ok(Contents::Law(reference)));
}

#[test]
fn parts_that_are_missing_more_or_in_another_order_are_not_the_set() {
    let (head, bytes) = packed(&long_set());
    let mut swapped = bytes.clone();
    swapped[..2 * PART].rotate_left(PART);
    for wrong in [
        bytes[..PART].to_vec(),
        bytes[..bytes.len() - 1].to_vec(),
        [&bytes[..], &[0]].concat(),
        swapped,
        Vec::new(),
    ] {
        assert_eq!(head.unpack(&wrong), Err(NotTheSet::Digest));
    }
}

#[test]
fn a_set_under_another_name_or_of_another_length_is_not_the_heads() {
    let reference = ReferenceSet::embedded().reference();
    let (head, bytes) = packed(&reference);
    let renamed = ReferenceHead {
        reference: ReferenceVersion("another".to_owned()),
        ..head.clone()
    };
    assert_eq!(renamed.unpack(&bytes), Err(NotTheSet::Version));
    for length in [0, head.length - 1, head.length + 1] {
        let other = ReferenceHead {
            length,
            ..head.clone()
        };
        assert_eq!(other.unpack(&bytes), Err(NotTheSet::Packed), "{length}");
    }
}

#[test]
fn a_set_that_would_unpack_without_end_stops_at_the_length_of_its_head() {
    // What a signer never makes: a few bytes that stand for 64 MiB of zeros.
    let bomb = miniz_oxide::deflate::compress_to_vec_zlib(&vec![0; 64 << 20], 9);
    let (mut head, _) = packed(&ReferenceSet::embedded().reference());
    head.packed = u32::try_from(bomb.len()).unwrap();
    head.parts = bomb.chunks(PART).map(domain::Digest::of).collect();
    assert!(head.is_sound());
    assert_eq!(head.unpack(&bomb), Err(NotTheSet::Packed));
}

#[test]
fn a_head_beyond_the_bounds_or_at_odds_with_itself_is_not_sound() {
    let (head, _) = packed(&long_set());
    let spoilt: [fn(&mut ReferenceHead); 7] = [
        |head| head.version = 2,
        |head| head.serial = 0,
        |head| head.reference = ReferenceVersion(String::new()),
        |head| head.packed = 0,
        |head| head.packed = u32::MAX,
        |head| head.length = u32::MAX,
        |head| head.parts.truncate(1),
    ];
    for spoil in spoilt {
        let mut spoilt = head.clone();
        spoil(&mut spoilt);
        assert!(!spoilt.is_sound(), "{spoilt:?}");
    }
}

#[test]
fn what_no_broker_takes_is_not_packed() {
    let mut reference = ReferenceSet::embedded().reference();
    for name in [String::new(), "n".repeat(65)] {
        reference.version = ReferenceVersion(name);
        assert_eq!(
            pack(&Contents::Law(reference.clone())),
            Err(Untransportable::Name)
        );
    }
    reference.version = ReferenceVersion("n".to_owned());
    reference.offences[0].label = "a".repeat(33 << 20);
    assert_eq!(
        pack(&Contents::Law(reference.clone())),
        Err(Untransportable::TooLong)
    );
}

proptest! {
    #[test]
    fn a_flipped_bit_is_noticed_wherever_it_is(at in any::<prop::sample::Index>(), bit in 0..8) {
        let reference = ReferenceSet::embedded().reference();
        let (head, mut bytes) = packed(&reference);
        let at = at.index(bytes.len());
        bytes[at] ^= 1_u8 << bit;
        prop_assert_eq!(head.unpack(&bytes), Err(NotTheSet::Digest));
    }
}
