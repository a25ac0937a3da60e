//! Printing to printers that answer, and to some that do not: what comes out is what was signed, and nothing is printed
//! twice without a word.

use std::net::TcpListener;
use std::time::{Duration, Instant};

use agent::engine::Event;
use agent::print::{Answer, Order, driver};
use domain::dialogue::{Intent, Notice, ShownLeaflet, View};
use domain::draft::Field;
use domain::journal::Operation;
use domain::plainte::Language;
use domain::printing::{Paper, PrintFailure, PrintState, PrinterAddress, PrinterTrouble};
use domain::pv::{Leaflet, PvKind};
use domain::record::ActKind;
use domain::{ActId, Secret};
use simulator::printer::{SimPrinter, Temper};
use simulator::world::Action;
use tempfile::TempDir;
use tests::acts::{self, act_id};
use tests::bare::Bare;
use tests::watched::Watched;

use crate::ippeveprinter::IppEvePrinter;
use crate::street::Street;

/// How long a real printer may take.
const PATIENCE: Duration = Duration::from_secs(60);

/// An officer who has signed, with the terminal in hand and the driver's orders one by one.
struct Officer {
    watched: Watched,
    bare: Bare,
}

impl Officer {
    fn with(seed: u64, kinds: &[ActKind]) -> Self {
        let mut watched = Watched::on_duty(seed);
        for (n, kind) in (1..).zip(kinds) {
            watched.play(acts::drawn_up(act_id(n), *kind));
        }
        watched.act(Action::Kill);
        let bare = Bare::open(watched.world.layout(), watched.world.now());
        let mut officer = Self { watched, bare };
        officer.unlock();
        officer
    }

    fn unlock(&mut self) {
        let code = Secret::new(self.watched.world.scenario().officer.code.clone());
        self.intent(Intent::Unlock { code });
        while !self.bare.jobs.is_empty() {
            self.bare.work().unwrap();
        }
        assert!(self.bare.engine.is_unlocked());
    }

    /// The process ends here and starts again.
    fn restart(self) -> Self {
        let Self { watched, bare } = self;
        let now = bare.now;
        drop(bare);
        let bare = Bare::open(watched.world.layout(), now);
        let mut officer = Self { watched, bare };
        officer.unlock();
        officer
    }

    fn intent(&mut self, intent: Intent) {
        self.bare.intent(intent).unwrap();
    }

    fn print(&mut self, act: ActId, paper: Paper, printer: &PrinterAddress) {
        self.intent(Intent::Print {
            act,
            paper,
            printer: Some(printer.clone()),
        });
    }

    fn add(&mut self, printer: &PrinterAddress) {
        let address = printer.to_string();
        self.intent(Intent::AddPrinter { address });
        self.carry();
    }

    /// The driver does what it was asked for, and whatever follows at once.
    fn carry(&mut self) {
        while !self.bare.orders.is_empty() {
            let order = self.bare.orders.remove(0);
            self.answer(driver::carry_out(order));
        }
    }

    fn answer(&mut self, answer: Answer) {
        self.bare.event(Event::Print(answer)).unwrap();
    }

    /// So much time passes, and what is due is done.
    fn wait(&mut self, ms: u64) {
        self.bare.now.mono_ms += ms;
        self.bare.now.utc = self.bare.now.utc.plus(i64::try_from(ms).unwrap());
        self.bare.event(Event::Wake).unwrap();
    }

    /// Time passes until the job is so.
    #[track_caller]
    fn until(&mut self, act: ActId, paper: Paper, state: PrintState) {
        let started = Instant::now();
        while self.state(act, paper) != Some(state) {
            assert!(
                started.elapsed() < PATIENCE,
                "the job is {:?} and not {state:?}",
                self.state(act, paper)
            );
            self.carry();
            self.wait(1_000);
        }
    }

    fn state(&self, act: ActId, paper: Paper) -> Option<PrintState> {
        let shown = self.bare.views.iter().rev().find_map(|view| {
            let View::Printing(printing) = view else {
                return None;
            };
            Some(printing)
        });
        let jobs = &shown.expect("the queue is shown").jobs;
        jobs.iter()
            .find(|job| job.act == act && job.paper == paper)
            .map(|job| job.state)
    }

    /// The signed PDF, as HQ would get it.
    fn document(&mut self, act: ActId) -> Vec<u8> {
        self.intent(Intent::ShowDocument { act });
        let shown = self.bare.views.iter().rev().find_map(|view| {
            let View::Document(document) = view else {
                return None;
            };
            (document.act == act).then(|| document.pdf.clone())
        });
        shown.expect("the act has a document")
    }

    fn told(&self, notice: Notice) -> bool {
        self.bare
            .views
            .iter()
            .any(|view| matches!(view, View::Notice(told) if *told == notice))
    }

    fn prints_journalled(&self) -> usize {
        let journal = self.bare.engine.device().journal().unwrap();
        let is_print = |operation: &Operation| matches!(operation, Operation::Printed { .. });
        journal.iter().filter(|entry| is_print(&entry.operation)).count()
    }
}

fn sim(temper: Temper) -> (TempDir, SimPrinter) {
    let folder = tempfile::tempdir().unwrap();
    let printer = SimPrinter::start(folder.path(), temper).unwrap();
    (folder, printer)
}

#[test]
fn an_ipp_everywhere_printer_receives_exactly_the_signed_pdf() {
    let printer = IppEvePrinter::start("application/pdf");
    let mut officer = Officer::with(400, &[ActKind::Pv]);
    officer.add(&printer.address);
    officer.print(act_id(1), Paper::Act, &printer.address);
    officer.until(act_id(1), Paper::Act, PrintState::Printed);
    let signed = officer.document(act_id(1));
    assert!(signed.starts_with(b"%PDF-"));
    assert!(
        printer.received() == [signed],
        "other bytes came out than were signed"
    );
    assert_eq!(officer.prints_journalled(), 1);
}

#[test]
fn an_ipp_everywhere_printer_without_pdf_is_refused_by_name_and_gets_nothing() {
    let printer = IppEvePrinter::start("image/pwg-raster,image/jpeg");
    let mut officer = Officer::with(401, &[ActKind::Pv]);
    officer.add(&printer.address);
    let failure = PrintFailure::NoPdf;
    assert!(officer.told(Notice::PrinterRefused { failure }));
    officer.print(act_id(1), Paper::Act, &printer.address);
    assert!(officer.told(Notice::NotAPrinter), "it was not taken in");
    assert_eq!(printer.received().len(), 0);
}

#[test]
fn a_queue_that_an_ipp_everywhere_printer_has_not_is_no_printer() {
    let printer = IppEvePrinter::start("application/pdf");
    let wrong = PrinterAddress::parse(&format!("{}/printers/autre", printer.address.authority())).unwrap();
    let mut officer = Officer::with(402, &[]);
    officer.add(&wrong);
    assert!(officer.told(Notice::NotAPrinter));
}

#[test]
fn a_complaint_prints_its_recepisse_apart_from_its_pv() {
    let (_folder, printer) = sim(Temper::Prints);
    let address = printer.address();
    let mut officer = Officer::with(403, &[ActKind::Plainte]);
    officer.add(&address);
    officer.print(act_id(1), Paper::Recepisse, &address);
    officer.until(act_id(1), Paper::Recepisse, PrintState::Printed);
    officer.print(act_id(1), Paper::Act, &address);
    officer.until(act_id(1), Paper::Act, PrintState::Printed);
    let papers = printer.printed().unwrap();
    assert_eq!(papers.len(), 2);
    assert!(papers[0] != papers[1]);
    assert!(papers[1] == officer.document(act_id(1)));
    assert!(papers[0].starts_with(b"%PDF-"));
}

#[test]
fn a_sheet_of_rights_prints_before_the_complaint_is_signed_and_is_the_same_after() {
    let (_folder, printer) = sim(Temper::Prints);
    let address = printer.address();
    let mut officer = Officer::with(404, &[]);
    let id = act_id(1);
    officer.add(&address);
    officer.print(id, Paper::Rights, &address);
    assert_eq!(officer.state(id, Paper::Rights), None, "nothing is shown yet");
    let steps = acts::drafted(id, ActKind::Plainte).into_iter();
    for action in steps.chain(acts::read_and_signed(id, ActKind::Plainte)) {
        let Action::Intent(said) = action else { continue };
        officer.intent(said.into_intent().unwrap());
        while !officer.bare.jobs.is_empty() {
            officer.bare.work().unwrap();
        }
    }
    officer.print(id, Paper::Rights, &address);
    officer.until(id, Paper::Rights, PrintState::Printed);
    officer.intent(Intent::Sign { draft: id });
    officer.bare.work().unwrap();
    officer.print(id, Paper::Recepisse, &address);
    officer.until(id, Paper::Recepisse, PrintState::Printed);
    officer.print(id, Paper::Rights, &address);
    officer.until(id, Paper::Rights, PrintState::Printed);
    let papers = printer.printed().unwrap();
    assert_eq!(papers.len(), 3);
    assert!(papers[0] == papers[2] && papers[0] != papers[1]);
    assert!(papers[0] == documents::rights_sheet(Language::French).unwrap());
}

#[test]
fn a_double_tap_prints_once_and_a_tap_after_the_paper_prints_again() {
    let (_folder, printer) = sim(Temper::Prints);
    let address = printer.address();
    let mut officer = Officer::with(404, &[ActKind::Pv]);
    officer.add(&address);
    for _ in 0..3 {
        officer.print(act_id(1), Paper::Act, &address);
    }
    officer.until(act_id(1), Paper::Act, PrintState::Printed);
    assert_eq!(printer.printed().unwrap().len(), 1);
    officer.print(act_id(1), Paper::Act, &address);
    officer.until(act_id(1), Paper::Act, PrintState::Printed);
    assert_eq!(printer.printed().unwrap().len(), 2);
    assert_eq!(officer.prints_journalled(), 2);
}

#[test]
fn a_job_waits_for_a_printer_that_is_away_over_a_restart_and_prints_when_it_is_back() {
    let (folder, printer) = sim(Temper::Prints);
    let address = printer.address();
    let mut officer = Officer::with(405, &[ActKind::Pv]);
    officer.add(&address);
    drop(printer);
    officer.print(act_id(1), Paper::Act, &address);
    let trouble = Some(PrinterTrouble::Unreachable);
    officer.until(act_id(1), Paper::Act, PrintState::Waiting { trouble });
    let mut officer = officer.restart();
    assert!(matches!(
        officer.state(act_id(1), Paper::Act),
        Some(PrintState::Waiting { .. })
    ));
    assert_eq!(officer.prints_journalled(), 0, "nothing has left");
    let listener = TcpListener::bind(("127.0.0.1", address.port())).unwrap();
    let back = SimPrinter::start_on(listener, folder.path(), Temper::Prints).unwrap();
    officer.until(act_id(1), Paper::Act, PrintState::Printed);
    let signed = officer.document(act_id(1));
    assert!(back.printed().unwrap() == [signed]);
}

#[test]
fn a_kill_between_sending_and_the_answer_leaves_a_job_in_doubt_that_only_the_officer_sends_again() {
    let (_folder, printer) = sim(Temper::Prints);
    let address = printer.address();
    let mut officer = Officer::with(406, &[ActKind::Pv]);
    officer.add(&address);
    officer.print(act_id(1), Paper::Act, &address);
    let greeting = officer.bare.orders.remove(0);
    officer.answer(driver::carry_out(greeting));
    let sending = officer.bare.orders.remove(0);
    assert!(matches!(sending, Order::Send { .. }));
    // The printer prints, and its answer finds nobody.
    let _unheard = driver::carry_out(sending);
    let mut officer = officer.restart();
    assert_eq!(officer.state(act_id(1), Paper::Act), Some(PrintState::InDoubt));
    for _ in 0..5 {
        officer.wait(600_000);
        officer.carry();
    }
    assert_eq!(officer.state(act_id(1), Paper::Act), Some(PrintState::InDoubt));
    assert_eq!(printer.printed().unwrap().len(), 1);
    officer.print(act_id(1), Paper::Act, &address);
    officer.until(act_id(1), Paper::Act, PrintState::Printed);
    assert_eq!(printer.printed().unwrap().len(), 2);
}

#[test]
fn a_printer_that_hangs_up_before_it_answers_leaves_the_job_in_doubt() {
    let (_folder, printer) = sim(Temper::HangsUp);
    let address = printer.address();
    let mut officer = Officer::with(407, &[ActKind::Pv]);
    officer.add(&address);
    officer.print(act_id(1), Paper::Act, &address);
    officer.carry();
    assert_eq!(officer.state(act_id(1), Paper::Act), Some(PrintState::InDoubt));
    assert_eq!(printer.printed().unwrap().len(), 1, "there is paper in the tray");
    officer.intent(Intent::CancelPrint {
        act: act_id(1),
        paper: Paper::Act,
        printer: address,
    });
    assert_eq!(officer.state(act_id(1), Paper::Act), None);
}

#[test]
fn what_is_on_its_way_when_the_terminal_locks_is_known_after_the_unlock() {
    let (_folder, printer) = sim(Temper::Prints);
    let address = printer.address();
    let mut officer = Officer::with(408, &[ActKind::Pv, ActKind::Pv]);
    officer.add(&address);
    officer.print(act_id(1), Paper::Act, &address);
    officer.print(act_id(2), Paper::Act, &address);
    let greeting = officer.bare.orders.remove(0);
    officer.answer(driver::carry_out(greeting));
    let sending = officer.bare.orders.remove(0);
    officer.intent(Intent::Lock);
    assert_eq!(
        officer.state(act_id(1), Paper::Act),
        None,
        "a locked screen shows no job"
    );
    officer.answer(driver::carry_out(sending));
    assert!(
        officer.bare.orders.is_empty(),
        "the other job waits for the officer"
    );
    officer.unlock();
    officer.until(act_id(1), Paper::Act, PrintState::Printed);
    officer.until(act_id(2), Paper::Act, PrintState::Printed);
    assert_eq!(printer.printed().unwrap().len(), 2);
}

#[test]
fn a_printer_out_of_paper_gets_nothing_until_somebody_has_seen_to_it() {
    let (folder, printer) = sim(Temper::Stopped);
    let address = printer.address();
    let mut officer = Officer::with(409, &[ActKind::Pv]);
    officer.add(&address);
    officer.print(act_id(1), Paper::Act, &address);
    let trouble = Some(PrinterTrouble::NeedsAttention);
    officer.until(act_id(1), Paper::Act, PrintState::Waiting { trouble });
    assert!(printer.printed().unwrap().is_empty());
    drop(printer);
    let listener = TcpListener::bind(("127.0.0.1", address.port())).unwrap();
    let _filled = SimPrinter::start_on(listener, folder.path(), Temper::Prints).unwrap();
    officer.until(act_id(1), Paper::Act, PrintState::Printed);
}

#[test]
fn a_wrong_address_is_told_as_what_it_is() {
    let (_folder, web) = sim(Temper::IsNone);
    let mut officer = Officer::with(410, &[]);
    officer.add(&web.address());
    assert!(officer.told(Notice::NotAPrinter));
    let away = web.address();
    drop(web);
    assert!(!officer.told(Notice::PrinterUnreachable));
    officer.add(&away);
    assert!(officer.told(Notice::PrinterUnreachable));
    officer.bare.views.clear();
    officer.intent(Intent::AddPrinter {
        address: "pas une adresse".to_owned(),
    });
    assert!(officer.told(Notice::NotAPrinter));
    assert!(officer.bare.orders.is_empty());
}

#[test]
fn a_printer_that_takes_pdf_no_more_fails_the_job_and_keeps_it_on_the_list() {
    let (folder, printer) = sim(Temper::Prints);
    let address = printer.address();
    let mut officer = Officer::with(411, &[ActKind::Pv]);
    officer.add(&address);
    drop(printer);
    let listener = TcpListener::bind(("127.0.0.1", address.port())).unwrap();
    let _raster = SimPrinter::start_on(listener, folder.path(), Temper::TakesNoPdf).unwrap();
    officer.print(act_id(1), Paper::Act, &address);
    officer.carry();
    let failure = PrintFailure::NoPdf;
    assert_eq!(
        officer.state(act_id(1), Paper::Act),
        Some(PrintState::Failed(failure))
    );
    assert!(officer.told(Notice::PrinterRefused { failure }));
    assert_eq!(officer.prints_journalled(), 0);
}

#[test]
fn a_terminal_in_its_own_process_prints_with_one_tap() {
    let printer = IppEvePrinter::start("application/pdf");
    let mut street = Street::new(None);
    street.on_duty();
    street.draw_up(act_id(1), ActKind::Pv);
    let address = printer.address.clone();
    street.until(
        "add the printer",
        |phone| {
            phone.intent(Intent::AddPrinter {
                address: address.to_string(),
            })
        },
        |board| {
            board
                .printing
                .as_ref()
                .is_some_and(|view| view.printers.len() == 1)
        },
    );
    street.until(
        "print",
        |phone| {
            phone.intent(Intent::Print {
                act: act_id(1),
                paper: Paper::Act,
                printer: None,
            })
        },
        |board| {
            let jobs = board.printing.iter().flat_map(|view| &view.jobs);
            jobs.into_iter().any(|job| job.state == PrintState::Printed)
        },
    );
    let received = printer.received();
    assert_eq!(received.len(), 1);
    assert!(received[0].starts_with(b"%PDF-"));
}

#[test]
fn a_leaflet_prints_in_the_language_that_was_shown_while_its_act_is_a_draft() {
    let (_folder, printer) = sim(Temper::Prints);
    let address = printer.address();
    let mut officer = Officer::with(405, &[]);
    let id = act_id(1);
    officer.add(&address);
    officer.intent(Intent::StartDraft {
        id: Some(id),
        kind: ActKind::Pv,
    });
    let shown = |leaflet| Intent::ShowLeaflet {
        draft: id,
        leaflet: ShownLeaflet {
            leaflet,
            language: Language::Turkish,
        },
    };
    let fill = |kind: PvKind| Intent::Fill {
        draft: id,
        field: Field::PvKind,
        text: kind.code().to_owned(),
    };
    officer.intent(fill(PvKind::MiseADisposition));
    officer.intent(shown(Leaflet::Card));
    assert!(
        officer.bare.jobs.is_empty(),
        "the card belongs to a call at the home"
    );
    officer.intent(shown(Leaflet::Custody));
    while !officer.bare.jobs.is_empty() {
        officer.bare.work().unwrap();
    }
    officer.print(id, Paper::Leaflet, &address);
    officer.until(id, Paper::Leaflet, PrintState::Printed);
    let papers = printer.printed().unwrap();
    assert!(papers[0] == documents::leaflet(Leaflet::Custody, Language::Turkish).unwrap());
}
