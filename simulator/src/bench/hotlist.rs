//! A plate asked of the list on the terminal, held against a SQLite index over the same entries.

use std::path::Path;
use std::time::{Duration, Instant};

use anyhow::Context;
use domain::UnixMs;
use domain::hotlist::{Hotlist, Sought, Standing, Subject};
use domain::vehicle::Plate;
use rusqlite::Connection;
use trust::hotlist::{Filters, HotlistKey, filter};

use super::figures::{Measure, Samples, Target};

const TARGET: Target = Target::AtMost(0.1);
const ENTRIES: u32 = 10_000_000;
/// Questions a side and repetition: half of them are about something listed.
const QUESTIONS: u32 = 20_000;
/// Plates that are on no list, asked once to count wrong answers.
const STRANGERS: u32 = 2_000_000;

pub(super) fn measure(dir: &Path, repetitions: usize) -> anyhow::Result<Measure> {
    let key = HotlistKey::from_bytes([7; 32]);
    let began = Instant::now();
    let mut digests: Vec<u64> = (0..ENTRIES).map(|number| key.digest(&plate(number))).collect();
    digests.sort_unstable();
    digests.dedup();
    let list = Hotlist {
        version: 1,
        epoch: 1,
        as_of: UnixMs(1),
        filters: vec![filter(Subject::Vehicle, &digests).context("no filter was found")?],
    };
    let built = began.elapsed();
    drop(digests);
    let bytes = domain::encode(&list);
    drop(list);
    let index = index(dir).context("could not fill the index")?;

    let before = resident();
    let began = Instant::now();
    let list: Hotlist = domain::decode(&bytes).context("the list does not read")?;
    let filters = Filters::read(&list).context("the list does not hold")?;
    drop(list);
    let opened = began.elapsed();
    let resident = resident()
        .zip(before)
        .map(|(after, before)| after.saturating_sub(before));

    let wrong = (ENTRIES..ENTRIES + STRANGERS)
        .filter(|number| is_listed(&filters, &key, &plate(*number)))
        .count();
    let (mut samples, mut ratios) = (Samples::default(), Vec::new());
    let questions: Vec<Sought> = (0..QUESTIONS).map(|number| plate(spread(number))).collect();
    for repetition in 0..repetitions {
        let mut product: Vec<Duration> = questions
            .iter()
            .map(|sought| {
                let began = Instant::now();
                std::hint::black_box(is_listed(&filters, &key, sought));
                began.elapsed()
            })
            .collect();
        let mut statement = index.prepare_cached("SELECT 1 FROM listed WHERE plate = ?1")?;
        let mut bare = Vec::with_capacity(questions.len());
        for sought in &questions {
            let Sought::Vehicle(plate) = sought else { continue };
            let began = Instant::now();
            std::hint::black_box(statement.exists([plate.key()])?);
            bare.push(began.elapsed());
        }
        let (asked, held) = (p99(&mut product), p99(&mut bare));
        ratios.push(asked / held);
        samples.add("the terminal's list, p99", "µs", asked);
        samples.add("SQLite's index, p99", "µs", held);
        if repetition == 0 {
            samples.add("entries", "", f64::from(ENTRIES));
            samples.add("an entry", "bits", bytes.len() as f64 * 8.0 / f64::from(ENTRIES));
            samples.add(
                "wrongly listed, of a million",
                "",
                wrong as f64 * 1e6 / f64::from(STRANGERS),
            );
            samples.add("the list opened from its bytes", "ms", opened.as_secs_f64() * 1e3);
            samples.add("the list built at HQ, digests included", "s", built.as_secs_f64());
            if let Some(resident) = resident {
                samples.add("memory of the open list", "MB", resident as f64 / 1e6);
            }
        }
    }
    Ok(samples.measure(
        "a plate asked of a list of 10 million without network ÷ SQLite's index over the same, p99"
            .to_owned(),
        TARGET,
        ratios,
    ))
}

/// A foreign plate of its own for each number.
fn plate(number: u32) -> Sought {
    Sought::Vehicle(Plate::foreign(&format!("X{number:08}")).expect("nine letters and digits are a plate"))
}

/// Numbers all over the list and as far beyond it.
const fn spread(number: u32) -> u32 {
    number.wrapping_mul(2_654_435_761) % (2 * ENTRIES)
}

fn is_listed(filters: &Filters, key: &HotlistKey, sought: &Sought) -> bool {
    let standing = filters.look_up(None, sought.subject(), key.digest(sought), UnixMs(1));
    matches!(standing, Standing::Listed { .. })
}

#[expect(
    clippy::disallowed_methods,
    reason = "what the product is held against is a plain database"
)]
fn index(dir: &Path) -> rusqlite::Result<Connection> {
    let db = Connection::open(dir.join("listed.db"))?;
    db.execute_batch(
        "PRAGMA synchronous = OFF; CREATE TABLE listed (plate TEXT PRIMARY KEY) WITHOUT ROWID; BEGIN;",
    )?;
    let mut insert = db.prepare("INSERT INTO listed VALUES (?1)")?;
    for number in 0..ENTRIES {
        insert.execute([format!("X{number:08}")])?;
    }
    drop(insert);
    db.execute_batch("COMMIT;")?;
    Ok(db)
}

/// Resident memory of this process, in bytes; none where the system does not say.
fn resident() -> Option<u64> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find(|line| line.starts_with("VmRSS:"))?;
    let kib: u64 = line.split_whitespace().nth(1)?.parse().ok()?;
    Some(kib * 1024)
}

/// In microseconds.
fn p99(took: &mut [Duration]) -> f64 {
    took.sort_unstable();
    let place = took.len() * 99 / 100;
    took.get(place).map_or(0.0, |took| took.as_secs_f64() * 1e6)
}
