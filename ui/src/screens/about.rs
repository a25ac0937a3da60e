//! About: the configuration in force, and why a later one is not.

use domain::dialogue::{HomeView, HotlistAge};
use domain::profile::ProfileRefusal;
use drawn::{AboutAdapter, App, ConfigurationRefusal};
use slint::ComponentHandle;

use crate::moment;

pub(super) fn show(app: &App, view: &HomeView) {
    let about = app.global::<AboutAdapter<'_>>();
    let profile = view.profile.as_ref();
    about.set_profile(profile.map_or("", |profile| profile.name.as_str()).into());
    if let Some(profile) = profile {
        about.set_version(profile.serial.to_string().into());
        about.set_issued(moment::at(profile.issued, view.offset_min));
    }
    about.set_has_revocations(view.revocations.is_some());
    if let Some(revocations) = view.revocations {
        about.set_revocations(moment::at(revocations.made, view.offset_min));
    }
    about.set_has_trust_list(view.trust_list.is_some());
    if let Some(list) = view.trust_list {
        about.set_trust_list(moment::at(list.issued, view.offset_min));
        about.set_trust_list_outdated(list.is_outdated);
    }
    about.set_has_hotlist(view.hotlist.is_some());
    if let Some(list) = view.hotlist {
        about.set_hotlist(moment::at(list.as_of, view.offset_min));
        about.set_hotlist_age(age(list.age));
    }
    let persons = view.persons.as_ref();
    about.set_persons_text(persons.map_or("", |persons| persons.text.as_str()).into());
    about
        .set_persons_until(persons.map_or_else(Default::default, |persons| persons.until.to_string().into()));
    let list = persons.and_then(|persons| persons.list);
    about.set_has_persons(list.is_some());
    if let Some(list) = list {
        about.set_persons(moment::at(list.as_of, view.offset_min));
        about.set_persons_age(age(list.age));
    }
    about.set_refusal(match view.profile_refused {
        None => ConfigurationRefusal::None,
        Some(ProfileRefusal::Untrusted) => ConfigurationRefusal::Untrusted,
        Some(ProfileRefusal::Unreadable) => ConfigurationRefusal::Unreadable,
        Some(ProfileRefusal::Mismatch) => ConfigurationRefusal::Mismatch,
    });
}

const fn age(age: HotlistAge) -> drawn::HotlistAge {
    match age {
        HotlistAge::Fresh => drawn::HotlistAge::Fresh,
        HotlistAge::Stale => drawn::HotlistAge::Stale,
        HotlistAge::TooOld => drawn::HotlistAge::TooOld,
    }
}
