//! The PVe: who answers for the offence, and what the rules say it costs.

use domain::dialogue::DraftView;
use domain::draft::Field;
use domain::natinf::Confidence;
use domain::pve::Ruled;
use drawn::{App, Choice, OffenceRuling, PveAdapter};
use slint::ComponentHandle;

use super::{form, model};
use crate::moment;

pub(super) fn show(app: &App, view: &DraftView) {
    let pve = app.global::<PveAdapter<'_>>();
    let ruling = view.ruling.as_ref();
    let offences = ruling.map_or(&[][..], |ruling| &ruling.offences);
    pve.set_ruling(model(offences.iter().map(amounts)));
    pve.set_points(ruling.map_or(0, |ruling| ruling.points).into());
    let hints = ruling.map_or(&[][..], |ruling| &ruling.hints);
    pve.set_hints(model(hints.iter().map(|hint| (*hint).into())));
}

fn amounts(ruled: &Ruled) -> OffenceRuling {
    OffenceRuling {
        code: ruled.natinf.to_string().into(),
        amount: moment::euros(ruled.amounts.forfaitaire),
        reduced: ruled.amounts.minoree.map(moment::euros).unwrap_or_default(),
        increased: moment::euros(ruled.amounts.majoree),
        confirmed: match ruled.confidence {
            Confidence::A | Confidence::B => true,
            Confidence::C | Confidence::D => false,
        },
    }
}

pub(super) fn reflect(app: &App) {
    let went_on = form::is(app, Field::Interception, Choice::NotIntercepted);
    let stood = form::is(app, Field::Interception, Choice::Stationary);
    app.global::<PveAdapter<'_>>().set_holder(went_on || stood);
}

pub(super) fn start(app: &App) {
    let pve = app.global::<PveAdapter<'_>>();
    pve.set_ruling(model([]));
    pve.set_points(0);
    pve.set_hints(model([]));
}
