//! From the form to the PVe: what is typed, what is refused, and what other acts offer or take over.

use domain::Digest;
use domain::afd::Condition;
use domain::draft::{Draft, Field, Reason};
use domain::natinf::ReferenceSet;
use domain::officer::Quality;
use domain::photo::{Mark, Marks, MediaType, Photo, Spot};
use domain::pve::{Interception, Offender, OffenderSignature, Parameter, Pve};
use domain::record::{Act, ActKind, Record};
use domain::vehicle::Registration;

use crate::desk::{ZONE, at, draft, finish, record, refused, with};
use crate::eligibility::pad;

fn pve(draft: &Draft) -> Pve {
    let record = record(draft);
    assert_eq!(record.retention, None);
    assert_eq!(
        domain::decode::<Record>(&domain::encode(&record)).as_ref(),
        Ok(&record)
    );
    let Act::Pve(pve) = record.act else {
        panic!("a pve")
    };
    *pve
}

const STOPPED: [(Field, &str); 7] = [
    (Field::Plate, "AB-123-CD"),
    (Field::Genre, "VP"),
    (Field::Offences, "23800"),
    (Field::Interception, "INTERCEPTE"),
    (Field::Place, "12 rue des Lilas"),
    (Field::Surname, "Eriksson"),
    (Field::BirthDate, "12/08/1974"),
];

fn stopped(more: &[(Field, &str)]) -> Draft {
    draft(ActKind::Pve, &[&STOPPED, more].concat())
}

fn photo(content: &[u8]) -> Photo {
    Photo {
        name: "plaque.jpg".to_owned(),
        sha256: Digest::of(content),
        bytes: 3_000_000,
        media: MediaType::Jpeg,
        taken_at: at(2).utc,
        shows: None,
        marks: Marks::default(),
    }
}

#[test]
fn what_is_drawn_over_a_photograph_is_signed_with_it_and_goes_with_it() {
    let mut draft = stopped(&[]);
    let (plate, light) = (photo(b"plate"), photo(b"light"));
    draft.attach(plate.clone()).unwrap();
    draft.attach(light.clone()).unwrap();
    let spot = |x| Spot::new(x, 300).unwrap();
    let ring = Mark::Ring {
        centre: spot(500),
        radius: 120,
    };
    let drawn = Marks::new(vec![ring, Mark::Point(spot(410))]).unwrap();
    draft.mark_photo(plate.sha256, &drawn).unwrap();
    // A photograph that is not here is drawn over by nobody.
    draft.mark_photo(photo(b"other").sha256, &drawn).unwrap();
    let marks = |draft: &Draft| -> Vec<Marks> {
        let photos = pve(draft).photos.into_iter();
        photos.map(|photo| photo.marks).collect()
    };
    assert_eq!(marks(&draft), [drawn.clone(), Marks::default()]);
    assert_eq!(pve(&draft).photos[0].sha256, plate.sha256);

    // Taken a second time it is the same photograph, and keeps what is drawn over it.
    draft.attach(plate.clone()).unwrap();
    assert_eq!(marks(&draft), [drawn.clone(), Marks::default()]);
    draft.mark_photo(plate.sha256, &drawn.without_last()).unwrap();
    assert_eq!(marks(&draft), [drawn.without_last(), Marks::default()]);

    // Taken off and added again it is as the camera gave it.
    draft.detach(plate.sha256).unwrap();
    draft.attach(plate).unwrap();
    assert_eq!(marks(&draft), [Marks::default(), Marks::default()]);
}

#[test]
fn what_is_drawn_after_the_locked_summary_was_signed_unlocks_it() {
    let mut draft = stopped(&[]);
    let plate = photo(b"plate");
    draft.attach(plate.clone()).unwrap();
    draft.set_signature(OffenderSignature::Signed(pad()));
    let point = Mark::Point(Spot::new(0, 1000).unwrap());
    let drawn = Marks::new(vec![point]).unwrap();
    draft.mark_photo(plate.sha256, &drawn).unwrap();
    assert_eq!(draft.signature(), OffenderSignature::default());
}

#[test]
fn a_pve_holds_everything_that_the_avis_names() {
    let mut draft = stopped(&[
        (Field::Make, "Renault"),
        (Field::Road, "d 907"),
        (Field::RoadPoint, "12+300"),
        (Field::Direction, "vers Exempleville"),
        (Field::Commune, "75056"),
        (Field::Agglomeration, "oui"),
        (Field::Moment, "21/11/2026 19:00"),
        (Field::LicenceStatus, "VALIDE"),
        (Field::LicenceCategories, "A2, B"),
        (Field::Email, "specimen@example.org"),
        (Field::Account, "Main droite.\n\nTéléphone à l'oreille."),
    ]);
    draft.attach(photo(b"first")).unwrap();
    draft.attach(photo(b"first")).unwrap();
    draft.attach(photo(b"second")).unwrap();
    draft.attach(photo(b"third")).unwrap();
    draft.detach(photo(b"second").sha256).unwrap();
    draft.set_signature(OffenderSignature::Signed(pad()));
    let pve = pve(&draft);
    assert_eq!(pve.interception, Interception::Intercepted);
    assert_eq!(pve.at, at(-5).utc);
    let point = pve.place.point.unwrap();
    assert_eq!((point.road(), point.point_m), ("D907", Some(12_300)));
    assert_eq!(pve.place.place.commune.as_deref(), Some("75056"));
    assert_eq!(pve.licence.unwrap().categories, ["A2", "B"]);
    assert_eq!(pve.observations.len(), 2);
    let names: Vec<&str> = pve.photos.iter().map(|photo| photo.name.as_str()).collect();
    assert_eq!(names, ["plaque.jpg", "plaque-3.jpg"]);
    assert_eq!(pve.ruling.offences[0].amounts.forfaitaire, 13_500);
    assert_eq!(pve.ruling.points, 3);
    assert_eq!(pve.signature, OffenderSignature::Signed(pad()));
}

#[test]
fn cpp_a37_19_a_missing_signature_is_recorded_and_is_no_defect() {
    assert_eq!(pve(&stopped(&[])).signature, OffenderSignature::Absent);
    let mut declined = stopped(&[]);
    declined.set_signature(OffenderSignature::Declined);
    assert_eq!(pve(&declined).signature, OffenderSignature::Declined);
}

#[test]
fn cpp_a37_19_what_is_changed_after_the_signature_is_no_longer_signed() {
    let mut draft = stopped(&[]);
    draft.set_signature(OffenderSignature::Signed(pad()));
    draft.fill(Field::Place, "12 rue des Lilas", at(3)).unwrap();
    assert_eq!(draft.signature(), OffenderSignature::Signed(pad()));
    draft.fill(Field::Place, "14 rue des Lilas", at(4)).unwrap();
    assert_eq!(draft.signature(), OffenderSignature::Absent);
    draft.set_signature(OffenderSignature::Signed(pad()));
    draft.attach(photo(b"first")).unwrap();
    assert_eq!(draft.signature(), OffenderSignature::Absent);
    draft.set_signature(OffenderSignature::Signed(pad()));
    let mut other = stopped(&[(Field::Colour, "bleu")]);
    other.reuse(&draft);
    draft.reuse(&other);
    assert_eq!(draft.signature(), OffenderSignature::Absent);
}

#[test]
fn without_interception_a_plate_is_needed_and_nobody_is_named() {
    let seen = [
        (Field::Offences, "23800"),
        (Field::Interception, "VOLEE"),
        (Field::Place, "12 rue des Lilas"),
    ];
    refused(&draft(ActKind::Pve, &seen), &[(Field::Plate, Reason::Missing)]);
    let more = [
        (Field::Plate, "b-mw 1234"),
        (Field::PlateCountry, "de"),
        (Field::Surname, "Eriksson"),
    ];
    let pve = pve(&draft(ActKind::Pve, &[&seen[..], &more].concat()));
    assert_eq!(pve.offender, Offender::Holder);
    let Registration::Read { plate, country } = pve.vehicle.unwrap().registration else {
        panic!("a plate")
    };
    assert_eq!((plate.to_string().as_str(), country.as_str()), ("BMW1234", "DE"));
}

#[test]
fn a_speed_is_noted_with_what_the_margin_leaves() {
    let fields = [
        (Field::Offences, "11302"),
        (Field::SpeedLimit, "50"),
        (Field::SpeedMeasured, "77"),
        (Field::SpeedDevice, "MAIN"),
    ];
    let pve = pve(&stopped(&fields));
    let Some(Parameter::Speed(reading)) = pve.offences[0].parameter else {
        panic!("a speed")
    };
    assert_eq!((reading.retained, reading.excess()), (72, 22));
    refused(
        &stopped(&fields[..2]),
        &[
            (Field::SpeedMeasured, Reason::Missing),
            (Field::SpeedDevice, Reason::Missing),
        ],
    );
    let wrong = [
        fields[0],
        fields[1],
        (Field::SpeedMeasured, "soixante"),
        fields[3],
    ];
    refused(&stopped(&wrong), &[(Field::SpeedMeasured, Reason::NotANumber)]);
    let other = [fields[0], fields[1], (Field::SpeedMeasured, "70"), fields[3]];
    refused(&stopped(&other), &[(Field::Offences, Reason::OutsideMeasure)]);
}

#[test]
fn alcohol_is_typed_in_milligrams_and_papers_have_their_term() {
    let alcohol = [
        (Field::Offences, "13322"),
        (Field::AlcoholFirst, "0,33"),
        (Field::AlcoholSecond, "0.3"),
    ];
    let Some(Parameter::Alcohol(reading)) = pve(&stopped(&alcohol)).offences[0].parameter else {
        panic!("a reading")
    };
    assert_eq!(
        (reading.first, reading.second, reading.retained),
        (330, Some(300), 268)
    );
    let papers = [(Field::Offences, "6227")];
    let Some(Parameter::Documents { due }) = pve(&stopped(&papers)).offences[0].parameter else {
        panic!("papers")
    };
    assert_eq!(due.to_string(), "26/11/2026");
}

#[test]
fn what_cannot_be_is_refused_with_its_field_and_reason_and_the_text_is_kept() {
    for (field, text, reason) in [
        (Field::Moment, "31/02/2026 10:00", Reason::NotADate),
        (Field::Moment, "21/11/2026", Reason::NotADate),
        (Field::Moment, "21/11/2026 25:00", Reason::NotADate),
        (Field::Moment, "21/11/2026 19:30", Reason::InTheFuture),
        (Field::Commune, "7505", Reason::NotACommune),
        (Field::Road, "rue de la Paix", Reason::NotARoad),
        (Field::RoadPoint, "loin", Reason::NotARoadPoint),
        (Field::Plate, "AO-123-CD", Reason::NotAPlate),
        (Field::Plate, "AB-000-CD", Reason::NotAPlate),
        (Field::Plate, "1234 ABC 98B", Reason::NotAPlate),
        (Field::Plate, "illisible", Reason::NotAPlate),
        (Field::PlateCountry, "FRA", Reason::NotACountry),
        (Field::Agglomeration, "peut-être", Reason::NotAChoice),
        (Field::Genre, "SOUCOUPE", Reason::NotAChoice),
        (Field::Registration, "VUE", Reason::NotAChoice),
        (Field::LicenceDate, "30/02/2000", Reason::NotADate),
        (Field::LicenceDate, "22/11/2026", Reason::InTheFuture),
        (Field::Account, "vu \u{202e}ici", Reason::ControlCharacters),
        (Field::Account, "vu \u{7} ici", Reason::ControlCharacters),
        (Field::Make, "Re\u{200f}nault", Reason::ControlCharacters),
        (Field::Offences, "x", Reason::NotANatinf),
        (Field::Offences, "99999", Reason::UnknownNatinf),
        (Field::Offences, "6166", Reason::OutdatedNatinf),
        (Field::Offences, "42", Reason::Delit),
        (Field::Offences, "21526", Reason::Delit),
        (Field::Offences, "1115", Reason::Crime),
        (Field::Offences, "227", Reason::NotForfaitisable),
        (Field::Offences, "254", Reason::NotChecked),
        (Field::Offences, "23800, 23800", Reason::NatinfTwice),
        (Field::Offences, "6164", Reason::RegisteredVehicle),
        (Field::Simultaneous, "42", Reason::Simultaneous),
        (Field::BirthDate, "22/11/2026", Reason::InTheFuture),
        (Field::BirthDate, "12/08/2015", Reason::Child),
    ] {
        let draft = stopped(&[(field, text)]);
        let problems = finish(&draft).unwrap_err();
        assert!(
            problems.iter().any(|problem| problem.reason == reason),
            "{field:?} `{text}`: {problems:?}"
        );
        assert_eq!(draft.text(field), text);
    }
}

#[test]
fn an_empty_form_names_the_place_the_context_and_the_offence_at_once() {
    refused(
        &draft(ActKind::Pve, &[]),
        &[
            (Field::Place, Reason::Missing),
            (Field::Offences, Reason::Missing),
            (Field::Interception, Reason::Missing),
        ],
    );
}

#[test]
fn whoever_a_pve_names_was_stopped_until_the_officer_says_otherwise() {
    let mut named = draft(ActKind::Pve, &[(Field::Surname, "Eriksson")]);
    assert_eq!(named.text(Field::Interception), "INTERCEPTE");
    named.fill(Field::Interception, "VOLEE", at(3)).unwrap();
    named.fill(Field::Surname, "Larsson", at(4)).unwrap();
    assert_eq!(named.text(Field::Interception), "VOLEE");
    let check = draft(ActKind::IdentityCheck, &[(Field::Surname, "Eriksson")]);
    assert_eq!(check.text(Field::Interception), "");
    let pve = check.follow_up(check.id, ActKind::Pve, at(5));
    assert_eq!(pve.text(Field::Interception), "INTERCEPTE");
    let afd = check.follow_up(check.id, ActKind::Afd, at(5));
    assert_eq!(afd.text(Field::Interception), "");
    let pve = draft(ActKind::Pve, &[(Field::Plate, "AA-123-AA")]);
    assert_eq!(pve.text(Field::Interception), "");
}

#[test]
fn a_birth_date_is_needed_to_know_whether_a_forfait_may_be_proposed() {
    let mut fields = STOPPED.to_vec();
    fields.pop();
    refused(
        &draft(ActKind::Pve, &fields),
        &[(Field::BirthDate, Reason::Missing)],
    );
}

#[test]
fn a_clock_that_went_back_behind_the_draft_is_named() {
    let draft = stopped(&[]);
    let problems = with(Quality::Apj, |around| draft.finish(around, at(-1))).unwrap_err();
    let reasons: Vec<Reason> = problems.iter().map(|problem| problem.reason).collect();
    assert_eq!(reasons, [Reason::ClockBackwards]);
}

#[test]
fn the_screen_knows_the_amounts_before_the_form_is_complete() {
    let draft = draft(
        ActKind::Pve,
        &[(Field::Interception, "VOLEE"), (Field::Offences, "23800")],
    );
    let ruling = with(Quality::Apj, |around| draft.ruling(around, at(10)))
        .unwrap()
        .unwrap();
    assert_eq!(ruling.offences[0].amounts.minoree, Some(9_000));
}

#[test]
fn a_general_pv_takes_over_a_pve_and_refuses_a_code_that_is_over() {
    let draft = stopped(&[(Field::Simultaneous, "42"), (Field::Account, "Vu.")]);
    let mut pv = draft.turn_into_pv(draft.id, &ReferenceSet::embedded());
    pv.fill(Field::PvFrame, "FLAGRANCE", at(5)).unwrap();
    assert!(finish(&pv).is_ok());
    pv.fill(Field::Offences, "6166", at(5)).unwrap();
    refused(&pv, &[(Field::Offences, Reason::OutdatedNatinf)]);
}

#[test]
fn a_check_takes_nobody_from_another_act_and_a_complaint_only_who_was_checked() {
    let known = [
        (Field::Surname, "Eriksson"),
        (Field::Plate, "AB-123-CD"),
        (Field::Place, "gare"),
    ];
    let taken = |kind, from| {
        let mut taking = draft(kind, &[]);
        taking.reuse(&draft(from, &known));
        known.map(|(field, _)| !taking.text(field).is_empty())
    };
    let (place_alone, all) = ([false, false, true], [true; 3]);
    assert_eq!(taken(ActKind::IdentityCheck, ActKind::IdentityCheck), place_alone);
    assert_eq!(taken(ActKind::IdentityCheck, ActKind::Pve), place_alone);
    assert_eq!(taken(ActKind::Plainte, ActKind::Plainte), place_alone);
    assert_eq!(taken(ActKind::Plainte, ActKind::Pv), place_alone);
    assert_eq!(taken(ActKind::Plainte, ActKind::IdentityCheck), all);
    assert_eq!(taken(ActKind::Pve, ActKind::IdentityCheck), all);
}

#[test]
fn everything_that_a_check_knows_is_offered_and_nothing_that_was_answered() {
    let check = draft(
        ActKind::IdentityCheck,
        &[
            (Field::Mrz, ZONE),
            (Field::Plate, "AB-123-CD"),
            (Field::Place, "gare"),
            (Field::Grounds, "court"),
            (Field::Commune, "75056"),
            (Field::LicenceStatus, "PROBATOIRE"),
        ],
    );
    let mut pve = draft(ActKind::Pve, &[(Field::Place, "12 rue des Lilas")]);
    pve.reuse(&check);
    assert_eq!(pve.text(Field::Place), "12 rue des Lilas");
    for field in [Field::Mrz, Field::Plate, Field::Commune, Field::LicenceStatus] {
        assert_eq!(pve.text(field), check.text(field));
    }
    assert_eq!(pve.text(Field::Grounds), "");
    for condition in Condition::ALL {
        assert!(!Field::SHARED.contains(&Field::answering(condition)));
    }
}

#[test]
fn every_form_names_each_of_its_fields_once() {
    for kind in [
        ActKind::IdentityCheck,
        ActKind::Pv,
        ActKind::Plainte,
        ActKind::Pve,
        ActKind::Afd,
        ActKind::Footage,
    ] {
        let mut fields = Field::form(kind).to_vec();
        fields.sort_unstable();
        let all = fields.len();
        fields.dedup();
        assert_eq!(fields.len(), all, "{kind:?}");
    }
    for field in Field::ALL {
        assert_eq!(Field::from_code(field.code()), Some(field));
    }
}
