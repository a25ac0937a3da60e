//! What is asked before an AFD may be proposed.

use minicbor::{Decode, Encode};

/// One condition, worded so that "yes" is what the law wants.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Encode, Decode)]
#[cbor(index_only)]
pub enum Condition {
    /// No obstacle of language, altered state or legal protection.
    #[n(0)]
    Understands,
    /// The TAJ was consulted before.
    #[n(1)]
    TajQueried,
    /// No récidive légale.
    #[n(2)]
    NoRecidive,
    /// Seen on the spot, the person being there.
    #[n(3)]
    SeenOnTheSpot,
    #[n(4)]
    AddressConfirmed,
    /// The person acknowledges the facts.
    #[n(5)]
    Acknowledged,
    /// The person agrees to the destruction of the product; nothing is sealed.
    #[n(6)]
    Destruction,
    #[n(7)]
    SingleProduct,
    /// Stolen goods were given back, or the victim was indemnified.
    #[n(8)]
    Returned,
    #[n(9)]
    NotDriving,
    /// Neither a public agent nor transport staff in their work (L.3421-1 al. 2 Code de la santé publique).
    #[n(10)]
    NotPublicAgent,
    /// The insurance file, the memo of less than fifteen days and a check agree.
    #[n(11)]
    InsuranceChecked,
}

impl Condition {
    pub const ALL: [Self; 12] = [
        Self::Understands,
        Self::TajQueried,
        Self::NoRecidive,
        Self::SeenOnTheSpot,
        Self::AddressConfirmed,
        Self::Acknowledged,
        Self::Destruction,
        Self::SingleProduct,
        Self::Returned,
        Self::NotDriving,
        Self::NotPublicAgent,
        Self::InsuranceChecked,
    ];

    /// Asked whatever the délit. Identity and age are read from the person and the signature from the pad.
    pub const ALWAYS: [Self; 6] = [
        Self::Understands,
        Self::TajQueried,
        Self::NoRecidive,
        Self::SeenOnTheSpot,
        Self::AddressConfirmed,
        Self::Acknowledged,
    ];

    /// The code that the reference data uses.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Understands => "COMPREHENSION",
            Self::TajQueried => "TAJ",
            Self::NoRecidive => "SANS-RECIDIVE",
            Self::SeenOnTheSpot => "CONSTATE-SUR-PLACE",
            Self::AddressConfirmed => "ADRESSE-CONFIRMEE",
            Self::Acknowledged => "RECONNAISSANCE",
            Self::Destruction => "DESTRUCTION",
            Self::SingleProduct => "PRODUIT-UNIQUE",
            Self::Returned => "RESTITUTION",
            Self::NotDriving => "NON-CONDUCTEUR",
            Self::NotPublicAgent => "NON-AGENT",
            Self::InsuranceChecked => "ASSURANCE",
        }
    }

    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|condition| condition.code() == code)
    }
}
