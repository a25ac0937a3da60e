//! Ten thousand things that a hand does, drawn from a seed, on the real screens of a real terminal.

use tests::monkey::Monkey;

use crate::programs::{events, seed, tell};

/// What `make test` plays; `NEO_SEED` and `NEO_EVENTS` play something else.
const SEED: u64 = 1;
const EVENTS: u32 = 10_000;
/// So many of them are touches of the screens; the rest are what screens ask for, asked for without them.
const TOUCHES: u32 = 1_200;

#[test]
fn ten_thousand_touches_lose_no_draft_and_sign_nothing_by_themselves() {
    let events = events(EVENTS);
    let mut monkey = Monkey::new(seed(SEED));
    monkey.touch_screens(events.min(TOUCHES));
    monkey.ask(events.saturating_sub(TOUCHES));
    let seen = monkey.finish();
    tell("a monkey", &seen);
    // Fewer events are played to see one failure again.
    if events < EVENTS {
        return;
    }
    assert!(seen.screens.len() >= 9 && seen.labels.len() >= 300, "{seen}");
    assert!(seen.drafts >= 50 && seen.found >= 200, "{seen}");
    assert!(seen.signed >= 10 && seen.at_hq >= 10, "{seen}");
    assert!(seen.given_up >= 1 && seen.kinds.len() >= 3, "{seen}");
    assert!(seen.lives >= 30 && seen.looked, "{seen}");
}
