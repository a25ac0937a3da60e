//! Fields that hold one thing a line, entered part by part: objects of an inventory, and other signers.

use std::rc::Rc;

use domain::draft::Field;
use domain::hand::SignerRole;
use domain::pv::{Fate, Found, Item, NotAnItem};
use drawn::{App, InventoryAdapter, ItemRow, OtherSigner, OtherSignersAdapter, Reason, vocabulary};
use slint::ComponentHandle;

use super::{Intents, draft, model};

pub(super) fn connect(app: &App, intents: &Intents) {
    let inventory = app.global::<InventoryAdapter<'_>>();

    let window = app.as_weak();
    let sink = Rc::clone(intents);
    inventory.on_typed(move || {
        let Some(app) = window.upgrade() else { return };
        let inventory = app.global::<InventoryAdapter<'_>>();
        let was_open = inventory.get_open();
        let line = typed_item(&inventory);
        inventory.set_open(line.is_some());
        replace_last(&app, &sink, Field::Inventory, was_open, line);
    });

    let window = app.as_weak();
    let sink = Rc::clone(intents);
    inventory.on_add(move || {
        let Some(app) = window.upgrade() else { return };
        let inventory = app.global::<InventoryAdapter<'_>>();
        let typed = typed_item(&inventory).unwrap_or_default();
        let mut problem = Item::parse(&typed).err();
        if problem == Some(NotAnItem::SealMissing) {
            // The series of the act numbers what nobody numbered.
            inventory.set_seal(inventory.get_next_seal());
            let line = typed_item(&inventory);
            problem = line.as_deref().and_then(|line| Item::parse(line).err());
            replace_last(&app, &sink, Field::Inventory, true, line);
        }
        let problem = problem.map_or(Reason::None, reason);
        if problem == Reason::None {
            clear(&inventory);
            reflect(&app);
        }
        inventory.set_problem(problem);
    });

    let window = app.as_weak();
    let sink = Rc::clone(intents);
    inventory.on_remove(move |index| remove(&window, &sink, Field::Inventory, index));

    let signers = app.global::<OtherSignersAdapter<'_>>();

    let window = app.as_weak();
    let sink = Rc::clone(intents);
    signers.on_typed(move || {
        let Some(app) = window.upgrade() else { return };
        let signers = app.global::<OtherSignersAdapter<'_>>();
        let was_open = signers.get_open();
        let name = part_of_a_line(&signers.get_name());
        let role = vocabulary::role_code(signers.get_role());
        let line = (!name.is_empty()).then(|| format!("{role} ; {name}"));
        signers.set_open(line.is_some());
        replace_last(&app, &sink, Field::OtherSigners, was_open, line);
    });

    let window = app.as_weak();
    signers.on_add(move || {
        let Some(app) = window.upgrade() else { return };
        let signers = app.global::<OtherSignersAdapter<'_>>();
        signers.set_open(false);
        signers.set_name("".into());
        reflect(&app);
    });

    let window = app.as_weak();
    let sink = Rc::clone(intents);
    signers.on_remove(move |index| remove(&window, &sink, Field::OtherSigners, index));
}

/// The object in the fields as a line of the draft, complete or not; none while nothing is typed.
fn typed_item(inventory: &InventoryAdapter<'_>) -> Option<String> {
    let parts = [
        inventory.get_quantity(),
        inventory.get_description(),
        inventory.get_seal(),
    ];
    let parts = parts.map(|part| part_of_a_line(&part));
    let fate = vocabulary::fate_code(inventory.get_fate());
    let found = [inventory.get_place(), inventory.get_by()].map(|part| part_of_a_line(&part));
    let is_typed = parts.iter().chain(&found).any(|part| !part.is_empty());
    let told = found.iter().any(|part| !part.is_empty());
    let found = if told {
        format!(" ; {}", found.join(" ; "))
    } else {
        String::new()
    };
    is_typed.then(|| format!("{} ; {fate}{found}", parts.join(" ; ")))
}

/// Empties the fields; what was in them stays in the draft.
fn clear(inventory: &InventoryAdapter<'_>) {
    inventory.set_open(false);
    inventory.set_quantity("".into());
    inventory.set_description("".into());
    inventory.set_seal("".into());
    inventory.set_place("".into());
    inventory.set_by("".into());
}

/// What separates parts and lines is no part of one.
fn part_of_a_line(text: &str) -> String {
    text.replace([';', '\n', '\r'], ",").trim().to_owned()
}

/// What is typed is in the draft at once: `line` takes the place of the one before it, which goes when there is none.
fn replace_last(app: &App, intents: &Intents, field: Field, was_open: bool, line: Option<String>) {
    if !was_open && line.is_none() {
        return;
    }
    let mut lines = lines(app, field);
    if was_open {
        lines.pop();
    }
    lines.extend(line);
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

/// The line that is in the fields is not shown a second time.
fn done(app: &App, field: Field, open: bool) -> Vec<String> {
    let mut lines = lines(app, field);
    lines.truncate(lines.len() - usize::from(open && !lines.is_empty()));
    lines
}

pub(super) fn reflect(app: &App) {
    let inventory = app.global::<InventoryAdapter<'_>>();
    let items = done(app, Field::Inventory, inventory.get_open());
    inventory.set_next_seal(
        Item::next_seal(items.iter().map(String::as_str))
            .to_string()
            .into(),
    );
    inventory.set_items(model(items.iter().map(|line| item(line))));
    let signers = app.global::<OtherSignersAdapter<'_>>();
    let lines = done(app, Field::OtherSigners, signers.get_open());
    signers.set_signers(model(lines.iter().map(|line| signer(line))));
}

fn item(line: &str) -> ItemRow {
    match Item::parse(line) {
        Ok(item) => ItemRow {
            quantity: item.quantity.into(),
            description: item.description.into(),
            seal: item.seal.unwrap_or_default().into(),
            fate: item.fate.into(),
            found: item.found.map(found).unwrap_or_default().into(),
            ..ItemRow::default()
        },
        Err(fault) => ItemRow {
            broken: line.into(),
            problem: reason(fault),
            ..ItemRow::default()
        },
    }
}

fn found(found: Found) -> String {
    let parts = [found.place, found.by];
    let told: Vec<String> = parts.into_iter().filter(|part| !part.is_empty()).collect();
    told.join(", ")
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

/// An object that was never finished is in the fields again.
pub(super) fn start(app: &App) {
    let inventory = app.global::<InventoryAdapter<'_>>();
    clear(&inventory);
    inventory.set_problem(Reason::None);
    let signers = app.global::<OtherSignersAdapter<'_>>();
    signers.set_open(false);
    signers.set_name("".into());
    let lines = lines(app, Field::Inventory);
    let Some(last) = lines.last().filter(|line| Item::parse(line).is_err()) else {
        return;
    };
    let parts: Vec<&str> = last.split(';').map(str::trim).collect();
    if let [quantity, description, seal, fate, found @ ..] = parts.as_slice()
        && found.len() <= 2
        && let Some(fate) = Fate::from_code(fate)
    {
        inventory.set_quantity((*quantity).into());
        inventory.set_description((*description).into());
        inventory.set_seal((*seal).into());
        inventory.set_fate(fate.into());
        let part = |at: usize| found.get(at).copied().unwrap_or_default().into();
        inventory.set_place(part(0));
        inventory.set_by(part(1));
        inventory.set_open(true);
    }
}
