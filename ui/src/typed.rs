//! What a person means by what a keyboard, a paste or a scanner brings.

use std::borrow::Cow;

/// The same without the characters that nobody sees and nobody can delete; a line stays a line and a tabulator is a space.
pub(crate) fn meant(text: &str) -> Cow<'_, str> {
    if !text.contains(|c: char| c.is_control() && c != '\n') {
        return Cow::Borrowed(text);
    }
    let lines = text.replace("\r\n", "\n");
    let seen = lines.chars().filter_map(|c| match c {
        '\n' | '\r' => Some('\n'),
        '\t' => Some(' '),
        _ if c.is_control() => None,
        _ => Some(c),
    });
    Cow::Owned(seen.collect())
}
