//! Batches: every fault of a table at once, a journal that takes up where it was, and one certificate a terminal.

use domain::enrolment::{Address, KeyProtection, Ticket};
use domain::{Digest, UnixMs};
use hq::batch::{self, BatchError, Fault, HEADER, PrintOrder, State};
use hq::fleet::{self, Standing};
use hq::pki::DeviceRequest;
use hq::store::Store;
use hq::{Pki, tokens};
use proptest::prelude::*;
use trust::keys::{KeyKind, SigningKey};

use crate::world::{Hq, NOON};

fn line(serial: u32) -> String {
    let imei = trust::sha256(&serial.to_be_bytes());
    format!("neo-{serial:06};{imei};brigade de Crest;terrain\n")
}

fn table(serials: impl IntoIterator<Item = u32>) -> String {
    let lines: String = serials.into_iter().map(line).collect();
    format!("{HEADER}\n{lines}")
}

struct Desk {
    hq: Hq,
    store: Store,
    pki: Pki,
    broker: Address,
}

impl Desk {
    fn new() -> Self {
        let hq = Hq::new();
        let store = Store::open(&hq.path("")).unwrap();
        let pki = Pki::open(hq.pki().dir()).unwrap();
        let broker = Address::parse("mqtts://localhost:8885").unwrap();
        Self {
            hq,
            store,
            pki,
            broker,
        }
    }

    fn plan(&mut self, name: &str, table: &str) -> Vec<(u32, Fault)> {
        let (rows, mut faulty) = batch::parse(table).unwrap();
        let (rows, elsewhere) = batch::sift(&mut self.store, rows).unwrap();
        faulty.extend(elsewhere);
        if !rows.is_empty() {
            batch::plan(&mut self.store, name, &rows, NOON).unwrap();
        }
        faulty
            .into_iter()
            .map(|faulty| (faulty.line, faulty.fault))
            .collect()
    }

    /// The next tickets, at most one sheet of `codes`; printed when `printed`.
    fn issue(&mut self, name: &str, codes: u32, printed: bool, now: UnixMs) -> Vec<Ticket> {
        let order = PrintOrder {
            broker: &self.broker,
            lasting_ms: tokens::LASTING,
            codes,
            sheets: 1,
        };
        let sheets = batch::issue(&mut self.store, &self.pki, name, &order, now).unwrap();
        for sheet in sheets.iter().filter(|_| printed) {
            batch::printed(&mut self.store, name, sheet.number, now).unwrap();
        }
        sheets
            .into_iter()
            .flat_map(|sheet| sheet.tickets)
            .map(|(_, ticket)| ticket)
            .collect()
    }

    /// A phone that uses its ticket; whether it has a certificate.
    fn enrol(&mut self, ticket: &Ticket, now: UnixMs) -> bool {
        let request = DeviceRequest {
            device: ticket.device.clone(),
            model: String::new(),
            spki: SigningKey::generate(KeyKind::P256).public().spki_der(),
            recipient: [7; 32],
            protection: KeyProtection::File,
        };
        tokens::take(&mut self.store, &self.pki, &ticket.token, &request, now)
            .unwrap()
            .is_ok()
    }

    fn states(&mut self, name: &str, now: UnixMs) -> Vec<State> {
        let rows = batch::rows(&mut self.store, name, now).unwrap();
        rows.into_iter().map(|row| row.state).collect()
    }

    fn certificates(&self) -> i64 {
        let sql = "SELECT count(*) FROM certificate WHERE holder LIKE 'urn:neo2:dev%'";
        self.hq.outside().number(sql)
    }
}

#[test]
fn every_fault_of_a_table_is_named_at_once_with_its_line() {
    let mut desk = Desk::new();
    desk.hq.terminal("neo-000007", &[]);
    let retired = desk.hq.terminal("neo-000008", &[]).device;
    fleet::set_standing(&mut desk.store, &retired, Standing::Retired, NOON).unwrap();
    assert_eq!(desk.plan("first", &table([1])), []);
    let imei = trust::sha256(b"imei");
    let text = table([2])
        + &line(2)
        + &line(1)
        + &line(7)
        + &line(8)
        + "neo-000003;abc;Crest;terrain\n"
        + &format!("NEO 3;{imei};Crest;terrain\n")
        + &format!("neo-000004;{imei};;terrain\n")
        + &format!("neo-000004;{imei};Crest;plage\n")
        + "neo-000005;Crest\n\n"
        + &line(9).replace("neo-000009", "neo-000010")
        + &line(9);
    let faults = desk.plan("second", &text);
    let expected = [
        (3, Fault::Twice { line: 2 }),
        (7, Fault::Imei),
        (
            8,
            Fault::Serial {
                text: "NEO 3".to_owned(),
            },
        ),
        (9, Fault::Unit),
        (
            10,
            Fault::Profile {
                text: "plage".to_owned(),
            },
        ),
        (11, Fault::Columns { found: 2 }),
        (14, Fault::SamePhone { line: 13 }),
        (
            4,
            Fault::ElsewhereOpen {
                batch: "first".to_owned(),
            },
        ),
        (5, Fault::Enrolled),
        (6, Fault::Retired),
    ];
    assert_eq!(faults, expected);
    assert_eq!(desk.states("second", NOON), [State::Planned; 2]);
    assert!(matches!(batch::parse("serial;imei\n"), Err(BatchError::Header)));
    let commas = table([20]).replace(';', ",");
    assert_eq!(batch::parse(&commas).unwrap().0.len(), 1);
}

#[test]
fn a_row_whose_sheet_was_lost_gets_another_code_and_the_lost_one_opens_nothing() {
    let mut desk = Desk::new();
    desk.plan("lot", &table([1, 2, 3]));
    let lost = desk.issue("lot", 2, false, NOON);
    assert_eq!(
        desk.states("lot", NOON),
        [State::Issued, State::Issued, State::Planned]
    );
    let found = desk.issue("lot", 9, true, NOON);
    assert_eq!((lost.len(), found.len()), (2, 3));
    assert!(!desk.enrol(&lost[0], NOON));
    assert!(found.iter().all(|ticket| desk.enrol(ticket, NOON)));
    assert_eq!(desk.states("lot", NOON), [State::Enrolled; 3]);
    assert_eq!(desk.issue("lot", 9, true, NOON).len(), 0);
    assert_eq!(desk.certificates(), 3);
}

#[test]
fn an_expired_code_is_issued_again_and_a_cancelled_batch_gives_none() {
    let mut desk = Desk::new();
    desk.plan("lot", &table([1, 2, 3]));
    let first = desk.issue("lot", 9, true, NOON);
    assert!(desk.enrol(&first[0], NOON));
    let later = NOON.plus(2 * UnixMs::DAY);
    assert_eq!(
        desk.states("lot", later),
        [State::Enrolled, State::Expired, State::Expired]
    );
    let second = desk.issue("lot", 9, true, later);
    assert_eq!(second.len(), 2);
    assert!(!desk.enrol(&first[1], later));
    assert!(desk.enrol(&second[0], later));
    assert_eq!(batch::cancel(&mut desk.store, "lot", later).unwrap(), 1);
    assert!(!desk.enrol(&second[1], later));
    assert_eq!(
        desk.states("lot", later),
        [State::Enrolled, State::Enrolled, State::Cancelled]
    );
    let again = batch::cancel(&mut desk.store, "lot", later);
    assert!(matches!(again, Err(BatchError::Cancelled { .. })));
    assert_eq!(
        desk.plan("other", &table([3])),
        [],
        "what was cancelled may be planned again"
    );
    assert_eq!(desk.certificates(), 2);
}

/// What happens to a batch, in any order.
#[derive(Debug, Clone)]
enum Action {
    /// A sheet of that many codes, which reaches paper or does not.
    Issue(u32, bool),
    /// The phone that has one of the codes uses it: the newest, or an older one.
    Enrol(prop::sample::Index),
    /// The program ends and starts again.
    Restart,
    /// Hours pass.
    Wait(u8),
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, ..ProptestConfig::default() })]

    #[test]
    fn no_terminal_ever_has_two_certificates_and_every_row_ends_enrolled(
        actions in prop::collection::vec(prop_oneof![
            (1..5_u32, any::<bool>()).prop_map(|(codes, printed)| Action::Issue(codes, printed)),
            any::<prop::sample::Index>().prop_map(Action::Enrol),
            Just(Action::Restart),
            (1..20_u8).prop_map(Action::Wait),
        ], 1..24),
    ) {
        let mut desk = Desk::new();
        desk.plan("lot", &table(1..=8));
        let (mut tickets, mut now): (Vec<Ticket>, UnixMs) = (Vec::new(), NOON);
        for action in actions {
            match action {
                Action::Issue(codes, printed) => tickets.extend(desk.issue("lot", codes, printed, now)),
                Action::Enrol(which) if !tickets.is_empty() => {
                    let ticket = which.get(&tickets).clone();
                    desk.enrol(&ticket, now);
                }
                Action::Enrol(_) => {}
                Action::Restart => desk.store = Store::open(&desk.hq.path("")).unwrap(),
                Action::Wait(hours) => now = now.plus(i64::from(hours) * 3_600_000),
            }
        }
        loop {
            let issued = desk.issue("lot", 8, true, now);
            if issued.is_empty() {
                break;
            }
            tickets.extend(issued);
        }
        for ticket in tickets.iter().rev() {
            desk.enrol(ticket, now);
        }
        prop_assert_eq!(desk.states("lot", now), vec![State::Enrolled; 8]);
        prop_assert_eq!(desk.certificates(), 8);
    }
}

#[test]
fn the_digest_of_an_imei_is_what_the_table_says() {
    let (rows, _) = batch::parse(&table([1])).unwrap();
    assert_eq!(rows[0].imei, Digest::of(&1_u32.to_be_bytes()));
}
