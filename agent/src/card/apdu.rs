//! Terminal and card in bytes (ISO/IEC 7816-4): five commands of the agent card's application, and what they answer.
//!
//! Neither side does input or output here; a reader carries the bytes. Only short lengths are used, which every reader
//! passes on.

use thiserror::Error;

/// Names the application on the card: proprietary (ISO/IEC 7816-5 §8.2), "NEO2AGT", version 1.
pub const AID: [u8; 9] = [0xf0, b'N', b'E', b'O', b'2', b'A', b'G', b'T', 1];
/// The most that one answer carries before its status.
const CHUNK: usize = 256;
/// The most that a card may call its certificate.
pub const MAX_CERTIFICATE: usize = 4096;

/// What the terminal asks of the card.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Command {
    /// Choose the agent card's application; answers its [`Profile`].
    Select,
    /// Read the officer's certificate from this byte on, up to 256 bytes of it.
    ReadCertificate { offset: u16 },
    /// Answer a challenge by a secret that stays on the card: 32 bytes, the same for the same challenge.
    Answer { challenge: [u8; 32] },
    /// Show the card's own code, ASCII digits.
    Verify { pin: Pin },
    /// Sign a SHA-256 by ECDSA P-256: `r ‖ s`.
    Sign { digest: [u8; 32] },
}

/// The card's own code on its way; zeroed when dropped.
#[derive(Clone, PartialEq, Eq)]
pub struct Pin(zeroize::Zeroizing<Vec<u8>>);

impl Pin {
    /// At most what a short command carries beside a card's usual limit of twelve digits.
    pub fn new(digits: &[u8]) -> Option<Self> {
        let fits = (1..=12).contains(&digits.len()) && digits.iter().all(u8::is_ascii_digit);
        fits.then(|| Self(zeroize::Zeroizing::new(digits.to_vec())))
    }

    pub fn digits(&self) -> &[u8] {
        &self.0
    }
}

impl std::fmt::Debug for Pin {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("…")
    }
}

/// What a card says of itself when its application is chosen.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Profile {
    /// It signs only after its own code was shown.
    pub pin_to_sign: bool,
}

/// How a card ends its answer (ISO/IEC 7816-4 §5.6).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Status {
    Done,
    /// Its own code was wrong; so many tries are left.
    WrongPin {
        left: u8,
    },
    /// Its own code is blocked.
    Blocked,
    /// Its own code is asked for first.
    PinNeeded,
    /// There is no such application or file.
    NotFound,
    /// The offset is beyond the end.
    BeyondEnd,
    Unknown(u16),
}

impl Status {
    const fn from_word(word: u16) -> Self {
        match word {
            0x9000 => Self::Done,
            0x63c0..=0x63cf => Self::WrongPin {
                left: (word & 0xf) as u8,
            },
            0x6983 => Self::Blocked,
            0x6982 => Self::PinNeeded,
            0x6a82 => Self::NotFound,
            0x6b00 => Self::BeyondEnd,
            other => Self::Unknown(other),
        }
    }

    const fn word(self) -> u16 {
        match self {
            Self::Done => 0x9000,
            Self::WrongPin { left } => 0x63c0 | (left & 0xf) as u16,
            Self::Blocked => 0x6983,
            Self::PinNeeded => 0x6982,
            Self::NotFound => 0x6a82,
            Self::BeyondEnd => 0x6b00,
            Self::Unknown(word) => word,
        }
    }
}

/// The bytes are none of the five commands, or not the answer to one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
#[error("the bytes are not what an agent card and a terminal say")]
pub struct NotAnApdu;

/// An instruction that the card does not know, as it says so.
pub const UNKNOWN_INSTRUCTION: Status = Status::Unknown(0x6d00);
/// Lengths that do not fit, as a card says so.
pub const WRONG_LENGTH: Status = Status::Unknown(0x6700);

impl Command {
    /// As the terminal sends it.
    pub fn to_bytes(&self) -> zeroize::Zeroizing<Vec<u8>> {
        let mut bytes = zeroize::Zeroizing::new(Vec::with_capacity(48));
        let mut put = |head: [u8; 4], data: &[u8], expected: Option<u8>| {
            bytes.extend_from_slice(&head);
            if !data.is_empty() {
                bytes.push(u8::try_from(data.len()).unwrap_or(u8::MAX));
                bytes.extend_from_slice(data);
            }
            bytes.extend(expected);
        };
        match self {
            Self::Select => put([0x00, 0xa4, 0x04, 0x00], &AID, Some(0)),
            Self::ReadCertificate { offset } => {
                let [high, low] = offset.to_be_bytes();
                put([0x00, 0xb0, high & 0x7f, low], &[], Some(0));
            }
            Self::Answer { challenge } => put([0x80, 0x10, 0x00, 0x00], challenge, Some(32)),
            Self::Verify { pin } => put([0x00, 0x20, 0x00, 0x01], pin.digits(), None),
            Self::Sign { digest } => put([0x00, 0x2a, 0x9e, 0x9a], digest, Some(64)),
        }
        bytes
    }

    /// As the card hears it; the status is the card's answer to anything else.
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, Status> {
        let (head, rest) = bytes.split_first_chunk::<4>().ok_or(WRONG_LENGTH)?;
        // Readers of protocol T=0 leave the expected length out.
        let data = |expected: bool| -> Result<&[u8], Status> {
            let (length, rest) = rest.split_first().ok_or(WRONG_LENGTH)?;
            let (data, after) = rest.split_at_checked(usize::from(*length)).ok_or(WRONG_LENGTH)?;
            if after.len() <= usize::from(expected) {
                Ok(data)
            } else {
                Err(WRONG_LENGTH)
            }
        };
        let exactly = |expected| data(expected)?.try_into().map_err(|_| WRONG_LENGTH);
        match *head {
            [0x00, 0xa4, 0x04, 0x00] if data(true)? == AID => Ok(Self::Select),
            [0x00, 0xa4, 0x04, 0x00] => Err(Status::NotFound),
            [0x00, 0xb0, high, low] if high < 0x80 && rest.len() <= 1 => Ok(Self::ReadCertificate {
                offset: u16::from_be_bytes([high, low]),
            }),
            [0x80, 0x10, 0x00, 0x00] => Ok(Self::Answer {
                challenge: exactly(true)?,
            }),
            [0x00, 0x20, 0x00, 0x01] => {
                let pin = Pin::new(data(false)?).ok_or(WRONG_LENGTH)?;
                Ok(Self::Verify { pin })
            }
            [0x00, 0x2a, 0x9e, 0x9a] => Ok(Self::Sign {
                digest: exactly(true)?,
            }),
            _ => Err(UNKNOWN_INSTRUCTION),
        }
    }
}

impl Profile {
    /// As the card answers [`Command::Select`].
    pub const fn to_bytes(self) -> [u8; 2] {
        [1, self.pin_to_sign as u8]
    }

    /// Another version of the application is another application.
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, NotAnApdu> {
        match bytes {
            [1, flags @ 0..=1] => Ok(Self {
                pin_to_sign: *flags == 1,
            }),
            _ => Err(NotAnApdu),
        }
    }
}

/// Data and status as one answer.
pub fn answer(data: &[u8], status: Status) -> Vec<u8> {
    [data, &status.word().to_be_bytes()].concat()
}

/// An answer taken apart.
pub fn split(answer: &[u8]) -> Result<(&[u8], Status), NotAnApdu> {
    let (data, word) = answer.split_last_chunk::<2>().ok_or(NotAnApdu)?;
    if data.len() > CHUNK {
        return Err(NotAnApdu);
    }
    Ok((data, Status::from_word(u16::from_be_bytes(*word))))
}

/// The piece of a certificate that a card gives from `offset` on.
pub fn chunk(certificate: &[u8], offset: u16) -> Result<&[u8], Status> {
    let rest = certificate
        .get(usize::from(offset)..)
        .filter(|rest| !rest.is_empty())
        .ok_or(Status::BeyondEnd)?;
    Ok(&rest[..rest.len().min(CHUNK)])
}

#[cfg(test)]
mod tests {
    use super::*;

    fn hex(bytes: &[u8]) -> String {
        bytes.iter().map(|byte| format!("{byte:02x}")).collect()
    }

    fn all() -> [(Command, &'static str); 5] {
        [
            (Command::Select, "00a40400 09 f04e454f3241475401 00"),
            (Command::ReadCertificate { offset: 256 }, "00b00100 00"),
            (
                Command::Answer {
                    challenge: [0xc5; 32],
                },
                "80100000 20 c5c5c5c5c5c5c5c5c5c5c5c5c5c5c5c5c5c5c5c5c5c5c5c5c5c5c5c5c5c5c5c5 20",
            ),
            (
                Command::Verify {
                    pin: Pin::new(b"271828").unwrap(),
                },
                "00200001 06 323731383238",
            ),
            (
                Command::Sign { digest: [0xd1; 32] },
                "002a9e9a 20 d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1 40",
            ),
        ]
    }

    #[test]
    fn commands_are_the_bytes_that_they_were_when_the_format_was_fixed() {
        for (command, vector) in all() {
            let bytes = command.to_bytes();
            assert_eq!(hex(&bytes), vector.replace(' ', ""));
            assert_eq!(Command::from_bytes(&bytes), Ok(command));
        }
    }

    #[test]
    fn a_card_answers_what_it_does_not_know_by_a_status() {
        for (bytes, status) in [
            (&[][..], WRONG_LENGTH),
            (&[0, 0xa4, 4, 0], WRONG_LENGTH),
            (&[0, 0xa4, 4, 0, 1, 0xf0, 0], Status::NotFound),
            (&[0, 0xca, 0, 0, 0], UNKNOWN_INSTRUCTION),
            (&[0, 0xb0, 0x80, 0, 0], UNKNOWN_INSTRUCTION),
            (&[0x80, 0x10, 0, 0, 2, 1, 2], WRONG_LENGTH),
            (&[0, 0x20, 0, 1, 2, b'1', b'x'], WRONG_LENGTH),
        ] {
            assert_eq!(Command::from_bytes(bytes), Err(status), "{bytes:02x?}");
        }
        // No cut of a command is another command, but for the expected length that a reader may leave out.
        for (command, _) in all() {
            let bytes = command.to_bytes();
            for length in 0..bytes.len().saturating_sub(1) {
                let heard = Command::from_bytes(&bytes[..length]);
                assert_ne!(heard, Ok(command.clone()), "{length} bytes");
            }
        }
    }

    #[test]
    fn statuses_and_profiles_read_back() {
        for (word, status) in [
            (0x9000, Status::Done),
            (0x63c2, Status::WrongPin { left: 2 }),
            (0x6983, Status::Blocked),
            (0x6982, Status::PinNeeded),
            (0x6a82, Status::NotFound),
            (0x6b00, Status::BeyondEnd),
            (0x6f00, Status::Unknown(0x6f00)),
        ] {
            assert_eq!((Status::from_word(word), status.word()), (status, word));
            assert_eq!(split(&answer(b"data", status)), Ok((&b"data"[..], status)));
        }
        for pin_to_sign in [false, true] {
            let profile = Profile { pin_to_sign };
            assert_eq!(Profile::from_bytes(&profile.to_bytes()), Ok(profile));
        }
        assert_eq!(Profile::from_bytes(&[2, 0]), Err(NotAnApdu));
        assert_eq!(split(&[0x90]), Err(NotAnApdu));
        assert_eq!(split(&[0; 300]), Err(NotAnApdu));
    }
}
