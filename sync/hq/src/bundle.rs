//! What is inside an envelope's seal, read as a stream: of an attachment that nobody asks for, only its name, length
//! and digest stay in memory.
//!
//! The bytes are those of [`domain::envelope::Bundle`], in their one deterministic form or refused.

use std::io::{self, Read, Write};

use domain::Digest;
use domain::envelope::RefusalCode;
use trust::seal::{Identity, OpenReader};
use trust::{Hasher, cose, pades};

/// The most attachments of one act.
const MAX_ATTACHMENTS: u64 = 1024;
const _: () = assert!((domain::piece::MAX_PIECES as u64) < MAX_ATTACHMENTS / 2);
/// The longest name of one, in bytes.
const MAX_NAME: u64 = 64;

/// A record's COSE_Sign1 and the files that came with it.
pub(crate) struct Opened {
    pub(crate) record: Vec<u8>,
    pub(crate) attachments: Vec<Attached>,
}

/// One file that came with a record.
pub(crate) struct Attached {
    pub(crate) name: String,
    pub(crate) bytes: u64,
    pub(crate) sha256: Digest,
    /// Of a file that was asked for.
    pub(crate) content: Option<Vec<u8>>,
}

/// Opens the sealed bundle that `source` gives and keeps the content of the attachments that `wanted` names.
pub(crate) fn open(
    identity: &Identity,
    source: impl Read,
    wanted: impl Fn(&str) -> bool,
) -> Result<Opened, RefusalCode> {
    let source = OpenReader::new(identity, source).map_err(|_| RefusalCode::Seal)?;
    Reader(source).bundle(wanted).map_err(|fault| match fault {
        Fault::Malformed => RefusalCode::Unreadable,
        Fault::Seal => RefusalCode::Seal,
    })
}

/// Copies the attachment called `name` out of the sealed bundle that `source` gives, of any length; its length, or none
/// where there is no such attachment. What was written counts once the end of the seal was seen, which this says.
pub(crate) fn copy(
    identity: &Identity,
    source: impl Read,
    name: &str,
    out: &mut dyn Write,
) -> Result<Option<u64>, NotCopied> {
    let source = OpenReader::new(identity, source).map_err(|_| NotCopied::Unreadable)?;
    let mut to = Some(Copy {
        name,
        out,
        failed: None,
    });
    let opened = Reader(source).contents(|_| false, &mut to);
    if let Some(Copy {
        failed: Some(error), ..
    }) = to
    {
        return Err(NotCopied::Write(error));
    }
    let opened = opened.map_err(|_| NotCopied::Unreadable)?;
    let copied = opened.attachments.iter().find(|attached| attached.name == name);
    Ok(copied.map(|attached| attached.bytes))
}

/// Why an attachment was not copied.
#[derive(Debug)]
pub(crate) enum NotCopied {
    Unreadable,
    Write(io::Error),
}

/// Where the content of one attachment goes.
struct Copy<'w> {
    name: &'w str,
    out: &'w mut dyn Write,
    failed: Option<io::Error>,
}

enum Fault {
    Malformed,
    /// The seal broke before the structure ended.
    Seal,
}

impl From<io::Error> for Fault {
    fn from(_: io::Error) -> Self {
        Self::Seal
    }
}

/// The major types (RFC 8949 §3.1) that a bundle is made of.
#[derive(Clone, Copy, PartialEq, Eq)]
#[repr(u8)]
enum Major {
    Unsigned = 0,
    Bytes = 2,
    Text = 3,
    Array = 4,
    Map = 5,
}

struct Reader<R>(R);

impl<R: Read> Reader<R> {
    fn bundle(self, wanted: impl Fn(&str) -> bool) -> Result<Opened, Fault> {
        self.contents(wanted, &mut None)
    }

    fn contents(
        mut self,
        wanted: impl Fn(&str) -> bool,
        copy: &mut Option<Copy<'_>>,
    ) -> Result<Opened, Fault> {
        self.exactly(Major::Map, 2)?;
        self.exactly(Major::Unsigned, 0)?;
        let record = self.short(Major::Bytes, cose::MAX_MESSAGE as u64)?;
        self.exactly(Major::Unsigned, 1)?;
        let count = self.head(Major::Array)?;
        if count > MAX_ATTACHMENTS {
            return Err(Fault::Malformed);
        }
        let attachments = (0..count)
            .map(|_| self.attachment(&wanted, copy))
            .collect::<Result<_, _>>()?;
        // The seal is whole only at its end.
        if self.0.read(&mut [0])? != 0 {
            return Err(Fault::Malformed);
        }
        Ok(Opened { record, attachments })
    }

    fn attachment(
        &mut self,
        wanted: &impl Fn(&str) -> bool,
        copy: &mut Option<Copy<'_>>,
    ) -> Result<Attached, Fault> {
        self.exactly(Major::Map, 2)?;
        self.exactly(Major::Unsigned, 0)?;
        let name = self.short(Major::Text, MAX_NAME)?;
        let name = String::from_utf8(name).map_err(|_| Fault::Malformed)?;
        self.exactly(Major::Unsigned, 1)?;
        let bytes = self.head(Major::Bytes)?;
        let kept = wanted(&name) && bytes <= pades::MAX_PDF as u64;
        let mut content = Content {
            hasher: Hasher::new(),
            kept: kept.then(Vec::new),
            copy: copy.as_mut().filter(|copy| copy.name == name),
        };
        if io::copy(&mut self.0.by_ref().take(bytes), &mut content)? != bytes {
            return Err(Fault::Malformed);
        }
        Ok(Attached {
            name,
            bytes,
            sha256: Digest::from_bytes(*content.hasher.finish().as_bytes()),
            content: content.kept,
        })
    }

    /// A string of at most `most` bytes.
    fn short(&mut self, major: Major, most: u64) -> Result<Vec<u8>, Fault> {
        let length = self.head(major)?;
        if length > most {
            return Err(Fault::Malformed);
        }
        let mut bytes = Vec::new();
        self.0.by_ref().take(length).read_to_end(&mut bytes)?;
        if bytes.len() as u64 == length {
            Ok(bytes)
        } else {
            Err(Fault::Malformed)
        }
    }

    fn exactly(&mut self, major: Major, argument: u64) -> Result<(), Fault> {
        if self.head(major)? == argument {
            Ok(())
        } else {
            Err(Fault::Malformed)
        }
    }

    /// The argument of an item's head, in its shortest form.
    fn head(&mut self, major: Major) -> Result<u64, Fault> {
        let initial = self.number(1)?;
        if initial >> 5 != u64::from(major as u8) {
            return Err(Fault::Malformed);
        }
        let (argument, least) = match initial & 0x1f {
            direct @ 0..24 => (direct, 0),
            24 => (self.number(1)?, 24),
            25 => (self.number(2)?, 1 << 8),
            26 => (self.number(4)?, 1 << 16),
            27 => (self.number(8)?, 1 << 32),
            _ => return Err(Fault::Malformed),
        };
        if argument >= least {
            Ok(argument)
        } else {
            Err(Fault::Malformed)
        }
    }

    fn number(&mut self, length: usize) -> Result<u64, Fault> {
        let mut bytes = [0; 8];
        let mut filled = 8 - length;
        while filled < 8 {
            match self.0.read(&mut bytes[filled..])? {
                0 => return Err(Fault::Malformed),
                read => filled += read,
            }
        }
        Ok(u64::from_be_bytes(bytes))
    }
}

/// Hashes what is written to it, and keeps or copies it when it is wanted.
struct Content<'c, 'w> {
    hasher: Hasher,
    kept: Option<Vec<u8>>,
    copy: Option<&'c mut Copy<'w>>,
}

impl Write for Content<'_, '_> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.hasher.update(bytes);
        if let Some(kept) = &mut self.kept {
            kept.extend_from_slice(bytes);
        }
        if let Some(copy) = &mut self.copy
            && let Err(error) = copy.out.write_all(bytes)
        {
            let kind = error.kind();
            copy.failed = Some(error);
            return Err(kind.into());
        }
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use domain::envelope::{Attachment, Bundle};
    use proptest::prelude::*;
    use trust::seal;

    use super::*;

    fn sealed(identity: &Identity, plain: &[u8]) -> Vec<u8> {
        seal::seal(&[identity.recipient()], plain).unwrap()
    }

    fn read(plain: &[u8]) -> Result<Opened, RefusalCode> {
        let identity = Identity::generate();
        open(&identity, sealed(&identity, plain).as_slice(), |_| true)
    }

    fn as_bundle(opened: Opened) -> Bundle {
        let attachments = opened.attachments.into_iter().map(|attached| Attachment {
            name: attached.name,
            content: attached.content.unwrap(),
        });
        Bundle {
            record: opened.record,
            attachments: attachments.collect(),
        }
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(64))]

        #[test]
        fn a_bundle_reads_as_the_domain_reads_it(
            record in proptest::collection::vec(any::<u8>(), 0..70_000),
            attachments in proptest::collection::vec(("[a-z.]{0,20}", proptest::collection::vec(any::<u8>(), 0..400)), 0..30),
        ) {
            let attachments = attachments.into_iter().map(|(name, content)| Attachment { name, content }).collect();
            let bundle = Bundle { record, attachments };
            prop_assert_eq!(as_bundle(read(&domain::encode(&bundle)).ok().unwrap()), bundle);
        }

        #[test]
        fn what_the_domain_refuses_is_refused(place in 0..60_usize, bit in 0..8_u8, cut in 0..60_usize) {
            let attachment = |name: &str| Attachment { name: name.to_owned(), content: vec![7; 30] };
            let bundle = Bundle { record: vec![1, 2, 3], attachments: vec![attachment("a"), attachment("b")] };
            let mut bytes = domain::encode(&bundle);
            let (place, cut) = (place % bytes.len(), cut % bytes.len());
            bytes[place] ^= 1 << bit;
            for bytes in [bytes.as_slice(), &bytes[..cut]] {
                let known = domain::decode::<Bundle>(bytes).ok();
                prop_assert_eq!(read(bytes).ok().map(as_bundle), known);
            }
        }
    }

    #[test]
    fn a_seal_that_breaks_is_a_broken_seal() {
        let identity = Identity::generate();
        let bundle = Bundle {
            record: vec![0; 200_000],
            attachments: Vec::new(),
        };
        let sealed = sealed(&identity, &domain::encode(&bundle));
        for bytes in [&sealed[..sealed.len() - 1], &sealed[..100_000], b"nothing sealed"] {
            assert_eq!(open(&identity, bytes, |_| true).err(), Some(RefusalCode::Seal));
        }
    }
}
