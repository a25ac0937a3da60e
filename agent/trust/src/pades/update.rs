//! The one incremental update that holds a signature: catalog, first page, an invisible field, the signature.
//!
//! PDF/A-2 and PDF/UA-1 are kept: the field is printed and locked, without size and outside of the page, so that it
//! needs neither appearance nor place in the structure tree; the signature covers the whole file.

use std::fmt::Write as _;
use std::ops::Range;

use super::pdf::{self, Dictionary, Document, ObjectNumber};
use super::texts::Texts;
use super::{MAX_PDF, PadesError};
use crate::sha256;

/// Room for the signature, in bytes of DER: a chain of four certificates.
const CONTENTS: usize = 6 * 1024;
/// `[0 ` and three numbers of at most eight digits, filled up with blanks.
const BYTE_RANGE_WIDTH: usize = 32;
const SUB_FILTER: &[u8] = b"/ETSI.CAdES.detached";

/// A document with its update, and an empty place for the signature.
pub(super) struct Layout {
    bytes: Vec<u8>,
    /// The hexadecimal digits of the signature, without their angle brackets.
    digits: Range<usize>,
}

impl Layout {
    pub(super) fn new(base: &[u8], texts: &Texts) -> Result<Self, PadesError> {
        if base.len() > MAX_PDF {
            return Err(PadesError::TooLong);
        }
        let document = Document::read(base)?;
        let parts = Parts::find(&document)?;
        let mut writer = Writer {
            bytes: base.to_vec(),
            places: Vec::new(),
        };
        writer.bytes.push(b'\n');
        let (field, signature) = (parts.size, parts.size + 1);
        let form = format!("<</Fields [{field} 0 R]/SigFlags 3>>").into_bytes();
        writer.object(
            parts.catalog_number,
            &parts.catalog.write_with(&[("AcroForm", form)]),
        );
        writer.object(parts.page_number, &parts.page_with(field));
        // /F 132 is printed and locked; the name is "Signature électronique" in PDFDocEncoding.
        let widget = format!(
            "<</Type /Annot/Subtype /Widget/FT /Sig/T (Signature1)/TU (Signature \\351lectronique)/F 132\
             /Rect [-1 -1 -1 -1]/P {} 0 R/V {signature} 0 R>>",
            parts.page_number
        );
        writer.object(field, widget.as_bytes());
        let (byte_range, digits) = writer.signature(signature, texts);
        writer.finish(&parts, document.start_xref);
        let mut bytes = writer.bytes;
        let ranges = byte_range_text(&digits, bytes.len());
        bytes[byte_range].copy_from_slice(ranges.as_bytes());
        Ok(Layout { bytes, digits })
    }

    /// Everything that the signature covers: before and after its hexadecimal string, brackets excluded.
    pub(super) fn covered(&self) -> [&[u8]; 2] {
        [
            &self.bytes[..self.digits.start - 1],
            &self.bytes[self.digits.end + 1..],
        ]
    }

    /// The signed file; `None` when the signature has no room.
    pub(super) fn with_signature(mut self, der: &[u8]) -> Option<Vec<u8>> {
        let mut digits = String::with_capacity(2 * CONTENTS);
        der.iter()
            .try_for_each(|byte| write!(digits, "{byte:02x}"))
            .ok()?;
        self.bytes
            .get_mut(self.digits)?
            .get_mut(..digits.len())?
            .copy_from_slice(digits.as_bytes());
        Some(self.bytes)
    }
}

/// The objects of the signed document that the update rewrites.
struct Parts<'a> {
    size: ObjectNumber,
    catalog_number: ObjectNumber,
    catalog: Dictionary<'a>,
    page_number: ObjectNumber,
    page: Dictionary<'a>,
    annotations: Vec<&'a [u8]>,
    info: Option<ObjectNumber>,
    first_id: Option<&'a [u8]>,
}

impl<'a> Parts<'a> {
    fn find(document: &Document<'a>) -> Result<Self, PadesError> {
        let parts = Self::read(document).ok_or(PadesError::NotAPdf)?;
        if parts.catalog.get("AcroForm").is_some() {
            Err(PadesError::HasForm)
        } else {
            Ok(parts)
        }
    }

    fn read(document: &Document<'a>) -> Option<Self> {
        let catalog_number = document.trailer.reference("Root")?;
        let catalog = document.dictionary(catalog_number)?;
        let (page_number, page) = document.first_page(&catalog)?;
        let annotations = match page.get("Annots") {
            Some(value) => document.array(value)?,
            None => Vec::new(),
        };
        let first_id = match document.trailer.get("ID") {
            Some(value) => document.array(value)?.first().copied(),
            None => None,
        };
        Some(Parts {
            size: pdf::number(document.trailer.get("Size")?).filter(|size| *size < ObjectNumber::MAX / 2)?,
            catalog_number,
            catalog,
            page_number,
            page,
            annotations,
            info: document.trailer.reference("Info"),
            first_id,
        })
    }

    fn page_with(&self, field: ObjectNumber) -> Vec<u8> {
        let mut annotations = b"[".to_vec();
        for one in &self.annotations {
            annotations.extend(*one);
            annotations.push(b' ');
        }
        annotations.extend(format!("{field} 0 R]").bytes());
        let mut changes = vec![("Annots", annotations)];
        if self.page.get("Tabs").is_none() {
            // PDF/UA-1 §7.18.3 asks for it on every page with an annotation.
            changes.push(("Tabs", b"/S".to_vec()));
        }
        self.page.write_with(&changes)
    }
}

struct Writer {
    bytes: Vec<u8>,
    places: Vec<(ObjectNumber, usize)>,
}

impl Writer {
    fn object(&mut self, number: ObjectNumber, value: &[u8]) {
        self.places.push((number, self.bytes.len()));
        self.bytes.extend(format!("{number} 0 obj\n").bytes());
        self.bytes.extend(value);
        self.bytes.extend(b"\nendobj\n");
    }

    /// Writes the signature's object; gives the places of its byte range and of its digits.
    fn signature(&mut self, number: ObjectNumber, texts: &Texts) -> (Range<usize>, Range<usize>) {
        self.places.push((number, self.bytes.len()));
        self.bytes
            .extend(format!("{number} 0 obj\n<</Type /Sig/Filter /Adobe.PPKLite/SubFilter ").bytes());
        self.bytes.extend(SUB_FILTER);
        self.bytes
            .extend(format!("/M ({})", texts.signing_time()).bytes());
        for (key, value) in texts.entries() {
            if let Some(value) = value {
                self.bytes.extend(format!("/{key} {value}").bytes());
            }
        }
        self.bytes.extend(b"/ByteRange ");
        let byte_range = self.fill(b' ', BYTE_RANGE_WIDTH);
        self.bytes.extend(b"/Contents <");
        let digits = self.fill(b'0', 2 * CONTENTS);
        self.bytes.extend(b">>>\nendobj\n");
        (byte_range, digits)
    }

    fn fill(&mut self, byte: u8, count: usize) -> Range<usize> {
        let start = self.bytes.len();
        self.bytes.resize(start + count, byte);
        start..start + count
    }

    /// Writes the cross-reference section and the trailer.
    fn finish(&mut self, parts: &Parts<'_>, previous: usize) {
        let start = self.bytes.len();
        // The second identifier changes with each version of a file (ISO 32000-1 §14.4).
        let version = sha256(&self.bytes).to_string();
        self.places.sort_unstable();
        let mut out = String::from("xref\n");
        for (number, offset) in &self.places {
            out += &format!("{number} 1\n{offset:010} 00000 n \n");
        }
        out += &format!(
            "trailer\n<</Size {}/Root {} 0 R",
            parts.size + 2,
            parts.catalog_number
        );
        if let Some(info) = parts.info {
            out += &format!("/Info {info} 0 R");
        }
        self.bytes.extend(out.bytes());
        if let Some(first) = parts.first_id {
            self.bytes.extend(b"/ID [");
            self.bytes.extend(first);
            self.bytes.extend(format!(" <{}>]", &version[..32]).bytes());
        }
        self.bytes
            .extend(format!("/Prev {previous}>>\nstartxref\n{start}\n%%EOF\n").bytes());
    }
}

/// The signature that the newest update of a file holds.
pub(super) struct Found {
    pub(super) base_len: usize,
    pub(super) texts: Texts,
    /// The DER of the signature and its padding.
    pub(super) contents: Vec<u8>,
    digits: Range<usize>,
    /// Where the covered bytes end.
    pub(super) end: usize,
}

impl Found {
    pub(super) fn covered<'a>(&self, pdf: &'a [u8]) -> [&'a [u8]; 2] {
        [&pdf[..self.digits.start - 1], &pdf[self.digits.end + 1..self.end]]
    }

    /// Whether the update is what signing the document before it with the same texts writes.
    pub(super) fn is_only_a_signature(&self, pdf: &[u8]) -> bool {
        Layout::new(&pdf[..self.base_len], &self.texts)
            .is_ok_and(|layout| layout.digits == self.digits && layout.covered() == self.covered(pdf))
    }
}

/// Finds the signature in a file of the form that [`Layout`] writes.
pub(super) fn find(pdf: &[u8]) -> Result<Found, PadesError> {
    if pdf.len() > MAX_PDF + 4 * CONTENTS {
        return Err(PadesError::TooLong);
    }
    match locate(pdf) {
        Some(found) => Ok(found),
        None if pdf.windows(SUB_FILTER.len()).any(|window| window == SUB_FILTER) => {
            Err(PadesError::ChangedAfterSigning)
        }
        None => Err(PadesError::NotSigned),
    }
}

fn locate(pdf: &[u8]) -> Option<Found> {
    let section = pdf::section(pdf, pdf::start_xref(pdf)?).ok()?;
    // The update begins with a line feed, then its first object.
    let base_len = section.offsets.values().min()?.checked_sub(1)?;
    let (number, offset) = section.offsets.last_key_value()?;
    let signature = pdf::dictionary(pdf::object(pdf, *offset, *number)?)?;
    if signature.get("SubFilter")? != SUB_FILTER || base_len > *offset {
        return None;
    }
    let contents = signature.get("Contents")?;
    let (digits, end) = byte_range(signature.get("ByteRange")?, pdf.len())?;
    if pdf.get(digits.start - 1..=digits.end)? != contents {
        return None;
    }
    let contents = bytes(contents.strip_prefix(b"<")?.strip_suffix(b">")?)?;
    Some(Found {
        base_len,
        texts: Texts::read(&signature)?,
        contents,
        digits,
        end,
    })
}

/// The byte range of a file of `length` bytes with its signature at `digits`.
fn byte_range_text(digits: &Range<usize>, length: usize) -> String {
    let after = digits.end + 1;
    let text = format!("[0 {} {after} {}]", digits.start - 1, length - after);
    format!("{text:<BYTE_RANGE_WIDTH$}")
}

/// The digits' place and the end of the covered bytes, from a byte range of the form above.
fn byte_range(value: &[u8], length: usize) -> Option<(Range<usize>, usize)> {
    let numbers = value.strip_prefix(b"[0 ")?.strip_suffix(b"]")?;
    let numbers: Vec<usize> = numbers
        .split(|byte| *byte == b' ')
        .map(pdf::number)
        .collect::<Option<_>>()?;
    let [before, after, rest] = numbers.try_into().ok()?;
    let end = after.checked_add(rest).filter(|end| *end <= length)?;
    let digits = before.checked_add(1)?..after.checked_sub(1)?;
    let exact = digits.start + 2 * CONTENTS == digits.end
        && byte_range_text(&digits, end).trim_end().as_bytes() == value;
    exact.then_some((digits, end))
}

/// Lower-case hexadecimal of exactly the room for a signature.
fn bytes(digits: &[u8]) -> Option<Vec<u8>> {
    let (pairs, rest) = digits.as_chunks::<2>();
    if pairs.len() != CONTENTS || !rest.is_empty() || digits.iter().any(u8::is_ascii_uppercase) {
        return None;
    }
    let value = |digit: u8| {
        char::from(digit)
            .to_digit(16)
            .and_then(|value| u8::try_from(value).ok())
    };
    pairs
        .iter()
        .map(|[high, low]| Some(value(*high)? << 4 | value(*low)?))
        .collect()
}
