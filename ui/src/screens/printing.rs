//! Printing: a tap becomes one intent, and a printer added for an act prints it as soon as it has answered.

use std::rc::Rc;

use domain::ActId;
use domain::dialogue::Intent;
use domain::printing::{
    self, PrintFailure, PrintLine, PrinterAddress, PrinterLine, PrinterTrouble, PrintingView,
};
use drawn::{App, PrintRow, PrintState, PrinterRow, PrintingAdapter};
use slint::{ComponentHandle, Model};

use super::{Intents, model, pages};
use crate::moment;

pub(super) fn connect(app: &App, intents: &Intents) {
    let printing = app.global::<PrintingAdapter<'_>>();

    let sink = Rc::clone(intents);
    printing.on_print(move |act, paper, printer| {
        if let (Ok(act), Ok(printer)) = (act.parse::<ActId>(), PrinterAddress::parse(&printer)) {
            sink(Intent::Print {
                act,
                paper: paper.into(),
                printer: Some(printer),
            });
        }
    });

    let sink = Rc::clone(intents);
    printing.on_cancel(move |act, paper, printer| {
        if let (Ok(act), Ok(printer)) = (act.parse::<ActId>(), PrinterAddress::parse(&printer)) {
            sink(Intent::CancelPrint {
                act,
                paper: paper.into(),
                printer,
            });
        }
    });

    let window = app.as_weak();
    let sink = Rc::clone(intents);
    printing.on_add(move |address| {
        if let Some(app) = window.upgrade() {
            add(&app, &sink, &address);
        }
    });

    let sink = Rc::clone(intents);
    printing.on_hand_over(move |act| {
        if let Ok(act) = act.parse::<ActId>() {
            sink(Intent::HandOver { act });
        }
    });

    let sink = Rc::clone(intents);
    printing.on_give_by_mail(move |act| {
        if let Ok(act) = act.parse::<ActId>() {
            sink(Intent::GiveByMail { act });
        }
    });

    let window = app.as_weak();
    let sink = Rc::clone(intents);
    printing.on_show_code(move |act| {
        if let Some((app, act)) = window.upgrade().zip(act.parse::<ActId>().ok()) {
            pages::ask(&app);
            sink(Intent::ShowRecepisseCode { act });
        }
    });

    let window = app.as_weak();
    printing.on_met(move |printer| {
        if let Some(app) = window.upgrade() {
            met(&app, &printer);
        }
    });
}

fn add(app: &App, intents: &Intents, address: &str) {
    let printing = app.global::<PrintingAdapter<'_>>();
    if address.trim().is_empty() || !printing.get_tried().is_empty() {
        return;
    }
    // An address that is none is refused by the terminal, in the words of its notice.
    let tried = PrinterAddress::parse(address).map_or_else(|_| String::new(), |address| address.to_string());
    printing.set_tried(tried.as_str().into());
    intents(Intent::AddPrinter {
        address: address.to_owned(),
    });
    let known = printing
        .get_printers()
        .iter()
        .any(|printer| printer.address == tried);
    if known {
        printing.invoke_met(tried.into());
    }
}

/// The printer that the sheet asked for is known: what it was asked for is printed.
fn met(app: &App, printer: &str) {
    let printing = app.global::<PrintingAdapter<'_>>();
    printing.set_tried("".into());
    if !printing.get_asking() {
        return;
    }
    printing.set_asking(false);
    if !printing.get_act().is_empty() {
        printing.invoke_print_on(printer.into());
    }
}

pub(super) fn show(app: &App, view: &PrintingView) {
    let printing = app.global::<PrintingAdapter<'_>>();
    printing.set_printers(model(view.printers.iter().map(printer_row)));
    printing.set_jobs(model(view.jobs.iter().map(|line| job_row(line, &view.printers))));
    let asks = |line: &&PrintLine| match line.state {
        printing::PrintState::Failed(_) | printing::PrintState::InDoubt => true,
        printing::PrintState::Waiting { .. }
        | printing::PrintState::Sending
        | printing::PrintState::Printing { .. }
        | printing::PrintState::Printed => false,
    };
    let marks = view.jobs.iter().filter(asks).count();
    printing.set_marks(i32::try_from(marks).unwrap_or(i32::MAX));
    let tried = printing.get_tried();
    if !tried.is_empty()
        && view
            .printers
            .iter()
            .any(|printer| printer.address.to_string() == *tried)
    {
        printing.invoke_met(tried);
    }
}

/// The terminal says why there is no printer at the address; what was typed stays.
pub(super) fn give_up(app: &App) {
    app.global::<PrintingAdapter<'_>>().set_tried("".into());
}

pub(super) fn forget(app: &App) {
    let printing = app.global::<PrintingAdapter<'_>>();
    printing.set_asking(false);
    printing.set_with_rights(false);
    printing.set_tried("".into());
    printing.set_act("".into());
    printing.set_printers(model([]));
    printing.set_jobs(model([]));
    printing.set_marks(0);
}

fn printer_row(line: &PrinterLine) -> PrinterRow {
    PrinterRow {
        address: line.address.to_string().into(),
        name: name(line).into(),
        host: line.address.host().into(),
    }
}

/// What a printer is called on screen.
fn name(line: &PrinterLine) -> &str {
    if line.name.is_empty() {
        line.address.host()
    } else {
        &line.name
    }
}

fn job_row(line: &PrintLine, printers: &[PrinterLine]) -> PrintRow {
    let printer = printers.iter().find(|printer| printer.address == line.printer);
    let (state, trouble, failure) = match line.state {
        printing::PrintState::Waiting { trouble } => (PrintState::Waiting, trouble, None),
        printing::PrintState::Sending => (PrintState::Sending, None, None),
        printing::PrintState::Printing { job: _, trouble } => (PrintState::Printing, trouble, None),
        printing::PrintState::Printed => (PrintState::Printed, None, None),
        printing::PrintState::Failed(failure) => (PrintState::Failed, None, Some(failure)),
        printing::PrintState::InDoubt => (PrintState::InDoubt, None, None),
    };
    PrintRow {
        act: line.act.to_string().into(),
        paper: line.paper.into(),
        kind: line.kind.into(),
        number: line
            .number
            .map(|number| number.to_string())
            .unwrap_or_default()
            .into(),
        printer: line.printer.to_string().into(),
        printer_name: printer.map_or_else(|| line.printer.host(), name).into(),
        asked: moment::of(line.asked),
        state,
        trouble: trouble.map_or(drawn::PrinterTrouble::None, PrinterTrouble::into),
        failure: failure.map_or(drawn::PrintFailure::None, PrintFailure::into),
    }
}
