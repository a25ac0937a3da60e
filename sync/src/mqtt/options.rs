//! The client library's settings for one connection, each chosen against one of its defaults.

use std::time::Duration;

use rumqttc::v5::MqttOptions;
use rumqttc::v5::mqttbytes::QoS;
use rumqttc::v5::mqttbytes::v5::{ConnectProperties, LastWill, LastWillProperties};
use rumqttc::{NetworkOptions, TlsConfiguration, Transport};

use super::{LinkConfig, Security};
use crate::wire::v1::MAX_PACKET;

/// Upper limit of publishes in the library; its default allocates 13 MiB for 65 535.
pub(super) const MAX_IN_FLIGHT: u16 = 64;

pub(super) fn options(config: &LinkConfig) -> MqttOptions {
    let mut options = MqttOptions::new(&config.client_id, &config.host, config.port);
    options
        .set_transport(match &config.security {
            Security::Tls(shared) => Transport::tls_with_config(TlsConfiguration::Rustls(shared.clone())),
            Security::Plain => Transport::tcp(),
        })
        // The library asserts the lower bound.
        .set_keep_alive(
            config
                .keep_alive
                .clamp(Duration::from_secs(5), Duration::from_secs(u16::MAX.into())),
        )
        .set_clean_start(config.session_expiry.is_none())
        .set_connect_properties(ConnectProperties {
            session_expiry_interval: config.session_expiry.map(seconds),
            receive_maximum: Some(config.receive_max.max(1)),
            max_packet_size: Some(MAX_PACKET),
            request_problem_info: Some(1),
            ..ConnectProperties::new()
        })
        // Its own limit is coarser and must never be the first to fire.
        .set_connection_timeout(config.timeouts.connect.as_secs().saturating_add(5))
        .set_manual_acks(true)
        .set_outgoing_inflight_upper_limit(MAX_IN_FLIGHT);
    let mut network = NetworkOptions::new();
    network.set_tcp_nodelay(true);
    if let Some(bytes) = config.send_buffer {
        network.set_tcp_send_buffer_size(bytes);
    }
    options.set_network_options(network);
    if let Some(will) = &config.will {
        let properties = LastWillProperties {
            delay_interval: Some(seconds(will.delay)),
            payload_format_indicator: None,
            message_expiry_interval: None,
            content_type: None,
            response_topic: None,
            correlation_data: None,
            user_properties: Vec::new(),
        };
        let topic = will.topic.to_string();
        options.set_last_will(LastWill::new(
            topic,
            will.payload.clone(),
            QoS::AtLeastOnce,
            false,
            Some(properties),
        ));
    }
    options
}

fn seconds(duration: Duration) -> u32 {
    u32::try_from(duration.as_secs()).unwrap_or(u32::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_default_of_the_library_that_loses_data_or_memory_is_left() {
        let mut config = LinkConfig::new("localhost", 1883, "neo-000007", Security::Plain);
        config.keep_alive = Duration::from_secs(1);
        let options = options(&config);
        assert_eq!(options.get_outgoing_inflight_upper_limit(), Some(MAX_IN_FLIGHT));
        assert_eq!(options.max_packet_size(), Some(MAX_PACKET));
        assert_eq!(options.keep_alive(), Duration::from_secs(5));
        assert!(options.manual_acks() && options.clean_start());
        assert!(options.connection_timeout() > config.timeouts.connect.as_secs());
    }
}
