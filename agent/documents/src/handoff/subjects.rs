//! Whom and what an act is about: persons, documents, vehicles, licences, signatures by hand.

use domain::Sensitive;
use domain::identity::{CivilDate, DocumentReading, Verdict};
use domain::licence::Licence;
use domain::person::{FullIdentity, Identity, IdentitySource, Person, ShortIdentity};
use domain::photo::Photo;
use domain::piece::Piece;
use domain::place::RoadPlace;
use domain::pve::{OffenderSignature, SignedPad};
use domain::vehicle::{Registration, Vehicle};
use serde::Serialize;

use super::{HandoffError, Lieu, Moment, Reader, place};
use crate::controle;
use crate::road;

#[derive(Serialize)]
pub(super) struct Personne<'a> {
    source: &'static str,
    nom: &'a str,
    #[serde(skip_serializing_if = "str::is_empty")]
    prenoms: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    date_naissance: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    lieu_naissance: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    nationalite: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    profession: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    adresse: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    telephone: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    courriel: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pere: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    mere: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    situation_familiale: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    employeur: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    permis_conduire: Option<&'a str>,
}

pub(super) fn person(person: &Person) -> Personne<'_> {
    let brief = person.identity.brief();
    let (short, full): (Option<&ShortIdentity>, Option<&FullIdentity>) = match &person.identity {
        Identity::Brief(_) => (None, None),
        Identity::Short(short) => (Some(short), None),
        Identity::Full(full) => (Some(&full.short), Some(full)),
    };
    let of_short = |field: fn(&ShortIdentity) -> &Option<Sensitive<String>>| {
        short.and_then(|short| field(short).as_ref()).map(text)
    };
    let of_full = |field: fn(&FullIdentity) -> &Option<Sensitive<String>>| {
        full.and_then(|full| field(full).as_ref()).map(text)
    };
    Personne {
        source: match person.source {
            IdentitySource::Presentee => "présentée",
            IdentitySource::Verifiee => "vérifiée",
            IdentitySource::Declaree => "déclarée",
        },
        nom: text(&brief.surname),
        prenoms: text(&brief.given_names),
        date_naissance: brief.born.as_ref().map(|born| date(*born.reveal())),
        lieu_naissance: of_short(|short| &short.birth_place),
        nationalite: of_short(|short| &short.nationality),
        profession: of_short(|short| &short.profession),
        adresse: of_short(|short| &short.address),
        telephone: of_short(|short| &short.phone),
        courriel: of_short(|short| &short.email),
        pere: of_full(|full| &full.father),
        mere: of_full(|full| &full.mother),
        situation_familiale: of_full(|full| &full.family_situation),
        employeur: of_full(|full| &full.employer),
        permis_conduire: of_full(|full| &full.driving_licence),
    }
}

fn text(text: &Sensitive<String>) -> &str {
    text.reveal()
}

/// ISO 8601.
pub(super) fn date(date: CivilDate) -> String {
    date.date().to_string()
}

/// What a machine-readable zone said, and what was checked of it.
#[derive(Serialize)]
pub(super) struct Titre<'a> {
    format: &'static str,
    emetteur: &'a str,
    numero: &'a str,
    nom: &'a str,
    prenoms: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    date_naissance: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    date_expiration: Option<String>,
    bande_mrz: &'a str,
    cles_controle: &'static str,
    signature_electronique: &'static str,
    emetteur_reconnu: &'static str,
    en_cours_de_validite: &'static str,
    sans_signalement: &'static str,
}

pub(super) fn document(reading: &DocumentReading) -> Titre<'_> {
    let verdicts = reading.verdicts;
    Titre {
        format: controle::layout(reading.layout),
        emetteur: &reading.issuer,
        numero: text(&reading.number),
        nom: text(&reading.surname),
        prenoms: text(&reading.given_names),
        date_naissance: reading.born.as_ref().map(|born| date(*born.reveal())),
        date_expiration: reading.expires.map(date),
        bande_mrz: text(&reading.raw),
        cles_controle: verdict(verdicts.read),
        signature_electronique: verdict(verdicts.signature),
        emetteur_reconnu: verdict(verdicts.issuer_trusted),
        en_cours_de_validite: verdict(verdicts.in_date),
        sans_signalement: verdict(verdicts.status_known),
    }
}

pub(super) const fn verdict(verdict: Verdict) -> &'static str {
    match verdict {
        Verdict::Proven => "prouvé",
        Verdict::Refuted => "réfuté",
        Verdict::NotChecked => "non vérifié",
    }
}

#[derive(Serialize)]
pub(super) struct LieuRoute<'a> {
    #[serde(flatten)]
    lieu: Lieu<'a>,
    #[serde(skip_serializing_if = "Option::is_none")]
    voie: Option<&'a str>,
    /// From the road's origin.
    #[serde(skip_serializing_if = "Option::is_none")]
    point_routier_m: Option<u32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    sens: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    en_agglomeration: Option<bool>,
}

pub(super) fn road_place(at: &RoadPlace) -> LieuRoute<'_> {
    LieuRoute {
        lieu: place(&at.place),
        voie: at.point.as_ref().map(|point| point.road()),
        point_routier_m: at.point.as_ref().and_then(|point| point.point_m),
        sens: at.direction.as_deref(),
        en_agglomeration: at.agglomeration,
    }
}

#[derive(Serialize)]
pub(super) struct Vehicule<'a> {
    /// Lue, absente (a kind without registration) or illisible.
    immatriculation: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    plaque: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pays: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    genre: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    marque: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    modele: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    couleur: Option<&'a str>,
}

pub(super) fn vehicle(vehicle: &Vehicle) -> Vehicule<'_> {
    let (immatriculation, plaque, pays) = match &vehicle.registration {
        Registration::Read { plate, country } => ("lue", Some(plate.to_string()), Some(country.as_str())),
        Registration::None => ("sans immatriculation", None, None),
        Registration::NotReadable => ("illisible", None, None),
    };
    Vehicule {
        immatriculation,
        plaque,
        pays,
        genre: vehicle.genre.map(road::genre),
        marque: vehicle.make.as_deref(),
        modele: vehicle.model.as_deref(),
        couleur: vehicle.colour.as_deref(),
    }
}

#[derive(Serialize)]
pub(super) struct Permis<'a> {
    etat: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    numero: Option<&'a str>,
    #[serde(skip_serializing_if = "<[_]>::is_empty")]
    categories: &'a [String],
    #[serde(skip_serializing_if = "Option::is_none")]
    delivre: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    autorite: Option<&'a str>,
}

pub(super) fn licence(licence: &Licence) -> Permis<'_> {
    Permis {
        etat: road::status(licence.status),
        numero: licence.number.as_ref().map(text),
        categories: &licence.categories,
        delivre: licence.issued.map(date),
        autorite: licence.authority.as_deref(),
    }
}

/// A photograph by its content; the file travels beside the act.
#[derive(Serialize)]
pub(super) struct Photographie<'a> {
    nom: &'a str,
    sha256: String,
    octets: u64,
    format: &'static str,
    prise: Moment,
    #[serde(skip_serializing_if = "Option::is_none")]
    montre_objet: Option<u16>,
    #[serde(skip_serializing_if = "Option::is_none")]
    annotations: Option<usize>,
}

impl<'a> Reader<'a> {
    pub(super) fn photos(self, photos: &'a [Photo]) -> Result<Vec<Photographie<'a>>, HandoffError> {
        let read = |photo: &'a Photo| {
            Ok(Photographie {
                nom: &photo.name,
                sha256: photo.sha256.to_string(),
                octets: photo.bytes,
                format: photo.media.name(),
                prise: self.moment_of(photo.taken_at)?,
                montre_objet: photo.shows,
                annotations: Some(photo.marks.len()).filter(|marks| *marks > 0),
            })
        };
        photos.iter().map(read).collect()
    }
}

/// A file that the victim handed in; it travels with the act under this name.
#[derive(Serialize)]
pub(super) struct PieceJointe<'a> {
    nom: &'a str,
    libelle: &'a str,
    sha256: String,
    octets: u64,
    format: &'static str,
    remise: Moment,
}

impl<'a> Reader<'a> {
    pub(super) fn pieces(self, pieces: &'a [Piece]) -> Result<Vec<PieceJointe<'a>>, HandoffError> {
        let read = |piece: &'a Piece| {
            Ok(PieceJointe {
                nom: &piece.name,
                libelle: &piece.label,
                sha256: piece.sha256.to_string(),
                octets: piece.bytes,
                format: piece.kind.media_type(),
                remise: self.moment_of(piece.handed_in)?,
            })
        };
        pieces.iter().map(read).collect()
    }
}

/// What the person did with the locked summary.
#[derive(Serialize)]
pub(super) struct Signature {
    etat: &'static str,
    #[serde(flatten)]
    #[serde(skip_serializing_if = "Option::is_none")]
    empreintes: Option<Empreintes>,
}

#[derive(Serialize)]
pub(super) struct Empreintes {
    image_sha256: String,
    trace_sha256: String,
    recapitulatif_sha256: String,
}

pub(super) fn signature(signature: OffenderSignature) -> Signature {
    match signature {
        OffenderSignature::Signed(pad) => signed(pad),
        OffenderSignature::Declined => Signature {
            etat: "refusée",
            empreintes: None,
        },
        OffenderSignature::Absent => Signature {
            etat: "non recueillie",
            empreintes: None,
        },
    }
}

pub(super) fn signed(pad: SignedPad) -> Signature {
    Signature {
        etat: "signée",
        empreintes: Some(self::pad(pad)),
    }
}

pub(super) fn pad(pad: SignedPad) -> Empreintes {
    Empreintes {
        image_sha256: pad.image.to_string(),
        trace_sha256: pad.strokes.to_string(),
        recapitulatif_sha256: pad.shown.to_string(),
    }
}
