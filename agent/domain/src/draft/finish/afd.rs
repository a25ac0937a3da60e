//! From the form of an AFD to the act (495-17 to 495-25 CPP): no form reaches it but through the checklist.

use super::super::{Draft, Field, Problem, Reason};
use super::road::decimal;
use super::{Form, Stage, Surroundings};
use crate::afd::{Afd, Case, Checklist, Claim, Condition, Eligible, Obstacle, Quantity};
use crate::hand::SignedPad;
use crate::natinf::{InForce, Natinf, NotInForce};
use crate::person::Person;
use crate::pve::OffenderSignature;
use crate::time::Timestamp;

/// What thresholds call a value in euros.
const VALUE: &str = "valeur";

impl Draft {
    /// What the checklist decides of the form as it stands; none while nobody is named.
    pub fn eligibility(
        &self,
        around: Surroundings<'_>,
        now: Timestamp,
    ) -> Option<Result<Eligible, Vec<Obstacle>>> {
        let mut form = Form::of(self, around, now);
        let at = form.moment()?;
        let law = form.law(at);
        let person = form.short_person()?;
        Some(form.decided(&person, law))
    }
}

impl Form<'_> {
    pub(super) fn afd(&mut self) -> Option<Afd> {
        let place = self.road_place();
        let at = self.moment();
        let law = self.law(at.unwrap_or(self.draft.started.utc));
        let vehicle = self.vehicle();
        let licence = self.licence();
        self.refuse_unborn();
        let person = self.short_person()?;
        let eligible = match self.decided(&person, law) {
            Ok(eligible) => Some(eligible),
            Err(obstacles) => {
                let problems = obstacles.into_iter().map(|obstacle| Problem {
                    successor: successor(obstacle, law),
                    ..obstacle.into()
                });
                self.problems.extend(problems);
                None
            }
        };
        let signature = match self.offender_signature() {
            OffenderSignature::Signed(pad) => Some(pad),
            OffenderSignature::Declined | OffenderSignature::Absent => None,
        };
        Some(Afd {
            place: place?,
            at: at?,
            person,
            vehicle,
            licence,
            eligible: eligible?,
            observations: self.observations(),
            photos: self.draft.photos().to_vec(),
            signature: signature?,
            started: self.draft.started,
        })
    }

    fn decided(&mut self, person: &Person, law: InForce<'_>) -> Result<Eligible, Vec<Obstacle>> {
        let codes = self.codes(Field::Offences);
        let simultaneous = self.codes(Field::Simultaneous);
        let quantity = self.quantity();
        let claims: Vec<Claim> = codes
            .into_iter()
            .map(|natinf| Claim {
                natinf,
                quantity: quantity.clone().filter(|_| has_thresholds(natinf, law)),
            })
            .collect();
        let mut checklist = Checklist::default();
        for condition in Condition::ALL {
            if let Some(met) = self.yes_or_no(Field::answering(condition)) {
                checklist.answer(condition, met);
            }
        }
        checklist.decide(Case {
            claims: &claims,
            simultaneous: &simultaneous,
            person,
            signature: self.offender_signature(),
            quality: self.around.officer.quality,
            ressort: None,
            law,
        })
    }

    /// The summary that is read awaits the signature that will make it an AFD.
    fn offender_signature(&self) -> OffenderSignature {
        match self.stage {
            Stage::Reading => OffenderSignature::Signed(SignedPad::AWAITED),
            Stage::Signing => self.draft.signature(),
        }
    }

    /// Grams of a product as milligrams, or euros of a value as cents.
    fn quantity(&mut self) -> Option<Quantity> {
        let what = self
            .typed(Field::Substance)
            .map_or_else(|| VALUE.to_owned(), str::to_lowercase);
        let decimals = if what == VALUE { 2 } else { 3 };
        let amount = self.maybe(Field::Quantity, Reason::NotANumber, |text| {
            decimal(text, decimals).ok_or(())
        })?;
        Some(Quantity { what, amount })
    }
}

/// The code that replaces one that is over.
fn successor(obstacle: Obstacle, law: InForce<'_>) -> Option<Natinf> {
    let Obstacle::NotInForce(over) = obstacle else {
        return None;
    };
    match law.find(over) {
        Err(NotInForce::Outdated { successor }) => successor,
        Ok(_) | Err(NotInForce::Unknown | NotInForce::NotYet { .. }) => None,
    }
}

fn has_thresholds(natinf: Natinf, law: InForce<'_>) -> bool {
    let key = law.find(natinf).ok().and_then(|offence| offence.afd());
    key.and_then(|key| law.tariff(key))
        .is_some_and(|tariff| !tariff.thresholds.is_empty())
}
