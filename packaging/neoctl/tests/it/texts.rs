//! `reference texts` on a file that somebody wrote: what is published of it, and what a fault leaves as it was.

use std::fs;

use serde_json::Value;

use crate::official_list::{Charset, official_list};
use crate::reference::Desk;
use crate::{error, json as answer};

const UNIT: &str = "Commissariat de Saint-Denis";
const FILE: &str = r#"unit = "Commissariat de Saint-Denis"

[[template]]
title = "Tapage au foyer"
act = "pv"
[template.fields]
pv-kind = "CONSTATATIONS"
account = """
Sommes requis au foyer pour un tapage.

Percevons depuis la cour …"""
"#;

fn desk() -> Desk {
    let desk = Desk::new(&official_list(300, Charset::Windows1252));
    assert_eq!(desk.import(&["--name", "natinf-1"]).status.code(), Some(0));
    desk
}

fn set(desk: &Desk, file: &str, more: &[&str]) -> std::process::Output {
    fs::write(desk.path("texts.toml"), file).unwrap();
    let mut arguments = vec!["texts", "set", "@texts.toml", "--dir", "@hq", "--pki", "@pki"];
    arguments.extend(more);
    desk.run(&arguments)
}

fn shown(desk: &Desk, unit: &[&str]) -> Value {
    let shown = desk.run(&[&["texts", "show", "--dir", "@hq"], unit].concat());
    assert_eq!(shown.status.code(), Some(0), "{}", error(&shown));
    answer(&shown)["texts"].clone()
}

#[test]
fn a_units_templates_are_published_over_the_newest_set_and_the_rest_stays() {
    let desk = desk();
    let everyones = shown(&desk, &[]);
    let published = set(&desk, FILE, &["--name", "textes-1"]);
    assert_eq!(published.status.code(), Some(0), "{}", error(&published));
    let row = &answer(&published)["reference"];
    assert_eq!((&row["templates"], &row["published"]), (&1.into(), &true.into()));
    // Nobody of that unit is enrolled at this headquarters, and the answer says so.
    assert_eq!(row["officers_of_unit"], 0);
    let own = shown(&desk, &["--unit", UNIT]);
    assert_eq!(own["template"][0]["title"], "Tapage au foyer");
    assert_eq!(own["template"][0]["fields"]["pv-kind"], "CONSTATATIONS");
    assert_eq!(shown(&desk, &[]), everyones);
    let set = desk.run(&["show", "textes-1", "--dir", "@hq"]);
    assert_eq!(answer(&set)["reference"]["units"], Value::from(vec![UNIT]));
    assert_eq!(
        answer(&set)["reference"]["offences"],
        answer(&desk.run(&["show", "natinf-1", "--dir", "@hq"]))["reference"]["offences"]
    );
}

#[test]
fn what_is_shown_is_the_file_that_puts_it_there() {
    let desk = desk();
    assert_eq!(set(&desk, FILE, &["--name", "textes-1"]).status.code(), Some(0));
    for unit in [&[][..], &["--unit", UNIT]] {
        let before = shown(&desk, unit);
        let hq = desk.path("hq");
        let arguments = [
            &["reference", "texts", "show", "--dir"],
            &[hq.to_str().unwrap()][..],
            unit,
        ]
        .concat();
        let file = crate::neoctl(&arguments, b"");
        let file = String::from_utf8(file.stdout).unwrap();
        let again = set(&desk, &file, &["--name", &format!("textes-{}", 2 + unit.len())]);
        assert_eq!(again.status.code(), Some(0), "{}\n{file}", error(&again));
        assert_eq!(shown(&desk, unit), before);
    }
}

#[test]
fn a_file_with_a_fault_publishes_nothing_and_names_it() {
    let desk = desk();
    let faults = [
        (FILE.replace("pv-kind", "pv-king"), "`pv-king` is not a field"),
        (
            FILE.replace("act = \"pv\"", "act = \"proces\""),
            "`proces` is not an act",
        ),
        (FILE.replace("Tapage au foyer", ""), "a title takes"),
        (
            FILE.replace("[template.fields]", "[template.fiels]"),
            "not TOML as",
        ),
        (
            format!("{FILE}{}", FILE.split_once('\n').unwrap().1),
            "is there twice",
        ),
        (
            format!("{FILE}[[formula]]\ntitle = \"a\"\ntext = \"b\"\n"),
            "formulas are for every unit",
        ),
        (
            "[[formula]]\ntitle = \"a\"\ntext = \"b\"\nkinds = [\"CONSTAT\"]\n".to_owned(),
            "write one of CONSTATATIONS",
        ),
    ];
    for (file, said) in faults {
        let refused = set(&desk, &file, &[]);
        assert_eq!(refused.status.code(), Some(1), "{file}");
        assert!(error(&refused).contains(said), "{}", error(&refused));
    }
    assert_eq!(desk.listed().len(), 1);
}
