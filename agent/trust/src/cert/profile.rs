//! What each kind of certificate must and must not contain, for issuance and for verification alike.
//!
//! One table answers for every profile, so that what is issued is exactly what is accepted.

use der::asn1::ObjectIdentifier;
use x509_cert::ext::pkix::{KeyUsage, KeyUsages};

use super::{Certificate, Holder, SubjectName, oid};
use crate::keys::KeyKind;

/// The kinds of certificate of the project.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Profile {
    /// The offline trust anchor.
    Root,
    /// The authority of one force, under a root.
    Issuing,
    /// A terminal: signs envelopes and journals, and is a TLS client.
    Device,
    /// An officer: signs acts, and never anything of TLS.
    Officer,
    /// Headquarters' receipts.
    HqReceipt,
    /// Headquarters' orders.
    HqCommand,
    /// Headquarters' reference data.
    HqReference,
    /// Headquarters' time-stamp tokens (RFC 3161).
    TimeStamp,
    /// A body camera.
    Camera,
    /// A broker or bootstrap listener.
    TlsServer,
    /// Headquarters' gateway as a TLS client.
    Gateway,
    /// A terminal on its bulk connection.
    BulkDevice,
    /// A person, by pseudonym, who approves orders that destroy evidence; directly under a root.
    Approver,
}

/// What keeps a certificate from having a profile.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum ProfileFault {
    #[error("the certificate is not that of an authority of this level")]
    NotAnAuthority,
    #[error("the certificate is an authority's and may not sign anything else")]
    IsAnAuthority,
    #[error("the certificate's key usage is not the profile's")]
    KeyUsage,
    #[error("the certificate's extended key usage is not the profile's")]
    ExtendedKeyUsage,
    #[error("the certificate's key is not of a kind that the profile allows")]
    KeyKind,
    #[error(
        "the certificate does not name exactly one holder of the profile's kind, in its names and common name"
    )]
    Holder,
    #[error("the certificate names no server")]
    NoServerName,
    #[error("the certificate lacks the terminal's sealing key, or has one that the profile excludes")]
    AgeRecipient,
    #[error("the certificate does not say where its key lives, or says so where the profile excludes it")]
    KeyProtection,
    #[error("the certificate is marked as for training where the profile excludes it")]
    Formation,
    #[error("the certificate lacks the camera's pairing key, or has one that the profile excludes")]
    NoiseKey,
    #[error("the certificate says that a camera signs inside its video, where the profile is not a camera's")]
    SignedVideo,
}

/// Which holder a profile wants.
#[derive(Clone, Copy)]
enum Wanted {
    Nobody,
    Device,
    Agent,
    Camera,
    Hq,
    Server,
}

/// One line of the table.
struct Rule {
    /// For an authority, how many authorities may stand below it.
    path_length: Option<u8>,
    extended: &'static [ObjectIdentifier],
    kinds: &'static [KeyKind],
    wanted: Wanted,
}

impl Profile {
    fn rule(self) -> Rule {
        const P256: &[KeyKind] = &[KeyKind::P256];
        const ANY_LEAF: &[KeyKind] = &[KeyKind::P256, KeyKind::Ed25519];
        let (path_length, extended, kinds, wanted): (_, &'static [ObjectIdentifier], _, _) = match self {
            Profile::Root => (
                Some(1),
                &[],
                [KeyKind::P256, KeyKind::P384].as_slice(),
                Wanted::Nobody,
            ),
            Profile::Issuing => (Some(0), &[], P256, Wanted::Nobody),
            Profile::Device => (
                None,
                &[oid::USE_TLS_CLIENT, oid::USE_DEVICE],
                P256,
                Wanted::Device,
            ),
            Profile::BulkDevice => (
                None,
                &[oid::USE_TLS_CLIENT, oid::USE_BULK_DEVICE],
                P256,
                Wanted::Device,
            ),
            Profile::Officer => (None, &[oid::USE_OFFICER], P256, Wanted::Agent),
            Profile::HqReceipt => (None, &[oid::USE_HQ_RECEIPT], ANY_LEAF, Wanted::Hq),
            Profile::HqCommand => (None, &[oid::USE_HQ_COMMAND], ANY_LEAF, Wanted::Hq),
            Profile::HqReference => (None, &[oid::USE_HQ_REFERENCE], ANY_LEAF, Wanted::Hq),
            Profile::Approver => (None, &[oid::USE_APPROVER], ANY_LEAF, Wanted::Hq),
            Profile::TimeStamp => (None, &[oid::USE_TIME_STAMPING], P256, Wanted::Hq),
            Profile::Camera => (None, &[oid::USE_CAMERA], ANY_LEAF, Wanted::Camera),
            Profile::TlsServer => (None, &[oid::USE_TLS_SERVER], P256, Wanted::Server),
            Profile::Gateway => (None, &[oid::USE_TLS_CLIENT, oid::USE_GATEWAY], P256, Wanted::Hq),
        };
        Rule {
            path_length,
            extended,
            kinds,
            wanted,
        }
    }

    pub(super) fn path_length(self) -> Option<u8> {
        self.rule().path_length
    }

    pub(super) fn extended_key_usage(self) -> &'static [ObjectIdentifier] {
        self.rule().extended
    }

    /// RFC 3161 §2.3 alone asks for it.
    pub(super) fn extended_is_critical(self) -> bool {
        self == Profile::TimeStamp
    }

    pub(super) fn key_usage(self) -> KeyUsage {
        KeyUsage(match self {
            Profile::Root | Profile::Issuing => KeyUsages::KeyCertSign | KeyUsages::CRLSign,
            // PDF readers look for non-repudiation on the signature of a document.
            Profile::Officer => KeyUsages::DigitalSignature | KeyUsages::NonRepudiation,
            Profile::Device
            | Profile::HqReceipt
            | Profile::HqCommand
            | Profile::HqReference
            | Profile::TimeStamp
            | Profile::Camera
            | Profile::TlsServer
            | Profile::Gateway
            | Profile::BulkDevice
            | Profile::Approver => KeyUsages::DigitalSignature.into(),
        })
    }

    pub(super) fn check(self, certificate: &Certificate) -> Result<(), ProfileFault> {
        let rule = self.rule();
        let facts = &certificate.facts;
        let authority = facts
            .basic_constraints
            .as_ref()
            .filter(|constraints| constraints.ca);
        match (rule.path_length, authority) {
            (Some(wanted), Some(found)) if found.path_len_constraint == Some(wanted) => {}
            (Some(_), _) => return Err(ProfileFault::NotAnAuthority),
            (None, Some(_)) => return Err(ProfileFault::IsAnAuthority),
            (None, None) => {}
        }
        if facts.key_usage != Some(self.key_usage()) {
            return Err(ProfileFault::KeyUsage);
        }
        if !same_set(&facts.extended_key_usage, rule.extended) {
            return Err(ProfileFault::ExtendedKeyUsage);
        }
        if self.extended_is_critical() && !facts.extended_is_critical {
            return Err(ProfileFault::ExtendedKeyUsage);
        }
        if !rule.kinds.contains(&certificate.public_key.kind()) {
            return Err(ProfileFault::KeyKind);
        }
        rule.wanted.check(certificate)?;
        self.check_claims(certificate)
    }

    fn check_claims(self, certificate: &Certificate) -> Result<(), ProfileFault> {
        let claims = &certificate.facts.claims;
        let device = self == Profile::Device;
        let signs_acts = device || self == Profile::Officer;
        if claims.age_recipient.is_some() != device {
            return Err(ProfileFault::AgeRecipient);
        }
        if claims.key_protection.is_some() != signs_acts {
            return Err(ProfileFault::KeyProtection);
        }
        if claims.formation && !signs_acts {
            return Err(ProfileFault::Formation);
        }
        if claims.noise_key.is_some() != (self == Profile::Camera) {
            return Err(ProfileFault::NoiseKey);
        }
        if claims.signed_video && self != Profile::Camera {
            return Err(ProfileFault::SignedVideo);
        }
        Ok(())
    }
}

impl Wanted {
    fn check(self, certificate: &Certificate) -> Result<(), ProfileFault> {
        let names = certificate.names();
        let is_server = |name: &SubjectName| matches!(name, SubjectName::Dns(_) | SubjectName::Ip(_));
        let matches = match (self, certificate.holder()) {
            (Wanted::Nobody, _) => {
                return if names.is_empty() {
                    Ok(())
                } else {
                    Err(ProfileFault::Holder)
                };
            }
            (Wanted::Server, _) if names.iter().any(is_server) => return Ok(()),
            (Wanted::Server, _) => return Err(ProfileFault::NoServerName),
            (Wanted::Device, Some(Holder::Device(_)))
            | (Wanted::Agent, Some(Holder::Agent(_)))
            | (Wanted::Camera, Some(Holder::Camera(_)))
            | (Wanted::Hq, Some(Holder::Hq(_))) => certificate
                .holder()
                .is_some_and(|holder| holder.id() == certificate.common_name),
            (Wanted::Device | Wanted::Agent | Wanted::Camera | Wanted::Hq, _) => false,
        };
        if matches {
            Ok(())
        } else {
            Err(ProfileFault::Holder)
        }
    }
}

fn same_set(found: &[ObjectIdentifier], wanted: &[ObjectIdentifier]) -> bool {
    found.len() == wanted.len() && wanted.iter().all(|one| found.contains(one))
}
