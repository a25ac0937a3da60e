//! The code at the foot of an act on paper: what it says, each verdict apart.

use std::rc::Rc;

use domain::dialogue::{FooterView, Intent};
use drawn::{App, FooterAdapter, FooterCard};
use slint::ComponentHandle;

use super::Intents;
use crate::moment;

pub(super) fn connect(app: &App, intents: &Intents) {
    let footer = app.global::<FooterAdapter<'_>>();
    let window = app.as_weak();
    let sink = Rc::clone(intents);
    footer.on_check(move |code| {
        if let Some(app) = window.upgrade() {
            let footer = app.global::<FooterAdapter<'_>>();
            footer.set_known(false);
            footer.set_code(code.clone());
            sink(Intent::CheckFooter { code: code.into() });
        }
    });
}

pub(super) fn show(app: &App, view: &FooterView) {
    let footer = app.global::<FooterAdapter<'_>>();
    footer.set_card(FooterCard {
        number: view.number.to_string().into(),
        digest: in_groups(&view.act.to_string()).into(),
        signed: moment::at(view.signed_at, view.offset_min),
        signer: view.signer.as_str().into(),
        signature: view.signature.into(),
        issuer_trusted: view.issuer_trusted.into(),
        in_date: view.in_date.into(),
        formation: view.formation,
    });
    footer.set_known(true);
    footer.set_open(true);
}

/// Eight digits at a time, which an eye can compare.
fn in_groups(digits: &str) -> String {
    let digits: Vec<char> = digits.chars().collect();
    let groups: Vec<String> = digits.chunks(8).map(|group| group.iter().collect()).collect();
    groups.join(" ")
}

pub(super) fn forget(app: &App) {
    let footer = app.global::<FooterAdapter<'_>>();
    footer.set_open(false);
    footer.set_known(false);
    footer.set_code("".into());
}
