//! Keys that come faster than fingers: a barcode scanner types what it reads, and ends it with Enter.

use slint::SharedString;
use slint::platform::Key;

/// Between two keys of a scanner at most, in milliseconds; the quickest typist needs twice as long.
const GAP: i64 = 50;
/// Between two lines of one document.
pub(crate) const LINE: i64 = 400;
/// Fewer keys were struck at once by a hand, or by a window that had stood still.
const SHORTEST: usize = 7;
/// More than any document in text; what goes on is no scanner.
const LONGEST: usize = 8 * 1024;

/// What to do with a key.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Stroke {
    /// It goes where the focus is.
    Passes,
    /// Nobody else sees it.
    Withheld,
    /// A line of a scanner ends with it.
    Ends,
}

/// The keys since the last one that was typed by hand.
#[derive(Debug, Default)]
pub(crate) struct Burst {
    text: String,
    /// Of the last key, in milliseconds.
    at: i64,
    /// What a field held before they went into it.
    before: Option<SharedString>,
    /// A line ended and another may follow.
    waits: bool,
    /// When the last line was taken: a scanner may end it twice.
    taken: Option<i64>,
}

impl Burst {
    pub(crate) fn strike(&mut self, key: &str, control: bool, at: i64) -> Stroke {
        if is_held(key) {
            return Stroke::Passes;
        }
        let since = at.saturating_sub(self.at);
        let follows = !self.text.is_empty() && since <= if self.waits { LINE } else { GAP };
        if key.starts_with(char::from(Key::Return)) {
            if follows && self.text.chars().count() >= SHORTEST {
                self.at = at;
                return Stroke::Ends;
            }
            let again = self.taken.is_some_and(|taken| at.saturating_sub(taken) <= GAP);
            self.clear();
            return if again { Stroke::Withheld } else { Stroke::Passes };
        }
        let Some(sign) = printed(key, control) else {
            self.clear();
            return Stroke::Passes;
        };
        if !follows || self.text.len() > LONGEST {
            self.clear();
        }
        self.waits = false;
        self.at = at;
        self.text.push(sign);
        // A space presses what has the focus, and no field takes a control.
        let presses = follows && sign == ' ' && self.before.is_none();
        if presses || sign.is_control() {
            Stroke::Withheld
        } else {
            Stroke::Passes
        }
    }

    /// A field takes the key, and held this before.
    pub(crate) fn typed(&mut self, before: &SharedString) {
        if !self.text.is_empty() && self.before.is_none() {
            self.before = Some(before.clone());
        }
    }

    pub(crate) fn text(&self) -> &str {
        &self.text
    }

    /// Whether the keys went into a field.
    pub(crate) const fn is_in_a_field(&self) -> bool {
        self.before.is_some()
    }

    pub(crate) const fn waits(&self) -> bool {
        self.waits
    }

    /// The next line follows at once.
    pub(crate) fn wait(&mut self) {
        self.text.push('\n');
        self.waits = true;
    }

    /// All of it, and what the field held before.
    pub(crate) fn take(&mut self) -> (String, Option<SharedString>) {
        let taken = (std::mem::take(&mut self.text), self.before.take());
        self.waits = false;
        self.taken = Some(self.at);
        taken
    }

    /// It was typed by hand, or is a text for the field that it is in.
    pub(crate) fn clear(&mut self) {
        self.text.clear();
        self.before = None;
        self.waits = false;
        self.taken = None;
    }
}

/// The sign that a key stands for. A scanner gives the separators of a seal as they are, or as Control and a key.
fn printed(key: &str, control: bool) -> Option<char> {
    let mut signs = key.chars();
    let (Some(sign), None) = (signs.next(), signs.next()) else {
        return None;
    };
    match (control, sign) {
        (_, '\u{1d}'..='\u{1f}') => Some(sign),
        (true, ']') => Some('\u{1d}'),
        (true, '^') => Some('\u{1e}'),
        (true, '_') => Some('\u{1f}'),
        (true, _) => None,
        (false, _) if sign.is_control() || ('\u{f700}'..='\u{f8ff}').contains(&sign) => None,
        (false, _) => Some(sign),
    }
}

/// Shift and its like are held for the key that follows.
fn is_held(key: &str) -> bool {
    let held = [
        Key::Shift,
        Key::ShiftR,
        Key::Control,
        Key::ControlR,
        Key::Alt,
        Key::AltGr,
        Key::CapsLock,
    ];
    held.into_iter().any(|one| key.starts_with(char::from(one)))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn type_at(burst: &mut Burst, text: &str, gap: i64) -> Vec<Stroke> {
        let mut at = burst.at + 1_000;
        let keys = text.chars().map(|sign| {
            at += gap;
            burst.strike(&sign.to_string(), false, at)
        });
        keys.collect()
    }

    #[test]
    fn a_scanner_ends_its_line_and_a_hand_does_not() {
        let mut burst = Burst::default();
        assert_eq!(type_at(&mut burst, "AB123CD\n", 8).last(), Some(&Stroke::Ends));
        assert_eq!(burst.text(), "AB123CD");
        burst.clear();
        let typed = type_at(&mut burst, "AB123CD\n", 90);
        assert!(typed.iter().all(|stroke| *stroke == Stroke::Passes), "{typed:?}");
    }

    #[test]
    fn a_line_that_ends_twice_presses_nothing() {
        let mut burst = Burst::default();
        type_at(&mut burst, "AB123CD\n", 8);
        let _ = burst.take();
        assert_eq!(burst.strike("\n", false, burst.at + 8), Stroke::Withheld);
        assert_eq!(burst.strike("\n", false, burst.at + 900), Stroke::Passes);
    }

    #[test]
    fn the_separators_of_a_seal_come_as_they_are_or_with_control() {
        let mut burst = Burst::default();
        type_at(&mut burst, "DC04FR", 8);
        assert_eq!(burst.strike("]", true, burst.at + 8), Stroke::Withheld);
        assert_eq!(burst.strike("\u{1f}", false, burst.at + 8), Stroke::Withheld);
        assert_eq!(burst.text(), "DC04FR\u{1d}\u{1f}");
        assert_eq!(burst.strike("c", true, burst.at + 8), Stroke::Passes);
        assert_eq!(burst.text(), "", "a copy is no scan");
    }

    #[test]
    fn a_field_is_remembered_as_it_was_before_the_first_key() {
        let mut burst = Burst::default();
        let at = burst.at;
        for (sign, before) in [("A", "Rue"), ("B", "RueA"), ("1", "RueAB")] {
            burst.strike(sign, false, at);
            burst.typed(&before.into());
        }
        assert_eq!(burst.take(), ("AB1".to_owned(), Some("Rue".into())));
    }
}
