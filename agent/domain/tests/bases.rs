//! The legal bases of checks: who may, what must be named and written, where and when, and what is told before anything is
//! asked.
#![expect(clippy::unwrap_used, reason = "a test panics on the unexpected")]

#[path = "pve/desk.rs"]
#[expect(dead_code, reason = "the desk of the PVe has more on it")]
mod desk;

use domain::draft::{Draft, Field, Problem, Readiness, Reason, Surroundings, Warning};
use domain::identity::CivilDate;
use domain::legal_basis::{BasisRefusal, BasisTable, CheckBasis, CheckFrame, QueryFrame, Situation};
use domain::officer::{Corps, Matricule, Quality};
use domain::place::{Fix, Position};
use domain::record::{Act, ActKind};
use domain::requisition::{NotARequisition, PlaceVerdict, TypedRequisition, Whereabouts};
use domain::service::{Service, StandingRequisition};

use desk::{at, draft, with};

const FACTS: &str = "sort en courant du magasin";
const CIRCUMSTANCES: &str = "gare routière, trois vols à l'arraché entre 18 h et 19 h ce jour";

fn opj() -> Matricule {
    Matricule::parse(Corps::PoliceNationale, "7654321").unwrap()
}

const fn situation(quality: Quality) -> Situation<'static> {
    Situation {
        quality,
        opj: None,
        grounds: FACTS,
        requisition: "",
        alinea: None,
        prior: None,
        held: &[],
        whereabouts: Whereabouts {
            commune: None,
            fix: None,
        },
        at: domain::Timestamp {
            utc: domain::UnixMs(1_795_284_300_000),
            zone: domain::Zone::Paris,
            offset_min: 60,
            boot: domain::BootId::from_bytes([1; 16]),
            mono_ms: 3_600_000,
        },
        urgent: None,
    }
}

fn frame(basis: CheckBasis, situation: &Situation<'_>) -> Result<CheckFrame, Vec<BasisRefusal>> {
    BasisTable::built_in().frame(basis, situation)
}

/// Of the hour before the check and the hour after it, for one commune and 800 m around a point.
fn requisition(basis: CheckBasis) -> StandingRequisition {
    let typed = TypedRequisition {
        reference: "REQ 2026/14".to_owned(),
        basis: basis.code().to_owned(),
        places: "gare et ses abords".to_owned(),
        communes: "93066".to_owned(),
        circle: "48.93563 2.35387 800".to_owned(),
        from: "21/11/2026 18:05".to_owned(),
        until: "21/11/2026 20:05".to_owned(),
    };
    parse(&typed).unwrap()
}

fn parse(typed: &TypedRequisition) -> Result<StandingRequisition, NotARequisition> {
    let today = CivilDate::new(2026, 11, 21).unwrap();
    let longest = |basis| BasisTable::built_in().in_force(basis, today)?.requisition;
    typed.parse(longest, &at(0))
}

fn fix(latitude_e6: i32, accuracy_m: u32) -> Fix {
    Fix {
        position: Position {
            latitude_e6,
            longitude_e6: 2_353_870,
            accuracy_m,
        },
        at: at(0),
    }
}

/// An APJ whose service has an OPJ and these réquisitions.
fn served<R>(requisitions: &[StandingRequisition], read: impl FnOnce(Surroundings<'_>) -> R) -> R {
    with(Quality::Apj, |around| {
        let service = Service {
            opj: Some(opj()),
            requisitions: requisitions.to_vec(),
            ..around.service.clone()
        };
        read(Surroundings {
            service: &service,
            ..around
        })
    })
}

#[test]
fn cpp_78_2_an_apj_check_without_the_opj_formula_is_refused() {
    let situation = situation(Quality::Apj);
    assert_eq!(
        frame(CheckBasis::Ci2, &situation),
        Err(vec![BasisRefusal::OpjMissing])
    );
    let opj = opj();
    let named = Situation {
        opj: Some(&opj),
        ..situation
    };
    assert_eq!(
        frame(CheckBasis::Ci2, &named).unwrap().on_order_of,
        Some(opj.clone())
    );
}

#[test]
fn cpp_78_2_a_policier_adjoint_has_no_power_and_78_6_remains() {
    let situation = situation(Quality::ApjaPolicierAdjoint);
    let refusals = frame(CheckBasis::Ci8, &situation).unwrap_err();
    assert!(refusals.contains(&BasisRefusal::QualityNotEmpowered));
    assert!(frame(CheckBasis::Releve, &situation).is_ok());
    assert!(frame(CheckBasis::Releve, &self::situation(Quality::Opj)).is_err());
}

#[test]
fn cpp_78_2_al_7_needs_the_requisition_and_al_8_needs_written_grounds() {
    let held = [requisition(CheckBasis::Ci7)];
    let bare = situation(Quality::Opj);
    assert_eq!(
        frame(CheckBasis::Ci7, &bare),
        Err(vec![BasisRefusal::RequisitionMissing])
    );
    let named = Situation {
        requisition: "req 2026/14",
        ..bare
    };
    // A reference that nobody typed for the service has neither places nor hours.
    assert_eq!(
        frame(CheckBasis::Ci7, &named),
        Err(vec![BasisRefusal::RequisitionUnknown])
    );
    let kept = frame(CheckBasis::Ci7, &Situation { held: &held, ..named }).unwrap();
    assert_eq!(
        (kept.requisition.as_deref(), kept.held),
        (Some("REQ 2026/14"), Some(held[0].clone()))
    );
    let unwritten = Situation {
        grounds: "  ",
        ..bare
    };
    assert_eq!(
        frame(CheckBasis::Ci8, &unwritten),
        Err(vec![BasisRefusal::CircumstancesMissing])
    );
}

#[test]
fn cpp_78_2_al_8_a_formula_is_no_circumstance_of_place_and_time() {
    let formula = Situation {
        grounds: "zone propice",
        ..situation(Quality::Opj)
    };
    assert_eq!(
        frame(CheckBasis::Ci8, &formula),
        Err(vec![BasisRefusal::CircumstancesMissing])
    );
    let written = Situation {
        grounds: CIRCUMSTANCES,
        ..formula
    };
    assert!(frame(CheckBasis::Ci8, &written).is_ok());
}

#[test]
fn cpp_78_2_al_7_a_requisition_allows_checks_in_its_hours_alone() {
    let held = [requisition(CheckBasis::Ci7)];
    for (minutes, allowed) in [(-61, false), (-60, true), (0, true), (60, true), (61, false)] {
        let situation = Situation {
            requisition: "REQ 2026/14",
            held: &held,
            at: at(minutes),
            ..situation(Quality::Opj)
        };
        let framed = frame(CheckBasis::Ci7, &situation);
        let expected = if allowed {
            None
        } else {
            Some(vec![BasisRefusal::RequisitionOutside])
        };
        assert_eq!(framed.err(), expected, "{minutes} minutes");
    }
}

#[test]
fn cpp_78_2_2_a_requisition_is_of_24_hours_at_most_and_78_2_1_of_a_month() {
    let typed = |basis: CheckBasis, until: &str| {
        parse(&TypedRequisition {
            reference: "REQ 2026/14".to_owned(),
            basis: basis.code().to_owned(),
            places: "gare et ses abords".to_owned(),
            communes: String::new(),
            circle: String::new(),
            from: "21/11/2026 18:00".to_owned(),
            until: until.to_owned(),
        })
        .err()
    };
    assert_eq!(typed(CheckBasis::CiReqV, "22/11/2026 18:00"), None);
    assert_eq!(
        typed(CheckBasis::CiReqV, "22/11/2026 18:01"),
        Some(NotARequisition::TooLong)
    );
    assert_eq!(typed(CheckBasis::CiPro, "21/12/2026 23:59"), None);
    assert_eq!(
        typed(CheckBasis::CiPro, "22/12/2026 00:00"),
        Some(NotARequisition::TooLong)
    );
    assert_eq!(typed(CheckBasis::Ci7, "21/11/2027 18:00"), None);
    assert_eq!(
        typed(CheckBasis::Ci7, "21/11/2026 18:00"),
        Some(NotARequisition::Window)
    );
    assert_eq!(
        typed(CheckBasis::Ci2, "22/11/2026 18:00"),
        Some(NotARequisition::Basis)
    );
    // One that an older program kept is held against the text again.
    let long = StandingRequisition {
        until: at(60 * 25).utc,
        ..requisition(CheckBasis::CiReqV)
    };
    let held = [long];
    let situation = Situation {
        requisition: "REQ 2026/14",
        held: &held,
        ..situation(Quality::Opj)
    };
    assert_eq!(
        frame(CheckBasis::CiReqV, &situation),
        Err(vec![BasisRefusal::RequisitionTooLong])
    );
}

#[test]
fn a_place_is_inside_or_outside_only_where_something_says_so() {
    let held = requisition(CheckBasis::Ci7);
    let covers = |commune, fix: Option<Fix>| {
        let whereabouts = Whereabouts {
            commune,
            fix: fix.as_ref(),
        };
        held.covers(at(0).utc, whereabouts)
    };
    use PlaceVerdict::{Inside, Outside, Unknown};
    assert_eq!(covers(None, None), Unknown);
    assert_eq!(covers(Some("93066"), None), Inside);
    assert_eq!(covers(Some("75056"), None), Outside);
    // 700 m, 870 m and 1 110 m to the north.
    assert_eq!(covers(None, Some(fix(48_941_930, 20))), Inside);
    assert_eq!(covers(None, Some(fix(48_943_430, 20))), Outside);
    assert_eq!(covers(None, Some(fix(48_943_430, 200))), Unknown);
    assert_eq!(covers(Some("93066"), Some(fix(48_945_630, 20))), Outside);
    let old = Fix {
        at: at(-11),
        ..fix(48_941_930, 20)
    };
    assert_eq!(covers(None, Some(old)), Unknown);
    let wordy = StandingRequisition {
        communes: Vec::new(),
        circle: None,
        ..requisition(CheckBasis::Ci7)
    };
    let whereabouts = Whereabouts {
        commune: Some("93066"),
        fix: Some(&fix(48_941_930, 20)),
    };
    assert_eq!(wordy.covers(at(0).utc, whereabouts), Unknown);
}

const REQUIRED: [(Field, &str); 4] = [
    (Field::CheckBasis, "CI-7"),
    (Field::Requisition, "REQ 2026/14"),
    (Field::Grounds, "contrôle sur le quai n° 2"),
    (Field::Place, "gare de Saint-Denis"),
];

#[test]
fn cpp_78_2_al_7_a_place_elsewhere_warns_blocks_nothing_and_is_in_the_act() {
    let held = [requisition(CheckBasis::Ci7)];
    for (commune, warning, verdict) in [
        ("93066", None, PlaceVerdict::Inside),
        ("75056", Some(Warning::OutsideRequisition), PlaceVerdict::Outside),
        ("", Some(Warning::PlaceUnknown), PlaceVerdict::Unknown),
    ] {
        let check = draft(
            ActKind::IdentityCheck,
            &[&REQUIRED[..], &[(Field::Commune, commune)]].concat(),
        );
        let (warnings, act) = served(&held, |around| {
            assert_eq!(
                check.readiness(around, at(2)),
                Readiness::Ready(Some(QueryFrame::Check(CheckBasis::Ci7)))
            );
            (
                check.warnings(around, at(2)),
                check.finish(around, at(2)).unwrap(),
            )
        });
        assert_eq!(warnings, Vec::from_iter(warning), "{commune}");
        let Act::IdentityCheck(act) = act.record(None).act else {
            panic!("a check")
        };
        assert_eq!(act.frame.place, Some(verdict));
    }
}

#[test]
fn a_check_takes_its_text_and_its_requisition_from_the_shift() {
    let held = [requisition(CheckBasis::Ci7)];
    let begun = |minutes: i64, held: &[StandingRequisition], basis: Option<CheckBasis>| {
        served(held, |around| {
            let service = Service {
                basis,
                ..around.service.clone()
            };
            let mut check = Draft::new(
                domain::ActId::from_bytes([3; 16]),
                ActKind::IdentityCheck,
                at(minutes),
                None,
            );
            check.inherit(&service);
            [Field::CheckBasis, Field::Requisition].map(|field| check.text(field).to_owned())
        })
    };
    assert_eq!(begun(0, &held, None), ["CI-7", "REQ 2026/14"]);
    assert_eq!(begun(61, &held, Some(CheckBasis::Route)), ["ROUTE", ""]);
    // Of two that run nobody but the officer says which.
    let two = [requisition(CheckBasis::Ci7), requisition(CheckBasis::CiReqV)];
    assert_eq!(begun(0, &two, None), ["", ""]);
}

#[test]
fn cpp_78_2_al_9_the_act_names_its_alinea() {
    let band = Situation {
        grounds: CIRCUMSTANCES,
        ..situation(Quality::Opj)
    };
    assert_eq!(
        frame(CheckBasis::Ci9, &band),
        Err(vec![BasisRefusal::AlineaMissing])
    );
    let beyond = Situation {
        alinea: Some(18),
        ..band
    };
    assert_eq!(
        frame(CheckBasis::Ci9, &beyond),
        Err(vec![BasisRefusal::AlineaMissing])
    );
    let named = Situation {
        alinea: Some(10),
        ..band
    };
    let cited = frame(CheckBasis::Ci9, &named).unwrap().cited.unwrap();
    assert_eq!(
        cited.citation,
        "article 78-2 alinéa 10 du Code de procédure pénale"
    );
}

#[test]
fn ceseda_l812_2_a_title_is_asked_for_on_external_elements_or_after_a_check() {
    let bare = Situation {
        grounds: "",
        ..situation(Quality::Opj)
    };
    assert_eq!(
        frame(CheckBasis::Etr1, &bare),
        Err(vec![BasisRefusal::ExternalElementsMissing])
    );
    let external = Situation {
        grounds: "véhicule immatriculé à l'étranger, filature depuis la frontière",
        ..bare
    };
    assert!(frame(CheckBasis::Etr1, &external).is_ok());
    assert_eq!(
        frame(CheckBasis::Etr2, &bare),
        Err(vec![BasisRefusal::PriorMissing])
    );
    for (prior, opens) in [
        (CheckBasis::Ci2, true),
        (CheckBasis::Route, false),
        (CheckBasis::Etr1, false),
    ] {
        let after = Situation {
            prior: Some(prior),
            ..bare
        };
        assert_eq!(frame(CheckBasis::Etr2, &after).is_ok(), opens, "{prior:?}");
    }
}

#[test]
fn cpp_78_2_3_an_opj_alone_visits_a_vehicle_in_flagrance() {
    assert!(frame(CheckBasis::VehFlag, &situation(Quality::Opj)).is_ok());
    let opj = opj();
    let apj = Situation {
        opj: Some(&opj),
        ..situation(Quality::Apj)
    };
    assert_eq!(
        frame(CheckBasis::VehFlag, &apj),
        Err(vec![BasisRefusal::QualityNotEmpowered])
    );
}

#[test]
fn cpp_78_3_a_verification_is_no_check_but_an_act_of_its_own() {
    assert_eq!(
        frame(CheckBasis::Verif, &situation(Quality::Opj)),
        Err(vec![BasisRefusal::AnotherAct])
    );
}

#[test]
fn an_act_keeps_its_edition_and_the_words_of_that_edition() {
    let table = |title: &str, citation: &str| {
        let row = format!("CI-2\t-\t-\topj\t-\tfacts 10\t-\t-\t-\tTitre\t{citation}\tmotif {title}\tlimites");
        BasisTable::from_file(&format!("edition\t{title}\nissued\t2026-11-27\n{row}\n")).unwrap()
    };
    let first = table("une", "article 78-2 alinéa 2 de 2026");
    let framed = first.frame(CheckBasis::Ci2, &situation(Quality::Opj)).unwrap();
    let read: CheckFrame = domain::decode(&domain::encode(&framed)).unwrap();
    let day = CivilDate::new(2029, 1, 1).unwrap();
    assert_eq!(read.edition.as_deref(), Some("une"));
    assert_eq!(read.words(day).citation, "article 78-2 alinéa 2 de 2026");
    assert_eq!(read.words(day).motive, "motif une");
}

#[test]
fn a_text_that_is_not_in_force_on_the_day_of_the_check_carries_none() {
    let row = "CI-2\t2026-11-22\t-\topj\t-\t-\t-\t-\t-\tTitre\tarticle 78-2\tmotif\tlimites";
    let table = BasisTable::from_file(&format!("edition\tune\nissued\t2026-11-27\n{row}\n")).unwrap();
    let on = |minutes| {
        let situation = Situation {
            at: at(minutes),
            ..situation(Quality::Opj)
        };
        table.frame(CheckBasis::Ci2, &situation).err()
    };
    assert_eq!(on(0), Some(vec![BasisRefusal::NotInForce]));
    assert_eq!(on(24 * 60), None);
}

#[test]
fn urgency_lets_files_be_asked_and_no_act_be_signed_before_its_text_is_named() {
    let mut check = draft(ActKind::IdentityCheck, &[(Field::Place, "12 rue des Lilas")]);
    let missing = Problem::new(Field::CheckBasis, Reason::Missing);
    served(&[], |around| {
        assert_eq!(check.readiness(around, at(1)), Readiness::Blocked(missing));
        check.set_urgent(at(2));
        assert_eq!(
            check.readiness(around, at(2)),
            Readiness::Ready(Some(QueryFrame::Urgent))
        );
        assert!(check.is_frame_open(around, at(2)));
        assert_eq!(check.finish(around, at(3)).unwrap_err(), [missing]);
        check.fill(Field::CheckBasis, "CI-2", at(4)).unwrap();
        assert!(check.is_frame_open(around, at(4)), "nothing is written yet");
        check.fill(Field::Grounds, FACTS, at(5)).unwrap();
        assert!(!check.is_frame_open(around, at(5)));
        let Act::IdentityCheck(act) = check.finish(around, at(6)).unwrap().record(None).act else {
            panic!("a check")
        };
        assert_eq!(act.frame.urgent, Some(at(2).utc));
    });
    assert!(!QueryFrame::Urgent.is_judicial());
}

#[test]
fn what_has_no_power_is_said_before_any_file_is_asked() {
    let check = draft(ActKind::IdentityCheck, &[(Field::CheckBasis, "CI-2")]);
    with(Quality::Apj, |around| {
        let missing = Problem::new(Field::CheckBasis, Reason::OpjMissing);
        assert_eq!(check.readiness(around, at(1)), Readiness::Blocked(missing));
    });
    // What is only to be written waits for the signature.
    served(&[], |around| {
        assert_eq!(
            check.readiness(around, at(1)),
            Readiness::Ready(Some(QueryFrame::Check(CheckBasis::Ci2)))
        );
    });
}

#[test]
fn cpp_78_2_4_and_78_3_1_the_time_counts_from_the_start_of_the_check() {
    for (basis, minutes) in [("PREV-V", 30), ("TERRO", 240)] {
        let check = draft(ActKind::IdentityCheck, &[(Field::CheckBasis, basis)]);
        let limit = served(&[], |around| check.limit(around, &at(0))).unwrap();
        assert_eq!(limit.clock.until(), at(minutes).utc, "{basis}");
        assert!(!limit.in_one_place);
    }
    let unbounded = draft(ActKind::IdentityCheck, &[(Field::CheckBasis, "CI-2")]);
    assert_eq!(served(&[], |around| unbounded.limit(around, &at(0))), None);
}

#[test]
fn ceseda_l812_2_six_hours_are_of_the_operation_in_one_place_and_a_band_has_twelve() {
    for (basis, code, hours) in [(CheckBasis::Etr1, "ETR-1", 6), (CheckBasis::Ci9, "CI-9", 12)] {
        let check = draft(ActKind::IdentityCheck, &[(Field::CheckBasis, code)]);
        served(&[], |around| {
            let mut service = around.service.clone();
            service.begin_operation(basis, at(-45));
            service.begin_operation(basis, at(0));
            let during = Surroundings {
                service: &service,
                ..around
            };
            let limit = check.limit(during, &at(0)).unwrap();
            assert!(limit.in_one_place);
            assert_eq!(limit.clock.until(), at(hours * 60 - 45).utc);
            service.leave_place();
            let after = Surroundings {
                service: &service,
                ..around
            };
            assert_eq!(
                check.limit(after, &at(0)).unwrap().clock.until(),
                at(hours * 60).utc
            );
        });
    }
}

/// Words for what nobody may be told apart by in a check or a question (domain reference 1.3; LIL 6).
const FORBIDDEN: [&str; 22] = [
    "ethni",
    "racis",
    "racial",
    "skin",
    "peau",
    "hair",
    "cheveu",
    "eye-",
    "yeux",
    "morpho",
    "physi",
    "build",
    "height",
    "taille",
    "corpul",
    "appearance",
    "apparence",
    "signalement",
    "religi",
    "faith",
    "confession",
    "croyance",
];

fn forbidden(text: &str) -> Option<&'static str> {
    let text = text.to_lowercase();
    FORBIDDEN.into_iter().find(|word| text.contains(word))
}

#[test]
fn lil_6_no_field_and_no_question_holds_origin_physique_or_religion() {
    for field in Field::ALL {
        assert_eq!(forbidden(field.code()), None, "{}", field.code());
    }
    let formats = include_str!("../../../docs/formats/record.cddl");
    for rule in [
        "question = ",
        "term = ",
        "identity-check = ",
        "check-frame = ",
        "person = ",
    ] {
        let at = formats
            .find(&format!("\n{rule}"))
            .unwrap_or_else(|| panic!("no rule `{rule}`"));
        let body = formats[at + 1..].split("\n\n").next().unwrap();
        assert_eq!(forbidden(body), None, "{body}");
    }
    // The words find what they are for.
    for named in [
        "skin-colour",
        "ethnic-group",
        "religion",
        "taille",
        "Signalement",
        "couleur de peau",
    ] {
        assert!(forbidden(named).is_some(), "{named}");
    }
}
