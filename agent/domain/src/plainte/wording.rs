//! What a sheet for somebody's hands says, in one language.
//!
//! The words are `data/<sheet>/<tag>.txt`, one entry a line. They are read when this crate is compiled, so that a file
//! which lacks an entry is no program.

/// The sheet of one language. An entry of several lines says one thing on each.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Wording {
    /// The day of the wording.
    pub version: &'static str,
    pub title: &'static str,
    /// What stands under the title: of rights, the article that they are from.
    pub under: &'static str,
    pub intro: &'static str,
    /// The rights in the order of their article, or the numbers to call.
    pub items: &'static [&'static str],
    /// What follows them: of a victim's rights, the phrase that acknowledges the notice.
    pub closing: &'static str,
    /// That the French text prevails; of the French sheet, what it says of every other.
    pub courtesy: &'static str,
}

impl Wording {
    /// The lines of an entry.
    pub fn lines(entry: &'static str) -> impl Iterator<Item = &'static str> {
        entry.lines().map(str::trim)
    }

    /// Every entry in the order of reading.
    pub fn entries(&self) -> impl Iterator<Item = &'static str> + use<> {
        let before = [self.title, self.under, self.intro];
        let after = [self.closing, self.courtesy];
        let items = self.items.iter().copied();
        before.into_iter().chain(items).chain(after)
    }
}

/// A file with `N` items, as it is read.
pub(crate) struct WordingFile<const N: usize> {
    pub(crate) version: &'static str,
    pub(crate) title: &'static str,
    pub(crate) under: &'static str,
    pub(crate) intro: &'static str,
    pub(crate) items: [&'static str; N],
    pub(crate) closing: &'static str,
    pub(crate) courtesy: &'static str,
}

impl<const N: usize> WordingFile<N> {
    pub(crate) const fn read(file: &'static str) -> Self {
        let mut rest = file;
        let version = entry(&mut rest, b"version");
        let title = entry(&mut rest, b"title");
        let under = entry(&mut rest, b"under");
        let intro = entry(&mut rest, b"intro");
        let mut items = [""; N];
        let mut at = 0;
        while at < N {
            items[at] = entry(&mut rest, figures(at + 1).as_slice());
            at += 1;
        }
        let closing = entry(&mut rest, b"closing");
        let courtesy = entry(&mut rest, b"courtesy");
        assert!(rest.is_empty(), "nothing follows the last entry");
        Self {
            version,
            title,
            under,
            intro,
            items,
            closing,
            courtesy,
        }
    }
}

/// The words of a sheet with this many items, in a language of [`super::Language`].
macro_rules! wording {
    ($items:literal, $folder:literal, $language:expr) => {
        $crate::plainte::wording::wording!(
            $items, $folder, $language,
            French "fr", EasyFrench "fr-simple", English "en", Arabic "ar", Spanish "es", Portuguese "pt",
            Italian "it", German "de", Romanian "ro", Russian "ru", Ukrainian "uk", Turkish "tr", Chinese "zh",
            Polish "pl"
        )
    };
    ($items:literal, $folder:literal, $language:expr, $($name:ident $tag:literal),+) => {
        match $language {
            $($crate::plainte::Language::$name => {
                const FILE: $crate::plainte::wording::WordingFile<$items> =
                    $crate::plainte::wording::WordingFile::read(include_str!(concat!("../../data/", $folder, "/", $tag, ".txt")));
                const ITEMS: &[&str] = &FILE.items;
                const WORDING: $crate::plainte::Wording = $crate::plainte::Wording {
                    version: FILE.version,
                    title: FILE.title,
                    under: FILE.under,
                    intro: FILE.intro,
                    items: ITEMS,
                    closing: FILE.closing,
                    courtesy: FILE.courtesy,
                };
                &WORDING
            })+
        }
    };
}
pub(crate) use wording;

/// A number below a hundred in figures.
const fn figures(number: usize) -> Figures {
    assert!(number < 100, "a sheet has fewer than a hundred items");
    const FIGURES: &[u8; 10] = b"0123456789";
    Figures {
        figures: [FIGURES[number / 10], FIGURES[number % 10]],
        from: if number < 10 { 1 } else { 0 },
    }
}

struct Figures {
    figures: [u8; 2],
    from: usize,
}

impl Figures {
    const fn as_slice(&self) -> &[u8] {
        self.figures.split_at(self.from).1
    }
}

/// Takes the entry `key` from the front of `rest`: `key: text`, with lines that begin with a space added to it.
const fn entry(rest: &mut &'static str, key: &[u8]) -> &'static str {
    let bytes = rest.as_bytes();
    let mut end = 0;
    while end < bytes.len() {
        if bytes[end] == b'\n' && (end + 1 == bytes.len() || bytes[end + 1] != b' ') {
            break;
        }
        end += 1;
    }
    assert!(end < bytes.len(), "an entry ends with a line feed");
    let (entry, after) = rest.split_at(end);
    *rest = after.split_at(1).1;
    let (name, value) = entry.split_at(key.len());
    let name = name.as_bytes();
    let mut at = 0;
    while at < key.len() {
        assert!(name[at] == key[at], "another entry is due here");
        at += 1;
    }
    let (colon, value) = value.split_at(1);
    assert!(
        colon.as_bytes()[0] == b':',
        "a colon follows the name of an entry"
    );
    let value = value.trim_ascii();
    assert!(!value.is_empty(), "an entry says something");
    value
}
