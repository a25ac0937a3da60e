//! The text of a check before anything is asked: the picker, the time that runs, and urgency.

use std::rc::Rc;

use domain::dialogue::{BasisLine, DraftView, Intent};
use domain::draft::Field;
use domain::legal_basis::{self, Grounds};
use drawn::{App, BasisRow, CheckBasis, CheckFrameAdapter, GroundsKind, Reason, vocabulary};
use slint::{ComponentHandle, Model};

use super::{Intents, draft, home, model};
use crate::moment;

pub(super) fn connect(app: &App, intents: &Intents) {
    let frame = app.global::<CheckFrameAdapter<'_>>();

    let window = app.as_weak();
    let sink = Rc::clone(intents);
    frame.on_choose(move |basis| {
        if let Some(app) = window.upgrade() {
            draft::fill(&app, &sink, Field::CheckBasis, vocabulary::basis_code(basis));
        }
    });

    let window = app.as_weak();
    let sink = Rc::clone(intents);
    frame.on_urgent(move || {
        if let Some(draft) = window.upgrade().and_then(|app| draft::on_screen(&app)) {
            sink(Intent::Urgent { draft });
        }
    });

    let window = app.as_weak();
    let sink = Rc::clone(intents);
    frame.on_keep(move || {
        if let Some(draft) = window.upgrade().and_then(|app| draft::on_screen(&app)) {
            sink(Intent::KeepBasis { draft });
        }
    });

    let sink = Rc::clone(intents);
    frame.on_leave_place(move || sink(Intent::LeavePlace));
}

/// What the officer just chose is shown before the terminal has answered.
pub(super) fn reflect(app: &App) {
    let frame = app.global::<CheckFrameAdapter<'_>>();
    let basis = legal_basis::CheckBasis::from_code(&draft::text(app, Field::CheckBasis));
    let basis = basis.map_or(CheckBasis::None, CheckBasis::from);
    frame.set_basis(basis);
    let chosen = frame.get_bases().iter().find(|row| row.basis == basis);
    frame.set_chosen(chosen.unwrap_or_default());
}

pub(super) fn show(app: &App, view: &DraftView) {
    let frame = app.global::<CheckFrameAdapter<'_>>();
    frame.set_bases(model(view.bases.iter().map(row)));
    let blocked = view.blocked.as_ref();
    frame.set_blocked(blocked.map_or(Reason::None, |problem| problem.reason.into()));
    frame.set_frame_open(view.frame_open);
    frame.set_limited(view.limit.is_some());
    if let Some(limit) = view.limit {
        let minutes = limit.left_min.saturating_abs();
        frame.set_in_one_place(limit.in_one_place);
        frame.set_limit_until(moment::at(limit.until, home::offset_min(app)));
        frame.set_hours(minutes / 60);
        frame.set_minutes(minutes % 60);
        frame.set_stage(limit.stage.into());
    }
}

fn row(line: &BasisLine) -> BasisRow {
    let alineas = line.alineas.map(|(first, last)| format!("{first} – {last}"));
    BasisRow {
        basis: line.basis.into(),
        title: line.title.as_str().into(),
        detail: format!("{}. {}", capital(&line.citation), line.limits).into(),
        refused: line.refused.map_or(Reason::None, Reason::from),
        requisition: line.requisition,
        alineas: alineas.unwrap_or_default().into(),
        follows: line.follows,
        grounds: match line.grounds {
            None => GroundsKind::None,
            Some(Grounds::Facts(_)) => GroundsKind::Facts,
            Some(Grounds::Circumstances(_)) => GroundsKind::Circumstances,
            Some(Grounds::External(_)) => GroundsKind::External,
        },
    }
}

/// An act cites in the middle of a sentence, and the picker begins one.
fn capital(citation: &str) -> String {
    let mut letters = citation.replace("{alinéa}", "…").chars().collect::<Vec<_>>();
    if let Some(first) = letters.first_mut() {
        *first = first.to_uppercase().next().unwrap_or(*first);
    }
    letters.into_iter().collect()
}
