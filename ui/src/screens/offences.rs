//! Offences of the draft: its text holds codes, the search finds their labels.

use std::rc::Rc;

use domain::dialogue::{Intent, OffenceLine};
use domain::draft::Field;
use drawn::{App, OffenceAdapter, OffenceRow};
use slint::{ComponentHandle, Model, SharedString};

use super::{Intents, draft, form, model};
use crate::moment;

pub(super) fn connect(app: &App, intents: &Intents) {
    let offences = app.global::<OffenceAdapter<'_>>();

    let window = app.as_weak();
    let sink = Rc::clone(intents);
    offences.on_search(move |text| {
        if let Some(app) = window.upgrade() {
            app.global::<OffenceAdapter<'_>>().set_sought(text.clone());
            sink(Intent::SearchOffences { text: text.into() });
        }
    });

    let window = app.as_weak();
    let sink = Rc::clone(intents);
    offences.on_add(move |code| {
        let Some(app) = window.upgrade() else { return };
        let mut codes = codes(&app);
        if !codes.contains(&code) {
            codes.push(code);
        }
        draft::fill(&app, &sink, Field::Offences, &codes.join(" "));
        app.global::<OffenceAdapter<'_>>().set_sought("".into());
    });

    let window = app.as_weak();
    let sink = Rc::clone(intents);
    offences.on_remove(move |code| {
        let Some(app) = window.upgrade() else { return };
        let mut codes = codes(&app);
        codes.retain(|kept| *kept != code);
        draft::fill(&app, &sink, Field::Offences, &codes.join(" "));
    });
}

pub(super) fn show(app: &App, lines: &[OffenceLine]) {
    let rows = lines.iter().map(|line| OffenceRow {
        code: line.code.to_string().into(),
        label: line.label.as_str().into(),
        nature: line.nature.as_str().into(),
        amount: line.amount.map(moment::euros).unwrap_or_default(),
    });
    let offences = app.global::<OffenceAdapter<'_>>();
    if offences.get_sought().is_empty() {
        offences.set_frequent(model(rows));
    } else {
        offences.set_results(model(rows));
    }
    reflect(app);
    form::reflect(app);
}

pub(super) fn reflect(app: &App) {
    let offences = app.global::<OffenceAdapter<'_>>();
    let seen: Vec<OffenceRow> = offences
        .get_results()
        .iter()
        .chain(offences.get_frequent().iter())
        .chain(offences.get_chosen().iter())
        .collect();
    let chosen = codes(app);
    let frequent = offences.get_frequent();
    let usual: Vec<OffenceRow> = frequent
        .iter()
        .filter(|row| !chosen.contains(&row.code))
        .collect();
    offences.set_usual(model(usual));
    let row = |code: SharedString| {
        let known = seen.iter().find(|row| row.code == code && !row.label.is_empty());
        known.cloned().unwrap_or_else(|| OffenceRow {
            code,
            ..OffenceRow::default()
        })
    };
    let rows: Vec<OffenceRow> = chosen.into_iter().map(row).collect();
    offences.set_chosen(model(rows));
}

pub(super) fn start(app: &App) {
    let offences = app.global::<OffenceAdapter<'_>>();
    offences.set_sought("".into());
    offences.set_results(model([]));
}

fn codes(app: &App) -> Vec<SharedString> {
    draft::text(app, Field::Offences)
        .split([' ', ',', ';'])
        .filter(|code| !code.is_empty())
        .map(SharedString::from)
        .collect()
}
