//! The TLS clients: mutual TLS 1.3 or 1.2 with P-256 leaves for terminals and gateways, and for who has no certificate
//! that counts a server under a pinned root. Ring is the provider.

use std::sync::Arc;

use rustls::client::WebPkiServerVerifier;
use rustls::client::danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier};
use rustls::crypto::{self, CryptoProvider, ring};
use rustls::pki_types::{CertificateDer, PrivateKeyDer, PrivatePkcs8KeyDer, ServerName, UnixTime};
use rustls::{CertificateError, ClientConfig, DigitallySignedStruct, Error, RootCertStore, SignatureScheme};
use trust::cert::{Certificate, Profile};

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
    let mut anchors = RootCertStore::empty();
    anchors
        .add(CertificateDer::from(ca.to_vec()))
        .map_err(TlsConfigError::Anchor)?;
    let chain = chain
        .iter()
        .map(|der| CertificateDer::from(der.clone()))
        .collect();
    let key = PrivateKeyDer::Pkcs8(PrivatePkcs8KeyDer::from(key.to_vec()));
    let config = ClientConfig::builder_with_provider(Arc::new(ring::default_provider()))
        .with_safe_default_protocol_versions()
        .map_err(TlsConfigError::Identity)?
        .with_root_certificates(anchors)
        .with_client_auth_cert(chain, key)
        .map_err(TlsConfigError::Identity)?;
    Ok(Arc::new(config))
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
