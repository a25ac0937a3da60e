//! What a broker's PUBACK says (MQTT 5 §3.4.2.1); at best that a broker took the message, never that HQ has it.

/// A broker's answer to one publish.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Ack {
    /// 0x00: some broker has it.
    Taken,
    /// 0x10: nobody subscribes, the broker dropped it.
    NobodyListens,
    /// 0x87: the access list refuses the topic.
    NotAuthorized,
    /// 0x97: slow down.
    QuotaExceeded,
    /// Any other refusal.
    Refused,
    /// The driver never handed it to a broker: no connection, too long, or too many waiting.
    NotSent,
}
