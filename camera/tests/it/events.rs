//! What a camera signs of itself and what is asked of it, over a real stream.

use camera::driver::{Command, Entry, Event};
use domain::footage::{CameraEvent, CameraSaid, TriggerCause};
use evidence::log::{self, Known};
use trust::cert::Certificate;

use crate::sim::{Faults, Running};
use crate::world::{CLIP, Meeting, World, clip, on, patrol};

fn running(world: &World) -> (Running, Meeting, Certificate) {
    let camera = world.camera(&clip(CLIP, patrol()));
    let entry = Entry::Tap(camera.invitation());
    let camera = on(camera, Faults::default());
    let meeting = Meeting::begin(camera.address(), world.role(entry));
    let certificate = meeting.bond().certificate().unwrap();
    (camera, meeting, certificate)
}

fn events(meeting: &Meeting) -> Vec<Vec<u8>> {
    let said = meeting.until(|event| match event {
        Event::Events(messages) => Some(messages),
        _ => None,
    });
    said.expect("the camera stays")
}

#[test]
fn a_camera_gives_its_events_from_where_it_is_asked() {
    let world = World::new();
    let (_camera, meeting, certificate) = running(&world);
    meeting.say(Command::Events { after: 0 });
    let all = events(&meeting);
    let mut known = None;
    for message in &all {
        let event = log::read(message, &certificate, known).unwrap();
        known = Some(Known {
            counter: event.counter,
            message: domain::Digest::of(message),
        });
    }
    let counter = known.expect("its recording began").counter;
    meeting.say(Command::Events { after: counter });
    assert!(events(&meeting).is_empty());
    meeting.leave();
}

#[test]
fn t8_a_trigger_counts_once_even_after_the_camera_was_switched_off() {
    let world = World::new();
    let (camera, meeting, certificate) = running(&world);
    let trigger = |counter| Command::Trigger {
        cause: TriggerCause::VehicleLights,
        counter,
    };
    meeting.say(trigger(4));
    let began: CameraEvent = log::read(&events(&meeting)[0], &certificate, None).unwrap();
    let CameraSaid::Began {
        trigger: by,
        buffered_ms,
        ..
    } = began.said
    else {
        panic!("{began:?}");
    };
    assert_eq!((by.cause, by.counter), (TriggerCause::VehicleLights, Some(4)));
    assert!(buffered_ms > 0);
    let refused = |meeting: &Meeting, counter| {
        meeting.say(trigger(counter));
        let said = meeting.until(|event| match event {
            Event::NotTriggered { counter } => Some(counter),
            Event::Events(messages) => panic!("{} events", messages.len()),
            _ => None,
        });
        assert_eq!(said, Some(counter));
    };
    refused(&meeting, 4);
    refused(&meeting, 3);
    meeting.leave();
    drop(camera);
    // It remembers what it took, whatever its battery did.
    let (_camera, meeting, certificate) = running(&world);
    refused(&meeting, 4);
    meeting.say(trigger(5));
    let passed = log::read(&events(&meeting)[0], &certificate, None).unwrap();
    assert!(
        matches!(passed.said, CameraSaid::Passed(_)),
        "it records already: {passed:?}"
    );
    meeting.leave();
}
