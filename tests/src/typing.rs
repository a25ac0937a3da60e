//! What the typist of the kill tests types, and what must be in the draft however its terminal died.

use anyhow::{Context, ensure};
use domain::dialogue::{DraftView, Intent};
use domain::draft::Field;
use domain::photo::Picture;
use domain::record::ActKind;
use domain::{ActId, Digest};
use simulator::picture::picture;

/// What is typed without a pause.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stream {
    /// An account that begins empty.
    Words,
    /// The same, once [`PASTED`] words stand in it.
    Pages,
    /// An account, with a photograph now and then.
    Photographs,
    /// Corrections of an act that was read.
    Renvois,
}

/// About 200 000 characters.
pub const PASTED: u32 = 28_600;

/// One photograph for so many words.
const WORDS_A_PHOTOGRAPH: u32 = 8;

/// As many renvois as an act takes.
const RENVOIS: u32 = 50;

/// A hearing of a witness: read, because somebody signs it by hand.
const HEARING: &[(Field, &str)] = &[
    (Field::PvKind, "AUDITION"),
    (Field::PvFrame, "FLAGRANCE"),
    (Field::Subject, "Audition de témoin"),
    (Field::Place, "12 rue des Lilas, Saint-Denis"),
    (Field::Surname, "MARTIN"),
    (Field::BirthDate, "03/02/1979"),
    (Field::HeardAs, "TEMOIN"),
    (Field::Account, "Q : Qu'avez-vous vu ?\nR : Une voiture."),
];

impl Stream {
    pub const ALL: [Self; 4] = [Self::Words, Self::Pages, Self::Photographs, Self::Renvois];

    pub fn parse(text: &str) -> anyhow::Result<Self> {
        let named = Self::ALL.into_iter().find(|one| one.name() == text);
        named.with_context(|| format!("`{text}` is nothing to type"))
    }

    pub const fn name(self) -> &'static str {
        match self {
            Self::Words => "words",
            Self::Pages => "pages",
            Self::Photographs => "photographs",
            Self::Renvois => "renvois",
        }
    }

    pub const fn kind(self) -> ActKind {
        match self {
            Self::Words | Self::Pages | Self::Renvois => ActKind::Pv,
            Self::Photographs => ActKind::Pve,
        }
    }

    /// What stands in the draft before the stream.
    pub fn form(self) -> impl Iterator<Item = (Field, &'static str)> {
        let form = match self {
            Self::Words | Self::Pages | Self::Photographs => crate::acts::texts(self.kind()),
            Self::Renvois => HEARING,
        };
        // The account is what the stream writes.
        let streamed = (self != Self::Renvois).then_some(Field::Account);
        form.iter()
            .copied()
            .filter(move |(field, _)| Some(*field) != streamed)
    }

    /// The `n`-th thing typed, from 1; none once an act takes no more.
    pub fn nth(self, draft: ActId, n: u32) -> Option<Intent> {
        match self {
            Self::Words | Self::Pages | Self::Photographs => Some(Intent::Fill {
                draft,
                field: Field::Account,
                text: account(n),
            }),
            Self::Renvois if n <= RENVOIS => Some(Intent::AddRenvoi {
                draft,
                place: format!("ligne {n}"),
                text: word(n),
            }),
            Self::Renvois => None,
        }
    }

    /// Whether a photograph is taken at the `n`-th word.
    pub fn takes(self, n: u32) -> bool {
        self == Self::Photographs && n.is_multiple_of(WORDS_A_PHOTOGRAPH)
    }

    /// The photograph of the `n`-th word.
    pub fn photograph(self, n: u32) -> Option<Picture> {
        self.takes(n).then(|| picture(u64::from(n), &photograph_name(n)))
    }

    /// How many of the things typed the draft on screen holds: all of them up to one, and nothing else.
    pub fn held(self, view: &DraftView) -> anyhow::Result<u32> {
        if self == Self::Renvois {
            let renvois = view.reading.iter().flat_map(|reading| &reading.renvois);
            let mut held = 0;
            for renvoi in renvois {
                held += 1;
                ensure!(
                    *renvoi.text.reveal() == word(held),
                    "renvoi {held} is not the one that was typed"
                );
            }
            return Ok(held);
        }
        let text = view.texts.iter().find(|line| line.field == Field::Account);
        let text = text.map_or("", |line| line.text.reveal());
        let Some(last) = text.split(' ').next_back().filter(|last| !last.is_empty()) else {
            return Ok(0);
        };
        let held = last.parse().context("the account does not end with a word")?;
        ensure!(text == account(held), "the account of {held} words has a hole");
        Ok(held)
    }

    /// The photographs of the draft on screen, by the word at which each was taken.
    pub fn photographs(self, view: &DraftView) -> anyhow::Result<Vec<u32>> {
        let mut taken = Vec::new();
        for line in &view.photos {
            let n = taken_at(&line.name).with_context(|| format!("nobody took `{}`", line.name))?;
            let picture = self
                .photograph(n)
                .with_context(|| format!("no photograph was taken at word {n}"))?;
            ensure!(
                line.sha256 == Digest::of(&picture.0),
                "photograph {n} is another picture"
            );
            taken.push(n);
        }
        Ok(taken)
    }
}

fn word(n: u32) -> String {
    format!("{n:06}")
}

fn account(words: u32) -> String {
    (1..=words).map(word).collect::<Vec<_>>().join(" ")
}

/// The name under which the photograph of the `n`-th word is given.
pub fn photograph_name(n: u32) -> String {
    format!("vue-{n}")
}

/// The word at which the photograph of this name was taken.
pub fn taken_at(name: &str) -> Option<u32> {
    name.strip_prefix("vue-")?.strip_suffix(".png")?.parse().ok()
}

/// What the typist says of the `n`-th thing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mark {
    /// It is handed to the terminal.
    Typed,
    /// The screen says that it is saved.
    Saved,
    /// The photograph of this word is on screen.
    Kept,
}

/// The line of a mark at this moment of the device's clock, in milliseconds.
pub fn line(mark: Mark, n: u32, at: u64) -> String {
    format!("{mark:?} {n} {at}")
}

/// Reads such a line; one that the kill cut short says nothing.
pub fn marked(line: &str) -> Option<(Mark, u32, u64)> {
    let mut words = line.split(' ');
    let name = words.next()?;
    let mark = [Mark::Typed, Mark::Saved, Mark::Kept]
        .into_iter()
        .find(|mark| format!("{mark:?}") == name)?;
    Some((mark, words.next()?.parse().ok()?, words.next()?.parse().ok()?))
}
