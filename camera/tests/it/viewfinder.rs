//! Looks through a camera: what is shown, what is taken and what it says of itself, and when the device is let go.

use std::cell::{Cell, RefCell};
use std::collections::VecDeque;
use std::fs;
use std::io::Cursor;
use std::path::Path;
use std::rc::Rc;
use std::sync::mpsc::{Sender, channel};

use camera::still::{Exposure, FRAME_MS, Layout, Lens, look, of_file};
use domain::photo::{MediaType, Photo};
use domain::viewfinder::{Fault, Frame, Shoot, Shot, Sight};
use domain::{BootId, Timestamp, UnixMs, Zone};

/// 12/03/2026 at 21:40:07.250 in Paris.
const EVENING: UnixMs = UnixMs(1_773_348_007_250);

/// A roll of pictures in a camera that says whether it is open; the clock moves by some milliseconds at each.
struct Roll {
    pictures: VecDeque<Result<Exposure, Fault>>,
    open: Rc<Cell<bool>>,
    clock: Rc<Cell<u64>>,
    step: u64,
}

impl Lens for Roll {
    fn next(&mut self) -> Result<Exposure, Fault> {
        self.clock.set(self.clock.get() + self.step);
        self.pictures.pop_front().unwrap_or(Err(Fault::Lost))
    }

    fn model(&self) -> String {
        "Caméra d’essai 5".to_owned()
    }
}

impl Drop for Roll {
    fn drop(&mut self) {
        self.open.set(false);
    }
}

fn grey(luma: u8) -> Result<Exposure, Fault> {
    Ok(Exposure {
        width: 64,
        height: 48,
        layout: Layout::Grey,
        bytes: vec![luma; 64 * 48],
    })
}

fn damaged() -> Result<Exposure, Fault> {
    let mut exposure = grey(0)?;
    exposure.bytes.truncate(9);
    Ok(exposure)
}

/// Looks at `pictures`; `seen` is told each sight, with the other end of the orders and whether the camera is open.
fn look_at(
    pictures: impl IntoIterator<Item = Result<Exposure, Fault>>,
    step: u64,
    seen: impl Fn(&Sight, &RefCell<Option<Sender<Shoot>>>, bool) -> bool,
) -> Vec<Sight> {
    let (open, clock) = (Rc::new(Cell::new(true)), Rc::new(Cell::new(0)));
    let roll = Roll {
        pictures: pictures.into_iter().collect(),
        open: Rc::clone(&open),
        clock: Rc::clone(&clock),
        step,
    };
    let (orders, inbox) = channel();
    let orders = RefCell::new(Some(orders));
    let sights = RefCell::new(Vec::new());
    let now = || Timestamp {
        utc: EVENING,
        zone: Zone::Paris,
        offset_min: 60,
        boot: BootId::from_bytes([7; 16]),
        mono_ms: clock.get(),
    };
    look(
        || Ok(roll),
        &inbox,
        now,
        |sight| {
            let goes_on = seen(&sight, &orders, open.get());
            sights.borrow_mut().push(sight);
            goes_on
        },
    );
    assert!(!open.get(), "whatever ended the look, the device is let go");
    sights.into_inner()
}

fn lumas(sights: &[Sight]) -> Vec<u8> {
    let luma = |sight: &Sight| match sight {
        Sight::Frame(frame) => Some(frame.rgb()[0]),
        Sight::Taken(_) | Sight::Failed(_) => None,
    };
    sights.iter().filter_map(luma).collect()
}

fn order(orders: &RefCell<Option<Sender<Shoot>>>) {
    orders.borrow().as_ref().unwrap().send(Shoot).unwrap();
}

/// Takes the picture after the first one that is shown.
fn shot(pictures: impl IntoIterator<Item = Result<Exposure, Fault>>) -> Shot {
    let mut sights = look_at(pictures, 1000, |sight, orders, open| {
        if matches!(sight, Sight::Frame(_)) {
            order(orders);
        } else {
            assert!(!open, "the device is let go before the picture is shown");
        }
        true
    });
    let Some(Sight::Taken(shot)) = sights.pop() else {
        panic!("{sights:?}")
    };
    shot
}

#[test]
fn live_pictures_are_shown_no_faster_than_the_battery_likes() {
    let pictures = (0..100).map(grey);
    let sights = look_at(pictures, 16, |_, _, _| true);
    let shown = lumas(&sights);
    // Each picture at which the time is up: 16 ms apart, one in five.
    let due: Vec<u8> = (0..100)
        .step_by(usize::try_from(FRAME_MS.div_ceil(16)).unwrap())
        .collect();
    assert_eq!(shown, due);
    assert_eq!(sights.last(), Some(&Sight::Failed(Fault::Lost)));
}

#[test]
fn the_picture_taken_is_the_one_after_the_order_however_soon_it_comes() {
    let sights = look_at((0..9).map(|n| grey(n * 20)), 1, |sight, orders, _| {
        if matches!(sight, Sight::Frame(_)) {
            order(orders);
        }
        true
    });
    let [Sight::Frame(first), Sight::Taken(taken)] = &sights[..] else {
        panic!("{sights:?}")
    };
    assert_eq!((first.rgb()[0], taken.preview.rgb()[0]), (0, 20));
}

#[test]
fn whoever_stops_looking_has_the_camera_let_go_at_the_next_picture() {
    let sights = look_at((0..9).map(grey), 1000, |_, orders, _| {
        orders.take();
        true
    });
    assert_eq!(sights.len(), 1);
    let sights = look_at((0..9).map(grey), 1000, |_, _, _| false);
    assert_eq!(sights.len(), 1);
}

#[test]
fn a_camera_that_does_not_open_says_why() {
    for fault in [Fault::NoCamera, Fault::Busy, Fault::Denied] {
        let (_orders, inbox) = channel();
        let mut sights = Vec::new();
        look(
            || Err::<Roll, _>(fault),
            &inbox,
            || unreachable!("no picture, no time"),
            |sight| {
                sights.push(sight);
                true
            },
        );
        assert_eq!(sights, [Sight::Failed(fault)]);
    }
}

#[test]
fn a_few_damaged_pictures_are_passed_over_and_many_in_a_row_are_a_fault() {
    let start = (0..29).map(|_| damaged()).chain([grey(7)]);
    let sights = look_at(start.chain((0..90).map(|_| damaged())), 1000, |_, _, _| true);
    assert_eq!((lumas(&sights), sights.len()), (vec![7], 2));
    assert_eq!(sights.last(), Some(&Sight::Failed(Fault::Lost)));
    let taken = shot([grey(7), damaged(), damaged(), grey(90)]);
    assert_eq!(
        taken.preview.rgb()[0],
        90,
        "the order waits for a picture that can be read"
    );
}

#[test]
fn a_live_photograph_says_when_with_what_and_how_large_and_nothing_else() {
    let taken = shot([grey(7), grey(120)]);
    assert_eq!(taken.name, "photo-20260312-214007.jpg");
    let photo = Photo::of(&taken.name, &taken.picture.0, EVENING).unwrap();
    assert_eq!(
        (photo.name.as_str(), photo.media),
        ("photo-20260312-214007.jpg", MediaType::Jpeg)
    );
    let read = exif::Reader::new()
        .read_from_container(&mut Cursor::new(&taken.picture.0))
        .unwrap();
    let said: Vec<String> = read
        .fields()
        .map(|field| format!("{} = {}", field.tag, field.display_value()))
        .collect();
    assert_eq!(
        said,
        [
            "Model = \"Camra dessai 5\"",
            "Orientation = row 0 at top and column 0 at left",
            "DateTime = 2026-03-12 21:40:07",
            "ExifVersion = 2.32",
            "DateTimeOriginal = 2026-03-12 21:40:07",
            "OffsetTimeOriginal = \"+01:00\"",
            "SubSecTimeOriginal = \"250\"",
            "PixelXDimension = 64",
            "PixelYDimension = 48",
        ]
    );
}

#[test]
fn a_live_photograph_shows_what_the_camera_saw() {
    let taken = shot([grey(7), grey(120)]);
    let picture = image::load_from_memory(&taken.picture.0).unwrap().into_rgb8();
    assert_eq!(picture.dimensions(), (64, 48));
    assert!(
        picture
            .pixels()
            .all(|pixel| pixel.0.iter().all(|channel| channel.abs_diff(120) <= 2))
    );
}

#[test]
fn a_large_picture_is_shown_small_and_taken_whole() {
    let large = || {
        Ok(Exposure {
            width: 1920,
            height: 1080,
            layout: Layout::Grey,
            bytes: vec![99; 1920 * 1080],
        })
    };
    let taken = shot([large(), large()]);
    assert_eq!((taken.preview.width(), taken.preview.height()), (960, 540));
    let whole = image::load_from_memory(&taken.picture.0).unwrap();
    assert_eq!((whole.width(), whole.height()), (1920, 1080));
}

fn written(path: &Path, width: u32, height: u32) -> Vec<u8> {
    image::RgbImage::from_pixel(width, height, image::Rgb([9, 99, 9]))
        .save(path)
        .unwrap();
    fs::read(path).unwrap()
}

#[test]
fn an_image_file_is_taken_byte_for_byte_and_shown_small() {
    let dir = tempfile::tempdir().unwrap();
    let bytes = written(&dir.path().join("plaque.png"), 2000, 1000);
    let shot = of_file(dir.path()).unwrap();
    assert_eq!((shot.name.as_str(), &shot.picture.0), ("plaque.png", &bytes));
    assert_eq!((shot.preview.width(), shot.preview.height()), (960, 480));
}

#[test]
fn an_image_that_was_taken_on_its_side_is_shown_upright() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("debout.jpg");
    let flat = written(&path, 40, 20);
    // Orientation 6 (Exif 2.32 §4.6.4): the first row is the right side.
    let exif = b"\xff\xe1\x00\x22Exif\0\0II\x2a\0\x08\0\0\0\x01\0\x12\x01\x03\0\x01\0\0\0\x06\0\0\0\0\0\0\0";
    fs::write(&path, [&flat[..2], exif, &flat[2..]].concat()).unwrap();
    let shot = of_file(&path).unwrap();
    assert_eq!((shot.preview.width(), shot.preview.height()), (20, 40));
}

#[test]
fn a_folder_or_file_without_a_picture_says_why() {
    let dir = tempfile::tempdir().unwrap();
    assert_eq!(of_file(dir.path()), Err(Fault::NoPicture));
    assert_eq!(of_file(&dir.path().join("absente.jpg")), Err(Fault::NoPicture));
    let path = dir.path().join("note.txt");
    fs::write(&path, b"no image").unwrap();
    assert_eq!(of_file(&path), Err(Fault::Unreadable));
    fs::write(&path, &written(&dir.path().join("entière.png"), 40, 40)[..60]).unwrap();
    assert_eq!(of_file(&path), Err(Fault::Unreadable));
    fs::File::create(&path).unwrap().set_len(500_000_000).unwrap();
    assert_eq!(of_file(&path), Err(Fault::TooLarge));
}

#[cfg(feature = "still")]
#[test]
fn a_computer_without_camera_says_so() {
    let nodes = fs::read_dir("/dev").unwrap().filter_map(Result::ok);
    let cameras = nodes
        .filter(|node| node.file_name().to_string_lossy().starts_with("video"))
        .count();
    let opened = camera::still::device::Device::open();
    // On a computer that has one, whatever it answers is its own affair, but it is never "no camera" without a reason.
    assert_eq!(opened.err() == Some(Fault::NoCamera), cameras == 0);
}

#[test]
fn a_frame_stays_out_of_logs() {
    let frame = Frame::new(1, 1, vec![77; 3]).unwrap();
    assert!(!format!("{frame:?} {:?}", grey(77)).contains("77"));
}
