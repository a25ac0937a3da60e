//! The log of a patrol: its scenario and its seed, from which it is played again, and what HQ had of it in the end.

use std::collections::BTreeMap;
use std::path::Path;

use anyhow::{Context, bail};
use domain::ActId;
use domain::envelope::RefusalCode;
use domain::record::ActKind;
use hq::Store;
use hq::store::Transaction;

use super::scenario::Scenario;
use super::steps::Progress;
use crate::enrol::Layout;

/// The scenario as it was read, in the folder of its patrol.
const SCENARIO: &str = "scenario.toml";

/// A patrol that can be played again.
#[derive(Debug, Clone)]
pub struct Log {
    /// With the steps that were played, and no others.
    pub scenario: Scenario,
    pub seed: u64,
    pub outcome: Outcome,
}

/// What came of a patrol: what HQ has of it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Outcome {
    pub acts: BTreeMap<ActId, ActKind>,
    pub refused: Vec<RefusalCode>,
    pub clips: u64,
}

/// What one patrol has and another has not.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Difference {
    pub missing: Vec<ActKind>,
    pub added: Vec<ActKind>,
    pub other_refusals: bool,
    pub other_clips: bool,
}

impl Difference {
    pub fn is_none(&self) -> bool {
        *self == Self::default()
    }
}

impl Log {
    /// Reads what the patrol in `out` left.
    pub fn read(out: &Path) -> anyhow::Result<Self> {
        let path = out.join(SCENARIO);
        let text = std::fs::read_to_string(&path).with_context(|| {
            format!(
                "could not read `{}`; only a folder in which a patrol was played can be replayed",
                path.display()
            )
        })?;
        let mut scenario = Scenario::parse(&text)?;
        let progress = Progress::resume(out)?;
        if progress.done() == 0 {
            bail!("no step was played in `{}`", out.display());
        }
        scenario.steps.truncate(progress.done());
        let layout = Layout::new(out);
        let mut store = Store::open(&layout.hq()).context("could not open HQ's store")?;
        let outcome = Outcome::of(&store.begin()?)?;
        Ok(Self {
            scenario,
            seed: progress.seed(),
            outcome,
        })
    }
}

/// Keeps the scenario of a patrol that begins in `out`.
pub(super) fn keep(out: &Path, scenario: &Scenario, played: &Progress) -> anyhow::Result<()> {
    let path = out.join(SCENARIO);
    if played.done() > 0 && path.exists() {
        return Ok(());
    }
    std::fs::write(&path, &scenario.text)
        .with_context(|| format!("could not keep the scenario as `{}`", path.display()))
}

impl Outcome {
    pub fn of(store: &Transaction<'_>) -> anyhow::Result<Self> {
        let mut outcome = Self {
            clips: store.counts()?.clips,
            ..Self::default()
        };
        for arrival in store.arrivals(u32::MAX)? {
            let kind = ActKind::from_code(&arrival.kind).context("HQ has a kind that nobody knows")?;
            outcome.acts.insert(arrival.act, kind);
        }
        let refusals = store.refusals_of_records(u32::MAX)?;
        outcome.refused = refusals.into_iter().map(|refused| refused.code).collect();
        outcome.refused.sort();
        Ok(outcome)
    }

    /// How many acts both have under one id: those of a scenario follow from its seed.
    pub fn same_ids(&self, other: &Self) -> usize {
        self.acts
            .keys()
            .filter(|act| other.acts.contains_key(act))
            .count()
    }

    /// What `now` lacks of this, and what it has besides.
    pub fn compare(&self, now: &Self) -> Difference {
        let (mine, theirs) = (self.kinds(), now.kinds());
        let more = |these: &BTreeMap<ActKind, usize>, those: &BTreeMap<ActKind, usize>| {
            these
                .iter()
                .flat_map(|(kind, count)| {
                    let others = those.get(kind).copied().unwrap_or_default();
                    std::iter::repeat_n(*kind, count.saturating_sub(others))
                })
                .collect()
        };
        Difference {
            missing: more(&mine, &theirs),
            added: more(&theirs, &mine),
            other_refusals: self.refused != now.refused,
            other_clips: self.clips != now.clips,
        }
    }

    fn kinds(&self) -> BTreeMap<ActKind, usize> {
        let mut kinds = BTreeMap::new();
        for kind in self.acts.values() {
            *kinds.entry(*kind).or_default() += 1;
        }
        kinds
    }
}
