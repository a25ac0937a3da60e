//! Which codes an officer may choose.

/// The codes that people choose first, beside those that [`CodePolicy`] refuses for their form.
const COMMON: [&str; 20] = [
    "159753", "147258", "258369", "369258", "147852", "789456", "456789", "456123", "123321", "102030",
    "131313", "142536", "112233", "332211", "101010", "753951", "951753", "14789632", "19982000", "20252026",
];

/// Six to twelve digits that are not the first that a thief tries.
#[derive(Debug, Clone, Copy)]
pub struct CodePolicy;

impl CodePolicy {
    /// Refused: a run up or down, fewer than three different digits, a block repeated, a list of common codes, and a
    /// code that holds the officer's service number or the other way round.
    pub fn accepts(self, code: &str, matricule: &str) -> bool {
        let digits = code.as_bytes();
        (6..=12).contains(&digits.len())
            && digits.iter().all(u8::is_ascii_digit)
            && !is_run(digits)
            && different(digits) > 2
            && !is_repeated(digits)
            && !COMMON.contains(&code)
            && (matricule.is_empty() || !(code.contains(matricule) || matricule.contains(code)))
    }
}

fn is_run(digits: &[u8]) -> bool {
    [1, -1].into_iter().any(|step: i16| {
        digits
            .windows(2)
            .all(|pair| i16::from(pair[1]) - i16::from(pair[0]) == step)
    })
}

fn different(digits: &[u8]) -> usize {
    (b'0'..=b'9').filter(|digit| digits.contains(digit)).count()
}

/// One block of two or more digits, over and over.
fn is_repeated(digits: &[u8]) -> bool {
    (1..=digits.len() / 2).any(|length| {
        digits.len().is_multiple_of(length) && digits.chunks(length).all(|block| block == &digits[..length])
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_thief_tries_first_is_not_accepted() {
        for code in [
            "12345",
            "123456",
            "654321",
            "000000",
            "12a456",
            "1234567890123",
            "123123",
            "121212",
            "112211",
            "27182718",
            "159753",
            "1234567",
        ] {
            assert!(!CodePolicy.accepts(code, "7654321"), "{code}");
        }
        for code in ["271828", "27182845", "904815"] {
            assert!(CodePolicy.accepts(code, "7654321"), "{code}");
        }
        assert!(
            !CodePolicy.accepts("765432", "7654321"),
            "a part of the service number"
        );
        assert!(!CodePolicy.accepts("7654321", "7654321"), "the service number");
        assert!(!CodePolicy.accepts("9876543210", "7654321"), "a run");
        assert!(
            !CodePolicy.accepts("0765432199", "7654321"),
            "the service number inside"
        );
    }
}
