//! Where the fleet was last known to be: what terminals answered to an order to be located, and the places of their acts.
//!
//! A scheme, not a map: no picture of the ground is fetched from anywhere.

use std::collections::BTreeMap;

use anyhow::Context;
use domain::orders::{Command, Found, Located, OrderReport};
use domain::place::{Fix, Position};
use domain::record::Act;
use domain::{DeviceId, EnvelopeId, Timestamp};
use hq::Pki;
use hq::store::{Arrival, Transaction};
use trust::{cose, seal};

/// Bytes of a position, with room to spare.
const MAX_OPENED: usize = 4096;
/// Ten metres of latitude, in micro-degrees.
const TEN_METRES: i64 = 90;
/// A scheme shows at least so many metres across.
const LEAST: i64 = 400;

/// One terminal of the scheme.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Spot {
    pub name: String,
    /// How long ago, in French, and what said it.
    pub said: String,
    /// Degrees, as they are written.
    pub degrees: String,
    /// From the left and from the top, in thousandths.
    pub across: i32,
    pub down: i32,
}

/// Everything that the scheme shows.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Chart {
    pub spots: Vec<Spot>,
    /// Terminals of which nothing is known.
    pub unknown: Vec<String>,
    /// Metres across.
    pub metres: i64,
}

/// What said where a terminal was.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Source {
    Order,
    Act,
}

/// What was read so far, so that nothing is opened twice.
#[derive(Debug, Default)]
pub(super) struct Whereabouts {
    answers: BTreeMap<(DeviceId, u64), Option<Fix>>,
    acts: BTreeMap<EnvelopeId, Option<(DeviceId, Fix)>>,
}

impl Whereabouts {
    pub(super) fn chart(
        &mut self,
        store: &Transaction<'_>,
        pki: &Pki,
        arrivals: &[Arrival],
        now: Timestamp,
    ) -> anyhow::Result<Chart> {
        let mut last: BTreeMap<DeviceId, (Fix, Source)> = BTreeMap::new();
        let mut unknown = Vec::new();
        let mut later = |device: DeviceId, fix: Fix, source| {
            let known = last
                .get(&device)
                .is_some_and(|(known, _)| known.at.utc >= fix.at.utc);
            if !known {
                last.insert(device, (fix, source));
            }
        };
        for arrival in arrivals {
            if let Some((device, fix)) = self.of_act(store, arrival)? {
                later(device, fix, Source::Act);
            }
        }
        for terminal in store.devices()? {
            for order in store.orders(&terminal.device)? {
                if order.command == Command::Locate
                    && let Some(fix) = self.answered(store, pki, &terminal.device, order.sequence)?
                {
                    later(terminal.device.clone(), fix, Source::Order);
                }
            }
        }
        for terminal in store.devices()? {
            if !last.contains_key(&terminal.device) {
                unknown.push(terminal.device.to_string());
            }
        }
        Ok(drawn(&last, unknown, now))
    }

    /// The place of an act, where it has a position.
    fn of_act(
        &mut self,
        store: &Transaction<'_>,
        arrival: &Arrival,
    ) -> anyhow::Result<Option<(DeviceId, Fix)>> {
        if arrival.purged {
            return Ok(None);
        }
        if let Some(known) = self.acts.get(&arrival.envelope) {
            return Ok(known.clone());
        }
        let stored = store.record(arrival.envelope)?;
        let record = stored.and_then(|stored| agent::work::record_of(&stored.record_cose));
        let found = record.and_then(|record| {
            let fix = Fix {
                position: place_of(&record.act)?,
                at: record.signed_at,
            };
            Some((arrival.device.clone(), fix))
        });
        self.acts.insert(arrival.envelope, found.clone());
        Ok(found)
    }

    /// What the terminal stated of the order; kept once it did.
    fn answered(
        &mut self,
        store: &Transaction<'_>,
        pki: &Pki,
        device: &DeviceId,
        sequence: u64,
    ) -> anyhow::Result<Option<Fix>> {
        let key = (device.clone(), sequence);
        if let Some(known) = self.answers.get(&key) {
            return Ok(*known);
        }
        let Some(statement) = store.reports(device, sequence)?.into_iter().next() else {
            return Ok(None);
        };
        let report: OrderReport = domain::decode(&cose::parse(&statement)?.payload)
            .context("a statement on an order does not decode")?;
        let fix = if let Found::Located(sealed) = &report.found {
            let opened = seal::open(pki.identity(), sealed, MAX_OPENED)?;
            let located: Located = domain::decode(&opened).context("a position does not decode")?;
            located.fix
        } else {
            None
        };
        self.answers.insert(key, fix);
        Ok(fix)
    }
}

const fn place_of(act: &Act) -> Option<Position> {
    match act {
        Act::Pv(pv) => pv.place.position,
        Act::Plainte(plainte) => plainte.place.position,
        Act::Pve(pve) => pve.place.place.position,
        Act::Afd(afd) => afd.place.place.position,
        Act::Note(note) => note.place.position,
        Act::Alert(alert) => alert.position,
        Act::IdentityCheck(_)
        | Act::Footage(_)
        | Act::VisaRequest(_)
        | Act::Visa(_)
        | Act::SafeContact(_)
        | Act::Custody(_)
        | Act::Verification(_) => None,
    }
}

/// Every terminal within the scheme, north at the top, one length for both directions.
fn drawn(last: &BTreeMap<DeviceId, (Fix, Source)>, unknown: Vec<String>, now: Timestamp) -> Chart {
    let positions = || last.values().map(|(fix, _)| fix.position);
    let north = |position: Position| i64::from(position.latitude_e6) * 10 / TEN_METRES;
    // A degree of longitude is shorter the further north it is; the first terminal's will do for one town.
    let shrink = positions().next().map_or(1.0, |position| {
        (f64::from(position.latitude_e6) / 1e6).to_radians().cos()
    });
    let east = |position: Position| metres(f64::from(position.longitude_e6) * 10.0 / 90.0 * shrink);
    let middle = |of: &dyn Fn(Position) -> i64| {
        let (least, most) = (positions().map(of).min(), positions().map(of).max());
        let (least, most) = (least.unwrap_or(0), most.unwrap_or(0));
        (i64::midpoint(least, most), most - least)
    };
    let ((x, width), (y, height)) = (middle(&east), middle(&north));
    // A quarter more, so that names have room at the edge.
    let metres = round_up((width.max(height) * 5 / 4).max(LEAST));
    let place = |offset: i64| i32::try_from(500 + offset * 1000 / metres).unwrap_or(500);
    let spots = last.iter().map(|(device, (fix, source))| Spot {
        name: device.to_string(),
        said: format!(
            "{}, {}",
            age(now, fix.at),
            match source {
                Source::Order => "localisé sur ordre",
                Source::Act => "lieu d’un acte",
            }
        ),
        degrees: fix.position.to_string(),
        across: place(east(fix.position) - x),
        down: place(y - north(fix.position)),
    });
    Chart {
        spots: spots.collect(),
        unknown,
        metres,
    }
}

#[expect(clippy::cast_possible_truncation, reason = "metres on the earth")]
fn metres(metres: f64) -> i64 {
    metres.round() as i64
}

/// A length that a person reads at a glance: 1, 2 or 5 with noughts.
fn round_up(metres: i64) -> i64 {
    let mut ten = 100;
    loop {
        for step in [ten, 2 * ten, 5 * ten] {
            if metres <= step {
                return step;
            }
        }
        ten *= 10;
    }
}

/// "à l’instant", "il y a 3 min", "il y a 2 h", "il y a 4 j".
fn age(now: Timestamp, at: Timestamp) -> String {
    let minutes = (now.utc.0 - at.utc.0).max(0) / 60_000;
    match minutes {
        0 => "à l’instant".to_owned(),
        1..60 => format!("il y a {minutes}\u{a0}min"),
        60..1440 => format!("il y a {}\u{a0}h", minutes / 60),
        _ => format!("il y a {}\u{a0}j", minutes / 1440),
    }
}

#[cfg(test)]
mod tests {
    use domain::{BootId, UnixMs, Zone};

    use super::*;

    fn at(minute: i64) -> Timestamp {
        Timestamp {
            utc: UnixMs(minute * 60_000),
            zone: Zone::Paris,
            offset_min: 60,
            boot: BootId::from_bytes([1; 16]),
            mono_ms: 0,
        }
    }

    fn seen(name: &str, latitude_e6: i32, longitude_e6: i32, minute: i64) -> (DeviceId, (Fix, Source)) {
        let position = Position {
            latitude_e6,
            longitude_e6,
            accuracy_m: 10,
        };
        let fix = Fix {
            position,
            at: at(minute),
        };
        (DeviceId::parse(name).unwrap(), (fix, Source::Order))
    }

    #[test]
    fn one_terminal_stands_in_the_middle_and_says_how_old_it_is() {
        let chart = drawn(
            &[seen("neo-000007", 48_936_200, 2_357_400, 0)].into(),
            vec![],
            at(75),
        );
        let spot = &chart.spots[0];
        assert_eq!((spot.across, spot.down, chart.metres), (500, 500, 500));
        assert_eq!(spot.said, "il y a 1\u{a0}h, localisé sur ordre");
    }

    #[test]
    fn who_is_further_north_stands_higher_and_everybody_is_within() {
        let chart = drawn(
            &[
                seen("neo-000001", 48_936_200, 2_357_400, 0),
                seen("neo-000002", 48_946_200, 2_377_400, 0),
                seen("neo-000003", 48_926_200, 2_337_400, 0),
            ]
            .into(),
            vec!["neo-000004".to_owned()],
            at(0),
        );
        let spots = &chart.spots;
        assert!(spots[1].down < spots[0].down && spots[0].down < spots[2].down);
        assert!(spots[2].across < spots[0].across && spots[0].across < spots[1].across);
        assert!(spots.iter().all(|spot| (50..=950).contains(&spot.across)));
        assert_eq!(chart.unknown, ["neo-000004"]);
        // 4 km from west to east, less what a degree loses towards the pole, and a quarter more.
        assert_eq!(chart.metres, 5_000);
    }
}
