//! The urgent alert: what is asked for in a draft, and how those that were raised stand.

use std::rc::Rc;

use domain::ActId;
use domain::alert::{Ground, Standing};
use domain::dialogue::{AlertLine, Intent};
use domain::draft::Field;
use domain::plainte::Filling;
use drawn::{AlertAdapter, AlertGround, AlertRow, AlertStanding, App, GroundRow, Moment};
use slint::{ComponentHandle, Model, VecModel};

use super::{Intents, draft, home, model};
use crate::moment;

pub(super) fn connect(app: &App, intents: &Intents) {
    let alerts = app.global::<AlertAdapter<'_>>();

    let window = app.as_weak();
    alerts.on_ask(move || {
        let Some(app) = window.upgrade() else { return };
        let given = of_grid(&app);
        let alerts = app.global::<AlertAdapter<'_>>();
        alerts.set_grounds(model(Ground::ALL.map(|ground| GroundRow {
            ground: ground.into(),
            given: given.contains(&ground),
            chosen: false,
        })));
        alerts.set_chosen_any(!given.is_empty());
        alerts.set_words("".into());
        alerts.set_asking(true);
    });

    let window = app.as_weak();
    alerts.on_choose(move |ground| {
        let Some(app) = window.upgrade() else { return };
        let alerts = app.global::<AlertAdapter<'_>>();
        let mut rows: Vec<GroundRow> = alerts.get_grounds().iter().collect();
        for row in rows.iter_mut().filter(|row| row.ground == ground) {
            row.chosen = !row.chosen;
        }
        alerts.set_chosen_any(rows.iter().any(is_ground));
        // A model that is replaced loses the finger that is on it.
        let shown = alerts.get_grounds();
        match shown.as_any().downcast_ref::<VecModel<GroundRow>>() {
            Some(shown) => (0_usize..)
                .zip(rows)
                .for_each(|(at, row)| shown.set_row_data(at, row)),
            None => alerts.set_grounds(model(rows)),
        }
    });

    let window = app.as_weak();
    let sink = Rc::clone(intents);
    alerts.on_raise(move || {
        let Some((app, draft)) = window.upgrade().and_then(|app| {
            let draft = draft::on_screen(&app)?;
            Some((app, draft))
        }) else {
            return;
        };
        let alerts = app.global::<AlertAdapter<'_>>();
        let chosen: Vec<AlertGround> = alerts
            .get_grounds()
            .iter()
            .filter(is_ground)
            .map(|row| row.ground)
            .collect();
        let is_chosen = |ground: &Ground| chosen.contains(&AlertGround::from(*ground));
        let grounds = Ground::ALL.into_iter().filter(is_chosen).collect();
        let words = alerts.get_words().into();
        alerts.set_asking(false);
        sink(Intent::RaiseAlert {
            draft,
            id: None,
            grounds,
            words,
        });
    });

    let sink = Rc::clone(intents);
    alerts.on_told(move |alert| {
        if let Ok(alert) = alert.parse::<ActId>() {
            sink(Intent::AlertTold { alert });
        }
    });

    let sink = Rc::clone(intents);
    alerts.on_seen(move |alert| {
        if let Ok(alert) = alert.parse::<ActId>() {
            sink(Intent::AlertSeen { alert });
        }
    });
}

fn is_ground(row: &GroundRow) -> bool {
    row.chosen || row.given
}

fn of_grid(app: &App) -> Vec<Ground> {
    let filling = Filling::parse(&draft::text(app, Field::Grid)).unwrap_or_default();
    Ground::of(filling, draft::text(app, Field::GridRaised) == "oui")
}

/// What the grid of the open draft says, as it is filled in.
pub(super) fn reflect(app: &App) {
    app.global::<AlertAdapter<'_>>()
        .set_ready(!of_grid(app).is_empty());
}

pub(super) fn show(app: &App, lines: &[AlertLine]) {
    let urgency = |line: &&AlertLine| match line.standing {
        Standing::Nobody { .. } => 2,
        Standing::Open => 1,
        Standing::Taken(_) | Standing::Told => 0,
    };
    // Of equals the last, which is the newest.
    let first = lines.iter().max_by_key(urgency);
    let alerts = app.global::<AlertAdapter<'_>>();
    alerts.set_first(first.map_or_else(AlertRow::default, |line| row(line, home::offset_min(app))));
}

fn row(line: &AlertLine, offset_min: i16) -> AlertRow {
    let (by, at) = match &line.standing {
        Standing::Taken(taken) => (taken.by.as_str(), moment::at(taken.at, offset_min)),
        Standing::Open | Standing::Nobody { .. } | Standing::Told => ("", Moment::default()),
    };
    AlertRow {
        alert: line.alert.to_string().into(),
        standing: match line.standing {
            Standing::Open => AlertStanding::Open,
            Standing::Nobody { .. } => AlertStanding::Nobody,
            Standing::Taken(_) => AlertStanding::Taken,
            Standing::Told => AlertStanding::Told,
        },
        leaves: matches!(line.standing, Standing::Nobody { leaves: true }),
        by: by.into(),
        at,
    }
}

/// What was about to be asked for is about the draft of whoever leaves.
pub(super) fn forget(app: &App) {
    let alerts = app.global::<AlertAdapter<'_>>();
    alerts.set_asking(false);
    alerts.set_words("".into());
    alerts.set_grounds(model([]));
    alerts.set_ready(false);
}
