//! The checklist of an AFD: what was answered, and the decision.

use std::collections::BTreeMap;

use minicbor::{Decode, Encode};

use super::condition::Condition;
use super::eligible::{Eligible, EligibleOffence};
use crate::natinf::{AfdKey, InForce, Natinf, NotInForce, Tariff};
use crate::officer::Quality;
use crate::person::{IdentitySource, Person};
use crate::pve::OffenderSignature;

/// What is known of one condition.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Encode, Decode)]
#[cbor(index_only)]
pub enum Answered {
    /// Which is never yes.
    #[default]
    #[n(0)]
    NotAsked,
    #[n(1)]
    Met,
    #[n(2)]
    NotMet,
}

/// Every condition with its answer.
#[derive(Debug, Clone, PartialEq, Eq, Default, Encode, Decode)]
#[cbor(map)]
pub struct Checklist {
    #[n(0)]
    answers: BTreeMap<Condition, Answered>,
}

/// How much of something: milligrams of a product, euro cents of a value.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct Quantity {
    #[n(0)]
    pub what: String,
    #[n(1)]
    pub amount: u32,
}

/// A délit for which an AFD is asked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Claim {
    pub natinf: Natinf,
    /// Needed where the tariff has thresholds.
    pub quantity: Option<Quantity>,
}

/// Everything about one case but the checklist.
#[derive(Debug, Clone, Copy)]
pub struct Case<'a> {
    pub claims: &'a [Claim],
    /// Seen at the same time and noted in another act.
    pub simultaneous: &'a [Natinf],
    pub person: &'a Person,
    pub signature: OffenderSignature,
    pub quality: Quality,
    /// The prosecutor's office whose thresholds apply.
    pub ressort: Option<&'a str>,
    pub law: InForce<'a>,
}

/// Why no AFD may be proposed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Obstacle {
    NotAsked(Condition),
    NotMet(Condition),
    /// An identity that is only declared.
    IdentityNotFormal,
    AgeUnknown,
    Minor,
    /// The person did not sign the summary.
    NotSigned,
    /// Only OPJ and APJ note délits.
    QualityNotEmpowered,
    NoOffence,
    UnknownNatinf(Natinf),
    NotInForce(Natinf),
    /// No text allows an AFD for it, or none on that day.
    NotEligible(Natinf),
    /// Seen with one that has no forfait of any kind.
    Simultaneous(Natinf),
    /// Two délits whose AFD may not be proposed together.
    NotTogether(Natinf, Natinf),
    /// The product or the value was not given.
    QuantityMissing(Natinf),
    /// More than the prosecutor's office allows, or of something that no threshold names.
    OverThreshold(Natinf),
}

impl Checklist {
    pub fn answer(&mut self, condition: Condition, met: bool) {
        let answered = if met { Answered::Met } else { Answered::NotMet };
        self.answers.insert(condition, answered);
    }

    pub fn of(&self, condition: Condition) -> Answered {
        self.answers.get(&condition).copied().unwrap_or_default()
    }

    /// The conditions of these délits: those of every AFD, then those of their tariffs.
    pub fn asked(claims: &[Claim], law: InForce<'_>) -> Vec<Condition> {
        let own = claims.iter().filter_map(|claim| tariff(claim.natinf, law).ok());
        let mut asked = Condition::ALWAYS.to_vec();
        asked.extend(own.flat_map(|tariff| tariff.conditions.iter().copied()));
        asked.sort_unstable();
        asked.dedup();
        asked
    }

    /// Answers to questions that this case does not ask are left out.
    fn only(&self, asked: &[Condition]) -> Self {
        let answers = asked.iter().map(|condition| (*condition, self.of(*condition)));
        Self {
            answers: answers.collect(),
        }
    }

    pub(super) fn answers(&self) -> impl Iterator<Item = (Condition, Answered)> + '_ {
        self.answers
            .iter()
            .map(|(condition, answered)| (*condition, *answered))
    }

    /// The only way to an [`Eligible`]; every obstacle is named, not the first alone.
    pub fn decide(&self, case: Case<'_>) -> Result<Eligible, Vec<Obstacle>> {
        let mut obstacles = about_the_person(case);
        if case.claims.is_empty() {
            obstacles.push(Obstacle::NoOffence);
        }
        let mut tariffs = Vec::new();
        for claim in case.claims {
            match tariff(claim.natinf, case.law) {
                Ok(tariff) => tariffs.push((claim, tariff)),
                Err(obstacle) => obstacles.push(obstacle),
            }
        }
        let asked = Self::asked(case.claims, case.law);
        let recidive_allowed = !tariffs.is_empty() && tariffs.iter().all(|(_, tariff)| tariff.recidive);
        for condition in asked.iter().copied() {
            match self.of(condition) {
                Answered::Met => {}
                Answered::NotMet if condition == Condition::NoRecidive && recidive_allowed => {}
                Answered::NotMet => obstacles.push(Obstacle::NotMet(condition)),
                Answered::NotAsked => obstacles.push(Obstacle::NotAsked(condition)),
            }
        }
        obstacles.extend(
            tariffs
                .iter()
                .filter_map(|(claim, tariff)| over(claim, tariff, case.ressort)),
        );
        obstacles.extend(beside(case, &tariffs));
        if obstacles.is_empty() {
            let offences = tariffs.into_iter().map(|(claim, tariff)| eligible(claim, tariff));
            Ok(Eligible::new(offences.collect(), self.only(&asked)))
        } else {
            obstacles.sort_unstable();
            obstacles.dedup();
            Err(obstacles)
        }
    }
}

fn about_the_person(case: Case<'_>) -> Vec<Obstacle> {
    let mut obstacles = Vec::new();
    match case.person.source {
        IdentitySource::Presentee | IdentitySource::Verifiee => {}
        IdentitySource::Declaree => obstacles.push(Obstacle::IdentityNotFormal),
    }
    let born = case.person.identity.brief().born.as_ref();
    match born.and_then(|born| born.reveal().age_on(case.law.day())) {
        None => obstacles.push(Obstacle::AgeUnknown),
        Some(0..18) => obstacles.push(Obstacle::Minor),
        Some(_) => {}
    }
    match case.signature {
        OffenderSignature::Signed(_) => {}
        OffenderSignature::Declined | OffenderSignature::Absent => obstacles.push(Obstacle::NotSigned),
    }
    if !case.quality.notes_delits() {
        obstacles.push(Obstacle::QualityNotEmpowered);
    }
    obstacles
}

fn tariff(natinf: Natinf, law: InForce<'_>) -> Result<&Tariff, Obstacle> {
    let offence = law.find(natinf).map_err(|reason| match reason {
        NotInForce::Unknown => Obstacle::UnknownNatinf(natinf),
        NotInForce::NotYet { .. } | NotInForce::Outdated { .. } => Obstacle::NotInForce(natinf),
    })?;
    offence
        .afd()
        .and_then(|key| law.tariff(key))
        .ok_or(Obstacle::NotEligible(natinf))
}

fn over(claim: &Claim, tariff: &Tariff, ressort: Option<&str>) -> Option<Obstacle> {
    if tariff.thresholds.is_empty() {
        return None;
    }
    let Some(quantity) = &claim.quantity else {
        return Some(Obstacle::QuantityMissing(claim.natinf));
    };
    let allowed = tariff
        .threshold(&quantity.what, ressort)
        .is_some_and(|threshold| quantity.amount <= threshold.most);
    (!allowed).then_some(Obstacle::OverThreshold(claim.natinf))
}

/// What the délits, and whatever was noted beside them, say of each other.
fn beside<'a>(case: Case<'a>, tariffs: &'a [(&Claim, &Tariff)]) -> impl Iterator<Item = Obstacle> + 'a {
    let others: Vec<(Natinf, Option<&AfdKey>)> = case
        .simultaneous
        .iter()
        .map(|natinf| {
            (
                *natinf,
                case.law.find(*natinf).ok().and_then(|offence| offence.afd()),
            )
        })
        .collect();
    let court = case.simultaneous.iter().filter(move |natinf| {
        case.law
            .find(**natinf)
            .map_or(true, |offence| offence.needs_court())
    });
    let court = court.map(|natinf| Obstacle::Simultaneous(*natinf));
    let together = tariffs
        .iter()
        .enumerate()
        .flat_map(move |(index, (claim, tariff))| {
            let claimed = tariffs
                .iter()
                .skip(index + 1)
                .map(|(other, tariff)| (other.natinf, Some(&tariff.key)));
            let noted = others.clone();
            claimed
                .chain(noted)
                .filter(move |(_, key)| {
                    let Some(key) = key else { return false };
                    let theirs = case.law.tariff(key);
                    tariff.bars(key) || theirs.is_some_and(|theirs| theirs.bars(&tariff.key))
                })
                .map(|(other, _)| Obstacle::NotTogether(claim.natinf.min(other), claim.natinf.max(other)))
        });
    court.chain(together)
}

fn eligible(claim: &Claim, tariff: &Tariff) -> EligibleOffence {
    EligibleOffence {
        natinf: claim.natinf,
        key: tariff.key.clone(),
        amounts: tariff.amounts(),
        surcharge: tariff.surcharge,
        quantity: claim.quantity.clone(),
        confidence: tariff.confidence,
    }
}
