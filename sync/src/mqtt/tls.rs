//! The TLS clients: mutual TLS 1.3 or 1.2 with P-256 leaves for terminals and gateways, and for who has no certificate
//! that counts a server under a pinned root. Ring is the provider.

use std::fmt;
use std::sync::Arc;

use rustls::client::danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier};
use rustls::client::{WantsClientCert, WebPkiServerVerifier};
use rustls::crypto::{self, CryptoProvider, ring};
use rustls::pki_types::{
    CertificateDer, PrivateKeyDer, PrivatePkcs8KeyDer, ServerName, SubjectPublicKeyInfoDer, UnixTime,
};
use rustls::sign::{CertifiedKey, Signer, SigningKey, SingleCertAndKey};
use rustls::{
    CertificateError, ClientConfig, ConfigBuilder, DigitallySignedStruct, Error, RootCertStore,
    SignatureAlgorithm, SignatureScheme,
};
use trust::cert::{Certificate, Profile};
use trust::keys::{PublicKey, ecdsa_to_der};

/// Why certificates and key make no TLS client.
#[derive(Debug, thiserror::Error)]
pub enum TlsConfigError {
    #[error("the authority's certificate cannot be an anchor")]
    Anchor(#[source] rustls::Error),
    #[error("the certificate chain and the key do not make a TLS client")]
    Identity(#[source] rustls::Error),
}

/// A client that trusts `ca` (DER) alone and shows `chain` (DER, leaf first) with its PKCS#8 key (DER).
///
/// The configuration holds the cache of TLS sessions: keep one for all connections to a broker.
pub fn tls_client(ca: &[u8], chain: &[Vec<u8>], key: &[u8]) -> Result<Arc<ClientConfig>, TlsConfigError> {
    let chain = chain
        .iter()
        .map(|der| CertificateDer::from(der.clone()))
        .collect();
    let key = PrivateKeyDer::Pkcs8(PrivatePkcs8KeyDer::from(key.to_vec()));
    let config = anchored(ca)?
        .with_client_auth_cert(chain, key)
        .map_err(TlsConfigError::Identity)?;
    Ok(Arc::new(config))
}

/// Signs what a handshake asks for with a P-256 key that stays where it is: `r ‖ s` over the SHA-256 of the message; none
/// when the key does not answer, which ends the handshake.
pub type Signs = Arc<dyn Fn(&[u8]) -> Option<Vec<u8>> + Send + Sync>;

/// The same client for a key in hardware, whose public half is `key`. Each full handshake waits for one signature.
pub fn tls_signing_client(
    ca: &[u8],
    chain: &[Vec<u8>],
    key: &PublicKey,
    signs: Signs,
) -> Result<Arc<ClientConfig>, TlsConfigError> {
    let chain = chain
        .iter()
        .map(|der| CertificateDer::from(der.clone()))
        .collect();
    let spki = key.spki_der();
    let identity = CertifiedKey::new(chain, Arc::new(VaultKey { spki, signs }));
    identity.keys_match().map_err(TlsConfigError::Identity)?;
    let config = anchored(ca)?.with_client_cert_resolver(Arc::new(SingleCertAndKey::from(identity)));
    Ok(Arc::new(config))
}

/// What the two clients with certificates share.
fn anchored(ca: &[u8]) -> Result<ConfigBuilder<ClientConfig, WantsClientCert>, TlsConfigError> {
    let mut anchors = RootCertStore::empty();
    anchors
        .add(CertificateDer::from(ca.to_vec()))
        .map_err(TlsConfigError::Anchor)?;
    Ok(
        ClientConfig::builder_with_provider(Arc::new(ring::default_provider()))
            .with_safe_default_protocol_versions()
            .map_err(TlsConfigError::Identity)?
            .with_root_certificates(anchors),
    )
}

struct VaultKey {
    spki: Vec<u8>,
    signs: Signs,
}

impl fmt::Debug for VaultKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("VaultKey").finish_non_exhaustive()
    }
}

impl SigningKey for VaultKey {
    fn choose_scheme(&self, offered: &[SignatureScheme]) -> Option<Box<dyn Signer>> {
        let ours = offered.contains(&SignatureScheme::ECDSA_NISTP256_SHA256);
        ours.then(|| Box::new(VaultSigner(self.signs.clone())) as Box<dyn Signer>)
    }

    fn public_key(&self) -> Option<SubjectPublicKeyInfoDer<'_>> {
        Some(SubjectPublicKeyInfoDer::from(self.spki.as_slice()))
    }

    fn algorithm(&self) -> SignatureAlgorithm {
        SignatureAlgorithm::ECDSA
    }
}

struct VaultSigner(Signs);

impl fmt::Debug for VaultSigner {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("VaultSigner").finish_non_exhaustive()
    }
}

impl Signer for VaultSigner {
    fn sign(&self, message: &[u8]) -> Result<Vec<u8>, Error> {
        let signature =
            (self.0)(message).ok_or_else(|| Error::General("the key did not answer".to_owned()))?;
        ecdsa_to_der(&signature).map_err(|error| Error::General(error.to_string()))
    }

    fn scheme(&self) -> SignatureScheme {
        SignatureScheme::ECDSA_NISTP256_SHA256
    }
}

/// A client without a certificate that trusts the one root whose SubjectPublicKeyInfo has this SHA-256. The server
/// shows that root with its chain.
pub fn tls_pinned(root: &[u8; 32]) -> Result<Arc<ClientConfig>, TlsConfigError> {
    let provider = Arc::new(ring::default_provider());
    let pinned = Pinned {
        root: *root,
        provider: provider.clone(),
    };
    let config = ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .map_err(TlsConfigError::Identity)?
        .dangerous()
        .with_custom_certificate_verifier(Arc::new(pinned))
        .with_no_client_auth();
    Ok(Arc::new(config))
}

/// Finds the anchor in what the server shows; everything else is decided as for any other anchor.
#[derive(Debug)]
struct Pinned {
    root: [u8; 32],
    provider: Arc<CryptoProvider>,
}

impl ServerCertVerifier for Pinned {
    fn verify_server_cert(
        &self,
        end_entity: &CertificateDer<'_>,
        intermediates: &[CertificateDer<'_>],
        server_name: &ServerName<'_>,
        ocsp_response: &[u8],
        now: UnixTime,
    ) -> Result<ServerCertVerified, Error> {
        let is_root = |der: &&CertificateDer<'_>| {
            Certificate::from_der(der).is_ok_and(|certificate| {
                certificate.check_profile(Profile::Root).is_ok()
                    && certificate.public_key().fingerprint().0 == self.root
            })
        };
        let root = intermediates
            .iter()
            .find(is_root)
            .ok_or(Error::InvalidCertificate(CertificateError::UnknownIssuer))?;
        let mut anchors = RootCertStore::empty();
        anchors.add(root.clone().into_owned())?;
        WebPkiServerVerifier::builder_with_provider(Arc::new(anchors), self.provider.clone())
            .build()
            .map_err(|error| Error::General(error.to_string()))?
            .verify_server_cert(end_entity, intermediates, server_name, ocsp_response, now)
    }

    fn verify_tls12_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signed: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        let algorithms = &self.provider.signature_verification_algorithms;
        crypto::verify_tls12_signature(message, certificate, signed, algorithms)
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signed: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        let algorithms = &self.provider.signature_verification_algorithms;
        crypto::verify_tls13_signature(message, certificate, signed, algorithms)
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.provider
            .signature_verification_algorithms
            .supported_schemes()
    }
}
