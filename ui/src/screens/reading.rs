//! An identity document as the domain reads it.

use domain::dialogue::DraftView;
use domain::identity::DocumentReading;
use drawn::{App, DocumentCard, ReadingAdapter, Reason};
use slint::ComponentHandle;

pub(super) fn show(app: &App, view: &DraftView) {
    let reading = app.global::<ReadingAdapter<'_>>();
    reading.set_read(view.document.is_some());
    reading.set_document(view.document.as_ref().map(card).unwrap_or_default());
    reading.set_document_problem(view.document_problem.map_or(Reason::None, Reason::from));
}

pub(super) fn start(app: &App) {
    let reading = app.global::<ReadingAdapter<'_>>();
    reading.set_read(false);
    reading.set_document(DocumentCard::default());
    reading.set_document_problem(Reason::None);
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
