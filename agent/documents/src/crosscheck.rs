//! What a check compared, and what the seals of the document said.
//!
//! A difference is "à vérifier": the act never says which source is right.

use domain::identity::CivilDate;
use domain::identity::cachet::CachetKind;
use domain::identity::crosscheck::{Agreement, Compared, Fact, Footing, Limit, Said, SealTrace, Source};
use typst::foundations::Dict;

use crate::DocumentError;
use crate::act::line;
use crate::controle::said;
use crate::typed::{as_read, typed};

pub(crate) fn compared(all: &[Compared]) -> Result<Vec<Dict>, DocumentError> {
    all.iter().map(one).collect()
}

fn one(compared: &Compared) -> Result<Dict, DocumentError> {
    let sources: Vec<String> = compared.said.iter().map(source).collect();
    let sources = sources.join(", ");
    let verdict = agreement(compared.agreement);
    let verdict = match compared.agreement {
        Agreement::Different => format!("{verdict}\u{a0}: {sources}"),
        Agreement::SameAsFarAsRead | Agreement::OnlyHere | Agreement::Same => {
            format!("{verdict} ({sources})")
        }
    };
    let limits: Vec<&str> = compared.limits.iter().copied().map(limit).collect();
    let text = if limits.is_empty() {
        verdict
    } else {
        format!("{verdict}. {}", limits.join(". "))
    };
    Ok(line(fact(compared.fact), as_read(&text)?))
}

pub(crate) const fn agreement(agreement: Agreement) -> &'static str {
    match agreement {
        Agreement::Different => "différent, à vérifier",
        Agreement::SameAsFarAsRead => "concordant pour ce qui se lit",
        Agreement::OnlyHere => "non comparé",
        Agreement::Same => "concordant",
    }
}

pub(crate) const fn source_name(source: Source) -> &'static str {
    match source {
        Source::Zone => "zone de lecture",
        Source::Typed => "saisie de l’agent",
        Source::Seal => "cachet électronique",
        Source::File(file) => file.label(),
    }
}

fn source(said: &Said) -> String {
    let name = source_name(said.source);
    let worth = match said.footing {
        Footing::Counts => "",
        Footing::ShownOnly => ", sans valeur de preuve",
    };
    match &said.text {
        Some(text) => format!("{} ({name}{worth})", text.reveal()),
        None => format!("{name}{worth}"),
    }
}

pub(crate) const fn fact(fact: Fact) -> &'static str {
    match fact {
        Fact::Surname => "Nom",
        Fact::GivenNames => "Prénoms",
        Fact::Born => "Naissance",
        Fact::Sex => "Sexe",
        Fact::Number => "Numéro",
        Fact::Expiry => "Fin de validité",
        Fact::Nationality => "Nationalité",
        Fact::Plate => "Immatriculation",
        Fact::Vin => "Numéro d’identification",
        Fact::Make => "Marque",
    }
}

pub(crate) const fn limit(limit: Limit) -> &'static str {
    match limit {
        Limit::Truncated => "Le nom peut être coupé dans la zone",
        Limit::Transliterated => "La zone n’a pas les accents",
        Limit::Separators => "Traits d’union et apostrophes non comparés",
        Limit::FewerNames => "Une source ne donne que les premiers prénoms",
        Limit::OtherName => "Nom d’usage ou d’époux dans l’une des sources",
        Limit::PartOfDate => "Une source ne donne pas la date entière",
        Limit::Century => "La zone n’écrit pas le siècle",
        Limit::BlindDigit => "La clé de contrôle ne distingue pas ces caractères",
        Limit::NotProven => "Une source n’est pas prouvée et ne confirme rien",
    }
}

/// Each seal: what it is, and each question about it apart.
pub(crate) fn seals(traces: &[SealTrace]) -> Result<Vec<Vec<Dict>>, DocumentError> {
    traces.iter().map(seal).collect()
}

fn seal(trace: &SealTrace) -> Result<Vec<Dict>, DocumentError> {
    let signer = match (trace.signer.as_str(), trace.certificate.as_str()) {
        ("", "") => "inconnu".to_owned(),
        ("", certificate) => format!("certificat {certificate}"),
        (signer, certificate) => format!("{signer} (certificat {certificate})"),
    };
    let list = trace.list.map_or_else(
        || "aucune sur le terminal".to_owned(),
        |list| {
            let day = CivilDate::from(list.issued.civil(0).date());
            format!("n°\u{a0}{} du {day}", list.sequence)
        },
    );
    let verdicts = trace.verdicts;
    Ok(vec![
        line("Cachet", typed(kind(trace.kind))?),
        line("Document scellé", as_read(&trace.document)?),
        line("Signataire", as_read(&signer)?),
        line("Liste des signataires", typed(&list)?),
        line(
            "Signature du cachet",
            typed(said(verdicts.signature, "valable", "non valable"))?,
        ),
        line(
            "Signataire reconnu",
            typed(said(verdicts.issuer_trusted, "oui", "non"))?,
        ),
        line(
            "Dates du cachet",
            typed(said(verdicts.in_date, "non dépassées", "dépassées"))?,
        ),
    ])
}

pub(crate) const fn kind(kind: CachetKind) -> &'static str {
    match kind {
        CachetKind::TwoDDoc => "2D-Doc",
        CachetKind::Vds => "VDS (OACI 9303-13)",
        CachetKind::Idb => "IDB (OACI)",
        CachetKind::Cnie => "carte nationale d’identité, présumé",
    }
}
