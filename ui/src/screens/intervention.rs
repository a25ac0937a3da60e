//! The intervention: opened, on the way, arrived at, described, closed.

use std::rc::Rc;

use domain::Sensitive;
use domain::dialogue::{Intent, InterventionLine};
use drawn::{App, InterventionAdapter, Navigation, Screen, vocabulary};
use slint::ComponentHandle;

use super::{Intents, model};
use crate::moment;

pub(super) fn connect(app: &App, intents: &Intents) {
    let intervention = app.global::<InterventionAdapter<'_>>();
    let sink = Rc::clone(intents);
    intervention.on_start(move |number, place| {
        sink(Intent::OpenIntervention {
            id: None,
            number: number.into(),
            place: place.into(),
        });
    });
    let sink = Rc::clone(intents);
    intervention.on_leave(move || sink(Intent::SetOut));
    let sink = Rc::clone(intents);
    intervention.on_arrive(move || sink(Intent::ArriveOnScene));
    let sink = Rc::clone(intents);
    intervention.on_describe(move |matter, account, seen_matter, seen_account| {
        sink(Intent::DescribeIntervention {
            matter: matter.into(),
            account: account.into(),
            seen_matter: Some(seen_matter.into()),
            seen_account: Some(seen_account.into()),
        });
    });
    let sink = Rc::clone(intents);
    intervention.on_correct(move |number, place, seen_number, seen_place| {
        sink(Intent::CorrectIntervention {
            number: number.into(),
            place: place.into(),
            seen_number: Some(seen_number.into()),
            seen_place: Some(seen_place.into()),
        });
    });
    let sink = Rc::clone(intents);
    intervention.on_close(move |outcome| {
        sink(Intent::CloseIntervention {
            outcome: vocabulary::outcome(outcome),
        });
    });
}

pub(super) fn show(app: &App, line: Option<&InterventionLine>) {
    let intervention = app.global::<InterventionAdapter<'_>>();
    let navigation = app.global::<Navigation<'_>>();
    let changed = intervention.get_open() != line.is_some();
    intervention.set_open(line.is_some());
    if let Some(line) = line {
        intervention.set_number(line.number.as_deref().unwrap_or_default().into());
        intervention.set_place(line.place.reveal().into());
        intervention.set_opened(moment::of(line.opened));
        intervention.set_on_scene(line.on_scene.is_some());
        if let Some(arrived) = line.on_scene {
            intervention.set_arrived(moment::of(arrived));
        }
        intervention.set_en_route(line.en_route.is_some());
        if let Some(set_out) = line.en_route {
            intervention.set_set_out(moment::of(set_out));
        }
        intervention.set_origin(line.origin.into());
        intervention.set_matter(line.matter.reveal().into());
        intervention.set_account(line.account.reveal().into());
        intervention.set_plates(one_a_line(&line.plates).into());
        intervention.set_people(one_a_line(&line.people).into());
        let doubts = line.doubts.iter().map(|doubt| doubt.step.into());
        intervention.set_doubts(model(doubts));
    }
    if changed && navigation.get_screen() == Screen::Intervention {
        navigation.set_screen(Screen::Home);
    }
}

pub(super) fn forget(app: &App) {
    let intervention = app.global::<InterventionAdapter<'_>>();
    intervention.set_open(false);
    intervention.set_place("".into());
    intervention.set_number("".into());
    intervention.set_matter("".into());
    intervention.set_account("".into());
    intervention.set_plates("".into());
    intervention.set_people("".into());
    intervention.set_doubts(model([]));
}

fn one_a_line(texts: &[Sensitive<String>]) -> String {
    let texts: Vec<&str> = texts.iter().map(|text| text.reveal().as_str()).collect();
    texts.join("\n")
}
