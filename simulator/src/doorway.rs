//! The bootstrap listener of the embedded broker: TLS without a client's certificate ends here, and what is inside goes to
//! a plain port of the broker on this computer.
//!
//! rumqttd asks every TLS client for a certificate or none, for all its listeners alike.

use std::io::{Read, Write};
use std::net::{Ipv4Addr, Shutdown, SocketAddr, TcpListener, TcpStream};
use std::sync::{Arc, Mutex};
use std::thread;

use anyhow::Context;
use hq::pki::TlsIdentity;
use rustls::pki_types::{CertificateDer, PrivateKeyDer, PrivatePkcs8KeyDer};
use rustls::{ServerConfig, ServerConnection};

/// Starts the listener on a free loopback port, in front of the broker at `inside`; it ends with the process.
pub(crate) fn open(identity: &TlsIdentity, inside: SocketAddr) -> anyhow::Result<SocketAddr> {
    let chain = identity.chain.iter().map(|der| CertificateDer::from(der.clone()));
    let key = PrivateKeyDer::Pkcs8(PrivatePkcs8KeyDer::from(identity.key.to_vec()));
    let config = ServerConfig::builder_with_provider(Arc::new(rustls::crypto::ring::default_provider()))
        .with_safe_default_protocol_versions()
        .context("no TLS version is usable")?
        .with_no_client_auth()
        .with_single_cert(chain.collect(), key)
        .context("the broker's identity is not usable")?;
    let config = Arc::new(config);
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).context("no loopback port is free")?;
    let address = listener.local_addr().context("the listener has no address")?;
    thread::Builder::new().name("doorway".to_owned()).spawn(move || {
        for visitor in listener.incoming().flatten() {
            let config = config.clone();
            let relay = move || relay(&visitor, config, inside);
            if let Err(error) = thread::Builder::new().name("doorway".to_owned()).spawn(relay) {
                tracing::warn!(%error, "a visitor of the bootstrap listener was turned away");
            }
        }
    })?;
    Ok(address)
}

/// Carries one visit until either side hangs up.
fn relay(visitor: &TcpStream, config: Arc<ServerConfig>, inside: SocketAddr) {
    let Ok(connection) = ServerConnection::new(config) else {
        return;
    };
    let connection = Mutex::new(connection);
    if let Ok(broker) = TcpStream::connect(inside) {
        thread::scope(|scope| {
            scope.spawn(|| {
                let _ = inwards(visitor, &connection, &broker);
                hang_up(visitor, &broker);
            });
            let _ = outwards(&broker, &connection, visitor);
            hang_up(visitor, &broker);
        });
    }
}

fn hang_up(visitor: &TcpStream, broker: &TcpStream) {
    // One that is closed already needs no second goodbye.
    let _ = visitor.shutdown(Shutdown::Both);
    let _ = broker.shutdown(Shutdown::Both);
}

fn inwards(
    mut visitor: &TcpStream,
    connection: &Mutex<ServerConnection>,
    mut broker: &TcpStream,
) -> anyhow::Result<()> {
    let mut buffer = [0; 16 * 1024];
    loop {
        let read = visitor.read(&mut buffer)?;
        let mut sealed = buffer.get(..read).unwrap_or_default();
        if sealed.is_empty() {
            return Ok(());
        }
        while !sealed.is_empty() {
            let mut plain = Vec::new();
            let mut tls = locked(connection)?;
            tls.read_tls(&mut sealed)?;
            let state = tls.process_new_packets();
            while tls.wants_write() {
                tls.write_tls(&mut &*visitor)?;
            }
            let waiting = state?.plaintext_bytes_to_read();
            plain.resize(waiting, 0);
            tls.reader().read_exact(&mut plain)?;
            drop(tls);
            broker.write_all(&plain)?;
        }
    }
}

fn outwards(
    mut broker: &TcpStream,
    connection: &Mutex<ServerConnection>,
    mut visitor: &TcpStream,
) -> anyhow::Result<()> {
    let mut buffer = [0; 16 * 1024];
    loop {
        let read = broker.read(&mut buffer)?;
        let Some(plain) = buffer.get(..read).filter(|plain| !plain.is_empty()) else {
            return Ok(());
        };
        let mut tls = locked(connection)?;
        tls.writer().write_all(plain)?;
        while tls.wants_write() {
            tls.write_tls(&mut visitor)?;
        }
    }
}

fn locked(
    connection: &Mutex<ServerConnection>,
) -> anyhow::Result<std::sync::MutexGuard<'_, ServerConnection>> {
    connection
        .lock()
        .map_err(|_| anyhow::anyhow!("the other half of the visit panicked"))
}
