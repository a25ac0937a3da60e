//! Measures the reading of machine-readable zones on pictures that it draws: `docs/performance.md` has the figures.
#![expect(
    clippy::print_stdout,
    clippy::cast_possible_truncation,
    clippy::cast_precision_loss,
    clippy::cast_sign_loss,
    clippy::cast_possible_wrap,
    reason = "a measuring program that draws pictures of a few thousand pixels"
)]

mod documents;
mod drawing;

use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::Mutex;
use std::time::{Duration, Instant};

use domain::identity::{CivilDate, DocumentReading, Verdict, read_seen};
use reader::{Luma, Zone, zones};

use self::documents::{Dice, Printed, printed};
use self::drawing::{Atlas, Shot, taken};

struct Asked {
    zones: u64,
    /// The first of them: a long run is several short ones.
    from: u64,
    seed: u64,
    /// Pictures of each zone that are read together.
    frames: usize,
    threads: usize,
    /// Where pictures and their texts are written.
    out: Option<PathBuf>,
    tesseract: bool,
}

/// Heights of capitals in pixels, up to which a row of the table goes.
const BANDS: [f32; 4] = [16.0, 24.0, 36.0, 61.0];

#[derive(Default, Clone)]
struct Tally {
    zones: u64,
    found: u64,
    lines: u64,
    exact: u64,
    /// Lines of the zones of which the reader said that it is sure.
    sure_lines: u64,
    sure_exact: u64,
    proven: u64,
    wrongly_proven: u64,
    refuted: u64,
    wrongly_refuted: u64,
    misprints: u64,
    took: Duration,
    others: Option<(u64, u64)>,
}

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let asked = asked()?;
    if let Some(out) = &asked.out {
        std::fs::create_dir_all(out)?;
    }
    let atlas = Atlas::new();
    let tallies = Mutex::new(vec![Tally::default(); BANDS.len()]);
    std::thread::scope(|scope| {
        for thread in 0..asked.threads as u64 {
            let (asked, atlas, tallies) = (&asked, &atlas, &tallies);
            scope.spawn(move || {
                for number in (asked.from + thread..asked.from + asked.zones).step_by(asked.threads) {
                    measure(asked, atlas, number, tallies);
                }
            });
        }
    });
    let tallies = tallies.into_inner()?;
    print(&tallies);
    Ok(())
}

fn measure(asked: &Asked, atlas: &Atlas, number: u64, tallies: &Mutex<Vec<Tally>>) {
    let mut dice = Dice::new(asked.seed.wrapping_mul(0x2545_f491_4f6c_dd1d) ^ number);
    let printed = printed(&mut dice);
    let shots: Vec<Shot> = (0..asked.frames)
        .map(|_| taken(&mut dice, atlas, &printed))
        .collect();
    if let Some(out) = &asked.out {
        for (frame, shot) in shots.iter().enumerate() {
            save(out, &format!("{number}-{frame}"), &shot.picture, &printed);
        }
    }
    let began = Instant::now();
    let reading = read(&shots);
    let took = began.elapsed() / asked.frames as u32;
    let other = asked
        .tesseract
        .then(|| tesseract(&shots[0].picture, &printed, number));
    let height = shots[0].height;
    let band = BANDS
        .iter()
        .position(|most| height < *most)
        .unwrap_or(BANDS.len() - 1);
    let mut tallies = tallies.lock().expect("no thread panics while counting");
    let tally = &mut tallies[band];
    tally.count(&printed, reading.as_ref(), took);
    if let Some((exact, lines)) = other {
        let (sum, all) = tally.others.unwrap_or_default();
        tally.others = Some((sum + exact, all + lines));
    }
    if let Some(reading) = reading.filter(|reading| is_wrongly_proven(&printed, reading)) {
        println!(
            "zone {number} wrongly proven at {height:.0} pixels:\n{}\n{}",
            reading.text(),
            text(&printed)
        );
    }
}

/// All frames together.
fn read(shots: &[Shot]) -> Option<DocumentReading> {
    let mut seen: Option<Zone> = None;
    for shot in shots {
        for zone in zones(&shot.picture) {
            match &mut seen {
                // Another zone in the same picture is not this one.
                Some(sum) => drop(sum.add(zone)),
                None => seen = Some(zone),
            }
        }
    }
    let zone = seen?.read()?;
    let today = CivilDate::new(2026, 11, 21).expect("a date");
    read_seen(zone.raw.reveal(), zone.text.reveal(), zone.sight, today).ok()
}

fn text(printed: &Printed) -> String {
    let lines: Vec<&str> = printed
        .lines()
        .map(|line| std::str::from_utf8(line).expect("ASCII"))
        .collect();
    lines.join("\n")
}

/// Whether a reading that claims to be proven differs from the print in what check digits cover, names apart.
fn is_wrongly_proven(printed: &Printed, reading: &DocumentReading) -> bool {
    let read = reading.text().replace('\n', "");
    let form = &printed.form;
    let claims = |cell: usize| !form.is_name(cell) && !form.proof(cell).is_empty();
    let differs = |cell: usize| claims(cell) && read.as_bytes()[cell] != printed.zone[cell];
    reading.verdicts.read == Verdict::Proven
        && (read.len() != printed.zone.len() || (0..read.len()).any(differs))
}

impl Tally {
    fn count(&mut self, printed: &Printed, reading: Option<&DocumentReading>, took: Duration) {
        self.zones += 1;
        self.took += took;
        self.misprints += u64::from(printed.is_misprint);
        let lines = printed.lines().count() as u64;
        self.lines += lines;
        let Some(reading) = reading else { return };
        self.found += 1;
        let read: Vec<&str> = reading.text().lines().collect();
        let same = printed
            .lines()
            .zip(&read)
            .filter(|(print, read)| *print == read.as_bytes());
        let exact = if read.len() as u64 == lines {
            same.count() as u64
        } else {
            0
        };
        self.exact += exact;
        match reading.verdicts.read {
            Verdict::Proven => self.proven += 1,
            Verdict::Refuted => {
                self.refuted += 1;
                self.wrongly_refuted += u64::from(!printed.is_misprint);
            }
            Verdict::NotChecked => return,
        }
        self.sure_lines += lines;
        self.sure_exact += exact;
        self.wrongly_proven += u64::from(is_wrongly_proven(printed, reading));
    }

    fn add(&mut self, other: &Self) {
        self.zones += other.zones;
        self.found += other.found;
        self.lines += other.lines;
        self.exact += other.exact;
        self.sure_lines += other.sure_lines;
        self.sure_exact += other.sure_exact;
        self.proven += other.proven;
        self.wrongly_proven += other.wrongly_proven;
        self.refuted += other.refuted;
        self.wrongly_refuted += other.wrongly_refuted;
        self.misprints += other.misprints;
        self.took += other.took;
        if let Some((exact, lines)) = other.others {
            let (sum, all) = self.others.unwrap_or_default();
            self.others = Some((sum + exact, all + lines));
        }
    }
}

fn print(tallies: &[Tally]) {
    let mut whole = Tally::default();
    tallies.iter().for_each(|tally| whole.add(tally));
    println!(
        "| capitals, px | zones | found | lines exact | of sure ones | proven | wrongly proven | refuted (misprints) | wrongly refuted | ms | tesseract lines exact |"
    );
    println!("|---|---|---|---|---|---|---|---|---|---|---|");
    let share = |part: u64, all: u64| format!("{:.2} %", 100.0 * part as f64 / all.max(1) as f64);
    let mut from = 12.0;
    let named = tallies.iter().zip(BANDS).map(|(tally, most)| {
        let name = format!("{from:.0} to {most:.0}");
        from = most;
        (name, tally)
    });
    for (name, tally) in named.chain([("all".to_owned(), &whole)]) {
        let other = tally
            .others
            .map_or_else(String::new, |(exact, lines)| share(exact, lines));
        println!(
            "| {name} | {} | {} | {} | {} | {} | {} | {} ({}) | {} | {:.0} | {other} |",
            tally.zones,
            share(tally.found, tally.zones),
            share(tally.exact, tally.lines),
            share(tally.sure_exact, tally.sure_lines),
            share(tally.proven, tally.zones),
            tally.wrongly_proven,
            tally.refuted,
            tally.misprints,
            tally.wrongly_refuted,
            tally.took.as_secs_f64() * 1e3 / tally.zones.max(1) as f64,
        );
    }
}

fn save(out: &Path, name: &str, picture: &Luma, printed: &Printed) {
    let path = out.join(format!("{name}.png"));
    image::save_buffer(
        &path,
        picture.pixels(),
        picture.width(),
        picture.height(),
        image::ColorType::L8,
    )
    .expect("the folder takes pictures");
    std::fs::write(out.join(format!("{name}.txt")), text(printed) + "\n").expect("the folder takes texts");
}

/// The lines that tesseract reads exactly, wherever they stand in what it reads.
fn tesseract(picture: &Luma, printed: &Printed, number: u64) -> (u64, u64) {
    let path = std::env::temp_dir().join(format!("zone-{}-{number}.png", std::process::id()));
    image::save_buffer(
        &path,
        picture.pixels(),
        picture.width(),
        picture.height(),
        image::ColorType::L8,
    )
    .expect("the system's folder takes pictures");
    let output = Command::new("tesseract")
        .env("OMP_THREAD_LIMIT", "1")
        .arg(&path)
        .args(["-", "--psm", "6", "-l", "eng"])
        .args([
            "-c",
            "tessedit_char_whitelist=ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789<",
        ])
        .output();
    std::fs::remove_file(&path).expect("the picture was written");
    let read = String::from_utf8_lossy(&output.expect("tesseract is installed").stdout).replace(' ', "");
    let lines = printed.lines().count() as u64;
    let exact = printed
        .lines()
        .filter(|line| read.lines().any(|one| one.as_bytes() == *line))
        .count();
    (exact as u64, lines)
}

fn asked() -> Result<Asked, Box<dyn std::error::Error>> {
    let mut asked = Asked {
        zones: 300,
        from: 0,
        seed: 7,
        frames: 1,
        threads: 1,
        out: None,
        tesseract: false,
    };
    let mut words = std::env::args().skip(1);
    while let Some(word) = words.next() {
        if word == "--tesseract" {
            asked.tesseract = true;
            continue;
        }
        let value = words.next().ok_or_else(|| format!("`{word}` needs a value"))?;
        match word.as_str() {
            "--zones" => asked.zones = value.parse()?,
            "--from" => asked.from = value.parse()?,
            "--seed" => asked.seed = value.parse()?,
            "--frames" => asked.frames = value.parse()?,
            "--threads" => asked.threads = value.parse()?,
            "--out" => asked.out = Some(value.into()),
            _ => return Err(format!("unknown option `{word}`").into()),
        }
    }
    Ok(asked)
}
