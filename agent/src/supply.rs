//! What the terminal lives on, as Linux tells it in `/sys/class`: files of a few bytes, read here because no library that
//! the terminal has reads them, and one that does brings the whole system with it.
//!
//! Nothing there is trusted: so many entries and so many bytes of each are looked at, and what does not read is unknown.

use std::fs::{self, File};
use std::io::Read;
use std::path::{Path, PathBuf};

use domain::footage::leaving::{Bearer, Charge, Power, Supply};

/// The most batteries, chargers or networks that are looked at.
const MAX_ENTRIES: usize = 64;
/// The most that is read of one file, in bytes.
const MAX_FILE: u64 = 1_024;

/// `class` holds the folders `power_supply` and `net`.
pub fn read(class: &Path) -> Supply {
    Supply {
        power: power(&class.join("power_supply")),
        bearer: bearer(&class.join("net")),
    }
}

/// A terminal with no battery at all is on the mains.
fn power(folder: &Path) -> Power {
    let Some(entries) = entries(folder) else {
        return Power::Unknown;
    };
    let mut batteries = Vec::new();
    let mut plugged = false;
    for entry in entries {
        // A battery of a mouse or of a headset is not the terminal's.
        if word(&entry, "scope").as_deref() == Some("Device") {
            continue;
        }
        let online = word(&entry, "online").is_some_and(|online| online != "0");
        match word(&entry, "type").as_deref() {
            Some("Battery") => batteries.push(entry),
            // A charger that is plugged counts even while a full battery takes nothing of it.
            Some(_) => plugged |= online,
            None => {}
        }
    }
    // Of several batteries the fullest carries the terminal longest.
    let charge = batteries.iter().filter_map(|battery| charge(battery)).max();
    let statuses: Vec<_> = batteries.iter().map(|battery| word(battery, "status")).collect();
    let says = |wanted: &[&str]| {
        let mut said = statuses.iter().flatten();
        said.any(|status| wanted.contains(&status.as_str()))
    };
    if plugged || batteries.is_empty() || says(&["Charging", "Full"]) {
        Power::Charging(charge)
    } else if says(&["Discharging", "Not charging"]) {
        Power::Battery(charge)
    } else {
        Power::Unknown
    }
}

fn charge(battery: &Path) -> Option<Charge> {
    Charge::new(word(battery, "capacity")?.parse().ok()?).ok()
}

/// The best network that is up: a phone routes over it, and leaves the cellular one aside.
fn bearer(folder: &Path) -> Bearer {
    let Some(entries) = entries(folder) else {
        return Bearer::Unknown;
    };
    let mut best = Bearer::None;
    let mut unrecognised = false;
    for entry in entries.into_iter().filter(|entry| is_up(entry)) {
        match kind(&entry) {
            Some(bearer) => best = best.max(bearer),
            None => unrecognised = true,
        }
    }
    // Something is up that is no network known here: to say that there is none would be wrong.
    if best == Bearer::None && unrecognised {
        Bearer::Unknown
    } else {
        best
    }
}

/// Modems often leave their state unknown and tell by the carrier alone.
fn is_up(entry: &Path) -> bool {
    // ARPHRD_LOOPBACK of Linux.
    if word(entry, "type").as_deref() == Some("772") {
        return false;
    }
    match word(entry, "operstate").as_deref() {
        Some("up") => true,
        Some("unknown") => word(entry, "carrier").as_deref() == Some("1"),
        Some(_) | None => false,
    }
}

fn kind(entry: &Path) -> Option<Bearer> {
    let says = |line: &str| text(entry, "uevent").is_some_and(|text| text.lines().any(|said| said == line));
    if entry.join("wireless").is_dir() || entry.join("phy80211").exists() || says("DEVTYPE=wlan") {
        return Some(Bearer::Wifi);
    }
    // ARPHRD_PPP and ARPHRD_RAWIP of Linux: what modems are, whatever their name.
    let modem = matches!(word(entry, "type").as_deref(), Some("512" | "519"));
    if modem || says("DEVTYPE=wwan") {
        return Some(Bearer::Cellular);
    }
    // ARPHRD_ETHER with hardware behind it: bridges and tunnels have none.
    let ethernet = word(entry, "type").as_deref() == Some("1");
    (ethernet && entry.join("device").exists()).then_some(Bearer::Cable)
}

fn entries(folder: &Path) -> Option<Vec<PathBuf>> {
    let listed = fs::read_dir(folder).ok()?;
    let paths = listed.filter_map(|entry| entry.ok().map(|entry| entry.path()));
    Some(paths.take(MAX_ENTRIES).collect())
}

fn text(entry: &Path, name: &str) -> Option<String> {
    let mut text = String::new();
    let file = File::open(entry.join(name)).ok()?;
    file.take(MAX_FILE).read_to_string(&mut text).ok()?;
    Some(text)
}

fn word(entry: &Path, name: &str) -> Option<String> {
    Some(text(entry, name)?.trim().to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A folder as the system shows it: `battery/type=Battery`.
    fn class(files: &[&str]) -> tempfile::TempDir {
        let class = tempfile::tempdir().unwrap();
        for folder in ["power_supply", "net"] {
            fs::create_dir(class.path().join(folder)).unwrap();
        }
        for file in files {
            let (path, content) = file.split_once('=').unwrap();
            let path = class.path().join(path);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, format!("{}\n", content.replace(';', "\n"))).unwrap();
        }
        class
    }

    fn seen(files: &[&str]) -> Supply {
        read(class(files).path())
    }

    fn charging(percent: u8) -> Power {
        Power::Charging(Some(Charge::new(percent).unwrap()))
    }

    fn battery(percent: u8) -> Power {
        Power::Battery(Some(Charge::new(percent).unwrap()))
    }

    #[test]
    fn a_phone_says_how_full_it_is_and_whether_it_is_charged() {
        let phone = |status: &str, online: &str| {
            seen(&[
                "power_supply/battery/type=Battery",
                "power_supply/battery/capacity=41",
                &format!("power_supply/battery/status={status}"),
                "power_supply/usb/type=USB",
                &format!("power_supply/usb/online={online}"),
                "power_supply/pen/type=Battery",
                "power_supply/pen/scope=Device",
                "power_supply/pen/status=Full",
            ])
            .power
        };
        assert_eq!(phone("Discharging", "0"), battery(41));
        assert_eq!(phone("Charging", "1"), charging(41));
        assert_eq!(phone("Not charging", "1"), charging(41));
        assert_eq!(phone("Not charging", "0"), battery(41));
        assert_eq!(phone("Full", "0"), charging(41));
        assert_eq!(phone("???", "0"), Power::Unknown);
    }

    #[test]
    fn of_two_batteries_the_fuller_counts_and_a_charge_that_does_not_read_is_none() {
        let two = |first: &str, other: &str| {
            seen(&[
                "power_supply/BAT0/type=Battery",
                "power_supply/BAT0/status=Discharging",
                &format!("power_supply/BAT0/capacity={first}"),
                "power_supply/BAT1/type=Battery",
                "power_supply/BAT1/status=Discharging",
                &format!("power_supply/BAT1/capacity={other}"),
            ])
            .power
        };
        assert_eq!(two("12", "70"), battery(70));
        assert_eq!(two("101", "7"), battery(7));
        assert_eq!(two("", "-1"), Power::Battery(None));
    }

    #[test]
    fn a_computer_without_battery_is_on_the_mains_and_one_that_shows_nothing_is_unknown() {
        assert_eq!(seen(&[]).power, Power::Charging(None));
        let nowhere = read(Path::new("/nonexistent"));
        assert_eq!(nowhere, Supply::default());
        assert!(nowhere.is_partly_unknown());
    }

    #[test]
    fn the_best_network_that_is_up_is_named() {
        let wifi = [
            "net/wlan0/operstate=up",
            "net/wlan0/uevent=DEVTYPE=wlan;INTERFACE=wlan0",
        ];
        let modem = [
            "net/rmnet0/operstate=unknown",
            "net/rmnet0/carrier=1",
            "net/rmnet0/type=519",
        ];
        let cable = [
            "net/eth0/operstate=up",
            "net/eth0/type=1",
            "net/eth0/device/vendor=0x8086",
        ];
        let idle = [
            "net/eth1/operstate=down",
            "net/eth1/type=1",
            "net/eth1/device/vendor=0x8086",
        ];
        let loopback = ["net/lo/operstate=unknown", "net/lo/carrier=1", "net/lo/type=772"];
        let tunnel = ["net/tun0/operstate=up", "net/tun0/type=65534"];
        let bearer = |parts: &[&[&str]]| seen(&parts.concat()).bearer;
        assert_eq!(bearer(&[&loopback, &idle]), Bearer::None);
        assert_eq!(bearer(&[&loopback, &modem, &tunnel]), Bearer::Cellular);
        assert_eq!(bearer(&[&modem, &wifi]), Bearer::Wifi);
        assert_eq!(bearer(&[&modem, &wifi, &cable]), Bearer::Cable);
        assert_eq!(bearer(&[&tunnel]), Bearer::Unknown);
        let stick = [
            "net/wwan0/operstate=up",
            "net/wwan0/type=1",
            "net/wwan0/device/vendor=1",
            "net/wwan0/uevent=DEVTYPE=wwan",
        ];
        assert_eq!(bearer(&[&stick]), Bearer::Cellular);
    }

    #[test]
    fn files_without_end_and_folders_without_number_are_looked_at_up_to_a_bound() {
        let long = format!("power_supply/battery/type={}", "Battery".repeat(1_000));
        assert_eq!(seen(&[&long]).power, Power::Charging(None), "it is no battery");
        let class = class(&[]);
        for n in 0..MAX_ENTRIES + 10 {
            fs::create_dir(class.path().join(format!("net/t{n}"))).unwrap();
        }
        assert_eq!(entries(&class.path().join("net")).unwrap().len(), MAX_ENTRIES);
    }
}
