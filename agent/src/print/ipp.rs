//! The four questions that a printer is asked, and what its answers mean (RFC 8011).

use std::io::Cursor;

use domain::printing::{PrintFailure, PrinterAddress, PrinterTrouble};
use ipp::operation::{CancelJob, GetJobAttributes, GetPrinterAttributes, IppOperation, PrintJob};
use ipp::parser::{IppParseError, IppParser};
// Whole: the trait that numbers become states by is exported without a name.
use ipp::prelude::*;
use ipp::reader::IppReader;

use super::{Obstacle, Progress, Sent};

/// Signed documents are printed as they are, in the one format that they have.
const FORMAT: &str = "application/pdf";
/// What printers show as the owner of a job; nobody's name leaves the terminal for that.
const USER: &str = "NEO";
/// What a printer is asked about itself.
const ABOUT: [&str; 6] = [
    "printer-info",
    "printer-make-and-model",
    "printer-state",
    "printer-state-reasons",
    "printer-is-accepting-jobs",
    "document-format-supported",
];

/// The bytes of a request; the document of [`print_job`] follows them.
type Request = Result<Vec<u8>, IppParseError>;

pub(super) fn about(printer: &PrinterAddress) -> Request {
    Ok(bytes(GetPrinterAttributes::with_attributes(uri(printer), ABOUT)?))
}

/// All of a Print-Job but the document.
pub(super) fn print_job(printer: &PrinterAddress, title: &str) -> Request {
    let nothing = IppPayload::empty();
    Ok(bytes(PrintJob::new(
        uri(printer),
        nothing,
        Some(USER),
        Some(title),
        Some(FORMAT),
    )?))
}

pub(super) fn job_attributes(printer: &PrinterAddress, job: u32) -> Request {
    Ok(bytes(GetJobAttributes::new(
        uri(printer),
        job.cast_signed(),
        Some(USER),
    )?))
}

pub(super) fn cancel_job(printer: &PrinterAddress, job: u32) -> Request {
    Ok(bytes(CancelJob::new(
        uri(printer),
        job.cast_signed(),
        Some(USER),
    )?))
}

fn uri(printer: &PrinterAddress) -> Uri {
    // A `PrinterAddress` has no character that a URI has not.
    printer.to_string().parse().unwrap_or_default()
}

fn bytes(operation: impl IppOperation) -> Vec<u8> {
    operation.into_ipp_request().to_bytes().to_vec()
}

/// What a printer says of itself.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct About {
    pub(super) name: String,
    /// Why it cannot print a PDF now.
    pub(super) obstacle: Option<Obstacle>,
}

/// Reads the answer to [`about`].
pub(super) fn read_about(answer: &[u8]) -> Result<About, Obstacle> {
    let answer = parse(answer)?;
    if let Some(obstacle) = refusal(status(&answer)) {
        return Err(obstacle);
    }
    let Some(printer) = group(answer.attributes(), DelimiterTag::PrinterAttributes) else {
        return Err(Obstacle::Lasting(PrintFailure::NotAPrinter));
    };
    let name = ["printer-info", "printer-make-and-model"]
        .into_iter()
        .filter_map(|name| text(printer, name))
        .find(|text| !text.is_empty());
    Ok(About {
        name: name.unwrap_or_default(),
        obstacle: obstacle(printer),
    })
}

fn obstacle(printer: &[IppAttribute]) -> Option<Obstacle> {
    let takes_pdf = values(printer, "document-format-supported").any(|value| {
        value
            .as_mime_media_type()
            .is_some_and(|format| format.as_str().eq_ignore_ascii_case(FORMAT))
    });
    let state = values(printer, "printer-state").find_map(IppValue::as_enum);
    let is_stopped = state.copied().and_then(PrinterState::from_i32) == Some(PrinterState::Stopped);
    let refuses =
        values(printer, "printer-is-accepting-jobs").any(|value| value.as_boolean() == Some(&false));
    if !takes_pdf {
        Some(Obstacle::Lasting(PrintFailure::NoPdf))
    } else if is_stopped {
        Some(Obstacle::Passing(PrinterTrouble::NeedsAttention))
    } else if refuses {
        Some(Obstacle::Passing(PrinterTrouble::Busy))
    } else {
        None
    }
}

/// Reads the answer to a Print-Job.
pub(super) fn read_sent(answer: &[u8]) -> Sent {
    let Ok(answer) = parse(answer) else {
        // It took the document and does not answer as a printer does.
        return Sent::Unanswered;
    };
    if let Some(obstacle) = refusal(status(&answer)) {
        return Sent::NotTaken(obstacle);
    }
    let job = group(answer.attributes(), DelimiterTag::JobAttributes);
    let number = job.and_then(|job| values(job, "job-id").find_map(IppValue::as_integer).copied());
    match job.zip(number.and_then(|number| u32::try_from(number).ok())) {
        Some((attributes, job)) => Sent::Taken {
            job,
            progress: progress(attributes),
        },
        None => Sent::Unanswered,
    }
}

/// Reads the answer to [`job_attributes`].
pub(super) fn read_progress(answer: &[u8]) -> Progress {
    let Ok(answer) = parse(answer) else {
        return Progress::Unknown;
    };
    match refusal(status(&answer)) {
        None => {}
        Some(Obstacle::Passing(trouble)) => return Progress::UnderWay(Some(trouble)),
        // A printer may forget a job that is over (RFC 8011 §5.3.7.1), whichever way it ended.
        Some(Obstacle::Lasting(_)) => return Progress::Unknown,
    }
    group(answer.attributes(), DelimiterTag::JobAttributes).map_or(Progress::Unknown, progress)
}

/// Whether a Cancel-Job leaves nothing to be printed.
pub(super) fn is_cancelled(answer: &[u8]) -> bool {
    use StatusCode::{ClientErrorGone, ClientErrorNotFound, ClientErrorNotPossible};
    parse(answer).is_ok_and(|answer| {
        let status = status(&answer);
        let is_over = matches!(
            status,
            ClientErrorNotPossible | ClientErrorNotFound | ClientErrorGone
        );
        status.is_success() || is_over
    })
}

fn progress(job: &[IppAttribute]) -> Progress {
    let reasons = || values(job, "job-state-reasons").filter_map(IppValue::as_keyword);
    let state = values(job, "job-state").find_map(IppValue::as_enum);
    match state.copied().and_then(JobState::from_i32) {
        Some(JobState::Pending | JobState::Processing) => {
            let stopped = reasons().any(|reason| reason.as_str() == "printer-stopped");
            Progress::UnderWay(stopped.then_some(PrinterTrouble::NeedsAttention))
        }
        Some(JobState::PendingHeld | JobState::ProcessingStopped) => {
            Progress::UnderWay(Some(PrinterTrouble::NeedsAttention))
        }
        Some(JobState::Completed) => {
            let flawed = reasons().any(|reason| reason.as_str() == "job-completed-with-errors");
            if flawed { Progress::Unknown } else { Progress::Done }
        }
        Some(JobState::Canceled) => Progress::Failed(PrintFailure::CancelledThere),
        Some(JobState::Aborted) => Progress::Failed(PrintFailure::Aborted),
        None => Progress::Unknown,
    }
}

/// What an unsuccessful status means for a document; none for a success.
fn refusal(status: StatusCode) -> Option<Obstacle> {
    Some(match status {
        StatusCode::SuccessfulOk
        | StatusCode::SuccessfulOkIgnoredOrSubstitutedAttributes
        | StatusCode::SuccessfulOkConflictingAttributes => return None,
        StatusCode::ServerErrorServiceUnavailable
        | StatusCode::ServerErrorTemporaryError
        | StatusCode::ServerErrorNotAcceptingJobs
        | StatusCode::ServerErrorBusy
        | StatusCode::ClientErrorTimeout => Obstacle::Passing(PrinterTrouble::Busy),
        StatusCode::ServerErrorDeviceError => Obstacle::Passing(PrinterTrouble::NeedsAttention),
        StatusCode::ClientErrorForbidden
        | StatusCode::ClientErrorNotAuthenticated
        | StatusCode::ClientErrorNotAuthorized => Obstacle::Lasting(PrintFailure::Protected),
        StatusCode::ClientErrorNotFound | StatusCode::ClientErrorGone => {
            Obstacle::Lasting(PrintFailure::NotAPrinter)
        }
        StatusCode::ClientErrorDocumentFormatNotSupported => Obstacle::Lasting(PrintFailure::NoPdf),
        StatusCode::ClientErrorBadRequest
        | StatusCode::ClientErrorNotPossible
        | StatusCode::ClientErrorRequestEntityTooLong
        | StatusCode::ClientErrorRequestValueTooLong
        | StatusCode::ClientErrorAttributesOrValuesNotSupported
        | StatusCode::ClientErrorUriSchemeNotSupported
        | StatusCode::ClientErrorCharsetNotSupported
        | StatusCode::ClientErrorConflictingAttributes
        | StatusCode::ClientErrorCompressionNotSupported
        | StatusCode::ClientErrorCompressionError
        | StatusCode::ClientErrorDocumentFormatError
        | StatusCode::ClientErrorDocumentAccessError
        | StatusCode::ServerErrorInternalError
        | StatusCode::ServerErrorOperationNotSupported
        | StatusCode::ServerErrorVersionNotSupported
        | StatusCode::ServerErrorJobCanceled
        | StatusCode::ServerErrorMultipleDocumentJobsNotSupported
        | StatusCode::UnknownStatusCode => Obstacle::Lasting(PrintFailure::Refused),
    })
}

fn parse(answer: &[u8]) -> Result<IppRequestResponse, Obstacle> {
    IppParser::new(IppReader::new(Cursor::new(answer.to_vec())))
        .parse()
        .map_err(|_| Obstacle::Lasting(PrintFailure::NotAPrinter))
}

fn status(answer: &IppRequestResponse) -> StatusCode {
    answer.header().status_code()
}

fn group(attributes: &IppAttributes, tag: DelimiterTag) -> Option<&[IppAttribute]> {
    attributes.first_of(tag).map(IppAttributeGroup::attributes)
}

/// The values of an attribute, one or several.
fn values<'a>(group: &'a [IppAttribute], name: &'a str) -> impl Iterator<Item = &'a IppValue> {
    group
        .iter()
        .filter(move |attribute| attribute.name().as_str() == name)
        .flat_map(|attribute| attribute.value().into_iter())
}

/// A text that a person may read on screen: what a printer says is not trusted further.
fn text(group: &[IppAttribute], name: &str) -> Option<String> {
    const LONGEST: usize = 60;
    values(group, name).next().map(|value| {
        let text = if let IppValue::TextWithLanguage { text, .. } = value {
            text.to_string()
        } else {
            value.to_string()
        };
        // A line feed is layout, and every other character that is not what it looks like is unprintable.
        let is_seen = |c: &char| *c != '\n' && documents::unprintable(c.encode_utf8(&mut [0; 4])).is_none();
        let shown: String = text.chars().filter(is_seen).take(LONGEST).collect();
        shown.trim().to_owned()
    })
}
