//! Text that was typed to break something comes out as typed, or is refused with its reason.

use documents::{DocumentError, Enclosures, render, unprintable};
use domain::natinf::ReferenceSet;
use domain::record::Record;
use proptest::collection::vec;
use proptest::prelude::*;

use crate::acts::{of_plainte, of_pv, plainte, pv};
use crate::pdf;
use crate::procedure::{hearing_of_a_suspect, inventaire};
use crate::roadside::{of_pve, pve};

#[track_caller]
fn assert_comes_out(typed: &str) {
    let printed = pdf::letters(&pdf::text(&pdf::act(&of_pv(pv(&[typed])))));
    assert!(printed.contains(&pdf::letters(typed)), "{printed}");
}

#[test]
fn markup_is_text() {
    for typed in [
        "#eval(\"1+1\") #panic() #import \"/sheet.typ\": * #sys.inputs",
        "$x^2$ *gras* _italique_ `brut` = titre - liste + liste / terme: mot",
        "\\ \\u{41} \\# ~ -- --- ... /* bloc */ // ligne https://exemple.invalid",
        "<label> @reference [crochets] {accolades} \"guillemets\" 'apostrophes' «\u{a0}français\u{a0}»",
        "(Parenthèses) /Type /Page endobj stream >> %%EOF <script>alert(1)</script> ${x} {{x}} %s",
    ] {
        assert_comes_out(typed);
    }
}

#[test]
fn every_field_takes_markup_as_text() {
    let nasty = "#panic(\"non\") $ * _ ` <a> @b \\";
    let mut act = plainte();
    act.when = nasty.to_owned();
    act.place.address = nasty.to_owned();
    act.suspect = domain::plainte::Suspect::Named(nasty.into());
    let mut record = of_plainte(act);
    record.context.author.unit = nasty.to_owned();
    record.context.author.rank = nasty.to_owned();
    let printed = pdf::letters(&pdf::text(&pdf::act(&record)));
    assert_eq!(printed.matches(&pdf::letters(nasty)).count(), 11, "{printed}");
}

#[test]
fn every_field_of_an_act_of_the_road_takes_markup_as_text() {
    let nasty = "#panic(\"non\") $ * _ ` <a> @b \\";
    let mut act = pve();
    act.place.place.address = nasty.to_owned();
    act.place.direction = Some(nasty.to_owned());
    act.observations = vec![nasty.to_owned(); 2];
    act.photos[0].name = nasty.to_owned();
    let vehicle = act.vehicle.as_mut().unwrap();
    vehicle.make = Some(nasty.to_owned());
    vehicle.model = Some(nasty.to_owned());
    vehicle.colour = Some(nasty.to_owned());
    let licence = act.licence.as_mut().unwrap();
    licence.number = Some(nasty.into());
    licence.categories = vec![nasty.to_owned()];
    licence.authority = Some(nasty.to_owned());
    let printed = pdf::letters(&pdf::text(&pdf::act(&of_pve(act))));
    assert_eq!(printed.matches(&pdf::letters(nasty)).count(), 11, "{printed}");
}

#[test]
fn long_words_of_an_act_of_the_road_stay_on_its_pages() {
    let long = "W".repeat(300);
    let mut act = pve();
    act.photos[0].name.clone_from(&long);
    act.place.direction = Some(long.clone());
    act.vehicle.as_mut().unwrap().colour = Some(long.clone());
    act.observations = vec![long];
    let right_edge = pdf::right_edge(&pdf::act(&of_pve(act)));
    // A comma hangs in the margin.
    assert!(right_edge < 595.0 - 17.0 / 25.4 * 72.0 + 3.0, "{right_edge} pt");
}

#[test]
fn lines_and_blanks_keep_their_order() {
    let printed = pdf::text(&pdf::act(&of_pv(pv(&["un\ndeux  trois\r\n\n\tquatre"]))));
    assert!(printed.contains("un deux trois quatre"), "{printed}");
}

#[test]
fn other_scripts_of_the_embedded_fonts_come_out() {
    assert_comes_out("Жуков Ελένη Łódź İstanbul");
    for script in ["אבג", "سلام"] {
        assert!(
            render(
                &of_pv(pv(&[script])),
                &ReferenceSet::embedded(),
                &Enclosures::default()
            )
            .is_ok()
        );
    }
}

#[test]
fn a_word_of_twenty_thousand_letters_stays_on_its_pages() {
    let typed = "W".repeat(20_000);
    let document = pdf::act(&of_pv(pv(&[&typed])));
    let printed = pdf::letters(&pdf::text(&document));
    assert!(printed.matches('W').count() >= 20_000);
    let right_edge = pdf::right_edge(&document);
    assert!(right_edge < 595.0 - 17.0 / 25.4 * 72.0 + 1.0, "{right_edge} pt");
}

#[test]
fn a_long_account_comes_out_whole() {
    let typed: String = (0..3000).map(|number| format!("mot{number} ")).collect();
    let printed = pdf::text(&pdf::act(&of_pv(pv(&[&typed]))));
    for number in [0, 1, 999, 1500, 2999] {
        assert!(printed.contains(&format!("mot{number} ")), "{number}");
    }
}

#[test]
fn what_no_document_can_show_is_refused_by_its_code() {
    for character in [
        '\u{0}', '\u{7}', '\u{1b}', '\u{202e}', '\u{2066}', '\u{200f}', '\u{feff}', '😀', '漢',
    ] {
        let record = of_pv(pv(&[&format!("avant {character} après")]));
        let refused = render(&record, &ReferenceSet::embedded(), &Enclosures::default()).unwrap_err();
        let DocumentError::Unprintable { code } = refused else {
            panic!("{refused}")
        };
        assert_eq!(code, u32::from(character));
    }
}

/// Text of every script that the embedded fonts hold, marks on their letters.
fn shown() -> impl Strategy<Value = String> {
    vec(0x20..0x3000_u32, 1..300).prop_map(|codes| {
        let mut text = String::new();
        let mut last = ' ';
        for character in codes.into_iter().filter_map(char::from_u32) {
            if unprintable(&String::from_iter([last, character])).is_none() {
                text.push(character);
                last = character;
            }
        }
        text
    })
}

fn acts() -> impl Strategy<Value = (Record, bool)> {
    let text = prop_oneof![9 => shown(), 1 => any::<String>()];
    vec(text, 3).prop_map(|texts| {
        let mut act = pv(&[&texts[0]]);
        act.subject.clone_from(&texts[1]);
        act.place.address.clone_from(&texts[2]);
        let shown = texts.iter().all(|text| unprintable(text).is_none());
        (of_pv(act), shown)
    })
}

#[test]
fn every_field_of_a_general_act_takes_markup_as_text() {
    let nasty = "#panic(\"non\") $ * _ ` <a> @b \\";
    let mut act = hearing_of_a_suspect();
    act.subject = nasty.to_owned();
    act.assistants = vec![nasty.to_owned()];
    act.mentions = vec![nasty.to_owned(); 2];
    act.annexes = vec![nasty.to_owned()];
    act.authority = Some(nasty.to_owned());
    act.addressee = Some(nasty.to_owned());
    act.inventory = inventaire().inventory[..1].to_vec();
    act.inventory[0].quantity = nasty.to_owned();
    act.inventory[0].description = nasty.to_owned();
    act.inventory[0].seal = Some(nasty.to_owned());
    act.renvois[0].place = nasty.to_owned();
    act.renvois[0].text = nasty.to_owned();
    for signed in &mut act.signers {
        signed.signer.name = nasty.into();
    }
    let hearing = act.hearing.as_mut().unwrap();
    hearing.statement = vec![nasty.into()];
    hearing.exchanges[0].question = nasty.into();
    hearing.exchanges[0].answer = nasty.into();
    let interpreter = hearing.interpreter.as_mut().unwrap();
    interpreter.name = nasty.into();
    interpreter.language = nasty.to_owned();
    let printed = pdf::letters(&pdf::text(&pdf::act(&of_pv(act))));
    assert_eq!(printed.matches(&pdf::letters(nasty)).count(), 22, "{printed}");
}

#[test]
fn a_subject_of_a_thousand_words_begins_in_the_margin_and_stands_whole_in_the_act() {
    let mut act = pv(&["Constatons."]);
    act.subject = (0..1000).map(|number| format!("objet{number} ")).collect();
    let document = pdf::act(&of_pv(act));
    let printed = pdf::text(&document);
    assert_eq!(printed.matches("objet0 ").count(), 2);
    assert_eq!(printed.matches("objet999 ").count(), 1);
    assert!(printed.contains('…'));
}

#[test]
fn an_account_of_two_hundred_thousand_characters_comes_out_whole() {
    let typed: Vec<String> = (0..400)
        .map(|number| format!("Alinéa{number} {}", "constatons ce qui suit ".repeat(21)))
        .collect();
    assert!(typed.iter().map(|text| text.chars().count()).sum::<usize>() > 190_000);
    let paragraphs: Vec<&str> = typed.iter().map(String::as_str).collect();
    let document = pdf::act(&of_pv(pv(&paragraphs)));
    let pages = pdf::pages(&document);
    assert!(pages.len() > 40, "{}", pages.len());
    let printed = pdf::text(&document);
    for number in 0..400 {
        assert!(
            printed.contains(&format!("{}. Alinéa{number} ", number + 1)),
            "{number}"
        );
    }
    assert!(
        pages
            .last()
            .unwrap()
            .contains(&format!("page {0}/{0}", pages.len()))
    );
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_latin_text_comes_out_as_typed(typed in "[!-~¡-¬®-ſ€–—‘’“” ]{1,300}") {
        let printed = pdf::letters(&pdf::text(&pdf::act(&of_pv(pv(&[&typed])))));
        prop_assert!(printed.contains(&pdf::letters(&typed)), "{printed}");
    }

    #[test]
    fn any_text_is_printed_or_refused_for_its_characters((record, shown) in acts()) {
        match render(&record, &ReferenceSet::embedded(), &Enclosures::default()) {
            Ok(document) => prop_assert!(document.is_some_and(|bytes| bytes.starts_with(b"%PDF-"))),
            Err(DocumentError::Unprintable { code }) => {
                prop_assert!(!shown, "U+{code:04X}");
            }
            Err(other) => prop_assert!(false, "{other}"),
        }
    }
}
