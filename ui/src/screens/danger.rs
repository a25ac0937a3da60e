//! The danger grid: one answer a question, in the order of asking.

use std::rc::Rc;

use domain::draft::Field;
use domain::plainte::{Filling, GridAnswer as Given, TOLD_IN, Told, in_order_of_asking, told};
use drawn::{ActKind, App, DangerAdapter, DraftAdapter, GridAnswer, GridRow, Step, vocabulary};
use slint::{ComponentHandle, Model};

use super::{Intents, draft, form, model};

pub(super) fn connect(app: &App, intents: &Intents) {
    let window = app.as_weak();
    let sink = Rc::clone(intents);
    app.global::<DangerAdapter<'_>>()
        .on_answer(move |number, answer| {
            let (Some(app), Ok(number)) = (window.upgrade(), u8::try_from(number)) else {
                return;
            };
            let (filling, answer) = (filling(&app), vocabulary::grid_answer(answer));
            let answer = answer.filter(|answer| filling.answer(number) != Some(*answer));
            draft::fill(&app, &sink, Field::Grid, &filling.with(number, answer).to_text());
        });

    let window = app.as_weak();
    let sink = Rc::clone(intents);
    app.global::<DangerAdapter<'_>>().on_confirm_told(move || {
        let Some(app) = window.upgrade() else { return };
        let filling = filling(&app);
        let told = told_on(&app);
        let confirmed =
            proposed(filling, &told).fold(filling, |filling, number| filling.with(number, Some(Given::Yes)));
        draft::fill(&app, &sink, Field::Grid, &confirmed.to_text());
    });
}

/// What the complaint says already.
fn told_on(app: &App) -> Vec<Told> {
    let texts = TOLD_IN.map(|field| draft::text(app, field));
    told(&texts.each_ref().map(|text| text.as_str()))
}

/// The questions that it speaks of, and nobody answered yet.
fn proposed(filling: Filling, told: &[Told]) -> impl Iterator<Item = u8> {
    let numbers = told.iter().map(|one| one.number);
    numbers.filter(move |number| filling.answer(*number).is_none())
}

/// A text that is no grid is shown as one that nobody began.
fn filling(app: &App) -> Filling {
    Filling::parse(&draft::text(app, Field::Grid)).unwrap_or_default()
}

/// Every keystroke of every draft comes by: only a complaint has a grid, and only its step shows it.
pub(super) fn reflect(app: &App) {
    let complaint = app.global::<DraftAdapter<'_>>().get_kind() == ActKind::Plainte;
    if !complaint || !form::is_open_at(app, Step::Danger) {
        return;
    }
    let filling = filling(app);
    let told = told_on(app);
    let rows: Vec<GridRow> = in_order_of_asking()
        .map(|question| GridRow {
            number: i32::from(question.number),
            text: question.text.into(),
            red: question.red,
            answer: filling
                .answer(question.number)
                .map_or(GridAnswer::None, GridAnswer::from),
            told: told
                .iter()
                .find(|one| one.number == question.number)
                .map_or("", |one| one.passage.as_str())
                .into(),
        })
        .collect();
    let danger = app.global::<DangerAdapter<'_>>();
    danger.set_danger(filling.is_danger() || draft::text(app, Field::GridRaised) == "oui");
    danger.set_proposed(i32::try_from(proposed(filling, &told).count()).unwrap_or(i32::MAX));
    danger.set_open(i32::try_from(filling.open().count()).unwrap_or(i32::MAX));
    super::alert::reflect(app);
    super::protocol::reflect(app);
    // A model that is replaced loses the finger that is on it.
    if !danger.get_rows().iter().eq(rows.iter().cloned()) {
        danger.set_rows(model(rows));
    }
}

/// The answers are about the victim of the draft.
pub(super) fn forget(app: &App) {
    app.global::<DangerAdapter<'_>>().set_rows(model([]));
}
