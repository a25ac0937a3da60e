//! A réquisition that stands during a shift: whose words allow checks, where, and from when until when.

use minicbor::decode::Error as DecodeError;
use minicbor::{Decode, Decoder, Encode};

use crate::legal_basis::{CheckBasis, Longest};
use crate::place::{Fix, Position, commune};
use crate::retention::months_after;
use crate::time::{Timestamp, UnixMs};

/// The most communes that one names.
const MAX_COMMUNES: usize = 100;
/// The longest reference or description, in bytes.
const MAX_TEXT: usize = 1024;
/// The widest circle, in metres.
const MAX_RADIUS_M: u32 = 100_000;
/// A position that is older says nothing of where a check is, in milliseconds.
const FRESH: i64 = 10 * 60_000;

/// Written réquisitions of the prosecutor (78-2 al. 7, 78-2-1, 78-2-2, 78-2-5 CPP).
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct StandingRequisition {
    #[n(0)]
    pub reference: String,
    /// The places in the words of the réquisition.
    #[n(1)]
    pub places: String,
    #[n(2)]
    pub from: UnixMs,
    #[n(3)]
    pub until: UnixMs,
    /// The text under which it allows checks; absent from older ones, for 78-2 al. 7.
    #[n(4)]
    pub basis: Option<CheckBasis>,
    /// INSEE codes, where whole communes are named.
    #[cbor(n(5), default, skip_if = "Vec::is_empty", decode_with = "few_communes")]
    pub communes: Vec<String>,
    /// Where the places are described by a point and what is around it.
    #[n(6)]
    pub circle: Option<Circle>,
}

/// A point and what is around it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct Circle {
    /// Microdegrees (WGS 84).
    #[n(0)]
    pub latitude_e6: i32,
    #[n(1)]
    pub longitude_e6: i32,
    #[n(2)]
    pub radius_m: u32,
}

fn few_communes<C>(d: &mut Decoder<'_>, context: &mut C) -> Result<Vec<String>, DecodeError> {
    let codes: Vec<String> = Vec::decode(d, context)?;
    let sound = codes.iter().all(|code| commune(code).as_ref() == Ok(code));
    if codes.len() <= MAX_COMMUNES && sound {
        Ok(codes)
    } else {
        Err(DecodeError::message("not a list of communes"))
    }
}

/// What is typed of a réquisition.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct TypedRequisition {
    #[n(0)]
    pub reference: String,
    /// Code of a [`CheckBasis`].
    #[n(1)]
    pub basis: String,
    #[n(2)]
    pub places: String,
    /// INSEE codes separated by spaces; empty for none.
    #[n(3)]
    pub communes: String,
    /// `48.93563 2.35387 800`: degrees, and metres around; empty for none.
    #[n(4)]
    pub circle: String,
    /// JJ/MM/AAAA HH:MM.
    #[n(5)]
    pub from: String,
    #[n(6)]
    pub until: String,
}

/// Why what was typed is no réquisition.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Encode, Decode)]
#[cbor(index_only)]
pub enum NotARequisition {
    #[n(0)]
    Reference,
    /// The text is none that réquisitions open.
    #[n(1)]
    Basis,
    #[n(2)]
    Places,
    #[n(3)]
    Communes,
    #[n(4)]
    Circle,
    /// No moments, or an end that is not after the start.
    #[n(5)]
    Window,
    /// Longer than its text allows.
    #[n(6)]
    TooLong,
}

impl TypedRequisition {
    /// The réquisition, where the terminal is at `now`; `longest` is what its text allows, where réquisitions open it.
    pub fn parse(
        &self,
        longest: impl FnOnce(CheckBasis) -> Option<Longest>,
        now: &Timestamp,
    ) -> Result<StandingRequisition, NotARequisition> {
        let line = |text: &str| {
            let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
            (text.chars().count() >= 3 && text.len() <= MAX_TEXT).then_some(text)
        };
        let reference = line(&self.reference).ok_or(NotARequisition::Reference)?;
        let basis = CheckBasis::from_code(self.basis.trim()).ok_or(NotARequisition::Basis)?;
        let longest = longest(basis).ok_or(NotARequisition::Basis)?;
        let places = line(&self.places).ok_or(NotARequisition::Places)?;
        let codes = self
            .communes
            .split([' ', ',', ';'])
            .filter(|code| !code.is_empty());
        let communes: Vec<String> = codes
            .map(commune)
            .collect::<Result<_, _>>()
            .map_err(|_| NotARequisition::Communes)?;
        if communes.len() > MAX_COMMUNES {
            return Err(NotARequisition::Communes);
        }
        let circle = match self.circle.trim() {
            "" => None,
            text => Some(Circle::parse(text).ok_or(NotARequisition::Circle)?),
        };
        let moment = |text: &str| crate::draft::moment(text.trim(), now);
        let (from, until) = moment(&self.from)
            .zip(moment(&self.until))
            .filter(|(from, until)| from < until)
            .ok_or(NotARequisition::Window)?;
        let requisition = StandingRequisition {
            reference,
            places,
            from,
            until,
            basis: Some(basis),
            communes,
            circle,
        };
        if requisition.is_longer_than(longest, now) {
            return Err(NotARequisition::TooLong);
        }
        Ok(requisition)
    }
}

impl Circle {
    fn parse(text: &str) -> Option<Self> {
        let position = Position::parse(text).ok()?;
        (1..=MAX_RADIUS_M).contains(&position.accuracy_m).then_some(Self {
            latitude_e6: position.latitude_e6,
            longitude_e6: position.longitude_e6,
            radius_m: position.accuracy_m,
        })
    }

    /// Whether `position` is in it for all its uncertainty, out of it for all its uncertainty, or neither.
    fn holds(&self, position: &Position) -> Option<bool> {
        let away = distance_m(
            (self.latitude_e6, self.longitude_e6),
            (position.latitude_e6, position.longitude_e6),
        );
        let (radius, unsure) = (f64::from(self.radius_m), f64::from(position.accuracy_m));
        if away + unsure <= radius {
            Some(true)
        } else if away - unsure > radius {
            Some(false)
        } else {
            None
        }
    }
}

/// Great-circle distance between microdegrees, on a sphere of 6 371 km: half a percent at most from the ellipsoid.
fn distance_m(one: (i32, i32), other: (i32, i32)) -> f64 {
    let radians = |e6: i32| (f64::from(e6) / 1e6).to_radians();
    let (lat1, lat2) = (radians(one.0), radians(other.0));
    let half = |a: f64, b: f64| ((a - b) / 2.0).sin().powi(2);
    let h = half(lat1, lat2) + lat1.cos() * lat2.cos() * half(radians(one.1), radians(other.1));
    2.0 * 6_371_000.0 * h.sqrt().min(1.0).asin()
}

/// What is known of where a check is, held against the places of a réquisition. It warns and never blocks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Encode, Decode)]
#[cbor(index_only)]
pub enum PlaceVerdict {
    #[n(0)]
    Inside,
    #[n(1)]
    Outside,
    /// Neither a position nor a commune says it: never taken for a match.
    #[n(2)]
    Unknown,
}

/// Where a check is, as far as anything says.
#[derive(Debug, Clone, Copy, Default)]
pub struct Whereabouts<'a> {
    /// INSEE code, as the officer named it.
    pub commune: Option<&'a str>,
    /// Of the terminal.
    pub fix: Option<&'a Fix>,
}

impl StandingRequisition {
    pub fn basis(&self) -> CheckBasis {
        self.basis.unwrap_or(CheckBasis::Ci7)
    }

    pub fn is_called(&self, reference: &str) -> bool {
        self.reference.to_lowercase() == reference.trim().to_lowercase()
    }

    /// Its first and last moments included.
    pub fn runs_at(&self, at: UnixMs) -> bool {
        (self.from..=self.until).contains(&at)
    }

    pub fn is_longer_than(&self, longest: Longest, at: &Timestamp) -> bool {
        let last = match longest {
            Longest::Unbounded => return false,
            Longest::Hours(hours) => self.from.plus(i64::from(hours) * 3_600_000),
            Longest::Months(months) => {
                let from = Timestamp {
                    utc: self.from,
                    ..*at
                };
                months_after(&from, months.into())
            }
        };
        self.until > last
    }

    /// One sign that it is elsewhere is enough for a doubt; a position of long ago, or none, is no sign.
    pub fn covers(&self, at: UnixMs, whereabouts: Whereabouts<'_>) -> PlaceVerdict {
        let fresh = |fix: &&Fix| at.0.abs_diff(fix.at.utc.0) <= FRESH.unsigned_abs();
        let by_circle = self
            .circle
            .zip(whereabouts.fix.filter(fresh))
            .and_then(|(circle, fix)| circle.holds(&fix.position));
        let by_commune = whereabouts
            .commune
            .filter(|_| !self.communes.is_empty())
            .map(|code| self.communes.iter().any(|one| one == code));
        match [by_circle, by_commune] {
            [Some(false), _] | [_, Some(false)] => PlaceVerdict::Outside,
            [Some(true), _] | [_, Some(true)] => PlaceVerdict::Inside,
            [None, None] => PlaceVerdict::Unknown,
        }
    }
}
