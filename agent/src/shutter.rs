//! The officer's tap on "add a photograph", answered with a picture of whatever takes pictures here.

use std::path::PathBuf;
use std::sync::mpsc::Sender;
use std::thread;

use camera::still::{self, StillError};
use domain::dialogue::{Intent, Notice, View};
use domain::photo::MAX_PHOTO;

use crate::supervisor::Intents;

/// Takes the image written last to `folder`, or the file that it is; `views` tells the officer when there is none.
pub fn of_files(folder: PathBuf, intents: Intents, views: Sender<View>) -> ui::Shutter {
    ui::Shutter::new(move |draft| {
        let (folder, intents, views) = (folder.clone(), intents.clone(), views.clone());
        let reading = thread::Builder::new().name("still".to_owned()).spawn(move || {
            match still::take(&folder) {
                Ok(still::Still { name, picture }) => {
                    intents.send(Intent::AttachPhoto { draft, name, picture })
                }
                Err(error) => {
                    tracing::warn!(error = &error as &dyn std::error::Error, "no picture taken");
                    // A window that is closed needs no telling.
                    let _ = views.send(View::Notice(notice(&error)));
                }
            }
        });
        if let Err(error) = reading {
            tracing::error!(%error, "no thread to take a picture");
        }
    })
}

fn notice(error: &StillError) -> Notice {
    match error {
        StillError::TooLarge { .. } => Notice::PhotoTooLarge {
            limit_mb: u32::try_from(MAX_PHOTO >> 20).unwrap_or(u32::MAX),
        },
        StillError::Read { .. } | StillError::NotAFile { .. } | StillError::Empty { .. } => Notice::NotAPhoto,
    }
}
