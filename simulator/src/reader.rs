//! The simulated card in a virtual reader (vsmartcard's `vpcd`): any program on this computer that drives readers through
//! PC/SC finds it there.

use std::io::{self, Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::path::Path;

use anyhow::Context;

use crate::card::{Applet, SimCard};

/// Where `vpcd` waits for a card.
pub const VPCD: &str = "127.0.0.1:35963";
/// A card that speaks T=1 and says no more of itself (ISO/IEC 7816-3 §8).
const ATR: [u8; 5] = [0x3b, 0x80, 0x80, 0x01, 0x01];

/// Puts the card kept in `dir` into the reader at `vpcd`, until the reader goes.
pub fn insert(dir: &Path, vpcd: SocketAddr) -> anyhow::Result<()> {
    SimCard::certificate(dir)?;
    let applet = SimCard::applet(dir, None)?;
    let stream = TcpStream::connect(vpcd).with_context(|| {
        format!("no virtual reader answers at `{vpcd}`; is `pcscd` running, with `vpcd`?")
    })?;
    serve(applet, stream).context("the virtual reader is out of reach")
}

/// Frames of two length bytes, big-endian; a single byte is the reader's own word.
fn serve(mut applet: Applet, mut stream: TcpStream) -> io::Result<()> {
    loop {
        let mut length = [0; 2];
        match stream.read_exact(&mut length) {
            Ok(()) => {}
            Err(error) if error.kind() == io::ErrorKind::UnexpectedEof => return Ok(()),
            Err(error) => return Err(error),
        }
        let mut heard = vec![0; usize::from(u16::from_be_bytes(length))];
        stream.read_exact(&mut heard)?;
        let answer = match heard.as_slice() {
            // Power off, power on, reset.
            [0..=2] => {
                applet.reset();
                continue;
            }
            [4] => ATR.to_vec(),
            command => applet.process(command),
        };
        let length = u16::try_from(answer.len()).map_err(io::Error::other)?;
        stream.write_all(&[length.to_be_bytes().as_slice(), &answer].concat())?;
    }
}
