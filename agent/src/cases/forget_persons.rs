//! Lists of persons: on the terminal as long as the profile in force names a text that allows one, and no longer.

use domain::dialogue::PersonsLine;
use domain::hotlist::{Catalogue, Subject};
use domain::identity::CivilDate;
use domain::profile::PersonsPolicy;
use sync::wire::v1::SetKind;

use super::unlock::Desk;
use crate::engine::Engine;
use crate::store::StoreError;

impl Engine {
    /// What allows a list of persons today, by the terminal's own calendar.
    pub(crate) fn persons_policy(&self) -> Option<&PersonsPolicy> {
        let today = CivilDate::from(self.now.local().date());
        let policy = self.profiles.settings().persons.as_ref();
        policy.filter(|policy| policy.holds_on(today))
    }

    /// Whether sets of this kind may be asked for, taken and used.
    pub(crate) fn takes(&self, kind: SetKind) -> bool {
        !kind.is_of_persons() || self.persons_policy().is_some()
    }

    /// Without a policy no list of persons stays, nor its key, nor what it said on the screen.
    pub(crate) fn forget_persons_unless_allowed(&mut self) -> Result<(), StoreError> {
        if self.persons_policy().is_some() {
            self.hotlists.persons_are_gone = false;
            return Ok(());
        }
        if self.hotlists.persons_are_gone {
            return Ok(());
        }
        self.hotlists.forget(Catalogue::Persons);
        if let Desk::Open(desk) = &mut self.desk {
            for lines in desk.lists.values_mut() {
                lines.retain(|line| line.subject != Subject::Person);
            }
        }
        if self.device.forget_persons()? {
            tracing::info!("no policy allows a list of persons any more: it was forgotten");
        }
        for kind in SetKind::OF_PERSONS {
            let newest = self.device.newest_beside(kind)?;
            self.gathering.forget(kind, newest);
        }
        self.hotlists.persons_are_gone = true;
        self.stale.home = true;
        self.stale.draft = true;
        Ok(())
    }

    /// When the policy ends, on the device's clock.
    pub(crate) fn persons_wakeup(&self) -> Option<u64> {
        let left = self.persons_policy()?.left_ms(&self.now)?;
        Some(self.now.mono_ms.saturating_add(left))
    }

    /// What the screen says of the policy and its list; nothing without one.
    pub(crate) fn persons_line(&self) -> Option<PersonsLine> {
        let policy = self.persons_policy()?;
        Some(PersonsLine {
            text: policy.text.as_str().to_owned(),
            until: policy.until,
            list: self.hotlist_line(Catalogue::Persons),
        })
    }
}
