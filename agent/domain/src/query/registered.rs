//! What a file holds of a person, a title or a vehicle, each fact apart, so that it can be held against a document.

use minicbor::{Decode, Encode};

use crate::identity::CivilDate;
use crate::identity::crosscheck::{Claim, Fact, Footing, Name, Source, Value, country};
use crate::officer::FileKind;
use crate::sensitive::Sensitive;

/// The facts of one entry; what the file does not hold is absent.
#[derive(Debug, Clone, Default, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct Registered {
    #[n(0)]
    pub surname: Option<Sensitive<String>>,
    #[n(1)]
    pub given_names: Option<Sensitive<String>>,
    #[n(2)]
    pub born: Option<Sensitive<CivilDate>>,
    /// Of the title that the file is about.
    #[n(3)]
    pub number: Option<Sensitive<String>>,
    #[n(4)]
    pub expires: Option<CivilDate>,
    /// Two or three letters.
    #[n(5)]
    pub nationality: Option<String>,
    #[n(6)]
    pub plate: Option<Sensitive<String>>,
    #[n(7)]
    pub vin: Option<Sensitive<String>>,
    #[n(8)]
    pub make: Option<String>,
}

impl Registered {
    /// What `file` states.
    pub fn claims(&self, file: FileKind) -> Vec<Claim> {
        let name = |text: &Option<Sensitive<String>>| {
            let text = text.as_ref()?;
            Name::read(text.reveal()).map(Value::Name)
        };
        let code = |text: &Option<Sensitive<String>>| Value::code(text.as_ref()?.reveal());
        let stated = [
            (Fact::Surname, name(&self.surname)),
            (Fact::GivenNames, name(&self.given_names)),
            (
                Fact::Born,
                self.born.as_ref().map(|born| Value::day(*born.reveal())),
            ),
            (Fact::Number, code(&self.number)),
            (Fact::Expiry, self.expires.map(Value::day)),
            (
                Fact::Nationality,
                self.nationality.as_deref().and_then(country).map(Value::Country),
            ),
            (Fact::Plate, code(&self.plate)),
            (Fact::Vin, code(&self.vin)),
            (
                Fact::Make,
                self.make.as_deref().and_then(Name::read).map(Value::Name),
            ),
        ];
        let claim = |(fact, value): (Fact, Option<Value>)| {
            Some(Claim {
                fact,
                source: Source::File(file),
                footing: Footing::Counts,
                value: value?,
            })
        };
        stated.into_iter().filter_map(claim).collect()
    }
}
