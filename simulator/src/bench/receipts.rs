//! Receipted records a second, held against what they cannot do without: the same cryptography on both sides, one
//! durable commit a side and one bare publish, each measured alone and added up.

use std::time::Duration;

use super::acts::Weight;
use super::bare::Bare;
use super::figures::{Measure, Samples, Target};
use super::rig::Rig;

/// Enough that the handshake and the hello, which are inside the time, weigh little.
const RECORDS: usize = 500;

pub(super) fn measure(rig: &Rig, weight: Weight, repetitions: usize) -> anyhow::Result<Measure> {
    let mut samples = Samples::default();
    let mut ratios = Vec::new();
    let bare = Bare::new(rig)?;
    for _ in 0..repetitions {
        let acts = rig.fill(RECORDS, weight)?;
        let each = rig.deliver(rig.broker)? / u32::try_from(RECORDS)?;
        rig.settle()?;
        let costs = bare.measure(&acts)?;
        ratios.push(costs.sum().as_secs_f64() / each.as_secs_f64());
        samples.add("receipted records", "per s", rate(each));
        samples.add("sum of the parts", "per s", rate(costs.sum()));
        samples.add("bare rumqttc QoS 1 publish", "per s", rate(costs.publish));
        samples.add("a receipted record", "µs", micros(each));
        samples.add("part: cryptography at HQ", "µs", micros(costs.at_hq));
        samples.add(
            "part: cryptography on the terminal",
            "µs",
            micros(costs.on_terminal),
        );
        samples.add("part: one FULL commit at HQ", "µs", micros(costs.hq_commit));
        samples.add(
            "part: one FULL commit on the terminal",
            "µs",
            micros(costs.terminal_commit),
        );
        samples.add("part: bare rumqttc QoS 1 publish", "µs", micros(costs.publish));
        let bytes: usize = acts.iter().map(|act| act.envelope.len()).sum();
        samples.add("envelope", "bytes", bytes as f64 / acts.len() as f64);
    }
    let name = format!("receipted records ÷ the sum of their parts, {}", weight.label());
    Ok(samples.measure(name, Target::AtLeast(0.7), ratios))
}

fn rate(each: Duration) -> f64 {
    1.0 / each.as_secs_f64()
}

fn micros(each: Duration) -> f64 {
    each.as_secs_f64() * 1e6
}
