//! What goes inside the seal of an act, written while it is encoded: a piece passes through chunk by chunk, and is held
//! against its digest on the way.
//!
//! The bytes are those of [`domain::envelope::Bundle`].

use std::convert::Infallible;
use std::io::{self, ErrorKind, Read, Write};

use domain::Digest;
use domain::envelope::Attachment;
use minicbor::Encoder;
use minicbor::encode::Error;
use trust::Hasher;

use super::sign::{PieceFile, SignFailure};

/// Bytes of a piece that are in memory at once.
const PASSING: usize = 256 * 1024;

pub(super) struct Contents<'a> {
    /// The record's COSE_Sign1.
    pub(super) record: &'a [u8],
    pub(super) attachments: &'a [Attachment],
    pub(super) pieces: &'a [PieceFile],
}

impl Contents<'_> {
    pub(super) fn write(&self, out: &mut impl Write) -> Result<(), SignFailure> {
        let count = (self.attachments.len() + self.pieces.len()) as u64;
        write(out, |e| {
            e.map(2)?.u8(0)?.bytes(self.record)?.u8(1)?.array(count)?;
            Ok(())
        })?;
        for attachment in self.attachments {
            write(out, |e| {
                let Attachment { name, content } = attachment;
                e.map(2)?
                    .u8(0)?
                    .str(name)?
                    .u8(1)?
                    .bytes_len(content.len() as u64)?;
                Ok(())
            })?;
            out.write_all(&attachment.content)?;
        }
        for PieceFile { piece, kept, key } in self.pieces {
            write(out, |e| {
                e.map(2)?.u8(0)?.str(&piece.name)?.u8(1)?.bytes_len(piece.bytes)?;
                Ok(())
            })?;
            let content = kept.content(key).map_err(|_| SignFailure::PieceGone)?;
            if pass(content.take(piece.bytes), out)? != (piece.sha256, piece.bytes) {
                return Err(SignFailure::PieceGone);
            }
        }
        Ok(())
    }
}

fn write(
    out: &mut impl Write,
    encode: impl FnOnce(&mut Encoder<&mut Vec<u8>>) -> Result<(), Error<Infallible>>,
) -> io::Result<()> {
    let mut bytes = Vec::new();
    encode(&mut Encoder::new(&mut bytes)).map_err(|_| ErrorKind::Other)?;
    out.write_all(&bytes)
}

/// Digest and length of what passed; what cannot be read is gone, what cannot be written is the disk's matter.
fn pass(mut from: impl Read, to: &mut impl Write) -> Result<(Digest, u64), SignFailure> {
    let (mut hasher, mut passed) = (Hasher::new(), 0);
    let mut buffer = vec![0; PASSING];
    loop {
        let read = from.read(&mut buffer).map_err(|_| SignFailure::PieceGone)?;
        if read == 0 {
            return Ok((Digest::from_bytes(*hasher.finish().as_bytes()), passed));
        }
        hasher.update(&buffer[..read]);
        to.write_all(&buffer[..read])?;
        passed += read as u64;
    }
}

#[cfg(test)]
mod tests {
    use domain::envelope::Bundle;
    use domain::piece::{Piece, PieceKind};
    use domain::{PieceId, UnixMs};
    use zeroize::Zeroizing;

    use super::*;
    use crate::pieces::{CHUNK, PieceKey, Pieces};

    fn kept(folder: &std::path::Path, n: u8, content: &[u8]) -> PieceFile {
        let kept = Pieces::new(folder.to_owned());
        let key = PieceKey {
            id: PieceId::from_bytes([n; 16]),
            key: Zeroizing::new([n; 32]),
        };
        let mut sink = kept.sink(&key).unwrap();
        content.chunks(CHUNK).for_each(|chunk| sink.take(chunk).unwrap());
        let (sha256, bytes) = sink.finish().unwrap();
        let name = format!("son {n}");
        PieceFile {
            piece: Piece::of(&name, PieceKind::Ogg, sha256, bytes, UnixMs(0)),
            kept,
            key,
        }
    }

    #[test]
    fn what_is_written_is_the_bundle_as_the_domain_encodes_it() {
        let dir = tempfile::tempdir().unwrap();
        let contents: [Vec<u8>; 3] = [Vec::new(), vec![3; 70_000], vec![7; CHUNK + 5]];
        let pieces: Vec<PieceFile> = (1..)
            .zip(&contents)
            .map(|(n, content)| kept(dir.path(), n, content))
            .collect();
        let attachments = [Attachment {
            name: "document.pdf".to_owned(),
            content: vec![1; 300],
        }];
        let mut written = Vec::new();
        let bundle = Contents {
            record: &[9; 40],
            attachments: &attachments,
            pieces: &pieces,
        };
        bundle.write(&mut written).unwrap();
        let of_pieces = pieces.iter().zip(&contents).map(|(file, content)| Attachment {
            name: file.piece.name.clone(),
            content: content.clone(),
        });
        let whole = Bundle {
            record: vec![9; 40],
            attachments: attachments.iter().cloned().chain(of_pieces).collect(),
        };
        assert_eq!(written, domain::encode(&whole));
    }

    #[test]
    fn a_piece_that_is_gone_cut_or_another_one_is_never_sealed() {
        let dir = tempfile::tempdir().unwrap();
        let mut pieces = vec![kept(dir.path(), 1, &[3; 5000])];
        let refused = |pieces: &[PieceFile]| {
            let bundle = Contents {
                record: &[],
                attachments: &[],
                pieces,
            };
            matches!(bundle.write(&mut Vec::new()), Err(SignFailure::PieceGone))
        };
        let path = dir.path().join(pieces[0].key.id.to_string());
        let lies = std::fs::read(&path).unwrap();
        std::fs::write(&path, &lies[..4000]).unwrap();
        assert!(refused(&pieces));
        std::fs::remove_file(&path).unwrap();
        assert!(refused(&pieces));
        std::fs::write(&path, &lies).unwrap();
        assert!(!refused(&pieces));
        pieces[0].piece.sha256 = Digest::of(b"another");
        assert!(refused(&pieces));
    }
}
