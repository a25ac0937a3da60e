//! The configuration profile: what HQ may set of how terminals behave, and nothing that the law settles.
//!
//! Closed: a terminal that does not know a setting, or finds one outside its bounds, refuses the whole profile and says so.

use jiff::civil::Time;
use minicbor::decode::Error as DecodeError;
use minicbor::{Decode, Decoder, Encode};
use thiserror::Error;

use crate::footage::leaving::{BatteryFloor, LeavingPolicy, UploadRate};
use crate::identity::CivilDate;
use crate::time::{Timestamp, UnixMs};

/// Content type of a signed [`Profile`].
pub const PROFILE: &str = "application/neo-profile+cbor;v=1";
/// The longest name, in bytes.
pub const MAX_NAME: usize = 64;
/// The longest citation of a legal text, in bytes.
pub const MAX_TEXT: usize = 200;

/// Payload of a COSE_Sign1 by HQ's reference key (namespace `profile`).
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct Profile {
    /// Format version, 1.
    #[n(0)]
    pub version: u8,
    /// Strictly ascending from one profile to the next, a rollback included; a terminal never goes back.
    #[n(1)]
    pub serial: u64,
    /// What people call it.
    #[n(2)]
    pub name: ProfileName,
    /// HQ's clock when it was signed.
    #[n(3)]
    pub issued: UnixMs,
    #[n(4)]
    pub settings: Settings,
}

/// Everything that a profile sets.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct Settings {
    /// Without a hand on it for so long the terminal locks.
    #[n(0)]
    pub idle: IdleSeconds,
    /// A signature asks for the code when it was last given this long ago or longer; 0 asks each time.
    #[n(1)]
    pub code_again: CodeMinutes,
    /// Drafts are kept at HQ under two persons' keys.
    #[n(2)]
    pub drafts_at_hq: bool,
    /// Footage leaves over the network; otherwise it waits on the terminal, and acts alone leave.
    #[n(3)]
    pub footage_leaves: bool,
    /// Acts may be printed.
    #[n(4)]
    pub printing: bool,
    /// Acts may be written out for the station's drafting system.
    #[n(5)]
    pub hand_over: bool,
    /// A list of persons may be on the terminal (LIL 31 and 89); absent, none is, and none is asked for.
    #[n(6)]
    pub persons: Option<PersonsPolicy>,
    /// How footage leaves; absent, as [`LeavingPolicy::EMBEDDED`] says.
    #[n(7)]
    pub leaving: Option<LeavingPolicy>,
    /// Officers may look at their own recordings before these are at HQ (CSI L.241-1); otherwise no key for it is made.
    #[cbor(n(20), default, skip_if = "is_off")]
    pub recordings_viewed: bool,
}

const fn is_off(setting: &bool) -> bool {
    !*setting
}

impl Settings {
    /// What a terminal does before HQ has said anything.
    pub const EMBEDDED: Self = Self {
        idle: IdleSeconds(90),
        code_again: CodeMinutes(240),
        drafts_at_hq: true,
        footage_leaves: true,
        printing: true,
        hand_over: true,
        persons: None,
        leaving: None,
        recordings_viewed: false,
    };

    /// How footage leaves.
    pub fn leaving(&self) -> LeavingPolicy {
        self.leaving.unwrap_or(LeavingPolicy::EMBEDDED)
    }
}

/// What allows a list of persons on terminals.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct PersonsPolicy {
    #[n(0)]
    pub text: LegalText,
    /// The last day on which it counts.
    #[n(1)]
    pub until: CivilDate,
}

impl PersonsPolicy {
    pub fn holds_on(&self, day: CivilDate) -> bool {
        day <= self.until
    }

    /// Milliseconds until its last day is over where the terminal is; none once it is.
    pub fn left_ms(&self, now: &Timestamp) -> Option<u64> {
        let end = self.until.date().tomorrow().ok()?.to_datetime(Time::midnight());
        let left = now.local().duration_until(end).as_millis();
        u64::try_from(left).ok().filter(|left| *left > 0)
    }
}

/// Why a number or a text is no setting.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum NotASetting {
    #[error(
        "a terminal locks after {} to {} seconds",
        IdleSeconds::LEAST,
        IdleSeconds::MOST
    )]
    Idle,
    #[error("the code is asked for again after 0 to {} minutes", CodeMinutes::MOST)]
    CodeAgain,
    #[error("a name takes 1 to {MAX_NAME} bytes on one line")]
    Name,
    #[error("a charge is 0 to 100 percent")]
    Charge,
    #[error("footage leaves on battery down to {} to 100 percent", BatteryFloor::LEAST)]
    BatteryFloor,
    #[error(
        "uploads take {} to {} kilobytes a second",
        UploadRate::LEAST,
        UploadRate::MOST
    )]
    UploadRate,
    #[error("a legal text is cited in 1 to {MAX_TEXT} bytes on one line")]
    LegalText,
}

/// Seconds without a hand on the terminal after which it locks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Encode)]
#[cbor(transparent)]
pub struct IdleSeconds(#[n(0)] u16);

impl IdleSeconds {
    /// Shorter, and nobody reads an act to the end.
    pub const LEAST: u16 = 30;
    /// Longer, and a phone that is snatched stays open.
    pub const MOST: u16 = 300;

    pub const fn new(seconds: u16) -> Result<Self, NotASetting> {
        match seconds {
            Self::LEAST..=Self::MOST => Ok(Self(seconds)),
            _ => Err(NotASetting::Idle),
        }
    }

    pub const fn get(self) -> u16 {
        self.0
    }

    pub const fn as_ms(self) -> u64 {
        self.0 as u64 * 1000
    }
}

/// Minutes for which a code counts for signatures.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Encode)]
#[cbor(transparent)]
pub struct CodeMinutes(#[n(0)] u16);

impl CodeMinutes {
    /// A shift.
    pub const MOST: u16 = 720;

    pub const fn new(minutes: u16) -> Result<Self, NotASetting> {
        match minutes {
            0..=Self::MOST => Ok(Self(minutes)),
            _ => Err(NotASetting::CodeAgain),
        }
    }

    pub const fn get(self) -> u16 {
        self.0
    }

    pub const fn as_ms(self) -> u64 {
        self.0 as u64 * 60_000
    }
}

/// One line that people know a profile by.
#[derive(Debug, Clone, PartialEq, Eq, Encode)]
#[cbor(transparent)]
pub struct ProfileName(#[n(0)] String);

impl ProfileName {
    pub fn parse(text: &str) -> Result<Self, NotASetting> {
        if is_one_line(text, MAX_NAME) {
            Ok(Self(text.to_owned()))
        } else {
            Err(NotASetting::Name)
        }
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// A legal text as people cite it, such as "décret n° 2026-000 du 1er janvier 2026, article 3".
#[derive(Debug, Clone, PartialEq, Eq, Encode)]
#[cbor(transparent)]
pub struct LegalText(#[n(0)] String);

impl LegalText {
    pub fn parse(text: &str) -> Result<Self, NotASetting> {
        if is_one_line(text, MAX_TEXT) {
            Ok(Self(text.to_owned()))
        } else {
            Err(NotASetting::LegalText)
        }
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// Of 1 to `most` bytes, without spaces around it.
fn is_one_line(text: &str, most: usize) -> bool {
    (1..=most).contains(&text.len()) && !text.chars().any(char::is_control) && text.trim() == text
}

fn unsettled(fault: NotASetting) -> DecodeError {
    DecodeError::message(fault)
}

impl<'b, C> Decode<'b, C> for IdleSeconds {
    fn decode(d: &mut Decoder<'b>, _: &mut C) -> Result<Self, DecodeError> {
        Self::new(d.u16()?).map_err(unsettled)
    }
}

impl<'b, C> Decode<'b, C> for CodeMinutes {
    fn decode(d: &mut Decoder<'b>, _: &mut C) -> Result<Self, DecodeError> {
        Self::new(d.u16()?).map_err(unsettled)
    }
}

impl<'b, C> Decode<'b, C> for ProfileName {
    fn decode(d: &mut Decoder<'b>, _: &mut C) -> Result<Self, DecodeError> {
        Self::parse(d.str()?).map_err(unsettled)
    }
}

impl<'b, C> Decode<'b, C> for LegalText {
    fn decode(d: &mut Decoder<'b>, _: &mut C) -> Result<Self, DecodeError> {
        Self::parse(d.str()?).map_err(unsettled)
    }
}

/// What a terminal's hello says of profiles.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct ProfileHeld {
    /// Serial of the profile in force; 0 for the one of the program.
    #[n(0)]
    pub serial: u64,
    /// The last profile that was refused, as long as none came after it.
    #[n(1)]
    pub refused: Option<ProfileRefused>,
}

/// A profile that a terminal does not follow.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct ProfileRefused {
    #[n(0)]
    pub serial: u64,
    #[n(1)]
    pub reason: ProfileRefusal,
}

/// Why a terminal does not follow a profile.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Encode, Decode)]
#[cbor(index_only)]
pub enum ProfileRefusal {
    /// No reference signer of this HQ signed it.
    #[n(0)]
    Untrusted,
    /// A setting that this program does not know, or one outside its bounds.
    #[n(1)]
    Unreadable,
    /// It is not the profile that HQ assigned.
    #[n(2)]
    Mismatch,
}

impl ProfileRefusal {
    pub const ALL: [Self; 3] = [Self::Untrusted, Self::Unreadable, Self::Mismatch];

    /// The name in reports.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Untrusted => "untrusted",
            Self::Unreadable => "unreadable",
            Self::Mismatch => "mismatch",
        }
    }

    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|reason| reason.code() == code)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bounds_hold_where_settings_are_made_and_where_they_are_read() {
        for (seconds, holds) in [(29, false), (30, true), (300, true), (301, false)] {
            assert_eq!(IdleSeconds::new(seconds).is_ok(), holds, "{seconds}");
            let read = crate::decode::<IdleSeconds>(&crate::encode(&IdleSeconds(seconds)));
            assert_eq!(read.is_ok(), holds, "{seconds}");
        }
        for (minutes, holds) in [(0, true), (720, true), (721, false)] {
            assert_eq!(CodeMinutes::new(minutes).is_ok(), holds, "{minutes}");
            let read = crate::decode::<CodeMinutes>(&crate::encode(&CodeMinutes(minutes)));
            assert_eq!(read.is_ok(), holds, "{minutes}");
        }
        for (name, holds) in [("été 2026", true), ("", false), (" a", false), ("a\nb", false)] {
            assert_eq!(ProfileName::parse(name).is_ok(), holds, "{name:?}");
        }
        assert!(ProfileName::parse(&"a".repeat(MAX_NAME + 1)).is_err());
    }

    #[test]
    fn lil_31_a_list_of_persons_is_off_unless_a_text_and_a_day_are_named() {
        assert_eq!(Settings::EMBEDDED.persons, None);
        let day = |text| CivilDate::parse(text).unwrap();
        let policy = PersonsPolicy {
            text: LegalText::parse("décret n° 2026-000, article 3").unwrap(),
            until: day("31/03/2027"),
        };
        assert!(policy.holds_on(day("31/03/2027")));
        assert!(!policy.holds_on(day("01/04/2027")));
        let night = Timestamp {
            // 31/03/2027 at 23:59 in Paris.
            utc: UnixMs(1_806_530_340_000),
            zone: crate::time::Zone::Paris,
            offset_min: 120,
            boot: crate::id::BootId::from_bytes([1; 16]),
            mono_ms: 0,
        };
        assert_eq!(policy.left_ms(&night), Some(60_000));
        let over = Timestamp {
            utc: night.utc.plus(60_000),
            ..night
        };
        assert_eq!(policy.left_ms(&over), None);
        let settings = Settings {
            persons: Some(policy),
            ..Settings::EMBEDDED
        };
        assert_eq!(crate::decode(&crate::encode(&settings)), Ok(settings));
        for (text, holds) in [("a", true), ("", false), (" a", false), ("a\nb", false)] {
            assert_eq!(LegalText::parse(text).is_ok(), holds, "{text:?}");
            let read = crate::decode::<LegalText>(&crate::encode(&LegalText(text.to_owned())));
            assert_eq!(read.is_ok(), holds, "{text:?}");
        }
        assert!(LegalText::parse(&"a".repeat(MAX_TEXT + 1)).is_err());
    }

    #[test]
    fn a_profile_with_a_setting_that_nobody_knows_does_not_read() {
        let known = crate::encode(&Settings::EMBEDDED);
        assert_eq!(crate::decode(&known), Ok(Settings::EMBEDDED));
        let mut more = known;
        // One more entry of the map: 8 => true.
        more[0] += 1;
        more.extend([8, 0xf5]);
        assert!(crate::decode::<Settings>(&more).is_err());
    }
}
