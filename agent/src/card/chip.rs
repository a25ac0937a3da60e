//! A card behind a reader, as the engine uses it.

use domain::Digest;
use thiserror::Error;
use trust::keys::{ecdsa_from_der, ecdsa_to_der};
use zeroize::Zeroizing;

use super::apdu::{self, Command, MAX_CERTIFICATE, NotAnApdu, Pin, Profile, Status};
use crate::keys::{Card, KeysError};

/// Carries one command to a card, and its answer back.
pub trait Link: Send {
    fn transmit(&mut self, command: &[u8]) -> Result<Vec<u8>, LinkError>;
}

/// The card is out of reach.
#[derive(Debug, Error)]
#[error("the card does not answer; take it out and put it in again")]
pub struct LinkError;

/// Why a card in the reader is no agent card.
#[derive(Debug, Error)]
pub enum CardError {
    #[error(transparent)]
    Link(#[from] LinkError),
    #[error("the card in the reader is not an agent card")]
    NotAnAgentCard,
    #[error("the agent card answers what it was not asked")]
    Answer(#[from] NotAnApdu),
    #[error("the agent card refuses with `{0:?}`")]
    Refused(Status),
}

/// An agent card whose application is chosen.
pub struct Chip<L> {
    link: L,
    profile: Profile,
}

impl<L: Link> Chip<L> {
    /// Chooses the agent card's application.
    pub fn select(link: L) -> Result<Self, CardError> {
        let mut chip = Self {
            link,
            profile: Profile { pin_to_sign: false },
        };
        let chosen = chip.ask(&Command::Select);
        chip.profile = match chosen {
            Ok(profile) => Profile::from_bytes(&profile)?,
            Err(CardError::Refused(_)) => return Err(CardError::NotAnAgentCard),
            Err(error) => return Err(error),
        };
        Ok(chip)
    }

    /// The officer's certificate on the card (DER).
    pub fn certificate(&mut self) -> Result<Vec<u8>, CardError> {
        let mut certificate = Vec::new();
        loop {
            let offset = u16::try_from(certificate.len()).map_err(|_| NotAnApdu)?;
            match self.ask(&Command::ReadCertificate { offset }) {
                Ok(chunk) if chunk.is_empty() => return Ok(certificate),
                Ok(chunk) => certificate.extend_from_slice(&chunk),
                Err(CardError::Refused(Status::BeyondEnd)) if offset > 0 => return Ok(certificate),
                Err(error) => return Err(error),
            }
            if certificate.len() > MAX_CERTIFICATE {
                return Err(NotAnApdu.into());
            }
        }
    }

    fn ask(&mut self, command: &Command) -> Result<Zeroizing<Vec<u8>>, CardError> {
        let answer = Zeroizing::new(self.link.transmit(&command.to_bytes())?);
        match apdu::split(&answer)? {
            (data, Status::Done) => Ok(Zeroizing::new(data.to_vec())),
            (_, status) => Err(CardError::Refused(status)),
        }
    }
}

/// For the engine a card that does not answer rightly is no card.
fn absent(error: CardError) -> KeysError {
    match error {
        CardError::Refused(Status::PinNeeded | Status::Blocked | Status::WrongPin { .. }) => {
            KeysError::CardPin
        }
        CardError::Link(_) | CardError::NotAnAgentCard | CardError::Answer(_) | CardError::Refused(_) => {
            tracing::warn!(error = &error as &dyn std::error::Error, "no answer of the card");
            KeysError::NoCard
        }
    }
}

impl<L: Link> Card for Chip<L> {
    fn answer(&mut self, challenge: &[u8; 32]) -> Result<Zeroizing<[u8; 32]>, KeysError> {
        let challenge = *challenge;
        let answer = self.ask(&Command::Answer { challenge }).map_err(absent)?;
        let answer: [u8; 32] = answer.as_slice().try_into().map_err(|_| KeysError::NoCard)?;
        Ok(Zeroizing::new(answer))
    }

    fn show_code(&mut self, code: &[u8]) -> Result<(), KeysError> {
        if !self.profile.pin_to_sign {
            return Ok(());
        }
        let pin = Pin::new(code).ok_or(KeysError::CardPin)?;
        self.ask(&Command::Verify { pin }).map(drop).map_err(absent)
    }

    fn sign(&mut self, message: &[u8]) -> Result<Vec<u8>, KeysError> {
        let digest = *Digest::of(message).as_bytes();
        let signature = self.ask(&Command::Sign { digest }).map_err(absent)?;
        // A chip may give either of the two values of `s`.
        let low = ecdsa_to_der(&signature).and_then(|der| ecdsa_from_der(&der));
        low.map(|signature| signature.to_vec())
            .map_err(|_| KeysError::NoCard)
    }
}
