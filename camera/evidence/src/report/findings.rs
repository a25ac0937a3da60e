//! Where the checks write their answers while a report is made.
//!
//! A question that was asked is "not checked" until it is answered, and a fault is never overwritten.

use std::collections::{BTreeMap, BTreeSet};

use super::{Check, Claims, Fault, Limit, Question, Report, Subject, Verdict};

pub(super) struct Findings {
    verdicts: BTreeMap<Question, Verdict>,
    limits: BTreeSet<Limit>,
    pub(super) claims: Claims,
}

impl Findings {
    pub(super) fn new(questions: &[Question]) -> Self {
        let mut findings = Self {
            verdicts: BTreeMap::new(),
            limits: BTreeSet::new(),
            claims: Claims::default(),
        };
        findings.ask(questions);
        findings
    }

    pub(super) fn ask(&mut self, questions: &[Question]) {
        for question in questions {
            self.verdicts.entry(*question).or_insert(Verdict::NotChecked);
        }
    }

    /// The check ran to its end; without a fault on it, the question is answered well.
    pub(super) fn held(&mut self, question: Question) {
        let verdict = self.verdicts.entry(question).or_insert(Verdict::NotChecked);
        if *verdict == Verdict::NotChecked {
            *verdict = Verdict::Ok;
        }
    }

    pub(super) fn fault(&mut self, question: Question, fault: Fault) {
        match self.verdicts.entry(question).or_insert(Verdict::NotChecked) {
            Verdict::Failed(faults) => faults.push(fault),
            verdict @ (Verdict::Ok | Verdict::NotChecked) => *verdict = Verdict::Failed(vec![fault]),
        }
    }

    /// Notes a fault when `holds` is false.
    pub(super) fn check(&mut self, question: Question, holds: bool, fault: Fault) {
        if !holds {
            self.fault(question, fault);
        }
    }

    /// The value, or a fault in its place.
    pub(super) fn take<T>(&mut self, question: Question, outcome: Result<T, Fault>) -> Option<T> {
        match outcome {
            Ok(value) => Some(value),
            Err(fault) => {
                self.fault(question, fault);
                None
            }
        }
    }

    pub(super) fn limit(&mut self, limit: Limit) {
        self.limits.insert(limit);
    }

    pub(super) fn report(self, subject: Subject) -> Report {
        let checks = self
            .verdicts
            .into_iter()
            .map(|(question, verdict)| Check { question, verdict });
        Report {
            subject,
            checks: checks.collect(),
            limits: self.limits.into_iter().collect(),
            claims: self.claims,
        }
    }
}
