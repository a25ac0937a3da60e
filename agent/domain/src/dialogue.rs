//! The dialogue with the screens: what an officer wants ([`Intent`]) and what is true now ([`View`]).
//!
//! Views are whole and repeatable: the last one of each variant is all that a screen shows. No word for people is
//! here but data; the screens choose the words.

mod alert;
mod appearance;
mod budget;
mod camera;
mod crew;
mod dispatch;
mod draft;
mod enrolment;
mod film;
mod home;
mod intent;
mod notice;
mod recording;
mod scan;
mod suivi;
mod visa;

use minicbor::decode::Error as DecodeError;
use minicbor::encode::{Error as EncodeError, Write};
use minicbor::{Decode, Decoder, Encode, Encoder};

use crate::canonical::Digest;
use crate::delivery::Delivery;
use crate::id::{ActId, ActNumber};
use crate::identity::Verdict;
use crate::plainte::Language;
use crate::printing::PrintingView;
use crate::pv::Leaflet;
use crate::record::ActKind;
use crate::sensitive::Secret;
use crate::time::{Timestamp, UnixMs};

pub use alert::AlertLine;
pub use appearance::{Appearance, TextSize, Theme, Thumb};
pub use budget::{BudgetView, Flow, FlowLine, Gauges};
pub use camera::{
    Began, CameraActivity, CameraHolder, CameraState, CameraStatus, CameraView, ClipLine, ClipRefusal,
    ClipState, SendingState, SendingView, SignedEvents,
};
pub use crew::{CrewDifference, CrewLine, CrewStanding, CrewStep, CrewVersion};
pub use dispatch::DispatchLine;
pub use draft::{
    AnswerLine, AnswerState, BasisLine, BroughtLine, ComingLine, DraftState, DraftView, FieldText, Haptic,
    LimitLine, ListLine, PhotoLine, PhotoView, PieceLine, ReadingView, RenvoiLine, Resumed, RightsLine,
    SignerLine, SignerState,
};
pub use enrolment::EnrolmentView;
pub use film::{FilmState, FilmView, Stretch, StretchState, Thumbnail, Unplayable};
pub use home::{
    DraftLine, HomeView, HotlistAge, HotlistLine, InterventionLine, LockState, LockView, Network,
    PersonsLine, ProfileLine, RequisitionLine, RetentionLine, RevocationsLine, ServiceLine, SharedLine,
    TemplateLine, TrustListLine,
};
pub use intent::{Amendment, Intent, Unsigned};
pub use notice::{NotGiven, Notice};
pub use recording::{BookmarkLine, LinkLine, LinkOffer, RecordingLine, Wish, second_of};
pub use scan::{CachetCard, CachetLine, ScanProblem, ScanView};
pub use suivi::{SuiviLine, SuiviStep};
pub use visa::{VisaLine, VisaStanding};

/// What is true now, for one part of the screens.
#[derive(Debug, Clone, PartialEq, Encode, Decode)]
pub enum View {
    #[n(0)]
    Lock(#[n(0)] LockView),
    #[n(1)]
    Home(#[n(0)] Box<HomeView>),
    #[n(2)]
    Draft(#[n(0)] Box<DraftView>),
    #[n(3)]
    Deliveries(#[n(0)] Vec<DeliveryLine>),
    #[n(4)]
    Offences(#[n(0)] Vec<OffenceLine>),
    #[n(5)]
    Camera(#[n(0)] CameraView),
    #[n(6)]
    Document(#[n(0)] DocumentView),
    /// Something to tell once.
    #[n(7)]
    Notice(#[n(0)] Notice),
    #[n(20)]
    Printing(#[n(0)] PrintingView),
    /// An act as it is printed, page by page.
    #[n(8)]
    Pages(#[n(0)] PagesView),
    #[n(9)]
    Formulas(#[n(0)] Vec<FormulaLine>),
    /// What the code at the foot of a paper proves.
    #[n(10)]
    Footer(#[n(0)] Box<FooterView>),
    /// The acts that wait for this officer's visa, the oldest request first.
    #[n(60)]
    Visas(#[n(0)] Vec<VisaLine>),
    /// Something to feel once.
    #[n(80)]
    Haptic(#[n(0)] Haptic),
    /// The urgent alerts that the officer has not put away, the oldest first.
    #[n(90)]
    Alerts(#[n(0)] Vec<AlertLine>),
    /// Of a phone that is not a terminal yet.
    #[n(70)]
    Enrolment(#[n(0)] EnrolmentView),
    /// A file that leaves by the phone's own means of sharing, and is kept nowhere on the terminal.
    #[n(91)]
    Handout(#[n(0)] HandoutView),
    /// A recording that its officer looks at; absent when it is closed.
    #[n(99)]
    Film(#[n(0)] Option<Box<FilmView>>),
    /// What the officer chose; never shown where nothing was chosen.
    #[n(100)]
    Appearance(#[n(0)] Appearance),
    /// What the terminal lives on and uses up; shown once somebody asked.
    #[n(101)]
    Budget(#[n(0)] Box<BudgetView>),
    /// A photograph that its officer asked to draw over.
    #[n(102)]
    Photo(#[n(0)] PhotoView),
}

/// A file for somebody's hands.
#[derive(Clone, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct HandoutView {
    /// With its extension; ASCII.
    #[n(0)]
    pub name: String,
    #[cbor(n(1), with = "minicbor::bytes")]
    pub file: Vec<u8>,
}

impl std::fmt::Debug for HandoutView {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "HandoutView {{ {}, {} bytes }}", self.name, self.file.len())
    }
}

/// An act as it is printed: before a signature, what will be signed; after it, what was.
#[derive(Clone, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct PagesView {
    #[n(0)]
    pub act: ActId,
    /// PNG pictures, 8 bit, in order.
    #[n(1)]
    pub pages: Vec<minicbor::bytes::ByteVec>,
    /// They are the sheet of rights in this language, and not the act.
    #[n(2)]
    pub rights: Option<Language>,
    /// They are this leaflet, and not the act.
    #[n(3)]
    pub leaflet: Option<ShownLeaflet>,
}

/// A leaflet, and the language in which somebody reads it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Encode, Decode)]
#[cbor(map)]
pub struct ShownLeaflet {
    #[n(0)]
    pub leaflet: Leaflet,
    #[n(1)]
    pub language: Language,
}

impl std::fmt::Debug for PagesView {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "PagesView {{ {}, {} pages }}", self.act, self.pages.len())
    }
}

#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct FormulaLine {
    #[n(0)]
    pub title: String,
    #[n(1)]
    pub text: String,
}

/// What a footer's code says, and what of it is proven; the text of the act is checked against its PDF, or by HQ.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct FooterView {
    #[n(0)]
    pub number: ActNumber,
    /// SHA-256 of the record without its document, which its evidence folder and HQ are held against.
    #[n(1)]
    pub act: Digest,
    #[n(2)]
    pub signed_at: UnixMs,
    /// "RIO 1234567", from the certificate.
    #[n(3)]
    pub signer: String,
    #[n(4)]
    pub signature: Verdict,
    #[n(5)]
    pub issuer_trusted: Verdict,
    /// The certificate was in date when the act says that it was signed.
    #[n(6)]
    pub in_date: Verdict,
    /// Signed without an agent card.
    #[n(7)]
    pub formation: bool,
    /// For showing the moment in local time.
    #[n(8)]
    pub offset_min: i16,
}

#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct DeliveryLine {
    #[n(0)]
    pub act: ActId,
    #[n(1)]
    pub kind: ActKind,
    #[n(2)]
    pub number: Option<ActNumber>,
    #[n(3)]
    pub signed_at: Timestamp,
    #[n(4)]
    pub delivery: Delivery,
    /// The act that corrects it, once opened.
    #[n(5)]
    pub corrected_by: Option<ActId>,
    /// Of an act that a visa was asked for.
    #[n(6)]
    pub visa: Option<VisaStanding>,
}

#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct OffenceLine {
    #[n(0)]
    pub code: u32,
    #[n(1)]
    pub label: String,
    /// "C4", "délit".
    #[n(2)]
    pub nature: String,
    /// Euro cents, where forfaitisable.
    #[n(3)]
    pub amount: Option<u32>,
}

#[derive(Clone, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct DocumentView {
    #[n(0)]
    pub act: ActId,
    #[cbor(n(1), with = "minicbor::bytes")]
    pub pdf: Vec<u8>,
}

impl std::fmt::Debug for DocumentView {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "DocumentView {{ {}, {} bytes }}", self.act, self.pdf.len())
    }
}

impl<C> Encode<C> for Secret {
    fn encode<W: Write>(&self, e: &mut Encoder<W>, _: &mut C) -> Result<(), EncodeError<W::Error>> {
        e.str(self.expose())?.ok()
    }
}

impl<'b, C> Decode<'b, C> for Secret {
    fn decode(d: &mut Decoder<'b>, _: &mut C) -> Result<Self, DecodeError> {
        Ok(Self::new(d.str()?.to_owned()))
    }
}
