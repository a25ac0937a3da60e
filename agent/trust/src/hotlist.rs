//! Lists of what is sought as filters over keyed digests: who has no key can neither ask nor list what is in them.

use std::collections::BTreeMap;

use domain::UnixMs;
use domain::hotlist::{Filter, Hotlist, HotlistChanges, MAX_ENTRIES, Sought, Standing, Subject, TOO_OLD};
use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;
use thiserror::Error;
use xorf::{BinaryFuse16, Descriptor, Filter as _};
use zeroize::Zeroizing;

/// The longest segment that the algorithm makes.
const MAX_SEGMENT: u32 = 262_144;

/// The list cannot become a filter.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum NotBuilt {
    #[error("a list has more than {MAX_ENTRIES} entries")]
    TooMany,
    #[error("no filter was found for these digests")]
    NoFilter,
}

/// The bytes are no list that can be asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum Unsound {
    #[error("the list is of another format version")]
    Version,
    #[error("a filter's measures do not fit its bytes")]
    Measures,
    #[error("a subject stands there twice")]
    Twice,
}

/// The key of one epoch.
pub struct HotlistKey(Zeroizing<[u8; 32]>);

impl HotlistKey {
    pub fn from_bytes(bytes: [u8; 32]) -> Self {
        Self(Zeroizing::new(bytes))
    }

    /// As it lies in a seal.
    pub fn from_slice(bytes: &[u8]) -> Option<Self> {
        bytes.try_into().ok().map(Self::from_bytes)
    }

    /// For a seal.
    pub fn bytes(&self) -> &[u8; 32] {
        &self.0
    }

    /// The first eight bytes of the HMAC-SHA-256, as a number, the high one first.
    pub fn digest(&self, sought: &Sought) -> u64 {
        let mut mac = Hmac::<Sha256>::new_from_slice(self.0.as_slice()).expect("HMAC takes any key length");
        mac.update(b"neo/hotlist/v1\0");
        mac.update(&sought.key());
        let tag = mac.finalize().into_bytes();
        let mut first = [0; 8];
        first.copy_from_slice(&tag[..8]);
        u64::from_be_bytes(first)
    }
}

/// Builds the filter of one subject from distinct digests.
pub fn filter(subject: Subject, digests: &[u64]) -> Result<Filter, NotBuilt> {
    let entries = u32::try_from(digests.len())
        .ok()
        .filter(|entries| *entries <= MAX_ENTRIES)
        .ok_or(NotBuilt::TooMany)?;
    let built = BinaryFuse16::try_from(digests).map_err(|_| NotBuilt::NoFilter)?;
    let bytes = built.fingerprints.iter().flat_map(|print| print.to_le_bytes());
    Ok(Filter {
        subject,
        entries,
        seed: built.descriptor.seed,
        segment_length: built.descriptor.segment_length,
        segment_count_length: built.descriptor.segment_count_length,
        fingerprints: bytes.collect(),
    })
}

/// A list that can be asked.
#[derive(Debug)]
pub struct Filters {
    epoch: u64,
    as_of: UnixMs,
    by_subject: BTreeMap<Subject, BinaryFuse16>,
    entries: u64,
}

impl Filters {
    pub fn read(list: &Hotlist) -> Result<Self, Unsound> {
        if list.version != 1 {
            return Err(Unsound::Version);
        }
        let mut by_subject = BTreeMap::new();
        for filter in &list.filters {
            if by_subject.insert(filter.subject, read(filter)?).is_some() {
                return Err(Unsound::Twice);
            }
        }
        Ok(Self {
            epoch: list.epoch,
            as_of: list.as_of,
            by_subject,
            entries: list.filters.iter().map(|filter| u64::from(filter.entries)).sum(),
        })
    }

    pub const fn epoch(&self) -> u64 {
        self.epoch
    }

    pub const fn entries(&self) -> u64 {
        self.entries
    }

    /// How old the list is with `changes`, if they are its own.
    pub fn as_of(&self, changes: Option<&HotlistChanges>) -> UnixMs {
        self.own(changes).map_or(self.as_of, |changes| changes.as_of)
    }

    /// What the list says of a digest under its key, at `now`.
    pub fn look_up(
        &self,
        changes: Option<&HotlistChanges>,
        subject: Subject,
        digest: u64,
        now: UnixMs,
    ) -> Standing {
        let as_of = self.as_of(changes);
        if now.0.saturating_sub(as_of.0) > TOO_OLD {
            return Standing::TooOld { as_of };
        }
        let Some(filter) = self.by_subject.get(&subject) else {
            return Standing::NoList;
        };
        let own = self
            .own(changes)
            .and_then(|changes| changes.changes.iter().find(|one| one.subject == subject));
        let is_in = |list: &[u64]| list.binary_search(&digest).is_ok();
        let is_listed = match own {
            Some(own) if is_in(&own.added) => true,
            Some(own) if is_in(&own.removed) => false,
            _ => filter.contains(&digest),
        };
        if is_listed {
            Standing::Listed { as_of }
        } else {
            Standing::NotFound { as_of }
        }
    }

    /// Changes of another epoch are under another key, and say nothing of this list.
    fn own<'a>(&self, changes: Option<&'a HotlistChanges>) -> Option<&'a HotlistChanges> {
        changes.filter(|changes| changes.epoch == self.epoch && changes.as_of >= self.as_of)
    }
}

/// Every place that a digest can lead to has to be inside: the library indexes without looking.
fn read(filter: &Filter) -> Result<BinaryFuse16, Unsound> {
    let (length, count_length) = (filter.segment_length, filter.segment_count_length);
    let is_sound = length.is_power_of_two()
        && length <= MAX_SEGMENT
        && count_length > 0
        && count_length.is_multiple_of(length)
        && filter.entries <= MAX_ENTRIES;
    let whole = u64::from(count_length) + 2 * u64::from(length);
    let (prints, rest) = filter.fingerprints.as_chunks::<2>();
    if !is_sound || !rest.is_empty() || prints.len() as u64 != whole {
        return Err(Unsound::Measures);
    }
    Ok(BinaryFuse16 {
        descriptor: Descriptor {
            seed: filter.seed,
            segment_length: length,
            segment_length_mask: length - 1,
            segment_count_length: count_length,
        },
        fingerprints: prints.iter().map(|print| u16::from_le_bytes(*print)).collect(),
    })
}

#[cfg(test)]
mod tests {
    use domain::hotlist::{Changes, DocumentNumber, Person};
    use domain::identity::CivilDate;
    use domain::vehicle::Plate;

    use super::*;

    const NOW: UnixMs = UnixMs(1_800_000_000_000);

    fn key() -> HotlistKey {
        HotlistKey::from_bytes([7; 32])
    }

    fn plate(number: u32) -> Sought {
        Sought::Vehicle(Plate::foreign(&format!("P{number}")).unwrap())
    }

    fn list(plates: u32) -> Hotlist {
        let digests: Vec<u64> = (0..plates).map(|number| key().digest(&plate(number))).collect();
        Hotlist {
            version: 1,
            epoch: 3,
            as_of: NOW,
            filters: vec![filter(Subject::Vehicle, &digests).unwrap()],
        }
    }

    fn listed(filters: &Filters, changes: Option<&HotlistChanges>, sought: &Sought) -> bool {
        let digest = key().digest(sought);
        matches!(
            filters.look_up(changes, sought.subject(), digest, NOW),
            Standing::Listed { .. }
        )
    }

    #[test]
    fn every_entry_is_found_and_hardly_anything_else_at_less_than_20_bits_an_entry() {
        let list = list(100_000);
        let bits = list.filters[0].fingerprints.len() * 8;
        assert!(bits <= 20 * 100_000, "{bits}");
        let filters = Filters::read(&list).unwrap();
        assert!((0..100_000).all(|number| listed(&filters, None, &plate(number))));
        let wrong = (100_000..400_000)
            .filter(|number| listed(&filters, None, &plate(*number)))
            .count();
        // 2e-5 of 300 000 are six; the mean is 4.6, and the plates are always the same.
        assert!(wrong <= 6, "{wrong} of 300 000");
    }

    #[test]
    fn another_key_finds_nothing() {
        let filters = Filters::read(&list(1000)).unwrap();
        let other = HotlistKey::from_bytes([8; 32]);
        let found = (0..1000).filter(|number| {
            let digest = other.digest(&plate(*number));
            matches!(
                filters.look_up(None, Subject::Vehicle, digest, NOW),
                Standing::Listed { .. }
            )
        });
        assert_eq!(found.count(), 0);
    }

    #[test]
    fn changes_add_and_take_away_and_those_of_another_epoch_do_nothing() {
        let filters = Filters::read(&list(1000)).unwrap();
        let (new, gone) = (plate(5000), plate(3));
        let mut changes = HotlistChanges {
            version: 1,
            epoch: 3,
            as_of: NOW.plus(60_000),
            changes: vec![Changes {
                subject: Subject::Vehicle,
                added: vec![key().digest(&new)],
                removed: vec![key().digest(&gone)],
            }],
        };
        assert!(listed(&filters, Some(&changes), &new) && !listed(&filters, Some(&changes), &gone));
        assert_eq!(filters.as_of(Some(&changes)), NOW.plus(60_000));
        changes.epoch = 2;
        assert!(!listed(&filters, Some(&changes), &new) && listed(&filters, Some(&changes), &gone));
        assert_eq!(filters.as_of(Some(&changes)), NOW);
    }

    #[test]
    fn a_list_older_than_seven_days_says_nothing_and_a_missing_subject_says_so() {
        let filters = Filters::read(&list(10)).unwrap();
        let digest = key().digest(&plate(1));
        let at = |now| filters.look_up(None, Subject::Vehicle, digest, now);
        assert_eq!(at(NOW.plus(TOO_OLD)), Standing::Listed { as_of: NOW });
        assert_eq!(at(NOW.plus(TOO_OLD + 1)), Standing::TooOld { as_of: NOW });
        let paper = Sought::Document(DocumentNumber::parse("X4RTBPFW4").unwrap());
        let standing = filters.look_up(None, Subject::Document, key().digest(&paper), NOW);
        assert_eq!(standing, Standing::NoList);
    }

    #[test]
    fn measures_that_lead_outside_the_bytes_are_refused() {
        let sound = list(50);
        let spoil = |change: fn(&mut Filter)| {
            let mut list = sound.clone();
            change(&mut list.filters[0]);
            Filters::read(&list).map(|_| ())
        };
        for change in [
            (|filter: &mut Filter| filter.segment_length = 0) as fn(&mut Filter),
            |filter| filter.segment_length = 3,
            |filter| filter.segment_length *= 2,
            |filter| filter.segment_count_length = 0,
            |filter| filter.segment_count_length = u32::MAX,
            |filter| filter.segment_count_length += filter.segment_length,
            |filter| filter.fingerprints.truncate(filter.fingerprints.len() - 1),
            |filter| filter.fingerprints.clear(),
        ] {
            assert_eq!(spoil(change), Err(Unsound::Measures));
        }
        let mut twice = sound.clone();
        twice.filters.push(sound.filters[0].clone());
        assert!(matches!(Filters::read(&twice), Err(Unsound::Twice)));
    }

    #[test]
    fn an_empty_list_is_a_list() {
        let filters = Filters::read(&list(0)).unwrap();
        assert!(!listed(&filters, None, &plate(1)));
    }

    #[test]
    fn a_digest_is_what_it_was_when_the_format_was_fixed() {
        let sought = Sought::Vehicle(Plate::parse("AB-123-CD").unwrap());
        assert_eq!(key().digest(&sought), 4_440_045_357_082_729_300);
        let born = CivilDate::new(1974, 8, 12).ok();
        let sought = Sought::Person(Person::read("Eriksson", "Anna Maria", born).unwrap());
        assert_eq!(key().digest(&sought), 3_239_083_718_691_878_311);
    }
}
