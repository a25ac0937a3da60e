//! One file per thing that an officer or headquarters does, each a part of the engine.

mod accept_receipt;
mod ask_visa;
mod attach_photo;
mod begin_act;
mod check_footer;
pub(crate) mod check_identity;
pub(crate) mod deliver;
pub(crate) mod edit_draft;
mod give_visa;
mod hand_over;
mod intervene;
mod keep_footage;
mod obey;
pub(crate) mod print;
mod purge;
mod read_back;
pub(crate) mod renew;
mod send_parts;
mod serve;
pub(crate) mod sign;
pub(crate) mod take_footage;
pub(crate) mod take_numbers;
pub(crate) mod take_reference;
mod take_visas;
pub(crate) mod unlock;
pub(crate) mod upload;
