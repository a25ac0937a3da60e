//! One file per thing that an officer or headquarters does, each a part of the engine.

mod accept_receipt;
pub(crate) mod check_identity;
pub(crate) mod deliver;
pub(crate) mod edit_draft;
mod hand_over;
mod intervene;
mod keep_footage;
pub(crate) mod print;
mod purge;
mod serve;
pub(crate) mod sign;
pub(crate) mod take_footage;
pub(crate) mod unlock;
pub(crate) mod upload;
