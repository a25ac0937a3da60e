//! The sheet of safe contact: a record of its own, signed with the complaint that it is about and in no file of it.

use domain::ActId;
use domain::draft::Draft;
use domain::plainte::contact::SafeContact;

use crate::engine::Engine;
use crate::store::StoreError;

impl Engine {
    /// Signs the sheet of the draft beside its act; one that was signed already is not signed again.
    pub(crate) fn sign_contact(&mut self, draft: &Draft) -> Result<(), StoreError> {
        let Ok(Some(sheet)) = draft.safe_contact() else {
            return Ok(());
        };
        let Some(desk) = self.desk() else { return Ok(()) };
        let kept = desk.store.contacts()?;
        let latest = kept.iter().rfind(|(_, kept)| kept.about == sheet.about);
        let act = match latest {
            Some((act, kept)) if *kept == sheet => *act,
            Some(_) | None => {
                let act = ActId::from_bytes(self.mint.id(self.now.utc));
                if let Some(desk) = self.desk() {
                    desk.store.keep_contact(act, &sheet)?;
                }
                act
            }
        };
        self.sign_sheet(act, sheet)
    }

    /// Signs the sheets whose signature a stop cut off, and forgets those whose draft is gone.
    pub(crate) fn resume_contacts(&mut self) -> Result<(), StoreError> {
        let kept = match self.desk() {
            Some(desk) => desk.store.contacts()?,
            None => return Ok(()),
        };
        for (act, sheet) in kept {
            if self.device.row_of(act)?.is_none() {
                if self.card.is_some() {
                    self.sign_sheet(act, sheet)?;
                }
            } else if let Some(desk) = self.desk()
                && desk.store.draft(sheet.about)?.is_none()
            {
                desk.store.forget_contact(act)?;
            }
        }
        Ok(())
    }

    fn sign_sheet(&mut self, act: ActId, sheet: SafeContact) -> Result<(), StoreError> {
        if self.device.row_of(act)?.is_some() {
            return Ok(());
        }
        let Some(around) = self.surroundings() else {
            return Ok(());
        };
        let to_sign = around.safe_contact(act, sheet, self.now);
        self.sign_without_form(to_sign, None)
    }
}
