//! Printing a signed act: where a printer is, what is printed, and how far it came.

use std::fmt;

use minicbor::decode::Error as DecodeError;
use minicbor::encode::{Error as EncodeError, Write};
use minicbor::{Decode, Decoder, Encode, Encoder};
use thiserror::Error;

use crate::id::{ActId, ActNumber};
use crate::record::ActKind;
use crate::time::Timestamp;

/// The text is not the address of a printer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
#[error("the text is not a printer's address; write `ipp://host:port/path`, or `host`")]
pub struct NotAPrinterAddress;

/// Where a printer answers by IPP: `ipp://host:port/path` (RFC 3510), shown and stored in that one form.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct PrinterAddress {
    /// A name, an IPv4 address, or an IPv6 address in brackets; lower case.
    host: String,
    port: u16,
    path: String,
}

impl PrinterAddress {
    /// The registered port of IPP (RFC 8010 §4.1).
    const PORT: u16 = 631;
    /// Where a printer of IPP Everywhere (PWG 5100.14) answers.
    const PATH: &'static str = "/ipp/print";

    /// Reads an `ipp` URI, or `host` or `host:port` of a printer at the usual path.
    pub fn parse(text: &str) -> Result<Self, NotAPrinterAddress> {
        let text = text.trim();
        let rest = match text.split_once("://") {
            Some((scheme, rest)) if scheme.eq_ignore_ascii_case("ipp") => rest,
            Some(_) => return Err(NotAPrinterAddress),
            None => text,
        };
        let (authority, path) = match rest.find('/') {
            Some(slash) => rest.split_at(slash),
            None => (rest, ""),
        };
        let path = if matches!(path, "" | "/") {
            Self::PATH
        } else {
            path
        };
        let (host, port) = split_port(authority)?;
        let host = host.to_ascii_lowercase();
        if !is_host(&host) || !is_path(path) {
            return Err(NotAPrinterAddress);
        }
        Ok(Self {
            host,
            port,
            path: path.to_owned(),
        })
    }

    /// As the network resolves it: an IPv6 address without its brackets.
    pub fn host(&self) -> &str {
        self.host
            .strip_prefix('[')
            .and_then(|host| host.strip_suffix(']'))
            .unwrap_or(&self.host)
    }

    pub const fn port(&self) -> u16 {
        self.port
    }

    /// Begins with a slash.
    pub fn path(&self) -> &str {
        &self.path
    }

    /// `host:port`, as HTTP names it.
    pub fn authority(&self) -> String {
        format!("{}:{}", self.host, self.port)
    }
}

fn split_port(authority: &str) -> Result<(&str, u16), NotAPrinterAddress> {
    let after_host = authority.rfind(']').map_or(0, |bracket| bracket + 1);
    match authority[after_host..].find(':') {
        None => Ok((authority, PrinterAddress::PORT)),
        Some(colon) => {
            let (host, port) = authority.split_at(after_host + colon);
            let digits = &port[1..];
            if digits.is_empty() || !digits.bytes().all(|byte| byte.is_ascii_digit()) {
                return Err(NotAPrinterAddress);
            }
            match digits.parse() {
                Ok(0) | Err(_) => Err(NotAPrinterAddress),
                Ok(port) => Ok((host, port)),
            }
        }
    }
}

fn is_host(host: &str) -> bool {
    let six = host
        .strip_prefix('[')
        .and_then(|host| host.strip_suffix(']'))
        .map(|host| {
            host.contains(':')
                && host
                    .chars()
                    .all(|c| c.is_ascii_hexdigit() || matches!(c, ':' | '.'))
        });
    let label = |label: &str| {
        (1..=63).contains(&label.len())
            && !label.starts_with('-')
            && label
                .chars()
                .all(|c| c.is_ascii_alphanumeric() || matches!(c, '-' | '_'))
    };
    six.unwrap_or_else(|| host.len() <= 253 && host.split('.').all(label))
}

fn is_path(path: &str) -> bool {
    let allowed = |c: char| c.is_ascii_alphanumeric() || "-._~!$&'()*+,;=:@%/".contains(c);
    path.len() <= 255 && path.chars().all(allowed)
}

impl fmt::Display for PrinterAddress {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "ipp://{}:{}{}", self.host, self.port, self.path)
    }
}

impl<C> Encode<C> for PrinterAddress {
    fn encode<W: Write>(&self, e: &mut Encoder<W>, _: &mut C) -> Result<(), EncodeError<W::Error>> {
        e.str(&self.to_string())?.ok()
    }
}

impl<'b, C> Decode<'b, C> for PrinterAddress {
    fn decode(d: &mut Decoder<'b>, _: &mut C) -> Result<Self, DecodeError> {
        Self::parse(d.str()?).map_err(|_| DecodeError::message("not a printer's address"))
    }
}

/// Which document of an act.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Encode, Decode)]
#[cbor(index_only)]
pub enum Paper {
    #[n(0)]
    Act,
    /// What the victim takes away (CPP art. 15-3).
    #[n(1)]
    Recepisse,
    /// The sheet of rights (CPP art. 10-2), also before the act is signed.
    #[n(2)]
    Rights,
    /// For a medical examination (CPP art. 60, 77-1), where the complaint asks for one.
    #[n(3)]
    Requisition,
    /// The leaflet that whoever a draft is about has before them.
    #[n(4)]
    Leaflet,
}

impl Paper {
    pub const ALL: [Self; 5] = [
        Self::Act,
        Self::Recepisse,
        Self::Rights,
        Self::Requisition,
        Self::Leaflet,
    ];
}

/// How far a job came.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Encode, Decode)]
pub enum PrintState {
    /// Not a byte of the document has left the terminal.
    #[n(0)]
    Waiting {
        #[n(0)]
        trouble: Option<PrinterTrouble>,
    },
    /// The document is on its way; the printer has not answered.
    #[n(1)]
    Sending,
    /// The printer has taken it and given it a number.
    #[n(2)]
    Printing {
        #[n(0)]
        job: u32,
        #[n(1)]
        trouble: Option<PrinterTrouble>,
    },
    /// The printer says that it is done.
    #[n(3)]
    Printed,
    #[n(4)]
    Failed(#[n(0)] PrintFailure),
    /// Nobody heard the printer's answer: the paper may lie in its tray, and only a person can look.
    #[n(5)]
    InDoubt,
}

/// What keeps a job waiting; it goes on by itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Encode, Decode)]
#[cbor(index_only)]
pub enum PrinterTrouble {
    #[n(0)]
    Unreachable,
    /// It takes no jobs at the moment.
    #[n(1)]
    Busy,
    /// Out of paper, jammed, open or paused.
    #[n(2)]
    NeedsAttention,
}

/// Why a job is over without paper; it begins again only when the officer asks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Encode, Decode)]
#[cbor(index_only)]
pub enum PrintFailure {
    /// What answers there does not speak IPP, or is no printer.
    #[n(0)]
    NotAPrinter,
    /// It takes no PDF, and a signed document is printed as it is or not at all.
    #[n(1)]
    NoPdf,
    /// It asks for a password or an encrypted connection.
    #[n(2)]
    Protected,
    /// It does not accept the job.
    #[n(3)]
    Refused,
    /// It took the job and gave it up.
    #[n(4)]
    Aborted,
    /// Somebody cancelled the job at the printer.
    #[n(5)]
    CancelledThere,
    /// The document is not readable on this terminal any more.
    #[n(6)]
    DocumentGone,
}

/// What the screens know of printers and jobs.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct PrintingView {
    /// The printer that was used last comes first.
    #[n(0)]
    pub printers: Vec<PrinterLine>,
    /// The job that was asked for last comes first.
    #[n(1)]
    pub jobs: Vec<PrintLine>,
}

#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct PrinterLine {
    #[n(0)]
    pub address: PrinterAddress,
    /// What the printer calls itself; empty when it does not say.
    #[n(1)]
    pub name: String,
}

/// A job on screen.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct PrintLine {
    #[n(0)]
    pub act: ActId,
    #[n(1)]
    pub paper: Paper,
    #[n(2)]
    pub printer: PrinterAddress,
    #[n(3)]
    pub kind: ActKind,
    #[n(4)]
    pub number: Option<ActNumber>,
    #[n(5)]
    pub asked: Timestamp,
    #[n(6)]
    pub state: PrintState,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &str, shown: &str) {
        let address = PrinterAddress::parse(text).unwrap();
        assert_eq!(address.to_string(), shown, "{text}");
        assert_eq!(PrinterAddress::parse(shown), Ok(address), "{text}");
    }

    #[test]
    fn an_address_is_a_uri_or_what_an_officer_types() {
        check(
            "ipp://imprimante.local/ipp/print",
            "ipp://imprimante.local:631/ipp/print",
        );
        check(
            "IPP://Imprimante:8631/ipp/faxout",
            "ipp://imprimante:8631/ipp/faxout",
        );
        check(" 10.0.3.7 ", "ipp://10.0.3.7:631/ipp/print");
        check("10.0.3.7:8000", "ipp://10.0.3.7:8000/ipp/print");
        check("[fe80::1]:631", "ipp://[fe80::1]:631/ipp/print");
        check("[fe80::1]", "ipp://[fe80::1]:631/ipp/print");
        check("serveur/printers/poste_1", "ipp://serveur:631/printers/poste_1");
        assert_eq!(PrinterAddress::parse("[fe80::1]:8").unwrap().host(), "fe80::1");
    }

    #[test]
    fn everything_else_is_refused() {
        for text in [
            "",
            "   ",
            "ipp://",
            "http://10.0.3.7",
            "ipps://10.0.3.7",
            "agent:secret@10.0.3.7",
            "10.0.3.7:0",
            "10.0.3.7:65536",
            "10.0.3.7:+80",
            "10.0.3.7:",
            "deux mots",
            "hôte",
            "a..b",
            "-a",
            "fe80::1",
            "[imprimante]",
            "h/ipp print",
            "h/ipp?x=1",
            "h/ipp\r\nHost: y",
            &"a".repeat(64),
        ] {
            assert_eq!(PrinterAddress::parse(text), Err(NotAPrinterAddress), "{text}");
        }
    }
}
