//! Recordings that were taken in: what is said of them, and until when they are.

use minicbor::{Decode, Encode};

use crate::envelope::RefusalCode;
use crate::footage::custody::{Category, Reminder};
use crate::id::{ActId, ActNumber, ClipId};
use crate::record::ActKind;
use crate::sensitive::Sensitive;
use crate::time::UnixMs;

/// One recording.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct RecordingLine {
    #[n(0)]
    pub clip: ClipId,
    /// Camera clock.
    #[n(1)]
    pub started: UnixMs,
    #[n(2)]
    pub seconds: u32,
    /// End of its term; a hold alone keeps it longer.
    #[n(3)]
    pub until: UnixMs,
    /// It was taken in during the service that is open.
    #[n(4)]
    pub of_this_service: bool,
    /// HQ has every byte.
    #[n(5)]
    pub received: bool,
    #[n(6)]
    pub category: Option<Category>,
    #[n(7)]
    pub note: Option<Sensitive<String>>,
    #[cbor(n(8), default, skip_if = "Vec::is_empty")]
    pub bookmarks: Vec<BookmarkLine>,
    #[cbor(n(9), default, skip_if = "Vec::is_empty")]
    pub links: Vec<LinkLine>,
    /// The procedure that it is kept for.
    #[n(10)]
    pub hold: Option<String>,
    /// The first recording of the incident that it seems to belong to.
    #[n(11)]
    pub incident: ClipId,
    /// The officer has said so.
    #[n(12)]
    pub grouped: bool,
    /// Statements that HQ has not answered.
    #[n(13)]
    pub waiting: u32,
    /// Why HQ refused the last one that it refused.
    #[n(14)]
    pub refused: Option<RefusalCode>,
    /// It goes soon, and nothing says that it matters.
    #[n(15)]
    pub reminder: Option<Reminder>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct BookmarkLine {
    /// Of the statement, for its withdrawal.
    #[n(0)]
    pub place: u32,
    #[n(1)]
    pub second: u32,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct LinkLine {
    /// Of the statement, for its withdrawal.
    #[n(0)]
    pub place: u32,
    #[n(1)]
    pub kind: ActKind,
    #[n(2)]
    pub number: ActNumber,
}

/// An act that was just signed while recordings of its service exist. Unanswered means no.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct LinkOffer {
    #[n(0)]
    pub act: ActId,
    #[n(1)]
    pub kind: ActKind,
    #[n(2)]
    pub number: ActNumber,
    /// Those of its intervention first.
    #[n(3)]
    pub clips: Vec<ClipId>,
}

/// What an officer wants to be said of a recording, as typed.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub enum Wish {
    #[n(0)]
    Category(#[n(0)] Category),
    #[n(1)]
    Note(#[n(0)] Sensitive<String>),
    /// Minutes and seconds from the beginning: `1:05`.
    #[n(2)]
    Bookmark(#[n(0)] String),
    /// It belongs to this act of the terminal.
    #[n(3)]
    Link(#[n(0)] ActId),
    /// It and those that seem to belong to its incident do.
    #[n(4)]
    Group,
    /// It is kept for the procedure of this number.
    #[n(5)]
    Hold(#[n(0)] String),
    /// The statement at this place counts no longer.
    #[n(6)]
    Withdraw(#[n(0)] u32),
}

/// Seconds of `m:ss`, or of a number of seconds alone.
pub fn second_of(text: &str) -> Option<u32> {
    let digits = |text: &str| {
        let all = !text.is_empty() && text.len() <= 5 && text.bytes().all(|byte| byte.is_ascii_digit());
        text.parse::<u32>().ok().filter(|_| all)
    };
    match text.trim().split_once(':') {
        None => digits(text.trim()),
        Some((minutes, seconds)) => {
            let seconds = digits(seconds).filter(|seconds| *seconds < 60)?;
            digits(minutes)?.checked_mul(60)?.checked_add(seconds)
        }
    }
}
