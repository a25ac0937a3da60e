//! What keeps a draft from being an act. Numbers are stable: new reasons go at the end.

use minicbor::{Decode, Encode};

use super::field::Field;
use crate::afd::Obstacle;
use crate::identity::NotAnMrz;
use crate::legal_basis::BasisRefusal;
use crate::natinf::Natinf;
use crate::pve::{Bar, Barred};

/// What keeps a draft from being an act: the field to go to, and why.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Encode, Decode)]
#[cbor(map)]
pub struct Problem {
    #[n(0)]
    pub field: Field,
    #[n(1)]
    pub reason: Reason,
    /// The code that replaces one that is over, where the reference data knows it.
    #[n(2)]
    pub successor: Option<Natinf>,
}

impl Problem {
    pub const fn new(field: Field, reason: Reason) -> Self {
        Self {
            field,
            reason,
            successor: None,
        }
    }

    /// A code is over.
    pub const fn outdated(successor: Option<Natinf>) -> Self {
        Self {
            successor,
            ..Self::new(Field::Offences, Reason::OutdatedNatinf)
        }
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Encode, Decode)]
#[cbor(index_only)]
pub enum Reason {
    #[n(0)]
    Missing,
    #[n(1)]
    NotAPlace,
    #[n(2)]
    NotADate,
    #[n(3)]
    NotAPlate,
    #[n(4)]
    NotANatinf,
    #[n(5)]
    UnknownNatinf,
    #[n(6)]
    MrzShape,
    #[n(7)]
    MrzCharacters,
    #[n(8)]
    MrzLayout,
    /// This quality has no power under the chosen text.
    #[n(9)]
    QualityNotEmpowered,
    #[n(10)]
    OpjMissing,
    #[n(11)]
    GroundsMissing,
    #[n(12)]
    RequisitionMissing,
    /// Rights are notified before a complaint is signed (10-2 CPP).
    #[n(13)]
    RightsNotNotified,
    /// The code is none of the list's.
    #[n(14)]
    NotAChoice,
    /// A check digit contradicts the reading: read the zone again, or type the identity.
    #[n(15)]
    MrzRefuted,
    /// A character that no document can show as typed.
    #[n(16)]
    Unprintable,
    /// A control character, or a mark that turns the direction of the text; the text is kept.
    #[n(17)]
    ControlCharacters,
    /// The clock says that the draft was begun later than it is.
    #[n(18)]
    ClockBackwards,
    #[n(19)]
    InTheFuture,
    #[n(20)]
    NotARoad,
    #[n(21)]
    NotARoadPoint,
    #[n(22)]
    NotACommune,
    #[n(23)]
    NotACountry,
    #[n(24)]
    NotANumber,
    /// The code is over; its successor is in the reference data where it is known.
    #[n(25)]
    OutdatedNatinf,
    #[n(26)]
    NatinfNotYetInForce,
    #[n(27)]
    NatinfTwice,
    /// A délit is noted by a general PV, or by an AFD.
    #[n(28)]
    Delit,
    #[n(29)]
    Crime,
    /// Not listed in R.48-1 CPP: for the court.
    #[n(30)]
    NotForfaitisable,
    /// Nobody has held the offence against R.48-1 CPP.
    #[n(31)]
    NotChecked,
    #[n(32)]
    NoAmount,
    /// Seen with an offence that only a court can settle (529 CPP).
    #[n(33)]
    Simultaneous,
    /// The holder of the registration does not answer for it.
    #[n(34)]
    NotWithoutInterception,
    /// Too young for a forfait.
    #[n(35)]
    Child,
    /// Only a vehicle without registration owes the paper.
    #[n(36)]
    RegisteredVehicle,
    /// The reading, margin taken off, is another offence or none.
    #[n(37)]
    OutsideMeasure,
    /// The limit is that of a licence or a vehicle which this is not.
    #[n(38)]
    LimitOfOthers,
    /// A condition of the AFD is not met.
    #[n(39)]
    NotMet,
    #[n(40)]
    IdentityNotFormal,
    #[n(41)]
    Minor,
    /// The person has not signed the summary.
    #[n(42)]
    NotSigned,
    /// No AFD exists for it.
    #[n(43)]
    NotEligible,
    /// Two délits whose AFD may not be proposed together.
    #[n(44)]
    NotTogether,
    #[n(45)]
    OverThreshold,
    /// A hearing in custody is the OPJ's alone (62-2, 63 and 63-1 CPP).
    #[n(46)]
    Custody,
    /// A minor suspect is never heard with a terminal (CJPM L.413-6 and following).
    #[n(47)]
    MinorSuspect,
    /// A suspect who is brought by force is not heard as free (61-1 and 62 CPP).
    #[n(48)]
    Constrained,
    /// The rights of 61-1 CPP come before the first question.
    #[n(49)]
    NoticeMissing,
    /// The first word was written down before the notice: close this act, and hear again under a new one.
    #[n(50)]
    NoticeTooLate,
    /// A lawyer was asked for and is neither here nor waived.
    #[n(51)]
    CounselAbsent,
    #[n(52)]
    QuestionUnanswered,
    /// A suspect's hearing has questions (429 CPP), and an answer its question.
    #[n(53)]
    NoQuestion,
    #[n(54)]
    NotAnItem,
    #[n(55)]
    SealMissing,
    /// Destruction needs the decision of a named authority.
    #[n(56)]
    AuthorityMissing,
    /// The interpreter has not taken the oath.
    #[n(57)]
    OathMissing,
    #[n(58)]
    NotASigner,
    /// Somebody who is named to sign was not asked.
    #[n(59)]
    NotAsked,
    /// Nobody but the person who was read to approves a renvoi (107 CPP).
    #[n(60)]
    NotRead,
    #[n(61)]
    NotAPosition,
    /// No file or authority has confirmed the identity.
    #[n(62)]
    NotVerified,
    /// This corps takes no such notes.
    #[n(63)]
    NotesOff,
    /// The reasons of a rectification or an annulation are written down.
    #[n(64)]
    ReasonsMissing,
    /// No signed act is corrected: open it, and correct it from there.
    #[n(65)]
    NothingCorrected,
    /// Neither a RIO nor a NIGEND.
    #[n(80)]
    NotAMatricule,
    /// An OPJ decides on a vérification d'identité, and is named (78-3 CPP).
    #[n(81)]
    OpjDecides,
    /// Before the check began, or after the person was free to go.
    #[n(82)]
    OutOfOrder,
    /// The rights of 78-3 CPP come at once.
    #[n(83)]
    RightsNotTold,
    /// The person asked for it, or is a minor.
    #[n(84)]
    ProsecutorNotTold,
    #[n(85)]
    RelativeNotTold,
    /// Whoever represents a minor assists, or it is said why that is impossible.
    #[n(86)]
    RepresentativeMissing,
    /// Where nothing follows, a copy is handed over.
    #[n(87)]
    CopyNotHanded,
    /// No réquisition of the service bears this reference for this text.
    #[n(88)]
    RequisitionUnknown,
    /// The check began outside the hours of the réquisition.
    #[n(89)]
    RequisitionOutside,
    /// The réquisition is longer than its text allows.
    #[n(90)]
    RequisitionTooLong,
    /// Objective circumstances of place and time must be written.
    #[n(91)]
    CircumstancesMissing,
    /// Elements external to the person must be written.
    #[n(92)]
    ExternalElementsMissing,
    /// The text was not in force on the day of the check.
    #[n(93)]
    BasisNotInForce,
    /// The text opens an act of its own (78-3 CPP).
    #[n(94)]
    AnotherAct,
    /// The sheet of rights is not signed yet, nor left unsigned with a reason (10-2 CPP).
    #[n(97)]
    RightsNotSigned,
    /// Each force keeps its own: a main courante or a renseignement judiciaire.
    #[n(100)]
    OtherCorps,
    /// An offence is named or violence told: the victim's own words say why there is no complaint (15-3 CPP).
    #[n(101)]
    RefusalMissing,
    /// The prosecutor hears of violence without a complaint.
    #[n(102)]
    ProsecutorUntold,
    /// Violence in a couple: every question of the danger grid is asked.
    #[n(103)]
    GridOpen,
    /// The danger grid does not read.
    #[n(104)]
    NotAGrid,
    /// The answers to the tasks of the protocol do not read.
    #[n(112)]
    NotAProtocol,
    /// Not nine digits, or the last does not agree.
    #[n(105)]
    NotASiren,
    /// A line is not `rôle ; nom`.
    #[n(106)]
    NotACompanion,
    /// A line is not `objet ; marque ; série ou IMEI ; valeur ; assurance`.
    #[n(107)]
    NotALoss,
    /// The check digit of an IMEI does not agree.
    #[n(108)]
    ImeiRefuted,
    /// Whoever lends an address consents, by name (10-2 9° CPP).
    #[n(109)]
    ConsentMissing,
    /// A minor who tells of a sexual offence is heard on film: name the service that does it (706-52 CPP).
    #[n(110)]
    FilmedHearingDue,
    /// The facts end before they begin.
    #[n(111)]
    EndsBeforeItBegins,
    /// A name of a script that no document draws: Latin letters here, the original in its own field.
    #[n(120)]
    LatinLetters,
    /// It says where the victim is reached or sheltered, which the file of the procedure never does.
    #[n(121)]
    StaysApart,
    /// The victim wants never to be reached so.
    #[n(122)]
    NeverContact,
    /// Too long, too many, or without the number, address or person.
    #[n(123)]
    NotAContact,
    /// Sexual offences are heard in person (R. 2-25 s. CPP).
    #[n(124)]
    InPersonDue,
    /// A pre-complaint is nothing until it was read again with the victim.
    #[n(125)]
    NotReread,
    /// It is before an hour that it follows, or after one that it goes before.
    #[n(126)]
    HoursCross,
    /// A physician sees a drunk person before the cell (L.3341-1 CSP).
    #[n(127)]
    DoctorFirst,
    /// Without a certificate of non-admission the person goes to the hospital.
    #[n(128)]
    DoctorSaysHospital,
    #[n(129)]
    NotAMinor,
    /// A measure that is not for minors, or not for a terminal.
    #[n(130)]
    NotForMinors,
    /// The day of a summons is to come.
    #[n(131)]
    InThePast,
    /// A line is not `qui ; rôle ; naissance ou âge`.
    #[n(132)]
    NotAPresent,
    #[n(133)]
    NotAnOperationsNumber,
}

impl From<NotAnMrz> for Reason {
    fn from(reason: NotAnMrz) -> Self {
        match reason {
            NotAnMrz::Shape => Self::MrzShape,
            NotAnMrz::Characters => Self::MrzCharacters,
            NotAnMrz::Layout => Self::MrzLayout,
        }
    }
}

impl From<BasisRefusal> for Problem {
    fn from(refusal: BasisRefusal) -> Self {
        let (field, reason) = match refusal {
            BasisRefusal::QualityNotEmpowered => (Field::CheckBasis, Reason::QualityNotEmpowered),
            BasisRefusal::OpjMissing => (Field::CheckBasis, Reason::OpjMissing),
            BasisRefusal::GroundsMissing => (Field::Grounds, Reason::GroundsMissing),
            BasisRefusal::RequisitionMissing => (Field::Requisition, Reason::RequisitionMissing),
            BasisRefusal::RequisitionUnknown => (Field::Requisition, Reason::RequisitionUnknown),
            BasisRefusal::RequisitionOutside => (Field::Requisition, Reason::RequisitionOutside),
            BasisRefusal::RequisitionTooLong => (Field::Requisition, Reason::RequisitionTooLong),
            BasisRefusal::CircumstancesMissing => (Field::Grounds, Reason::CircumstancesMissing),
            BasisRefusal::ExternalElementsMissing => (Field::Grounds, Reason::ExternalElementsMissing),
            BasisRefusal::NotInForce => (Field::CheckBasis, Reason::BasisNotInForce),
            BasisRefusal::AnotherAct => (Field::CheckBasis, Reason::AnotherAct),
            BasisRefusal::AlineaMissing => (Field::Alinea, Reason::Missing),
            BasisRefusal::PriorMissing => (Field::PriorBasis, Reason::Missing),
        };
        Self::new(field, reason)
    }
}

/// None when the field that the rule misses has its own problem already.
impl Problem {
    pub(super) const fn of_bar(barred: Barred) -> Option<Self> {
        let (field, reason) = match barred.bar {
            Bar::NoOffence => (Field::Offences, Reason::Missing),
            Bar::Twice => (Field::Offences, Reason::NatinfTwice),
            Bar::UnknownNatinf => (Field::Offences, Reason::UnknownNatinf),
            Bar::NotInForceYet { .. } => (Field::Offences, Reason::NatinfNotYetInForce),
            Bar::Outdated { successor } => return Some(Self::outdated(successor)),
            Bar::Delit | Bar::DelitSince { .. } => (Field::Offences, Reason::Delit),
            Bar::Crime => (Field::Offences, Reason::Crime),
            Bar::NotForfaitisable | Bar::Class5NotListed => (Field::Offences, Reason::NotForfaitisable),
            Bar::Unchecked => (Field::Offences, Reason::NotChecked),
            Bar::NoAmount => (Field::Offences, Reason::NoAmount),
            Bar::Simultaneous { .. } => (Field::Offences, Reason::Simultaneous),
            Bar::NotWithoutInterception => (Field::Interception, Reason::NotWithoutInterception),
            Bar::AgeUnknown => (Field::BirthDate, Reason::Missing),
            Bar::Child => (Field::BirthDate, Reason::Child),
            Bar::QualityNotEmpowered => (Field::Offences, Reason::QualityNotEmpowered),
            Bar::RegisteredVehicle => (Field::Registration, Reason::RegisteredVehicle),
            Bar::OutsideMeasure => (Field::Offences, Reason::OutsideMeasure),
            Bar::LimitOfOthers => (Field::Offences, Reason::LimitOfOthers),
            Bar::IdentityMissing | Bar::ParameterMissing => return None,
        };
        Some(Self::new(field, reason))
    }
}

impl From<Obstacle> for Problem {
    fn from(obstacle: Obstacle) -> Self {
        let (field, reason) = match obstacle {
            Obstacle::NotAsked(condition) => (Field::answering(condition), Reason::Missing),
            Obstacle::NotMet(condition) => (Field::answering(condition), Reason::NotMet),
            Obstacle::IdentityNotFormal => (Field::Surname, Reason::IdentityNotFormal),
            Obstacle::AgeUnknown => (Field::BirthDate, Reason::Missing),
            Obstacle::Minor => (Field::BirthDate, Reason::Minor),
            Obstacle::NotSigned => (Field::Acknowledged, Reason::NotSigned),
            Obstacle::QualityNotEmpowered => (Field::Offences, Reason::QualityNotEmpowered),
            Obstacle::NoOffence => (Field::Offences, Reason::Missing),
            Obstacle::UnknownNatinf(_) => (Field::Offences, Reason::UnknownNatinf),
            Obstacle::NotInForce(_) => (Field::Offences, Reason::OutdatedNatinf),
            Obstacle::NotEligible(_) => (Field::Offences, Reason::NotEligible),
            Obstacle::Simultaneous(_) => (Field::Offences, Reason::Simultaneous),
            Obstacle::NotTogether(_, _) => (Field::Offences, Reason::NotTogether),
            Obstacle::QuantityMissing(_) => (Field::Quantity, Reason::Missing),
            Obstacle::OverThreshold(_) => (Field::Quantity, Reason::OverThreshold),
        };
        Self::new(field, reason)
    }
}
