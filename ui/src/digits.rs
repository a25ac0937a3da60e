//! Digits of a code on their way to the engine: collected here, zeroed, and never held by the screen.

use std::cell::RefCell;

use domain::Secret;
use zeroize::Zeroizing;

/// Longest code, in digits; the buffer never grows, so no copy of it stays behind.
const LONGEST: usize = 12;

pub(crate) struct Digits(RefCell<Zeroizing<String>>);

impl Digits {
    pub(crate) fn new() -> Self {
        Self(RefCell::new(empty()))
    }

    /// What is no digit, or one too many, changes nothing.
    pub(crate) fn push(&self, digit: i32) {
        let mut typed = self.0.borrow_mut();
        let digit = u32::try_from(digit)
            .ok()
            .and_then(|digit| char::from_digit(digit, 10));
        if let Some(digit) = digit.filter(|_| typed.len() < LONGEST) {
            typed.push(digit);
        }
    }

    pub(crate) fn erase(&self) {
        self.0.borrow_mut().pop();
    }

    /// How many there are, as a screen shows it.
    pub(crate) fn count(&self) -> i32 {
        i32::try_from(self.0.borrow().len()).unwrap_or(i32::MAX)
    }

    /// The code, and none of it stays.
    pub(crate) fn take(&self) -> Secret {
        let mut typed = self.0.replace(empty());
        Secret::new(std::mem::take(&mut *typed))
    }
}

fn empty() -> Zeroizing<String> {
    Zeroizing::new(String::with_capacity(LONGEST))
}
