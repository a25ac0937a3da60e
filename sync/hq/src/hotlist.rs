//! Lists of what is sought, from the files to the terminals: a whole list under a key of its own each week, and between
//! them what changed since. Those of persons are built under a policy alone.

use std::collections::{BTreeMap, BTreeSet};

use domain::UnixMs;
use domain::hotlist::{
    Catalogue, Changes, DocumentNumber, Hotlist, HotlistChanges, MAX_CHANGES, Sought, Subject, TOO_OLD,
};
use domain::natinf::ReferenceVersion;
use domain::vehicle::Plate;
use sync::reference::Contents;
use sync::wire::v1::SetKind;
use thiserror::Error;
use trust::hotlist::{HotlistKey, NotBuilt, filter};

use crate::pki::Pki;
use crate::reference::{Publication, PublicationError};
use crate::store::{Epoch, Published, Store, StoreError, Transaction};

mod persons;

pub(crate) use persons::policy_of;
pub use persons::{
    Faults, HEADER, LineFault, Measure, PersonsFault, PersonsSought, policy_in_force, read_persons,
};

/// What is sought, as the files have it at one moment.
#[derive(Debug, Clone, Default)]
pub struct Lists {
    /// How old the data is.
    pub as_of: UnixMs,
    pub vehicles: BTreeSet<Plate>,
    pub documents: BTreeSet<DocumentNumber>,
}

/// Whether what changed is enough.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Extent {
    /// What changed, unless the whole list is a week old or too much changed.
    AsNeeded,
    /// Everything, under a new key.
    Whole,
}

/// What went out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sent {
    pub set: Published,
    /// How many came and went since the whole list; none where it is the whole list.
    pub changed: Option<(u64, u64)>,
}

/// Why no list went out.
#[derive(Debug, Error)]
pub enum HotlistError {
    #[error("cannot build the list")]
    Build(#[from] NotBuilt),
    #[error("cannot publish the list")]
    Publication(#[from] PublicationError),
    #[error("cannot use the HQ store")]
    Store(#[from] StoreError),
    #[error("the data is of {}Z, older than what terminals have ({}Z); take it from the files again", given.civil(0), newest.civil(0))]
    Older { given: UnixMs, newest: UnixMs },
    #[error("the data is of {}Z, in the future; set the clock of this machine", given.civil(0))]
    Future { given: UnixMs },
    #[error("the data is of {}Z: terminals refuse a list older than seven days", given.civil(0))]
    TooOld { given: UnixMs },
    #[error(
        "no profile that is out allows a list of persons today; name its legal text and last day in `[persons_list]` of a form, then `neoctl config push` and `neoctl rollout create`"
    )]
    NoPolicy,
}

/// What one publication is made from.
#[derive(Clone, Copy)]
enum Given<'a> {
    Things(&'a Lists),
    Persons(&'a PersonsSought),
}

impl Given<'_> {
    const fn catalogue(self) -> Catalogue {
        match self {
            Self::Things(_) => Catalogue::Things,
            Self::Persons(_) => Catalogue::Persons,
        }
    }

    const fn as_of(self) -> UnixMs {
        match self {
            Self::Things(lists) => lists.as_of,
            Self::Persons(sought) => sought.as_of,
        }
    }

    /// What a set of it is called, for people.
    const fn name(self) -> &'static str {
        match self {
            Self::Things(_) => "recherches",
            Self::Persons(_) => "personnes",
        }
    }

    fn digests(self, key: &HotlistKey) -> BTreeMap<Subject, Vec<u64>> {
        let subjects = self.catalogue().subjects();
        let mut digests: BTreeMap<Subject, Vec<u64>> =
            subjects.map(|subject| (subject, Vec::new())).collect();
        let mut add = |sought: Sought| {
            let list = digests.entry(sought.subject()).or_default();
            list.push(key.digest(&sought));
        };
        match self {
            Self::Things(lists) => {
                lists
                    .vehicles
                    .iter()
                    .cloned()
                    .map(Sought::Vehicle)
                    .for_each(&mut add);
                lists
                    .documents
                    .iter()
                    .cloned()
                    .map(Sought::Document)
                    .for_each(add);
            }
            Self::Persons(sought) => sought.persons.iter().cloned().map(Sought::Person).for_each(add),
        }
        for list in digests.values_mut() {
            list.sort_unstable();
            list.dedup();
        }
        digests
    }
}

/// Signs what terminals need to be as new as `lists`, and publishes it.
pub fn publish(
    store: &mut Store,
    pki: &Pki,
    lists: &Lists,
    extent: Extent,
    now: UnixMs,
) -> Result<Sent, HotlistError> {
    send(store, pki, Given::Things(lists), extent, now)
}

/// The same of persons, which go to terminals whose profile allows it; without such a profile nothing is built.
pub fn publish_persons(
    store: &mut Store,
    pki: &Pki,
    sought: &PersonsSought,
    extent: Extent,
    now: UnixMs,
) -> Result<Sent, HotlistError> {
    if policy_in_force(&store.begin()?, now)?.is_none() {
        return Err(HotlistError::NoPolicy);
    }
    send(store, pki, Given::Persons(sought), extent, now)
}

fn send(
    store: &mut Store,
    pki: &Pki,
    lists: Given<'_>,
    extent: Extent,
    now: UnixMs,
) -> Result<Sent, HotlistError> {
    let transaction = store.begin()?;
    let out = newest(&transaction, lists.catalogue())?;
    let newest_data = out.as_ref().map_or(UnixMs(0), |out| out.as_of);
    let given = lists.as_of();
    if given < newest_data {
        return Err(HotlistError::Older {
            given,
            newest: newest_data,
        });
    }
    if given > now {
        return Err(HotlistError::Future { given });
    }
    if now.0 - given.0 > TOO_OLD {
        return Err(HotlistError::TooOld { given });
    }
    // A list whose publication did not end has an epoch, and nobody has it.
    let base = transaction
        .hotlist_epoch(lists.catalogue())?
        .filter(|base| out.is_some_and(|out| out.epoch == base.epoch));
    drop(transaction);
    if extent == Extent::AsNeeded
        && let Some(base) = base.filter(|base| now.0 - base.built.0 < TOO_OLD)
        && let Some(changes) = changes(&base, lists)
    {
        return publish_changes(store, pki, lists, changes, now);
    }
    publish_whole(store, pki, lists, now)
}

fn publish_whole(store: &mut Store, pki: &Pki, lists: Given<'_>, now: UnixMs) -> Result<Sent, HotlistError> {
    let catalogue = lists.catalogue();
    let mut bytes = [0; 32];
    getrandom::fill(&mut bytes).expect("the operating system has randomness");
    let key = HotlistKey::from_bytes(bytes);
    let digests = lists.digests(&key);
    let transaction = store.begin()?;
    let seconds = u64::try_from(now.0 / 1000).unwrap_or(0);
    let epoch = seconds.max(transaction.newest_epoch(None)?.saturating_add(1));
    let mut filters = Vec::new();
    for (subject, digests) in &digests {
        filters.push(filter(*subject, digests)?);
    }
    let serial = transaction.newest_set(SetKind::whole(catalogue))?;
    // The key before the list: a terminal that has a list finds a key for it.
    transaction.keep_epoch(&Epoch {
        catalogue,
        epoch,
        key,
        built: now,
        digests,
    })?;
    transaction.commit()?;
    let contents = Contents::Hotlist {
        catalogue,
        name: ReferenceVersion(format!("{}-{epoch}", lists.name())),
        list: Hotlist {
            version: 1,
            epoch,
            as_of: lists.as_of(),
            filters,
        },
    };
    let set = Publication::sign(pki, &contents, serial, now)?.publish(store, pki.root(), now)?;
    Ok(Sent { set, changed: None })
}

fn publish_changes(
    store: &mut Store,
    pki: &Pki,
    lists: Given<'_>,
    changes: HotlistChanges,
    now: UnixMs,
) -> Result<Sent, HotlistError> {
    let count = |of: fn(&Changes) -> &Vec<u64>| changes.changes.iter().map(|one| of(one).len() as u64).sum();
    let changed = Some((count(|one| &one.added), count(|one| &one.removed)));
    let serial = store.begin()?.newest_set(SetKind::changes(lists.catalogue()))?;
    let (name, of) = (lists.name(), changes.as_of.0 / 1000);
    let contents = Contents::HotlistChanges {
        catalogue: lists.catalogue(),
        name: ReferenceVersion(format!("{name}-{}-{of}", changes.epoch)),
        changes,
    };
    let set = Publication::sign(pki, &contents, serial, now)?.publish(store, pki.root(), now)?;
    Ok(Sent { set, changed })
}

/// What is out: the newest whole list, and how new it is with its changes.
#[derive(Clone, Copy)]
struct Out {
    epoch: u64,
    as_of: UnixMs,
}

fn newest(transaction: &Transaction<'_>, catalogue: Catalogue) -> Result<Option<Out>, HotlistError> {
    let read = |kind| -> Result<Option<Contents>, HotlistError> {
        let serial = transaction.newest_set(kind)?;
        let publication = transaction.publication(kind, serial)?;
        Ok(publication
            .map(|publication| publication.read().map(|(_, contents)| contents))
            .transpose()?)
    };
    let Some(Contents::Hotlist { list, .. }) = read(SetKind::whole(catalogue))? else {
        return Ok(None);
    };
    let later = match read(SetKind::changes(catalogue))? {
        Some(Contents::HotlistChanges { changes, .. }) if changes.epoch == list.epoch => changes.as_of,
        _ => list.as_of,
    };
    Ok(Some(Out {
        epoch: list.epoch,
        as_of: later.max(list.as_of),
    }))
}

/// What differs from `base`; none where a whole list is shorter.
fn changes(base: &Epoch, lists: Given<'_>) -> Option<HotlistChanges> {
    let mut all = Vec::new();
    for (subject, digests) in lists.digests(&base.key) {
        let before = base.digests.get(&subject)?;
        let missing = |from: &[u64], there: &[u64]| -> Vec<u64> {
            let is_missing = |digest: &&u64| there.binary_search(digest).is_err();
            from.iter().filter(is_missing).copied().collect()
        };
        let (added, removed) = (missing(&digests, before), missing(before, &digests));
        if added.len() > MAX_CHANGES || removed.len() > MAX_CHANGES {
            return None;
        }
        all.push(Changes {
            subject,
            added,
            removed,
        });
    }
    Some(HotlistChanges {
        version: 1,
        epoch: base.epoch,
        as_of: lists.as_of(),
        changes: all,
    })
}
