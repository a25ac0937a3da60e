//! The pictures that somebody looked at, and how far a new one may be from them.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::io::Cursor;
use std::path::{Path, PathBuf};

use ui::Frame;

/// Edges are smoothed a little differently from one processor to the next.
const CHANNEL: u8 = 24;
/// Two in a thousand pixels.
const SHARE: f64 = 0.002;

/// Compares, or with `NEO_FRAMES=update` keeps.
pub(crate) struct Shelf {
    /// Where the pictures are kept, and where those go that differ from them.
    kept: PathBuf,
    new: PathBuf,
    update: bool,
    held: BTreeSet<String>,
    differing: Vec<String>,
}

impl Shelf {
    /// The pictures of `tests/frames/FOLDER`.
    #[expect(
        clippy::disallowed_methods,
        reason = "whoever runs the tests says in the environment what is kept"
    )]
    pub(crate) fn open(folder: &str) -> Self {
        Self {
            kept: Path::new(env!("CARGO_MANIFEST_DIR"))
                .join("tests/frames")
                .join(folder),
            new: std::env::temp_dir().join("neo-frames").join(folder),
            update: std::env::var("NEO_FRAMES").is_ok_and(|wish| wish == "update"),
            held: BTreeSet::new(),
            differing: Vec::new(),
        }
    }

    pub(crate) fn hold(&mut self, name: &str, frame: &Frame) {
        let file = format!("{name}.png");
        let path = self.kept.join(&file);
        assert!(self.held.insert(file), "`{name}` is held twice");
        if self.update {
            fs::create_dir_all(&self.kept).unwrap();
            fs::write(path, small(frame)).unwrap();
            return;
        }
        let drawn = frame.rgb();
        let kept = fs::read(&path).ok().and_then(|png| rgb(&png, frame));
        let far = |(drawn, kept): (&[u8], &[u8])| {
            drawn
                .iter()
                .zip(kept)
                .any(|(one, other)| one.abs_diff(*other) > CHANNEL)
        };
        let pixels = drawn.chunks(3);
        let differs: Vec<bool> = match &kept {
            None => vec![true; pixels.len()],
            Some(kept) => pixels.zip(kept.chunks(3)).map(far).collect(),
        };
        let count = differs.iter().filter(|differs| **differs).count();
        let share = count as f64 / differs.len() as f64;
        if share >= SHARE {
            fs::create_dir_all(&self.new).unwrap();
            fs::write(self.new.join(format!("{name}.png")), frame.png().unwrap()).unwrap();
            fs::write(
                self.new.join(format!("{name}.difference.png")),
                marked(frame, &differs),
            )
            .unwrap();
            let percent = share * 100.0;
            self.differing
                .push(format!("{name}: {percent:.2} % of the pixels"));
        }
    }

    /// More than so many were held.
    pub(crate) fn close(self, least: usize) {
        assert!(self.held.len() > least, "{} were held", self.held.len());
        let left_over: Vec<PathBuf> = fs::read_dir(&self.kept)
            .unwrap()
            .map(|entry| entry.unwrap().path())
            .filter(|path| path.is_file())
            .filter(|path| !self.held.contains(path.file_name().unwrap().to_str().unwrap()))
            .collect();
        if self.update {
            for path in left_over {
                fs::remove_file(path).unwrap();
            }
            return;
        }
        assert!(left_over.is_empty(), "nothing draws {left_over:?}");
        assert!(
            self.differing.is_empty(),
            "these screens are not drawn as they were kept; the new pictures and the differences are in `{}`; look at \
             them, then keep them by `make frames`:\n{}",
            self.new.display(),
            self.differing.join("\n")
        );
    }
}

/// A picture of at most 256 colours: each channel rounded to the finest step that allows it.
fn small(frame: &Frame) -> Vec<u8> {
    let rgb = frame.rgb();
    (1..=u8::MAX).find_map(|step| indexed(frame, &rgb, step)).unwrap()
}

fn indexed(frame: &Frame, rgb: &[u8], step: u8) -> Option<Vec<u8>> {
    let round = |channel: u8| {
        let (channel, step) = (u16::from(channel), u16::from(step));
        u8::try_from(((channel + step / 2) / step * step).min(255)).unwrap()
    };
    let mut colours: BTreeMap<[u8; 3], u8> = BTreeMap::new();
    let mut palette = Vec::new();
    let mut indices = Vec::new();
    for pixel in rgb.as_chunks::<3>().0 {
        let colour = pixel.map(round);
        let next = u8::try_from(colours.len()).ok();
        let index = match (colours.get(&colour), next) {
            (Some(index), _) => *index,
            (None, None) => return None,
            (None, Some(next)) => {
                colours.insert(colour, next);
                palette.extend(colour);
                next
            }
        };
        indices.push(index);
    }
    let mut file = Vec::new();
    let mut encoder = png::Encoder::new(&mut file, frame.width(), frame.height());
    encoder.set_color(png::ColorType::Indexed);
    encoder.set_depth(png::BitDepth::Eight);
    encoder.set_palette(palette);
    encoder.set_compression(png::Compression::High);
    encoder.set_filter(png::Filter::NoFilter);
    let mut writer = encoder.write_header().unwrap();
    writer.write_image_data(&indices).unwrap();
    writer.finish().unwrap();
    Some(file)
}

/// None where the picture is of another size than `frame`.
fn rgb(png: &[u8], frame: &Frame) -> Option<Vec<u8>> {
    let mut decoder = png::Decoder::new(Cursor::new(png));
    decoder.set_transformations(png::Transformations::EXPAND);
    let mut reader = decoder.read_info().ok()?;
    let mut bytes = vec![0; reader.output_buffer_size()?];
    let info = reader.next_frame(&mut bytes).ok()?;
    bytes.truncate(info.buffer_size());
    let same = (info.width, info.height) == (frame.width(), frame.height());
    (same && info.color_type == png::ColorType::Rgb).then_some(bytes)
}

/// What is drawn, pale, with what differs in red.
fn marked(frame: &Frame, differs: &[bool]) -> Vec<u8> {
    let rgb = frame.rgb();
    let pixels = rgb.chunks(3).zip(differs);
    let marked: Vec<u8> = pixels
        .flat_map(|(pixel, differs)| {
            if *differs {
                [220, 0, 0]
            } else {
                [pixel[0] / 3 + 160, pixel[1] / 3 + 160, pixel[2] / 3 + 160]
            }
        })
        .collect();
    let mut file = Vec::new();
    let mut encoder = png::Encoder::new(&mut file, frame.width(), frame.height());
    encoder.set_color(png::ColorType::Rgb);
    encoder.set_depth(png::BitDepth::Eight);
    let mut writer = encoder.write_header().unwrap();
    writer.write_image_data(&marked).unwrap();
    writer.finish().unwrap();
    file
}
