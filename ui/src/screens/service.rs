//! The prise de service and its end.

use std::rc::Rc;

use domain::dialogue::{HomeView, Intent};
use domain::requisition::TypedRequisition;
use domain::service::TypedVehicle;
use drawn::{App, CameraAdapter, CheckBasis, Navigation, RequisitionRow, Screen, ServiceAdapter, vocabulary};
use slint::ComponentHandle;

use super::{Intents, home, model};
use crate::moment;

pub(super) fn connect(app: &App, intents: &Intents) {
    let service = app.global::<ServiceAdapter<'_>>();
    let sink = Rc::clone(intents);
    service.on_start(move |crew, opj, call_sign, plate| {
        sink(Intent::StartService {
            crew: crew.into(),
            opj: opj.into(),
            vehicle: Some(TypedVehicle {
                call_sign: call_sign.into(),
                plate: plate.into(),
            }),
        });
    });
    let sink = Rc::clone(intents);
    service.on_await_card(move || sink(Intent::AwaitCrewCard));
    let sink = Rc::clone(intents);
    service.on_end(move || sink(Intent::EndService));
    let sink = Rc::clone(intents);
    service.on_hold(move |reference, basis, places, communes, circle, from, until| {
        sink(Intent::HoldRequisition {
            typed: TypedRequisition {
                reference: reference.into(),
                basis: vocabulary::basis_code(basis).to_owned(),
                places: places.into(),
                communes: communes.into(),
                circle: circle.into(),
                from: from.into(),
                until: until.into(),
            },
        });
    });
    let sink = Rc::clone(intents);
    service.on_drop(move |reference| {
        sink(Intent::DropRequisition {
            reference: reference.into(),
        });
    });
}

/// What is open before the end of service.
fn show_open_items(service: &ServiceAdapter<'_>, view: &HomeView) {
    let count = |number: usize| i32::try_from(number).unwrap_or(i32::MAX);
    let acts = |number: u32| i32::try_from(number).unwrap_or(i32::MAX);
    service.set_called(view.intervention.is_some());
    service.set_drafts(count(view.drafts.len()));
    service.set_frames(count(view.frames_open.len()));
    service.set_hours(count(view.retentions.len()));
    service.set_waiting(acts(view.waiting));
    service.set_refused(acts(view.refused));
}

pub(super) fn show(app: &App, view: &HomeView) {
    let line = view.service.as_ref();
    let service = app.global::<ServiceAdapter<'_>>();
    show_open_items(&service, view);
    let by_card: Vec<String> = view
        .crew_by_card
        .iter()
        .map(|one| one.replace(' ', "\u{a0}"))
        .collect();
    service.set_by_card(by_card.join(", ").into());
    service.set_awaits_card(view.awaits_card);
    app.global::<CameraAdapter<'_>>()
        .set_awaits_card(view.awaits_card);
    let navigation = app.global::<Navigation<'_>>();
    let changed = service.get_open() != line.is_some();
    service.set_open(line.is_some());
    service.set_fruitless(view.fruitless.into());
    if let Some(line) = line {
        service.set_started(moment::of(line.started));
        let number = |crew: &String| crew.replace(' ', "\u{a0}");
        let crew: Vec<String> = line.crew.iter().map(number).collect();
        service.set_crew(crew.join(", ").into());
        service.set_vehicle(line.vehicle.clone().unwrap_or_default().into());
        let opj = line.opj.as_deref().unwrap_or_default();
        service.set_opj(opj.into());
        service.set_basis(line.basis.map_or(CheckBasis::None, CheckBasis::from));
        let offset = home::offset_min(app);
        let rows = line.requisitions.iter().map(|one| RequisitionRow {
            reference: one.reference.as_str().into(),
            basis: one.basis.into(),
            places: one.places.as_str().into(),
            from: moment::at(one.from, offset),
            until: moment::at(one.until, offset),
            runs: one.runs,
            checkable: one.checkable,
        });
        service.set_requisitions(model(rows));
        service.set_opj_number(opj.rsplit(' ').next().unwrap_or_default().into());
    }
    if changed && navigation.get_screen() == Screen::Service {
        navigation.set_screen(Screen::Home);
    }
}
