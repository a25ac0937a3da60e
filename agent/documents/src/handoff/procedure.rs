//! What a general PV says besides its account: who was heard and how, objects, mentions, renvois, and who signed.

use domain::Sensitive;
use domain::hand::{Certainty, HandOutcome, HandSigner, SignerRole};
use domain::photo::Photo;
use domain::plainte::{HandedOver, RightsSheet};
use domain::pv::{Counsel, Exchange, HeardAs, Hearing, Interpreter, Item, Link, Pv, Renvoi, SuspectNotice};
use serde::Serialize;

use super::subjects::{Empreintes, Personne, pad, person};
use super::{HandoffError, Moment, Reader, moment};

#[derive(Serialize)]
pub(super) struct Audition<'a> {
    personne: Personne<'a>,
    entendue_comme: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    notification: Option<Notification<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    interprete: Option<Interprete<'a>>,
    commencee: Moment,
    declaration: Vec<&'a str>,
    echanges: Vec<Echange<'a>>,
}

/// The rights of 61-1 CPP.
#[derive(Serialize)]
struct Notification<'a> {
    faite: Moment,
    langue: &'a str,
    avocat_present: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    avocat: Option<&'a str>,
}

#[derive(Serialize)]
pub(super) struct Interprete<'a> {
    nom: &'a str,
    langue: &'a str,
    serment: bool,
    lien: &'static str,
    par_telephone: bool,
}

#[derive(Serialize)]
pub(super) struct Echange<'a> {
    question: &'a str,
    reponse: &'a str,
}

pub(super) fn exchanges(exchanges: &[Exchange]) -> Vec<Echange<'_>> {
    exchanges
        .iter()
        .map(|exchange| Echange {
            question: said(&exchange.question),
            reponse: said(&exchange.answer),
        })
        .collect()
}

impl<'a> Reader<'a> {
    pub(super) fn hearing(self, hearing: &'a Hearing) -> Result<Audition<'a>, HandoffError> {
        let (entendue_comme, notice) = match &hearing.heard_as {
            HeardAs::Witness => ("témoin", None),
            HeardAs::Victim => ("victime", None),
            HeardAs::Suspect(notice) => ("mis en cause libre", Some(notice)),
        };
        Ok(Audition {
            personne: person(&hearing.person),
            entendue_comme,
            notification: notice.map(|notice| notified(notice)).transpose()?,
            interprete: hearing.interpreter.as_ref().map(interpreter),
            commencee: self.moment_of(hearing.begun)?,
            declaration: hearing.statement.iter().map(said).collect(),
            echanges: exchanges(&hearing.exchanges),
        })
    }
}

fn said(text: &Sensitive<String>) -> &str {
    text.reveal()
}

fn notified(notice: &SuspectNotice) -> Result<Notification<'_>, HandoffError> {
    let avocat = match &notice.counsel {
        Counsel::Waived => None,
        Counsel::Present(name) => Some(said(name)),
    };
    Ok(Notification {
        faite: moment(notice.at)?,
        langue: &notice.language,
        avocat_present: avocat.is_some(),
        avocat,
    })
}

pub(super) fn interpreter(interpreter: &Interpreter) -> Interprete<'_> {
    Interprete {
        nom: said(&interpreter.name),
        langue: &interpreter.language,
        serment: interpreter.sworn,
        lien: match interpreter.link {
            Link::None => "aucun",
            Link::Relative => "proche",
            Link::Child => "enfant",
            Link::Neighbour => "voisin",
        },
        par_telephone: interpreter.by_telephone,
    }
}

#[derive(Serialize)]
pub(super) struct Objet<'a> {
    numero: usize,
    quantite: &'a str,
    description: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    scelle: Option<&'a str>,
    sort: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    trouve_ou: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    trouve_par: Option<&'a str>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    photographies_sha256: Vec<String>,
}

/// The objects of an act, each with the photographs that show it.
pub(super) fn inventory(pv: &Pv) -> Vec<Objet<'_>> {
    let objects = (1_usize..).zip(&pv.inventory);
    objects
        .map(|(number, object)| item(number, object, &pv.photos))
        .collect()
}

fn item<'a>(number: usize, item: &'a Item, photos: &[Photo]) -> Objet<'a> {
    let shown = photos
        .iter()
        .filter(|photo| photo.shows.map(usize::from) == Some(number));
    let told = |text: &'a String| Some(text.as_str()).filter(|text| !text.is_empty());
    let found = item.found.as_ref();
    Objet {
        numero: number,
        trouve_ou: found.and_then(|found| told(&found.place)),
        trouve_par: found.and_then(|found| told(&found.by)),
        photographies_sha256: shown.map(|photo| photo.sha256.to_string()).collect(),
        quantite: &item.quantity,
        description: &item.description,
        scelle: item.seal.as_deref(),
        sort: item.fate.code(),
    }
}

/// A correction after the reading; without approval it is void (107 CPP).
#[derive(Serialize)]
pub(super) struct Correction<'a> {
    endroit: &'a str,
    texte: &'a str,
    approuve: bool,
}

pub(super) fn renvoi(renvoi: &Renvoi) -> Correction<'_> {
    Correction {
        endroit: &renvoi.place,
        texte: &renvoi.text,
        approuve: renvoi.approved,
    }
}

/// Somebody who was asked to sign by hand (A.53-4 CPP).
#[derive(Serialize)]
pub(super) struct Signataire<'a> {
    role: &'static str,
    nom: &'a str,
    identite: &'static str,
    #[serde(flatten)]
    issue: Issue<'a>,
}

/// What came of asking somebody to sign.
#[derive(Serialize)]
struct Issue<'a> {
    etat: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    motif: Option<&'a str>,
    #[serde(flatten)]
    #[serde(skip_serializing_if = "Option::is_none")]
    empreintes: Option<Empreintes>,
}

/// The sheet of rights that a victim read, and the signature under it.
#[derive(Serialize)]
pub(super) struct Fiche<'a> {
    sha256: String,
    remise: &'static str,
    #[serde(flatten)]
    issue: Issue<'a>,
}

fn issue(outcome: &HandOutcome) -> Issue<'_> {
    let (etat, motif) = match outcome {
        HandOutcome::Signed(_) => ("signée", None),
        HandOutcome::Refuses { reason } => ("refusée", Some(reason.as_str())),
        HandOutcome::Unable { reason } => ("impossible", Some(reason.as_str())),
    };
    Issue {
        etat,
        motif,
        empreintes: outcome.pad().map(pad),
    }
}

pub(super) fn sheet(sheet: &RightsSheet) -> Fiche<'_> {
    Fiche {
        sha256: sheet.sha256.to_string(),
        remise: match sheet.handed {
            HandedOver::Paper => "papier",
            HandedOver::File => "fichier",
            HandedOver::Declined => "non souhaitée",
        },
        issue: issue(&sheet.outcome),
    }
}

pub(super) fn signer(signed: &HandSigner) -> Signataire<'_> {
    Signataire {
        role: match signed.signer.role {
            SignerRole::Person => "personne",
            SignerRole::Interpreter => "interprète",
            SignerRole::Counsel => "avocat",
            SignerRole::Assistant => "assistant",
            SignerRole::Representative => "représentant",
        },
        nom: said(&signed.signer.name),
        identite: match signed.signer.certainty {
            Certainty::Established => "établie",
            Certainty::Presumed => "présumée",
            Certainty::Unknown => "inconnue",
        },
        issue: issue(&signed.outcome),
    }
}
