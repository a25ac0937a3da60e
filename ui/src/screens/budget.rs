//! What the terminal lives on and uses up.

use std::rc::Rc;

use domain::dialogue::{BudgetView, Flow, FlowLine, Gauges, Intent};
use domain::footage::leaving::{Bearer, Power};
use drawn::{App, BudgetAdapter, BudgetBearer, BudgetPower, FlowRow};
use slint::{ComponentHandle, ModelRc, VecModel};

use super::Intents;
use crate::moment;

pub(super) fn connect(app: &App, intents: &Intents) {
    let sink = Rc::clone(intents);
    app.global::<BudgetAdapter<'_>>()
        .on_ask(move || sink(Intent::ShowBudget));
}

pub(super) fn show(app: &App, view: &BudgetView) {
    let page = app.global::<BudgetAdapter<'_>>();
    let (power, charge) = match view.supply.power {
        Power::Unknown => (BudgetPower::Unknown, None),
        Power::Charging(charge) => (BudgetPower::Charging, charge),
        Power::Battery(charge) => (BudgetPower::Battery, charge),
    };
    page.set_power(power);
    page.set_charge_known(charge.is_some());
    page.set_charge(charge.map_or(0, |charge| charge.get().into()));
    page.set_bearer(match view.supply.bearer {
        Bearer::Unknown => BudgetBearer::Unknown,
        Bearer::None => BudgetBearer::None,
        Bearer::Cellular => BudgetBearer::Cellular,
        Bearer::Wifi => BudgetBearer::Wifi,
        Bearer::Cable => BudgetBearer::Cable,
    });
    show_gauges(&page, view.gauges);
    page.set_sent(total(view.sent()));
    page.set_received(total(view.received()));
    page.set_sent_by_flow(rows(view, Flow::goes_up));
    page.set_received_by_flow(rows(view, |flow| !flow.goes_up()));
    page.set_footage_leaves(view.footage_leaves);
    page.set_on_battery(view.leaving.on_battery);
    page.set_on_cellular(view.leaving.on_cellular);
    page.set_floor(view.leaving.floor.get().into());
    page.set_rate(moment::amount(view.leaving.rate.bytes_a_second()));
    page.set_ordered(view.ordered_until.is_some());
    if let Some(until) = view.ordered_until {
        page.set_until(moment::at(until, view.offset_min));
    }
    page.set_profile(view.profile.as_deref().unwrap_or_default().into());
}

fn show_gauges(page: &BudgetAdapter<'_>, gauges: Option<Gauges>) {
    page.set_gauged(gauges.is_some());
    let celsius = gauges.and_then(|gauges| gauges.celsius);
    page.set_warmth_known(celsius.is_some());
    page.set_warmth(celsius.unwrap_or_default().into());
    let Some(gauges) = gauges else { return };
    page.set_store(moment::amount(gauges.store));
    page.set_footage(moment::amount(gauges.footage));
    page.set_free_known(gauges.free.is_some());
    page.set_free(moment::amount(gauges.free.unwrap_or_default()));
}

fn total((today, month): (u64, u64)) -> FlowRow {
    FlowRow {
        flow: drawn::Flow::All,
        today: moment::amount(today),
        month: moment::amount(month),
    }
}

fn rows(view: &BudgetView, wanted: impl Fn(Flow) -> bool) -> ModelRc<FlowRow> {
    let lines = view.flows.iter().filter(|line| wanted(line.flow));
    ModelRc::new(VecModel::from_iter(lines.map(row)))
}

fn row(line: &FlowLine) -> FlowRow {
    FlowRow {
        flow: match line.flow {
            Flow::Urgent => drawn::Flow::Urgent,
            Flow::Queries => drawn::Flow::Queries,
            Flow::Procedures => drawn::Flow::Procedures,
            Flow::Events => drawn::Flow::Events,
            Flow::Telemetry => drawn::Flow::Telemetry,
            Flow::Parts => drawn::Flow::Parts,
            Flow::Footage => drawn::Flow::Footage,
            Flow::Receipts => drawn::Flow::Receipts,
            Flow::Answers => drawn::Flow::Answers,
            Flow::Orders => drawn::Flow::Orders,
            Flow::Reference => drawn::Flow::Reference,
        },
        today: moment::amount(line.today),
        month: moment::amount(line.month),
    }
}
