//! The forms by steps, PVe and AFD: rows, marks and summary follow the draft, in the order of the domain's form.

mod choice;
mod layout;

use std::rc::Rc;

use domain::draft::Field;
use domain::record::ActKind;
use slint::{ComponentHandle, Model, ModelRc, VecModel};

use super::{Intents, draft, model};
use crate::drawn::{
    App, Choice, DraftAdapter, Entry, FormAdapter, FormRow, OffenceAdapter, ReadingAdapter, Reason, Step,
    StepMark, SummaryLine,
};
use crate::vocabulary;

pub(super) fn connect(app: &App, intents: &Intents) {
    let form = app.global::<FormAdapter<'_>>();

    let window = app.as_weak();
    let sink = Rc::clone(intents);
    form.on_choose(move |field, choice| {
        if let Some((app, field)) = window.upgrade().zip(vocabulary::field(field)) {
            let code = choice::code(field, choice);
            // The chosen answer, pressed again, is taken back.
            let code = if draft::text(&app, field) == code {
                ""
            } else {
                code
            };
            draft::fill(&app, &sink, field, code);
        }
    });

    let window = app.as_weak();
    form.on_turn(move |step| {
        if let Some(app) = window.upgrade() {
            turn(&app, step);
        }
    });

    let window = app.as_weak();
    form.on_lead(move |field| {
        let Some((app, field)) = window.upgrade().zip(vocabulary::field(field)) else {
            return;
        };
        if let Some((step, _)) = layout::of(field) {
            turn(&app, step);
        }
    });
}

/// Opens `step`, with rows of its own.
fn turn(app: &App, step: Step) {
    let form = app.global::<FormAdapter<'_>>();
    form.set_step(step);
    form.set_rows(model([]));
    reflect(app);
}

/// Opens the first step of the form.
pub(super) fn start(app: &App) {
    let first = layout::steps(fields(app)).first().copied();
    turn(app, first.unwrap_or(Step::Summary));
}

pub(super) fn reflect(app: &App) {
    let form = app.global::<FormAdapter<'_>>();
    let steps = layout::steps(fields(app));
    let step = form.get_step();
    let at = steps.iter().position(|one| *one == step).unwrap_or(0);
    form.set_position(i32::try_from(at + 1).unwrap_or(i32::MAX));
    form.set_next(steps.get(at + 1).copied().unwrap_or(Step::Summary));
    // A model that is replaced loses the finger that is on it.
    let marks = marks(app, &steps);
    if !form.get_steps().iter().eq(marks.iter().cloned()) {
        form.set_steps(model(marks));
    }
    let summary = summary(app);
    if !form.get_summary().iter().eq(summary.iter().cloned()) {
        form.set_summary(model(summary));
    }
    reflect_rows(app, step);
}

/// Fields of the open draft's form; none where it has no steps.
fn fields(app: &App) -> &'static [Field] {
    let kind = vocabulary::act_kind(app.global::<DraftAdapter<'_>>().get_kind());
    match kind {
        ActKind::Pve | ActKind::Afd => Field::form(kind),
        ActKind::IdentityCheck | ActKind::Pv | ActKind::Plainte | ActKind::Note | ActKind::Footage => &[],
    }
}

fn marks(app: &App, steps: &[Step]) -> Vec<StepMark> {
    let problems = app.global::<DraftAdapter<'_>>().get_problems();
    let steps_in_doubt: Vec<Step> = problems
        .iter()
        .filter_map(|line| layout::of(vocabulary::field(line.field)?))
        .map(|(step, _)| step)
        .collect();
    let mark = |step: &Step| {
        let problems = steps_in_doubt.iter().filter(|one| *one == step).count();
        StepMark {
            step: *step,
            problems: i32::try_from(problems).unwrap_or(i32::MAX),
        }
    };
    steps.iter().map(mark).collect()
}

/// Changes rows in place, because a row that is replaced loses the cursor; a row once shown stays while its step
/// is open.
fn reflect_rows(app: &App, step: Step) {
    let form = app.global::<FormAdapter<'_>>();
    let mut rows = form.get_rows();
    if rows.as_any().downcast_ref::<VecModel<FormRow>>().is_none() {
        rows = ModelRc::new(VecModel::default());
        form.set_rows(rows.clone());
    }
    let Some(kept) = rows.as_any().downcast_ref::<VecModel<FormRow>>() else {
        return;
    };
    let mut at = 0;
    for field in fields(app).iter().copied() {
        let Some(entry) = layout::of(field)
            .filter(|(of, _)| *of == step)
            .and_then(|(_, entry)| entry)
        else {
            continue;
        };
        let before = kept.row_data(at).filter(|row| row.field == field.into());
        if before.is_none() && !wanted(app, field) {
            continue;
        }
        let row = row(app, field, entry, before.as_ref());
        match before {
            None => kept.insert(at, row),
            Some(before) if before != row => kept.set_row_data(at, row),
            Some(_) => {}
        }
        at += 1;
    }
}

fn row(app: &App, field: Field, entry: Entry, before: Option<&FormRow>) -> FormRow {
    let state = draft::state(app, field);
    FormRow {
        field: field.into(),
        entry,
        chosen: choice::chosen(field, &state.text),
        choices: before.map_or_else(|| model(choice::offered(field)), |row| row.choices.clone()),
        state,
    }
}

/// Some fields are asked for by the offence alone: the domain names them as missing.
fn wanted(app: &App, field: Field) -> bool {
    let said = |field: &Field| {
        let state = draft::state(app, *field);
        !state.text.is_empty() || state.problem != Reason::None
    };
    layout::asked_together(field).is_none_or(|fields| fields.iter().any(said))
}

fn summary(app: &App) -> Vec<SummaryLine> {
    let line = |field: &Field| {
        let text = said(app, *field)?;
        Some(SummaryLine {
            field: (*field).into(),
            chosen: choice::chosen(*field, &text),
            text: text.into(),
        })
    };
    fields(app).iter().filter_map(line).collect()
}

/// What `field` says to a reader: offences with their labels, names as read where none was typed.
fn said(app: &App, field: Field) -> Option<String> {
    let reading = app.global::<ReadingAdapter<'_>>();
    let document = reading.get_document();
    let typed = draft::text(app, field);
    let text = if field == Field::Mrz {
        return None;
    } else if field == Field::Offences {
        let chosen = app.global::<OffenceAdapter<'_>>().get_chosen();
        let lines: Vec<String> = chosen
            .iter()
            .map(|offence| {
                format!("{} {}", offence.code, offence.label)
                    .trim_end()
                    .to_owned()
            })
            .collect();
        lines.join("\n")
    } else if !typed.is_empty() {
        typed.into()
    } else if !reading.get_read() {
        return None;
    } else if field == Field::Surname {
        document.surname.into()
    } else if field == Field::GivenNames {
        document.given_names.into()
    } else if field == Field::BirthDate {
        document.born.into()
    } else {
        return None;
    };
    (!text.is_empty()).then_some(text)
}

/// Whether `field` was answered otherwise than the law wants.
pub(super) fn barred(app: &App, field: Field) -> bool {
    draft::state(app, field).problem == Reason::NotMet
}

/// Whether a choice of the draft is `choice`.
pub(super) fn is(app: &App, field: Field, choice: Choice) -> bool {
    choice::chosen(field, &draft::text(app, field)) == choice
}
