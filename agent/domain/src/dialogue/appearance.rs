//! How the screens look: chosen on them, kept by the terminal, told to nobody.

use minicbor::{Decode, Encode};

/// Of every screen, the lock among them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Encode, Decode)]
#[cbor(map)]
pub struct Appearance {
    #[n(0)]
    pub theme: Theme,
    #[n(1)]
    pub text: TextSize,
    #[n(2)]
    pub thumb: Thumb,
}

/// The palettes; night is red on black, for eyes used to the dark.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Encode, Decode)]
#[cbor(index_only)]
pub enum Theme {
    /// Light or dark, as the phone says.
    #[default]
    #[n(0)]
    Automatic,
    #[n(1)]
    Light,
    #[n(2)]
    Dark,
    #[n(3)]
    Night,
}

impl Theme {
    pub const ALL: [Self; 4] = [Self::Automatic, Self::Light, Self::Dark, Self::Night];
    /// Those that have colours of their own.
    pub const PALETTES: [Self; 3] = [Self::Light, Self::Dark, Self::Night];

    /// The name that file names and options use.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Automatic => "automatic",
            Self::Light => "light",
            Self::Dark => "dark",
            Self::Night => "night",
        }
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Encode, Decode)]
#[cbor(index_only)]
pub enum TextSize {
    #[default]
    #[n(0)]
    Normal,
    #[n(1)]
    Large,
    #[n(2)]
    Larger,
    #[n(3)]
    Largest,
}

impl TextSize {
    pub const ALL: [Self; 4] = [Self::Normal, Self::Large, Self::Larger, Self::Largest];

    /// Of the size that is meant for most.
    pub const fn percent(self) -> u16 {
        match self {
            Self::Normal => 100,
            Self::Large => 125,
            Self::Larger => 150,
            Self::Largest => 200,
        }
    }
}

/// The one that touches the screen while the other hand is full.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Encode, Decode)]
#[cbor(index_only)]
pub enum Thumb {
    #[default]
    #[n(0)]
    Right,
    #[n(1)]
    Left,
}

impl Thumb {
    pub const ALL: [Self; 2] = [Self::Right, Self::Left];
}
