//! Figures of the bench: what each repetition gave, their medians, and how they are printed.

use std::fmt;

use serde::Serialize;

pub(super) const SCHEMA_VERSION: u32 = 1;

/// Everything that one run measured.
#[derive(Debug, Clone, Serialize)]
pub struct Report {
    pub schema_version: u32,
    pub cores: usize,
    pub architecture: &'static str,
    pub repetitions: usize,
    pub measures: Vec<Measure>,
}

/// One ratio, with the figures that it is made of.
#[derive(Debug, Clone, Serialize)]
pub struct Measure {
    pub name: String,
    pub target: Target,
    /// None when it could not be measured here; `figures` is then empty and `note` says why.
    pub ratio: Option<Figure>,
    pub met: bool,
    pub figures: Vec<Figure>,
    pub note: Option<String>,
}

/// Which ratios are good enough.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Target {
    AtLeast(f64),
    AtMost(f64),
}

impl Target {
    fn admits(self, ratio: f64) -> bool {
        match self {
            Self::AtLeast(least) => ratio >= least,
            Self::AtMost(most) => ratio <= most,
        }
    }
}

impl fmt::Display for Target {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::AtLeast(least) => write!(f, "≥ {least}"),
            Self::AtMost(most) => write!(f, "≤ {most}"),
        }
    }
}

/// A quantity over all repetitions.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Figure {
    pub name: &'static str,
    pub unit: &'static str,
    pub median: f64,
    pub least: f64,
    pub most: f64,
}

/// What the repetitions of one measure gave, quantity by quantity.
#[derive(Debug, Default)]
pub(super) struct Samples(Vec<(&'static str, &'static str, Vec<f64>)>);

impl Samples {
    pub(super) fn add(&mut self, name: &'static str, unit: &'static str, value: f64) {
        match self.0.iter_mut().find(|(known, _, _)| *known == name) {
            Some((_, _, values)) => values.push(value),
            None => self.0.push((name, unit, vec![value])),
        }
    }

    /// `ratios` holds one value a repetition.
    pub(super) fn measure(self, name: String, target: Target, ratios: Vec<f64>) -> Measure {
        let ratio = figure("ratio", "", ratios);
        let met = ratio.as_ref().is_some_and(|ratio| target.admits(ratio.median));
        let figures = self
            .0
            .into_iter()
            .filter_map(|(name, unit, values)| figure(name, unit, values));
        Measure {
            name,
            target,
            ratio,
            met,
            figures: figures.collect(),
            note: None,
        }
    }
}

impl Measure {
    /// Nothing measured is never a target met.
    pub(super) const fn unmeasured(name: String, target: Target, note: String) -> Self {
        Self {
            name,
            target,
            ratio: None,
            met: false,
            figures: Vec::new(),
            note: Some(note),
        }
    }
}

impl Report {
    pub fn all_met(&self) -> bool {
        !self.measures.is_empty() && self.measures.iter().all(|measure| measure.met)
    }
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self {
            cores,
            architecture,
            repetitions,
            ..
        } = self;
        writeln!(
            f,
            "{architecture}, {cores} cores, medians of {repetitions} (least to most)"
        )?;
        for measure in &self.measures {
            let verdict = if measure.met { "met" } else { "MISSED" };
            let ratio = measure.ratio.as_ref().map_or_else(
                || "not measured".to_owned(),
                |Figure {
                     median, least, most, ..
                 }| format!("{median:.2} ({least:.2} to {most:.2})"),
            );
            writeln!(
                f,
                "\n{}: {ratio}, target {}: {verdict}",
                measure.name, measure.target
            )?;
            for Figure {
                name,
                unit,
                median,
                least,
                most,
            } in &measure.figures
            {
                writeln!(
                    f,
                    "  {name:<56} {median:>12.2} {unit:<10} ({least:.2} to {most:.2})"
                )?;
            }
            if let Some(note) = &measure.note {
                writeln!(f, "  {note}")?;
            }
        }
        Ok(())
    }
}

/// None of nothing.
fn figure(name: &'static str, unit: &'static str, mut values: Vec<f64>) -> Option<Figure> {
    values.sort_by(f64::total_cmp);
    let (least, most) = (*values.first()?, *values.last()?);
    let middle = values.len() / 2;
    let median = if values.len() % 2 == 1 {
        values[middle]
    } else {
        f64::midpoint(values[middle - 1], values[middle])
    };
    Some(Figure {
        name,
        unit,
        median,
        least,
        most,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_ratio_is_the_median_of_its_repetitions_and_is_held_against_its_target() {
        let mut samples = Samples::default();
        for value in [9.0, 1.0, 2.0] {
            samples.add("speed", "MB/s", value);
        }
        let measure = samples.measure(
            "sealing".to_owned(),
            Target::AtLeast(0.8),
            vec![0.7, 0.9, 0.9, 0.8],
        );
        assert!(measure.met);
        assert_eq!(measure.ratio.unwrap().median, f64::midpoint(0.8, 0.9));
        assert_eq!((measure.figures[0].median, measure.figures[0].most), (2.0, 9.0));
        let missed = Samples::default().measure(String::new(), Target::AtMost(1.5), vec![1.6]);
        assert!(!missed.met);
    }

    #[test]
    fn what_was_not_measured_is_not_met() {
        let unmeasured = Measure::unmeasured(String::new(), Target::AtMost(1.5), String::new());
        let empty = Samples::default().measure(String::new(), Target::AtMost(1.5), Vec::new());
        assert!(!unmeasured.met && !empty.met);
        let measures = vec![unmeasured];
        let report = Report {
            schema_version: SCHEMA_VERSION,
            cores: 2,
            architecture: "x86_64",
            repetitions: 1,
            measures,
        };
        assert!(!report.all_met());
        assert!(
            !Report {
                measures: Vec::new(),
                ..report
            }
            .all_met()
        );
    }
}
