//! How the récépissé reaches the victim (15-3 al. 2 CPP): a paper that names a complaint may be read at home by others.

use minicbor::{Decode, Encode};

/// What the victim wishes for the récépissé, which is due at once.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Encode, Decode)]
#[cbor(index_only)]
pub enum Receipt {
    /// Handed over under its own title.
    #[n(0)]
    Plain,
    /// Handed over under a title that does not say what it is.
    #[n(1)]
    Neutral,
    /// Kept at the service, where the victim fetches it.
    #[n(2)]
    Kept,
}

impl Receipt {
    pub const ALL: [Self; 3] = [Self::Plain, Self::Neutral, Self::Kept];

    /// What a draft keeps.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Plain => "oui",
            Self::Neutral => "neutre",
            Self::Kept => "non",
        }
    }

    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|one| one.code() == code)
    }

    pub const fn is_handed(self) -> bool {
        match self {
            Self::Plain | Self::Neutral => true,
            Self::Kept => false,
        }
    }
}
