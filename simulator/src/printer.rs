//! A printer on the loopback interface: it speaks IPP over HTTP, and what it prints is files in a folder.

use std::io::{self, BufRead, BufReader, Cursor, Read, Write};
use std::net::{Ipv4Addr, SocketAddr, TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread::{self, JoinHandle};
use std::time::Duration;

use anyhow::{Context, bail};
use domain::printing::PrinterAddress;
use ipp::parser::IppParser;
// Whole: the trait that numbers become operations by is exported without a name.
use ipp::prelude::*;
use ipp::reader::IppReader;

/// What a printer is like.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Temper {
    Prints,
    /// Takes raster images alone, as many portable ones do.
    TakesNoPdf,
    /// Takes a document whole, prints it, and hangs up before it answers.
    HangsUp,
    /// Out of paper.
    Stopped,
    /// A web server that is no printer.
    IsNone,
}

/// How long a caller may be silent.
const PATIENCE: Duration = Duration::from_secs(10);

/// A printer that is switched on; dropping it switches it off.
pub struct SimPrinter {
    address: SocketAddr,
    folder: PathBuf,
    off: Arc<AtomicBool>,
    serving: Option<JoinHandle<()>>,
}

impl SimPrinter {
    /// Switches a printer on at a free port; what it prints goes into `folder`.
    pub fn start(folder: &Path, temper: Temper) -> anyhow::Result<Self> {
        let listener =
            TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).context("could not open a printer's port")?;
        Self::start_on(listener, folder, temper)
    }

    /// Switches a printer on at a given listener.
    pub fn start_on(listener: TcpListener, folder: &Path, temper: Temper) -> anyhow::Result<Self> {
        std::fs::create_dir_all(folder).context("could not make the printer's folder")?;
        let address = listener.local_addr().context("could not open a printer's port")?;
        let off = Arc::new(AtomicBool::new(false));
        let printer = Printer {
            folder: folder.to_owned(),
            temper,
        };
        let switch = off.clone();
        let serving = thread::Builder::new()
            .name("sim-printer".to_owned())
            .spawn(move || {
                for caller in listener.incoming().flatten() {
                    if switch.load(Ordering::Acquire) {
                        return;
                    }
                    if let Err(error) = printer.serve(&caller) {
                        tracing::info!(%error, "the printer hung up");
                    }
                }
            })
            .context("could not start the printer's thread")?;
        Ok(Self {
            address,
            folder: folder.to_owned(),
            off,
            serving: Some(serving),
        })
    }

    pub fn address(&self) -> PrinterAddress {
        PrinterAddress::parse(&self.address.to_string()).expect("a socket's address is an address")
    }

    /// Every document printed so far, oldest first.
    pub fn printed(&self) -> anyhow::Result<Vec<Vec<u8>>> {
        printed(&self.folder)
    }
}

/// The documents that a printer of this folder has printed, oldest first.
pub fn printed(folder: &Path) -> anyhow::Result<Vec<Vec<u8>>> {
    let papers = papers(folder).context("could not list the printer's folder")?;
    papers
        .iter()
        .map(|paper| std::fs::read(paper).context("could not read what the printer printed"))
        .collect()
}

fn papers(folder: &Path) -> io::Result<Vec<PathBuf>> {
    let entries: Result<Vec<_>, _> = std::fs::read_dir(folder)?.collect();
    let mut papers: Vec<PathBuf> = entries?.into_iter().map(|entry| entry.path()).collect();
    papers.retain(|path| path.extension().is_some_and(|extension| extension == "pdf"));
    papers.sort();
    Ok(papers)
}

impl Drop for SimPrinter {
    fn drop(&mut self) {
        self.off.store(true, Ordering::Release);
        // The listener wakes up for one last caller.
        let _ = TcpStream::connect(self.address);
        if let Some(serving) = self.serving.take() {
            let _ = serving.join();
        }
    }
}

struct Printer {
    folder: PathBuf,
    temper: Temper,
}

impl Printer {
    /// One request, one answer.
    fn serve(&self, mut caller: &TcpStream) -> anyhow::Result<()> {
        caller.set_read_timeout(Some(PATIENCE))?;
        caller.set_write_timeout(Some(PATIENCE))?;
        let body = read_request(caller)?;
        if self.temper == Temper::IsNone {
            let page = "<!DOCTYPE html><title>It works</title>";
            write!(
                caller,
                "HTTP/1.1 200 OK\r\nContent-Length: {}\r\n\r\n{page}",
                page.len()
            )?;
            return Ok(());
        }
        let parser = IppParser::new(IppReader::new(Cursor::new(body)));
        let (header, attributes, rest) = parser.parse_parts()?;
        let mut document = Vec::new();
        rest.into_inner().read_to_end(&mut document)?;
        let answer = match Operation::from_i16(header.operation_or_status) {
            Some(Operation::GetPrinterAttributes) => self.about(header.request_id)?,
            Some(Operation::PrintJob) => match self.print(header.request_id, &attributes, &document)? {
                Some(answer) => answer,
                None => return Ok(()),
            },
            Some(Operation::GetJobAttributes) => self.job(header.request_id, &attributes)?,
            _ => respond(StatusCode::ServerErrorOperationNotSupported, header.request_id)?,
        };
        let bytes = answer.to_bytes();
        write!(
            caller,
            "HTTP/1.1 200 OK\r\nContent-Type: application/ipp\r\nContent-Length: {}\r\n\r\n",
            bytes.len()
        )?;
        caller.write_all(&bytes)?;
        Ok(())
    }

    fn about(&self, request: i32) -> anyhow::Result<IppRequestResponse> {
        let format = match self.temper {
            Temper::TakesNoPdf => "image/pwg-raster",
            Temper::Prints | Temper::HangsUp | Temper::Stopped | Temper::IsNone => "application/pdf",
        };
        let state = if self.temper == Temper::Stopped {
            PrinterState::Stopped
        } else {
            PrinterState::Idle
        };
        let mut answer = respond(StatusCode::SuccessfulOk, request)?;
        for (name, value) in [
            (
                "printer-info",
                IppValue::new_text_without_language("Imprimante simulée")?,
            ),
            ("printer-state", IppValue::Enum(state as i32)),
            ("printer-is-accepting-jobs", IppValue::Boolean(true)),
            (
                "document-format-supported",
                IppValue::MimeMediaType(format.try_into()?),
            ),
        ] {
            let attribute = IppAttribute::with_name(name, value)?;
            answer
                .attributes_mut()
                .add(DelimiterTag::PrinterAttributes, attribute);
        }
        Ok(answer)
    }

    /// Prints; no answer when that is what this printer does.
    fn print(
        &self,
        request: i32,
        attributes: &IppAttributes,
        document: &[u8],
    ) -> anyhow::Result<Option<IppRequestResponse>> {
        let operation = attributes.first_of(DelimiterTag::OperationAttributes);
        let format = operation.and_then(|operation| operation.get("document-format"));
        let is_pdf = format
            .and_then(|format| format.value().as_mime_media_type())
            .is_some_and(|format| format.as_str() == "application/pdf");
        if !is_pdf || self.temper == Temper::TakesNoPdf {
            return respond(StatusCode::ClientErrorDocumentFormatNotSupported, request).map(Some);
        }
        let job = papers(&self.folder)?.len() + 1;
        // A stop in the middle leaves no paper: half a document in the tray is none.
        let paper = self.folder.join(format!("{job:04}.pdf"));
        let wet = paper.with_extension("wet");
        std::fs::write(&wet, document)?;
        std::fs::rename(&wet, &paper)?;
        if self.temper == Temper::HangsUp {
            return Ok(None);
        }
        described(request, i32::try_from(job)?, JobState::Processing).map(Some)
    }

    fn job(&self, request: i32, attributes: &IppAttributes) -> anyhow::Result<IppRequestResponse> {
        let operation = attributes.first_of(DelimiterTag::OperationAttributes);
        let job = operation
            .and_then(|operation| operation.get("job-id"))
            .and_then(|job| job.value().as_integer())
            .copied()
            .filter(|job| self.folder.join(format!("{job:04}.pdf")).exists());
        match job {
            Some(job) => described(request, job, JobState::Completed),
            None => respond(StatusCode::ClientErrorNotFound, request),
        }
    }
}

fn respond(status: StatusCode, request: i32) -> anyhow::Result<IppRequestResponse> {
    Ok(IppRequestResponse::new_response(
        IppVersion::v1_1(),
        status,
        request,
    )?)
}

fn described(request: i32, job: i32, state: JobState) -> anyhow::Result<IppRequestResponse> {
    let mut answer = respond(StatusCode::SuccessfulOk, request)?;
    for (name, value) in [
        ("job-id", IppValue::Integer(job)),
        ("job-state", IppValue::Enum(state as i32)),
    ] {
        answer
            .attributes_mut()
            .add(DelimiterTag::JobAttributes, IppAttribute::with_name(name, value)?);
    }
    Ok(answer)
}

/// The body of a POST whose length is told.
fn read_request(caller: &TcpStream) -> anyhow::Result<Vec<u8>> {
    const LONGEST_HEAD: u64 = 16 * 1024;
    const LONGEST_BODY: u64 = 256 * 1024 * 1024;
    let mut caller = BufReader::new(caller);
    let mut head = Vec::new();
    while !head.ends_with(b"\r\n\r\n") {
        if (&mut caller).take(LONGEST_HEAD).read_until(b'\n', &mut head)? == 0
            || head.len() as u64 > LONGEST_HEAD
        {
            bail!("the caller sent no request");
        }
    }
    let mut headers = [httparse::EMPTY_HEADER; 32];
    let mut request = httparse::Request::new(&mut headers);
    request.parse(&head)?;
    let length = request
        .headers
        .iter()
        .find(|header| header.name.eq_ignore_ascii_case("content-length"))
        .context("the caller does not tell the length")?;
    let length: u64 = std::str::from_utf8(length.value)?.trim().parse()?;
    let mut body = Vec::new();
    caller.take(length.min(LONGEST_BODY)).read_to_end(&mut body)?;
    if body.len() as u64 != length {
        bail!("the caller hung up in the middle of a request");
    }
    Ok(body)
}
