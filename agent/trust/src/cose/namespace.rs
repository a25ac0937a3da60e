//! What a signature is for, so that a signature over one kind of artefact never passes for another.
//!
//! The text enters the signed bytes and the number the protected header; neither is ever given to another kind.

use std::fmt;

/// The kinds of signed artefact.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Namespace {
    /// An officer's act.
    Record,
    /// A device's envelope around a sealed record.
    Envelope,
    /// Headquarters' receipt.
    Receipt,
    /// A device's greeting at each connection, and its answer.
    Hello,
    HelloAnswer,
    /// A consultation of a file, and its answer.
    Query,
    Answer,
    /// Headquarters' order to a terminal.
    Order,
    /// Reference data.
    Reference,
    /// A head of the terminal's journal.
    Journal,
    /// The manifest of a clip.
    Manifest,
    /// One segment of a camera's chain, the message that opens the chain and the one that closes it.
    CameraSegment,
    CameraInit,
    CameraEnd,
    /// A custody event of a clip.
    Custody,
    /// A terminal's request for a certificate, signed by the key that is to be certified, and its answer.
    EnrolmentRequest,
    Enrolment,
    /// The code at the foot of an act on paper.
    Footer,
    /// Headquarters' countersignature of a journal head.
    JournalReceipt,
    /// A draft that a device keeps at headquarters, sealed to the recovery keys.
    Snapshot,
    /// A person's approval of an order that destroys evidence.
    Approval,
    /// A device's statement on an order that it carried out.
    OrderReport,
    /// A configuration profile.
    Profile,
    /// Headquarters' statement that the law had it destroy a record.
    Destruction,
    /// Headquarters' word on what became of a complaint.
    Suivi,
    /// What the operations centre proposes to a crew.
    Dispatch,
    /// A device's statement on an intervention.
    Progress,
    /// A device's word for the crew of its officer, and what headquarters hands to the others of it.
    CrewTold,
    CrewHanded,
    /// What a camera states of itself besides its recordings.
    CameraEvent,
}

impl Namespace {
    pub(super) const ALL: [Namespace; 30] = [
        Namespace::Record,
        Namespace::Envelope,
        Namespace::Receipt,
        Namespace::Hello,
        Namespace::HelloAnswer,
        Namespace::Query,
        Namespace::Answer,
        Namespace::Order,
        Namespace::Reference,
        Namespace::Journal,
        Namespace::Manifest,
        Namespace::CameraSegment,
        Namespace::CameraInit,
        Namespace::CameraEnd,
        Namespace::Custody,
        Namespace::EnrolmentRequest,
        Namespace::Enrolment,
        Namespace::Footer,
        Namespace::JournalReceipt,
        Namespace::Snapshot,
        Namespace::Approval,
        Namespace::OrderReport,
        Namespace::Profile,
        Namespace::Destruction,
        Namespace::Suivi,
        Namespace::Dispatch,
        Namespace::Progress,
        Namespace::CrewTold,
        Namespace::CrewHanded,
        Namespace::CameraEvent,
    ];

    /// Number in the header and text in the external AAD.
    fn fixed(self) -> (u8, &'static str) {
        match self {
            Namespace::Record => (1, "record"),
            Namespace::Envelope => (2, "envelope"),
            Namespace::Receipt => (3, "receipt"),
            Namespace::Hello => (4, "hello"),
            Namespace::HelloAnswer => (5, "hello-answer"),
            Namespace::Query => (6, "query"),
            Namespace::Answer => (7, "answer"),
            Namespace::Order => (8, "order"),
            Namespace::Reference => (9, "reference"),
            Namespace::Journal => (10, "journal"),
            Namespace::Manifest => (11, "manifest"),
            Namespace::CameraSegment => (12, "camera-segment"),
            Namespace::CameraInit => (13, "camera-init"),
            Namespace::CameraEnd => (14, "camera-end"),
            Namespace::Custody => (15, "custody"),
            Namespace::EnrolmentRequest => (16, "enrolment-request"),
            Namespace::Enrolment => (17, "enrolment"),
            Namespace::Footer => (18, "footer"),
            Namespace::JournalReceipt => (19, "journal-receipt"),
            Namespace::Snapshot => (20, "snapshot"),
            Namespace::Approval => (21, "approval"),
            Namespace::OrderReport => (22, "order-report"),
            Namespace::Profile => (25, "profile"),
            Namespace::Destruction => (27, "destruction"),
            Namespace::Suivi => (28, "suivi"),
            Namespace::Dispatch => (29, "dispatch"),
            Namespace::Progress => (30, "progress"),
            Namespace::CrewTold => (31, "crew-told"),
            Namespace::CrewHanded => (32, "crew-handed"),
            Namespace::CameraEvent => (33, "camera-event"),
        }
    }

    pub(super) fn number(self) -> u8 {
        self.fixed().0
    }

    pub(super) fn from_number(number: u8) -> Option<Self> {
        Self::ALL.into_iter().find(|known| known.number() == number)
    }

    /// The COSE `external_aad`.
    pub fn external_aad(self) -> String {
        format!("neo2/v1/{self}")
    }
}

impl fmt::Display for Namespace {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.fixed().1)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_two_namespaces_share_a_number_or_a_text() {
        for one in Namespace::ALL {
            assert_eq!(Namespace::from_number(one.number()), Some(one));
            let shared = Namespace::ALL
                .iter()
                .filter(|other| other.to_string() == one.to_string() || other.number() == one.number());
            assert_eq!(shared.count(), 1);
        }
        assert_eq!(Namespace::from_number(0), None);
        assert_eq!(Namespace::Record.external_aad(), "neo2/v1/record");
    }
}
