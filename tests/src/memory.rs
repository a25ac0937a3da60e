//! Copies of a secret in this process's own memory, found without making one more.

use std::fs::File;
use std::io::{BufRead, ErrorKind};
use std::os::unix::fs::FileExt;

use anyhow::Context;

/// What every sought byte is combined with by exclusive or, so that what is sought is not found in itself.
pub const MASK: u8 = 0xa5;

/// Read at a time.
const PIECE: usize = 1 << 20;

/// Something to look for, under [`MASK`].
pub struct Sought {
    pub name: &'static str,
    pub masked: Vec<u8>,
}

/// How many copies of each are in memory that can be read.
pub fn copies(sought: &[Sought]) -> anyhow::Result<Vec<usize>> {
    let longest = sought.iter().map(|one| one.masked.len()).max().unwrap_or(0);
    let memory = File::open("/proc/self/mem").context("this process's memory cannot be opened")?;
    let mut piece = vec![0; PIECE + longest];
    let own = piece.as_ptr() as u64..piece.as_ptr() as u64 + piece.len() as u64;
    let mut found = vec![0; sought.len()];
    for (start, end) in readable()? {
        // What is read goes into the piece: it is no copy of anybody else's.
        for (start, end) in [(start, end.min(own.start)), (start.max(own.end), end)] {
            let mut at = start;
            while at < end {
                let length = usize::try_from((end - at).min(piece.len() as u64))?;
                if read(&memory, &mut piece[..length], at)? {
                    for (found, one) in found.iter_mut().zip(sought) {
                        *found += count(&piece[..length], &one.masked, PIECE);
                    }
                }
                at += PIECE as u64;
            }
        }
    }
    piece.fill(0);
    Ok(found)
}

/// Copies that begin in the first `begin` bytes.
fn count(bytes: &[u8], masked: &[u8], begin: usize) -> usize {
    let Some((&first, rest)) = masked.split_first() else {
        return 0;
    };
    let mut found = 0;
    let mut left = bytes;
    // The standard library's search is optimised in every build.
    while let Ok(1..) = left.skip_until(first ^ MASK) {
        let at = bytes.len() - left.len();
        // The last byte passed is the one that was looked for, or the end.
        let is_first = bytes[at - 1] == first ^ MASK;
        let same = || left.iter().zip(rest).all(|(byte, masked)| byte ^ MASK == *masked);
        if at > begin {
            break;
        }
        if is_first && left.len() >= rest.len() && same() {
            found += 1;
        }
    }
    found
}

fn read(memory: &File, piece: &mut [u8], at: u64) -> anyhow::Result<bool> {
    match memory.read_exact_at(piece, at) {
        Ok(()) => Ok(true),
        // A part that ended since the list was read.
        Err(error) if error.kind() == ErrorKind::UnexpectedEof || error.raw_os_error() == Some(5) => {
            Ok(false)
        }
        Err(error) => Err(error).context("this process's memory cannot be read"),
    }
}

/// First and last address of each part that can be read, but the kernel's own.
fn readable() -> anyhow::Result<Vec<(u64, u64)>> {
    let maps = std::fs::read_to_string("/proc/self/maps").context("the list of memory cannot be read")?;
    let part = |line: &str| {
        let mut words = line.split_whitespace();
        let (start, end) = words.next()?.split_once('-')?;
        let readable = words.next()?.starts_with('r');
        let kernels = line.ends_with(']') && line.contains("[v");
        let address = |text| u64::from_str_radix(text, 16).ok();
        (readable && !kernels).then_some((address(start)?, address(end)?))
    };
    Ok(maps.lines().filter_map(part).collect())
}
