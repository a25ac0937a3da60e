//! Reference data that HQ signs and publishes: one signer, serials that only ascend, and a form that fits in a file.
//!
//! The key that signs is needed here alone; a gateway distributes what is signed already.

use domain::identity::cachet::TrustList;
use domain::legal_basis::BasisTable;
use domain::natinf::{Reference, ReferenceSet, ReferenceVersion};
use domain::{UnixMs, decode, encode};
use minicbor::{Decode, Encode};
pub use sync::reference::Contents;
use sync::reference::{MAX_PACKED, NotTheSet, Untransportable, pack};
pub use sync::wire::v1::SetKind;
use sync::wire::v1::{REFERENCE, ReferenceHead};
use thiserror::Error;
use trust::cert::{Certificate, Profile, verify_chain};
use trust::cose::{self, Namespace};

use crate::pki::{Pki, PkiError};
use crate::store::{Published, Store, StoreError, Transaction};

/// How the sets begin that programs have compiled in; terminals refuse another under such a name.
const COMPILED_IN: &str = "embedded-";
/// The longest file that holds a publication, in bytes.
pub const MAX_FILE: usize = MAX_PACKED + 64 * 1024;

/// A signed set, complete: what HQ stores, and what a file carries from where it is signed to where it is published.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct Publication {
    /// DER of the signer's certificate.
    #[cbor(n(0), with = "minicbor::bytes")]
    pub certificate: Vec<u8>,
    /// COSE_Sign1 of a [`ReferenceHead`].
    #[cbor(n(1), with = "minicbor::bytes")]
    pub head: Vec<u8>,
    /// The set, zlib.
    #[cbor(n(2), with = "minicbor::bytes")]
    pub packed: Vec<u8>,
}

/// Why a set is not published.
#[derive(Debug, Error)]
pub enum PublicationError {
    #[error("cannot open the key that signs reference data")]
    Key(#[from] PkiError),
    #[error("cannot pack the reference set")]
    Pack(#[from] Untransportable),
    #[error("cannot write the HQ store")]
    Store(#[from] StoreError),
    #[error("the publication does not read")]
    Unreadable,
    #[error(
        "the publication is not signed by a reference signer of this HQ, or its certificate is not in date"
    )]
    Untrusted,
    #[error(
        "its author issued it before the list that terminals have; `neoctl trust show` says of when each is"
    )]
    OlderList,
    #[error("the edition was issued before the one that terminals have; correct its `issued` line")]
    OlderEdition,
    #[error("the publication is not of offences, amounts and texts")]
    NotLaw,
    #[error("the reference set is not the one that was signed")]
    Set(#[from] NotTheSet),
    #[error("serial {serial} is not above {newest}, which is published already; import the list again")]
    NotNewer { serial: u64, newest: u64 },
    #[error("a reference set called `{version}` is published or compiled in already; choose another name")]
    Named { version: String },
}

impl Publication {
    /// Signs `contents` as the set that follows the one of serial `newest`.
    ///
    /// Serials are seconds since 1970 where that ascends: a store that was restored from a copy, or a signer that
    /// never sees the store, does not repeat one.
    pub fn sign(pki: &Pki, contents: &Contents, newest: u64, now: UnixMs) -> Result<Self, PublicationError> {
        let signer = pki.reference()?;
        let packed = pack(contents)?;
        let seconds = u64::try_from(now.0 / 1000).unwrap_or(0);
        let serial = seconds.max(newest.saturating_add(1));
        let head = packed.head(serial, now);
        Ok(Self {
            certificate: signer.certificate().der().to_vec(),
            head: signer.sign(Namespace::Reference, REFERENCE, &encode(&head)),
            packed: packed.bytes,
        })
    }

    /// One file.
    pub fn to_bytes(&self) -> Vec<u8> {
        encode(self)
    }

    pub fn from_bytes(bytes: &[u8]) -> Result<Self, PublicationError> {
        if bytes.len() > MAX_FILE {
            return Err(PublicationError::Unreadable);
        }
        decode(bytes).map_err(|_| PublicationError::Unreadable)
    }

    /// The head and the set, once everything about them holds under `root` at `at`, as a terminal judges it.
    pub fn verify(
        &self,
        root: &Certificate,
        at: UnixMs,
    ) -> Result<(ReferenceHead, Contents), PublicationError> {
        let certificate =
            Certificate::from_der(&self.certificate).map_err(|_| PublicationError::Unreadable)?;
        let anchors = std::slice::from_ref(root);
        if !verify_chain(&certificate, &[], anchors, Profile::HqReference, at.0).all_ok() {
            return Err(PublicationError::Untrusted);
        }
        let signed = cose::parse(&self.head).map_err(|_| PublicationError::Unreadable)?;
        cose::verify(&signed, Namespace::Reference, &certificate).map_err(|_| PublicationError::Untrusted)?;
        self.read()
    }

    /// The head and the set, whoever signed them: what the store holds was verified when it was published.
    pub fn read(&self) -> Result<(ReferenceHead, Contents), PublicationError> {
        let signed = cose::parse(&self.head).map_err(|_| PublicationError::Unreadable)?;
        let head: ReferenceHead = decode(&signed.payload).map_err(|_| PublicationError::Unreadable)?;
        if !head.is_sound() || signed.content_type != REFERENCE {
            return Err(PublicationError::Unreadable);
        }
        let contents = head.unpack(&self.packed)?;
        Ok((head, contents))
    }

    /// The law in it, whoever signed it.
    pub fn law(&self) -> Result<Reference, PublicationError> {
        match self.read()? {
            (_, Contents::Law(reference)) => Ok(reference),
            (
                _,
                Contents::Revocations { .. }
                | Contents::TrustList { .. }
                | Contents::Hotlist { .. }
                | Contents::HotlistChanges { .. }
                | Contents::Bases { .. },
            ) => Err(PublicationError::NotLaw),
        }
    }

    /// Puts the set where gateways find it. What does not hold, or is no newer than what is there, is not published.
    pub fn publish(
        &self,
        store: &mut Store,
        root: &Certificate,
        now: UnixMs,
    ) -> Result<Published, PublicationError> {
        let (head, contents) = self.verify(root, now)?;
        let transaction = store.begin()?;
        let newest = transaction.newest_set(head.kind)?;
        if head.serial <= newest {
            let serial = head.serial;
            return Err(PublicationError::NotNewer { serial, newest });
        }
        // Records name the law that they are drawn up under.
        let is_compiled_in = head.reference.0.starts_with(COMPILED_IN);
        let named_twice = match head.kind {
            SetKind::Law => is_compiled_in || transaction.reference_called(&head.reference)?.is_some(),
            // Acts name the edition of the bases as well.
            SetKind::Bases => {
                head.reference.0 == BasisTable::built_in().edition()
                    || transaction.set_called(head.kind, &head.reference)?.is_some()
            }
            SetKind::Revocations
            | SetKind::TrustList
            | SetKind::Hotlist
            | SetKind::HotlistChanges
            | SetKind::Persons
            | SetKind::PersonsChanges => false,
        };
        if named_twice {
            let version = head.reference.0;
            return Err(PublicationError::Named { version });
        }
        let published = Published {
            kind: head.kind,
            serial: head.serial,
            version: head.reference,
            entries: contents.len() as u64,
            at: head.published,
            packed: self.packed.len() as u64,
        };
        transaction.insert_set(&published, self)?;
        transaction.commit()?;
        Ok(published)
    }
}

/// Signs `list` and publishes it to every terminal; what its author issued before the one that is out is refused.
pub fn publish_trust_list(
    store: &mut Store,
    pki: &Pki,
    list: TrustList,
    now: UnixMs,
) -> Result<Published, PublicationError> {
    let transaction = store.begin()?;
    let newest = transaction.newest_set(SetKind::TrustList)?;
    let out = transaction.publication(SetKind::TrustList, newest)?;
    drop(transaction);
    if let Some((_, Contents::TrustList { list: before, .. })) = out.map(|out| out.read()).transpose()?
        && list.issued < before.issued
    {
        return Err(PublicationError::OlderList);
    }
    let name = ReferenceVersion(format!("cachets-{}", list.sequence));
    let contents = Contents::TrustList { name, list };
    Publication::sign(pki, &contents, newest, now)?.publish(store, pki.root(), now)
}

/// Signs `table` and publishes it to every terminal; an edition that was issued before the one that is out is refused.
pub fn publish_bases(
    store: &mut Store,
    pki: &Pki,
    table: BasisTable,
    now: UnixMs,
) -> Result<Published, PublicationError> {
    let transaction = store.begin()?;
    let newest = transaction.newest_set(SetKind::Bases)?;
    let before = bases_in_use(&transaction)?;
    drop(transaction);
    if table.issued() < before.issued() {
        return Err(PublicationError::OlderEdition);
    }
    let name = ReferenceVersion(table.edition().to_owned());
    let contents = Contents::Bases { name, table };
    Publication::sign(pki, &contents, newest, now)?.publish(store, pki.root(), now)
}

/// The law that records of `version` were drawn up under: as HQ published it, or as every program has it compiled in.
pub(crate) fn law_called(
    transaction: &Transaction<'_>,
    version: &ReferenceVersion,
) -> Result<Option<ReferenceSet>, StoreError> {
    let Some(published) = transaction.reference_called(version)? else {
        let embedded = ReferenceSet::embedded();
        return Ok((embedded.version == *version).then_some(embedded));
    };
    let publication = transaction.publication(SetKind::Law, published.serial)?;
    match publication.map(|publication| publication.law()) {
        Some(Ok(law)) => Ok(Some(law.into())),
        Some(Err(_)) | None => Err(StoreError::Corrupt {
            what: "reference set",
        }),
    }
}

/// The legal bases that HQ published last; before the first, those of the program.
pub fn bases_in_use(transaction: &Transaction<'_>) -> Result<BasisTable, StoreError> {
    let newest = transaction.newest_set(SetKind::Bases)?;
    let Some(publication) = transaction.publication(SetKind::Bases, newest)? else {
        return Ok(BasisTable::built_in().clone());
    };
    match publication.read() {
        Ok((_, Contents::Bases { table, .. })) => Ok(table),
        Ok(_) | Err(_) => Err(StoreError::Corrupt { what: "legal bases" }),
    }
}
