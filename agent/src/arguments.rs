//! The command line of `neo-agent`.

use std::net::SocketAddr;
use std::path::PathBuf;

use agent::keys::VaultKind;
use anyhow::Context;
use clap::Parser;
use domain::enrolment::Ticket;

/// The officer terminal.
#[derive(Parser)]
#[command(name = "neo-agent", version)]
pub(crate) struct Arguments {
    /// The terminal's own folder, made by its enrolment.
    #[arg(long)]
    pub(crate) dir: PathBuf,
    /// Name of HQ's broker, as in its certificate.
    #[arg(long)]
    pub(crate) broker: String,
    #[arg(long, default_value_t = 8883)]
    pub(crate) port: u16,
    #[arg(long, default_value_t = 8884)]
    pub(crate) bulk_port: u16,
    /// For a terminal whose certificate has ended.
    #[arg(long, default_value_t = 8885)]
    pub(crate) bootstrap_port: u16,
    /// The enrolment code of this terminal (`neo2:1:…`), as its QR code says it; `-` reads it from standard input.
    ///
    /// Without it the window asks. An enrolment that was cut off goes on by itself.
    #[arg(long, value_name = "TEXT")]
    pub(crate) enrol: Option<String>,
    /// Work without a card reader, for training alone: what is signed is marked "formation" wherever it is seen.
    ///
    /// The officer's certificate is for the key of `--formation-request`, and carries the mark.
    #[arg(long)]
    pub(crate) formation: bool,
    /// Write the request (PKCS#10, PEM) for this terminal's training key to a new file, and end.
    ///
    /// `neoctl officer add` certifies it, with `formation = true`.
    #[arg(long, value_name = "FILE")]
    pub(crate) formation_request: Option<PathBuf>,
    /// What keeps the terminal's keys: `file`, `keystore` (of an Android phone), `tpm`, or `tpm:` and how the TPM 2.0 is
    /// reached (`tpm:device:/dev/tpmrm0`).
    ///
    /// Said at the first start; later ones find it. Without it a file keeps them, which every signature says. The others
    /// need a program built with the feature of their name.
    #[arg(long, value_name = "VAULT")]
    pub(crate) vault: Option<VaultKind>,
    /// Address of the body camera on the local link.
    #[arg(long)]
    pub(crate) camera: Option<SocketAddr>,
    /// A folder whose newest image is offered as the officer's photograph, or one image file.
    ///
    /// The terminal's own camera is used live where the program was built with the feature `still`.
    #[arg(long)]
    pub(crate) photos: Option<PathBuf>,
    /// Mount point of the drive or cable by which signed acts are handed over to the station.
    #[arg(long, value_name = "DIR")]
    pub(crate) handoff: Option<PathBuf>,
    /// Mount point of the card, stick or cable by which the files of a victim come in.
    #[arg(long, value_name = "DIR")]
    pub(crate) brought: Option<PathBuf>,
}

/// The enrolment code given on the command line, or on standard input.
pub(crate) fn ticket(given: String) -> anyhow::Result<Ticket> {
    let text = match given.as_str() {
        "-" => std::io::read_to_string(std::io::stdin()).context("could not read the enrolment code")?,
        _ => given,
    };
    Ok(Ticket::parse(&text)?)
}
