//! What a scanned document gave: why nothing, or its visible seals.

use domain::dialogue::{CachetCard, CachetLine, DraftView, ScanProblem, ScanView};
use domain::identity::cachet::CachetKind;
use drawn::{App, CachetAdapter, CachetFact, CachetFault, CachetSlip, ScanState};
use slint::{ComponentHandle, ModelRc};

use super::{home, model};
use crate::moment;

pub(super) fn show(app: &App, view: &DraftView) {
    let offset_min = home::offset_min(app);
    let adapter = app.global::<CachetAdapter<'_>>();
    adapter.set_state(view.scan.as_ref().map_or(ScanState::None, state));
    let cards = match &view.scan {
        Some(ScanView::Read(cards)) => cards.as_slice(),
        Some(ScanView::Reading | ScanView::Unread(_)) | None => &[],
    };
    adapter.set_cachets(model(cards.iter().map(|card| slip(card, offset_min))));
}

pub(super) fn start(app: &App) {
    let adapter = app.global::<CachetAdapter<'_>>();
    adapter.set_state(ScanState::None);
    adapter.set_cachets(ModelRc::default());
}

const fn state(scan: &ScanView) -> ScanState {
    match scan {
        ScanView::Reading => ScanState::Reading,
        ScanView::Read(_) => ScanState::Read,
        ScanView::Unread(ScanProblem::NothingFound) => ScanState::NothingFound,
        ScanView::Unread(ScanProblem::NotAPicture) => ScanState::NotAPicture,
        ScanView::Unread(ScanProblem::Ambiguous) => ScanState::Ambiguous,
        ScanView::Unread(ScanProblem::Failed) => ScanState::Failed,
        ScanView::Unread(ScanProblem::Misread) => ScanState::Misread,
        ScanView::Unread(ScanProblem::Unfinished) => ScanState::Unfinished,
        ScanView::Unread(ScanProblem::Foreign) => ScanState::Foreign,
    }
}

fn slip(card: &CachetCard, offset_min: i16) -> CachetSlip {
    let verdicts = card.verdicts;
    CachetSlip {
        kind: kind(card.kind).into(),
        document: card.document.as_str().into(),
        signer: card.signer.as_str().into(),
        fields: facts(&card.fields),
        annex: facts(&card.annex),
        signature: verdicts.signature.into(),
        issuer_trusted: verdicts.issuer_trusted.into(),
        in_date: verdicts.in_date.into(),
        status_known: verdicts.status_known.into(),
        faults: model(card.faults.iter().copied().map(CachetFault::from)),
        has_list: card.list.is_some(),
        list: card.list.map(|at| moment::at(at, offset_min)).unwrap_or_default(),
    }
}

/// Names of formats are the same in every language.
const fn kind(kind: CachetKind) -> &'static str {
    match kind {
        CachetKind::TwoDDoc => "2D-Doc",
        CachetKind::Vds => "VDS (ICAO 9303-13)",
        CachetKind::Idb => "ICAO IDB",
        CachetKind::Cnie => "ISO 20248",
    }
}

fn facts(lines: &[CachetLine]) -> ModelRc<CachetFact> {
    let fact = |line: &CachetLine| CachetFact {
        label: line.label.as_str().into(),
        value: line.value.reveal().as_str().into(),
    };
    model(lines.iter().map(fact))
}
