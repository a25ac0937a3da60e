//! Trusted lists as ETSI TS 119 612 writes them (and TS 102 231 before it): the authorities of 2D-Doc in XML.
//!
//! The XML signature under such a list (XAdES, enveloped) is not verified here, and the list says so: whoever imports
//! one has it from a place that he trusts, and headquarters signs what it distributes.

use data_encoding::BASE64;
use domain::UnixMs;
use domain::enrolment::Der;
use domain::identity::Verdict;
use domain::identity::cachet::{Authority, Standing, TrustList};
use roxmltree::{Document, Node, ParsingOptions};

use super::certificate::Outside;
use super::list::MAX_CERTIFICATES;

/// The list of a large state has some megabytes.
pub const MAX_TSL: usize = 16 * 1024 * 1024;
const MAX_NODES: u32 = 1_000_000;
const NAMESPACE: &str = "http://uri.etsi.org/02231/v2#";

/// Why a text is no trusted list.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum TslError {
    #[error("the list is larger than 16 MiB")]
    TooLong,
    #[error("the text is not well-formed XML without a document type")]
    NotXml,
    #[error("the document is not a trust service status list of ETSI TS 119 612")]
    NotATsl,
    #[error("the list has no sequence number, or no date of issue that can be read")]
    Undated,
    #[error("a certificate in the list cannot be read")]
    Certificate,
    #[error("the list has too many certificates, or none")]
    Count,
}

/// The authorities in a list, with its number and dates; its signature is [`Verdict::NotChecked`].
pub fn read(xml: &str) -> Result<TrustList, TslError> {
    if xml.len() > MAX_TSL {
        return Err(TslError::TooLong);
    }
    let options = ParsingOptions {
        allow_dtd: false,
        nodes_limit: MAX_NODES,
        ..ParsingOptions::default()
    };
    let document = Document::parse_with_options(xml, options).map_err(|_| TslError::NotXml)?;
    let root = document.root_element();
    if !root.has_tag_name((NAMESPACE, "TrustServiceStatusList")) {
        return Err(TslError::NotATsl);
    }
    let scheme = child(root, "SchemeInformation").ok_or(TslError::NotATsl)?;
    let sequence = child(scheme, "TSLSequenceNumber").and_then(|node| text(node).parse().ok());
    let issued = child(scheme, "ListIssueDateTime").and_then(|node| moment(&text(node)));
    let next = child(scheme, "NextUpdate").and_then(|node| child(node, "dateTime"));
    let next_update = match next {
        // A list that is closed states no next one.
        None => None,
        Some(node) => Some(moment(&text(node)).ok_or(TslError::Undated)?),
    };
    let mut authorities = Vec::new();
    for service in root
        .descendants()
        .filter(|node| node.has_tag_name((NAMESPACE, "ServiceInformation")))
    {
        authorities.extend(services(service)?);
        if authorities.len() > MAX_CERTIFICATES {
            return Err(TslError::Count);
        }
    }
    if authorities.is_empty() {
        return Err(TslError::Count);
    }
    let list = TrustList {
        origin: origin(scheme),
        issued: issued.ok_or(TslError::Undated)?,
        next_update,
        sequence: sequence.ok_or(TslError::Undated)?,
        signature: Verdict::NotChecked,
        authorities,
        signers: Vec::new(),
    };
    Ok(list.sorted())
}

/// The authorities of one service: one for each certificate that it is known by.
fn services(service: Node<'_, '_>) -> Result<Vec<Authority>, TslError> {
    let status = child(service, "ServiceStatus").map(text).unwrap_or_default();
    let since = child(service, "StatusStartingTime").and_then(|node| moment(&text(node)));
    let Some(identity) = child(service, "ServiceDigitalIdentity") else {
        return Ok(Vec::new());
    };
    let certificates = identity
        .descendants()
        .filter(|node| node.has_tag_name((NAMESPACE, "X509Certificate")));
    certificates
        .map(|node| {
            let written: String = text(node).split_ascii_whitespace().collect();
            let der = BASE64
                .decode(written.as_bytes())
                .map_err(|_| TslError::Certificate)?;
            let certificate = Outside::from_der(&der).map_err(|_| TslError::Certificate)?;
            Ok(Authority {
                id: certificate.name,
                certificate: Der(der),
                standing: standing(&status),
                since,
                revocations: None,
            })
        })
        .collect()
}

/// By the last part of the status's URI (TS 119 612 §5.5.4, TS 102 231 §5.5.4).
fn standing(status: &str) -> Standing {
    let last = status
        .trim_end_matches('/')
        .rsplit('/')
        .next()
        .unwrap_or_default();
    match last.to_ascii_lowercase().as_str() {
        "granted"
        | "recognisedatnationallevel"
        | "undersupervision"
        | "supervisionincessation"
        | "accredited"
        | "inaccord" => Standing::Recognised,
        "withdrawn"
        | "deprecatedatnationallevel"
        | "supervisionceased"
        | "accreditationceased"
        | "expired"
        | "suspended"
        | "notinaccord" => Standing::Withdrawn,
        "supervisionrevoked" | "accreditationrevoked" | "revoked" => Standing::Revoked,
        _ => Standing::Unstated,
    }
}

/// The operator's first name and the scheme's territory.
fn origin(scheme: Node<'_, '_>) -> String {
    let operator = child(scheme, "SchemeOperatorName").and_then(|node| child(node, "Name"));
    let territory = child(scheme, "SchemeTerritory");
    let parts: Vec<String> = [territory, operator]
        .into_iter()
        .flatten()
        .map(|node| text(node).chars().filter(|c| !c.is_control()).take(200).collect())
        .collect();
    format!("ETSI TS 119 612: {}", parts.join(", "))
}

fn child<'a, 'input>(node: Node<'a, 'input>, name: &str) -> Option<Node<'a, 'input>> {
    node.children()
        .find(|child| child.has_tag_name((NAMESPACE, name)))
}

fn text(node: Node<'_, '_>) -> String {
    node.text().unwrap_or_default().trim().to_owned()
}

/// An xsd:dateTime with its offset, which TS 119 612 §5.3.14 wants in UTC.
fn moment(text: &str) -> Option<UnixMs> {
    let read: jiff::Timestamp = text.parse().ok()?;
    Some(UnixMs(read.as_millisecond()))
}
