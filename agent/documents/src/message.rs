//! A message that is ready to be sent (RFC 5322, MIME), with papers as attachments: the mail program of the phone opens it
//! as a draft, and a person sends it.

use data_encoding::BASE64_MIME;
use domain::Timestamp;

/// Between the parts: base64 has no hyphen, so that no part holds it.
const BOUNDARY: &str = "neo-papers";

/// What a message says and carries. Texts are French.
#[derive(Debug)]
pub struct Message<'a> {
    /// Left to whoever sends it where absent, or where it is no address that a header can hold.
    pub to: Option<&'a str>,
    pub subject: &'a str,
    pub words: &'a str,
    /// Name, which is ASCII without quotes, and bytes of each PDF.
    pub papers: &'a [(String, &'a [u8])],
    pub at: Timestamp,
}

impl Message<'_> {
    /// The bytes of the file, `.eml`: the same message gives the same bytes.
    pub fn to_bytes(&self) -> Vec<u8> {
        let mut file = String::new();
        if let Some(to) = self.to.filter(|to| is_address(to)) {
            header(&mut file, "To", to);
        }
        header(&mut file, "Subject", &encoded(self.subject));
        header(&mut file, "Date", &date(self.at));
        header(&mut file, "MIME-Version", "1.0");
        // What mail programs open as a draft instead of as mail that came.
        header(&mut file, "X-Unsent", "1");
        let kind = format!("multipart/mixed; boundary=\"{BOUNDARY}\"");
        header(&mut file, "Content-Type", &kind);
        file.push_str("\r\n");
        part(
            &mut file,
            "text/plain; charset=utf-8",
            None,
            self.words.as_bytes(),
        );
        for (name, pdf) in self.papers {
            part(&mut file, "application/pdf", Some(name), pdf);
        }
        file.push_str(&format!("--{BOUNDARY}--\r\n"));
        file.into_bytes()
    }
}

fn header(file: &mut String, name: &str, value: &str) {
    file.push_str(&format!("{name}: {value}\r\n"));
}

fn part(file: &mut String, kind: &str, name: Option<&str>, content: &[u8]) {
    file.push_str(&format!("--{BOUNDARY}\r\n"));
    header(file, "Content-Type", kind);
    header(file, "Content-Transfer-Encoding", "base64");
    if let Some(name) = name {
        header(
            file,
            "Content-Disposition",
            &format!("attachment; filename=\"{name}\""),
        );
    }
    file.push_str("\r\n");
    file.push_str(&BASE64_MIME.encode(content));
    file.push_str("\r\n");
}

/// A header is ASCII (RFC 2047); words of a subject are few enough for one encoded word.
fn encoded(text: &str) -> String {
    if text.is_ascii() {
        text.to_owned()
    } else {
        format!("=?utf-8?B?{}?=", data_encoding::BASE64.encode(text.as_bytes()))
    }
}

/// One mailbox without comments or quotes: nothing that could end the header.
fn is_address(text: &str) -> bool {
    let allowed = |c: char| c.is_ascii_alphanumeric() || "._%+-@".contains(c);
    let parts: Vec<&str> = text.split('@').collect();
    text.len() <= 254
        && text.chars().all(allowed)
        && matches!(parts[..], [name, host] if !name.is_empty() && host.contains('.'))
}

fn date(at: Timestamp) -> String {
    let (sign, ahead) = (
        if at.offset_min < 0 { '-' } else { '+' },
        at.offset_min.unsigned_abs(),
    );
    let day = at.local().strftime("%a, %d %b %Y %H:%M:%S");
    format!("{day} {sign}{:02}{:02}", ahead / 60, ahead % 60)
}
