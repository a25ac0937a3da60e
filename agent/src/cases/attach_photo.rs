//! Photographs of a draft: kept beside it byte for byte, signed for by their digest, and let go when HQ has the act.

use std::collections::BTreeSet;

use domain::delivery::Delivery;
use domain::dialogue::{Notice, PhotoView, View};
use domain::draft::{Draft, FillRefusal};
use domain::envelope::Attachment;
use domain::photo::{Marks, NotAPhoto, Photo, Picture};
use domain::viewfinder::Frame;
use domain::{ActId, Digest, canonical};

use crate::engine::{Effect, Engine};
use crate::store::StoreError;
use crate::work::{Job, PhotoJob, UprightJob};

impl Engine {
    /// Has the picture looked at; the draft names it once it is stored.
    pub(crate) fn attach_photo(
        &mut self,
        draft: ActId,
        name: String,
        picture: Picture,
    ) -> Result<(), StoreError> {
        if self.photo_draft(draft)?.is_some() {
            self.out.push(Effect::Work(Job::Photo(PhotoJob {
                draft,
                name,
                picture,
                taken_at: self.now.utc,
            })));
        }
        Ok(())
    }

    pub(crate) fn photo_looked_at(
        &mut self,
        draft: ActId,
        result: Result<(Photo, Picture), NotAPhoto>,
    ) -> Result<(), StoreError> {
        self.stale.draft = true;
        let (photo, Picture(bytes)) = match result {
            Ok(looked_at) => looked_at,
            Err(NotAPhoto::TooLarge { limit }) => {
                let limit_mb = u32::try_from(limit >> 20).unwrap_or(u32::MAX);
                self.notice(Notice::PhotoTooLarge { limit_mb });
                return Ok(());
            }
            Err(NotAPhoto::NotAnImage) => {
                self.notice(Notice::NotAPhoto);
                return Ok(());
            }
        };
        let now = self.now;
        let Some(mut kept) = self.photo_draft(draft)? else {
            tracing::warn!(act = %draft, "a photograph came too late for its draft");
            return Ok(());
        };
        if kept.attach(photo.clone()).is_err() {
            self.notice(Notice::AlreadyRead { draft });
            return Ok(());
        }
        if let Some(desk) = self.desk() {
            desk.store.save_photo(&kept, &photo, &bytes, now)?;
            tracing::info!(act = %draft, bytes = bytes.len(), "photograph kept");
        }
        Ok(())
    }

    pub(crate) fn remove_photo(&mut self, draft: ActId, sha256: Digest) -> Result<(), StoreError> {
        if self.change_photos(draft, |kept| kept.detach(sha256))? {
            self.forget_files()?;
        }
        Ok(())
    }

    pub(crate) fn show_object(
        &mut self,
        draft: ActId,
        sha256: Digest,
        object: Option<u16>,
    ) -> Result<(), StoreError> {
        self.change_photos(draft, |kept| kept.show_object(sha256, object))?;
        Ok(())
    }

    /// Has a photograph of the draft made ready for the eyes; its bytes stay where they are.
    pub(crate) fn open_photo(&mut self, draft: ActId, sha256: Digest) -> Result<(), StoreError> {
        let names = |draft: Draft| draft.photos().iter().any(|photo| photo.sha256 == sha256);
        if !self.photo_draft(draft)?.is_some_and(names) {
            return Ok(());
        }
        let Some(desk) = self.desk() else { return Ok(()) };
        if let Some(bytes) = desk.store.photo(sha256)? {
            self.out.push(Effect::Work(Job::Upright(UprightJob {
                draft,
                sha256,
                picture: Picture(bytes),
            })));
        }
        Ok(())
    }

    /// A lock in between shows nothing.
    pub(crate) fn photo_upright(
        &mut self,
        draft: ActId,
        sha256: Digest,
        picture: Option<Frame>,
    ) -> Result<(), StoreError> {
        let Some(kept) = self.photo_draft(draft)? else {
            return Ok(());
        };
        if let Some(photo) = kept.photos().iter().find(|photo| photo.sha256 == sha256) {
            self.show(View::Photo(PhotoView {
                draft,
                sha256,
                picture,
                marks: photo.marks.clone(),
            }));
        }
        Ok(())
    }

    pub(crate) fn mark_photo(
        &mut self,
        draft: ActId,
        sha256: Digest,
        marks: &Marks,
    ) -> Result<(), StoreError> {
        self.change_photos(draft, |kept| kept.mark_photo(sha256, marks))?;
        Ok(())
    }

    /// Changes the photographs of a draft that are there already; whether anything was kept.
    fn change_photos(
        &mut self,
        draft: ActId,
        change: impl FnOnce(&mut Draft) -> Result<(), FillRefusal>,
    ) -> Result<bool, StoreError> {
        self.stale.draft = true;
        let now = self.now;
        let Some(mut kept) = self.photo_draft(draft)? else {
            return Ok(false);
        };
        if change(&mut kept).is_err() {
            self.notice(Notice::AlreadyRead { draft });
            return Ok(false);
        }
        if let Some(desk) = self.desk() {
            desk.store.save_draft(&kept, now)?;
        }
        Ok(true)
    }

    /// The draft, when it may be given photographs and is not being signed.
    fn photo_draft(&mut self, id: ActId) -> Result<Option<Draft>, StoreError> {
        let Some(desk) = self.desk().filter(|desk| !desk.signing.contains_key(&id)) else {
            return Ok(None);
        };
        let draft = desk.store.draft(id)?;
        Ok(draft.filter(|draft| draft.kind.keeps_photos()))
    }

    /// The files of these photographs; none when one of them is gone.
    pub(crate) fn photo_files(&mut self, photos: &[Photo]) -> Result<Option<Vec<Attachment>>, StoreError> {
        let Some(desk) = self.desk() else { return Ok(None) };
        let mut files = Vec::with_capacity(photos.len());
        for photo in photos {
            let Some(content) = desk.store.photo(photo.sha256)? else {
                return Ok(None);
            };
            files.push(Attachment {
                name: photo.name.clone(),
                content,
            });
        }
        Ok(Some(files))
    }

    /// Lets go of photographs and pieces that neither a draft names nor an act that HQ has not received: a refused act is
    /// corrected with them.
    pub(crate) fn forget_files(&mut self) -> Result<(), StoreError> {
        let mut drafts = match self.desk() {
            Some(desk) if desk.store.has_photos()? || desk.store.has_pieces()? => desk.store.drafts()?,
            Some(_) => return self.forget_pieces(&BTreeSet::new()),
            None => return Ok(()),
        };
        for row in self.device.acts()? {
            let needed = match row.delivery {
                Delivery::Waiting { .. } => true,
                // What corrects it names them itself.
                Delivery::Refused { .. } => row.corrected_by.is_none(),
                Delivery::Received { .. } => false,
            };
            if needed
                && row.kind.keeps_photos()
                && let Some(readable) = self.readable(row.act)?
            {
                drafts.extend(canonical::decode::<Draft>(&readable.draft));
            }
        }
        let photos = drafts.iter().flat_map(Draft::photos);
        let needed: BTreeSet<Digest> = photos.map(|photo| photo.sha256).collect();
        let pieces = drafts.iter().flat_map(Draft::pieces);
        let pieces: BTreeSet<Digest> = pieces.map(|piece| piece.sha256).collect();
        if let Some(desk) = self.desk() {
            desk.store.keep_photos(&needed)?;
        }
        self.forget_pieces(&pieces)
    }
}
