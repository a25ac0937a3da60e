//! What the tools of every distribution say about a PDF.

use std::io::Write;
use std::process::{Command, Stdio};
use std::thread;

use documents::{Enclosures, Hands, recepisse, render};
use domain::hand::Signer;
use domain::natinf::ReferenceSet;
use domain::record::Record;

use crate::enclosed::{footer, photos, pictures, under_rights};

/// The act as it is signed, with everything that it encloses.
pub(crate) fn act(record: &Record) -> Vec<u8> {
    let (photos, pictures) = (photos(record), pictures(record));
    drawn(record, &photos, Hands::Drawn(&pictures))
}

/// The act as it is read before anybody signs it.
pub(crate) fn reading(record: &Record, signers: &[Signer]) -> Vec<u8> {
    drawn(record, &photos(record), Hands::Awaited(signers))
}

fn drawn(record: &Record, photos: &[(String, Vec<u8>)], hands: Hands<'_>) -> Vec<u8> {
    let footer = footer();
    let rights = under_rights(record);
    let enclosures = Enclosures {
        photos,
        hands,
        rights: rights.as_deref(),
        footer: Some(&footer),
    };
    let document = render(record, &ReferenceSet::embedded(), &enclosures);
    document.unwrap().unwrap()
}

pub(crate) fn receipt(record: &Record) -> Vec<u8> {
    recepisse(record, &ReferenceSet::embedded(), Some(&footer())).unwrap()
}

/// The text of every page in reading order, each run of blanks as one space.
pub(crate) fn text(pdf: &[u8]) -> String {
    words(&raw_text(pdf))
}

/// One text per page.
pub(crate) fn pages(pdf: &[u8]) -> Vec<String> {
    raw_text(pdf).split_terminator('\u{c}').map(words).collect()
}

/// Every visible character in order, without the blanks that the layout decides.
pub(crate) fn letters(text: &str) -> String {
    text.chars().filter(|c| !c.is_whitespace()).collect()
}

pub(crate) fn words(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Panics with qpdf's own words unless the file is sound.
pub(crate) fn assert_sound(pdf: &[u8]) {
    let mut file = tempfile::NamedTempFile::new().unwrap();
    file.write_all(pdf).unwrap();
    run("qpdf", &["--check", file.path().to_str().unwrap()], &[]);
}

fn raw_text(pdf: &[u8]) -> String {
    String::from_utf8(run("pdftotext", &["-raw", "-", "-"], pdf)).unwrap()
}

fn run(tool: &str, arguments: &[&str], input: &[u8]) -> Vec<u8> {
    let child = Command::new(tool)
        .args(arguments)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn();
    let mut child = child.unwrap_or_else(|error| {
        panic!("`{tool}` does not start ({error}): install the packages qpdf and poppler-utils")
    });
    let mut stdin = child.stdin.take().unwrap();
    let bytes = input.to_vec();
    let feeder = thread::spawn(move || stdin.write_all(&bytes));
    let output = child.wait_with_output().unwrap();
    feeder.join().unwrap().unwrap();
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{tool}: {said}");
    output.stdout
}

/// Width and height in pixels of every picture in the file.
pub(crate) fn images(pdf: &[u8]) -> Vec<(u32, u32)> {
    let mut file = tempfile::NamedTempFile::new().unwrap();
    file.write_all(pdf).unwrap();
    let list = run("pdfimages", &["-list", file.path().to_str().unwrap()], &[]);
    let list = String::from_utf8(list).unwrap();
    let sizes = list.lines().skip(2).map(|line| {
        let columns: Vec<&str> = line.split_whitespace().collect();
        (columns[3].parse().unwrap(), columns[4].parse().unwrap())
    });
    sizes.collect()
}

/// Width and height of the pages, in points.
pub(crate) fn paper(pdf: &[u8]) -> String {
    let said = String::from_utf8(run("pdfinfo", &["-"], pdf)).unwrap();
    let size = said.lines().find_map(|line| line.strip_prefix("Page size:"));
    words(size.unwrap())
}

/// How far right any word reaches, in points.
pub(crate) fn right_edge(pdf: &[u8]) -> f64 {
    let boxes = String::from_utf8(run("pdftotext", &["-bbox", "-", "-"], pdf)).unwrap();
    let edges = boxes
        .split("<word ")
        .filter_map(|word| word.split_once("xMax=\"")?.1.split('"').next()?.parse().ok());
    edges.fold(0.0, f64::max)
}
