//! The tasks of the protocol: an answer for each, which the draft keeps once its words are there.

use std::rc::Rc;

use domain::draft::Field;
use domain::plainte::protocol::{self, Answered, Outcome, Task};
use drawn::{App, ProtocolAdapter, ProtocolTask, TaskAnswer, TaskRow, vocabulary};
use slint::{ComponentHandle, Model, VecModel};

use super::{Intents, draft, model};

pub(super) fn connect(app: &App, intents: &Intents) {
    let tasks = app.global::<ProtocolAdapter<'_>>();
    tasks.set_rows(model(Task::ALL.map(blank)));

    let window = app.as_weak();
    let sink = Rc::clone(intents);
    tasks.on_answer(move |task, answer| {
        let (Some(app), Some(task)) = (window.upgrade(), vocabulary::protocol_task(task)) else {
            return;
        };
        let mut row = row_of(&app, task);
        row.answer = if row.answer == answer {
            TaskAnswer::None
        } else {
            answer
        };
        if matches!(row.answer, TaskAnswer::None | TaskAnswer::Done) {
            row.words = "".into();
        }
        keep(&app, &sink, task, row);
    });

    let window = app.as_weak();
    let sink = Rc::clone(intents);
    tasks.on_say(move |task, words| {
        let (Some(app), Some(task)) = (window.upgrade(), vocabulary::protocol_task(task)) else {
            return;
        };
        let mut row = row_of(&app, task);
        // One line of the draft is one task.
        row.words = words.replace(['\r', '\n'], " ").into();
        keep(&app, &sink, task, row);
    });
}

fn blank(task: Task) -> TaskRow {
    TaskRow {
        task: task.into(),
        victims: task.is_the_victims(),
        answer: TaskAnswer::None,
        words: "".into(),
    }
}

fn row_of(app: &App, task: Task) -> TaskRow {
    let drawn = ProtocolTask::from(task);
    let rows = app.global::<ProtocolAdapter<'_>>().get_rows();
    let row = rows.iter().find(|row| row.task == drawn);
    row.unwrap_or_else(|| blank(task))
}

/// An answer whose words are missing stays on the screen alone.
fn keep(app: &App, sink: &Intents, task: Task, row: TaskRow) {
    let words = row.words.trim().to_owned();
    let outcome = match row.answer {
        TaskAnswer::Done => Some(Outcome::Done),
        TaskAnswer::Refused if !words.is_empty() => Some(Outcome::Refused(words)),
        TaskAnswer::SetAside if !words.is_empty() => Some(Outcome::SetAside(words)),
        TaskAnswer::None | TaskAnswer::Refused | TaskAnswer::SetAside => None,
    };
    let mut answered = in_draft(app);
    answered.retain(|one| one.task != task);
    answered.extend(outcome.map(|outcome| Answered { task, outcome }));
    draw(app, &[(task, row)]);
    draft::fill(app, sink, Field::Protocol, &protocol::to_text(&answered));
}

/// A text that is no list of tasks is shown as none.
fn in_draft(app: &App) -> Vec<Answered> {
    protocol::parse(&draft::text(app, Field::Protocol)).unwrap_or_default()
}

/// What the draft holds, and beside it the answers that still want their words.
pub(super) fn reflect(app: &App) {
    let answered = in_draft(app);
    let rows = Task::ALL.map(|task| {
        let shown = row_of(app, task);
        let kept = answered.iter().find(|one| one.task == task);
        let awaits = matches!(shown.answer, TaskAnswer::Refused | TaskAnswer::SetAside)
            && shown.words.trim().is_empty();
        let row = match kept.map(|one| &one.outcome) {
            Some(Outcome::Done) => with(task, TaskAnswer::Done, ""),
            Some(Outcome::Refused(words)) => with(task, TaskAnswer::Refused, words),
            Some(Outcome::SetAside(words)) => with(task, TaskAnswer::SetAside, words),
            None if awaits => shown,
            None => blank(task),
        };
        (task, row)
    });
    draw(app, &rows);
    let open = protocol::open(&answered).count();
    app.global::<ProtocolAdapter<'_>>()
        .set_open(i32::try_from(open).unwrap_or(i32::MAX));
}

fn with(task: Task, answer: TaskAnswer, words: &str) -> TaskRow {
    TaskRow {
        answer,
        words: words.into(),
        ..blank(task)
    }
}

/// In place: a model that is replaced loses the finger, and the caret, that is on it.
fn draw(app: &App, changed: &[(Task, TaskRow)]) {
    let shown = app.global::<ProtocolAdapter<'_>>().get_rows();
    let Some(rows) = shown.as_any().downcast_ref::<VecModel<TaskRow>>() else {
        return;
    };
    for (task, row) in changed {
        let at = Task::ALL.iter().position(|one| one == task);
        let Some(at) = at else { continue };
        let same = rows
            .row_data(at)
            .is_some_and(|known| known.answer == row.answer && known.words.trim() == row.words.trim());
        if !same {
            rows.set_row_data(at, row.clone());
        }
    }
}

/// The words are the victim's.
pub(super) fn forget(app: &App) {
    let blanks = Task::ALL.map(|task| (task, blank(task)));
    draw(app, &blanks);
}
