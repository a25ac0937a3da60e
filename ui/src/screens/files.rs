//! Police files: what was asked, what was answered, danger first.

use std::rc::Rc;

use domain::dialogue::{AnswerLine, AnswerState, DraftView, Intent, ListLine};
use domain::hotlist::Standing;
use domain::query::{Card, NotAnswered, Outcome};
use slint::{ComponentHandle, Model};

use super::{Intents, draft, home, model};
use crate::drawn::{self, App, FileAnswer, FileCard, FilesAdapter, ListAnswer, ListState, Moment};
use crate::{moment, vocabulary};

pub(super) fn connect(app: &App, intents: &Intents) {
    let window = app.as_weak();
    let sink = Rc::clone(intents);
    app.global::<FilesAdapter<'_>>().on_consult(move |file, motive| {
        let draft = window.upgrade().and_then(|app| draft::on_screen(&app));
        if let Some((draft, file)) = draft.zip(vocabulary::file(file)) {
            sink(Intent::Consult {
                draft,
                file,
                motive: motive.into(),
            });
        }
    });
}

pub(super) fn show(app: &App, view: &DraftView) {
    let files = app.global::<FilesAdapter<'_>>();
    let offset_min = home::offset_min(app);
    let mut answers: Vec<FileAnswer> = view.answers.iter().map(|line| answer(line, offset_min)).collect();
    answers.sort_by_key(|answer| answer.state != drawn::AnswerState::Found);
    let found = || answers.iter().flat_map(|answer| answer.cards.iter());
    files.set_found(found().next().is_some());
    files.set_dangerous(found().any(|card| card.dangerous));
    files.set_answers(model(answers));
    files.set_lists(model(view.lists.iter().map(|line| list(line, offset_min))));
}

pub(super) fn start(app: &App) {
    let files = app.global::<FilesAdapter<'_>>();
    files.set_answers(model([]));
    files.set_lists(model([]));
    files.set_motive("".into());
    files.set_found(false);
    files.set_dangerous(false);
}

fn answer(line: &AnswerLine, offset_min: i16) -> FileAnswer {
    let (state, dataset, cards) = match &line.state {
        AnswerState::Asked => (drawn::AnswerState::Asked, None, Vec::new()),
        AnswerState::NoAnswer => (drawn::AnswerState::NoAnswer, None, Vec::new()),
        AnswerState::Answered(answer) => {
            let (state, cards) = match &answer.outcome {
                Outcome::NothingFound => (drawn::AnswerState::NothingFound, Vec::new()),
                Outcome::Found(cards) => (drawn::AnswerState::Found, danger_first(cards)),
                Outcome::NotAnswered(NotAnswered::Expired) => (drawn::AnswerState::Expired, Vec::new()),
                Outcome::NotAnswered(NotAnswered::NotHabilitated) => {
                    (drawn::AnswerState::NotHabilitated, Vec::new())
                }
                Outcome::NotAnswered(NotAnswered::Unreadable) => (drawn::AnswerState::Unreadable, Vec::new()),
            };
            (state, Some(answer.dataset), cards)
        }
    };
    FileAnswer {
        file: line.file.into(),
        state,
        dataset: dataset.map_or_else(Moment::default, |utc| moment::at(utc, offset_min)),
        cards: model(cards),
    }
}

fn list(line: &ListLine, offset_min: i16) -> ListAnswer {
    let (state, as_of) = match line.standing {
        Standing::Listed { as_of } => (ListState::Listed, Some(as_of)),
        Standing::NotFound { as_of } => (ListState::NotFound, Some(as_of)),
        Standing::TooOld { as_of } => (ListState::TooOld, Some(as_of)),
        Standing::NoList => (ListState::NoList, None),
        Standing::TooMany => (ListState::TooMany, None),
    };
    ListAnswer {
        about: line.about.reveal().into(),
        state,
        as_of: as_of.map_or_else(Moment::default, |utc| moment::at(utc, offset_min)),
    }
}

fn danger_first(cards: &[Card]) -> Vec<FileCard> {
    let mut cards: Vec<&Card> = cards.iter().collect();
    cards.sort_by_key(|card| !card.dangerous);
    let drawn = |card: &Card| FileCard {
        title: card.title.reveal().into(),
        instruction: card
            .instruction
            .as_ref()
            .map(|text| text.reveal().into())
            .unwrap_or_default(),
        dangerous: card.dangerous,
        lines: model(card.lines.iter().map(|line| line.reveal().into())),
    };
    cards.into_iter().map(drawn).collect()
}
