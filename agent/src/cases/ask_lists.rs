//! Checks without network: the lists on the terminal are asked where no file answers, and what they say is never more
//! than "perhaps".

use std::collections::BTreeSet;
use std::sync::Arc;

use domain::dialogue::{HotlistAge, HotlistLine, ListLine};
use domain::draft::{Draft, Field};
use domain::hotlist::{
    Catalogue, DocumentNumber, HOURLY, HotlistChanges, NotSought, Person, STALE, Sought, Standing, Subject,
    TOO_OLD,
};
use domain::journal::Operation;
use domain::vehicle::Plate;
use domain::{ActId, Sensitive, Timestamp};
use sync::wire::v1::{SealedHotlistKey, SetKind};
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
    things: InUse,
    persons: InUse,
    /// Nothing of a list of persons is here or in the store.
    pub(crate) persons_are_gone: bool,
}

/// The lists of one catalogue.
#[derive(Default)]
struct InUse {
    filters: Option<Arc<Filters>>,
    changes: Option<Arc<HotlistChanges>>,
    /// Opened for the first question, and dropped by a lock.
    key: Option<(u64, HotlistKey)>,
}

impl Hotlists {
    const fn of(&self, catalogue: Catalogue) -> &InUse {
        match catalogue {
            Catalogue::Things => &self.things,
            Catalogue::Persons => &self.persons,
        }
    }

    const fn of_mut(&mut self, catalogue: Catalogue) -> &mut InUse {
        match catalogue {
            Catalogue::Things => &mut self.things,
            Catalogue::Persons => &mut self.persons,
        }
    }

    pub(crate) fn follow(&mut self, catalogue: Catalogue, filters: Arc<Filters>) {
        let lists = self.of_mut(catalogue);
        lists.filters = Some(filters);
        lists.key = None;
    }

    pub(crate) fn follow_changes(&mut self, catalogue: Catalogue, changes: Arc<HotlistChanges>) {
        self.of_mut(catalogue).changes = Some(changes);
    }

    pub(crate) fn forget(&mut self, catalogue: Catalogue) {
        *self.of_mut(catalogue) = InUse::default();
    }

    pub(crate) fn drop_keys(&mut self) {
        for catalogue in Catalogue::ALL {
            self.of_mut(catalogue).key = None;
        }
    }
}

/// What a draft has for a list, or why it has not enough.
struct Wanted {
    subject: Subject,
    sought: Result<Sought, NotSought>,
    /// As the officer sees it.
    about: String,
}

impl Engine {
    /// Asks the lists of `subjects` about the vehicle, the document and the person of `draft`, and shows what they say.
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
        for wanted in wanted(&form, self.now) {
            let subject = wanted.subject;
            // A policy may end between a question and the answer that does not come.
            if !subjects.contains(&subject) || !self.takes(SetKind::whole(subject.catalogue())) {
                continue;
            }
            let standing = match wanted.sought {
                Ok(sought) => self.ask_list(draft, &sought, motive)?,
                Err(why) => Standing::NotAsked(why),
            };
            let line = ListLine {
                subject,
                about: Sensitive::new(wanted.about),
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
        let subject = sought.subject();
        let Some(filters) = self.hotlists.of(subject.catalogue()).filters.clone() else {
            return Ok(Standing::NoList);
        };
        let Some(digest) = self.list_digest(filters.epoch(), sought)? else {
            return Ok(Standing::NoList);
        };
        if self.device.count_hotlist_question(now.utc)? > HOURLY {
            tracing::warn!("too many questions to the lists in this hour");
            return Ok(Standing::TooMany);
        }
        let changes = self.hotlists.of(subject.catalogue()).changes.clone();
        let as_of = filters.as_of(changes.as_deref());
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
        let catalogue = sought.subject().catalogue();
        let lists = self.hotlists.of_mut(catalogue);
        if lists.key.as_ref().is_none_or(|(of, _)| *of != epoch) {
            let Some(sealed) = self.device.hotlist_key(catalogue, epoch)? else {
                return Ok(None);
            };
            let key = seal::open(self.keys.identity(), &sealed, MAX_KEY)
                .ok()
                .and_then(|key| HotlistKey::from_slice(&key));
            let Some(key) = key else {
                tracing::error!(epoch, "the key of a list does not open");
                return Ok(None);
            };
            lists.key = Some((epoch, key));
        }
        Ok(lists.key.as_ref().map(|(_, key)| key.digest(sought)))
    }

    /// HQ's key to a list that is here or on its way.
    pub(crate) fn hotlist_key_given(&mut self, given: &SealedHotlistKey) -> Result<(), StoreError> {
        let catalogue = given.catalogue;
        let is_ours = given.device == self.enrolment.terminal.device
            && self.takes(SetKind::whole(catalogue))
            && given.epoch > self.device.newest_hotlist_key(catalogue)?
            && !self.is_revoked(&self.anchors.device);
        if is_ours {
            self.device
                .keep_hotlist_key(catalogue, given.epoch, &given.sealed)?;
            tracing::info!(epoch = given.epoch, "a key to the lists was taken");
        }
        Ok(())
    }

    /// What the screen says of the lists of a catalogue.
    pub(crate) fn hotlist_line(&self, catalogue: Catalogue) -> Option<HotlistLine> {
        let lists = self.hotlists.of(catalogue);
        let as_of = lists.filters.as_ref()?.as_of(lists.changes.as_deref());
        let age = match self.now.utc.0.saturating_sub(as_of.0) {
            age if age > TOO_OLD => HotlistAge::TooOld,
            age if age > STALE => HotlistAge::Stale,
            _ => HotlistAge::Fresh,
        };
        Some(HotlistLine { as_of, age })
    }
}

/// What the lists said of another vehicle, document or person is not what they say of the draft as it is now.
pub(crate) fn drop_lists_about_others(desk: &mut OpenDesk, after: &Draft, now: Timestamp) {
    if let Some(lines) = desk.lists.get_mut(&after.id) {
        let wanted = wanted(after, now);
        let is_same = |line: &ListLine, wanted: &Wanted| {
            let was_asked = !matches!(line.standing, Standing::NotAsked(_));
            wanted.subject == line.subject
                && wanted.about == *line.about.reveal()
                && wanted.sought.is_ok() == was_asked
        };
        lines.retain(|line| wanted.iter().any(|wanted| is_same(line, wanted)));
    }
}

/// What the lists can be asked of a draft.
fn wanted(form: &Draft, now: Timestamp) -> Vec<Wanted> {
    let vehicle = Plate::read(form.text(Field::Plate)).map(|plate| Wanted {
        subject: Subject::Vehicle,
        about: plate.to_string(),
        sought: Ok(Sought::Vehicle(plate)),
    });
    let number = form
        .document(now)
        .and_then(Result::ok)
        .and_then(|document| DocumentNumber::parse(document.number.reveal()))
        .map(|number| Wanted {
            subject: Subject::Document,
            about: number.as_str().to_owned(),
            sought: Ok(Sought::Document(number)),
        });
    let person = form.person(now).map(|person| {
        let (surname, given_names) = (person.surname.reveal(), person.given_names.reveal());
        let born = person.born.as_ref().map(|born| *born.reveal());
        let read = Person::read(surname, given_names, born);
        Wanted {
            subject: Subject::Person,
            about: match &read {
                Ok(person) => person.to_string(),
                Err(_) => format!("{surname} {given_names}").trim().to_owned(),
            },
            sought: read.map(Sought::Person),
        }
    });
    vehicle.ok().into_iter().chain(number).chain(person).collect()
}
