//! Frames on a byte stream: a length in two bytes, big-endian, then that many bytes of one Noise message.
//!
//! A reader that is interrupted by a timeout keeps what it has and goes on at the next call.

use std::io::{self, ErrorKind, Read, Write};

use thiserror::Error;

/// Why no frame is read.
#[derive(Debug, Error)]
pub enum FrameError {
    /// The other side is gone, between frames or within one.
    #[error("the other side is gone")]
    Gone(#[source] io::Error),
    /// Nothing came within the stream's read timeout.
    #[error("nothing came in time")]
    Silent,
}

/// Reads frames from a stream.
pub struct FrameReader<R> {
    source: R,
    head: [u8; 2],
    body: Vec<u8>,
    /// Bytes of head and body that have arrived.
    filled: usize,
}

impl<R: Read> FrameReader<R> {
    pub fn new(source: R) -> Self {
        Self {
            source,
            head: [0; 2],
            body: Vec::new(),
            filled: 0,
        }
    }

    /// The next frame; an empty one is given like any other and is no Noise message.
    pub fn next_frame(&mut self) -> Result<Vec<u8>, FrameError> {
        while self.filled < self.head.len() {
            self.filled += read_some(&mut self.source, &mut self.head[self.filled..])?;
        }
        self.body.resize(usize::from(u16::from_be_bytes(self.head)), 0);
        loop {
            let have = self.filled - self.head.len();
            if have == self.body.len() {
                self.filled = 0;
                return Ok(std::mem::take(&mut self.body));
            }
            self.filled += read_some(&mut self.source, &mut self.body[have..])?;
        }
    }
}

/// Writes one frame; refuses what does not fit its length.
pub fn write_frame(output: &mut impl Write, body: &[u8]) -> io::Result<()> {
    let length = u16::try_from(body.len()).map_err(|_| io::Error::from(ErrorKind::InvalidInput))?;
    let mut frame = Vec::with_capacity(body.len() + 2);
    frame.extend(length.to_be_bytes());
    frame.extend(body);
    output.write_all(&frame)?;
    output.flush()
}

fn read_some(source: &mut impl Read, into: &mut [u8]) -> Result<usize, FrameError> {
    loop {
        match source.read(into) {
            Ok(0) => return Err(FrameError::Gone(ErrorKind::UnexpectedEof.into())),
            Ok(count) => return Ok(count),
            Err(error) if error.kind() == ErrorKind::Interrupted => {}
            Err(error) if matches!(error.kind(), ErrorKind::WouldBlock | ErrorKind::TimedOut) => {
                return Err(FrameError::Silent);
            }
            Err(error) => return Err(FrameError::Gone(error)),
        }
    }
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a test panics on the unexpected")]
mod tests {
    use super::*;

    /// Gives one byte, then times out once, and so on.
    struct Stuttering(Vec<u8>, bool);

    impl Read for Stuttering {
        fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
            self.1 = !self.1;
            if self.1 {
                return Err(ErrorKind::WouldBlock.into());
            }
            if self.0.is_empty() {
                return Ok(0);
            }
            into[0] = self.0.remove(0);
            Ok(1)
        }
    }

    #[test]
    fn frames_survive_a_stream_that_stutters() {
        let mut bytes = Vec::new();
        write_frame(&mut bytes, b"abc").unwrap();
        write_frame(&mut bytes, b"").unwrap();
        write_frame(&mut bytes, &[7; 300]).unwrap();
        let mut reader = FrameReader::new(Stuttering(bytes, false));
        let mut frames = Vec::new();
        loop {
            match reader.next_frame() {
                Ok(frame) => frames.push(frame),
                Err(FrameError::Silent) => {}
                Err(FrameError::Gone(_)) => break,
            }
        }
        assert_eq!(frames, [b"abc".to_vec(), vec![], vec![7; 300]]);
    }

    #[test]
    fn a_frame_that_does_not_fit_its_length_is_refused() {
        assert!(write_frame(&mut Vec::new(), &[0; 65_536]).is_err());
    }
}
