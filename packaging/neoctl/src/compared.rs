//! The cross-check of `document read`: a fact, what its sources come to, and what each of them says.

use domain::identity::crosscheck::{Compared, Footing, Said};
use serde_json::{Value, json};

use crate::answer::Rows;

/// One fact; `counts` says whether the source can confirm anything.
pub(crate) fn row(compared: &Compared) -> Rows {
    let limits: Vec<&str> = compared.limits.iter().map(|limit| limit.code()).collect();
    Rows(vec![
        ("field", compared.fact.code().into()),
        ("agreement", compared.agreement.code().into()),
        ("limits", limits.into()),
        ("said", compared.said.iter().map(said).collect()),
    ])
}

fn said(said: &Said) -> Value {
    json!({
        "source": said.source.code(),
        "value": said.text.as_ref().map(|text| text.reveal()),
        "counts": said.footing == Footing::Counts,
    })
}
