//! `neoctl`.
fn main() {}
