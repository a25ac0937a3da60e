//! What the simulator and a terminal in its own process say to each other: frames of CBOR over standard input and output.

use std::io::{self, Read, Write};

use domain::canonical;
use domain::dialogue::{Intent, View};
use domain::footage::leaving::Supply;
use domain::place::Fix;
use minicbor::{Decode, Encode};

/// The longest frame, in bytes: a document with its photographs is the largest thing said.
const MAX_FRAME: u32 = 96 * 1024 * 1024;

/// To the terminal.
#[derive(Debug, Encode, Decode)]
pub enum ToTerminal {
    #[n(0)]
    Intent(#[n(0)] Intent),
    /// End the process, as a flat battery does, right after this commit point (its position in
    /// `CommitPoint::ALL`).
    #[n(1)]
    DieAt(#[n(0)] u8),
    #[n(2)]
    Card {
        #[n(0)]
        present: bool,
    },
    /// Where the simulated platform says that the terminal is.
    #[n(3)]
    Position(#[n(0)] Fix),
    /// Another card is put in: the one kept in this folder.
    #[n(4)]
    AnotherCard {
        #[n(0)]
        dir: String,
    },
    /// The time since the device's start goes on by so many milliseconds at once.
    #[n(5)]
    Leap {
        #[n(0)]
        ms: u64,
    },
    /// So many milliseconds pass at once, on the wall clock too.
    #[n(6)]
    Pass {
        #[n(0)]
        ms: u64,
    },
    /// What the simulated platform says that the terminal lives on.
    #[n(7)]
    Supply(#[n(0)] Supply),
}

/// From the terminal.
#[derive(Debug, Encode, Decode)]
pub enum FromTerminal {
    #[n(0)]
    View(#[n(0)] View),
}

/// Writes one frame: length as four bytes, big-endian, then the value.
pub fn write<T: Encode<()>>(to: &mut impl Write, value: &T) -> io::Result<()> {
    let bytes = canonical::encode(value);
    let length = u32::try_from(bytes.len())
        .ok()
        .filter(|length| *length <= MAX_FRAME);
    let length = length.ok_or_else(|| io::Error::other("the frame is too long"))?;
    to.write_all(&length.to_be_bytes())?;
    to.write_all(&bytes)?;
    to.flush()
}

/// Reads one frame; `None` at a clean end.
pub fn read<T: for<'b> Decode<'b, ()> + Encode<()>>(from: &mut impl Read) -> io::Result<Option<T>> {
    let mut length = [0; 4];
    match from.read_exact(&mut length) {
        Ok(()) => {}
        Err(error) if error.kind() == io::ErrorKind::UnexpectedEof => return Ok(None),
        Err(error) => return Err(error),
    }
    let length = u32::from_be_bytes(length);
    if length > MAX_FRAME {
        return Err(io::Error::other("the frame is too long"));
    }
    let mut bytes = vec![0; length as usize];
    from.read_exact(&mut bytes)?;
    canonical::decode(&bytes)
        .map(Some)
        .map_err(|_| io::Error::other("the frame does not read"))
}
