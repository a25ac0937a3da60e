//! Claims of every source, and what they come to.

use proptest::prelude::*;

use super::*;
use crate::identity::cachet::{Cachet, CachetReading, Carrier, Fault};
use crate::identity::{CivilDate, Verdict, Verdicts, read_mrz};

fn today() -> CivilDate {
    CivilDate::new(2026, 11, 21).unwrap()
}

fn claim(fact: Fact, source: Source, value: Value) -> Claim {
    Claim {
        fact,
        source,
        footing: Footing::Counts,
        value,
    }
}

fn name(text: &str) -> Name {
    Name::read(text).unwrap()
}

/// What a fact comes to between a zone and what was typed.
fn between(fact: Fact, zone: Value, typed: Value) -> (Agreement, Vec<Limit>) {
    let claims = [claim(fact, Source::Zone, zone), claim(fact, Source::Typed, typed)];
    let [one] = crosscheck(&claims).try_into().unwrap();
    let reversed: Vec<Claim> = claims.into_iter().rev().collect();
    assert_eq!(crosscheck(&reversed), std::slice::from_ref(&one));
    (one.agreement, one.limits)
}

fn names(fact: Fact, zone: Name, typed: &str) -> (Agreement, Vec<Limit>) {
    between(fact, Value::Name(zone), Value::Name(name(typed)))
}

fn of_zone(zone: &str) -> Vec<Claim> {
    claims_of_zone(&read_mrz(zone, today()).unwrap(), Source::Zone)
}

fn stated(claims: &[Claim], fact: Fact) -> Option<String> {
    let mut found = claims.iter().filter(|claim| claim.fact == fact);
    found.next().map(|claim| claim.value.shown())
}

const PASSPORT: &str =
    "P<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<\nL898902C36UTO7408122F1204159ZE184226B<<<<<10";
const CNI: &str = "IDFRABERTHIER<<<<<<<<<<<<<<<<<<<<<<<\n8806923102858CORINNE<<<<<<<6512068F6";

#[test]
fn a_zone_writes_accents_hyphens_and_apostrophes_otherwise_and_that_is_no_difference() {
    use Agreement::{Different, Same, SameAsFarAsRead};
    use Limit::{Separators, Transliterated};
    let table: [(&str, &str, Agreement, &[Limit]); 12] = [
        ("ERIKSSON", "Eriksson", Same, &[]),
        ("HELENE", "Hélène", SameAsFarAsRead, &[Transliterated]),
        (
            "HELENE",
            "He\u{301}le\u{300}ne",
            SameAsFarAsRead,
            &[Transliterated],
        ),
        ("MUELLER", "Müller", SameAsFarAsRead, &[Transliterated]),
        ("MULLER", "Müller", SameAsFarAsRead, &[Transliterated]),
        ("AESIR", "Æsir", SameAsFarAsRead, &[Transliterated]),
        ("STRASSE", "Straße", Same, &[]),
        ("LE GALL", "Le-Gall", SameAsFarAsRead, &[Separators]),
        ("DARTAGNAN", "d'Artagnan", SameAsFarAsRead, &[Separators]),
        ("VANDERSTEEN", "van der Steen", SameAsFarAsRead, &[Separators]),
        ("ERICSSON", "Eriksson", Different, &[]),
        ("MARTIN", "Martinez", Different, &[]),
    ];
    for (zone, typed, agreement, limits) in table {
        let found = names(Fact::Surname, name(zone), typed);
        assert_eq!(found, (agreement, limits.to_vec()), "{zone} {typed}");
    }
}

#[test]
fn a_name_that_a_zone_cuts_is_no_difference_and_no_whole_agreement() {
    let cut = |zone: &str, typed| names(Fact::Surname, name(zone).cut(), typed);
    let as_far = (Agreement::SameAsFarAsRead, vec![Limit::Truncated]);
    assert_eq!(cut("PAPANDRO", "Papandropoulous"), as_far);
    assert_eq!(cut("FRANCOIS", "FRANCOIS"), as_far);
    assert_eq!(cut("FRANCOIS", "Francis").0, Agreement::Different);
    let given = |typed| names(Fact::GivenNames, name("CHAYAPA DEJTHAMRONG K").cut(), typed);
    assert_eq!(given("Chayapa Dejthamrong Krasuang"), as_far);
    assert_eq!(given("Dejthamrong").0, Agreement::Different);
}

#[test]
fn the_first_given_name_alone_agrees_as_far_as_it_goes() {
    let given = |typed| names(Fact::GivenNames, name("ANNA MARIA"), typed);
    assert_eq!(given("Anna Maria"), (Agreement::Same, Vec::new()));
    assert_eq!(
        given("Anna"),
        (Agreement::SameAsFarAsRead, vec![Limit::FewerNames])
    );
    assert_eq!(given("Maria").0, Agreement::Different);
}

#[test]
fn a_name_by_marriage_or_of_usage_is_another_name_of_the_same_person() {
    let other = (Agreement::SameAsFarAsRead, vec![Limit::OtherName]);
    assert_eq!(
        names(Fact::Surname, name("MARTIN"), "Durand épouse Martin"),
        other
    );
    assert_eq!(names(Fact::Surname, name("DURAND"), "Martin née Durand"), other);
    let seal = name("DURAND").also("MARTIN");
    assert_eq!(names(Fact::Surname, seal, "Martin"), other);
    assert_eq!(
        names(Fact::Surname, name("PETIT"), "Durand épouse Martin").0,
        Agreement::Different
    );
}

#[test]
fn a_zone_that_knows_no_day_and_no_century_is_held_against_what_it_knows() {
    let typed = |text| Value::day(CivilDate::parse(text).unwrap());
    let zone = |cells, year: i16| Value::day(Day::of_zone(cells, |_| year).unwrap());
    let born = |zone, text| between(Fact::Born, zone, typed(text));
    assert_eq!(born(zone("740812", 1974), "12/08/1974").0, Agreement::Same);
    let part = (Agreement::SameAsFarAsRead, vec![Limit::PartOfDate]);
    assert_eq!(born(zone("7408<<", 1974), "12/08/1974"), part);
    assert_eq!(born(zone("74<<<<", 1974), "12/08/1974"), part);
    assert_eq!(born(zone("7408<<", 1974), "12/09/1974").0, Agreement::Different);
    assert_eq!(
        born(zone("240812", 2024), "12/08/1924"),
        (Agreement::SameAsFarAsRead, vec![Limit::Century])
    );
    assert_eq!(born(zone("740812", 1974), "12/08/1975").0, Agreement::Different);
    assert_eq!(Day::of_zone("741312", |_| 1974), None);
    assert_eq!(Day::of_zone("7408I2", |_| 1974), None);
}

#[test]
fn a_difference_that_no_check_digit_sees_says_so_and_stays_one() {
    let code = |text| Value::code(text).unwrap();
    let number = |zone, typed| between(Fact::Number, code(zone), code(typed));
    assert_eq!(number("13AA00002", "13 AA 00002"), (Agreement::Same, Vec::new()));
    assert_eq!(
        number("D23145890", "D23L45890"),
        (Agreement::Different, vec![Limit::BlindDigit])
    );
    assert_eq!(
        number("D23145890", "D23245890"),
        (Agreement::Different, Vec::new())
    );
}

#[test]
fn a_zone_whose_digits_do_not_agree_confirms_nothing() {
    let broken = PASSPORT.replace("7408122", "7408123");
    let mut claims = of_zone(&broken);
    assert!(claims.iter().all(|claim| claim.footing == Footing::ShownOnly));
    claims.push(claim(Fact::Surname, Source::Typed, Value::Name(name("Eriksson"))));
    claims.push(claim(
        Fact::GivenNames,
        Source::Typed,
        Value::Name(name("Ingrid")),
    ));
    let found = crosscheck(&claims);
    let of = |fact| found.iter().find(|one| one.fact == fact).unwrap();
    assert_eq!(of(Fact::Surname).agreement, Agreement::OnlyHere);
    assert_eq!(of(Fact::Surname).limits, [Limit::NotProven]);
    assert_eq!(of(Fact::GivenNames).agreement, Agreement::Different);
    assert_eq!(found[0].fact, Fact::GivenNames, "what differs comes first");
}

#[test]
fn one_source_alone_is_compared_with_nothing() {
    assert_eq!(crosscheck(&of_zone(PASSPORT)), []);
    assert_eq!(crosscheck(&[]), []);
}

#[test]
fn a_zone_states_what_it_prints_and_not_what_is_worked_out_from_it() {
    let claims = of_zone(PASSPORT);
    for (fact, value) in [
        (Fact::Surname, "ERIKSSON"),
        (Fact::GivenNames, "ANNA MARIA"),
        (Fact::Born, "12/08/1974"),
        (Fact::Sex, "F"),
        (Fact::Number, "L898902C3"),
        (Fact::Expiry, "15/04/2012"),
    ] {
        assert_eq!(stated(&claims, fact).as_deref(), Some(value));
    }
    // Utopia is no country.
    assert_eq!(stated(&claims, Fact::Nationality), None);
    let claims = of_zone(CNI);
    assert_eq!(stated(&claims, Fact::Born).as_deref(), Some("06/12/1965"));
    assert_eq!(stated(&claims, Fact::Expiry), None);
    let claims =
        of_zone("CRFRAAB123CD0VFSIV2009ASIV200929801059VP<<<<\nCI<<MARQUES<<<<<<<MODELE<<<<<<<2009AS0528402");
    assert_eq!(stated(&claims, Fact::Plate).as_deref(), Some("AB123CD"));
    assert_eq!(stated(&claims, Fact::Vin).as_deref(), Some("VFSIV2009ASIV2009"));
    assert_eq!(stated(&claims, Fact::Make).as_deref(), Some("MARQUES"));
    assert_eq!(stated(&claims, Fact::Surname), None);
}

#[test]
fn germany_and_a_country_of_two_letters_are_known() {
    for (text, code) in [("D<<", "DEU"), ("FR", "FRA"), ("FRA", "FRA"), ("dz", "DZA")] {
        assert_eq!(country(text).as_deref(), Some(code));
    }
    for text in ["", "<<<", "UTO", "XXX", "F"] {
        assert_eq!(country(text), None, "{text}");
    }
}

/// A 2D-Doc of a title of identity with these verdicts; nobody checks its signature here.
fn seal(message: &str, signature: Verdict, issuer: Verdict, faults: &[Fault]) -> SealSeen {
    let text = format!("DC04FR0500011DF71DF80701FR{message}\u{1f}AAAA");
    let cachet = Cachet::read(text.as_bytes(), Carrier::Other).unwrap();
    let reading = CachetReading {
        kind: cachet.kind,
        header: cachet.header,
        authority: "FR05".to_owned(),
        certificate: "0001".to_owned(),
        fields: cachet.fields,
        annex: cachet.annex,
        expires: None,
        verdicts: Verdicts {
            read: Verdict::Proven,
            signature,
            issuer_trusted: issuer,
            in_date: Verdict::Proven,
            status_known: Verdict::NotChecked,
        },
        faults: faults.to_vec(),
        signer: None,
        list: None,
    };
    SealSeen::of(&reading, today())
}

const MESSAGE: &str = "62ERIKSSON\u{1d}63LINDQVIST\u{1d}60ANNA/MARIA\u{1d}68F6912081974";

#[test]
fn a_seal_confirms_where_its_signature_and_its_signer_hold_and_nowhere_else() {
    use Verdict::{NotChecked, Proven, Refuted};
    let agreement = |signature, issuer, faults: &[Fault]| {
        let mut claims = seal(MESSAGE, signature, issuer, faults).claims;
        claims.extend(of_zone(PASSPORT));
        let found = crosscheck(&claims);
        let born = found.iter().find(|one| one.fact == Fact::Born).unwrap();
        assert_eq!(born.said.len(), 2, "the seal is shown");
        born.agreement
    };
    assert_eq!(agreement(Proven, Proven, &[]), Agreement::Same);
    assert_eq!(
        agreement(Proven, Proven, &[Fault::DocumentExpired]),
        Agreement::Same
    );
    assert_eq!(agreement(Proven, NotChecked, &[]), Agreement::OnlyHere);
    assert_eq!(agreement(NotChecked, Proven, &[]), Agreement::OnlyHere);
    assert_eq!(agreement(Refuted, Proven, &[]), Agreement::OnlyHere);
    assert_eq!(
        agreement(Proven, Proven, &[Fault::SignerOutOfDate]),
        Agreement::OnlyHere
    );
}

#[test]
fn a_name_of_usage_on_a_seal_agrees_with_the_name_of_birth_beside_it() {
    let mut claims = seal(MESSAGE, Verdict::Proven, Verdict::Proven, &[]).claims;
    claims.push(claim(
        Fact::Surname,
        Source::Typed,
        Value::Name(name("Lindqvist")),
    ));
    let found = crosscheck(&claims);
    let surname = found.iter().find(|one| one.fact == Fact::Surname).unwrap();
    assert_eq!(surname.agreement, Agreement::SameAsFarAsRead);
    assert_eq!(surname.limits, [Limit::OtherName]);
}

#[test]
fn an_act_keeps_what_differs_and_nothing_of_what_a_file_holds() {
    let file = Source::File(FileKind::Snpc);
    let claims = [
        claim(Fact::Surname, Source::Typed, Value::Name(name("Durand"))),
        claim(Fact::Surname, file, Value::Name(name("DURANT"))),
        claim(Fact::Sex, Source::Zone, Value::Sex(Sex::Male)),
        claim(Fact::Sex, Source::Seal, Value::Sex(Sex::Male)),
    ];
    let kept: Vec<Compared> = crosscheck(&claims).into_iter().map(Compared::kept).collect();
    let texts = |one: &Compared| -> Vec<bool> { one.said.iter().map(|said| said.text.is_some()).collect() };
    assert_eq!(kept[0].agreement, Agreement::Different);
    assert_eq!(texts(&kept[0]), [true, false]);
    assert_eq!(texts(&kept[1]), [false, false]);
}

fn spelled() -> impl Strategy<Value = String> {
    "[A-Za-zÀ-ÖØ-öø-ž]{1,9}([-' ][A-Za-zÀ-ÖØ-öø-ž]{1,9}){0,2}".prop_filter(
        "a name that a zone can write",
        |text| {
            // Two letters in capitals.
            Name::read(text).is_some() && !text.contains(['ß', 'ŉ'])
        },
    )
}

fn any_claim() -> impl Strategy<Value = Claim> {
    let source = prop_oneof![
        Just(Source::Zone),
        Just(Source::Typed),
        Just(Source::Seal),
        Just(Source::File(FileKind::Snpc)),
    ];
    let footing = prop_oneof![Just(Footing::Counts), Just(Footing::ShownOnly)];
    let value = prop_oneof![
        ("(DURAND|DURANT|DUR|Durand-Petit|Dürand)", any::<bool>()).prop_map(|(text, is_cut)| {
            let name = name(&text);
            (Fact::Surname, Value::Name(if is_cut { name.cut() } else { name }))
        }),
        (70_u8..72, 1_u8..3).prop_map(|(year, month)| {
            let cells = format!("{year}{month:02}<<");
            let day = Day::of_zone(&cells, |two| 1900 + two).unwrap();
            (Fact::Born, Value::day(day))
        }),
        "[1L2]{2}".prop_map(|text| (Fact::Number, Value::code(&text).unwrap())),
    ];
    (source, footing, value).prop_map(|(source, footing, (fact, value))| Claim {
        fact,
        source,
        footing,
        value,
    })
}

proptest! {
    #[test]
    fn the_order_of_the_sources_changes_nothing(claims in proptest::collection::vec(any_claim(), 0..7)) {
        let reversed: Vec<Claim> = claims.iter().rev().cloned().collect();
        prop_assert_eq!(crosscheck(&claims), crosscheck(&reversed));
    }

    #[test]
    fn nothing_agrees_that_two_sources_do_not_prove(claims in proptest::collection::vec(any_claim(), 0..7)) {
        for one in crosscheck(&claims) {
            let mut counting: Vec<Source> = one
                .said
                .iter()
                .filter(|said| said.footing == Footing::Counts)
                .map(|said| said.source)
                .collect();
            counting.dedup();
            if counting.len() < 2 {
                prop_assert!(!matches!(one.agreement, Agreement::Same | Agreement::SameAsFarAsRead));
            }
        }
    }

    #[test]
    fn a_name_never_differs_from_what_a_zone_makes_of_it(text in spelled(), length in 1_usize..30) {
        let base: String = text.chars().filter_map(folded).collect();
        let zone = name(&base);
        let (agreement, _) = names(Fact::Surname, zone, &text);
        prop_assert_ne!(agreement, Agreement::Different);
        let beginning: String = base.chars().take(length).collect();
        if let Some(cut) = Name::read(&beginning) {
            let (agreement, _) = names(Fact::Surname, cut.cut(), &text);
            prop_assert_eq!(agreement, Agreement::SameAsFarAsRead);
        }
    }
}

/// The base letter in capitals, as the simplest zone writes it.
fn folded(character: char) -> Option<char> {
    let plain = match character.to_uppercase().next()? {
        'À'..='Å' | 'Ā' | 'Ă' | 'Ą' => 'A',
        'Ç' | 'Ć' | 'Ĉ' | 'Ċ' | 'Č' => 'C',
        'È'..='Ë' | 'Ē' | 'Ĕ' | 'Ė' | 'Ę' | 'Ě' => 'E',
        'Ò'..='Ö' | 'Ø' | 'Ō' | 'Ŏ' | 'Ő' => 'O',
        'Ù'..='Ü' | 'Ũ' | 'Ū' | 'Ŭ' | 'Ů' | 'Ű' | 'Ų' => 'U',
        '-' | '\'' => ' ',
        other => other,
    };
    Some(plain)
}
