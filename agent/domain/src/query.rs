//! Questions to police files, and answers that say what they prove.

use minicbor::decode::Error as DecodeError;
use minicbor::{Decode, Decoder, Encode};

use crate::canonical::text_that;
use crate::draft::{Draft, Field};
use crate::id::{QueryId, ServiceId};
use crate::identity::{CivilDate, DocumentReading, Layout};
use crate::legal_basis::{CheckBasis, PvFrame, QueryFrame};
use crate::officer::{Author, FileKind, Habilitation};
use crate::record::ActKind;
use crate::sensitive::Sensitive;
use crate::time::Timestamp;
use crate::vehicle::Plate;

mod answer;
mod registered;
mod share;

pub use answer::{Answer, Card, Homonym, NotAnswered, Outcome};
pub use registered::Registered;
pub use share::{MOST_OF_A_CREW, SHOWN_FOR, Share, ShareFate, SharedAnswer};

/// What a file is asked about.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub enum Term {
    #[n(0)]
    Person {
        #[n(0)]
        surname: Sensitive<String>,
        #[n(1)]
        given_name: Sensitive<String>,
        #[n(2)]
        born: Option<Sensitive<CivilDate>>,
    },
    #[n(1)]
    Vehicle {
        #[n(0)]
        plate: Plate,
    },
    /// A French document, by its kind and number.
    #[n(2)]
    Document {
        #[n(0)]
        kind: DocumentKind,
        #[n(1)]
        number: Sensitive<String>,
    },
}

/// The documents whose validity a file knows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Encode, Decode)]
#[cbor(index_only)]
pub enum DocumentKind {
    #[n(0)]
    Cni,
    #[n(1)]
    Passeport,
    /// Titre de séjour.
    #[n(2)]
    TitreSejour,
}

impl DocumentKind {
    pub const ALL: [Self; 3] = [Self::Cni, Self::Passeport, Self::TitreSejour];

    /// What a machine-readable zone says that it is; none of what France does not issue, or no file knows.
    pub fn of(reading: &DocumentReading) -> Option<Self> {
        let raw = reading.raw.reveal();
        // Only France printed that one.
        if reading.layout == Layout::OldCni {
            return Some(Self::Cni);
        }
        if reading.issuer != "FRA" {
            return None;
        }
        match reading.layout {
            Layout::Td3 if raw.starts_with('P') => Some(Self::Passeport),
            // ICAO 9303-5 §4.2.2: "IR" is what France prints on a titre de séjour.
            Layout::Td1 if raw.starts_with("IR") => Some(Self::TitreSejour),
            Layout::Td1 if raw.starts_with('I') => Some(Self::Cni),
            Layout::Td1
            | Layout::Td2
            | Layout::Td3
            | Layout::VisaA
            | Layout::VisaB
            | Layout::OldCni
            | Layout::Permis
            | Layout::CertificatImmatriculation => None,
        }
    }
}

impl Term {
    /// Whether `file` answers about this kind of term.
    pub const fn suits(&self, file: FileKind) -> bool {
        match file {
            FileKind::Fpr | FileKind::Snpc | FileKind::Taj => matches!(self, Self::Person { .. }),
            FileKind::Foves | FileKind::Siv | FileKind::Fva => matches!(self, Self::Vehicle { .. }),
            FileKind::Agdref => match self {
                Self::Person { .. } => true,
                Self::Document { kind, .. } => matches!(kind, DocumentKind::TitreSejour),
                Self::Vehicle { .. } => false,
            },
            FileKind::Docverif => matches!(self, Self::Document { .. }),
        }
    }

    /// Whether a check asks `file` about it without being told to: antecedents are asked for by themselves, and the
    /// file of titles of residence about a title alone.
    pub const fn is_of_every_check(&self, file: FileKind) -> bool {
        match file {
            FileKind::Fpr
            | FileKind::Foves
            | FileKind::Siv
            | FileKind::Snpc
            | FileKind::Fva
            | FileKind::Docverif => true,
            FileKind::Agdref => matches!(self, Self::Document { .. }),
            FileKind::Taj => false,
        }
    }

    /// What the draft says that `file` can be asked about.
    pub fn of(draft: &Draft, file: FileKind, now: Timestamp) -> Option<Self> {
        let document = || {
            let reading = draft.document(now)?.ok()?;
            Some(Self::Document {
                kind: DocumentKind::of(&reading)?,
                number: reading.number,
            })
        };
        let person = || {
            let person = draft.person(now)?;
            Some(Self::Person {
                surname: person.surname,
                given_name: person.given_names,
                born: person.born,
            })
        };
        let vehicle = || {
            let plate = Plate::read(draft.text(Field::Plate)).ok()?;
            Some(Self::Vehicle { plate })
        };
        let suits = |term: &Self| term.suits(file);
        document()
            .filter(suits)
            .or_else(|| person().filter(suits))
            .or_else(|| vehicle().filter(suits))
    }
}

/// Why a file is asked.
#[derive(Debug, Clone, Copy)]
pub struct Ground<'a> {
    /// In the officer's words.
    pub motive: &'a str,
    /// The kind of act that the answer is for.
    pub purpose: ActKind,
    pub frame: Option<QueryFrame>,
}

impl QueryFrame {
    /// What the act that `draft` is about to be is drawn up in; none where no text is chosen, or none is needed.
    pub fn of(draft: &Draft) -> Option<Self> {
        match draft.kind {
            ActKind::IdentityCheck | ActKind::Verification => {
                CheckBasis::from_code(draft.text(Field::CheckBasis)).map(Self::Check)
            }
            ActKind::Pv => PvFrame::from_code(draft.text(Field::PvFrame)).map(Self::Procedure),
            // A délit that its author sees being committed (article 53 CPP).
            ActKind::Afd => Some(Self::Procedure(PvFrame::Flagrance)),
            ActKind::Plainte
            | ActKind::Footage
            | ActKind::Pve
            | ActKind::Note
            | ActKind::VisaRequest
            | ActKind::Visa
            | ActKind::Alert
            | ActKind::SafeContact
            | ActKind::Custody => None,
        }
    }
}

/// A question with the reason that the law asks for; it cannot be built without one.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct Query {
    #[n(0)]
    pub id: QueryId,
    #[n(1)]
    pub file: FileKind,
    #[n(2)]
    pub term: Term,
    #[cbor(n(3), decode_with = "stated")]
    motive: Sensitive<String>,
    #[n(4)]
    pub author: Author,
    /// The right used (article 15-5 CPP), as it stood when the question left.
    #[n(5)]
    pub habilitation: Habilitation,
    #[n(6)]
    pub service: Option<ServiceId>,
    #[n(7)]
    pub asked: Timestamp,
    /// The kind of act that the answer is for; absent from questions of older programs.
    #[n(8)]
    pub purpose: Option<ActKind>,
    /// The frame in which it is asked; absent where the officer has chosen none.
    #[n(9)]
    pub frame: Option<QueryFrame>,
    /// Whom the answer is sealed to; the terminal where it is absent, as older programs ask.
    #[n(10)]
    pub reply_to: Option<ReplyKey>,
}

/// The X25519 key that opens an answer: it is in the database of the officer who asks, and opens with their code alone.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Encode, Decode)]
#[cbor(transparent)]
pub struct ReplyKey(#[cbor(n(0), with = "minicbor::bytes")] pub [u8; 32]);

/// The shortest reason that says anything, in characters.
const SHORTEST_MOTIVE: usize = 4;

fn stated<C>(d: &mut Decoder<'_>, _: &mut C) -> Result<Sensitive<String>, DecodeError> {
    let accepts = |text: &str| text.trim() == text && text.chars().count() >= SHORTEST_MOTIVE;
    text_that(d, accepts, "not a motive").map(Sensitive::new)
}

/// Why a question may not leave.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum QueryRefusal {
    MotiveMissing,
    NotHabilitated { file: FileKind },
    TermUnsuited { file: FileKind },
    FrameMissing { file: FileKind },
}

impl Query {
    #[expect(
        clippy::too_many_arguments,
        reason = "a question carries everything the law asks for, at once"
    )]
    pub fn new(
        id: QueryId,
        file: FileKind,
        term: Term,
        ground: Ground<'_>,
        author: Author,
        habilitation: Option<&Habilitation>,
        service: Option<ServiceId>,
        asked: Timestamp,
    ) -> Result<Self, QueryRefusal> {
        let motive = ground.motive.trim();
        if motive.chars().count() < SHORTEST_MOTIVE {
            return Err(QueryRefusal::MotiveMissing);
        }
        let Some(habilitation) = habilitation else {
            return Err(QueryRefusal::NotHabilitated { file });
        };
        if !term.suits(file) {
            return Err(QueryRefusal::TermUnsuited { file });
        }
        let query = Self {
            id,
            file,
            term,
            motive: Sensitive::new(motive.to_owned()),
            author,
            habilitation: *habilitation,
            service,
            asked,
            purpose: Some(ground.purpose),
            frame: ground.frame,
            reply_to: None,
        };
        if query.is_framed() {
            Ok(query)
        } else {
            Err(QueryRefusal::FrameMissing { file })
        }
    }

    /// The same, with an answer that `key` alone opens.
    pub fn answered_to(self, key: ReplyKey) -> Self {
        Self {
            reply_to: Some(key),
            ..self
        }
    }

    /// Whether it has the frame without which its file is not asked.
    pub fn is_framed(&self) -> bool {
        !self.file.needs_judicial_frame() || self.frame.is_some_and(QueryFrame::is_judicial)
    }

    pub const fn motive(&self) -> &Sensitive<String> {
        &self.motive
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::identity::read_mrz;

    fn kind(zone: &str) -> Option<DocumentKind> {
        let today = CivilDate::new(2026, 3, 12).unwrap();
        DocumentKind::of(&read_mrz(zone, today).unwrap())
    }

    #[test]
    fn a_french_card_is_known_by_its_zone_and_a_foreign_one_is_not_asked_about() {
        let card = "IDFRABERTHIER<<<<<<<<<<<<<<<<<<<<<<<\n8806923102858CORINNE<<<<<<<6512068F6";
        assert_eq!(kind(card), Some(DocumentKind::Cni));
        let utopian =
            "P<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<\nL898902C36UTO7408122F1204159ZE184226B<<<<<10";
        assert_eq!(kind(utopian), None);
    }

    #[test]
    fn cpp_230_10_antecedents_are_asked_in_a_judicial_frame_alone() {
        use CheckBasis::{Ci2, Ci8, Route};
        for (frame, judicial) in [
            (QueryFrame::Check(Ci2), true),
            (QueryFrame::Check(Ci8), false),
            (QueryFrame::Check(Route), false),
            (QueryFrame::Procedure(PvFrame::Flagrance), true),
            (QueryFrame::Procedure(PvFrame::Administratif), false),
            (QueryFrame::Urgent, false),
        ] {
            assert_eq!(frame.is_judicial(), judicial, "{frame:?}");
        }
    }

    #[test]
    fn nobody_is_looked_up_in_the_antecedents_by_a_check_alone() {
        let person = Term::Person {
            surname: "DURAND".into(),
            given_name: "MARC".into(),
            born: None,
        };
        let asked: Vec<FileKind> = FileKind::ALL
            .into_iter()
            .filter(|file| person.suits(*file) && person.is_of_every_check(*file))
            .collect();
        assert_eq!(asked, [FileKind::Fpr, FileKind::Snpc]);
    }
}
