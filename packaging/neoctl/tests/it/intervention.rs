//! `intervention`, `lapi` and `briefing`: what is proposed is signed for the terminals that it is for, and says how it stands.

use domain::enrolment::Ticket;
use domain::{ActId, DeviceId};

use crate::desk::{BROKER, Desk, enrol};

const CALL: &str = "--number CORG-29-4411 --place 12_rue_des_Lilas --what tapage";

/// A headquarters with one terminal.
fn fleet() -> (Desk, DeviceId) {
    let desk = Desk::new("test");
    let created = desk.done(&format!("token create neo-000001 --broker {BROKER} --hours 2"));
    let ticket = Ticket::parse(created["token"]["code"].as_str().unwrap()).unwrap();
    let phone = enrol(&mut desk.store(), &desk.pki(), &ticket).unwrap();
    (desk, phone.device)
}

#[test]
fn a_call_is_pushed_to_a_terminal_listed_and_shown_by_its_number() {
    let (desk, device) = fleet();
    let pushed = desk.done(&format!("intervention push --terminal {device} {CALL} --danger"));
    let id = pushed["proposed"]["intervention"].as_str().unwrap().to_owned();
    assert_eq!(
        pushed["proposed"]["devices"],
        serde_json::json!([device.as_str()])
    );
    assert_eq!(pushed["proposed"]["online"], serde_json::json!([]));
    for line in [
        "intervention list".to_owned(),
        "intervention show CORG-29-4411".to_owned(),
        format!("intervention show {id}"),
    ] {
        let shown = desk.done(&line);
        let all = shown["interventions"].as_array().unwrap();
        assert_eq!(all.len(), 1, "{line}");
        let one = &all[0];
        assert_eq!(one["intervention"], id.as_str());
        assert_eq!(one["standing"], "waiting");
        assert_eq!((&one["danger"], &one["received"]), (&true.into(), &false.into()));
        assert_eq!(one["place"], "12 rue des Lilas");
    }
    assert_eq!(desk.refused("intervention show CORG-29-4412").0, 3);
}

#[test]
fn a_reading_is_sent_as_what_is_to_be_verified() {
    let (desk, device) = fleet();
    let line = |minutes: &str| {
        format!(
            "lapi send --terminal {device} --plate ab123cd --where A1,_aire_de_Ressons \
             --seen 2027-01-14T09:30+01:00 --reason véhicule_signalé_volé --minutes {minutes}"
        )
    };
    desk.done(&line("15"));
    let listed = desk.done("intervention list");
    let one = &listed["interventions"][0];
    assert_eq!(one["to_verify"], true);
    assert_eq!(one["what"], "véhicule signalé volé");
    assert!(one.get("danger").is_none());
    assert_eq!(desk.refused(&line("0")).0, 64);
    assert_eq!(desk.refused(&line("721")).0, 64);
}

#[test]
fn nothing_is_proposed_to_nobody_or_to_two() {
    let (desk, device) = fleet();
    let nobody = ActId::from_bytes([9; 16]);
    assert_eq!(desk.refused(&format!("intervention push {CALL}")).0, 64);
    let both = format!("intervention push --terminal {device} --officer {nobody} {CALL}");
    assert_eq!(desk.refused(&both).0, 64);
    assert_eq!(
        desk.refused(&format!("intervention push --officer {nobody} {CALL}"))
            .0,
        3
    );
    assert_eq!(
        desk.refused(&format!("intervention push --terminal neo-000099 {CALL}"))
            .0,
        3
    );
    let bad =
        format!("intervention push --terminal {device} --number 1 --place 12_rue_des_Lilas --what tapage");
    assert_eq!(desk.refused(&bad).0, 64);
}

#[test]
fn an_item_of_the_briefing_goes_to_the_terminals_of_a_unit_and_is_no_intervention() {
    let (desk, device) = fleet();
    let line = "briefing send --unit Commissariat_de_Nîmes --title vols_de_vélos --text secteur_gare";
    assert_eq!(desk.refused(line).0, 3);
    desk.store()
        .begin()
        .and_then(|transaction| {
            transaction.set_unit(&device, "Commissariat de Nîmes", domain::UnixMs(1))?;
            transaction.commit()
        })
        .unwrap();
    let sent = desk.done(line);
    assert_eq!(sent["proposed"]["devices"], serde_json::json!([device.as_str()]));
    let listed = desk.done("briefing list");
    let one = &listed["items"][0];
    assert_eq!(one["briefing"], sent["proposed"]["briefing"]);
    assert_eq!(
        (&one["title"], &one["received"], &one["read_by"]),
        (&"vols de vélos".into(), &false.into(), &serde_json::Value::Null)
    );
    assert_eq!(
        desk.done("intervention list")["interventions"],
        serde_json::json!([])
    );
    assert_eq!(desk.refused(&format!("{line} --minutes 721")).0, 64);
    assert_eq!(desk.refused(&format!("{line} --terminal {device}")).0, 64);
}
