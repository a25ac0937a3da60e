//! The vehicle of a crew.

use std::fmt;

use minicbor::decode::Error as DecodeError;
use minicbor::{Decode, Decoder, Encode};
use thiserror::Error;

use crate::canonical::text_that;
use crate::draft::hides_or_turns;
use crate::vehicle::Plate;

/// The longest call sign, in characters.
const MAX_CALL_SIGN: usize = 40;

/// How the operations centre calls a crew on the radio.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
#[cbor(transparent)]
pub struct CallSign(#[cbor(n(0), decode_with = "given")] String);

fn given<C>(d: &mut Decoder<'_>, _: &mut C) -> Result<String, DecodeError> {
    text_that(
        d,
        |text| CallSign::of(text).as_deref() == Some(text),
        "not a call sign",
    )
}

impl CallSign {
    /// One line of at most 40 characters, none hidden.
    fn of(text: &str) -> Option<String> {
        let text = text.trim();
        let hidden = |c: char| c.is_control() || hides_or_turns(c);
        let fits = (1..=MAX_CALL_SIGN).contains(&text.chars().count());
        (fits && !text.contains(hidden)).then(|| text.to_owned())
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// What is typed of a vehicle at the prise de service; both may be empty.
#[derive(Debug, Clone, PartialEq, Eq, Default, Encode, Decode)]
#[cbor(map)]
pub struct TypedVehicle {
    #[n(0)]
    pub call_sign: String,
    #[n(1)]
    pub plate: String,
}

/// Why what was typed is no vehicle.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum NotAPatrolVehicle {
    #[error("a call sign has 1 to {MAX_CALL_SIGN} characters, on one line")]
    CallSign,
    #[error("the text is not a plate")]
    Plate,
}

/// The vehicle of a crew, as the procès-verbaux of the shift name it; one of both at least is known.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct PatrolVehicle {
    #[n(0)]
    pub call_sign: Option<CallSign>,
    #[n(1)]
    pub plate: Option<Plate>,
}

impl PatrolVehicle {
    /// None where nothing was typed: a crew on foot.
    pub fn read(typed: &TypedVehicle) -> Result<Option<Self>, NotAPatrolVehicle> {
        let call_sign = match typed.call_sign.trim() {
            "" => None,
            text => Some(CallSign(CallSign::of(text).ok_or(NotAPatrolVehicle::CallSign)?)),
        };
        let plate = match typed.plate.trim() {
            "" => None,
            text => Some(Plate::read(text).map_err(|_| NotAPatrolVehicle::Plate)?),
        };
        let known = call_sign.is_some() || plate.is_some();
        Ok(known.then_some(Self { call_sign, plate }))
    }
}

/// Both on one line, as screens and documents name it.
impl fmt::Display for PatrolVehicle {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match (&self.call_sign, &self.plate) {
            (Some(call_sign), Some(plate)) => write!(f, "{} · {plate}", call_sign.as_str()),
            (Some(call_sign), None) => f.write_str(call_sign.as_str()),
            (None, Some(plate)) => write!(f, "{plate}"),
            (None, None) => Ok(()),
        }
    }
}
