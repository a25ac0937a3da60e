//! What the victim of a scenario brings: files of every kind that a complaint takes, the same for the same words.

use std::fs;

use anyhow::Context;
use domain::dialogue::{DraftView, Intent};
use domain::record::ActKind;
use domain::{ActId, Digest};
use serde::Deserialize;

use super::phone::Phone;
use crate::enrol::Layout;
use crate::picture::picture;

/// One file.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct BroughtFile {
    /// As it is called; what it is, its content says.
    pub name: String,
    pub is: FileKindName,
    /// Of a picture the size is its own.
    #[serde(default)]
    pub kilobytes: usize,
    /// What the officer calls it.
    pub label: Option<String>,
}

#[derive(Debug, Clone, Copy, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum FileKindName {
    Pdf,
    Wav,
    M4a,
    Mp3,
    Ogg,
    Png,
}

/// The content of a file, with its name in clear many times over.
pub fn content(seed: u64, file: &BroughtFile) -> Vec<u8> {
    let head: &[u8] = match file.is {
        FileKindName::Pdf => b"%PDF-1.7\n",
        FileKindName::Wav => b"RIFF\xff\xff\xff\x7fWAVEfmt ",
        FileKindName::M4a => b"\0\0\0\x1cftypM4A \0\0\0\0",
        FileKindName::Mp3 => b"ID3\x04\0\0\0\0\0\0",
        FileKindName::Ogg => b"OggS\0\x02",
        FileKindName::Png => return picture(seed, &file.name).0,
    };
    let mut bytes = head.to_vec();
    let length = file.kilobytes * 1000;
    let mut block = Digest::of(&[&seed.to_be_bytes()[..], file.name.as_bytes()].concat());
    while bytes.len() < length {
        bytes.extend(file.name.as_bytes());
        for _ in 0..64 {
            block = Digest::of(block.as_bytes());
            bytes.extend(block.as_bytes());
        }
    }
    bytes.truncate(length.max(head.len()));
    bytes
}

/// Puts the files where the terminal looks, and has it take them in one by one, unless the act exists.
pub(super) fn attach(
    phone: &mut Phone,
    layout: &Layout,
    seed: u64,
    id: ActId,
    files: &[BroughtFile],
    die: bool,
    what: &str,
) -> anyhow::Result<()> {
    let folder = layout.brought();
    fs::create_dir_all(&folder).context("could not make the folder of what victims bring")?;
    let kind = ActKind::Plainte;
    let mut dies = die;
    for file in files {
        let bytes = content(seed, file);
        let sha256 = Digest::of(&bytes);
        fs::write(folder.join(&file.name), bytes).context("could not write what a victim brings")?;
        let kept = move |draft: &DraftView| {
            draft.photos.iter().any(|photo| photo.sha256 == sha256)
                || draft.pieces.iter().any(|piece| piece.sha256 == sha256)
        };
        phone.until(
            what,
            |phone| {
                phone.intent(Intent::StartDraft { id: Some(id), kind })?;
                phone.intent(Intent::LookAtBrought { draft: id })?;
                phone.intent(Intent::TakeIn {
                    draft: id,
                    name: file.name.clone(),
                })?;
                if std::mem::take(&mut dies) {
                    phone.kill()?;
                }
                Ok(())
            },
            move |board| {
                let draft = board.draft.as_deref().filter(|draft| draft.draft == id);
                board.delivery(id).is_some() || draft.is_some_and(kept)
            },
        )?;
        let Some(label) = &file.label else { continue };
        let said = label.clone();
        phone.until(
            what,
            |phone| {
                phone.intent(Intent::StartDraft { id: Some(id), kind })?;
                phone.intent(Intent::LabelPiece {
                    draft: id,
                    sha256,
                    label: label.clone(),
                })
            },
            move |board| {
                let draft = board.draft.as_deref().filter(|draft| draft.draft == id);
                let labelled =
                    |draft: &DraftView| draft.pieces.iter().any(|piece| piece.label.reveal() == &said);
                board.delivery(id).is_some() || draft.is_some_and(labelled)
            },
        )?;
    }
    Ok(())
}
