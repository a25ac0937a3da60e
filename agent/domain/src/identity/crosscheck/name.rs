//! Names as documents write them: whole with their accents, or in the capitals of a zone that has cut them.

use std::collections::BTreeSet;

use minicbor::{Decode, Encode};

use super::{Likeness, Limit};
use crate::sensitive::Sensitive;

/// A longer text is no name, in characters.
const LONGEST: usize = 200;

/// How many spellings of one name are tried; letters beyond them are written by their base letter.
const MOST_SPELLINGS: usize = 64;

/// Words that part a name from another of the same person.
const PARTING: [&str; 8] = ["EPOUSE", "EPOUX", "EP", "NEE", "NE", "VEUVE", "VVE", "USAGE"];

/// A surname or given names.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct Name {
    #[n(0)]
    text: Sensitive<String>,
    /// The source had no room for more, or may have had none.
    #[n(1)]
    cut: bool,
    /// Other names of the same person in the same source.
    #[cbor(n(2), default, skip_if = "Vec::is_empty")]
    also: Vec<Sensitive<String>>,
}

/// One way to write a name: its words in the capitals A to Z.
type Spelling = Vec<String>;

impl Name {
    /// None of a text without a letter that a zone could write, or with one that it could not.
    pub fn read(text: &str) -> Option<Self> {
        spellings(text)?;
        Some(Self {
            text: text.trim().into(),
            cut: false,
            also: Vec::new(),
        })
    }

    /// The same name, cut at its end.
    #[must_use]
    pub fn cut(mut self) -> Self {
        self.cut = true;
        self
    }

    /// The same name with another of the same person; what cannot be read is left out.
    #[must_use]
    pub fn also(mut self, other: &str) -> Self {
        if spellings(other).is_some() {
            self.also.push(other.trim().into());
        }
        self
    }

    pub(super) fn shown(&self) -> &str {
        self.text.reveal()
    }

    /// `in_order`: given names, of which a source may give the first ones alone.
    pub(super) fn likeness(&self, other: &Self, in_order: bool) -> Likeness {
        let (mine, others) = (self.names(), other.names());
        let as_written = alike((self.shown(), self.cut), (other.shown(), other.cut), in_order);
        if !matches!(as_written, Likeness::Different(_)) || in_order {
            return as_written;
        }
        let is_another = mine.iter().any(|one| {
            let found = |another: &String| {
                !matches!(
                    alike((one, self.cut), (another, other.cut), false),
                    Likeness::Different(_)
                )
            };
            others.iter().any(found)
        });
        if is_another {
            Likeness::as_far([Limit::OtherName])
        } else {
            Likeness::Different(Vec::new())
        }
    }

    /// Each name that the source gives the person, the name as written first.
    fn names(&self) -> Vec<String> {
        let mut names = vec![self.shown().to_owned()];
        for text in std::iter::once(&self.text).chain(&self.also) {
            let words = text.reveal().split_whitespace().map(str::to_owned);
            let mut part: Vec<String> = Vec::new();
            for word in words.chain([PARTING[0].to_owned()]) {
                let folded = spellings(&word).and_then(|all| all.into_iter().next());
                if folded.is_some_and(|one| PARTING.contains(&one.concat().as_str())) {
                    if !part.is_empty() {
                        names.push(part.join(" "));
                    }
                    part.clear();
                } else {
                    part.push(word);
                }
            }
        }
        names
    }
}

/// Two names as written, each with whether it is cut.
fn alike((one, one_cut): (&str, bool), (other, other_cut): (&str, bool), in_order: bool) -> Likeness {
    let (Some(ones), Some(others)) = (spellings(one), spellings(other)) else {
        return Likeness::Different(Vec::new());
    };
    let any = |holds: &dyn Fn(&Spelling, &Spelling) -> bool| {
        ones.iter()
            .any(|one| others.iter().any(|other| holds(one, other)))
    };
    let mut limits = Vec::new();
    let is_cut = one_cut || other_cut;
    let is_equal = any(&|one, other| one.concat() == other.concat());
    if !is_equal {
        let is_beginning =
            any(&|one, other| (one_cut && is_cut_from(one, other)) || (other_cut && is_cut_from(other, one)));
        let is_fewer = in_order && any(&|one, other| one.starts_with(other) || other.starts_with(one));
        if is_beginning {
            limits.push(Limit::Truncated);
        } else if is_fewer {
            limits.push(Limit::FewerNames);
        } else {
            return Likeness::Different(Vec::new());
        }
    } else if is_cut {
        limits.push(Limit::Truncated);
    }
    let (one, other) = (capitals(one), capitals(other));
    if is_equal && one != other {
        if joined(&one) != joined(&other) {
            limits.push(Limit::Transliterated);
        }
        if parted(&one) != parted(&other) {
            limits.push(Limit::Separators);
        }
    }
    if limits.is_empty() {
        Likeness::Same
    } else {
        Likeness::AsFar(limits)
    }
}

/// Whether `cut` is what a zone leaves of `whole`: its beginning, or the beginnings of its first words (ICAO 9303-4 §4.2.3).
fn is_cut_from(cut: &Spelling, whole: &Spelling) -> bool {
    whole.concat().starts_with(&cut.concat())
        || (cut.len() <= whole.len()
            && cut
                .iter()
                .zip(whole)
                .all(|(cut, whole)| whole.starts_with(cut.as_str())))
}

fn capitals(text: &str) -> String {
    text.trim().chars().flat_map(char::to_uppercase).collect()
}

fn joined(text: &str) -> String {
    text.chars()
        .filter(|character| character.is_alphabetic() || is_mark(*character))
        .collect()
}

/// Where the words of a text end, counted in letters.
fn parted(text: &str) -> Vec<(usize, char)> {
    let mut letters = 0;
    let mut ends = Vec::new();
    for character in text.chars() {
        if character.is_alphabetic() {
            letters += 1;
        } else if !is_mark(character) {
            ends.push((letters, if character == '<' { ' ' } else { character }));
        }
    }
    ends
}

/// Every way in which a zone may write `text`; none where it has a letter that no zone writes, or no letter at all.
fn spellings(text: &str) -> Option<BTreeSet<Spelling>> {
    if text.chars().count() > LONGEST {
        return None;
    }
    let mut ways: Vec<String> = vec![String::new()];
    for character in capitals(text).chars().filter(|character| !is_mark(*character)) {
        let written = written(character)?;
        let written = if ways.len() * written.len() > MOST_SPELLINGS {
            &written[..1]
        } else {
            written
        };
        ways = ways
            .iter()
            .flat_map(|way| written.iter().map(move |letters| format!("{way}{letters}")))
            .collect();
    }
    let words = |way: &String| -> Spelling { way.split_whitespace().map(str::to_owned).collect() };
    let ways: BTreeSet<Spelling> = ways.iter().map(words).filter(|way| !way.is_empty()).collect();
    (!ways.is_empty()).then_some(ways)
}

/// The words of a name as the simplest zone writes them, by base letters; none where it has a letter that no zone writes,
/// or no letter at all.
pub(crate) fn zone_words(text: &str) -> Option<Vec<String>> {
    if text.chars().count() > LONGEST {
        return None;
    }
    let mut plain = String::new();
    for character in capitals(text).chars().filter(|character| !is_mark(*character)) {
        plain.push_str(written(character)?[0]);
    }
    let words: Vec<String> = plain.split_whitespace().map(str::to_owned).collect();
    (!words.is_empty()).then_some(words)
}

/// An accent that stands behind its letter.
const fn is_mark(character: char) -> bool {
    matches!(character, '\u{300}'..='\u{36f}')
}

/// How a zone writes an upper-case character, the base letter first (ICAO 9303-3 §6, table A).
fn written(character: char) -> Option<&'static [&'static str]> {
    const ASCII: &str = "ABCDEFGHIJKLMNOPQRSTUVWXYZ";
    const LETTERS: [&[&str]; 26] = [
        &["A"],
        &["B"],
        &["C"],
        &["D"],
        &["E"],
        &["F"],
        &["G"],
        &["H"],
        &["I"],
        &["J"],
        &["K"],
        &["L"],
        &["M"],
        &["N"],
        &["O"],
        &["P"],
        &["Q"],
        &["R"],
        &["S"],
        &["T"],
        &["U"],
        &["V"],
        &["W"],
        &["X"],
        &["Y"],
        &["Z"],
    ];
    if let Some(at) = ASCII.find(character) {
        return Some(LETTERS[at]);
    }
    Some(match character {
        'À' | 'Á' | 'Â' | 'Ã' | 'Ă' | 'Ā' | 'Ą' => &["A"],
        'Ä' => &["A", "AE"],
        'Å' => &["A", "AA"],
        'Æ' => &["AE"],
        'Ç' | 'Ć' | 'Ĉ' | 'Ċ' | 'Č' => &["C"],
        'Ð' | 'Ď' | 'Đ' => &["D"],
        'È' | 'É' | 'Ê' | 'Ë' | 'Ē' | 'Ĕ' | 'Ė' | 'Ę' | 'Ě' => &["E"],
        'Ĝ' | 'Ğ' | 'Ġ' | 'Ģ' => &["G"],
        'Ĥ' | 'Ħ' => &["H"],
        'Ì' | 'Í' | 'Î' | 'Ï' | 'Ĩ' | 'Ī' | 'Ĭ' | 'Į' | 'İ' => &["I"],
        'Ĳ' => &["IJ"],
        'Ĵ' => &["J"],
        'Ķ' => &["K"],
        'Ĺ' | 'Ļ' | 'Ľ' | 'Ŀ' | 'Ł' => &["L"],
        'Ñ' => &["N", "NXX"],
        'Ń' | 'Ņ' | 'Ň' | 'Ŋ' => &["N"],
        'Ò' | 'Ó' | 'Ô' | 'Õ' | 'Ō' | 'Ŏ' | 'Ő' => &["O"],
        'Ö' | 'Ø' => &["O", "OE"],
        'Œ' => &["OE"],
        'Ŕ' | 'Ŗ' | 'Ř' => &["R"],
        'Ś' | 'Ŝ' | 'Ş' | 'Š' | 'Ș' => &["S"],
        'ẞ' => &["SS"],
        'Ţ' | 'Ť' | 'Ŧ' | 'Ț' => &["T"],
        'Þ' => &["TH"],
        'Ù' | 'Ú' | 'Û' | 'Ũ' | 'Ū' | 'Ŭ' | 'Ů' | 'Ű' | 'Ų' => &["U"],
        'Ü' => &["U", "UE", "UXX"],
        'Ŵ' | 'Ẁ' | 'Ẃ' | 'Ẅ' => &["W"],
        'Ý' | 'Ŷ' | 'Ÿ' | 'Ỳ' => &["Y"],
        'Ź' | 'Ż' | 'Ž' => &["Z"],
        // ICAO 9303-3 §4.6: an apostrophe and a full stop are left out, what parts words is a filler.
        '\'' | '’' | '‘' | 'ʼ' | '.' => &["", " "],
        '-' | '‐' | '‑' | '–' | ' ' | '\u{a0}' | '\u{202f}' | '<' | ',' | '/' => &[" "],
        _ => return None,
    })
}
