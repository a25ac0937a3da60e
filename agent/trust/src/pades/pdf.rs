//! Just enough of PDF (ISO 32000-1 §7) to add an update: classic cross-reference tables, dictionaries, the first page.
//!
//! Values are kept as the bytes that they were read from. Depth, sections and page levels are bounded; nothing panics.

use std::collections::BTreeMap;

use super::PadesError;

const MAX_DEPTH: usize = 32;
const MAX_SECTIONS: usize = 16;
const MAX_LEVELS: usize = 32;
/// A reader looks for the end marker in this many last bytes (ISO 32000-1, Annex H, note 18).
const TAIL: usize = 1024;

/// An indirect reference; this project only rewrites objects of generation 0.
pub(super) type ObjectNumber = u32;

/// A dictionary whose values are raw PDF.
#[derive(Debug, Clone, Default)]
pub(super) struct Dictionary<'a>(Vec<(&'a [u8], &'a [u8])>);

impl<'a> Dictionary<'a> {
    /// The raw value under `key`, which is written without its slash.
    pub(super) fn get(&self, key: &str) -> Option<&'a [u8]> {
        self.0
            .iter()
            .find(|(name, _)| *name == key.as_bytes())
            .map(|(_, value)| *value)
    }

    pub(super) fn reference(&self, key: &str) -> Option<ObjectNumber> {
        reference(self.get(key)?)
    }

    /// The dictionary in PDF syntax, with `changes` put in place of the keys of the same name, or at the end.
    pub(super) fn write_with(&self, changes: &[(&str, Vec<u8>)]) -> Vec<u8> {
        let mut out = b"<<".to_vec();
        let kept = self
            .0
            .iter()
            .filter(|(name, _)| changes.iter().all(|(key, _)| key.as_bytes() != *name));
        let changed = changes
            .iter()
            .map(|(name, value)| (name.as_bytes(), value.as_slice()));
        for (name, value) in kept.copied().chain(changed) {
            out.push(b'/');
            out.extend(name);
            out.push(b' ');
            out.extend(value);
        }
        out.extend(b">>");
        out
    }
}

/// A document as its newest cross-reference section and those before it describe it.
pub(super) struct Document<'a> {
    bytes: &'a [u8],
    pub(super) start_xref: usize,
    pub(super) trailer: Dictionary<'a>,
    /// Offsets of the objects in use, the newest of each.
    offsets: BTreeMap<ObjectNumber, usize>,
}

/// One cross-reference section: the objects that it places, and its trailer.
pub(super) struct Section<'a> {
    pub(super) offsets: BTreeMap<ObjectNumber, usize>,
    pub(super) trailer: Dictionary<'a>,
}

impl<'a> Document<'a> {
    pub(super) fn read(bytes: &'a [u8]) -> Result<Self, PadesError> {
        let newest = start_xref(bytes).ok_or(PadesError::NotAPdf)?;
        let Section { mut offsets, trailer } = section(bytes, newest)?;
        let mut previous = trailer.get("Prev");
        for _ in 0..MAX_SECTIONS {
            let Some(at) = previous else {
                return Ok(Document {
                    bytes,
                    start_xref: newest,
                    trailer,
                    offsets,
                });
            };
            let older = section(bytes, number(at).ok_or(PadesError::NotAPdf)?)?;
            for (object, offset) in older.offsets {
                offsets.entry(object).or_insert(offset);
            }
            previous = older.trailer.get("Prev");
        }
        Err(PadesError::NotAPdf)
    }

    /// The dictionary that object `number` is.
    pub(super) fn dictionary(&self, number: ObjectNumber) -> Option<Dictionary<'a>> {
        dictionary(self.object(number)?)
    }

    /// The items of an array that is given here or by reference.
    pub(super) fn array(&self, value: &'a [u8]) -> Option<Vec<&'a [u8]>> {
        match reference(value) {
            Some(number) => array(self.object(number)?),
            None => array(value),
        }
    }

    /// The first page: number and dictionary.
    pub(super) fn first_page(&self, catalog: &Dictionary<'a>) -> Option<(ObjectNumber, Dictionary<'a>)> {
        let mut number = catalog.reference("Pages")?;
        for _ in 0..MAX_LEVELS {
            let node = self.dictionary(number)?;
            match node.get("Type")? {
                b"/Page" => return Some((number, node)),
                b"/Pages" => number = reference(self.array(node.get("Kids")?)?.first()?)?,
                _ => return None,
            }
        }
        None
    }

    fn object(&self, number: ObjectNumber) -> Option<&'a [u8]> {
        object(self.bytes, *self.offsets.get(&number)?, number)
    }
}

/// The value of the object that begins at `offset`, which must be `number` of generation 0.
pub(super) fn object(bytes: &[u8], offset: usize, number: ObjectNumber) -> Option<&[u8]> {
    let mut scanner = Scanner { bytes, at: offset };
    let found = scanner.token().and_then(self::number::<ObjectNumber>)? == number && scanner.token()? == b"0";
    if !found || scanner.token()? != b"obj" {
        return None;
    }
    scanner.value(0)
}

/// The dictionary that `value` begins with.
pub(super) fn dictionary(value: &[u8]) -> Option<Dictionary<'_>> {
    let mut scanner = Scanner {
        bytes: value.strip_prefix(b"<<")?,
        at: 0,
    };
    let mut entries: Vec<(&[u8], &[u8])> = Vec::new();
    loop {
        scanner.blanks();
        if scanner.rest().starts_with(b">>") {
            return Some(Dictionary(entries));
        }
        let name = scanner.value(0)?.strip_prefix(b"/")?;
        let value = scanner.value(0)?;
        if entries.iter().any(|(earlier, _)| *earlier == name) {
            return None;
        }
        entries.push((name, value));
    }
}

fn array(value: &[u8]) -> Option<Vec<&[u8]>> {
    let mut scanner = Scanner {
        bytes: value.strip_prefix(b"[")?,
        at: 0,
    };
    let mut items = Vec::new();
    loop {
        scanner.blanks();
        if scanner.rest().first()? == &b']' {
            return Some(items);
        }
        items.push(scanner.value(0)?);
    }
}

/// The object that `value`, of the form `12 0 R`, refers to.
pub(super) fn reference(value: &[u8]) -> Option<ObjectNumber> {
    let mut scanner = Scanner { bytes: value, at: 0 };
    let target = number(scanner.token()?)?;
    (scanner.token()? == b"0" && scanner.token()? == b"R").then_some(target)
}

pub(super) fn number<N: std::str::FromStr>(digits: &[u8]) -> Option<N> {
    let plain = !digits.is_empty() && digits.iter().all(u8::is_ascii_digit);
    std::str::from_utf8(digits).ok().filter(|_| plain)?.parse().ok()
}

/// Where the file's last `startxref` points.
pub(super) fn start_xref(bytes: &[u8]) -> Option<usize> {
    const MARK: &[u8] = b"startxref";
    let tail_at = bytes.len().saturating_sub(TAIL);
    let found = bytes
        .get(tail_at..)?
        .windows(MARK.len())
        .rposition(|window| window == MARK)?;
    let mut scanner = Scanner {
        bytes,
        at: tail_at + found + MARK.len(),
    };
    number(scanner.token()?)
}

/// Reads the classic cross-reference section at `offset`.
pub(super) fn section(bytes: &[u8], offset: usize) -> Result<Section<'_>, PadesError> {
    let mut scanner = Scanner { bytes, at: offset };
    match scanner.token() {
        Some(b"xref") => {}
        Some(digits) if number::<u32>(digits).is_some() => return Err(PadesError::CrossReferenceStream),
        Some(_) | None => return Err(PadesError::NotAPdf),
    }
    let section = table(&mut scanner).ok_or(PadesError::NotAPdf)?;
    if section.trailer.get("XRefStm").is_some() {
        return Err(PadesError::CrossReferenceStream);
    }
    if section.trailer.get("Encrypt").is_some() {
        return Err(PadesError::Encrypted);
    }
    Ok(section)
}

fn table<'a>(scanner: &mut Scanner<'a>) -> Option<Section<'a>> {
    let mut offsets = BTreeMap::new();
    loop {
        let first = match scanner.token()? {
            b"trailer" => {
                return Some(Section {
                    offsets,
                    trailer: dictionary(scanner.value(0)?)?,
                });
            }
            digits => number::<ObjectNumber>(digits)?,
        };
        let count = number::<ObjectNumber>(scanner.token()?)?;
        for place in 0..count {
            let offset = number(scanner.token()?)?;
            let generation = scanner.token()?;
            match scanner.token()? {
                b"n" if number::<u32>(generation) == Some(0) => {
                    offsets.insert(first.checked_add(place)?, offset);
                }
                b"n" | b"f" => {}
                _ => return None,
            }
        }
    }
}

/// A position in PDF syntax.
struct Scanner<'a> {
    bytes: &'a [u8],
    at: usize,
}

impl<'a> Scanner<'a> {
    fn rest(&self) -> &'a [u8] {
        self.bytes.get(self.at..).unwrap_or_default()
    }

    /// Passes white space and comments.
    fn blanks(&mut self) {
        loop {
            let rest = self.rest();
            let blank = rest.iter().take_while(|byte| is_blank(**byte)).count();
            let comment = match rest.get(blank) {
                Some(b'%') => rest[blank..]
                    .iter()
                    .take_while(|byte| !matches!(byte, b'\r' | b'\n'))
                    .count(),
                Some(_) | None => 0,
            };
            self.at += blank + comment;
            if comment == 0 {
                return;
            }
        }
    }

    /// The next run of regular characters; none at a delimiter.
    fn token(&mut self) -> Option<&'a [u8]> {
        self.blanks();
        let rest = self.rest();
        let length = rest
            .iter()
            .take_while(|byte| !is_blank(**byte) && !is_delimiter(**byte))
            .count();
        self.at += length;
        rest.get(..length).filter(|token| !token.is_empty())
    }

    /// Passes one value and gives its bytes.
    fn value(&mut self, depth: usize) -> Option<&'a [u8]> {
        if depth > MAX_DEPTH {
            return None;
        }
        self.blanks();
        let start = self.at;
        match self.rest() {
            [b'<', b'<', ..] => self.until(2, b">>", depth)?,
            [b'[', ..] => self.until(1, b"]", depth)?,
            [b'<', ..] => self.at += self.rest().iter().position(|byte| *byte == b'>')? + 1,
            [b'(', ..] => self.string()?,
            [b'/', ..] => {
                self.at += 1;
                self.token();
            }
            _ => self.number_reference_or_word()?,
        }
        self.bytes.get(start..self.at)
    }

    /// Passes a composite value from its opening mark to its closing one.
    fn until(&mut self, opening: usize, closing: &[u8], depth: usize) -> Option<()> {
        self.at += opening;
        loop {
            self.blanks();
            if self.rest().starts_with(closing) {
                self.at += closing.len();
                return Some(());
            }
            self.value(depth + 1)?;
        }
    }

    fn string(&mut self) -> Option<()> {
        let mut open = 0_usize;
        let mut escaped = false;
        for (length, byte) in self.rest().iter().enumerate() {
            match byte {
                _ if escaped => escaped = false,
                b'\\' => escaped = true,
                b'(' => open += 1,
                b')' => open -= 1,
                _ => {}
            }
            if open == 0 {
                self.at += length + 1;
                return Some(());
            }
        }
        None
    }

    fn number_reference_or_word(&mut self) -> Option<()> {
        let word = self.token()?;
        let after = self.at;
        let is_reference = number::<u32>(word).is_some()
            && self
                .token()
                .is_some_and(|generation| number::<u32>(generation).is_some())
            && self.token() == Some(b"R");
        if !is_reference {
            self.at = after;
        }
        Some(())
    }
}

fn is_blank(byte: u8) -> bool {
    matches!(byte, 0 | b'\t' | b'\n' | 0x0c | b'\r' | b' ')
}

fn is_delimiter(byte: u8) -> bool {
    matches!(
        byte,
        b'(' | b')' | b'<' | b'>' | b'[' | b']' | b'{' | b'}' | b'/' | b'%'
    )
}
