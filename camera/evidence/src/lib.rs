//! Evidence that anybody can check offline: footage manifests, the camera's chain, signed video, journals,
//! and the folders that courts get.
//!
//! Pure: bytes in, reports out; a check that did not run is reported as not run.
#![cfg_attr(test, expect(clippy::unwrap_used, reason = "a test panics on the unexpected"))]

pub mod chain;
pub mod custody;
pub mod folder;
pub mod journal;
pub mod log;
pub mod mp4;
pub mod proof;
pub mod report;
pub mod signed_video;
pub mod video;
