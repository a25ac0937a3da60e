//! Recordings that were taken in, and what is said of them.

use std::rc::Rc;

use domain::delivery::Delivery;
use domain::dialogue::{DeliveryLine, HomeView, Intent, RecordingLine, Wish};
use domain::footage::custody::Category;
use domain::record::ActKind;
use domain::{ActId, ClipId, Sensitive};
use drawn::{
    App, BookmarkRow, ClipCategory, ClipReminder, LinkRow, LinkableRow, Navigation, RecordingRow,
    RecordingsAdapter, Refusal, Screen, ServiceAdapter,
};
use slint::ComponentHandle;

use super::{Intents, model};
use crate::moment;

/// Acts that are offered for a link.
const OFFERED: usize = 12;

pub(super) fn connect(app: &App, intents: &Intents) {
    let recordings = app.global::<RecordingsAdapter<'_>>();
    let sink = Rc::clone(intents);
    recordings.on_classify(move |clip, category| {
        if let Some(category) = category_of(category) {
            say(&sink, &clip, Wish::Category(category));
        }
    });
    let sink = Rc::clone(intents);
    recordings.on_note(move |clip, text| say(&sink, &clip, Wish::Note(Sensitive::new(text.into()))));
    let sink = Rc::clone(intents);
    recordings.on_bookmark(move |clip, at| say(&sink, &clip, Wish::Bookmark(at.into())));
    let sink = Rc::clone(intents);
    recordings.on_link(move |clip, act| {
        if let Ok(act) = act.parse::<ActId>() {
            say(&sink, &clip, Wish::Link(act));
        }
    });
    let sink = Rc::clone(intents);
    recordings.on_group(move |clip| say(&sink, &clip, Wish::Group));
    let sink = Rc::clone(intents);
    recordings.on_hold(move |clip, procedure| say(&sink, &clip, Wish::Hold(procedure.into())));
    let sink = Rc::clone(intents);
    recordings.on_withdraw(move |clip, place| {
        if let Ok(place) = u32::try_from(place) {
            say(&sink, &clip, Wish::Withdraw(place));
        }
    });
    let sink = Rc::clone(intents);
    recordings.on_leave_unlinked(move || sink(Intent::LeaveUnlinked));
}

fn say(sink: &Intents, clip: &str, said: Wish) {
    if let Ok(clip) = clip.parse::<ClipId>() {
        sink(Intent::SayOfRecording { clip, said });
    }
}

pub(super) fn show(app: &App, view: &HomeView) {
    let recordings = app.global::<RecordingsAdapter<'_>>();
    let rows: Vec<RecordingRow> = view
        .recordings
        .iter()
        .map(|line| row(line, &view.recordings, view.offset_min))
        .collect();
    let loose = view.recordings.iter().filter(|line| line.category.is_none());
    let unclassified = i32::try_from(loose.count()).unwrap_or(i32::MAX);
    recordings.set_unclassified(unclassified);
    app.global::<ServiceAdapter<'_>>().set_unclassified(unclassified);
    let first = rows.iter().find(|row| row.category == ClipCategory::None);
    recordings.set_first_unclassified(first.cloned().unwrap_or_default());
    let navigation = app.global::<Navigation<'_>>();
    let open = recordings.get_open().clip;
    match rows.iter().find(|row| row.clip == open) {
        Some(row) => recordings.set_open(row.clone()),
        None => {
            recordings.set_open(RecordingRow::default());
            if navigation.get_screen() == Screen::Recording {
                navigation.set_screen(Screen::Camera);
            }
        }
    }
    let offer = view.link_offer.as_ref();
    recordings.set_offered(
        offer
            .map(|offer| offer.act.to_string().into())
            .unwrap_or_default(),
    );
    if let Some(offer) = offer {
        recordings.set_offered_kind(offer.kind.into());
        recordings.set_offered_number(offer.number.to_string().into());
        let named = |clip: &ClipId| rows.iter().find(|row| row.clip == clip.to_string().as_str());
        let offered: Vec<RecordingRow> = offer.clips.iter().filter_map(named).cloned().collect();
        recordings.set_offered_recordings(model(offered));
    }
    let reminded = rows.iter().filter(|row| row.reminder != ClipReminder::None);
    recordings.set_reminders(model(reminded.cloned().collect::<Vec<_>>()));
    recordings.set_recordings(model(rows));
}

/// The acts that a recording may belong to.
pub(super) fn show_acts(app: &App, lines: &[DeliveryLine]) {
    let linkable = |line: &&DeliveryLine| {
        let kept = match line.delivery {
            Delivery::Waiting { .. } | Delivery::Received { .. } => true,
            Delivery::Refused { .. } => false,
        };
        kept && matches!(
            line.kind,
            ActKind::Pv | ActKind::Pve | ActKind::Afd | ActKind::Plainte
        )
    };
    let acts = lines.iter().rev().filter(linkable).filter_map(|line| {
        Some(LinkableRow {
            act: line.act.to_string().into(),
            kind: line.kind.into(),
            number: line.number?.to_string().into(),
        })
    });
    app.global::<RecordingsAdapter<'_>>()
        .set_acts(model(acts.take(OFFERED)));
}

fn row(line: &RecordingLine, all: &[RecordingLine], offset_min: i16) -> RecordingRow {
    let of_group = all.iter().filter(|other| other.incident == line.incident).count();
    RecordingRow {
        clip: line.clip.to_string().into(),
        started: moment::at(line.started, offset_min),
        minutes: (line.seconds / 60).to_string().into(),
        seconds: format!("{:02}", line.seconds % 60).into(),
        until: moment::at(line.until, offset_min),
        category: line.category.map_or(ClipCategory::None, ClipCategory::from),
        note: line
            .note
            .as_ref()
            .map(|note| note.reveal().into())
            .unwrap_or_default(),
        bookmarks: model(line.bookmarks.iter().map(|mark| BookmarkRow {
            place: i32::try_from(mark.place).unwrap_or(0),
            at: format!("{}:{:02}", mark.second / 60, mark.second % 60).into(),
        })),
        links: model(line.links.iter().map(|linked| LinkRow {
            place: i32::try_from(linked.place).unwrap_or(0),
            kind: linked.kind.into(),
            number: linked.number.to_string().into(),
        })),
        hold: line.hold.as_deref().unwrap_or_default().into(),
        first: line.incident == line.clip,
        of_group: i32::try_from(of_group).unwrap_or(i32::MAX),
        grouped: line.grouped,
        waiting: i32::try_from(line.waiting).unwrap_or(i32::MAX),
        refusal: line.refused.map_or(Refusal::None, Refusal::from),
        reminder: line.reminder.map_or(ClipReminder::None, ClipReminder::from),
        received: line.received,
    }
}

fn category_of(drawn: ClipCategory) -> Option<Category> {
    Category::ALL
        .into_iter()
        .find(|one| ClipCategory::from(*one) == drawn)
}

pub(super) fn forget(app: &App) {
    let recordings = app.global::<RecordingsAdapter<'_>>();
    recordings.set_recordings(model([]));
    recordings.set_reminders(model([]));
    recordings.set_offered_recordings(model([]));
    recordings.set_offered("".into());
    recordings.set_open(RecordingRow::default());
    recordings.set_first_unclassified(RecordingRow::default());
}
