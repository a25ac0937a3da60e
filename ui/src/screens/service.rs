//! The prise de service and its end.

use std::rc::Rc;

use domain::dialogue::{Intent, ServiceLine};
use slint::ComponentHandle;

use super::Intents;
use crate::drawn::{App, Navigation, Screen, ServiceAdapter};
use crate::moment;

pub(super) fn connect(app: &App, intents: &Intents) {
    let service = app.global::<ServiceAdapter<'_>>();
    let sink = Rc::clone(intents);
    service.on_start(move |crew, opj| {
        sink(Intent::StartService {
            crew: crew.into(),
            opj: opj.into(),
        });
    });
    let sink = Rc::clone(intents);
    service.on_end(move || sink(Intent::EndService));
}

pub(super) fn show(app: &App, line: Option<&ServiceLine>, fruitless: u16) {
    let service = app.global::<ServiceAdapter<'_>>();
    let navigation = app.global::<Navigation<'_>>();
    let changed = service.get_open() != line.is_some();
    service.set_open(line.is_some());
    service.set_fruitless(fruitless.into());
    if let Some(line) = line {
        service.set_started(moment::of(line.started));
        let number = |crew: &String| crew.replace(' ', "\u{a0}");
        let crew: Vec<String> = line.crew.iter().map(number).collect();
        service.set_crew(crew.join(", ").into());
        let opj = line.opj.as_deref().unwrap_or_default();
        service.set_opj(opj.into());
        service.set_opj_number(opj.rsplit(' ').next().unwrap_or_default().into());
    }
    if changed && navigation.get_screen() == Screen::Service {
        navigation.set_screen(Screen::Home);
    }
}
