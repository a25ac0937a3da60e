//! What a victim brings to a complaint: documents and recordings, of any length, known by their digest, so that the files
//! can travel beside the record.

use minicbor::{Decode, Encode};

use crate::canonical::Digest;
use crate::photo::{named_apart, stem};
use crate::time::UnixMs;

/// What has to be seen of a file to tell what it is, in bytes.
pub const HEAD: usize = 64;

/// Longest label that an officer gives a piece, in characters.
pub const MAX_LABEL: usize = 200;

/// The most pieces of one complaint: HQ takes no more files with an act.
pub const MAX_PIECES: usize = 200;

/// The most bytes of all pieces of one complaint: what the parts of one envelope hold, less the act itself.
pub const MAX_TOGETHER: u64 = 19 * 1024 * 1024 * 1024;

/// What a piece is, by its content.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Encode, Decode)]
#[cbor(index_only)]
pub enum PieceKind {
    /// ISO 32000.
    #[n(0)]
    Pdf,
    /// RIFF or RF64 (EBU Tech 3306).
    #[n(1)]
    Wav,
    /// ISO base media that says to be sound alone.
    #[n(2)]
    M4a,
    /// MPEG-1 or MPEG-2 audio, layer III.
    #[n(3)]
    Mp3,
    #[n(4)]
    Ogg,
    /// ISO base media (ISO/IEC 14496-12) that may hold sound, pictures or both.
    #[n(5)]
    Mp4,
}

impl PieceKind {
    pub const ALL: [Self; 6] = [Self::Pdf, Self::Wav, Self::M4a, Self::Mp3, Self::Ogg, Self::Mp4];

    /// From the first [`HEAD`] bytes of the file, never from its name.
    pub fn of(head: &[u8]) -> Option<Self> {
        let at = |from: usize, to: usize| head.get(from..to);
        if head.starts_with(b"%PDF-") {
            Some(Self::Pdf)
        } else if matches!(at(0, 4), Some(b"RIFF" | b"RF64")) && at(8, 12) == Some(b"WAVE") {
            Some(Self::Wav)
        } else if at(4, 8) == Some(b"ftyp") {
            let says_sound = at(8, 12).is_some_and(|brand| matches!(brand, b"M4A " | b"M4B "));
            Some(if says_sound { Self::M4a } else { Self::Mp4 })
        } else if head.starts_with(b"OggS") {
            Some(Self::Ogg)
        } else if head.starts_with(b"ID3") || is_layer_three(head) {
            Some(Self::Mp3)
        } else {
            None
        }
    }

    const fn extension(self) -> &'static str {
        match self {
            Self::Pdf => "pdf",
            Self::Wav => "wav",
            Self::M4a => "m4a",
            Self::Mp3 => "mp3",
            Self::Ogg => "ogg",
            Self::Mp4 => "mp4",
        }
    }

    /// As the list of pieces calls it.
    pub const fn label(self) -> &'static str {
        match self {
            Self::Pdf => "document PDF",
            Self::Wav => "enregistrement sonore WAV",
            Self::M4a => "enregistrement sonore M4A",
            Self::Mp3 => "enregistrement sonore MP3",
            Self::Ogg => "enregistrement sonore Ogg",
            Self::Mp4 => "enregistrement MPEG-4",
        }
    }

    /// The media type (RFC 4337 for ISO base media, RFC 5334 for Ogg).
    pub const fn media_type(self) -> &'static str {
        match self {
            Self::Pdf => "application/pdf",
            Self::Wav => "audio/vnd.wave",
            Self::M4a => "audio/mp4",
            Self::Mp3 => "audio/mpeg",
            Self::Ogg => "audio/ogg",
            Self::Mp4 => "application/mp4",
        }
    }
}

/// Whether a frame of layer III begins here (ISO/IEC 11172-3, 2.4.2.3): its values that are reserved are none.
fn is_layer_three(head: &[u8]) -> bool {
    let Some(&[sync, kind, rates]) = head.first_chunk::<3>() else {
        return false;
    };
    let (version, layer) = (kind >> 3 & 0b11, kind >> 1 & 0b11);
    let (bit_rate, sampling) = (rates >> 4, rates >> 2 & 0b11);
    let synchronised = sync == 0xff && kind & 0xe0 == 0xe0;
    synchronised && version != 0b01 && layer == 0b01 && !matches!(bit_rate, 0 | 0b1111) && sampling != 0b11
}

/// One piece.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct Piece {
    /// The name of the file that travels with the act.
    #[n(0)]
    pub name: String,
    #[n(1)]
    pub sha256: Digest,
    /// Length in bytes.
    #[n(2)]
    pub bytes: u64,
    #[n(3)]
    pub kind: PieceKind,
    /// What it is to the officer and the victim.
    #[n(4)]
    pub label: String,
    /// When it was handed in.
    #[n(5)]
    pub handed_in: UnixMs,
}

impl Piece {
    /// The piece with this content, called what is plain in `given`; its label is the name as given.
    pub fn of(given: &str, kind: PieceKind, sha256: Digest, bytes: u64, handed_in: UnixMs) -> Self {
        Self {
            name: format!("piece-{}.{}", stem(given, "sans-nom"), kind.extension()),
            sha256,
            bytes,
            kind,
            label: label(given),
            handed_in,
        }
    }

    /// The same piece under a name that is not `taken`.
    pub(crate) fn named_apart(self, taken: impl Fn(&str) -> bool) -> Self {
        Self {
            name: named_apart(&self.name, taken),
            ..self
        }
    }
}

/// What of a text may label a piece: one line of it, within [`MAX_LABEL`].
pub(crate) fn label(text: &str) -> String {
    let line = text.split_whitespace().collect::<Vec<_>>().join(" ");
    line.chars().take(MAX_LABEL).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_piece_is_known_by_its_content() {
        let heads: [(&[u8], Option<PieceKind>); 14] = [
            (b"%PDF-1.7\n", Some(PieceKind::Pdf)),
            (b"RIFF\0\0\0\0WAVEfmt ", Some(PieceKind::Wav)),
            (b"RF64\xff\xff\xff\xffWAVEds64", Some(PieceKind::Wav)),
            (b"RIFF\0\0\0\0AVI LIST", None),
            (b"\0\0\0\x1cftypM4A \0\0\0\0", Some(PieceKind::M4a)),
            (b"\0\0\0\x18ftypmp42\0\0\0\0", Some(PieceKind::Mp4)),
            (b"OggS\0\x02", Some(PieceKind::Ogg)),
            (b"ID3\x04\0", Some(PieceKind::Mp3)),
            (&[0xff, 0xfb, 0x90, 0x64], Some(PieceKind::Mp3)),
            // AAC in ADTS, a byte order mark of UTF-16 and a JPEG begin nearly alike.
            (&[0xff, 0xf1, 0x50, 0x80], None),
            (&[0xff, 0xfe, 0x41, 0x00], None),
            (&[0xff, 0xd8, 0xff, 0xe0], None),
            (b"MZ\x90\0", None),
            (b"", None),
        ];
        for (head, kind) in heads {
            assert_eq!(PieceKind::of(head), kind, "{head:?}");
        }
    }

    #[test]
    fn a_piece_never_bears_the_name_of_a_document_of_the_act() {
        let named = |given| Piece::of(given, PieceKind::Pdf, Digest::of(b""), 0, UnixMs(0));
        assert_eq!(named("document.pdf").name, "piece-document.pdf");
        assert_eq!(named("Bail n° 3.mp3").name, "piece-bail-n--3.pdf");
        assert_eq!(named("../租约.pdf").name, "piece-sans-nom.pdf");
        assert_eq!(named("  Bail\n signé .pdf").label, "Bail signé .pdf");
    }

    proptest::proptest! {
        #[test]
        fn whatever_bytes_come_nothing_panics(head in proptest::collection::vec(proptest::num::u8::ANY, 0..80)) {
            let _ = PieceKind::of(&head);
        }
    }
}
