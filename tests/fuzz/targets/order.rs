//! What HQ orders a terminal to do.
#![no_main]

use domain::orders::Order;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|input: &[u8]| fuzz::read::<Order>(input));
