//! What act a procès-verbal establishes: one act, one PV in flagrance (D.10 CPP).

use minicbor::{Decode, Encode};

use crate::legal_basis::PvFrame;
use crate::officer::Quality;

/// The acts of street work that a general PV establishes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default, Encode, Decode)]
#[cbor(index_only)]
pub enum PvKind {
    /// Saisine and findings.
    #[default]
    #[n(0)]
    Constatations,
    #[n(1)]
    Interpellation,
    #[n(2)]
    Audition,
    #[n(3)]
    Transport,
    #[n(4)]
    Notification,
    /// Objects seized, destroyed or given back.
    #[n(5)]
    Inventaire,
    /// The list of what goes to a magistrate or a service.
    #[n(6)]
    Bordereau,
    /// Corrects a signed act, which stays as it is.
    #[n(7)]
    Rectification,
    /// Withdraws a signed act, with its reasons; the act stays as it is.
    #[n(8)]
    Annulation,
    /// Somebody arrested is handed to an OPJ.
    #[n(9)]
    MiseADisposition,
    /// Screening and proof of alcohol: fiches A, B and C.
    #[n(10)]
    Alcoolemie,
    /// Screening and proof of drugs.
    #[n(11)]
    Stupefiants,
    /// A licence is kept (L.224-1 C. route).
    #[n(12)]
    Retention,
    /// A vehicle is immobilised, impounded, or let go (L.325-1 s. C. route).
    #[n(13)]
    Immobilisation,
    /// Somebody drunk in public (L.3341-1 CSP).
    #[n(14)]
    Ivresse,
    /// A minor is handed to who has parental authority.
    #[n(15)]
    Remise,
    /// A suspect is summoned (61-1 CPP).
    #[n(16)]
    Convocation,
    /// A witness or a neighbour says, in a few words, what they saw.
    #[n(17)]
    Temoignage,
    /// A call for violence in a family.
    #[n(18)]
    Domicile,
    /// What came of an intervention.
    #[n(19)]
    CompteRendu,
    /// Papers that were not shown are to be, within five days (R.233-1 C. route).
    #[n(20)]
    Justification,
}

impl PvKind {
    pub const ALL: [Self; 21] = [
        Self::Constatations,
        Self::Interpellation,
        Self::Audition,
        Self::Transport,
        Self::Notification,
        Self::Inventaire,
        Self::Bordereau,
        Self::Rectification,
        Self::Annulation,
        Self::MiseADisposition,
        Self::Alcoolemie,
        Self::Stupefiants,
        Self::Retention,
        Self::Immobilisation,
        Self::Ivresse,
        Self::Remise,
        Self::Convocation,
        Self::Temoignage,
        Self::Domicile,
        Self::CompteRendu,
        Self::Justification,
    ];

    pub const fn code(self) -> &'static str {
        match self {
            Self::Constatations => "CONSTATATIONS",
            Self::Interpellation => "INTERPELLATION",
            Self::Audition => "AUDITION",
            Self::Transport => "TRANSPORT",
            Self::Notification => "NOTIFICATION",
            Self::Inventaire => "INVENTAIRE",
            Self::Bordereau => "BORDEREAU",
            Self::Rectification => "RECTIFICATION",
            Self::Annulation => "ANNULATION",
            Self::MiseADisposition => "MISE-A-DISPOSITION",
            Self::Alcoolemie => "ALCOOLEMIE",
            Self::Stupefiants => "STUPEFIANTS",
            Self::Retention => "RETENTION-PERMIS",
            Self::Immobilisation => "IMMOBILISATION",
            Self::Ivresse => "IVRESSE",
            Self::Remise => "REMISE-MINEUR",
            Self::Convocation => "CONVOCATION",
            Self::Temoignage => "TEMOIGNAGE",
            Self::Domicile => "DOMICILE",
            Self::CompteRendu => "COMPTE-RENDU",
            Self::Justification => "JUSTIFICATION",
        }
    }

    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.code() == code)
    }

    /// The act as its heading names it.
    pub const fn title(self) -> &'static str {
        match self {
            Self::Constatations => "Constatations",
            Self::Interpellation => "Interpellation",
            Self::Audition => "Audition",
            Self::Transport => "Transport",
            Self::Notification => "Notification",
            Self::Inventaire => "Inventaire",
            Self::Bordereau => "Bordereau d'envoi",
            Self::Rectification => "Rectification",
            Self::Annulation => "Annulation motivée",
            Self::MiseADisposition => "Mise à disposition",
            Self::Alcoolemie => "Vérification de l’alcoolémie",
            Self::Stupefiants => "Dépistage de stupéfiants",
            Self::Retention => "Avis de rétention du permis de conduire",
            Self::Immobilisation => "Fiche d’immobilisation",
            Self::Ivresse => "Ivresse publique et manifeste",
            Self::Remise => "Remise de mineur",
            Self::Convocation => "Convocation (61-1 CPP)",
            Self::Temoignage => "Témoignage recueilli sur place",
            Self::Domicile => "Intervention au domicile, violences intrafamiliales",
            Self::CompteRendu => "Compte rendu d’intervention",
            Self::Justification => "Documents à justifier",
        }
    }

    /// The frame in which the act is usually drawn up: the officer's to change.
    pub const fn usual_frame(self) -> PvFrame {
        match self {
            Self::Immobilisation
            | Self::Ivresse
            | Self::Remise
            | Self::Domicile
            | Self::CompteRendu
            | Self::Justification => PvFrame::Administratif,
            Self::Convocation | Self::Temoignage => PvFrame::Preliminaire,
            Self::Constatations
            | Self::Interpellation
            | Self::Audition
            | Self::Transport
            | Self::Notification
            | Self::Inventaire
            | Self::Bordereau
            | Self::Rectification
            | Self::Annulation
            | Self::MiseADisposition
            | Self::Alcoolemie
            | Self::Stupefiants
            | Self::Retention => PvFrame::Flagrance,
        }
    }

    /// Whether the act is begun as what it is, and stays so: a measure of the patrol's day.
    pub const fn is_measure(self) -> bool {
        match self {
            Self::MiseADisposition
            | Self::Alcoolemie
            | Self::Stupefiants
            | Self::Retention
            | Self::Immobilisation
            | Self::Ivresse
            | Self::Remise
            | Self::Convocation
            | Self::Temoignage
            | Self::Domicile
            | Self::CompteRendu
            | Self::Justification => true,
            Self::Constatations
            | Self::Interpellation
            | Self::Audition
            | Self::Transport
            | Self::Notification
            | Self::Inventaire
            | Self::Bordereau
            | Self::Rectification
            | Self::Annulation => false,
        }
    }

    /// Whether the act is about somebody who is named in it.
    pub const fn concerns_a_person(self) -> bool {
        match self {
            Self::Notification
            | Self::MiseADisposition
            | Self::Alcoolemie
            | Self::Stupefiants
            | Self::Retention
            | Self::Ivresse
            | Self::Remise
            | Self::Convocation
            | Self::Temoignage
            | Self::Justification => true,
            Self::Constatations
            | Self::Interpellation
            | Self::Audition
            | Self::Transport
            | Self::Inventaire
            | Self::Bordereau
            | Self::Rectification
            | Self::Annulation
            | Self::Immobilisation
            | Self::Domicile
            | Self::CompteRendu => false,
        }
    }

    /// Whether the person whom the act names is the one whom the procedure is against.
    pub const fn accuses(self) -> bool {
        matches!(
            self,
            Self::Interpellation | Self::MiseADisposition | Self::Alcoolemie | Self::Stupefiants
        )
    }

    /// Whether the act is about an offence whose author it does not name.
    pub const fn is_against_x(self) -> bool {
        matches!(self, Self::Constatations | Self::Transport | Self::Audition)
    }

    pub(crate) const fn is_constatations(&self) -> bool {
        matches!(self, Self::Constatations)
    }

    /// Whether an officer of `quality` establishes this act: APJA report what they saw, and hear nobody
    /// (articles 20 and 21 CPP).
    pub const fn open_to(self, quality: Quality) -> bool {
        match self {
            Self::Audition
            | Self::Notification
            | Self::Inventaire
            | Self::MiseADisposition
            | Self::Alcoolemie
            | Self::Stupefiants
            | Self::Retention
            | Self::Convocation
            | Self::Temoignage => quality.takes_complaints(),
            Self::Constatations
            | Self::Interpellation
            | Self::Transport
            | Self::Bordereau
            | Self::Rectification
            | Self::Annulation
            | Self::Immobilisation
            | Self::Ivresse
            | Self::Remise
            | Self::Domicile
            | Self::CompteRendu
            | Self::Justification => true,
        }
    }
}

/// How the author came to act.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Encode, Decode)]
#[cbor(index_only)]
pub enum Origin {
    #[n(0)]
    Patrol,
    /// Called by the operations centre (CIC or CORG).
    #[n(1)]
    Called,
    #[n(2)]
    OwnInitiative,
    /// On the instructions of a superior or a magistrate.
    #[n(3)]
    Instructions,
    /// On written réquisitions of the prosecutor.
    #[n(4)]
    Requisition,
}

impl Origin {
    pub const ALL: [Self; 5] = [
        Self::Patrol,
        Self::Called,
        Self::OwnInitiative,
        Self::Instructions,
        Self::Requisition,
    ];

    pub const fn code(self) -> &'static str {
        match self {
            Self::Patrol => "PATROUILLE",
            Self::Called => "APPEL",
            Self::OwnInitiative => "INITIATIVE",
            Self::Instructions => "INSTRUCTIONS",
            Self::Requisition => "REQUISITION",
        }
    }

    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|origin| origin.code() == code)
    }
}

/// How the crew is recognised.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Encode, Decode)]
#[cbor(index_only)]
pub enum Dress {
    #[n(0)]
    Uniform,
    /// Plain clothes, with the armband "police" or "gendarmerie".
    #[n(1)]
    PlainWithArmband,
}

impl Dress {
    pub const ALL: [Self; 2] = [Self::Uniform, Self::PlainWithArmband];

    pub const fn code(self) -> &'static str {
        match self {
            Self::Uniform => "TENUE",
            Self::PlainWithArmband => "CIVIL",
        }
    }

    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|dress| dress.code() == code)
    }
}
