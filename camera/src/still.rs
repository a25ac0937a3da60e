//! Photographs for acts: out of the terminal's own camera, live, or out of image files, as a scanner or another camera
//! writes them.
//!
//! A file is measured before it is opened for reading, and never more of it is read than a photograph may hold.

#[cfg(feature = "still")]
pub mod device;
mod exif;
mod exposure;
mod look;
mod shot;

pub use exposure::{Exposure, Layout};
pub use look::{FRAME_MS, Lens, look};
pub use shot::{of_file, upright};

use std::fs::{self, File};
use std::io::{self, Read};
use std::path::{Path, PathBuf};
use std::time::SystemTime;

use domain::photo::{MAX_PHOTO, MediaType, Picture};
use thiserror::Error;

/// Why there is no picture.
#[derive(Debug, Error)]
pub enum StillError {
    #[error("cannot read `{}`", path.display())]
    Read {
        path: PathBuf,
        #[source]
        source: io::Error,
    },
    #[error("`{}` is larger than the {MAX_PHOTO} bytes of a photograph", path.display())]
    TooLarge { path: PathBuf },
    #[error("`{}` is not a regular file", path.display())]
    NotAFile { path: PathBuf },
    #[error("`{}` holds neither a JPEG nor a PNG; take a photograph first", path.display())]
    Empty { path: PathBuf },
}

/// A picture and the name of its file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Still {
    pub name: String,
    pub picture: Picture,
}

/// The file `path`, or the image that was written last to the folder `path`.
pub fn take(path: &Path) -> Result<Still, StillError> {
    let found = fs::metadata(path).map_err(failed(path))?;
    if found.is_dir() {
        read(&newest(path)?)
    } else {
        read(path)
    }
}

/// One file, whatever is inside; what it is, is judged where it is kept.
pub fn read(path: &Path) -> Result<Still, StillError> {
    let path = path.to_owned();
    let found = fs::metadata(&path).map_err(failed(&path))?;
    if !found.is_file() {
        return Err(StillError::NotAFile { path });
    }
    let limit = MAX_PHOTO as u64;
    if found.len() > limit {
        return Err(StillError::TooLarge { path });
    }
    let mut bytes = Vec::new();
    File::open(&path)
        // One that grows meanwhile is not read to its end.
        .and_then(|file| file.take(limit + 1).read_to_end(&mut bytes))
        .map_err(failed(&path))?;
    if bytes.len() > MAX_PHOTO {
        return Err(StillError::TooLarge { path });
    }
    let name = path
        .file_name()
        .unwrap_or_default()
        .to_string_lossy()
        .into_owned();
    let picture = Picture(bytes);
    Ok(Still { name, picture })
}

/// The image of the folder that was written last; of several at the same moment, the last by name.
fn newest(folder: &Path) -> Result<PathBuf, StillError> {
    let mut images: Vec<(SystemTime, PathBuf)> = Vec::new();
    for entry in fs::read_dir(folder).map_err(failed(folder))? {
        let path = entry.map_err(failed(folder))?.path();
        let Ok(found) = fs::metadata(&path) else { continue };
        if found.is_file() && is_image(&path) {
            images.push((found.modified().unwrap_or(SystemTime::UNIX_EPOCH), path));
        }
    }
    let newest = images.into_iter().max().map(|(_, path)| path);
    newest.ok_or_else(|| StillError::Empty {
        path: folder.to_owned(),
    })
}

/// By its first bytes: other files of the folder are nobody's photograph.
fn is_image(path: &Path) -> bool {
    let mut start = [0; 8];
    File::open(path)
        .and_then(|mut file| file.read_exact(&mut start))
        .is_ok_and(|()| MediaType::of(&start).is_some())
}

fn failed(path: &Path) -> impl Fn(io::Error) -> StillError {
    move |source| StillError::Read {
        path: path.to_owned(),
        source,
    }
}
