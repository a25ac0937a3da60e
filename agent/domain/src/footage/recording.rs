//! A recording that was taken in, as its terminal keeps it until its term.

use minicbor::{Decode, Encode};

use crate::canonical::Digest;
use crate::id::{CameraId, ClipId, InterventionId};
use crate::record::Context;
use crate::time::{UnixMs, Zone};

/// Recordings that begin within this time of the end of another are of one incident, in milliseconds.
pub const SAME_INCIDENT: i64 = 60_000;

/// What is needed to say something of it, whether its bytes are still here or not.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct Recording {
    #[n(0)]
    pub clip: ClipId,
    #[n(1)]
    pub camera: CameraId,
    /// Camera clock.
    #[n(2)]
    pub started: UnixMs,
    #[n(3)]
    pub ended: UnixMs,
    /// Merkle root of its manifest.
    #[n(4)]
    pub root: Digest,
    /// SHA-256 of the COSE_Sign1 that carries the manifest.
    #[n(5)]
    pub manifest: Digest,
    /// Who took it in, in which service and intervention.
    #[n(6)]
    pub context: Context,
    /// End of its term (CSI R.241-4).
    #[n(7)]
    pub until: UnixMs,
    /// Where it was taken in: the days of its term end by the clocks there.
    #[n(8)]
    pub zone: Zone,
}

impl Recording {
    /// Whole seconds.
    pub fn seconds(&self) -> u32 {
        u32::try_from(self.ended.0.saturating_sub(self.started.0).max(0) / 1000).unwrap_or(u32::MAX)
    }

    fn is_beside(&self, other: &Self) -> bool {
        let (first, second) = if self.started <= other.started {
            (self, other)
        } else {
            (other, self)
        };
        let same = |one: Option<InterventionId>, other| one.is_some() && one == other;
        second.started.0 <= first.ended.0.saturating_add(SAME_INCIDENT)
            || same(first.context.intervention, second.context.intervention)
    }
}

/// The recordings in groups of one incident each: those that begin within a minute of another or belong to the same
/// intervention. Groups and their recordings are in the order of their beginning.
pub fn incidents(recordings: &[Recording]) -> Vec<Vec<&Recording>> {
    let mut sorted: Vec<&Recording> = recordings.iter().collect();
    sorted.sort_by_key(|recording| (recording.started, recording.clip));
    let mut groups: Vec<Vec<&Recording>> = Vec::new();
    for recording in sorted {
        let (mut beside, apart): (Vec<_>, Vec<_>) = groups
            .into_iter()
            .partition(|group: &Vec<&Recording>| group.iter().any(|other| other.is_beside(recording)));
        let mut joined: Vec<&Recording> = beside.drain(..).flatten().collect();
        joined.push(recording);
        joined.sort_by_key(|recording| (recording.started, recording.clip));
        groups = apart;
        groups.push(joined);
    }
    groups.sort_by_key(|group| group.first().map(|first| (first.started, first.clip)));
    groups
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::canonical::decode;

    /// A recording of the vectors, from this second to that one.
    fn recording(n: u8, seconds: (i64, i64), intervention: Option<u8>) -> Recording {
        let vector = include_bytes!("../../tests/vectors/v1/recording.cbor");
        let known: Recording = decode(vector).unwrap();
        let intervention = intervention.map(|of| InterventionId::from_bytes([of; 16]));
        Recording {
            clip: ClipId::from_bytes([n; 16]),
            started: UnixMs(seconds.0 * 1000),
            ended: UnixMs(seconds.1 * 1000),
            context: Context {
                intervention,
                ..known.context
            },
            ..known
        }
    }

    #[track_caller]
    fn grouped(recordings: &[Recording]) -> Vec<Vec<u8>> {
        let first = |recording: &&Recording| recording.clip.as_bytes()[0];
        incidents(recordings)
            .iter()
            .map(|group| group.iter().map(first).collect())
            .collect()
    }

    #[test]
    fn recordings_within_a_minute_or_of_one_intervention_are_one_incident() {
        let near = [
            recording(3, (300, 400), None),
            recording(1, (0, 100), None),
            recording(2, (160, 200), None),
        ];
        assert_eq!(grouped(&near), [vec![1, 2], vec![3]]);
        let called = [
            recording(1, (0, 100), Some(7)),
            recording(2, (5_000, 5_100), None),
            recording(3, (9_000, 9_100), Some(7)),
            recording(4, (20_000, 20_100), Some(8)),
        ];
        assert_eq!(grouped(&called), [vec![1, 3], vec![2], vec![4]]);
        // One that lies between two joins them.
        let bridge = [
            recording(1, (0, 100), None),
            recording(2, (200, 300), None),
            recording(3, (150, 190), None),
        ];
        assert_eq!(grouped(&bridge), [vec![1, 3, 2]]);
    }
}
