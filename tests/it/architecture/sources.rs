//! What the sources say: which words stay out of which folders, how a file opens, what a file is not called.
//!
//! Comments, unit tests and test folders may say anything; what ships may not.

use std::fs;
use std::path::{Path, PathBuf};

use super::{root, verdict};

/// The folders that hold sources.
const FOLDERS: &[&str] = &["agent", "camera", "packaging", "simulator", "sync", "tests", "ui"];

/// Words that stay out of some folders. Paths are prefixes, relative to the root.
struct Absence {
    words: &'static [&'static str],
    from: &'static [&'static str],
    but_in: &'static [&'static str],
    because: &'static str,
}

const ABSENCES: &[Absence] = &[
    Absence {
        words: &[
            "std::fs",
            "std::net",
            "std::env",
            "std::process",
            "std::thread",
            "async fn",
            "SystemTime",
            "Instant::now",
            "Timestamp::now",
            "Zoned::now",
            "TimeZone::system",
        ],
        from: &["agent/domain/src"],
        but_in: &[],
        because: "the domain has no clock, randomness, input, output or async",
    },
    Absence {
        words: &[
            "std::fs",
            "TcpStream",
            "TcpListener",
            "UdpSocket",
            "std::env",
            "std::process",
            "std::thread",
            "SystemTime",
            "Instant::now",
        ],
        from: &[
            "agent/trust/src",
            "agent/documents/src",
            "camera/evidence/src",
            "camera/reader/src",
        ],
        but_in: &[],
        because: "bytes in, verdicts or bytes out",
    },
    Absence {
        words: &[
            "std::fs",
            "TcpStream",
            "TcpListener",
            "UdpSocket",
            "SystemTime",
            "Instant::now",
            "thread_rng",
            "tokio::",
        ],
        from: &[
            "sync/src/session",
            "sync/src/transfer",
            "camera/src/pairing",
            "camera/src/ingest",
            "camera/src/protocol",
        ],
        but_in: &[],
        because: "protocol logic is sans-IO: time and randomness are arguments",
    },
    Absence {
        words: &["rusqlite::", "use rusqlite", "postgres::", "use postgres"],
        from: &["agent", "camera", "packaging", "simulator", "sync", "ui"],
        but_in: &["agent/src/store", "simulator/src/bench", "sync/hq/src/store"],
        because: "one store on the terminal, one at HQ; the bench measures the bare library",
    },
    Absence {
        words: &["slint::", "use slint"],
        from: &["agent", "camera", "packaging", "sync"],
        but_in: &[],
        because: "only `ui` and the simulator's panels draw",
    },
    Absence {
        words: &["tokio::", "use tokio"],
        from: &["agent", "camera", "packaging", "simulator", "sync", "ui"],
        but_in: &["simulator/src/bench", "sync/src/mqtt"],
        because: "only the MQTT driver is asynchronous; the bench measures its library bare",
    },
    Absence {
        words: &["rumqttc::", "use rumqttc"],
        from: &["agent", "camera", "packaging", "simulator", "sync", "ui"],
        but_in: &["simulator/src/bench", "sync/src/mqtt"],
        because: "the MQTT client is behind the driver that neutralises its defects; the bench measures it bare",
    },
    Absence {
        words: &["env::var", "env::args"],
        from: &["agent", "camera", "sync", "ui"],
        but_in: &[
            "agent/src/main.rs",
            "camera/reader/examples/seals/main.rs",
            "camera/reader/examples/zones/main.rs",
            "sync/hq/src/main.rs",
            "ui/drawn/build.rs",
        ],
        because: "only mains read configuration and environment",
    },
    Absence {
        words: &["PRAGMA rekey", "\"rekey\""],
        from: &["agent", "sync"],
        but_in: &[],
        because: "docs/adr/0002-sqlcipher.md: a rekey can destroy the database",
    },
    Absence {
        words: &["ATTACH DATABASE"],
        from: &["agent", "sync"],
        but_in: &["agent/src/store/export.rs"],
        because: "docs/adr/0002-sqlcipher.md: an ATTACH does not commit atomically; a copy that nobody uses yet may be attached",
    },
];

/// Names under which anything could be filed; `service` is absent because a *service* is what an officer takes up.
const NAMELESS: &[&str] = &[
    "util", "utils", "common", "helper", "helpers", "manager", "types", "misc", "stuff",
];

/// Files that their parents declare under `#[cfg(test)]`.
const TEST_FILES: &[&str] = &["tests.rs", "fixture.rs", "interop.rs"];

/// Lines that a newcomer reads at once.
const LONGEST_MAP: usize = 60;

#[test]
fn forbidden_words_stay_out_of_their_folders() {
    let files = rust_files();
    let mut violations = Vec::new();
    let mut looked_at = 0;
    for absence in ABSENCES {
        for file in files.iter().filter(|file| absence.covers(file) && !is_test(file)) {
            looked_at += 1;
            let text = read(file);
            for (number, line) in shipped_lines(&text) {
                for word in absence.words.iter().filter(|word| line.contains(**word)) {
                    violations.push(format!(
                        "{}:{number}: `{word}`: {}",
                        file.display(),
                        absence.because
                    ));
                }
            }
        }
    }
    verdict(looked_at, &violations);
}

#[test]
fn every_source_file_opens_with_its_header() {
    let files = rust_files();
    let violations: Vec<String> = files
        .iter()
        .filter(|file| !read(file).starts_with("//! "))
        .map(|file| format!("{}: does not start with `//! `", file.display()))
        .collect();
    verdict(files.len(), &violations);
}

#[test]
fn no_file_has_a_name_that_could_hold_anything() {
    let files = rust_files();
    let violations: Vec<String> = files
        .iter()
        .filter(|file| {
            file.iter()
                .filter_map(|part| Path::new(part).file_stem())
                .any(|stem| NAMELESS.iter().any(|nameless| stem == *nameless))
        })
        .map(|file| format!("{}: name it after what it holds", file.display()))
        .collect();
    verdict(files.len(), &violations);
}

#[test]
fn the_map_of_the_domain_fits_on_a_screen() {
    let lines = read(Path::new("agent/domain/src/lib.rs")).lines().count();
    assert!(
        lines > 0 && lines <= LONGEST_MAP,
        "agent/domain/src/lib.rs has {lines} lines"
    );
}

#[test]
fn the_slint_attribution_is_on_a_screen() {
    let screens = files_below(Path::new("ui/slint"), "slint");
    let shown = screens.iter().any(|file| read(file).contains("AboutSlint {"));
    assert!(
        shown,
        "none of {} files shows AboutSlint: docs/adr/0003-licence.md",
        screens.len()
    );
}

#[test]
fn every_test_of_the_legal_table_exists() {
    every_named_test_exists("docs/legal-tests.md");
}

#[test]
fn every_test_of_the_threat_table_exists() {
    every_named_test_exists("docs/threat-tests.md");
}

fn every_named_test_exists(document: &str) {
    let table = read(Path::new(document));
    let named: Vec<&str> = table
        .lines()
        .filter(|line| line.starts_with("| "))
        .filter_map(|line| line.rsplit_once("| `")?.1.strip_suffix("` |"))
        .collect();
    let sources: Vec<String> = rust_files().iter().map(|file| read(file)).collect();
    let violations: Vec<String> = named
        .iter()
        .filter(|name| !sources.iter().any(|text| text.contains(&format!("fn {name}("))))
        .map(|name| format!("{document} names `{name}`, which is no test"))
        .collect();
    verdict(named.len(), &violations);
}

impl Absence {
    fn covers(&self, file: &Path) -> bool {
        let starts = |prefixes: &[&str]| {
            file.to_str()
                .is_some_and(|path| prefixes.iter().any(|prefix| path.starts_with(prefix)))
        };
        starts(self.from) && !starts(self.but_in)
    }
}

/// Numbered lines without comments and without unit tests.
fn shipped_lines(text: &str) -> Vec<(usize, &str)> {
    let mut lines = (1..).zip(text.lines());
    let mut shipped = Vec::new();
    while let Some((number, line)) = lines.next() {
        if line == "#[cfg(test)]" {
            // rustfmt closes a block of the outermost level, and nothing else, with a brace in the first column.
            let item = lines.find(|(_, line)| !line.starts_with(['#', ' ', ']', ')']));
            if item.is_some_and(|(_, line)| line.ends_with('{')) {
                lines.find(|(_, line)| *line == "}");
            }
        } else if !line.trim_start().starts_with("//") {
            shipped.push((number, line));
        }
    }
    shipped
}

fn is_test(file: &Path) -> bool {
    file.iter()
        .any(|part| part == "tests" || TEST_FILES.iter().any(|name| part == *name))
}

fn rust_files() -> Vec<PathBuf> {
    FOLDERS
        .iter()
        .flat_map(|folder| files_below(Path::new(folder), "rs"))
        .collect()
}

/// Files with this extension below a folder, as paths relative to the root, in a stable order.
fn files_below(folder: &Path, extension: &str) -> Vec<PathBuf> {
    let mut found = Vec::new();
    let mut waiting = vec![folder.to_owned()];
    while let Some(folder) = waiting.pop() {
        for entry in fs::read_dir(root().join(&folder)).expect("the workspace is readable") {
            let entry = entry.expect("the workspace is readable");
            let path = folder.join(entry.file_name());
            if entry.file_type().expect("the workspace is readable").is_dir() {
                if entry.file_name() != "target" {
                    waiting.push(path);
                }
            } else if path.extension().is_some_and(|is| is == extension) {
                found.push(path);
            }
        }
    }
    found.sort();
    found
}

fn read(file: &Path) -> String {
    fs::read_to_string(root().join(file)).expect("the workspace is readable")
}
