//! The measures of the patrol's day: their grounds, their hours in order, and the clocks that they start.
#![expect(clippy::unwrap_used, reason = "a test panics on the unexpected")]

#[path = "pve/desk.rs"]
#[expect(dead_code, reason = "the desk of the PVe has more on it")]
mod desk;

use domain::draft::{Draft, Field, Reason, Warning};
use domain::hand::{HandOutcome, Point, SignerRole, Strokes};
use domain::id::{ActId, BootId};
use domain::officer::Quality;
use domain::photo::{Marks, MediaType, Photo};
use domain::pv::{
    AlcoholProof, DrugProof, DrunkOutcome, HandcuffGround, Handover, Justification, Measure, Pv, PvKind,
    RoadPaper, SheetGiven, VehicleMeasure,
};
use domain::record::{Act, ActKind, Record};
use domain::verification::Counted;
use domain::{Digest, Timestamp, UnixMs, Zone};

use desk::{at, record, refused, with};

const PERSON: [(Field, &str); 3] = [
    (Field::Surname, "Eriksson"),
    (Field::GivenNames, "Anna"),
    (Field::BirthDate, "12/08/1974"),
];

const HANDOVER: [(Field, &str); 13] = [
    (Field::ArrestMoment, "21/11/2026 18:40"),
    (Field::ForceUsed, "non"),
    (Field::HandcuffGround, "non"),
    (Field::PalpationDone, "non"),
    (Field::NoticeGiver, "PATROUILLE"),
    (Field::CustodyNotice, "21/11/2026 18:42"),
    (Field::CustodyLanguage, "roumain"),
    (Field::CustodySheet, "REMIS"),
    (Field::Property, "un téléphone\n42,50 euros"),
    (Field::Departure, "21/11/2026 18:50"),
    (Field::HandedMoment, "21/11/2026 19:00"),
    (Field::DecidingOpj, "7654321"),
    (Field::Station, "commissariat de Saint-Denis"),
];

const ALCOHOL: [(Field, &str); 9] = [
    (Field::ScreeningGround, "INFRACTION"),
    (Field::ScreeningMoment, "21/11/2026 19:00"),
    (Field::ScreeningResult, "POSITIF"),
    (Field::AlcoholProof, "SOUFFLE"),
    (Field::Device, "appareil 441"),
    (Field::DeviceVerified, "12/03/2026"),
    (Field::BlowMoment, "21/11/2026 19:04"),
    (Field::AlcoholFirst, "0,52"),
    (Field::SecondOffered, "oui"),
];

const VEHICLE: [(Field, &str); 8] = [
    (Field::VehicleMeasure, "FOURRIERE"),
    (Field::MeasureMoment, "21/11/2026 19:00"),
    (Field::MeasureGround, "L.325-1-2, alcool"),
    (Field::Plate, "AA-123-AA"),
    (Field::VehicleState, "aile enfoncée"),
    (Field::Keys, "au gardien"),
    (Field::CertificateKept, "oui"),
    (Field::Pound, "fourrière du port"),
];

const DRUNK: [(Field, &str); 7] = [
    (Field::MeasureMoment, "21/11/2026 18:30"),
    (Field::Signs, "titube et tombe sur la chaussée"),
    (Field::Doctor, "docteur Petit"),
    (Field::DoctorMoment, "21/11/2026 18:50"),
    (Field::DoctorFit, "oui"),
    (Field::DrunkOutcome, "CHAMBRE"),
    (Field::PlacedMoment, "21/11/2026 19:05"),
];

/// A PV of `kind` about Anna Eriksson, with later fields over earlier ones.
fn of(kind: PvKind, fields: &[&[(Field, &str)]]) -> Draft {
    let mut draft = desk::draft(ActKind::Pv, &PERSON);
    draft.become_measure(kind);
    draft.fill(Field::Place, "12 rue des Lilas", at(1)).unwrap();
    for (field, text) in fields.iter().copied().flatten() {
        draft.fill(*field, text, at(1)).unwrap();
    }
    draft
}

/// Read to everybody, who all sign.
fn signed(draft: &Draft) -> Draft {
    let points = (0..20).map(|n| Point {
        x: 10 + n * 5,
        y: 50,
        ms: u32::from(n) * 10,
    });
    let strokes = Strokes::new(320, 140, vec![points.collect()]).unwrap();
    let mut read = draft.clone();
    read.show(Digest::of(b"shown"), at(6));
    for (index, _) in (0_u8..).zip(read.signers(at(7))) {
        read.sign_by_hand(index, strokes.clone(), Digest::of(b"image"))
            .unwrap();
    }
    read
}

#[track_caller]
fn pv(draft: &Draft) -> Pv {
    let record = record(&signed(draft));
    assert_eq!(
        domain::decode::<Record>(&domain::encode(&record)).as_ref(),
        Ok(&record)
    );
    let Act::Pv(pv) = record.act else { panic!("a pv") };
    *pv
}

#[track_caller]
fn gate(draft: &Draft, expected: &[(Field, Reason)]) {
    refused(&signed(draft), expected);
}

fn warned(draft: &Draft, warning: Warning) -> bool {
    with(Quality::Apj, |around| draft.warnings(around, at(10))).contains(&warning)
}

fn handover(draft: &Draft) -> Handover {
    let Some(Measure::Handover(handover)) = pv(draft).measure else {
        panic!("a handover")
    };
    *handover
}

#[test]
fn cpp_803_handcuffs_have_one_of_the_grounds_and_what_it_rests_on() {
    let cuffed = (Field::HandcuffGround, "FUITE");
    let draft = of(PvKind::MiseADisposition, &[&HANDOVER, &[cuffed]]);
    gate(&draft, &[(Field::HandcuffReasons, Reason::Missing)]);
    let draft = of(
        PvKind::MiseADisposition,
        &[&HANDOVER, &[cuffed, (Field::HandcuffReasons, "oui")]],
    );
    gate(&draft, &[(Field::HandcuffReasons, Reason::GroundsMissing)]);
    let why = (Field::HandcuffReasons, "a couru vers la gare à notre vue");
    let cuffs = handover(&of(PvKind::MiseADisposition, &[&HANDOVER, &[cuffed, why]]))
        .restraint
        .handcuffs;
    assert_eq!(cuffs.unwrap().ground, HandcuffGround::Flight);
    let usual = of(
        PvKind::MiseADisposition,
        &[&HANDOVER, &[(Field::HandcuffGround, "PRUDENCE"), why]],
    );
    gate(&usual, &[(Field::HandcuffGround, Reason::NotAChoice)]);
    let unanswered = of(
        PvKind::MiseADisposition,
        &[&HANDOVER, &[(Field::HandcuffGround, "")]],
    );
    gate(&unanswered, &[(Field::HandcuffGround, Reason::Missing)]);
}

#[test]
fn csi_r434_16_a_palpation_has_its_reasons_and_says_whether_it_was_out_of_sight() {
    let done = (Field::PalpationDone, "oui");
    let draft = of(PvKind::MiseADisposition, &[&HANDOVER, &[done]]);
    gate(
        &draft,
        &[
            (Field::PalpationReasons, Reason::Missing),
            (Field::PalpationApart, Reason::Missing),
        ],
    );
    let why = [
        done,
        (Field::PalpationReasons, "forme dure dans la poche droite"),
        (Field::PalpationApart, "non"),
    ];
    let palpation = handover(&of(PvKind::MiseADisposition, &[&HANDOVER, &why]))
        .restraint
        .palpation;
    assert!(!palpation.unwrap().apart);
}

#[test]
fn csi_r434_18_force_says_what_made_it_necessary() {
    let draft = of(
        PvKind::MiseADisposition,
        &[&HANDOVER, &[(Field::ForceUsed, "oui")]],
    );
    gate(&draft, &[(Field::ForceReasons, Reason::Missing)]);
}

#[test]
fn cpp_803_an_interpellation_without_a_word_of_force_is_as_before_and_with_one_is_whole() {
    let told = [
        (Field::Account, "Interpellons l'intéressé."),
        (Field::ArrestMoment, "21/11/2026 18:40"),
    ];
    assert_eq!(pv(&of(PvKind::Interpellation, &[&told[..1]])).measure, None);
    gate(
        &of(PvKind::Interpellation, &[&told]),
        &[
            (Field::ForceUsed, Reason::Missing),
            (Field::HandcuffGround, Reason::Missing),
            (Field::PalpationDone, Reason::Missing),
        ],
    );
}

#[test]
fn cpp_63_1_the_notice_says_when_and_in_which_language_and_803_6_what_was_given() {
    let whole = handover(&of(PvKind::MiseADisposition, &[&HANDOVER]));
    let notice = whole.notice.unwrap();
    assert_eq!(
        (notice.language.as_str(), notice.sheet),
        ("roumain", SheetGiven::Given)
    );
    assert!(whole.arrested < notice.at && notice.at < whole.handed);
    let silent = [
        (Field::CustodyNotice, ""),
        (Field::CustodyLanguage, ""),
        (Field::CustodySheet, ""),
    ];
    gate(
        &of(PvKind::MiseADisposition, &[&HANDOVER, &silent]),
        &[
            (Field::CustodyNotice, Reason::Missing),
            (Field::CustodyLanguage, Reason::Missing),
            (Field::CustodySheet, Reason::Missing),
        ],
    );
    let by_the_opj = of(
        PvKind::MiseADisposition,
        &[&HANDOVER, &[(Field::NoticeGiver, "OPJ")]],
    );
    assert_eq!(handover(&by_the_opj).notice, None);
}

#[test]
fn cpp_63_1_a_notice_that_was_not_at_once_is_warned_of_until_its_delay_is_explained() {
    let late = (Field::CustodyNotice, "21/11/2026 19:11");
    let after = (Field::HandedMoment, "21/11/2026 19:14");
    let draft = of(PvKind::MiseADisposition, &[&HANDOVER, &[late, after]]);
    assert!(warned(&draft, Warning::NoticeLate));
    let why = (Field::NoticeDelay, "aucun interprète avant l'arrivée au service");
    let explained = of(PvKind::MiseADisposition, &[&HANDOVER, &[late, after, why]]);
    assert!(!warned(&explained, Warning::NoticeLate));
    assert!(!warned(
        &of(PvKind::MiseADisposition, &[&HANDOVER]),
        Warning::NoticeLate
    ));
}

#[test]
fn cpp_62_2_somebody_is_handed_to_an_opj_who_is_named_and_no_hour_crosses_another() {
    let nobody = of(
        PvKind::MiseADisposition,
        &[&HANDOVER, &[(Field::DecidingOpj, "")]],
    );
    gate(&nobody, &[(Field::DecidingOpj, Reason::OpjMissing)]);
    let oneself = of(
        PvKind::MiseADisposition,
        &[&HANDOVER, &[(Field::DecidingOpj, "1234567")]],
    );
    gate(&oneself, &[(Field::DecidingOpj, Reason::OpjMissing)]);
    let early = (Field::HandedMoment, "21/11/2026 18:45");
    gate(
        &of(PvKind::MiseADisposition, &[&HANDOVER, &[early]]),
        &[(Field::HandedMoment, Reason::HoursCross)],
    );
    let told_before = (Field::CustodyNotice, "21/11/2026 18:30");
    gate(
        &of(PvKind::MiseADisposition, &[&HANDOVER, &[told_before]]),
        &[(Field::CustodyNotice, Reason::HoursCross)],
    );
}

#[test]
fn cjpm_l413_6_of_a_minor_it_is_said_who_was_told() {
    let young = (Field::BirthDate, "12/08/2011");
    gate(
        &of(PvKind::MiseADisposition, &[&HANDOVER, &[young]]),
        &[(Field::Representative, Reason::RepresentativeMissing)],
    );
    let mother = (Field::Representative, "Mme Eriksson");
    assert!(
        handover(&of(PvKind::MiseADisposition, &[&HANDOVER, &[young, mother]]))
            .minor
            .is_some()
    );
}

#[test]
fn cr_l234_4_a_positive_screening_is_verified_and_the_lower_blow_counts_less_its_margin() {
    let two = of(PvKind::Alcoolemie, &[&ALCOHOL, &[(Field::AlcoholSecond, "0,50")]]);
    let Some(Measure::Alcohol(check)) = pv(&two).measure else {
        panic!("a check of alcohol")
    };
    let AlcoholProof::Breath(breath) = check.proof else {
        panic!("a breath")
    };
    assert_eq!((breath.reading.first, breath.reading.second), (520, Some(500)));
    assert_eq!(breath.reading.retained, 460, "eight per cent off the lower");
    let open = of(PvKind::Alcoolemie, &[&ALCOHOL, &[(Field::AlcoholProof, "")]]);
    gate(&open, &[(Field::AlcoholProof, Reason::Missing)]);
    let before = of(
        PvKind::Alcoolemie,
        &[&ALCOHOL, &[(Field::BlowMoment, "21/11/2026 18:50")]],
    );
    gate(&before, &[(Field::BlowMoment, Reason::HoursCross)]);
}

#[test]
fn cr_l234_3_a_negative_screening_is_verified_by_nothing() {
    let negative = [
        (Field::ScreeningGround, "INITIATIVE"),
        (Field::ScreeningMoment, "21/11/2026 19:00"),
        (Field::ScreeningResult, "NEGATIF"),
    ];
    let Some(Measure::Alcohol(check)) = pv(&of(PvKind::Alcoolemie, &[&negative])).measure else {
        panic!("a check of alcohol")
    };
    assert_eq!(check.proof, AlcoholProof::None);
}

#[test]
fn cr_r234_4_a_second_blow_is_offered_and_an_apparatus_out_of_date_is_warned_of() {
    let unasked = of(PvKind::Alcoolemie, &[&ALCOHOL, &[(Field::SecondOffered, "")]]);
    gate(&unasked, &[(Field::SecondOffered, Reason::Missing)]);
    let old = of(
        PvKind::Alcoolemie,
        &[&ALCOHOL, &[(Field::DeviceVerified, "20/11/2025")]],
    );
    assert!(warned(&old, Warning::DeviceOutOfDate));
    assert!(!warned(
        &of(PvKind::Alcoolemie, &[&ALCOHOL]),
        Warning::DeviceOutOfDate
    ));
}

#[test]
fn cr_l235_2_a_driver_says_whether_a_second_analysis_is_reserved() {
    let drugs = [
        (Field::ScreeningGround, "INFRACTION"),
        (Field::ScreeningMoment, "21/11/2026 19:00"),
        (Field::ScreeningResult, "POSITIF"),
        (Field::DrugFamilies, "cannabis"),
        (Field::DrugProof, "SALIVE"),
        (Field::SampleMoment, "21/11/2026 19:04"),
    ];
    gate(
        &of(PvKind::Stupefiants, &[&drugs]),
        &[(Field::Reserve, Reason::Missing)],
    );
    let Some(Measure::Drugs(check)) =
        pv(&of(PvKind::Stupefiants, &[&drugs, &[(Field::Reserve, "oui")]])).measure
    else {
        panic!("a check of drugs")
    };
    assert!(matches!(check.proof, DrugProof::Saliva { reserve: true, .. }));
    assert_eq!(check.families, ["cannabis"]);
}

#[test]
fn cr_l224_2_seventy_two_hours_and_a_hundred_and_twenty_where_alcohol_or_drugs_are_proven() {
    let of_ground = |ground: &str| {
        let fields = [
            (Field::RetentionGround, ground),
            (Field::RetentionFrom, "21/11/2026 19:00"),
            (Field::LicenceState, "REMIS"),
        ];
        let Some(Measure::Licence(retention)) = pv(&of(PvKind::Retention, &[&fields])).measure else {
            panic!("a retention")
        };
        (retention.until().0 - retention.from.0) / 3_600_000
    };
    for (ground, hours) in [
        ("VITESSE", 72),
        ("TELEPHONE", 72),
        ("ACCIDENT", 72),
        ("ALCOOL-ETABLI", 120),
        ("ALCOOL-PRESUME", 120),
        ("STUPEFIANTS", 120),
        ("REFUS", 120),
    ] {
        assert_eq!(of_ground(ground), hours, "{ground}");
    }
}

/// A moment at the terminal: milliseconds since the evening of the tests, and where it is.
fn moment(minutes: i64, zone: Zone, offset_min: i16, boot: u8) -> Timestamp {
    Timestamp {
        utc: UnixMs(1_792_877_400_000 + minutes * 60_000),
        zone,
        offset_min,
        boot: BootId::from_bytes([boot; 16]),
        mono_ms: u64::try_from(minutes.max(0)).unwrap() * 60_000,
    }
}

/// The hours of a licence that is kept from the Saturday evening on whose night the clocks of Paris go back.
#[track_caller]
fn left(zone: Zone, offsets: (i16, i16), typed: &str) {
    let begun = moment(0, zone, offsets.0, 1);
    let mut draft = Draft::new(ActId::from_bytes([3; 16]), ActKind::Pv, begun, None);
    draft.become_measure(PvKind::Retention);
    for (field, text) in [
        (Field::RetentionGround, "ALCOOL-ETABLI"),
        (Field::RetentionFrom, typed),
    ] {
        draft.fill(field, text, begun).unwrap();
    }
    let clock = draft.retention(&begun).unwrap();
    assert_eq!((clock.counted, clock.left_min(&begun)), (Counted::Licence, 7200));
    // The next day, after the clocks changed and the terminal started again, it is read from the form anew.
    let next_day = moment(24 * 60, zone, offsets.1, 2);
    let again = draft.retention(&next_day).unwrap();
    assert_eq!(again.until(), clock.until(), "{zone:?}");
    assert_eq!(again.left_min(&next_day), 4 * 24 * 60, "{zone:?}");
}

#[test]
fn cr_l224_2_the_hours_of_a_licence_are_the_same_over_a_change_of_the_clocks_and_overseas() {
    assert_eq!(
        moment(0, Zone::Paris, 120, 1).local().to_string(),
        "2026-10-24T23:30:00"
    );
    left(Zone::Paris, (120, 60), "24/10/2026 23:30");
    left(Zone::Reunion, (240, 240), "25/10/2026 01:30");
    left(Zone::Mayotte, (180, 180), "25/10/2026 00:30");
}

#[test]
fn cpp_63_1_the_clock_of_an_arrest_is_of_the_notice_until_it_is_given_and_of_custody_until_the_opj() {
    let counted = |more: &[(Field, &str)]| {
        let none = [(Field::CustodyNotice, ""), (Field::HandedMoment, "")];
        let draft = of(PvKind::MiseADisposition, &[&HANDOVER, &none, more]);
        draft
            .retention(&at(10))
            .map(|clock| (clock.counted, clock.left_min(&at(10))))
    };
    assert_eq!(counted(&[]), Some((Counted::CustodyNotice, 30 - 25)));
    let told = (Field::CustodyNotice, "21/11/2026 18:42");
    assert_eq!(counted(&[told]), Some((Counted::Custody, 24 * 60 - 25)));
    assert_eq!(counted(&[told, (Field::HandedMoment, "21/11/2026 19:10")]), None);
}

#[test]
fn cr_l325_1_the_pound_and_the_end_of_a_measure_are_an_opjs_to_order() {
    gate(
        &of(PvKind::Immobilisation, &[&VEHICLE]),
        &[(Field::DecidingOpj, Reason::OpjMissing)],
    );
    let opj = (Field::DecidingOpj, "7654321");
    let Some(Measure::Vehicle(sheet)) = pv(&of(PvKind::Immobilisation, &[&VEHICLE, &[opj]])).measure else {
        panic!("a sheet")
    };
    assert_eq!(sheet.measure, VehicleMeasure::Impounded);
    assert!(sheet.opj.is_some() && sheet.pound.is_some());
    let lifted = [(Field::VehicleMeasure, "MAINLEVEE"), (Field::VehicleState, "")];
    gate(
        &of(PvKind::Immobilisation, &[&VEHICLE, &lifted]),
        &[(Field::DecidingOpj, Reason::OpjMissing)],
    );
    let kept = [
        (Field::VehicleMeasure, "IMMOBILISATION"),
        (Field::VehicleState, ""),
    ];
    gate(
        &of(PvKind::Immobilisation, &[&VEHICLE, &kept]),
        &[(Field::VehicleState, Reason::Missing)],
    );
}

#[test]
fn csp_l3341_1_a_physician_sees_a_drunk_person_first_and_no_minor_is_placed() {
    let Some(Measure::Ivresse(ivresse)) = pv(&of(PvKind::Ivresse, &[&DRUNK])).measure else {
        panic!("ivresse")
    };
    assert!(matches!(ivresse.outcome, DrunkOutcome::Cell(at) if at >= ivresse.doctor.at));
    let unseen = (Field::PlacedMoment, "21/11/2026 18:40");
    gate(
        &of(PvKind::Ivresse, &[&DRUNK, &[unseen]]),
        &[(Field::PlacedMoment, Reason::DoctorFirst)],
    );
    gate(
        &of(PvKind::Ivresse, &[&DRUNK, &[(Field::DoctorFit, "non")]]),
        &[(Field::DrunkOutcome, Reason::DoctorSaysHospital)],
    );
    gate(
        &of(PvKind::Ivresse, &[&DRUNK, &[(Field::BirthDate, "12/08/2011")]]),
        &[(Field::BirthDate, Reason::NotForMinors)],
    );
}

#[test]
fn cpp_61_1_a_summons_names_the_offence_and_a_day_to_come() {
    let summons = [
        (Field::PvFrame, "FLAGRANCE"),
        (Field::SummonsMoment, "15/12/2026 09:30"),
        (Field::Station, "commissariat"),
        (Field::Offences, "7151"),
    ];
    assert!(matches!(
        pv(&of(PvKind::Convocation, &[&summons])).measure,
        Some(Measure::Convocation(_))
    ));
    gate(
        &of(PvKind::Convocation, &[&summons[..3]]),
        &[(Field::Offences, Reason::Missing)],
    );
    gate(
        &of(
            PvKind::Convocation,
            &[&summons, &[(Field::SummonsMoment, "20/11/2026 09:30")]],
        ),
        &[(Field::SummonsMoment, Reason::InThePast)],
    );
}

#[test]
fn a_minor_is_handed_to_somebody_who_signs_and_an_adult_is_not() {
    let remise = [
        (Field::MeasureMoment, "21/11/2026 19:00"),
        (Field::ParentName, "Mme Eriksson"),
        (Field::Parent, "MERE"),
        (Field::MinorState, "calme"),
    ];
    gate(
        &of(PvKind::Remise, &[&remise]),
        &[(Field::BirthDate, Reason::NotAMinor)],
    );
    let young = of(PvKind::Remise, &[&remise, &[(Field::BirthDate, "12/08/2013")]]);
    let signers = pv(&young).signers;
    assert_eq!(signers.len(), 1);
    assert_eq!(signers[0].signer.role, SignerRole::Representative);
    assert!(matches!(signers[0].outcome, HandOutcome::Signed(_)));
}

#[test]
fn a_call_at_a_home_is_written_down_even_when_nobody_opens() {
    let closed = [
        (Field::MeasureMoment, "21/11/2026 19:00"),
        (Field::Door, "PERSONNE"),
        (
            Field::Account,
            "Personne ne répond ; le voisin n'entend plus rien.",
        ),
    ];
    assert!(matches!(
        pv(&of(PvKind::Domicile, &[&closed])).measure,
        Some(Measure::HomeCall(_))
    ));
    let opened = [(Field::Door, "OUVERT"), (Field::Present, "Anne Petit")];
    gate(
        &of(PvKind::Domicile, &[&closed, &opened]),
        &[
            (Field::Signs, Reason::Missing),
            (Field::Apart, Reason::Missing),
            (Field::Present, Reason::NotAPresent),
            (Field::GridDone, Reason::Missing),
            (Field::CardHanded, Reason::Missing),
            (Field::Wish, Reason::Missing),
        ],
    );
}

/// The person that the call's PV names may be the author.
#[test]
fn a_complaint_after_a_call_at_the_home_types_nobody_again() {
    let call = [
        (Field::Place, "3 rue des Lilas"),
        (Field::MeasureMoment, "21/11/2026 19:00"),
        (Field::Door, "OUVERT"),
        (
            Field::Present,
            "DE LA RUE Lina ; victime ; 09/05/1990\nDE LA RUE Denis ; auteur\nDE LA RUE Tom ; enfant ; 6 ans\nBruno Petit ; témoin",
        ),
        (Field::Wish, "PLAINTE"),
    ];
    let call = of(PvKind::Domicile, &[&call]);
    let complaint = call.follow_up(ActId::from_bytes([5; 16]), ActKind::Plainte, at(10));
    for (field, text) in [
        (Field::Violence, "oui"),
        (Field::FactsPlace, "3 rue des Lilas"),
        (Field::Surname, "DE LA RUE"),
        (Field::GivenNames, "Lina"),
        (Field::BirthDate, "09/05/1990"),
        (Field::Suspect, "DE LA RUE Denis"),
        (Field::Witnesses, "DE LA RUE Tom\nBruno Petit"),
        (
            Field::When,
            "avant l’arrivée de la patrouille, le 21/11/2026 19:00",
        ),
    ] {
        assert_eq!(complaint.text(field), text, "{field:?}");
    }

    let two = call_of("Anne Petit ; victime\nLise Petit ; victime");
    let of_two = two.follow_up(ActId::from_bytes([6; 16]), ActKind::Plainte, at(10));
    assert_eq!(
        of_two.text(Field::Surname),
        "",
        "which of them complains is asked"
    );
    let fine = call.follow_up(ActId::from_bytes([7; 16]), ActKind::Pve, at(10));
    assert_eq!(fine.text(Field::Suspect), "");
}

fn call_of(present: &str) -> Draft {
    of(PvKind::Domicile, &[&[(Field::Present, present)]])
}

#[test]
fn a_measure_begins_with_what_the_act_before_it_says() {
    let before = of(PvKind::Alcoolemie, &[&ALCOHOL]);
    let next = before.measure(ActId::from_bytes([4; 16]), PvKind::Retention, at(10));
    assert_eq!(next.text(Field::Surname), "Eriksson");
    assert_eq!(next.text(Field::Place), "12 rue des Lilas");
    assert_eq!(next.pv_kind(), PvKind::Retention);
    assert_eq!(next.text(Field::Subject), PvKind::Retention.title());
    assert_eq!(
        next.text(Field::ScreeningResult),
        "",
        "what was found stays where it was found"
    );
}

const PAPERS: [(Field, &str); 3] = [
    (Field::MeasureMoment, "21/11/2026 19:00"),
    (Field::OwedLicence, "oui"),
    (Field::Station, "commissariat de Saint-Denis"),
];

fn papers(draft: &Draft) -> Justification {
    let Some(Measure::Papers(owed)) = pv(draft).measure else {
        panic!("papers")
    };
    *owed
}

#[test]
fn cr_r233_1_a_driver_has_five_days_to_show_the_papers_that_the_text_names() {
    let more = [
        (Field::OwedTrailer, "oui"),
        (Field::OwedTraining, "non"),
        (Field::LinkedPve, "2026/000123"),
    ];
    let owed = papers(&of(PvKind::Justification, &[&PAPERS, &more]));
    assert_eq!(owed.papers, [RoadPaper::Licence, RoadPaper::Trailer]);
    assert_eq!(owed.until.to_string(), "26/11/2026");
    assert_eq!(
        owed.pve.map(|pve| pve.to_string()).as_deref(),
        Some("2026/000123")
    );
    gate(
        &of(PvKind::Justification, &[&PAPERS, &[(Field::OwedLicence, "")]]),
        &[(Field::OwedLicence, Reason::Missing)],
    );
    gate(
        &of(PvKind::Justification, &[&PAPERS, &[(Field::LinkedPve, "123")]]),
        &[(Field::LinkedPve, Reason::NotANumber)],
    );
}

#[test]
fn cass_r211_14_no_proof_of_insurance_is_asked_for_a_vehicle_that_is_registered() {
    let asked = (Field::OwedInsurance, "oui");
    gate(
        &of(
            PvKind::Justification,
            &[&PAPERS, &[asked, (Field::Plate, "AA-123-AA")]],
        ),
        &[(Field::OwedInsurance, Reason::RegisteredVehicle)],
    );
    let unregistered = [asked, (Field::Registration, "AUCUNE"), (Field::Genre, "CYCLO")];
    let owed = papers(&of(PvKind::Justification, &[&PAPERS, &unregistered]));
    assert!(owed.papers.contains(&RoadPaper::Insurance));
}

#[test]
fn papers_that_a_pve_noted_are_asked_for_without_typing_them_again() {
    let pve = desk::draft(
        ActKind::Pve,
        &[(Field::Offences, "6227 23800"), (Field::Plate, "AA-123-AA")],
    );
    let begun = pve.measure(ActId::from_bytes([9; 16]), PvKind::Justification, at(2));
    assert_eq!(begun.text(Field::OwedLicence), "oui");
    assert_eq!(begun.text(Field::OwedRegistration), "");
    assert_eq!(begun.text(Field::Plate), "AA-123-AA");
}

#[test]
fn a_photograph_follows_the_object_that_it_shows_and_loses_one_that_is_gone() {
    let mut draft = of(
        PvKind::Inventaire,
        &[&[(
            Field::Inventory,
            "1 ; couteau ; 1 ; SAISI\n1 ; clé ; ; RESTITUE\n1 ; sac ; 2 ; SAISI",
        )]],
    );
    let sha256 = Digest::of(b"sac");
    draft
        .attach(Photo {
            name: "sac.jpg".to_owned(),
            sha256,
            bytes: 3,
            media: MediaType::Jpeg,
            taken_at: at(1).utc,
            shows: None,
            marks: Marks::default(),
        })
        .unwrap();
    let shown = |draft: &Draft| draft.photos()[0].shows;
    draft.show_object(sha256, Some(4)).unwrap();
    assert_eq!(shown(&draft), None, "there is no fourth object");
    draft.show_object(sha256, Some(3)).unwrap();
    assert_eq!(pv(&draft).photos[0].shows, Some(3));
    let without_the_key = "1 ; couteau ; 1 ; SAISI\n1 ; sac ; 2 ; SAISI";
    draft.fill(Field::Inventory, without_the_key, at(2)).unwrap();
    assert_eq!(shown(&draft), Some(2));
    let corrected = "1 ; couteau ; 1 ; SAISI\n1 ; sac noir ; 2 ; SAISI";
    draft.fill(Field::Inventory, corrected, at(3)).unwrap();
    assert_eq!(shown(&draft), Some(2));
    draft
        .fill(Field::Inventory, "1 ; couteau ; 1 ; SAISI", at(4))
        .unwrap();
    assert_eq!(shown(&draft), None);
}

#[test]
fn sealed_objects_go_with_whoever_is_handed_to_an_opj() {
    let sealed = "1 ; couteau ; 1 ; SAISI ; poche droite ; RIO 2222222";
    let arrest = of(PvKind::Interpellation, &[&[(Field::Inventory, sealed)]]);
    let mut begun = arrest.measure(ActId::from_bytes([9; 16]), PvKind::MiseADisposition, at(2));
    for (field, text) in HANDOVER {
        begun.fill(field, text, at(3)).unwrap();
    }
    let inventory = pv(&begun).inventory;
    assert_eq!(inventory.len(), 1);
    assert_eq!(inventory[0].seal.as_deref(), Some("1"));
    assert_eq!(inventory[0].found.as_ref().unwrap().place, "poche droite");
}
