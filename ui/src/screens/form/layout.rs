//! Where each field of the forms by steps stands, and how it is answered; the order is the domain's.

use domain::draft::Field;

use crate::drawn::{Entry, Step};

/// The step of `field` and how it is answered there; no entry where the step has a panel of its own for it. None
/// for fields of other forms.
pub(super) const fn of(field: Field) -> Option<(Step, Option<Entry>)> {
    Some(match field {
        Field::Plate => (Step::Vehicle, Some(Entry::Plate)),
        Field::PlateCountry | Field::Make | Field::Model | Field::Colour => {
            (Step::Vehicle, Some(Entry::Text))
        }
        Field::Registration | Field::Genre => (Step::Vehicle, Some(Entry::Choice)),
        Field::Offences => (Step::Offence, None),
        Field::SpeedLimit | Field::SpeedMeasured => (Step::Offence, Some(Entry::Whole)),
        Field::SpeedDevice => (Step::Offence, Some(Entry::Choice)),
        Field::AlcoholFirst | Field::AlcoholSecond | Field::Quantity => (Step::Offence, Some(Entry::Decimal)),
        Field::DocumentsDue => (Step::Offence, Some(Entry::Date)),
        Field::Simultaneous | Field::Substance => (Step::Offence, Some(Entry::Text)),
        Field::Interception | Field::Agglomeration => (Step::Place, Some(Entry::Choice)),
        Field::Place | Field::Road | Field::RoadPoint | Field::Direction | Field::Commune => {
            (Step::Place, Some(Entry::Text))
        }
        Field::Moment => (Step::Place, Some(Entry::Date)),
        Field::Mrz | Field::Surname | Field::GivenNames | Field::BirthDate => (Step::Person, None),
        Field::Address
        | Field::Phone
        | Field::Email
        | Field::LicenceNumber
        | Field::LicenceCategories
        | Field::LicenceAuthority => (Step::Person, Some(Entry::Text)),
        Field::LicenceStatus => (Step::Person, Some(Entry::Choice)),
        Field::TajQueried => (Step::Person, Some(Entry::Question)),
        Field::LicenceDate => (Step::Person, Some(Entry::Date)),
        Field::Understands
        | Field::NoRecidive
        | Field::SeenOnTheSpot
        | Field::AddressConfirmed
        | Field::Destruction
        | Field::SingleProduct
        | Field::Returned
        | Field::NotDriving
        | Field::NotPublicAgent
        | Field::InsuranceChecked => (Step::Conditions, Some(Entry::Question)),
        Field::Acknowledged => (Step::Summary, Some(Entry::Question)),
        Field::Account => (Step::Circumstances, Some(Entry::Paragraphs)),
        Field::CheckBasis
        | Field::Grounds
        | Field::Requisition
        | Field::PvFrame
        | Field::Subject
        | Field::Venue
        | Field::When
        | Field::Suspect
        | Field::RightsLanguage
        | Field::HandReceipt
        | Field::PvKind
        | Field::Origin
        | Field::Assistants
        | Field::Dress
        | Field::HeardAs
        | Field::NoticeLanguage
        | Field::Counsel
        | Field::CounselName
        | Field::Constraint
        | Field::Interpreter
        | Field::InterpreterLanguage
        | Field::InterpreterOath
        | Field::InterpreterLink
        | Field::InterpreterPhone
        | Field::Inventory
        | Field::Mentions
        | Field::Annexes
        | Field::Addressee
        | Field::Authority
        | Field::OtherSigners
        | Field::BirthPlace
        | Field::Nationality
        | Field::Profession
        | Field::Father
        | Field::Mother
        | Field::FamilySituation
        | Field::Employer
        | Field::IdentityMode
        | Field::Certainty
        | Field::NotePurpose
        | Field::Position => return None,
    })
}

/// The steps of a form: each where its first field stands, the summary last.
pub(super) fn steps(form: &[Field]) -> Vec<Step> {
    let mut steps = Vec::new();
    for (step, _) in form.iter().filter_map(|field| of(*field)) {
        if step != Step::Summary && !steps.contains(&step) {
            steps.push(step);
        }
    }
    steps.push(Step::Summary);
    steps
}

const ON_DEMAND: [&[Field]; 9] = [
    &[Field::SpeedLimit, Field::SpeedMeasured, Field::SpeedDevice],
    &[Field::AlcoholFirst, Field::AlcoholSecond],
    &[Field::Substance, Field::Quantity],
    &[Field::Destruction],
    &[Field::SingleProduct],
    &[Field::Returned],
    &[Field::NotDriving],
    &[Field::NotPublicAgent],
    &[Field::InsuranceChecked],
];

/// The fields that one offence asks for with `field`; none where every offence does.
pub(super) fn asked_together(field: Field) -> Option<&'static [Field]> {
    ON_DEMAND.into_iter().find(|fields| fields.contains(&field))
}

#[cfg(test)]
mod tests {
    use domain::record::ActKind;

    use super::*;

    #[test]
    fn every_field_of_the_forms_by_steps_has_its_place() {
        for kind in [ActKind::Pve, ActKind::Afd] {
            for field in Field::form(kind) {
                assert!(of(*field).is_some(), "{kind:?} {field:?}");
            }
        }
    }

    #[test]
    fn the_steps_follow_the_form_and_end_with_the_summary() {
        assert_eq!(
            steps(Field::form(ActKind::Pve)),
            [
                Step::Vehicle,
                Step::Offence,
                Step::Place,
                Step::Person,
                Step::Circumstances,
                Step::Summary
            ]
        );
        assert_eq!(
            steps(Field::form(ActKind::Afd)),
            [
                Step::Person,
                Step::Offence,
                Step::Conditions,
                Step::Place,
                Step::Vehicle,
                Step::Circumstances,
                Step::Summary
            ]
        );
    }
}
