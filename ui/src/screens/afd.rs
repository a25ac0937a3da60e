//! What has no forfait: why a PVe or an AFD is not drawn up, by name.

use domain::dialogue::DraftView;
use domain::draft::Reason;
use domain::record::ActKind;
use drawn::{App, TurnAdapter};
use slint::ComponentHandle;

use super::{draft, model};

pub(super) fn show(app: &App, view: &DraftView) {
    let problems = view.problems.iter();
    let barring = problems.filter(|problem| bars(view.kind, problem.reason));
    app.global::<TurnAdapter<'_>>()
        .set_barring(model(barring.map(draft::problem_line)));
}

/// Whether it keeps the offence from a forfait, however complete the form is.
fn bars(kind: ActKind, reason: Reason) -> bool {
    match kind {
        ActKind::Pve => [
            Reason::Delit,
            Reason::Crime,
            Reason::NotForfaitisable,
            Reason::NotChecked,
            Reason::NoAmount,
            Reason::Simultaneous,
            Reason::NotWithoutInterception,
            Reason::Child,
        ]
        .contains(&reason),
        ActKind::Afd => [
            Reason::NotMet,
            Reason::IdentityNotFormal,
            Reason::Minor,
            Reason::NotEligible,
            Reason::Simultaneous,
            Reason::NotTogether,
            Reason::OverThreshold,
            Reason::QualityNotEmpowered,
        ]
        .contains(&reason),
        ActKind::IdentityCheck
        | ActKind::Pv
        | ActKind::Plainte
        | ActKind::Note
        | ActKind::Footage
        | ActKind::VisaRequest
        | ActKind::Visa
        | ActKind::Alert
        | ActKind::SafeContact
        | ActKind::Custody
        | ActKind::Verification => false,
    }
}
