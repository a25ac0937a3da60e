//! What an officer types from a document, held against its zone on the screen and in the act at HQ.

use std::collections::BTreeMap;

use agent::work::record_of;
use domain::ActId;
use domain::identity::crosscheck::{Agreement, Compared};
use domain::record::Act;

use super::invariants::Gathered;
use super::phone::Phone;
use super::report::Invariant;

/// What each fact comes to, by the codes that reports use.
pub(super) type Expected = BTreeMap<String, String>;

/// Until the screen says of each fact of `expected` what it comes to.
pub(super) fn shown(phone: &mut Phone, draft: ActId, expected: &Expected, what: &str) -> anyhow::Result<()> {
    phone.watch(
        |board| {
            let on_screen = board.draft.as_ref().filter(|view| view.draft == draft);
            Ok(on_screen
                .filter(|view| missing(&view.compared, expected).is_empty())
                .map(|_| ()))
        },
        |board| {
            let on_screen = board.draft.as_ref().filter(|view| view.draft == draft);
            let compared = on_screen.map(|view| view.compared.as_slice()).unwrap_or_default();
            let told: Vec<String> = compared.iter().map(told).collect();
            let what = format!("`{what}`: the facts do not come to what the scenario says");
            (what, format!("its screen says {}", told.join(", ")))
        },
    )
}

fn told(compared: &Compared) -> String {
    format!("{} {}", compared.fact.code(), compared.agreement.code())
}

fn missing(compared: &[Compared], expected: &Expected) -> Vec<String> {
    let come_to = |fact: &str, agreement: &str| {
        compared
            .iter()
            .any(|one| one.fact.code() == fact && one.agreement.code() == agreement)
    };
    expected
        .iter()
        .filter(|(fact, agreement)| !come_to(fact, agreement))
        .map(|(fact, agreement)| format!("{fact} is not {agreement}"))
        .collect()
}

/// The act at HQ says what the screen said, with the words of what differs and no others.
pub(super) fn comparisons_are_in_the_act(gathered: &Gathered, expected: &[(ActId, &Expected)]) -> Invariant {
    let mut wrong = Vec::new();
    for (act, expected) in expected {
        let row = gathered.acts.iter().find(|row| row.act == *act);
        let record = row.and_then(|row| {
            gathered
                .hq_records
                .iter()
                .find(|one| one.envelope == row.envelope)
        });
        let check = record
            .and_then(|one| record_of(&one.record_cose))
            .and_then(|record| {
                let Act::IdentityCheck(check) = record.act else {
                    return None;
                };
                Some(check)
            });
        let Some(check) = check else {
            wrong.push(format!("HQ has no check {act}"));
            continue;
        };
        wrong.extend(missing(&check.compared, expected));
        let with_words = |one: &&Compared| one.said.iter().any(|said| said.text.is_some());
        wrong.extend(
            check
                .compared
                .iter()
                .filter(|one| one.agreement != Agreement::Different)
                .filter(with_words)
                .map(|one| format!("the act repeats the words of `{}`", one.fact.code())),
        );
        let silent = |one: &&Compared| one.agreement == Agreement::Different && !with_words(one);
        let silent = check.compared.iter().filter(silent);
        wrong.extend(silent.map(|one| format!("the act does not say how `{}` differs", one.fact.code())));
    }
    Invariant::of("comparisons-are-in-the-act", expected.len(), wrong)
}
