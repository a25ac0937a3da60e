//! What a camera's driver hands over, still in its own layout; developed only when somebody will see it.

use std::io::Cursor;

use domain::viewfinder::Frame;
use image::{DynamicImage, ImageFormat, ImageReader, Limits};

/// Widest or highest picture that is developed: no camera of a terminal makes a larger one.
const LONGEST: u32 = 8192;

/// How the pixels lie in the bytes, as V4L2 names it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Layout {
    /// A JPEG for each picture.
    Mjpeg,
    /// Two pixels in four bytes: luma, blue difference, luma, red difference.
    Yuyv,
    /// A plane of luma, then a quarter plane of both differences in turn.
    Nv12,
    Grey,
    Rgb,
    Bgr,
}

/// One picture as it came.
#[derive(Clone, PartialEq, Eq)]
pub struct Exposure {
    pub width: u32,
    pub height: u32,
    pub layout: Layout,
    pub bytes: Vec<u8>,
}

impl std::fmt::Debug for Exposure {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(
            f,
            "Exposure {{ {} × {}, {:?} }}",
            self.width, self.height, self.layout
        )
    }
}

impl Exposure {
    /// None where the bytes are not such a picture; a cable that was pulled or a driver that lies leaves them short.
    pub fn develop(self) -> Option<Frame> {
        let Self {
            width,
            height,
            layout,
            bytes,
        } = self;
        if !(1..=LONGEST).contains(&width) || !(1..=LONGEST).contains(&height) {
            return None;
        }
        let (across, down) = (usize::try_from(width).ok()?, usize::try_from(height).ok()?);
        let pixels = across * down;
        // What follows the picture is padding of the driver's buffer.
        let plane = |length: usize| bytes.get(..length);
        let rgb = match layout {
            Layout::Mjpeg => return of_jpeg(&bytes),
            Layout::Rgb => plane(3 * pixels)?.to_vec(),
            Layout::Bgr => {
                let triples = plane(3 * pixels)?.as_chunks::<3>().0;
                triples.iter().flat_map(|&[b, g, r]| [r, g, b]).collect()
            }
            Layout::Grey => plane(pixels)?.iter().flat_map(|&luma| [luma; 3]).collect(),
            Layout::Yuyv => {
                if across % 2 != 0 {
                    return None;
                }
                let pairs = plane(2 * pixels)?.as_chunks::<4>().0;
                pairs
                    .iter()
                    .flat_map(|&[first, blue, second, red]| [(first, blue, red), (second, blue, red)])
                    .flat_map(rgb)
                    .collect()
            }
            Layout::Nv12 => {
                if across % 2 != 0 || down % 2 != 0 {
                    return None;
                }
                let (lumas, differences) = plane(pixels + pixels / 2)?.split_at(pixels);
                let differences = differences.as_chunks::<2>().0;
                let at = |index: usize| {
                    let (x, y) = (index % across, index / across);
                    let [blue, red] = differences[y / 2 * (across / 2) + x / 2];
                    (lumas[index], blue, red)
                };
                (0..pixels).map(at).flat_map(rgb).collect()
            }
        };
        Frame::new(width, height, rgb)
    }
}

/// Luma and both differences in the range of video (ITU-R BT.601), in integers.
fn rgb((luma, blue, red): (u8, u8, u8)) -> [u8; 3] {
    let (luma, blue, red) = (i32::from(luma) - 16, i32::from(blue) - 128, i32::from(red) - 128);
    [
        298 * luma + 409 * red,
        298 * luma - 100 * blue - 208 * red,
        298 * luma + 516 * blue,
    ]
    .map(|sum| u8::try_from(((sum + 128) >> 8).clamp(0, 255)).unwrap_or(u8::MAX))
}

fn of_jpeg(bytes: &[u8]) -> Option<Frame> {
    let mut limits = Limits::no_limits();
    limits.max_image_width = Some(LONGEST);
    limits.max_image_height = Some(LONGEST);
    let mut reader = ImageReader::with_format(Cursor::new(bytes), ImageFormat::Jpeg);
    reader.limits(limits);
    frame(reader.decode().ok()?)
}

pub(super) fn frame(picture: DynamicImage) -> Option<Frame> {
    let picture = picture.into_rgb8();
    let (width, height) = picture.dimensions();
    Frame::new(width, height, picture.into_raw())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn developed(width: u32, height: u32, layout: Layout, bytes: &[u8]) -> Option<Vec<u8>> {
        let exposure = Exposure {
            width,
            height,
            layout,
            bytes: bytes.to_vec(),
        };
        exposure.develop().map(Frame::into_rgb)
    }

    /// Red of BT.601 video, as every V4L2 test pattern has it: Y 81, Cb 90, Cr 240.
    const RED: [u8; 3] = [255, 0, 0];

    #[test]
    fn every_layout_gives_the_colours_that_were_in_it() {
        for (layout, width, height, bytes, pixels) in [
            (Layout::Yuyv, 2, 1, vec![81, 90, 81, 240], RED.repeat(2)),
            (
                Layout::Yuyv,
                2,
                1,
                vec![235, 128, 16, 128],
                [[255; 3], [0; 3]].concat(),
            ),
            (Layout::Nv12, 2, 2, vec![81, 81, 81, 81, 90, 240], RED.repeat(4)),
            (Layout::Grey, 2, 1, vec![7, 9], vec![7, 7, 7, 9, 9, 9]),
            (Layout::Rgb, 1, 1, vec![1, 2, 3], vec![1, 2, 3]),
            (Layout::Bgr, 1, 1, vec![1, 2, 3], vec![3, 2, 1]),
        ] {
            assert_eq!(
                developed(width, height, layout, &bytes),
                Some(pixels),
                "{layout:?}"
            );
            let padded = [bytes.as_slice(), &[99; 5]].concat();
            assert!(developed(width, height, layout, &padded).is_some(), "{layout:?}");
            let cut = &bytes[..bytes.len() - 1];
            assert_eq!(developed(width, height, layout, cut), None, "{layout:?}");
        }
    }

    #[test]
    fn the_four_corners_of_nv12_keep_their_place() {
        let mut bytes = vec![16; 16];
        bytes[3] = 235;
        bytes[12] = 81;
        bytes.extend([128; 8]);
        // The differences of the lower left block of four.
        bytes[16 + 4] = 90;
        bytes[16 + 5] = 240;
        let rgb = developed(4, 4, Layout::Nv12, &bytes).unwrap();
        let at = |x: usize, y: usize| &rgb[3 * (4 * y + x)..][..3];
        assert_eq!(
            (at(3, 0), at(0, 3), at(0, 0)),
            (&[255; 3][..], &RED[..], &[0; 3][..])
        );
    }

    #[test]
    fn a_jpeg_is_developed_and_a_damaged_one_is_none() {
        let red = image::RgbImage::from_pixel(16, 8, image::Rgb(RED));
        let mut bytes = Vec::new();
        red.write_to(&mut Cursor::new(&mut bytes), ImageFormat::Jpeg)
            .unwrap();
        let frame = Exposure {
            width: 16,
            height: 8,
            layout: Layout::Mjpeg,
            bytes: bytes.clone(),
        };
        let frame = frame.develop().unwrap();
        assert_eq!((frame.width(), frame.height()), (16, 8));
        assert!(frame.rgb()[0] > 250 && frame.rgb()[1] < 5);
        for damaged in [&bytes[..20], b"", b"\xff\xd8\xff"] {
            assert_eq!(developed(16, 8, Layout::Mjpeg, damaged), None);
        }
    }

    #[test]
    fn sizes_that_no_camera_has_are_none() {
        for (width, height) in [(0, 2), (2, 0), (u32::MAX, u32::MAX), (LONGEST + 1, 1)] {
            assert_eq!(developed(width, height, Layout::Grey, &[0; 64]), None);
        }
        assert_eq!(developed(3, 1, Layout::Yuyv, &[0; 64]), None);
        assert_eq!(developed(2, 1, Layout::Nv12, &[0; 64]), None);
    }

    proptest::proptest! {
        #[test]
        fn whatever_a_driver_says_nothing_panics(
            width in 0..40u32,
            height in 0..40u32,
            layout in 0..6usize,
            bytes in proptest::collection::vec(proptest::num::u8::ANY, 0..6000),
        ) {
            let layouts = [Layout::Mjpeg, Layout::Yuyv, Layout::Nv12, Layout::Grey, Layout::Rgb, Layout::Bgr];
            let _ = developed(width, height, layouts[layout], &bytes);
        }
    }
}
