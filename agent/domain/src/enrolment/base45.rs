//! Base45 (RFC 9285): bytes in the alphabet of a QR code's alphanumeric mode.

const ALPHABET: &[u8; 45] = b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:";

pub(super) fn encode(bytes: &[u8]) -> String {
    let mut text = String::with_capacity(bytes.len() * 3 / 2 + 2);
    for pair in bytes.chunks(2) {
        let (mut value, digits) = match *pair {
            [high, low] => (u32::from(high) << 8 | u32::from(low), 3),
            [single] => (u32::from(single), 2),
            _ => continue,
        };
        for _ in 0..digits {
            let digit = ALPHABET.get((value % 45) as usize).copied().unwrap_or(b'0');
            text.push(char::from(digit));
            value /= 45;
        }
    }
    text
}

/// None for a text that is not what [`encode`] writes.
pub(super) fn decode(text: &str) -> Option<Vec<u8>> {
    let mut bytes = Vec::with_capacity(text.len() * 2 / 3 + 1);
    for group in text.as_bytes().chunks(3) {
        let mut value = 0_u32;
        for &character in group.iter().rev() {
            let digit = ALPHABET.iter().position(|known| *known == character)?;
            value = value * 45 + u32::try_from(digit).ok()?;
        }
        match group.len() {
            3 => bytes.extend(u16::try_from(value).ok()?.to_be_bytes()),
            2 => bytes.push(u8::try_from(value).ok()?),
            _ => return None,
        }
    }
    Some(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn the_examples_of_the_rfc_hold_both_ways() {
        for (plain, text) in [
            ("AB", "BB8"),
            ("Hello!!", "%69 VD92EX0"),
            ("base-45", "UJCLQE7W581"),
            ("ietf!", "QED8WEX0"),
        ] {
            assert_eq!(encode(plain.as_bytes()), text);
            assert_eq!(decode(text).as_deref(), Some(plain.as_bytes()));
        }
    }

    #[test]
    fn what_nobody_writes_is_refused() {
        for text in ["A", "BB8A", "GGW", ":::", "ZZ", "bb8", "é00"] {
            assert_eq!(decode(text), None, "{text}");
        }
    }

    proptest! {
        #[test]
        fn every_bytes_come_back(bytes in proptest::collection::vec(any::<u8>(), 0..80)) {
            prop_assert_eq!(decode(&encode(&bytes)), Some(bytes));
        }

        #[test]
        fn whatever_reads_is_its_one_spelling(text in "[0-9A-Z $%*+./:-]{0,40}") {
            if let Some(bytes) = decode(&text) {
                prop_assert_eq!(encode(&bytes), text);
            }
        }
    }
}
