//! Checks without network: the lists on the terminal are asked where no file answers, and what they say is never more
//! than "perhaps".

use std::collections::BTreeSet;
use std::sync::Arc;

use domain::dialogue::{HotlistAge, HotlistLine, ListLine};
use domain::draft::{Draft, Field};
use domain::hotlist::{DocumentNumber, HOURLY, HotlistChanges, STALE, Sought, Standing, Subject, TOO_OLD};
use domain::journal::Operation;
use domain::vehicle::Plate;
use domain::{ActId, Sensitive, Timestamp};
use sync::wire::v1::SealedHotlistKey;
use trust::hotlist::{Filters, HotlistKey};
use trust::seal;

use super::unlock::OpenDesk;
use crate::engine::Engine;
use crate::store::StoreError;

/// The longest key with its seal's header, in bytes.
const MAX_KEY: usize = 64;

/// The lists in use.
#[derive(Default)]
pub(crate) struct Hotlists {
    filters: Option<Arc<Filters>>,
    changes: Option<Arc<HotlistChanges>>,
    /// Opened for the first question, and dropped by a lock.
    key: Option<(u64, HotlistKey)>,
}

impl Hotlists {
    pub(crate) fn follow(&mut self, filters: Arc<Filters>) {
        self.filters = Some(filters);
        self.key = None;
    }

    pub(crate) fn follow_changes(&mut self, changes: Arc<HotlistChanges>) {
        self.changes = Some(changes);
    }

    pub(crate) fn drop_key(&mut self) {
        self.key = None;
    }
}

impl Engine {
    /// Asks the lists of `subjects` about the vehicle and the document of `draft`, and shows what they say.
    pub(crate) fn ask_lists(
        &mut self,
        draft: ActId,
        subjects: &BTreeSet<Subject>,
        motive: &Sensitive<String>,
    ) -> Result<(), StoreError> {
        if subjects.is_empty() {
            return Ok(());
        }
        let Some(desk) = self.desk() else { return Ok(()) };
        let Some(form) = desk.store.draft(draft)? else {
            return Ok(());
        };
        let asked = sought(&form, self.now).into_iter();
        for (sought, about) in asked.filter(|(sought, _)| subjects.contains(&sought.subject())) {
            let standing = self.ask_list(draft, &sought, motive)?;
            let line = ListLine {
                subject: sought.subject(),
                about: Sensitive::new(about),
                standing,
            };
            if let Some(desk) = self.desk() {
                let lines = desk.lists.entry(draft).or_default();
                lines.retain(|known| known.subject != line.subject);
                lines.push(line);
            }
        }
        self.stale.draft = true;
        Ok(())
    }

    fn ask_list(
        &mut self,
        act: ActId,
        sought: &Sought,
        motive: &Sensitive<String>,
    ) -> Result<Standing, StoreError> {
        let now = self.now;
        let Some(filters) = self.hotlists.filters.clone() else {
            return Ok(Standing::NoList);
        };
        let Some(digest) = self.list_digest(filters.epoch(), sought)? else {
            return Ok(Standing::NoList);
        };
        if self.device.count_hotlist_question(now.utc)? > HOURLY {
            tracing::warn!("too many questions to the lists in this hour");
            return Ok(Standing::TooMany);
        }
        let changes = self.hotlists.changes.clone();
        let (subject, as_of) = (sought.subject(), filters.as_of(changes.as_deref()));
        let digests = self
            .keyed_for_journal(&sought.key())
            .and_then(|term| Ok((term, self.keyed_for_journal(motive.reveal().as_bytes())?)));
        let (term, motive) = match digests {
            Ok(digests) => digests,
            Err(error) => {
                tracing::error!(
                    error = &error as &dyn std::error::Error,
                    "the lists were not asked"
                );
                return Ok(Standing::NoList);
            }
        };
        let operation = Operation::ConsultedList {
            subject,
            term,
            motive,
            as_of,
            act,
        };
        self.device.log(now, self.officer_id(), operation)?;
        Ok(filters.look_up(changes.as_deref(), subject, digest, now.utc))
    }

    /// The digest of `sought` under the key of `epoch`; none without the key.
    fn list_digest(&mut self, epoch: u64, sought: &Sought) -> Result<Option<u64>, StoreError> {
        if self.hotlists.key.as_ref().is_none_or(|(of, _)| *of != epoch) {
            let Some(sealed) = self.device.hotlist_key(epoch)? else {
                return Ok(None);
            };
            let key = seal::open(self.keys.identity(), &sealed, MAX_KEY)
                .ok()
                .and_then(|key| HotlistKey::from_slice(&key));
            let Some(key) = key else {
                tracing::error!(epoch, "the key of a list does not open");
                return Ok(None);
            };
            self.hotlists.key = Some((epoch, key));
        }
        Ok(self.hotlists.key.as_ref().map(|(_, key)| key.digest(sought)))
    }

    /// HQ's key to a list that is here or on its way.
    pub(crate) fn hotlist_key_given(&mut self, given: &SealedHotlistKey) -> Result<(), StoreError> {
        let is_ours = given.device == self.enrolment.terminal.device
            && given.epoch > self.device.newest_hotlist_key()?
            && !self.is_revoked(&self.anchors.device);
        if is_ours {
            self.device.keep_hotlist_key(given.epoch, &given.sealed)?;
            tracing::info!(epoch = given.epoch, "a key to the lists was taken");
        }
        Ok(())
    }

    /// What the screen says of the lists.
    pub(crate) fn hotlist_line(&self) -> Option<HotlistLine> {
        let filters = self.hotlists.filters.as_ref()?;
        let as_of = filters.as_of(self.hotlists.changes.as_deref());
        let age = match self.now.utc.0.saturating_sub(as_of.0) {
            age if age > TOO_OLD => HotlistAge::TooOld,
            age if age > STALE => HotlistAge::Stale,
            _ => HotlistAge::Fresh,
        };
        Some(HotlistLine { as_of, age })
    }
}

/// What the lists said of another vehicle or document is not what they say of the draft as it is now.
pub(crate) fn drop_lists_about_others(desk: &mut OpenDesk, after: &Draft, now: Timestamp) {
    if let Some(lines) = desk.lists.get_mut(&after.id) {
        let asked = sought(after, now);
        lines.retain(|line| asked.iter().any(|(_, about)| about == line.about.reveal()));
    }
}

/// What the lists can be asked of a draft, with the text that the officer sees.
fn sought(form: &Draft, now: Timestamp) -> Vec<(Sought, String)> {
    let vehicle =
        Plate::read(form.text(Field::Plate)).map(|plate| (Sought::Vehicle(plate.clone()), plate.to_string()));
    let number = form
        .document(now)
        .and_then(Result::ok)
        .and_then(|document| DocumentNumber::parse(document.number.reveal()))
        .map(|number| (Sought::Document(number.clone()), number.as_str().to_owned()));
    vehicle.ok().into_iter().chain(number).collect()
}
