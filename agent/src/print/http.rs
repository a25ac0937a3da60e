//! The part of HTTP/1.1 (RFC 9112) that IPP needs: one POST on a connection, and its answer within bounds.

use std::io::{self, BufRead, BufReader, Read};

use domain::printing::PrinterAddress;

/// An answer with more attributes than this is no printer's.
const LONGEST_BODY: u64 = 1024 * 1024;
const LONGEST_HEAD: u64 = 16 * 1024;
const MOST_HEADERS: usize = 64;

/// The final answer to a request.
#[derive(Debug)]
pub(super) struct Response {
    pub(super) status: u16,
    pub(super) body: Vec<u8>,
}

/// Why there is no [`Response`].
#[derive(Debug)]
pub(super) enum Unanswered {
    /// The connection ended or stood still.
    Lost(io::Error),
    /// What came is not HTTP, or goes beyond its bounds.
    NotHttp,
}

impl From<io::Error> for Unanswered {
    fn from(error: io::Error) -> Self {
        if error.kind() == io::ErrorKind::InvalidData {
            Self::NotHttp
        } else {
            Self::Lost(error)
        }
    }
}

/// The head of a request with `length` bytes of body; the answer ends the connection.
pub(super) fn head(printer: &PrinterAddress, length: usize) -> String {
    format!(
        "POST {} HTTP/1.1\r\nHost: {}\r\nContent-Type: application/ipp\r\nContent-Length: {length}\r\n\
         Accept: application/ipp\r\nConnection: close\r\n\r\n",
        printer.path(),
        printer.authority()
    )
}

/// Reads the answer to a request; interim answers (1xx) are passed over.
pub(super) fn read(stream: impl Read) -> Result<Response, Unanswered> {
    let mut stream = BufReader::new(stream);
    loop {
        let head = read_head(&mut stream)?;
        if !(100..200).contains(&head.status) {
            let body = read_body(&mut stream, &head)?;
            return Ok(Response {
                status: head.status,
                body,
            });
        }
    }
}

struct Head {
    status: u16,
    length: Option<u64>,
    is_chunked: bool,
}

fn read_head(stream: &mut impl BufRead) -> Result<Head, Unanswered> {
    let mut text = Vec::new();
    let mut bounded = stream.take(LONGEST_HEAD);
    while !text.ends_with(b"\r\n\r\n") && !text.ends_with(b"\n\n") {
        if bounded.read_until(b'\n', &mut text)? == 0 {
            return Err(match (text.is_empty(), bounded.limit()) {
                (_, 0) => Unanswered::NotHttp,
                _ => Unanswered::Lost(io::ErrorKind::UnexpectedEof.into()),
            });
        }
        // Something that talks and is no HTTP server is told from a connection that ends.
        if !text.starts_with(b"HTTP/") {
            return Err(Unanswered::NotHttp);
        }
    }
    let mut headers = [httparse::EMPTY_HEADER; MOST_HEADERS];
    let mut response = httparse::Response::new(&mut headers);
    let Ok(httparse::Status::Complete(_)) = response.parse(&text) else {
        return Err(Unanswered::NotHttp);
    };
    let value = |name: &str| {
        let header = response
            .headers
            .iter()
            .find(|header| header.name.eq_ignore_ascii_case(name));
        header
            .and_then(|header| std::str::from_utf8(header.value).ok())
            .map(str::trim)
    };
    Ok(Head {
        status: response.code.ok_or(Unanswered::NotHttp)?,
        length: match value("content-length") {
            Some(length) => Some(length.parse().map_err(|_| Unanswered::NotHttp)?),
            None => None,
        },
        is_chunked: value("transfer-encoding").is_some_and(|coding| coding.eq_ignore_ascii_case("chunked")),
    })
}

fn read_body(stream: &mut impl BufRead, head: &Head) -> Result<Vec<u8>, Unanswered> {
    let mut body = Vec::new();
    match head.length {
        _ if head.is_chunked => read_chunks(stream, &mut body)?,
        Some(length) if length > LONGEST_BODY => return Err(Unanswered::NotHttp),
        Some(length) => {
            if stream.take(length).read_to_end(&mut body)? as u64 != length {
                return Err(Unanswered::Lost(io::ErrorKind::UnexpectedEof.into()));
            }
        }
        None => {
            stream.take(LONGEST_BODY + 1).read_to_end(&mut body)?;
        }
    }
    if body.len() as u64 > LONGEST_BODY {
        return Err(Unanswered::NotHttp);
    }
    Ok(body)
}

fn read_chunks(stream: &mut impl BufRead, body: &mut Vec<u8>) -> Result<(), Unanswered> {
    loop {
        let mut line = String::new();
        stream.take(LONGEST_HEAD).read_line(&mut line)?;
        let size = line.split(';').next().unwrap_or_default().trim();
        let size = u64::from_str_radix(size, 16).map_err(|_| Unanswered::NotHttp)?;
        if size == 0 {
            // The connection ends with this answer, and trailers say nothing here.
            return Ok(());
        }
        if body.len() as u64 + size > LONGEST_BODY {
            return Err(Unanswered::NotHttp);
        }
        let before = body.len() as u64;
        stream.take(size).read_to_end(body)?;
        let mut end = String::new();
        stream.take(2).read_line(&mut end)?;
        if body.len() as u64 - before != size || end.trim_end() != "" || end.is_empty() {
            return Err(Unanswered::NotHttp);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn body_of(text: &str) -> (u16, String) {
        let response = read(text.as_bytes()).unwrap();
        (response.status, String::from_utf8(response.body).unwrap())
    }

    #[test]
    fn an_answer_is_read_however_its_length_is_told() {
        let ok = (200, "abcde".to_owned());
        assert_eq!(
            body_of("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nabcdefgh"),
            ok
        );
        assert_eq!(body_of("HTTP/1.0 200 OK\r\n\r\nabcde"), ok);
        assert_eq!(
            body_of(
                "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n3;x=1\r\nabc\r\n2\r\nde\r\n0\r\n\r\n"
            ),
            ok
        );
        assert_eq!(
            body_of("HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nabcde"),
            ok
        );
        assert_eq!(
            body_of("HTTP/1.1 401 No\r\nContent-Length: 0\r\n\r\n"),
            (401, String::new())
        );
    }

    #[test]
    fn what_is_no_answer_is_told_from_one_that_was_cut() {
        let lost = |text: &str| matches!(read(text.as_bytes()), Err(Unanswered::Lost(_)));
        let not_http = |text: &str| matches!(read(text.as_bytes()), Err(Unanswered::NotHttp));
        assert!(lost(""));
        assert!(lost("HTTP/1.1 200 OK\r\nContent-Le"));
        assert!(lost("HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nabc"));
        assert!(not_http("@PJL INFO\r\n"));
        assert!(not_http("HTTP/1.1 200 OK\r\nContent-Length: minus\r\n\r\n"));
        assert!(not_http("HTTP/1.1 200 OK\r\nContent-Length: 99999999\r\n\r\n"));
        assert!(not_http(
            "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nabc\r\n"
        ));
        assert!(not_http(&format!(
            "HTTP/1.1 200 OK\r\n{}",
            "a: b\r\n".repeat(4_000)
        )));
    }
}
