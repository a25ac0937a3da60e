//! A person in an act: the lines that are known, and where the identity comes from.

use domain::Sensitive;
use domain::person::{BriefIdentity, FullIdentity, Identity, IdentitySource, Person, ShortIdentity};
use typst::foundations::Dict;

use crate::DocumentError;
use crate::act::line;
use crate::typed::{Typed, typed};

/// The identity line by line, its source last; only what is known.
pub(crate) fn lines(person: &Person) -> Result<Vec<Dict>, DocumentError> {
    rows(person, false)
}

/// The same with every rubric of its length: what is not known is a line to be closed.
pub(crate) fn rubrics(person: &Person) -> Result<Vec<Dict>, DocumentError> {
    rows(person, true)
}

/// What French procedure calls an identity of this length.
pub(crate) const fn length(person: &Person) -> &'static str {
    match person.identity {
        Identity::Brief(_) => "Identité succincte",
        Identity::Short(_) => "Petite identité",
        Identity::Full(_) => "Grande identité",
    }
}

fn rows(person: &Person, whole: bool) -> Result<Vec<Dict>, DocumentError> {
    let mut rows = Vec::new();
    for (label, value) in rubrics_of(&person.identity) {
        match value {
            Some(value) => rows.push(line(label, typed(&value)?)),
            None if whole => rows.push(line(label, typed("")?)),
            None => {}
        }
    }
    rows.push(line("Identité", typed(source(person.source))?));
    Ok(rows)
}

/// `NOM Prénoms`, as a récépissé names its holder.
pub(crate) fn name(identity: &BriefIdentity) -> String {
    let (surname, given_names) = (identity.surname.reveal(), identity.given_names.reveal());
    format!("{surname} {given_names}").trim().to_owned()
}

/// Of a line of its own; none where it is not known.
pub(crate) fn born(identity: &BriefIdentity) -> Result<Option<Typed>, DocumentError> {
    let born = identity.born.as_ref().map(|born| born.reveal().to_string());
    born.as_deref().map(typed).transpose()
}

type Rubric = (&'static str, Option<String>);

fn rubrics_of(identity: &Identity) -> Vec<Rubric> {
    match identity {
        Identity::Brief(identity) => brief(identity),
        Identity::Short(identity) => short(identity),
        Identity::Full(identity) => full(identity),
    }
}

fn brief(identity: &BriefIdentity) -> Vec<Rubric> {
    let given_names = identity.given_names.reveal();
    let born = identity.born.as_ref().map(|born| born.reveal().to_string());
    vec![
        ("Nom", Some(identity.surname.reveal().clone())),
        ("Prénoms", (!given_names.is_empty()).then(|| given_names.clone())),
        ("Date de naissance", born),
    ]
}

fn short(identity: &ShortIdentity) -> Vec<Rubric> {
    let mut rubrics = brief(&identity.brief);
    rubrics.extend([
        ("Lieu de naissance", known(&identity.birth_place)),
        ("Nationalité", known(&identity.nationality)),
        ("Profession", known(&identity.profession)),
        ("Adresse déclarée", known(&identity.address)),
        ("Téléphone", known(&identity.phone)),
        ("Courriel", known(&identity.email)),
    ]);
    rubrics
}

fn full(identity: &FullIdentity) -> Vec<Rubric> {
    let mut rubrics = short(&identity.short);
    rubrics.extend([
        ("Père", known(&identity.father)),
        ("Mère", known(&identity.mother)),
        ("Situation familiale", known(&identity.family_situation)),
        ("Employeur", known(&identity.employer)),
        ("Permis de conduire", known(&identity.driving_licence)),
    ]);
    rubrics
}

fn known(value: &Option<Sensitive<String>>) -> Option<String> {
    value.as_ref().map(|value| value.reveal().clone())
}

const fn source(source: IdentitySource) -> &'static str {
    match source {
        IdentitySource::Presentee => "d’après le document présenté",
        IdentitySource::Verifiee => "confirmée par un fichier ou une autorité",
        IdentitySource::Declaree => "déclarée, sans document à l’appui",
    }
}
