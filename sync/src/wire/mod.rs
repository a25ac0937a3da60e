//! The messages of the wire, one module per version of the format; both ends decode every version ever shipped.

pub mod v1;
