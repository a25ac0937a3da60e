//! Who takes photographs for the screens: the terminal's own camera, or image files. Each look has its own named thread.

use std::path::PathBuf;
use std::sync::mpsc::Receiver;
use std::thread;

use camera::still::{self, Lens};
use domain::viewfinder::{Fault, Shoot, Sight};
use ui::{Shutter, Sights};

use crate::clock::Clock;

/// The camera that the terminal has, where this program was built for one, and the images of `photos`.
pub fn of_terminal(photos: Option<PathBuf>, clock: Clock) -> Shutter {
    let shutter = with_files(Shutter::default(), photos);
    #[cfg(feature = "still")]
    let shutter = with_camera(shutter, still::device::Device::open, clock);
    #[cfg(not(feature = "still"))]
    drop(clock);
    shutter
}

/// Live pictures out of the camera that `open` opens on the thread of each look.
pub fn with_camera<L: Lens>(
    shutter: Shutter,
    open: impl Fn() -> Result<L, Fault> + Clone + Send + 'static,
    clock: Clock,
) -> Shutter {
    shutter.with_camera(move |orders, sights| {
        let (open, clock) = (open.clone(), clock.clone());
        start(sights, move |sights| {
            still::look(open, &orders, || clock.now(), |sight| sights.show(sight));
        });
    })
}

/// The image written last to the folder `photos`, or the file that it is.
pub fn with_files(shutter: Shutter, photos: Option<PathBuf>) -> Shutter {
    let Some(photos) = photos else { return shutter };
    shutter.with_files(move |_: Receiver<Shoot>, sights| {
        let photos = photos.clone();
        start(sights, move |sights| {
            sights.show(still::of_file(&photos).map_or_else(Sight::Failed, Sight::Taken));
        });
    })
}

/// A thread that cannot start drops `sights`, which tells the window.
fn start(sights: Sights, look: impl FnOnce(&Sights) + Send + 'static) {
    let looking = thread::Builder::new()
        .name("viewfinder".to_owned())
        .spawn(move || look(&sights));
    if let Err(error) = looking {
        tracing::error!(%error, "no thread to look through a camera");
    }
}
