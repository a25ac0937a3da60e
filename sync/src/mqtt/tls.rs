//! The TLS client of terminals and gateways: mutual TLS 1.3 or 1.2 with P-256 leaves, ring as provider.

use std::sync::Arc;

use rustls::crypto::ring;
use rustls::pki_types::{CertificateDer, PrivateKeyDer, PrivatePkcs8KeyDer};
use rustls::{ClientConfig, RootCertStore};

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
