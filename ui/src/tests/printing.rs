//! Printing by label: one tap where one printer is known, a sheet where there is a choice, and a queue that says why.

use domain::ActNumber;
use domain::dialogue::{DraftState, DraftView, Intent, Notice, View};
use domain::printing::{
    Paper, PrintFailure, PrintLine, PrintState, PrinterAddress, PrinterTrouble, PrintingView,
};
use domain::record::ActKind;

use super::{Phone, Screen, sample};

fn one_printer() -> PrintingView {
    PrintingView {
        printers: vec![sample::printer("10.0.3.7", "Accueil, laser")],
        jobs: Vec::new(),
    }
}

fn address() -> PrinterAddress {
    PrinterAddress::parse("10.0.3.7").unwrap()
}

/// The page of a signed act, with these printers known.
fn signed(draft: DraftView, printing: PrintingView) -> Phone {
    let number = Some(ActNumber {
        year: 2026,
        serial: 123,
    });
    let phone = Phone::unlocked();
    let screen = if draft.kind == ActKind::Plainte {
        Screen::Plainte
    } else {
        Screen::Pv
    };
    phone.see(&View::Draft(Box::new(DraftView {
        state: DraftState::Signed { number },
        ..draft
    })));
    phone.see(&View::Printing(printing));
    phone.open(screen);
    phone
}

/// The queue with this one job.
fn queue(state: PrintState) -> Phone {
    let phone = Phone::unlocked();
    let mut printing = one_printer();
    printing.jobs.push(job(state));
    phone.see(&View::Printing(printing));
    phone.open(Screen::Printing);
    phone
}

fn job(state: PrintState) -> PrintLine {
    PrintLine {
        act: sample::act(5),
        paper: Paper::Act,
        printer: address(),
        kind: ActKind::Pv,
        number: Some(ActNumber {
            year: 2026,
            serial: 125,
        }),
        asked: sample::at(2),
        state,
    }
}

#[track_caller]
fn assert_prints(phone: &Phone, act: domain::ActId, paper: Paper) {
    let asked = Intent::Print {
        act,
        paper,
        printer: Some(address()),
    };
    assert_eq!(domain::encode(&phone.only_sent()), domain::encode(&asked));
}

#[test]
fn one_tap_prints_a_signed_act_on_the_only_printer() {
    let draft = sample::pv();
    let act = draft.draft;
    let phone = signed(draft, one_printer());
    phone.press("Imprimer");
    assert_prints(&phone, act, Paper::Act);
    assert!(!phone.says("Adresse de l’imprimante"));
}

#[test]
fn a_complaint_prints_its_recepisse_and_its_pv_apart() {
    let draft = sample::plainte();
    let act = draft.draft;
    let phone = signed(draft, one_printer());
    phone.press("Imprimer le récépissé");
    assert_prints(&phone, act, Paper::Recepisse);
    phone.press("Imprimer la fiche des droits");
    assert_prints(&phone, act, Paper::Rights);
    phone.press("Imprimer le PV");
    assert_prints(&phone, act, Paper::Act);
}

#[test]
fn the_sheets_of_the_victim_print_by_one_tap() {
    let draft = sample::plainte();
    let act = draft.draft;
    let phone = signed(draft, one_printer());
    phone.press("Imprimer le récépissé et les droits");
    let papers: Vec<Paper> = phone
        .sent()
        .into_iter()
        .map(|intent| {
            let Intent::Print { act: of, paper, .. } = intent else {
                panic!("{intent:?}")
            };
            assert_eq!(of, act);
            paper
        })
        .collect();
    assert_eq!(papers, [Paper::Recepisse, Paper::Rights, Paper::Requisition]);
    phone.press("Imprimer le récépissé");
    assert_prints(&phone, act, Paper::Recepisse);
}

#[test]
fn several_printers_are_offered_by_name() {
    let draft = sample::pv();
    let act = draft.draft;
    let mut printing = one_printer();
    printing.printers.push(sample::printer("portable.local", ""));
    let phone = signed(draft, printing);
    phone.press("Imprimer");
    assert!(phone.sent().is_empty());
    assert!(
        phone.says("portable.local"),
        "a printer without name is known by its host"
    );
    phone.press("Accueil, laser");
    assert_prints(&phone, act, Paper::Act);
    assert!(!phone.says("Adresse de l’imprimante"));
}

#[test]
fn the_first_printer_is_added_by_its_address_and_prints_at_once() {
    let draft = sample::pv();
    let act = draft.draft;
    let phone = signed(
        draft,
        PrintingView {
            printers: Vec::new(),
            jobs: Vec::new(),
        },
    );
    phone.press("Imprimer");
    phone.press("Ajouter et imprimer");
    assert!(phone.sent().is_empty(), "there is no address yet");
    phone.fill("Adresse de l’imprimante", "10.0.3.7");
    phone.press("Ajouter et imprimer");
    assert!(matches!(phone.only_sent(), Intent::AddPrinter { address } if address == "10.0.3.7"));
    assert!(phone.says("Recherche de l’imprimante…"));
    phone.see(&View::Printing(one_printer()));
    assert_prints(&phone, act, Paper::Act);
    assert!(!phone.says("Adresse de l’imprimante"));
}

#[test]
fn an_address_without_printer_stays_in_the_field() {
    let phone = signed(
        sample::pv(),
        PrintingView {
            printers: Vec::new(),
            jobs: Vec::new(),
        },
    );
    phone.press("Imprimer");
    phone.fill("Adresse de l’imprimante", "10.0.3.8");
    phone.press("Ajouter et imprimer");
    phone.see(&View::Notice(Notice::PrinterUnreachable));
    phone.press("Compris");
    assert_eq!(phone.value("Adresse de l’imprimante"), "10.0.3.8");
    phone.sent();
    phone.press("Ajouter et imprimer");
    assert!(matches!(phone.only_sent(), Intent::AddPrinter { .. }));
}

#[test]
fn deliveries_print_too() {
    let phone = Phone::unlocked();
    phone.see(&View::Printing(one_printer()));
    phone.see(&View::Deliveries(vec![sample::deliveries().remove(0)]));
    phone.open(Screen::Deliveries);
    phone.press("Imprimer");
    assert_prints(&phone, sample::act(1), Paper::Act);
}

#[test]
fn the_queue_says_what_waits_and_why() {
    for (state, words) in [
        (PrintState::Waiting { trouble: None }, "En attente"),
        (
            PrintState::Waiting {
                trouble: Some(PrinterTrouble::Unreachable),
            },
            "En attente\u{a0}: imprimante hors de portée",
        ),
        (PrintState::Sending, "Envoi à l’imprimante…"),
        (
            PrintState::Printing {
                job: 4,
                trouble: None,
            },
            "Impression en cours…",
        ),
        (PrintState::Printed, "Imprimé"),
        (PrintState::InDoubt, "Peut-être imprimé"),
        (
            PrintState::Failed(PrintFailure::NoPdf),
            "Échec\u{a0}: cette imprimante n’accepte pas le PDF",
        ),
    ] {
        assert_eq!(queue(state).value("État"), words, "{state:?}");
    }
}

#[test]
fn a_job_perhaps_printed_asks_and_is_answered_either_way() {
    let phone = queue(PrintState::InDoubt);
    assert!(phone.says("La réponse de l’imprimante manque. Regardez dans son bac si la feuille y est."));
    phone.press("Imprimer de nouveau");
    assert_prints(&phone, sample::act(5), Paper::Act);
    phone.press("La feuille y est");
    assert!(matches!(phone.only_sent(), Intent::CancelPrint { .. }));
}

#[test]
fn a_failed_job_is_tried_again_or_taken_off_and_home_counts_it() {
    let phone = queue(PrintState::Failed(PrintFailure::Refused));
    phone.press("Réessayer");
    assert_prints(&phone, sample::act(5), Paper::Act);
    phone.press("Retirer de la liste");
    assert!(matches!(phone.only_sent(), Intent::CancelPrint { .. }));
    phone.open(Screen::Home);
    phone.press("Impressions");
    assert!(phone.says("Ajouter une imprimante"));
}

#[test]
fn what_is_on_its_way_to_the_printer_cannot_be_taken_back() {
    let phone = queue(PrintState::Sending);
    assert!(!phone.says("Annuler") && !phone.says("Réessayer"));
    let phone = queue(PrintState::Printing {
        job: 4,
        trouble: None,
    });
    phone.press("Annuler");
    assert!(matches!(phone.only_sent(), Intent::CancelPrint { .. }));
}

#[test]
fn a_lock_forgets_printers_and_jobs() {
    let phone = queue(PrintState::Printed);
    phone.see(&View::Lock(sample::locked()));
    phone.open(Screen::Printing);
    assert!(!phone.says("Imprimé") && phone.says("Aucune imprimante connue."));
}

#[test]
fn a_signed_act_is_handed_over_by_cable() {
    let draft = sample::pv();
    let asked = Intent::HandOver { act: draft.draft };
    let phone = signed(draft, one_printer());
    phone.press("Remettre au poste par câble");
    assert_eq!(domain::encode(&phone.only_sent()), domain::encode(&asked));
    phone.see(&View::Notice(Notice::HandedOver { act: sample::act(1) }));
    assert!(phone.says("Acte remis"));
}
