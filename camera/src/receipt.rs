//! HQ's receipt over the whole of a recording: the one proof that lets a terminal or a camera let go of it.

use domain::envelope::{Receipt, ReceiptStatus};
use domain::{Digest, UnixMs};
use thiserror::Error;
use trust::cert::{Certificate, Profile, verify_chain};
use trust::cose::{self, Namespace};

/// Why a receipt proves nothing about a recording.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum NotProven {
    #[error("the receipt cannot be read")]
    Unreadable,
    #[error("the receipt is not signed by the key of its certificate")]
    Signature,
    #[error("nobody trusted vouches for the receipt's signer as a signer of receipts")]
    Signer,
    #[error("the receipt is a refusal, or is not yet over the whole of a recording")]
    NotStored,
    #[error("the receipt is over another recording")]
    OtherRoot,
}

/// A receipt that was checked: HQ holds every byte of the recording with this root.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FootageReceipt {
    root: Digest,
    at: UnixMs,
}

impl FootageReceipt {
    /// The only constructor. `signer` is the receipt's certificate and the authorities above it, the signer first;
    /// they are judged at the moment that the receipt states.
    pub fn verify(
        receipt: &[u8],
        root: Digest,
        signer: &[Certificate],
        anchors: &[Certificate],
    ) -> Result<Self, NotProven> {
        let signed = cose::parse(receipt).map_err(|_| NotProven::Unreadable)?;
        let (leaf, above) = signer.split_first().ok_or(NotProven::Signer)?;
        cose::verify(&signed, Namespace::Receipt, leaf).map_err(|_| NotProven::Signature)?;
        let receipt = Receipt::from_bytes(&signed.payload).map_err(|_| NotProven::Unreadable)?;
        if !verify_chain(leaf, above, anchors, Profile::HqReceipt, receipt.at.0).all_ok() {
            return Err(NotProven::Signer);
        }
        match (receipt.status, receipt.footage_root) {
            (ReceiptStatus::Stored, Some(found)) if found == root => Ok(Self { root, at: receipt.at }),
            (ReceiptStatus::Stored, Some(_)) => Err(NotProven::OtherRoot),
            (ReceiptStatus::Stored, None) | (ReceiptStatus::Refused(_), _) => Err(NotProven::NotStored),
        }
    }

    pub fn root(&self) -> Digest {
        self.root
    }

    /// HQ's clock.
    pub fn at(&self) -> UnixMs {
        self.at
    }
}
