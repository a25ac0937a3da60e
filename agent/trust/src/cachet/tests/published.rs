//! Published lists: what is taken of them, and what is refused.

use data_encoding::BASE64;

use super::super::tsl::TslError;
use super::super::*;
use super::fixture::{Issuer, Kind, NOON, World, against, tsl_moment, verdicts};

/// A published list with one authority.
fn published(certificate: &[u8], status: &str) -> String {
    format!(
        r#"<?xml version="1.0" encoding="UTF-8"?>
<tsl:TrustServiceStatusList xmlns:tsl="http://uri.etsi.org/02231/v2#">
 <tsl:SchemeInformation>
  <tsl:TSLSequenceNumber>22</tsl:TSLSequenceNumber>
  <tsl:SchemeOperatorName><tsl:Name xml:lang="fr">OPERATEUR SPECIMEN</tsl:Name></tsl:SchemeOperatorName>
  <tsl:SchemeTerritory>FR</tsl:SchemeTerritory>
  <tsl:ListIssueDateTime>2026-08-25T10:00:00Z</tsl:ListIssueDateTime>
  <tsl:NextUpdate><tsl:dateTime>2027-02-25T10:00:00Z</tsl:dateTime></tsl:NextUpdate>
 </tsl:SchemeInformation>
 <tsl:TrustServiceProviderList><tsl:TrustServiceProvider><tsl:TSPServices><tsl:TSPService>
  <tsl:ServiceInformation>
   <tsl:ServiceDigitalIdentity><tsl:DigitalId><tsl:X509Certificate>
{}
   </tsl:X509Certificate></tsl:DigitalId></tsl:ServiceDigitalIdentity>
   <tsl:ServiceStatus>http://uri.etsi.org/TrstSvc/Svcstatus/{status}</tsl:ServiceStatus>
   <tsl:StatusStartingTime>2020-01-01T00:00:00Z</tsl:StatusStartingTime>
  </tsl:ServiceInformation>
 </tsl:TSPService></tsl:TSPServices></tsl:TrustServiceProvider></tsl:TrustServiceProviderList>
</tsl:TrustServiceStatusList>"#,
        BASE64.encode(certificate)
    )
}

#[test]
fn a_published_list_and_certificates_make_one_list() {
    let world = World::new(Kind::P256);
    let list = tsl::read(&published(&world.issuer.certificate(), "inaccord")).unwrap();
    assert_eq!((list.sequence, list.signature), (22, Verdict::NotChecked));
    assert_eq!(list.origin, "ETSI TS 119 612: FR, OPERATEUR SPECIMEN");
    assert_eq!(list.next_update, Some(tsl_moment("2027-02-25T10:00:00Z")));
    let mut gathering = Gathering::default();
    gathering.publish(list.clone()).unwrap();
    assert_eq!(gathering.publish(list), Err(ListError::TwoPublished));
    gathering.certificate(&world.issuer.certificate()).unwrap();
    gathering
        .certificate(&world.list.signers[0].certificate.0)
        .unwrap();
    let list = gathering.list("not used", NOON).unwrap();
    assert_eq!((list.authorities.len(), list.signers.len()), (1, 1));
    assert_eq!(list.authorities[0].standing, Standing::Recognised);
    let decoded: TrustList = domain::decode(&domain::encode(&list)).unwrap();
    let reading = read(&world.seal(), Carrier::Other, against(Some(&decoded))).unwrap();
    assert_eq!(verdicts(&reading), [Verdict::Proven; 4]);
    assert_eq!(reading.faults, [Fault::ListUnverified, Fault::RevocationUnknown]);
}

#[test]
fn the_status_of_a_published_service_is_kept() {
    let certificate = Issuer::new("FR99", Kind::P256).certificate();
    for (status, standing) in [
        ("granted", Standing::Recognised),
        ("withdrawn", Standing::Withdrawn),
        ("expired", Standing::Withdrawn),
        ("revoked", Standing::Revoked),
        ("somethingelse", Standing::Unstated),
    ] {
        let list = tsl::read(&published(&certificate, status)).unwrap();
        assert_eq!(list.authorities[0].standing, standing, "{status}");
        assert_eq!(list.authorities[0].id, "FR99");
    }
}

#[test]
fn what_is_no_published_list_is_refused_with_its_reason() {
    let whole = published(&Issuer::new("FR99", Kind::P256).certificate(), "granted");
    let bomb = whole.replace(
        "<tsl:TrustServiceStatusList",
        "<!DOCTYPE x [<!ENTITY a \"aaaaaaaaaa\"><!ENTITY b \"&a;&a;&a;\">]><tsl:TrustServiceStatusList",
    );
    let deep = format!("{}{}", "<a>".repeat(100_000), "</a>".repeat(100_000));
    for (text, expected) in [
        ("", TslError::NotXml),
        ("<html></html>", TslError::NotATsl),
        (&whole[..whole.len() - 10], TslError::NotXml),
        (&bomb, TslError::NotXml),
        (&deep, TslError::NotATsl),
        (&whole.replace(">22<", "><"), TslError::Undated),
        (&whole.replace("2026-08-25T10:00:00Z", "hier"), TslError::Undated),
        (&whole.replace("MII", "AAA"), TslError::Certificate),
        (&whole.replace("X509Certificate", "Other"), TslError::Count),
        (&" ".repeat(tsl::MAX_TSL + 1), TslError::TooLong),
    ] {
        let start: String = text.chars().take(40).collect();
        assert_eq!(tsl::read(text).err(), Some(expected), "{start}");
    }
}
