//! One file per thing that an officer or headquarters does, each a part of the engine.

pub(crate) mod check_identity;
pub(crate) mod deliver;
pub(crate) mod edit_draft;
pub(crate) mod footage;
mod intervene;
mod purge;
mod serve;
mod sign;
pub(crate) mod unlock;
pub(crate) mod upload;
