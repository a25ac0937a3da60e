//! A person in an act: the lines that are known, and where the identity comes from.

use domain::Sensitive;
use domain::person::{BriefIdentity, FullIdentity, Identity, IdentitySource, Person, ShortIdentity};
use typst::foundations::Dict;

use crate::DocumentError;
use crate::act::line;
use crate::typed::typed;

/// The identity line by line, its source last.
pub(crate) fn lines(person: &Person) -> Result<Vec<Dict>, DocumentError> {
    let mut lines = match &person.identity {
        Identity::Brief(identity) => brief(identity),
        Identity::Short(identity) => short(identity),
        Identity::Full(identity) => full(identity),
    }?;
    lines.push(line("Identité", typed(source(person.source))?));
    Ok(lines)
}

/// `NOM Prénoms`, as a récépissé names its holder.
pub(crate) fn name(identity: &BriefIdentity) -> String {
    let (surname, given_names) = (identity.surname.reveal(), identity.given_names.reveal());
    format!("{surname} {given_names}").trim().to_owned()
}

fn brief(identity: &BriefIdentity) -> Result<Vec<Dict>, DocumentError> {
    let mut lines = vec![line("Nom", typed(identity.surname.reveal())?)];
    let given_names = identity.given_names.reveal();
    if !given_names.is_empty() {
        lines.push(line("Prénoms", typed(given_names)?));
    }
    if let Some(born) = &identity.born {
        lines.push(line("Date de naissance", typed(&born.reveal().to_string())?));
    }
    Ok(lines)
}

fn short(identity: &ShortIdentity) -> Result<Vec<Dict>, DocumentError> {
    let mut lines = brief(&identity.brief)?;
    add(&mut lines, "Lieu de naissance", identity.birth_place.as_ref())?;
    add(&mut lines, "Nationalité", identity.nationality.as_ref())?;
    add(&mut lines, "Profession", identity.profession.as_ref())?;
    add(&mut lines, "Adresse déclarée", identity.address.as_ref())?;
    add(&mut lines, "Téléphone", identity.phone.as_ref())?;
    add(&mut lines, "Courriel", identity.email.as_ref())?;
    Ok(lines)
}

fn full(identity: &FullIdentity) -> Result<Vec<Dict>, DocumentError> {
    let mut lines = short(&identity.short)?;
    add(&mut lines, "Père", identity.father.as_ref())?;
    add(&mut lines, "Mère", identity.mother.as_ref())?;
    add(
        &mut lines,
        "Situation familiale",
        identity.family_situation.as_ref(),
    )?;
    add(&mut lines, "Employeur", identity.employer.as_ref())?;
    add(
        &mut lines,
        "Permis de conduire",
        identity.driving_licence.as_ref(),
    )?;
    Ok(lines)
}

fn add(lines: &mut Vec<Dict>, label: &str, value: Option<&Sensitive<String>>) -> Result<(), DocumentError> {
    if let Some(value) = value {
        lines.push(line(label, typed(value.reveal())?));
    }
    Ok(())
}

const fn source(source: IdentitySource) -> &'static str {
    match source {
        IdentitySource::Presentee => "d’après le document présenté",
        IdentitySource::Verifiee => "confirmée par un fichier ou une autorité",
        IdentitySource::Declaree => "déclarée, sans document à l’appui",
    }
}
