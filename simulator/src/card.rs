//! A simulated agent card: a file that holds what a chip would, kept apart from the phone's folder, and the application
//! that a chip would run on it. The terminal speaks to it in the bytes that a reader carries.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};

use agent::card::apdu::{self, Command, Pin, Profile, Status};
use agent::card::{Chip, Link, LinkError};
use agent::keys::{Card, KeysError};
use anyhow::Context;
use domain::canonical::Digest;
use trust::keys::{KeyKind, PublicKey, SigningKey};
use zeroize::Zeroizing;

/// Wrong codes of its own that a card takes before it is blocked.
const PIN_TRIES: u8 = 3;

/// A card in the reader.
pub struct SimCard {
    chip: Chip<Applet>,
    public: PublicKey,
}

/// The agent card's application: commands in, answers out.
pub struct Applet {
    key: SigningKey,
    secret: Zeroizing<[u8; 32]>,
    certificate: Vec<u8>,
    /// The card's own code, where it asks for one before it signs.
    pin: Option<Pin>,
    wrong: u8,
    selected: bool,
    shown: bool,
}

impl Applet {
    /// What the card answers to these bytes.
    pub fn process(&mut self, command: &[u8]) -> Vec<u8> {
        match self.obey(command) {
            Ok(data) => apdu::answer(&data, Status::Done),
            Err(status) => apdu::answer(&[], status),
        }
    }

    /// The power went, or the reader began anew.
    pub fn reset(&mut self) {
        self.selected = false;
        self.shown = false;
    }

    fn obey(&mut self, command: &[u8]) -> Result<Vec<u8>, Status> {
        let command = Command::from_bytes(command)?;
        if !self.selected && command != Command::Select {
            return Err(Status::NotFound);
        }
        match command {
            Command::Select => {
                self.selected = true;
                self.shown = false;
                let pin_to_sign = self.pin.is_some();
                Ok(Profile { pin_to_sign }.to_bytes().to_vec())
            }
            Command::ReadCertificate { offset } => apdu::chunk(&self.certificate, offset).map(<[u8]>::to_vec),
            Command::Answer { challenge } => {
                let message = Zeroizing::new([self.secret.as_slice(), &challenge].concat());
                Ok(Digest::of(&message).as_bytes().to_vec())
            }
            Command::Verify { pin } => self.verify(&pin),
            Command::Sign { .. } if self.pin.is_some() && !self.shown => Err(Status::PinNeeded),
            Command::Sign { digest } => {
                let signature = self.key.sign_digest(&digest);
                signature.ok_or(Status::Unknown(0x6f00))
            }
        }
    }

    fn verify(&mut self, pin: &Pin) -> Result<Vec<u8>, Status> {
        let own = self.pin.as_ref().ok_or(Status::NotFound)?;
        if self.wrong >= PIN_TRIES {
            return Err(Status::Blocked);
        }
        self.shown = own == pin;
        if self.shown {
            self.wrong = 0;
            return Ok(Vec::new());
        }
        self.wrong += 1;
        Err(Status::WrongPin {
            left: PIN_TRIES - self.wrong,
        })
    }
}

impl Link for Applet {
    fn transmit(&mut self, command: &[u8]) -> Result<Vec<u8>, LinkError> {
        Ok(self.process(command))
    }
}

fn key_file(dir: &Path) -> PathBuf {
    dir.join("card.key")
}

fn certificate_file(dir: &Path) -> PathBuf {
    dir.join("card.der")
}

impl SimCard {
    /// The card kept in `dir`, made at first use.
    pub fn open(dir: &Path) -> anyhow::Result<Self> {
        Self::with_pin(dir, None)
    }

    /// The same card with a code of its own, which it asks for before it signs.
    pub fn with_pin(dir: &Path, pin: Option<Pin>) -> anyhow::Result<Self> {
        let applet = Self::applet(dir, pin)?;
        let public = applet.key.public();
        let chip = Chip::select(applet).context("the card does not answer")?;
        Ok(Self { chip, public })
    }

    /// The application on the card kept in `dir`, for a reader that carries its bytes.
    pub fn applet(dir: &Path, pin: Option<Pin>) -> anyhow::Result<Applet> {
        fs::create_dir_all(dir).context("could not make the card's folder")?;
        let path = key_file(dir);
        if !path.exists() {
            let key = SigningKey::generate(KeyKind::P256);
            let aside = dir.join("card.new");
            fs::write(&aside, key.to_pkcs8_der().as_slice()).context("could not write the card")?;
            fs::rename(&aside, &path).context("could not write the card")?;
        }
        let der = Zeroizing::new(fs::read(&path).context("could not read the card")?);
        let key = SigningKey::from_pkcs8_der(&der).context("could not read the card's key")?;
        let secret = Digest::of(&[b"neo/sim-card/v1", der.as_slice()].concat());
        Ok(Applet {
            key,
            secret: Zeroizing::new(*secret.as_bytes()),
            // A card that is not written yet has none.
            certificate: fs::read(certificate_file(dir)).unwrap_or_default(),
            pin,
            wrong: 0,
            selected: false,
            shown: false,
        })
    }

    /// SPKI of the key that the card signs with.
    pub fn public_key(&self) -> PublicKey {
        self.public.clone()
    }

    /// Writes the officer's certificate on the card.
    pub fn store_certificate(dir: &Path, der: &[u8]) -> anyhow::Result<()> {
        fs::write(certificate_file(dir), der).context("could not write the card's certificate")
    }

    /// The certificate on the card.
    pub fn certificate(dir: &Path) -> anyhow::Result<Vec<u8>> {
        fs::read(certificate_file(dir)).context("could not read the card's certificate")
    }

    /// As the reader hands it to the engine.
    pub fn shared(self) -> Arc<Mutex<dyn Card>> {
        Arc::new(Mutex::new(self))
    }
}

impl Card for SimCard {
    fn answer(&mut self, challenge: &[u8; 32]) -> Result<Zeroizing<[u8; 32]>, KeysError> {
        self.chip.answer(challenge)
    }

    fn show_code(&mut self, code: &[u8]) -> Result<(), KeysError> {
        self.chip.show_code(code)
    }

    fn sign(&mut self, message: &[u8]) -> Result<Vec<u8>, KeysError> {
        self.chip.sign(message)
    }
}

#[cfg(test)]
mod tests {
    use trust::cert::Certificate;

    use super::*;

    fn written(pin: Option<&[u8]>) -> (tempfile::TempDir, Chip<Applet>) {
        let dir = tempfile::tempdir().unwrap();
        drop(SimCard::open(dir.path()).unwrap());
        let certificate: Vec<u8> = (0..700_u16).map(|byte| byte.to_be_bytes()[1]).collect();
        SimCard::store_certificate(dir.path(), &certificate).unwrap();
        let pin = pin.and_then(Pin::new);
        let chip = Chip::select(SimCard::applet(dir.path(), pin).unwrap()).unwrap();
        (dir, chip)
    }

    #[test]
    fn what_is_on_the_card_is_read_whole_and_what_it_signs_is_its_key_s() {
        let (dir, mut chip) = written(None);
        assert_eq!(
            chip.certificate().unwrap(),
            SimCard::certificate(dir.path()).unwrap()
        );
        let answers = [0, 0, 1].map(|byte| *chip.answer(&[byte; 32]).unwrap());
        assert!(answers[0] == answers[1] && answers[0] != answers[2]);
        chip.show_code(b"000000").unwrap();
        let public = SimCard::open(dir.path()).unwrap().public_key();
        assert!(public.verifies(b"message", &chip.sign(b"message").unwrap()));
        assert!(Certificate::from_der(&chip.certificate().unwrap()).is_err());
    }

    #[test]
    fn a_card_with_a_code_of_its_own_signs_after_it_alone_and_is_blocked_by_three_wrong_ones() {
        let (_dir, mut chip) = written(Some(b"271828"));
        assert!(matches!(chip.sign(b"message"), Err(KeysError::CardPin)));
        assert!(matches!(chip.show_code(b"314159"), Err(KeysError::CardPin)));
        chip.show_code(b"271828").unwrap();
        assert!(chip.sign(b"message").is_ok());
        for _ in 0..3 {
            assert!(chip.show_code(b"314159").is_err());
        }
        assert!(matches!(chip.show_code(b"271828"), Err(KeysError::CardPin)));
        assert!(matches!(chip.sign(b"message"), Err(KeysError::CardPin)));
    }

    #[test]
    fn bytes_that_are_no_command_of_the_application_do_nothing() {
        let (dir, _) = written(None);
        let mut applet = SimCard::applet(dir.path(), None).unwrap();
        let sign = Command::Sign { digest: [1; 32] }.to_bytes();
        assert_eq!(
            applet.process(&sign),
            [0x6a, 0x82],
            "its application is not chosen"
        );
        assert_eq!(applet.process(&Command::Select.to_bytes()), [1, 0, 0x90, 0]);
        for length in 0..sign.len() - 1 {
            let answer = applet.process(&sign[..length]);
            assert_eq!(answer.len(), 2, "{length} bytes");
            assert_ne!(answer, [0x90, 0]);
        }
    }
}
