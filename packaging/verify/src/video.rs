//! What a report says of a video that came by itself: what it is, the map of its pictures, what is wrong with them.

use evidence::report::VideoClaims;
use evidence::signed_video::Damage;
use trust::maker::PathFault;

use crate::json::frame_map;
use crate::text::{civil, line};
use crate::words::Language;

/// Pictures of the map in one line, and lines of it.
const ROW: usize = 100;
const MAX_ROWS: usize = 60;

/// What a video is, and its map, a hundred pictures a line with the number of the first.
pub(crate) fn describe(text: &mut String, video: &VideoClaims, language: Language) {
    let pictures = language.pick("images", "pictures");
    let (codec, container) = (video.codec.code(), video.container.code());
    line(
        text,
        &format!("{codec}, {container}, {} {pictures}", video.frames),
    );
    if let Some(signer) = &video.signer {
        let by = language.pick("certificat joint au nom de", "certificate inside in the name of");
        line(text, &format!("{by} {signer}"));
    }
    if let Some(device) = &video.device {
        let says = language.pick("la caméra dit d'elle-même", "the camera says of itself");
        line(
            text,
            &format!(
                "{says} : {} {} {}",
                device.manufacturer, device.serial, device.firmware
            ),
        );
    }
    if let Some(clock) = video.clock {
        let (from, to) = (language.pick("du", "from"), language.pick("au", "to"));
        let whose = language.pick(
            "heure annoncée par la caméra",
            "clock of the camera, as it claims",
        );
        line(
            text,
            &format!(
                "{from} {} {to} {} ({whose})",
                civil(clock.started, 0),
                civil(clock.ended, 0)
            ),
        );
    }
    if video.map.is_empty() {
        return;
    }
    let legend = language.pick(
        "images (. intacte, N altérée, ajoutée ou déplacée, M manquante, U non signée, P après la dernière signature)",
        "pictures (. intact, N changed, added or moved, M missing, U unsigned, P behind the last signature)",
    );
    line(text, &format!("{legend} :"));
    for (number, row) in (0..).step_by(ROW).zip(video.map.chunks(ROW)).take(MAX_ROWS) {
        line(text, &format!("{number:>8} {}", frame_map(row)));
    }
    if video.map.len() > ROW * MAX_ROWS {
        line(
            text,
            language.pick(
                "         … la suite est dans le rapport JSON",
                "         … the rest is in the JSON report",
            ),
        );
    }
}

/// Hours, minutes, seconds and milliseconds from the first picture.
pub(crate) fn duration(ms: u64) -> String {
    let (seconds, ms) = (ms / 1000, ms % 1000);
    let (minutes, seconds) = (seconds / 60, seconds % 60);
    format!("{:02}:{:02}:{seconds:02}.{ms:03}", minutes / 60, minutes % 60)
}

/// One finding, in French.
pub(crate) fn french(damage: Damage) -> String {
    let range = damage
        .frames()
        .map(|(first, last)| images(first, last))
        .unwrap_or_default();
    match damage {
        Damage::Modified { .. } => format!("{range} : contenu modifié après la signature"),
        Damage::Moved { .. } => format!("{range} : hors de la place qui a été signée"),
        Damage::Added { .. } => format!("{range} : rien de tel n'a été signé à cette place"),
        Damage::Group { .. } => {
            format!(
                "{range} : modification, ajout ou retrait dans ce passage, la signature ne permet pas de dire où"
            )
        }
        Damage::Missing { before, units } => {
            let slices = counted(units, "tranche d'image signée", "tranches d'image signées");
            format!("avant l'image {before} : il manque {slices}")
        }
        Damage::Unsigned { .. } => format!("{range} : aucune signature ne couvre ce passage"),
        Damage::Pending { .. } => format!("{range} : après la dernière signature, passage non vérifié"),
        Damage::SignatureMissing { before, count } => {
            let signatures = counted(count, "signature", "signatures");
            format!("avant l'image {before} : il manque {signatures}")
        }
        Damage::SignatureWrong { frame } => format!("la signature à l'image {frame} ne tient pas"),
        Damage::SignatureUnreadable { frame } => format!("la signature à l'image {frame} est illisible"),
        Damage::Link { before } => {
            format!("ce qui précède l'image {before} n'est pas ce qui la précédait à la signature")
        }
        Damage::Replayed { frame } => {
            format!("la signature à l'image {frame} reprend une signature antérieure")
        }
        Damage::Joined { frame } => format!("un autre enregistrement commence à l'image {frame}"),
        Damage::SignerChanged { frame } => format!("une autre clé signe à partir de l'image {frame}"),
        Damage::More { more } => counted(more, "autre constat", "autres constats"),
    }
}

fn counted(number: u32, one: &str, several: &str) -> String {
    format!("{number} {}", if number == 1 { one } else { several })
}

fn images(first: u32, last: u32) -> String {
    if first == last {
        format!("image {first}")
    } else {
        format!("images {first} à {last}")
    }
}

pub(crate) const fn french_path(fault: PathFault) -> &'static str {
    match fault {
        PathFault::BadSignature { .. } => "un certificat joint n'est pas signé par l'autorité qu'il nomme",
        PathFault::UnknownIssuer { .. } => "aucune racine de confiance ne mène au certificat joint",
        PathFault::Algorithm { .. } => "un certificat joint est d'un algorithme inconnu ici",
        PathFault::NoAuthority { .. } => "un certificat joint en a signé un autre sans être une autorité",
        PathFault::TooLong => "la chaîne de certificats jointe est trop longue",
    }
}
