//! The code of every choice: what each number means, held against the schemas that list them.

use std::fmt::{Debug, Write as _};

use domain::{
    afd, alert, draft, enrolment, envelope, footage, hand, identity, intervention, legal_basis, licence,
    natinf, note, officer, orders, person, photo, plainte, profile, pv, pve, query, record, retention,
    service, vehicle, verification,
};
use minicbor::{Decode, Encode};

use crate::golden::snapshots;
use crate::schema::Schema;

/// More than any choice has.
const CODES: std::ops::Range<u8> = 0..u8::MAX;

struct Choice {
    /// The schemas that have a rule of this name.
    schemas: &'static [Schema],
    name: &'static str,
    codes: Vec<(u8, String)>,
}

impl Choice {
    fn of<T: for<'b> Decode<'b, ()> + Encode<()> + Debug>(
        schemas: &'static [Schema],
        name: &'static str,
    ) -> Self {
        let meaning = |code| {
            Some((
                code,
                format!("{:?}", domain::decode::<T>(&domain::encode(&code)).ok()?),
            ))
        };
        Self {
            schemas,
            name,
            codes: CODES.filter_map(meaning).collect(),
        }
    }
}

fn choices() -> Vec<Choice> {
    use Schema::{Kept, Wire};
    vec![
        Choice::of::<envelope::Lane>(&[Wire], "lane"),
        Choice::of::<envelope::RefusalCode>(&[Wire, Kept], "refusal"),
        Choice::of::<domain::Zone>(&[Wire, Kept], "zone"),
        Choice::of::<orders::Command>(&[Wire], "command"),
        Choice::of::<orders::OrderOutcome>(&[Wire], "order-outcome"),
        Choice::of::<enrolment::EnrolmentRefusal>(&[Wire], "enrolment-refusal"),
        Choice::of::<profile::ProfileRefusal>(&[Wire], "profile-refusal"),
        Choice::of::<footage::CameraChain>(&[], "camera-chain"),
        Choice::of::<footage::GapCause>(&[Kept], "gap-cause"),
        Choice::of::<footage::TriggerCause>(&[Kept], "trigger-cause"),
        Choice::of::<domain::dialogue::ClipRefusal>(&[], "clip-refusal"),
        Choice::of::<domain::dialogue::Theme>(&[Kept], "theme"),
        Choice::of::<domain::dialogue::TextSize>(&[Kept], "text-size"),
        Choice::of::<domain::dialogue::Thumb>(&[Kept], "thumb"),
        Choice::of::<identity::cachet::Standing>(&[Kept], "standing"),
        Choice::of::<plainte::Receipt>(&[Kept], "receipt-wish"),
        Choice::of::<plainte::ClosedFor>(&[Kept], "closed-for"),
        Choice::of::<natinf::Nature>(&[Kept], "nature"),
        Choice::of::<natinf::Confidence>(&[Kept], "confidence"),
        Choice::of::<natinf::Holder>(&[Kept], "holder"),
        Choice::of::<natinf::Special>(&[Kept], "special"),
        Choice::of::<natinf::ScaleClass>(&[Kept], "scale-class"),
        Choice::of::<natinf::Instrument>(&[Kept], "instrument"),
        Choice::of::<natinf::SpeedZone>(&[Kept], "speed-zone"),
        Choice::of::<natinf::AlcoholLimit>(&[Kept], "alcohol-limit"),
        Choice::of::<pve::Interception>(&[Kept], "interception"),
        Choice::of::<pve::Hint>(&[Kept], "hint"),
        Choice::of::<licence::LicenceStatus>(&[Kept], "licence-status"),
        Choice::of::<vehicle::Genre>(&[Kept], "genre"),
        Choice::of::<photo::MediaType>(&[Kept], "media-type"),
        Choice::of::<afd::Condition>(&[Kept], "condition"),
        Choice::of::<afd::Answered>(&[Kept], "answered"),
        Choice::of::<draft::Field>(&[Kept], "field"),
        Choice::of::<draft::Reason>(&[], "reason"),
        Choice::of::<record::ActKind>(&[Kept], "act-kind"),
        Choice::of::<alert::Ground>(&[Kept], "alert-ground"),
        Choice::of::<plainte::contact::Channel>(&[Kept], "contact-channel"),
        Choice::of::<footage::custody::Category>(&[Kept], "clip-category"),
        Choice::of::<footage::Purpose>(&[Kept], "view-purpose"),
        Choice::of::<plainte::Filed>(&[Kept], "filed"),
        Choice::of::<plainte::OnlineService>(&[Kept], "online-service"),
        Choice::of::<plainte::protocol::Task>(&[Kept], "protocol-task"),
        Choice::of::<service::CardPresence>(&[Kept], "card-presence"),
        Choice::of::<intervention::Outcome>(&[Kept], "intervention-outcome"),
        Choice::of::<intervention::Origin>(&[Kept], "intervention-origin"),
        Choice::of::<intervention::Step>(&[Kept], "intervention-step"),
        Choice::of::<intervention::OutOfOrder>(&[], "out-of-order"),
        Choice::of::<intervention::Point>(&[Kept], "intervention-point"),
        Choice::of::<officer::Quality>(&[Kept], "quality"),
        Choice::of::<officer::Corps>(&[Kept], "corps"),
        Choice::of::<officer::FileKind>(&[Kept], "file-kind"),
        Choice::of::<enrolment::KeyProtection>(&[Kept], "key-protection"),
        Choice::of::<legal_basis::CheckBasis>(&[Kept], "check-basis"),
        Choice::of::<legal_basis::PlaceVerdict>(&[Kept], "place-verdict"),
        Choice::of::<legal_basis::PvFrame>(&[Kept], "pv-frame"),
        Choice::of::<identity::CheckOutcome>(&[Kept], "check-outcome"),
        Choice::of::<identity::TraceResult>(&[Kept], "trace-result"),
        Choice::of::<identity::Layout>(&[Kept], "layout"),
        Choice::of::<identity::CheckedField>(&[Kept], "checked-field"),
        Choice::of::<identity::Verdict>(&[Kept], "verdict"),
        Choice::of::<identity::crosscheck::Fact>(&[Kept], "fact"),
        Choice::of::<identity::crosscheck::Agreement>(&[Kept], "agreement"),
        Choice::of::<identity::crosscheck::Limit>(&[Kept], "compare-limit"),
        Choice::of::<identity::crosscheck::Footing>(&[Kept], "footing"),
        Choice::of::<identity::crosscheck::Sex>(&[Kept], "sex"),
        Choice::of::<identity::cachet::CachetKind>(&[Kept], "cachet-kind"),
        Choice::of::<identity::cachet::Fault>(&[Kept], "cachet-fault"),
        Choice::of::<person::IdentitySource>(&[Kept], "identity-source"),
        Choice::of::<query::NotAnswered>(&[Kept], "not-answered"),
        Choice::of::<query::DocumentKind>(&[Kept], "document-kind"),
        Choice::of::<query::Homonym>(&[Kept], "homonym"),
        Choice::of::<pv::Closing>(&[Kept], "closing"),
        Choice::of::<pv::PvKind>(&[Kept], "pv-kind"),
        Choice::of::<pv::HandcuffGround>(&[Kept], "handcuff-ground"),
        Choice::of::<pv::SheetGiven>(&[Kept], "sheet-given"),
        Choice::of::<pv::ScreeningGround>(&[Kept], "screening-ground"),
        Choice::of::<pv::ScreeningResult>(&[Kept], "screening-result"),
        Choice::of::<pv::RoadPaper>(&[Kept], "road-paper"),
        Choice::of::<pv::Blood>(&[Kept], "blood"),
        Choice::of::<pv::RetentionGround>(&[Kept], "retention-ground"),
        Choice::of::<pv::LicenceState>(&[Kept], "licence-state"),
        Choice::of::<pv::VehicleMeasure>(&[Kept], "vehicle-measure"),
        Choice::of::<pv::Parent>(&[Kept], "parent"),
        Choice::of::<pv::Door>(&[Kept], "door"),
        Choice::of::<pv::GridState>(&[Kept], "grid-state"),
        Choice::of::<pv::Wish>(&[Kept], "wish"),
        Choice::of::<pv::Origin>(&[Kept], "origin"),
        Choice::of::<pv::Dress>(&[Kept], "dress"),
        Choice::of::<pv::Link>(&[Kept], "link"),
        Choice::of::<pv::Fate>(&[Kept], "fate"),
        Choice::of::<hand::SignerRole>(&[Kept], "signer-role"),
        Choice::of::<hand::Certainty>(&[Kept], "certainty"),
        Choice::of::<note::NotePurpose>(&[Kept], "note-purpose"),
        Choice::of::<plainte::Venue>(&[Kept], "venue"),
        Choice::of::<plainte::Language>(&[Kept], "language"),
        Choice::of::<plainte::HandedOver>(&[Kept], "sheet-handed"),
        Choice::of::<plainte::CompanionRole>(&[Kept], "companion-role"),
        Choice::of::<plainte::Discrimination>(&[Kept], "discrimination"),
        Choice::of::<plainte::SuspectLink>(&[Kept], "suspect-link"),
        Choice::of::<plainte::GridAnswer>(&[Kept], "grid-answer"),
        Choice::of::<retention::Term>(&[Kept], "legal-term"),
        Choice::of::<verification::Ground>(&[Kept], "verification-ground"),
        Choice::of::<verification::Presented>(&[Kept], "presented"),
        Choice::of::<verification::Magistrate>(&[Kept], "magistrate"),
        Choice::of::<verification::Finding>(&[Kept], "verification-finding"),
        Choice::of::<verification::HandedCopy>(&[Kept], "handed-copy"),
        Choice::of::<verification::Counted>(&[Kept], "counted"),
        Choice::of::<verification::Stage>(&[], "retention-stage"),
    ]
}

#[test]
fn every_code_means_what_it_meant() {
    let mut text = String::new();
    for choice in choices() {
        writeln!(text, "{}", choice.name).unwrap();
        for (code, meaning) in choice.codes {
            writeln!(text, "  {code} {meaning}").unwrap();
        }
    }
    snapshots().bind(|| insta::assert_snapshot!("codes", text));
}

#[test]
fn a_schema_lists_the_codes_that_are_read_and_no_other() {
    for choice in choices() {
        for code in CODES {
            let read = choice.codes.iter().any(|(known, _)| *known == code);
            for schema in choice.schemas {
                let listed = schema.lists(choice.name, code);
                assert_eq!(listed, read, "code {code} of `{}` in {schema:?}", choice.name);
            }
        }
    }
}
