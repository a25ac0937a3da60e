//! Sealing with age v1 and X25519 (age-encryption.org/v1), for everything that only headquarters or one terminal
//! may read.
//!
//! What is sealed opens with the standard `age` tool; nothing is given out of a sealed file that was truncated,
//! extended or changed, except to a reader that has not reached the end.

use std::fmt;
use std::io::{self, BufReader, Cursor, Read, Write};
use std::str::FromStr;

use age::secrecy::ExposeSecret;
use age::{DecryptError, Decryptor, EncryptError, Encryptor};
use bech32::primitives::decode::CheckedHrpstring;
use bech32::{Bech32, Hrp};
use zeroize::Zeroizing;

/// Far more than the header of a file for a handful of recipients.
const MAX_HEADER: u64 = 16 * 1024;
const HEADER_END: &[u8] = b"\n--- ";

/// Why something is not sealed or not opened.
#[derive(Debug, thiserror::Error)]
pub enum SealError {
    #[error("there is nobody to seal for")]
    NoRecipient,
    #[error("the bytes are not a file sealed with age v1")]
    NotSealed,
    #[error("the file is sealed for somebody else")]
    NotForThisIdentity,
    #[error("the sealed file was truncated, extended or changed")]
    Damaged,
    #[error("the sealed content is larger than {max} bytes")]
    TooLong { max: usize },
    #[error("cannot read or write the sealed file")]
    Io(#[source] io::Error),
}

/// The text is not the key that it should be.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum SealKeyError {
    #[error("the text is not an age recipient in lower case")]
    Recipient,
    #[error("the file does not hold exactly one age identity")]
    Identity,
}

/// The public half: whom something is sealed for.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Recipient([u8; 32]);

impl Recipient {
    const HRP: Hrp = Hrp::parse_unchecked("age");

    /// From the raw X25519 public key, as certificates carry it.
    pub fn from_bytes(bytes: [u8; 32]) -> Self {
        Recipient(bytes)
    }

    pub fn as_bytes(&self) -> &[u8; 32] {
        &self.0
    }

    fn to_age(self) -> age::x25519::Recipient {
        self.to_string()
            .parse()
            .expect("32 bytes are an X25519 recipient")
    }
}

impl fmt::Display for Recipient {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        bech32::encode_lower_to_fmt::<Bech32, _>(f, Self::HRP, &self.0).map_err(|_| fmt::Error)
    }
}

impl fmt::Debug for Recipient {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl FromStr for Recipient {
    type Err = SealKeyError;

    fn from_str(text: &str) -> Result<Self, SealKeyError> {
        let parsed = CheckedHrpstring::new::<Bech32>(text).map_err(|_| SealKeyError::Recipient)?;
        let bytes: Vec<u8> = parsed.byte_iter().take(33).collect();
        let recipient = Recipient(bytes.try_into().map_err(|_| SealKeyError::Recipient)?);
        if recipient.to_string() == text {
            Ok(recipient)
        } else {
            Err(SealKeyError::Recipient)
        }
    }
}

/// The private half; wiped when dropped, and without `Debug`.
pub struct Identity {
    key: age::x25519::Identity,
    /// Keys of before, which open and to which nobody seals any more.
    former: Vec<age::x25519::Identity>,
}

impl Identity {
    /// Draws an identity from the operating system's randomness.
    pub fn generate() -> Self {
        Self::of(age::x25519::Identity::generate(), Vec::new())
    }

    /// Reads an age identity file: one `AGE-SECRET-KEY-1…` line among comments and empty lines.
    pub fn from_text(text: &str) -> Result<Self, SealKeyError> {
        let mut keys = keys(text);
        let (Some(key), None) = (keys.next(), keys.next()) else {
            return Err(SealKeyError::Identity);
        };
        Ok(Self::of(parse(key)?, Vec::new()))
    }

    /// Reads an age identity file of one key or more: others seal to the first, and each opens.
    pub fn from_keys(text: &str) -> Result<Self, SealKeyError> {
        let mut keys = keys(text);
        let key = parse(keys.next().ok_or(SealKeyError::Identity)?)?;
        let former = keys.map(parse).collect::<Result<_, _>>()?;
        Ok(Self::of(key, former))
    }

    const fn of(key: age::x25519::Identity, former: Vec<age::x25519::Identity>) -> Self {
        Self { key, former }
    }

    /// How many keys open.
    pub fn count(&self) -> usize {
        self.former.len() + 1
    }

    /// The line of the key that others seal to, as an age identity file holds it, with its line feed.
    pub fn to_text(&self) -> Zeroizing<String> {
        let secret = self.key.to_string();
        let mut text = Zeroizing::new(String::with_capacity(secret.expose_secret().len() + 1));
        text.push_str(secret.expose_secret());
        text.push('\n');
        text
    }

    pub fn recipient(&self) -> Recipient {
        self.key
            .to_public()
            .to_string()
            .parse()
            .expect("age writes its recipients in canonical form")
    }
}

fn keys(text: &str) -> impl Iterator<Item = &str> {
    text.lines()
        .map(str::trim)
        .filter(|line| !line.is_empty() && !line.starts_with('#'))
}

fn parse(key: &str) -> Result<age::x25519::Identity, SealKeyError> {
    key.parse().map_err(|_| SealKeyError::Identity)
}

/// Seals `plaintext` so that each of `recipients` can open it alone.
pub fn seal(recipients: &[Recipient], plaintext: &[u8]) -> Result<Vec<u8>, SealError> {
    // A tag of 16 bytes follows each 64 KiB.
    let room = plaintext.len() + plaintext.len() / 4096 + 512;
    let mut writer = SealWriter::new(recipients, Vec::with_capacity(room))?;
    writer.write_all(plaintext).map_err(SealError::Io)?;
    writer.finish().map_err(SealError::Io)
}

/// Opens a whole sealed file, of which at most `max_len` bytes of content are accepted.
pub fn open(identity: &Identity, bytes: &[u8], max_len: usize) -> Result<Vec<u8>, SealError> {
    let reader = OpenReader::new(identity, bytes)?;
    let limit = u64::try_from(max_len).map_or(u64::MAX, |max| max.saturating_add(1));
    let mut plaintext = Vec::with_capacity(bytes.len().min(max_len));
    // The source is memory, so that the only errors are those of the format.
    reader
        .take(limit)
        .read_to_end(&mut plaintext)
        .map_err(|_| SealError::Damaged)?;
    if plaintext.len() > max_len {
        Err(SealError::TooLong { max: max_len })
    } else {
        Ok(plaintext)
    }
}

/// Seals what is written to it; without [`SealWriter::finish`] the file is truncated and will not open.
pub struct SealWriter<W: Write>(age::stream::StreamWriter<W>);

impl<W: Write> SealWriter<W> {
    pub fn new(recipients: &[Recipient], output: W) -> Result<Self, SealError> {
        let recipients: Vec<age::x25519::Recipient> = recipients.iter().map(|one| one.to_age()).collect();
        let encryptor = Encryptor::with_recipients(recipients.iter().map(|one| one as &dyn age::Recipient));
        // X25519 recipients never disagree, which leaves an empty list as the only refusal.
        let encryptor = encryptor.map_err(|error| {
            if let EncryptError::Io(source) = error {
                SealError::Io(source)
            } else {
                SealError::NoRecipient
            }
        })?;
        encryptor
            .wrap_output(output)
            .map(SealWriter)
            .map_err(SealError::Io)
    }

    /// Writes the last block and gives the output back, not yet flushed to disk.
    pub fn finish(self) -> io::Result<W> {
        self.0.finish()
    }
}

impl<W: Write> Write for SealWriter<W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.0.flush()
    }
}

/// Opens a sealed file while it is read: each 64 KiB block is authentic when given out, the whole only at its end.
pub struct OpenReader<R: Read>(age::stream::StreamReader<io::Chain<Cursor<Vec<u8>>, BufReader<R>>>);

impl<R: Read> OpenReader<R> {
    pub fn new(identity: &Identity, source: R) -> Result<Self, SealError> {
        let mut source = BufReader::new(source);
        // The format sets no bound on its header, so that a hostile one would grow in memory.
        let mut start = Vec::new();
        source
            .by_ref()
            .take(MAX_HEADER)
            .read_to_end(&mut start)
            .map_err(SealError::Io)?;
        if !start.windows(HEADER_END.len()).any(|window| window == HEADER_END) {
            return Err(SealError::NotSealed);
        }
        let decryptor = Decryptor::new_buffered(Cursor::new(start).chain(source)).map_err(refusal)?;
        let reader = decryptor
            .decrypt(
                std::iter::once(&identity.key)
                    .chain(&identity.former)
                    .map(|key| key as &dyn age::Identity),
            )
            .map_err(refusal)?;
        Ok(OpenReader(reader))
    }
}

impl<R: Read> Read for OpenReader<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        self.0.read(buffer)
    }
}

fn refusal(error: DecryptError) -> SealError {
    if let DecryptError::Io(source) = error {
        let truncated = source.kind() == io::ErrorKind::UnexpectedEof;
        return if truncated {
            SealError::Damaged
        } else {
            SealError::Io(source)
        };
    }
    if matches!(error, DecryptError::NoMatchingKeys) {
        SealError::NotForThisIdentity
    } else if matches!(error, DecryptError::InvalidHeader | DecryptError::UnknownFormat) {
        SealError::NotSealed
    } else {
        SealError::Damaged
    }
}

#[cfg(test)]
mod tests;
