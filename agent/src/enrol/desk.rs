//! The window of a phone that is not a terminal yet: a code comes in, and what becomes of it is shown.

use std::sync::mpsc::{Receiver, Sender};

use domain::dialogue::{EnrolmentView, Intent, View};
use domain::enrolment::Ticket;

use super::joining::{self, JoinError};
use super::{EnrolError, bootstrap};
use crate::clock::Clock;
use crate::keys::Keys;
use crate::site::Site;

/// Serves the window until the phone is enrolled; false when the window was closed before. An enrolment that was cut
/// off goes on at once.
pub fn until_enrolled(
    site: &Site,
    keys: &dyn Keys,
    clock: &Clock,
    intents: &Receiver<Intent>,
    views: &Sender<View>,
) -> bool {
    let show = |view| views.send(View::Enrolment(view)).is_ok();
    if !show(EnrolmentView::Awaited) {
        return false;
    }
    let mut kept = joining::kept_ticket(site);
    loop {
        let ticket = match kept.take() {
            Some(ticket) => Ok(ticket),
            None => match intents.recv() {
                Ok(Intent::Enrol { code }) => Ticket::parse(&code),
                // Nothing else can be asked of a phone.
                Ok(_) => continue,
                Err(_) => return false,
            },
        };
        let Ok(ticket) = ticket else {
            show(EnrolmentView::NotACode);
            continue;
        };
        show(EnrolmentView::Asking);
        let joined = joining::join(site, keys, &ticket, clock.now(), bootstrap::ask_by_ticket);
        let Err(error) = joined else {
            return true;
        };
        tracing::warn!(error = &error as &dyn std::error::Error, "not enrolled");
        show(match error {
            JoinError::Enrol(EnrolError::Refused(refusal)) => EnrolmentView::Refused(refusal),
            JoinError::Exchange(_)
            | JoinError::Enrol(EnrolError::Unreadable | EnrolError::NotFromHq | EnrolError::NotOurs) => {
                EnrolmentView::NotReached
            }
            JoinError::Enrol(
                EnrolError::Folder(_)
                | EnrolError::Keys(_)
                | EnrolError::Request(_)
                | EnrolError::Unsealed
                | EnrolError::Database(_),
            ) => EnrolmentView::Failed,
        });
    }
}
