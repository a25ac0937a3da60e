//! A phone that is not a terminal yet: the code goes out as it was pasted, and what became of it comes back.

use std::rc::Rc;

use domain::dialogue::{EnrolmentView, Intent};
use domain::enrolment::EnrolmentRefusal;
use drawn::{App, EnrolmentAdapter, EnrolmentStep, Navigation, Screen};
use slint::ComponentHandle;

use super::Intents;

pub(super) fn connect(app: &App, intents: &Intents) {
    let sink = Rc::clone(intents);
    app.global::<EnrolmentAdapter<'_>>()
        .on_enrol(move |code| sink(Intent::Enrol { code: code.into() }));
}

pub(super) fn show(app: &App, view: EnrolmentView) {
    let step = match view {
        EnrolmentView::Awaited => EnrolmentStep::Awaited,
        EnrolmentView::Asking => EnrolmentStep::Asking,
        EnrolmentView::NotACode => EnrolmentStep::NotACode,
        EnrolmentView::NotReached => EnrolmentStep::NotReached,
        EnrolmentView::Failed => EnrolmentStep::Failed,
        EnrolmentView::Refused(refusal) => match refusal {
            EnrolmentRefusal::UnknownToken | EnrolmentRefusal::Expired | EnrolmentRefusal::Revoked => {
                EnrolmentStep::NotValid
            }
            EnrolmentRefusal::TakenByAnother => EnrolmentStep::Taken,
            EnrolmentRefusal::OtherDevice => EnrolmentStep::OtherDevice,
            EnrolmentRefusal::NotHardware | EnrolmentRefusal::NotAttested => EnrolmentStep::NotSafe,
            EnrolmentRefusal::BadRequest | EnrolmentRefusal::NotVouched | EnrolmentRefusal::HqCannot => {
                EnrolmentStep::HqCannot
            }
        },
    };
    app.global::<EnrolmentAdapter<'_>>().set_step(step);
    app.global::<Navigation<'_>>().set_screen(Screen::Enrolment);
}
