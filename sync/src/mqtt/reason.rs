//! Why a connection ended, in words that the owner of a link can act on.

use rumqttc::v5::mqttbytes::Error as CodecError;
use rumqttc::v5::mqttbytes::v5::{ConnectReturnCode, DisconnectReasonCode};
use rumqttc::v5::{ConnectionError, StateError, TlsError};
use rustls::{AlertDescription, CertificateError};

/// Why a connection was not made or did not last.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum DownReason {
    #[error("the broker cannot be reached")]
    ConnectFailed,
    /// The terminal refuses the broker.
    #[error("the broker's certificate is refused: {0}")]
    TlsRefused(TlsRefusal),
    /// The broker refuses the terminal; with `Expired` the way out is renewal.
    #[error("the broker refuses this side's certificate: {0}")]
    OwnCertificateRefused(TlsRefusal),
    #[error("the broker refuses the connection: {0}")]
    Refused(Refusal),
    #[error("the connection was lost")]
    Lost,
    #[error("the broker stopped answering")]
    TimedOut,
    /// This side said goodbye.
    #[error("closed")]
    Closed,
}

/// What is wrong with a certificate.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum TlsRefusal {
    #[error("unknown authority")]
    UnknownAuthority,
    #[error("expired")]
    Expired,
    #[error("revoked")]
    Revoked,
    #[error("not acceptable")]
    Other,
}

/// What a broker's reason code comes down to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    #[error("not authorised")]
    NotAuthorized,
    #[error("busy")]
    Busy,
    /// Another connection uses the same client id: a copied certificate, or this program twice.
    #[error("taken over by another connection")]
    TakenOver,
    #[error("a subscription is not granted")]
    Subscription,
    #[error("another reason")]
    Other,
}

impl DownReason {
    /// `connected` tells a broker that was never reached from one that was lost.
    pub(super) fn of(error: &ConnectionError, connected: bool) -> Self {
        let broken = if connected {
            Self::Lost
        } else {
            Self::ConnectFailed
        };
        if let ConnectionError::ConnectionRefused(code) = error {
            return Self::Refused(connect_refusal(*code));
        }
        if let ConnectionError::MqttState(StateError::ServerDisconnect { reason_code, .. }) = error {
            return Self::Refused(disconnect_refusal(*reason_code));
        }
        let stopped = matches!(error, ConnectionError::MqttState(StateError::AwaitPingResp));
        if stopped || matches!(error, ConnectionError::Timeout(_)) {
            return Self::TimedOut;
        }
        tls_error(error).and_then(certificate_refusal).unwrap_or(broken)
    }
}

/// The TLS error inside, wherever the library put it.
fn tls_error(error: &ConnectionError) -> Option<&rustls::Error> {
    let io = match error {
        ConnectionError::Tls(TlsError::TLS(error)) => return Some(error),
        ConnectionError::Tls(TlsError::Io(error)) | ConnectionError::Io(error) => error,
        ConnectionError::MqttState(StateError::Io(error)) => error,
        ConnectionError::MqttState(StateError::Deserialization(CodecError::Io(error))) => error,
        ConnectionError::MqttState(_)
        | ConnectionError::Timeout(_)
        | ConnectionError::Tls(_)
        | ConnectionError::ConnectionRefused(_)
        | ConnectionError::NotConnAck(_)
        | ConnectionError::RequestsDone => return None,
    };
    io.get_ref()?.downcast_ref()
}

fn certificate_refusal(error: &rustls::Error) -> Option<DownReason> {
    if let rustls::Error::InvalidCertificate(refused) = error {
        let unknown = matches!(
            refused,
            CertificateError::UnknownIssuer | CertificateError::BadSignature
        );
        let expired = matches!(
            refused,
            CertificateError::Expired | CertificateError::ExpiredContext { .. }
        );
        return Some(DownReason::TlsRefused(match (unknown, expired) {
            (true, _) => TlsRefusal::UnknownAuthority,
            (_, true) => TlsRefusal::Expired,
            _ if *refused == CertificateError::Revoked => TlsRefusal::Revoked,
            _ => TlsRefusal::Other,
        }));
    }
    let rustls::Error::AlertReceived(alert) = error else {
        return None;
    };
    let own = [
        (AlertDescription::UnknownCA, TlsRefusal::UnknownAuthority),
        (AlertDescription::CertificateExpired, TlsRefusal::Expired),
        (AlertDescription::CertificateRevoked, TlsRefusal::Revoked),
        (AlertDescription::CertificateUnknown, TlsRefusal::Other),
        (AlertDescription::BadCertificate, TlsRefusal::Other),
        (AlertDescription::UnsupportedCertificate, TlsRefusal::Other),
        (AlertDescription::AccessDenied, TlsRefusal::Other),
        (AlertDescription::DecryptError, TlsRefusal::Other),
        (AlertDescription::CertificateRequired, TlsRefusal::Other),
    ];
    own.iter()
        .find(|(known, _)| known == alert)
        .map(|(_, refusal)| DownReason::OwnCertificateRefused(*refusal))
}

fn connect_refusal(code: ConnectReturnCode) -> Refusal {
    let not_authorized = [
        ConnectReturnCode::NotAuthorized,
        ConnectReturnCode::BadUserNamePassword,
        ConnectReturnCode::BadClientId,
        ConnectReturnCode::ClientIdentifierNotValid,
        ConnectReturnCode::Banned,
    ];
    let busy = [
        ConnectReturnCode::ServiceUnavailable,
        ConnectReturnCode::ServerUnavailable,
        ConnectReturnCode::ServerBusy,
        ConnectReturnCode::QuotaExceeded,
        ConnectReturnCode::ConnectionRateExceeded,
    ];
    if not_authorized.contains(&code) {
        Refusal::NotAuthorized
    } else if busy.contains(&code) {
        Refusal::Busy
    } else {
        Refusal::Other
    }
}

fn disconnect_refusal(code: DisconnectReasonCode) -> Refusal {
    let busy = [
        DisconnectReasonCode::ServerBusy,
        DisconnectReasonCode::ServerShuttingDown,
        DisconnectReasonCode::MessageRateTooHigh,
        DisconnectReasonCode::QuotaExceeded,
    ];
    if code == DisconnectReasonCode::NotAuthorized {
        Refusal::NotAuthorized
    } else if code == DisconnectReasonCode::SessionTakenOver {
        Refusal::TakenOver
    } else if busy.contains(&code) {
        Refusal::Busy
    } else {
        Refusal::Other
    }
}
