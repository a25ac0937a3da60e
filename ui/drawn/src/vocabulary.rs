//! The domain's closed lists as the screens' enums: one line each, exhaustive, so that a new state must be drawn.

use domain::draft::Field;
use domain::hand::SignerRole;
use domain::identity::crosscheck;
use domain::legal_basis::CheckBasis;
use domain::officer::FileKind;
use domain::plainte::protocol::Task;
use domain::plainte::{GridAnswer, HandedOver, Language};
use domain::pv::Fate;
use domain::{
    dialogue, draft, envelope, hand, identity, intervention, legal_basis, officer, piece, plainte, printing,
    pv, pve, record, requisition, verification, viewfinder, visa,
};

use crate as drawn;

macro_rules! drawn_as {
    ($($domain:path => $drawn:ident { $($variant:ident),+ $(,)? })+) => {$(
        impl From<$domain> for drawn::$drawn {
            fn from(value: $domain) -> Self {
                use $domain as Domain;
                match value {
                    $(Domain::$variant => Self::$variant,)+
                }
            }
        }
    )+};
}

drawn_as! {
    record::ActKind => ActKind { IdentityCheck, Pv, Plainte, Footage, Pve, Afd, Note, VisaRequest, Visa, Verification, Alert, SafeContact, Custody }
    plainte::protocol::Task => ProtocolTask {
        Papers, Contacts, Umj, Transport, Files, Weapons, Prosecutor, Shelter, Belongings, Arrest, ProtectionOrder,
        Tgd, Bar,
    }
    domain::alert::Ground => AlertGround { Grid, DeathThreat, Weapon, Child }
    viewfinder::Fault => CameraFault { NoCamera, Busy, Denied, Lost, NoPicture, Unreadable, TooLarge }
    dialogue::Theme => ThemeChoice { Automatic, Light, Dark, Night }
    dialogue::TextSize => TextSize { Normal, Large, Larger, Largest }
    dialogue::Thumb => Thumb { Right, Left }
    dialogue::Network => Network { Offline, Connecting, Online }
    draft::Field => Field {
        CheckBasis, Grounds, Requisition, Place, Mrz, Surname, GivenNames, BirthDate, Address, Phone, Plate, PvFrame,
        Subject, Offences, Account, Venue, When, Suspect, RightsLanguage, HandReceipt,
        Interception, Moment, Road, RoadPoint, Direction, Commune, Agglomeration, Registration, PlateCountry, Make,
        Model, Colour, Genre, Email, LicenceStatus, LicenceNumber, LicenceCategories, LicenceDate,
        LicenceAuthority, SpeedLimit, SpeedMeasured, SpeedDevice, AlcoholFirst, AlcoholSecond, DocumentsDue,
        Simultaneous, Understands, TajQueried, NoRecidive, SeenOnTheSpot, AddressConfirmed, Acknowledged,
        Destruction, SingleProduct, Returned, NotDriving, NotPublicAgent, InsuranceChecked, Substance, Quantity,
        PvKind, Origin, Assistants, Dress, HeardAs, NoticeLanguage, Counsel, CounselName, Constraint,
        Interpreter, InterpreterLanguage, InterpreterOath, InterpreterLink, InterpreterPhone, Inventory,
        Mentions, Annexes, Addressee, Authority, OtherSigners, BirthPlace, Nationality, Profession, Father,
        Mother, FamilySituation, Employer, IdentityMode, Certainty, NotePurpose, Position,
        CheckStart, DecidingOpj, DecisionMoment, VerificationGround, VerificationReasons, Presentation,
        PresentationMoment, RetentionNotice, ProsecutorWish, ProsecutorMoment, RelativeWish, Relative,
        RelativeMoment, RelativeObstacle, Minority, Representative, RepresentativeObstacle, PrintsAuthority,
        PrintsMagistrate, PrintsMoment, PrintsReasons, Finding, VerificationMeans, RetentionEnd,
        FollowUp, FollowUpProcedure, HandedCopy, Alinea, PriorBasis, DocumentNumber, DocumentExpiry,
        SheetHanded,
        Deposit, Refusal, Violence, ProsecutorTold, ToldMagistrate, Host, Confidential, Complainant,
        ComplainantName, ComplainantQuality, Siren, Companions, LawyerWords, Domicile, DomicileConsent,
        Electronic, Mandate, FilmedBy, FactsFrom, FactsTo, Modus, Weapon, Discrimination, SuspectLink,
        Witnesses, Losses, Injuries, Itt, Examination, ExaminationAuthority, ExaminationMoment,
        ExaminationRefusal, SexualOffence, Harm, HarmCircumstances, Vulnerability, Reprisals, Measures, Grid,
        GridRaised, FactsPlace, Protocol, NativeName, ExaminationFrame, ExaminationUnit, ExaminationMission,
        ContactChannel, ContactAt, ContactHours, ContactNever, Refuge, FiledOnline, FiledNumber, FiledReread, Directed,
        ArrestMoment, ForceUsed, ForceReasons, HandcuffGround, HandcuffReasons, PalpationDone, PalpationReasons,
        PalpationApart, NoticeGiver, CustodyNotice, CustodyLanguage, CustodySheet, NoticeDelay, Property, Departure,
        HandedMoment, Station, ScreeningGround, ScreeningMoment, ScreeningResult, AlcoholProof, Device,
        DeviceVerified, BlowMoment, SecondOffered, Blood, Doctor, Signs, DrugFamilies, DrugProof, SampleMoment,
        Reserve, RetentionGround, RetentionFrom, LicenceState, VehicleMeasure, MeasureMoment, MeasureGround,
        VehicleState, VehicleContents, Keys, CertificateKept, Pound, DoctorMoment, DoctorFit, DrunkOutcome,
        PlacedMoment, EntrustedTo, Parent, ParentName, MinorState, SummonsMoment, Door, Apart, Present, GridDone,
        CardHanded, Wish, OperationsNumber, OpenedMoment, OnSceneMoment, OverMoment, Outcome,
        OwedLicence, OwedRegistration, OwedTrailer, OwedCompanion,
        OwedTraining, OwedInterlock, OwedInsurance, LinkedPve,
    }
    draft::Reason => Reason {
        Missing, NotAPlace, NotADate, NotAPlate, NotANatinf, UnknownNatinf, MrzShape, MrzCharacters, MrzLayout,
        QualityNotEmpowered, OpjMissing, GroundsMissing, RequisitionMissing, RightsNotNotified, NotAChoice, MrzRefuted,
        Unprintable,
        ControlCharacters, ClockBackwards, InTheFuture, NotARoad, NotARoadPoint, NotACommune, NotACountry,
        NotANumber, OutdatedNatinf, NatinfNotYetInForce, NatinfTwice, Delit, Crime, NotForfaitisable, NotChecked,
        NoAmount, Simultaneous, NotWithoutInterception, Child, RegisteredVehicle, OutsideMeasure, LimitOfOthers,
        NotMet, IdentityNotFormal, Minor, NotSigned, NotEligible, NotTogether, OverThreshold,
        Custody, MinorSuspect, Constrained, NoticeMissing, NoticeTooLate, CounselAbsent, QuestionUnanswered,
        NoQuestion, NotAnItem, SealMissing, AuthorityMissing, OathMissing, NotASigner, NotAsked, NotRead,
        NotAPosition, NotVerified, NotesOff, ReasonsMissing, NothingCorrected,
        NotAMatricule, OpjDecides, OutOfOrder, RightsNotTold, ProsecutorNotTold, RelativeNotTold,
        RepresentativeMissing, CopyNotHanded, RequisitionUnknown, RequisitionOutside, RequisitionTooLong,
        CircumstancesMissing, ExternalElementsMissing, BasisNotInForce, AnotherAct, RightsNotSigned,
        OtherCorps, RefusalMissing, ProsecutorUntold, GridOpen, NotAGrid, NotAProtocol, NotASiren, NotACompanion, NotALoss,
        ImeiRefuted, ConsentMissing, FilmedHearingDue, EndsBeforeItBegins, LatinLetters,
        StaysApart, NeverContact, NotAContact, InPersonDue, NotReread,
        HoursCross, DoctorFirst, DoctorSaysHospital, NotAMinor, NotForMinors, InThePast, NotAPresent,
        NotAnOperationsNumber,
    }
    pve::Hint => RulingHint { RetentionOfLicence, ListOfTheQuality }
    legal_basis::CheckBasis => CheckBasis {
        Ci2, Ci3, Ci4, Ci5, Ci6, Ci7, Ci8, Ci9, CiPro, CiReqV, VehFlag, PrevV, Manif, Route, Releve, Etr1, Etr2, Verif,
        Terro,
    }
    requisition::NotARequisition => RequisitionFault { Reference, Basis, Places, Communes, Circle, Window, TooLong }
    plainte::Language => RightsLanguage {
        French, EasyFrench, English, Arabic, Spanish, Portuguese, Italian, German, Romanian, Russian, Ukrainian, Turkish,
        Chinese, Polish,
    }
    plainte::OnlineService => OnlineService { Perceval, Pharos, Thesee, Visioplainte }
    plainte::GridAnswer => GridAnswer { Yes, No, NoAnswer, NotAsked }
    piece::PieceKind => PieceKind { Pdf, Wav, M4a, Mp3, Ogg, Mp4 }
    plainte::HandedOver => SheetHanded { Paper, File, Declined }
    plainte::ClosedFor => ClosedFor {
        NoOffence, NotEstablished, ActionExtinguished, NotAnswerable, IrregularProcedure, AuthorUnknown,
        SearchesFruitless, GivenUp, NoAnswer, LittleHarm, MadeGood, OtherSanction,
    }
    identity::Verdict => Verdict { Proven, Refuted, NotChecked }
    identity::Layout => DocumentLayout { Td1, Td2, Td3, VisaA, VisaB, OldCni, Permis, CertificatImmatriculation }
    crosscheck::Fact => ComparedFact {
        Surname, GivenNames, Born, Sex, Number, Expiry, Nationality, Plate, Vin, Make,
    }
    crosscheck::Agreement => Agreement { Different, SameAsFarAsRead, OnlyHere, Same }
    crosscheck::Limit => CompareLimit {
        Truncated, Transliterated, Separators, FewerNames, OtherName, PartOfDate, Century, BlindDigit, NotProven,
    }
    officer::FileKind => FileKind { Fpr, Foves, Siv, Snpc, Fva, Agdref, Docverif, Taj }
    envelope::RefusalCode => Refusal {
        Unreadable, UnknownDevice, DeviceSignature, Seal, UnknownOfficer, OfficerSignature, IdReused, DocumentMismatch,
        NumberOutsideRange, QualityNotEmpowered, CorrectionAsked, DocumentMissing, DocumentSignature, UnknownCamera,
        AttachmentMissing, ActUnknown, ActDiffers, NotTheAuthor, NotTheOpj, OwnAct, VisaTwice,
        SignerRevoked, OfficerSuspended, MeasureUnlawful, RecordingUnknown, CustodyBroken, FootageUnsigned,
    }
    hand::SignerRole => SignerRole { Person, Interpreter, Counsel, Assistant, Representative }
    dialogue::SignerState => SignerState { Awaited, Signed, Refuses, Unable }
    draft::Warning => Warning {
        InterpreterIsClose, OutsideCompetence, RetentionTooLong, ClockSet, OutsideRequisition, PlaceUnknown,
        BasisUnverified, LimitNears, LimitOver,
        RepresentativeMissing, AdHocDue, NotConfidential, ExaminationOpen, EvaluationOpen, DangerInGrid,
        GridOpen, ProtocolOpen, ReceiptNeutral, ReceiptNamesComplaint, AlreadyFiled, ContactOpen,
        NoticeLate, DeviceOutOfDate,
    }
    verification::Counted => Counted { Verification, CustodyNotice, Custody, Licence }
    verification::Stage => RetentionStage { Running, Hour, HalfHour, TenMinutes, Over }
    pv::Fate => Fate { Seized, Destroyed, Returned }
    domain::footage::custody::Category => ClipCategory {
        Check, Offence, Arrest, DomesticViolence, Accident, Incident, Rescue, PublicOrder, Training, NoFollowUp,
    }
    domain::footage::Purpose => ViewPurpose { Offenders, ImminentBreach, Rescue, FaithfulReport }
    dialogue::Unplayable => Unplayable { NotAllowed, NotHere, SealedForHq, Codec, Damaged }
    dialogue::StretchState => StretchState { Signed, Chained, Pending, Unsigned, Modified, Missing }
    domain::footage::custody::Reminder => ClipReminder { Week, TwoDays }
    dialogue::ClipRefusal => ClipRefusal { NotVideo, ChainBroken, UnknownCamera, Unsigned, VideoDamaged }
    intervention::Outcome => Outcome { NothingToReport, ActsDrawnUp, HandedOver }
    intervention::Origin => InterventionOrigin { OwnInitiative, Pushed, Lapi }
    intervention::Step => InterventionStep { EnRoute, OnScene, Closed }
    intervention::Point => InterventionPoint { Number, Place, Matter, Outcome, Account }
    identity::cachet::Fault => CachetFault {
        NoList, ListOutdated, ListUnverified, NotVerifiableHere, TestSigner, SignerUnknown, AuthorityUnknown,
        SignatureMissing, SignatureMalformed, SignatureWrong, AlgorithmUnknown, NotIssuedByAuthority, SignerRevoked,
        RevocationUnknown, AuthorityRevoked, AuthorityWithdrawn, AuthorityUnstated, SignatureUndated, SignerOutOfDate,
        DocumentExpired, ContentNotWhole,
    }
    printing::Paper => Paper { Act, Recepisse, Rights, Requisition, Leaflet }
    printing::PrinterTrouble => PrinterTrouble { Unreachable, Busy, NeedsAttention }
    printing::PrintFailure => PrintFailure {
        NotAPrinter, NoPdf, Protected, Refused, Aborted, CancelledThere, DocumentGone,
    }
}

fn among<T: Copy, D: From<T> + PartialEq>(all: impl IntoIterator<Item = T>, drawn: D) -> Option<T> {
    all.into_iter().find(|one| D::from(*one) == drawn)
}

pub fn field(drawn: drawn::Field) -> Option<Field> {
    among(Field::ALL, drawn)
}

/// The code that a draft keeps; empty for no choice.
pub fn basis_code(drawn: drawn::CheckBasis) -> &'static str {
    among(CheckBasis::ALL, drawn).map_or("", CheckBasis::code)
}

pub fn language(drawn: drawn::RightsLanguage) -> Option<Language> {
    among(Language::ALL, drawn)
}

pub fn grid_answer(drawn: drawn::GridAnswer) -> Option<GridAnswer> {
    among(GridAnswer::GIVEN, drawn)
}

pub fn protocol_task(drawn: drawn::ProtocolTask) -> Option<Task> {
    among(Task::ALL, drawn)
}

pub fn handed_code(drawn: drawn::SheetHanded) -> &'static str {
    among(HandedOver::ALL, drawn).map_or("", HandedOver::code)
}

pub fn file(drawn: drawn::FileKind) -> Option<FileKind> {
    among(FileKind::ALL, drawn)
}

pub const fn online_service(drawn: drawn::OnlineService) -> plainte::OnlineService {
    match drawn {
        drawn::OnlineService::Perceval => plainte::OnlineService::Perceval,
        drawn::OnlineService::Pharos => plainte::OnlineService::Pharos,
        drawn::OnlineService::Thesee => plainte::OnlineService::Thesee,
        drawn::OnlineService::Visioplainte => plainte::OnlineService::Visioplainte,
    }
}

pub const fn act_kind(drawn: drawn::ActKind) -> record::ActKind {
    match drawn {
        drawn::ActKind::IdentityCheck => record::ActKind::IdentityCheck,
        drawn::ActKind::Pv => record::ActKind::Pv,
        drawn::ActKind::Plainte => record::ActKind::Plainte,
        drawn::ActKind::Footage => record::ActKind::Footage,
        drawn::ActKind::Pve => record::ActKind::Pve,
        drawn::ActKind::Afd => record::ActKind::Afd,
        drawn::ActKind::Note => record::ActKind::Note,
        drawn::ActKind::VisaRequest => record::ActKind::VisaRequest,
        drawn::ActKind::Visa => record::ActKind::Visa,
        drawn::ActKind::Verification => record::ActKind::Verification,
        drawn::ActKind::Alert => record::ActKind::Alert,
        drawn::ActKind::SafeContact => record::ActKind::SafeContact,
        drawn::ActKind::Custody => record::ActKind::Custody,
    }
}

pub const fn visa_choice(drawn: drawn::VisaChoice) -> visa::Choice {
    match drawn {
        drawn::VisaChoice::Approve => visa::Choice::Approve,
        drawn::VisaChoice::Observe => visa::Choice::Observe,
        drawn::VisaChoice::GiveBack => visa::Choice::Return,
    }
}

pub fn role_code(drawn: drawn::SignerRole) -> &'static str {
    among(SignerRole::ALL, drawn).map_or("", SignerRole::code)
}

pub fn fate_code(drawn: drawn::Fate) -> &'static str {
    among(Fate::ALL, drawn).map_or("", Fate::code)
}

pub const fn unsigned(drawn: drawn::Unsigned) -> dialogue::Unsigned {
    match drawn {
        drawn::Unsigned::Refuses => dialogue::Unsigned::Refuses,
        drawn::Unsigned::Unable => dialogue::Unsigned::Unable,
    }
}

pub const fn amendment(drawn: drawn::Amendment) -> dialogue::Amendment {
    match drawn {
        drawn::Amendment::Rectify => dialogue::Amendment::Rectify,
        drawn::Amendment::Withdraw => dialogue::Amendment::Withdraw,
    }
}

pub const fn outcome(drawn: drawn::Outcome) -> intervention::Outcome {
    match drawn {
        drawn::Outcome::NothingToReport => intervention::Outcome::NothingToReport,
        drawn::Outcome::ActsDrawnUp => intervention::Outcome::ActsDrawnUp,
        drawn::Outcome::HandedOver => intervention::Outcome::HandedOver,
    }
}

impl From<drawn::Paper> for printing::Paper {
    fn from(paper: drawn::Paper) -> Self {
        match paper {
            drawn::Paper::Act => Self::Act,
            drawn::Paper::Recepisse => Self::Recepisse,
            drawn::Paper::Rights => Self::Rights,
            drawn::Paper::Requisition => Self::Requisition,
            drawn::Paper::Leaflet => Self::Leaflet,
        }
    }
}
