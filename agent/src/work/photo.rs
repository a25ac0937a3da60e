//! A picture becomes a photograph of a draft: its kind, its structure and its digest; its bytes stay what they are. A
//! photograph becomes a picture for the screen.

use domain::photo::{NotAPhoto, Photo, Picture};
use domain::viewfinder::Frame;
use domain::{ActId, Digest, UnixMs};

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

/// A photograph of a draft, for the screen.
pub struct UprightJob {
    pub draft: ActId,
    pub sha256: Digest,
    pub picture: Picture,
}

impl UprightJob {
    pub(super) fn run(self) -> Option<Frame> {
        camera::still::upright(&self.picture.0)
    }
}
