//! A configuration profile from HQ: assigned to this terminal by the command key, signed by the reference key, never taken
//! back to an older one, and followed from the same moment on. What is refused changes nothing, and HQ hears why.

use domain::canonical;
use domain::dialogue::ProfileLine;
use domain::profile::{PROFILE, Profile, ProfileHeld, ProfileRefusal, ProfileRefused, Settings};
use sync::wire::v1::ProfileGiven;
use trust::cert::{Certificate, Profile as Certified};
use trust::cose::{self, Namespace};

use crate::engine::Engine;
use crate::store::{DeviceStore, StoreError};

/// What counts as long as HQ has said nothing.
static OF_THE_PROGRAM: Settings = Settings::EMBEDDED;

/// What the engine knows of profiles.
#[derive(Default)]
pub(crate) struct Profiles {
    /// Serial of the newest that was ever taken.
    newest: u64,
    /// None for what the program has.
    in_force: Option<Profile>,
    refused: Option<ProfileRefused>,
}

impl Profiles {
    pub(crate) fn open(device: &DeviceStore) -> Result<Self, StoreError> {
        let mut profiles = Self {
            refused: device.refused_profile()?,
            ..Self::default()
        };
        for (serial, cose) in device.profiles()? {
            profiles.newest = profiles.newest.max(serial);
            match read(&cose) {
                Ok(profile) if profile.serial == serial => {
                    profiles.in_force = Some(profile);
                    break;
                }
                // Another program took it; this one goes on with what it understands.
                Ok(_) | Err(_) => {
                    tracing::error!(serial, "a stored profile cannot be used");
                    let reason = ProfileRefusal::Unreadable;
                    profiles.refused.get_or_insert(ProfileRefused { serial, reason });
                }
            }
        }
        Ok(profiles)
    }

    pub(crate) fn settings(&self) -> &Settings {
        self.in_force
            .as_ref()
            .map_or(&OF_THE_PROGRAM, |profile| &profile.settings)
    }

    /// `embedded` counts as long as HQ has said nothing.
    pub(crate) fn idle_ms(&self, embedded: u64) -> u64 {
        self.in_force
            .as_ref()
            .map_or(embedded, |profile| profile.settings.idle.as_ms())
    }

    pub(crate) fn held(&self) -> ProfileHeld {
        ProfileHeld {
            serial: self.in_force.as_ref().map_or(0, |profile| profile.serial),
            refused: self.refused,
        }
    }

    pub(crate) fn line(&self) -> Option<ProfileLine> {
        self.in_force.as_ref().map(|profile| ProfileLine {
            serial: profile.serial,
            name: profile.name.as_str().to_owned(),
            issued: profile.issued,
        })
    }

    pub(crate) fn refusal(&self) -> Option<ProfileRefusal> {
        self.refused.map(|refused| refused.reason)
    }
}

impl Engine {
    /// Takes what HQ's command key assigned in `payload`.
    pub(crate) fn profile_given(&mut self, payload: &[u8]) -> Result<(), StoreError> {
        let given = canonical::decode::<ProfileGiven>(payload)
            .ok()
            .filter(|given| given.version == 1 && given.device == self.enrolment.terminal.device);
        let Some(given) = given else {
            tracing::warn!("a profile that is not for this terminal was dropped");
            return Ok(());
        };
        let serial = given.serial;
        let refused = self.profiles.refused.map(|refused| refused.serial);
        if serial <= self.profiles.newest || refused == Some(serial) {
            // Brokers deliver again, and an old profile repeated would bring old settings back.
            tracing::info!(serial, "a profile that is no newer was dropped");
            return Ok(());
        }
        match self.verified_profile(&given) {
            Ok(profile) => {
                self.device
                    .keep_profile(serial, &given.profile.profile, self.now)?;
                tracing::info!(serial, "profile taken");
                self.profiles.newest = serial;
                self.profiles.refused = None;
                self.follow_profile(profile)?;
            }
            Err(reason) => {
                tracing::error!(serial, reason = reason.code(), "profile refused");
                let refused = ProfileRefused { serial, reason };
                self.device.refuse_profile(refused)?;
                self.profiles.refused = Some(refused);
            }
        }
        self.stale.home = true;
        // HQ counts who follows before it goes on to others.
        self.send_hello()
    }

    fn verified_profile(&self, given: &ProfileGiven) -> Result<Profile, ProfileRefusal> {
        let untrusted = ProfileRefusal::Untrusted;
        let certificate = Certificate::from_der(&given.profile.certificate).map_err(|_| untrusted)?;
        if !self.vouched_for(&certificate, Certified::HqReference) {
            return Err(untrusted);
        }
        let signed = cose::parse(&given.profile.profile).map_err(|_| untrusted)?;
        cose::verify(&signed, Namespace::Profile, &certificate).map_err(|_| untrusted)?;
        let profile = read(&given.profile.profile)?;
        if profile.serial == given.serial {
            Ok(profile)
        } else {
            Err(ProfileRefusal::Mismatch)
        }
    }

    /// What is running is told; everything else asks for the settings when it needs them.
    fn follow_profile(&mut self, profile: Profile) -> Result<(), StoreError> {
        self.hand.leave_after(profile.settings.idle.as_ms());
        self.profiles.in_force = Some(profile);
        self.forget_persons_unless_allowed()?;
        self.look_only_if_allowed()?;
        self.footage_may_leave()
    }
}

/// The profile in a COSE_Sign1 whose signature was verified before.
fn read(cose: &[u8]) -> Result<Profile, ProfileRefusal> {
    let unreadable = ProfileRefusal::Unreadable;
    let signed = cose::parse(cose).map_err(|_| unreadable)?;
    let profile: Profile = canonical::decode(&signed.payload).map_err(|_| unreadable)?;
    if profile.version == 1 && signed.content_type == PROFILE {
        Ok(profile)
    } else {
        Err(unreadable)
    }
}
