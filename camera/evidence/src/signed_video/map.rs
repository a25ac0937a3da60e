//! Every picture of the file with what was found out about it, and the ranges of what is wrong.

use super::cover::{Cover, Role, State};
use super::damage::Damage;

/// Findings that are listed one by one; whoever damages a file decides how many there are.
const MAX_FINDINGS: usize = 200;
/// Missing units that the map shows.
const MAX_MISSING: usize = 65_536;

/// One picture of the map, or one unit that is missing between two of them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum FrameState {
    /// Nothing in it is a picture.
    Empty,
    Ok,
    /// Behind the last signature.
    Pending,
    Unsigned,
    Modified,
    Missing,
}

impl FrameState {
    /// The letter of the field's own programs.
    pub const fn letter(self) -> char {
        match self {
            Self::Empty => '_',
            Self::Ok => '.',
            Self::Pending => 'P',
            Self::Unsigned => 'U',
            Self::Modified => 'N',
            Self::Missing => 'M',
        }
    }
}

/// What is said of a picture; the worst of its units counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Finding {
    Empty,
    Ok,
    Pending,
    Unsigned,
    Added,
    Moved,
    Group,
    Modified,
}

impl Finding {
    const fn state(self) -> FrameState {
        match self {
            Self::Empty => FrameState::Empty,
            Self::Ok => FrameState::Ok,
            Self::Pending => FrameState::Pending,
            Self::Unsigned => FrameState::Unsigned,
            Self::Added | Self::Moved | Self::Group | Self::Modified => FrameState::Modified,
        }
    }

    const fn damage(self, first: u32, last: u32) -> Option<Damage> {
        match self {
            Self::Empty | Self::Ok => None,
            Self::Pending => Some(Damage::Pending { first, last }),
            Self::Unsigned => Some(Damage::Unsigned { first, last }),
            Self::Added => Some(Damage::Added { first, last }),
            Self::Moved => Some(Damage::Moved { first, last }),
            Self::Group => Some(Damage::Group { first, last }),
            Self::Modified => Some(Damage::Modified { first, last }),
        }
    }
}

/// The map of all pictures, and everything that is wrong, in the order of the file. `signed` is false when no signature
/// of the file holds, so that nothing waits for one.
pub(super) fn draw(cover: Cover<'_>, frames: u32, signed: bool) -> (Vec<FrameState>, Vec<Damage>) {
    let mut findings = vec![Finding::Empty; usize::try_from(frames).unwrap_or(0)];
    let mut note = |frame: u32, finding: Finding| {
        let at = usize::try_from(frame).unwrap_or(usize::MAX);
        if let Some(found) = findings.get_mut(at) {
            *found = finding.max(*found);
        }
    };
    for (at, (unit, state)) in cover.units.iter().zip(&cover.states).enumerate() {
        let vouched = unit.role == Role::Key && cover.vouched.contains(&at);
        let finding = match (unit.role, state) {
            (Role::Message | Role::Vouched, _) => continue,
            (Role::Uncovered, _) => Finding::Unsigned,
            (Role::Key | Role::Slice, State::Ok) => Finding::Ok,
            (Role::Key | Role::Slice, State::Open) if vouched => Finding::Ok,
            (Role::Key | Role::Slice, State::Open) if signed && at >= cover.cursor => Finding::Pending,
            (Role::Key | Role::Slice, State::Open) => Finding::Unsigned,
            (Role::Key | Role::Slice, State::Added) => Finding::Added,
            (Role::Key | Role::Slice, State::Moved) => Finding::Moved,
            (Role::Key | Role::Slice, State::Group) => Finding::Group,
            (Role::Key | Role::Slice, State::Modified) => Finding::Modified,
        };
        note(unit.frame, finding);
    }
    for frame in &cover.emptied {
        note(*frame, Finding::Modified);
    }
    let mut damages = cover.damages;
    damages.extend(ranges(&findings));
    damages.sort_by_key(|damage| (damage.frames(), *damage));
    let map = with_missing(&findings, &damages);
    (map, shortened(damages))
}

fn ranges(findings: &[Finding]) -> Vec<Damage> {
    let mut damages = Vec::new();
    let mut frame = 0_u32;
    for run in findings.chunk_by(|one, other| one == other) {
        let next = frame.saturating_add(u32::try_from(run.len()).unwrap_or(u32::MAX));
        let damage = run
            .first()
            .and_then(|finding| finding.damage(frame, next.saturating_sub(1)));
        damages.extend(damage);
        frame = next;
    }
    damages
}

fn with_missing(findings: &[Finding], damages: &[Damage]) -> Vec<FrameState> {
    let mut map = Vec::with_capacity(findings.len());
    let mut left = MAX_MISSING;
    let mut missing = damages
        .iter()
        .filter_map(|damage| {
            if let Damage::Missing { before, units } = damage {
                Some((*before, *units))
            } else {
                None
            }
        })
        .peekable();
    let mut insert = |map: &mut Vec<FrameState>, until: u32| {
        while let Some((_, units)) = missing.next_if(|(before, _)| *before <= until) {
            let shown = usize::try_from(units).unwrap_or(usize::MAX).min(left);
            left -= shown;
            map.extend(std::iter::repeat_n(FrameState::Missing, shown));
        }
    };
    for (frame, finding) in (0..).zip(findings) {
        insert(&mut map, frame);
        map.push(finding.state());
    }
    insert(&mut map, u32::MAX);
    map
}

fn shortened(mut damages: Vec<Damage>) -> Vec<Damage> {
    let more = damages.len().saturating_sub(MAX_FINDINGS);
    if more > 0 {
        // What makes the file tampered must not be what is left out.
        damages.sort_by_key(|damage| std::cmp::Reverse(damage.outcome()));
        damages.truncate(MAX_FINDINGS);
        damages.sort_by_key(|damage| (damage.frames(), *damage));
        damages.push(Damage::More {
            more: u32::try_from(more).unwrap_or(u32::MAX),
        });
    }
    damages
}
