//! `reference hotlist`: what terminals look for without network, and persons only where a profile names the text.

use std::fs;

use sync::wire::v1::SetKind;

use crate::desk::Desk;

const PUBLISH: &str =
    "reference hotlist --vehicles @plaques.txt --documents @numeros.txt --persons @personnes.csv";

/// The newest serials of vehicles and documents, and of persons.
fn out(desk: &Desk) -> (u64, u64) {
    let mut store = desk.store();
    let transaction = store.begin().unwrap();
    let newest = |kind| transaction.newest_set(kind).unwrap();
    (newest(SetKind::Hotlist), newest(SetKind::Persons))
}

fn desk() -> Desk {
    let desk = Desk::new("test");
    fs::write(desk.path("plaques.txt"), "AB-123-CD\n").unwrap();
    fs::write(desk.path("numeros.txt"), "X4RTBPFW4\n").unwrap();
    persons(&desk, "DURAND;Marc;03/05/1988;mandat\n");
    desk
}

fn persons(desk: &Desk, lines: &str) {
    let file = format!("{}\n{lines}", hq::hotlist::HEADER);
    fs::write(desk.path("personnes.csv"), file).unwrap();
}

/// A profile that is out and allows a list of persons.
fn allow(desk: &Desk) {
    let template = String::from_utf8(desk.run("config template").stdout).unwrap();
    let on = template
        .replace("# [persons_list]", "[persons_list]")
        .replace("# text = ", "text = ")
        .replace("# until = 2027-03-31", "until = 2999-12-31");
    fs::write(desk.path("profil.toml"), on).unwrap();
    let said = desk.done("config validate @profil.toml");
    assert_eq!(said["config"]["persons_list_until"], "2999-12-31");
    let changes = desk.done("config diff embedded @profil.toml");
    assert_eq!(changes["changes"].as_array().unwrap().len(), 2, "{changes}");
    let version = desk.done("config push @profil.toml")["config"]["version"]
        .as_u64()
        .unwrap();
    desk.done(&format!("rollout create {version}"));
    desk.done(&format!("rollout start {version}"));
}

#[test]
fn a_file_of_persons_is_refused_until_a_profile_that_is_out_names_the_text() {
    let desk = desk();
    let (code, said) = desk.refused(PUBLISH);
    assert!(
        code == 5 && said.contains("no profile that is out allows a list of persons"),
        "{said}"
    );
    assert_eq!(out(&desk), (0, 0), "nothing was published");
    // Without persons, nobody has to allow anything.
    let sent = desk.done("reference hotlist --vehicles @plaques.txt --documents @numeros.txt");
    assert_eq!(sent["hotlist"]["persons"], serde_json::Value::Null);
    allow(&desk);
    let sent = desk.done(PUBLISH);
    assert_eq!(sent["hotlist"]["persons"], 1);
    assert_eq!(sent["hotlist"]["persons_serial"], out(&desk).1);
    desk.done("config rollback");
    assert_eq!(desk.refused(PUBLISH).0, 5, "the policy is withdrawn");
}

#[test]
fn lil_31_one_surveillance_in_a_file_of_persons_publishes_nothing() {
    let desk = desk();
    allow(&desk);
    persons(
        &desk,
        "DURAND;Marc;03/05/1988;mandat\nVIDAL;Paul;07/09/1991;surveillance\nDOE;Jane;01/1970;mandat\n",
    );
    let (code, said) = desk.refused(PUBLISH);
    assert_eq!(code, 1);
    assert!(
        said.contains("personnes.csv` is refused, nothing was published"),
        "{said}"
    );
    assert!(
        said.contains("line 3: a surveillance") && said.contains("line 4: no whole date"),
        "{said}"
    );
    assert!(!said.contains("VIDAL"), "{said}");
    assert_eq!(out(&desk), (0, 0));
}
