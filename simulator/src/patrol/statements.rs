//! What cameras signed of themselves: at HQ beside each manifest, under the camera's certificate, and as it says.

use agent::work::record_of;
use domain::footage::{CameraEvent, CameraSaid, Manifest};
use evidence::log;
use trust::cert::Certificate;

use super::invariants::{Gathered, HqRecord, manifest_of};
use super::report::Invariant;

/// Every event of every manifest holds, and an officer whom a manifest names is the one whom the camera named.
pub(super) fn what_cameras_signed_is_at_hq(gathered: &Gathered) -> Invariant {
    let mut checked = 0;
    let mut wrong = Vec::new();
    for held in &gathered.hq_records {
        let record = record_of(&held.record_cose);
        let Some(manifest) = record.as_ref().and_then(manifest_of) else {
            continue;
        };
        match events(held, manifest) {
            Ok(events) => {
                checked += events.len();
                wrong.extend(unnamed(manifest, &events));
            }
            Err(why) => wrong.push(format!("{}: {why}", manifest.clip)),
        }
    }
    Invariant::of("what-cameras-signed-is-at-hq", checked, wrong)
}

fn events(held: &HqRecord, manifest: &Manifest) -> Result<Vec<CameraEvent>, String> {
    let (Some(carried), Some(file)) = (&manifest.events, &held.camera_events) else {
        return Err("the manifest came without the camera's events".to_owned());
    };
    let camera = held.camera_certificate.as_deref().map(Certificate::from_der);
    let Some(Ok(camera)) = camera else {
        return Err("the manifest came without the camera's certificate".to_owned());
    };
    log::check_file(file, &camera, carried, manifest).map_err(|error| error.to_string())
}

/// What is wrong with the officer whom the manifest names, when the event is among these.
fn unnamed(manifest: &Manifest, events: &[CameraEvent]) -> Option<String> {
    let assigned = manifest.assigned.as_ref()?;
    let event = events.iter().find(|event| event.counter == assigned.counter)?;
    let same = matches!(&event.said, CameraSaid::Assigned { to: Some(to), .. } if *to == assigned.to);
    (!same).then(|| format!("{}: the camera names another officer", manifest.clip))
}
