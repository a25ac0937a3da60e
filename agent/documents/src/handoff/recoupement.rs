//! What a check compared and the seals that it read, as structured data.

use domain::identity::crosscheck::{Compared, Footing, Said, SealTrace};
use serde::Serialize;

use super::subjects::verdict;
use crate::crosscheck::{agreement, fact, kind, limit, source_name};

/// One fact, each source that states it, and what they come to.
#[derive(Serialize)]
pub(super) struct Recoupement<'a> {
    objet: &'static str,
    resultat: &'static str,
    sources: Vec<Source<'a>>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    reserves: Vec<&'static str>,
}

#[derive(Serialize)]
struct Source<'a> {
    nom: &'static str,
    vaut_preuve: bool,
    /// What it says, where sources differ; never what a file holds.
    #[serde(skip_serializing_if = "Option::is_none")]
    texte: Option<&'a str>,
}

impl<'a> From<&'a Compared> for Recoupement<'a> {
    fn from(compared: &'a Compared) -> Self {
        let source = |said: &'a Said| Source {
            nom: source_name(said.source),
            vaut_preuve: said.footing == Footing::Counts,
            texte: said.text.as_ref().map(|text| text.reveal().as_str()),
        };
        Self {
            objet: fact(compared.fact),
            resultat: agreement(compared.agreement),
            sources: compared.said.iter().map(source).collect(),
            reserves: compared.limits.iter().copied().map(limit).collect(),
        }
    }
}

/// A visible seal: what it is, who signed it, and what was found out.
#[derive(Serialize)]
pub(super) struct Cachet<'a> {
    sorte: &'static str,
    document: &'a str,
    #[serde(skip_serializing_if = "str::is_empty")]
    signataire: &'a str,
    #[serde(skip_serializing_if = "str::is_empty")]
    certificat: &'a str,
    /// Sequence of the list of signers that it was held against.
    #[serde(skip_serializing_if = "Option::is_none")]
    liste: Option<u64>,
    signature: &'static str,
    signataire_reconnu: &'static str,
    dates_non_depassees: &'static str,
}

impl<'a> From<&'a SealTrace> for Cachet<'a> {
    fn from(trace: &'a SealTrace) -> Self {
        Self {
            sorte: kind(trace.kind),
            document: &trace.document,
            signataire: &trace.signer,
            certificat: &trace.certificate,
            liste: trace.list.map(|list| list.sequence),
            signature: verdict(trace.verdicts.signature),
            signataire_reconnu: verdict(trace.verdicts.issuer_trusted),
            dates_non_depassees: verdict(trace.verdicts.in_date),
        }
    }
}
