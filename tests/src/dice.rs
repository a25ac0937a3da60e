//! Chance that a seed fixes: SplitMix64 (Steele, Lea, Flood 2014), and the storms that it throws.

use std::collections::VecDeque;

use agent::engine::CommitPoint;
use domain::draft::Field;
use domain::record::ActKind;
use simulator::world::{Action, Said};

use crate::acts;

#[derive(Debug, Clone)]
pub struct Dice(u64);

impl Dice {
    pub const fn new(seed: u64) -> Self {
        Self(seed)
    }

    /// A number below `end`; 0 when `end` is 0.
    pub const fn below(&mut self, end: u64) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^= z >> 31;
        if end == 0 { 0 } else { z % end }
    }
}

/// A night of work and accidents, one action at a time.
#[derive(Debug)]
pub struct Storm {
    dice: Dice,
    /// The rest of the act being drawn up.
    script: VecDeque<Action>,
    acts: u8,
}

/// A run draws up this many acts at most: each one renders a document.
const ACTS: u8 = 5;

impl Storm {
    pub fn new(seed: u64) -> Self {
        Self {
            dice: Dice::new(seed),
            script: acts::on_duty().into(),
            acts: 0,
        }
    }

    /// What happens next; a terminal that is down is mostly started again.
    pub fn next(&mut self, is_running: bool) -> Action {
        if !is_running && self.dice.below(10) < 7 {
            self.script.push_front(Action::Unlock);
            return Action::Start;
        }
        if self.dice.below(100) < 25 {
            return self.accident();
        }
        if let Some(step) = self.script.pop_front() {
            return step;
        }
        if self.acts < ACTS && self.dice.below(2) == 0 {
            self.draw_up();
        }
        Action::Advance(1 + self.dice.below(8_000))
    }

    fn draw_up(&mut self) {
        self.acts += 1;
        let id = acts::act_id(self.acts);
        let kind = acts::KINDS[usize::from(self.acts) % acts::KINDS.len()];
        self.script.push_back(Action::Unlock);
        let mut steps = acts::drawn_up(id, kind);
        if kind == ActKind::Pv && self.dice.below(2) == 0 {
            let text = acts::REFUSED_SUBJECT.to_owned();
            steps.insert(
                steps.len() - 1,
                Said::Fill {
                    draft: id,
                    field: Field::Subject,
                    text,
                }
                .into(),
            );
        }
        self.script.extend(steps);
    }

    fn accident(&mut self) -> Action {
        match self.dice.below(10) {
            0 | 1 => Action::Cut,
            2..=4 => Action::Restore,
            5 => Action::Kill,
            6 => Action::RestartHq,
            7 => {
                self.script.push_front(Action::Unlock);
                Said::Lock.into()
            }
            _ => {
                let point = usize::try_from(self.dice.below(5)).unwrap_or(0);
                Action::CrashAt(CommitPoint::ALL[point])
            }
        }
    }
}
