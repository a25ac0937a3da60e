//! The procès-verbal of an amende forfaitaire délictuelle (495-17 to 495-25, D.45-3 to D.45-21 CPP): the délits, the
//! conditions that were asked, the acknowledgement, the amounts and the remedies.

use domain::afd::{Afd, Answered, Checklist, Condition, EligibleOffence, Quantity};
use domain::natinf::{InForce, ReferenceSet};
use domain::record::Record;
use typst::foundations::{Dict, dict};

use crate::act;
use crate::hand;
use crate::money;
use crate::offence;
use crate::person;
use crate::photo;
use crate::road;
use crate::typed::typed;
use crate::{DocumentError, Enclosures};

pub(crate) fn values(
    record: &Record,
    afd: &Afd,
    reference: &ReferenceSet,
    enclosures: &Enclosures<'_>,
) -> Result<Dict, DocumentError> {
    let law = road::law(record, afd.at, reference);
    let offences = afd.eligible.offences();
    let checklist = afd.eligible.checklist();
    let name = person::name(afd.person.identity.brief());
    let observations = afd.observations.iter().map(|text| typed(text));
    Ok(dict! {
        "act" => act::values(record, afd.started, enclosures)?,
        "place" => road::place(&afd.place)?,
        "seen" => road::moment(record, afd.at),
        "person" => person::lines(&afd.person)?,
        "vehicle" => afd.vehicle.as_ref().map(road::vehicle).transpose()?,
        "licence" => afd.licence.as_ref().map(road::licence).transpose()?,
        "offences" => offences.iter().map(|offence| row(offence, law)).collect::<Result<Vec<_>, _>>()?,
        "amounts" => offences.iter().map(amount).collect::<Vec<_>>(),
        "surcharges" => offences.iter().filter_map(surcharge).collect::<Vec<_>>(),
        "conditions" => Condition::ALL.into_iter().filter_map(|asked| condition(asked, checklist)).collect::<Vec<_>>(),
        "destruction" => checklist.of(Condition::Destruction) == Answered::Met,
        "observations" => observations.collect::<Result<Vec<_>, _>>()?,
        "photos" => photo::plates(record, &afd.photos, enclosures)?,
        "name" => typed(&name)?,
        "signer" => hand::offender(Some(afd.signature), &name, enclosures.hands)?,
    })
}

fn row(eligible: &EligibleOffence, law: InForce<'_>) -> Result<Dict, DocumentError> {
    let offence = offence::of_the_day(eligible.natinf, law)?;
    offence::row(offence, eligible.quantity.as_ref().map(quantity).as_deref())
}

/// What thresholds call a value in euros, other quantities being milligrams of a product.
pub(crate) const VALUE: &str = "valeur";

fn quantity(quantity: &Quantity) -> String {
    let Quantity { what, amount } = quantity;
    if what == VALUE {
        return format!("Valeur\u{a0}: {}.", money::euros(*amount));
    }
    let (grams, milligrams) = (amount / 1000, amount % 1000);
    let decimals = format!("{milligrams:03}");
    let decimals = decimals.trim_end_matches('0');
    let comma = if decimals.is_empty() { "" } else { "," };
    format!("Produit\u{a0}: {what}, {grams}{comma}{decimals}\u{a0}g.")
}

fn amount(eligible: &EligibleOffence) -> Dict {
    dict! {
        "natinf" => eligible.natinf.to_string(),
        "amounts" => money::amounts(&eligible.amounts, eligible.confidence),
    }
}

fn surcharge(eligible: &EligibleOffence) -> Option<Dict> {
    (eligible.surcharge > 0).then(|| {
        dict! {
            "natinf" => eligible.natinf.to_string(),
            "percent" => eligible.surcharge.to_string(),
        }
    })
}

/// A condition and its answer; those that the person meets by signing are said apart.
fn condition(condition: Condition, checklist: &Checklist) -> Option<Dict> {
    let said = match condition {
        Condition::Understands => {
            "La personne comprend ce qui lui est dit (langue, état, protection juridique)"
        }
        Condition::TajQueried => "Le traitement d’antécédents judiciaires est consulté au préalable",
        Condition::NoRecidive => "La personne n’est pas en état de récidive légale",
        Condition::SeenOnTheSpot => "Les faits sont constatés sur place, en présence de la personne",
        Condition::AddressConfirmed => "L’adresse déclarée est confirmée",
        Condition::SingleProduct => "Un seul produit est en cause",
        Condition::Returned => "Les biens sont restitués ou la victime est indemnisée",
        Condition::NotDriving => "La personne ne conduit pas",
        Condition::NotPublicAgent => {
            "La personne n’est ni agent public ni personnel de transport en fonctions"
        }
        Condition::InsuranceChecked => {
            "Fichier des assurés, mémo de moins de quinze jours et vérification concordent"
        }
        Condition::Acknowledged | Condition::Destruction => return None,
    };
    let answer = match checklist.of(condition) {
        Answered::Met => "oui",
        Answered::NotMet => "non, ce que le texte admet",
        Answered::NotAsked => return None,
    };
    Some(dict! { "said" => said, "answer" => answer })
}
