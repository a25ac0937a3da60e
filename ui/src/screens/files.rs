//! Police files: what was asked, what was answered, danger first.

use std::rc::Rc;

use domain::Sensitive;
use domain::dialogue::{AnswerLine, AnswerState, DraftView, Intent, ListLine, SharedLine};
use domain::hotlist::{NotSought, Standing, Subject};
use domain::query::{Card, Homonym, NotAnswered, Outcome};
use drawn::{
    App, FileAnswer, FileCard, FilesAdapter, ListAnswer, ListState, Moment, SharedAnswer, vocabulary,
};
use slint::{ComponentHandle, Model};

use super::{Intents, draft, home, model};
use crate::moment;

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

    let window = app.as_weak();
    let sink = Rc::clone(intents);
    app.global::<FilesAdapter<'_>>().on_share(move |query| {
        let draft = window.upgrade().and_then(|app| draft::on_screen(&app));
        if let Some((draft, query)) = draft.zip(query.parse().ok()) {
            sink(Intent::ShareAnswer { draft, query });
        }
    });

    let window = app.as_weak();
    let sink = Rc::clone(intents);
    app.global::<FilesAdapter<'_>>().on_consult_all(move |motive| {
        if let Some(draft) = window.upgrade().and_then(|app| draft::on_screen(&app)) {
            sink(Intent::ConsultAll {
                draft,
                motive: motive.into(),
            });
        }
    });
}

pub(super) fn shared(line: &SharedLine, offset_min: i16) -> SharedAnswer {
    let state = AnswerState::Answered(Box::new(line.answer.clone()));
    let file = line.answer.file;
    SharedAnswer {
        share: line.share.to_string().into(),
        by: line.by.as_str().into(),
        about: line.about.reveal().into(),
        until: moment::at(line.until, offset_min),
        answer: answer(&AnswerLine { file, state }, offset_min),
    }
}

pub(super) fn show(app: &App, view: &DraftView) {
    let files = app.global::<FilesAdapter<'_>>();
    let offset_min = home::offset_min(app);
    let mut answers: Vec<FileAnswer> = view.answers.iter().map(|line| answer(line, offset_min)).collect();
    let hits = |answer: &FileAnswer| answer.cards.iter().any(|card| card.hit);
    answers.sort_by_key(|answer| !hits(answer));
    let found = || answers.iter().flat_map(|answer| answer.cards.iter());
    files.set_found(found().any(|card| card.hit));
    files.set_dangerous(found().any(|card| card.hit && card.dangerous));
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

pub(super) fn answer(line: &AnswerLine, offset_min: i16) -> FileAnswer {
    let (state, dataset, cards) = match (&line.state, line.state.answer()) {
        (AnswerState::Asked, _) => (drawn::AnswerState::Asked, None, Vec::new()),
        (AnswerState::Confirming, _) => (drawn::AnswerState::Confirming, None, Vec::new()),
        (AnswerState::NoAnswer, _) | (_, None) => (drawn::AnswerState::NoAnswer, None, Vec::new()),
        (AnswerState::Answered(_) | AnswerState::Late(_), Some(answer)) => {
            let state = match &answer.outcome {
                Outcome::NothingFound => drawn::AnswerState::NothingFound,
                Outcome::Found(_) => drawn::AnswerState::Found,
                Outcome::NotAnswered(NotAnswered::Expired) => drawn::AnswerState::Expired,
                Outcome::NotAnswered(NotAnswered::NotHabilitated) => drawn::AnswerState::NotHabilitated,
                Outcome::NotAnswered(NotAnswered::Unreadable) => drawn::AnswerState::Unreadable,
                Outcome::NotAnswered(NotAnswered::FrameMissing) => drawn::AnswerState::FrameMissing,
            };
            (state, Some(answer.dataset), danger_first(answer.cards()))
        }
    };
    FileAnswer {
        query: line
            .state
            .answer()
            .map(|answer| answer.query.to_string().into())
            .unwrap_or_default(),
        file: line.file.into(),
        late: matches!(line.state, AnswerState::Late(_)),
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
        Standing::NotAsked(NotSought::Birth) => (ListState::NoBirth, None),
        Standing::NotAsked(NotSought::Name) => (ListState::NoName, None),
    };
    ListAnswer {
        about: line.about.reveal().into(),
        person: line.subject == Subject::Person,
        state,
        as_of: as_of.map_or_else(Moment::default, |utc| moment::at(utc, offset_min)),
    }
}

fn danger_first(cards: &[Card]) -> Vec<FileCard> {
    let mut cards: Vec<&Card> = cards.iter().collect();
    cards.sort_by_key(|card| !card.dangerous);
    let shown =
        |text: &Option<Sensitive<String>>| text.as_ref().map(|text| text.reveal().into()).unwrap_or_default();
    let drawn = |card: &Card| FileCard {
        title: card.title.reveal().into(),
        instruction: shown(&card.instruction),
        dangerous: card.dangerous && card.is_hit(),
        hit: card.is_hit(),
        surveillance: card.surveillance,
        number: shown(&card.number),
        homonym: match card.homonym {
            None => drawn::Homonym::None,
            Some(Homonym::BirthNotGiven) => drawn::Homonym::BirthNotGiven,
            Some(Homonym::BirthDiffers) => drawn::Homonym::BirthDiffers,
        },
        lines: model(card.lines.iter().map(|line| line.reveal().into())),
    };
    cards.into_iter().map(drawn).collect()
}
