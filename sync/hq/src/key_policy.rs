//! What headquarters asks of the keys of a phone before it becomes a terminal, and who is believed about them.
//!
//! A certificate says that a key is in hardware because a phone said so, until the policy asks for its maker's word.

use domain::enrolment::{Der, EnrolmentRefusal, KeyProtection};
use domain::{Digest, UnixMs};
use minicbor::{Decode, Encode};
use sync::wire::v1::EnrolRequest;
use trust::attestation::{self, Expected, Rule};
use trust::keys::PublicKey;

use crate::pki::DeviceRequest;

/// How much is asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default, Encode, Decode)]
#[cbor(index_only)]
pub enum Demand {
    /// Any vault, a file included.
    #[default]
    #[n(0)]
    Any,
    /// A phone that says that its keys are in hardware.
    #[n(1)]
    Hardware,
    /// A phone whose maker says so.
    #[n(2)]
    Attested,
}

/// What is asked of a phone that enrols.
#[derive(Debug, Clone, PartialEq, Eq, Default, Encode, Decode)]
#[cbor(map)]
pub struct KeyPolicy {
    #[n(0)]
    pub demand: Demand,
    /// SubjectPublicKeyInfo of the makers' roots.
    #[n(1)]
    pub roots: Vec<Der>,
    /// SHA-256 of the certificates that sign `neo-agent` for phones.
    #[n(2)]
    pub signers: Vec<Digest>,
    /// Earliest month of security patches, `YYYYMM`.
    #[n(3)]
    pub oldest_patch: u32,
}

impl KeyPolicy {
    /// The makers' roots that read.
    pub fn roots(&self) -> Vec<PublicKey> {
        let read = |der: &Der| PublicKey::from_spki_der(&der.0).ok();
        self.roots.iter().filter_map(read).collect()
    }

    /// What an attested phone must be.
    pub fn rule(&self) -> Rule {
        let signer = |digest: &Digest| trust::Digest(*digest.as_bytes());
        Rule {
            signers: self.signers.iter().map(signer).collect(),
            oldest_patch: self.oldest_patch,
        }
    }

    /// Whether the phone that asks may become a terminal, as far as its keys go.
    pub(crate) fn judge(
        &self,
        request: &DeviceRequest,
        asked: &EnrolRequest,
        now: UnixMs,
    ) -> Result<(), EnrolmentRefusal> {
        if self.demand >= Demand::Hardware && request.protection != KeyProtection::Hardware {
            return Err(EnrolmentRefusal::NotHardware);
        }
        if self.demand < Demand::Attested {
            return Ok(());
        }
        let chain: Vec<Vec<u8>> = asked
            .attestation
            .iter()
            .flatten()
            .map(|der| der.0.clone())
            .collect();
        let read = match attestation::read(&chain, &self.roots(), now.0) {
            Ok(read) => read,
            Err(error) => {
                tracing::warn!(device = %request.device, %error, "no attestation");
                return Err(EnrolmentRefusal::NotAttested);
            }
        };
        let key = PublicKey::from_spki_der(&request.spki).ok();
        let challenge = asked.token.challenge();
        let expected = Expected {
            key: key.as_ref(),
            challenge: Some(challenge.as_bytes()),
        };
        let faults = read.faults(&self.rule(), expected);
        for fault in &faults {
            tracing::warn!(device = %request.device, %fault, "an attestation that does not hold");
        }
        faults
            .is_empty()
            .then_some(())
            .ok_or(EnrolmentRefusal::NotAttested)
    }
}

#[cfg(test)]
mod tests {
    use domain::DeviceId;
    use domain::enrolment::Token;
    use trust::attestation::chain_from_pem;
    use trust::cert::Certificate;
    use trust::keys::{KeyKind, SigningKey};

    use super::*;

    /// 2026-11-21T12:00:00Z.
    const NOON: UnixMs = UnixMs(1_795_262_400_000);

    macro_rules! vector {
        ($name:literal) => {
            include_str!(concat!(
                "../../../agent/trust/src/attestation/vectors/",
                $name,
                ".pem"
            ))
        };
    }

    fn policy(demand: Demand) -> KeyPolicy {
        let root = chain_from_pem(vector!("root")).unwrap();
        let root = Certificate::from_der(&root[0]).unwrap();
        KeyPolicy {
            demand,
            roots: vec![Der(root.public_key().spki_der())],
            signers: vec![Digest::from_bytes([0x51; 32])],
            oldest_patch: 202_609,
        }
    }

    /// What becomes of the phone of the vectors with this attestation.
    fn verdict(
        policy: &KeyPolicy,
        protection: KeyProtection,
        token: u8,
        pem: Option<&str>,
    ) -> Result<(), EnrolmentRefusal> {
        let key = SigningKey::from_secret(KeyKind::P256, &[0x13; 32]).unwrap();
        let request = DeviceRequest {
            device: DeviceId::parse("neo-000007").unwrap(),
            model: String::new(),
            spki: key.public().spki_der(),
            recipient: [0; 32],
            protection,
        };
        let chain = pem.map(|pem| chain_from_pem(pem).unwrap());
        let asked = EnrolRequest {
            version: 1,
            token: Token::from_bytes([token; 16]),
            request: Vec::new(),
            attestation: chain.map(|chain| chain.into_iter().map(Der).collect()),
        };
        policy.judge(&request, &asked, NOON)
    }

    #[test]
    fn a_phone_is_believed_as_far_as_the_policy_says() {
        use Demand::{Any, Attested, Hardware};
        use KeyProtection::{File, Hardware as InHardware};
        let good = Some(vector!("good"));
        for (demand, protection, pem, expected) in [
            (Any, File, None, Ok(())),
            (Any, InHardware, None, Ok(())),
            (Hardware, File, None, Err(EnrolmentRefusal::NotHardware)),
            (Hardware, InHardware, None, Ok(())),
            (Attested, File, good, Err(EnrolmentRefusal::NotHardware)),
            (Attested, InHardware, None, Err(EnrolmentRefusal::NotAttested)),
            (Attested, InHardware, good, Ok(())),
            (Attested, InHardware, Some(vector!("strongbox")), Ok(())),
        ] {
            assert_eq!(verdict(&policy(demand), protection, 0x22, pem), expected);
        }
    }

    #[test]
    fn an_attestation_with_one_fault_enrols_nobody() {
        let attested = policy(Demand::Attested);
        let refused = Err(EnrolmentRefusal::NotAttested);
        let ask = |policy: &KeyPolicy, token, pem| verdict(policy, KeyProtection::Hardware, token, Some(pem));
        for pem in [
            vector!("unlocked"),
            vector!("own-system"),
            vector!("other-signer"),
            vector!("old-patch"),
            vector!("other-key"),
            vector!("other-challenge"),
            vector!("software"),
            vector!("imported"),
            vector!("stranger"),
            vector!("described-twice"),
        ] {
            assert_eq!(ask(&attested, 0x22, pem), refused);
        }
        assert_eq!(
            ask(&attested, 0x23, vector!("good")),
            refused,
            "of another enrolment"
        );
        let rootless = KeyPolicy {
            roots: Vec::new(),
            ..attested
        };
        assert_eq!(ask(&rootless, 0x22, vector!("good")), refused);
    }
}
