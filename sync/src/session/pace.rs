//! How patient a session is.

/// The pace of a session; every time in milliseconds.
#[derive(Debug, Clone)]
pub struct Config {
    /// HQ's last word on the spread of first attempts after a loss ([`crate::wire::v1::HelloAnswer::retry_window_ms`]).
    pub retry_window_ms: u64,
    /// The longest wait between two attempts, unless HQ's window is longer.
    pub retry_cap_ms: u64,
    /// The base of the backoff when something urgent waits or the terminal itself broke the connection.
    pub urgent_base_ms: u64,
    /// The shortest wait for a receipt before the same envelope is sent again.
    pub receipt_wait_ms: u64,
    /// The longest random delay added to a repeated wait.
    pub resend_cap_ms: u64,
    /// How long HQ's own repetition of a receipt is waited for after a hello.
    pub receipt_grace_ms: u64,
    /// How long the driver may leave a command unanswered before it is given again; longer than any attempt lasts.
    pub command_wait_ms: u64,
    /// How long the answer to a hello is waited for.
    pub hello_wait_ms: u64,
    /// How long a publish may stay without the broker's acknowledgement.
    pub ack_wait_ms: u64,
    /// First pause of a lane whose quota is exceeded; doubles up to eight times itself.
    pub pause_ms: u64,
    /// Quiet time after which bulk may go on beside records that wait for their receipt.
    pub bulk_idle_ms: u64,
}

impl Default for Config {
    fn default() -> Self {
        Self {
            retry_window_ms: 2_000,
            retry_cap_ms: 120_000,
            urgent_base_ms: 1_000,
            receipt_wait_ms: 30_000,
            resend_cap_ms: 900_000,
            receipt_grace_ms: 5_000,
            command_wait_ms: 90_000,
            hello_wait_ms: 30_000,
            ack_wait_ms: 30_000,
            pause_ms: 10_000,
            bulk_idle_ms: 2_000,
        }
    }
}
