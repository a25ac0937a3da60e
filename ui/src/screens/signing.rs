//! Reading an act and having it signed by hand: who is asked, what they drew or why they did not, and renvois.

use std::cell::RefCell;
use std::rc::Rc;

use domain::dialogue::{DraftState, DraftView, Intent, SignerState};
use domain::draft::Reason;
use domain::record::ActKind;
use drawn::{
    App, DraftAdapter, Navigation, PadAdapter, RenvoiRow, RightsAdapter, Screen, SignerRow, SigningAdapter,
    vocabulary,
};
use slint::ComponentHandle;

use super::{Intents, draft, model};
use crate::pad::Pad;

pub(super) fn connect(app: &App, intents: &Intents) {
    let signing = app.global::<SigningAdapter<'_>>();

    let window = app.as_weak();
    let sink = Rc::clone(intents);
    signing.on_read_back(move || {
        let Some(app) = window.upgrade() else { return };
        if let Some(draft) = draft::on_screen(&app) {
            app.global::<SigningAdapter<'_>>().set_wanted(true);
            sink(Intent::ReadBack { draft });
        }
    });

    let window = app.as_weak();
    let sink = Rc::clone(intents);
    signing.on_leave(move |signer, why, reason| {
        let id = window.upgrade().and_then(|app| draft::on_screen(&app));
        if let Some((draft, signer)) = id.zip(u8::try_from(signer).ok()) {
            sink(Intent::LeaveUnsigned {
                draft,
                signer,
                why: vocabulary::unsigned(why),
                reason: reason.into(),
            });
        }
    });

    let window = app.as_weak();
    let sink = Rc::clone(intents);
    signing.on_add_renvoi(move |place, text| {
        if let Some(draft) = window.upgrade().and_then(|app| draft::on_screen(&app)) {
            sink(Intent::AddRenvoi {
                draft,
                place: place.into(),
                text: text.into(),
            });
        }
    });

    connect_pad(app, intents);
}

fn connect_pad(app: &App, intents: &Intents) {
    let hand = Rc::new(RefCell::new(Pad::default()));
    let adapter = app.global::<PadAdapter<'_>>();

    let window = app.as_weak();
    let pad = Rc::clone(&hand);
    adapter.on_clear(move || {
        if let Some(app) = window.upgrade() {
            pad.borrow_mut().clear();
            show_ink(&app, &pad.borrow());
        }
    });

    let window = app.as_weak();
    let pad = Rc::clone(&hand);
    adapter.on_down(move |x, y, width, height| {
        if let Some(app) = window.upgrade() {
            pad.borrow_mut().down((x, y), (width, height));
            show_ink(&app, &pad.borrow());
        }
    });

    let pad = Rc::clone(&hand);
    adapter.on_moved(move |x, y| pad.borrow_mut().moved((x, y)));

    let window = app.as_weak();
    let sink = Rc::clone(intents);
    let pad = Rc::clone(&hand);
    adapter.on_accept_rights(move || {
        if let Some(app) = window.upgrade() {
            accept_rights(&app, &sink, &pad);
        }
    });

    let window = app.as_weak();
    let sink = Rc::clone(intents);
    adapter.on_accept(move |signer| {
        let Some(app) = window.upgrade() else { return };
        let adapter = app.global::<PadAdapter<'_>>();
        let id = draft::on_screen(&app).zip(u8::try_from(signer).ok());
        let drawn = hand.borrow().strokes();
        let Some(((draft, signer), strokes)) = id.zip(drawn.ok()) else {
            adapter.set_refused(true);
            return;
        };
        sink(Intent::SignByHand {
            draft,
            signer,
            strokes,
        });
        hand.borrow_mut().clear();
        show_ink(&app, &hand.borrow());
        app.global::<SigningAdapter<'_>>().set_signer(-1);
    });
}

/// The victim's hand under the sheet of rights, on the same pad.
fn accept_rights(app: &App, intents: &Intents, hand: &RefCell<Pad>) {
    let drawn = hand.borrow().strokes();
    let Some((draft, strokes)) = draft::on_screen(app).zip(drawn.ok()) else {
        app.global::<PadAdapter<'_>>().set_refused(true);
        return;
    };
    intents(Intent::SignRights { draft, strokes });
    hand.borrow_mut().clear();
    show_ink(app, &hand.borrow());
    let rights = app.global::<RightsAdapter<'_>>();
    rights.set_signing(false);
    rights.set_open(false);
}

fn show_ink(app: &App, pad: &Pad) {
    let adapter = app.global::<PadAdapter<'_>>();
    adapter.set_refused(false);
    adapter.set_ink(pad.ink());
}

pub(super) fn show(app: &App, view: &DraftView) {
    let signing = app.global::<SigningAdapter<'_>>();
    let rows = view.signers.iter().map(|line| SignerRow {
        role: line.role.into(),
        name: line.name.reveal().into(),
        state: line.state.into(),
    });
    signing.set_signers(model(rows));
    let awaited = view
        .signers
        .iter()
        .filter(|line| line.state == SignerState::Awaited);
    signing.set_awaited(i32::try_from(awaited.count()).unwrap_or(i32::MAX));
    let next = view
        .signers
        .iter()
        .position(|line| line.state == SignerState::Awaited);
    signing.set_next_signer(next.and_then(|next| i32::try_from(next).ok()).unwrap_or(-1));
    let reading = view.reading.as_ref();
    signing.set_read(reading.is_some());
    signing.set_shown(reading.is_some_and(|reading| reading.shown));
    let renvois = reading.map_or(&[][..], |reading| &reading.renvois);
    signing.set_renvois(model(renvois.iter().map(|renvoi| RenvoiRow {
        place: renvoi.place.reveal().into(),
        text: renvoi.text.reveal().into(),
    })));
    signing.set_freezes(matches!(view.kind, ActKind::Pv | ActKind::Plainte));
    // What the reading itself brings does not stand against it.
    let by_hand = |reason| matches!(reason, Reason::NotRead | Reason::NotAsked | Reason::NotSigned);
    signing.set_ready(view.problems.iter().all(|problem| by_hand(problem.reason)));
    app.global::<DraftAdapter<'_>>()
        .set_locked(reading.is_some_and(|reading| reading.locked));
    let navigation = app.global::<Navigation<'_>>();
    let signed = matches!(view.state, DraftState::Signed { .. });
    if navigation.get_screen() == Screen::Signing && (signed || reading.is_none()) {
        navigation.set_screen(draft::form(view.kind).unwrap_or(Screen::Home));
    } else if signing.get_wanted() && reading.is_some() {
        signing.set_wanted(false);
        signing.set_tab(drawn::SigningTab::Pages);
        navigation.set_screen(Screen::Signing);
        // The pages of the reading may have come before it.
        app.global::<drawn::PagesAdapter<'_>>().set_open(false);
    }
}

pub(super) fn start(app: &App) {
    let signing = app.global::<SigningAdapter<'_>>();
    signing.set_wanted(false);
    signing.set_asked(false);
    signing.set_signer(-1);
    signing.set_unsigned_signer(-1);
    signing.set_renvoi_open(false);
    signing.set_tab(drawn::SigningTab::Pages);
    app.global::<PadAdapter<'_>>().invoke_clear();
}

pub(super) fn forget(app: &App) {
    let signing = app.global::<SigningAdapter<'_>>();
    signing.set_signers(model([]));
    signing.set_renvois(model([]));
    signing.set_read(false);
}
