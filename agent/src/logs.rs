//! The terminal's log: one JSON object a line, ids and counts only, seven days kept.
//!
//! `error` is a bug, `warn` is something to look at tomorrow, `info` follows a record from intent to receipt.

use std::path::Path;

use thiserror::Error;
use tracing_appender::non_blocking::WorkerGuard;
use tracing_appender::rolling::{Builder, InitError, Rotation};
use tracing_subscriber::EnvFilter;

/// Why there is no log.
#[derive(Debug, Error)]
pub enum LogError {
    #[error("could not make the log's folder")]
    Folder(#[source] std::io::Error),
    #[error("could not open the log")]
    Open(#[source] InitError),
}

/// Days that are kept.
const DAYS: usize = 7;

/// Starts logging into `dir`; what is still in memory is written when the guard drops.
pub fn start(dir: &Path) -> Result<WorkerGuard, LogError> {
    std::fs::create_dir_all(dir).map_err(LogError::Folder)?;
    let file = Builder::new()
        .rotation(Rotation::DAILY)
        .filename_prefix("terminal")
        .filename_suffix("jsonl")
        .max_log_files(DAYS)
        .build(dir)
        .map_err(LogError::Open)?;
    let (writer, guard) = tracing_appender::non_blocking(file);
    // The libraries' own lines may quote what they carry.
    let filter = EnvFilter::new("warn,agent=info,sync=info,camera=info,rumqttc=off,rustls=off");
    tracing_subscriber::fmt()
        .json()
        .with_writer(writer)
        .with_env_filter(filter)
        .init();
    Ok(guard)
}
