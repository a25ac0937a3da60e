//! A look at the disk and at the device's sensors, through folders that may hold thousands of files.

use std::fs;
use std::path::Path;

use domain::dialogue::Gauges;
use sysinfo::Components;

use crate::site::Site;

pub struct GaugeJob {
    pub site: Site,
}

impl GaugeJob {
    pub(super) fn run(self) -> Gauges {
        let all = size(self.site.root());
        let footage = size(&self.site.footage());
        Gauges {
            store: all.saturating_sub(footage),
            footage,
            free: free(self.site.root()),
            celsius: celsius(),
        }
    }
}

/// What the files under `folder` hold; one that goes meanwhile holds nothing.
fn size(folder: &Path) -> u64 {
    let entries = fs::read_dir(folder).into_iter().flatten().flatten();
    let sizes = entries.map(|entry| match entry.metadata() {
        Ok(meta) if meta.is_dir() => size(&entry.path()),
        Ok(meta) => meta.len(),
        Err(_) => 0,
    });
    sizes.sum()
}

/// What is left for the terminal.
fn free(folder: &Path) -> Option<u64> {
    let disk = rustix::fs::statvfs(folder).ok()?;
    disk.f_bavail.checked_mul(disk.f_frsize)
}

/// The warmest of what a device in a hand can be: a sensor that is broken says anything.
fn celsius() -> Option<i16> {
    const COLDEST: i16 = -40;
    const HOTTEST: i16 = 125;
    let components = Components::new_with_refreshed_list();
    let readings = components
        .iter()
        .filter_map(|component| whole(component.temperature()?));
    readings
        .filter(|reading| (COLDEST..=HOTTEST).contains(reading))
        .max()
}

/// None of what is no number.
#[expect(clippy::cast_possible_truncation, reason = "it is bounded just before")]
fn whole(degrees: f32) -> Option<i16> {
    let bounded = f32::from(i16::MIN)..=f32::from(i16::MAX);
    bounded.contains(&degrees).then(|| degrees.round() as i16)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn recordings_are_told_apart_from_everything_else_and_the_disk_says_what_is_left() {
        let folder = tempfile::tempdir().unwrap();
        let site = Site::new(folder.path());
        fs::write(site.device_db(), [0; 100]).unwrap();
        fs::create_dir_all(site.parts()).unwrap();
        fs::write(site.parts().join("1"), [0; 20]).unwrap();
        fs::create_dir_all(site.footage().join("clip")).unwrap();
        fs::write(site.footage().join("clip/segment"), [0; 3_000]).unwrap();
        let gauges = GaugeJob { site }.run();
        assert_eq!((gauges.store, gauges.footage), (120, 3_000));
        assert!(gauges.free.is_some_and(|free| free > 0));
    }

    #[test]
    fn a_sensor_that_tells_no_number_tells_nothing() {
        assert_eq!(whole(31.4), Some(31));
        assert_eq!(whole(-0.6), Some(-1));
        assert_eq!((whole(f32::NAN), whole(f32::INFINITY)), (None, None));
    }
}
