//! Configuration profiles: signed with the key that signs reference data, in a form that fits in a file, and published to
//! the terminals of a channel.

use domain::profile::{PROFILE, Profile, ProfileName, Settings};
use domain::{UnixMs, decode, encode};
use minicbor::{Decode, Encode};
use sync::wire::v1::SignedProfile;
use thiserror::Error;
use trust::cert::{Certificate, Profile as Certified, verify_chain};
use trust::cose::{self, Namespace};

use crate::pki::{Pki, PkiError};
use crate::rollout::Channel;
use crate::store::{PublishedProfile, Store, StoreError};

/// The longest file that holds a signed profile, in bytes.
pub const MAX_FILE: usize = 16 * 1024;

/// What `neoctl config sign` writes and `neoctl config push` reads: a signed profile and for whom it is.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct ProfileFile {
    /// [`Channel::code`].
    #[n(0)]
    pub channel: String,
    #[n(1)]
    pub profile: SignedProfile,
}

/// Why a profile is not published.
#[derive(Debug, Error)]
pub enum ProfileError {
    #[error("cannot open the key that signs profiles")]
    Key(#[from] PkiError),
    #[error("cannot write the HQ store")]
    Store(#[from] StoreError),
    #[error("the signed profile does not read; sign it again with `neoctl config sign`")]
    Unreadable,
    #[error("the profile is not signed by a reference signer of this HQ, or its certificate is not in date")]
    Untrusted,
    #[error("version {serial} is not above {newest}, which is published already; sign the profile again")]
    NotNewer { serial: u64, newest: u64 },
}

/// Signs `settings` as the profile that follows the one of serial `newest`.
///
/// Serials are seconds since 1970 where that ascends, as those of reference sets are.
pub fn sign(
    pki: &Pki,
    name: ProfileName,
    settings: Settings,
    newest: u64,
    now: UnixMs,
) -> Result<SignedProfile, ProfileError> {
    let signer = pki.reference()?;
    let seconds = u64::try_from(now.0 / 1000).unwrap_or(0);
    let profile = Profile {
        version: 1,
        serial: seconds.max(newest.saturating_add(1)),
        name,
        issued: now,
        settings,
    };
    Ok(SignedProfile {
        certificate: signer.certificate().der().to_vec(),
        profile: signer.sign(Namespace::Profile, PROFILE, &encode(&profile)),
    })
}

/// The profile, once everything about it holds under `root` at `at`, as a terminal judges it.
pub fn verify(signed: &SignedProfile, root: &Certificate, at: UnixMs) -> Result<Profile, ProfileError> {
    let certificate = Certificate::from_der(&signed.certificate).map_err(|_| ProfileError::Unreadable)?;
    let anchors = std::slice::from_ref(root);
    if !verify_chain(&certificate, &[], anchors, Certified::HqReference, at.0).all_ok() {
        return Err(ProfileError::Untrusted);
    }
    let message = cose::parse(&signed.profile).map_err(|_| ProfileError::Unreadable)?;
    cose::verify(&message, Namespace::Profile, &certificate).map_err(|_| ProfileError::Untrusted)?;
    read(signed)
}

/// The profile, whoever signed it: what the store holds was verified when it was published.
pub fn read(signed: &SignedProfile) -> Result<Profile, ProfileError> {
    let message = cose::parse(&signed.profile).map_err(|_| ProfileError::Unreadable)?;
    decode::<Profile>(&message.payload)
        .ok()
        .filter(|profile| profile.version == 1 && message.content_type == PROFILE)
        .ok_or(ProfileError::Unreadable)
}

/// Puts the profile where rollouts find it; it goes to nobody by itself.
pub fn publish(
    store: &mut Store,
    root: &Certificate,
    channel: Channel,
    signed: &SignedProfile,
    now: UnixMs,
) -> Result<PublishedProfile, ProfileError> {
    let profile = verify(signed, root, now)?;
    let transaction = store.begin()?;
    let newest = transaction.newest_profile()?;
    if profile.serial <= newest {
        let serial = profile.serial;
        return Err(ProfileError::NotNewer { serial, newest });
    }
    let published = PublishedProfile {
        channel,
        published: now,
        signed: signed.clone(),
        profile,
    };
    transaction.insert_profile(&published)?;
    transaction.commit()?;
    Ok(published)
}
