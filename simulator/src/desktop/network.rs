//! The network of a simulated phone: what a trainer chooses, and what the radio and the phone are told of it.

use domain::footage::leaving::Bearer;

use crate::radio::Radio;

/// How the air is: of a kind, and then as the sliders were moved.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Network {
    pub kind: Kind,
    /// One way, in milliseconds.
    pub delay_ms: u64,
    /// Packets lost in a hundred.
    pub loss: u64,
    /// Kilobytes a second in each direction; 0 for no limit.
    pub rate: u64,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Kind {
    None,
    /// EDGE at the edge of a cell.
    Second,
    Fourth,
    #[default]
    Wifi,
    /// Comes and goes, slowly while it is there.
    Flaky,
}

impl Kind {
    pub const ALL: [Self; 5] = [Self::None, Self::Second, Self::Fourth, Self::Wifi, Self::Flaky];

    /// What the radio is then, until a slider is moved.
    pub const fn network(self) -> Network {
        let (delay_ms, loss, rate) = match self {
            Self::None => (0, 0, 0),
            Self::Second => (300, 2, 20),
            Self::Fourth => (40, 0, 2_000),
            Self::Wifi => (2, 0, 0),
            Self::Flaky => (200, 8, 60),
        };
        Network {
            kind: self,
            delay_ms,
            loss,
            rate,
        }
    }

    const fn bearer(self) -> Bearer {
        match self {
            Self::None => Bearer::None,
            Self::Second | Self::Fourth | Self::Flaky => Bearer::Cellular,
            Self::Wifi => Bearer::Wifi,
        }
    }
}

impl Default for Network {
    fn default() -> Self {
        Kind::default().network()
    }
}

/// A flaky network is gone for so long out of so long, in milliseconds.
const GONE: u64 = 5_000;
const ROUND: u64 = 25_000;

impl Network {
    pub(super) const fn bearer(self) -> Bearer {
        self.kind.bearer()
    }

    /// Whether anything passes so many milliseconds after the start of the device.
    pub const fn is_up(self, ms: u64) -> bool {
        match self.kind {
            Kind::None => false,
            Kind::Flaky => ms % ROUND >= GONE,
            Kind::Second | Kind::Fourth | Kind::Wifi => true,
        }
    }

    pub(super) fn blow(self, radios: &[Radio]) {
        for radio in radios {
            radio.shape(self.rate * 1000, self.delay_ms);
            radio.lose(self.loss);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_flaky_network_comes_and_goes_and_no_network_never_comes() {
        let flaky = Kind::Flaky.network();
        let seconds = || (0..50).map(|second| second * 1_000);
        assert_eq!(seconds().filter(|ms| flaky.is_up(*ms)).count(), 40);
        assert!(seconds().all(|ms| !Kind::None.network().is_up(ms)));
        assert!(seconds().all(|ms| Kind::Second.network().is_up(ms)));
    }
}
