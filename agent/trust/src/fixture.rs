//! For the tests of this package: a small PKI (a root, an issuing authority, any leaf), and the programs of others.

use std::path::Path;
use std::process::{Command, Output};

use crate::cert::{
    Certificate, Claims, Holder, IssueError, Profile, Request, SubjectName, issue, random_serial,
    self_signed_root,
};
use crate::keys::{KeyKind, KeyProtection, SigningKey};

/// 2026-11-21T12:00:00Z.
pub(crate) const NOON: i64 = 1_795_262_400_000;
pub(crate) const DAY: i64 = 86_400_000;

/// Runs another project's program in a folder; its absence fails the test, since nothing checked is never ok.
#[track_caller]
pub(crate) fn run(tool: &str, package: &str, arguments: &[&str], dir: &Path) -> Output {
    Command::new(tool)
        .args(arguments)
        .current_dir(dir)
        .output()
        .unwrap_or_else(|error| panic!("install {package}: `{tool}` does not start ({error})"))
}

pub(crate) struct Leaf {
    pub(crate) key: SigningKey,
    pub(crate) certificate: Certificate,
}

pub(crate) struct Pki {
    pub(crate) root_key: SigningKey,
    pub(crate) root: Certificate,
    pub(crate) issuing_key: SigningKey,
    pub(crate) issuing: Certificate,
}

impl Pki {
    pub(crate) fn new() -> Self {
        let root_key = SigningKey::generate(KeyKind::P384);
        let root = self_signed_root(
            "neo2-root",
            &root_key,
            &random_serial(),
            NOON - DAY,
            NOON + 3650 * DAY,
        )
        .unwrap();
        let issuing_key = SigningKey::generate(KeyKind::P256);
        let issuing = issue(
            &Request {
                profile: Profile::Issuing,
                common_name: "neo2-issuing",
                public_key: &issuing_key.public(),
                names: &[],
                claims: &Claims::default(),
                serial: &random_serial(),
                not_before_unix_ms: NOON - DAY,
                not_after_unix_ms: NOON + 700 * DAY,
            },
            &root_key,
            &root,
        )
        .unwrap();
        Pki {
            root_key,
            root,
            issuing_key,
            issuing,
        }
    }

    /// A leaf of `profile`, valid from noon for 90 days.
    pub(crate) fn leaf(&self, profile: Profile) -> Leaf {
        let kind = match profile {
            Profile::HqReceipt | Profile::HqCommand | Profile::HqReference | Profile::Approver => {
                KeyKind::Ed25519
            }
            Profile::Root
            | Profile::Issuing
            | Profile::Device
            | Profile::Officer
            | Profile::TimeStamp
            | Profile::Camera
            | Profile::TlsServer
            | Profile::Gateway
            | Profile::BulkDevice => KeyKind::P256,
        };
        self.leaf_with(profile, kind, |_| {}).unwrap()
    }

    pub(crate) fn leaf_with(
        &self,
        profile: Profile,
        kind: KeyKind,
        change: impl FnOnce(&mut Request<'_>),
    ) -> Result<Leaf, IssueError> {
        let key = SigningKey::generate(kind);
        let (common_name, names) = subject(profile);
        let claims = claims(profile);
        let serial = random_serial();
        let public_key = key.public();
        let mut request = Request {
            profile,
            common_name,
            public_key: &public_key,
            names: &names,
            claims: &claims,
            serial: &serial,
            not_before_unix_ms: NOON,
            not_after_unix_ms: NOON + 90 * DAY,
        };
        change(&mut request);
        let certificate = issue(&request, &self.issuing_key, &self.issuing)?;
        Ok(Leaf { key, certificate })
    }
}

fn subject(profile: Profile) -> (&'static str, Vec<SubjectName>) {
    let holder = |holder| vec![SubjectName::Holder(holder)];
    match profile {
        Profile::Root | Profile::Issuing => ("authority", vec![]),
        Profile::Device | Profile::BulkDevice => ("T-0001", holder(Holder::Device("T-0001".into()))),
        Profile::Officer => ("a7f3", holder(Holder::Agent("a7f3".into()))),
        Profile::HqReceipt
        | Profile::HqCommand
        | Profile::HqReference
        | Profile::TimeStamp
        | Profile::Approver
        | Profile::Gateway => ("hq-1", holder(Holder::Hq("hq-1".into()))),
        Profile::Camera => ("cam-9", holder(Holder::Camera("cam-9".into()))),
        Profile::TlsServer => (
            "localhost",
            vec![
                SubjectName::Dns("localhost".into()),
                SubjectName::Ip([127, 0, 0, 1].into()),
            ],
        ),
    }
}

pub(crate) fn claims(profile: Profile) -> Claims {
    let mut claims = Claims::default();
    match profile {
        Profile::Device => {
            claims.age_recipient = Some([7; 32]);
            claims.key_protection = Some(KeyProtection::File);
        }
        Profile::Officer => {
            claims.key_protection = Some(KeyProtection::Hardware);
            claims.formation = true;
        }
        Profile::Camera => claims.noise_key = Some([9; 32]),
        Profile::Root
        | Profile::Issuing
        | Profile::HqReceipt
        | Profile::HqCommand
        | Profile::HqReference
        | Profile::TimeStamp
        | Profile::TlsServer
        | Profile::Gateway
        | Profile::Approver
        | Profile::BulkDevice => {}
    }
    claims
}

/// Every variant of `bytes` with exactly one bit changed.
pub(crate) fn bit_flips(bytes: &[u8]) -> impl Iterator<Item = Vec<u8>> + '_ {
    (0..bytes.len() * 8).map(|bit| {
        let mut changed = bytes.to_vec();
        changed[bit / 8] ^= 1 << (bit % 8);
        changed
    })
}
