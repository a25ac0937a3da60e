//! The sample tables of a classic MP4 file: where each picture lies and when it is decoded (ISO/IEC 14496-12 §8.6, §8.7).

use super::boxes::{self, Box, Numbers};
use super::{Bytes, MAX_FRAMES, Refusal, Sample};

/// The pictures that the tables name, in the order in which they are decoded; none of a file that has only fragments.
pub(super) fn samples(source: &dyn Bytes, table: &[Box]) -> Result<Vec<Sample>, Refusal> {
    let sizes = sizes(source, boxes::needed(table, b"stsz")?)?;
    if sizes.is_empty() {
        return Ok(Vec::new());
    }
    let offsets = offsets(source, table)?;
    let runs = runs(source, boxes::needed(table, b"stsc")?)?;
    let mut samples = Vec::with_capacity(sizes.len());
    let mut left = sizes.into_iter();
    let mut runs = runs.into_iter().peekable();
    let mut per_chunk = None;
    for (chunk, offset) in (1..).zip(offsets) {
        while let Some(run) = runs.next_if(|run| run.first_chunk <= chunk) {
            per_chunk = Some(run.samples);
        }
        let mut at = offset;
        for _ in 0..per_chunk.ok_or(Refusal::Index)? {
            let Some(length) = left.next() else { break };
            samples.push(Sample { at, length, time: 0 });
            at = at.checked_add(u64::from(length)).ok_or(Refusal::Outside)?;
        }
    }
    if left.next().is_some() {
        return Err(Refusal::Index);
    }
    set_times(source, boxes::needed(table, b"stts")?, &mut samples)?;
    Ok(samples)
}

fn sizes(source: &dyn Bytes, one: &Box) -> Result<Vec<u32>, Refusal> {
    let bytes = boxes::content(source, one)?;
    let mut numbers = Numbers(&bytes);
    numbers.version_and_flags()?;
    let same = numbers.word()?;
    let count = count(&mut numbers)?;
    if same != 0 {
        return Ok(vec![same; count]);
    }
    (0..count).map(|_| numbers.word()).collect()
}

fn offsets(source: &dyn Bytes, table: &[Box]) -> Result<Vec<u64>, Refusal> {
    let (one, version) = match (boxes::only(table, b"stco")?, boxes::only(table, b"co64")?) {
        (Some(one), None) => (one, 0),
        (None, Some(one)) => (one, 1),
        (None, None) => return Err(Refusal::Index),
        (Some(_), Some(_)) => return Err(Refusal::Ambiguous),
    };
    let bytes = boxes::content(source, one)?;
    let mut numbers = Numbers(&bytes);
    numbers.version_and_flags()?;
    let count = count(&mut numbers)?;
    (0..count).map(|_| numbers.word_or_long(version)).collect()
}

/// From this chunk on, each has so many pictures.
struct Run {
    first_chunk: u32,
    samples: u32,
}

fn runs(source: &dyn Bytes, one: &Box) -> Result<Vec<Run>, Refusal> {
    let bytes = boxes::content(source, one)?;
    let mut numbers = Numbers(&bytes);
    numbers.version_and_flags()?;
    let count = count(&mut numbers)?;
    let mut runs: Vec<Run> = Vec::new();
    for _ in 0..count {
        let run = Run {
            first_chunk: numbers.word()?,
            samples: numbers.word()?,
        };
        numbers.word()?;
        if runs
            .last()
            .is_some_and(|last| last.first_chunk >= run.first_chunk)
        {
            return Err(Refusal::Index);
        }
        runs.push(run);
    }
    Ok(runs)
}

/// What the table says beyond the last picture means nothing; a picture beyond the table keeps the last time.
fn set_times(source: &dyn Bytes, one: &Box, samples: &mut [Sample]) -> Result<(), Refusal> {
    let bytes = boxes::content(source, one)?;
    let mut numbers = Numbers(&bytes);
    numbers.version_and_flags()?;
    let count = count(&mut numbers)?;
    let mut left = samples.iter_mut();
    let mut time = 0_u64;
    for _ in 0..count {
        let (repeated, step) = (numbers.word()?, numbers.word()?);
        for _ in 0..repeated {
            let Some(sample) = left.next() else {
                return Ok(());
            };
            sample.time = time;
            time = time.saturating_add(u64::from(step));
        }
    }
    left.for_each(|sample| sample.time = time);
    Ok(())
}

fn count(numbers: &mut Numbers<'_>) -> Result<usize, Refusal> {
    let count = usize::try_from(numbers.word()?).map_err(|_| Refusal::TooLarge)?;
    if count > MAX_FRAMES {
        return Err(Refusal::TooLarge);
    }
    Ok(count)
}
