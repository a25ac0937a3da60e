//! A vector: one value of a format, its bytes, its file and its rule in a schema.

use minicbor::{Decode, Encode};

use crate::schema::Schema;
use crate::{
    acts, alerts, cachets, composer, contacts, custody, delivery, identity, interventions, keeping, measures,
    road, suivi, verification, visas,
};

/// What a reader makes of bytes, held against the value that a vector was made from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Reading {
    Refused,
    Same,
    Other,
}

type Reader = Box<dyn Fn(&[u8]) -> Reading>;

pub(crate) struct Vector {
    /// The name of its files.
    pub(crate) name: &'static str,
    pub(crate) schema: Schema,
    pub(crate) rule: &'static str,
    /// What is written today.
    pub(crate) bytes: Vec<u8>,
    reader: Reader,
}

impl Vector {
    pub(crate) fn of<T>(name: &'static str, schema: Schema, rule: &'static str, value: T) -> Self
    where
        T: Encode<()> + for<'b> Decode<'b, ()> + PartialEq + 'static,
    {
        let bytes = domain::encode(&value);
        let reader = Box::new(move |bytes: &[u8]| match domain::decode::<T>(bytes) {
            Err(_) => Reading::Refused,
            Ok(read) if read == value => Reading::Same,
            Ok(_) => Reading::Other,
        });
        Self {
            name,
            schema,
            rule,
            bytes,
            reader,
        }
    }

    /// Reads `bytes` as this vector's type.
    pub(crate) fn read(&self, bytes: &[u8]) -> Reading {
        (self.reader)(bytes)
    }
}

/// Every vector of version 1.
pub(crate) fn all() -> Vec<Vector> {
    let mut vectors = Vec::new();
    vectors.extend(identity::vectors());
    vectors.extend(acts::vectors());
    vectors.extend(delivery::vectors());
    vectors.extend(keeping::vectors());
    vectors.extend(road::vectors());
    vectors.extend(composer::vectors());
    vectors.extend(measures::vectors());
    vectors.extend(visas::vectors());
    vectors.extend(suivi::vectors());
    vectors.extend(interventions::vectors());
    vectors.extend(cachets::vectors());
    vectors.extend(verification::vectors());
    vectors.extend(alerts::vectors());
    vectors.extend(contacts::vectors());
    vectors.extend(custody::vectors());
    vectors
}
