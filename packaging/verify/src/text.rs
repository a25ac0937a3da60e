//! The report for people: every question with its answer, what was not looked at, and the outcome last.

use std::fmt::Write as _;

use domain::UnixMs;
use evidence::report::{Claims, Report, Verdict};

use crate::events;
use crate::json::{frames, map, moment};
use crate::video::{self, duration};
use crate::words::Language;

/// The whole report, ending with a line feed.
pub(crate) fn render(report: &Report, language: Language) -> String {
    let mut text = format!("{}\n", language.subject(report.subject));
    claims(&mut text, &report.claims, language);
    text.push('\n');
    for check in &report.checks {
        let mark = language.verdict(&check.verdict);
        line(
            &mut text,
            &format!("{mark:<13} {}", language.question(check.question)),
        );
        if let Verdict::Failed(faults) = &check.verdict {
            for fault in faults {
                let at = frames(fault).and_then(|(first, _)| moment(&report.claims, first));
                let at = at.map(|at| format!(" ({})", duration(at))).unwrap_or_default();
                line(&mut text, &format!("{:<13} - {}{at}", "", language.fault(fault)));
            }
        }
    }
    if !report.limits.is_empty() {
        write!(
            text,
            "\n{}\n",
            language.pick(
                "Ce que cette vérification ne dit pas :",
                "What this check does not tell:"
            )
        )
        .expect("writing to a string cannot fail");
        for limit in &report.limits {
            line(&mut text, &format!("- {}", language.limit(*limit)));
        }
    }
    let outcome = report.outcome();
    write!(
        text,
        "\n{} ({})\n",
        language.outcome(outcome),
        outcome.exit_code()
    )
    .expect("writing to a string cannot fail");
    text
}

fn claims(text: &mut String, claims: &Claims, language: Language) {
    let offset_min = claims
        .record
        .as_ref()
        .map_or(0, |record| record.signed_at.offset_min);
    if let Some(record) = &claims.record {
        let number = record
            .number
            .map(|number| format!(" {number}"))
            .unwrap_or_default();
        line(
            text,
            &format!("{}{number}, {}", language.kind(record.kind), record.act),
        );
        let signed = language.pick("signé le", "signed");
        let clock = language.pick("heure du terminal", "clock of terminal");
        let at = civil(record.signed_at.utc, offset_min);
        line(text, &format!("{signed} {at} ({clock} {})", record.device));
    }
    if let Some(at) = claims.received_at {
        let received = language.pick("reçu le", "received");
        let clock = language.pick("heure du centre", "headquarters' clock");
        line(text, &format!("{received} {} ({clock})", civil(at, offset_min)));
    }
    if let Some(footage) = &claims.footage {
        let camera = language.pick("caméra", "camera");
        let bytes = language.pick("octets", "bytes");
        line(
            text,
            &format!(
                "{camera} {}, {} {bytes}, SHA-256 {}",
                footage.camera, footage.bytes, footage.whole
            ),
        );
    }
    if let Some(wipe) = &claims.wipe {
        let order = language.pick("ordre", "order");
        line(
            text,
            &format!(
                "terminal {}, {order} {} ({})",
                wipe.device,
                wipe.sequence,
                wipe.command.code()
            ),
        );
        let stated = language.pick("déclaré le", "stated");
        let clock = language.pick("heure du terminal", "clock of the terminal");
        let at = civil(wipe.at.utc, wipe.at.offset_min);
        line(text, &format!("{stated} {at} ({clock})"));
        let destroyed = &wipe.destroyed;
        for (label, count) in [
            (
                language.pick(
                    "agents dont les données sont détruites",
                    "officers whose data is destroyed",
                ),
                destroyed.officers,
            ),
            (
                language.pick(
                    "actes signés gardés pour le centre",
                    "signed acts kept for the headquarters",
                ),
                destroyed.kept,
            ),
            (
                language.pick(
                    "actes signés détruits avant réception",
                    "signed acts destroyed before they were received",
                ),
                destroyed.acts,
            ),
            (
                language.pick("enregistrements détruits", "clips destroyed"),
                destroyed.clips,
            ),
        ] {
            line(text, &format!("{label} : {count}"));
        }
        for approver in &wipe.approvers {
            let label = language.pick("approuvé par", "approved by");
            line(text, &format!("{label} {approver}"));
        }
    }
    events::describe(text, claims, offset_min, language);
    if claims.custody > 0 {
        let label = language.pick("mentions sur l'enregistrement", "statements on the recording");
        line(text, &format!("{label} : {}", claims.custody));
    }
    if let Some(found) = &claims.video {
        video::describe(text, found, language);
    }
    if !claims.map.is_empty() {
        let legend = language.pick(
            "segments (. intact, N altéré, M manquant)",
            "segments (. intact, N changed, M missing)",
        );
        line(text, &format!("{legend} : {}", map(&claims.map)));
    }
}

/// Date and time where the act was drawn up, with the distance to UTC.
pub(crate) fn civil(at: UnixMs, offset_min: i16) -> String {
    let sign = if offset_min < 0 { '-' } else { '+' };
    let (hours, minutes) = (offset_min.unsigned_abs() / 60, offset_min.unsigned_abs() % 60);
    format!(
        "{} UTC{sign}{hours:02}:{minutes:02}",
        at.civil(offset_min).strftime("%d/%m/%Y %H:%M:%S")
    )
}

pub(crate) fn line(text: &mut String, content: &str) {
    writeln!(text, "  {content}").expect("writing to a string cannot fail");
}
