//! Handing a signed act over to the drafting system of the station, by a folder that is mounted for it: only when the
//! officer asks, and in the journal before the first file appears (directive 2016/680 art. 25).

use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};

use domain::ActId;
use domain::dialogue::Notice;
use domain::journal::{Operation, Recipient};
use domain::record::ActKind;

use crate::engine::{Effect, Engine, Law};
use crate::store::StoreError;
use crate::work::{self, HandOverError, HandOverJob, Job};

impl Engine {
    pub(crate) fn hand_over(&mut self, act: ActId) -> Result<(), StoreError> {
        if self.desk().is_none() {
            return Ok(());
        }
        // No memory of it is kept in any file (78-3 CPP); its paper goes where a procedure follows.
        let row = self.device.row_of(act)?;
        if row.is_some_and(|row| row.kind == ActKind::Verification) {
            self.notice(Notice::NotHandedOver { act });
            return Ok(());
        }
        if !self.profiles.settings().hand_over {
            self.notice(Notice::NotConfigured);
            return Ok(());
        }
        let (Some(readable), Some(row)) = (self.readable(act)?, self.device.row_of(act)?) else {
            self.notice(Notice::ActNotReadable { act });
            return Ok(());
        };
        // A note feeds no other system, and a visa is no act: no screen offers it, and no intent does it.
        if matches!(
            row.kind,
            ActKind::Note
                | ActKind::VisaRequest
                | ActKind::Visa
                | ActKind::Alert
                | ActKind::SafeContact
                | ActKind::Custody
        ) {
            return Ok(());
        }
        let Some(folder) = self.mounted_folder() else {
            self.notice(Notice::NowhereToHandOver);
            return Ok(());
        };
        let Some(record) = work::record_of(&readable.cose) else {
            self.notice(Notice::ActNotReadable { act });
            return Ok(());
        };
        // Of a set that this terminal never had, the codes stay true and only their labels are missing.
        let law = self
            .law_of(&record.reference)?
            .unwrap_or_else(|| Law::InUse(self.reference.clone()));
        let officer = self.officer_id();
        let handed_over = Operation::HandedOver {
            record: row.record,
            to: Some(Recipient::DraftingSystem),
        };
        self.device.log(self.now, officer, handed_over)?;
        self.out.push(Effect::Work(Job::HandOver(Box::new(HandOverJob {
            act,
            folder,
            record,
            law,
            cose: readable.cose,
            document: readable.document,
        }))));
        Ok(())
    }

    pub(crate) fn handed_over(&mut self, act: ActId, result: Result<(), HandOverError>) {
        match result {
            Ok(()) => self.notice(Notice::HandedOver { act }),
            Err(error) => {
                tracing::warn!(%act, %error, "an act was not handed over");
                self.notice(Notice::HandOverFailed);
            }
        }
    }

    /// The folder for exports, while something else than the terminal's own disk is mounted there: an empty mount
    /// point is a folder of the phone, where no act may lie in clear.
    fn mounted_folder(&self) -> Option<PathBuf> {
        let folder = self.site.handoff()?;
        let disk = |path: &Path| std::fs::metadata(path).ok().filter(std::fs::Metadata::is_dir);
        let (there, here) = (disk(folder)?, disk(self.site.root())?);
        (there.dev() != here.dev()).then(|| folder.to_owned())
    }
}
