//! The few commands of a TPM 2.0 that the vault needs (TCG TPM 2.0 Library, part 3), over one connection.
//!
//! Every command runs in a session salted by the storage key, so that what it says crosses the bus encrypted.

use minicbor::{Decode, Encode};
use sha2::{Digest as _, Sha256};
use trust::keys::PublicKey;
use tss_esapi::attributes::{NvIndexAttributesBuilder, ObjectAttributesBuilder, SessionAttributesBuilder};
use tss_esapi::constants::tss::{TPM2_RH_NULL, TPM2_ST_HASHCHECK};
use tss_esapi::constants::{NvIndexType, SessionType};
use tss_esapi::handles::{KeyHandle, NvIndexHandle, NvIndexTpmHandle};
use tss_esapi::interface_types::algorithm::{HashingAlgorithm, PublicAlgorithm};
use tss_esapi::interface_types::ecc::EccCurve;
use tss_esapi::interface_types::resource_handles::{Hierarchy, NvAuth, Provision};
use tss_esapi::interface_types::session_handles::AuthSession;
use tss_esapi::structures::{
    Digest, EccPoint, EccScheme, HashScheme, HashcheckTicket, KeyedHashScheme, MaxBuffer, NvPublicBuilder,
    Private, Public, PublicBuilder, PublicEccParametersBuilder, PublicKeyedHashParameters, SensitiveData,
    Signature, SignatureScheme, SymmetricDefinition, SymmetricDefinitionObject,
};
use tss_esapi::tcti_ldr::TctiNameConf;
use tss_esapi::traits::{Marshall, UnMarshall};
use tss_esapi::tss2_esys::TPMT_TK_HASHCHECK;
use tss_esapi::{Context, Error, WrapperErrorKind};
use zeroize::Zeroizing;

/// A connection to the chip: it shuts with this.
pub(super) struct Chip {
    context: Context,
    /// Made from the owner's seed, the same at each start; nothing of it is stored.
    storage: KeyHandle,
}

/// An object as the chip gives it out: its private half opens under the same chip's storage key alone.
#[derive(Encode, Decode)]
#[cbor(map)]
pub(super) struct Wrapped {
    #[cbor(n(0), with = "minicbor::bytes")]
    public: Vec<u8>,
    #[cbor(n(1), with = "minicbor::bytes")]
    private: Vec<u8>,
}

/// What the vault asks the chip for.
#[derive(Clone, Copy)]
enum Kind {
    /// P-256, ECDSA with SHA-256.
    Signing,
    /// HMAC-SHA256.
    Mac,
    /// Bytes that the chip gives back to who loads them.
    Sealed,
}

impl Chip {
    pub(super) fn connect(tcti: TctiNameConf) -> Result<Self, Error> {
        let mut context = Context::new(tcti)?;
        let template = storage_template()?;
        let storage = context
            .execute_with_session(Some(AuthSession::Password), |context| {
                context.create_primary(Hierarchy::Owner, template, None, None, None, None)
            })?
            .key_handle;
        let session = context
            .start_auth_session(
                Some(storage),
                None,
                None,
                SessionType::Hmac,
                SymmetricDefinition::AES_128_CFB,
                HashingAlgorithm::Sha256,
            )?
            .ok_or(Error::WrapperError(WrapperErrorKind::WrongValueFromTpm))?;
        let (attributes, mask) = SessionAttributesBuilder::new()
            .with_decrypt(true)
            .with_encrypt(true)
            .build();
        context.tr_sess_set_attributes(session, attributes, mask)?;
        context.set_sessions((Some(session), None, None));
        Ok(Self { context, storage })
    }

    /// The storage key's name: another chip, or this one once cleared, has another.
    pub(super) fn name(&mut self) -> Result<Vec<u8>, Error> {
        Ok(self.context.tr_get_name(self.storage.into())?.value().to_vec())
    }

    pub(super) fn make_signing_key(&mut self) -> Result<Wrapped, Error> {
        self.make(Kind::Signing, None)
    }

    pub(super) fn make_mac_key(&mut self) -> Result<Wrapped, Error> {
        self.make(Kind::Mac, None)
    }

    pub(super) fn seal(&mut self, secret: &[u8]) -> Result<Wrapped, Error> {
        self.make(Kind::Sealed, Some(SensitiveData::try_from(secret.to_vec())?))
    }

    fn make(&mut self, kind: Kind, secret: Option<SensitiveData>) -> Result<Wrapped, Error> {
        let made = self
            .context
            .create(self.storage, template(kind)?, None, secret, None, None)?;
        Ok(Wrapped {
            public: made.out_public.marshall()?,
            private: made.out_private.value().to_vec(),
        })
    }

    pub(super) fn load(&mut self, wrapped: &Wrapped) -> Result<KeyHandle, Error> {
        let private = Private::try_from(wrapped.private.clone())?;
        let public = Public::unmarshall(&wrapped.public)?;
        self.context.load(self.storage, private, public)
    }

    /// What was sealed; a small chip has no room to keep it loaded.
    pub(super) fn unseal(&mut self, wrapped: &Wrapped) -> Result<Zeroizing<Vec<u8>>, Error> {
        let handle = self.load(wrapped)?.into();
        let secret = self.context.unseal(handle);
        self.context.flush_context(handle)?;
        Ok(Zeroizing::new(secret?.value().to_vec()))
    }

    /// Makes room for the commands to come, once everything is loaded.
    pub(super) fn let_storage_go(&mut self) -> Result<(), Error> {
        self.context.flush_context(self.storage.into())
    }

    /// `r ‖ s` over the SHA-256 of `message`.
    pub(super) fn sign(&mut self, key: KeyHandle, message: &[u8]) -> Result<Vec<u8>, Error> {
        let digest = Digest::try_from(Sha256::digest(message).to_vec())?;
        // The key is not restricted, so that any digest may be signed.
        let unrestricted = HashcheckTicket::try_from(TPMT_TK_HASHCHECK {
            tag: TPM2_ST_HASHCHECK,
            hierarchy: TPM2_RH_NULL,
            digest: Default::default(),
        })?;
        let signature = self
            .context
            .sign(key, digest, SignatureScheme::Null, unrestricted)?;
        let Signature::EcDsa(signature) = signature else {
            return Err(Error::WrapperError(WrapperErrorKind::WrongValueFromTpm));
        };
        let (r, s) = (signature.signature_r().value(), signature.signature_s().value());
        Ok([scalar(r)?, scalar(s)?].concat())
    }

    /// HMAC-SHA256 of the SHA-256 of `message`, which always fits one command.
    pub(super) fn mac(&mut self, key: KeyHandle, message: &[u8]) -> Result<Zeroizing<[u8; 32]>, Error> {
        let digest = MaxBuffer::try_from(Sha256::digest(message).to_vec())?;
        let mac = self.context.hmac(key.into(), digest, HashingAlgorithm::Sha256)?;
        let mac = <[u8; 32]>::try_from(mac.value());
        mac.map(Zeroizing::new)
            .map_err(|_| Error::WrapperError(WrapperErrorKind::WrongValueFromTpm))
    }

    /// Defines a counter at `index`. The chip starts it above every counter that it ever had, so that none is set back by
    /// being made anew.
    pub(super) fn make_counter(&mut self, index: u32) -> Result<(), Error> {
        let attributes = NvIndexAttributesBuilder::new()
            .with_nv_index_type(NvIndexType::Counter)
            .with_auth_read(true)
            .with_auth_write(true)
            .with_no_da(true)
            .build()?;
        let public = NvPublicBuilder::new()
            .with_nv_index(NvIndexTpmHandle::new(index)?)
            .with_index_name_algorithm(HashingAlgorithm::Sha256)
            .with_index_attributes(attributes)
            .with_data_area_size(8)
            .build()?;
        let counter = self.context.nv_define_space(Provision::Owner, None, public)?;
        // A counter reads only once it was advanced.
        self.context.nv_increment(NvAuth::NvIndex(counter), counter)
    }

    pub(super) fn counter(&mut self, index: u32) -> Result<NvIndexHandle, Error> {
        let handle = NvIndexTpmHandle::new(index)?;
        self.context.tr_from_tpm_public(handle.into()).map(Into::into)
    }

    pub(super) fn read(&mut self, counter: NvIndexHandle) -> Result<u64, Error> {
        let bytes = self.context.nv_read(NvAuth::NvIndex(counter), counter, 8, 0)?;
        let bytes = <[u8; 8]>::try_from(bytes.value());
        bytes
            .map(u64::from_be_bytes)
            .map_err(|_| Error::WrapperError(WrapperErrorKind::WrongValueFromTpm))
    }

    pub(super) fn advance(&mut self, counter: NvIndexHandle) -> Result<u64, Error> {
        self.context.nv_increment(NvAuth::NvIndex(counter), counter)?;
        self.read(counter)
    }
}

impl Wrapped {
    /// The public half of a P-256 key.
    pub(super) fn public_key(&self) -> Option<PublicKey> {
        let Public::Ecc { unique, .. } = Public::unmarshall(&self.public).ok()? else {
            return None;
        };
        let (x, y) = (scalar(unique.x().value()), scalar(unique.y().value()));
        PublicKey::from_p256_point(&x.ok()?, &y.ok()?).ok()
    }

    pub(super) fn bytes(&self) -> [&[u8]; 2] {
        [&self.public, &self.private]
    }
}

/// A chip may leave leading zeros out.
fn scalar(bytes: &[u8]) -> Result<[u8; 32], Error> {
    let mut scalar = [0; 32];
    let room = 32_usize.checked_sub(bytes.len());
    let room = room.ok_or(Error::WrapperError(WrapperErrorKind::WrongValueFromTpm))?;
    scalar[room..].copy_from_slice(bytes);
    Ok(scalar)
}

/// The storage key: P-256 and AES-128, and nothing that two starts could choose differently.
fn storage_template() -> Result<Public, Error> {
    let attributes = ObjectAttributesBuilder::new()
        .with_fixed_tpm(true)
        .with_fixed_parent(true)
        .with_sensitive_data_origin(true)
        .with_user_with_auth(true)
        .with_decrypt(true)
        .with_restricted(true)
        .with_no_da(true)
        .build()?;
    PublicBuilder::new()
        .with_public_algorithm(PublicAlgorithm::Ecc)
        .with_name_hashing_algorithm(HashingAlgorithm::Sha256)
        .with_object_attributes(attributes)
        .with_ecc_parameters(
            PublicEccParametersBuilder::new_restricted_decryption_key(
                SymmetricDefinitionObject::AES_128_CFB,
                EccCurve::NistP256,
            )
            .build()?,
        )
        .with_ecc_unique_identifier(EccPoint::default())
        .build()
}

/// Nothing that is made leaves the chip (`fixedTPM`), and no wrong guess locks it (`noDA`): there is nothing to guess.
fn template(kind: Kind) -> Result<Public, Error> {
    let attributes = ObjectAttributesBuilder::new()
        .with_fixed_tpm(true)
        .with_fixed_parent(true)
        .with_user_with_auth(true)
        .with_no_da(true)
        .with_sensitive_data_origin(!matches!(kind, Kind::Sealed))
        .with_sign_encrypt(!matches!(kind, Kind::Sealed))
        .build()?;
    let builder = PublicBuilder::new()
        .with_name_hashing_algorithm(HashingAlgorithm::Sha256)
        .with_object_attributes(attributes);
    let keyed = |scheme| {
        builder
            .clone()
            .with_public_algorithm(PublicAlgorithm::KeyedHash)
            .with_keyed_hash_parameters(PublicKeyedHashParameters::new(scheme))
            .with_keyed_hash_unique_identifier(Digest::default())
            .build()
    };
    match kind {
        Kind::Mac => keyed(KeyedHashScheme::HMAC_SHA_256),
        Kind::Sealed => keyed(KeyedHashScheme::Null),
        Kind::Signing => builder
            .with_public_algorithm(PublicAlgorithm::Ecc)
            .with_ecc_parameters(
                PublicEccParametersBuilder::new_unrestricted_signing_key(
                    EccScheme::EcDsa(HashScheme::new(HashingAlgorithm::Sha256)),
                    EccCurve::NistP256,
                )
                .build()?,
            )
            .with_ecc_unique_identifier(EccPoint::default())
            .build(),
    }
}
