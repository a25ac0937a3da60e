//! What the camera signed of itself, for people and as data: stretches without a recording, triggers, whose it was.

use domain::footage::{CameraEvent, CameraSaid, GapCause, TriggerCause, VideoCheck};
use evidence::report::Claims;
use serde::Serialize;

use crate::json::utc;
use crate::text::{civil, line};
use crate::words::Language;

/// One event; what does not apply is absent.
#[derive(Serialize)]
pub(crate) struct EventLine {
    counter: u64,
    at: String,
    kind: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    cause: Option<&'static str>,
    /// Of a gap.
    #[serde(skip_serializing_if = "Option::is_none")]
    from: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    until: Option<String>,
    /// Of a trigger.
    #[serde(skip_serializing_if = "Option::is_none")]
    trigger: Option<u64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    clip: Option<String>,
    /// Milliseconds at the beginning of the recording that the buffer held before the trigger.
    #[serde(skip_serializing_if = "Option::is_none")]
    buffered_ms: Option<u32>,
    /// Of an assignment; absent where the camera is nobody's.
    #[serde(skip_serializing_if = "Option::is_none")]
    to: Option<String>,
}

impl EventLine {
    pub(crate) fn of(event: &CameraEvent) -> Self {
        let empty = Self {
            counter: event.counter,
            at: utc(event.at),
            kind: "gap",
            cause: None,
            from: None,
            until: None,
            trigger: None,
            clip: None,
            buffered_ms: None,
            to: None,
        };
        match &event.said {
            CameraSaid::Gap(gap) => Self {
                cause: Some(gap.cause.code()),
                from: Some(utc(gap.from)),
                until: Some(utc(gap.until)),
                ..empty
            },
            CameraSaid::Began {
                clip,
                trigger,
                buffered_ms,
            } => Self {
                kind: "began",
                cause: Some(trigger.cause.code()),
                trigger: trigger.counter,
                clip: Some(clip.to_string()),
                buffered_ms: Some(*buffered_ms),
                ..empty
            },
            CameraSaid::Passed(trigger) => Self {
                kind: "passed",
                cause: Some(trigger.cause.code()),
                trigger: trigger.counter,
                ..empty
            },
            CameraSaid::Assigned { to, .. } => Self {
                kind: "assigned",
                to: to.as_ref().map(ToString::to_string),
                ..empty
            },
        }
    }
}

/// The lines about a camera's events, its assignment, and the signatures inside its video.
pub(crate) fn describe(text: &mut String, claims: &Claims, offset_min: i16, language: Language) {
    let footage = claims.footage.as_ref();
    if let Some(to) = footage.and_then(|footage| footage.assigned.as_ref()) {
        let label = language.pick("caméra attribuée à", "camera assigned to");
        line(text, &format!("{label} {to}"));
    }
    match footage.and_then(|footage| footage.video) {
        Some(VideoCheck::Held { signatures, frames }) => {
            let label = language.pick(
                "signatures dans la vidéo, vues par le terminal",
                "signatures inside the video, seen by the terminal",
            );
            let of = language.pick("images", "pictures");
            line(text, &format!("{label} : {signatures} ({frames} {of})"));
        }
        Some(VideoCheck::NotChecked) => line(
            text,
            language.pick(
                "signatures dans la vidéo : non vues par le terminal",
                "signatures inside the video: not seen by the terminal",
            ),
        ),
        None => {}
    }
    for event in &claims.events {
        line(text, &said(event, offset_min, language));
    }
}

fn said(event: &CameraEvent, offset_min: i16, language: Language) -> String {
    let counter = event.counter;
    let at = civil(event.at, offset_min);
    match &event.said {
        CameraSaid::Gap(gap) => {
            let nothing = language.pick("rien d'enregistré", "nothing was recorded");
            let (from, until) = (civil(gap.from, offset_min), civil(gap.until, offset_min));
            let cause = gap_cause(gap.cause, language);
            format!("[{counter}] {nothing} : {from} – {until} ({cause})")
        }
        CameraSaid::Began {
            trigger, buffered_ms, ..
        } => {
            let began = language.pick("enregistrement déclenché", "recording begun");
            let cause = trigger_cause(trigger.cause, language);
            let number = numbered(trigger.counter);
            let before = language.pick(
                "dont tampon avant déclenchement",
                "of which buffer before the trigger",
            );
            let (seconds, tenths) = (buffered_ms / 1000, buffered_ms % 1000 / 100);
            format!("[{counter}] {began} {at} ({cause}{number}), {before} : {seconds},{tenths} s")
        }
        CameraSaid::Passed(trigger) => {
            let passed = language.pick("déclenchement sans effet", "trigger without effect");
            let cause = trigger_cause(trigger.cause, language);
            format!("[{counter}] {passed} {at} ({cause}{})", numbered(trigger.counter))
        }
        CameraSaid::Assigned { to: Some(to), .. } => {
            let assigned = language.pick("attribuée", "assigned");
            format!("[{counter}] {assigned} {at} : {to}")
        }
        CameraSaid::Assigned { to: None, .. } => {
            let returned = language.pick("rendue", "returned");
            format!("[{counter}] {returned} {at}")
        }
    }
}

fn numbered(counter: Option<u64>) -> String {
    counter.map(|counter| format!(" {counter}")).unwrap_or_default()
}

const fn gap_cause(cause: GapCause, language: Language) -> &'static str {
    match cause {
        GapCause::Full => language.pick("mémoire pleine", "storage full"),
        GapCause::BatteryEmpty => language.pick("batterie vide", "battery empty"),
        GapCause::Restarted => language.pick("redémarrage", "restart"),
        GapCause::ClockJumped => language.pick("saut d'horloge", "clock jump"),
    }
}

const fn trigger_cause(cause: TriggerCause, language: Language) -> &'static str {
    match cause {
        TriggerCause::Button => language.pick("bouton", "button"),
        TriggerCause::VehicleLights => language.pick("gyrophare du véhicule", "lights of the vehicle"),
        TriggerCause::Holster => language.pick("arme sortie de l'étui", "weapon out of its holster"),
        TriggerCause::Colleague => language.pick("caméra d'un collègue", "camera of a colleague"),
        TriggerCause::Terminal => language.pick("terminal", "terminal"),
    }
}
