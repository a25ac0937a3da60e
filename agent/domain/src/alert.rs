//! The urgent alert: somebody is in danger, and the operations centre is told before any act is finished.
//!
//! A receipt of headquarters is a machine's word. Only a person who gives their name takes an alert in charge; until
//! then the terminal says that nobody has it.

use minicbor::decode::Error as DecodeError;
use minicbor::{Decode, Decoder, Encode};
use thiserror::Error;

use crate::draft::hides_or_turns;
use crate::id::ActId;
use crate::place::Position;
use crate::plainte::Filling;
use crate::time::{Timestamp, UnixMs};

/// How long an alert waits for a person before the terminal says that nobody has it, in milliseconds.
pub const PATIENCE: u64 = 60_000;

/// The most text of a place or of words, in characters: what is read in one glance.
pub const MAX_WORDS: usize = 280;

/// The most text of a name, in characters.
const MAX_NAME: usize = 80;

/// What makes it urgent.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Encode, Decode)]
#[cbor(index_only)]
pub enum Ground {
    /// The danger grid says so, or the officer raised it.
    #[n(0)]
    Grid,
    #[n(1)]
    DeathThreat,
    #[n(2)]
    Weapon,
    /// A child is there.
    #[n(3)]
    Child,
}

impl Ground {
    pub const ALL: [Self; 4] = [Self::Grid, Self::DeathThreat, Self::Weapon, Self::Child];

    /// The name that reports use.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Grid => "danger",
            Self::DeathThreat => "menace-de-mort",
            Self::Weapon => "arme",
            Self::Child => "enfant",
        }
    }

    /// What the answers to the danger grid give, and whether the officer raised it.
    pub fn of(filling: Filling, raised: bool) -> Vec<Self> {
        let says = |ground: Self| match ground {
            Self::Grid => raised || filling.is_danger(),
            Self::DeathThreat => filling.threatens_death(),
            Self::Weapon => filling.is_armed(),
            Self::Child => false,
        };
        Self::ALL.into_iter().filter(|ground| says(*ground)).collect()
    }
}

/// What the operations centre is told; the record says who tells it, and from where.
#[derive(Clone, PartialEq, Eq, Encode)]
#[cbor(map)]
pub struct Alert {
    /// Ascending, at least one.
    #[n(0)]
    grounds: Vec<Ground>,
    /// The draft in which it was raised.
    #[n(1)]
    pub about: ActId,
    /// Where help is needed, at most [`MAX_WORDS`] characters; empty where nobody typed it.
    #[n(2)]
    place: String,
    /// In the officer's words, at most [`MAX_WORDS`] characters; empty where the grounds say enough.
    #[n(3)]
    words: String,
    /// Where the terminal was.
    #[n(4)]
    pub position: Option<Position>,
}

/// Where it is needed, and why, is about a victim.
impl std::fmt::Debug for Alert {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Alert {{ {:?}, about {} }}", self.grounds, self.about)
    }
}

/// Why nothing is sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum NotAnAlert {
    #[error("an alert says why: choose at least one ground")]
    NoGround,
    #[error("the words of an alert are at most {MAX_WORDS} characters without hidden ones")]
    Words,
}

impl Alert {
    /// Of a longer place only its beginning is kept.
    pub fn new(
        about: ActId,
        grounds: impl IntoIterator<Item = Ground>,
        place: &str,
        words: &str,
        position: Option<Position>,
    ) -> Result<Self, NotAnAlert> {
        let mut grounds: Vec<Ground> = grounds.into_iter().collect();
        grounds.sort_unstable();
        grounds.dedup();
        if grounds.is_empty() {
            return Err(NotAnAlert::NoGround);
        }
        let words = words.trim();
        if words.chars().count() > MAX_WORDS || words.contains(hides_or_turns) {
            return Err(NotAnAlert::Words);
        }
        // Help finds a place by its beginning, and nobody retypes one in danger.
        let seen = place.trim().chars().filter(|c| !hides_or_turns(*c));
        let place: String = seen.take(MAX_WORDS).collect();
        Ok(Self {
            grounds,
            about,
            place,
            words: words.to_owned(),
            position,
        })
    }

    pub fn grounds(&self) -> &[Ground] {
        &self.grounds
    }

    pub fn place(&self) -> &str {
        &self.place
    }

    pub fn words(&self) -> &str {
        &self.words
    }
}

impl<'b, C> Decode<'b, C> for Alert {
    fn decode(d: &mut Decoder<'b>, ctx: &mut C) -> Result<Self, DecodeError> {
        #[derive(Decode)]
        #[cbor(map)]
        struct Claimed {
            #[n(0)]
            grounds: Vec<Ground>,
            #[n(1)]
            about: ActId,
            #[n(2)]
            place: String,
            #[n(3)]
            words: String,
            #[n(4)]
            position: Option<Position>,
        }
        let claimed = Claimed::decode(d, ctx)?;
        let alert = Self::new(
            claimed.about,
            claimed.grounds.iter().copied(),
            &claimed.place,
            &claimed.words,
            claimed.position,
        )
        .map_err(DecodeError::message)?;
        let same =
            alert.grounds == claimed.grounds && alert.place == claimed.place && alert.words == claimed.words;
        if same {
            Ok(alert)
        } else {
            Err(DecodeError::message("an alert is written in another way"))
        }
    }
}

/// The person of the operations centre who has an alert, by name and post: "adjudant Morel, CORG 29".
#[derive(Debug, Clone, PartialEq, Eq, Encode)]
#[cbor(transparent)]
pub struct Taker(#[n(0)] String);

/// The text names nobody.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
#[error("whoever takes an alert gives their name and post in 3 to {MAX_NAME} characters")]
pub struct NotATaker;

impl Taker {
    pub fn parse(name: &str) -> Result<Self, NotATaker> {
        let name = name.trim();
        let length = name.chars().count();
        let named = name.chars().any(char::is_alphabetic);
        if (3..=MAX_NAME).contains(&length) && named && !name.contains(hides_or_turns) {
            Ok(Self(name.to_owned()))
        } else {
            Err(NotATaker)
        }
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl<'b, C> Decode<'b, C> for Taker {
    fn decode(d: &mut Decoder<'b>, _: &mut C) -> Result<Self, DecodeError> {
        Self::parse(d.str()?).map_err(DecodeError::message)
    }
}

/// Somebody has it.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct Taken {
    #[n(0)]
    pub by: Taker,
    /// Headquarters' clock.
    #[n(1)]
    pub at: UnixMs,
}

/// How an alert stands on the terminal that raised it.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub enum Standing {
    /// On its way, or before somebody's eyes: nobody has said so yet, and it is too early to give it up.
    #[n(0)]
    Open,
    /// It does not leave, or nobody took it in time: the officer has to use radio or telephone.
    #[n(1)]
    Nobody {
        /// It is at headquarters, or on its way.
        #[n(0)]
        leaves: bool,
    },
    #[n(2)]
    Taken(#[n(0)] Taken),
    /// The officer told the operations centre by radio or telephone.
    #[n(3)]
    Told,
}

impl Standing {
    /// `raised` is the moment of the officer's confirmation; time that a restart of the device hides counts as past.
    /// An alert is on its way while it is signed or waits, on a network that is there, and HQ has not refused it.
    pub fn of(
        raised: &Timestamp,
        taken: Option<Taken>,
        told: bool,
        on_its_way: bool,
        now: &Timestamp,
    ) -> Self {
        let waited = match raised.boot == now.boot {
            true => now.mono_ms.saturating_sub(raised.mono_ms),
            false => PATIENCE,
        };
        match (taken, told) {
            (Some(taken), _) => Self::Taken(taken),
            (None, true) => Self::Told,
            (None, false) if on_its_way && waited < PATIENCE => Self::Open,
            (None, false) => Self::Nobody { leaves: on_its_way },
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::canonical::{decode, encode};
    use crate::id::BootId;
    use crate::plainte::GridAnswer;
    use crate::time::Zone;

    const DRAFT: ActId = ActId::from_bytes([7; 16]);

    fn moment(boot: u8, mono_ms: u64) -> Timestamp {
        Timestamp {
            utc: UnixMs(1_795_284_300_000),
            zone: Zone::Paris,
            offset_min: 60,
            boot: BootId::from_bytes([boot; 16]),
            mono_ms,
        }
    }

    #[test]
    fn an_alert_says_why_and_nothing_hidden() {
        let alert = |grounds: &[Ground], place: &str, words: &str| {
            Alert::new(DRAFT, grounds.iter().copied(), place, words, None)
        };
        let twice = alert(&[Ground::Weapon, Ground::Grid, Ground::Weapon], " Mairie ", "").unwrap();
        assert_eq!(twice.grounds(), [Ground::Grid, Ground::Weapon]);
        assert_eq!((twice.place(), twice.words()), ("Mairie", ""));
        assert_eq!(alert(&[], "Mairie", ""), Err(NotAnAlert::NoGround));
        let long = "x".repeat(MAX_WORDS + 1);
        assert_eq!(alert(&[Ground::Child], "Mairie", &long), Err(NotAnAlert::Words));
        assert_eq!(
            alert(&[Ground::Child], "Mairie", "ar\u{202e}me"),
            Err(NotAnAlert::Words)
        );
        let there = alert(&[Ground::Child], &format!("Mai\u{202e}rie {long}"), "").unwrap();
        assert!(there.place().starts_with("Mairie") && there.place().chars().count() == MAX_WORDS);
        // Danger does not wait for a place to be typed.
        assert!(alert(&[Ground::Child], "", "").is_ok());
    }

    #[test]
    fn an_alert_reads_back_only_as_it_is_written() {
        let grounds = [Ground::Grid, Ground::Weapon];
        let position = Position::parse("48.93563 2.35387 12").unwrap();
        let alert = Alert::new(DRAFT, grounds, "Mairie", "il est armé", Some(position)).unwrap();
        let bytes = encode(&alert);
        assert_eq!(decode::<Alert>(&bytes).unwrap(), alert);
        let turned = Alert {
            grounds: vec![Ground::Weapon, Ground::Grid],
            ..alert
        };
        assert!(decode::<Alert>(&encode(&turned)).is_err());
    }

    #[test]
    fn what_the_grid_says_is_what_the_alert_says() {
        let yes = |numbers: &[u8]| {
            let begun = Filling::default();
            let with = |filling: Filling, number: &u8| filling.with(*number, Some(GridAnswer::Yes));
            numbers.iter().fold(begun, with)
        };
        assert_eq!(Ground::of(yes(&[7]), false), [Ground::Weapon]);
        assert_eq!(Ground::of(yes(&[21]), true), [Ground::Grid, Ground::DeathThreat]);
        assert_eq!(
            Ground::of(yes(&[7, 21]), false),
            [Ground::Grid, Ground::DeathThreat, Ground::Weapon]
        );
        assert_eq!(Ground::of(yes(&[1, 3]), false), []);
    }

    #[test]
    fn nobody_has_an_alert_offline_or_after_a_minute_or_after_a_restart() {
        let raised = moment(1, 10_000);
        let at = |boot, ms, leaves| Standing::of(&raised, None, false, leaves, &moment(boot, ms));
        assert_eq!(at(1, 10_000, true), Standing::Open);
        assert_eq!(at(1, 10_000 + PATIENCE - 1, true), Standing::Open);
        let nobody = |leaves| Standing::Nobody { leaves };
        assert_eq!(at(1, 10_000 + PATIENCE, true), nobody(true));
        assert_eq!(at(1, 10_000, false), nobody(false));
        assert_eq!(at(2, 500, true), nobody(true));
    }

    #[test]
    fn a_named_person_takes_it_however_late_and_the_officer_may_have_told() {
        let raised = moment(1, 0);
        let taken = Taken {
            by: Taker::parse("adjudant Morel, CORG 29").unwrap(),
            at: UnixMs(1_795_284_500_000),
        };
        let late = moment(1, 10 * PATIENCE);
        assert_eq!(
            Standing::of(&raised, Some(taken.clone()), true, false, &late),
            Standing::Taken(taken)
        );
        assert_eq!(Standing::of(&raised, None, true, false, &late), Standing::Told);
        for nobody in ["", "  x ", "123", "a\u{202e}bc"] {
            assert_eq!(Taker::parse(nobody), Err(NotATaker), "{nobody}");
        }
    }
}
