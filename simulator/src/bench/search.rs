//! The list of offences after each letter that an officer types, held against a bare FTS5 query on the same rows.

use std::time::{Duration, Instant};

use anyhow::Context;
use domain::identity::CivilDate;
use domain::natinf::{Natinf, Offence, Reference, ReferenceSet, ReferenceVersion};
use rusqlite::{Connection, params};

use super::figures::{Measure, Samples, Target};
use crate::official_list::{Charset, official_list};

const TARGET: Target = Target::AtMost(3.0);
/// Rows of the ministry's list.
const ROWS: usize = 17_000;
/// Lines that the screen asks for.
const LIMIT: u8 = 20;
/// Each phrase is typed so often in a repetition, so that one query in a hundred is not a single one.
const ROUNDS: usize = 10;

/// Everyday words, official labels, codes and articles.
const TYPED: [&str; 16] = [
    "téléphone",
    "feu rouge",
    "sans permis",
    "conduite sans permis",
    "détention de stupéfiants",
    "ceinture",
    "stationnement gênant",
    "assurance",
    "vitesse",
    "vol à l'étalage",
    "transport routier",
    "mise en danger d'autrui",
    "violation de sécurité",
    "23800",
    "40123",
    "412-6-1",
];

/// The two sides on the same rows.
struct Sides {
    set: ReferenceSet,
    day: CivilDate,
    frequent: Vec<Natinf>,
    bare: Connection,
}

pub(super) fn measure(repetitions: usize) -> anyhow::Result<Measure> {
    let sides = Sides::set()?;
    let keystrokes: Vec<&str> = TYPED.into_iter().flat_map(keystrokes).collect();
    let (mut samples, mut ratios) = (Samples::default(), Vec::new());
    for repetition in 0..repetitions {
        let (mut product, mut plain, mut ranked) = (Vec::new(), Vec::new(), Vec::new());
        for _ in 0..ROUNDS {
            for typed in &keystrokes {
                product.push(sides.product(typed));
                plain.push(sides.fts5(typed, "")?);
                ranked.push(sides.fts5(typed, "ORDER BY rank")?);
            }
        }
        let [product, plain, ranked] = [product, plain, ranked].map(Latencies::of);
        ratios.push(product.p99 / plain.p99);
        samples.add("the terminal's list, p99", "µs", product.p99);
        samples.add("bare FTS5, the first rows that match, p99", "µs", plain.p99);
        samples.add("bare FTS5, in order of rank, p99", "µs", ranked.p99);
        samples.add("the terminal's list, median", "µs", product.median);
        samples.add("bare FTS5, the first rows that match, median", "µs", plain.median);
        if repetition == 0 {
            samples.add("rows", "", sides.set.len() as f64);
            samples.add(
                "queries a side and repetition",
                "",
                (keystrokes.len() * ROUNDS) as f64,
            );
        }
    }
    Ok(samples.measure(
        "list of offences as one types ÷ a bare FTS5 query on the same rows, p99".to_owned(),
        TARGET,
        ratios,
    ))
}

/// `text` after each letter.
fn keystrokes(text: &str) -> impl Iterator<Item = &str> {
    text.char_indices().map(|(at, c)| &text[..at + c.len_utf8()])
}

impl Sides {
    fn set() -> anyhow::Result<Self> {
        let base = ReferenceSet::embedded().reference();
        let day = base.issued;
        let version = ReferenceVersion("bench".to_owned());
        let list = official_list(ROWS, Charset::Windows1252);
        let merged =
            Reference::from_csv(&list, &base, version, day).context("the drawn list does not read")?;
        let bare = fts5(&merged.reference.offences).context("could not fill the bare index")?;
        let offences = merged.reference.offences.iter();
        let frequent = offences.take(10).map(|offence| offence.natinf).collect();
        let set = ReferenceSet::from(merged.reference);
        Ok(Self {
            frequent,
            day,
            bare,
            set,
        })
    }

    /// What the engine does for a letter: the rows in their order, each with its amount.
    fn product(&self, typed: &str) -> Duration {
        let began = Instant::now();
        let law = self.set.at(self.day);
        for offence in law.search(typed, &self.frequent, usize::from(LIMIT)) {
            std::hint::black_box((offence.label.clone(), law.amounts(offence)));
        }
        began.elapsed()
    }

    /// Every word as a prefix; the statement is prepared once.
    fn fts5(&self, typed: &str, order: &str) -> anyhow::Result<Duration> {
        let words: Vec<String> = typed
            .split(|c: char| !c.is_alphanumeric())
            .filter(|word| !word.is_empty())
            .map(|word| format!("\"{word}\"*"))
            .collect();
        let query = words.join(" ");
        let began = Instant::now();
        let mut statement = self.bare.prepare_cached(&format!(
            "SELECT label, code, nature FROM offence WHERE offence MATCH ?1 {order} LIMIT ?2"
        ))?;
        let mut rows = statement.query(params![query, LIMIT])?;
        while let Some(row) = rows.next()? {
            std::hint::black_box((
                row.get::<_, String>(0)?,
                row.get::<_, String>(1)?,
                row.get::<_, String>(2)?,
            ));
        }
        Ok(began.elapsed())
    }
}

fn fts5(offences: &[Offence]) -> rusqlite::Result<Connection> {
    let db = Connection::open_in_memory()?;
    db.execute_batch(
        "CREATE VIRTUAL TABLE offence USING fts5(
             label, words, defined_by, punished_by, code, nature UNINDEXED,
             tokenize = 'unicode61 remove_diacritics 2');
         BEGIN;",
    )?;
    let mut insert = db.prepare("INSERT INTO offence VALUES (?1, ?2, ?3, ?4, ?5, ?6)")?;
    for offence in offences {
        insert.execute(params![
            offence.label,
            offence.words,
            offence.defined_by,
            offence.punished_by,
            offence.natinf.code().to_string(),
            format!("{:?}", offence.nature),
        ])?;
    }
    drop(insert);
    db.execute_batch("COMMIT; INSERT INTO offence(offence) VALUES ('optimize');")?;
    Ok(db)
}

/// In microseconds.
struct Latencies {
    median: f64,
    p99: f64,
}

impl Latencies {
    fn of(mut took: Vec<Duration>) -> Self {
        took.sort_unstable();
        let at = |share: usize| {
            let place = (took.len() * share / 100).min(took.len().saturating_sub(1));
            took.get(place).map_or(0.0, |took| took.as_secs_f64() * 1e6)
        };
        Self {
            median: at(50),
            p99: at(99),
        }
    }
}
