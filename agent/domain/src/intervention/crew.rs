//! One intervention on the terminals of a crew: each officer has a copy of its sheet, every change names those that it
//! replaces, and copies merge to the same sheet in whatever order they meet. No wall clock decides which version stands.

use std::collections::BTreeSet;

use minicbor::decode::Error as DecodeError;
use minicbor::{Decode, Decoder, Encode};
use thiserror::Error;

use super::{Account, Intervention, Matter, OperationsNumber, Origin, Outcome, Step};
use crate::id::{CopyId, InterventionId};
use crate::officer::Matricule;
use crate::place::Place;
use crate::time::Timestamp;

/// For how long after its end a crew has the sheet, in milliseconds.
pub const AFTER_THE_END: i64 = 2 * 3_600_000;
/// The most copies of one sheet.
const MOST_COPIES: usize = 32;
/// The most versions that stand beside each other, of all points together.
const MOST_VERSIONS: usize = 64;
/// The most times that a crew says steps.
const MOST_SAID: usize = 96;
/// The most versions that one names.
const MOST_REPLACED: usize = 64;

/// What an officer may change on a sheet.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Encode, Decode)]
#[cbor(index_only)]
pub enum Point {
    #[n(0)]
    Number,
    #[n(1)]
    Place,
    #[n(2)]
    Matter,
    #[n(3)]
    Outcome,
    #[n(4)]
    Account,
}

impl Point {
    pub const ALL: [Self; 5] = [
        Self::Number,
        Self::Place,
        Self::Matter,
        Self::Outcome,
        Self::Account,
    ];

    /// What the console calls it.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Number => "number",
            Self::Place => "place",
            Self::Matter => "matter",
            Self::Outcome => "outcome",
            Self::Account => "account",
        }
    }
}

/// What a version says.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub enum Fact {
    #[n(0)]
    Number(#[n(0)] Option<OperationsNumber>),
    #[n(1)]
    Place(#[n(0)] Place),
    #[n(2)]
    Matter(#[n(0)] Option<Matter>),
    #[n(3)]
    Outcome(#[n(0)] Option<Outcome>),
    #[n(4)]
    Account(#[n(0)] Account),
}

impl Fact {
    pub const fn point(&self) -> Point {
        match self {
            Self::Number(_) => Point::Number,
            Self::Place(_) => Point::Place,
            Self::Matter(_) => Point::Matter,
            Self::Outcome(_) => Point::Outcome,
            Self::Account(_) => Point::Account,
        }
    }

    /// What `intervention` has there.
    pub fn of(intervention: &Intervention, point: Point) -> Self {
        match point {
            Point::Number => Self::Number(intervention.number.clone()),
            Point::Place => Self::Place(intervention.place.clone()),
            Point::Matter => Self::Matter(intervention.matter.clone()),
            Point::Outcome => Self::Outcome(intervention.outcome),
            Point::Account => Self::Account(intervention.account.clone()),
        }
    }

    const fn says_nothing(&self) -> bool {
        match self {
            Self::Number(number) => number.is_none(),
            Self::Place(_) => false,
            Self::Matter(matter) => matter.is_none(),
            Self::Outcome(outcome) => outcome.is_none(),
            Self::Account(account) => account.is_empty(),
        }
    }

    fn write(self, intervention: &mut Intervention) {
        match self {
            Self::Number(number) => intervention.number = number,
            Self::Place(place) => intervention.place = place,
            Self::Matter(matter) => intervention.matter = matter,
            Self::Outcome(outcome) => intervention.outcome = outcome,
            Self::Account(account) => intervention.account = account,
        }
    }
}

/// One change: the copy on which it was made, and the how manieth it is there.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Encode, Decode)]
#[cbor(map)]
pub struct EditId {
    #[n(0)]
    pub copy: CopyId,
    /// From 1.
    #[n(1)]
    pub count: u32,
}

/// What an officer wrote, and what it takes the place of.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct Version {
    #[n(0)]
    pub id: EditId,
    #[n(1)]
    pub by: Matricule,
    /// As their terminal stamped it; shown, and never compared.
    #[n(2)]
    pub at: Timestamp,
    #[n(3)]
    pub fact: Fact,
    /// Ascending.
    #[cbor(n(4), default, skip_if = "Vec::is_empty", decode_with = "few_replaced")]
    pub replaces: Vec<EditId>,
}

/// One officer's copy, and how many changes were made on it.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct Copy {
    #[n(0)]
    pub id: CopyId,
    #[n(1)]
    pub by: Matricule,
    #[n(2)]
    pub count: u32,
}

/// A step as one terminal stamped it.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct Said {
    #[n(0)]
    pub step: Step,
    #[n(1)]
    pub at: Timestamp,
    #[n(2)]
    pub by: Matricule,
}

impl Said {
    fn order(&self) -> (Step, i64, &Matricule, [u8; 16], u64) {
        let at = &self.at;
        (self.step, at.utc.0, &self.by, *at.boot.as_bytes(), at.mono_ms)
    }
}

/// The version is there no more: somebody chose meanwhile.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
#[error("the version does not stand any more")]
pub struct NotStanding;

/// Who changes the sheet, and when.
#[derive(Debug, Clone)]
pub struct Pen {
    pub copy: CopyId,
    pub by: Matricule,
    pub now: Timestamp,
}

/// What a crew has of one intervention. Nobody that was met, no plate and no act is on it.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct CrewSheet {
    #[n(0)]
    pub id: InterventionId,
    #[n(1)]
    pub origin: Origin,
    #[n(2)]
    pub opened: Timestamp,
    #[n(3)]
    pub opened_by: Matricule,
    /// By id.
    #[cbor(n(4), decode_with = "few_copies")]
    copies: Vec<Copy>,
    /// Those that nothing replaced, by id.
    #[cbor(n(5), decode_with = "few_versions")]
    versions: Vec<Version>,
    /// Every time that was said, in the order of the steps.
    #[cbor(n(6), default, skip_if = "Vec::is_empty", decode_with = "few_said")]
    said: Vec<Said>,
}

impl CrewSheet {
    /// The sheet of an intervention that `pen` has alone so far.
    pub fn begin(intervention: &Intervention, pen: &Pen) -> Self {
        let mut sheet = Self {
            id: intervention.id,
            origin: intervention.origin,
            opened: intervention.opened,
            opened_by: pen.by.clone(),
            copies: Vec::new(),
            versions: Vec::new(),
            said: Vec::new(),
        };
        sheet.join(pen);
        for point in Point::ALL {
            sheet.state(Fact::of(intervention, point), None, pen);
        }
        sheet.say(intervention, pen);
        sheet
    }

    /// Another officer has a copy from now on.
    pub fn join(&mut self, pen: &Pen) {
        if let Err(place) = self.copies.binary_search_by_key(&pen.copy, |copy| copy.id) {
            let copy = Copy {
                id: pen.copy,
                by: pen.by.clone(),
                count: 0,
            };
            self.copies.insert(place, copy);
        }
    }

    pub fn copies(&self) -> &[Copy] {
        &self.copies
    }

    /// Every version that nothing replaced.
    pub fn versions(&self) -> &[Version] {
        &self.versions
    }

    /// The versions of one point that nothing replaced.
    pub fn standing(&self, point: Point) -> impl Iterator<Item = &Version> {
        self.versions
            .iter()
            .filter(move |version| version.fact.point() == point)
    }

    /// Where versions stand beside each other that do not say the same.
    pub fn differing(&self) -> Vec<Point> {
        let differs = |point: &Point| {
            let mut standing = self.standing(*point).map(|version| &version.fact);
            let first = standing.next();
            standing.any(|fact| Some(fact) != first)
        };
        Point::ALL.into_iter().filter(differs).collect()
    }

    /// Every time that was said.
    pub fn said(&self) -> &[Said] {
        &self.said
    }

    /// The first time of a step, whoever said it.
    pub fn first(&self, step: Step) -> Option<&Said> {
        self.said.iter().find(|said| said.step == step)
    }

    pub fn is_over(&self) -> bool {
        self.first(Step::Closed).is_some()
    }

    /// Takes over what the officer changed between `before` and `after`; where `seen` has a point, the change was made
    /// to that, and whatever came in between stands beside it.
    pub fn follow(&mut self, before: &Intervention, after: &Intervention, seen: &[Fact], pen: &Pen) {
        for point in Point::ALL {
            let fact = Fact::of(after, point);
            if fact != Fact::of(before, point) {
                let seen = seen.iter().find(|seen| seen.point() == point);
                self.state(fact, seen, pen);
            }
        }
        self.say(after, pen);
    }

    /// Writes a version in the place of those that say what the officer saw, or of all.
    fn state(&mut self, fact: Fact, seen: Option<&Fact>, pen: &Pen) {
        let point = fact.point();
        let is_first = self.standing(point).next().is_none();
        let is_said = self.standing(point).all(|version| version.fact == fact);
        if is_said && (!is_first || fact.says_nothing()) {
            return;
        }
        let replaces = self
            .standing(point)
            .filter(|version| seen.is_none_or(|seen| version.fact == *seen) || version.id.copy == pen.copy)
            .map(|version| version.id)
            .collect();
        self.put(fact, replaces, pen);
    }

    fn put(&mut self, fact: Fact, replaces: Vec<EditId>, pen: &Pen) {
        self.join(pen);
        let Some(copy) = self.copies.iter_mut().find(|copy| copy.id == pen.copy) else {
            return;
        };
        copy.count = copy.count.saturating_add(1);
        let id = EditId {
            copy: pen.copy,
            count: copy.count,
        };
        self.versions.retain(|version| !replaces.contains(&version.id));
        self.versions.push(Version {
            id,
            by: pen.by.clone(),
            at: pen.now,
            fact,
            replaces,
        });
        self.versions.sort_by_key(|version| version.id);
    }

    /// The officer chooses `chosen`: a version that says the same, and names all those that stood.
    pub fn choose(&mut self, chosen: EditId, pen: &Pen) -> Result<(), NotStanding> {
        let version = self.versions.iter().find(|version| version.id == chosen);
        let fact = version.ok_or(NotStanding)?.fact.clone();
        let replaces = self.standing(fact.point()).map(|version| version.id).collect();
        self.put(fact, replaces, pen);
        Ok(())
    }

    /// Both accounts, one after the other, in the order of their ids; none where they are too long together.
    pub fn accounts_together(&self) -> Option<Account> {
        let mut texts: Vec<&str> = Vec::new();
        for version in self.standing(Point::Account) {
            if let Fact::Account(account) = &version.fact
                && !account.is_empty()
                && !texts.contains(&account.as_str())
            {
                texts.push(account.as_str());
            }
        }
        Account::parse(&texts.join("\n")).ok()
    }

    /// Keeps what every account says; false where they are too long together, and nothing is changed.
    pub fn keep_accounts(&mut self, pen: &Pen) -> bool {
        let Some(account) = self.accounts_together() else {
            return false;
        };
        let replaces = self.standing(Point::Account).map(|version| version.id).collect();
        self.put(Fact::Account(account), replaces, pen);
        true
    }

    /// The steps of `intervention` that the sheet has not from anybody.
    fn say(&mut self, intervention: &Intervention, pen: &Pen) {
        for (step, at) in intervention.steps() {
            let own = |said: &Said| said.step == step && said.by == pen.by;
            let is_closed_here = step == Step::Closed && !self.said.iter().any(own);
            if self.first(step).is_none() || is_closed_here {
                self.said.push(Said {
                    step,
                    at: *at,
                    by: pen.by.clone(),
                });
            }
        }
        self.said.sort_by(|one, other| one.order().cmp(&other.order()));
        self.said.dedup();
    }

    /// Takes in what another copy has; commutative, associative and idempotent.
    pub fn merge(&mut self, other: &Self) {
        if other.id != self.id {
            return;
        }
        let stands = |sheet: &Self, version: &Version| {
            sheet.versions.iter().any(|kept| kept.id == version.id) || !sheet.knows(version.id)
        };
        let own = self.versions.iter().filter(|version| stands(other, version));
        let mut versions: Vec<Version> = own.cloned().collect();
        for version in other.versions.iter().filter(|version| stands(self, version)) {
            if versions.iter().all(|kept| kept.id != version.id) {
                versions.push(version.clone());
            }
        }
        versions.sort_by_key(|version| version.id);
        self.versions = versions;
        for copy in &other.copies {
            match self.copies.binary_search_by_key(&copy.id, |kept| kept.id) {
                Ok(place) => self.copies[place].count = self.copies[place].count.max(copy.count),
                Err(place) => self.copies.insert(place, copy.clone()),
            }
        }
        self.said.extend(other.said.iter().cloned());
        self.said.sort_by(|one, other| one.order().cmp(&other.order()));
        self.said.dedup();
        let begun = |sheet: &Self| {
            let at = &sheet.opened;
            let by = sheet.opened_by.clone();
            (at.utc, by, *at.boot.as_bytes(), at.mono_ms, sheet.origin as u8)
        };
        if begun(other) < begun(self) {
            self.opened = other.opened;
            self.opened_by = other.opened_by.clone();
            self.origin = other.origin;
        }
    }

    /// Whether the change was made on, or had reached, this copy.
    fn knows(&self, id: EditId) -> bool {
        let copy = self.copies.iter().find(|copy| copy.id == id.copy);
        copy.is_some_and(|copy| copy.count >= id.count)
    }

    /// Whether it holds together: in order, every version and every one that it names known, and a place.
    pub fn is_whole(&self) -> bool {
        let known = |version: &Version| {
            let named = version.replaces.iter();
            let ascends = version.replaces.is_sorted_by(|one, other| one < other);
            let standing = |id: &EditId| self.versions.iter().any(|version| version.id == *id);
            let gone = |id: &EditId| id.count > 0 && self.knows(*id) && !standing(id);
            version.id.count > 0 && self.knows(version.id) && ascends && named.into_iter().all(gone)
        };
        self.copies.is_sorted_by(|one, other| one.id < other.id)
            && self.versions.is_sorted_by(|one, other| one.id < other.id)
            && self.said.is_sorted_by(|one, other| one.order() < other.order())
            && self.versions.iter().all(known)
            && self.standing(Point::Place).next().is_some()
    }

    /// Writes into an officer's intervention what their crew agrees on. Where versions differ it keeps what they wrote, or
    /// had; what is open there stays open.
    pub fn write(&self, own: &mut Intervention, copy: CopyId) {
        let differing = self.differing();
        for point in Point::ALL {
            let mut standing = self.standing(point);
            let version = if differing.contains(&point) {
                standing.find(|version| version.id.copy == copy)
            } else {
                standing.next()
            };
            let is_open = point == Point::Outcome && own.closed.is_none();
            if let Some(version) = version.filter(|_| !is_open) {
                version.fact.clone().write(own);
            }
        }
        let first = |step| self.first(step).map(|said| said.at);
        own.en_route = first(Step::EnRoute).or(own.en_route);
        own.on_scene = first(Step::OnScene).or(own.on_scene);
        own.closed = own.closed.and(first(Step::Closed)).or(own.closed);
    }

    /// The intervention of an officer who joins; none where it has no place.
    pub fn joined(&self, service: crate::id::ServiceId, copy: CopyId) -> Option<Intervention> {
        let place = self
            .standing(Point::Place)
            .find_map(|version| match &version.fact {
                Fact::Place(place) => Some(place.clone()),
                Fact::Number(_) | Fact::Matter(_) | Fact::Outcome(_) | Fact::Account(_) => None,
            })?;
        let mut own = Intervention::new(self.id, service, place, self.opened);
        own.origin = self.origin;
        self.write(&mut own, copy);
        Some(own)
    }

    /// How far it is, without a word of what it says.
    pub fn standing_at(&self) -> CrewStand {
        CrewStand {
            copies: self.copies.clone(),
            differing: self.differing(),
        }
    }

    /// The officers who have a copy, each once.
    pub fn officers(&self) -> BTreeSet<&Matricule> {
        self.copies.iter().map(|copy| &copy.by).collect()
    }
}

/// How far one terminal's copy of a sheet is: HQ sees by it whether two have the same.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct CrewStand {
    #[cbor(n(0), decode_with = "few_copies")]
    pub copies: Vec<Copy>,
    /// Where versions stand beside each other.
    #[cbor(n(1), decode_with = "few_points")]
    pub differing: Vec<Point>,
}

fn few_copies<'b, C>(d: &mut Decoder<'b>, ctx: &mut C) -> Result<Vec<Copy>, DecodeError> {
    at_most(MOST_COPIES, d, ctx)
}

fn few_versions<'b, C>(d: &mut Decoder<'b>, ctx: &mut C) -> Result<Vec<Version>, DecodeError> {
    at_most(MOST_VERSIONS, d, ctx)
}

fn few_said<'b, C>(d: &mut Decoder<'b>, ctx: &mut C) -> Result<Vec<Said>, DecodeError> {
    at_most(MOST_SAID, d, ctx)
}

fn few_replaced<'b, C>(d: &mut Decoder<'b>, ctx: &mut C) -> Result<Vec<EditId>, DecodeError> {
    at_most(MOST_REPLACED, d, ctx)
}

fn few_points<'b, C>(d: &mut Decoder<'b>, ctx: &mut C) -> Result<Vec<Point>, DecodeError> {
    at_most(Point::ALL.len(), d, ctx)
}

pub(super) fn at_most<'b, C, T: Decode<'b, C>>(
    most: usize,
    d: &mut Decoder<'b>,
    ctx: &mut C,
) -> Result<Vec<T>, DecodeError> {
    let mut items = Vec::new();
    for item in d.array_iter_with(ctx)? {
        if items.len() == most {
            return Err(DecodeError::message("more than a crew writes"));
        }
        items.push(item?);
    }
    Ok(items)
}
