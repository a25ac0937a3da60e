//! The embedded data, search, and the official list.

use super::*;
use crate::identity::CivilDate;

fn natinf(code: &str) -> Natinf {
    Natinf::parse(code).unwrap()
}

fn day(text: &str) -> CivilDate {
    CivilDate::parse(text).unwrap()
}

fn today() -> CivilDate {
    day("21/11/2026")
}

#[test]
fn every_row_of_the_embedded_tables_is_read() {
    let rows = |table| table::rows(table).count();
    let embedded = table::embedded();
    assert!(rows(table::OFFENCES) > 130);
    assert_eq!(embedded.offences.len(), rows(table::OFFENCES));
    assert_eq!(embedded.scales.len(), rows(table::SCALES));
    assert_eq!(embedded.afd.len(), rows(table::TARIFFS));
    assert_eq!(embedded.margins.len(), rows(table::MARGINS));
}

#[test]
fn labels_are_capitals_without_accents_of_at_most_210_characters() {
    for offence in table::embedded().offences {
        assert_eq!(search::fold(&offence.label), offence.label);
        assert!(
            offence.label.is_ascii() && offence.label.len() <= 210,
            "{}",
            offence.label
        );
    }
}

#[test]
fn every_afd_offence_has_its_tariff_and_every_listed_one_its_amounts() {
    let set = ReferenceSet::embedded();
    let law = set.at(today());
    for offence in set.reference().offences {
        if !offence.validity.holds(today()) {
            continue;
        }
        let settled = offence.forfaitisable() || offence.afd().is_some();
        assert_eq!(law.amounts(&offence).is_some(), settled, "{}", offence.natinf);
        assert!(!offence.forfaitisable() || offence.nature.is_contravention());
    }
}

#[test]
fn cpp_r48_1_violence_without_incapacity_is_class_4_but_not_forfaitisable() {
    let set = ReferenceSet::embedded();
    let offence = set.find(natinf("227")).unwrap();
    assert_eq!((offence.nature, offence.forfaitisable()), (Nature::C4, false));
    assert_eq!(set.at(today()).amounts(offence), None);
}

#[test]
fn cpp_r49_8_5_parking_insurance_and_code_penal_have_no_reduced_amount() {
    let set = ReferenceSet::embedded();
    let law = set.at(today());
    for (code, minoree) in [
        ("23800", Some(9_000)),
        ("201", None),
        ("7587", None),
        ("21200", None),
        ("6168", None),
        ("225", None),
        ("219", None),
    ] {
        let amounts = law.amounts(set.find(natinf(code)).unwrap()).unwrap();
        assert_eq!(amounts.minoree, minoree, "{code}");
    }
}

#[test]
fn the_class_5_forfait_has_a_reduced_amount_since_12_june_2024() {
    let scale = |text| {
        let scales = table::embedded().scales;
        let holds = |scale: &Scale| scale.class == ScaleClass::C5 && scale.validity.holds(day(text));
        scales.into_iter().find(holds).unwrap().minoree
    };
    assert_eq!(scale("11/06/2024"), None);
    assert_eq!(scale("12/06/2024"), Some(15_000));
}

#[test]
fn a_code_is_outdated_with_its_successor_not_yet_there_or_unknown() {
    let mut reference = table::embedded();
    let mut old = reference.offences[0].clone();
    old.natinf = natinf("99001");
    old.validity.until = Some(day("31/12/2025"));
    old.successor = Some(natinf("23800"));
    let mut new = old.clone();
    new.natinf = natinf("99002");
    new.validity = Validity {
        from: Some(day("01/01/2027")),
        until: None,
    };
    reference.offences.extend([old, new]);
    let set = ReferenceSet::from(reference);
    let law = set.at(today());
    let successor = Some(natinf("23800"));
    assert_eq!(law.find(natinf("99001")), Err(NotInForce::Outdated { successor }));
    let from = day("01/01/2027");
    assert_eq!(law.find(natinf("99002")), Err(NotInForce::NotYet { from }));
    assert_eq!(law.find(natinf("99003")), Err(NotInForce::Unknown));
    assert!(set.at(day("31/12/2025")).find(natinf("99001")).is_ok());
    assert_eq!(law.search("99001", &[], 5), Vec::<&Offence>::new());
}

#[test]
fn an_excess_of_50_is_a_contravention_of_class_5_until_the_end_of_2025_and_a_delit_from_then_on() {
    let set = ReferenceSet::embedded();
    let nature = |text| set.at(day(text)).find(natinf("21526")).unwrap().nature;
    assert_eq!(nature("31/12/2025"), Nature::C5);
    assert_eq!(nature("01/01/2026"), Nature::Delit);
    assert_eq!(
        set.at(today()).delit_since(natinf("21526")),
        Some(day("01/01/2026"))
    );
    assert_eq!(set.at(today()).delit_since(natinf("42")), None);
}

#[track_caller]
fn finds(text: &str, first: &str) {
    let set = ReferenceSet::embedded();
    let found = set.at(today()).search(text, &[], 20);
    let codes: Vec<String> = found.iter().map(|offence| offence.natinf.to_string()).collect();
    assert_eq!(
        codes.first().map(String::as_str),
        Some(first),
        "{text}: {codes:?}"
    );
}

#[test]
fn an_offence_is_found_by_code_article_everyday_word_and_abbreviation() {
    finds("23800", "23800");
    finds("téléphone", "23800");
    finds("tel vol", "23800");
    finds("portable", "23800");
    finds("feu rouge", "210");
    finds("FEUX ROUGE", "210");
    finds("sans permis", "7536");
    finds("412-6-1", "23800");
    finds("R.412-6-1", "23800");
    finds("r412-30", "210");
    finds("BAU", "6292");
    finds("ct", "12522");
    finds("carte grise", "6204");
    finds("l'arrêt au panneau", "203");
    finds("11302", "11302");
    finds("L.3421", "180");
}

#[test]
fn the_exact_code_comes_first_then_the_officers_frequent_codes() {
    let set = ReferenceSet::embedded();
    let law = set.at(today());
    let codes = |text: &str, frequent: &[Natinf], limit| {
        let found = law.search(text, frequent, limit);
        found
            .iter()
            .map(|offence| offence.natinf.code())
            .collect::<Vec<_>>()
    };
    let frequent = [natinf("12929"), natinf("23800")];
    assert_eq!(codes("conduite", &frequent, 1), [12_929]);
    assert_eq!(codes("", &frequent, 3), [12_929, 23_800, 11]);
    assert_eq!(codes("23", &[natinf("23800")], 2), [23, 23_800]);
    assert_eq!(codes("zzz", &frequent, 5), Vec::<u32>::new());
    assert_eq!(codes("feu", &[], 0), Vec::<u32>::new());
    assert_eq!(codes("vitesse", &[], 50), codes("vitesses", &[], 50));
}

#[test]
fn an_offence_that_nobody_checked_comes_after_those_that_somebody_did() {
    let set = ReferenceSet::embedded();
    let law = set.at(today());
    let found = law.search("alcool conduite", &[], 50);
    let first_unchecked = found
        .iter()
        .position(|o| o.forfait == Forfait::Unchecked)
        .unwrap();
    assert!(
        found[first_unchecked..]
            .iter()
            .all(|o| o.forfait == Forfait::Unchecked)
    );
}

const HEADER: &str =
    "Numéro NATINF;Nature de l'infraction;Qualification de l'infraction;Définie par;Réprimée par";

fn merged(rows: &str) -> Result<Merged, CsvError> {
    let text = format!("{HEADER}\r\n{rows}");
    let latin: Vec<u8> = text
        .chars()
        .map(|c| match c {
            '’' => 0x92,
            'œ' => 0x9c,
            _ => u8::try_from(c).unwrap(),
        })
        .collect();
    let version = ReferenceVersion("liste-2026-07".to_owned());
    Reference::from_csv(&latin, &table::embedded(), version, today())
}

#[test]
fn the_official_list_is_read_in_windows_1252_and_merged_over_what_is_known() {
    let read = merged(
        "23800;Contravention de classe 4;USAGE D’UN TELEPHONE;\"ART.R.412-6-1 §I C.ROUTE.\";ART.R.412-6-1\r\n\
         80337;Délit;\"FAIT \"\"NOUVEAU\"\";\r\nSUR DEUX LIGNES\";ART.1;ART.2\n\
         210;Contravention de classe 5;FEU;A;B",
    )
    .unwrap();
    assert_eq!(
        (read.read, read.unchecked, read.changed.as_slice()),
        (3, 1, &[natinf("210")][..])
    );
    let set = ReferenceSet::from(read.reference);
    let law = set.at(today());
    let known = law.find(natinf("23800")).unwrap();
    assert_eq!(known.label, "USAGE D’UN TELEPHONE");
    assert_eq!(law.amounts(known).unwrap().forfaitaire, 13_500);
    let new = law.find(natinf("80337")).unwrap();
    assert_eq!(new.label, "FAIT \"NOUVEAU\"; SUR DEUX LIGNES");
    assert_eq!(
        (new.forfait.clone(), law.amounts(new)),
        (Forfait::Unchecked, None)
    );
    assert_eq!(law.find(natinf("210")).unwrap().forfait, Forfait::Unchecked);
    assert!(law.find(natinf("7536")).is_ok());
}

#[test]
fn an_outdated_code_stays_outdated_though_the_list_still_has_it() {
    let read = merged("6166;Contravention de classe 2;VIGNETTE;A;B").unwrap();
    let set = ReferenceSet::from(read.reference);
    let outdated = NotInForce::Outdated { successor: None };
    assert_eq!(set.at(today()).find(natinf("6166")), Err(outdated));
}

#[track_caller]
fn refused(rows: &str, line: usize, fault: CsvFault) {
    assert_eq!(merged(rows).unwrap_err(), CsvError { line, fault }, "{rows}");
}

#[test]
fn a_list_that_is_none_is_refused_with_the_line() {
    let good = "23800;Contravention de classe 4;TELEPHONE;A;B\r\n";
    refused(&format!("{good}23801;Délit;X;A"), 3, CsvFault::Columns);
    refused(&format!("{good}23801;Délit;X;A;B;C"), 3, CsvFault::Columns);
    refused(&format!("{good}x;Délit;X;A;B"), 3, CsvFault::NotANatinf);
    refused(&format!("{good}23801;Sottise;X;A;B"), 3, CsvFault::UnknownNature);
    refused(
        &format!("{good}23801;Contravention de classe 6;X;A;B"),
        3,
        CsvFault::UnknownNature,
    );
    refused(&format!("{good}{good}"), 3, CsvFault::Twice);
    refused(&format!("{good}23801;Délit; ;A;B"), 3, CsvFault::NoLabel);
    refused(&format!("{good}23801;Délit;\"X;A;B"), 3, CsvFault::Quote);
    refused(&format!("{good}23801;Délit;\"X\"Y;A;B"), 3, CsvFault::Quote);
    refused(
        &format!("23801;Délit;{};A;B", "X".repeat(MAX_CSV_FIELD + 1)),
        2,
        CsvFault::FieldTooLong,
    );
    let version = ReferenceVersion("x".to_owned());
    let read = |bytes: &[u8]| Reference::from_csv(bytes, &table::embedded(), version.clone(), today());
    let fault = CsvFault::Header;
    assert_eq!(read(b"").unwrap_err(), CsvError { line: 1, fault });
    assert_eq!(read(b"a;b;c;d;e\n").unwrap_err(), CsvError { line: 1, fault });
    let fault = CsvFault::NotText;
    assert_eq!(read(b"a\n\x81").unwrap_err(), CsvError { line: 2, fault });
    let fault = CsvFault::TooLong;
    assert_eq!(
        read(&vec![b'a'; MAX_CSV + 1]).unwrap_err(),
        CsvError { line: 1, fault }
    );
}

#[test]
fn seventeen_thousand_rows_are_read_and_searched() {
    let rows: String = (30_000..47_000)
        .map(|code| format!("{code};Délit;INFRACTION NUMERO {code} DE LA LISTE;ART.L.{code}-1 C.X;ART.2\n"))
        .collect();
    let read = merged(&rows).unwrap();
    assert_eq!(read.read, 17_000);
    let set = ReferenceSet::from(read.reference);
    assert_eq!(set.at(today()).search("infraction liste", &[], 20).len(), 20);
    assert_eq!(
        set.at(today()).search("45123", &[], 20)[0].natinf,
        natinf("45123")
    );
}

proptest::proptest! {
    #[test]
    fn any_bytes_after_the_header_are_read_or_refused_without_a_panic(
        bytes in proptest::collection::vec(proptest::prelude::any::<u8>(), 0..400),
        rows in "[0-9;\"\r\nDélit ]{0,80}",
    ) {
        let version = ReferenceVersion("x".to_owned());
        for tail in [bytes.as_slice(), rows.as_bytes()] {
            let text = [HEADER.as_bytes(), b"\n", tail].concat();
            let _ = Reference::from_csv(&text, &table::embedded(), version.clone(), today());
        }
    }

    #[test]
    fn any_search_finds_at_most_its_limit_and_only_what_is_in_force(text in ".{0,30}", limit in 0_usize..30) {
        let set = ReferenceSet::embedded();
        let found = set.at(today()).search(&text, &[], limit);
        proptest::prop_assert!(found.len() <= limit);
        proptest::prop_assert!(found.iter().all(|offence| offence.validity.holds(today())));
    }
}

#[test]
fn a_code_is_one_to_five_digits() {
    assert_eq!(natinf("00210").code(), 210);
    for text in ["", "123456", "12a", "-1"] {
        assert_eq!(Natinf::parse(text), Err(NotANatinf), "{text}");
    }
}
