//! How a victim may be reached without danger, and where they found refuge.
//!
//! The sheet is no part of the procedure, which the other side reads: it is a record of its own, signed and sealed to
//! headquarters, that no document, no hand-over and no evidence of the complaint holds.

use minicbor::decode::Error as DecodeError;
use minicbor::{Decode, Decoder, Encode};
use thiserror::Error;

use crate::id::ActId;
use crate::sensitive::Sensitive;

/// The most text of one entry, in characters.
pub const MAX_WORDS: usize = 280;

/// The most entries of the list of who is never called.
pub const MAX_NEVER: usize = 20;

/// The way that the victim chose.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Encode, Decode)]
#[cbor(index_only)]
pub enum Channel {
    #[n(0)]
    Telephone,
    #[n(1)]
    Message,
    #[n(2)]
    Email,
    #[n(3)]
    Post,
    /// A person whom the victim trusts.
    #[n(4)]
    Relative,
    /// The victim comes; nobody calls or writes.
    #[n(5)]
    Nobody,
}

impl Channel {
    pub const ALL: [Self; 6] = [
        Self::Telephone,
        Self::Message,
        Self::Email,
        Self::Post,
        Self::Relative,
        Self::Nobody,
    ];

    /// The word by which a draft keeps it.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Telephone => "TELEPHONE",
            Self::Message => "MESSAGE",
            Self::Email => "COURRIEL",
            Self::Post => "COURRIER",
            Self::Relative => "PROCHE",
            Self::Nobody => "PERSONNE",
        }
    }

    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|channel| channel.code() == code)
    }

    /// As whoever calls the victim reads it.
    pub const fn label(self) -> &'static str {
        match self {
            Self::Telephone => "par téléphone",
            Self::Message => "par message",
            Self::Email => "par courriel",
            Self::Post => "par courrier",
            Self::Relative => "par une personne de confiance",
            Self::Nobody => "par personne : la victime vient au service",
        }
    }
}

/// The sheet of one complaint.
#[derive(Debug, Clone, PartialEq, Eq, Encode)]
#[cbor(map)]
pub struct SafeContact {
    /// The complaint.
    #[n(0)]
    pub about: ActId,
    #[n(1)]
    channel: Channel,
    /// Number, address or person; absent where nobody calls.
    #[n(2)]
    at: Option<Sensitive<String>>,
    /// When, in the victim's words; absent for any time.
    #[n(3)]
    hours: Option<Sensitive<String>>,
    /// Numbers, addresses and people that are never used, at most [`MAX_NEVER`].
    #[cbor(n(4), default, skip_if = "Vec::is_empty")]
    never: Vec<Sensitive<String>>,
    /// Where the victim found refuge.
    #[n(5)]
    refuge: Option<Sensitive<String>>,
}

/// Why it is no sheet.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum NotAContact {
    #[error("a way of reaching the victim says where: a number, an address or a person")]
    Nowhere,
    #[error("one entry of the sheet has at most {MAX_WORDS} characters")]
    TooLong,
    #[error("at most {MAX_NEVER} entries are never to be used")]
    TooMany,
}

impl SafeContact {
    /// Empty texts say nothing; `never` has one entry a line.
    pub fn new(
        about: ActId,
        channel: Channel,
        at: &str,
        hours: &str,
        never: &str,
        refuge: &str,
    ) -> Result<Self, NotAContact> {
        let said = |text: &str| {
            let text = text.trim();
            (!text.is_empty()).then(|| Sensitive::from(text))
        };
        Self {
            about,
            channel,
            at: said(at),
            hours: said(hours),
            never: never.lines().filter_map(said).collect(),
            refuge: said(refuge),
        }
        .checked()
    }

    fn checked(self) -> Result<Self, NotAContact> {
        if self.at.is_none() && self.channel != Channel::Nobody {
            return Err(NotAContact::Nowhere);
        }
        if self.never.len() > MAX_NEVER {
            return Err(NotAContact::TooMany);
        }
        if self.entries().any(|entry| entry.chars().count() > MAX_WORDS) {
            return Err(NotAContact::TooLong);
        }
        Ok(self)
    }

    fn entries(&self) -> impl Iterator<Item = &str> {
        let single = [self.at(), self.hours(), self.refuge()];
        single.into_iter().flatten().chain(self.never())
    }

    pub const fn channel(&self) -> Channel {
        self.channel
    }

    pub fn at(&self) -> Option<&str> {
        self.at.as_ref().map(|at| at.reveal().as_str())
    }

    pub fn hours(&self) -> Option<&str> {
        self.hours.as_ref().map(|hours| hours.reveal().as_str())
    }

    pub fn never(&self) -> impl Iterator<Item = &str> {
        self.never.iter().map(|one| one.reveal().as_str())
    }

    pub fn refuge(&self) -> Option<&str> {
        self.refuge.as_ref().map(|refuge| refuge.reveal().as_str())
    }
}

impl<'b, C> Decode<'b, C> for SafeContact {
    fn decode(d: &mut Decoder<'b>, ctx: &mut C) -> Result<Self, DecodeError> {
        #[derive(Decode)]
        #[cbor(map)]
        struct Claimed {
            #[n(0)]
            about: ActId,
            #[n(1)]
            channel: Channel,
            #[n(2)]
            at: Option<Sensitive<String>>,
            #[n(3)]
            hours: Option<Sensitive<String>>,
            #[cbor(n(4), default)]
            never: Vec<Sensitive<String>>,
            #[n(5)]
            refuge: Option<Sensitive<String>>,
        }
        let Claimed {
            about,
            channel,
            at,
            hours,
            never,
            refuge,
        } = Decode::decode(d, ctx)?;
        Self {
            about,
            channel,
            at,
            hours,
            never,
            refuge,
        }
        .checked()
        .map_err(DecodeError::message)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::canonical;

    const ABOUT: ActId = ActId::from_bytes([7; 16]);

    #[test]
    fn a_sheet_says_where_unless_nobody_calls() {
        let sheet = |channel, at| SafeContact::new(ABOUT, channel, at, "", "", "");
        assert_eq!(sheet(Channel::Telephone, " "), Err(NotAContact::Nowhere));
        assert!(sheet(Channel::Nobody, "").is_ok());
        let whole = SafeContact::new(
            ABOUT,
            Channel::Telephone,
            "06 12 34 56 78",
            "de 9 h à 11 h",
            "06 99 99 99 99\n\n sa mère ",
            "foyer des Lilas",
        )
        .unwrap();
        assert_eq!(whole.never().collect::<Vec<_>>(), ["06 99 99 99 99", "sa mère"]);
        assert_eq!(
            canonical::decode::<SafeContact>(&canonical::encode(&whole)),
            Ok(whole)
        );
    }

    #[test]
    fn bytes_that_say_too_much_are_no_sheet() {
        let long = "x".repeat(MAX_WORDS + 1);
        let sheet = SafeContact::new(ABOUT, Channel::Email, &long, "", "", "");
        assert_eq!(sheet, Err(NotAContact::TooLong));
        let many = "x\n".repeat(MAX_NEVER + 1);
        let sheet = SafeContact::new(ABOUT, Channel::Nobody, "", "", &many, "");
        assert_eq!(sheet, Err(NotAContact::TooMany));
        let nowhere = SafeContact {
            about: ABOUT,
            channel: Channel::Telephone,
            at: None,
            hours: None,
            never: Vec::new(),
            refuge: None,
        };
        assert!(canonical::decode::<SafeContact>(&canonical::encode(&nowhere)).is_err());
    }
}
