//! A headquarters whose store is on PostgreSQL: one flag, once.

use crate::cluster::Cluster;
use crate::desk::{BROKER, Desk};

/// A desk whose context names a folder that is not there yet, and the name of an empty database.
fn desk(database: &str) -> (Desk, String) {
    let desk = Desk::new("test");
    Cluster::get().create(database);
    desk.done("context rm essai");
    desk.done("context add essai --dir @server --pki @pki --kind test");
    (desk, Cluster::get().url(database))
}

#[test]
fn one_flag_puts_a_new_headquarters_on_a_server_and_its_folder_remembers_it() {
    let (desk, url) = desk("remembered");
    let (code, said) = desk.refused("fleet summary");
    assert_eq!(code, 3, "{said}");
    let summary = desk.done(&format!("fleet summary --store {url}"));
    assert_eq!(summary["fleet"]["terminals"], 0);
    let imei = "0".repeat(64);
    let table = format!(
        "{}\nneo-000001;{imei};commissariat de Lyon 3;terrain\n",
        hq::batch::HEADER
    );
    std::fs::write(desk.path("phones.csv"), table).unwrap();
    desk.done("batch plan lyon @phones.csv");
    desk.done(&format!(
        "batch apply lyon --broker {BROKER} --out @sheets --codes"
    ));
    let token = desk.codes("sheets").remove(0);
    assert_eq!(token.device.as_str(), "neo-000001");
    assert!(!desk.path("server/hq.db").exists());
    // The row waits for its phone.
    let (code, status) = desk.ended("batch status lyon");
    assert_eq!((code, &status["batch"]["printed"]), (7, &1.into()));
}

#[test]
fn a_store_that_is_elsewhere_or_away_is_refused_with_what_to_do() {
    let (desk, _) = desk("unused");
    let (code, said) = desk.refused("fleet summary --store postgres://hq:secret@localhost/hq");
    assert!(code == 64 && said.contains("holds a password"), "{said}");
    let (code, said) = desk.refused("fleet summary --dir @hq --store postgres://hq@localhost/hq");
    assert!(code == 4 && said.contains("`hq.db` already"), "{said}");
    let nowhere = format!("postgres:///hq?host={}", desk.path("nowhere").display());
    let (code, said) = desk.refused(&format!("fleet summary --store {nowhere}"));
    assert!(code == 9 && said.contains("is the server running"), "{said}");
}
