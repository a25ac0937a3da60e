//! What is said of a fleet: `report.json`, and the same as a table.

use std::fmt;

use domain::envelope::Lane;
use serde::Serialize;

use super::figures::Spread;
use super::tally::{self, Signed, Stored};
use super::watch::Seen;
use super::{Fleet, Options};

/// See the module; every time in milliseconds.
#[derive(Debug, Serialize)]
pub struct Report {
    pub schema_version: u32,
    pub seed: u64,
    pub terminals: u32,
    pub acts_per_terminal: u32,
    pub signed: usize,
    pub at_hq: usize,
    /// Signed and not at HQ, or there with another content.
    pub missing: usize,
    /// At HQ more than once.
    pub twice: usize,
    /// At HQ and signed by none of these terminals.
    pub foreign: usize,
    /// Repeated sendings that screens have shown; HQ knew the envelope again. Some may have gone unseen.
    pub seen_sent_again: u32,
    pub lanes: Vec<LaneLine>,
    /// Stored receipts a second while HQ was there, the waits that spread terminals included.
    pub receipts_per_second: f64,
    /// The most receipts stored in any second.
    pub receipts_in_busiest_second: usize,
    /// How long HQ was away.
    pub away_ms: u64,
    /// Over what time HQ asks terminals to spread their return.
    pub window_ms: u32,
    /// When terminals were online again, from HQ's return on.
    pub returns: Option<Spread>,
    pub memory: MemoryLine,
}

/// Receipts of one lane.
#[derive(Debug, Serialize)]
pub struct LaneLine {
    pub lane: &'static str,
    pub phase: Phase,
    /// From the terminal's start, or from HQ's return, to the stored receipt.
    pub latency: Spread,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Phase {
    /// Before HQ was gone.
    Start,
    /// After HQ was back.
    Return,
}

#[derive(Debug, Serialize)]
pub struct MemoryLine {
    /// Growth of the process with all terminals at rest, divided by their number.
    pub per_terminal_bytes: u64,
    pub threads_per_terminal: f64,
}

/// When HQ was not there, on the device's clock.
#[derive(Debug, Clone, Copy)]
pub(super) struct Away {
    pub(super) gone: u64,
    pub(super) back: u64,
    pub(super) window_ms: u32,
}

/// Reads every database and sums up.
pub(super) fn write(
    options: &Options,
    fleet: &Fleet,
    signed: &Signed,
    seen: &Seen,
    away: Away,
) -> anyhow::Result<Report> {
    let receipts = tally::receipts(fleet)?;
    let at_hq = tally::at_hq(fleet, signed)?;
    let returns = seen.terminals.iter().filter_map(|shown| shown.returned);
    let (before, after) = seen.memory;
    let terminals = u64::from(options.terminals);
    Ok(Report {
        schema_version: 1,
        seed: options.seed,
        terminals: options.terminals,
        acts_per_terminal: options.acts,
        signed: signed.len(),
        at_hq: at_hq.records,
        missing: at_hq.missing,
        twice: at_hq.twice,
        foreign: at_hq.foreign,
        seen_sent_again: seen.sent_again(),
        lanes: lanes(&receipts, seen, away),
        receipts_per_second: rate(&receipts, seen, away),
        receipts_in_busiest_second: Spread::of(receipts.iter().map(|one| one.at).collect())
            .map_or(0, |spread| spread.most_in_a_second),
        away_ms: away.back - away.gone,
        window_ms: away.window_ms,
        returns: Spread::of(returns.map(|at| at.saturating_sub(away.back)).collect()),
        memory: MemoryLine {
            per_terminal_bytes: after.own.saturating_sub(before.own) / terminals,
            threads_per_terminal: after.threads.saturating_sub(before.threads) as f64 / terminals as f64,
        },
    })
}

/// One line a lane and phase in which a receipt came.
fn lanes(receipts: &[Stored], seen: &Seen, away: Away) -> Vec<LaneLine> {
    let of = |lane: Lane, phase: Phase| {
        let times = receipts.iter().filter(|one| one.lane == lane).filter_map(|one| {
            // What HQ answered before it went may be stored a moment after.
            match phase {
                Phase::Start if one.at < away.back => {
                    Some(one.at.saturating_sub(seen.terminals[one.terminal].started))
                }
                Phase::Return if one.at >= away.back => Some(one.at - away.back),
                Phase::Start | Phase::Return => None,
            }
        });
        Some(LaneLine {
            lane: name(lane),
            phase,
            latency: Spread::of(times.collect())?,
        })
    };
    let phases = [Phase::Start, Phase::Return];
    let all = Lane::ALL
        .into_iter()
        .flat_map(|lane| phases.map(|phase| (lane, phase)));
    all.filter_map(|(lane, phase)| of(lane, phase)).collect()
}

fn rate(receipts: &[Stored], seen: &Seen, away: Away) -> f64 {
    let began = seen
        .terminals
        .iter()
        .map(|shown| shown.started)
        .min()
        .unwrap_or(0);
    let ended = receipts.iter().map(|one| one.at).max().unwrap_or(began);
    let there = (ended - began).saturating_sub(away.back - away.gone);
    receipts.len() as f64 * 1_000.0 / there.max(1) as f64
}

const fn name(lane: Lane) -> &'static str {
    match lane {
        Lane::Urgent => "urgent",
        Lane::Procedures => "procedures",
        Lane::Events => "events",
        Lane::Telemetry => "telemetry",
    }
}

impl Report {
    /// Whether HQ holds what was signed, each act once and nothing else.
    pub const fn is_the_signed_set(&self) -> bool {
        self.signed > 0 && self.missing == 0 && self.twice == 0 && self.foreign == 0
    }
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(
            f,
            "{} terminals, {} acts signed, {} at HQ: {} missing, {} twice, {} foreign; {} sendings again were seen",
            self.terminals,
            self.signed,
            self.at_hq,
            self.missing,
            self.twice,
            self.foreign,
            self.seen_sent_again
        )?;
        for line in &self.lanes {
            let since = match line.phase {
                Phase::Start => "the start",
                Phase::Return => "HQ's return",
            };
            let Spread {
                count,
                p50_ms,
                p95_ms,
                p99_ms,
                last_ms,
                ..
            } = line.latency;
            writeln!(
                f,
                "lane {}: {count} receipts stored {p50_ms} ms after {since} (median), {p95_ms} (95 %), {p99_ms} (99 %), {last_ms} (last)",
                line.lane
            )?;
        }
        writeln!(
            f,
            "{:.0} receipts a second while HQ was there, {} in the busiest one",
            self.receipts_per_second, self.receipts_in_busiest_second
        )?;
        match self.returns {
            Some(returns) => writeln!(
                f,
                "HQ was away for {} ms and asks to spread returns over {} ms: {} terminals back after {} ms (first), {} (median), {} (95 %), {} (last), {} in the busiest second",
                self.away_ms,
                self.window_ms,
                returns.count,
                returns.first_ms,
                returns.p50_ms,
                returns.p95_ms,
                returns.last_ms,
                returns.most_in_a_second
            )?,
            None => writeln!(f, "no terminal was seen to come back")?,
        }
        write!(
            f,
            "{:.1} MB and {:.1} threads a terminal",
            self.memory.per_terminal_bytes as f64 / 1e6,
            self.memory.threads_per_terminal
        )
    }
}
