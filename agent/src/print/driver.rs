//! The driver: carries one order to one printer over TCP and says what came of it. It blocks, and runs on a thread of
//! its own.

use std::io::{self, Read, Write};
use std::net::{TcpStream, ToSocketAddrs};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::time::{Duration, Instant};

use domain::printing::{PrintFailure, PrinterAddress, PrinterTrouble};

use super::http::{self, Response, Unanswered};
use super::{Answer, Obstacle, Order, Progress, Sent, ipp};

/// How long a printer is tried to be reached.
const REACH: Duration = Duration::from_secs(5);
/// How long a question may take.
const QUESTION: Duration = Duration::from_secs(15);
/// How long a printer may stand still while it takes a document in: small ones print page by page as it comes.
const STANDSTILL: Duration = Duration::from_secs(90);
const PIECE: usize = 16 * 1024;

/// Carries an order out; a panic inside is an answer like another.
pub fn carry_out(order: Order) -> Answer {
    let lost = order.lost();
    catch_unwind(AssertUnwindSafe(|| talk(order))).unwrap_or(lost)
}

fn talk(order: Order) -> Answer {
    match order {
        Order::Meet(printer) => Answer::Met {
            result: about(&printer).and_then(|about| match about.obstacle {
                Some(obstacle @ Obstacle::Lasting(_)) => Err(obstacle),
                Some(Obstacle::Passing(_)) | None => Ok(about.name),
            }),
            printer,
        },
        Order::Greet(key) => Answer::Greeted {
            result: about(&key.printer).and_then(|about| about.obstacle.map_or(Ok(()), Err)),
            key,
        },
        Order::Send { key, title, pdf } => Answer::Sent {
            sent: send(&key.printer, &title, &pdf),
            key,
        },
        Order::Follow { key, job } => Answer::Followed {
            progress: follow(&key.printer, job),
            key,
        },
        Order::Withdraw { key, job } => Answer::Withdrawn {
            gone: withdraw(&key.printer, job),
            key,
        },
    }
}

fn about(printer: &PrinterAddress) -> Result<ipp::About, Obstacle> {
    let request = ipp::about(printer).map_err(|_| Obstacle::Lasting(PrintFailure::NotAPrinter))?;
    let answer = ask(printer, &request).map_err(obstacle)?;
    accepted(&answer).and_then(ipp::read_about)
}

fn send(printer: &PrinterAddress, title: &str, pdf: &[u8]) -> Sent {
    let Ok(request) = ipp::print_job(printer, title) else {
        return Sent::NotTaken(Obstacle::Lasting(PrintFailure::NotAPrinter));
    };
    let stream = match reach(printer) {
        Ok(stream) => stream,
        Err(error) => {
            tracing::info!(%error, "the printer was not reached");
            return Sent::NotTaken(Obstacle::Passing(PrinterTrouble::Unreachable));
        }
    };
    let mut line = Line::new(&stream, STANDSTILL);
    let head = http::head(printer, request.len() + pdf.len());
    let written = line
        .write_all(head.as_bytes())
        .and_then(|()| line.write_all(&request))
        .and_then(|()| pdf.chunks(PIECE).try_for_each(|piece| line.write_all(piece)));
    if let Err(error) = &written {
        // It may have answered in the middle: a refusal is worth more than a broken connection.
        tracing::info!(%error, "the document did not leave whole");
    }
    match http::read(line) {
        Ok(answer) => match accepted(&answer) {
            Ok(body) => ipp::read_sent(body),
            Err(obstacle) => Sent::NotTaken(obstacle),
        },
        Err(Unanswered::Lost(error)) => {
            tracing::info!(%error, "the printer did not answer for the document");
            Sent::Unanswered
        }
        Err(Unanswered::NotHttp) => Sent::Unanswered,
    }
}

fn follow(printer: &PrinterAddress, job: u32) -> Progress {
    let Ok(request) = ipp::job_attributes(printer, job) else {
        return Progress::Unknown;
    };
    match ask(printer, &request) {
        Ok(answer) => accepted(&answer).map_or(Progress::Unknown, ipp::read_progress),
        Err(Unanswered::Lost(_)) => Progress::UnderWay(Some(PrinterTrouble::Unreachable)),
        Err(Unanswered::NotHttp) => Progress::Unknown,
    }
}

fn withdraw(printer: &PrinterAddress, job: u32) -> bool {
    let Ok(request) = ipp::cancel_job(printer, job) else {
        return false;
    };
    ask(printer, &request).is_ok_and(|answer| accepted(&answer).is_ok_and(ipp::is_cancelled))
}

fn ask(printer: &PrinterAddress, request: &[u8]) -> Result<Response, Unanswered> {
    let stream = reach(printer)?;
    let mut line = Line::new(&stream, QUESTION);
    line.write_all(http::head(printer, request.len()).as_bytes())?;
    line.write_all(request)?;
    http::read(line)
}

fn obstacle(unanswered: Unanswered) -> Obstacle {
    match unanswered {
        Unanswered::Lost(_) => Obstacle::Passing(PrinterTrouble::Unreachable),
        Unanswered::NotHttp => Obstacle::Lasting(PrintFailure::NotAPrinter),
    }
}

/// The body of an answer that IPP is in; every other status means that nothing was done.
fn accepted(answer: &Response) -> Result<&[u8], Obstacle> {
    match answer.status {
        200 => Ok(&answer.body),
        401 | 403 | 407 | 426 => Err(Obstacle::Lasting(PrintFailure::Protected)),
        413 => Err(Obstacle::Lasting(PrintFailure::Refused)),
        408 | 429 | 503 => Err(Obstacle::Passing(PrinterTrouble::Busy)),
        500..600 => Err(Obstacle::Lasting(PrintFailure::Refused)),
        _ => Err(Obstacle::Lasting(PrintFailure::NotAPrinter)),
    }
}

/// Connects to the first of the printer's addresses that answers.
fn reach(printer: &PrinterAddress) -> io::Result<TcpStream> {
    let mut last = io::ErrorKind::NotFound.into();
    for address in (printer.host(), printer.port()).to_socket_addrs()? {
        match TcpStream::connect_timeout(&address, REACH) {
            Ok(stream) => {
                stream.set_nodelay(true)?;
                return Ok(stream);
            }
            Err(error) => last = error,
        }
    }
    Err(last)
}

/// A connection on which the other side may stand still for so long, and answer for so long, but not for ever.
struct Line<'a> {
    stream: &'a TcpStream,
    patience: Duration,
    /// From when the answer is waited for.
    until: Option<Instant>,
}

impl<'a> Line<'a> {
    const fn new(stream: &'a TcpStream, patience: Duration) -> Self {
        Self {
            stream,
            patience,
            until: None,
        }
    }
}

impl Read for Line<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let until = *self.until.get_or_insert_with(|| Instant::now() + self.patience);
        let left = until.saturating_duration_since(Instant::now());
        if left.is_zero() {
            return Err(io::ErrorKind::TimedOut.into());
        }
        self.stream.set_read_timeout(Some(left))?;
        self.stream.read(buffer)
    }
}

impl Write for Line<'_> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.stream.set_write_timeout(Some(self.patience))?;
        self.stream.write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.stream.flush()
    }
}
