//! A picture becomes a photograph of a draft: its kind, its structure and its digest; its bytes stay what they are.

use domain::photo::{NotAPhoto, Photo, Picture};
use domain::{ActId, UnixMs};

pub struct PhotoJob {
    pub draft: ActId,
    pub name: String,
    pub picture: Picture,
    pub taken_at: UnixMs,
}

impl PhotoJob {
    pub(super) fn run(self) -> Result<(Photo, Picture), NotAPhoto> {
        let photo = Photo::of(&self.name, &self.picture.0, self.taken_at)?;
        Ok((photo, self.picture))
    }
}
