//! The time that a backlog takes on a slow link, held against the bytes over the bandwidth; and the bytes on the wire,
//! held against those of the records.

use std::io::{Read, Write};
use std::net::{Ipv4Addr, TcpListener, TcpStream};
use std::thread;
use std::time::{Duration, Instant};

use anyhow::{Context, anyhow};

use super::acts::{Prepared, Weight};
use super::figures::{Measure, Samples, Target};
use super::rig::Rig;
use crate::radio::Radio;

/// Records in one backlog.
const BACKLOG: usize = 200;
/// One way.
const DELAY: Duration = Duration::from_millis(50);

/// Bytes a second: a crowded cell for small records, a good one for those with a PDF.
const fn bandwidth(weight: Weight) -> u32 {
    match weight {
        Weight::Bare => 64_000,
        Weight::WithDocument => 1_000_000,
    }
}

pub(super) fn measure(rig: &Rig, weight: Weight, repetitions: usize) -> anyhow::Result<[Measure; 2]> {
    let (mut times, mut slowness) = (Samples::default(), Vec::new());
    let (mut volumes, mut overhead) = (Samples::default(), Vec::new());
    let rate = f64::from(bandwidth(weight));
    for _ in 0..repetitions {
        let acts = rig.fill(BACKLOG, weight)?;
        let radio = Radio::start(rig.broker)?;
        radio.shape(u64::from(bandwidth(weight)), u64::try_from(DELAY.as_millis())?);
        let took = rig.deliver(radio.address())?.as_secs_f64();
        let (up, down) = radio.bytes();
        rig.settle()?;
        let envelopes = sum(&acts, |act| act.envelope.len());
        let ideal = envelopes / rate + 2.0 * DELAY.as_secs_f64();
        slowness.push(took / ideal);
        times.add("from connecting to the last stored receipt", "s", took);
        times.add("bytes ÷ bandwidth + one round trip", "s", ideal);
        times.add("bandwidth of the link as set", "kB/s", rate / 1e3);
        times.add(
            "bandwidth of a plain TCP copy over the link",
            "kB/s",
            copy(weight)? / 1e3,
        );
        let wire = (up + down) as f64;
        overhead.push(wire / envelopes);
        volumes.add("up, a record", "bytes", up as f64 / acts.len() as f64);
        volumes.add("down, a record", "bytes", down as f64 / acts.len() as f64);
        volumes.add("envelope", "bytes", envelopes / acts.len() as f64);
        volumes.add(
            "signed record and attachments inside",
            "bytes",
            sum(&acts, |act| act.record_bytes) / acts.len() as f64,
        );
        volumes.add(
            "on the wire ÷ signed record and attachments",
            "",
            wire / sum(&acts, |act| act.record_bytes),
        );
    }
    let label = weight.label();
    let time = format!("{BACKLOG} {label} ÷ the link's own time");
    let volume = format!("bytes on the wire ÷ envelopes, {label}");
    Ok([
        times.measure(time, Target::AtMost(1.5), slowness),
        volumes.measure(volume, Target::AtMost(2.5), overhead),
    ])
}

fn sum(acts: &[Prepared], bytes: impl Fn(&Prepared) -> usize) -> f64 {
    acts.iter().map(bytes).sum::<usize>() as f64
}

/// Bytes a second of a plain copy over a link of the same shape, its first delay taken off.
fn copy(weight: Weight) -> anyhow::Result<f64> {
    let bytes = usize::try_from(bandwidth(weight) * 2)?;
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).context("no loopback port is free")?;
    let radio = Radio::start(listener.local_addr()?)?;
    radio.shape(u64::from(bandwidth(weight)), u64::try_from(DELAY.as_millis())?);
    let reader = thread::spawn(move || -> std::io::Result<usize> {
        let (mut stream, _) = listener.accept()?;
        let (mut buffer, mut count) = ([0; 8 * 1024], 0);
        while count < bytes {
            match stream.read(&mut buffer)? {
                0 => break,
                read => count += read,
            }
        }
        Ok(count)
    });
    let began = Instant::now();
    TcpStream::connect(radio.address())?.write_all(&vec![0; bytes])?;
    let count = reader
        .join()
        .map_err(|_| anyhow!("the reader of a plain copy panicked"))??;
    Ok(count as f64 / (began.elapsed().saturating_sub(DELAY)).as_secs_f64())
}
