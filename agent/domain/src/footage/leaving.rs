//! When recordings leave for headquarters: by the energy and the network that the terminal has, its profile, and HQ's word.

use minicbor::decode::Error as DecodeError;
use minicbor::{Decode, Decoder, Encode};

use crate::profile::NotASetting;

/// What the terminal lives on, as its platform says.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Encode, Decode)]
#[cbor(map)]
pub struct Supply {
    #[n(0)]
    pub power: Power,
    #[n(1)]
    pub bearer: Bearer,
}

impl Supply {
    /// Something of it is not known, so that recordings leave without asking for it.
    pub fn is_partly_unknown(self) -> bool {
        self.power == Power::Unknown || self.bearer == Bearer::Unknown
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Encode, Decode)]
pub enum Power {
    /// The platform does not say.
    #[default]
    #[n(0)]
    Unknown,
    /// A charger; none for a terminal without a battery, and where the platform does not say how full it is.
    #[n(1)]
    Charging(#[n(0)] Option<Charge>),
    /// None where the platform says no more than that nothing charges it.
    #[n(2)]
    Battery(#[n(0)] Option<Charge>),
}

/// The network that carries what leaves.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default, Encode, Decode)]
#[cbor(index_only)]
pub enum Bearer {
    /// The platform does not say.
    #[default]
    #[n(0)]
    Unknown,
    #[n(1)]
    None,
    #[n(2)]
    Cellular,
    #[n(3)]
    Wifi,
    #[n(4)]
    Cable,
}

impl Bearer {
    pub const ALL: [Self; 5] = [Self::Unknown, Self::None, Self::Cellular, Self::Wifi, Self::Cable];

    /// The name in logs and scenarios.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Unknown => "unknown",
            Self::None => "none",
            Self::Cellular => "cellular",
            Self::Wifi => "wifi",
            Self::Cable => "cable",
        }
    }

    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|bearer| bearer.code() == code)
    }
}

/// How full a battery is, in percent.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Encode)]
#[cbor(transparent)]
pub struct Charge(#[n(0)] u8);

impl Charge {
    pub const fn new(percent: u8) -> Result<Self, NotASetting> {
        match percent {
            0..=100 => Ok(Self(percent)),
            _ => Err(NotASetting::Charge),
        }
    }

    pub const fn get(self) -> u8 {
        self.0
    }
}

/// What a profile says of how recordings leave.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct LeavingPolicy {
    /// On battery, too, down to `floor`.
    #[n(0)]
    pub on_battery: bool,
    /// Over the cellular network, too.
    #[n(1)]
    pub on_cellular: bool,
    #[n(2)]
    pub floor: BatteryFloor,
    /// What all uploads together may take of the network.
    #[n(3)]
    pub rate: UploadRate,
}

impl LeavingPolicy {
    /// What a terminal does before HQ has said anything.
    pub const EMBEDDED: Self = Self {
        on_battery: false,
        on_cellular: false,
        floor: BatteryFloor(30),
        rate: UploadRate(12_500),
    };

    /// Whether a recording may leave; `ordered` while HQ's order to send it at once counts.
    ///
    /// An order stands for the charger and for another network than the cellular one. It does not reach below the floor,
    /// because who carries the terminal may have to call for help.
    pub fn judge(&self, supply: Supply, ordered: bool) -> Result<(), Wait> {
        match supply.bearer {
            Bearer::None => return Err(Wait::NoNetwork),
            Bearer::Cellular if !(ordered || self.on_cellular) => return Err(Wait::Cellular),
            Bearer::Cellular | Bearer::Wifi | Bearer::Cable | Bearer::Unknown => {}
        }
        match supply.power {
            Power::Battery(Some(charge)) if charge.get() < self.floor.get() => {
                Err(Wait::BelowFloor(self.floor))
            }
            Power::Battery(_) if !(ordered || self.on_battery) => Err(Wait::NotCharging),
            // A recording must not stay for ever on a terminal whose platform says nothing.
            Power::Battery(_) | Power::Charging(_) | Power::Unknown => Ok(()),
        }
    }
}

/// Why recordings do not leave.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Encode, Decode)]
pub enum Wait {
    /// The profile keeps them on the terminal.
    #[n(0)]
    Profile,
    #[n(1)]
    NoNetwork,
    /// Neither profile nor order lets them leave over the cellular network.
    #[n(2)]
    Cellular,
    #[n(3)]
    NotCharging,
    #[n(4)]
    BelowFloor(#[n(0)] BatteryFloor),
}

/// The charge below which no recording leaves on battery, in percent.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Encode)]
#[cbor(transparent)]
pub struct BatteryFloor(#[n(0)] u8);

impl BatteryFloor {
    /// Lower, and an upload may take the last call.
    pub const LEAST: u8 = 15;

    pub const fn new(percent: u8) -> Result<Self, NotASetting> {
        match percent {
            Self::LEAST..=100 => Ok(Self(percent)),
            _ => Err(NotASetting::BatteryFloor),
        }
    }

    pub const fn get(self) -> u8 {
        self.0
    }
}

/// Kilobytes that uploads may send in a second.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Encode)]
#[cbor(transparent)]
pub struct UploadRate(#[n(0)] u32);

impl UploadRate {
    /// Lower, and an hour of video takes longer than its month.
    pub const LEAST: u32 = 16;
    pub const MOST: u32 = 1_000_000;

    pub const fn new(kilobytes: u32) -> Result<Self, NotASetting> {
        match kilobytes {
            Self::LEAST..=Self::MOST => Ok(Self(kilobytes)),
            _ => Err(NotASetting::UploadRate),
        }
    }

    pub const fn get(self) -> u32 {
        self.0
    }

    pub const fn bytes_a_second(self) -> u64 {
        self.0 as u64 * 1_000
    }
}

fn unsettled(fault: NotASetting) -> DecodeError {
    DecodeError::message(fault)
}

impl<'b, C> Decode<'b, C> for Charge {
    fn decode(d: &mut Decoder<'b>, _: &mut C) -> Result<Self, DecodeError> {
        Self::new(d.u8()?).map_err(unsettled)
    }
}

impl<'b, C> Decode<'b, C> for BatteryFloor {
    fn decode(d: &mut Decoder<'b>, _: &mut C) -> Result<Self, DecodeError> {
        Self::new(d.u8()?).map_err(unsettled)
    }
}

impl<'b, C> Decode<'b, C> for UploadRate {
    fn decode(d: &mut Decoder<'b>, _: &mut C) -> Result<Self, DecodeError> {
        Self::new(d.u32()?).map_err(unsettled)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn on(percent: u8) -> Power {
        Power::Battery(Some(Charge::new(percent).unwrap()))
    }

    fn judge(policy: LeavingPolicy, power: Power, bearer: Bearer, ordered: bool) -> Result<(), Wait> {
        policy.judge(Supply { power, bearer }, ordered)
    }

    #[test]
    fn by_default_a_recording_waits_for_a_charger_and_for_another_network_than_the_cellular_one() {
        let policy = LeavingPolicy::EMBEDDED;
        for bearer in [Bearer::Wifi, Bearer::Cable, Bearer::Unknown] {
            for power in [Power::Charging(None), Power::Unknown] {
                assert_eq!(
                    judge(policy, power, bearer, false),
                    Ok(()),
                    "{power:?} {bearer:?}"
                );
            }
            for power in [on(30), on(100), Power::Battery(None)] {
                let waits = judge(policy, power, bearer, false);
                assert_eq!(waits, Err(Wait::NotCharging), "{power:?} {bearer:?}");
            }
            let below = Err(Wait::BelowFloor(policy.floor));
            assert_eq!(judge(policy, on(29), bearer, false), below);
        }
        for power in [Power::Charging(None), Power::Unknown, on(100)] {
            let cellular = judge(policy, power, Bearer::Cellular, false);
            assert_eq!(cellular, Err(Wait::Cellular));
            for ordered in [false, true] {
                let nowhere = judge(policy, power, Bearer::None, ordered);
                assert_eq!(nowhere, Err(Wait::NoNetwork));
            }
        }
    }

    #[test]
    fn an_order_stands_for_charger_and_network_and_reaches_no_lower_than_the_floor() {
        let policy = LeavingPolicy::EMBEDDED;
        for power in [
            Power::Charging(None),
            Power::Unknown,
            Power::Battery(None),
            on(30),
        ] {
            for bearer in [Bearer::Cellular, Bearer::Wifi, Bearer::Cable, Bearer::Unknown] {
                assert_eq!(judge(policy, power, bearer, true), Ok(()), "{power:?} {bearer:?}");
            }
        }
        let below = Err(Wait::BelowFloor(policy.floor));
        assert_eq!(judge(policy, on(29), Bearer::Cellular, true), below);
    }

    #[test]
    fn a_profile_lets_recordings_leave_on_battery_and_over_the_cellular_network() {
        let policy = LeavingPolicy {
            on_battery: true,
            on_cellular: true,
            floor: BatteryFloor::new(50).unwrap(),
            ..LeavingPolicy::EMBEDDED
        };
        for bearer in [Bearer::Cellular, Bearer::Wifi, Bearer::Cable, Bearer::Unknown] {
            assert_eq!(judge(policy, on(50), bearer, false), Ok(()));
            assert_eq!(judge(policy, Power::Battery(None), bearer, false), Ok(()));
            let below = Err(Wait::BelowFloor(policy.floor));
            assert_eq!(judge(policy, on(49), bearer, false), below);
        }
    }

    #[test]
    fn figures_are_bounded_where_they_are_made_and_where_they_are_read() {
        for (percent, charge, floor) in [
            (0, true, false),
            (14, true, false),
            (15, true, true),
            (100, true, true),
            (101, false, false),
        ] {
            assert_eq!(Charge::new(percent).is_ok(), charge, "{percent}");
            let read = crate::decode::<Charge>(&crate::encode(&Charge(percent)));
            assert_eq!(read.is_ok(), charge, "{percent}");
            assert_eq!(BatteryFloor::new(percent).is_ok(), floor, "{percent}");
            let read = crate::decode::<BatteryFloor>(&crate::encode(&BatteryFloor(percent)));
            assert_eq!(read.is_ok(), floor, "{percent}");
        }
        for (rate, holds) in [(15, false), (16, true), (1_000_000, true), (1_000_001, false)] {
            assert_eq!(UploadRate::new(rate).is_ok(), holds, "{rate}");
            let read = crate::decode::<UploadRate>(&crate::encode(&UploadRate(rate)));
            assert_eq!(read.is_ok(), holds, "{rate}");
        }
    }
}
