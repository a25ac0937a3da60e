//! The account: lines of questions and answers, and formulas offered while the officer types.

use std::rc::Rc;

use domain::dialogue::{FormulaLine, Intent};
use domain::draft::Field;
use domain::plainte::SuspectLink;
use domain::plainte::guide;
use domain::pv::PvKind;
use domain::record::ActKind;
use drawn::{AccountAdapter, App, DraftAdapter, FormulaRow, Step, vocabulary};
use slint::{ComponentHandle, Model};

use super::{Intents, draft, form, model};

/// Fewer characters answer with too much, and more are no beginning of a formula.
const SOUGHT: std::ops::RangeInclusive<usize> = 3..=40;

pub(super) fn connect(app: &App, intents: &Intents) {
    let account = app.global::<AccountAdapter<'_>>();

    let window = app.as_weak();
    let sink = Rc::clone(intents);
    account.on_typed(move |text| {
        let Some(app) = window.upgrade() else { return };
        draft::fill(&app, &sink, Field::Account, &text);
        let sought = begun(&text);
        if !SOUGHT.contains(&sought.chars().count()) {
            app.global::<AccountAdapter<'_>>().set_formulas(model([]));
        } else if let Some(draft) = draft::on_screen(&app) {
            sink(Intent::SearchFormulas {
                draft,
                text: sought.to_owned(),
            });
        }
    });

    let window = app.as_weak();
    let sink = Rc::clone(intents);
    account.on_ask(move || begin_line(&window, &sink, "Q\u{a0}: "));

    let window = app.as_weak();
    let sink = Rc::clone(intents);
    account.on_answer(move || begin_line(&window, &sink, "R\u{a0}: "));

    let window = app.as_weak();
    let sink = Rc::clone(intents);
    account.on_open_subject(move |question| {
        let question = format!("Q\u{a0}: {question}\nR\u{a0}: ");
        begin_line(&window, &sink, &question);
    });

    let window = app.as_weak();
    let sink = Rc::clone(intents);
    account.on_insert(move |index| {
        let Some(app) = window.upgrade() else { return };
        let account = app.global::<AccountAdapter<'_>>();
        let row = usize::try_from(index)
            .ok()
            .and_then(|index| account.get_formulas().row_data(index));
        let Some(formula) = row else { return };
        let text = draft::text(&app, Field::Account);
        let kept = text.strip_suffix(begun(&text)).unwrap_or_default();
        draft::fill(&app, &sink, Field::Account, &format!("{kept}{}", formula.text));
        account.set_formulas(model([]));
    });
}

/// What was typed of the sentence that is open.
fn begun(text: &str) -> &str {
    let begun = text.rsplit(['\n', '.', ':', '!', '?']).next().unwrap_or_default();
    begun.trim_start_matches([' ', '\u{a0}'])
}

fn begin_line(window: &slint::Weak<App>, intents: &Intents, mark: &str) {
    let Some(app) = window.upgrade() else { return };
    let text = draft::text(&app, Field::Account);
    let text = text.trim_end();
    let text = if text.is_empty() {
        mark.to_owned()
    } else {
        format!("{text}\n{mark}")
    };
    draft::fill(&app, intents, Field::Account, &text);
}

pub(super) fn show(app: &App, lines: &[FormulaLine]) {
    let rows = lines.iter().map(|line| FormulaRow {
        title: line.title.as_str().into(),
        text: line.text.as_str().into(),
    });
    app.global::<AccountAdapter<'_>>().set_formulas(model(rows));
}

pub(super) fn reflect(app: &App) {
    let hearing = PvKind::from_code(&draft::text(app, Field::PvKind)) == Some(PvKind::Audition);
    let kind = vocabulary::act_kind(app.global::<DraftAdapter<'_>>().get_kind());
    // A victim tells first, and is asked then.
    let asked = kind == ActKind::Plainte || kind == ActKind::Pv && hearing;
    app.global::<AccountAdapter<'_>>().set_hearing(asked);
    reflect_guide(app);
}

/// The subjects that are left, where violence in a couple is told.
fn reflect_guide(app: &App) {
    let link = SuspectLink::from_code(&draft::text(app, Field::SuspectLink));
    let couple = link.is_some_and(SuspectLink::is_of_a_couple) || !draft::text(app, Field::Grid).is_empty();
    if !form::is_open_at(app, Step::Account) || !couple {
        return set_subjects(app, Vec::new());
    }
    let left = guide::left(&draft::text(app, Field::Account))
        .map(|subject| FormulaRow {
            title: subject.title.into(),
            text: subject.question.into(),
        })
        .collect();
    set_subjects(app, left);
}

fn set_subjects(app: &App, left: Vec<FormulaRow>) {
    let account = app.global::<AccountAdapter<'_>>();
    // A model that is replaced loses the finger that is on it.
    if !account.get_subjects().iter().eq(left.iter().cloned()) {
        account.set_subjects(model(left));
    }
}

pub(super) fn start(app: &App) {
    app.global::<AccountAdapter<'_>>().set_formulas(model([]));
}
