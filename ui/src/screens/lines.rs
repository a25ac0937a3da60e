//! Fields that hold one thing a line, entered part by part: objects of an inventory, and other signers.

use std::rc::Rc;

use domain::draft::Field;
use domain::hand::SignerRole;
use domain::pv::{Item, NotAnItem};
use slint::{ComponentHandle, SharedString};

use super::{Intents, draft, model};
use crate::drawn::{App, InventoryAdapter, ItemRow, OtherSigner, OtherSignersAdapter, Reason};
use crate::vocabulary;

pub(super) fn connect(app: &App, intents: &Intents) {
    let inventory = app.global::<InventoryAdapter<'_>>();

    let window = app.as_weak();
    let sink = Rc::clone(intents);
    inventory.on_add(move || {
        let Some(app) = window.upgrade() else { return };
        let inventory = app.global::<InventoryAdapter<'_>>();
        let [quantity, description, seal] = [
            inventory.get_quantity(),
            inventory.get_description(),
            inventory.get_seal(),
        ]
        .map(|part| part_of_a_line(&part));
        let fate = vocabulary::fate_code(inventory.get_fate());
        let line = format!("{quantity} ; {description} ; {seal} ; {fate}");
        inventory.set_problem(Item::parse(&line).err().map_or(Reason::None, reason));
        if inventory.get_problem() == Reason::None {
            add(&app, &sink, Field::Inventory, &line);
            for part in [
                InventoryAdapter::set_quantity,
                InventoryAdapter::set_description,
                InventoryAdapter::set_seal,
            ] {
                part(&inventory, SharedString::default());
            }
        }
    });

    let window = app.as_weak();
    let sink = Rc::clone(intents);
    inventory.on_remove(move |index| remove(&window, &sink, Field::Inventory, index));

    let signers = app.global::<OtherSignersAdapter<'_>>();

    let window = app.as_weak();
    let sink = Rc::clone(intents);
    signers.on_add(move || {
        let Some(app) = window.upgrade() else { return };
        let signers = app.global::<OtherSignersAdapter<'_>>();
        let name = part_of_a_line(&signers.get_name());
        if !name.is_empty() {
            let line = format!("{} ; {name}", vocabulary::role_code(signers.get_role()));
            add(&app, &sink, Field::OtherSigners, &line);
            signers.set_name("".into());
        }
    });

    let window = app.as_weak();
    let sink = Rc::clone(intents);
    signers.on_remove(move |index| remove(&window, &sink, Field::OtherSigners, index));
}

/// What separates parts and lines is no part of one.
fn part_of_a_line(text: &str) -> String {
    text.replace([';', '\n', '\r'], ",").trim().to_owned()
}

fn add(app: &App, intents: &Intents, field: Field, line: &str) {
    let mut lines = lines(app, field);
    lines.push(line.to_owned());
    draft::fill(app, intents, field, &lines.join("\n"));
}

fn remove(window: &slint::Weak<App>, intents: &Intents, field: Field, index: i32) {
    let Some(app) = window.upgrade() else { return };
    let mut lines = lines(&app, field);
    if let Some(index) = usize::try_from(index).ok().filter(|index| *index < lines.len()) {
        lines.remove(index);
        draft::fill(&app, intents, field, &lines.join("\n"));
    }
}

fn lines(app: &App, field: Field) -> Vec<String> {
    let text = draft::text(app, field);
    let lines = text.lines().filter(|line| !line.trim().is_empty());
    lines.map(str::to_owned).collect()
}

pub(super) fn reflect(app: &App) {
    let items = lines(app, Field::Inventory).into_iter().map(|line| item(&line));
    app.global::<InventoryAdapter<'_>>().set_items(model(items));
    let signers = lines(app, Field::OtherSigners)
        .into_iter()
        .map(|line| signer(&line));
    app.global::<OtherSignersAdapter<'_>>()
        .set_signers(model(signers));
}

fn item(line: &str) -> ItemRow {
    match Item::parse(line) {
        Ok(item) => ItemRow {
            quantity: item.quantity.into(),
            description: item.description.into(),
            seal: item.seal.unwrap_or_default().into(),
            fate: item.fate.into(),
            ..ItemRow::default()
        },
        Err(fault) => ItemRow {
            broken: line.into(),
            problem: reason(fault),
            ..ItemRow::default()
        },
    }
}

const fn reason(fault: NotAnItem) -> Reason {
    match fault {
        NotAnItem::Parts | NotAnItem::Empty | NotAnItem::Fate => Reason::NotAnItem,
        NotAnItem::SealMissing => Reason::SealMissing,
    }
}

/// A name alone is an assistant's, as the domain reads it.
fn signer(line: &str) -> OtherSigner {
    let (role, name) = match line.split_once(';') {
        Some((role, name)) => (SignerRole::from_code(&role.trim().to_uppercase()), name),
        None => (Some(SignerRole::Assistant), line),
    };
    OtherSigner {
        role: role.unwrap_or(SignerRole::Assistant).into(),
        name: if role.is_some() { name } else { line }.trim().into(),
        broken: role.is_none(),
    }
}

pub(super) fn start(app: &App) {
    let inventory = app.global::<InventoryAdapter<'_>>();
    inventory.set_quantity("".into());
    inventory.set_description("".into());
    inventory.set_seal("".into());
    inventory.set_problem(Reason::None);
    app.global::<OtherSignersAdapter<'_>>().set_name("".into());
}
