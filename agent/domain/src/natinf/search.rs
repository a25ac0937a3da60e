//! Search as you type: a table of folded words, each with the rows that have it, built once for a set.

use std::collections::BTreeMap;

use super::code::Natinf;
use super::offence::{Forfait, Offence};
use super::table;

/// Words that say nothing about an offence.
const EMPTY: [&str; 22] = [
    "AU", "AUX", "AVEC", "CE", "DANS", "DE", "DES", "DU", "EN", "ET", "LA", "LE", "LES", "OU", "PAR", "POUR",
    "QUE", "QUI", "SUR", "UN", "UNE", "D",
];

/// Sorted words and abbreviations, with ascending row numbers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Index {
    words: Vec<(String, Vec<u32>)>,
    abbreviations: BTreeMap<String, Vec<String>>,
}

impl Index {
    pub(super) fn of(offences: &[Offence]) -> Self {
        let mut words: BTreeMap<String, Vec<u32>> = BTreeMap::new();
        for (row, offence) in (0_u32..).zip(offences) {
            let texts = [
                offence.label.as_str(),
                &offence.words,
                &offence.defined_by,
                &offence.punished_by,
            ];
            let code = offence.natinf.to_string();
            for word in texts.into_iter().flat_map(words_of).chain([code]) {
                let rows = words.entry(word).or_default();
                if rows.last() != Some(&row) {
                    rows.push(row);
                }
            }
        }
        let abbreviations = table::rows(table::ABBREVIATIONS)
            .filter_map(|row| match row.as_slice() {
                [short, long] => Some(((*short).to_owned(), words_of(long).collect())),
                _ => None,
            })
            .collect();
        Self {
            words: words.into_iter().collect(),
            abbreviations,
        }
    }

    pub(super) fn search<'a>(
        &self,
        offences: &'a [Offence],
        text: &str,
        frequent: &[Natinf],
        limit: usize,
        holds: impl Fn(&Offence) -> bool,
    ) -> Vec<&'a Offence> {
        let words = asked(text);
        let mut rows = Rows::all(offences.len());
        for word in &words {
            rows.keep(&self.meant(word, offences.len()));
        }
        let exact = Natinf::parse(text).ok();
        let phrase = fold(text.trim());
        let said_so = |offence: &Offence| !offence.words.is_empty() && fold(&offence.words).contains(&phrase);
        let rank = |offence: &&Offence| {
            let place = frequent.iter().position(|natinf| *natinf == offence.natinf);
            (
                exact != Some(offence.natinf),
                place.unwrap_or(usize::MAX),
                !said_so(offence),
                offence.forfait == Forfait::Unchecked,
                offence.natinf,
            )
        };
        let mut found: Vec<&Offence> = rows
            .iter()
            .filter_map(|row| offences.get(row))
            .filter(|offence| holds(offence))
            .collect();
        if limit < found.len() {
            found.select_nth_unstable_by_key(limit, rank);
            found.truncate(limit);
        }
        found.sort_unstable_by_key(rank);
        found
    }

    /// Rows with a word that begins with `word`, or with everything that it abbreviates.
    fn meant(&self, word: &str, rows: usize) -> Rows {
        let mut meant = self.beginning(word, rows);
        if let Some(long) = self.abbreviations.get(word) {
            let mut all = Rows::all(rows);
            for word in long {
                all.keep(&self.beginning(word, rows));
            }
            meant.add(&all);
        }
        meant
    }

    fn beginning(&self, prefix: &str, rows: usize) -> Rows {
        let mut found = Rows::none(rows);
        let start = self.words.partition_point(|(word, _)| word.as_str() < prefix);
        let words = self.words.get(start..).unwrap_or_default();
        for (_, having) in words.iter().take_while(|(word, _)| word.starts_with(prefix)) {
            having.iter().for_each(|row| found.set(*row));
        }
        found
    }
}

/// The words of what is typed. A plural finds the singular too; the last word may be its first letter only.
fn asked(text: &str) -> Vec<String> {
    let mut words: Vec<String> = chunks(text).collect();
    let last = words.len().saturating_sub(1);
    let mut position = 0;
    words.retain(|word| {
        position += 1;
        (word.len() > 1 || position > last) && (!EMPTY.contains(&word.as_str()) || last == 0)
    });
    for word in &mut words {
        if word.len() > 3 && word.ends_with(['S', 'X']) && !word.contains(|c: char| c.is_ascii_digit()) {
            word.pop();
        }
    }
    words
}

fn words_of(text: &str) -> impl Iterator<Item = String> + '_ {
    chunks(text).filter(|word| word.len() > 1 && !EMPTY.contains(&word.as_str()))
}

/// Folded words; an article stays whole, without the letter before it: `R.412-6-1` is `412-6-1`.
fn chunks(text: &str) -> impl Iterator<Item = String> + '_ {
    text.split(|c: char| !c.is_alphanumeric() && c != '-')
        .flat_map(|chunk| {
            let folded = fold(chunk);
            if folded.contains(|c: char| c.is_ascii_digit()) {
                let article = folded.trim_start_matches(|c: char| !c.is_ascii_digit());
                vec![article.trim_end_matches('-').to_owned()]
            } else {
                folded.split('-').map(str::to_owned).collect()
            }
        })
        .filter(|word| !word.is_empty())
}

/// Upper case without the accents that the official labels do not carry.
pub(crate) fn fold(text: &str) -> String {
    let mut folded = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            'à' | 'â' | 'ä' | 'À' | 'Â' | 'Ä' => folded.push('A'),
            'é' | 'è' | 'ê' | 'ë' | 'É' | 'È' | 'Ê' | 'Ë' => folded.push('E'),
            'î' | 'ï' | 'Î' | 'Ï' => folded.push('I'),
            'ô' | 'ö' | 'Ô' | 'Ö' => folded.push('O'),
            'ù' | 'û' | 'ü' | 'Ù' | 'Û' | 'Ü' => folded.push('U'),
            'ç' | 'Ç' => folded.push('C'),
            'œ' | 'Œ' => folded.push_str("OE"),
            'æ' | 'Æ' => folded.push_str("AE"),
            _ => folded.push(c.to_ascii_uppercase()),
        }
    }
    folded
}

/// A set of row numbers, one bit a row.
struct Rows {
    bits: Vec<u64>,
    len: usize,
}

impl Rows {
    fn none(len: usize) -> Self {
        Self {
            bits: vec![0; len.div_ceil(64)],
            len,
        }
    }

    fn all(len: usize) -> Self {
        Self {
            bits: vec![u64::MAX; len.div_ceil(64)],
            len,
        }
    }

    fn set(&mut self, row: u32) {
        let row = usize::try_from(row).unwrap_or(usize::MAX);
        if let Some(bits) = self.bits.get_mut(row / 64) {
            *bits |= 1 << (row % 64);
        }
    }

    fn keep(&mut self, other: &Self) {
        for (bits, others) in self.bits.iter_mut().zip(&other.bits) {
            *bits &= others;
        }
    }

    fn add(&mut self, other: &Self) {
        for (bits, others) in self.bits.iter_mut().zip(&other.bits) {
            *bits |= others;
        }
    }

    fn iter(&self) -> impl Iterator<Item = usize> + '_ {
        self.bits
            .iter()
            .enumerate()
            .flat_map(|(word, bits)| {
                (0..64)
                    .filter(move |bit| bits >> bit & 1 == 1)
                    .map(move |bit| word * 64 + bit)
            })
            .take_while(|row| *row < self.len)
    }
}
