//! The identity check: basis, what the document says, what the files answered, danger first.

use std::rc::Rc;

use domain::dialogue::{AnswerLine, AnswerState, DraftView, Intent};
use domain::draft::Field;
use domain::identity::DocumentReading;
use domain::legal_basis;
use domain::query::{Card, NotAnswered, Outcome};
use slint::{ComponentHandle, Model};

use super::{Intents, draft, home, model};
use crate::drawn::{
    self, App, CheckBasis, CheckTab, DocumentCard, FileAnswer, FileCard, IdentityCheckAdapter, Moment, Reason,
};
use crate::{moment, vocabulary};

pub(super) fn connect(app: &App, intents: &Intents) {
    let check = app.global::<IdentityCheckAdapter<'_>>();

    let window = app.as_weak();
    let sink = Rc::clone(intents);
    check.on_choose(move |basis| {
        if let Some(app) = window.upgrade() {
            draft::fill(&app, &sink, Field::CheckBasis, vocabulary::basis_code(basis));
        }
    });

    let window = app.as_weak();
    let sink = Rc::clone(intents);
    check.on_consult(move |file, motive| {
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
    let check = app.global::<IdentityCheckAdapter<'_>>();
    check.set_read(view.document.is_some());
    check.set_document(view.document.as_ref().map(card).unwrap_or_default());
    check.set_document_problem(view.document_problem.map_or(Reason::None, Reason::from));
    let offset_min = home::offset_min(app);
    let mut answers: Vec<FileAnswer> = view.answers.iter().map(|line| answer(line, offset_min)).collect();
    answers.sort_by_key(|answer| answer.state != drawn::AnswerState::Found);
    let found = || answers.iter().flat_map(|answer| answer.cards.iter());
    check.set_found(found().next().is_some());
    check.set_dangerous(found().any(|card| card.dangerous));
    check.set_answers(model(answers));
}

pub(super) fn reflect(app: &App) {
    let code = draft::text(app, Field::CheckBasis);
    let basis = legal_basis::CheckBasis::from_code(&code);
    app.global::<IdentityCheckAdapter<'_>>()
        .set_basis(basis.map_or(CheckBasis::None, CheckBasis::from));
}

pub(super) fn start(app: &App) {
    let check = app.global::<IdentityCheckAdapter<'_>>();
    check.set_tab(CheckTab::Person);
    check.set_read(false);
    check.set_document(DocumentCard::default());
    check.set_document_problem(Reason::None);
    check.set_answers(model([]));
    check.set_motive("".into());
    check.set_found(false);
    check.set_dangerous(false);
}

fn card(reading: &DocumentReading) -> DocumentCard {
    let born = reading.born.as_ref().map(|date| date.reveal().to_string());
    let expires = reading.expires.map(|date| date.to_string());
    DocumentCard {
        layout: reading.layout.into(),
        issuer: reading.issuer.as_str().into(),
        number: reading.number.reveal().into(),
        surname: reading.surname.reveal().into(),
        given_names: reading.given_names.reveal().into(),
        born: born.unwrap_or_default().into(),
        expires: expires.unwrap_or_default().into(),
        read: reading.verdicts.read.into(),
        signature: reading.verdicts.signature.into(),
        issuer_trusted: reading.verdicts.issuer_trusted.into(),
        in_date: reading.verdicts.in_date.into(),
        status_known: reading.verdicts.status_known.into(),
    }
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
