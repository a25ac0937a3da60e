//! The fields of every form, for drafts, scenario files and screens. Numbers are stable: new fields go at the end.

use minicbor::{Decode, Encode};

use crate::afd::Condition;

/// The fields that a person fills, on any form. Choices hold their code.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Encode, Decode)]
#[cbor(index_only)]
pub enum Field {
    /// Code of a [`crate::legal_basis::CheckBasis`].
    #[n(0)]
    CheckBasis,
    /// Objective grounds of a check.
    #[n(1)]
    Grounds,
    /// Reference of a réquisition.
    #[n(2)]
    Requisition,
    #[n(3)]
    Place,
    #[n(4)]
    Mrz,
    #[n(5)]
    Surname,
    #[n(6)]
    GivenNames,
    /// JJ/MM/AAAA.
    #[n(7)]
    BirthDate,
    #[n(8)]
    Address,
    #[n(9)]
    Phone,
    #[n(10)]
    Plate,
    /// Code of a [`crate::legal_basis::PvFrame`].
    #[n(11)]
    PvFrame,
    #[n(12)]
    Subject,
    /// Codes, separated by spaces or commas.
    #[n(13)]
    Offences,
    /// Free text; an empty line ends a paragraph.
    #[n(14)]
    Account,
    /// Code of a [`crate::plainte::Venue`].
    #[n(15)]
    Venue,
    #[n(16)]
    When,
    /// Name of a suspect; empty means "contre X".
    #[n(17)]
    Suspect,
    /// Code of the language of the rights notice, set when the victim acknowledges it.
    #[n(18)]
    RightsLanguage,
    /// `oui` or `non`.
    #[n(19)]
    HandReceipt,
    /// Code of a [`crate::pve::Interception`].
    #[n(20)]
    Interception,
    /// When the offence was seen, JJ/MM/AAAA HH:MM; empty for the moment at which the draft was begun.
    #[n(21)]
    Moment,
    /// Number of the road.
    #[n(22)]
    Road,
    /// Kilometre point.
    #[n(23)]
    RoadPoint,
    #[n(24)]
    Direction,
    /// INSEE code.
    #[n(25)]
    Commune,
    /// `oui` or `non`.
    #[n(26)]
    Agglomeration,
    /// `LUE`, `AUCUNE` or `ILLISIBLE`; empty for the plate as it is typed.
    #[n(27)]
    Registration,
    /// Two letters; empty for France.
    #[n(28)]
    PlateCountry,
    #[n(29)]
    Make,
    #[n(30)]
    Model,
    #[n(31)]
    Colour,
    /// Code of a [`crate::vehicle::Genre`].
    #[n(32)]
    Genre,
    #[n(33)]
    Email,
    /// Code of a [`crate::licence::LicenceStatus`].
    #[n(34)]
    LicenceStatus,
    #[n(35)]
    LicenceNumber,
    /// Separated by spaces or commas.
    #[n(36)]
    LicenceCategories,
    /// JJ/MM/AAAA.
    #[n(37)]
    LicenceDate,
    #[n(38)]
    LicenceAuthority,
    /// km/h.
    #[n(39)]
    SpeedLimit,
    /// km/h, before any margin.
    #[n(40)]
    SpeedMeasured,
    /// Code of a [`crate::natinf::Instrument`].
    #[n(41)]
    SpeedDevice,
    /// mg of alcohol per litre of exhaled air, before any margin.
    #[n(42)]
    AlcoholFirst,
    /// The second blow, likewise.
    #[n(43)]
    AlcoholSecond,
    /// JJ/MM/AAAA; empty for the term of the offence.
    #[n(44)]
    DocumentsDue,
    /// Codes seen at the same time and noted in another act.
    #[n(45)]
    Simultaneous,
    /// Conditions of an AFD, `oui` or `non`, worded as [`crate::afd::Condition`].
    #[n(46)]
    Understands,
    #[n(47)]
    TajQueried,
    #[n(48)]
    NoRecidive,
    #[n(49)]
    SeenOnTheSpot,
    #[n(50)]
    AddressConfirmed,
    #[n(51)]
    Acknowledged,
    #[n(52)]
    Destruction,
    #[n(53)]
    SingleProduct,
    #[n(54)]
    Returned,
    #[n(55)]
    NotDriving,
    #[n(56)]
    NotPublicAgent,
    #[n(57)]
    InsuranceChecked,
    /// The product found; empty where it is a value.
    #[n(58)]
    Substance,
    /// Grams of the product, or euros of the value.
    #[n(59)]
    Quantity,
    /// Code of a [`crate::pv::PvKind`]; empty for findings.
    #[n(60)]
    PvKind,
    /// Code of a [`crate::pv::Origin`].
    #[n(61)]
    Origin,
    /// Who assists, one a line.
    #[n(62)]
    Assistants,
    /// Code of a [`crate::pv::Dress`].
    #[n(63)]
    Dress,
    /// As what somebody is heard: `TEMOIN`, `VICTIME`, `SUSPECT`, or `GARDE-A-VUE`, which is refused.
    #[n(64)]
    HeardAs,
    /// BCP 47 tag, set when the suspect was told the rights of 61-1 CPP.
    #[n(65)]
    NoticeLanguage,
    /// `RENONCE`, `PRESENT`, or `DEMANDE`, which is refused.
    #[n(66)]
    Counsel,
    #[n(67)]
    CounselName,
    /// `oui` or `non`: whether the suspect was brought by force.
    #[n(68)]
    Constraint,
    /// Name; empty for none.
    #[n(69)]
    Interpreter,
    #[n(70)]
    InterpreterLanguage,
    /// `oui` or `non`.
    #[n(71)]
    InterpreterOath,
    /// Code of a [`crate::pv::Link`].
    #[n(72)]
    InterpreterLink,
    /// `oui` or `non`.
    #[n(73)]
    InterpreterPhone,
    /// One object a line: `quantité ; description ; scellé ; sort`.
    #[n(74)]
    Inventory,
    /// "De même suite": one mention a paragraph.
    #[n(75)]
    Mentions,
    /// One a line.
    #[n(76)]
    Annexes,
    /// Of a bordereau.
    #[n(77)]
    Addressee,
    /// On whose decision something is destroyed or sent.
    #[n(78)]
    Authority,
    /// Who signs besides the person and the interpreter, one a line: `rôle ; nom`.
    #[n(79)]
    OtherSigners,
    #[n(80)]
    BirthPlace,
    #[n(81)]
    Nationality,
    #[n(82)]
    Profession,
    #[n(83)]
    Father,
    #[n(84)]
    Mother,
    #[n(85)]
    FamilySituation,
    #[n(86)]
    Employer,
    /// Code of a [`crate::person::IdentitySource`]; empty for what the reading proves.
    #[n(87)]
    IdentityMode,
    /// Code of a [`crate::hand::Certainty`] of who signs; empty for what the identity's source says.
    #[n(88)]
    Certainty,
    /// Code of a [`crate::note::NotePurpose`].
    #[n(89)]
    NotePurpose,
    /// `latitude longitude precision`, degrees (WGS 84) and metres.
    #[n(90)]
    Position,
    /// When the check began, JJ/MM/AAAA HH:MM; empty for the start of the check that this follows, or of the draft.
    #[n(110)]
    CheckStart,
    /// Service number of the OPJ who decided; empty for the author, or for the OPJ on duty.
    #[n(111)]
    DecidingOpj,
    /// JJ/MM/AAAA HH:MM, as the moments that follow.
    #[n(112)]
    DecisionMoment,
    /// Code of a [`crate::verification::Ground`].
    #[n(113)]
    VerificationGround,
    /// Circumstances of the refusal or the impossibility.
    #[n(114)]
    VerificationReasons,
    /// Code of a [`crate::verification::Presented`].
    #[n(115)]
    Presentation,
    #[n(116)]
    PresentationMoment,
    /// BCP 47 tag, set when the person was told the rights of 78-3 CPP.
    #[n(117)]
    RetentionNotice,
    /// `oui` or `non`.
    #[n(118)]
    ProsecutorWish,
    /// When the prosecutor was told.
    #[n(119)]
    ProsecutorMoment,
    /// `oui` or `non`.
    #[n(120)]
    RelativeWish,
    /// Who was to be told.
    #[n(121)]
    Relative,
    #[n(122)]
    RelativeMoment,
    /// Why nobody was told, where somebody was to be.
    #[n(123)]
    RelativeObstacle,
    /// `oui` or `non`, where no birth says it.
    #[n(124)]
    Minority,
    /// Who represents a minor, and assists.
    #[n(125)]
    Representative,
    /// Why nobody does.
    #[n(126)]
    RepresentativeObstacle,
    /// `AUCUNE` where no print or photograph was taken, else code of a [`crate::verification::Magistrate`].
    #[n(127)]
    PrintsAuthority,
    /// Name of the magistrate who authorised them.
    #[n(128)]
    PrintsMagistrate,
    #[n(129)]
    PrintsMoment,
    /// Why they were the only means.
    #[n(130)]
    PrintsReasons,
    /// Code of a [`crate::verification::Finding`].
    #[n(131)]
    Finding,
    /// By what means the identity was established, or what was tried.
    #[n(132)]
    VerificationMeans,
    /// When the person was free to go.
    #[n(133)]
    RetentionEnd,
    /// One of [`crate::verification::FollowUp::CODES`].
    #[n(134)]
    FollowUp,
    /// Number of the procedure.
    #[n(135)]
    FollowUpProcedure,
    /// Code of a [`crate::verification::HandedCopy`].
    #[n(136)]
    HandedCopy,
    /// Number of the alinéa, where a text has several.
    #[n(140)]
    Alinea,
    /// Code of the [`crate::legal_basis::CheckBasis`] of the check that this one follows.
    #[n(141)]
    PriorBasis,
    /// As printed on the document, to be held against its zone.
    #[n(142)]
    DocumentNumber,
    /// JJ/MM/AAAA, as printed on the document.
    #[n(143)]
    DocumentExpiry,
    /// Code of a [`crate::plainte::HandedOver`].
    #[n(165)]
    SheetHanded,
    /// Code of a [`crate::plainte::DepositKind`]; empty for a complaint.
    #[n(170)]
    Deposit,
    /// Why the victim wants no complaint, in the victim's words.
    #[n(171)]
    Refusal,
    /// `oui` or `non`: violence is declared.
    #[n(172)]
    Violence,
    /// JJ/MM/AAAA HH:MM: when the prosecutor was told of the violence.
    #[n(173)]
    ProsecutorTold,
    /// Whom the officer told.
    #[n(174)]
    ToldMagistrate,
    /// Who lends the room of a complaint.
    #[n(175)]
    Host,
    /// `oui` or `non`: nobody hears the account who should not.
    #[n(176)]
    Confidential,
    /// `VICTIME`, `REPRESENTANT` or `PERSONNE-MORALE`.
    #[n(177)]
    Complainant,
    /// Name of the representative, or of the legal person.
    #[n(178)]
    ComplainantName,
    /// As what they act: father, guardian, manager.
    #[n(179)]
    ComplainantQuality,
    /// Nine digits of a legal person.
    #[n(180)]
    Siren,
    /// Lines `rôle ; nom`.
    #[n(181)]
    Companions,
    /// Questions and observations of the victim's lawyer; an empty line parts them.
    #[n(182)]
    LawyerWords,
    /// `PERSONNELLE`, `TIERS` or `PROFESSIONNELLE`: whose address stands in the file.
    #[n(183)]
    Domicile,
    /// Who consents that their address stands for the victim's.
    #[n(184)]
    DomicileConsent,
    /// `oui` or `non`: the victim agrees to hear by electronic means.
    #[n(185)]
    Electronic,
    /// The mandate of an elected official.
    #[n(186)]
    Mandate,
    /// The service that films the hearing of a minor.
    #[n(187)]
    FilmedBy,
    /// When the facts were or began, JJ/MM/AAAA HH:MM.
    #[n(188)]
    FactsFrom,
    /// When they ended, JJ/MM/AAAA HH:MM.
    #[n(189)]
    FactsTo,
    /// How it was done.
    #[n(190)]
    Modus,
    /// With what weapon.
    #[n(191)]
    Weapon,
    /// Code of a [`crate::plainte::Discrimination`].
    #[n(192)]
    Discrimination,
    /// Code of a [`crate::plainte::SuspectLink`].
    #[n(193)]
    SuspectLink,
    /// One a line: name and how to reach them.
    #[n(194)]
    Witnesses,
    /// Lines `objet ; marque ; série ou IMEI ; valeur ; assurance`.
    #[n(195)]
    Losses,
    /// What the body suffered.
    #[n(196)]
    Injuries,
    /// Days of incapacity that a physician fixed.
    #[n(197)]
    Itt,
    /// `SANS`, `REQUIS` or `REFUSE`.
    #[n(198)]
    Examination,
    /// By whose authority the examination is required.
    #[n(199)]
    ExaminationAuthority,
    /// JJ/MM/AAAA HH:MM of the requisition.
    #[n(200)]
    ExaminationMoment,
    /// The victim's words who refuses the examination.
    #[n(201)]
    ExaminationRefusal,
    /// `oui` or `non`: the facts are of a sexual nature.
    #[n(202)]
    SexualOffence,
    /// First criterion of D.1-3.
    #[n(203)]
    Harm,
    /// Second criterion of D.1-3.
    #[n(204)]
    HarmCircumstances,
    /// Third criterion of D.1-3.
    #[n(205)]
    Vulnerability,
    /// Fourth criterion of D.1-3.
    #[n(206)]
    Reprisals,
    /// The protection that follows from the evaluation.
    #[n(207)]
    Measures,
    /// A [`crate::plainte::Filling`].
    #[n(208)]
    Grid,
    /// `oui`: the officer sees a danger that the answers do not count.
    #[n(209)]
    GridRaised,
    /// Where the facts were, which is not where the complaint is taken.
    #[n(210)]
    FactsPlace,
    /// Lines of [`crate::plainte::protocol`].
    #[n(211)]
    Protocol,
    /// A victim's name in the script in which they write it.
    #[n(220)]
    NativeName,
    /// Code of a [`crate::plainte::RequisitionFrame`].
    #[n(221)]
    ExaminationFrame,
    #[n(222)]
    ExaminationUnit,
    /// What the physician is asked besides the usual.
    #[n(223)]
    ExaminationMission,
    /// Code of a [`crate::plainte::contact::Channel`].
    #[n(224)]
    ContactChannel,
    #[n(225)]
    ContactAt,
    #[n(226)]
    ContactHours,
    /// Who and what is never used to reach the victim, one a line.
    #[n(227)]
    ContactNever,
    /// Where the victim found refuge; in no act.
    #[n(228)]
    Refuge,
    /// Code of a [`crate::plainte::Filed`].
    #[n(229)]
    FiledOnline,
    #[n(230)]
    FiledNumber,
    /// `oui` once what was filed was read again with the victim.
    #[n(231)]
    FiledReread,
    /// Codes of [`crate::plainte::OnlineService`].
    #[n(232)]
    Directed,
    /// When somebody was arrested, JJ/MM/AAAA HH:MM; custody counts from here.
    #[n(233)]
    ArrestMoment,
    /// `oui` or `non`.
    #[n(234)]
    ForceUsed,
    /// What made force necessary, and how it was measured.
    #[n(235)]
    ForceReasons,
    /// Code of a [`crate::pv::HandcuffGround`], or `non`.
    #[n(236)]
    HandcuffGround,
    /// What the ground of the handcuffs rests on.
    #[n(237)]
    HandcuffReasons,
    /// `oui` or `non`.
    #[n(238)]
    PalpationDone,
    /// Why the palpation was needed for safety.
    #[n(239)]
    PalpationReasons,
    /// `oui` or `non`.
    #[n(240)]
    PalpationApart,
    /// Code of a [`crate::pv::NoticeGiver`].
    #[n(241)]
    NoticeGiver,
    /// When the rights of 63-1 CPP were told, JJ/MM/AAAA HH:MM.
    #[n(242)]
    CustodyNotice,
    /// The language in which they were told, in French.
    #[n(243)]
    CustodyLanguage,
    /// Code of a [`crate::pv::SheetGiven`].
    #[n(244)]
    CustodySheet,
    /// What could not be overcome, where the rights were not told at once.
    #[n(245)]
    NoticeDelay,
    /// One thing a line.
    #[n(246)]
    Property,
    /// JJ/MM/AAAA HH:MM.
    #[n(247)]
    Departure,
    /// JJ/MM/AAAA HH:MM.
    #[n(248)]
    HandedMoment,
    /// The service where somebody is handed over or summoned.
    #[n(249)]
    Station,
    /// Code of a [`crate::pv::ScreeningGround`].
    #[n(250)]
    ScreeningGround,
    /// JJ/MM/AAAA HH:MM.
    #[n(251)]
    ScreeningMoment,
    /// Code of a [`crate::pv::ScreeningResult`].
    #[n(252)]
    ScreeningResult,
    /// `SOUFFLE`, `SANG` or `REFUS`.
    #[n(253)]
    AlcoholProof,
    /// Make, model and number, as on its plate.
    #[n(254)]
    Device,
    /// JJ/MM/AAAA.
    #[n(255)]
    DeviceVerified,
    /// JJ/MM/AAAA HH:MM.
    #[n(256)]
    BlowMoment,
    /// `oui` or `non`.
    #[n(257)]
    SecondOffered,
    /// Code of a [`crate::pv::Blood`].
    #[n(258)]
    Blood,
    /// Name.
    #[n(259)]
    Doctor,
    /// What anybody could see: of drunkenness, of a driver, of violence.
    #[n(260)]
    Signs,
    /// One a line.
    #[n(261)]
    DrugFamilies,
    /// `SALIVE`, `SANG` or `REFUS`.
    #[n(262)]
    DrugProof,
    /// JJ/MM/AAAA HH:MM.
    #[n(263)]
    SampleMoment,
    /// `oui` or `non` (R.235-6 C. route).
    #[n(264)]
    Reserve,
    /// Code of a [`crate::pv::RetentionGround`].
    #[n(265)]
    RetentionGround,
    /// JJ/MM/AAAA HH:MM.
    #[n(266)]
    RetentionFrom,
    /// Code of a [`crate::pv::LicenceState`].
    #[n(267)]
    LicenceState,
    /// Code of a [`crate::pv::VehicleMeasure`].
    #[n(268)]
    VehicleMeasure,
    /// JJ/MM/AAAA HH:MM.
    #[n(269)]
    MeasureMoment,
    /// The text and the fact on which a measure rests.
    #[n(270)]
    MeasureGround,
    /// Damage, as seen.
    #[n(271)]
    VehicleState,
    /// One thing a line.
    #[n(272)]
    VehicleContents,
    /// Who has the keys.
    #[n(273)]
    Keys,
    /// `oui` or `non`.
    #[n(274)]
    CertificateKept,
    /// Name and place.
    #[n(275)]
    Pound,
    /// JJ/MM/AAAA HH:MM.
    #[n(276)]
    DoctorMoment,
    /// `oui` or `non`: no hospital is needed.
    #[n(277)]
    DoctorFit,
    /// One of [`crate::pv::DrunkOutcome::CODES`].
    #[n(278)]
    DrunkOutcome,
    /// JJ/MM/AAAA HH:MM.
    #[n(279)]
    PlacedMoment,
    /// The third party or the hospital.
    #[n(280)]
    EntrustedTo,
    /// Code of a [`crate::pv::Parent`].
    #[n(281)]
    Parent,
    /// Who takes the minor over, by name.
    #[n(282)]
    ParentName,
    /// How the minor is.
    #[n(283)]
    MinorState,
    /// JJ/MM/AAAA HH:MM, to come.
    #[n(284)]
    SummonsMoment,
    /// Code of a [`crate::pv::Door`].
    #[n(285)]
    Door,
    /// `oui` or `non`.
    #[n(286)]
    Apart,
    /// Lines `qui ; rôle ; naissance ou âge`.
    #[n(287)]
    Present,
    /// Code of a [`crate::pv::GridState`].
    #[n(288)]
    GridDone,
    /// `oui` or `non`.
    #[n(289)]
    CardHanded,
    /// Code of a [`crate::pv::Wish`].
    #[n(290)]
    Wish,
    /// Of the operations centre (CIC or CORG).
    #[n(291)]
    OperationsNumber,
    /// JJ/MM/AAAA HH:MM.
    #[n(292)]
    OpenedMoment,
    /// JJ/MM/AAAA HH:MM.
    #[n(293)]
    OnSceneMoment,
    /// JJ/MM/AAAA HH:MM.
    #[n(294)]
    OverMoment,
    /// Code of an [`crate::intervention::Outcome`].
    #[n(295)]
    Outcome,
    /// `oui`: the driver justifies what allows to drive.
    #[n(296)]
    OwedLicence,
    /// `oui`: the certificate of the vehicle.
    #[n(297)]
    OwedRegistration,
    /// `oui`: the certificate of a trailer or semi-trailer.
    #[n(298)]
    OwedTrailer,
    /// `oui`: the licence of who accompanies a learner.
    #[n(299)]
    OwedCompanion,
    /// `oui`: the attestation of training or experience.
    #[n(300)]
    OwedTraining,
    /// `oui`: the papers of an ignition interlock.
    #[n(301)]
    OwedInterlock,
    /// `oui`: the proof of insurance of a vehicle without registration.
    #[n(302)]
    OwedInsurance,
    /// AAAA/NNNNNN, of the contravention that the papers go with.
    #[n(303)]
    LinkedPve,
}

impl Field {
    pub const ALL: [Self; 249] = [
        Self::CheckBasis,
        Self::Grounds,
        Self::Requisition,
        Self::Place,
        Self::Mrz,
        Self::Surname,
        Self::GivenNames,
        Self::BirthDate,
        Self::Address,
        Self::Phone,
        Self::Plate,
        Self::PvFrame,
        Self::Subject,
        Self::Offences,
        Self::Account,
        Self::Venue,
        Self::When,
        Self::Suspect,
        Self::RightsLanguage,
        Self::HandReceipt,
        Self::Interception,
        Self::Moment,
        Self::Road,
        Self::RoadPoint,
        Self::Direction,
        Self::Commune,
        Self::Agglomeration,
        Self::Registration,
        Self::PlateCountry,
        Self::Make,
        Self::Model,
        Self::Colour,
        Self::Genre,
        Self::Email,
        Self::LicenceStatus,
        Self::LicenceNumber,
        Self::LicenceCategories,
        Self::LicenceDate,
        Self::LicenceAuthority,
        Self::SpeedLimit,
        Self::SpeedMeasured,
        Self::SpeedDevice,
        Self::AlcoholFirst,
        Self::AlcoholSecond,
        Self::DocumentsDue,
        Self::Simultaneous,
        Self::Understands,
        Self::TajQueried,
        Self::NoRecidive,
        Self::SeenOnTheSpot,
        Self::AddressConfirmed,
        Self::Acknowledged,
        Self::Destruction,
        Self::SingleProduct,
        Self::Returned,
        Self::NotDriving,
        Self::NotPublicAgent,
        Self::InsuranceChecked,
        Self::Substance,
        Self::Quantity,
        Self::PvKind,
        Self::Origin,
        Self::Assistants,
        Self::Dress,
        Self::HeardAs,
        Self::NoticeLanguage,
        Self::Counsel,
        Self::CounselName,
        Self::Constraint,
        Self::Interpreter,
        Self::InterpreterLanguage,
        Self::InterpreterOath,
        Self::InterpreterLink,
        Self::InterpreterPhone,
        Self::Inventory,
        Self::Mentions,
        Self::Annexes,
        Self::Addressee,
        Self::Authority,
        Self::OtherSigners,
        Self::BirthPlace,
        Self::Nationality,
        Self::Profession,
        Self::Father,
        Self::Mother,
        Self::FamilySituation,
        Self::Employer,
        Self::IdentityMode,
        Self::Certainty,
        Self::NotePurpose,
        Self::Position,
        Self::CheckStart,
        Self::DecidingOpj,
        Self::DecisionMoment,
        Self::VerificationGround,
        Self::VerificationReasons,
        Self::Presentation,
        Self::PresentationMoment,
        Self::RetentionNotice,
        Self::ProsecutorWish,
        Self::ProsecutorMoment,
        Self::RelativeWish,
        Self::Relative,
        Self::RelativeMoment,
        Self::RelativeObstacle,
        Self::Minority,
        Self::Representative,
        Self::RepresentativeObstacle,
        Self::PrintsAuthority,
        Self::PrintsMagistrate,
        Self::PrintsMoment,
        Self::PrintsReasons,
        Self::Finding,
        Self::VerificationMeans,
        Self::RetentionEnd,
        Self::FollowUp,
        Self::FollowUpProcedure,
        Self::HandedCopy,
        Self::Alinea,
        Self::PriorBasis,
        Self::DocumentNumber,
        Self::DocumentExpiry,
        Self::SheetHanded,
        Self::Deposit,
        Self::Refusal,
        Self::Violence,
        Self::ProsecutorTold,
        Self::ToldMagistrate,
        Self::Host,
        Self::Confidential,
        Self::Complainant,
        Self::ComplainantName,
        Self::ComplainantQuality,
        Self::Siren,
        Self::Companions,
        Self::LawyerWords,
        Self::Domicile,
        Self::DomicileConsent,
        Self::Electronic,
        Self::Mandate,
        Self::FilmedBy,
        Self::FactsFrom,
        Self::FactsTo,
        Self::Modus,
        Self::Weapon,
        Self::Discrimination,
        Self::SuspectLink,
        Self::Witnesses,
        Self::Losses,
        Self::Injuries,
        Self::Itt,
        Self::Examination,
        Self::ExaminationAuthority,
        Self::ExaminationMoment,
        Self::ExaminationRefusal,
        Self::SexualOffence,
        Self::Harm,
        Self::HarmCircumstances,
        Self::Vulnerability,
        Self::Reprisals,
        Self::Measures,
        Self::Grid,
        Self::GridRaised,
        Self::FactsPlace,
        Self::Protocol,
        Self::NativeName,
        Self::ExaminationFrame,
        Self::ExaminationUnit,
        Self::ExaminationMission,
        Self::ContactChannel,
        Self::ContactAt,
        Self::ContactHours,
        Self::ContactNever,
        Self::Refuge,
        Self::FiledOnline,
        Self::FiledNumber,
        Self::FiledReread,
        Self::Directed,
        Self::ArrestMoment,
        Self::ForceUsed,
        Self::ForceReasons,
        Self::HandcuffGround,
        Self::HandcuffReasons,
        Self::PalpationDone,
        Self::PalpationReasons,
        Self::PalpationApart,
        Self::NoticeGiver,
        Self::CustodyNotice,
        Self::CustodyLanguage,
        Self::CustodySheet,
        Self::NoticeDelay,
        Self::Property,
        Self::Departure,
        Self::HandedMoment,
        Self::Station,
        Self::ScreeningGround,
        Self::ScreeningMoment,
        Self::ScreeningResult,
        Self::AlcoholProof,
        Self::Device,
        Self::DeviceVerified,
        Self::BlowMoment,
        Self::SecondOffered,
        Self::Blood,
        Self::Doctor,
        Self::Signs,
        Self::DrugFamilies,
        Self::DrugProof,
        Self::SampleMoment,
        Self::Reserve,
        Self::RetentionGround,
        Self::RetentionFrom,
        Self::LicenceState,
        Self::VehicleMeasure,
        Self::MeasureMoment,
        Self::MeasureGround,
        Self::VehicleState,
        Self::VehicleContents,
        Self::Keys,
        Self::CertificateKept,
        Self::Pound,
        Self::DoctorMoment,
        Self::DoctorFit,
        Self::DrunkOutcome,
        Self::PlacedMoment,
        Self::EntrustedTo,
        Self::Parent,
        Self::ParentName,
        Self::MinorState,
        Self::SummonsMoment,
        Self::Door,
        Self::Apart,
        Self::Present,
        Self::GridDone,
        Self::CardHanded,
        Self::Wish,
        Self::OperationsNumber,
        Self::OpenedMoment,
        Self::OnSceneMoment,
        Self::OverMoment,
        Self::Outcome,
        Self::OwedLicence,
        Self::OwedRegistration,
        Self::OwedTrailer,
        Self::OwedCompanion,
        Self::OwedTraining,
        Self::OwedInterlock,
        Self::OwedInsurance,
        Self::LinkedPve,
    ];

    /// The name that scenario files use.
    pub const fn code(self) -> &'static str {
        match self {
            Self::CheckBasis => "check-basis",
            Self::Grounds => "grounds",
            Self::Requisition => "requisition",
            Self::Place => "place",
            Self::Mrz => "mrz",
            Self::Surname => "surname",
            Self::GivenNames => "given-names",
            Self::BirthDate => "birth-date",
            Self::Address => "address",
            Self::Phone => "phone",
            Self::Plate => "plate",
            Self::PvFrame => "pv-frame",
            Self::Subject => "subject",
            Self::Offences => "offences",
            Self::Account => "account",
            Self::Venue => "venue",
            Self::When => "when",
            Self::Suspect => "suspect",
            Self::RightsLanguage => "rights-language",
            Self::HandReceipt => "hand-receipt",
            Self::Interception => "interception",
            Self::Moment => "moment",
            Self::Road => "road",
            Self::RoadPoint => "road-point",
            Self::Direction => "direction",
            Self::Commune => "commune",
            Self::Agglomeration => "agglomeration",
            Self::Registration => "registration",
            Self::PlateCountry => "plate-country",
            Self::Make => "make",
            Self::Model => "model",
            Self::Colour => "colour",
            Self::Genre => "genre",
            Self::Email => "email",
            Self::LicenceStatus => "licence-status",
            Self::LicenceNumber => "licence-number",
            Self::LicenceCategories => "licence-categories",
            Self::LicenceDate => "licence-date",
            Self::LicenceAuthority => "licence-authority",
            Self::SpeedLimit => "speed-limit",
            Self::SpeedMeasured => "speed-measured",
            Self::SpeedDevice => "speed-device",
            Self::AlcoholFirst => "alcohol-first",
            Self::AlcoholSecond => "alcohol-second",
            Self::DocumentsDue => "documents-due",
            Self::Simultaneous => "simultaneous",
            Self::Understands => "understands",
            Self::TajQueried => "taj-queried",
            Self::NoRecidive => "no-recidive",
            Self::SeenOnTheSpot => "seen-on-the-spot",
            Self::AddressConfirmed => "address-confirmed",
            Self::Acknowledged => "acknowledged",
            Self::Destruction => "destruction",
            Self::SingleProduct => "single-product",
            Self::Returned => "returned",
            Self::NotDriving => "not-driving",
            Self::NotPublicAgent => "not-public-agent",
            Self::InsuranceChecked => "insurance-checked",
            Self::Substance => "substance",
            Self::Quantity => "quantity",
            Self::PvKind => "pv-kind",
            Self::Origin => "origin",
            Self::Assistants => "assistants",
            Self::Dress => "dress",
            Self::HeardAs => "heard-as",
            Self::NoticeLanguage => "notice-language",
            Self::Counsel => "counsel",
            Self::CounselName => "counsel-name",
            Self::Constraint => "constraint",
            Self::Interpreter => "interpreter",
            Self::InterpreterLanguage => "interpreter-language",
            Self::InterpreterOath => "interpreter-oath",
            Self::InterpreterLink => "interpreter-link",
            Self::InterpreterPhone => "interpreter-phone",
            Self::Inventory => "inventory",
            Self::Mentions => "mentions",
            Self::Annexes => "annexes",
            Self::Addressee => "addressee",
            Self::Authority => "authority",
            Self::OtherSigners => "other-signers",
            Self::BirthPlace => "birth-place",
            Self::Nationality => "nationality",
            Self::Profession => "profession",
            Self::Father => "father",
            Self::Mother => "mother",
            Self::FamilySituation => "family-situation",
            Self::Employer => "employer",
            Self::IdentityMode => "identity-mode",
            Self::Certainty => "certainty",
            Self::NotePurpose => "note-purpose",
            Self::Position => "position",
            Self::CheckStart => "check-start",
            Self::DecidingOpj => "deciding-opj",
            Self::DecisionMoment => "decision-moment",
            Self::VerificationGround => "verification-ground",
            Self::VerificationReasons => "verification-reasons",
            Self::Presentation => "presentation",
            Self::PresentationMoment => "presentation-moment",
            Self::RetentionNotice => "retention-notice",
            Self::ProsecutorWish => "prosecutor-wish",
            Self::ProsecutorMoment => "prosecutor-moment",
            Self::RelativeWish => "relative-wish",
            Self::Relative => "relative",
            Self::RelativeMoment => "relative-moment",
            Self::RelativeObstacle => "relative-obstacle",
            Self::Minority => "minority",
            Self::Representative => "representative",
            Self::RepresentativeObstacle => "representative-obstacle",
            Self::PrintsAuthority => "prints-authority",
            Self::PrintsMagistrate => "prints-magistrate",
            Self::PrintsMoment => "prints-moment",
            Self::PrintsReasons => "prints-reasons",
            Self::Finding => "finding",
            Self::VerificationMeans => "verification-means",
            Self::RetentionEnd => "retention-end",
            Self::FollowUp => "follow-up",
            Self::FollowUpProcedure => "follow-up-procedure",
            Self::HandedCopy => "handed-copy",
            Self::Alinea => "alinea",
            Self::PriorBasis => "prior-basis",
            Self::DocumentNumber => "document-number",
            Self::DocumentExpiry => "document-expiry",
            Self::SheetHanded => "sheet-handed",
            Self::Deposit => "deposit",
            Self::Refusal => "refusal",
            Self::Violence => "violence",
            Self::ProsecutorTold => "prosecutor-told",
            Self::ToldMagistrate => "told-magistrate",
            Self::Host => "host",
            Self::Confidential => "confidential",
            Self::Complainant => "complainant",
            Self::ComplainantName => "complainant-name",
            Self::ComplainantQuality => "complainant-quality",
            Self::Siren => "siren",
            Self::Companions => "companions",
            Self::LawyerWords => "lawyer-words",
            Self::Domicile => "domicile",
            Self::DomicileConsent => "domicile-consent",
            Self::Electronic => "electronic",
            Self::Mandate => "mandate",
            Self::FilmedBy => "filmed-by",
            Self::FactsFrom => "facts-from",
            Self::FactsTo => "facts-to",
            Self::Modus => "modus",
            Self::Weapon => "weapon",
            Self::Discrimination => "discrimination",
            Self::SuspectLink => "suspect-link",
            Self::Witnesses => "witnesses",
            Self::Losses => "losses",
            Self::Injuries => "injuries",
            Self::Itt => "itt",
            Self::Examination => "examination",
            Self::ExaminationAuthority => "examination-authority",
            Self::ExaminationMoment => "examination-moment",
            Self::ExaminationRefusal => "examination-refusal",
            Self::SexualOffence => "sexual-offence",
            Self::Harm => "harm",
            Self::HarmCircumstances => "harm-circumstances",
            Self::Vulnerability => "vulnerability",
            Self::Reprisals => "reprisals",
            Self::Measures => "measures",
            Self::Grid => "grid",
            Self::GridRaised => "grid-raised",
            Self::FactsPlace => "facts-place",
            Self::Protocol => "protocol",
            Self::NativeName => "native-name",
            Self::ExaminationFrame => "examination-frame",
            Self::ExaminationUnit => "examination-unit",
            Self::ExaminationMission => "examination-mission",
            Self::ContactChannel => "contact-channel",
            Self::ContactAt => "contact-at",
            Self::ContactHours => "contact-hours",
            Self::ContactNever => "contact-never",
            Self::Refuge => "refuge",
            Self::FiledOnline => "filed-online",
            Self::FiledNumber => "filed-number",
            Self::FiledReread => "filed-reread",
            Self::Directed => "directed",
            Self::ArrestMoment => "arrest-moment",
            Self::ForceUsed => "force-used",
            Self::ForceReasons => "force-reasons",
            Self::HandcuffGround => "handcuff-ground",
            Self::HandcuffReasons => "handcuff-reasons",
            Self::PalpationDone => "palpation-done",
            Self::PalpationReasons => "palpation-reasons",
            Self::PalpationApart => "palpation-apart",
            Self::NoticeGiver => "notice-giver",
            Self::CustodyNotice => "custody-notice",
            Self::CustodyLanguage => "custody-language",
            Self::CustodySheet => "custody-sheet",
            Self::NoticeDelay => "notice-delay",
            Self::Property => "property",
            Self::Departure => "departure",
            Self::HandedMoment => "handed-moment",
            Self::Station => "station",
            Self::ScreeningGround => "screening-ground",
            Self::ScreeningMoment => "screening-moment",
            Self::ScreeningResult => "screening-result",
            Self::AlcoholProof => "alcohol-proof",
            Self::Device => "device",
            Self::DeviceVerified => "device-verified",
            Self::BlowMoment => "blow-moment",
            Self::SecondOffered => "second-offered",
            Self::Blood => "blood",
            Self::Doctor => "doctor",
            Self::Signs => "signs",
            Self::DrugFamilies => "drug-families",
            Self::DrugProof => "drug-proof",
            Self::SampleMoment => "sample-moment",
            Self::Reserve => "reserve",
            Self::RetentionGround => "retention-ground",
            Self::RetentionFrom => "retention-from",
            Self::LicenceState => "licence-state",
            Self::VehicleMeasure => "vehicle-measure",
            Self::MeasureMoment => "measure-moment",
            Self::MeasureGround => "measure-ground",
            Self::VehicleState => "vehicle-state",
            Self::VehicleContents => "vehicle-contents",
            Self::Keys => "keys",
            Self::CertificateKept => "certificate-kept",
            Self::Pound => "pound",
            Self::DoctorMoment => "doctor-moment",
            Self::DoctorFit => "doctor-fit",
            Self::DrunkOutcome => "drunk-outcome",
            Self::PlacedMoment => "placed-moment",
            Self::EntrustedTo => "entrusted-to",
            Self::Parent => "parent",
            Self::ParentName => "parent-name",
            Self::MinorState => "minor-state",
            Self::SummonsMoment => "summons-moment",
            Self::Door => "door",
            Self::Apart => "apart",
            Self::Present => "present",
            Self::GridDone => "grid-done",
            Self::CardHanded => "card-handed",
            Self::Wish => "wish",
            Self::OperationsNumber => "operations-number",
            Self::OpenedMoment => "opened-moment",
            Self::OnSceneMoment => "on-scene-moment",
            Self::OverMoment => "over-moment",
            Self::Outcome => "outcome",
            Self::OwedLicence => "owed-licence",
            Self::OwedRegistration => "owed-registration",
            Self::OwedTrailer => "owed-trailer",
            Self::OwedCompanion => "owed-companion",
            Self::OwedTraining => "owed-training",
            Self::OwedInterlock => "owed-interlock",
            Self::OwedInsurance => "owed-insurance",
            Self::LinkedPve => "linked-pve",
        }
    }

    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|field| field.code() == code)
    }

    /// The field by which a condition of an AFD is answered.
    pub const fn answering(condition: Condition) -> Self {
        match condition {
            Condition::Understands => Self::Understands,
            Condition::TajQueried => Self::TajQueried,
            Condition::NoRecidive => Self::NoRecidive,
            Condition::SeenOnTheSpot => Self::SeenOnTheSpot,
            Condition::AddressConfirmed => Self::AddressConfirmed,
            Condition::Acknowledged => Self::Acknowledged,
            Condition::Destruction => Self::Destruction,
            Condition::SingleProduct => Self::SingleProduct,
            Condition::Returned => Self::Returned,
            Condition::NotDriving => Self::NotDriving,
            Condition::NotPublicAgent => Self::NotPublicAgent,
            Condition::InsuranceChecked => Self::InsuranceChecked,
        }
    }
}
