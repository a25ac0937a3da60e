//! The air of a world: what it loses, delays, repeats and reorders, drawn from a seed.

/// How bad it is, in thousandths.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Weather {
    /// Messages that a broker takes and nobody gets.
    pub lost: u32,
    /// Messages that arrive twice.
    pub repeated: u32,
    /// Shortest and longest way, in milliseconds; a spread reorders.
    pub delay_ms: (u64, u64),
}

impl Weather {
    pub const CLEAR: Self = Self {
        lost: 0,
        repeated: 0,
        delay_ms: (20, 20),
    };
    pub const STORM: Self = Self {
        lost: 200,
        repeated: 200,
        delay_ms: (10, 2_000),
    };
}

/// See the module.
#[derive(Debug)]
pub struct Air {
    state: u64,
    weather: Weather,
    up: bool,
    /// Bytes per second towards HQ; none for an air that takes everything at once.
    rate: Option<u64>,
    /// When everything that was given to it is through.
    free_at: u64,
}

impl Air {
    pub(super) const fn new(seed: u64, weather: Weather) -> Self {
        Self {
            state: seed,
            weather,
            up: true,
            rate: None,
            free_at: 0,
        }
    }

    pub(super) fn is_stormy(&self) -> bool {
        self.weather != Weather::CLEAR
    }

    pub(super) const fn is_up(&self) -> bool {
        self.up
    }

    pub(super) const fn cut(&mut self) {
        self.up = false;
    }

    pub(super) const fn restore(&mut self) {
        self.up = true;
    }

    /// SplitMix64 (Steele, Lea, Flood 2014).
    fn draw(&mut self, below: u64) -> u64 {
        self.state = self.state.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.state;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        (z ^ (z >> 31)) % below.max(1)
    }

    pub(super) fn delay(&mut self) -> u64 {
        let (shortest, longest) = self.weather.delay_ms;
        shortest + self.draw(longest - shortest + 1)
    }

    pub(super) const fn shape(&mut self, bytes_a_second: u64, way_ms: u64) {
        self.rate = Some(bytes_a_second);
        self.weather.delay_ms = (way_ms, way_ms);
    }

    /// How long `bytes` stand in the air before they are through it, behind what was given to it before.
    pub(super) fn occupy(&mut self, bytes: usize, now_ms: u64) -> u64 {
        let Some(rate) = self.rate else { return 0 };
        let takes = (bytes as u64).saturating_mul(1_000).div_ceil(rate.max(1));
        self.free_at = self.free_at.max(now_ms).saturating_add(takes);
        self.free_at - now_ms
    }

    /// The ways on which one message arrives: none, one, or two.
    pub(super) fn copies(&mut self) -> Vec<u64> {
        if self.draw(1000) < u64::from(self.weather.lost) {
            return Vec::new();
        }
        let mut copies = vec![self.delay()];
        if self.draw(1000) < u64::from(self.weather.repeated) {
            copies.push(self.delay());
        }
        copies
    }
}
