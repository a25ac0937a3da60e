//! The rights of a victim: the sheet as pictures, because the window cannot shape every script, and what it says as text.

use std::rc::Rc;

use domain::dialogue::{DraftView, Intent, PagesView};
use domain::draft::Field;
use domain::plainte::{HandedOver, Language};
use drawn::{App, RightsAdapter, RightsLanguage, SheetHanded, SignerState, vocabulary};
use slint::ComponentHandle;

use super::{Intents, draft, model, pages};
use crate::moment;

pub(super) fn connect(app: &App, intents: &Intents) {
    let rights = app.global::<RightsAdapter<'_>>();
    let official = Language::French.text();
    rights.set_intro(official.intro.into());
    rights.set_rights(model(official.items.iter().map(|right| (*right).into())));
    rights.set_acknowledgement(official.closing.into());
    rights.set_languages(model(Language::ALL.map(RightsLanguage::from)));

    let window = app.as_weak();
    let sink = Rc::clone(intents);
    rights.on_show(move |language| {
        let Some(app) = window.upgrade() else { return };
        if let Some((draft, language)) = draft::on_screen(&app).zip(vocabulary::language(language)) {
            app.global::<RightsAdapter<'_>>().set_wanted(true);
            sink(Intent::ShowRights { draft, language });
        }
    });

    let window = app.as_weak();
    let sink = Rc::clone(intents);
    rights.on_leave(move |why, reason| {
        if let Some(draft) = window.upgrade().and_then(|app| draft::on_screen(&app)) {
            sink(Intent::LeaveRightsUnsigned {
                draft,
                why: vocabulary::unsigned(why),
                reason: reason.into(),
            });
        }
    });

    let window = app.as_weak();
    let sink = Rc::clone(intents);
    rights.on_hand_over(move |handed| {
        if let Some(app) = window.upgrade() {
            draft::fill(&app, &sink, Field::SheetHanded, vocabulary::handed_code(handed));
        }
    });

    let window = app.as_weak();
    let sink = Rc::clone(intents);
    rights.on_withdraw(move || {
        if let Some(app) = window.upgrade() {
            draft::fill(&app, &sink, Field::RightsLanguage, "");
        }
    });
}

pub(super) fn show(app: &App, view: &DraftView) {
    let rights = app.global::<RightsAdapter<'_>>();
    let line = view.rights;
    rights.set_shown(line.map_or(RightsLanguage::None, |line| line.language.into()));
    rights.set_state(line.map_or(SignerState::Awaited, |line| line.state.into()));
    let at = line.and_then(|line| line.at).map(moment::of);
    rights.set_acknowledged(at.unwrap_or_default());
    let victim = view.signers.first().map(|signer| signer.name.reveal().as_str());
    rights.set_victim(victim.unwrap_or_default().into());
}

pub(super) fn reflect(app: &App) {
    let handed = HandedOver::from_code(&draft::text(app, Field::SheetHanded));
    app.global::<RightsAdapter<'_>>()
        .set_handed(handed.map_or(SheetHanded::None, SheetHanded::from));
}

/// Opens the sheet in `language`, where its draft is still the one on screen.
pub(super) fn open(app: &App, view: &PagesView, language: Language) {
    let rights = app.global::<RightsAdapter<'_>>();
    if !rights.get_wanted() || draft::on_screen(app) != Some(view.act) {
        return;
    }
    rights.set_wanted(false);
    rights.set_pages(pages::pictures(app, view));
    rights.set_on_page(language.into());
    rights.set_spoken(pages::spoken(language.text()).into());
    rights.set_open(true);
}

pub(super) fn start(app: &App) {
    let rights = app.global::<RightsAdapter<'_>>();
    rights.set_wanted(false);
    rights.set_open(false);
    rights.set_signing(false);
    rights.set_leaving(false);
}

pub(super) fn forget(app: &App) {
    start(app);
    let rights = app.global::<RightsAdapter<'_>>();
    rights.set_victim("".into());
    rights.set_pages(model([]));
}
