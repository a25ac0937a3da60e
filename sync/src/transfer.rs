//! The upload of one encrypted segment, resumable after any loss: [`Upload`] on the terminal, [`Assembly`] at HQ.
//!
//! Both are sans-IO. HQ answers each `init`, `fin` and `stat` with a [`crate::wire::v1::StatAnswer`]; a broker's
//! acknowledgement only paces the upload, and only HQ's `Complete` ends it well.

mod assembly;
mod pace;
mod upload;

pub use assembly::{Assembly, Chunk, ChunkRefusal, Finish};
pub use pace::{Bucket, Pace};
pub use upload::{Action, Config, Input, Outcome, Sent, Upload};
