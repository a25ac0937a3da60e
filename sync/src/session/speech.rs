//! What a session is told and what it says.

use domain::envelope::Lane;
use domain::{EnvelopeId, QueryId};

use crate::ack::Ack;
use crate::wire::v1::HelloAnswer;

/// What happens to a session.
#[derive(Debug, Clone)]
pub enum Input {
    /// Begin to connect.
    Start,
    /// A connection stands and the subscriptions hold.
    LinkUp {
        receive_max: u16,
    },
    /// The attempt failed or the connection ended.
    LinkDown,
    /// An outbox row waits for its receipt; `bytes` is the envelope's length. Offering it again changes nothing.
    Offer {
        id: EnvelopeId,
        lane: Lane,
        sequence: u64,
        bytes: u32,
    },
    /// The row cannot be read; it is the store's affair.
    Withdrawn {
        id: EnvelopeId,
    },
    /// A broker answered the publish of a record.
    Acked {
        id: EnvelopeId,
        ack: Ack,
    },
    /// HQ's receipt for it is verified and stored.
    Receipted {
        id: EnvelopeId,
    },
    /// The verified answer to the last hello.
    HelloAnswered(HelloAnswer),
    /// A question whose journal entry is stored; `expires_at` on this session's clock.
    QueryOffered {
        id: QueryId,
        bytes: u32,
        expires_at: u64,
    },
    QueryAcked {
        id: QueryId,
        ack: Ack,
    },
    QueryAnswered {
        id: QueryId,
    },
    /// A piece of the journal can be published; offering it again changes nothing.
    JournalOffered,
    JournalAcked,
    /// The time of [`super::Session::next_wakeup`] has come.
    Wake,
    /// The connection is not to be trusted: the terminal slept, or its network or clock changed.
    ForceReconnect,
    /// An urgent act is being drawn up: connect soon, and keep bulk out of the way.
    UrgentQueued,
}

/// What a session wants done. An attempt to connect ends in exactly one `LinkDown`; a `Connect` that comes while it
/// lasts, and a `Disconnect` after it, change nothing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Action {
    Connect,
    Disconnect,
    /// Publish a fresh signed hello with the store's cursors.
    SendHello,
    /// Publish the stored bytes of this envelope.
    Publish {
        id: EnvelopeId,
    },
    PublishQuery {
        id: QueryId,
    },
    /// Publish the next piece of the journal: nothing else can leave now.
    PublishJournal,
    /// The time of the question is over; no answer is waited for.
    QueryExpired {
        id: QueryId,
    },
    /// Bulk may use the network, or must stop at once.
    BulkAllowed(bool),
}
