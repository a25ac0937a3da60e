//! Visible electronic seals held against the signers that are known: bytes and a trust list in, a reading out.
//!
//! `neoctl` and the terminal call [`read`], so that they say the same. The signature is judged over the literal bytes,
//! and no field has any part in it; what was not checked is `NotChecked`, and the reason stands beside it.

pub(crate) mod certificate;
pub(crate) mod key;
mod list;
pub mod tsl;

pub use certificate::OutsideError;
pub use list::{Gathering, GatheringError, ListError, MAX_CERTIFICATES};

use domain::UnixMs;
use domain::identity::cachet::{
    Authority, Cachet, CachetKind, CachetReading, Carrier, Fault, ListAge, Mark, SignerName, SignerShown,
    Standing, TrustList,
};
use domain::identity::{CivilDate, Verdict, Verdicts};

use self::certificate::Outside;
use self::key::Held;

/// Whose seals count.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Authorities {
    Real,
    /// Those that sign specimens too: for training and tests.
    WithTests,
}

/// What a seal is held against.
#[derive(Debug, Clone, Copy)]
pub struct Against<'a> {
    pub list: Option<&'a TrustList>,
    pub authorities: Authorities,
    pub now: UnixMs,
    /// The day that it is where the document is looked at.
    pub today: CivilDate,
}

/// The seal in `bytes` and all that can be said of it; none when they are no seal.
pub fn read(bytes: &[u8], carrier: Carrier, against: Against<'_>) -> Option<CachetReading> {
    let cachet = Cachet::read(bytes, carrier)?;
    let mut found = Found::default();
    if cachet.kind == CachetKind::Cnie {
        found.faults.push(Fault::NotVerifiableHere);
    } else {
        found.judge(&cachet, against);
    }
    let expires = cachet.expires();
    if expires.is_some_and(|last| last < against.today) {
        found.in_date = Verdict::Refuted;
        found.faults.push(Fault::DocumentExpired);
    }
    let reads_whole = cachet.reads_whole();
    if !reads_whole && cachet.kind != CachetKind::Cnie {
        found.faults.push(Fault::ContentNotWhole);
    }
    found.faults.sort();
    found.faults.dedup();
    let (authority, certificate) = match &cachet.signer {
        SignerName::Named {
            authority,
            certificate,
        } => (authority.clone(), certificate.clone()),
        SignerName::Digest(end) => (String::new(), data_encoding::HEXLOWER.encode(end)),
        SignerName::Absent => (String::new(), String::new()),
    };
    Some(CachetReading {
        kind: cachet.kind,
        header: cachet.header,
        authority,
        certificate,
        fields: cachet.fields,
        annex: cachet.annex,
        expires,
        verdicts: Verdicts {
            read: if reads_whole {
                Verdict::Proven
            } else {
                Verdict::NotChecked
            },
            signature: found.signature,
            issuer_trusted: found.issuer,
            in_date: found.in_date,
            status_known: Verdict::NotChecked,
        },
        faults: found.faults,
        signer: found.signer,
        list: against.list.map(|list| ListAge {
            origin: list.origin.clone(),
            sequence: list.sequence,
            issued: list.issued,
            next_update: list.next_update,
            age_days: list.age_days(against.now),
            is_outdated: list.is_outdated(against.now),
            signature: list.signature,
        }),
    })
}

/// First and last day (UTC) of a certificate in a list; none when it does not read.
pub fn validity(der: &[u8]) -> Option<(CivilDate, CivilDate)> {
    let certificate = Outside::from_der(der).ok()?;
    Some((day(certificate.not_before), day(certificate.not_after)))
}

/// The day in UTC.
fn day(at: UnixMs) -> CivilDate {
    CivilDate::from(at.civil(0).date())
}

/// What is known so far.
struct Found {
    signature: Verdict,
    issuer: Verdict,
    in_date: Verdict,
    faults: Vec<Fault>,
    signer: Option<SignerShown>,
}

impl Default for Found {
    fn default() -> Self {
        Self {
            signature: Verdict::NotChecked,
            issuer: Verdict::NotChecked,
            in_date: Verdict::NotChecked,
            faults: Vec::new(),
            signer: None,
        }
    }
}

impl Found {
    fn judge(&mut self, cachet: &Cachet, against: Against<'_>) {
        if cachet.is_of_a_test_signer() && against.authorities == Authorities::Real {
            self.issuer = Verdict::Refuted;
            self.faults.push(Fault::TestSigner);
            return;
        }
        let Some(list) = against.list else {
            self.faults.push(Fault::NoList);
            return;
        };
        if list.is_outdated(against.now) {
            self.faults.push(Fault::ListOutdated);
        }
        if list.signature == Verdict::NotChecked {
            self.faults.push(Fault::ListUnverified);
        }
        let candidates = signers(list, &cachet.signer);
        let Some(signer) = self.pick(cachet, &candidates) else {
            self.faults.push(Fault::SignerUnknown);
            return;
        };
        self.date(signer, cachet.header.signed);
        self.issuer(signer, list, cachet.header.signed, against.now);
        let (authority, certificate) = signer.seal_names();
        self.signer = Some(SignerShown {
            name: signer.organisation.clone(),
            authority,
            certificate,
            validity: (day(signer.not_before), day(signer.not_after)),
        });
    }

    /// The certificate whose key made the signature, or else the first that bears the name; sets the verdict on the
    /// signature.
    fn pick<'a>(&mut self, cachet: &Cachet, candidates: &'a [Outside]) -> Option<&'a Outside> {
        let first = candidates.first()?;
        let signature = match &cachet.mark {
            Mark::Bytes(signature) => signature,
            Mark::Missing => {
                self.signature = Verdict::Refuted;
                self.faults.push(Fault::SignatureMissing);
                return Some(first);
            }
            Mark::Malformed => {
                self.signature = Verdict::Refuted;
                self.faults.push(Fault::SignatureMalformed);
                return Some(first);
            }
        };
        let held = |signer: &Outside| signer.key.sealed(cachet.signed.reveal(), signature, cachet.hash);
        let answers: Vec<Held> = candidates.iter().map(held).collect();
        if let Some(at) = answers.iter().position(|answer| *answer == Held::Holds) {
            self.signature = Verdict::Proven;
            return candidates.get(at);
        }
        if answers.contains(&Held::Unknown) {
            self.faults.push(Fault::AlgorithmUnknown);
        } else {
            self.signature = Verdict::Refuted;
            self.faults.push(Fault::SignatureWrong);
        }
        Some(first)
    }

    /// Whether the seal was made while its certificate was valid.
    fn date(&mut self, signer: &Outside, signed: Option<CivilDate>) {
        let Some(signed) = signed else {
            self.faults.push(Fault::SignatureUndated);
            return;
        };
        if (day(signer.not_before)..=day(signer.not_after)).contains(&signed) {
            self.in_date = Verdict::Proven;
        } else {
            self.in_date = Verdict::Refuted;
            self.faults.push(Fault::SignerOutOfDate);
        }
    }

    /// Whether a recognised authority issued the certificate, and did not revoke it.
    fn issuer(&mut self, signer: &Outside, list: &TrustList, signed: Option<CivilDate>, now: UnixMs) {
        let named = list.authorities.iter().filter_map(|authority| {
            let certificate = Outside::from_der(&authority.certificate.0).ok()?;
            let is_named = certificate.is_authority && signer.names_as_issuer(&certificate);
            is_named.then(|| (authority, signer.is_issued_by(&certificate)))
        });
        let named: Vec<(&Authority, Held)> = named.collect();
        let issued = named.iter().find(|(_, held)| *held == Held::Holds);
        let Some((authority, _)) = issued else {
            if named.is_empty() {
                self.faults.push(Fault::AuthorityUnknown);
            } else if named.iter().any(|(_, held)| *held == Held::Unknown) {
                self.faults.push(Fault::AlgorithmUnknown);
            } else {
                self.issuer = Verdict::Refuted;
                self.faults.push(Fault::NotIssuedByAuthority);
            }
            return;
        };
        self.issuer = match authority.standing {
            Standing::Recognised => Verdict::Proven,
            // A directory says of nobody whether he is recognised: whoever made it put the authority there.
            Standing::Unstated => {
                self.faults.push(Fault::AuthorityUnstated);
                Verdict::Proven
            }
            Standing::Withdrawn if was_before(signed, authority.since) => Verdict::Proven,
            Standing::Withdrawn => {
                self.faults.push(Fault::AuthorityWithdrawn);
                Verdict::Refuted
            }
            Standing::Revoked => {
                self.faults.push(Fault::AuthorityRevoked);
                Verdict::Refuted
            }
        };
        match &authority.revocations {
            Some(revocations) if revocations.serials.binary_search(&signer.serial).is_ok() => {
                self.issuer = Verdict::Refuted;
                self.faults.push(Fault::SignerRevoked);
            }
            Some(revocations) if revocations.next_update.is_some_and(|next| next >= now) => {}
            Some(_) | None => self.faults.push(Fault::RevocationUnknown),
        }
    }
}

/// Every certificate of the list that a seal may mean.
fn signers(list: &TrustList, name: &SignerName) -> Vec<Outside> {
    let may_be = list.signers.iter().filter(|signer| match name {
        SignerName::Named {
            authority,
            certificate,
        } => signer.authority == *authority && signer.id == *certificate,
        SignerName::Digest(_) => true,
        SignerName::Absent => false,
    });
    may_be
        .filter_map(|signer| Outside::from_der(&signer.certificate.0).ok())
        .filter(|certificate| certificate.is_named(name))
        .collect()
}

fn was_before(signed: Option<CivilDate>, since: Option<UnixMs>) -> bool {
    matches!((signed, since.map(day)), (Some(signed), Some(day)) if signed < day)
}

#[cfg(test)]
mod interop;
#[cfg(test)]
mod tests;
