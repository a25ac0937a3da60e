//! A signed act as structured data for the drafting systems of the station: record in, JSON out
//! (`docs/formats/act.schema.json`).
//!
//! Names are those of the acts, in French. A field is there when the record says it: what is not known is absent, and
//! nothing is made up. The signed record stays the act; this is a reading of it.

mod bodies;
mod forfait;
mod measure;
mod procedure;
mod recoupement;
mod recueil;
mod subjects;

use domain::enrolment::KeyProtection;
use domain::natinf::{InForce, Natinf, Offence, ReferenceSet, ReferenceVersion};
use domain::officer::{Corps, Matricule};
use domain::place::{Place, Position};
use domain::record::{Act, DocumentDigest, Record, Retention};
use domain::retention::Term;
use domain::{Timestamp, UnixMs};
use serde::Serialize;
use thiserror::Error;

use crate::act;
use crate::offence;
use crate::words;
use bodies::Body;

/// The version of the schema; a reader refuses another.
pub const VERSION: u8 = 1;

/// Why a record is not handed over.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum HandoffError {
    #[error("footage is handed over as evidence, not as an act")]
    Footage,
    /// Its purpose is its own, and no path feeds it into another file.
    #[error("a recueil de renseignements is not handed over")]
    Note,
    #[error("a visa is handed over as evidence, not as an act")]
    Visa,
    /// 78-3 CPP: no memory of it is kept in a file.
    #[error("a vérification d'identité is handed over on paper, to the procedure that follows it")]
    Verification,
    #[error("a moment of the act is outside the calendar")]
    Moment,
}

/// The JSON of a signed record, UTF-8 with a line feed at its end. The labels of offences are those of `reference`
/// where it is the set that the act was drawn up with; otherwise they are absent, and the JSON says why.
pub fn handoff(record: &Record, reference: &ReferenceSet) -> Result<Vec<u8>, HandoffError> {
    let reader = Reader {
        record,
        reference: (reference.version == record.reference).then_some(reference),
    };
    let mut json = serde_json::to_vec_pretty(&reader.act()?).expect("every key is a text");
    json.push(b'\n');
    Ok(json)
}

/// What the parts of an act are read with.
#[derive(Clone, Copy)]
struct Reader<'a> {
    record: &'a Record,
    /// None when the act was drawn up with another set.
    reference: Option<&'a ReferenceSet>,
}

#[derive(Serialize)]
struct Acte<'a> {
    format: &'static str,
    version: u8,
    nature: &'static str,
    identifiant: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    numero: Option<String>,
    formation: bool,
    commence: Moment,
    signe: Moment,
    redacteur: Redacteur<'a>,
    terminal: &'a str,
    cle_materielle: bool,
    service: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    intervention: Option<String>,
    referentiel: &'a str,
    /// True when the labels are missing because whoever hands the act over has not that set; absent otherwise.
    #[serde(skip_serializing_if = "Option::is_none")]
    referentiel_inconnu: Option<bool>,
    #[serde(skip_serializing_if = "Option::is_none")]
    document: Option<Document>,
    #[serde(skip_serializing_if = "Option::is_none")]
    rectifie: Option<Rectifie>,
    #[serde(skip_serializing_if = "Option::is_none")]
    conservation: Option<Conservation>,
    #[serde(flatten)]
    body: Body<'a>,
}

/// A moment for machines and as the act prints it.
#[derive(Serialize)]
struct Moment {
    /// RFC 3339, with the offset of the place.
    instant: String,
    /// IANA.
    zone: &'static str,
    texte: String,
}

#[derive(Serialize)]
struct Redacteur<'a> {
    corps: &'static str,
    matricule: Number<'a>,
    grade: &'a str,
    qualite: &'static str,
    article: &'static str,
    unite: &'a str,
}

#[derive(Serialize)]
struct Number<'a> {
    nature: &'static str,
    numero: &'a str,
}

/// The first `octets` bytes of the act's PDF have this digest; its electronic signature follows them.
#[derive(Serialize)]
struct Document {
    sha256: String,
    octets: u64,
}

#[derive(Serialize)]
struct Rectifie {
    acte: String,
    enregistrement_sha256: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    motif: Option<&'static str>,
}

#[derive(Serialize)]
struct Conservation {
    terme: &'static str,
    jusque: Moment,
}

#[derive(Serialize)]
struct Lieu<'a> {
    adresse: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    commune_insee: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    position: Option<Coordonnees>,
}

#[derive(Serialize)]
struct Coordonnees {
    latitude: f64,
    longitude: f64,
    precision_m: u32,
}

#[derive(Serialize)]
struct Infraction<'a> {
    natinf: u32,
    #[serde(skip_serializing_if = "Option::is_none")]
    nature: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    libelle: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    prevue_par: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    reprimee_par: Option<&'a str>,
}

impl<'a> Reader<'a> {
    fn act(self) -> Result<Acte<'a>, HandoffError> {
        let record = self.record;
        let context = &record.context;
        let author = &context.author;
        let started = match &record.act {
            Act::IdentityCheck(check) => check.started,
            Act::Pv(pv) => pv.started,
            Act::Plainte(plainte) => plainte.started,
            Act::Pve(pve) => pve.started,
            Act::Afd(afd) => afd.started,
            Act::Footage(_) => return Err(HandoffError::Footage),
            Act::Note(_) => return Err(HandoffError::Note),
            Act::VisaRequest(_) | Act::Visa(_) | Act::Alert(_) | Act::SafeContact(_) | Act::Custody(_) => {
                return Err(HandoffError::Visa);
            }
            Act::Verification(_) => return Err(HandoffError::Verification),
        };
        let ReferenceVersion(referentiel) = &record.reference;
        Ok(Acte {
            format: "neo-acte",
            version: VERSION,
            nature: record.act.kind().code(),
            identifiant: record.id.to_string(),
            numero: record.number.map(|number| number.to_string()),
            formation: context.formation,
            commence: moment(started)?,
            signe: moment(record.signed_at)?,
            redacteur: Redacteur {
                corps: match author.matricule.corps() {
                    Corps::PoliceNationale => "police nationale",
                    Corps::GendarmerieNationale => "gendarmerie nationale",
                },
                matricule: number(&author.matricule),
                grade: &author.rank,
                qualite: author.quality.label(),
                article: act::article(author.quality),
                unite: &author.unit,
            },
            terminal: context.device.as_str(),
            cle_materielle: context.protection == KeyProtection::Hardware,
            service: context.service.to_string(),
            intervention: context.intervention.map(|id| id.to_string()),
            referentiel,
            referentiel_inconnu: self.reference.is_none().then_some(true),
            document: record.document.map(document),
            rectifie: record.corrects.map(|correction| Rectifie {
                acte: correction.act.to_string(),
                enregistrement_sha256: correction.record.to_string(),
                motif: correction.refusal.map(act::refusal),
            }),
            conservation: record.retention.map(|kept| self.kept(kept)).transpose()?,
            body: self.body()?,
        })
    }

    fn kept(self, retention: Retention) -> Result<Conservation, HandoffError> {
        Ok(Conservation {
            terme: match retention.term {
                Term::Footage => "enregistrement audiovisuel, CSI R.241-4",
                Term::IdentityVerification => "vérification d’identité, CPP 78-3",
                Term::ConsultationLog => "journal des consultations, CSI R.241-5",
                Term::Note => "recueil de renseignements",
            },
            jusque: self.moment_of(retention.until)?,
        })
    }

    /// A moment that only the terminal's clock tells, in the zone in which the act was signed.
    fn moment_of(self, at: UnixMs) -> Result<Moment, HandoffError> {
        moment(Timestamp {
            utc: at,
            ..self.record.signed_at
        })
    }

    /// What `natinf` is, or was on the day of `law`.
    fn offence(self, natinf: Natinf, law: Option<InForce<'a>>) -> Infraction<'a> {
        let known: Option<&Offence> = match law {
            Some(law) => law.find(natinf).ok(),
            None => self.reference.and_then(|reference| reference.find(natinf)),
        };
        Infraction {
            natinf: natinf.code(),
            nature: known.map(|offence| offence::nature(offence.nature)),
            libelle: known.map(|offence| offence.label.as_str()),
            prevue_par: known.map(|offence| offence.defined_by.as_str()),
            reprimee_par: known.map(|offence| offence.punished_by.as_str()),
        }
    }

    fn offences(self, natinf: &[Natinf]) -> Vec<Infraction<'a>> {
        natinf.iter().map(|natinf| self.offence(*natinf, None)).collect()
    }
}

fn moment(at: Timestamp) -> Result<Moment, HandoffError> {
    let offset = jiff::tz::Offset::from_seconds(i32::from(at.offset_min) * 60);
    let instant = jiff::Timestamp::from_millisecond(at.utc.0);
    let (Ok(offset), Ok(instant)) = (offset, instant) else {
        return Err(HandoffError::Moment);
    };
    Ok(Moment {
        instant: instant.display_with_offset(offset).to_string(),
        zone: at.zone.iana(),
        texte: words::moment(at.local()),
    })
}

fn number(matricule: &Matricule) -> Number<'_> {
    Number {
        nature: matricule.label(),
        numero: matricule.number(),
    }
}

fn document(digest: DocumentDigest) -> Document {
    Document {
        sha256: digest.sha256.to_string(),
        octets: digest.bytes,
    }
}

fn place(place: &Place) -> Lieu<'_> {
    Lieu {
        adresse: &place.address,
        commune_insee: place.commune.as_deref(),
        position: place.position.map(coordinates),
    }
}

fn coordinates(position: Position) -> Coordonnees {
    Coordonnees {
        latitude: f64::from(position.latitude_e6) / 1e6,
        longitude: f64::from(position.longitude_e6) / 1e6,
        precision_m: position.accuracy_m,
    }
}
