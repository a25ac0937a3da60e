//! What only a server can do: be elsewhere, go away, and be shared.

use domain::DeviceId;
use domain::envelope::ReceiptStatus;
use domain::officer::Quality;
use hq::store::{NotAServer, Server, ServerError, Store, StoreError};
use postgres::{Client, NoTls};

use crate::cluster::Cluster;
use crate::place;
use crate::world::{Hq, NOON};

fn database_of(hq: &Hq) -> String {
    let url = std::fs::read_to_string(hq.path("hq.store")).unwrap();
    let (database, _) = url.split_once('?').unwrap();
    database.rsplit('/').next().unwrap().to_owned()
}

/// As a server that is restarted: every connection is cut.
fn cut(database: &str) {
    let mut client = Client::connect(&Cluster::get().url("postgres"), NoTls).unwrap();
    let sql = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = $1";
    client.query(sql, &[&database]).unwrap();
}

#[test]
fn a_server_that_went_away_in_the_middle_is_found_again_and_nothing_is_half_done() {
    let mut hq = Hq::new();
    let officer = hq.officer(1, Quality::Apj);
    let terminal = hq.terminal("neo-000001", &[&officer]);
    let first = terminal.pv(&officer, 0);
    assert_eq!(
        hq.receipt(&terminal, &first.bytes()).status,
        ReceiptStatus::Stored
    );
    let database = database_of(&hq);
    let transaction = hq.gateway.store().begin().unwrap();
    transaction.set_exported(first.id).unwrap();
    cut(&database);
    assert!(matches!(
        transaction.commit(),
        Err(StoreError::Sql { doing: "commit", .. })
    ));
    let transaction = hq.gateway.store().begin().unwrap();
    assert_eq!(transaction.to_export(9).unwrap(), [first.id]);
    drop(transaction);
    let second = terminal.pv(&officer, 1);
    assert_eq!(
        hq.receipt(&terminal, &second.bytes()).status,
        ReceiptStatus::Stored
    );
}

#[test]
fn what_follows_a_statement_that_failed_is_never_said_to_be_kept() {
    let mut hq = Hq::new();
    let device = DeviceId::parse("neo-000001").unwrap();
    let transaction = hq.gateway.store().begin().unwrap();
    transaction.insert_crl(1, b"first", NOON).unwrap();
    assert!(transaction.insert_crl(1, b"second", NOON).is_err());
    assert!(transaction.note_event(&device, "locked", "", NOON).is_err());
    assert!(transaction.commit().is_err());
    assert_eq!(hq.gateway.store().begin().unwrap().newest_crl().unwrap(), 0);
}

#[test]
fn four_programs_that_allot_numbers_at_once_never_give_one_twice() {
    let hq = Hq::new();
    let ranges: Vec<_> = std::thread::scope(|scope| {
        let allotting = (0..4).map(|program| {
            let dir = hq.path("");
            scope.spawn(move || {
                let mut store = Store::open(&dir).unwrap();
                let device = DeviceId::parse(&format!("neo-00000{program}")).unwrap();
                let allot = |_| {
                    let transaction = store.begin().unwrap();
                    let terminal = domain::enrolment::Terminal {
                        device: device.clone(),
                        model: "NEO 2".to_owned(),
                        protection: domain::enrolment::KeyProtection::File,
                    };
                    let journal = domain::JournalId::from_bytes([program; 16]);
                    transaction.insert_device(&terminal, journal, NOON).unwrap();
                    let range = transaction.allot_more(&device, 2026, 7).unwrap().unwrap();
                    transaction.commit().unwrap();
                    range
                };
                (0..25).map(allot).collect::<Vec<_>>()
            })
        });
        let threads: Vec<_> = allotting.collect();
        threads
            .into_iter()
            .flat_map(|thread| thread.join().unwrap())
            .collect()
    });
    assert_eq!(ranges.len(), 100);
    for (place, range) in ranges.iter().enumerate() {
        assert!(ranges[place + 1..].iter().all(|other| !range.overlaps(other)));
    }
}

#[test]
fn a_folder_keeps_the_store_that_it_has() {
    let dir = tempfile::tempdir().unwrap();
    place::ready(dir.path());
    drop(Store::open(dir.path()).unwrap());
    let elsewhere = Server::parse("postgres:///elsewhere?host=/run/postgresql").unwrap();
    assert!(matches!(
        elsewhere.keep_for(dir.path()),
        Err(ServerError::Elsewhere { .. })
    ));
    let in_file = tempfile::tempdir().unwrap();
    drop(Store::open(in_file.path()).unwrap());
    assert!(matches!(
        elsewhere.keep_for(in_file.path()),
        Err(ServerError::InFile { .. })
    ));
}

#[test]
fn a_server_that_is_not_there_is_named_with_what_to_look_at() {
    let dir = tempfile::tempdir().unwrap();
    let nowhere = format!("postgres:///hq?host={}", dir.path().display());
    Server::parse(&nowhere).unwrap().keep_for(dir.path()).unwrap();
    let Err(error) = Store::open(dir.path()) else {
        panic!("a store without a server was opened");
    };
    let said = error.to_string();
    assert!(
        said.contains(&nowhere) && said.contains("is the server running"),
        "{said}"
    );
}

#[test]
fn a_store_on_another_computer_or_with_a_password_in_its_name_is_refused() {
    let refused = |url: &str| Server::parse(url).unwrap_err();
    assert_eq!(refused("mysql://localhost/hq"), NotAServer::Unreadable);
    assert_eq!(refused("postgres://localhost"), NotAServer::Unreadable);
    assert_eq!(refused("host=localhost dbname=hq"), NotAServer::Unreadable);
    assert_eq!(refused("postgres://hq:secret@localhost/hq"), NotAServer::Password);
    let remote = NotAServer::Remote {
        host: "db.example".to_owned(),
    };
    assert_eq!(refused("postgres://hq@db.example/hq"), remote);
    for here in [
        "postgres://hq@localhost/hq",
        "postgres://[::1]/hq",
        "postgres:///hq?host=/run/postgresql",
    ] {
        assert!(Server::parse(here).is_ok(), "{here}");
    }
}
