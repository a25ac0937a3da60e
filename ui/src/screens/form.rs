//! The forms by steps, PVe, AFD, general PV, note and vérification: rows, marks and summary follow the draft, in the order of the domain's form.

pub(super) mod choice;
mod layout;
mod measure;
mod plainte;

use std::rc::Rc;

use domain::dialogue::Intent;
use domain::draft::{CONTACT, Field};
use domain::pv::PvKind;
use drawn::{
    App, Choice, DraftAdapter, Entry, FormAdapter, FormRow, OffenceAdapter, ReadingAdapter, Reason, Step,
    StepMark, SummaryLine, Warning, vocabulary,
};
use slint::{ComponentHandle, Model, ModelRc, VecModel};

use super::{Intents, account, danger, draft, model};

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
    let sink = Rc::clone(intents);
    form.on_turn(move |step| {
        if let Some(app) = window.upgrade() {
            turn(&app, step);
            look_at(&app, &sink);
        }
    });

    let window = app.as_weak();
    let sink = Rc::clone(intents);
    form.on_lead(move |field| {
        let Some((app, field)) = window.upgrade().zip(vocabulary::field(field)) else {
            return;
        };
        // Who was not asked to sign is asked from the summary.
        let unasked = draft::state(&app, field).problem == Reason::NotAsked;
        let step = open_form(&app).step(field).filter(|_| !unasked);
        turn(&app, step.unwrap_or(Step::Summary));
        look_at(&app, &sink);
    });
}

/// Says which step is open, by its first field: there the officer comes back to after a lock.
fn look_at(app: &App, intents: &Intents) {
    let (form, step) = (open_form(app), app.global::<FormAdapter<'_>>().get_step());
    let field = form
        .fields()
        .into_iter()
        .find(|field| form.step(*field) == Some(step));
    if let Some(draft) = draft::on_screen(app) {
        intents(Intent::LookAt { draft, field });
    }
    if step == Step::Offence && app.global::<OffenceAdapter<'_>>().get_sought().is_empty() {
        intents(Intent::SearchOffences { text: String::new() });
    }
}

/// Opens the step where the officer was before a lock or a stop.
pub(super) fn resume(app: &App, field: Field) {
    if let Some(step) = open_form(app).step(field) {
        turn(app, step);
    }
}

/// Opens `step`, with rows of its own.
fn turn(app: &App, step: Step) {
    app.global::<DraftAdapter<'_>>().set_turning(false);
    let form = app.global::<FormAdapter<'_>>();
    form.set_step(step);
    form.set_rows(model([]));
    // They follow the draft while their step is open.
    danger::reflect(app);
    account::reflect(app);
    reflect(app);
}

/// Whether this step of the form is the one that is open.
pub(super) fn is_open_at(app: &App, step: Step) -> bool {
    app.global::<FormAdapter<'_>>().get_step() == step
}

/// Opens the first step of the form.
pub(super) fn start(app: &App) {
    let first = open_form(app).steps().first().copied();
    app.global::<FormAdapter<'_>>().set_steps_shown(false);
    turn(app, first.unwrap_or(Step::Summary));
}

pub(super) fn reflect(app: &App) {
    let steps = open_form(app).steps();
    let form = app.global::<FormAdapter<'_>>();
    let step = form.get_step();
    let at = steps.iter().position(|one| *one == step).unwrap_or(0);
    form.set_position(i32::try_from(at + 1).unwrap_or(i32::MAX));
    let before = at.checked_sub(1).and_then(|before| steps.get(before));
    form.set_previous(before.copied().unwrap_or(step));
    form.set_act(chosen(Field::PvKind, &draft::text(app, Field::PvKind)));
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
    let warnings = warnings(app, step);
    if !form.get_warnings().iter().eq(warnings.iter().copied()) {
        form.set_warnings(model(warnings));
    }
    reflect_rows(app, step);
}

/// A warning is told where its field is filled, and once more before the signature.
fn warnings(app: &App, step: Step) -> Vec<Warning> {
    let open = open_form(app);
    let told = |warning: &Warning| {
        let field = match warning {
            Warning::InterpreterIsClose => Field::Interpreter,
            Warning::OutsideCompetence => Field::Commune,
            Warning::RetentionTooLong | Warning::ClockSet => Field::RetentionEnd,
            Warning::OutsideRequisition | Warning::PlaceUnknown => Field::Place,
            Warning::BasisUnverified | Warning::LimitNears | Warning::LimitOver => Field::CheckBasis,
            Warning::RepresentativeMissing | Warning::AdHocDue => Field::Companions,
            Warning::NotConfidential => Field::Confidential,
            Warning::ExaminationOpen => Field::Examination,
            Warning::EvaluationOpen => Field::Harm,
            Warning::DangerInGrid | Warning::GridOpen | Warning::ProtocolOpen => Field::Grid,
            Warning::ReceiptNeutral | Warning::ReceiptNamesComplaint => Field::HandReceipt,
            Warning::AlreadyFiled => Field::FiledOnline,
            Warning::ContactOpen => Field::ContactChannel,
            Warning::NoticeLate => Field::CustodyNotice,
            Warning::DeviceOutOfDate => Field::DeviceVerified,
        };
        // What is read with the victim says nothing of a danger.
        let quiet = matches!(
            warning,
            Warning::DangerInGrid | Warning::GridOpen | Warning::ProtocolOpen
        );
        (step == Step::Summary && !quiet) || open.step(field) == Some(step)
    };
    let warnings = app.global::<DraftAdapter<'_>>().get_warnings();
    warnings.iter().filter(told).collect()
}

fn open_form(app: &App) -> layout::Form {
    layout::Form {
        kind: vocabulary::act_kind(app.global::<DraftAdapter<'_>>().get_kind()),
        pv: PvKind::from_code(&draft::text(app, Field::PvKind)).unwrap_or_default(),
        violent: [Field::Violence, Field::SexualOffence]
            .iter()
            .any(|field| draft::text(app, *field) == "oui"),
    }
}

fn marks(app: &App, steps: &[Step]) -> Vec<StepMark> {
    let form = open_form(app);
    let problems = app.global::<DraftAdapter<'_>>().get_problems();
    let steps_in_doubt: Vec<Step> = problems
        .iter()
        .filter_map(|line| form.step(vocabulary::field(line.field)?))
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

/// Changes rows in place, because a row that is replaced loses the cursor. What an offence asked for stays while its
/// step is open; what a choice called for leaves with it.
fn reflect_rows(app: &App, step: Step) {
    let open = open_form(app);
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
    let fields = open.fields().into_iter();
    for field in fields.filter(|field| open.step(*field) == Some(step)) {
        let Some(entry) = layout::entry(field).map(|entry| fitted(entry, step)) else {
            continue;
        };
        let before = kept.row_data(at).filter(|row| row.field == field.into());
        let stays = before.is_some() && layout::asked_together(field).is_some();
        if !stays && !wanted(app, field) {
            if before.is_some() {
                kept.remove(at);
            }
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
    while kept.row_count() > at {
        kept.remove(at);
    }
}

/// The circumstances of an offence are a text; the account of a PV has a panel.
fn fitted(entry: Entry, step: Step) -> Entry {
    if entry == Entry::Account && step == Step::Circumstances {
        Entry::Paragraphs
    } else {
        entry
    }
}

fn row(app: &App, field: Field, entry: Entry, before: Option<&FormRow>) -> FormRow {
    let state = draft::state(app, field);
    FormRow {
        field: field.into(),
        entry,
        chosen: chosen(field, &state.text),
        choices: before.map_or_else(|| model(offered(app, field)), |row| row.choices.clone()),
        state,
    }
}

/// The act of an empty field is what the domain makes of it.
fn chosen(field: Field, text: &str) -> Choice {
    if field == Field::PvKind && text.is_empty() {
        choice::pv(PvKind::default())
    } else {
        choice::chosen(field, text)
    }
}

/// What corrects a signed act is opened from that act, a measure from the list of measures, and each stays what it is.
fn offered(app: &App, field: Field) -> Vec<Choice> {
    let mut offered = choice::offered(field);
    if field == Field::PvKind {
        let amends = |kind: PvKind| matches!(kind, PvKind::Rectification | PvKind::Annulation);
        let settled: Vec<Choice> = PvKind::ALL
            .into_iter()
            .filter(|kind| amends(*kind) || kind.is_measure())
            .map(choice::pv)
            .collect();
        let is = chosen(field, &draft::text(app, field));
        let stays = settled.contains(&is);
        offered.retain(|one| if stays { *one == is } else { !settled.contains(one) });
    }
    offered
}

/// Some fields are asked for by an offence, whose problems name them, or by the answer to another field.
fn wanted(app: &App, field: Field) -> bool {
    let said = |field: &Field| {
        let state = draft::state(app, *field);
        !state.text.is_empty() || state.problem != Reason::None
    };
    if let Some(call) = layout::called_for_by(open_form(app), field) {
        let answer = draft::text(app, call.by);
        let called = call.code.map_or(!answer.is_empty(), |code| answer == code);
        return called || draft::state(app, field).problem != Reason::None;
    }
    layout::asked_together(field).is_none_or(|fields| fields.iter().any(said))
}

fn summary(app: &App) -> Vec<SummaryLine> {
    let line = |field: &Field| {
        let text = said(app, *field)?;
        Some(SummaryLine {
            field: (*field).into(),
            chosen: chosen(*field, &text),
            text: text.into(),
        })
    };
    open_form(app).fields().iter().filter_map(line).collect()
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
    } else if matches!(field, Field::Grid | Field::Protocol) || CONTACT.contains(&field) {
        // The score stays out of a room where somebody reads along, and the sheet out of the act.
        return None;
    } else if [
        Field::Inventory,
        Field::OtherSigners,
        Field::Companions,
        Field::Losses,
    ]
    .contains(&field)
    {
        let told = |line: &str| {
            let parts = line.split(';').map(str::trim).filter(|part| !part.is_empty());
            parts.collect::<Vec<_>>().join(", ")
        };
        typed.lines().map(told).collect::<Vec<_>>().join("\n")
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

/// Whether a choice of the draft is `choice`.
pub(super) fn is(app: &App, field: Field, choice: Choice) -> bool {
    choice::chosen(field, &draft::text(app, field)) == choice
}
