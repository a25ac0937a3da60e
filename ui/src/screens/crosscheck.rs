//! What the sources of a draft say of the same facts.

use domain::dialogue::DraftView;
use domain::identity::crosscheck::{Agreement, Compared, Footing, Said, Source};
use domain::officer::FileKind;
use drawn::{App, ClaimSource, ComparedRow, CrosscheckAdapter, SaidLine};
use slint::{ComponentHandle, ModelRc};

use super::model;

pub(super) fn show(app: &App, view: &DraftView) {
    let adapter = app.global::<CrosscheckAdapter<'_>>();
    let differs = |one: &&Compared| one.agreement == Agreement::Different;
    let differences = view.compared.iter().filter(differs).count();
    adapter.set_differences(i32::try_from(differences).unwrap_or(i32::MAX));
    adapter.set_rows(model(view.compared.iter().map(row)));
}

pub(super) fn start(app: &App) {
    let adapter = app.global::<CrosscheckAdapter<'_>>();
    adapter.set_differences(0);
    adapter.set_rows(ModelRc::default());
}

fn row(compared: &Compared) -> ComparedRow {
    ComparedRow {
        fact: compared.fact.into(),
        agreement: compared.agreement.into(),
        limits: model(compared.limits.iter().map(|limit| (*limit).into())),
        said: model(compared.said.iter().map(said)),
    }
}

fn said(said: &Said) -> SaidLine {
    let (source, file) = match said.source {
        Source::Zone => (ClaimSource::Zone, None),
        Source::Typed => (ClaimSource::Typed, None),
        Source::Seal => (ClaimSource::Seal, None),
        Source::File(file) => (ClaimSource::File, Some(file)),
    };
    SaidLine {
        source,
        // Shown for a file alone.
        file: file.unwrap_or(FileKind::Siv).into(),
        shown_only: said.footing == Footing::ShownOnly,
        text: said
            .text
            .as_ref()
            .map(|text| text.reveal().into())
            .unwrap_or_default(),
    }
}
