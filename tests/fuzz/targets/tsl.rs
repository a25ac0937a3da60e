//! Published trust lists in XML, trust lists of ours, certificates and lists of revoked ones.
#![no_main]

use domain::UnixMs;
use domain::identity::Verdict;
use domain::identity::cachet::TrustList;
use libfuzzer_sys::fuzz_target;
use trust::cachet::{Gathering, tsl};

const GOOD: &[u8] = br#"<t:TrustServiceStatusList xmlns:t="http://uri.etsi.org/02231/v2#"><t:SchemeInformation><t:TSLSequenceNumber>22</t:TSLSequenceNumber><t:ListIssueDateTime>2026-08-25T10:00:00Z</t:ListIssueDateTime></t:SchemeInformation><t:ServiceInformation><t:ServiceDigitalIdentity><t:X509Certificate>MAA=</t:X509Certificate></t:ServiceDigitalIdentity><t:ServiceStatus>x/granted</t:ServiceStatus></t:ServiceInformation></t:TrustServiceStatusList>"#;

fuzz_target!(|input: &[u8]| {
    fuzz::read::<TrustList>(input);
    let bytes = fuzz::raw_or_damaged(GOOD, input);
    if let Ok(list) = tsl::read(&String::from_utf8_lossy(&bytes)) {
        assert_eq!(list.signature, Verdict::NotChecked);
        let again: TrustList = domain::decode(&domain::encode(&list)).expect("a list reads back");
        assert_eq!(again, list);
    }
    let mut gathering = Gathering::default();
    let _ = gathering.certificate(input);
    gathering.revocations(input.to_vec());
    let _ = gathering.list("fuzz", UnixMs(0));
});
