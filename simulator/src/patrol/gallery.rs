//! What the screens showed at their most telling moments of a patrol, kept for the reference frames.

use std::collections::BTreeMap;

use domain::dialogue::{ClipState, DraftState, View};
use domain::record::ActKind;
use ui::Screen;

/// The views of each screen when it had most to show.
#[derive(Debug, Default)]
pub(crate) struct Gallery(BTreeMap<Screen, Vec<View>>);

impl Gallery {
    /// Looks at the views after `latest` came.
    pub(crate) fn look(&mut self, latest: &View, all: &[View]) {
        let Some(screen) = telling(latest) else { return };
        let shown: Vec<View> = all.iter().filter(|view| !covers(view, screen)).cloned().collect();
        if screen == Screen::Home {
            self.0.insert(Screen::Intervention, shown.clone());
        }
        self.0.insert(screen, shown);
    }

    /// The views to draw `screen` with.
    pub(crate) fn views<'a>(&'a self, screen: Screen, last: &'a [View]) -> &'a [View] {
        self.0.get(&screen).map_or(last, Vec::as_slice)
    }
}

/// A notice covers the screen that it interrupts; the pages of a document cover every screen but that of its reading.
fn covers(view: &View, screen: Screen) -> bool {
    matches!(view, View::Notice(_) | View::Film(Some(_)) | View::Photo(_))
        || (matches!(view, View::Pages(_)) && screen != Screen::Signing)
}

/// The screen that a view fills.
pub(super) fn telling(view: &View) -> Option<Screen> {
    match view {
        View::Home(home) if home.intervention.is_some() => Some(Screen::Home),
        View::Draft(draft) if draft.state == DraftState::Editing && draft.texts.len() > 2 => match draft.kind
        {
            ActKind::IdentityCheck => Some(Screen::IdentityCheck),
            ActKind::Pv => Some(Screen::Pv),
            ActKind::Plainte => Some(Screen::Plainte),
            ActKind::Pve => Some(Screen::Pve),
            ActKind::Afd => Some(Screen::Afd),
            ActKind::Verification => Some(Screen::Verification),
            ActKind::Footage
            | ActKind::Note
            | ActKind::VisaRequest
            | ActKind::Visa
            | ActKind::Alert
            | ActKind::SafeContact
            | ActKind::Custody => None,
        },
        View::Camera(camera) if camera.clips.iter().any(|clip| clip.state != ClipState::OnCamera) => {
            Some(Screen::Camera)
        }
        View::Deliveries(lines) if lines.len() > 2 => Some(Screen::Deliveries),
        View::Printing(printing) if !printing.jobs.is_empty() => Some(Screen::Printing),
        View::Visas(lines) if !lines.is_empty() => Some(Screen::Visas),
        View::Budget(budget) if budget.gauges.is_some() => Some(Screen::Budget),
        View::Lock(_)
        | View::Home(_)
        | View::Draft(_)
        | View::Camera(_)
        | View::Deliveries(_)
        | View::Offences(_)
        | View::Pages(_)
        | View::Formulas(_)
        | View::Footer(_)
        | View::Document(_)
        | View::Printing(_)
        | View::Visas(_)
        | View::Alerts(_)
        | View::Handout(_)
        | View::Film(_)
        | View::Photo(_)
        | View::Appearance(_)
        | View::Budget(_)
        | View::Enrolment(_)
        | View::Haptic(_)
        | View::Notice(_) => None,
    }
}
