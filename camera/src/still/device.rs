//! The camera that the operating system has: V4L2, through nokhwa.
//!
//! nokhwa waits for a picture without limit: a driver that stops in the middle keeps its device open until it goes on or
//! the program ends. Nobody waits for the thread that looks.

use domain::viewfinder::Fault;
use nokhwa::utils::{
    ApiBackend, CameraFormat, CameraIndex, FrameFormat, RequestedFormat, RequestedFormatType,
};
use nokhwa::{Camera, NokhwaError};

use super::exposure::{Exposure, Layout};
use super::look::Lens;

/// Full HD: what a plate or a scene needs, and what two processors develop fast enough to aim with.
const MOST_PIXELS: u32 = 1920 * 1080;

/// Pictures a second, at least, for a hand to follow what it sees.
const FLUENT: u32 = 15;

/// An open camera; dropping it closes the device.
pub struct Device(Camera);

impl Device {
    /// Opens the first camera that can be opened.
    pub fn open() -> Result<Self, Fault> {
        let mut found: Vec<CameraIndex> = nokhwa::query(ApiBackend::Video4Linux)
            .map_err(|error| fault("find a camera", &error))?
            .into_iter()
            .map(|camera| camera.index().clone())
            .collect();
        found.sort_by_key(|index| index.as_index().unwrap_or(u32::MAX));
        // One device has several nodes, and only some of them give pictures: the worst that is known of any is told.
        let mut worst = Fault::NoCamera;
        for index in found {
            match open(index) {
                Ok(camera) => return Ok(Self(camera)),
                Err(fault @ (Fault::Busy | Fault::Denied)) => worst = fault,
                Err(other) if worst == Fault::NoCamera => worst = other,
                Err(_) => {}
            }
        }
        Err(worst)
    }
}

fn open(index: CameraIndex) -> Result<Camera, Fault> {
    let any = RequestedFormat::with_formats(RequestedFormatType::None, &LAYOUTS);
    let mut camera = Camera::new(index, any).map_err(|error| fault("open a camera", &error))?;
    let formats = camera
        .compatible_camera_formats()
        .map_err(|error| fault("list what a camera offers", &error))?;
    let best = best(&formats).ok_or(Fault::Lost)?;
    let wanted = RequestedFormat::with_formats(RequestedFormatType::Exact(best), &LAYOUTS);
    camera
        .set_camera_requset(wanted)
        .map_err(|error| fault("set up a camera", &error))?;
    camera
        .open_stream()
        .map_err(|error| fault("start a camera", &error))?;
    Ok(camera)
}

impl Lens for Device {
    fn next(&mut self) -> Result<Exposure, Fault> {
        let format = self.0.camera_format();
        let bytes = self
            .0
            .frame_raw()
            .map_err(|error| fault("read a picture", &error))?;
        Ok(Exposure {
            width: format.width(),
            height: format.height(),
            layout: layout(format.format()),
            bytes: bytes.into_owned(),
        })
    }

    fn model(&self) -> String {
        self.0.info().human_name()
    }
}

/// The largest picture within [`MOST_PIXELS`], fluent rather than not, as slow as fluent allows, and uncompressed rather
/// than compressed twice.
fn best(formats: &[CameraFormat]) -> Option<CameraFormat> {
    let rank = |format: &&CameraFormat| {
        let pixels = format.width().saturating_mul(format.height());
        let rate = format.frame_rate();
        let within = if pixels <= MOST_PIXELS {
            i64::from(pixels)
        } else {
            -i64::from(pixels)
        };
        let slowness = if rate >= FLUENT {
            -i64::from(rate)
        } else {
            i64::from(rate)
        };
        (
            rate >= FLUENT,
            within,
            format.format() != FrameFormat::MJPEG,
            slowness,
        )
    };
    formats.iter().max_by_key(rank).copied()
}

/// All that are developed.
const LAYOUTS: [FrameFormat; 6] = [
    FrameFormat::MJPEG,
    FrameFormat::YUYV,
    FrameFormat::NV12,
    FrameFormat::GRAY,
    FrameFormat::RAWRGB,
    FrameFormat::RAWBGR,
];

const fn layout(format: FrameFormat) -> Layout {
    match format {
        FrameFormat::MJPEG => Layout::Mjpeg,
        FrameFormat::YUYV => Layout::Yuyv,
        FrameFormat::NV12 => Layout::Nv12,
        FrameFormat::GRAY => Layout::Grey,
        FrameFormat::RAWRGB => Layout::Rgb,
        FrameFormat::RAWBGR => Layout::Bgr,
    }
}

const EPERM: i32 = 1;
const EACCES: i32 = 13;
const EBUSY: i32 = 16;

/// nokhwa passes the system's error on as its words alone, number included.
fn fault(attempted: &str, error: &NokhwaError) -> Fault {
    let words = error.to_string();
    tracing::warn!(%error, "could not {attempted}");
    let says = |number: i32| words.contains(&format!("(os error {number})"));
    if says(EACCES) || says(EPERM) {
        Fault::Denied
    } else if says(EBUSY) {
        Fault::Busy
    } else {
        Fault::Lost
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn format(width: u32, height: u32, format: FrameFormat, rate: u32) -> CameraFormat {
        CameraFormat::new_from(width, height, format, rate)
    }

    #[test]
    fn the_largest_fluent_picture_is_chosen() {
        use FrameFormat::{MJPEG, YUYV};
        let full = format(1920, 1080, MJPEG, 30);
        let offered = [
            format(640, 480, YUYV, 30),
            format(1280, 720, YUYV, 10),
            format(1920, 1080, YUYV, 5),
            format(1920, 1080, MJPEG, 60),
            full,
            format(3840, 2160, MJPEG, 30),
        ];
        assert_eq!(best(&offered), Some(full));
        let uncompressed = format(1920, 1080, YUYV, 30);
        assert_eq!(best(&[full, uncompressed]), Some(uncompressed));
        let slow = format(1920, 1080, YUYV, 5);
        assert_eq!(best(&[format(640, 480, YUYV, 10), slow]), Some(slow));
        let (large, larger) = (format(2592, 1944, MJPEG, 15), format(4208, 3120, MJPEG, 15));
        assert_eq!(best(&[larger, large]), Some(large));
        assert_eq!(best(&[]), None);
    }

    #[test]
    fn the_systems_words_become_what_an_officer_can_act_on() {
        let said = |text: &str| fault("open a camera", &NokhwaError::OpenStreamError(text.to_owned()));
        assert_eq!(said("Device or resource busy (os error 16)"), Fault::Busy);
        assert_eq!(said("Permission denied (os error 13)"), Fault::Denied);
        assert_eq!(said("Operation not permitted (os error 1)"), Fault::Denied);
        assert_eq!(said("No such device (os error 19)"), Fault::Lost);
    }
}
